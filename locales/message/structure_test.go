package message

import (
	"fmt"
	"strings"
	"testing"
)

// TestStructureErrors checks that every conflict is reported at its own line, in the
// file's order, in every run.
func TestStructureErrors(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"two tables", "en.toml", "[card]\ndescription = \"Hello\"\nfoo = \"bar\"\n\n[box]\nother = \"x\"\nside = \"y\"\n",
			"3 card: reserved keys [description] mixed with unreserved keys [foo]; 7 box: reserved keys [other] mixed with unreserved keys [side]"},
		{"JSON", "en.json", "{\"a\": {\n\"x\": \"X\",\n\"one\": \"1\"},\n\"b\": {\"c\": {\n\"other\": \"o\",\n\"y\": {\"z\": \"Z\"}}}}",
			"3 a: reserved keys [one] mixed with unreserved keys [x]; 6 b.c: reserved keys [other] mixed with unreserved keys [y]"},
		{"YAML", "en.yaml", "a:\n  hash: sha1-0\n  b: B\nc: C\nd:\n  e: E\n  many: m\n",
			"3 a: reserved keys [hash] mixed with unreserved keys [b]; 7 d: reserved keys [many] mixed with unreserved keys [e]"},
		{"a table in a message", "en.toml", "[a]\nother = \"x\"\n[a.b]\nother = \"y\"\n", "3 a: reserved keys [other] mixed with unreserved keys [b]"},
		{"the file itself", "en.toml", "other = \"x\"\n[a]\none = \"y\"\n", "2 : reserved keys [other] mixed with unreserved keys [a]"},
		{"a list of the first version", "en.json", "[{\"id\": \"a\", \"translation\": \"A\", \"modified\": false},\n{\"id\": \"b\", \"translation\": {\"one\": \"1\"}, \"modified\": true}]",
			"1 a: reserved keys [id translation] mixed with unreserved keys [modified]; 2 b: reserved keys [id translation] mixed with unreserved keys [modified]"},
		{"an item without an id", "en.json", "[{\"x\": 1}]", "1 [0]: value of \"[0].x\" is not a string"},
		{"values", "en.yaml", "a: 1\nb:\n  other: true\n", "1 a: value of \"a\" is not a string; 3 b: value of \"b.other\" is not a string"},
	} {
		for range 20 {
			_, ds := Parse(tt.file, []byte(tt.text))
			var got []string
			for _, d := range ds {
				got = append(got, fmt.Sprintf("%d %s: %s", d.Place.Line, d.Place.Unit, d.Message))
				if strings.Contains(d.Message, "\x00") {
					t.Errorf("%s: %q", tt.name, d.Message)
				}
			}
			if strings.Join(got, "; ") != tt.want {
				t.Fatalf("%s: %s\nwant %s", tt.name, strings.Join(got, "; "), tt.want)
			}
		}
	}
}
