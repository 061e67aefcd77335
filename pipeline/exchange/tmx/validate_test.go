package tmx

import (
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	const head = `<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en" datatype="plaintext"/><body>`
	const end = "</body></tmx>"
	for _, tt := range []struct{ name, in, want string }{
		{"sound", head + `<tu><tuv xml:lang="en"><seg>a <bpt i="1">b</bpt><ept i="1"/></seg></tuv></tu>` + end, ""},
		{"lang of 1.1", head + `<tu><tuv lang="en"><seg>a</seg></tuv></tu>` + end, ""},
		{"no header", `<tmx version="1.4"><body/></tmx>`, "tmx.header"},
		{"no srclang", strings.Replace(head, `srclang="en"`, "", 1) + end, "tmx.attribute"},
		{"no language", head + `<tu><tuv><seg>a</seg></tuv></tu>` + end, "tmx.language"},
		{"no seg", head + `<tu><tuv xml:lang="en"></tuv></tu>` + end, "tmx.seg"},
		{"no tuv", head + `<tu></tu>` + end, "tmx.tuv"},
		{"unknown element", head + `<tu><tuv xml:lang="en"><seg><b>a</b></seg></tuv></tu>` + end, "tmx.element"},
		{"wrong place", head + `<tuv xml:lang="en"><seg>a</seg></tuv>` + end, "tmx.element"},
		{"other root", `<xliff/>`, "tmx.root"},
		{"empty", "", "xml.eof"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var ids []string
			for _, d := range Validate("f", strings.NewReader(tt.in)) {
				ids = append(ids, d.ID)
			}
			if got := strings.Join(ids, " "); got != tt.want && !(tt.name == "empty" && len(ids) == 1) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// An element that TMX does not have goes away, its text does not.
func TestUnknownElement(t *testing.T) {
	const in = `<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>one <b>two <hi>three</hi></b> four</seg></tuv></tu></body></tmx>`
	for u, err := range Decode(strings.NewReader(in), Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Variants[0].Text; got.Chars != "one two three four" || len(got.Codes) != 2 {
			t.Errorf("%q with %d codes", got.Chars, len(got.Codes))
		}
	}
}

func TestUnused(t *testing.T) {
	const in = `<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="uk"><seg>б</seg></tuv></tu>` +
		`<tu><tuv xml:lang="de"><seg>a</seg></tuv><tuv xml:lang="uk"><seg>б</seg></tuv></tu><tu><tuv xml:lang="en"><seg>a</seg></tuv></tu></body></tmx>`
	var unused Unused
	n := 0
	for _, err := range EntriesCounting(Decode(strings.NewReader(in), Options{}), "en", &unused) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1 || unused.Units != 2 || unused.Locales["de"] != 1 || unused.Locales["uk"] != 1 || unused.Locales["en"] != 1 {
		t.Errorf("%d entries, %+v unused", n, unused)
	}
}
