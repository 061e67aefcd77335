package cst

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// show writes a tree with the source text of each scalar.
func show(data string, n *Node) string {
	if n == nil {
		return "none"
	}
	var b strings.Builder
	var write func(n *Node)
	write = func(n *Node) {
		if n.Unplaced {
			b.WriteString("?")
		}
		switch n.Kind {
		case Scalar:
			fmt.Fprintf(&b, "%q=%s", data[n.Start:n.End], n.Text)
		default:
			fmt.Fprintf(&b, "%c", "{["[n.Kind-Mapping])
			for i, e := range n.Elements {
				if i > 0 {
					b.WriteString(", ")
				}
				if e.Key != nil {
					write(e.Key)
					b.WriteString(": ")
				}
				write(e.Value)
			}
			fmt.Fprintf(&b, "%c", "}]"[n.Kind-Mapping])
		}
	}
	write(n)
	return b.String()
}

func TestParseJSON(t *testing.T) {
	for _, c := range []struct {
		text string
		o    JSONOptions
		want string
	}{
		{` {"a": "x", "a" : [1, -2.5e3 ,true,null, {}]} `, JSONOptions{}, `{"\"a\""=a: "\"x\""=x, "\"a\""=a: ["1"=1, "-2.5e3"=-2.5e3, "true"=true, "null"=null, {}]}`},
		{`"x\n\u0436\ud83d\ude00"`, JSONOptions{}, `"\"x\\n\\u0436\\ud83d\\ude00\""=` + "x\nж😀"},
		{"", JSONOptions{}, "none"}, {" \n", JSONOptions{}, "none"}, {"[]", JSONOptions{}, "[]"},
		{"\"a\tb\nc\"", JSONOptions{RawLines: true}, `"\"a\tb\nc\""=` + "a\tb\nc"},
		{`{"a": 1} # Title`, JSONOptions{Prefix: true}, `{"\"a\""=a: "1"=1}`},
		{"\"a\tb\"", JSONOptions{}, `2: invalid character '\t' in string literal`},
		{`{"a": 1,}`, JSONOptions{}, `8: invalid character '}' looking for beginning of object key string`},
		{`[1,]`, JSONOptions{}, `3: invalid character ']' looking for beginning of value`},
		{`[1 2]`, JSONOptions{}, `3: invalid character '2' after array element`},
		{`{"a" 1}`, JSONOptions{}, `5: invalid character '1' after object key`},
		{`{"a": 1} x`, JSONOptions{}, `9: text after the end of the JSON value`},
		{`{"a": "x`, JSONOptions{}, `6: the string that begins here does not end`},
		{`{"a": `, JSONOptions{}, `6: unexpected end of JSON input`},
		{`01`, JSONOptions{}, `1: text after the end of the JSON value`}, {`-`, JSONOptions{}, `1: unexpected end of JSON input`},
		{`1.`, JSONOptions{}, `2: unexpected end of JSON input`}, {`1e+`, JSONOptions{}, `3: unexpected end of JSON input`},
		{`"\x"`, JSONOptions{}, `2: invalid character 'x' in string escape code`}, {`"\u12g4"`, JSONOptions{}, `5: invalid character 'g' in \u hexadecimal character escape`},
		{"[[[]]]", JSONOptions{Depth: 2}, "2: JSON is nested more than 2 deep"},
		{strings.Repeat("[", 10_000_000), JSONOptions{}, "1000: JSON is nested more than 1000 deep"},
	} {
		n, err := ParseJSON(c.text, c.o)
		got := show(c.text, n)
		if e := (*Error)(nil); errors.As(err, &e) {
			got = fmt.Sprintf("%d: %s", e.Offset, e.Message)
		}
		if got != c.want {
			t.Errorf("%.40q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestParseYAML(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: b\nc: 'd''e'\n", `{"a"=a: "b"=b, "c"=c: "'d''e'"=d'e}`},
		{"\ufeffa: b\n", `{"a"=a: "b"=b}`},
		{"а: бв гд\r\nж: \"з\\\n  и\"\r\n", `{"а"=а: "бв гд"=бв гд, "ж"=ж: "\"з\\\n  и\""=зи}`},
		{"a: b c\n  d\ne: f # g\n", `{"a"=a: "b c\n  d"=b c d, "e"=e: "f"=f}`},
		{"a: >\n  x\n  y\n\nb: 1\n", `{"a"=a: ">\n  x\n  y"=` + "x y\n" + `, "b"=b: "1"=1}`},
		{"- |+\n x\n\n- y\n", `["|+\n x\n"=` + "x\n\n" + `, "y"=y]`},
		{"a: &x !!str b\nc: *x\n", `{"a"=a: "&x !!str b"=b, "c"=c: "*x"=b}`},
		{"a: {b: [c, d], e: f}\n", `{"a"=a: {"b"=b: ["c"=c, "d"=d], "e"=e: "f"=f}}`},
		{"a:\nb: ~\n", `{"a"=a: ""=, "b"=b: "~"=~}`},
		{"a: x\u0085b: y\n", `{"a"=a: "x"=x, "b"=b: "y"=y}`},
		{"# c\n", "none"}, {"", "none"},
		{"a: [\n", "1: did not find expected node content"},
	} {
		n, err := ParseYAML([]byte(c.text))
		got := show(c.text, n)
		if e := (*Error)(nil); errors.As(err, &e) {
			got = fmt.Sprintf("%d: %s", e.Line, e.Message)
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestApply(t *testing.T) {
	for _, c := range []struct {
		edits []Edit
		want  string
	}{
		{nil, "abcdef"},
		{[]Edit{{4, 6, "X"}, {0, 1, ""}, {2, 2, "-"}, {2, 3, "+"}}, "b-+dX"},
		{[]Edit{{1, 3, ""}, {2, 5, ""}}, "af"}, {[]Edit{{1, 3, ""}, {2, 5, "X"}}, "adef"}, {[]Edit{{6, 6, "!"}, {6, 6, "?"}}, "abcdef!?"},
	} {
		if got := string(Apply([]byte("abcdef"), c.edits)); got != c.want {
			t.Errorf("%v: %q, want %q", c.edits, got, c.want)
		}
	}
}

// FuzzJSON compares what is accepted and the texts with encoding/json, and
// replaces each string.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a": "x", "b": [1, -2.5e3, true, null, {}]}`, `"\ud800"`, "\"\xff\"", `{"a":{"a":1}}`, `[0.0E-1]`, "[1,2] x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseJSON(s, JSONOptions{})
		if strings.TrimSpace(s) == "" || strings.Count(s, "[")+strings.Count(s, "{") > 900 {
			return
		}
		if valid := json.Valid([]byte(s)); valid != (err == nil) {
			t.Fatalf("%q: valid %v, %v", s, valid, err)
		}
		if e := (*Error)(nil); errors.As(err, &e) {
			if e.Offset < 0 || e.Offset > len(s) {
				t.Fatalf("%q: error at %d", s, e.Offset)
			}
			return
		}
		each(n, func(v *Node) {
			if v.Unplaced || !v.IsString() {
				return
			}
			var text string
			if err := json.Unmarshal([]byte(s[v.Start:v.End]), &text); err != nil || text != v.Text {
				t.Fatalf("%q: %q reads %q, %v, want %q", s, s[v.Start:v.End], text, err, v.Text)
			}
		})
	})
}

func each(n *Node, f func(*Node)) {
	if n == nil {
		return
	}
	f(n)
	for _, e := range n.Elements {
		each(e.Key, f)
		each(e.Value, f)
	}
}

// FuzzYAML replaces each placed value by another and compares all others.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{
		"a: b\nc: 'd''e'\n", "а: бв\r\nж: \"з\\\n  и\"\r\n", "a: b c\n  d\ne: f # g\n", "a: >\n  x\n\n  y\n\nb: 1\n", "- |+\n x\n\n\n- y\n",
		"a: &x !!str b\nc: *x\n", "a: {b: [c, d], e: f}\n", "? a\n: b\n", "- - a\n  - b: c\n    d: e\n", "a: |2\n   x\nb: c\n", "[a: b, c]\n", "a: x\u2028 y\nb: c\n", "0:\r>", "0:\u2028|",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := ParseYAML(data)
		if err != nil {
			return
		}
		var values []*Node
		each(n, func(v *Node) {
			if v.Start < 0 || v.End < v.Start || v.End > len(data) || v.Content < v.Start {
				t.Fatalf("%q: a value from %d to %d", data, v.Start, v.End)
			}
		})
		var collect func(n *Node)
		collect = func(n *Node) {
			if n == nil {
				return
			}
			if n.Kind == Scalar && n.Style != Plain && !n.Unplaced && !n.Alias {
				values = append(values, n)
			}
			for _, e := range n.Elements {
				collect(e.Value)
			}
		}
		collect(n)
		if len(values) > 20 || !utf8.Valid(data) {
			return
		}
		for _, v := range values {
			out := Apply(data, []Edit{{v.Content, v.End, `"replaced"`}})
			want := v.Text
			v.Text = "replaced"
			var doc yaml.Node
			if err := yaml.Unmarshal(out, &doc); err != nil {
				t.Fatalf("%q: %q does not parse: %v", data, out, err)
			}
			if !same(n, doc.Content[0]) {
				t.Fatalf("%q with %q replaced is %q", data, want, out)
			}
			v.Text = want
		}
	})
}

func same(n *Node, y *yaml.Node) bool {
	switch y.Kind {
	case yaml.AliasNode:
		return n.Alias
	case yaml.ScalarNode:
		return n.Kind == Scalar && n.Text == y.Value
	}
	step := 2
	if y.Kind == yaml.SequenceNode {
		step = 1
	}
	if len(n.Elements)*step != len(y.Content) {
		return false
	}
	for i, e := range n.Elements {
		if step == 2 && !same(e.Key, y.Content[2*i]) || !same(e.Value, y.Content[step*i+step-1]) {
			return false
		}
	}
	return true
}

func TestScanTOML(t *testing.T) {
	scan := func(text string) string {
		var b strings.Builder
		err := ScanTOML([]byte(text), func(e *TOMLEntry) error {
			fmt.Fprintf(&b, "%v %d", e.Table, e.TableStart)
			if e.Array {
				b.WriteString(" array")
			}
			if e.Value != nil {
				for _, k := range e.Keys {
					fmt.Fprintf(&b, " %q=%s", text[k.Start:k.End], k.Name)
				}
				b.WriteString(": " + show(text, e.Value))
			}
			b.WriteString("; ")
			return nil
		})
		if e := (*Error)(nil); errors.As(err, &e) {
			fmt.Fprintf(&b, "%d: %s", e.Offset, e.Message)
		}
		return b.String()
	}
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"a = 'x'\n\"b c\".d = 1 # one\n", `[] -1 "a"=a: "'x'"=x; [] -1 "\"b c\""=b c "d"=d: "1"=1; `},
		{"[t.u]\na = \"x\\ty\"\n", "[t u] 0; [t u] 0 \"a\"=a: \"\\\"x\\\\ty\\\"\"=x\ty; "},
		{"x=1\n [[l]]\na = [1, {b.c = 'd', e = 2026-01-02}]\n", `[] -1 "x"=x: "1"=1; [l] 4 array; [l] 4 array "a"=a: ?["1"=1, ?{"b"=b: ?{"c"=c: "'d'"=d}, "e"=e: "2026-01-02"=2026-01-02}]; `},
		{"a = 1\nb = \n", `[] -1 "a"=a: "1"=1; 10: unexpected character U+000A at start of value`},
		{"a = " + strings.Repeat("[", 2000) + strings.Repeat("]", 2000), "0: TOML is nested more than 1000 deep"},
	} {
		if got := scan(c.text); got != c.want {
			t.Errorf("%.40q:\n%s\n%s", c.text, got, c.want)
		}
	}
}

// FuzzTOML checks the places of values: each one, written behind a key of its own,
// reads as the same value.
func FuzzTOML(f *testing.F) {
	for _, s := range []string{"a = 'x'\n\"b c\".d = 1 # one\n", "[t.u]\na = \"x\\ty\"\n", "x=1\n [[l]]\na = [1, {b.c = 'd', e = 2026-01-02}]\n", "a = \"\"\"\n\"x\"\"\"\"\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = ScanTOML([]byte(s), func(e *TOMLEntry) error {
			if e.Value == nil {
				return nil
			}
			each(e.Value, func(v *Node) {
				if v.Dotted || v.Start < 0 || v.End > len(s) || v.Start > v.End {
					if !v.Dotted {
						t.Fatalf("%q: a value from %d to %d", s, v.Start, v.End)
					}
					return
				}
				if !v.IsString() || v.Start == 0 || strings.IndexByte("\"'", s[v.Start]) < 0 {
					return
				}
				text, n := v.Text, 0
				err := ScanTOML([]byte("k = "+s[v.Start:v.End]), func(e *TOMLEntry) error {
					n++
					if e.Value.Text != text {
						t.Fatalf("%q: %q reads %q, want %q", s, s[v.Start:v.End], e.Value.Text, text)
					}
					return nil
				})
				if err != nil || n != 1 {
					t.Fatalf("%q: %q: %d values, %v", s, s[v.Start:v.End], n, err)
				}
			})
			return nil
		})
	})
}
