package edit_test

import (
	"testing"

	"hexapla/locales/catalog/edit"
)

// TestFormat checks the canonical form, and that a formatted file stays as it is.
func TestFormat(t *testing.T) {
	for _, tt := range []struct{ name, file, was, want string }{
		{"a text of several lines", "f.toml", "[help]\nother = \"\"\"Commands:\n/start - begin\n/stop - end\"\"\"\n", "[help]\nother = \"\"\"Commands:\n/start - begin\n/stop - end\"\"\"\n"},
		{"a literal of several lines", "f.toml", "help = '''\na \\d \"b\"\nc''' # c\n", "[help]\nother = '''\na \\d \"b\"\nc''' # c\n"},
		{"a folded text", "f.toml", "a = \"\"\"x \\\n   y \\\n   z\"\"\"\n", "[a]\nother = \"\"\"x \\\n   y \\\n   z\"\"\"\n"},
		{"literals", "f.toml", "a = 'plain'\nb = 'say \"hi\" \\d'\n", "[a]\nother = \"plain\"\n\n[b]\nother = 'say \"hi\" \\d'\n"},
		{"CRLF", "f.toml", "a = \"\"\"\r\nx\r\ny\"\"\"\r\n", ""},
		{"an id that continues another", "f.toml", "\"error\" = \"Failed\"\n\"error.reinvite\" = \"Again\"\n\"error.a.b\" = 'c'\n\"errors.x\" = 'd'\n", "[error]\nother = \"Failed\"\n\n[\"error.reinvite\"]\nother = \"Again\"\n\n[\"error.a.b\"]\nother = \"c\"\n\n[errors.x]\nother = \"d\"\n"},
		{"blank lines of YAML", "f.yaml", "# head\n\na:   x\nb: y\n\n# of c\nc:\n    one: i\n\n    other: o\n\n\nd: |\n  p\n\n  q\n\ne: z\n", "# head\n\na: x\nb: y\n\n# of c\nc:\n  one: i\n\n  other: o\n\nd: |\n  p\n\n  q\n\ne: z\n"},
		{"blank lines after kept line ends", "f.yaml", "a: |+\n  x\n\n\nb:   y\n", "a: |+\n  x\n\n\nb: y\n"},
		{"lists of YAML", "f.yaml", "- id: a\n  translation: A\n\n- id: b\n  translation:   B\n", "- id: a\n  translation: A\n\n- id: b\n  translation: B\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := edit.Format(tt.file, []byte(tt.was))
			if err != nil || tt.want != "" && string(got) != tt.want {
				t.Errorf("%v\n%s\nwant\n%s", err, got, tt.want)
			}
			if again, err := edit.Format(tt.file, got); err != nil || string(again) != string(got) {
				t.Errorf("again %v\n%q\n%q", err, got, again)
			}
		})
	}
}

// TestAddContinuedID checks that a message can be added whose id continues another.
func TestAddContinuedID(t *testing.T) {
	for file, was := range map[string]string{"f.toml": "[error]\nother = \"x\"\n", "f.json": "{\"error\": \"x\"}", "f.yaml": "error: x\n"} {
		got, err := edit.Apply(file, []byte(was), []edit.Edit{{ID: "error.a", Fields: []edit.Field{{Name: "hash", Text: "h"}, {Name: "other", Text: "y"}}}})
		if err != nil {
			t.Errorf("%s: %v\n%s", file, err, got)
		}
	}
}
