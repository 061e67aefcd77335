package locales

import (
	_ "embed" // for the tables below
	"slices"
	"strings"
	"sync"

	"hexapla/locales/internal/sections"
	langtag "hexapla/locales/tag"
)

//go:embed cldr/facts.txt
var generatedFacts string

//go:embed cldr/own.txt
var ownFacts string

// tables are the sections of the two embedded files, found but not yet parsed.
type tables struct {
	supplemental map[string]string    // section name to its lines, generated
	own          map[string]string    // the same, by hand; looked at first
	locales      map[string][2]string // locale to its lines: by hand, generated
}

// facts finds the sections once. They are immutable, like everything that the
// functions below derive and keep.
var facts = sync.OnceValue(func() *tables {
	t := &tables{supplemental: map[string]string{}, own: map[string]string{}, locales: make(map[string][2]string, 600)}
	sections.Each(generatedFacts, func(kind byte, name, body string) {
		if kind == '=' {
			t.supplemental[name] = body
		} else {
			t.locales[name] = [2]string{"", body}
		}
	})
	sections.Each(ownFacts, func(kind byte, name, body string) {
		if kind == '=' {
			t.own[name] = body
		} else {
			t.locales[name] = [2]string{body, t.locales[name][1]}
		}
	})
	return t
})

// supplementalLine returns the value of a key in a section.
func supplementalLine(section, key string) (string, bool) {
	return sections.Find(facts().supplemental[section], key)
}

// localeFacts are the facts of one locale, its parents' included.
type localeFacts struct {
	id     string
	values map[string]string
	lists  sync.Map // what list returned, by key
}

// get returns a fact by its key; the keys are those that internal/gen writes:
//
//	Mw Ma   month names in dates, wide and abbreviated      Lw La  standing alone
//	Ew Ea   weekday names in dates, Sunday first            cw ca  standing alone
//	df dl dm ds   date patterns, full to short; with "p." of the Persian and
//	              with "b." of the Buddhist calendar, like its month names
//	tm ts ap dt dta   time patterns, am/pm, date and time, date "at" time
//	ns sy nd np mg    digits, symbols, decimal and percent pattern, least grouping
//	la lo   list patterns "and", "or": two, start, middle, end
//	q ex xp quotation marks, letters, punctuation
//	self en      name in itself, in English
//	ln ln2       names of other languages, generated and by hand
func (l *localeFacts) get(key string) string { return l.values[key] }

// list returns a fact that is a list. It must not be changed.
func (l *localeFacts) list(key string) []string {
	if known, ok := l.lists.Load(key); ok {
		return known.([]string)
	}
	v := l.values[key]
	if v == "" {
		return nil
	}
	list := slices.Clip(strings.Split(v, "\t"))
	l.lists.Store(key, list)
	return list
}

// parsedLocales keeps what localeOf derived, by CLDR locale: at most as many as
// the tables have.
var parsedLocales sync.Map

// localeOf gives the facts for a tag: of the nearest locale in the same
// language and script that has any, or root's.
func localeOf(tag string) *localeFacts { return factsOfTags.Get(tag, readLocale) }

var factsOfTags langtag.Memo[*localeFacts]

func readLocale(tag string) *localeFacts {
	id := factsID(tag)
	if l, ok := parsedLocales.Load(id); ok {
		return l.(*localeFacts)
	}
	l := &localeFacts{id: id, values: map[string]string{}}
	t := facts()
	for at := id; at != ""; at = factsParent(at) {
		for _, body := range t.locales[at] {
			for line := range strings.Lines(body) {
				if line[0] == '#' {
					continue
				}
				k, v, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
				if _, ok := l.values[k]; !ok {
					l.values[k] = v
				}
			}
		}
	}
	kept, _ := parsedLocales.LoadOrStore(id, l)
	return kept.(*localeFacts)
}

const root = langtag.Und

// factsParent is the locale that id inherits from, per CLDR's parentLocales
// and else by truncation; "" above the root.
func factsParent(id string) string {
	if id == root {
		return ""
	}
	locales := facts().locales
	for {
		if p, ok := langtag.ParentLocale(id); ok {
			id = p
		} else if i := strings.LastIndexByte(id, '-'); i > 0 {
			id = id[:i]
		} else {
			return root
		}
		if _, ok := locales[id]; ok || id == root {
			return id
		}
	}
}

func factsID(tag string) string {
	t, ok := langtag.Parse(tag)
	if !ok {
		return root
	}
	locales := facts().locales
	for _, candidate := range append([]langtag.Tag{t.Base()}, t.Base().Parents()...) {
		if _, ok := locales[candidate.String()]; ok {
			return candidate.String()
		}
	}
	return root
}
