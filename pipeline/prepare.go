package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
)

// Prepare makes a document's translation into one locale, as far as catalogs,
// memory and hooks can. What the hooks translate is kept in the memory, so that it
// is asked for once. An error is the memory's or the context's.
func (p *Project) Prepare(ctx context.Context, d *bitext.Document, locale string) (*bitext.Translation, []diag.Diagnostic, error) {
	tr, _, ds, err := p.prepare(ctx, d, locale, p.Config.Memory.Fuzzy, p.Memory)
	return tr, ds, err
}

// prepare is Prepare with the lowest score of fuzzy matches, as leverage has it, and what
// answers for the memory. No segment is filled with a fuzzy match: they are proposals for a
// translator, and only an export shows them. open reports whether a segment was left for
// the hooks.
func (p *Project) prepare(ctx context.Context, d *bitext.Document, locale string, fuzzy int, m lookup) (tr *bitext.Translation, open bool, ds []diag.Diagnostic, err error) {
	if locale == d.Locale {
		return bitext.NewTranslation(d, locale), false, nil, nil
	}
	err = p.work(ctx, func() (err error) {
		tr, ds, err = p.fillFrom(ctx, m, d, locale, fuzzy)
		return err
	})
	if err != nil {
		return tr, false, ds, err
	}
	for _, t := range tr.Segments() {
		open = open || !t.Filled
	}
	if !open {
		return tr, false, ds, nil
	}
	more, err := p.translate(ctx, tr) // waits for engines: not counted as work
	return tr, open, append(ds, Locate(d, more)...), err
}

// fromMemory makes a document's translation as far as catalogs and memory can.
// fuzzy is as leverage has it.
func (p *Project) fromMemory(ctx context.Context, d *bitext.Document, locale string, fuzzy int) (*bitext.Translation, []diag.Diagnostic, error) {
	return p.fillFrom(ctx, p.Memory, d, locale, fuzzy)
}

// fillFrom is fromMemory with what answers for the memory.
func (p *Project) fillFrom(ctx context.Context, m lookup, d *bitext.Document, locale string, fuzzy int) (*bitext.Translation, []diag.Diagnostic, error) {
	tr := bitext.NewTranslation(d, locale)
	ds := Locate(d, p.localizeMessages(tr))
	p.markTerms(tr)
	if err := p.leverage(ctx, m, tr, fuzzy); err != nil {
		return tr, ds, fmt.Errorf("memory, %s → %s: %w", d.Locale, locale, err)
	}
	if err := p.derive(ctx, tr); err != nil {
		return tr, ds, err
	}
	copyUntranslatable(tr)
	return tr, ds, nil
}

// chrome fills the units that are messages from the locale's catalog, or from
// that of a declared parent.
func (p *Project) localizeMessages(tr *bitext.Translation) []diag.Diagnostic {
	var ds []diag.Diagnostic
	d := tr.Document
	for i := range d.Units {
		u := &d.Units[i]
		if u.Message == nil {
			continue
		}
		place := diag.Place{Path: d.Path, Locale: tr.Locale, Unit: u.ID}
		got, err := p.localize(tr.Locale, u.Message)
		if err != nil {
			ds = append(ds, diag.Diagnostic{
				ID: "chrome.missing", Severity: diag.Warning, Place: place,
				Hint: "add it to active." + tr.Locale + ".toml",
			}.Messagef("message %s: %v", diag.Arg("id", u.Message.ID), diag.Arg("error", err)))
			continue
		}
		text, err := bitext.ParseTagged(got.Text, u.Source)
		if err == nil {
			for _, problem := range bitext.CompareCodes(u.Source, text) {
				err = fmt.Errorf("code %s is %s", problem.Code.Disp, problem.Kind)
				break
			}
		}
		if err != nil {
			ds = append(ds, diag.Diagnostic{
				ID: "chrome.codes", Severity: diag.Error, Place: place,
				Hint: "give the translation the numbered tags of the source message",
			}.Messagef("message %s: %v", diag.Arg("id", u.Message.ID), diag.Arg("error", err)))
			continue
		}
		t := &tr.Targets[i][0]
		*t = bitext.Target{
			Text: text, Filled: true, State: bitext.Final,
			Origin: bitext.Origin{Kind: bitext.FromCatalog, Name: u.Message.ID},
		}
		if got.Locale != tr.Locale {
			t.Locale = got.Locale
		}
	}
	return ds
}

// copyUntranslatable fills the segments that have nothing to translate with
// themselves: a year, an address, a name that the glossary keeps as it is.
func copyUntranslatable(tr *bitext.Translation) {
	for ref, t := range tr.Segments() {
		copyIfUntranslatable(t, tr.Document.Source(ref).Source)
	}
}

func copyIfUntranslatable(t *bitext.Target, source bitext.Text) {
	if !t.Filled && !bitext.IsTranslatable(withoutKept(source.Chars, t.Terms)) {
		t.Text, t.Filled, t.State, t.Origin = source, true, bitext.Final, bitext.Origin{Kind: bitext.FromSource}
	}
}

// localize writes a message in a locale.
func (p *Project) localize(locale string, m *bitext.Message) (locales.Localized, error) {
	if date, ok := m.Args["Date"].(time.Time); ok && m.ID == dateMessage {
		return locales.Localized{Text: locales.FormatDate(locale, date, locales.Long), Locale: locale, ID: m.ID}, nil
	}
	return p.Catalogs.Localize(locale, m.ID, locales.Args(m.Args))
}

// withoutKept is a text without the terms that are not to be translated.
func withoutKept(chars string, terms []bitext.TermMark) string {
	var b strings.Builder
	at := 0
	for _, t := range terms {
		if t.DoNotTranslate && t.Start >= at && t.End <= len(chars) {
			b.WriteString(chars[at:t.Start])
			at = t.End
		}
	}
	b.WriteString(chars[at:])
	return b.String()
}

// mark finds the glossary's terms in every segment.
func (p *Project) markTerms(tr *bitext.Translation) {
	m := p.matcher(tr.Document.Locale, tr.Locale)
	if m == nil {
		return
	}
	for ref, t := range tr.Segments() {
		t.Terms = m.Mark(tr.Document.Source(ref).Source.Chars)
	}
}

// noProposals asks leverage for no matches beside the one that fills a segment.
const noProposals = -1

// leverage offers what the memory has for each segment, and fills those for
// which it has a match that may be used by itself. fuzzy is the lowest score of the fuzzy
// matches to look up, 0 for none, or noProposals.
func (p *Project) leverage(ctx context.Context, m lookup, tr *bitext.Translation, fuzzy int) error {
	if p.Memory == nil {
		return nil
	}
	const proposals = 5
	limit := proposals
	if fuzzy == noProposals {
		fuzzy, limit = 0, 1
	}
	var open []*bitext.Target
	var queries []memory.Query
	asked := false
	ask := func() error {
		for asked = true; len(queries) > 0; {
			found, err := m.Lookup(ctx, tr.Document.Locale, tr.Locale, queries)
			if err != nil {
				return err
			}
			again := 0
			for i, matches := range found {
				p.applyBestMatch(open[i], queries[i].Source, matches)
				// Where the best match cannot be used, the next one may do.
				if len(matches) > 0 && !open[i].Filled && queries[i].Limit < proposals {
					open[again], queries[again] = open[i], queries[i]
					queries[again].Limit = proposals
					again++
				}
			}
			open, queries = open[:again], queries[:again]
		}
		return nil
	}
	for c := range contexts(tr) {
		if c.target.Filled {
			continue
		}
		open = append(open, c.target)
		queries = append(queries, memory.Query{
			Source: c.segment.Source, Prev: c.prev, Next: c.next, Place: c.place, FormerPlaces: p.formerPlaces(c.place),
			Fuzzy: fuzzy, Limit: limit,
		})
		if len(queries) == maxQueries {
			if err := ask(); err != nil {
				return err
			}
		}
	}
	if len(queries) > 0 {
		if err := ask(); err != nil {
			return err
		}
	}
	if !asked {
		return nil
	}
	return p.proposeMerged(ctx, tr)
}

// maxQueries limits how many texts of an article the memory is asked for at once, and
// so what the questions and their answers take of an article of very many segments.
const maxQueries = 4096

// proposeMerged offers translations of two sentences in one, as alignments of existing
// pages have them, for both sentences. None is used by itself: which words belong to
// which sentence is not known.
func (p *Project) proposeMerged(ctx context.Context, tr *bitext.Translation) error {
	type pair struct{ first, second *bitext.Target }
	var pairs []pair
	var queries []memory.Query
	var lengths [][2]int
	ask := func() error {
		found, err := p.Memory.Lookup(ctx, tr.Document.Locale, tr.Locale, queries)
		if err != nil {
			return err
		}
		for i, matches := range found {
			if len(matches) == 0 || matches[0].Type < bitext.ExactMatch || matches[0].Origin.Kind == bitext.FromEngine {
				continue
			}
			m := matches[0]
			if m.Target, err = m.Target.Rebind(m.Source, queries[i].Source); err != nil {
				continue
			}
			m.Type, m.Source, m.NotUsable = bitext.FuzzyMatch, queries[i].Source, bitext.ReasonMerged
			all := max(len(queries[i].Source.Chars), 1)
			for k, t := range [...]*bitext.Target{pairs[i].first, pairs[i].second} {
				m.Score = min(99, 100*lengths[i][k]/all)
				t.Matches = append(t.Matches, m)
			}
		}
		pairs, queries, lengths = pairs[:0], queries[:0], lengths[:0]
		return nil
	}
	for i := range tr.Document.Units {
		u := &tr.Document.Units[i]
		if u.NoTranslate || u.Message != nil {
			continue
		}
		last := -1
		for j := range u.Translatable() {
			if last >= 0 && !tr.Targets[i][last].Filled && !tr.Targets[i][j].Filled {
				a, b := &u.Segments[last], &u.Segments[j]
				pairs = append(pairs, pair{&tr.Targets[i][last], &tr.Targets[i][j]})
				queries = append(queries, memory.Query{Source: u.Source.Slice(a.From, b.To), Limit: 1})
				lengths = append(lengths, [2]int{len(a.Source.Chars), len(b.Source.Chars)})
				if len(queries) == maxQueries {
					if err := ask(); err != nil {
						return err
					}
				}
			}
			last = j
		}
	}
	if len(queries) == 0 {
		return nil
	}
	return ask()
}

// use keeps matches as proposals for t, and fills it with the best if that may
// be used by itself.
func (p *Project) applyBestMatch(t *bitext.Target, source bitext.Text, matches []bitext.Match) {
	terms := fingerprint(t.Terms)
	versions := map[string]string{}
	if h, ok := p.Hook.(interface{ Versions() map[string]string }); ok {
		versions = h.Versions()
	}
	for i := range matches {
		m := &matches[i]
		if m.Type < bitext.ExactMatch || m.NotUsable != "" {
			continue
		}
		// An entry's codes have its own IDs; the same numbers are the same codes.
		text, err := m.Target.Rebind(m.Source, source)
		if err != nil || len(bitext.CompareCodes(source, text)) > 0 {
			m.NotUsable = bitext.ReasonCodes
			continue
		}
		m.Target = text
		made := parseMadeWith(m.Origin.Terms)
		if now, known := versions[m.Origin.Name]; m.Origin.Kind == bitext.FromEngine && (made.terms != terms || known && made.engine != now) {
			m.NotUsable = bitext.ReasonTerms // or another model or prompt
		}
	}
	t.Matches = matches
	// Matches come best first. Where the best disagree with each other, none that is
	// worse is the answer.
	i := slices.IndexFunc(matches, func(m bitext.Match) bool {
		return m.Type < bitext.ExactMatch || m.NotUsable == "" || m.NotUsable == bitext.ReasonAmbiguous
	})
	if i < 0 || matches[i].Type < bitext.ExactMatch || matches[i].NotUsable != "" {
		return
	}
	m := matches[i]
	t.Text, t.Filled, t.State, t.SubState, t.Match, t.Origin = m.Target, true, m.State, m.SubState, m.Type, m.Origin
	switch {
	case m.Origin.Kind == bitext.FromEngine:
		t.SubState, t.Match = bitext.SubStateMT, bitext.MTMatch
	case m.Type == bitext.ExactMatch && m.SubState == "":
		t.SubState = bitext.SubStateExact
	}
}

// segmentContext is one translatable segment with its neighbours.
type segmentContext struct {
	ref                  bitext.Ref
	segment              *bitext.Segment
	target               *bitext.Target
	unit                 *bitext.Unit
	key                  string // of the source
	prev, next           string // the neighbours' keys
	textBefore, textNext string // the neighbours' characters
	place                string
}

// contexts walks over a translation's segments with the neighbours that make a
// match in context: those of the document, across units, without the segments that
// are filled from a message catalog.
func contexts(tr *bitext.Translation) func(yield func(segmentContext) bool) {
	return func(yield func(segmentContext) bool) {
		d := tr.Document
		var now, next segmentContext // now waits for its neighbour
		waits := false
		for ref, t := range tr.Segments() {
			u := &d.Units[ref.Unit]
			if u.Message != nil && t.Filled {
				continue
			}
			s := d.Source(ref)
			next = segmentContext{ref: ref, segment: s, target: t, unit: u, key: s.Source.Key(), place: place(d.Path, u.ID, s.ID)}
			if waits {
				now.next, now.textNext = next.key, s.Source.Chars
				next.prev, next.textBefore = now.key, now.segment.Source.Chars
				if !yield(now) {
					return
				}
			}
			now, waits = next, true
		}
		if waits {
			yield(now)
		}
	}
}

// translate asks the hooks for every segment that is not filled, each text once,
// and keeps their answers in the memory.
func (p *Project) translate(ctx context.Context, tr *bitext.Translation) ([]diag.Diagnostic, error) {
	if p.Hook == nil {
		return nil, nil
	}
	r := hook.Request{Source: tr.Document.Locale, Target: tr.Locale}
	title, summary := titleOf(tr.Document), summaryOf(tr.Document)
	var groups [][]segmentContext
	byKey := map[string]int{}
	for c := range contexts(tr) {
		if c.target.Filled {
			continue
		}
		key := c.segment.Source.Key() + "\x00" + fingerprint(c.target.Terms)
		if i, again := byKey[key]; again {
			groups[i] = append(groups[i], c)
			continue
		}
		byKey[key] = len(groups)
		groups = append(groups, []segmentContext{c})
		r.Items = append(r.Items, hook.Item{Text: c.segment.Source, Terms: c.target.Terms, Title: title, Summary: summary, Before: c.textBefore, After: c.textNext,
			Place: diag.Place{Path: tr.Document.Path, Locale: tr.Locale, Unit: c.unit.ID, Segment: c.segment.ID}})
	}
	if len(r.Items) == 0 {
		return nil, nil
	}
	if ds := p.refuseOtherText(tr); len(ds) > 0 {
		return ds, nil
	}
	// What has been paid for is kept at once, even when the build is being stopped.
	store := p.newAnswerStore(context.WithoutCancel(ctx), tr.Document.Path)
	var mu sync.Mutex
	origins := map[int]bitext.Origin{}
	// Of each answer once: an edition names the time that the memory has.
	origin := func(i int, a hook.Answer) bitext.Origin {
		mu.Lock()
		defer mu.Unlock()
		if o, ok := origins[i]; ok {
			return o
		}
		made := madeWith{terms: fingerprint(groups[i][0].target.Terms), engine: a.Version, glossary: p.glossaryVersion()}
		o := bitext.Origin{Kind: bitext.FromEngine, Name: a.Engine, Time: p.Clock(), Terms: made.String()}
		origins[i] = o
		return o
	}
	r.OnAnswer = func(i int, a hook.Answer) {
		source := groups[i][0].segment.Source
		if isSourceCopy(source, a.Text) {
			return
		}
		store.put(bitext.Entry{
			SourceLocale: r.Source, TargetLocale: r.Target, Source: source, Target: a.Text,
			State: bitext.Translated, SubState: bitext.SubStateMT, Origin: origin(i, a),
		})
	}
	r.Pivot = func(ctx context.Context, i int, locale string) (bitext.Text, []bitext.TermMark, bool) {
		return p.pivotText(ctx, r.Source, locale, r.Target, groups[i][0])
	}
	r.TermsInto = func(i int, locale string) []bitext.TermMark {
		if m := p.matcher(r.Source, locale); m != nil {
			return m.Mark(groups[i][0].segment.Source.Chars)
		}
		return nil
	}
	if tag.Language(r.Source) != tag.Language(r.Target) {
		r.OtherLanguage = func(texts, answers string) string {
			return locales.EnglishName(quality.OtherLanguage(r.Source, r.Target, texts, answers))
		}
	}
	answers, ds := p.Hook.Translate(ctx, r)
	if err := store.close(); err != nil {
		return ds, fmt.Errorf("memory, %s → %s: %w", r.Source, r.Target, err)
	}
	for i, a := range answers {
		if errors.Is(a.Err, hook.ErrUnsupported) {
			continue // no engine is meant for this locale: nothing went wrong
		}
		if a.Err != nil {
			ds = append(ds, hookDiagnostic(a.Err))
			continue
		}
		if isSourceCopy(groups[i][0].segment.Source, a.Text) {
			continue // an engine that gives the question back has not translated it
		}
		for n, c := range groups[i] {
			text := a.Text
			if n > 0 { // the same text, but its codes may have other IDs
				var err error
				if text, err = bitext.ParseTagged(a.Text.TaggedAs(groups[i][0].segment.Source), c.segment.Source); err != nil {
					continue
				}
			}
			c.target.Text, c.target.Filled, c.target.State = text, true, bitext.Translated
			c.target.SubState, c.target.Match, c.target.Origin = bitext.SubStateMT, bitext.MTMatch, origin(i, a)
		}
	}
	return ds, ctx.Err()
}

// pivotText returns the translation that the memory has of a segment into a pivot
// locale, with the terms in it for the way to the target. A memory that does not answer
// has none: then an engine is asked.
func (p *Project) pivotText(ctx context.Context, source, pivot, target string, c segmentContext) (bitext.Text, []bitext.TermMark, bool) {
	if p.Memory == nil {
		return bitext.Text{}, nil, false
	}
	found, err := p.Memory.Lookup(ctx, source, pivot, []memory.Query{{Source: c.segment.Source, Prev: c.prev, Next: c.next, Place: c.place, FormerPlaces: p.formerPlaces(c.place), Limit: 5}})
	if err != nil || len(found) == 0 {
		return bitext.Text{}, nil, false
	}
	var t bitext.Target
	if m := p.matcher(source, pivot); m != nil {
		t.Terms = m.Mark(c.segment.Source.Chars)
	}
	p.applyBestMatch(&t, c.segment.Source, found[0])
	if !t.Filled {
		return bitext.Text{}, nil, false
	}
	var terms []bitext.TermMark
	if m := p.matcher(pivot, target); m != nil {
		terms = m.Mark(t.Text.Chars)
	}
	return t.Text, terms, true
}

// answerStore stores translations of engines in the memory while others are still
// being waited for: all that came while one transaction ran, or while the store waited
// for more, go into the next one.
type answerStore struct {
	add     func([]bitext.Entry) error
	gather  time.Duration // how long answers are waited for after one came
	wake    chan struct{}
	end     chan struct{}
	done    chan struct{}
	mu      sync.Mutex
	pending []bitext.Entry
	err     error
}

// gatherAnswers is how long answers that are kept elsewhere meanwhile are gathered: a
// transaction for each would take more time than the rest of the work on them.
const gatherAnswers = 250 * time.Millisecond

func (p *Project) newAnswerStore(ctx context.Context, path string) *answerStore {
	s := &answerStore{wake: make(chan struct{}, 1), end: make(chan struct{}), done: make(chan struct{})}
	if h, ok := p.Hook.(interface{ KeepsAnswers() bool }); ok && h.KeepsAnswers() {
		s.gather = gatherAnswers
	}
	s.add = func(entries []bitext.Entry) error {
		if p.Memory == nil {
			return nil
		}
		_, err := p.add(ctx, memory.Batch{Author: "hooks", Note: path, Time: p.Clock()}, entries)
		return err
	}
	go s.run()
	return s
}

func (s *answerStore) run() {
	defer close(s.done)
	for {
		select {
		case <-s.wake:
		case <-s.end:
			s.flush()
			return
		}
		if s.gather > 0 {
			select {
			case <-time.After(s.gather):
			case <-s.end:
			}
		}
		s.flush()
	}
}

// put has an entry stored soon. It may be called by several goroutines.
func (s *answerStore) put(e bitext.Entry) {
	s.mu.Lock()
	s.pending = append(s.pending, e)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // it is awake, and will find the entry
	}
}

func (s *answerStore) flush() {
	s.mu.Lock()
	entries := s.pending
	s.pending = nil
	s.mu.Unlock()
	if len(entries) == 0 {
		return
	}
	if err := s.add(entries); err != nil && s.err == nil {
		s.err = err
	}
}

// close waits until everything is stored. put must not be called any more.
func (s *answerStore) close() error {
	close(s.end)
	<-s.done
	return s.err
}

// titleOf returns the text of the first heading of level 1, or of the title.
func titleOf(d *bitext.Document) string {
	title := ""
	for i := range d.Units {
		u := &d.Units[i]
		if u.Level == 1 {
			return u.Source.Chars
		}
		if title == "" && u.Name == "title" {
			title = u.Source.Chars
		}
	}
	return title
}

// summaryOf returns the description of an article, at most maxSummary bytes of it.
func summaryOf(d *bitext.Document) string {
	for i := range d.Units {
		if u := &d.Units[i]; u.Kind == bitext.Field && u.Name == "description" {
			s := u.Source.Chars
			if len(s) > maxSummary {
				s = strings.ToValidUTF8(s[:maxSummary], "")
			}
			return s
		}
	}
	return ""
}

// maxSummary bounds what engines are told of an article, in bytes: it is sent, and paid
// for, with each call.
const maxSummary = 600

// add stores entries in the memory.
func (p *Project) add(ctx context.Context, b memory.Batch, entries []bitext.Entry) (memory.Result, error) {
	return p.Memory.AddWith(ctx, b, memory.AddOptions{}, func(yield func(bitext.Entry, error) bool) {
		for _, e := range entries {
			if !yield(p.WithTerms(e), nil) {
				return
			}
		}
	})
}

// hookDiagnostic returns the reason why a hook did not translate a text. That an
// engine failed is an error; that its answer was unusable, or that the budget is
// spent, is a warning.
func hookDiagnostic(err error) diag.Diagnostic {
	d := diag.From(err, "hook.refused")[0]
	if d.ID == "hook.refused" {
		d.Severity = diag.Error
	}
	return d
}
