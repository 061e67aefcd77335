package quality

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/numeral"
)

// A faultKind makes faulty translations of sound ones.
type faultKind struct {
	name   string
	checks string  // any of which is right
	floor  float64 // the share that must be found
	spoil  func(r *rand.Rand, p *labelled) string
}

// anyWord returns a random word of a text that ok accepts.
func anyWord(r *rand.Rand, text string, ok func(word) bool) (w word, found bool) {
	var list []word
	for _, w := range wordsOf(text) {
		if ok(w) {
			list = append(list, w)
		}
	}
	if len(list) == 0 {
		return w, false
	}
	return list[r.IntN(len(list))], true
}

// swapStems replaces the first word that has one of the stems of from by to.
func swapStems(text string, from, to []string) string {
	for i, f := range from {
		if k := strings.Index(text, f); k >= 0 && i < len(to) && to[i] != "" {
			return text[:k] + to[i] + text[k+len(f):]
		}
	}
	return ""
}

// scales are the words for a million and a billion by language, in the form in which
// the sound pairs have them.
var millions = map[string][2]string{
	"ru": {"миллион", "миллиард"}, "uk": {"мільйон", "мільярд"}, "be": {"мільён", "мільярд"}, "bg": {"милион", "милиард"}, "mk": {"милион", "милијард"}, "sr": {"милион", "милијард"}, "sr-Latn": {"milion", "milijard"}, "sr-ME": {"milion", "milijard"},
	"bs": {"milion", "milijard"}, "ro": {"milioane", "miliarde"}, "sq": {"milion", "miliard"}, "hu": {"millió", "milliárd"}, "hy": {"միլիոն", "միլիարդ"}, "ka": {"მილიონ", "მილიარდ"}, "kk": {"миллион", "миллиард"}, "ky": {"миллион", "миллиард"},
	"tt": {"миллион", "миллиард"}, "ba": {"миллион", "миллиард"}, "tg": {"миллион", "миллиард"}, "ce": {"миллион", "миллиард"}, "az": {"milyon", "milyard"}, "tr": {"milyon", "milyar"}, "tk": {"million", "milliard"}, "uz": {"million", "milliard"},
	"crh-Latn": {"million", "milliard"}, "fa": {"میلیون", "میلیارد"}, "fa-AF": {"میلیون", "میلیارد"}, "ps": {"میلیون", "میلیارد"}, "ar": {"مليون", "مليار"}, "de": {"Millionen", "Milliarden"}, "fr": {"million", "milliard"},
}

// otherNames are names that no sentence has, by script.
var otherNames = map[script][]string{
	latin: {"Kuznetsov", "Fischer", "Delgado"}, cyrillic: {"Кузнецов", "Фишер", "Пашков"}, armenian: {"Կուզնեցով", "Ֆիշեր"}, georgian: {"კუზნეცოვი"}, arabic: {"کوزنتسوف", "فیشر"},
}

func faultKinds() []faultKind {
	inText := func(f func(r *rand.Rand, s string) string) func(*rand.Rand, *labelled) string {
		return func(r *rand.Rand, p *labelled) string {
			return outside(p.target, func(s string) string { return f(r, s) })
		}
	}
	lower := func(w word) bool {
		first, _ := utf8.DecodeRuneInString(w.text)
		return w.script != none && !unicode.IsUpper(first) && utf8.RuneCountInString(w.text) >= 4
	}
	number := func(p *labelled, ok func(q *quantity) bool) *quantity {
		qs := quantitiesOf(maskOf(p.target), languageOf(p.to))
		for i := range qs {
			if ok(&qs[i]) {
				return &qs[i]
			}
		}
		return nil
	}
	splice := func(p *labelled, from, to int, with string) string { return p.target[:from] + with + p.target[to:] }
	return []faultKind{
		{"digit changed", "numbers", 0.95, inText(func(r *rand.Rand, s string) string {
			return replaceAt(r, s, unicode.IsDigit, func(c rune) string {
				d, _ := numeral.Digit(c)
				return string(c - rune(d) + rune((d+1+r.IntN(8))%10))
			})
		})},
		{"number lost", "numbers", 0.95, func(_ *rand.Rand, p *labelled) string {
			if q := number(p, func(q *quantity) bool { return q.first() > 12 && q.groups == 1 && !q.clock }); q != nil {
				return splice(p, q.start, q.end, "")
			}
			return ""
		}},
		{"zeros lost", "numbers", 0.95, func(_ *rand.Rand, p *labelled) string {
			if q := number(p, func(q *quantity) bool {
				return q.groups == 2 && q.first() >= 1000 && q.first() == float64(int(q.first()))
			}); q != nil {
				i := strings.IndexFunc(q.text, func(r rune) bool { return !unicode.IsDigit(r) })
				return splice(p, q.start+i, q.end, "")
			}
			return ""
		}},
		{"zeros added", "numbers", 0.95, func(_ *rand.Rand, p *labelled) string {
			if q := number(p, func(q *quantity) bool { return q.first() > 12 && q.groups == 1 && q.scale == 0 }); q != nil {
				zero := "000"
				if c, _ := utf8.DecodeRuneInString(q.text); c > 0x7f {
					zero = strings.Repeat(string('۰'), 3)
				}
				return splice(p, q.end, q.end, zero)
			}
			return ""
		}},
		{"million or billion", "numbers", 0.95, func(_ *rand.Rand, p *labelled) string {
			m := millions[p.to]
			return swapStems(p.target, []string{m[1], m[0]}, []string{m[0], m[1]})
		}},
		{"month changed", "numbers", 0.93, func(r *rand.Rand, p *labelled) string {
			l := languageOf(p.to)
			_, firm, at := namedMonths(wordsOf(p.target), l)
			if firm == 0 || at < 0 || l.spaceless || l.lang == "he" { // Hebrew joins a preposition
				return ""
			}
			if _, firm, _ := namedMonths(wordsOf(p.source), languageOf(p.from)); firm == 0 {
				return ""
			}
			w := wordsOf(p.target)[at]
			m, _ := l.months.find(w.lower())
			for _, other := range []int{10, 2, 8} {
				for _, list := range l.months.stems {
					for _, s := range list {
						if s.id == other && m.id != other && utf8.RuneCountInString(s.text) >= 5 && s.value == 0 && !s.exact {
							return splice(p, w.start, w.end, s.text+w.text[min(len(m.text), len(w.text)):])
						}
					}
				}
			}
			return ""
		}},
		{"English decimal point", "numbers", 0.95, func(_ *rand.Rand, p *labelled) string {
			if l := languageOf(p.to); l.numbers.decimal != ',' || p.to == "es" {
				return ""
			}
			if q := number(p, func(q *quantity) bool {
				return q.groups == 2 && strings.Contains(q.text, ",") && !strings.Contains(p.source, q.text) // as it is written in the language
			}); q != nil {
				return splice(p, q.start, q.end, strings.Replace(q.text, ",", ".", 1))
			}
			return ""
		}},
		{"percent lost", "percent numbers", 0.95, func(_ *rand.Rand, p *labelled) string {
			if !strings.Contains(p.source, "percent") && !strings.Contains(p.source, "per cent") && !strings.Contains(p.source, "%") {
				return "" // a word that only looks like it
			}
			for _, w := range wordsOf(p.target) {
				if strings.HasPrefix(p.target[w.start:], "për qind") {
					w.end = w.start + len("për qind")
				}
				if isPercentWord(p.target[w.start:]) && strings.Count(p.source, "to 11 percent") == 0 {
					return splice(p, w.start, w.end, "")
				}
			}
			return ""
		}},
		{"currency changed", "currency", 0.95, func(_ *rand.Rand, p *labelled) string {
			_, currencies := measures()
			if !strings.Contains(p.source, "$") && !strings.Contains(p.source, "dollar") || strings.Contains(p.target, "$") {
				return "" // money that only the translation names, or names twice
			}
			for _, w := range wordsOf(p.target) {
				if c, ok := currencies.find(w.lower()); ok && currencyWords[c.id].code == "USD" {
					other := map[script]string{latin: "rubli", cyrillic: "рублей", arabic: "روبل", armenian: "ռուբլի", georgian: "რუბლი"}[w.script]
					if other == "" {
						return "" // no word of that script
					}
					return splice(p, w.start, w.end, other)
				}
			}
			return ""
		}},
		{"unit changed", "numbers", 0.9, func(_ *rand.Rand, p *labelled) string {
			units, _ := measures()
			if !strings.Contains(p.source, "40 kilometers") {
				return ""
			}
			for _, w := range wordsOf(p.target) {
				if u, ok := units.find(w.lower()); ok && unitWords[u.id].name == "km" {
					return splice(p, w.start, w.end, map[script]string{latin: "mil", cyrillic: "миль", arabic: "میل", armenian: "մղոն", georgian: "მილი"}[w.script])
				}
			}
			return ""
		}},
		{"name replaced", "names", 0.9, func(r *rand.Rand, p *labelled) string {
			l := languageOf(p.from)
			names, seq := personNames(p.source, wordsOf(p.source), l)
			for k := range names {
				if names[k].given || k+1 < len(names) && seq[k+1] == seq[k] {
					continue
				}
				var best word // the name, and no word that sounds a little like it
				least := float32(1)
				for _, w := range wordsOf(p.target) {
					if !w.cased(p.to) {
						continue
					}
					t, _ := withSounds(&w, 0, nil)
					if d := soundDistance(names[k].sounds, t.sounds); alike(names[k].sounds, t.sounds) && otherNames[w.script] != nil && d < least {
						best, least = w, d
					}
				}
				if others := otherNames[best.script]; least < 1 {
					return splice(p, best.start, best.end, others[r.IntN(len(others))])
				}
			}
			return ""
		}},
		{"Arabic kaf or yeh", "letters", 0.95, func(r *rand.Rand, p *labelled) string {
			if p.to != "fa" && p.to != "ps" && p.to != "fa-AF" {
				return ""
			}
			return replaceAt(r, p.target, func(c rune) bool { return c == 'ک' || c == 'ی' && p.to != "ps" }, func(c rune) string {
				return map[rune]string{'ک': "ك", 'ی': "ي"}[c]
			})
		}},
		{"non-joiner lost", "nonjoiner", 0.9, func(r *rand.Rand, p *labelled) string {
			if p.to != "fa" && p.to != "fa-AF" {
				return ""
			}
			w, ok := anyWord(r, p.target, func(w word) bool {
				i := strings.Index(w.text, zwnj)
				if i <= 0 {
					return false
				}
				before, _ := utf8.DecodeLastRuneInString(w.text[:i])
				return !strings.ContainsRune("اآدذرزژو", before) // else nothing is seen
			})
			if !ok {
				return ""
			}
			return splice(p, w.start, w.end, strings.Replace(w.text, zwnj, "", 1))
		}},
		{"homoglyph", "homoglyphs letters", 0.95, inText(func(r *rand.Rand, s string) string {
			twins := map[rune]string{'а': "a", 'е': "e", 'о': "o", 'р': "p", 'с': "c", 'х': "x", 'a': "а", 'e': "е", 'o': "о", 'p': "р", 'c': "с", 'ա': "a", 'օ': "o", 'ო': "o"}
			w, ok := anyWord(r, s, func(w word) bool {
				return lower(w) && strings.ContainsFunc(w.text, func(c rune) bool { return twins[c] != "" })
			})
			if !ok {
				return ""
			}
			return s[:w.start] + replaceAt(r, w.text, func(c rune) bool { return twins[c] != "" }, func(c rune) string { return twins[c] }) + s[w.end:]
		})},
		{"quotation mark lost", "quotes", 0.95, inText(func(r *rand.Rand, s string) string {
			return replaceAt(r, s, func(c rune) bool { return strings.ContainsRune(quoteRunes, c) }, nothing)
		})},
		{"straight quotation mark", "quotes quotes.style", 0.95, inText(func(r *rand.Rand, s string) string {
			return replaceAt(r, s, func(c rune) bool { return strings.ContainsRune(quoteRunes, c) }, func(rune) string { return `"` })
		})},
		{"bracket lost", "brackets", 0.95, inText(func(r *rand.Rand, s string) string {
			return replaceAt(r, s, func(c rune) bool { return c == '(' || c == ')' }, nothing)
		})},
		{"address changed", "urls", 0.95, func(r *rand.Rand, p *labelled) string {
			links := findLinks(p.target)
			if len(links) == 0 {
				return ""
			}
			i := links[0][0] + 1 + r.IntN(links[0][1]-links[0][0]-1)
			return splice(p, i, i, "q")
		}},
		{"two spaces", "spaces", 0.95, inText(func(r *rand.Rand, s string) string {
			return replaceAt(r, s, func(c rune) bool { return c == ' ' }, func(rune) string { return "  " })
		})},
		{"space before a mark", "spacing", 0.95, func(r *rand.Rand, p *labelled) string {
			if p.to == "fr" {
				return ""
			}
			return replaceAt(r, maskless(p), func(c rune) bool { return c == ',' && !unicode.IsDigit(c) || c == '،' }, func(c rune) string { return " " + string(c) })
		}},
		{"no space behind a comma", "spacing numbers", 0.9, func(r *rand.Rand, p *labelled) string {
			var at []int
			for i, c := range p.target {
				if (c == ',' || c == '،') && strings.HasPrefix(p.target[i+utf8.RuneLen(c):], " ") && i > 0 {
					if before, _ := utf8.DecodeLastRuneInString(p.target[:i]); unicode.IsLetter(before) {
						if after, _ := utf8.DecodeRuneInString(p.target[i+utf8.RuneLen(c)+1:]); unicode.IsLetter(after) {
							at = append(at, i+utf8.RuneLen(c))
						}
					}
				}
			}
			if len(at) == 0 {
				return ""
			}
			i := at[r.IntN(len(at))]
			return splice(p, i, i+1, "")
		}},
		{"end mark lost", "end quotes", 0.95, func(_ *rand.Rand, p *labelled) string {
			t := strings.TrimRight(p.target, ".։?؟!۔")
			if t == p.target || strings.TrimRight(p.source, ".?!\"'”’") == p.source || strings.HasSuffix(p.source, "example.") || strings.HasSuffix(p.source, "/report.") {
				return ""
			}
			return t
		}},
		{"question made a statement", "end", 0.95, func(_ *rand.Rand, p *labelled) string {
			if !strings.HasSuffix(p.source, "?") || p.to == "hy" {
				return ""
			}
			t := strings.TrimRight(p.target, "?؟ ")
			if p.to == "el" {
				t = strings.TrimRight(t, ";")
			}
			if t == p.target || endMarks(t, languageOf(p.to)) != 0 {
				return "" // another mark is there, or a quotation mark behind it
			}
			return t + "."
		}},
		{"word doubled", "doubled", 0.9, func(r *rand.Rand, p *labelled) string {
			w, ok := anyWord(r, p.target, func(w word) bool {
				return lower(w) && !slices.Contains(doubling[languageOf(p.to).lang], w.text) && !strings.Contains(p.target, w.text+"-") && !strings.Contains(p.target, "-"+w.text)
			})
			if !ok {
				return ""
			}
			return splice(p, w.end, w.end, " "+w.text)
		}},
		{"all capitals", "capitals", 0.95, func(_ *rand.Rand, p *labelled) string {
			if s := languageOf(p.to).script; s != "Latn" && s != "Cyrl" && s != "Armn" || len(wordsOf(p.target)) < 6 || strings.Contains(p.target, "@") || strings.Contains(p.target, "//") {
				return ""
			}
			return strings.ToUpper(p.target)
		}},
		{"half missing, final mark kept", "ratio numbers quotes brackets percent names urls currency", 0.85, func(_ *rand.Rand, p *labelled) string {
			ws := wordsOf(p.target)
			if len(ws) < 6 {
				return ""
			}
			trimmed := strings.TrimRight(p.target, ".։?؟!”»“")
			return strings.TrimRight(p.target[:ws[(len(ws)-1)/2].end], " ,،") + p.target[len(trimmed):]
		}},
		{"text doubled", "doubled ratio", 0.95, func(_ *rand.Rand, p *labelled) string {
			if len(wordsOf(p.target)) < 3 {
				return ""
			}
			return p.target + " " + p.target
		}},
		{"not translated", "untranslated script", 0.95, func(_ *rand.Rand, p *labelled) string { return p.source }},
		{"part not translated", "language script", 0.95, func(_ *rand.Rand, p *labelled) string {
			ws, ts := wordsOf(p.source), wordsOf(p.target)
			if len(ws) < 8 || len(ts) < 6 || ws[len(ws)-1].script == none {
				return ""
			}
			rest := p.source[ws[len(ws)-5].start:]
			if strings.ContainsFunc(rest, unicode.IsDigit) || strings.ContainsFunc(rest, unicode.IsUpper) {
				return ""
			}
			return p.target[:ts[len(ts)/2].end] + " " + rest
		}},
		{"decoded wrongly", "encoding control", 0.95, func(r *rand.Rand, p *labelled) string {
			w, ok := anyWord(r, p.target, func(w word) bool { return lower(w) && len(w.text) > utf8.RuneCountInString(w.text)+1 })
			if !ok {
				return ""
			}
			var b strings.Builder
			for i := range len(w.text) {
				b.WriteRune(charmap.ISO8859_1.DecodeByte(w.text[i]))
			}
			return splice(p, w.start, w.end, b.String())
		}},
		{"replacement character", "control", 0.95, func(r *rand.Rand, p *labelled) string {
			return replaceAt(r, p.target, unicode.IsLetter, func(rune) string { return "\ufffd" })
		}},
		{"direction mark", "bidi", 0.95, func(r *rand.Rand, p *labelled) string {
			i := strings.IndexByte(p.target, ' ')
			if i < 0 {
				return ""
			}
			return splice(p, i, i, "\u202e")
		}},
		{"zero-width space", "invisible", 0.95, func(r *rand.Rand, p *labelled) string {
			w, ok := anyWord(r, p.target, lower)
			if !ok {
				return ""
			}
			_, size := utf8.DecodeRuneInString(w.text)
			return splice(p, w.start+size, w.start+size, "\u200b")
		}},
		{"decomposed", "nfc", 0.95, func(_ *rand.Rand, p *labelled) string {
			if d := norm.NFD.String(p.target); d != p.target {
				return d
			}
			return ""
		}},
		{"letter tripled", "tripled", 0.95, func(r *rand.Rand, p *labelled) string {
			if p.to == "de" {
				return ""
			}
			w, ok := anyWord(r, p.target, lower)
			if !ok {
				return ""
			}
			c, size := utf8.DecodeRuneInString(w.text)
			return splice(p, w.start+size, w.start+size, string(c)+string(c))
		}},
		{"mark doubled", "repeated", 0.95, func(_ *rand.Rand, p *labelled) string {
			if t := strings.TrimRight(p.target, ".։"); t != p.target {
				return p.target + p.target[len(t):]
			}
			return ""
		}},
		{"markup", "markup", 0.95, func(r *rand.Rand, p *labelled) string {
			w, ok := anyWord(r, p.target, lower)
			if !ok {
				return ""
			}
			return splice(p, w.start, w.end, "<i>"+w.text+"</i>")
		}},
		{"space at the beginning", "edges", 0.95, func(_ *rand.Rand, p *labelled) string { return " " + p.target }},
		{"empty", "empty", 1, func(*rand.Rand, *labelled) string { return " " }},
	}
}

// cased reports whether a word may be a name in a locale.
func (w *word) cased(locale string) bool {
	return w.script != none && (!languageOf(locale).cased() || capitalized(w.text))
}

func maskOf(text string) string {
	masked, _, _ := mask(text)
	return masked
}

// maskless returns a pair's target, "" if it has addresses or numbers.
func maskless(p *labelled) string {
	if maskOf(p.target) != p.target || strings.ContainsFunc(p.target, unicode.IsDigit) {
		return ""
	}
	return p.target
}

// soundPairs returns the sound pairs of the labelled news and of the sample newsroom; with
// -pairs, each tenth pair of that folder.
func soundPairs(t testing.TB) (out []labelled) {
	if *pairsFolder != "" {
		files, _ := filepath.Glob(filepath.Join(*pairsFolder, "*.tsv"))
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for line := range strings.Lines(string(data)) {
				if c := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(c) == 3 {
					if n++; n%10 == 0 {
						out = append(out, labelled{place: f, from: "en", to: strings.TrimSuffix(filepath.Base(f), ".tsv"), source: c[1], target: c[2]})
					}
				}
			}
		}
		return out
	}
	for _, l := range readNews(t) {
		if len(l.want) == 0 {
			out = append(out, l)
		}
	}
	for _, p := range newsroomPairs(t) {
		if len(wordsOf(p.source)) >= 4 {
			out = append(out, labelled{place: "newsroom", from: "en", to: p.locale, source: p.source, target: p.target})
		}
	}
	return out
}

// TestRecall spoils sound translations of all languages in every way of faultKinds, and
// logs the share that is found by kind and language. A fault counts as found if one of
// the kind's checks reports it that did not report the sound text. -findings names a file
// for all that are not found.
func TestRecall(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 16))
	pairs := soundPairs(t)
	clean := map[int]map[string]bool{} // ids, and ids with messages
	for i := range pairs {
		clean[i] = map[string]bool{}
		for _, d := range pairs[i].check(t) {
			clean[i][d.ID], clean[i][d.ID+d.Message] = true, true
		}
	}
	misses := map[string]string{}
	var all *os.File // every miss: kind, locale, source, faulty target
	if *findingsFile != "" {
		var err error
		if all, err = os.Create(*findingsFile); err != nil {
			t.Fatal(err)
		}
		defer all.Close()
	}
	for _, k := range faultKinds() {
		type tally struct{ found, strong, all int } // strong: found as a warning or error
		by := map[string]*tally{}
		var sum tally
		for i := range pairs {
			p := &pairs[i]
			bad := k.spoil(r, p)
			if bad == "" || bad == p.target {
				continue
			}
			l := *p
			l.target = bad
			if by[p.to] == nil {
				by[p.to] = &tally{}
			}
			hit, strong, before := false, false, false // before: one of the checks reports the text as it was
			for _, d := range l.check(t) {
				if slices.Contains(strings.Fields(k.checks), strings.TrimPrefix(d.ID, "quality.")) {
					before = before || clean[i][d.ID]
					if !clean[i][d.ID+d.Message] {
						hit, strong = true, strong || d.Severity >= diag.Warning
					}
				}
			}
			if before && !hit {
				continue // it cannot be told whether the fault is found
			}
			by[p.to].all++
			sum.all++
			if strong {
				sum.strong++
			}
			if hit {
				by[p.to].found++
				sum.found++
			} else {
				if all != nil {
					fmt.Fprintf(all, "%s\t%s\t%s\t%s\n", k.name, p.to, p.source, bad)
				}
				if misses[k.name+p.to] != "" {
					continue
				}
				misses[k.name+p.to] = fmt.Sprintf("%s, %s: %s\n\t%s", k.name, p.to, p.source, bad)
			}
		}
		var low []string
		for to, c := range by {
			if float64(c.found) < 0.95*float64(c.all) {
				low = append(low, fmt.Sprintf("%s %d/%d", to, c.found, c.all))
			}
		}
		sort.Strings(low)
		share := float64(sum.found) / float64(max(1, sum.all))
		t.Logf("%-32s %5.3f of %4d, %5.3f as warnings or errors  %s", k.name, share, sum.all, float64(sum.strong)/float64(max(1, sum.all)), strings.Join(low, ", "))
		if sum.all < 10 || share < k.floor {
			t.Errorf("%s: %.3f of %d are found, want %.2f of ten or more", k.name, share, sum.all, k.floor)
		}
	}
	if testing.Verbose() {
		for _, k := range slices.Sorted(func(yield func(string) bool) {
			for k := range misses {
				if !yield(k) {
					return
				}
			}
		}) {
			t.Log("not found: " + misses[k])
		}
	}
}

// documentOf makes a translation of pairs.
func documentOf(pairs []labelled) *bitext.Translation {
	d := &bitext.Document{Path: "a.txt", Locale: "en"}
	for i := range pairs {
		d.Units = append(d.Units, bitext.Unit{ID: fmt.Sprint("u", i), Kind: bitext.Paragraph, Source: bitext.Plain(pairs[i].source)})
		d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	}
	tr := bitext.NewTranslation(d, pairs[0].to)
	for i := range pairs {
		tr.Targets[i][0] = bitext.Target{Filled: true, Text: bitext.Plain(pairs[i].target), State: bitext.Reviewed}
	}
	return tr
}

func hasFinding(ds []diag.Diagnostic, checks ...string) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool {
		return slices.Contains(checks, strings.TrimPrefix(d.ID, "quality."))
	})
}

// TestRecallOfNeighbours exchanges and doubles translations of neighbouring sentences.
func TestRecallOfNeighbours(t *testing.T) {
	by := map[string][]labelled{}
	for _, l := range readNews(t) {
		if len(l.want) == 0 {
			by[l.to] = append(by[l.to], l)
		}
	}
	found, doubled, all := 0, 0, 0
	for _, pairs := range by {
		if ds := Check(documentOf(pairs), Options{Enabled: []string{"quality.swapped", "quality.same"}}); len(ds) > 0 {
			t.Errorf("false alarms: %v", ds)
		}
		for i := 0; i+1 < len(pairs); i++ {
			all++
			bad := slices.Clone(pairs)
			bad[i].target, bad[i+1].target = bad[i+1].target, bad[i].target
			if hasFinding(Check(documentOf(bad[max(0, i-1):min(len(bad), i+3)]), Options{}), "swapped", "numbers", "names", "end", "ratio", "quotes", "urls") {
				found++
			}
			bad = slices.Clone(pairs)
			bad[i+1].target = bad[i].target
			if hasFinding(Check(documentOf(bad[i:i+2]), Options{}), "same") {
				doubled++
			}
		}
	}
	t.Logf("swapped: %d of %d found; doubled: %d of %d", found, all, doubled, all)
	if found*100 < 75*all || doubled*100 < 95*all {
		t.Errorf("%d swapped and %d doubled of %d found", found, doubled, all)
	}
}

// TestRecallOfLanguages checks every sound sentence in the edition of each other
// language of its script.
func TestRecallOfLanguages(t *testing.T) {
	by := map[string][]labelled{}
	for _, l := range readNews(t) {
		if len(l.want) == 0 {
			by[l.to] = append(by[l.to], l)
		}
	}
	group := func(locale string) string {
		l := languageOf(locale)
		if l.lang == "bs" {
			return "sr" + l.script
		}
		return l.lang + l.script
	}
	found, all := 0, 0
	for to := range by {
		for other, pairs := range by {
			if languageOf(to).script != languageOf(other).script || group(to) == group(other) {
				continue
			}
			n := 0
			for _, l := range pairs {
				l.to = to
				if hasFinding(l.check(t), "script", "letters") {
					n++
				}
			}
			found, all = found+n, all+len(pairs)
			if n*100 < 85*len(pairs) {
				t.Logf("%s in %s: %d of %d", other, to, n, len(pairs))
			}
		}
	}
	t.Logf("%d of %d found", found, all)
	if found*100 < 95*all {
		t.Errorf("%d of %d sentences in another language are found, want 95 %%", found, all)
	}
}
