package catalog

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// TestEditInPlace: edits touch nothing else in a file.
func TestEditInPlace(t *testing.T) {
	set := func(id string, kv ...string) edit {
		e := edit{id: id}
		for i := 0; i < len(kv); i += 2 {
			e.fields = append(e.fields, value{kv[i], kv[i+1]})
		}
		return e
	}
	after := func(id string, e edit) edit { e.after = id; return e }
	for _, tt := range []struct {
		name, file, was string
		edits           []edit
		want            string // "" where it is refused
	}{
		// YAML
		{"hash of a string", "f.yaml", "# head\n\nx:    'q' # c1\n\ny:   \"old\"   # c2\nlong: >-\n    a\n    b\n\nz: 1-2\n", []edit{set("y", "hash", "sha1-0a", "other", "old")},
			"# head\n\nx:    'q' # c1\n\ny:\n  hash: sha1-0a\n  other: \"old\"   # c2\nlong: >-\n    a\n    b\n\nz: 1-2\n"},
		{"CRLF and four spaces", "f.yaml", "a:\r\n    one: x\r\n    other: y\r\nb: z\r\n", []edit{set("a", "hash", "sha1-0a", "one", "x", "other", "Y"), set("b", "hash", "sha1-0b", "other", "z")},
			"a:\r\n    hash: sha1-0a\r\n    one: x\r\n    other: \"Y\"\r\nb:\r\n    hash: sha1-0b\r\n    other: z\r\n"},
		{"literal", "f.yaml", "a: |\n  # no comment\n\n  t\n\nb: >\n  f\n  g\n# foot\n", []edit{set("a", "hash", "sha1-0a", "other", "# no comment\n\nt\n"), set("b", "other", "n")},
			"a:\n  hash: sha1-0a\n  other: |\n    # no comment\n\n    t\n\nb: \"n\"\n# foot\n"},
		{"literal with other text", "f.yaml", "n:\n  a: |-\n    x\n    y\nb: z\n", []edit{set("n.a", "other", "p\nq")}, "n:\n  a: |-\n    p\n    q\nb: z\n"},
		{"kept line ends", "f.yaml", "a: |+\n  x\n\n\nb: y\n", []edit{set("a", "other", "z"), set("b", "other", "w")}, "a: \"z\"\nb: \"w\"\n"},
		{"plain over lines", "f.yaml", "a: x\n  y\n\n  z # c\nb: 'it''s\n\n  so'\n", []edit{set("a", "hash", "sha1-0a", "other", "x y\nz"), set("b", "other", "it's")}, "a:\n  hash: sha1-0a\n  other: x\n    y\n\n    z # c\nb: 'it''s'\n"},
		{"new one", "f.yaml", "a: x # c\n\n# of b\nb: y", []edit{after("a", set("N o", "other", "new")), set("last", "hash", "sha1-0a", "other", "\u2028 é")},
			"a: x # c\n\n\"N o\": \"new\"\n\n# of b\nb: y\n\nlast:\n  hash: sha1-0a\n  other: \"\\u2028 é\"\n"},
		{"new one in its table", "f.yaml", "art:\n    x: X\n\nz: Z\n", []edit{set("art.w", "other", "Y")}, "art:\n    x: X\n    w: \"Y\"\n\nz: Z\n"},
		{"remove", "f.yaml", "# head\n\n# of a\na: x\n\nb:\n  one: |\n    # text\n  other: y\n# of c\nc: z\n", []edit{{id: "a"}, {id: "c"}}, "# head\n\nb:\n  one: |\n    # text\n  other: y\n"},
		{"remove the only one of a table", "f.yaml", "n:\n  m:\n    x: y\nz: w\n", []edit{{id: "n.m.x"}}, "z: w\n"},
		{"remove all", "f.yaml", "# c\n\na: x\nb: y\n", []edit{{id: "a"}, {id: "b"}}, "# c\n\n{}\n"},
		{"fields go", "f.yaml", "a:\n  description: d\n  one: x # c\n  # of other\n  other: y\nb: z\n", []edit{set("a", "description", "e", "other", "y")}, "a:\n  description: \"e\"\n  # of other\n  other: y\nb: z\n"},
		{"the only field is another", "f.yaml", "a:\n  one: x\nb: z\n", []edit{set("a", "hash", "sha1-0a", "other", "y")}, "a:\n  hash: sha1-0a\n  other: \"y\"\nb: z\n"},
		{"flow", "f.yaml", "a: {one: x, other: y} # c\nb: {c: z}\n", []edit{set("a", "hash", "sha1-0a", "one", "x", "other", "w"), set("b.c", "hash", "sha1-0b", "other", "z")},
			"a: {hash: sha1-0a, one: x, other: \"w\"} # c\nb: {c: {hash: sha1-0b, other: z}}\n"},
		{"null", "f.yaml", "a:\nb: ~ # c\nc: z\n", []edit{set("a", "other", "x"), set("b", "hash", "sha1-0b", "other", "y")}, "a: \"x\"\nb:\n  hash: sha1-0b\n  other: \"y\" # c\nc: z\n"},
		{"value on the next line", "f.yaml", "a: # c\n  x\nb: y\n", []edit{set("a", "hash", "sha1-0a", "other", "x")}, "a: # c\n  hash: sha1-0a\n  other: x\nb: y\n"},
		{"anchor", "f.yaml", "a: &q x\nb: !!str y\n", []edit{set("a", "other", "z"), set("b", "hash", "sha1-0b", "other", "y")}, "a: \"z\"\nb:\n  hash: sha1-0b\n  other: !!str y\n"},
		{"second document", "f.yaml", "---\na: x\n---\nb: y\n", []edit{set("a", "hash", "sha1-0a", "other", "x"), set("c", "other", "z")}, "---\na:\n  hash: sha1-0a\n  other: x\nc: \"z\"\n---\nb: y\n"},
		{"line separators", "f.yaml", "a: \"p\u2028q\"\nb: y\nc: z\n", []edit{set("c", "other", "w")}, "a: \"p\u2028q\"\nb: y\nc: \"w\"\n"},
		{"list of the first version", "f.yaml", "- id: a\n  translation: A # c\n# of b\n- id: b\n  translation:\n    one: x\n    other: y\n- translation: C\n  id: c\n", []edit{set("a", "hash", "sha1-0a", "other", "A"), set("b", "hash", "sha1-0b", "one", "x", "few", "z", "other", "w"), {id: "c"}, after("a", set("d", "one", "o", "other", "D"))},
			"- id: a\n  hash: sha1-0a\n  translation: A # c\n- id: d\n  translation:\n    one: \"o\"\n    other: \"D\"\n# of b\n- id: b\n  hash: sha1-0b\n  translation:\n    one: x\n    few: \"z\"\n    other: \"w\"\n"},
		{"two texts of one message", "f.yaml", "- id: a\n  translation:\n    translation: b\n", []edit{set("a", "one", "x", "other", "y")}, ""},
		{"empty", "f.yaml", "", []edit{set("a", "other", "x"), set("b", "hash", "sha1-0b", "other", "y")}, "a: \"x\"\nb:\n  hash: sha1-0b\n  other: \"y\"\n"},
		{"empty table", "f.yaml", "# c\n{}\n", []edit{set("a", "other", "x"), set("b", "other", "y")}, "# c\na: \"x\"\nb: \"y\"\n"},
		{"rename in place", "f.yaml", "art:\n  x: X # c\n  y: Y\nz: Z\n", []edit{{id: "art.x", rename: "art.w"}}, "art:\n  w: X # c\n  y: Y\nz: Z\n"},
		{"rename to the top", "f.yaml", "art:\n  # of x\n  x:\n    # in\n    other: X # c\n  y: Y\n\nz: Z\n", []edit{{id: "art.x", rename: "w"}}, "art:\n  y: Y\n\n# of x\nw:\n  # in\n  other: X # c\n\nz: Z\n"},
		{"rename in a list", "f.yaml", "- id: a\n  translation: A\n", []edit{{id: "a", rename: "b c"}}, "- id: \"b c\"\n  translation: A\n"},
		{"rename to a word of its own", "f.yaml", "a: x\n", []edit{{id: "a", rename: "yes"}}, "\"yes\": x\n"},
		{"rename into a message", "f.yaml", "a:\n  x: y\n  z: w\n", []edit{{id: "a.x", rename: "a.other"}}, "a:\n  z: w\na.other: y\n"},
		// JSON
		{"lists stay", "f.json", "{\n    \"a\": \"А\",\n\n    \"l\": [\"p\",\"p\"], \"m\" : []\n}", []edit{set("a", "hash", "sha1-0a", "other", "А")}, "{\n    \"a\": {\n        \"hash\": \"sha1-0a\",\n        \"other\": \"А\"\n    },\n\n    \"l\": [\"p\",\"p\"], \"m\" : []\n}"},
		{"one line", "f.json", `{"a":"x","b":{"one":"y"}}`, []edit{set("a", "other", "\"\u007f"), set("b", "hash", "h", "one", "y", "other", "z"), set("c", "hash", "h", "other", "w")},
			`{"a":"\"\u007f","b":{"hash":"h", "one":"y", "other":"z"},"c":{"hash": "h", "other": "w"}}`},
		{"CRLF", "f.json", "{\r\n\t\"a\": {\r\n\t\t\"other\": \"x\"\r\n\t},\r\n\t\"b\": \"\\u0416\"\r\n}\r\n", []edit{set("a", "hash", "h", "other", "x"), after("a", set("c", "hash", "h", "other", "z"))},
			"{\r\n\t\"a\": {\r\n\t\t\"hash\": \"h\",\r\n\t\t\"other\": \"x\"\r\n\t},\r\n\t\"c\": {\r\n\t\t\"hash\": \"h\",\r\n\t\t\"other\": \"z\"\r\n\t},\r\n\t\"b\": \"\\u0416\"\r\n}\r\n"},
		{"remove", "f.json", "{\n  \"a\": \"x\",\n  \"b\": \"y\",\n  \"n\": {\"m\": {\"c\": \"z\"}},\n  \"d\": \"w\"\n}\n", []edit{{id: "a"}, {id: "n.m.c"}, {id: "d"}}, "{\n  \"b\": \"y\"\n}\n"},
		{"remove all", "f.json", "{\n  \"a\": \"x\"\n}\n", []edit{{id: "a"}}, "{}\n"},
		{"empty", "f.json", "{}\n", []edit{set("a", "other", "x"), set("b", "other", "y")}, "{\n  \"a\": \"x\",\n  \"b\": \"y\"\n}\n"},
		{"byte order mark", "f.json", "\xef\xbb\xbf{\"a\": \"x\"}", []edit{set("a", "other", "y")}, "\xef\xbb\xbf{\"a\": \"y\"}"},
		{"list of the first version", "f.json", "[\n  {\n    \"id\": \"a\",\n    \"translation\": \"A\"\n  }\n]\n", []edit{set("a", "hash", "h", "other", "A"), set("b", "other", "B")},
			"[\n  {\n    \"id\": \"a\",\n    \"hash\": \"h\",\n    \"translation\": \"A\"\n  },\n  {\n    \"id\": \"b\",\n    \"translation\": \"B\"\n  }\n]\n"},
		{"rename in place", "f.json", "{\"art\": {\"x\":  \"X\", \"y\": \"Y\"}}", []edit{{id: "art.x", rename: "art.w"}}, "{\"art\": {\"w\":  \"X\", \"y\": \"Y\"}}"},
		{"rename to the top", "f.json", "{\n  \"art\": {\n    \"x\": {\n      \"other\": \"X\"\n    }\n  },\n  \"z\": \"Z\"\n}\n", []edit{{id: "art.x", rename: "w"}}, "{\n  \"w\": {\n    \"other\": \"X\"\n  },\n  \"z\": \"Z\"\n}\n"},
		// TOML
		{"CRLF", "f.toml", "a = \"x\"\r\n[b]\r\nother = 'y'\r\n", []edit{set("b", "hash", "h", "other", "y"), set("c", "other", "z")}, "a = \"x\"\r\n[b]\r\nhash = \"h\"\r\nother = 'y'\r\n\r\n[c]\r\nother = \"z\"\r\n"},
		{"dotted keys and inline tables", "f.toml", "  a  =  'x'  # c\nc.one = \"1\"\nc.other = \"2\" # d\nh = {other = 'y'}\n[n.m]\nx = 'z'\ny.other = 'w'\n", []edit{set("c", "hash", "h", "one", "1", "other", "2"), set("h", "hash", "h", "other", "y"), set("n.m.x", "hash", "h", "other", "z"), set("n.m.y", "hash", "h", "other", "v")},
			"  a  =  'x'  # c\nc.hash = \"h\"\nc.one = \"1\"\nc.other = \"2\" # d\nh = {hash = \"h\", other = 'y'}\n[n.m]\nx = {hash = \"h\", other = 'z'}\ny.hash = \"h\"\ny.other = \"v\"\n"},
		{"remove", "f.toml", "a = \"\"\"\n# x\"\"\"\nb = 'y'\n# c\nc.one = '1'\nc.other = '2'\n\n[d]\nother = 'z'\n", []edit{{id: "b"}, {id: "c"}}, "a = \"\"\"\n# x\"\"\"\n\n[d]\nother = 'z'\n"},
		{"rename", "f.toml", "[n]\nx = {other = 'y'}\nz.one = '1'\nz.other = '2'\n", []edit{{id: "n.x", rename: "n.a b"}, {id: "n.z", rename: "n.q"}}, "[n]\n\"a b\" = {other = 'y'}\nq.one = '1'\nq.other = '2'\n"},
		{"rename to the top", "f.toml", "[n]\n# of x\nx = 'y' # c\nz = 'w'\n\n# of b\n[b]\nother = 'v'\n", []edit{{id: "n.x", rename: "q"}}, "[n]\nz = 'w'\n\n# of x\n[q]\nother = 'y' # c\n\n# of b\n[b]\nother = 'v'\n"},
		{"list", "f.toml", "list = [\"p\"]\n[[m]]\nid = 'z'\nother = 'Z'\n", []edit{set("m.z", "hash", "h", "other", "Z")}, "list = [\"p\"]\n[[m]]\nid = 'z'\nhash = \"h\"\nother = 'Z'\n"},
		{"rename in a list", "f.toml", "[[m]]\nid = 'z'\nother = 'Z'\n", []edit{{id: "m.z", rename: "m.y"}}, "[[m]]\nid = \"y\"\nother = 'Z'\n"},
	} {
		t.Run(tt.file[2:]+" "+tt.name, func(t *testing.T) {
			got, err := apply(tt.file, []byte(tt.was), tt.edits)
			if string(got) != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("got\n%q\nwant\n%q\n%v", got, tt.want, err)
			}
		})
	}
}

// TestEditLaws: what an edit says that it did is what it did, and no text is
// lost. The wanted files are those written, "" for one deleted.
func TestEditLaws(t *testing.T) {
	sync := func(in Files) (Result, []diag.Diagnostic) { return Sync(in, "en", SyncOptions{}) }
	rename := func(from, to string) func(Files) (Result, []diag.Diagnostic) {
		return func(in Files) (Result, []diag.Diagnostic) { return Rename(in, from, to) }
	}
	hash := func(s string) string { e := Entry("", s); return Hash(&e) }
	for _, tt := range []struct {
		name    string
		do      func(Files) (Result, []diag.Diagnostic)
		in      map[string]string
		changes string
		want    map[string]string
		finding string // its place and id
	}{
		{"merge into a list of the first version", sync, map[string]string{"en.yaml": "- id: a\n  translation: A text\n- id: b\n  translation: B text\n", "ru.yaml": "- id: a\n  translation: Текст А", "translate.ru.yaml": "b:\n  other: Текст Б\n"},
			"stamped ru a; merged ru b", map[string]string{"ru.yaml": "- id: a\n  hash: " + hash("A text") + "\n  translation: Текст А\n- id: b\n  hash: " + hash("B text") + "\n  translation: \"Текст Б\"\n", "translate.ru.yaml": ""}, ""},
		{"merge beside a list", sync, map[string]string{"en.json": `{"a": "A", "b": "B"}`, "ru.json": `{"a":"Текст А","l":["p","q","r"]}`, "translate.ru.json": `{"b":{"other":"Текст Б"}}`},
			"stamped ru a; merged ru b", map[string]string{"ru.json": `{"a":{"hash": "` + hash("A") + `", "other": "Текст А"},"b":{"hash": "` + hash("B") + `", "other": "Текст Б"},"l":["p","q","r"]}`, "translate.ru.json": ""}, "ru.json:1:21 catalog.structure"},
		{"what cannot be merged stays", sync, map[string]string{"en.yaml": "a: A\nb: B\n", "ru.yaml": "--- {a: Текст А}\n", "translate.ru.yaml": "b:\n  other: Текст Б\n"},
			"stamped ru a; merged ru b", map[string]string{"ru.yaml": "--- {a: {hash: " + hash("A") + ", other: Текст А}, b: {hash: " + hash("B") + ", other: \"Текст Б\"}}\n", "translate.ru.yaml": ""}, ""},
		{"a key that is a message stands in the way", sync, map[string]string{"en.json": `{"a": {"b": "B", "c": "C"}}`, "ru.json": `{"x": "Х", "other": "y", "translation": "z"}`, "translate.ru.json": `{"a.c": "Ц"}`},
			"", nil, "ru.json:1:12 catalog.structure"},
		{"one message alone takes no other", sync, map[string]string{"en.json": `{"a": "A", "b": "B"}`, "ru.json": `{"id": "a", "other": "Текст А"}`, "translate.ru.json": `{"b": "Текст Б"}`},
			"", nil, "ru.json:1:2 catalog.structure"},
		{"rename in a list of the first version", rename("a", "z"), map[string]string{"en.yaml": "- id: a\n  translation: A\n", "ru.json": `[{"id": "a", "translation": "А"}]`},
			"renamed en z; renamed ru z", map[string]string{"en.yaml": "- id: z\n  translation: A\n", "ru.json": `[{"id": "z", "translation": "А"}]`}, ""},
		{"rename all or none", rename("a.x", "a"), map[string]string{"en.json": `{"a": {"x": "X", "y": "Y"}}`, "ru.json": `{"a.x": "Х"}`},
			"", nil, "en.json:1:8 catalog.structure"},
		{"two sources", sync, map[string]string{"messages.en.toml": "a = 'A'\n", "errors.en.toml": "[e]\nother = 'E'\n[f]\nother = 'F'\n", "messages.ru.toml": "[a]\nhash = \"" + hash("A") + "\"\nother = 'А'\n", "translate.ru.toml": "[e]\nother = 'Э'\n"},
			"merged ru e; new ru f", map[string]string{"errors.ru.toml": "[e]\nhash = \"" + hash("E") + "\"\nother = \"Э\"\n", "translate.ru.toml": "[f]\nhash = \"" + hash("F") + "\"\nother = \"F\"\n"}, ""},
		{"work on what the source has no more", sync, map[string]string{"en.toml": "b = 'B'\n", "ru.toml": "[b]\nhash = \"" + hash("B") + "\"\nother = 'Б'\n", "translate.ru.toml": "[a]\nhash = \"" + hash("A") + "\"\nother = \"А\"\n\n[c]\nhash = \"" + hash("C") + "\"\nother = \"C\"\n"},
			"extra ru a", map[string]string{"translate.ru.toml": "[a]\nhash = \"" + hash("A") + "\"\nother = \"А\"\n"}, ""},
		{"format: lists of TOML", Fmt, map[string]string{"en.toml": "a = \"A\"\nlist = []\n", "ru.toml": "[[m]]\nid=\"z\"\nother=\"Z\"\n", "uk.toml": "a = \"A\"\none = {two = [\"x\"]}\n"}, "", nil, "uk.toml:2:1 catalog.structure"},
		{"format: second document", Fmt, map[string]string{"en.yaml": "a:   A\n---\nb: B\n"}, "", nil, "en.yaml:2:1 catalog.structure"},
		{"format: lists of JSON", Fmt, map[string]string{"en.json": `{"a":"A","l":["p",{"id":"x","other":"X"}],"m":[],"n":null}`}, "",
			map[string]string{"en.json": "{\n  \"a\": \"A\",\n  \"l\": [\n    \"p\",\n    {\n      \"id\": \"x\",\n      \"other\": \"X\"\n    }\n  ],\n  \"m\": [],\n  \"n\": null\n}\n"}, "en.json:1:15 catalog.structure"},
		{"format: comments behind braces", Fmt, map[string]string{"en.toml": "# head\n\na = {hash = \"sha1-0a\", other = \"A # no comment\"} # of a\r\nb = {other = 'B'} # of b\n# of c\nc.one = 'C' # one\nc.other = 'C'\nd = {x = {other = \"\"\"\n# no comment\\\"\"\"\"\"\"}, y = 'Y'} # of d\ne = {} # of e\n\n[f] # of f\nid = 'f' # id\nother = 'F'\n[g] # of g\n[g.h] # of h\ni = {one = 'I'} # of i\n# foot"}, "",
			map[string]string{"en.toml": "# head\n\n[a] # of a\nhash = \"sha1-0a\"\nother = \"A # no comment\"\n\n[b] # of b\nother = \"B\"\n\n# of c\n[c]\none = \"C\" # one\nother = \"C\"\n\n[d.x] # of d\nother = \"# no comment\\\"\\\"\\\"\"\n\n[d.y]\nother = \"Y\"\n\n# of e\n\n# id\n[f] # of f\nother = \"F\"\n\n# of g\n# of h\n[g.h.i] # of i\none = \"I\"\n\n# foot\n"}, ""},
		{"format: forms that wait for their text", Fmt, map[string]string{"en.toml": "a = {other = 'A', one = ''}\n"}, "", map[string]string{"en.toml": "[a]\none = \"\"\nother = \"A\"\n"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := Files{}
			for name, text := range tt.in {
				in[name] = []byte(text)
			}
			r, ds := tt.do(in)
			if got := changes(r); got != tt.changes {
				t.Errorf("changes %q, want %q", got, tt.changes)
			}
			got := map[string]string{}
			for name, data := range r.Write {
				got[name] = string(data)
			}
			for _, name := range r.Delete {
				got[name] = ""
			}
			if len(got)+len(tt.want) > 0 && !maps.Equal(got, tt.want) {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
			found := ""
			for _, d := range ds {
				if d.Severity == diag.Error || found == "" {
					found = fmt.Sprintf("%s:%d:%d %s", d.Place.Path, d.Place.Line, d.Place.Column, d.ID)
				}
			}
			if found != tt.finding {
				t.Errorf("found %v; want %q", ds, tt.finding)
			}
			if again, _ := tt.do(put(in, r)); len(again.Write)+len(again.Delete) > 0 {
				t.Errorf("again, it writes %q", again.Write)
			}
		})
	}
}

// owned are the lines of a file that belong to messages: their own, the
// comments above them, and the keys of the tables around them. In brackets a
// line that is shared, with the next element or the closing bracket, counts too.
func owned(name string, data []byte, ids map[string]bool) map[int]bool {
	out := map[int]bool{}
	l := linedOf(data)
	own := func(start, end int) {
		for at := start; ; at = l.lineEnd(at) {
			out[l.lineStart(at)] = true
			if l.lineEnd(at) >= end || at >= len(data) {
				break
			}
		}
	}
	file, _ := message.Parse(name, data)
	if file.Format == "toml" {
		for _, e := range file.Entries {
			if ids[e.ID] {
				own(l.commentStart(e.Offset), e.Offset)
				own(e.Offset, e.Offset)
				if l.shape(&e) == tableShape {
					own(e.Offset, l.last(&e)) // with the comments inside
				}
				for _, f := range e.Fields {
					own(min(f.Key, f.Offset), f.End)
				}
			}
		}
		return out
	}
	read := readYAML
	if file.Format == "json" {
		read = readJSON
	}
	tr, err := read(data)
	if err != nil || tr.root == nil {
		return out
	}
	all := true
	for id, s := range tr.spots() {
		if all = all && ids[id]; !ids[id] {
			continue
		}
		for i, st := range s.steps {
			e := st.in.elems[st.i]
			own(l.commentStart(e.start), e.start)
			own(e.start, e.start)
			if e.key != nil {
				own(e.key.start, e.key.end)
			}
			if i == len(s.steps)-1 {
				own(e.start, e.val.end)
			}
			own(e.val.end, e.val.end)
		}
	}
	var shared func(n *node)
	shared = func(n *node) {
		for i, e := range n.elems {
			next := n.end - 1
			if i+1 < len(n.elems) {
				next = n.elems[i+1].start
			}
			if n.flow && l.lineStart(e.val.end) == l.lineStart(next) {
				own(e.val.end, next)
			}
			shared(e.val)
		}
		if n.flow && (len(n.elems) == 0 || all && n == tr.root) {
			own(n.start, n.end)
		}
	}
	shared(tr.root)
	return out
}

// untouched says which line of was, of those that no edited message owns, is
// not in now, in the same order; "" if all are. Where messages go blank lines
// may too.
func untouched(name string, was, now []byte, ids map[string]bool, blank bool) string {
	was, now = bytes.TrimPrefix(was, bom), bytes.TrimPrefix(now, bom)
	if len(bytes.TrimSpace(was)) == 0 {
		return ""
	}
	bare := func(line []byte) string {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if strings.HasSuffix(name, ".json") || bytes.ContainsAny(was, "{[") {
			line = bytes.TrimRight(line, ", ")
			line = bytes.TrimRight(bytes.TrimSuffix(line, []byte("\r")), ", ")
		}
		return string(line)
	}
	lines := slices.Collect(bytes.Lines(now))
	mine := owned(name, was, ids)
	at := 0
	for line := range bytes.Lines(was) {
		start := at
		if at += len(line); mine[start] || blank && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		i := slices.IndexFunc(lines, func(l []byte) bool {
			// The last line gets an end when another one comes behind it.
			return bare(l) == bare(line) || at == len(was) && strings.TrimRight(bare(l), "\r") == bare(line)
		})
		if i < 0 {
			return string(line)
		}
		lines = lines[i+1:]
	}
	return ""
}

// FuzzEdit: an edit writes what can be read, and nothing more when it is made
// again; every line that no edited message owns is there after it, byte for
// byte. What is formatted loses no comment.
func FuzzEdit(f *testing.F) {
	for _, s := range []string{syncTarget, "Bye = \"Пока\"\nHello = {other = \"Привет\"}\nCats.one = \"кот\"\n", "# h\r\n[Bye]\r\nother = '''a\r\nb'''\r\n\r\n# c\r\n[n]\r\nx = 'y'\r\n", "[[m]]\nid = 'Bye'\nother = 'x'\n[n.m]\nBye = {one = 'x'}\n", "0 ='' \n[n]#00000", "Bye = {hash = 'x', other = '#'} # c\nn = {x = {one = 'y'}, z = 'w'} # d\n"} {
		f.Add("toml", []byte(s))
	}
	for _, s := range []string{`{"Bye": "x", "n": {"m": {"other": "y"}}}`, "{\r\n  \"Bye\": \"x\",\r\n\r\n  \"l\": [\"p\"], \"n\": {\r\n\t\"x\": \"y\" },\r\n  \"Hello\": {\"other\": \"z {{.Name}}\"}\r\n}", `[{"id": "Bye", "translation": "x"}, {"id": "Cats", "translation": {"one": "y"}}]`, "{\n  \"Gone\": \"x\",\n  \"Bye\": \"y\"}"} {
		f.Add("json", []byte(s))
	}
	for _, s := range []string{"Bye: x # c\nn:\n  m: {other: y}\n", "# h\n\nBye: |\n  x\n  # y\n\n# c\nn:\n    x: 'y'\n\n    z: >-\n      w\n\n      v\n---\na: b\n", "- id: Bye\n  translation: x\n# c\n- id: Cats\n  translation:\n    one: y\n", "Bye: &a x\r\nHello: !!str \"z {{.Name}}\"\r\nCats: {one: y,\r\n  other: z} # c\r\n", "a: &b x\nBye: *b\nn:\n  x\n  y\n", "? Bye\n: x\n", "00A: |\n#"} {
		f.Add("yaml", []byte(s))
	}
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		if format == "toml" || format == "json" || format == "yaml" {
			editLaws(t, format, data)
		}
	})
}

// tomlHashes counts the comments of a TOML file.
func tomlHashes(data []byte) int {
	n := 0
	for _, s := range tomlToken.FindAll(data, -1) {
		if s[0] == '#' {
			n++
		}
	}
	return n
}

var tomlToken = regexp.MustCompile(`(?s:"""(?:\\.|[^\\])*?"""["]{0,2}|'''.*?'''[']{0,2})|"(?:\\.|[^"\\])*"|'[^']*'|#.*`)

// editLaws tries the laws of FuzzEdit with one file, and gives the findings of
// what was refused.
func editLaws(t *testing.T, format string, data []byte) (refused []diag.Diagnostic) {
	name := "active.ru." + format
	in := Files{"active.en.toml": []byte(syncSource), name: data}
	law := func(what string, do func(Files) (Result, []diag.Diagnostic), goes bool) {
		r, ds := do(in)
		ids := map[string]bool{}
		for _, c := range r.Changes {
			if c.Path == name && !slices.Contains([]string{New, Stale, Partial, Extra}, c.Kind) {
				ids[c.ID] = true
			}
		}
		for _, id := range []string{"Bye", "n.x"} {
			ids[id] = ids[id] || what == "rename"
		}
		for name, data := range r.Write {
			if _, ds := message.Parse(name, data); slices.ContainsFunc(ds, isError) {
				t.Fatalf("%s: %s: %v\n%s", what, name, ds, data)
			}
		}
		if now, ok := r.Write[name]; ok {
			if line := untouched(name, data, now, ids, goes); line != "" {
				t.Fatalf("%s: the line %q is not there any more\n%q\n---\n%q", what, line, data, now)
			}
		}
		if slices.ContainsFunc(ds, isError) {
			refused = append(refused, ds...)
			return
		}
		next := put(in, r)
		if again, ds := do(next); slices.ContainsFunc(ds, isError) && what != "rename" || len(again.Write)+len(again.Delete) > 0 {
			t.Fatalf("%s: a second run: %v\n%q\n---\n%q\n---\n%q", what, ds, data, next[name], again.Write[name])
		}
	}
	law("sync", func(in Files) (Result, []diag.Diagnostic) { return Sync(in, "en", SyncOptions{}) }, false)
	law("sync and prune", func(in Files) (Result, []diag.Diagnostic) { return Sync(in, "en", SyncOptions{Prune: true}) }, true)
	law("prune", func(in Files) (Result, []diag.Diagnostic) { return Prune(in, "en", []string{"Bye"}) }, true)
	for _, to := range [][2]string{{"Bye", "x y"}, {"n.x", "n.new"}, {"n.x", "x y"}} {
		// The source has Bye too, and is not renamed again.
		law("rename", func(in Files) (Result, []diag.Diagnostic) {
			return Rename(Files{name: in[name]}, to[0], to[1])
		}, true)
	}
	law("put", func(in Files) (Result, []diag.Diagnostic) {
		return Put(in, "en", "ru", []Translation{{ID: "Bye", Forms: map[string]string{"other": "До\nсвидания"}}, {ID: "Cats", Forms: map[string]string{"one": "{{.PluralCount}} кот", "few": "x", "many": "y", "other": "z"}}})
	}, false)
	if r, _ := Fmt(in); len(r.Write) > 0 {
		if now, ok := r.Write[name]; ok && format == "toml" && tomlHashes(now) != tomlHashes(data) {
			t.Fatalf("a comment is lost\n%q\n---\n%q", data, now)
		}
		if again, ds := Fmt(put(in, r)); slices.ContainsFunc(ds, isError) || len(again.Write) > 0 {
			t.Fatalf("formatted again: %v\n%q\n---\n%q\n---\n%q", ds, data, r.Write[name], again.Write[name])
		}
	}
	return refused
}

// TestEditRandom: files of all shapes that people write, put together at
// random, keep the laws, and no edit is refused.
func TestEditRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	some := func(s string) string { return pick("", s) }
	counted := "{{.PluralCount}} x"
	yaml := func(indent, unit, text string) string {
		in := "\n" + indent + unit
		return pick(" "+text, "   "+text, " '"+text+"'", " \""+text+"\"", " \""+text+"\" # c", " "+text+"  # c", " |"+in+text, " |-"+in+text+in+"# no comment"+in+in+text,
			" >"+in+text+in+text+"\n", " "+text+in+text, " \""+text+in+text+"\"", " '"+text+in+in+text+"'", " &a"+pick("1", "2")+" "+text, in+text, " # c"+in+text, " !!str "+text)
	}
	for range 600 {
		newline := pick("\n", "\n", "\r\n")
		unit := pick("  ", "    ")
		var parts []string
		format := pick("yaml", "json", "toml")
		list := format != "toml" && r.IntN(5) == 0 // as go-i18n's first version has them
		add := func(id, text string) {
			q := `"` + id + `"`
			switch {
			case list && format == "yaml":
				text = strings.NewReplacer("{{.PluralCount}}", "N", " {{.Name}}", "").Replace(text)
				parts = append(parts, some("# c\n")+pick("- id: "+id+some(" # c")+"\n  translation:"+yaml("  ", unit, text), "- id: "+q+"\n  translation:\n    one: y # c\n    other:"+yaml("    ", unit, text),
					"-   translation: "+pick("x", "'x'")+"\n    id: "+id, "-\n  id: "+id+"\n  other: x", "- {id: "+id+", translation: {one: y, other: x}}"))
				return
			case list:
				parts = append(parts, pick(`{"id": `+q+`, "translation": "`+text+`"}`, "{\n"+unit+unit+`"id": `+q+",\n"+unit+unit+`"translation": {"one": "y", "other": "`+text+"\"}\n"+unit+"}"))
				return
			}
			switch format {
			case "yaml":
				s := ""
				text = strings.ReplaceAll(text, "{{.PluralCount}}", "N")
				text = strings.ReplaceAll(text, " {{.Name}}", "")
				switch r.IntN(4) {
				case 0:
					s = pick(id, q, "'"+id+"'") + ":" + yaml("", unit, text)
				case 1:
					s = id + ":" + some(" # c") + "\n" + some(unit+"# c\n") + unit + pick("other", "Other", "\"other\"", "one") + ":" + yaml(unit, unit, text)
				case 2:
					s = id + ":\n" + unit + "hash: sha1-00" + some(" # c") + "\n" + some("\n") + some(unit+"# c\n") + unit + "one:" + yaml(unit, unit, text) + "\n" + unit + "other:" + yaml(unit, unit, text) + some("\n")
				case 3:
					s = id + ": {" + pick("", " ", "\n  ") + "other: " + pick("y", "\"y\"", "'y'") + pick("", ", one: z", ",\n  few: w") + pick("", " ", "\n  ") + "}" + some(" # c")
				}
				parts = append(parts, some("# "+id+"\n")+s)
			case "json":
				in := "\n" + unit + unit
				s := pick(`"`+text+`"`, `{"other": "`+text+`"}`, `{`+in+`"one":"y",`+in+`"other" : "`+text+`"`+"\n"+unit+"}", `{ "hash": "sha1-00", "one": "\u0416" }`)
				parts = append(parts, q+pick(":", ": ", " : ")+s)
			case "toml":
				if len(parts) > 0 && strings.Contains(strings.Join(parts, "\n"), "\n[") {
					id = pick("["+id+"]", "["+q+"] # c", " [ '"+id+"' ]")
				} else if id = pick(id, q, "["+id+"]"); id[0] != '[' {
					parts = append(parts, some("# c\n")+pick(id+" = '"+text+"'", id+" = \"\"\"\n# "+text+"\"\"\" # c", id+".one = 'y' # c\n"+id+".other = \""+text+"\"", id+" = {other = '"+text+"', one = \"y\"}"+some(" # c"), "  "+id+"  =  \""+text+"\""))
					return
				}
				parts = append(parts, some("# c\n")+"\n"+id+"\n"+some("# c\n")+some("hash = \"sha1-00\" # c\n")+some("one = 'y'\n")+some("  # c\n")+pick("", "  ")+"other = "+pick("'"+text+"'", "\"\"\"\n"+text+"\n\"\"\"")+some(" # c"))
			}
		}
		ids := []string{"Bye", "Hello", "Cats", "Gone", "Old"}
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		for _, id := range ids[:1+r.IntN(len(ids))] {
			text := map[string]string{"Hello": "x {{.Name}}", "Cats": counted}[id]
			if text == "" {
				text = pick("x", "x y", "ж", "x-y")
			}
			add(id, text)
		}
		s := ""
		switch format {
		case "json":
			between := pick(",\n"+unit, ", ", ",\n\n"+unit)
			open, closing := pick("{\n"+unit, "{ ", "{"), pick("\n}\n", "}", " }\n")
			if list {
				open, closing = strings.Replace(open, "{", "[", 1), strings.Replace(closing, "}", "]", 1)
			} else if r.IntN(3) == 0 {
				parts = append(parts, pick(`"n": {"x": "y"}`, "\"n\": {\n"+unit+unit+"\"x\": \"y\",\n"+unit+unit+"\"z\": {\"other\": \"w\"}\n"+unit+"}", `"l": ["p", []], "m":[]`))
			}
			s = open + strings.Join(parts, between) + closing
		case "yaml":
			if !list && r.IntN(3) == 0 {
				parts = append(parts, "n:\n"+some(unit+"# c\n")+unit+"x:"+yaml(unit, unit, "y")+pick("", "\n"+unit+"z: w", "\n\n"+unit+"z:\n"+unit+unit+"other: v"))
			}
			r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
			s = some("# head\n\n") + some("---\n") + strings.Join(parts, pick("\n", "\n\n")) + pick("", "\n", "\n# foot\n", "\n---\nb: c\n")
		case "toml":
			if r.IntN(3) == 0 {
				parts = append(parts, "\n[n]\nx = 'y'\n"+some("z = {other = 'w'}"+some(" # c")+"\n"))
			}
			s = some("# head\n\n") + strings.Join(parts, pick("\n", "\n\n")) + some("\n")
		}
		if strings.ContainsAny(s, "|>") && !strings.HasSuffix(s, "\n") {
			s += "\n" // else a line end behind a block would be one more in its text
		}
		s = some(string(bom)) + strings.ReplaceAll(s, "\n", newline)
		if _, ds := message.Parse("f."+format, []byte(s)); slices.ContainsFunc(ds, isError) {
			t.Fatalf("%q: %v", s, ds)
		}
		for _, d := range editLaws(t, format, []byte(s)) {
			if strings.Contains(d.Message, "edited") {
				t.Fatalf("%q: %v", s, d)
			}
		}
	}
}
