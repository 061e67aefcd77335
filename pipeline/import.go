package pipeline

import (
	"context"

	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
)

// Verdict is what an import decides on one segment.
type Verdict string

const (
	Accepted  Verdict = "taken"
	Unchanged Verdict = "unchanged" // as it already was
	NoTarget  Verdict = "empty"     // the file has no target
	Rejected  Verdict = "refused"
)

// Reasons for which a segment is refused, as ids of diagnostics.
const (
	RejectedArticle  = "import.unknown-article"
	RejectedUnit     = "import.unknown-unit"
	RejectedSegment  = "import.unknown-segment"
	RejectedSource   = "import.source-changed"
	RejectedCodes    = "import.codes"
	RejectedLocale   = "import.locale"
	RejectedCopy     = "import.copied"
	RejectedState    = "import.state"
	RejectedNewer    = "import.newer"
	RejectedLength   = "import.length"
	RejectedTwice    = "import.twice"
	RejectedDecoding = "import.file"
)

// Decision is the verdict on one segment, with the diagnostic that says why it
// was refused.
type Decision struct {
	Verdict    Verdict         `json:"verdict"`
	Place      diag.Place      `json:"place"`
	Source     string          `json:"source,omitempty"`
	Target     string          `json:"target,omitempty"`
	State      bitext.State    `json:"state"`
	Diagnostic diag.Diagnostic `json:"diagnostic,omitzero"`
}

// ImportOptions say how an import goes. Partial takes what is sound when
// something else is not; Force takes what would lower a state, is older than what
// is there, copies the source, or lost codes that may be deleted. Locale refuses
// every other target locale, if set. State is given to every target taken, if it
// is not Initial. Author signs them.
type ImportOptions struct {
	Partial bool
	Force   bool
	DryRun  bool
	Locale  string
	State   bitext.State
	Author  string
	Note    string
}

// ImportResult counts what became of a file's segments. Batch is the memory's
// batch, 0 if nothing was stored.
type ImportResult struct {
	Batch     int64 `json:"batch,omitempty"`
	Taken     int   `json:"taken"`
	Unchanged int   `json:"unchanged"`
	Empty     int   `json:"empty"`
	Refused   int   `json:"refused"`
	Stored    bool  `json:"stored"`
}

// Import takes a bilingual file's targets into the memory. It reads the units
// twice: once to decide on each segment, telling decide, and then, if nothing was
// refused or Partial is set, to store what was taken, all in one batch that can
// be undone. read gives an article of the project; a path from the file that is
// not one of articles is never opened.
func (p *Project) Import(ctx context.Context, articles []Source, units func() iter.Seq2[*exchange.Unit, error], o ImportOptions, decide func(Decision)) (ImportResult, error) {
	var r ImportResult
	first := newImporter(p, articles, o)
	for e, d := range first.entries(ctx, units()) {
		_ = e
		switch d.Verdict {
		case Accepted:
			r.Taken++
		case Unchanged:
			r.Unchanged++
		case NoTarget:
			r.Empty++
		case Rejected:
			r.Refused++
		}
		decide(d)
	}
	if first.err != nil {
		return r, first.err
	}
	if o.DryRun || r.Taken == 0 || (r.Refused > 0 && !o.Partial) {
		return r, nil
	}
	second := newImporter(p, articles, o)
	stored, err := p.Memory.AddAll(ctx, memory.Batch{Author: o.Author, Note: o.Note, Time: p.Clock()}, func(yield func(bitext.Entry, error) bool) {
		for e, d := range second.entries(ctx, units()) {
			if d.Verdict == Accepted && !yield(*e, nil) {
				return
			}
		}
		if second.err != nil {
			yield(bitext.Entry{}, second.err)
		}
	})
	if err != nil {
		return r, fmt.Errorf("memory: %w", err)
	}
	r.Batch, r.Stored = stored.Batch, true
	return r, nil
}

// importer decides on segments. It keeps the few documents that it met last.
type importer struct {
	*Project
	options  ImportOptions
	articles map[string]Source
	recent   []*opened
	done     map[string]bool // places decided on
	err      error
	now      time.Time
}

// opened is an article of the project in one locale as it now is.
type opened struct {
	path, locale string
	tr           *bitext.Translation
	units        map[string]int
	contexts     map[string]segmentContext // by place
}

func newImporter(p *Project, articles []Source, o ImportOptions) *importer {
	im := &importer{Project: p.withoutHook(), options: o, articles: map[string]Source{}, now: p.Clock(), done: map[string]bool{}}
	for _, a := range articles {
		im.articles[a.Path] = a
	}
	return im
}

// entries walks over the decisions on all segments, with the memory entry of
// those taken.
func (im *importer) entries(ctx context.Context, units iter.Seq2[*exchange.Unit, error]) iter.Seq2[*bitext.Entry, Decision] {
	return func(yield func(*bitext.Entry, Decision) bool) {
		for u, err := range units {
			if err != nil {
				for _, d := range diag.From(err, RejectedDecoding) {
					if !yield(nil, Decision{Verdict: Rejected, Place: d.Place, Diagnostic: d}) {
						return
					}
				}
				continue
			}
			for e, d := range im.unit(ctx, u) {
				if im.err != nil || !yield(e, d) {
					return
				}
			}
			if im.err != nil {
				return
			}
		}
	}
}

func (im *importer) unit(ctx context.Context, u *exchange.Unit) iter.Seq2[*bitext.Entry, Decision] {
	return func(yield func(*bitext.Entry, Decision) bool) {
		refuseAll := func(id, message, hint string) {
			for i, s := range u.Translatable() {
				if !u.Targets[i].Filled || u.Targets[i].Text.IsEmpty() {
					continue
				}
				if !yield(nil, refuse(u, s, &u.Targets[i], id, message, hint)) {
					return
				}
			}
		}
		locale, err := locales.Canonical(u.TargetLocale)
		if err == nil {
			locale = config.Nearest(locale, im.wanted())
		}
		switch {
		case err != nil:
			refuseAll(RejectedLocale, fmt.Sprintf("the file's target language %q is not a BCP 47 tag", u.TargetLocale), "")
			return
		case !slices.Contains(im.wanted(), locale):
			refuseAll(RejectedLocale, fmt.Sprintf("the file is in %s, which is not asked for", locale), "give its locale with --locale, or add it to project.locales")
			return
		}
		a, ok := im.articles[u.Path]
		if !ok {
			refuseAll(RejectedArticle, fmt.Sprintf("the project has no article %q", u.Path), "the article may have been renamed or removed since the export")
			return
		}
		o, err := im.open(ctx, a, locale)
		if err != nil {
			im.err = err
			return
		}
		at, ok := o.units[u.ID]
		if !ok {
			refuseAll(RejectedUnit, fmt.Sprintf("%s has no unit %s any more (%q)", u.Path, u.ID, diag.Excerpt(u.Unit.Source.Chars)), "its text was changed or removed since the export: export it again")
			return
		}
		for _, p := range align(&o.tr.Document.Units[at], u) {
			e, d := im.segment(o, u, p)
			if !yield(e, d) {
				return
			}
		}
	}
}

// wanted are the target locales that are taken.
func (im *importer) wanted() []string {
	if im.options.Locale != "" {
		return []string{im.options.Locale}
	}
	return im.Config.Project.Locales
}

// open prepares an article as it now is, from catalogs and memory.
func (im *importer) open(ctx context.Context, a Source, locale string) (*opened, error) {
	for _, o := range im.recent {
		if o.path == a.Path && o.locale == locale {
			return o, nil
		}
	}
	data, err := a.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Path, err)
	}
	d, _ := im.Open(a.Path, "", "", data)
	tr, _, err := im.Prepare(ctx, d, locale)
	if err != nil {
		return nil, err
	}
	o := &opened{path: a.Path, locale: locale, tr: tr, units: map[string]int{}, contexts: map[string]segmentContext{}}
	for i := range d.Units {
		o.units[d.Units[i].ID] = i
	}
	for c := range contexts(tr) {
		o.contexts[c.place] = c
	}
	const keep = 8
	if len(im.recent) == keep {
		im.recent = im.recent[1:]
	}
	im.recent = append(im.recent, o)
	return o, nil
}

// pair is a segment of the document with what the file has for it. own is nil
// for one that the document does not have; why says why the file's cannot be
// used.
type pair struct {
	own    *bitext.Segment
	source bitext.Text
	target bitext.Target
	id     string
	why    string
}

// align finds for each segment of a file's unit the document's own: by its ID
// and text, or, where a tool has cut the unit anew, by the places of the cuts. A
// segment that was split is put together again; segments that were joined cannot
// be divided.
func align(own *bitext.Unit, u *exchange.Unit) []pair {
	byID := map[string]*bitext.Segment{}
	for _, s := range own.Translatable() {
		byID[s.ID] = s
	}
	var out []pair
	same := true
	for i, s := range u.Translatable() {
		p := pair{own: byID[s.ID], source: s.Source, target: u.Targets[i], id: s.ID}
		switch {
		case p.own == nil:
			p.why, same = RejectedSegment, false
		case p.own.Source.Key() != s.Source.Key():
			p.why, same = RejectedSource, false
		}
		out = append(out, p)
	}
	if same || own.Source.Key() != u.Unit.Source.Key() {
		return out
	}
	// The unit's text is the same; only its cuts differ.
	out = out[:0]
	for i := range own.Segments {
		if s := &own.Segments[i]; !s.Ignorable {
			out = append(out, mergeSplitSegments(s, u))
		}
	}
	return out
}

// regather puts together what a file that is cut anew has for one of our
// segments. A part that reaches over its limits, or a part left out, is a reason to
// refuse; the state is that of the part that is least done.
func mergeSplitSegments(s *bitext.Segment, u *exchange.Unit) pair {
	p := pair{own: s, source: s.Source, id: s.ID}
	var texts []bitext.Text
	filled, empty, across := 0, 0, false
	for j := range u.Segments {
		f, t := &u.Segments[j], &u.Targets[j]
		if f.To.Pos <= s.From.Pos || f.From.Pos >= s.To.Pos {
			continue
		}
		if f.Ignorable {
			if t.Filled {
				texts = append(texts, t.Text)
			} else {
				texts = append(texts, f.Source)
			}
			continue
		}
		if !t.Filled {
			empty++
			continue
		}
		across = across || f.From.Pos < s.From.Pos || f.To.Pos > s.To.Pos
		texts = append(texts, t.Text)
		if filled++; filled == 1 {
			p.target.State, p.target.SubState, p.target.Origin = t.State, t.SubState, t.Origin
			continue
		}
		p.target.State = min(p.target.State, t.State)
		if p.target.SubState == "" {
			p.target.SubState = t.SubState
		}
	}
	if filled > 0 {
		p.target.Text, p.target.Filled = bitext.Join(texts...), true
		if across || empty > 0 {
			p.why = RejectedSegment
		}
	}
	return p
}

func refuse(u *exchange.Unit, s *bitext.Segment, t *bitext.Target, id, message, hint string) Decision {
	return Decision{
		Verdict: Rejected, Place: placeOf(u, s.ID), Source: s.Source.Tagged(), Target: t.Text.TaggedAs(s.Source), State: t.State,
		Diagnostic: diag.Diagnostic{ID: id, Severity: diag.Error, Place: placeOf(u, s.ID), Message: message, Hint: hint},
	}
}

func placeOf(u *exchange.Unit, segment string) diag.Place {
	return diag.Place{Path: u.Path, Locale: u.TargetLocale, Unit: u.ID, Segment: segment}
}

// segment decides on one segment of the file.
func (im *importer) segment(o *opened, u *exchange.Unit, p pair) (*bitext.Entry, Decision) {
	file := &bitext.Segment{ID: p.id, Source: p.source}
	d := Decision{Place: placeOf(u, p.id), Source: p.source.Tagged(), Target: p.target.Text.TaggedAs(p.source), State: p.target.State}
	if !p.target.Filled || (p.why == "" && p.target.Text.IsBlank() && !p.source.IsBlank()) {
		d.Verdict = NoTarget
		return nil, d
	}
	no := func(id, hint, format string, args ...any) (*bitext.Entry, Decision) {
		return nil, refuse(u, file, &p.target, id, fmt.Sprintf(format, args...), hint)
	}
	switch p.why {
	case RejectedSegment:
		return no(p.why, "give each sentence its own translation", "the article has no segment %s with these limits", p.id)
	case RejectedSource:
		return no(p.why, "export the article again", "the source was changed since the export: it is now %q", p.own.Source.Tagged())
	}
	place := o.path + "#" + u.ID + "/" + p.own.ID
	c, ok := o.contexts[place]
	if !ok {
		return no(RejectedSegment, "", "segment %s is not for translation", p.id)
	}
	if im.done[o.locale+" "+place] {
		return no(RejectedTwice, "", "the file has segment %s twice", p.id)
	}
	im.done[o.locale+" "+place] = true

	text, err := bitext.ParseTagged(p.target.Text.TaggedAs(p.source), c.segment.Source)
	if err != nil {
		return no(RejectedCodes, "keep the tags of the source", "%v", err)
	}
	if problem, bad := codeProblem(c.segment.Source, text, im.options.Force); bad {
		return no(RejectedCodes, "keep the tags of the source", "tag %s is %s", tagName(c.segment.Source, problem.Code), problem.Kind)
	}
	now := c.target
	same := now.Filled && now.Text.Equal(text)
	state, sub := im.stateOf(now, p.target, same)
	// The same text, no further than it was: nothing to take, whatever a tool made
	// of its state. That a person asks for another look is something.
	if same && im.options.State == bitext.Initial && state <= now.State && (sub != bitext.SubStateCheck || now.SubState == sub) {
		d.Verdict = Unchanged
		return nil, d
	}
	here := now.Filled && now.Match == bitext.InContextMatch // not another place's translation
	if !im.options.Force {
		switch {
		case otherScript(o.locale, text.Chars):
			return no(RejectedLocale, "see whether the file is the right one; --force takes it all the same", "the target is not written in the letters of %s", o.locale)
		case isSourceCopy(c.segment.Source, text) && state < bitext.Reviewed:
			return no(RejectedCopy, "translate it, or raise its state to reviewed if it is meant so", "the target is the source unchanged")
		case here && state < now.State && now.SubState == "":
			return no(RejectedState, "--force takes it all the same", "its state would go back from %s to %s", now.State, state)
		case here && now.Origin.Kind == bitext.FromHuman && (im.options.Author == "" || now.Origin.Name != im.options.Author) && !u.Time.IsZero() && now.Origin.Time.After(u.Time) && !same:
			return no(RejectedNewer, "--force takes it all the same", "a person has translated it since the export: %q", now.Text.TaggedAs(c.segment.Source))
		case c.unit.MaxLength > 0 && graphemes(text.Chars) > c.unit.MaxLength:
			return no(RejectedLength, "shorten it", "it has %d characters, at most %d are allowed", graphemes(text.Chars), c.unit.MaxLength)
		}
	}
	d.Verdict, d.State = Accepted, state
	d.Target = text.TaggedAs(c.segment.Source)
	origin := bitext.Origin{Kind: bitext.FromHuman, Name: im.options.Author, Time: im.now}
	if sub == bitext.SubStateMT {
		origin = bitext.Origin{Kind: bitext.FromEngine, Name: p.target.Origin.Name, Time: im.now, Terms: fingerprint(now.Terms)}
	}
	return &bitext.Entry{
		SourceLocale: o.tr.Document.Locale, TargetLocale: o.locale, Source: c.segment.Source, Target: text, State: state, SubState: sub,
		Origin: origin, Prev: c.prev, Next: c.next, Place: place,
	}, d
}

// stateOf is the state and subState that a target comes in with. Many tools change
// a target and leave its state as it was: a text that is not what went out has been
// translated at least. What is marked as an engine's or as to be looked at stays
// so till somebody changes the text, raises its state or says otherwise.
func (im *importer) stateOf(now *bitext.Target, came bitext.Target, same bool) (bitext.State, string) {
	if im.options.State != bitext.Initial {
		return im.options.State, ""
	}
	state := came.State
	if !same {
		state = max(state, bitext.Translated)
	}
	switch sub := came.SubState; {
	case im.options.Force:
	case sub == bitext.SubStateCheck:
		return state, sub
	case sub == bitext.SubStateMT, strings.HasPrefix(sub, bitext.SubStateFuzzy):
		if edited := now.Filled && !same; !edited && came.State <= bitext.Translated {
			return state, sub
		}
	}
	return state, ""
}

// codeProblem is the first way in which the target's codes are wrong. Force lets
// codes go that may be deleted.
func codeProblem(source, target bitext.Text, force bool) (bitext.CodeProblem, bool) {
	// A copy that a format allows is still a slip when a person types tags.
	type key struct {
		kind bitext.CodeKind
		id   string
	}
	left := map[key]int{}
	for _, c := range source.Codes {
		left[key{c.Kind, c.ID}]++
	}
	for _, c := range target.Codes {
		k := key{c.Kind, c.ID}
		if left[k]--; left[k] < 0 && !force {
			return bitext.CodeProblem{Kind: bitext.CodeDoubled, Code: c}, true
		}
	}
	for _, p := range bitext.CompareCodes(source, target) {
		if force && p.Kind == bitext.CodeLost && !p.Code.NoDelete {
			continue
		}
		return p, true
	}
	return bitext.CodeProblem{}, false
}

// tagName is a code as a translator sees it.
func tagName(source bitext.Text, c bitext.Code) string {
	t := bitext.Text{Codes: []bitext.Code{c}}
	t.Codes[0].Pos = 0
	name := t.TaggedAs(source)
	if c.Disp != "" {
		name += " (" + c.Disp + ")"
	}
	return name
}

// otherScript reports whether a text is surely not in the script of a locale: it
// has a dozen letters or more, and less than one in five is of that script. Names
// and addresses in another script are no reason.
func otherScript(locale, text string) bool {
	script := tag.Script(locale)
	if !tag.HasLetters(script) {
		return false
	}
	all, own := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			all++
			if tag.LetterScript(r) == script {
				own++
			}
		}
	}
	return all >= 12 && own*5 < all
}

// copied reports whether a target is its source unchanged, though there is
// something to translate in it: two words at least, for a single one may be a
// name.
func isSourceCopy(source, target bitext.Text) bool {
	return source.Chars == target.Chars && strings.ContainsFunc(source.Chars, unicode.IsLetter) && bitext.CountWords(source.Chars) > 1
}
