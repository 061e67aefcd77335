package segment

import (
	"strings"
	"sync"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Segmenter cuts text of one locale into sentences. It is safe for use by
// several goroutines.
type Segmenter struct {
	prog     *program // nil for the rules of UAX #29
	handle   formatHandle
	subflows bool
	deciders sync.Pool
}

// For is the segmenter for a BCP 47 locale. Its rules are those that the
// language maps lead to; a locale that none matches gets the sentence boundaries
// of UAX #29 (https://www.unicode.org/reports/tr29/), which know no language. The
// rules are compiled at the first call for a locale.
func (r *Rules) For(locale string) *Segmenter {
	key := localeKey(locale)
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.made[key]; ok {
		return s
	}
	s := &Segmenter{handle: srxDefault, subflows: r.SegmentSubflows()}
	var l languageRule
	for _, f := range r.filesFor(key) {
		s.handle = f.handle
		f.rulesFor(key, &l)
	}
	if len(l.rules) > 0 {
		s.prog = compile(l.rules, l.parsed)
	}
	if len(r.made) > 1000 { // a caller that makes locales up must not fill the memory
		r.made = nil
	}
	if r.made == nil {
		r.made = map[string]*Segmenter{}
	}
	r.made[key] = s
	return s
}

func localeKey(locale string) string {
	return strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
}

func (r *Rules) filesFor(key string) []*srxFile {
	if r.embedded {
		return embeddedFiles(key)
	}
	return r.files
}

// HasRules reports whether the locale has rules of its own, not UAX #29's.
func (s *Segmenter) HasRules() bool { return s.prog != nil }

func (s *Segmenter) decider() *decider {
	if d, ok := s.deciders.Get().(*decider); ok {
		return d
	}
	return newDecider(s.prog)
}

// Cuts gives the byte offsets in text at which a new sentence or the space
// before it begins, ascending, without the text's edges. White space before a
// break that rules put behind it stays where they put it.
func (s *Segmenter) Cuts(text string) []int {
	var cuts []int
	if s.prog == nil {
		it := sentences.FromString(text)
		for at := 0; it.Next(); {
			if at += len(it.Value()); at < len(text) {
				cuts = append(cuts, at)
			}
		}
		return cuts
	}
	d := s.decider()
	defer s.deciders.Put(d)
	for i := d.next(text, 1); i < len(text); i = d.next(text, i+1) {
		if r := d.decide(text, i); r >= 0 && d.rules[r].Break {
			cuts = append(cuts, i)
		}
	}
	return cuts
}

// Sentences gives the sentences of text without the white space around them.
func (s *Segmenter) Sentences(text string) []string {
	var out []string
	from := 0
	for _, cut := range append(s.Cuts(text), len(text)) {
		if t := strings.TrimSpace(text[from:cut]); t != "" {
			out = append(out, t)
		}
		from = cut
	}
	return out
}

// Decision is what was decided at one place of a text and by which rule.
type Decision struct {
	Pos   int  `json:"pos"` // byte offset
	Break bool `json:"break"`
	Rule  Rule `json:"rule"`
}

// Explain gives every place at which a rule breaks the text, or at which a rule
// that breaks would have, had not another rule come first.
func (s *Segmenter) Explain(text string) []Decision {
	var out []Decision
	if s.prog == nil {
		for _, cut := range s.Cuts(text) {
			out = append(out, Decision{cut, true, Rule{Language: "UAX #29", Break: true}})
		}
		return out
	}
	d := newDecider(s.prog.unsettled())
	for i := d.next(text, 1); i < len(text); i = d.next(text, i+1) {
		if r := d.decide(text, i); r >= 0 && (d.rules[r].Break || d.wouldBreak(text, i)) {
			out = append(out, Decision{i, d.rules[r].Break, d.rules[r]})
		}
	}
	return out
}
