package edition_test

import (
	"bytes"
	"testing"

	"hexapla/pipeline/edition"
)

// Whatever a manifest holds, reading it does not panic, and what was read is read
// again as it was written.
func FuzzParseManifest(f *testing.F) {
	for _, s := range []string{"", "{}", "null", `{"locale":"ru","articles":[{"path":"a.txt","status":"finished"},{"path":"a.txt"}]}`, `{"articles":[{}]}`, `{"version":99}`, "[]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := edition.ParseManifest("ru", data)
		if err != nil {
			return
		}
		m.Find("a.txt")
		once, err := m.Encode()
		if err != nil {
			return
		}
		again, err := edition.ParseManifest("ru", once)
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, once)
		}
		if twice, err := again.Encode(); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%v\n%s\n%s", err, once, twice)
		}
	})
}
