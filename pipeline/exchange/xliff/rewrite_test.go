package xliff

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
	"hexapla/pipeline/exchange/xliff/validate"
)

func keep(*exchange.Unit) error { return nil }

func rewritten(t testing.TB, name string, data []byte, edit func(*exchange.Unit) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Rewrite(name, bytes.NewReader(data), &b, edit); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b.Bytes()
}

// TestRewriteKeeps reads and writes files of any origin, and loses no byte.
func TestRewriteKeeps(t *testing.T) {
	files := map[string][]byte{}
	for _, dir := range []string{"valid", "modules-valid", "in-out"} {
		for _, f := range oasis(t, dir+"/*.xlf") {
			files[f] = read(t, f)
		}
	}
	for _, f := range fixtures(t) {
		files[f] = read(t, f)
	}
	for _, version := range versions {
		files["own "+version] = encoded(t, exchange.Options{Version: version}, exchangetest.Generate(5))
	}
	const text = "<?xml version=\"1.0\" encoding=\"%s\"?>\r\n<xliff version=\"1.2\"><!-- ж --><file original=\"a\" source-language=\"en\" target-language=\"ru\" datatype=\"x-y\">" +
		"<body><trans-unit id='1' ><source>a\r\nb</source\t><target>жук</target></trans-unit></body></file></xliff>\n<!-- end -->\n"
	files["utf-16le"] = utf16Bytes(fmt.Sprintf(text, "UTF-16"), false)
	files["utf-16be"] = utf16Bytes(fmt.Sprintf(text, "UTF-16"), true)
	cyrillic, err := charmap.Windows1251.NewEncoder().String(fmt.Sprintf(text, "windows-1251"))
	if err != nil {
		t.Fatal(err)
	}
	files["windows-1251"] = []byte(cyrillic)
	for name, data := range files {
		if got := rewritten(t, name, data, keep); !bytes.Equal(got, data) {
			t.Errorf("%s comes back otherwise:\n%.3000s", name, got)
		}
	}
}

func utf16Bytes(s string, big bool) []byte {
	var out []byte
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(s))...) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// TestRewriteTargets changes every target of the valid samples, and finds them all
// and nothing else changed.
func TestRewriteTargets(t *testing.T) {
	for _, dir := range []string{"valid", "modules-valid"} {
		for _, f := range oasis(t, dir+"/*.xlf") {
			data := read(t, f)
			if !bytes.Contains(data, []byte("trgLang")) {
				continue
			}
			want := map[string]bitext.Target{}
			out := rewritten(t, f, data, func(u *exchange.Unit) error {
				for i := range u.Segments {
					if u.Segments[i].Ignorable {
						continue
					}
					target := &u.Targets[i]
					*target = bitext.Target{Filled: true, State: bitext.Reviewed, SubState: "my:sub", Text: u.Segments[i].Source.Clone(), Matches: target.Matches, Terms: target.Terms}
					if len(target.Text.Codes) == 0 {
						target.Text = bitext.Plain("Neu & <besser>\x01 \"ж\"")
					}
					want[u.ID+"/"+u.Segments[i].ID] = *target
				}
				return nil
			})
			for u, err := range Codec.Decode(f, bytes.NewReader(out)) {
				if err != nil {
					t.Fatalf("%s: %v\n%s", f, err, out)
				}
				for i := range u.Segments {
					w, ok := want[u.ID+"/"+u.Segments[i].ID]
					if got := u.Targets[i]; ok && (!got.Text.Equal(w.Text) || got.State != w.State || got.SubState != w.SubState || !got.Filled) {
						t.Errorf("%s: unit %s, segment %s: target %+v, want %+v", f, u.ID, u.Segments[i].ID, got.Text, w.Text)
					}
				}
			}
			if found := validate.File(f, bytes.NewReader(out)); failed(found) {
				t.Errorf("%s is no longer valid: %v\n%s", f, found, out)
			}
			// Taken away again, the targets leave the file as it would be without.
			bare := func(u *exchange.Unit) error {
				for i := range u.Targets {
					if !u.Segments[i].Ignorable {
						u.Targets[i] = bitext.Target{}
					}
				}
				return nil
			}
			if a, b := rewritten(t, f, data, bare), rewritten(t, f, out, bare); stateless(a) != stateless(b) {
				t.Errorf("%s: more than targets changed:\n%s\n%s", f, a, b)
			}
		}
	}
}

// stateless is a file without the states and without targets that say nothing.
func stateless(data []byte) string {
	s := strings.ReplaceAll(string(data), "<target></target>", "")
	for _, a := range []string{"state", "subState"} {
		for {
			i := strings.Index(s, " "+a+"=\"")
			if i < 0 {
				break
			}
			j := strings.IndexByte(s[i+len(a)+3:], '"')
			s = s[:i] + s[i+len(a)+3+j+1:]
		}
	}
	return s
}

func TestRewrite12(t *testing.T) {
	const in = `<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:1.2" version="1.2" xmlns:my="urn:my"><x:file original="o" source-language="en" target-language="de" datatype="x-a"><x:body>
<x:trans-unit id="1" my:keep="&#65;"><x:source>One <x:g id="1">two</x:g><x:x id="2"/></x:source><my:note a='1'/></x:trans-unit>
<x:trans-unit id="2" approved='yes' ><x:source>Zwei</x:source><x:target state='final' my:a="b"/><!-- c --></x:trans-unit>
<x:trans-unit id="3"><x:source>A. B.</x:source><x:seg-source><x:mrk mtype="seg" mid="1">A.</x:mrk> <x:mrk mtype="seg" mid="2">B.</x:mrk></x:seg-source><x:target><x:mrk mtype="seg" mid="1">x</x:mrk> <x:mrk mtype="seg" mid="2"></x:mrk></x:target></x:trans-unit>
</x:body></x:file></x:xliff>`
	const want = `<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:1.2" version="1.2" xmlns:my="urn:my"><x:file original="o" source-language="en" target-language="de" datatype="x-a"><x:body>
<x:trans-unit id="1" my:keep="&#65;"><x:source>One <x:g id="1">two</x:g><x:x id="2"/></x:source><x:target state="translated"><x:x id="2"/><x:g id="1">&lt;eins<x:ph id="cp1" ctype="x-cp">0007</x:ph>&gt;</x:g></x:target><my:note a='1'/></x:trans-unit>
<x:trans-unit id="2" ><x:source>Zwei</x:source><x:target state="translated" my:a="b">zwei</x:target><!-- c --></x:trans-unit>
<x:trans-unit id="3"><x:source>A. B.</x:source><x:seg-source><x:mrk mtype="seg" mid="1">A.</x:mrk> <x:mrk mtype="seg" mid="2">B.</x:mrk></x:seg-source><x:target state="translated"><x:mrk mtype="seg" mid="1">x</x:mrk> <x:mrk mtype="seg" mid="2">b</x:mrk></x:target></x:trans-unit>
</x:body></x:file></x:xliff>`
	got := rewritten(t, "f", []byte(in), func(u *exchange.Unit) error {
		target := &u.Targets[len(u.Targets)-1]
		target.State, target.Filled = bitext.Translated, true
		switch u.ID {
		case "1":
			codes := u.Segments[0].Source.Codes
			target.Text = bitext.Text{Chars: "<eins\a>", Codes: []bitext.Code{codes[2], codes[0], codes[1]}}
			target.Text.Codes[0].Pos, target.Text.Codes[1].Pos, target.Text.Codes[2].Pos = 0, 0, len("<eins\a>")
		case "2":
			target.Text = bitext.Plain("zwei")
		case "3":
			target.Text = bitext.Plain("b")
		}
		return nil
	})
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRewriteRefuses(t *testing.T) {
	const in = `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="de"><file id="f"><unit id="u">` +
		`<segment id="s"><source><pc id="1">a</pc><ph id="2"/></source></segment></unit></file></xliff>`
	code := func(k bitext.CodeKind, id string) bitext.Code { return bitext.Code{Kind: k, ID: id} }
	for _, tt := range []struct {
		name  string
		codes []bitext.Code
		want  string
	}{
		{"unknown", []bitext.Code{code(bitext.Placeholder, "9")}, "the placeholder code 9 is not in the source"},
		{"twice", []bitext.Code{code(bitext.Placeholder, "2"), code(bitext.Placeholder, "2")}, "stands twice"},
		{"open", []bitext.Code{code(bitext.Start, "1")}, "the code 1 has no end"},
		{"end only", []bitext.Code{code(bitext.End, "1")}, "ends where it does not stand innermost"},
	} {
		err := Rewrite("f", strings.NewReader(in), &bytes.Buffer{}, func(u *exchange.Unit) error {
			u.Targets[0] = bitext.Target{Filled: true, Text: bitext.Text{Codes: tt.codes}}
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
	boom := fmt.Errorf("boom")
	if err := Rewrite("f", strings.NewReader(in), &bytes.Buffer{}, func(*exchange.Unit) error { return boom }); err != boom {
		t.Errorf("error %v, want that of edit", err)
	}
	if err := Rewrite("f", strings.NewReader(in[:200]), &bytes.Buffer{}, keep); err == nil {
		t.Error("a file that is cut is copied without error")
	}
}
