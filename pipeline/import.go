package pipeline

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

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
	RejectedOrigin   = "import.source-language"
	RejectedLanguage = "import.language"
	RejectedCopy     = "import.copied"
	RejectedLetters  = "import.letters"
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
}

// ImportOptions control an import. Partial stores what is sound when something
// else is rejected. Force accepts what would lower a state, is older than what is
// there, copies the source, seems to be in another language, or lost codes that may
// be deleted. Propagate gives an edited translation also to the other places with
// the same source, which otherwise keep theirs. Locale rejects every other target
// locale, if set. State is given to every accepted target, if it is not Initial.
// Author signs them. Articles maps the old path of a renamed article to its new
// one. File is the file's name, for messages. Brief leaves out the list of decisions,
// of which a large file has many: there are the findings and the counts then.
type ImportOptions struct {
	Partial   bool
	Force     bool
	Propagate bool
	DryRun    bool
	Brief     bool
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

// ImportedNote is a new note of a translator or reviewer. Place is as memory.Note has
// it.
type ImportedNote struct {
	Place  string `json:"place"`
	Locale string `json:"locale,omitempty"`
	Author string `json:"author,omitempty"`
	Text   string `json:"text"`
}

// ImportList is what Decide decided on the segments of one file, for Store.
// Findings are what a person must know: one diagnostic for each rejected segment,
// and one for each group of segments with the same cause. NewNotes are the notes
// that Store found to be new.
type ImportList struct {
	Decisions []Decision
	Findings  []diag.Diagnostic
	NewNotes  []ImportedNote

	options  ImportOptions
	now      time.Time
	revision int64    // of the memory when the import began
	outcomes outcomes // those of Decisions
	others   []bitext.Entry
	notes    []memory.Note
	seen     map[exportedArticle]*seenSegments
	present  map[articleLocale][]segmentPrint // of the articles' segments
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
				im.add(outcome{Decision: Decision{Verdict: Rejected, Place: d.Place, Diagnostic: d}})
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
	if len(im.list.outcomes.all) == 0 && len(im.deferred) == 0 {
		im.add(outcome{Decision: Decision{Verdict: Rejected, Place: diag.Place{Path: o.File}, Diagnostic: diag.Diagnostic{
			ID: RejectedEmpty, Severity: diag.Error, Place: diag.Place{Path: o.File},
			Message: "the file has no segment", Hint: "ask for the file again: it may have been cut off on its way",
		}}})
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
	places   map[articleLocale]*decidedPlaces
	deferred []*fileSegment
	unknown  []unknownUnit
	renamed  map[string]bool               // old paths that were reported
	last     map[articleLocale]lastSegment // of the file in each article

	targetLocale, nearest string // the last target locale of a unit, and the project's one for it
	sourceTag, canonical  string // the last source locale of a unit, and its canonical form
	canonicalErr          error  // of sourceTag

	compared int64 // the work of mostSimilar, see maxSimilarWork
}

// decidedPlaces are, for each segment of an article, what an import decided on its place:
// 0 nothing, justSeen that a file has it, else one more than the index of the first outcome
// that was not a rejection.
type decidedPlaces struct{ first []int32 }

const justSeen = -1

// isDone reports whether the file has the segment at an index.
func (d *decidedPlaces) isDone(i int) bool { return d != nil && i < len(d.first) && d.first[i] != 0 }

// lastSegment is what is kept of the segment before the next one: the key of its source,
// and, only if it waits for its place, the segment with its article.
type lastSegment struct {
	key      string
	deferred *fileSegment
}

// textInFile is the first sound text that a file has for a place, with the state and the
// time that it has in the memory.
type textInFile struct {
	text  bitext.Text
	state bitext.State
	time  time.Time
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
	brief      bool // its texts need not be in the decision
}

// unknownUnit is a unit of an article that the project does not have by its name.
type unknownUnit struct {
	*exchange.Unit
	locale string
}

func newImporter(p *Project, articles []Source, o ImportOptions) *importer {
	now := p.Clock()
	im := &importer{
		Project: p, options: o, now: now, articles: map[string]Source{}, order: articles, places: map[articleLocale]*decidedPlaces{},
		last: map[articleLocale]lastSegment{}, renamed: map[string]bool{},
		list: &ImportList{options: o, now: now, seen: map[exportedArticle]*seenSegments{}, present: map[articleLocale][]segmentPrint{}},
	}
	for _, a := range articles {
		im.articles[a.Path] = a
	}
	return im
}

func (im *importer) add(o outcome) {
	im.list.outcomes.add(&o)
	if !im.options.Brief {
		im.list.Decisions = append(im.list.Decisions, o.Decision)
	}
}

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
	if im.nearest == "" || u.TargetLocale != im.targetLocale {
		locale, err := locales.Canonical(u.TargetLocale)
		if err != nil {
			im.rejectAll(u, RejectedLocale, "", "the file's target language %q is not a BCP 47 tag", diag.Arg("targetLocale", u.TargetLocale))
			return nil
		}
		im.targetLocale, im.nearest = u.TargetLocale, config.Nearest(locale, im.targets())
	}
	locale := im.nearest
	if !slices.Contains(im.targets(), locale) {
		im.rejectAll(u, RejectedLocale, "give its locale with --locale, or add it to project.locales", "the file is in %s, which is not asked for", diag.Arg("locale", locale))
		return nil
	}
	path, err := im.findArticle(u)
	if err != nil {
		return err
	}
	if path == "" {
		// There may be as many as the file has.
		u.Segments, u.Targets = withoutRoom(u.Segments), withoutRoom(u.Targets)
		im.unknown = append(im.unknown, unknownUnit{u, locale})
		return nil
	}
	return im.unitOf(ctx, u, locale, path)
}

// withoutRoom returns a list that has no room for more elements.
func withoutRoom[T any](s []T) []T {
	if len(s) == cap(s) {
		return s
	}
	out := make([]T, len(s))
	copy(out, s)
	return out
}

// rejectAll rejects the targets that a unit has.
func (im *importer) rejectAll(u *exchange.Unit, id, hint, format string, args ...any) {
	for i, s := range u.Translatable() {
		if u.Targets[i].Filled && !u.Targets[i].Text.IsEmpty() {
			im.add(reject(u, s, &u.Targets[i], id, hint, format, args...))
		}
	}
}

// rejectLanguages rejects a unit that is not made of the article's language, or that is
// in it. It reports whether it did.
func (im *importer) rejectLanguages(a *openArticle, u *exchange.Unit) bool {
	own := a.tr.Document.Locale
	from, err := im.canonicalSource(u)
	switch {
	case a.locale == own && !im.options.Force:
		im.rejectAll(u, RejectedLocale, "give the locale of the translation", "the article is written in %s", diag.Arg("locale", own))
	case err == nil && u.SourceLocale != "" && !tag.SameLanguage(from, own) && !im.options.Force:
		im.rejectAll(u, RejectedOrigin, "export the article again, or give its locale in [[sources.article]]; --force accepts it all the same",
			"the file translates from %s, and the article is in %s", diag.Arg("sourceLocale", from), diag.Arg("locale", own))
	default:
		return false
	}
	return true
}

// sourceLocale returns the source locale of a segment of the file: its article's, or, of
// one that the project does not have, the file's if it names another language than that of
// the project.
func (im *importer) sourceLocale(f *fileSegment) string {
	if f.article != nil {
		return f.article.tr.Document.Locale
	}
	project := im.Config.Project.Source
	from, err := im.canonicalSource(f.unit)
	if err != nil || f.unit.SourceLocale == "" || tag.SameLanguage(from, project) {
		return project
	}
	return im.Config.Nearest(from)
}

// canonicalSource returns the canonical form of the source locale of a unit.
func (im *importer) canonicalSource(u *exchange.Unit) (string, error) {
	if im.sourceTag != u.SourceLocale || im.canonical == "" {
		im.sourceTag = u.SourceLocale
		im.canonical, im.canonicalErr = locales.Canonical(u.SourceLocale)
	}
	return im.canonical, im.canonicalErr
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
		if im.rejectLanguages(a, u) {
			return nil
		}
	}
	im.notesOf(a, u, locale, path)
	var names *exchange.Unit
	for _, f := range im.align(a, u, locale) {
		at := articleLocale{u.Path, locale}
		key := f.source.Key()
		before := im.last[at]
		f.prev = before.key
		if before.deferred != nil {
			before.deferred.next = key
		}
		segment := -1
		if f.reason == "" {
			segment, _ = a.find(f.unit.ID, f.id)
		}
		if a != nil && u.Batch != "" {
			seen := im.list.seenOf(exportedArticle{articleLocale{path, locale}, u.Batch})
			if segment >= 0 {
				seen.add(segment)
			} else {
				seen.other[im.segmentPrint(a.tr.Document.Locale, place(path, f.unit.ID, f.id), key)] = true
			}
		}
		if f.reason != "" {
			if names == nil { // without the texts: a large file may have no other segments
				names = &exchange.Unit{Header: u.Header, Unit: bitext.Unit{ID: u.ID}}
			}
			f.unit = names
			im.deferred = append(im.deferred, f)
			im.last[at] = lastSegment{key, f}
			continue
		}
		im.last[at] = lastSegment{key: key}
		im.decide(f, segment, Accepted)
	}
	return nil
}

func place(path, unit, segment string) string { return path + "#" + unit + "/" + segment }

// dropUnseen leaves out the exact matches of other places that came back unchanged, if
// nothing shows that a person has seen the file: no text of it was changed, and it has
// no author and no state by an option.
func (im *importer) dropUnseen() {
	if im.options.Author != "" || im.options.State != bitext.Initial {
		return
	}
	all := im.list.outcomes.all
	for i := range all {
		if o := &all[i]; o.entry != noEntry && !o.has(outcomeConfirmed) {
			return
		}
	}
	for i := range all {
		if o := &all[i]; o.entry != noEntry {
			o.verdict, o.entry = verdictIndex(Unchanged), noEntry
			if !im.options.Brief {
				d := &im.list.Decisions[i]
				d.Verdict, d.Moved = Unchanged, ""
			}
		}
	}
}
