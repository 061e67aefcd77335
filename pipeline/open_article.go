package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
)

// OpenArticle is an article in one locale as catalogs and memory have it, kept for
// people who work on it. It does not change: Refresh returns what it has become.
// Findings are those of the checks, in the order of diag.Sort.
type OpenArticle struct {
	Findings []diag.Diagnostic

	article *openArticle
	source  *quality.Source
}

// OpenSegment is a segment of an OpenArticle that a person can translate. Key is that
// of its source (Text.Key), Place names it in the memory.
type OpenSegment struct {
	Ref     bitext.Ref
	Unit    *bitext.Unit
	Segment *bitext.Segment
	Target  *bitext.Target
	Key     string
	Place   string
}

// OpenArticle fills a document in a locale from catalogs and memory, and checks it. No
// engine is asked, and no fuzzy match is looked up.
func (p *Project) OpenArticle(ctx context.Context, d *bitext.Document, locale string) (*OpenArticle, error) {
	var a *OpenArticle
	err := p.work(ctx, func() error {
		tr, _, err := p.fromMemory(ctx, d, locale, noProposals)
		if err == nil {
			source := quality.NewSource(d)
			a = &OpenArticle{Findings: p.check(tr, source), article: newOpenArticle(tr), source: source}
		}
		return err
	})
	return a, err
}

// Translation returns the translation. It must not be changed.
func (a *OpenArticle) Translation() *bitext.Translation { return a.article.tr }

// Len returns the number of segments.
func (a *OpenArticle) Len() int { return len(a.article.segments) }

// At returns the segment at an index, in the order of the article.
func (a *OpenArticle) At(i int) OpenSegment {
	c := &a.article.segments[i]
	return OpenSegment{Ref: c.ref, Unit: c.unit, Segment: c.segment, Target: c.target, Key: a.article.keys[i], Place: c.place}
}

// Segments walks over the segments with their indexes.
func (a *OpenArticle) Segments() iter.Seq2[int, OpenSegment] {
	return func(yield func(int, OpenSegment) bool) {
		for i := range a.article.segments {
			if !yield(i, a.At(i)) {
				return
			}
		}
	}
}

// Find returns the index of a segment.
func (a *OpenArticle) Find(unit, segment string) (int, bool) {
	return a.article.find(unit, segment)
}

// WithKey returns the indexes of the segments whose source has a key.
func (a *OpenArticle) WithKey(key string) []int { return a.article.byText()[key] }

// Refresh looks the segments up again whose source's key is changed in the memory, and
// returns the article as it is now, with the indexes of the segments whose target is
// another one. The checks run again if there is one.
func (p *Project) Refresh(ctx context.Context, a *OpenArticle, changed func(key string) bool) (*OpenArticle, []int, error) {
	old := a.article
	var at []int
	var queries []memory.Query
	for i := range old.segments {
		if c := &old.segments[i]; changed(old.keys[i]) && c.target.Origin.Kind != bitext.FromCatalog {
			at = append(at, i)
			queries = append(queries, memory.Query{Source: c.segment.Source, Prev: c.prev, Next: c.next, Place: c.place, FormerPlaces: p.formerPlaces(c.place), Limit: 5})
		}
	}
	if len(at) == 0 || p.Memory == nil {
		return a, nil, nil
	}
	found, err := p.Memory.Lookup(ctx, old.tr.Document.Locale, old.locale, queries)
	if err != nil {
		return nil, nil, fmt.Errorf("memory: %w", err)
	}
	next := *old
	tr := *old.tr
	tr.Targets, next.tr = slices.Clone(tr.Targets), &tr
	next.segments = slices.Clone(old.segments)
	own := map[int]bool{} // units whose targets are those of the new translation
	var different []int
	for n, i := range at {
		c := &next.segments[i]
		t := bitext.Target{Terms: c.target.Terms}
		p.applyBestMatch(&t, c.segment.Source, found[n])
		copyIfUntranslatable(&t, c.segment.Source)
		if sameTarget(&t, c.target) {
			continue
		}
		if !own[c.ref.Unit] {
			own[c.ref.Unit] = true
			tr.Targets[c.ref.Unit] = slices.Clone(tr.Targets[c.ref.Unit])
		}
		tr.Targets[c.ref.Unit][c.ref.Segment] = t
		different = append(different, i)
	}
	if len(different) == 0 {
		return a, nil, nil
	}
	for i := range next.segments {
		if c := &next.segments[i]; own[c.ref.Unit] {
			c.target = &tr.Targets[c.ref.Unit][c.ref.Segment]
		}
	}
	return &OpenArticle{Findings: p.check(&tr, a.source), article: &next, source: a.source}, different, nil
}

// sameTarget reports whether two targets are the same to a person.
func sameTarget(a, b *bitext.Target) bool {
	return a.Filled == b.Filled && a.Text.Equal(b.Text) && a.State == b.State && a.SubState == b.SubState && a.Match == b.Match &&
		a.Origin.Kind == b.Origin.Kind && a.Origin.Name == b.Origin.Name && a.Origin.Entry == b.Origin.Entry && a.Origin.Time.Equal(b.Origin.Time)
}

// Matches looks up what the memory has for a segment: matches in context, exact ones,
// and fuzzy ones from the score of the configuration on; limit is the most of them.
func (p *Project) Matches(ctx context.Context, a *OpenArticle, i, limit int) ([]bitext.Match, error) {
	if p.Memory == nil {
		return nil, nil
	}
	c := &a.article.segments[i]
	found, err := p.Memory.Lookup(ctx, a.article.tr.Document.Locale, a.article.locale, []memory.Query{{
		Source: c.segment.Source, Prev: c.prev, Next: c.next, Place: c.place, FormerPlaces: p.formerPlaces(c.place), Fuzzy: p.Config.Memory.Fuzzy, Limit: limit,
	}})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	t := bitext.Target{Terms: c.target.Terms}
	p.applyBestMatch(&t, c.segment.Source, found[0])
	return found[0], nil
}

// CheckText runs the checks over the unit of a segment with another text for the
// segment, and returns the findings at that segment. Checks that compare units with
// each other find nothing so.
func (p *Project) CheckText(a *OpenArticle, i int, text bitext.Text) []diag.Diagnostic {
	c := &a.article.segments[i]
	d := *a.article.tr.Document
	d.Units, d.Locator = []bitext.Unit{*c.unit}, nil
	tr := &bitext.Translation{Document: &d, Locale: a.article.locale, Targets: [][]bitext.Target{slices.Clone(a.article.tr.Targets[c.ref.Unit])}}
	t := &tr.Targets[0][c.ref.Segment]
	*t = bitext.Target{Text: text, Filled: true, State: bitext.Translated, Terms: t.Terms, Origin: bitext.Origin{Kind: bitext.FromHuman}}
	return slices.DeleteFunc(p.Check(tr), func(f diag.Diagnostic) bool { return f.Place.Segment != "" && f.Place.Segment != c.segment.ID })
}

// TermsIn finds the glossary's terms in a text of a locale, as a translation of an article
// in a source locale has them: the marks are those of the terms' own language.
func (p *Project) TermsIn(source, locale string, text bitext.Text) []bitext.TermMark {
	if m := p.matcher(locale, source); m != nil {
		return m.Mark(text.Chars)
	}
	return nil
}

// ErrNoAnswer reports that no engine translated a text.
var ErrNoAnswer = errors.New("no engine translated the text")

// Draft asks an engine for one segment, though the memory may have a translation. The
// answer is kept in the memory as raw machine translation, and is in use if the segment
// has nothing better.
func (p *Project) Draft(ctx context.Context, h Hook, a *OpenArticle, i int) (hook.Answer, []diag.Diagnostic, error) {
	r := p.draftRequest(a, i)
	answers, ds := h.Translate(ctx, r)
	if len(answers) == 0 {
		return hook.Answer{}, ds, ErrNoAnswer
	}
	answer, source := answers[0], r.Items[0].Text
	if answer.Err != nil {
		return answer, ds, fmt.Errorf("%w: %w", ErrNoAnswer, answer.Err)
	}
	if isSourceCopy(source, answer.Text) {
		return answer, ds, fmt.Errorf("%w: the engine gave the source back", ErrNoAnswer)
	}
	terms := fingerprint(r.Items[0].Terms)
	if answer.Version != "" {
		terms += "@" + answer.Version
	}
	// What has been paid for is kept, though nobody waits for it any more.
	_, err := p.add(context.WithoutCancel(ctx), memory.Batch{Author: "hooks", Note: a.article.path, Time: p.Clock()}, []bitext.Entry{{
		SourceLocale: r.Source, TargetLocale: r.Target, Source: source, Target: answer.Text, State: bitext.Translated, SubState: bitext.SubStateMT,
		Origin: bitext.Origin{Kind: bitext.FromEngine, Name: answer.Engine, Time: p.Clock(), Terms: terms},
	}})
	if err != nil {
		err = fmt.Errorf("memory: %w", err)
	}
	return answer, ds, err
}

// EstimateDraft counts what Draft would ask of a chain of engines.
func (p *Project) EstimateDraft(ctx context.Context, c *hook.Chain, a *OpenArticle, i int) []hook.Estimate {
	e := hook.NewEstimator(c)
	e.Translate(ctx, p.draftRequest(a, i))
	return e.Estimates()
}

func (p *Project) draftRequest(a *OpenArticle, i int) hook.Request {
	c := &a.article.segments[i]
	return hook.Request{Source: a.article.tr.Document.Locale, Target: a.article.locale, Items: []hook.Item{{
		Text: c.segment.Source, Terms: c.target.Terms, Title: titleOf(a.article.tr.Document), Summary: summaryOf(a.article.tr.Document), Before: c.textBefore, After: c.textNext,
		Place: diag.Place{Path: a.article.path, Locale: a.article.locale, Unit: c.unit.ID, Segment: c.segment.ID},
	}}}
}

// Preview assembles the edition as readers would see it, whether or not the policy
// publishes it. What is missing is in the source's language. mark returns the texts
// that are put before and behind a segment's text; others are the locales that have an
// edition of the article, and known are the articles that it may link to.
func (p *Project) Preview(a *OpenArticle, mark func(i int) (before, after string), others []string, known Siblings) ([]byte, []diag.Diagnostic) {
	q := *p
	config := *p.Config
	config.Project.Encoding, q.Config = "", &config // every character can be shown
	pub := q.Publish(a.article.tr, nil)
	if mark != nil {
		tr := *pub.Translation
		tr.Targets = make([][]bitext.Target, len(pub.Translation.Targets))
		for u := range tr.Targets {
			tr.Targets[u] = slices.Clone(pub.Translation.Targets[u])
		}
		for i := range a.article.segments {
			c := &a.article.segments[i]
			t := &tr.Targets[c.ref.Unit][c.ref.Segment]
			if !t.Filled {
				t.Text, t.Filled, t.Locale = c.segment.Source, true, tr.Document.Locale
			}
			before, after := mark(i)
			t.Text = bitext.Join(bitext.Plain(before), t.Text, bitext.Plain(after))
		}
		pub.Translation = &tr
	}
	path := p.Config.EditionPath(a.article.path)
	data, _, ds := q.assemble(pub, others, q.filesOf(others, path, known), known, known.dates(pub.Translation.Locale, path))
	return data, ds
}

// Review returns what a review of an open article would change; see FindReview.
func (p *Project) Review(a *OpenArticle, o ReviewOptions) *Review {
	return p.review(a.article.tr, a.Findings, o)
}

// LateReturn is a translation that the memory keeps of a text that an article does not
// have any more, at a place in it. Texts are tagged. Similar is the index of the
// segment that is most like the old text, -1 if there is none that is like it.
type LateReturn struct {
	Source, Target string
	Origin         bitext.Origin
	Place          string
	Similar        int
	Score          int
}

// LateReturns returns the translations by people of an article's former texts that are
// at a place in it. entries are those of the memory; see memory.Reader. limit is the
// most that are returned.
func (p *Project) LateReturns(a *OpenArticle, entries iter.Seq2[bitext.Entry, error], limit int) ([]LateReturn, error) {
	var out []LateReturn
	prefix := a.article.path + "#"
	former := p.formerPlaces(prefix)
	for e, err := range entries {
		if err != nil {
			return out, fmt.Errorf("memory: %w", err)
		}
		if !strings.HasPrefix(e.Place, prefix) && !slices.ContainsFunc(former, func(f string) bool { return strings.HasPrefix(e.Place, f) }) || e.Origin.Kind == bitext.FromEngine || len(a.article.byText()[e.Source.Key()]) > 0 {
			continue
		}
		r := LateReturn{Source: e.Source.Tagged(), Target: e.Target.TaggedAs(e.Source), Origin: e.Origin, Place: e.Place, Similar: -1}
		if i, score := a.article.mostSimilar(e.Source.Key(), leastSimilar); score > 0 {
			r.Similar, r.Score = i, score
		}
		if out = append(out, r); len(out) == limit {
			break
		}
	}
	return out, nil
}
