package quality

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Consistency collects, over the documents of one pair of locales, what names and short
// texts of the source are called in the translations. Make it with NewConsistency.
type Consistency struct {
	from, to *language
	words    arena
	names    map[string]map[string]*Form // name → word of a translation
	texts    map[string]*variants        // by letters, see wordsOnly
	sounds   map[string][]sound          // of names
}

type variants struct {
	source string
	forms  map[string]*Form
}

// Kinds of an Inconsistency.
const (
	NameKind = "name" // part of a name
	TextKind = "text" // a short text, such as a heading or label
)

// Inconsistency is a name or text of the source that is translated in several ways, the
// most frequent first. Inflected forms of a name are one way.
type Inconsistency struct {
	Locale string `json:"locale"`
	Kind   string `json:"kind"`
	Source string `json:"source"`
	Forms  []Form `json:"forms"`
}

// Form is one way in which something is translated, in Count texts.
type Form struct {
	Text      string   `json:"text"`
	Count     int      `json:"count"`
	Documents []string `json:"documents,omitempty"` // at most maxDocuments
	Example   string   `json:"example,omitempty"`   // a translation that has it
}

const (
	maxDocuments = 5
	maxTextWords = 8 // of a text that is compared as a whole
)

// notNames are English words with a capital that are translated by their meaning.
const notNames = "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december mr mrs miss senator president minister commission committee parliament street north south east west northern southern eastern western"

// NewConsistency returns an empty collection.
func NewConsistency(source, target string) *Consistency {
	return &Consistency{
		from: languageOf(source), to: languageOf(target), names: map[string]map[string]*Form{}, texts: map[string]*variants{}, sounds: map[string][]sound{},
	}
}

// Add adds a translation of a document.
func (c *Consistency) Add(document, source, target string) {
	source, target = norm.NFC.String(source), norm.NFC.String(target)
	src, tgt := appendWords(nil, source, &c.words), appendWords(nil, target, &c.words)
	if len(src) == 0 || len(tgt) == 0 {
		return
	}
	if len(src) <= maxTextWords {
		if key := wordsOnly(source); key != "" {
			v := c.texts[key]
			if v == nil {
				v = &variants{source, map[string]*Form{}}
				c.texts[key] = v
			}
			count(v.forms, strings.TrimSpace(target), wordsOnly(target), document, "")
		}
	}
	if c.from.script != "Latn" || c.to.written == other || c.to.spaceless {
		return
	}
	seen := map[string]bool{}
	id := identifierOf()
	for i := 1; i < len(src); i++ { // the first word is capitalized, whatever it is
		w := &src[i]
		if w.script != latin || !capitalized(w.text) || utf8.RuneCountInString(w.text) < 4 || strings.ContainsAny(source[src[i-1].end:w.start], ".!?:\"“'‘") {
			continue
		}
		name := strings.TrimSuffix(strings.TrimSuffix(w.text, "'s"), "’s")
		low := strings.ToLower(name)
		if seen[name] || id.words[low] != nil || containsWord(notNames, low) || name == strings.ToUpper(name) {
			continue
		}
		seen[name] = true
		sounds, known := c.sounds[low]
		if !known {
			sounds = appendSounds(nil, low)
			c.sounds[low] = sounds
		}
		if weight(sounds) < 1.9 {
			continue
		}
		best, distance := -1, float32(0.3)
		var room [maxSounds]sound
		for k := range tgt {
			t := &tgt[k]
			if t.script == none || c.to.cased() && !capitalized(t.text) || utf8.RuneCountInString(t.text) < 3 {
				continue
			}
			if d := soundDistance(sounds, appendSounds(room[:0], t.low)); d < distance {
				best, distance = k, d
			}
		}
		if best < 0 {
			continue
		}
		forms := c.names[name]
		if forms == nil {
			forms = map[string]*Form{}
			c.names[name] = forms
		}
		count(forms, tgt[best].text, tgt[best].text, document, target)
	}
}

func count(forms map[string]*Form, text, key, document, example string) {
	f := forms[key]
	if f == nil {
		f = &Form{Text: text, Example: example}
		forms[key] = f
	}
	f.Count++
	f.document(document)
}

func (f *Form) document(name string) {
	if name != "" && len(f.Documents) < maxDocuments && !slices.Contains(f.Documents, name) {
		f.Documents = append(f.Documents, name)
	}
}

// Report returns what is translated in several ways and occurs in least texts or more:
// names first, the most frequent first.
func (c *Consistency) Report(least int) []Inconsistency {
	var out []Inconsistency
	total := func(forms []Form) (n int) {
		for i := range forms {
			n += forms[i].Count
		}
		return n
	}
	add := func(kind, source string, forms []Form) {
		if len(forms) > 1 && total(forms) >= least {
			out = append(out, Inconsistency{c.to.tag, kind, source, forms})
		}
	}
	for name, forms := range c.names {
		add(NameKind, name, inflected(forms))
	}
	for _, v := range c.texts {
		add(TextKind, v.source, sorted(v.forms))
	}
	slices.SortFunc(out, func(a, b Inconsistency) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), total(b.Forms)-total(a.Forms), strings.Compare(a.Source, b.Source))
	})
	return out
}

func sorted(forms map[string]*Form) (out []Form) {
	for _, f := range slices.SortedFunc(maps.Values(forms), func(a, b *Form) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Text, b.Text))
	}) {
		out = append(out, *f)
	}
	return out
}

// inflected joins forms that differ in their endings only.
func inflected(forms map[string]*Form) (out []Form) {
next:
	for _, f := range sorted(forms) {
		for k := range out {
			if sameStem(out[k].Text, f.Text) {
				out[k].Count += f.Count
				for _, d := range f.Documents {
					out[k].document(d)
				}
				continue next
			}
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Form) int { return b.Count - a.Count })
	return out
}

// sameStem reports whether two words differ in an ending of at most four letters, or are
// joined to another word by a hyphen or apostrophe.
func sameStem(a, b string) bool {
	cut := func(s string) []rune {
		if i := strings.IndexAny(s, "'’ʼ-‑֊\u200c"); i > 0 {
			s = s[:i]
		}
		return []rune(strings.ToLower(s))
	}
	x, y := cut(a), cut(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n >= 3 && len(x)-n <= 4 && len(y)-n <= 4 && n >= min(len(x), len(y))-2
}
