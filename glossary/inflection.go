package glossary

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"hexapla/locales/tag"
)

// What the inflection of a language does to a word is data: one file a
// language in inflection/, read when it is first asked for. The README there
// describes the lines.
//
//go:embed inflection/*.txt
var inflectionFiles embed.FS

// inflection is what one language does to its words, as far as it matters for
// telling that two of them are forms of one. It does not know grammar: it says
// which stems a dictionary form may take, and which endings may follow them.
type inflection struct {
	lang      string
	dotless   bool
	fold      *strings.Replacer // on both sides, after lower case
	harmony   *strings.Replacer // on endings only
	strip     []string
	alt       [][2]string
	drop      []string
	insert    []string
	soft      []string
	vowel     [][2]string
	final     [][2]string
	double    bool
	ends      map[string]bool
	chain     map[string]bool
	longest   int // of chain, in bytes
	derive    []string
	common    int // of derive, how many follow words that are no names
	deriveN   []string
	adj       map[string]bool            // behind derive; nil is all endings
	adjN      map[string]bool            // behind deriveN
	whole     map[string]bool            // endings that no unchanged dictionary form has
	deny      map[string]map[string]bool // what was taken off → endings that do not follow then
	only      map[string]map[string]bool // change of the last letters → endings that follow then
	after     map[string][]string        // ending → what was taken off the stems that alone have it
	clitics   []string                   // stand behind any ending
	last      map[string]bool            // suffixes that end a chain
	not       [][2]string
	open      []string // beginnings of dictionary forms, which fall away
	forms     [][2]string
	starts    []string // the left sides of alt and forms whose right sides begin with another letter
	alone     [][2]string
	apart     [][2]string
	perfect   [][2]string
	prefixes  []string
	compound  int      // letters that may stand before the term in one word; 0 is never
	tails     []string // second parts of compounds that make the name of another thing
	onset     []string // how a second part may begin that begins with two consonants
	allVowels string   // all other letters are consonants, if onset is not nil
	joint     []string // letters between the parts of a compound
	link      map[string]bool
	broken    bool // Arabic broken plurals
	generic   bool // nothing is known: compare beginnings

	compiled sync.Map // word → *wordForms, of the words that came first
	count    atomic.Int32
}

// maxCompiled bounds the compiled words that are kept for a language: those of a
// glossary recur in every text, about 2 KB each.
const maxCompiled = 2048

// maxKept is the length in bytes of the longest word that is kept.
const maxKept = 64

var inflections sync.Map // language → *inflection; as many as there are files

// inflectionFor gives the rules for a locale's language; for one without a file
// those that compare the beginnings of words.
func inflectionFor(locale string) *inflection {
	lang := tag.Language(locale)
	if l, ok := inflections.Load(lang); ok {
		return l.(*inflection)
	}
	data, err := inflectionFiles.ReadFile("inflection/" + lang + ".txt")
	if err != nil {
		return &inflection{lang: lang, generic: true, dotless: dotlessI(lang)}
	}
	l, _ := inflections.LoadOrStore(lang, parseInflection(lang, string(data)))
	return l.(*inflection)
}

func parseInflection(lang, data string) *inflection {
	l := &inflection{lang: lang, dotless: dotlessI(lang), ends: map[string]bool{"": true}, chain: map[string]bool{}, link: map[string]bool{}}
	var fold, harmony []string
	for line := range strings.Lines(data) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		key, vals := f[0], f[1:]
		if key == "use" {
			base, err := inflectionFiles.ReadFile("inflection/" + vals[0] + ".txt")
			if err == nil {
				dotless := l.dotless
				l = parseInflection(lang, string(base))
				l.dotless = dotless
			}
			continue
		}
		var pairs [][2]string
		for _, v := range vals {
			if a, b, ok := strings.Cut(v, "="); ok {
				pairs = append(pairs, [2]string{a, b})
			}
		}
		switch key {
		case "fold":
			for _, p := range pairs {
				fold = append(fold, p[0], p[1])
			}
		case "harmony":
			for _, p := range pairs {
				harmony = append(harmony, p[0], p[1])
			}
		case "strip":
			l.strip = append(l.strip, vals...)
		case "alt":
			l.alt = append(l.alt, pairs...)
		case "drop":
			l.drop = append(l.drop, vals...)
		case "insert":
			l.insert = append(l.insert, vals...)
		case "soft":
			l.soft = append(l.soft, vals...)
		case "vowel":
			l.vowel = append(l.vowel, pairs...)
		case "final":
			l.final = append(l.final, pairs...)
		case "double":
			l.double = true
		case "ends":
			for _, v := range vals {
				l.ends[v] = true
			}
		case "chain":
			for _, v := range vals {
				l.chain[v] = true
				l.longest = max(l.longest, len(v))
			}
		case "derive":
			l.derive = slices.Insert(l.derive, l.common, vals...)
			l.common += len(vals)
		case "derive-name":
			l.derive = append(l.derive, vals...)
		case "derive-n":
			l.deriveN = append(l.deriveN, vals...)
		case "adj":
			l.adj = addAll(l.adj, vals)
		case "adj-n":
			l.adjN = addAll(l.adjN, vals)
		case "whole":
			l.whole = addAll(l.whole, vals)
		case "deny":
			if l.deny == nil {
				l.deny = map[string]map[string]bool{}
			}
			l.deny[vals[0]] = addAll(l.deny[vals[0]], vals[1:])
		case "only":
			if l.only == nil {
				l.only = map[string]map[string]bool{}
			}
			l.only[vals[0]] = addAll(l.only[vals[0]], vals[1:])
		case "after":
			for _, v := range vals[1:] {
				if l.after == nil {
					l.after = map[string][]string{}
				}
				l.after[v] = append(l.after[v], strings.Split(vals[0], ",")...)
			}
		case "last":
			l.last = addAll(l.last, vals)
			for _, v := range vals {
				l.longest = max(l.longest, len(v))
			}
		case "clitic":
			l.clitics = append(l.clitics, vals...)
		case "not":
			l.not = append(l.not, pairs...)
		case "open":
			l.open = append(l.open, vals...)
		case "form":
			l.forms = append(l.forms, pairs...)
		case "alone":
			l.alone = append(l.alone, pairs...)
		case "apart":
			l.apart = append(l.apart, pairs...)
		case "perfective":
			l.perfect = append(l.perfect, pairs...)
		case "prefix":
			l.prefixes = append(l.prefixes, vals...)
		case "compound":
			l.compound = 3
			l.tails = append(l.tails, vals...)
		case "joint":
			l.joint = append(l.joint, vals...)
		case "onset":
			l.allVowels, l.onset = vals[0], append(l.onset, vals[1:]...)
		case "link":
			for _, v := range vals {
				l.link[v] = true
			}
		case "broken":
			l.broken = true
		}
	}
	for _, p := range slices.Concat(l.alt, l.forms) {
		if !sameStart(p[0], p[1]) {
			l.starts = append(l.starts, p[0])
		}
	}
	if fold != nil {
		l.fold = strings.NewReplacer(fold...)
	}
	if harmony != nil {
		l.harmony = strings.NewReplacer(harmony...)
	}
	return l
}

// addAll adds values to a set, which may be nil. "-" stands for no ending.
func addAll(set map[string]bool, values []string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	for _, v := range values {
		set[strings.TrimPrefix(v, "-")] = true
	}
	return set
}
