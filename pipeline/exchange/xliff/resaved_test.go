package xliff

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
)

func decoded(t testing.TB, data string) []*exchange.Unit {
	t.Helper()
	var out []*exchange.Unit
	for u, err := range Codec.Decode("f", strings.NewReader(data)) {
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		out = append(out, u)
	}
	return out
}

// TestResaved reads our sample as other tools write it again.
func TestResaved(t *testing.T) {
	one := string(encoded(t, exchange.Options{}, sample()))
	two := string(encoded(t, exchange.Options{Version: "2.1"}, sample()))
	replace := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	core := regexp.MustCompile(`<(/?)([A-Za-z-]+[ />\n])`)
	prefixed := func(s string) string {
		return strings.ReplaceAll(core.ReplaceAllString(s, "<${1}q:$2"), "xmlns=", "xmlns:q=")
	}
	for _, tt := range []struct {
		name, in string
		change   func(string) string
	}{
		{"1.2 with CRLF", one, replace("\n", "\r\n")},
		{"1.2 with a mark", one, func(s string) string { return "\ufeff" + s }},
		{"1.2 in UTF-16", one, func(s string) string { return string(utf16Bytes(strings.Replace(s, "UTF-8", "UTF-16", 1), false)) }},
		{"1.2 with prefixes", one, prefixed},
		{"1.2 in CDATA", one, replace("The harbour opens again", "<![CDATA[The harbour]]> opens <![CDATA[again]]>")},
		{"1.2 with entities", one, replace("Kite sailed", "&#75;ite &#x73;ailed")},
		{"1.2 with comments", one, replace("<source>The ", "<source><!-- x -->The <?p i?>")},
		{"1.2 with attributes in another order", one, replace(`id="heading-abc/s1" approved="yes" xml:space="preserve"`, `xml:space='preserve'  approved = "yes" id="heading-abc/s1"`)},
		{"1.2 with extensions", one, replace("</trans-unit>", `<t:x xmlns:t="urn:t" t:a="1"><t:y/></t:x></trans-unit>`, "<trans-unit ", `<trans-unit xmlns:t="urn:t" t:q="1" `)},
		{"1.2 without groups", one, func(s string) string {
			s = strings.ReplaceAll(s, "</group>\n", "")
			for {
				i := strings.Index(s, "<group ")
				if i < 0 {
					return s
				}
				s = s[:i] + s[i+strings.IndexByte(s[i:], '>')+1:]
			}
		}},
		{"2.1 with CRLF", two, replace("\n", "\r\n")},
		{"2.1 with a mark", two, func(s string) string { return "\ufeff" + s }},
		{"2.1 in UTF-16", two, func(s string) string { return string(utf16Bytes(strings.Replace(s, "UTF-8", "utf-16", 1), true)) }},
		{"2.1 with prefixes", two, prefixed},
		{"2.1 in groups", two, replace("<unit ", `<group id="g1"><group id="g2"><unit `, "</unit>", "</unit></group></group>")},
		{"2.1 with marks", two, replace("<source>The harbour", `<source><mrk id="zz" type="generic" translate="yes">The</mrk> harbour`)},
		{"2.1 without ids of segments", two, replace(`<segment id="s1"`, "<segment", `<ignorable id="i1"`, "<ignorable")},
		{"2.1 with extensions", two, replace("<segment ", `<segment xmlns:t="urn:t" `, "<notes>", `<t:x xmlns:t="urn:t">t</t:x><notes>`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := tt.change(tt.in)
			if data == tt.in {
				t.Fatal("nothing is changed")
			}
			want, got := decoded(t, tt.in), decoded(t, data)
			if len(got) != len(want) {
				t.Fatalf("%d units, want %d", len(got), len(want))
			}
			for i, u := range got {
				w := want[i]
				if u.ID != w.ID || len(u.Segments) != len(w.Segments) || !u.Source.Equal(w.Source) || u.TargetLocale != w.TargetLocale {
					t.Fatalf("unit %+v, want %+v", u.Unit, w.Unit)
				}
				for j := range u.Segments {
					a, b := &u.Targets[j], &w.Targets[j]
					if u.Segments[j].ID != w.Segments[j].ID && !strings.Contains(tt.name, "without ids") || a.Filled != b.Filled || !a.Text.Equal(b.Text) || a.State != b.State || a.SubState != b.SubState {
						t.Errorf("segment %+v, want %+v", a, b)
					}
				}
			}
		})
	}
}

// TestStates reads the states that tools leave.
func TestStates(t *testing.T) {
	for _, tt := range []struct {
		unit, target, text string
		filled             bool
		state              bitext.State
		sub                string
	}{
		{"", "", "", false, bitext.Initial, ""},
		{"", ` state="new"`, "a", false, bitext.Initial, ""},                                // the source stands in
		{"", ` state="needs-translation"`, "ä", true, bitext.Initial, bitext.SubStateCheck}, // a draft
		{"", "", "a", true, bitext.Translated, ""},
		{` approved="yes"`, "", "ä", true, bitext.Reviewed, ""},
		{` approved="no"`, "", "ä", true, bitext.Translated, ""},
		{"", ` state="needs-l10n"`, "ä", true, bitext.Translated, bitext.SubStateCheck}, // Poedit
		{"", ` state="needs-review-translation"`, "ä", true, bitext.Translated, bitext.SubStateCheck},
		{"", ` state="needs-review-translation" state-qualifier="leveraged-mt"`, "ä", true, bitext.Translated, bitext.SubStateMT},
		{` approved="yes"`, ` state="needs-review-translation"`, "ä", true, bitext.Translated, ""},
		{` approved="yes"`, ` state="translated"`, "ä", true, bitext.Translated, ""},
		{"", ` state="signed-off"`, "ä", true, bitext.Reviewed, ""},
		{"", ` state="final"`, "ä", true, bitext.Final, ""},
		{"", ` state="x-own"`, "ä", true, bitext.Translated, ""},
	} {
		got := decoded(t, `<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="o" source-language="en" target-language="de" datatype="x-a"><body><trans-unit id="1"`+
			tt.unit+`><source>a</source><target`+tt.target+`>`+tt.text+`</target></trans-unit></body></file></xliff>`)[0].Targets[0]
		if got.Filled != tt.filled || got.State != tt.state || got.SubState != tt.sub {
			t.Errorf("%s %s %q: filled %v, %v %q", tt.unit, tt.target, tt.text, got.Filled, got.State, got.SubState)
		}
	}
}

// TestForeign12 reads a file of another's: segments in seg-source, codes of all
// sorts, proposals, notes, no groups of ours.
func TestForeign12(t *testing.T) {
	u := decoded(t, `<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="o" source-language="en" datatype="html"><body><group id="g"><note>for the group</note>
<trans-unit id="a" resname="n" restype="x-p" size-unit="char" maxwidth="40"><source>One. <g id="1" ctype="bold">Two</g><x id="2" ctype="lb" clone="no"/>.</source>
<seg-source><mrk mtype="seg" mid="x">One.</mrk> <mrk mtype="seg" mid="y"><g id="1" ctype="bold">Two</g><x id="2" ctype="lb" clone="no"/>.</mrk></seg-source>
<target xml:lang="de" state="translated"><mrk mtype="seg" mid="x">Eins.</mrk> <mrk mtype="seg" mid="y"><bx id="7" rid="1"/>Zwei<ex id="8" rid="1"/><mrk mtype="protected">.</mrk></mrk></target>
<context-group purpose="location"><context context-type="sourcefile">a.c</context><context context-type="linenumber">7</context></context-group>
<note from="dev">careful</note>
<alt-trans mid="y" match-quality="84.5%" origin="TM"><source>Two!</source><target>Zwei!</target></alt-trans>
<alt-trans alttranstype="previous-version"><target>old</target></alt-trans></trans-unit></group></body></file></xliff>`)[0]
	if u.ID != "a" || u.Name != "n" || u.Kind != "p" || u.MaxLength != 40 || u.TargetLocale != "de" || u.Location != "a.c:7" {
		t.Errorf("unit %+v, location %q, to %q", u.Unit, u.Location, u.TargetLocale)
	}
	if len(u.Unit.Notes) != 2 || u.Unit.Notes[0].Text != "for the group" || u.Unit.Notes[1] != (bitext.Note{Category: "dev", Text: "careful"}) {
		t.Errorf("notes %+v", u.Unit.Notes)
	}
	if len(u.Segments) != 3 || u.Segments[0].ID != "x" || !u.Segments[1].Ignorable || u.Segments[2].Source.Tagged() != "<1>Two</1><2/>." {
		t.Fatalf("segments %+v", u.Segments)
	}
	if c := u.Segments[2].Source.Codes; c[0].Type != "fmt" || c[0].SubType != "xlf:b" || !c[2].NoCopy || c[2].SubType != "xlf:lb" {
		t.Errorf("codes %+v", c)
	}
	if u.Targets[0].Text.Chars != "Eins." || u.Targets[2].Text.Tagged() != "<1>Zwei</1>." {
		t.Errorf("targets %+v", u.Targets)
	}
	if m := u.Targets[2].Matches; len(m) != 1 || m[0].Score != 84 || m[0].Type != bitext.FuzzyMatch || m[0].Origin.Name != "TM" || m[0].Target.Chars != "Zwei!" {
		t.Errorf("matches %+v", m)
	}
}

// TestResegmented reads units that a tool has cut or joined otherwise.
func TestResegmented(t *testing.T) {
	u := decoded(t, `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en" trgLang="de"><file id="f"><unit id="u"><originalData><data id="d">&lt;b></data></originalData>
<segment id="s1" state="translated"><source><sc id="1" dataRef="d"/>A.</source><target><sc id="1" dataRef="d"/>Ä.</target></segment><ignorable><source> </source></ignorable>
<segment state="final"><source>B. C<ec startRef="1"/></source><target>B. C<ec startRef="1"/><ph id="9" copyOf="1"/></target></segment></unit></file></xliff>`)[0]
	if len(u.Segments) != 3 || u.Segments[0].ID != "s1" || u.Segments[1].ID != "i1" || u.Segments[2].ID != "s2" || u.Source.Tagged() != "<1>A. B. C</1>" {
		t.Errorf("unit %+v", u.Unit)
	}
	if u.Targets[2].State != bitext.Final || u.Targets[0].Text.Codes[0].Data != "<b>" || u.Targets[2].Text.Codes[1].ID != "1" {
		t.Errorf("targets %+v", u.Targets)
	}
}

// endless gives a piece again and again, up to a size.
type endless struct {
	head, piece, tail string
	left              int64
	at                int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		switch {
		case e.head != "":
			k := copy(p[n:], e.head)
			e.head = e.head[k:]
			n += k
		case e.left > 0:
			k := copy(p[n:], e.piece[e.at:])
			e.at = (e.at + k) % len(e.piece)
			e.left -= int64(k)
			n += k
			if e.left <= 0 && e.at != 0 {
				e.left = 1
			}
		case e.tail != "":
			k := copy(p[n:], e.tail)
			e.tail = e.tail[k:]
			n += k
		case n > 0:
			return n, nil
		default:
			return 0, io.EOF
		}
	}
	return n, nil
}

// TestHostile reads what was made to do harm.
func TestHostile(t *testing.T) {
	const (
		head12 = `<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="`
		head2  = `<xliff version="2.1" srcLang="en" trgLang="de" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f"><unit id="u"`
	)
	for _, tt := range []struct {
		name string
		in   io.Reader
		want string
	}{
		{"document type and no end", strings.NewReader("<?xml version=\"1.0\"?>\n<!DOCTYPE xliff SYSTEM \"http://example.org/x.dtd\">\n" + head12), "the file ends before"},
		{"external entity", strings.NewReader(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xliff>&e;</xliff>`), "f:1:13: a document type"},
		{"entity bomb", strings.NewReader(`<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xliff>&b;</xliff>`), "f:1:13: a document type"},
		{"entity without declaration", strings.NewReader(head12 + `&lol;"`), "an entity other than"},
		{"attribute of a gigabyte", &endless{head: head12, piece: "a", left: 1 << 30}, "a tag of more than"},
		{"attribute of a gigabyte, 2.1", &endless{head: head2 + " name='", piece: "b ", left: 1 << 30}, "a tag of more than"},
		{"deep", &endless{head: head2 + "><segment><source>", piece: `<pc id="1">`, left: 1 << 30}, "more than 256 elements"},
		{"text of a gigabyte", &endless{head: head2 + "><segment><source>", piece: "word ", left: 1 << 30}, "a unit of more than"},
		{"note of a gigabyte", &endless{head: `<xliff version="2.1" srcLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f"><notes><note>`, piece: "word ", left: 1 << 30}, "a text of more than"},
		{"NUL", strings.NewReader(head2 + ">\x00"), "the control character U+0000"},
		{"control character", strings.NewReader(head2 + "><segment><source>a\x08"), "the control character U+0008"},
		{"not XLIFF", strings.NewReader("<tmx/>"), "f:1:1: the root element is <tmx>"},
		{"a version to come", strings.NewReader(`<xliff xmlns="urn:oasis:names:tc:xliff:document:3.0" version="3.0"/>`), `XLIFF version "3.0"`},
		{"cut", strings.NewReader(head2 + "><segment>"), "the file ends before </segment>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var last error
			for _, err := range Codec.Decode("f", tt.in) {
				last = err
			}
			if last == nil || !strings.Contains(last.Error(), tt.want) {
				t.Errorf("error %v, want %q", last, tt.want)
			}
		})
	}
	t.Run("path traversal", func(t *testing.T) {
		u := decoded(t, head12+`../../../etc/passwd" source-language="en" datatype="x-a"><body><trans-unit id="1"><source>a</source></trans-unit></body></file></xliff>`)
		if u[0].Path != "../../../etc/passwd" {
			t.Errorf("path %q", u[0].Path)
		}
	})
	t.Run("skeleton of any size", func(t *testing.T) {
		in := &endless{head: `<xliff version="2.1" srcLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f"><skeleton>`, piece: "word ", left: 3 * ns.MaxUnit,
			tail: `</skeleton><unit id="u"><segment><source>a</source></segment></unit></file></xliff>`}
		n := 0
		for u, err := range Codec.Decode("f", in) {
			if err != nil || u.ID != "u" {
				t.Fatal(u, err)
			}
			n++
		}
		if n != 1 {
			t.Errorf("%d units", n)
		}
	})
	t.Run("a bad unit does not end reading", func(t *testing.T) {
		var ids, errs []string
		for u, err := range Codec.Decode("f", strings.NewReader(head12+`a" source-language="en" datatype="x-a"><body><trans-unit id="1"/>`+"\n"+`<trans-unit id="2"><target>x</target></trans-unit><trans-unit id="3"><source>y</source></trans-unit></body></file></xliff>`)) {
			if err != nil {
				errs = append(errs, err.Error())
			} else {
				ids = append(ids, u.ID)
			}
		}
		if len(errs) != 2 || !strings.HasPrefix(errs[0], "f:1:") || !strings.HasPrefix(errs[1], "f:2:1: ") || len(ids) != 1 || ids[0] != "3" {
			t.Errorf("errors %q, units %q", errs, ids)
		}
	})
}

// TestEncodeRefuses holds the encoders to saying what they cannot write.
func TestEncodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		version string
		change  func([]*exchange.Unit)
		want    string
	}{
		{"no id", "1.2", func(us []*exchange.Unit) { us[0].ID = "" }, "has no id"},
		{"same segment", "2.1", func(us []*exchange.Unit) { us[1].Segments[2].ID = "s1" }, "two segments have the id s1"},
		{"targets", "2.1", func(us []*exchange.Unit) { us[1].Targets = us[1].Targets[:1] }, "3 segments and 1 targets"},
		{"locale", "1.2", func(us []*exchange.Unit) { us[0].SourceLocale = "english, please" }, "is not a BCP 47 tag"},
		{"no target locale", "2.1", func(us []*exchange.Unit) { us[0].TargetLocale = "" }, "no target language"},
		{"two target locales", "2.1", func(us []*exchange.Unit) {
			h := *us[2].Header
			h.TargetLocale = "ru"
			us[2].Header = &h
		}, "one pair of languages"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			units := sample()
			tt.change(units)
			e, err := Codec.Encode(io.Discard, exchange.Options{Version: tt.version})
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range units {
				if err = e.Write(u); err != nil {
					break
				}
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	for _, o := range []exchange.Options{{Version: "3"}, {Flavor: "x"}, {Version: "2.1", Flavor: FlavorOmegaT}} {
		if _, err := Codec.Encode(&bytes.Buffer{}, o); err == nil {
			t.Errorf("%+v is no error", o)
		}
	}
}
