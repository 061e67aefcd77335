package quality

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/numeral"
)

// carriers are good translations with something to spoil in each: numbers,
// quotations, addresses, brackets. The newsroom's own pairs come beside them.
var carriers = []pair{
	{"ru", `"We do not comment on 12 of the 47 cases (so far)," he wrote to desk@dispatch.example.`, "«Мы не комментируем 12 из 47 дел (пока)», — написал он на адрес desk@dispatch.example."},
	{"ru", `The report of March 14, 2024 (see https://dispatch.example/r/2024) names 3,500 people.`, "В докладе от 14 марта 2024 года (см. https://dispatch.example/r/2024) названы 3500 человек."},
	{"ru", `Prices rose 8.7 percent, the agency @statwatch said, calling it "a record."`, "Цены выросли на 8,7 процента, сообщило агентство @statwatch, назвав это «рекордом»."},
	{"ru", `The law [No. 255] took effect on December 1, 2022, and was called "absurd."`, "Закон [№ 255] вступил в силу 1 декабря 2022 года; его назвали «абсурдным»."},
	{"ru", `Some 1.5 million people (40 percent) watched it on www.dispatch.example/live.`, "Около 1,5 миллиона человек (40 процентов) смотрели это на www.dispatch.example/live."},
	{"ru", `"It was 1968," she said (in an interview with Radio 24).`, "«Это был 1968 год», — сказала она (в интервью «Радио 24»)."},
	{"fa", `"We do not comment on 12 of the 47 cases (so far)," he wrote to desk@dispatch.example.`, "او به نشانی desk@dispatch.example نوشت: «دربارهٔ ۱۲ مورد از ۴۷ پرونده (تا کنون) اظهارنظر نمی\u200cکنیم»."},
	{"fa", `The report of March 14, 2024 (see https://dispatch.example/r/2024) names 3,500 people.`, "در گزارش ۱۴ مارس ۲۰۲۴ (نگاه کنید به https://dispatch.example/r/2024) از ۳٬۵۰۰ نفر نام برده شده است."},
	{"fa", `Prices rose 8.7 percent, the agency @statwatch said, calling it "a record."`, "نهاد @statwatch می\u200cگوید قیمت\u200cها ۸٫۷ درصد افزایش یافته و آن را «رکورد» خوانده است."},
	{"fa", `The law [No. 255] took effect on December 1, 2022, and was called "absurd."`, "قانون [شمارهٔ ۲۵۵] از ۱ دسامبر ۲۰۲۲ اجرا شد و آن را «بی\u200cمعنا» خواندند."},
	{"fa", `Some 1.5 million people (40 percent) watched it on www.dispatch.example/live.`, "حدود ۱٫۵ میلیون نفر (۴۰ درصد) آن را در www.dispatch.example/live تماشا کردند."},
	{"fa", `"It was 1968," she said (in an interview with Radio 24).`, "او (در گفت\u200cوگو با رادیو ۲۴) گفت: «سال ۱۹۶۸ بود»."},
}

// A seed spoils a text in one way; the empty string means that it has nothing
// to spoil.
type seed struct {
	kind   string
	checks string // those that may tell it
	spoil  func(r *rand.Rand, locale, text string) string
}

// replaceAt replaces the n-th rune that ok accepts, n at random.
func replaceAt(r *rand.Rand, text string, ok func(rune) bool, to func(rune) string) string {
	var at []int
	for i, c := range text {
		if ok(c) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return ""
	}
	i := at[r.IntN(len(at))]
	c := []rune(text[i:])[0]
	return text[:i] + to(c) + text[i+len(string(c)):]
}

// outside blanks addresses, so that a seed of another kind leaves them alone.
func outside(text string, spoil func(string) string) string {
	masked, links, _ := mask(text)
	got := spoil(masked)
	if got == "" {
		return ""
	}
	// Put the addresses back, in their order.
	for _, l := range links {
		got = strings.Replace(got, strings.Repeat("_", len(l)), l, 1)
	}
	return got
}

func nothing(rune) string { return "" }

var quoteRunes = "«»„“”‹›"

var seeds = []seed{
	{"number changed", "numbers", func(r *rand.Rand, _, text string) string {
		return outside(text, func(s string) string {
			return replaceAt(r, s, unicode.IsDigit, func(c rune) string {
				d, _ := numeral.Digit(c)
				return string(c - rune(d) + rune((d+1+r.IntN(8))%10))
			})
		})
	}},
	{"number lost", "numbers", func(r *rand.Rand, locale, text string) string {
		return outside(text, func(s string) string {
			var big []quantity
			for _, n := range quantitiesOf(s, languageOf(locale)) {
				if n.first() > 12 {
					big = append(big, n)
				}
			}
			if len(big) == 0 {
				return ""
			}
			n := big[r.IntN(len(big))]
			return s[:n.start] + s[n.end:]
		})
	}},
	{"homoglyph", "homoglyphs letters", func(r *rand.Rand, locale, text string) string {
		from, to := "асеорхуіАВСЕНКМОРТХ", "aceopxyiABCEHKMOPTX"
		if locale == "fa" {
			from, to = "یک", "يك"
		}
		return outside(text, func(s string) string {
			return replaceAt(r, s, func(c rune) bool { return strings.ContainsRune(from, c) }, func(c rune) string {
				return string([]rune(to)[len([]rune(from[:strings.IndexRune(from, c)]))])
			})
		})
	}},
	{"quotation mark lost", "quotes", func(r *rand.Rand, _, text string) string {
		return replaceAt(r, text, func(c rune) bool { return strings.ContainsRune(quoteRunes, c) }, nothing)
	}},
	{"quotation mark turned", "quotes quotes.style", func(r *rand.Rand, _, text string) string {
		turned := map[rune]string{'«': "»", '»': "«", '„': "“", '“': "„", '”': "„", '‹': "›", '›': "‹"}
		return replaceAt(r, text, func(c rune) bool { return turned[c] != "" }, func(c rune) string { return turned[c] })
	}},
	{"straight quotation mark", "quotes quotes.style", func(r *rand.Rand, _, text string) string {
		return replaceAt(r, text, func(c rune) bool { return strings.ContainsRune(quoteRunes, c) }, func(rune) string { return `"` })
	}},
	{"address changed", "urls", func(r *rand.Rand, _, text string) string {
		links := findLinks(text)
		if len(links) == 0 {
			return ""
		}
		l := links[r.IntN(len(links))]
		i := l[0] + 1 + r.IntN(l[1]-l[0]-1)
		return text[:i] + "q" + text[i:]
	}},
	{"address lost", "urls", func(r *rand.Rand, _, text string) string {
		links := findLinks(text)
		if len(links) == 0 {
			return ""
		}
		l := links[r.IntN(len(links))]
		return text[:l[0]] + text[l[1]:]
	}},
	{"direction mark", "bidi", func(r *rand.Rand, _, text string) string {
		marks := []rune("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
		runes := []rune(text)
		i := r.IntN(len(runes))
		return string(runes[:i]) + string(marks[r.IntN(len(marks))]) + string(runes[i:])
	}},
	{"bracket lost", "brackets", func(r *rand.Rand, _, text string) string {
		return outside(text, func(s string) string {
			return replaceAt(r, s, func(c rune) bool { return strings.ContainsRune("()[]", c) }, nothing)
		})
	}},
	{"bracket turned", "brackets", func(r *rand.Rand, _, text string) string {
		turned := map[rune]string{'(': ")", ')': "(", '[': "]", ']': "["}
		return outside(text, func(s string) string {
			return replaceAt(r, s, func(c rune) bool { return turned[c] != "" }, func(c rune) string { return turned[c] })
		})
	}},
	{"bracket of another kind", "brackets", func(r *rand.Rand, _, text string) string {
		turned := map[rune]string{'(': "[", ')': "]", '[': "(", ']': ")"}
		return outside(text, func(s string) string {
			return replaceAt(r, s, func(c rune) bool { return turned[c] != "" }, func(c rune) string { return turned[c] })
		})
	}},
}

// TestSeeded spoils good Russian and Persian translations in every way that
// seeds knows, and asks that at least 95 % of each kind be found by a check for
// that kind, and that the unspoiled ones raise at most 2 % of false alarms.
func TestSeeded(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	pairs := append([]pair(nil), carriers...)
	for _, p := range newsroomPairs(t) {
		if p.locale == "ru" || p.locale == "fa" {
			pairs = append(pairs, p)
		}
	}
	for _, locale := range []string{"ru", "fa"} {
		alarms, good := 0, 0
		for _, p := range pairs {
			if p.locale != locale {
				continue
			}
			good++
			if ds := checkPair(locale, p.source, p.target, nil, Options{}); len(ds) > 0 {
				alarms++
				t.Logf("%s: false alarm %v\n\t%s", locale, ds, p.target)
			}
		}
		t.Logf("%s: %d of %d good segments told", locale, alarms, good)
		if 50*alarms > good {
			t.Errorf("%s: %d false alarms in %d segments, more than 2 %%", locale, alarms, good)
		}
		for _, s := range seeds {
			found, sown := 0, 0
			for _, p := range pairs {
				if p.locale != locale {
					continue
				}
				for range 5 {
					spoiled := s.spoil(r, locale, p.target)
					if spoiled == "" || spoiled == p.target {
						continue
					}
					sown++
					if toldBy(checkPair(locale, p.source, spoiled, nil, Options{}), s.checks) {
						found++
					} else if sown-found <= 3 {
						t.Logf("%s, %s: not found in %q for %q", locale, s.kind, spoiled, p.source)
					}
				}
			}
			t.Logf("%s, %s: %d of %d found", locale, s.kind, found, sown)
			if sown < 20 || 100*found < 95*sown {
				t.Errorf("%s, %s: %d of %d found, want 20 sown and 95 %% found", locale, s.kind, found, sown)
			}
		}
	}
}

func toldBy(ds []diag.Diagnostic, checks string) bool {
	for _, d := range ds {
		for c := range strings.FieldsSeq(checks) {
			if d.ID == "quality."+c {
				return true
			}
		}
	}
	return false
}
