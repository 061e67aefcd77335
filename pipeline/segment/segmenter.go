package segment

import (
	"runtime"
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/segment/internal/icu"
)

// Segmenter cuts text of one locale into sentences. It is safe for use by
// several goroutines.
type Segmenter struct {
	rules    []Rule
	program  *icu.Program
	handle   formatHandle
	subflows bool
	workers  spare[*worker]
	heading  func() *Segmenter // the rules for titles and headings; nil if they are the same
}

// headingExtension is the private-use extension of the locale whose rules cut
// titles and headings.
const headingExtension = "-x-heading"

// spare keeps what is dear to make for the next one who needs it, at most one for each
// processor. Unlike a sync.Pool it loses nothing to a collection of garbage: a decider
// whose automata are made takes a text at hundreds of megabytes a second, and it takes
// many texts to make them.
type spare[T any] struct {
	mu   sync.Mutex
	kept []T
}

func (s *spare[T]) get() (v T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.kept)
	if n == 0 {
		return v, false
	}
	v = s.kept[n-1]
	s.kept = s.kept[:n-1]
	return v, true
}

func (s *spare[T]) put(v T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) < runtime.GOMAXPROCS(0) {
		s.kept = append(s.kept, v)
	}
}

// For returns the segmenter for a BCP 47 locale. Its rules are those that the
// language maps lead to. A locale that no map of a user's file matches gets
// Hexapla's own rules. The rules are compiled at the first call for a locale.
func (r *Rules) For(locale string) *Segmenter {
	key := localeKey(locale)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.segmenter(key)
}

// segmenter finds or makes the segmenter for a key of localeKey. r.mu is held.
func (r *Rules) segmenter(key string) *Segmenter {
	if s, ok := r.made[key]; ok {
		return s
	}
	s := &Segmenter{subflows: r.SegmentSubflows()}
	files, embedded := r.filesFor(key), r.embedded
	l := rulesOf(files, key)
	if len(l.rules) == 0 {
		files, embedded = embeddedFiles(key), true
		l = rulesOf(files, key)
	}
	s.handle = files[len(files)-1].handle
	s.rules, s.program = l.rules, icu.Compile(l.parsed)
	if embedded && !strings.HasSuffix(key, headingExtension) {
		s.heading = sync.OnceValue(func() *Segmenter { return r.For(key + headingExtension) })
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

// rulesOf collects the rules that the files' maps give a locale.
func rulesOf(files []*srxFile, key string) *languageRule {
	l := &languageRule{}
	for _, f := range files {
		f.rulesFor(key, l)
	}
	return l
}

// localeKey returns a locale in the one form that language maps are matched with.
func localeKey(locale string) string {
	return strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
}

func (r *Rules) filesFor(key string) []*srxFile {
	if r.embedded {
		return embeddedFiles(key)
	}
	return r.files
}

func (s *Segmenter) worker() *worker {
	if w, ok := s.workers.get(); ok {
		return w
	}
	return &worker{decider: icu.NewDecider(s.program)}
}

// Cuts returns the byte offsets in text at which a new sentence or the space
// before it begins, ascending, without the text's edges. White space before a
// break that rules put behind it stays where they put it.
func (s *Segmenter) Cuts(text string) []int {
	w := s.worker()
	defer s.workers.put(w)
	return s.appendCuts(nil, w.decider, text)
}

func (s *Segmenter) appendCuts(cuts []int, d *icu.Decider, text string) []int {
	d.Begin()
	for i := d.Next(text, 1); i < len(text); i = d.Next(text, i+1) {
		if r := d.Decide(text, i); r >= 0 && s.rules[r].Break {
			cuts = append(cuts, i)
		}
	}
	return cuts
}

// Sentences returns the sentences of text without the white space around them.
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

// Decision is the outcome at one place of a text and the rule that decided it.
type Decision struct {
	Pos   int  `json:"pos"` // byte offset
	Break bool `json:"break"`
	Rule  Rule `json:"rule"`
}

// Explain returns every place at which a rule breaks the text, or at which a rule
// that breaks would have, had not another rule come first.
func (s *Segmenter) Explain(text string) []Decision {
	var out []Decision
	d := icu.NewDecider(s.program.Unsettled())
	for i := d.Next(text, 1); i < len(text); i = d.Next(text, i+1) {
		if r := d.Decide(text, i); r >= 0 && (s.rules[r].Break || d.WouldBreak(text, i)) {
			out = append(out, Decision{i, s.rules[r].Break, s.rules[r]})
		}
	}
	return out
}

// ExplainUnit returns the decisions that Segment makes in a unit, with offsets in
// its source.
func (s *Segmenter) ExplainUnit(u *bitext.Unit) []Decision {
	if !s.subflows && u.Kind == bitext.Attribute {
		return nil
	}
	v := newView(u.Source, u.Preserve)
	out := s.forKind(u.Kind).Explain(v.chars)
	for i := range out {
		out[i].Pos = v.original(out[i].Pos)
	}
	return out
}
