package journal

import (
	"bytes"
	"testing"
)

// FuzzLine reads any line: what is understood is written again as a line that says
// the same.
func FuzzLine(f *testing.F) {
	for _, s := range []string{
		`{"sum":"8ada4e41f573f494","at":"2027-01-15T08:00:00.000001Z","batch":"bgaoxl556x36s6v6","author":"anna","time":"2027-01-15T08:00:00Z"}`,
		`{"sum":"e3bb5cd086f8b3c9","at":"2027-01-15T08:00:00.000003Z","batch":"bgaoxl556x36s6v6","text":"Two","translation":"Два","state":"translated","by":"human","name":"anna","time":"2027-01-15T08:00:00Z"}`,
		`{"journal":"hexapla memory","version":1,"source":"en","target":"ru"}`,
		`{"translation":`, `<<<<<<< HEAD`, `{"journal":{}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		h := header{Source: "en", Target: "ru"}
		r, ok, err := parseLine(line, &h)
		if err != nil || !ok {
			return
		}
		var b bytes.Buffer
		if err := appendRecord(&b, r); err != nil {
			t.Fatal(err)
		}
		again, ok, err := parseLine(bytes.TrimSuffix(b.Bytes(), []byte("\n")), &h)
		if err != nil || !ok {
			t.Fatalf("%s: %v", b.Bytes(), err)
		}
		var c bytes.Buffer
		if err := appendRecord(&c, again); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), c.Bytes()) {
			t.Errorf("%s is written again as %s", b.Bytes(), c.Bytes())
		}
	})
}
