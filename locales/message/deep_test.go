package message

import (
	"strings"
	"testing"
)

// TestDeep: nesting that would overflow a stack is an error.
func TestDeep(t *testing.T) {
	const n = 300_000
	for name, text := range map[string]string{
		"active.en.toml": "a = " + strings.Repeat("[", n), "active.ru.toml": "a = " + strings.Repeat("{a=", n), "active.uk.toml": strings.Repeat("a.", n) + "b = \"x\"",
		"active.be.json": strings.Repeat("[", n), "active.kk.json": strings.Repeat(`{"a":`, n),
		"active.ky.yaml": strings.Repeat("[", n), "active.tg.yaml": strings.Repeat("{a: ", n), "active.tt.yaml": strings.Repeat("- ", n),
	} {
		if f, ds := Parse(name, []byte(text)); len(ds) != 1 || len(f.Entries) > 0 {
			t.Errorf("%s: %d messages, %v", name, len(f.Entries), ds)
		}
	}
}
