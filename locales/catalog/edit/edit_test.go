package edit

import (
	"testing"
)

// TestEditInPlace: edits touch nothing else in a file.
func TestEditInPlace(t *testing.T) {
	set := func(id string, kv ...string) Edit {
		e := Edit{ID: id}
		for i := 0; i < len(kv); i += 2 {
			e.Fields = append(e.Fields, Field{kv[i], kv[i+1]})
		}
		return e
	}
	after := func(id string, e Edit) Edit { e.After = id; return e }
	for _, tt := range []struct {
		name, file, was string
		edits           []Edit
		want            string // "" where it is refused
	}{
		// YAML
		{"hash of a string", "f.yaml", "# head\n\nx:    'q' # c1\n\ny:   \"old\"   # c2\nlong: >-\n    a\n    b\n\nz: 1-2\n", []Edit{set("y", "hash", "sha1-0a", "other", "old")},
			"# head\n\nx:    'q' # c1\n\ny:\n  hash: sha1-0a\n  other: \"old\"   # c2\nlong: >-\n    a\n    b\n\nz: 1-2\n"},
		{"CRLF and four spaces", "f.yaml", "a:\r\n    one: x\r\n    other: y\r\nb: z\r\n", []Edit{set("a", "hash", "sha1-0a", "one", "x", "other", "Y"), set("b", "hash", "sha1-0b", "other", "z")},
			"a:\r\n    hash: sha1-0a\r\n    one: x\r\n    other: \"Y\"\r\nb:\r\n    hash: sha1-0b\r\n    other: z\r\n"},
		{"literal", "f.yaml", "a: |\n  # no comment\n\n  t\n\nb: >\n  f\n  g\n# foot\n", []Edit{set("a", "hash", "sha1-0a", "other", "# no comment\n\nt\n"), set("b", "other", "n")},
			"a:\n  hash: sha1-0a\n  other: |\n    # no comment\n\n    t\n\nb: \"n\"\n# foot\n"},
		{"literal with other text", "f.yaml", "n:\n  a: |-\n    x\n    y\nb: z\n", []Edit{set("n.a", "other", "p\nq")}, "n:\n  a: |-\n    p\n    q\nb: z\n"},
		{"kept line ends", "f.yaml", "a: |+\n  x\n\n\nb: y\n", []Edit{set("a", "other", "z"), set("b", "other", "w")}, "a: \"z\"\nb: \"w\"\n"},
		{"plain over lines", "f.yaml", "a: x\n  y\n\n  z # c\nb: 'it''s\n\n  so'\n", []Edit{set("a", "hash", "sha1-0a", "other", "x y\nz"), set("b", "other", "it's")}, "a:\n  hash: sha1-0a\n  other: x\n    y\n\n    z # c\nb: 'it''s'\n"},
		{"new one", "f.yaml", "a: x # c\n\n# of b\nb: y", []Edit{after("a", set("N o", "other", "new")), set("last", "hash", "sha1-0a", "other", "\u2028 é")},
			"a: x # c\n\n\"N o\": \"new\"\n\n# of b\nb: y\n\nlast:\n  hash: sha1-0a\n  other: \"\\u2028 é\"\n"},
		{"new one in its table", "f.yaml", "art:\n    x: X\n\nz: Z\n", []Edit{set("art.w", "other", "Y")}, "art:\n    x: X\n    w: \"Y\"\n\nz: Z\n"},
		{"remove", "f.yaml", "# head\n\n# of a\na: x\n\nb:\n  one: |\n    # text\n  other: y\n# of c\nc: z\n", []Edit{{ID: "a"}, {ID: "c"}}, "# head\n\nb:\n  one: |\n    # text\n  other: y\n"},
		{"remove the only one of a table", "f.yaml", "n:\n  m:\n    x: y\nz: w\n", []Edit{{ID: "n.m.x"}}, "z: w\n"},
		{"remove all", "f.yaml", "# c\n\na: x\nb: y\n", []Edit{{ID: "a"}, {ID: "b"}}, "# c\n\n{}\n"},
		{"fields go", "f.yaml", "a:\n  description: d\n  one: x # c\n  # of other\n  other: y\nb: z\n", []Edit{set("a", "description", "e", "other", "y")}, "a:\n  description: \"e\"\n  # of other\n  other: y\nb: z\n"},
		{"the only field is another", "f.yaml", "a:\n  one: x\nb: z\n", []Edit{set("a", "hash", "sha1-0a", "other", "y")}, "a:\n  hash: sha1-0a\n  other: \"y\"\nb: z\n"},
		{"flow", "f.yaml", "a: {one: x, other: y} # c\nb: {c: z}\n", []Edit{set("a", "hash", "sha1-0a", "one", "x", "other", "w"), set("b.c", "hash", "sha1-0b", "other", "z")},
			"a: {hash: sha1-0a, one: x, other: \"w\"} # c\nb: {c: {hash: sha1-0b, other: z}}\n"},
		{"null", "f.yaml", "a:\nb: ~ # c\nc: z\n", []Edit{set("a", "other", "x"), set("b", "hash", "sha1-0b", "other", "y")}, "a: \"x\"\nb:\n  hash: sha1-0b\n  other: \"y\" # c\nc: z\n"},
		{"value on the next line", "f.yaml", "a: # c\n  x\nb: y\n", []Edit{set("a", "hash", "sha1-0a", "other", "x")}, "a: # c\n  hash: sha1-0a\n  other: x\nb: y\n"},
		{"anchor", "f.yaml", "a: &q x\nb: !!str y\n", []Edit{set("a", "other", "z"), set("b", "hash", "sha1-0b", "other", "y")}, "a: \"z\"\nb:\n  hash: sha1-0b\n  other: !!str y\n"},
		{"second document", "f.yaml", "---\na: x\n---\nb: y\n", []Edit{set("a", "hash", "sha1-0a", "other", "x"), set("c", "other", "z")}, "---\na:\n  hash: sha1-0a\n  other: x\nc: \"z\"\n---\nb: y\n"},
		{"line separators", "f.yaml", "a: \"p\u2028q\"\nb: y\nc: z\n", []Edit{set("c", "other", "w")}, "a: \"p\u2028q\"\nb: y\nc: \"w\"\n"},
		{"list of the first version", "f.yaml", "- id: a\n  translation: A # c\n# of b\n- id: b\n  translation:\n    one: x\n    other: y\n- translation: C\n  id: c\n", []Edit{set("a", "hash", "sha1-0a", "other", "A"), set("b", "hash", "sha1-0b", "one", "x", "few", "z", "other", "w"), {ID: "c"}, after("a", set("d", "one", "o", "other", "D"))},
			"- id: a\n  hash: sha1-0a\n  translation: A # c\n- id: d\n  translation:\n    one: \"o\"\n    other: \"D\"\n# of b\n- id: b\n  hash: sha1-0b\n  translation:\n    one: x\n    few: \"z\"\n    other: \"w\"\n"},
		{"two texts of one message", "f.yaml", "- id: a\n  translation:\n    translation: b\n", []Edit{set("a", "one", "x", "other", "y")}, ""},
		{"empty", "f.yaml", "", []Edit{set("a", "other", "x"), set("b", "hash", "sha1-0b", "other", "y")}, "a: \"x\"\nb:\n  hash: sha1-0b\n  other: \"y\"\n"},
		{"empty table", "f.yaml", "# c\n{}\n", []Edit{set("a", "other", "x"), set("b", "other", "y")}, "# c\na: \"x\"\nb: \"y\"\n"},
		{"rename in place", "f.yaml", "art:\n  x: X # c\n  y: Y\nz: Z\n", []Edit{{ID: "art.x", Rename: "art.w"}}, "art:\n  w: X # c\n  y: Y\nz: Z\n"},
		{"rename to the top", "f.yaml", "art:\n  # of x\n  x:\n    # in\n    other: X # c\n  y: Y\n\nz: Z\n", []Edit{{ID: "art.x", Rename: "w"}}, "art:\n  y: Y\n\n# of x\nw:\n  # in\n  other: X # c\n\nz: Z\n"},
		{"rename in a list", "f.yaml", "- id: a\n  translation: A\n", []Edit{{ID: "a", Rename: "b c"}}, "- id: \"b c\"\n  translation: A\n"},
		{"rename to a word of its own", "f.yaml", "a: x\n", []Edit{{ID: "a", Rename: "yes"}}, "\"yes\": x\n"},
		{"rename into a message", "f.yaml", "a:\n  x: y\n  z: w\n", []Edit{{ID: "a.x", Rename: "a.other"}}, "a:\n  z: w\na.other: y\n"},
		// JSON
		{"lists stay", "f.json", "{\n    \"a\": \"А\",\n\n    \"l\": [\"p\",\"p\"], \"m\" : []\n}", []Edit{set("a", "hash", "sha1-0a", "other", "А")}, "{\n    \"a\": {\n        \"hash\": \"sha1-0a\",\n        \"other\": \"А\"\n    },\n\n    \"l\": [\"p\",\"p\"], \"m\" : []\n}"},
		{"one line", "f.json", `{"a":"x","b":{"one":"y"}}`, []Edit{set("a", "other", "\"\u007f"), set("b", "hash", "h", "one", "y", "other", "z"), set("c", "hash", "h", "other", "w")},
			`{"a":"\"\u007f","b":{"hash":"h", "one":"y", "other":"z"},"c":{"hash": "h", "other": "w"}}`},
		{"CRLF", "f.json", "{\r\n\t\"a\": {\r\n\t\t\"other\": \"x\"\r\n\t},\r\n\t\"b\": \"\\u0416\"\r\n}\r\n", []Edit{set("a", "hash", "h", "other", "x"), after("a", set("c", "hash", "h", "other", "z"))},
			"{\r\n\t\"a\": {\r\n\t\t\"hash\": \"h\",\r\n\t\t\"other\": \"x\"\r\n\t},\r\n\t\"c\": {\r\n\t\t\"hash\": \"h\",\r\n\t\t\"other\": \"z\"\r\n\t},\r\n\t\"b\": \"\\u0416\"\r\n}\r\n"},
		{"remove", "f.json", "{\n  \"a\": \"x\",\n  \"b\": \"y\",\n  \"n\": {\"m\": {\"c\": \"z\"}},\n  \"d\": \"w\"\n}\n", []Edit{{ID: "a"}, {ID: "n.m.c"}, {ID: "d"}}, "{\n  \"b\": \"y\"\n}\n"},
		{"remove all", "f.json", "{\n  \"a\": \"x\"\n}\n", []Edit{{ID: "a"}}, "{}\n"},
		{"empty", "f.json", "{}\n", []Edit{set("a", "other", "x"), set("b", "other", "y")}, "{\n  \"a\": \"x\",\n  \"b\": \"y\"\n}\n"},
		{"byte order mark", "f.json", "\xef\xbb\xbf{\"a\": \"x\"}", []Edit{set("a", "other", "y")}, "\xef\xbb\xbf{\"a\": \"y\"}"},
		{"list of the first version", "f.json", "[\n  {\n    \"id\": \"a\",\n    \"translation\": \"A\"\n  }\n]\n", []Edit{set("a", "hash", "h", "other", "A"), set("b", "other", "B")},
			"[\n  {\n    \"id\": \"a\",\n    \"hash\": \"h\",\n    \"translation\": \"A\"\n  },\n  {\n    \"id\": \"b\",\n    \"translation\": \"B\"\n  }\n]\n"},
		{"rename in place", "f.json", "{\"art\": {\"x\":  \"X\", \"y\": \"Y\"}}", []Edit{{ID: "art.x", Rename: "art.w"}}, "{\"art\": {\"w\":  \"X\", \"y\": \"Y\"}}"},
		{"rename to the top", "f.json", "{\n  \"art\": {\n    \"x\": {\n      \"other\": \"X\"\n    }\n  },\n  \"z\": \"Z\"\n}\n", []Edit{{ID: "art.x", Rename: "w"}}, "{\n  \"w\": {\n    \"other\": \"X\"\n  },\n  \"z\": \"Z\"\n}\n"},
		// TOML
		{"CRLF", "f.toml", "a = \"x\"\r\n[b]\r\nother = 'y'\r\n", []Edit{set("b", "hash", "h", "other", "y"), set("c", "other", "z")}, "a = \"x\"\r\n[b]\r\nhash = \"h\"\r\nother = 'y'\r\n\r\n[c]\r\nother = \"z\"\r\n"},
		{"dotted keys and inline tables", "f.toml", "  a  =  'x'  # c\nc.one = \"1\"\nc.other = \"2\" # d\nh = {other = 'y'}\n[n.m]\nx = 'z'\ny.other = 'w'\n", []Edit{set("c", "hash", "h", "one", "1", "other", "2"), set("h", "hash", "h", "other", "y"), set("n.m.x", "hash", "h", "other", "z"), set("n.m.y", "hash", "h", "other", "v")},
			"  a  =  'x'  # c\nc.hash = \"h\"\nc.one = \"1\"\nc.other = \"2\" # d\nh = {hash = \"h\", other = 'y'}\n[n.m]\nx = {hash = \"h\", other = 'z'}\ny.hash = \"h\"\ny.other = \"v\"\n"},
		{"remove", "f.toml", "a = \"\"\"\n# x\"\"\"\nb = 'y'\n# c\nc.one = '1'\nc.other = '2'\n\n[d]\nother = 'z'\n", []Edit{{ID: "b"}, {ID: "c"}}, "a = \"\"\"\n# x\"\"\"\n\n[d]\nother = 'z'\n"},
		{"rename", "f.toml", "[n]\nx = {other = 'y'}\nz.one = '1'\nz.other = '2'\n", []Edit{{ID: "n.x", Rename: "n.a b"}, {ID: "n.z", Rename: "n.q"}}, "[n]\n\"a b\" = {other = 'y'}\nq.one = '1'\nq.other = '2'\n"},
		{"rename to the top", "f.toml", "[n]\n# of x\nx = 'y' # c\nz = 'w'\n\n# of b\n[b]\nother = 'v'\n", []Edit{{ID: "n.x", Rename: "q"}}, "[n]\nz = 'w'\n\n# of x\n[q]\nother = 'y' # c\n\n# of b\n[b]\nother = 'v'\n"},
		{"list", "f.toml", "list = [\"p\"]\n[[m]]\nid = 'z'\nother = 'Z'\n", []Edit{set("m.z", "hash", "h", "other", "Z")}, "list = [\"p\"]\n[[m]]\nid = 'z'\nhash = \"h\"\nother = 'Z'\n"},
		{"rename in a list", "f.toml", "[[m]]\nid = 'z'\nother = 'Z'\n", []Edit{{ID: "m.z", Rename: "m.y"}}, "[[m]]\nid = \"y\"\nother = 'Z'\n"},
	} {
		t.Run(tt.file[2:]+" "+tt.name, func(t *testing.T) {
			got, err := Apply(tt.file, []byte(tt.was), tt.edits)
			if string(got) != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("got\n%q\nwant\n%q\n%v", got, tt.want, err)
			}
		})
	}
}
