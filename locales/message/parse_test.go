package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"

	"hexapla/pipeline/diag"
)

func TestParseTemplate(t *testing.T) {
	for _, tt := range []struct {
		src, left, right  string
		parts             string
		variables, refuse string
	}{
		{"plain", "", "", "plain", "", ""},
		{"a {{.B}} c", "", "", "a |.B| c", "B", ""},
		{"a {{- .B -}} c", "", "", "a|.B|c", "B", ""},
		{"{{date .D}}", "", "", ".D:date", "D", ""},
		{"{{.D | date}}", "", "", ".D:date", "D", ""},
		{"{{.Person.Name}}", "", "", ".Person.Name", "Person.Name", ""},
		{"<<.X>> {{.Y}}", "<<", ">>", ".X| {{.Y}}", "X", ""},
		{"{{/* note */}}x", "", "", "x", "", ""},
		{"{{if .X}}{{.Y}}{{end}}", "", "", ".Y", "X Y", "if"},
		{"{{range .X}}a{{end}}", "", "", "a", "X", "range"},
		{"{{with .X}}{{.Y}}{{end}}", "", "", ".Y", "X Y", "with"},
		{"{{printf \"%9d\" .X}}", "", "", "", "X", "printf"},
		{"{{$x := .X}}", "", "", "", "X", "variable"},
		{"{{.}}", "", "", "", ".", "dot"},
		{"{{$.Name}}", "", "", "", "Name", "value"},
		{"{{$}}", "", "", "", ".", "value"},
		{"{{date}}", "", "", "", "", "call"},
		{"{{date .X .Y}}", "", "", "", "X Y", "argument"},
		{"{{\"text\"}}", "", "", "", "", "value"},
		{"{{date (number .X)}}", "", "", "", "X", "value"},
		{"{{define \"a\"}}x{{end}}", "", "", "", "", "define"},
		{"{{template \"a\" .X}}", "", "", "", "X", "template"},
		{"{{break}}", "", "", "", "", "error"},
	} {
		got, err := ParseTemplate(tt.src, tt.left, tt.right)
		if tt.refuse == "error" {
			if se := (*SyntaxError)(nil); !errors.As(err, &se) {
				t.Errorf("%s: %v, want a syntax error", tt.src, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.src, err)
			continue
		}
		var parts, refused []string
		for _, p := range got.Parts {
			s := p.Text
			if p.Field != "" {
				s = "." + p.Field
				if p.Func != "" {
					s += ":" + p.Func
				}
			}
			parts = append(parts, s)
		}
		for _, r := range got.Refused {
			refused = append(refused, r.Node)
		}
		if strings.Join(parts, "|") != tt.parts || strings.Join(got.Variables, " ") != tt.variables || strings.Join(refused, " ") != tt.refuse {
			t.Errorf("%s: parts %q variables %q refused %q", tt.src, parts, got.Variables, refused)
		}
	}
	for src, line := range map[string]int{"{{.X": 1, "a\nb {{.X}\nc": 2, "{{}}": 1, "{{if .X}}": 1, strings.Repeat("{{.X}}", MaxTemplate): 1} {
		_, err := ParseTemplate(src, "", "")
		e, ok := err.(*SyntaxError)
		if !ok || e.Line != line {
			t.Errorf("%.20q: %v, want a syntax error in line %d", src, err, line)
		}
	}
}

// TestHarmless: what a translation may take over from its source.
func TestHarmless(t *testing.T) {
	for _, tt := range []struct{ src, want, reason string }{
		{"{{.}}", "true {{.}}", "the commonest way of Hugo's themes"},
		{"{{- . -}}", "true {{.}}", "trimmed the same"},
		{"{{.Count | html}}", "true {{.Count | html}}", "escaping"},
		{`{{printf "%d" .N}}`, `true {{printf "%d" .N}}`, "a number"},
		{`{{printf "%6.2f%% of %[2]v" .N .M}}`, `true {{printf "%6.2f%% of %[2]v" .N .M}}`, "small widths"},
		{`{{printf "%101d" .N}}`, `false {{printf "%101d" .N}}`, "a hundred spaces and more from one verb"},
		{`{{printf "%.999999999f" .N}}`, `false {{printf "%.999999999f" .N}}`, "a precision takes room too"},
		{`{{printf "%*d" .N .M}}`, `false {{printf "%*d" .N .M}}`, "a width that is a value"},
		{`{{printf .F .N}}`, `false {{printf .F .N}}`, "a format that is a value"},
		{`{{"%d" | printf}}`, `false {{"%d" | printf}}`, "a format from a pipe"},
		{"{{$.Name}}", "true {{$.Name}}", "the message's own dot"},
		{"{{$x.Name}}", "error", "no such variable"},
		{`{{.Date.Format "2006"}}`, `true {{.Date.Format "2006"}}`, "a method with a constant"},
		{`{{.Date.Format .Layout}}`, `false {{.Date.Format .Layout}}`, "a method with a value"},
		{"{{(.A).B}}", "true {{(.A).B}}", "a chain"},
		{"{{if .A}}x{{else}}y{{end}}", "true if .A else", "a branch, whatever its texts"},
		{"{{if gt (len .A) 1}}x{{end}}", "true if gt (len .A) 1", "a comparison"},
		{"{{with .A}}x{{end}}", "true with .A", "a branch"},
		{"{{if $x := .A}}x{{end}}", "false if $x := .A", "a variable"},
		{"{{range .A}}x{{end}}", "false {{range .A}}x{{end}}", "a loop"},
		{"{{index .A 1}}", "true {{index .A 1}} index", "a function to be allowed by name"},
		{"{{.A | upper}}", "true {{.A | upper}} upper", "the same"},
		{"{{site.Title}}", "true {{site.Title}} site", "the same"},
		{"{{html}}", "false {{html}}", "nothing to write"},
		{`{{template "x" .}}`, `false {{template "x" .}}`, "another template"},
		{`{{define "x"}}y{{end}}`, "false y", "another template"},
		{`{{block "x" .}}y{{end}}`, `false {{template "x" .}}|false y`, "another template"},
	} {
		got, err := ParseTemplate(tt.src, "", "")
		if err != nil {
			if tt.want != "error" {
				t.Errorf("%s (%s): %v", tt.src, tt.reason, err)
			}
			continue
		}
		var out []string
		for _, r := range got.Refused {
			out = append(out, strings.TrimSpace(fmt.Sprint(r.Harmless, " ", r.Head, " ", strings.Join(r.Unknown, " "))))
		}
		if s := strings.Join(out, "|"); s != tt.want {
			t.Errorf("%s: %q, want %q: %s", tt.src, s, tt.want, tt.reason)
		}
	}
}

func FuzzParseTemplate(f *testing.F) {
	for _, s := range []string{"a {{.B}} c", "{{date .D}}", "{{if .X}}{{range .Y}}z", "{{((((.X))))}}", "{{.X | date | number}}", "{{/*"} {
		f.Add(s, "{{", "}}")
	}
	f.Add("<<.X>>", "<<", ">>")
	f.Fuzz(func(t *testing.T, src, left, right string) {
		tmpl, err := ParseTemplate(src, left, right)
		if left == "{{" && right == "}}" && strings.Contains(src, left) && len(src) <= MaxTemplate {
			if fast := simple(src, left, right); fast != nil {
				slow, err := parseTree(src, left, right)
				if err != nil || fmt.Sprint(slow.Parts, slow.Variables, slow.Functions, slow.Refused) != fmt.Sprint(fast.Parts, fast.Variables, fast.Functions, fast.Refused) {
					t.Fatalf("%q: fast %v, slow %v, %v", src, fast, slow, err)
				}
			}
		}
		if err != nil {
			if se := (*SyntaxError)(nil); !errors.As(err, &se) {
				t.Fatalf("%T", err)
			}
			return
		}
		for _, p := range tmpl.Parts {
			if p.Field != "" && !slices.Contains(tmpl.Variables, p.Field) {
				t.Fatalf("part %q is no variable of %q", p.Field, tmpl.Variables)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"A = \"a\"\n[B]\none = 'x'\nother = \"\"\"\nb\"\"\"", "a.b.c = {other = \"x\"}", "[[x]]\nid = \"a\"", "A = \"", "[A]\nother = 3"} {
		f.Add("toml", []byte(s))
	}
	for _, s := range []string{`{"A": "a", "A": {"other": "b"}}`, `[{"id": "x", "translation": {"one": "y"}}]`, `{"a": {"b": null}}`, `{"a"`, `"a"`, `{"a":1}}`} {
		f.Add("json", []byte(s))
	}
	for _, s := range []string{"A: a\nB:\n  other: b\n", "- id: a\n  translation: b\n", "a: &x [*x]", "1: 2", "? [a]\n: b", "a: !!binary x\n", "a: &x b\nc: *x\n*x : d", "404: a"} {
		f.Add("yaml", []byte(s))
	}
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		file, ds := Parse("active.en."+format, data)
		lines := strings.Count(string(data), "\n") + 1
		for _, e := range file.Entries {
			if e.Line < 1 || e.Line > lines {
				t.Fatalf("message %q in line %d of %d", e.ID, e.Line, lines)
			}
			for _, f := range e.Fields {
				if f.Offset < 0 || f.Offset > len(data) {
					t.Fatalf("offset %d of %d", f.Offset, len(data))
				}
			}
		}
		for _, d := range ds {
			if d.ID == "" || d.Message == "" || d.Place.Line > lines+1 {
				t.Fatalf("%+v", d)
			}
		}
	})
}

// TestUnread: what go-i18n loads otherwise than it is meant, without a word, is
// said with its place.
func TestUnread(t *testing.T) {
	for _, tt := range []struct{ name, text, want, ids string }{
		{"en.json", `{"a": "A", "l": ["p", "q"]}`, "1:18 warning catalog.structure", "a"},
		{"en.json", `{"l": [], "a": "A"}`, "1:2 warning catalog.structure", "a"},
		{"en.json", `[]`, "", ""},
		{"en.json", `["p"]`, "1:2 warning catalog.structure", ""},
		{"en.json", `{"n": {"l": [{"x": "X"}, {"id": "y", "other": "Y"}]}}`, "", "n.l.x n.l.y"},
		{"en.json", `[{"id": "a", "other": "A"}, {"id": "a", "other": "B"}]`, "1:30 error catalog.duplicate", "a a"},
		{"en.json", `{"a": {"other": [], "one": "x"}}`, "1:21 error catalog.structure", ""},
		{"en.json", `{"a": [], "a": "x"}`, "1:2 warning catalog.structure; 1:11 error catalog.duplicate", "a"},
		{"en.toml", "a = \"A\"\nlist = [\"p\", \"q\"]\ne = []\n", "2:1 warning catalog.structure; 3:1 warning catalog.structure", "a"},
		{"en.toml", "[[m]]\nid = \"z\"\nother = \"Z\"\n[[m]]\nother = \"Y\"\n", "4:1 warning catalog.structure", "m.z"},
		{"en.yaml", "a: A\n---\nb: B\n", "2:1 warning catalog.structure", "a"},
		{"en.yaml", "---\na: A\n...\n---\nb: [\n", "3:1 warning catalog.structure", "a"},
		{"en.yaml", "# head\n---\na: A\n...\n---\n# foot\n", "", "a"},
		{"en.yaml", "- id: a\n  translation: A\n- id: b\n  translation: {one: x, other: y}\n", "", "a b"},
	} {
		f, ds := Parse(tt.name, []byte(tt.text))
		diag.Sort(ds)
		var got, ids []string
		for _, d := range ds {
			got = append(got, fmt.Sprintf("%d:%d %s %s", d.Place.Line, d.Place.Column, d.Severity, d.ID))
		}
		for _, e := range f.Entries {
			ids = append(ids, e.ID)
		}
		if g := strings.Join(got, "; "); g != tt.want || strings.Join(ids, " ") != tt.ids {
			t.Errorf("%s: %s, messages %q; want %s, %q\n%v", tt.text, g, ids, tt.want, tt.ids, ds)
		}
		// An error is one of go-i18n's too, or of what it does not see.
		_, err := i18n.ParseMessageFileBytes([]byte(tt.text), tt.name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal, "json": json.Unmarshal, "yaml": yaml.Unmarshal})
		if (err != nil) != strings.Contains(tt.want, "error catalog.structure") {
			t.Errorf("%s: go-i18n says %v", tt.text, err)
		}
	}
}

// TestLikeGoI18n: what go-i18n reads from a file by its own decoders is what
// Parse gives.
func TestLikeGoI18n(t *testing.T) {
	decoders := map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal, "json": json.Unmarshal, "yaml": yaml.Unmarshal}
	for _, tt := range []struct{ format, text string }{
		{"toml", "A = \"a\"\n[B]\nid = \"b2\"\none = 'x'\nother = \"\"\"\nb\"\"\"\n[n.m]\nx = \"1\"\ny = {other = \"2\", few = \"3\"}\n[n.m.z]\nHash = \"h\"\nOther = \"4\"\nleftDelim = \"<<\"\n"},
		{"toml", "[[messages]]\nid = \"a\"\ntranslation = \"b\"\n[[messages]]\nid = \"c\"\n[messages.translation]\none = \"d\"\nother = \"e\"\n"},
		{"toml", "id = \"only\"\nother = \"one message\"\n"},
		{"toml", "[A]\n[B]\nother = \"\"\n"},
		{"toml", "a.b.c = \"x\"\n\"d.e\" = \"y\"\n[[f]]\nid = \"z\"\nother = \"\"\n"},
		{"json", `{"A": "a", "B": {"one": "b", "other": "c"}, "n": {"m": {"x": "1"}}, "e": null, "f": {"other": null}}`},
		{"json", `[{"id": "x", "translation": "y"}, {"id": "z", "translation": {"one": "1", "other": "2"}}]`},
		{"json", `{"A": {"Other": "x", "ONE": "y"}, "B": "z"}`},
		{"yaml", "A: a\nB:\n  one: b\n  other: c\nn: {m: {x: '1'}}\ne:\nf: ~\n"},
		{"yaml", "A: &x a\nB: *x\nC:\n  one: *x\n  other: &y c\nD: *y\n"},
		{"yaml", "- id: x\n  translation: y\n- id: z\n  other: w\n"},
	} {
		name := "active.en." + tt.format
		want, err := i18n.ParseMessageFileBytes([]byte(tt.text), name, decoders)
		if err != nil {
			t.Fatalf("%s: %v", tt.text, err)
		}
		f, ds := Parse(name, []byte(tt.text))
		if len(ds) > 0 {
			t.Errorf("%s: %v", tt.text, ds)
		}
		var a, b []string
		for _, m := range want.Messages {
			a = append(a, fmt.Sprintf("%+v", *m))
		}
		for _, e := range f.Entries {
			b = append(b, fmt.Sprintf("%+v", e.Message))
		}
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s:\n%s\ngo-i18n has\n%s", tt.text, strings.Join(b, "\n"), strings.Join(a, "\n"))
		}
	}
}

// TestRefused: files that go-i18n does not load, and those that it takes for
// more than they are, are not taken either.
func TestRefused(t *testing.T) {
	for _, tt := range []struct{ file, text, want, reason string }{
		{"a.en.yaml", "A: a\n404: b\n", "catalog.structure 2:1", "go-i18n: expected key to be string but got 404"},
		{"a.en.yaml", "A:\n  true: b\n", "catalog.structure 2:3", "the same with a boolean"},
		{"a.en.yaml", "A:\n  2001-01-01: b\n", "catalog.structure 2:3", "the same with a date"},
		{"a.en.yaml", "~: b\n", "catalog.structure 1:1", "the same with null"},
		{"a.en.yaml", "'404': a\nyes: b\ny: c\n", "", "strings, to YAML 1.2"},
		{"a.en.yaml", "A: &x a\nB: *x\n", "", "a text that stands for another"},
		{"a.en.yaml", "A: &x {other: a}\nB: *x\n", "catalog.syntax 2:4", "aliases of tables can double a file at every line"},
		{"a.en.yaml", "A: &x a\n*x : b\n", "catalog.syntax 2:1", "a key is what it says"},
		{"a.en.json", "{\"404\": \"a\"}", "", "JSON has no other keys"},
	} {
		_, ds := Parse(tt.file, []byte(tt.text))
		got := ""
		for _, d := range ds {
			got += fmt.Sprintf("%s %d:%d", d.ID, d.Place.Line, d.Place.Column)
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q: %s", tt.text, got, tt.want, tt.reason)
		}
	}
}
