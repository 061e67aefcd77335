package glossary

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

var (
	treebanks  = flag.String("treebanks", "", "a folder for TestTreebanks: LOCALE.conllu are treebanks of Universal Dependencies, LOCALE.paradigms tables of UniMorph (dictionary form, form, features)")
	missesFile = flag.String("misses", "", "the file that TestTreebanks writes what it judges wrongly to")
)

// An attested is a form of a noun or name that a treebank has, or a table of
// paradigms.
type attested struct {
	term, form string
	count      int
}

// attestedForms reads the nouns and names of a file, once each, and the sentences
// of a treebank with their dictionary forms.
func attestedForms(t *testing.T, file string) (forms []*attested, sentences []string, lemmas []map[string]bool) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at := map[[2]string]*attested{}
	word := func(s string) bool {
		n := utf8.RuneCountInString(s)
		return n >= 3 && !isAbbreviation(s) && strings.IndexFunc(s, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !isApostrophe(r) && r != 0x200c
		}) < 0
	}
	add := func(term, form string) {
		term, form = norm.NFC.String(strings.Trim(term, "*")), norm.NFC.String(form)
		a, _ := utf8.DecodeRuneInString(term)
		b, _ := utf8.DecodeRuneInString(form)
		if !word(term) || !word(form) || unicode.IsUpper(a) && unicode.IsLower(b) {
			return
		}
		k := [2]string{term, form}
		if at[k] == nil {
			at[k] = &attested{term: term, form: form}
			forms = append(forms, at[k])
		}
		at[k].count++
	}
	var joined string // a word that the treebank takes apart
	var from, to, id int
	seen := map[string]bool{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		c := strings.Split(line, "\t")
		if strings.HasSuffix(file, ".paradigms") {
			if len(c) >= 3 && (strings.HasPrefix(c[2], "N;") || strings.HasPrefix(c[2], "PROPN")) {
				add(strings.Map(noStress, c[0]), strings.Map(noStress, c[1]))
			}
			continue
		}
		if text, ok := strings.CutPrefix(line, "# text = "); ok {
			seen, from, to = map[string]bool{}, 0, 0
			sentences, lemmas = append(sentences, text), append(lemmas, seen)
		}
		if len(c) < 6 || strings.HasPrefix(line, "#") {
			continue
		}
		if n, _ := fmt.Sscanf(c[0], "%d-%d", &from, &to); n == 2 {
			joined = c[1]
			continue
		}
		fmt.Sscanf(c[0], "%d", &id)
		lemma, form := c[2], c[1]
		if id >= from && id <= to {
			form = joined
		}
		seen[strings.ToLower(lemma)], seen[strings.ToLower(form)] = true, true
		if (c[3] == "NOUN" || c[3] == "PROPN") && !strings.Contains(c[5], "Abbr=Yes") && !strings.Contains(c[5], "Typo=Yes") && !strings.Contains(c[5], "Foreign=Yes") && !strings.Contains(c[5], "VerbForm=") {
			if first, size := utf8.DecodeRuneInString(form); c[3] == "PROPN" && unicode.IsUpper(first) && size > 0 {
				first, size = utf8.DecodeRuneInString(lemma)
				lemma = string(unicode.ToUpper(first)) + lemma[size:]
			} else if c[3] == "NOUN" {
				if first, _ := utf8.DecodeRuneInString(lemma); unicode.IsLower(first) {
					r, size := utf8.DecodeRuneInString(form)
					form = string(unicode.ToLower(r)) + form[size:]
				}
			}
			add(lemma, form)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(file, err)
	}
	return forms, sentences, lemmas
}

// noStress leaves out the mark of stress that dictionaries write.
func noStress(r rune) rune {
	if r == '\u0301' {
		return -1
	}
	return r
}

// TestTreebanks logs by language how many of the forms in the files of -treebanks are
// accepted as forms of their dictionary forms, by distinct forms and by words of the
// text; how many terms that are missing are found to be missing, among terms that
// begin with the same four letters as the word (near), compounds with the term not
// counted, and any terms beside whole sentences (far); and the precision of alarms where right forms, near words and far
// sentences are equally many.
func TestTreebanks(t *testing.T) {
	if *treebanks == "" {
		t.Skip("no -treebanks")
	}
	files, _ := filepath.Glob(filepath.Join(*treebanks, "*.*"))
	var out *os.File
	if *missesFile != "" {
		var err error
		if out, err = os.Create(*missesFile); err != nil {
			t.Fatal(err)
		}
		defer out.Close()
	}
	t.Logf("%-20s %6s %9s %9s %9s %9s %9s", "", "forms", "accepted", "of words", "near", "far", "precision")
	for _, file := range files {
		locale := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		forms, sentences, lemmas := attestedForms(t, file)
		if len(forms) == 0 {
			continue
		}
		r := rand.New(rand.NewPCG(16, 16))
		r.Shuffle(len(forms), func(i, k int) { forms[i], forms[k] = forms[k], forms[i] })
		l := inflectionFor(locale)
		begin := func(s string) string {
			runes := []rune(strings.ToLower(s))
			return string(runes[:min(4, len(runes))])
		}
		byBegin, terms, formsOf := map[string][]string{}, []string(nil), map[string]map[string]bool{}
		for _, a := range forms {
			if formsOf[a.term] == nil {
				formsOf[a.term] = map[string]bool{}
				byBegin[begin(a.term)] = append(byBegin[begin(a.term)], a.term)
				terms = append(terms, a.term)
			}
			formsOf[a.term][strings.ToLower(a.form)] = true
		}
		slices.SortStableFunc(forms, func(a, b *attested) int { return cmp.Compare(b.count, a.count) })
		has := func(term, text string) bool {
			return len(Check(locale, []bitext.TermMark{{Targets: []string{term}}}, text)) == 0
		}
		known := map[string]bool{}
		for _, a := range forms {
			known[l.folded(a.term)], known[l.folded(a.form)] = true, true
		}
		// A compound of the term and another word has the term.
		isCompound := func(term, form string) bool {
			rest, ok := strings.CutPrefix(form, term)
			if strings.HasPrefix(rest, nonJoiner) {
				return ok
			}
			for i := range rest {
				if ok && l.compound > 0 && i <= 2 && utf8.RuneCountInString(rest[i:]) >= 3 && known[l.folded(rest[i:])] {
					return true
				}
			}
			return false
		}
		var types, words, accepted, acceptedWords, near, nearFound, far, farFound int
		for _, a := range forms[:min(len(forms), 20000)] {
			types, words = types+1, words+a.count
			if has(a.term, a.form) {
				accepted, acceptedWords = accepted+1, acceptedWords+a.count
			} else if out != nil {
				fmt.Fprintf(out, "%s\tform\t%d\t%s\t%s\n", locale, a.count, a.term, a.form)
			}
			others := byBegin[begin(a.form)]
			for range 3 {
				if len(others) < 2 {
					break
				}
				o := others[r.IntN(len(others))]
				if o == a.term || l.folded(o) == l.folded(a.form) || l.folded(o) == l.folded(a.term) || formsOf[o][strings.ToLower(a.form)] || isCompound(o, a.form) {
					continue
				}
				near++
				if !has(o, a.form) {
					nearFound++
				} else if out != nil {
					fmt.Fprintf(out, "%s\tnear\t%d\t%s\t%s\tof %s\n", locale, a.count, o, a.form, a.term)
				}
			}
		}
		for i, s := range sentences {
			if i >= 4000 {
				break
			}
			for range 3 {
				o := terms[r.IntN(len(terms))]
				if lemmas[i][strings.ToLower(o)] || strings.Contains(strings.ToLower(s), strings.ToLower(o)) {
					continue
				}
				far++
				if !has(o, s) {
					farFound++
				} else if out != nil {
					fmt.Fprintf(out, "%s\tfar\t1\t%s\t%s\n", locale, o, s)
				}
			}
		}
		share := func(a, b int) float64 { return float64(a) / float64(max(1, b)) }
		found := share(nearFound, near)
		if far > 0 {
			found = (found + share(farFound, far)) / 2
		}
		t.Logf("%-20s %6d %9.4f %9.4f %9.4f %9.4f %9.4f %s", filepath.Base(file), types, share(accepted, types), share(acceptedWords, words), share(nearFound, near), share(farFound, far),
			found/(found+1-share(acceptedWords, words)), tag.Language(locale))
	}
}
