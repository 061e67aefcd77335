package edit_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/edit"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/catalog/update"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

func changes(r update.Result) string {
	var out []string
	for _, c := range r.Changes {
		out = append(out, c.Kind+" "+c.Locale+" "+c.ID)
	}
	return strings.Join(out, "; ")
}

// put applies a result, as its reader would.
func put(in catalog.Files, r update.Result) catalog.Files {
	out := maps.Clone(in)
	maps.Copy(out, r.Write)
	for _, d := range r.Delete {
		delete(out, d)
	}
	return out
}

const syncSource = `# The source.

[Hello]
description = "Greeting"
other = "Hello, {{.Name}}!"

[Bye]
other = "Bye"

[Cats]
one = "{{.PluralCount}} cat"
other = "{{.PluralCount}} cats"
`

const syncTarget = `# Kept: the head.

# Kept: above.
[Bye]
hash = "sha1-0000000000000000000000000000000000000000" # kept: behind
# kept: inside
other = "Пока" # kept: at the end

[Gone]
other = "Нет его"

# Kept: Cats.
[Cats]
one = "{{.PluralCount}} кот"
other = "{{.PluralCount}} кота"
`

// Entry is a message with a description and one form.
func Entry(description, other string) (e message.Entry) {
	e.Description, e.Other = description, other
	return e
}

// TestEditLaws: what an edit says that it did is what it did, and no text is
// lost. The wanted files are those written, "" for one deleted.
func TestEditLaws(t *testing.T) {
	sync := func(in catalog.Files) (update.Result, []diag.Diagnostic) {
		return update.Sync(in, "en", update.SyncOptions{})
	}
	format := func(in catalog.Files) (update.Result, []diag.Diagnostic) { return update.Format(in, "en") }
	rename := func(from, to string) func(catalog.Files) (update.Result, []diag.Diagnostic) {
		return func(in catalog.Files) (update.Result, []diag.Diagnostic) { return update.Rename(in, "en", from, to) }
	}
	hash := func(s string) string { e := Entry("", s); return e.SourceHash() }
	for _, tt := range []struct {
		name    string
		do      func(catalog.Files) (update.Result, []diag.Diagnostic)
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
		{"format: lists of TOML", format, map[string]string{"en.toml": "a = \"A\"\nlist = []\n", "ru.toml": "[[m]]\nid=\"z\"\nother=\"Z\"\n", "uk.toml": "a = \"A\"\none = {two = [\"x\"]}\n"}, "", nil, "uk.toml:2:1 catalog.structure"},
		{"format: second document", format, map[string]string{"en.yaml": "a:   A\n---\nb: B\n"}, "", nil, "en.yaml:2:1 catalog.structure"},
		{"format: lists of JSON", format, map[string]string{"en.json": `{"a":"A","l":["p",{"id":"x","other":"X"}],"m":[],"n":null}`}, "",
			map[string]string{"en.json": "{\n  \"a\": \"A\",\n  \"l\": [\n    \"p\",\n    {\n      \"id\": \"x\",\n      \"other\": \"X\"\n    }\n  ],\n  \"m\": [],\n  \"n\": null\n}\n"}, "en.json:1:15 catalog.structure"},
		{"format: comments behind braces", format, map[string]string{"en.toml": "# head\n\na = {hash = \"sha1-0a\", other = \"A # no comment\"} # of a\r\nb = {other = 'B'} # of b\n# of c\nc.one = 'C' # one\nc.other = 'C'\nd = {x = {other = \"\"\"\n# no comment\\\"\"\"\"\"\"}, y = 'Y'} # of d\ne = {} # of e\n\n[f] # of f\nid = 'f' # id\nother = 'F'\n[g] # of g\n[g.h] # of h\ni = {one = 'I'} # of i\n# foot"}, "",
			map[string]string{"en.toml": "# head\n\n[a] # of a\nhash = \"sha1-0a\"\nother = \"A # no comment\"\n\n[b] # of b\nother = \"B\"\n\n# of c\n[c]\none = \"C\" # one\nother = \"C\"\n\n[d.x] # of d\nother = \"# no comment\\\"\\\"\\\"\"\n\n[d.y]\nother = \"Y\"\n\n# of e\n\n# id\n[f] # of f\nother = \"F\"\n\n# of g\n# of h\n[g.h.i] # of i\none = \"I\"\n\n# foot\n"}, ""},
		{"format: forms that wait for their text", format, map[string]string{"en.toml": "a = {other = 'A', one = ''}\n"}, "", map[string]string{"en.toml": "[a]\none = \"\"\nother = \"A\"\n"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := catalog.Files{}
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

// untouched says which line of was, of those that no edited message owns, is
// not in now, in the same order; "" if all are. Where messages go blank lines
// may too.
func untouched(name string, was, now []byte, ids map[string]bool, blank bool) string {
	was, now = bytes.TrimPrefix(was, message.BOM), bytes.TrimPrefix(now, message.BOM)
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
	mine := edit.Owned(name, was, ids)
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
	in := catalog.Files{"active.en.toml": []byte(syncSource), name: data}
	law := func(what string, do func(catalog.Files) (update.Result, []diag.Diagnostic), goes bool) {
		r, ds := do(in)
		ids := map[string]bool{}
		for _, c := range r.Changes {
			if c.Path == name && !slices.Contains([]string{update.New, update.Stale, update.Partial, update.Extra}, c.Kind) {
				ids[c.ID] = true
			}
		}
		for _, id := range []string{"Bye", "n.x"} {
			ids[id] = ids[id] || what == "rename"
		}
		for name, data := range r.Write {
			if _, ds := message.Parse(name, data); slices.ContainsFunc(ds, rule.IsError) {
				t.Fatalf("%s: %s: %v\n%s", what, name, ds, data)
			}
		}
		if now, ok := r.Write[name]; ok {
			if line := untouched(name, data, now, ids, goes); line != "" {
				t.Fatalf("%s: the line %q is not there any more\n%q\n---\n%q", what, line, data, now)
			}
		}
		if slices.ContainsFunc(ds, rule.IsError) {
			refused = append(refused, ds...)
			return
		}
		next := put(in, r)
		if again, ds := do(next); slices.ContainsFunc(ds, rule.IsError) && what != "rename" || len(again.Write)+len(again.Delete) > 0 {
			t.Fatalf("%s: a second run: %v\n%q\n---\n%q\n---\n%q", what, ds, data, next[name], again.Write[name])
		}
	}
	law("sync", func(in catalog.Files) (update.Result, []diag.Diagnostic) {
		return update.Sync(in, "en", update.SyncOptions{})
	}, false)
	law("sync and prune", func(in catalog.Files) (update.Result, []diag.Diagnostic) {
		return update.Sync(in, "en", update.SyncOptions{Prune: true})
	}, true)
	law("prune", func(in catalog.Files) (update.Result, []diag.Diagnostic) {
		return update.Prune(in, "en", []string{"Bye"})
	}, true)
	for _, to := range [][2]string{{"Bye", "x y"}, {"n.x", "n.new"}, {"n.x", "x y"}} {
		// The source has Bye too, and is not renamed again.
		law("rename", func(in catalog.Files) (update.Result, []diag.Diagnostic) {
			return update.Rename(catalog.Files{name: in[name]}, "en", to[0], to[1])
		}, true)
	}
	law("put", func(in catalog.Files) (update.Result, []diag.Diagnostic) {
		return update.ApplyTranslations(in, "en", "ru", []update.Translation{{ID: "Bye", Forms: map[string]string{"other": "До\nсвидания"}}, {ID: "Cats", Forms: map[string]string{"one": "{{.PluralCount}} кот", "few": "x", "many": "y", "other": "z"}}})
	}, false)
	if r, _ := update.Format(in, "en"); len(r.Write) > 0 {
		if now, ok := r.Write[name]; ok && format == "toml" && tomlHashes(now) != tomlHashes(data) {
			t.Fatalf("a comment is lost\n%q\n---\n%q", data, now)
		}
		if again, ds := update.Format(put(in, r), "en"); slices.ContainsFunc(ds, rule.IsError) || len(again.Write) > 0 {
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
		s = some(string(message.BOM)) + strings.ReplaceAll(s, "\n", newline)
		if _, ds := message.Parse("f."+format, []byte(s)); slices.ContainsFunc(ds, rule.IsError) {
			t.Fatalf("%q: %v", s, ds)
		}
		for _, d := range editLaws(t, format, []byte(s)) {
			if strings.Contains(d.Message, "edited") {
				t.Fatalf("%q: %v", s, d)
			}
		}
	}
}
