package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
)

// Verdict is what an import decides on one segment.
type Verdict string

const (
	Accepted  Verdict = "taken"     // the translation of its own segment
	Moved     Verdict = "moved"     // accepted for the segment that now has its source
	Kept      Verdict = "kept"      // stored for matching, but no segment has its source now
	Unchanged Verdict = "unchanged" // as it already was
	NoTarget  Verdict = "empty"     // the file has no target
	Rejected  Verdict = "refused"   // the text itself is wrong
)

// Reasons for which a segment is kept or rejected, as ids of diagnostics.
const (
	RejectedArticle  = "import.unknown-article"
	RejectedUnit     = "import.unknown-unit"
	RejectedSegment  = "import.unknown-segment"
	RejectedSource   = "import.source-changed"
	RejectedCodes    = "import.codes"
	RejectedLocale   = "import.locale"
	RejectedLanguage = "import.language"
	RejectedCopy     = "import.copied"
	RejectedState    = "import.state"
	RejectedNewer    = "import.newer"
	RejectedLength   = "import.length"
	RejectedTwice    = "import.twice"
	RejectedDecoding = "import.file"
	RejectedEmpty    = "import.empty"
)

// Decision is the verdict on one segment, with the diagnostic that gives the
// reason if the segment was not accepted for its place.
type Decision struct {
	Verdict    Verdict         `json:"verdict"`
	Place      diag.Place      `json:"place"`
	Source     string          `json:"source,omitempty"`
	Target     string          `json:"target,omitempty"`
	State      bitext.State    `json:"state"`
	Moved      string          `json:"movedTo,omitempty"` // path#unit/segment, for Moved
	Diagnostic diag.Diagnostic `json:"diagnostic,omitzero"`

	entry     *bitext.Entry // what to store
	locale    string        // the project's target locale
	edited    bool          // the text is not the one that was in use
	demoted   bool          // its state is lower than that of the text that was in use
	confirmed bool          // the text is the one that was in use
}

// ImportOptions control an import. Partial stores what is sound when something
// else is rejected. Force accepts what would lower a state, is older than what is
// there, copies the source, seems to be in another language, or lost codes that may
// be deleted. Propagate gives an edited translation also to the other places with
// the same source, which otherwise keep theirs. Locale rejects every other target
// locale, if set. State is given to every accepted target, if it is not Initial.
// Author signs them. Articles maps the old path of a renamed article to its new
// one. File is the file's name, for messages.
type ImportOptions struct {
	Partial   bool
	Force     bool
	Propagate bool
	DryRun    bool
	Locale    string
	State     bitext.State
	Author    string
	Note      string
	Batch     int64  // that another file of the import made, 0 for a new one
	Name      string // of the batch; may be empty
	Articles  map[string]string
	File      string

	// Open are articles that are open already, and need not be read again.
	Open []*OpenArticle
}

// ImportResult counts what became of a file's segments. Taken counts those that
// were accepted, Moved how many of these for another place than the file's. Batch
// is the memory's batch, 0 if nothing was stored. Others is how many other places
// have the source of an edited translation: they keep their translation, or got the
// new one if it was to be propagated. Notes counts the new notes of translators and
// reviewers.
type ImportResult struct {
	Batch      int64 `json:"batch,omitempty"`
	Taken      int   `json:"taken"`
	Moved      int   `json:"moved,omitempty"`
	Kept       int   `json:"kept,omitempty"`
	Unchanged  int   `json:"unchanged"`
	Empty      int   `json:"empty"`
	Refused    int   `json:"refused"`
	Others     int   `json:"otherPlaces,omitempty"`
	Conflicts  int   `json:"conflicts,omitempty"`
	Notes      int   `json:"notes,omitempty"`
	Propagated bool  `json:"propagated,omitempty"`
	Stored     bool  `json:"stored"`
}

// ImportList is what Decide decided on the segments of one file, for Store.
// Findings are what a person must know: one diagnostic for each rejected segment,
// and one for each group of segments with the same cause.
type ImportList struct {
	Decisions []Decision
	Findings  []diag.Diagnostic

	options  ImportOptions
	now      time.Time
	revision int64 // of the memory when the import began
	others   []bitext.Entry
	notes    []memory.Note
	seen     map[exportedArticle]map[string]bool // fingerprints of the file's segments
	present  map[articleLocale][]string          // fingerprints of the articles' segments
}

// articleLocale names an article in one target locale.
type articleLocale struct{ path, locale string }

// exportedArticle is an article as an export's batch had it.
type exportedArticle struct {
	articleLocale
	batch string
}

// Import decides on the segments of a file and stores what it accepts. units is
// read once. What it returns is what was stored.
func (p *Project) Import(ctx context.Context, articles []Source, units iter.Seq2[*exchange.Unit, error], o ImportOptions) (*ImportList, ImportResult, error) {
	list, err := p.Decide(ctx, articles, units, o)
	if err != nil {
		return list, ImportResult{}, err
	}
	r, err := p.Store(ctx, list)
	return list, r, err
}

// Decide reads the units of a file once and decides on each segment. articles are
// the project's: a path in the file that is not one of them is never opened.
//
// A segment is found by its identity and source; else by its source in the article
// as it is now, where neighbours decide among equals. One that is not found is kept:
// stored as a translation of the source that it was made from, for matching. Only
// what is wrong with the text itself is rejected. An error is the memory's, an
// article's or the context's.
func (p *Project) Decide(ctx context.Context, articles []Source, units iter.Seq2[*exchange.Unit, error], o ImportOptions) (*ImportList, error) {
	im := newImporter(p, articles, o)
	var err error
	if im.list.revision, err = p.Memory.Revision(ctx); err != nil {
		return im.list, fmt.Errorf("memory: %w", err)
	}
	for u, err := range units {
		if err != nil {
			for _, d := range diag.From(err, RejectedDecoding) {
				im.add(Decision{Verdict: Rejected, Place: d.Place, Diagnostic: d})
			}
			continue
		}
		if err := im.unit(ctx, u); err != nil {
			return im.list, err
		}
	}
	if err := im.findRenamed(ctx); err != nil {
		return im.list, err
	}
	if len(im.list.Decisions) == 0 && len(im.deferred) == 0 {
		im.add(Decision{Verdict: Rejected, Place: diag.Place{Path: o.File}, Diagnostic: diag.Diagnostic{
			ID: RejectedEmpty, Severity: diag.Error, Place: diag.Place{Path: o.File},
			Message: "the file has no segment", Hint: "ask for the file again: it may have been cut off on its way",
		}})
	}
	im.placeDeferred()
	im.dropUnseen()
	if err := im.checkLanguage(ctx); err != nil {
		return im.list, err
	}
	if err := im.findOtherPlaces(ctx); err != nil {
		return im.list, err
	}
	im.summarize()
	return im.list, nil
}

// Store stores what was accepted and what is kept, all in one batch that can be
// undone; nothing if a segment was rejected and Partial is not set.
func (p *Project) Store(ctx context.Context, list *ImportList) (ImportResult, error) {
	var r ImportResult
	n := 0
	for i := range list.Decisions {
		d := &list.Decisions[i]
		if d.entry != nil {
			n++
		}
		switch d.Verdict {
		case Moved:
			r.Moved++
			r.Taken++
		case Accepted:
			r.Taken++
		case Kept:
			r.Kept++
		case Unchanged:
			r.Unchanged++
		case NoTarget:
			r.Empty++
		case Rejected:
			r.Refused++
		}
	}
	r.Others, r.Propagated = len(list.others), list.options.Propagate && len(list.others) > 0
	o := list.options
	if r.Refused > 0 && !o.Partial {
		return r, nil
	}
	notes, err := p.newNotes(ctx, list)
	r.Notes = len(notes)
	if err != nil || o.DryRun || n+len(notes) == 0 {
		return r, err
	}
	batch := memory.Batch{ID: o.Batch, Author: o.Author, Note: o.Note, Name: o.Name, Time: list.now}
	result, err := p.store(ctx, list, batch)
	if err != nil {
		return r, fmt.Errorf("memory: %w", err)
	}
	if len(notes) > 0 {
		batch.ID = cmp.Or(result.Batch, batch.ID)
		if result.Batch, err = p.noteStore().AddNotes(ctx, batch, notes); err != nil {
			return r, fmt.Errorf("memory: %w", err)
		}
	}
	r.Batch, r.Stored, r.Conflicts = result.Batch, result.Batch != 0, result.Conflicting
	for _, c := range result.Conflicts {
		list.Findings = append(list.Findings, conflict(c))
	}
	if more := result.Conflicting - len(result.Conflicts); more > 0 {
		list.Findings = append(list.Findings, diag.Diagnostic{
			ID: "import.conflict", Severity: diag.Warning, Place: diag.Place{Path: o.File},
			Hint: "'hexapla memory history' shows both",
		}.Messagef("further segments that got another translation while this import ran: %d", diag.Arg("more", more)))
	}
	return r, nil
}

// store adds the entries of a list to one batch. What is older than the text in use, or of
// a lower state, goes to the history. What a person edited is used though its state is lower; and
// with Force everything is.
func (p *Project) store(ctx context.Context, list *ImportList, batch memory.Batch) (memory.Result, error) {
	var history, current []bitext.Entry
	force := list.options.Force
	for i := range list.Decisions {
		switch d := &list.Decisions[i]; {
		case d.entry == nil:
		case d.Diagnostic.ID == RejectedNewer || d.Diagnostic.ID == RejectedState:
			history = append(history, *d.entry)
		default:
			force = force || d.demoted
			current = append(current, *d.entry)
		}
	}
	var total memory.Result
	for _, part := range []struct {
		entries []bitext.Entry
		force   bool
	}{{slices.Concat(history, list.others), false}, {current, force}} {
		if len(part.entries) == 0 {
			continue
		}
		o := memory.AddOptions{Force: part.force, BasedOn: list.revision}
		r, err := p.Memory.AddWith(ctx, batch, o, func(yield func(bitext.Entry, error) bool) {
			for _, e := range part.entries {
				if !yield(p.WithTerms(e), nil) {
					return
				}
			}
		})
		if err != nil {
			return total, err
		}
		if r.Batch != 0 {
			batch.ID, total.Batch = r.Batch, r.Batch
		}
		total.Conflicting += r.Conflicting
		total.Conflicts = append(total.Conflicts, r.Conflicts...)
	}
	return total, nil
}

// conflict reports that a segment got another translation while the import ran.
func conflict(c memory.Conflict) diag.Diagnostic {
	use := "that one stays in use"
	if c.Current {
		use = "this one is in use now"
	}
	by := ""
	if name := c.Other.Entry.Origin.Name; name != "" {
		by = " by " + name
	}
	path, unit, _ := strings.Cut(c.Entry.Place, "#")
	unit, segment, _ := strings.Cut(unit, "/")
	return diag.Diagnostic{
		ID: "import.conflict", Severity: diag.Warning, Place: diag.Place{Path: path, Locale: c.Entry.TargetLocale, Unit: unit, Segment: segment},
		Hint: "'hexapla memory history' shows both",
	}.Messagef("another translation%s was stored while this import ran: %q; both are kept, %s", diag.Arg("by", by), diag.Arg("target", c.Other.Entry.Target.TaggedAs(c.Other.Entry.Source)), diag.Arg("use", use))
}

// importer decides on the segments of one file.
type importer struct {
	*Project
	options  ImportOptions
	now      time.Time
	list     *ImportList
	articles map[string]Source
	order    []Source
	byHash   map[string]string // path of each article by SHA-256, once it was needed
	recent   []*openArticle
	done     map[string]bool // places decided on, by locale
	deferred []*fileSegment
	unknown  []unknownUnit
	renamed  map[string]bool                // old paths that were reported
	last     map[articleLocale]*fileSegment // the last segment of the file in each article
}

// fileSegment is a segment of the file. article is nil if the project does not have
// the article. prev and next are the keys of its neighbours in the file.
type fileSegment struct {
	unit       *exchange.Unit
	locale     string
	id         string
	source     bitext.Text
	target     bitext.Target
	prev, next string
	article    *openArticle
	reason     string // why it is not at its place
	hint       string
}

// unknownUnit is a unit of an article that the project does not have by its name.
type unknownUnit struct {
	*exchange.Unit
	locale string
}

// openArticle is an article of the project in one locale as it now is.
type openArticle struct {
	path, locale string
	tr           *bitext.Translation
	units        map[string]int   // by ID
	unitsByText  map[string][]int // by the key of the source
	segments     []segmentContext // in order
	keys         []string         // of the sources of segments
	byPlace      map[string]int   // of segments
	byText       map[string][]int // of segments, by the key of the source
}

func newImporter(p *Project, articles []Source, o ImportOptions) *importer {
	now := p.Clock()
	im := &importer{
		Project: p, options: o, now: now, articles: map[string]Source{}, order: articles, done: map[string]bool{},
		last: map[articleLocale]*fileSegment{}, renamed: map[string]bool{},
		list: &ImportList{options: o, now: now, seen: map[exportedArticle]map[string]bool{}, present: map[articleLocale][]string{}},
	}
	for _, a := range articles {
		im.articles[a.Path] = a
	}
	return im
}

func (im *importer) add(d Decision) { im.list.Decisions = append(im.list.Decisions, d) }

// targets returns the target locales that are accepted.
func (im *importer) targets() []string {
	if im.options.Locale != "" {
		return []string{im.options.Locale}
	}
	return im.Config.Project.Locales
}

// unit decides on the segments of a unit that are at their places; the others are
// deferred until all places are known that the file names.
func (im *importer) unit(ctx context.Context, u *exchange.Unit) error {
	rejectAll := func(id, hint, format string, args ...any) {
		for i, s := range u.Translatable() {
			if u.Targets[i].Filled && !u.Targets[i].Text.IsEmpty() {
				im.add(reject(u, s, &u.Targets[i], id, hint, format, args...))
			}
		}
	}
	locale, err := locales.Canonical(u.TargetLocale)
	if err != nil {
		rejectAll(RejectedLocale, "", "the file's target language %q is not a BCP 47 tag", diag.Arg("targetLocale", u.TargetLocale))
		return nil
	}
	locale = config.Nearest(locale, im.targets())
	if !slices.Contains(im.targets(), locale) {
		rejectAll(RejectedLocale, "give its locale with --locale, or add it to project.locales", "the file is in %s, which is not asked for", diag.Arg("locale", locale))
		return nil
	}
	path, err := im.findArticle(u)
	if err != nil {
		return err
	}
	if path == "" {
		im.unknown = append(im.unknown, unknownUnit{u, locale})
		return nil
	}
	return im.unitOf(ctx, u, locale, path)
}

// noteRenamed records that an article of the file has another name in the project.
func (im *importer) noteRenamed(old, path string) {
	if old == path || im.options.Articles[old] != "" || im.renamed[old] {
		return
	}
	im.renamed[old] = true
	im.list.Findings = append(im.list.Findings, diag.Diagnostic{
		ID: "import.renamed-article", Severity: diag.Info, Place: diag.Place{Path: old},
	}.Messagef("the article is now %s", diag.Arg("path", path)))
}

// unitOf is unit for one whose article and locale are known; path is empty if the
// project does not have the article.
func (im *importer) unitOf(ctx context.Context, u *exchange.Unit, locale, path string) (err error) {
	var a *openArticle
	if path != "" {
		im.noteRenamed(u.Path, path)
		if a, err = im.open(ctx, im.articles[path], locale); err != nil {
			return err
		}
	}
	im.notesOf(a, u, locale, path)
	for _, f := range im.align(a, u, locale) {
		at := articleLocale{u.Path, locale}
		if before := im.last[at]; before != nil {
			f.prev, before.next = before.source.Key(), f.source.Key()
		}
		im.last[at] = f
		if a != nil && u.Batch != "" {
			im.list.note(exportedArticle{articleLocale{path, locale}, u.Batch}, Fingerprint(place(path, f.unit.ID, f.id), f.source.Key()))
		}
		if f.reason != "" {
			im.deferred = append(im.deferred, f)
			continue
		}
		im.add(im.segment(f, a.byPlace[place(path, f.unit.ID, f.id)], Accepted))
	}
	return nil
}

// dropUnseen leaves out the exact matches of other places that came back unchanged, if
// nothing shows that a person has seen the file: no text of it was changed, and it has
// no author and no state by an option.
func (im *importer) dropUnseen() {
	if im.options.Author != "" || im.options.State != bitext.Initial {
		return
	}
	for i := range im.list.Decisions {
		if d := &im.list.Decisions[i]; d.entry != nil && !d.confirmed {
			return
		}
	}
	for i := range im.list.Decisions {
		if d := &im.list.Decisions[i]; d.entry != nil {
			d.Verdict, d.entry, d.Moved = Unchanged, nil, ""
		}
	}
}

// note records that the file has a segment.
func (l *ImportList) note(at exportedArticle, fingerprint string) {
	if l.seen[at] == nil {
		l.seen[at] = map[string]bool{}
	}
	l.seen[at][fingerprint] = true
}

func place(path, unit, segment string) string { return path + "#" + unit + "/" + segment }

// findArticle returns the path of the article that a unit is of: the one of its
// name, the one that was named for it, or the one with the same bytes under a new
// name. It is empty if there is none.
func (im *importer) findArticle(u *exchange.Unit) (string, error) {
	path := u.Path
	if to, ok := im.options.Articles[path]; ok {
		path = to
	}
	if _, ok := im.articles[path]; ok {
		return path, nil
	}
	if u.SHA256 == "" {
		return "", nil
	}
	if im.byHash == nil {
		im.byHash = map[string]string{}
		for _, a := range im.order {
			data, err := a.Read()
			if err != nil {
				return "", fmt.Errorf("%s: %w", a.Path, err)
			}
			sum := sha256.Sum256(data)
			im.byHash[hex.EncodeToString(sum[:])] = a.Path
		}
	}
	return im.byHash[strings.ToLower(u.SHA256)], nil
}

// open prepares an article as it now is, from catalogs and memory. It looks up no
// fuzzy matches and asks no engine.
func (im *importer) open(ctx context.Context, a Source, locale string) (*openArticle, error) {
	for i, o := range im.recent {
		if o.path == a.Path && o.locale == locale {
			im.recent = append(slices.Delete(im.recent, i, i+1), o)
			return o, nil
		}
	}
	o := im.alreadyOpen(a.Path, locale)
	if o == nil {
		var err error
		if o, err = im.recall(ctx, a, locale); err != nil {
			return nil, err
		}
	}
	const keep = 32 // a file has the units of an article in a row, for a few locales at most
	if len(im.recent) == keep {
		im.recent = slices.Delete(im.recent, 0, 1)
	}
	im.recent = append(im.recent, o)
	at := articleLocale{a.Path, locale}
	if _, ok := im.list.present[at]; !ok {
		prints := make([]string, len(o.segments))
		for i, c := range o.segments {
			prints[i] = Fingerprint(c.place, c.segment.Source.Key())
		}
		im.list.present[at] = prints
	}
	return o, nil
}

// alreadyOpen returns the article if it is one of ImportOptions.Open, else nil.
func (im *importer) alreadyOpen(path, locale string) *openArticle {
	for _, o := range im.options.Open {
		if o.article.path == path && o.article.locale == locale {
			return o.article
		}
	}
	return nil
}

// recall opens an article in one locale with what catalogs and memory have for it.
func (im *importer) recall(ctx context.Context, a Source, locale string) (*openArticle, error) {
	data, err := a.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Path, err)
	}
	d, _ := im.Open(a.Path, "", "", data)
	tr, _, err := im.fromMemory(ctx, d, locale, 0)
	if err != nil {
		return nil, err
	}
	return newOpenArticle(tr), nil
}

func newOpenArticle(tr *bitext.Translation) *openArticle {
	d := tr.Document
	o := &openArticle{
		path: d.Path, locale: tr.Locale, tr: tr, units: map[string]int{}, unitsByText: map[string][]int{},
		byPlace: map[string]int{}, byText: map[string][]int{},
	}
	for i := range d.Units {
		o.units[d.Units[i].ID] = i
		key := d.Units[i].Source.Key()
		o.unitsByText[key] = append(o.unitsByText[key], i)
	}
	for c := range contexts(tr) {
		o.byPlace[c.place] = len(o.segments)
		key := c.segment.Source.Key()
		o.byText[key] = append(o.byText[key], len(o.segments))
		o.segments, o.keys = append(o.segments, c), append(o.keys, key)
	}
	return o
}

// segment decides on a segment of the file that translates the segment of the
// article at index at. verdict is the one if the text is sound.
func (im *importer) segment(f *fileSegment, at int, verdict Verdict) Decision {
	if !f.target.Filled || (f.target.Text.IsBlank() && !f.source.IsBlank()) {
		return f.decision(NoTarget)
	}
	c := &f.article.segments[at]
	mark := f.locale + " " + c.place
	if im.done[mark] {
		return f.reject(RejectedTwice, "", "the file has segment %s twice", diag.Arg("id", f.id))
	}
	im.done[mark] = true
	text, err := bitext.ParseTagged(f.target.Text.TaggedAs(f.source), c.segment.Source)
	if err != nil {
		return f.reject(RejectedCodes, "keep the tags of the source", "%v", diag.Arg("error", err))
	}
	if problem, bad := codeProblem(c.segment.Source, text, im.options.Force); bad {
		return f.reject(RejectedCodes, "keep the tags of the source", "tag %s is %s", diag.Arg("tag", tagName(c.segment.Source, problem.Code)), diag.Arg("kind", problem.Kind))
	}
	now := c.target
	same := now.Filled && now.Text.Equal(text)
	state, sub := im.stateOf(now, f.target, same)
	inPlace := now.Filled && now.Match == bitext.InContextMatch // not the translation of another place
	if same && isStaleClaim(now, f) {
		return f.decision(Unchanged)
	}
	// The same text, no further than it was: nothing to store, whatever a tool made of
	// its state. That a person asks for another look is something; and so is that a
	// translation of another place comes back as that of this one.
	if same && now.Match != bitext.ExactMatch && im.options.State == bitext.Initial && state <= now.State && (sub != bitext.SubStateCheck || now.SubState == sub) {
		return f.decision(Unchanged)
	}
	origin := bitext.Origin{Kind: bitext.FromHuman, Name: im.options.Author, Time: im.now}
	if !im.options.Force {
		if d, bad := im.checkText(f, c.segment.Source, text, state); bad {
			return d
		}
		switch {
		case c.unit.MaxLength > 0 && graphemes(text.Chars) > c.unit.MaxLength:
			return f.reject(RejectedLength, "shorten it", "it has %d characters, at most %d are allowed", diag.Arg("length", graphemes(text.Chars)), diag.Arg("limit", c.unit.MaxLength))
		}
	}
	d := f.decision(verdict)
	d.State, d.Target, d.confirmed = state, text.TaggedAs(c.segment.Source), same
	d.edited = now.Filled && !same && now.Match != bitext.NoMatch
	d.demoted = inPlace && state < now.State
	if verdict == Moved {
		d.Moved = c.place
	}
	if !im.options.Force && inPlace && now.Origin.Kind == bitext.FromHuman && (im.options.Author == "" || now.Origin.Name != im.options.Author) && !f.unit.Time.IsZero() && now.Origin.Time.After(f.unit.Time) && !same {
		// Dated as the export, it goes into the history below the newer one.
		origin.Time = f.unit.Time
		d.Verdict, d.edited = Kept, false
		d.Diagnostic = f.diagnostic(diag.Warning, RejectedNewer, "--force uses the file's", "a person has translated it since the export: %q stays in use, the file's translation is kept in the history", diag.Arg("target", now.Text.TaggedAs(c.segment.Source)))
	}
	if !im.options.Force && d.Verdict != Kept && inPlace && f.target.State < now.State && state < now.State && now.SubState == "" {
		d.Verdict, d.edited, d.demoted = Kept, false, false
		d.Diagnostic = f.diagnostic(diag.Warning, RejectedState, "--force uses the file's", "its state would go back from %s to %s: %q stays in use, the file's translation is kept in the history",
			diag.Arg("state", now.State), diag.Arg("otherState", state), diag.Arg("target", now.Text.TaggedAs(c.segment.Source)))
	}
	if sub == bitext.SubStateMT {
		origin = bitext.Origin{Kind: bitext.FromEngine, Name: f.target.Origin.Name, Time: im.now, Terms: madeWith{terms: fingerprint(now.Terms), glossary: im.glossaryVersion()}.String()}
	} else if sub == bitext.SubStateAligned {
		origin = bitext.Origin{Kind: bitext.FromImport, Name: f.target.Origin.Name, Time: im.now}
	}
	d.entry = &bitext.Entry{
		SourceLocale: f.article.tr.Document.Locale, TargetLocale: f.locale, Source: c.segment.Source, Target: text, State: state, SubState: sub,
		Origin: origin, Prev: c.prev, Next: c.next, Place: c.place,
	}
	if same && origin.Kind == bitext.FromHuman && now.Origin.Kind == bitext.FromHuman {
		*d.entry = memory.WithTranslator(*d.entry, now.Origin)
	}
	return d
}

// keep decides on a segment that has no place in the article: it is kept as a
// translation of its own source, if it is sound.
func (im *importer) keep(f *fileSegment) Decision {
	if !f.target.Filled || (f.target.Text.IsBlank() && !f.source.IsBlank()) {
		return f.decision(NoTarget)
	}
	if problem, bad := codeProblem(f.source, f.target.Text, im.options.Force); bad {
		return f.reject(RejectedCodes, "keep the tags of the source", "tag %s is %s", diag.Arg("tag", tagName(f.source, problem.Code)), diag.Arg("kind", problem.Kind))
	}
	state, sub := im.stateOf(&bitext.Target{}, f.target, false)
	if !im.options.Force {
		if d, bad := im.checkText(f, f.source, f.target.Text, state); bad {
			return d
		}
	}
	origin := bitext.Origin{Kind: bitext.FromHuman, Name: im.options.Author, Time: im.now}
	if sub == bitext.SubStateMT {
		origin.Kind, origin.Name = bitext.FromEngine, f.target.Origin.Name
	} else if sub == bitext.SubStateAligned {
		origin.Kind, origin.Name = bitext.FromImport, f.target.Origin.Name
	}
	d := f.decision(Kept)
	d.State = state
	d.Diagnostic = f.diagnostic(diag.Warning, f.reason, f.hint, "%s; the translation is kept for matching", diag.Arg("reason", im.whyKept(f)))
	d.entry = &bitext.Entry{
		SourceLocale: im.Config.Project.Source, TargetLocale: f.locale, Source: f.source, Target: f.target.Text, State: state, SubState: sub,
		Origin: origin, Prev: f.prev, Next: f.next, Place: place(f.unit.Path, f.unit.ID, f.id),
	}
	return d
}

// checkText checks what is wrong with a translation whatever its place.
func (im *importer) checkText(f *fileSegment, source, text bitext.Text, state bitext.State) (Decision, bool) {
	switch {
	case otherScript(f.locale, text.Chars):
		return f.reject(RejectedLocale, "see whether the file is the right one; --force accepts it all the same", "the target is not written in the letters of %s", diag.Arg("locale", f.locale)), true
	case isSourceCopy(source, text) && state < bitext.Reviewed:
		return f.reject(RejectedCopy, "translate it, or raise its state to reviewed if it is meant so", "the target is the source unchanged"), true
	}
	return Decision{}, false
}

// isStaleClaim reports whether a file gives a text the state of the text that it was
// before it was edited: the same file imported again.
func isStaleClaim(now *bitext.Target, f *fileSegment) bool {
	before, ok := strings.CutPrefix(now.SubState, bitext.SubStateEdited+"-")
	state, known := bitext.ParseState(before)
	return ok && known && f.target.State <= state && !f.unit.Time.After(now.Origin.Time)
}

// stateOf returns the state and subState that a target is stored with. now is what
// the segment has now. Many tools change a target and leave its state as it was: a
// text that is not the one that was sent has been translated, and no more than that
// unless its state was raised. What is marked as an engine's, as aligned or as to be checked
// stays so until somebody changes the text, raises its state or gives another one.
func (im *importer) stateOf(now *bitext.Target, came bitext.Target, same bool) (bitext.State, string) {
	if im.options.State != bitext.Initial {
		return im.options.State, ""
	}
	state := came.State
	edited := ""
	if !same {
		if now.Filled && came.State <= now.State && came.State > bitext.Translated {
			edited = bitext.SubStateEdited + "-" + came.State.String()
			state = bitext.Translated
		}
		state = max(state, bitext.Translated)
	}
	switch sub := came.SubState; {
	case im.options.Force:
	case sub == bitext.SubStateCheck:
		return state, sub
	case sub == bitext.SubStateMT, sub == bitext.SubStateAligned, strings.HasPrefix(sub, bitext.SubStateFuzzy):
		if edited := now.Filled && !same; !edited && came.State <= bitext.Translated {
			return state, sub
		}
	}
	return state, edited
}

func (f *fileSegment) decision(v Verdict) Decision {
	return Decision{Verdict: v, Place: placeOf(f.unit, f.id), Source: f.source.Tagged(), Target: f.target.Text.TaggedAs(f.source), State: f.target.State, locale: f.locale}
}

func (f *fileSegment) diagnostic(severity diag.Severity, id, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{ID: id, Severity: severity, Place: placeOf(f.unit, f.id), Hint: hint}.Messagef(format, args...)
}

func (f *fileSegment) reject(id, hint, format string, args ...any) Decision {
	d := f.decision(Rejected)
	d.Diagnostic = f.diagnostic(diag.Error, id, hint, format, args...)
	return d
}

func reject(u *exchange.Unit, s *bitext.Segment, t *bitext.Target, id, hint, format string, args ...any) Decision {
	return Decision{
		Verdict: Rejected, Place: placeOf(u, s.ID), Source: s.Source.Tagged(), Target: t.Text.TaggedAs(s.Source), State: t.State,
		Diagnostic: diag.Diagnostic{ID: id, Severity: diag.Error, Place: placeOf(u, s.ID), Hint: hint}.Messagef(format, args...),
	}
}

func placeOf(u *exchange.Unit, segment string) diag.Place {
	return diag.Place{Path: u.Path, Locale: u.TargetLocale, Unit: u.ID, Segment: segment}
}

// summarize makes the findings: what was rejected one by one, and what has one
// cause in common together.
func (im *importer) summarize() {
	type cause struct{ path, locale, id, message string }
	at := map[cause]int{} // index in the findings
	counts := map[cause]int{}
	for i := range im.list.Decisions {
		d := &im.list.Decisions[i]
		if d.Diagnostic.ID == "" {
			continue
		}
		c := cause{d.Place.Path, d.locale, d.Diagnostic.ID, ""}
		grouped := slices.Contains([]string{RejectedArticle, RejectedLocale, RejectedLanguage}, c.id)
		if grouped {
			c.message = d.Diagnostic.Message
			if counts[c]++; counts[c] > 1 {
				continue
			}
			at[c] = len(im.list.Findings)
		}
		im.list.Findings = append(im.list.Findings, d.Diagnostic)
	}
	for c, i := range at {
		if n := counts[c]; n > 1 {
			f := &im.list.Findings[i]
			f.Place.Unit, f.Place.Segment = "", ""
			f.Message = fmt.Sprintf("%s (%d segments)", f.Message, n)
		}
	}
	if n := len(im.list.others); n > 0 && !im.options.Propagate {
		im.list.Findings = append(im.list.Findings, diag.Diagnostic{
			ID: "import.other-places", Severity: diag.Info, Place: diag.Place{Path: im.options.File},
			Hint: "--propagate gives them the new one",
		}.Messagef("other places with the source of an edited translation keep theirs: %d", diag.Arg("count", n)))
	}
}

// MissingSegments returns a diagnostic for each article and locale of which
// segments were exported that none of the lists has, though they have others from
// the same export: rows may have been cut off, or filtered out in a spreadsheet.
// exported reports whether the batch of an export had a fingerprint; for a batch that
// is not known, whether any had.
func MissingSegments(lists []*ImportList, exported func(batch, locale, fingerprint string) bool) []diag.Diagnostic {
	seen := map[exportedArticle]map[string]bool{}
	present := map[articleLocale][]string{}
	for _, l := range lists {
		for at, prints := range l.seen {
			if seen[at] == nil {
				seen[at] = map[string]bool{}
			}
			maps.Copy(seen[at], prints)
		}
		maps.Copy(present, l.present)
	}
	var out []diag.Diagnostic
	for at, prints := range seen {
		missing := 0
		for _, f := range present[at.articleLocale] {
			if !prints[f] && exported(at.batch, at.locale, f) {
				missing++
			}
		}
		if missing > 0 {
			out = append(out, diag.Diagnostic{
				ID: "import.missing-segments", Severity: diag.Warning, Place: diag.Place{Path: at.path, Locale: at.locale},
				Hint: "rows may have been lost or filtered: ask for the whole file; --partial accepts a part",
			}.Messagef("segments were exported and are not in the file: %d", diag.Arg("missing", missing)))
		}
	}
	diag.Sort(out)
	return out
}
