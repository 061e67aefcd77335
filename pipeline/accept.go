package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// Versions is what a search for former translations needs of a memory: see
// memory.Reader.
type Versions interface {
	History(ctx context.Context, f memory.Filter) iter.Seq2[memory.Version, error]
}

// MinorEdit is a segment without a translation that may be published, and the
// translation that a former text of the segment has. Texts are tagged. Similarity is
// that of the two sources, in percent. Refusal says why the translation may not be
// right for the new source; it is empty if nothing is against it. A refusal that is
// not Final can be overruled.
type MinorEdit struct {
	Place      diag.Place      `json:"place"`
	OldSource  string          `json:"oldSource"`
	NewSource  string          `json:"newSource"`
	Target     string          `json:"target"`
	State      bitext.State    `json:"state"`
	Similarity int             `json:"similarity"`
	Refusal    string          `json:"refusal,omitempty"`
	Reason     diag.Diagnostic `json:"-"` // the same with its values
	Final      bool            `json:"final,omitempty"`

	Former bitext.Text `json:"-"` // OldSource without tags, with its codes

	entry bitext.Entry
}

// Limits of the search for a former text of a segment: the least similarity in
// percent, also of one whose place is not known, and how many texts are considered.
const (
	leastSimilar        = 50
	leastSimilarUnknown = 75
	maxFormer           = 20
)

// FindMinorEdits finds the segments of an article that have no translation that may
// be published in a locale, though a former text of theirs has one. A former text is
// one that the article does not have any more, that was in the article or between
// the same neighbours, or whose place is not known; the most similar one counts. Each
// former translation is used for one segment.
func (p *Project) FindMinorEdits(ctx context.Context, versions Versions, a Source, locale string) ([]MinorEdit, error) {
	d, err := p.OpenSource(a)
	if err != nil || d.Locale == locale {
		return nil, err
	}
	tr, _, err := p.fromMemory(ctx, d, locale, noProposals)
	if err != nil {
		return nil, err
	}
	open := newOpenArticle(tr)
	policy := p.Config.PolicyFor(locale)
	var missing []segmentContext
	var queries []memory.Query
	for _, c := range open.segments {
		if policy.Publishable(c.target) || !bitext.IsTranslatable(c.segment.Source.Chars) {
			continue
		}
		missing = append(missing, c)
		queries = append(queries, memory.Query{Source: c.segment.Source, Prev: c.prev, Next: c.next, Place: c.place, FormerPlaces: p.formerPlaces(c.place), Fuzzy: leastSimilar, Limit: maxFormer})
	}
	if len(queries) == 0 {
		return nil, nil
	}
	found, err := p.Memory.Lookup(ctx, d.Locale, locale, queries)
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	var all []former
	for i := range missing {
		fs, err := p.formerTexts(ctx, versions, open, &missing[i], found[i])
		if err != nil {
			return nil, err
		}
		for _, f := range fs {
			if policy.Publishable(&bitext.Target{Text: f.entry.Target, Filled: true, State: f.entry.State, SubState: f.entry.SubState}) {
				f.segment = i
				all = append(all, f)
			}
		}
	}
	// The best pair first: no former text is given away to a segment that it fits less.
	slices.SortStableFunc(all, func(a, b former) int {
		return cmp.Or(cmp.Compare(b.context, a.context), cmp.Compare(b.similarity, a.similarity), cmp.Compare(a.segment, b.segment))
	})
	words := ordinaryWords(tr)
	taken, edits := map[int64]bool{}, make([]*MinorEdit, len(missing))
	for _, f := range all {
		if edits[f.segment] == nil && !taken[f.entry.ID] {
			taken[f.entry.ID] = true
			edits[f.segment] = minorEdit(&missing[f.segment], f, d.Locale, locale, words)
		}
	}
	var out []MinorEdit
	for _, e := range edits {
		if e != nil {
			out = append(out, *e)
		}
	}
	return out, nil
}

// former is a former text of a segment, with its translation. A greater context is
// a better one.
type former struct {
	entry      bitext.Entry
	similarity int
	context    int
	segment    int
}

// formerTexts returns the former texts that matches can be for a segment.
func (p *Project) formerTexts(ctx context.Context, versions Versions, a *openArticle, c *segmentContext, matches []bitext.Match) ([]former, error) {
	var out []former
	for i := range matches {
		m := &matches[i]
		if m.Origin.Kind == bitext.FromEngine || m.Target.IsBlank() {
			continue
		}
		filter := memory.Filter{SourceLocale: a.tr.Document.Locale, TargetLocale: a.locale, Source: m.Source}
		for v, err := range versions.History(ctx, filter) {
			if err != nil {
				return nil, fmt.Errorf("memory: %w", err)
			}
			if !v.Current || v.Entry.Origin.Kind == bitext.FromEngine {
				continue
			}
			v.Entry.Place = p.PresentPlace(v.Entry.Place)
			if context, ok := a.formerContext(c, &v.Entry, m.Score); ok {
				out = append(out, former{entry: v.Entry, similarity: m.Score, context: context})
			}
		}
	}
	return out, nil
}

// formerContext returns how much of the context of c an entry has, and whether it
// can be a former text of c at all.
func (a *openArticle) formerContext(c *segmentContext, e *bitext.Entry, similarity int) (int, bool) {
	key := e.Source.Key()
	if at, ok := a.findPlace(e.Place); ok && e.Place != c.place && a.keys[at] == key {
		return 0, false // of another segment of the article, which still has it
	}
	path, _, placed := strings.Cut(e.Place, "#")
	same := key == c.segment.Source.Key()
	if !placed && !same && len(a.byText()[key]) > 0 {
		return 0, false
	}
	context := 0
	if e.Prev != "" && e.Prev == c.prev {
		context++
	}
	if e.Next != "" && e.Next == c.next {
		context++
	}
	if placed && path == a.path {
		context += 2
	}
	if e.Place == c.place {
		context += 4
	}
	unknown := !placed && e.Prev == "" && e.Next == ""
	return context, context > 0 || unknown && similarity >= leastSimilarUnknown
}

// minorEdit returns the edit that made the text of c of a former one.
func minorEdit(c *segmentContext, f former, source, target string, ordinary map[string]bool) *MinorEdit {
	now := c.segment.Source
	e := &MinorEdit{
		Place:     diag.Place{Path: placePath(c.place), Locale: target, Unit: c.unit.ID, Segment: c.segment.ID},
		OldSource: f.entry.Source.Tagged(), NewSource: now.Tagged(), Target: f.entry.Target.TaggedAs(f.entry.Source),
		State: f.entry.State, Similarity: f.similarity, Former: f.entry.Source,
	}
	refuse := func(final bool, format string, args ...any) {
		e.Reason, e.Final = e.Reason.Messagef(format, args...), final
		e.Refusal = e.Reason.Message
	}
	text, err := bitext.ParseTagged(e.Target, now)
	problems := bitext.CompareCodes(now, text)
	var unknown *bitext.UnknownTagError
	switch {
	case errors.As(err, &unknown):
		refuse(true, "the translation has the tag %s, which the new text does not have", diag.Arg("tag", unknown.Tag))
	case err != nil:
		refuse(true, "the translation does not have the tags of the new text: %v", diag.Arg("error", err))
	case len(problems) > 0:
		refuse(true, "the translation does not have the tags of the new text: tag %s is %s", diag.Arg("tag", tagName(now, problems[0].Code)), diag.Arg("kind", problems[0].Kind))
	case !memory.SameNumbers(f.entry.Source.Chars, now.Chars):
		refuse(false, "the figures were changed, and the translation has the old ones")
	default:
		if names := changedNames(f.entry.Source.Chars, now.Chars, ordinary); len(names) > 0 {
			refuse(false, "names were changed, and the translation may have the old ones: %s", diag.Arg("names", strings.Join(names, ", ")))
		}
	}
	e.entry = bitext.Entry{
		SourceLocale: source, TargetLocale: target, Source: now, Target: text, State: f.entry.State, SubState: f.entry.SubState,
		Origin: f.entry.Origin, Prev: c.prev, Next: c.next, Place: c.place, Props: f.entry.Props,
	}
	return e
}

func placePath(place string) string {
	path, _, _ := strings.Cut(place, "#")
	return path
}

// AcceptMinorEdits stores the former translations as those of the new texts, in one
// batch: all that are not refused, with force also those whose refusal is not final.
// batch.Author is who says that the edits do not touch the translations; a
// translation keeps its translator.
func (p *Project) AcceptMinorEdits(ctx context.Context, edits []MinorEdit, batch memory.Batch, force bool) (memory.Result, error) {
	var entries []bitext.Entry
	for _, e := range edits {
		if e.Accepted(force) {
			n := e.entry
			n.Origin = bitext.Origin{Kind: bitext.FromHuman, Name: batch.Author, Time: batch.Time}
			old := e.entry.Origin
			old.Translator = memory.Translator(e.entry)
			entries = append(entries, memory.WithTranslator(n, old))
		}
	}
	if len(entries) == 0 {
		return memory.Result{}, nil
	}
	return p.addForced(ctx, batch, entries)
}

// Accepted reports whether AcceptMinorEdits stores the edit.
func (e *MinorEdit) Accepted(force bool) bool { return e.Refusal == "" || force && !e.Final }

// addForced adds entries that a person decided on: they are used whatever was.
func (p *Project) addForced(ctx context.Context, batch memory.Batch, entries []bitext.Entry) (memory.Result, error) {
	r, err := p.Memory.AddWith(ctx, batch, memory.AddOptions{Force: true}, func(yield func(bitext.Entry, error) bool) {
		for _, e := range entries {
			if !yield(p.WithTerms(e), nil) {
				return
			}
		}
	})
	if err != nil {
		return r, fmt.Errorf("memory: %w", err)
	}
	return r, nil
}

// ordinaryWords returns the words that an article has in lower case.
func ordinaryWords(tr *bitext.Translation) map[string]bool {
	words := map[string]bool{}
	for i := range tr.Document.Units {
		for _, w := range wordsOf(tr.Document.Units[i].Source.Chars) {
			if !isCapitalized(w) {
				words[w] = true
			}
		}
	}
	return words
}

// changedNames returns the names that only one of two texts has: words that begin
// with a capital letter. The first word of a text, which has one in any case, is no
// name if one of the two texts begins with an ordinary word.
func changedNames(before, now string, ordinary map[string]bool) []string {
	a, b := wordsOf(before), wordsOf(now)
	if len(a) > 0 && len(b) > 0 && (ordinary[strings.ToLower(a[0])] || ordinary[strings.ToLower(b[0])]) {
		a, b = a[1:], b[1:]
	}
	count := map[string]int{}
	var order []string
	tally := func(words []string, n int) {
		for _, w := range words {
			if isCapitalized(w) {
				if _, seen := count[w]; !seen {
					order = append(order, w)
				}
				count[w] += n
			}
		}
	}
	tally(a, 1)
	tally(b, -1)
	return slices.DeleteFunc(order, func(w string) bool { return count[w] == 0 })
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

func isCapitalized(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r) || unicode.IsTitle(r)
	}
	return false
}
