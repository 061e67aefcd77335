package segment

import (
	"testing"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// FuzzSegment holds the law: whatever the text, the language and the codes, the
// parts join back to the unit.
func FuzzSegment(f *testing.F) {
	f.Add("One. Two.", uint8(0), []byte{3, 0, 4, 1, 6, 2}, false)
	f.Add("«А?» – сказал он. Б. В. Г. т. д. 5 г. Он.", uint8(1), []byte{7, 1}, true)
	f.Add("これ。「それ！」と。（あ。い）", uint8(2), []byte{1, 3, 1, 3}, false)
	f.Add("a\r\n\r\nb\u2028c\u0085 \u00a0d. \xff\xfe. \x80A", uint8(3), []byte{}, true)
	f.Add("Ի՞նչ։ Ոչինչ: ა. ბ. ۔ ؟ ।", uint8(4), []byte{0, 0, 0, 1, 0, 2}, false)
	rules := Default()
	locales := []string{"en", "ru", "ja", "xx", "hy", "sr", "fa", "ka", "de", "th", "hu", "fr"}
	f.Fuzz(func(t *testing.T, chars string, lang uint8, codes []byte, preserve bool) {
		text := bitext.Text{Chars: chars}
		pos := 0
		for i := 0; i+1 < len(codes) && i < 40; i += 2 {
			pos = min(pos+int(codes[i]), len(chars))
			for pos < len(chars) && !utf8.RuneStart(chars[pos]) {
				pos++
			}
			c := bitext.Code{Pos: pos, Kind: bitext.CodeKind(codes[i+1] % 3), ID: string('a' + rune(codes[i+1]>>2&3))}
			if codes[i+1]&0x80 != 0 {
				c.Equiv = "\n"
			}
			text.Codes = append(text.Codes, c)
		}
		u := bitext.Unit{Source: text, Preserve: preserve}
		s := rules.For(locales[int(lang)%len(locales)])
		s.Segment(&u)
		checkLaw(t, &u)
		last := 0
		for _, c := range s.Cuts(chars) {
			if c <= last || c >= len(chars) {
				t.Fatalf("cut %d behind %d in %d bytes", c, last, len(chars))
			}
			last = c
		}
	})
}

// FuzzParseSRX feeds files that are not ours: an error or rules that work.
func FuzzParseSRX(f *testing.F) {
	for _, name := range []string{"rules/en.srx", "rules/ka.srx", "rules/all.srx"} {
		data, err := ruleFiles.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 1500)])
	}
	for _, p := range []string{`\p{Lu}(?<!x)(?=[a-z&&[^b]])`, `a{2,5}+\b$`, `(?x: a # b
	)`, `\Q.\E|[^\v]*`, `((((`, `[a-\d]`, `\x{110000}`, `(?<=ab)c(?!de)`, `(?>a+)`} {
		f.Add([]byte(srx(p, p)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, ds := Parse("x.srx", data)
		if rules == nil {
			if len(ds) == 0 {
				t.Fatal("no rules and no reason")
			}
			return
		}
		u := bitext.Unit{Source: bitext.Plain("One. Two a5b\n\n«Ж» 。x")}
		s := rules.For("en")
		s.Segment(&u)
		checkLaw(t, &u)
		s.Explain(u.Source.Chars)
	})
}
