package quality

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

func FuzzCheck(f *testing.F) {
	f.Add("ru", "He said \"yes\" (on 1,200 ways) at https://a.example/.", "Он сказал «да» (1 200 раз) на https://a.example/.")
	f.Add("fa", "12 firms", "۱۲٬۳\u202e شرکت\u200c")
	f.Add("hy", "Did he?", "Եկա՞վ։ \xff\xc3 %s {x} <b>")
	f.Add("x-y-z", "1.2.3,4'5 6", "०१२.३ ᧐ 𝟗 Ð¢ÐµÐ")
	f.Add("fa", "\x7f\xff", "۱۲ \u202e\xe2\x80")
	f.Add("0", "7", "ۡ\x7f\xd8٬\xdb\xc4\u202e شر穲\xaa\u200c")
	f.Fuzz(func(t *testing.T, locale, source, target string) {
		marks := []bitext.TermMark{{End: min(1, len(source)), Source: "x", Targets: []string{target, source}, Forbidden: []string{source}}}
		for _, d := range checkPair(locale, source, target, marks, Options{}) {
			if d.ID == "" || d.Message == "" || d.Place.Path == "" {
				t.Fatalf("%+v", d)
			}
		}
		checkPair("en", target, source, nil, Options{})
	})
}

func BenchmarkCheck(b *testing.B) {
	for _, locale := range []string{"ru", "fa", "ro"} {
		b.Run(locale, func(b *testing.B) {
			d := &bitext.Document{Path: "a.txt", Locale: "en"}
			var targets []string
			n := 0
			for _, p := range newsroomPairs(b) {
				if p.locale == locale {
					d.Units = append(d.Units, bitext.Unit{ID: "u" + strings.Repeat("x", len(targets)), Source: bitext.Plain(p.source)})
					d.Units[len(targets)].SegmentAt(nil, func(int, bitext.Text) bool { return false })
					targets = append(targets, p.target)
					n += len(p.source) + len(p.target)
				}
			}
			tr := bitext.NewTranslation(d, locale)
			for i, text := range targets {
				tr.Targets[i][0] = bitext.Target{Filled: true, Text: bitext.Plain(text), State: bitext.Final}
			}
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				Check(tr, Options{})
			}
		})
	}
}
