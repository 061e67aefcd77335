package edition

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// doc is a document of plain one-segment units, the first of them chrome.
func doc(texts ...string) *bitext.Document {
	d := &bitext.Document{Path: "a.txt", Locale: "en"}
	var ids bitext.IDs
	for i, s := range texts {
		u := bitext.Unit{Source: bitext.Plain(s)}
		u.ID = ids.Content(bitext.Paragraph, u.Source)
		if i == 0 {
			u.Message = &bitext.Message{ID: "M"}
		}
		u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
		d.Units = append(d.Units, u)
	}
	return d
}

func filled(text string, state bitext.State, sub string) bitext.Target {
	return bitext.Target{Text: bitext.Plain(text), Filled: true, State: state, SubState: sub, Match: bitext.ExactMatch}
}

func TestPublish(t *testing.T) {
	chrome := bitext.Target{Text: bitext.Plain("Хроніка"), Filled: true, State: bitext.Final, Origin: bitext.Origin{Kind: bitext.FromCatalog}}
	good := filled("добре", bitext.Reviewed, "")
	open := func(change func(*Policy)) func(*Policy) {
		return func(p *Policy) {
			if p.Threshold, p.Require = 0, nil; change != nil {
				change(p)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		policy func(*Policy)
		body   bitext.Target
		want   Status
		text   string // of the second segment as published
		locale string
	}{
		{"reviewed", nil, good, Finished, "добре", ""},
		{"missing", nil, bitext.Target{}, Withheld, "body", "en"},
		{"missing, allowed", open(nil), bitext.Target{}, Unfinished, "body", "en"},
		{"missing, withheld", open(func(p *Policy) { p.Missing = Withhold }), bitext.Target{}, Withheld, "body", "en"},
		{"missing, fallback", open(func(p *Policy) { p.Missing = UseFallback }), bitext.Target{}, Unfinished, "запас", "be"},
		{"too low a state", open(func(p *Policy) { p.State = bitext.Final }), good, Unfinished, "body", "en"},
		{"machine translation", open(nil), filled("машина", bitext.Translated, bitext.SubStateMT), Unfinished, "body", "en"},
		{"machine translation allowed", func(p *Policy) { p.MT = true }, filled("машина", bitext.Translated, bitext.SubStateMT), Machine, "машина", ""},
		{"fuzzy", open(nil), filled("майже", bitext.Translated, bitext.SubStateFuzzy+"-84"), Unfinished, "body", "en"},
		{"exact", nil, filled("точно", bitext.Translated, bitext.SubStateExact), Finished, "точно", ""},
		{"exact refused", open(func(p *Policy) { p.Exact = false }), filled("точно", bitext.Translated, bitext.SubStateExact), Unfinished, "body", "en"},
		{"initial", open(nil), filled("текст", bitext.Initial, ""), Unfinished, "body", "en"},
		{"two thirds of the words", func(p *Policy) { p.Threshold = 66 }, bitext.Target{}, Unfinished, "body", "en"},
		{"less than the threshold", func(p *Policy) { p.Threshold = 67 }, bitext.Target{}, Withheld, "body", "en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := doc("Chronicle", "body", "more body")
			tr := bitext.NewTranslation(d, "uk")
			tr.Targets[0][0], tr.Targets[1][0], tr.Targets[2][0] = chrome, tt.body, good
			tr.Targets[2][0].State = bitext.Final
			before := tr.Targets[1][0].Text.Chars
			fallback := bitext.NewTranslation(d, "be")
			fallback.Targets[1][0] = filled("запас", bitext.Reviewed, "")
			p := Default()
			if tt.policy != nil {
				tt.policy(&p)
			}
			got := Publish(tr, p, &Fallback{fallback, Default()})
			target := got.Translation.Targets[1][0]
			if got.Status != tt.want || target.Text.Chars != tt.text || target.Locale != tt.locale {
				t.Errorf("got %s with %q in %q; want %s with %q in %q", got.Status, target.Text.Chars, target.Locale, tt.want, tt.text, tt.locale)
			}
			if tr.Targets[1][0].Text.Chars != before {
				t.Error("Publish changed the translation it was given")
			}
		})
	}
}

// An edition of which only the site's chrome is translated is the source article
// under another name: it is held back.
func TestPublishHoldsBackWhatIsNotTranslated(t *testing.T) {
	d := doc("Chronicle", "body")
	tr := bitext.NewTranslation(d, "uk")
	tr.Targets[0][0] = bitext.Target{Text: bitext.Plain("Хроніка"), Filled: true, State: bitext.Final, Origin: bitext.Origin{Kind: bitext.FromCatalog}}
	if got := Publish(tr, Default(), nil); got.Status != Withheld {
		t.Errorf("status %s, want %s", got.Status, Withheld)
	}
}

// A hole in a paragraph of the other direction replaces the paragraph.
func TestPublishReplacesWholeBlocks(t *testing.T) {
	for _, tt := range []struct {
		locale string
		second bitext.Target // of the fallback's three
		want   []string
	}{
		{"uk", bitext.Target{}, []string{"eins", "two", "drei"}},
		{"fa", bitext.Target{}, []string{"one", "two", "three"}},
		{"fa", filled("zwo", bitext.Reviewed, ""), []string{"ein", "zwo", "drei!"}},
	} {
		d := doc("Chronicle", "one two three", "other")
		u := &d.Units[1]
		u.SegmentAt([]bitext.Boundary{{Pos: 3}, {Pos: 4}, {Pos: 7}, {Pos: 8}}, func(part int, _ bitext.Text) bool { return part%2 == 1 })
		tr, fallback := bitext.NewTranslation(d, tt.locale), bitext.NewTranslation(d, "de")
		tr.Targets[1][0], tr.Targets[1][4] = filled("eins", bitext.Final, ""), filled("drei", bitext.Final, "")
		fallback.Targets[1][0], fallback.Targets[1][2], fallback.Targets[1][4] = filled("ein", bitext.Final, ""), tt.second, filled("drei!", bitext.Final, "")
		p := Default()
		p.Missing = UseFallback
		got := Publish(tr, p, &Fallback{fallback, Default()})
		for i, want := range tt.want {
			if text := got.Translation.Targets[1][2*i].Text.Chars; text != want {
				t.Errorf("%s: segment %d is %q, want %q", tt.locale, i, text, want)
			}
		}
		if len(tr.Targets[1]) != 5 || tr.Targets[1][0].Text.Chars != "eins" {
			t.Error("Publish changed the translation it was given")
		}
	}
}

func TestPublishOriginal(t *testing.T) {
	d := doc("Chronicle", "two words")
	got := Publish(bitext.NewTranslation(d, "en"), Default(), nil)
	if got.Status != Original || got.Count.Words != 3 || got.Count.Completeness() != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestManifest(t *testing.T) {
	m := &Manifest{Locale: "uk", Direction: "ltr"}
	for _, path := range []string{"b.html", "a.html", "b.html"} {
		m.Put(Article{Path: path, Status: Finished, Segments: []Provenance{{Unit: "p", Match: bitext.ExactMatch}}})
	}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseManifest("uk", data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.Encode()
	if err != nil || string(again) != string(data) {
		t.Errorf("encoded again:\n%s\nwant\n%s\n%v", again, data, err)
	}
	if len(back.Articles) != 2 || back.Articles[0].Path != "a.html" {
		t.Errorf("articles %+v, want a.html and b.html once each", back.Articles)
	}
}

func TestMeta(t *testing.T) {
	d := doc("x")
	m := Meta(d, "https://example.org/{locale}/{path}", "2026/río mar.html", "fa", []string{"en", "fa", "ru"})
	if m.Dir != "rtl" || m.URL != "https://example.org/fa/2026/r%C3%ADo%20mar.html" || m.Key != "2026/río mar" {
		t.Errorf("got %+v", m)
	}
	if len(m.Alternates) != 3 || m.Alternates[2].URL != "https://example.org/ru/2026/r%C3%ADo%20mar.html" {
		t.Errorf("alternates %+v", m.Alternates)
	}
	if m := Meta(d, "", "a.html", "ru", []string{"ru"}); len(m.Alternates) != 0 {
		t.Errorf("without an address: alternates %+v, want none", m.Alternates)
	}
}

func TestSourcePrefixes(t *testing.T) {
	for base, want := range map[string]string{
		"":                                      "",
		"https://example.org/{path}":            "",
		"https://example.org/{path}/{locale}":   "",
		"https://example.org/{locale}/{path}":   "https://example.org/en/ http://example.org/en/ //example.org/en/ /en/",
		"https://{locale}.example.org/a/{path}": "https://en.example.org/a/ http://en.example.org/a/ //en.example.org/a/",
		"/{locale}/{path}":                      "/en/",
	} {
		if got := strings.Join(SourcePrefixes(base, "en"), " "); got != want {
			t.Errorf("%s: got %s, want %s", base, got, want)
		}
	}
}

// Entries are the same bytes as the manifest that they are kept of, in memory, in a
// file of their own and in the manifest.
func TestEntries(t *testing.T) {
	for n := range 4 {
		spilled := NewTexts(func() (TextFile, error) { return os.Create(filepath.Join(t.TempDir(), "texts")) })
		spilled.size = maxTexts // as if there were many
		m := &Manifest{Locale: "uk", Direction: "ltr", Articles: []Article{}}
		e, f, sent := NewEntries("uk", "ltr", nil), NewEntries("uk", "ltr", spilled), NewEntries("uk", "ltr", nil)
		for i := range n {
			a := Article{
				Path: fmt.Sprintf("%d \"<\\\n    }.html", 9-i), Source: "    {\n      \"path\": \n      \"segments\": ", Status: Finished,
				Segments: []Provenance{{Unit: "    }\n" + strings.Repeat("long", 30000*i), Segment: "\"editionSHA256\": \""}},
			}
			if i%2 == 0 {
				a.Edition = "abc"
			}
			m.Put(a)
			e.Put(a, nil)
			f.Put(a, nil)
			text, err := a.segments().Encode(len(a.Segments))
			if err != nil {
				t.Fatal(err)
			}
			head := a
			head.Segments = nil
			sent.PutSegments(head, EncodedSegments(text), nil)
		}
		want, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		read := func(locale, direction string, data []byte, known bool) *Entries {
			x, err := ReadEntries(locale, direction, bytes.NewReader(data), int64(len(data)), known, spilled)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		parsed, split := read("uk", "ltr", want, false), read("uk", "ltr", want, true)
		// Another layout is read too, and an entry that Put would write otherwise.
		other := read("uk", "rtl", want, false)
		other.direction = "ltr"
		for k, x := range []*Entries{e, f, sent, parsed, split, other} {
			var got bytes.Buffer
			if _, err := x.WriteTo(&got); err != nil || got.String() != string(want) {
				t.Errorf("%d: got\n%s\nwant\n%s\n%v", k, got.Bytes(), want, err)
			}
			if !x.Equal(e) || n > 0 && x.Equal(NewEntries("uk", "ltr", nil)) {
				t.Errorf("%d: not equal to itself, or to an empty one", k)
			}
			for i := range m.Articles {
				a := &m.Articles[i]
				got, ok := x.Find(a.Path)
				if !ok || !reflect.DeepEqual(got, a) || x.HasPage(a.Path) != (a.Edition != "") || !x.Same(e, a.Path) {
					t.Errorf("%d, %q: got %+v", k, a.Path, got)
				}
				head, ok := x.Head(a.Path)
				short := *a
				short.Segments = nil
				if !ok || !reflect.DeepEqual(head, &short) {
					t.Errorf("%d, %q: head %+v", k, a.Path, head)
				}
				x.Release(a.Path)
			}
		}
		if text := split.textOf("9 \"<\\\n    }.html"); n > 0 && text.from == nil {
			t.Error("the entries of a known manifest are in memory")
		}
		if _, err := ReadEntries("fa", "rtl", bytes.NewReader(want), int64(len(want)), true, nil); err == nil {
			t.Error("the manifest of another locale was read")
		}
	}
}

// A manifest that is not whole is refused, as ParseManifest does.
func TestEntriesDamaged(t *testing.T) {
	m := &Manifest{Locale: "uk", Direction: "ltr"}
	m.Put(Article{Path: "a", Segments: []Provenance{}})
	m.Put(Article{Path: "b", Edition: "x", Segments: []Provenance{{Unit: "u"}}})
	want, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(want) - 2 {
		for _, known := range []bool{false, true} {
			if _, err := ReadEntries("uk", "ltr", bytes.NewReader(want[:cut]), int64(cut), known, nil); err == nil {
				t.Fatalf("the first %d of %d bytes were read", cut, len(want))
			}
		}
	}
	swapped := bytes.ReplaceAll(want, []byte(`"path": "a"`), []byte(`"path": "c"`))
	if _, err := ReadEntries("uk", "ltr", bytes.NewReader(swapped), int64(len(swapped)), false, nil); err == nil {
		t.Error("articles out of order were read")
	}
}
