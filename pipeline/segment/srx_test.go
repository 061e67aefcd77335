package segment

import (
	"encoding/xml"
	"io/fs"
	"reflect"
	"strings"
	"testing"
)

// srx writes a file of one language with one breaking rule.
func srx(before, after string) string {
	return srxFileOf(`<rule break="yes"><beforebreak>` + escape(before) + `</beforebreak><afterbreak>` + escape(after) + `</afterbreak></rule>`)
}

func srxFileOf(rules string) string {
	return `<?xml version="1.0"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0">
<header segmentsubflows="no" cascade="no"/>
<body><languagerules><languagerule languagerulename="L">
` + rules + `
</languagerule></languagerules>
<maprules><languagemap languagepattern="(en|x).*" languagerulename="L"/></maprules></body></srx>`
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}

func TestPatterns(t *testing.T) {
	for _, tt := range []struct{ before, after, text, want string }{
		{`\.`, ` `, "a. b. c", "a.| b.| c"},
		{``, `b`, "abab", "a|ba|b"},
		{`a`, ``, "abab", "a|ba|b"},
		{`[.!?]+`, `\s+\p{Lu}`, "a. B! c?! D", "a.| B! c?!| D"},
		{`(?i)x`, `Y`, "xY XY xy", "x|Y X|Y xy"},
		{`a(?-i)`, `b`, "ab", "a|b"},
		{`\bab`, `c`, "abc xabc ab", "ab|c xabc ab"},
		{`b\b`, `\b `, "ab abc b", "ab| abc b"},
		{`\B.`, `x`, "ax aax", "ax aa|x"},
		{`^a`, `a`, "aaa", "a|aa"},
		{`a`, `a$`, "aaa", "aa|a"},
		{`(?m)^a`, `b`, "ab\nab", "a|b\na|b"},
		{`a{2,3}`, `b`, "ab aab aaab", "ab aa|b aaa|b"},
		{`(?<!a)b`, `c`, "abc bc", "abc b|c"},
		{`(?<=a)b`, `c`, "abc bc", "ab|c bc"},
		{`b(?<!ab)`, `c`, "abc bc", "abc b|c"},
		{`b`, `c(?=de)`, "bce bcde", "bce b|cde"},
		{`b`, `(?!cd)c`, "bcd bce", "bcd b|ce"},
		{`b(?!cd)`, `c`, "bcd bce", "bcd b|ce"},
		{`x|b(?!cd)`, `c`, "bcd bce xcd", "bcd b|ce x|cd"},
		{`a++`, `a|b`, "aab", "aa|b"},
		{`a?+`, `b`, "ab", "a|b"},
		{`(?>a*)`, `b`, "aab", "aa|b"},
		{`[a-c&&[^b]]`, `x`, "ax bx cx", "a|x bx c|x"},
		{`[a-c--[b]]`, `x`, "ax bx cx", "a|x bx c|x"},
		{`[[a][c]]`, `x`, "ax bx cx", "a|x bx c|x"},
		{`[]a]`, `x`, "]x ax", "]|x a|x"},
		{`\Qa.\E`, `x`, "a.x abx", "a.|x abx"},
		{`\x41\u0042\x{43}\t`, `\n`, "ABC\t\n", "ABC\t|\n"},
		{`(?x) a \  # comment
b`, `c`, "a bc", "a b|c"},
		{`(?#comment)a`, `b`, "ab", "a|b"},
		{`\R`, `a`, "\r\na\na", "\r\n|a\n|a"},
		{`\h`, `\S`, "a\u00a0b\nc", "a\u00a0|b\nc"},
		{`\p{Script=Greek}`, `\P{L}`, "αx α1", "αx α|1"},
		{`[[:Lu:]]`, `[[:^digit:]]`, "A1 AB", "A1 A|B"},
		{`(?<name>a)`, `b`, "ab", "a|b"},
		{`é`, `ж`, "éж", "é|ж"},
		{`.`, `\x{10400}`, "a\U00010400", "a|\U00010400"},
	} {
		rules, ds := Parse("t.srx", []byte(srx(tt.before, tt.after)))
		if rules == nil {
			t.Errorf("%q %q: %v", tt.before, tt.after, ds)
			continue
		}
		if got := cutText(rules.For("en"), tt.text); got != tt.want {
			t.Errorf("%q %q:\ngot  %q\nwant %q", tt.before, tt.after, got, tt.want)
		}
	}
}

func cutText(s *Segmenter, text string) string {
	var b strings.Builder
	from := 0
	for _, c := range s.Cuts(text) {
		b.WriteString(text[from:c] + "|")
		from = c
	}
	return b.String() + text[from:]
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"not XML", "hello", "not an SRX file"},
		{"another root", "<tmx/>", "f.srx:1:1: not an SRX file: the root element is not srx"},
		{"truncated", "<srx version='2.0'><body>", "not well-formed XML"},
		{"version", "<srx version='3.0'/>", `f.srx:1:1: SRX version "3.0" is not known`},
		{"no map", "<srx version='2.0'/>", "no languagemap"},
		{"pattern", srxFileOf("<rule><beforebreak>a(b</beforebreak></rule>"), `f.srx:5:21: rule 1 of "L": beforebreak "a(b": ( without ) at "(b"`},
		{"second rule", srxFileOf("<rule><afterbreak>a</afterbreak></rule>\n<rule><afterbreak>[z</afterbreak></rule>"), `f.srx:6:19: rule 2 of "L": afterbreak "[z": [ without ]`},
		{"back reference", srx(`(a)\1`, ""), "back reference"},
		{"grapheme cluster", srx(`\X`, ""), "grapheme cluster"},
		{"lookaround in the middle", srx(`a(?!bc).d`, ""), "a lookaround of more than one character"},
		{"possessive group", srx(`(ab)*+`, ""), "possessive"},
		{"property", srx(`\p{Klingon}`, ""), "unknown Unicode property"},
		{"repeat", srx(`a{5,2}`, ""), "not a repeat count"},
		{"huge", srx(`((a{1000}){1000}){1000}`, ""), "too large"},
		{"deep", srx(strings.Repeat("(", 5000), ""), "nested too deeply"},
		{"break", srxFileOf(`<rule break="perhaps"/>`), `break="perhaps"`},
		{"map to nothing", strings.ReplaceAll(srx("a", "b"), `languagerulename="L"/>`, `languagerulename="M"/>`), `names a languagerule "M" that is not there (there are: "L")`},
		{"twice", strings.ReplaceAll(srx("a", "b"), "</languagerules>", `<languagerule languagerulename="L"/></languagerules>`), "is there twice"},
		{"language pattern", strings.ReplaceAll(srx("a", "b"), "(en|x).*", "(en"), "cannot be used"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rules, ds := Parse("f.srx", []byte(tt.data))
			if rules != nil || len(ds) == 0 {
				t.Fatalf("no error, diagnostics %v", ds)
			}
			if got := ds[0].Error(); !strings.Contains(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestCascade(t *testing.T) {
	file := func(cascade string) string {
		return `<srx version="2.0"><header segmentsubflows="yes" cascade="` + cascade + `"/><body><languagerules>
<languagerule languagerulename="no"><rule break="no"><beforebreak>Mr\.</beforebreak></rule></languagerule>
<languagerule languagerulename="dots"><rule><beforebreak>\.</beforebreak></rule></languagerule>
</languagerules><maprules>
<languagemap languagepattern="en.*" languagerulename="no"/>
<languagemap languagepattern=".*" languagerulename="dots"/>
</maprules></body></srx>`
	}
	for _, tt := range []struct{ cascade, locale, want string }{
		{"yes", "en-GB", "Mr. A.| B"},
		{"yes", "de", "Mr.| A.| B"},
		{"no", "EN", "Mr. A. B"},
		{"no", "de", "Mr.| A.| B"},
	} {
		rules, ds := Parse("t.srx", []byte(file(tt.cascade)))
		if rules == nil {
			t.Fatal(ds)
		}
		if got := cutText(rules.For(tt.locale), "Mr. A. B"); got != tt.want {
			t.Errorf("cascade %s, %s: got %q, want %q", tt.cascade, tt.locale, got, tt.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	data := srx("ж", "")
	wide := []byte{0xFF, 0xFE}
	for _, r := range strings.Replace(data, `version="1.0"?`, `version="1.0" encoding="UTF-16"?`, 1) {
		wide = append(wide, byte(r), byte(r>>8))
	}
	for name, data := range map[string][]byte{"mark": []byte("\uFEFF" + data), "UTF-16": wide} {
		rules, ds := Parse("t.srx", data)
		if rules == nil {
			t.Fatalf("%s: %v", name, ds)
		}
		if got := cutText(rules.For("en"), "ажб"); got != "аж|б" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestDefaultFiles(t *testing.T) {
	names, err := fs.Glob(ruleFiles, "rules/*.srx")
	if err != nil || len(names) < 49 {
		t.Fatalf("%d rule files, %v", len(names), err)
	}
	for _, name := range names {
		data, err := ruleFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, ds := parseSRX(name, data)
		if f == nil {
			t.Errorf("%v", ds)
			continue
		}
		// The file's own name, and every name that is led to it, is in its maps.
		lang := strings.TrimSuffix(strings.TrimPrefix(name, "rules/"), ".srx")
		for alias, to := range fileOf {
			var l languageRule
			if f.rulesFor(alias, &l); to == lang && len(l.rules) == 0 {
				t.Errorf("%s has no map for %s", name, alias)
			}
		}
		var l languageRule
		if f.rulesFor(lang+"-XX", &l); len(l.rules) == 0 {
			t.Errorf("%s has no map for %s", name, lang)
		}
	}
	rules := Default()
	for _, locale := range strings.Fields("sq hy az ba be bs bg ce crh-Latn crh-Cyrl fa-AF en ka hu kk ky mk sr-ME cnr ps fa ro ru sr sr-Latn tg tt tk uk uz uz-Cyrl es ca de fr it pt nl pl cs sk el ar he hi ur ja zh-Hans zh-Hant th my am da " +
		"lt lv et fi sv no nb nn is sl eu vi id ms sw bn as ne gu pa ta te kn ml or si ko gl af eo fil lb") {
		own := false
		for _, r := range rulesOf(embeddedFiles(localeKey(locale)), localeKey(locale)).rules {
			own = own || r.Language != "first" && r.Language != "all"
		}
		if !own {
			t.Errorf("no rules of its own for %s", locale)
		}
	}
	for _, locale := range []string{"xx", "", "first", "all", "../en", "haw"} {
		if got := cutText(rules.For(locale), "Moja. “Mbili.” 3 x."); got != "Moja.| “Mbili.”| 3 x." {
			t.Errorf("by the common rules: %q", got)
		}
	}
}

// TestUncovered checks that a locale that a user's file does not map is cut by
// Hexapla's own rules.
func TestUncovered(t *testing.T) {
	rules, ds := Parse("t.srx", []byte(srx(`b`, ` `)))
	if rules == nil {
		t.Fatal(ds)
	}
	if got := cutText(rules.For("en"), "a b c. D"); got != "a b| c. D" {
		t.Errorf("en: %q", got)
	}
	if got := cutText(rules.For("de"), "a b z.B. Dr. c. D"); got != "a b z.B. Dr. c.| D" {
		t.Errorf("de: %q", got)
	}
}

func TestSubflows(t *testing.T) {
	rules, ds := Parse("t.srx", []byte(srx(`\.`, " ")))
	if rules == nil || rules.SegmentSubflows() || !Default().SegmentSubflows() {
		t.Fatalf("segmentsubflows is not kept: %v", ds)
	}
}

func TestExplain(t *testing.T) {
	got := Default().For("en").Explain("Mr. Smith left. He won.")
	want := []struct {
		pos     int
		breaks  bool
		lang    string
		pattern string
	}{
		{3, false, "first", "Mr"},
		{15, true, "all", ""},
	}
	if len(got) != len(want) {
		t.Fatalf("decisions %v", got)
	}
	for i, w := range want {
		g := got[i]
		if g.Pos != w.pos || g.Break != w.breaks || g.Rule.Language != w.lang || !strings.Contains(g.Rule.Before, w.pattern) || g.Rule.Line == 0 {
			t.Errorf("decision %d: %+v, want %+v", i, g, w)
		}
	}
}

func TestUsersCases(t *testing.T) {
	cases, err := ParseCases([]byte(`[{"lang":"en","name":"x","text":"A b. C d.","sentences":["A b.","C d."]},{"lang":"en","text":"A b. C d.","sentences":["A b. C d."]}]`))
	if err != nil {
		t.Fatal(err)
	}
	var ok []bool
	for _, r := range Default().Test(cases) {
		ok = append(ok, r.OK)
	}
	if !reflect.DeepEqual(ok, []bool{true, false}) {
		t.Errorf("results %v", ok)
	}
	if _, err := ParseCases([]byte("[\n{]")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error %v", err)
	}
}

func TestExport(t *testing.T) {
	data, err := Default().Export("uk", "en", "sr-Latn")
	if err != nil {
		t.Fatal(err)
	}
	rules, ds := Parse("export.srx", data)
	if rules == nil {
		t.Fatal(ds)
	}
	for locale, text := range map[string]string{"uk": newsUk[:2000], "en": newsEn[:2000], "sr-Latn": "Prof. dr Ivan. On je 5. maja."} {
		want, got := cutText(Default().For(locale), text), cutText(rules.For(locale), text)
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", locale, got, want)
		}
	}
	// The common rules apply to any locale of the exported file.
	if got := cutText(rules.For("ka"), "A b. C d."); got != "A b.| C d." {
		t.Errorf("ka: %q", got)
	}
	mixed, err := Default().Export("haw", "ru", "en")
	if err != nil {
		t.Fatal(err)
	}
	mixedRules, ds := Parse("export.srx", mixed)
	if mixedRules == nil {
		t.Fatal(ds)
	}
	if got := cutText(mixedRules.For("ru"), "Он жил на ул. Ленина. Ушёл."); got != "Он жил на ул. Ленина.| Ушёл." {
		t.Errorf("ru: %q", got)
	}
	own, _ := Parse("t.srx", []byte(srx(`b`, ` `)))
	if _, err := own.Export("ka"); err == nil {
		t.Error("rules for a locale without any were written")
	}
	again, err := rules.Export("uk", "en", "sr-Latn")
	if err != nil || string(again) != string(data) {
		t.Errorf("a second export differs, %v", err)
	}
}
