package quality

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cputime"
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

// BenchmarkCheck checks sound translations into each locale that the news and the
// newsroom have, of which the source has been read for another. It reports pairs for each
// second of a processor.
func BenchmarkCheck(b *testing.B) {
	byLocale := map[string][]pair{}
	for _, l := range readNews(b) {
		if len(l.want) == 0 {
			byLocale[l.to] = append(byLocale[l.to], pair{l.to, l.source, l.target})
		}
	}
	for _, p := range newsroomPairs(b) {
		byLocale[p.locale] = append(byLocale[p.locale], p)
	}
	for _, locale := range slices.Sorted(maps.Keys(byLocale)) {
		b.Run(locale, func(b *testing.B) {
			d := &bitext.Document{Path: "a.txt", Locale: "en"}
			pairs, n := byLocale[locale], 0
			for _, p := range pairs {
				d.Units = append(d.Units, bitext.Unit{ID: "u" + strconv.Itoa(len(d.Units)), Source: bitext.Plain(p.source)})
				d.Units[len(d.Units)-1].SegmentAt(nil, func(int, bitext.Text) bool { return false })
				n += len(p.source) + len(p.target)
			}
			tr := bitext.NewTranslation(d, locale)
			for i, p := range pairs {
				tr.Targets[i][0] = bitext.Target{Filled: true, Text: bitext.Plain(p.target), State: bitext.Final}
			}
			source := NewSource(d)
			Check(tr, Options{Source: source})
			b.SetBytes(int64(n))
			b.ReportAllocs()
			start := cputime.Now(b)
			for b.Loop() {
				Check(tr, Options{Source: source})
			}
			b.ReportMetric(float64(len(pairs)*b.N)/(cputime.Now(b)-start).Seconds(), "pairs/cpu-s")
		})
	}
}

// FuzzWords holds the words of a text and their lower case against the rules of UAX
// #29, without what appendWords knows of frequent letters.
func FuzzWords(f *testing.F) {
	for _, s := range []string{
		"He said: \"don't\" 1,000.5 a.b; 3:4_x é́ e\u0301'n", "Он сказал: «нет»… 12-й д’Артаньян’", "می\u200cخواهم، ۱۲٬۳۴۵ کتاب\u200cها.", "שב\"כ ת'א", "ア゙カ コーヒー 漢字かな", "🇷🇺🇺🇦 a🇷 👩\u200d🔬#\ufe0f\u20e3",
		"a \u0301b \u00adc\u200dd\r\n\u2060 x\xff\xe2\x80y ·l·l _a _ 1_2", "ՀՀ-ի «Եկա՞վ» է։ საქართველო·ში ßẞİIıŸ", "…a—b–c“d”„e\u00a0f", "A:b:c a: b a,b 1,2 1;2 a.1 1.a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want []word
		it := words.FromString(text)
		for it.Next() {
			w := it.Value()
			if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) || unicode.IsNumber(r) {
				want = append(want, word{start: it.Start(), end: it.End(), text: w, script: scriptOf(w), low: strings.ToLower(w)})
			}
		}
		if got := wordsOf(text); !slices.Equal(got, want) {
			t.Fatalf("%q: words %+v, want %+v", text, got, want)
		}
	})
}

// FuzzLength holds length against the rules of UAX #29 alone.
func FuzzLength(f *testing.F) {
	for _, s := range []string{"abc\r\n", "Привет é", "e\u0301", "می\u200cخواهم", "👩\u200d🔬 漢字 が か\u3099", "각 각", "a\u00ad\u0600b", "©️ ‼️"} {
		f.Add(s)
	}
	f.Add("۱۲٬۳۴۵ کتاب، «خانهٔ» من؛ \u0600۱ \u06dd۲")
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for it := graphemes.FromString(text); it.Next(); {
			n++
		}
		if got := length(text); got != n {
			t.Fatalf("%q: length %d, want %d", text, got, n)
		}
		if ordinary, _ := isOrdinary(text); ordinary && utf8.RuneCountInString(text) != n {
			t.Fatalf("%q: %d characters, length %d", text, utf8.RuneCountInString(text), n)
		}
	})
}

// FuzzFilter holds what the filter of words leaves out against strings.EqualFold, and
// isNFC against package norm.
func FuzzFilter(f *testing.F) {
	f.Add("Kelvin", "\u212aelvin")
	f.Add("ſo", "SO")
	f.Add("ΣΑΣ", "σας")
	f.Add("\xff", "\ufffd")
	f.Add("e\u0301 \u0958", "가각")
	f.Add("خانه\u0654 مثلاً", "ا\u0654")
	f.Add("ه\u064b\u0654", "ه\u0654\u064b")
	f.Add("\u064bا", "ے\u0654 ە\u0654 ہ\u0654")
	f.Fuzz(func(t *testing.T, a, b string) {
		var w wordFilter
		w.add(a)
		if strings.EqualFold(a, b) && !w.mayHave(b) {
			t.Fatalf("%q is not found by %q", a, b)
		}
		if norm.NFC.IsNormalString(a) != isNFC(a) {
			t.Fatalf("%q: isNFC %t", a, isNFC(a))
		}
	})
}

func TestPlainLetters(t *testing.T) {
	for r := rune(0x80); r < 0x3000; r++ {
		if !isPlainLetter(r) {
			continue
		}
		// A point joins letters, not digits and letters.
		text := "a." + string(r) + ".a"
		it := words.FromString(text)
		if !it.Next() || it.Value() != text {
			t.Errorf("U+%04X is no letter for UAX #29", r)
		}
	}
}

// TestOrdinary holds that no check of single characters looks for a character that
// isOrdinary knows.
func TestOrdinary(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		text := "x" + string(r) + "y"
		if !utf8.ValidRune(r) {
			continue
		}
		ordinary, joined := isOrdinary(text)
		if ordinary && !joined || joined && !ordinary && r != '\u200c' {
			t.Errorf("%U: ordinary %t, joined %t", r, ordinary, joined)
		}
		if !joined {
			continue
		}
		p := norm.NFC.PropertiesString(string(r))
		if !norm.NFC.IsNormalString(string(r)) || !p.BoundaryBefore() || p.CCC() != 0 {
			t.Errorf("%U is not kept by NFC", r)
		}
		if unusual(r) || ordinary && unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) {
			t.Errorf("%U is looked for", r)
		}
	}
}

// TestCharSet compares a set of characters with strings.ContainsAny.
func TestCharSet(t *testing.T) {
	for _, set := range []*charSet{percentSigns, fractionSigns, maskedSigns, markupSigns, romanDigits} {
		for _, text := range []string{"", "abc", "50 %", "٪", "½", "Іван", "Київ", "XII", "a@b", `\`, "[x]", "\xd9", "\xe2\x80", "…⅔", "Х", "‰", "日本"} {
			if got, want := set.in(text), strings.ContainsAny(text, set.chars); got != want {
				t.Errorf("%q in %q: %t", set.chars, text, got)
			}
		}
	}
}
