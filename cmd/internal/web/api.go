package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// apiError is an answer of the API that is not what was asked for.
type apiError struct {
	Error string `json:"error" doc:"what is wrong, in the language of the request"`
}

// apiBoard is the board as 'status --format json' has it.
type apiBoard struct {
	Ready    bool        `json:"ready" doc:"false as long as the articles are being read"`
	Source   string      `json:"source" doc:"BCP 47 tag of the articles"`
	Locales  []string    `json:"locales" doc:"BCP 47 tags, in the order of the cells of each article"`
	Articles []board.Row `json:"articles"`
}

// apiArticle is an article in a locale.
type apiArticle struct {
	Article  string       `json:"article" doc:"its path in the project"`
	Title    string       `json:"title"`
	Source   string       `json:"source"`
	Locale   string       `json:"locale"`
	Segments []apiSegment `json:"segments" doc:"in the order of the article"`
}

// apiSegment is a segment with its translation. Texts are tagged.
type apiSegment struct {
	Unit     string        `json:"unit"`
	Segment  string        `json:"segment"`
	Kind     string        `json:"kind" doc:"paragraph, heading, title …"`
	Source   string        `json:"source" doc:"with inline codes as numbered tags: <1>…</1>, <2/>"`
	Target   string        `json:"target,omitempty" doc:"likewise; the numbers are those of the source"`
	Filled   bool          `json:"filled" doc:"whether there is a translation"`
	State    string        `json:"state,omitempty" doc:"initial, translated, reviewed or final"`
	SubState string        `json:"subState,omitempty" doc:"such as hexapla:mt"`
	Origin   bitext.Origin `json:"origin" doc:"who or what made it, and when"`
	Base     string        `json:"base" doc:"to be sent with a change, which is refused if somebody else changed the segment"`
	Findings []apiFinding  `json:"findings,omitempty" doc:"of the checks"`
}

// apiDetail is what belongs to one segment.
type apiDetail struct {
	apiSegment
	Matches []apiMatch      `json:"matches"`
	Terms   []apiTerm       `json:"terms"`
	History []apiVersion    `json:"history" doc:"the newest first"`
	Notes   []apiNoteThread `json:"notes"`
}

// apiFinding is what a check finds in a translation. Spans are bytes of the characters
// of a text, without its tags: start and end.
type apiFinding struct {
	Severity     string `json:"severity" doc:"info, warning or error"`
	SeverityName string `json:"severityName" doc:"in the language of the request"`
	Message      string `json:"message" doc:"in the language of the request"`
	Hint         string `json:"hint,omitempty" doc:"what to do, in the language of the request"`
	ID           string `json:"id" doc:"of the check; 'hexapla checks' lists all of them"`
	SourceSpan   []int  `json:"sourceSpan,omitempty" doc:"start and end in bytes of the source's characters, without tags"`
	Span         []int  `json:"span,omitempty" doc:"likewise, in the translation"`
}

// apiNote is a comment.
type apiNote struct {
	UID      string    `json:"uid"`
	Unit     string    `json:"unit,omitempty" doc:"none for a comment on the article"`
	Segment  string    `json:"segment,omitempty"`
	Locale   string    `json:"locale,omitempty" doc:"none for a comment that all locales see"`
	Author   string    `json:"author,omitempty"`
	Time     time.Time `json:"time"`
	Category string    `json:"category,omitempty"`
	Priority int       `json:"priority,omitempty" doc:"1 is the highest, 10 the lowest"`
	Text     string    `json:"text"`
	ReplyTo  string    `json:"replyTo,omitempty"`
	Resolves string    `json:"resolves,omitempty"`
}

// apiNoteThread is a comment with its answers.
type apiNoteThread struct {
	apiNote
	Answers  []apiNote `json:"answers"`
	Resolved bool      `json:"resolved"`
}

type apiMatch struct {
	Type      string        `json:"type" doc:"in-context, exact or fuzzy"`
	Score     int           `json:"score" doc:"similarity of the sources in percent"`
	Source    string        `json:"source"`
	Target    string        `json:"target"`
	Origin    bitext.Origin `json:"origin"`
	NotUsable string        `json:"notUsable,omitempty" doc:"why it is not used without a person"`
}

type apiTerm struct {
	Source         string   `json:"source"`
	Start          int      `json:"start" doc:"byte offset in the characters of the source"`
	End            int      `json:"end"`
	Concept        string   `json:"concept"`
	Targets        []string `json:"targets,omitempty" doc:"the preferred one first"`
	Forbidden      []string `json:"forbidden,omitempty"`
	DoNotTranslate bool     `json:"doNotTranslate,omitempty"`
}

type apiVersion struct {
	Target    string        `json:"target"`
	State     string        `json:"state"`
	Origin    bitext.Origin `json:"origin"`
	Batch     int64         `json:"batch"`
	Current   bool          `json:"current"`
	Withdrawn bool          `json:"withdrawn"`
}

// apiEdit changes a segment.
type apiEdit struct {
	Unit      string `json:"unit"`
	Segment   string `json:"segment"`
	Text      string `json:"text" doc:"tagged"`
	Base      string `json:"base" doc:"of the segment as it was read"`
	State     string `json:"state,omitempty" doc:"translated, reviewed or final; by default what follows from the change"`
	Propagate bool   `json:"propagate,omitempty" doc:"give the translation to all places with the same source"`
	Force     bool   `json:"force,omitempty" doc:"store it though a check of the import is against it"`
}

// apiSaved is what became of an edit. Nothing was stored if there is a problem or a
// conflict.
type apiSaved struct {
	Stored   bool       `json:"stored"`
	Batch    int64      `json:"batch,omitempty" doc:"of the memory, by which it can be undone"`
	Segment  apiSegment `json:"segment" doc:"as it is now"`
	Problem  string     `json:"problem,omitempty" doc:"why the text is refused (status 422)"`
	MayForce bool       `json:"mayForce,omitempty"`
	Conflict bool       `json:"conflict,omitempty" doc:"somebody else changed the segment since (status 409)"`
	Notices  []string   `json:"notices,omitempty"`
}

// apiTarget is a text to be checked, or a segment for an engine.
type apiTarget struct {
	Unit    string `json:"unit"`
	Segment string `json:"segment"`
	Text    string `json:"text,omitempty"`
}

// apiApproval gives segments a state.
type apiApproval struct {
	State    string   `json:"state,omitempty" doc:"reviewed or final; with back initial, translated or reviewed"`
	Back     bool     `json:"back,omitempty" doc:"take approvals back"`
	MT       bool     `json:"mt,omitempty" doc:"approve raw machine translation too"`
	Force    bool     `json:"force,omitempty" doc:"approve also what a check finds an error in"`
	Segments []string `json:"segments" doc:"each as UNIT/SEGMENT, a space, and its base"`
}

type apiUndo struct {
	Batch int64 `json:"batch"`
}

// apiFound is a translation that a search of the memory found. Texts are tagged.
type apiFound struct {
	SourceLocale string        `json:"sourceLocale"`
	TargetLocale string        `json:"targetLocale"`
	Source       string        `json:"source" doc:"with inline codes as numbered tags"`
	Target       string        `json:"target" doc:"likewise; the numbers are those of the source"`
	State        string        `json:"state"`
	SubState     string        `json:"subState,omitempty"`
	Origin       bitext.Origin `json:"origin"`
	Batch        int64         `json:"batch"`
	Uses         int           `json:"uses" doc:"how many places have it"`
	Places       []string      `json:"places" doc:"the first of them: ARTICLE#UNIT/SEGMENT"`
}

type apiResults struct {
	Results []apiFound `json:"results"`
}

// operation is one thing that the API does. Request and Answer are values of the types
// of the bodies; nil for none.
type operation struct {
	method, path string // path with {locale} and {article}
	summary      string
	query        []string // names of parameters, with what they are
	request      any
	answer       any   // a fileBody for a file
	status       []int // besides 200
	handle       handler
}

// operations lists all of the API. The OpenAPI file is made of it.
func (s *Server) operations() []operation {
	const segment = "/segment/{locale}/{article}"
	place := []string{"unit=ID of the unit", "segment=ID of the segment"}
	return []operation{
		{"GET", "/board", "All editions: state, percentage, reasons, next step.", nil, nil, apiBoard{}, nil, s.apiBoard},
		{"GET", "/articles/{locale}/{article}", "An article side by side with its translation.", nil, nil, apiArticle{}, nil, s.apiArticle},
		{"GET", segment, "A segment with matches, terms, history and notes.", place, nil, apiDetail{}, nil, s.apiSegment},
		{"PUT", segment, "Change the translation of a segment.", nil, apiEdit{}, apiSaved{}, []int{409, 422}, s.apiSave},
		{"POST", "/check/{locale}/{article}", "Check a text that is not stored.", nil, apiTarget{}, checkAnswer{}, nil, s.apiCheck},
		{"POST", "/draft/{locale}/{article}", "Ask an engine for a segment.", nil, apiTarget{}, draftAnswer{}, []int{429, 502}, s.apiDraft},
		{"POST", "/approve/{locale}/{article}", "Approve translations, or take approvals back.", nil, apiApproval{}, reviewResult{}, nil, s.apiApprove},
		{"POST", "/undo/{locale}/{article}", "Undo a batch that was stored here.", nil, apiUndo{}, apiArticle{}, []int{409}, s.apiUndo},
		{"GET", "/notes/{locale}/{article}", "The comments on an article.", nil, nil, []apiNoteThread{}, nil, s.apiNotes},
		{"POST", "/notes/{locale}/{article}", "Comment, answer or resolve.", nil, newNote{}, apiNote{}, nil, s.apiNote},
		{"GET", "/changes/{locale}/{article}", "What was changed in the source since the edition was published, and since it was translated.", nil, nil, apiChanges{}, nil, s.apiChanges},
		{"POST", "/accept/{locale}/{article}", "Use the translations of former texts for sentences that were corrected.", nil, apiAccept{}, reviewResult{}, nil, s.apiAccept},
		{"GET", "/memory", "Search the memory.", []string{"q=text to search for", "locale=only translations into it", "words=1 for whole words in any order"}, nil, apiResults{}, nil, s.apiMemory},
		{"GET", "/messages/{locale}", "The messages of the catalogs, with their plural forms.", []string{"q=text to search for", "show=open for those that are not done"}, nil, apiMessages{}, nil, s.apiMessages},
		{"PUT", "/messages/{locale}", "Change the forms of a message.", nil, apiMessageEdit{}, apiMessageSaved{}, []int{409, 422}, s.apiSaveMessage},
		{"GET", "/terms/{locale}", "The concepts of the glossary with their terms.", []string{"q=text to search for", "from=locale of the source terms"}, nil, apiTerms{}, nil, s.apiTerms},
		{"POST", "/impact/{locale}", "What a new term, or a change of one, would concern.", nil, apiTermEdit{}, apiImpact{}, nil, s.apiImpact},
		{"PUT", "/terms/{locale}", "Add a term, change or remove one.", nil, apiTermEdit{}, apiTermSaved{}, []int{422}, s.apiSaveTerm},
		{"GET", "/files/{locale}", "A bilingual file for translators.", []string{"format=xliff, po, csv … by 'hexapla formats'", "article=only this article", "source=only articles in this locale", "state=only segments in this state"}, nil, fileBody{}, nil, s.download},
		{"POST", "/files/{locale}", "Import a bilingual file.", []string{"name=the name of the file; its extension selects the format", "partial=1 if the file may lack segments", "propagate=1 to give translations to all places with the same source"}, fileBody{}, uploadResult{}, []int{413, 415, 422}, s.apiUpload},
	}
}

// apiPath is where the API is.
const apiPath = "/api/v1"

func (s *Server) apiRoutes(mux *http.ServeMux) {
	for _, o := range s.operations() {
		mux.Handle(o.method+" "+apiPath+strings.Replace(o.path, "{article}", "{article...}", 1), s.page(o.handle))
	}
	mux.Handle("GET "+apiPath+"/openapi.json", s.page(func(w http.ResponseWriter, r *request) error {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, err := w.Write(s.openAPI())
		return err
	}))
}

// readJSON reads the body of a request. Fields that are not known are an error.
func readJSON(r *request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.Decode(new(any)) != io.EOF {
		err = errors.New("more than one JSON value")
	}
	if err != nil {
		return r.bodyError(err)
	}
	return nil
}

func (s *Server) apiBoard(w http.ResponseWriter, r *request) error {
	b, ready, problem := s.snapshot(r.project)
	if problem != nil {
		return problem
	}
	if b.Rows == nil {
		b.Rows = []board.Row{}
	}
	writeJSON(w, http.StatusOK, apiBoard{ready, r.project.Config.Project.Source, b.Locales, b.Rows})
	return nil
}

func newAPISegment(p console.Printer, a *pipeline.OpenArticle, i int, findings []diag.Diagnostic) apiSegment {
	x := a.At(i)
	out := apiSegment{
		Unit: x.Unit.ID, Segment: x.Segment.ID, Kind: string(x.Unit.Kind), Source: x.Segment.Source.Tagged(), Filled: x.Target.Filled,
		Origin: x.Target.Origin, Base: targetBase(x.Target, x.Segment.Source), Findings: findingItems(p, findings),
	}
	if x.Target.Filled {
		out.Target, out.State, out.SubState = x.Target.Text.TaggedAs(x.Segment.Source), x.Target.State.String(), x.Target.SubState
	}
	return out
}

func findingsAt(a *pipeline.OpenArticle, i int) []diag.Diagnostic {
	x := a.At(i)
	var out []diag.Diagnostic
	for _, f := range a.Findings {
		if f.Place.Unit == x.Unit.ID && f.Place.Segment == x.Segment.ID {
			out = append(out, f)
		}
	}
	return out
}

func newAPIArticle(p console.Printer, a *pipeline.OpenArticle) apiArticle {
	doc := a.Translation().Document
	out := apiArticle{Article: doc.Path, Title: titleOf(doc), Source: doc.Locale, Locale: a.Translation().Locale, Segments: []apiSegment{}}
	findings := map[int][]diag.Diagnostic{}
	for _, f := range a.Findings {
		if i, ok := a.Find(f.Place.Unit, f.Place.Segment); ok {
			findings[i] = append(findings[i], f)
		}
	}
	for i := range a.Len() {
		out.Segments = append(out.Segments, newAPISegment(p, a, i, findings[i]))
	}
	return out
}

func (s *Server) apiArticle(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	_, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, newAPIArticle(r.printer, a))
	return nil
}

func (s *Server) apiSegment(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	_, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return err
	}
	i, ok := a.Find(r.URL.Query().Get("unit"), r.URL.Query().Get("segment"))
	if !ok {
		return errNoArticle
	}
	x := a.At(i)
	d := apiDetail{apiSegment: newAPISegment(r.printer, a, i, findingsAt(a, i)), Matches: []apiMatch{}, Terms: []apiTerm{}, History: []apiVersion{}, Notes: []apiNoteThread{}}
	matches, err := r.project.Matches(r.Context(), a, i, maxMatches)
	if err != nil {
		return err
	}
	for _, m := range matches {
		d.Matches = append(d.Matches, apiMatch{m.Type.String(), m.Score, m.Source.Tagged(), m.Target.TaggedAs(m.Source), m.Origin, string(m.NotUsable)})
	}
	for _, t := range x.Target.Terms {
		d.Terms = append(d.Terms, apiTerm{t.Source, t.Start, t.End, t.Concept, t.Targets, t.Forbidden, t.DoNotTranslate})
	}
	versions, err := s.versions(r, a, i)
	if err != nil {
		return err
	}
	for _, v := range slices.Backward(versions) {
		d.History = append(d.History, apiVersion{v.Entry.Target.TaggedAs(v.Entry.Source), v.Entry.State.String(), v.Entry.Origin, v.Batch, v.Current, v.Withdrawn != 0})
	}
	threads, err := r.project.Notes(r.Context(), memory.NoteFilter{Place: name, TargetLocale: locale})
	if err != nil {
		return err
	}
	for _, t := range threads {
		if _, at, _ := strings.Cut(t.Place, "#"); at == x.Unit.ID || at == x.Unit.ID+"/"+x.Segment.ID {
			d.Notes = append(d.Notes, newAPIThread(t))
		}
	}
	writeJSON(w, http.StatusOK, d)
	return nil
}

func newAPINote(n memory.Note) apiNote {
	out := apiNote{
		UID: n.UID, Locale: n.TargetLocale, Author: n.Author, Time: n.Time, Category: n.Category, Priority: n.Priority, Text: n.Text, ReplyTo: n.ReplyTo, Resolves: n.Resolves,
	}
	_, at, _ := strings.Cut(n.Place, "#")
	out.Unit, out.Segment, _ = strings.Cut(at, "/")
	return out
}

func newAPIThread(t memory.NoteThread) apiNoteThread {
	out := apiNoteThread{apiNote: newAPINote(t.Note), Answers: []apiNote{}, Resolved: t.Resolved}
	for _, a := range t.Answers {
		out.Answers = append(out.Answers, newAPINote(a))
	}
	return out
}

func (s *Server) apiSave(w http.ResponseWriter, r *request) error {
	var e apiEdit
	if err := readJSON(r, &e); err != nil {
		return err
	}
	name, locale := place(r)
	out, err := s.saveEdit(r, edit{name, locale, e.Unit, e.Segment, e.Text, e.Base, e.State, e.Propagate, e.Force, r.user})
	if err != nil {
		return err
	}
	code := http.StatusOK
	switch {
	case out.conflict != nil:
		code = http.StatusConflict
	case out.problem != "":
		code = http.StatusUnprocessableEntity
	}
	writeJSON(w, code, apiSaved{
		Stored: out.batch != 0, Batch: out.batch, Segment: newAPISegment(r.printer, out.article, out.index, findingsAt(out.article, out.index)), Problem: out.problem, MayForce: out.mayForce,
		Conflict: out.conflict != nil, Notices: out.notices,
	})
	return nil
}

func (s *Server) apiCheck(w http.ResponseWriter, r *request) error {
	var t apiTarget
	if err := readJSON(r, &t); err != nil {
		return err
	}
	name, locale := place(r)
	answer, err := s.checkText(r, name, locale, t.Unit, t.Segment, t.Text)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

func (s *Server) apiDraft(w http.ResponseWriter, r *request) error {
	var t apiTarget
	if err := readJSON(r, &t); err != nil {
		return err
	}
	name, locale := place(r)
	answer, _, _, err := s.askEngine(w, r, name, locale, t.Unit, t.Segment)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

func (s *Server) apiApprove(w http.ResponseWriter, r *request) error {
	var a apiApproval
	if err := readJSON(r, &a); err != nil {
		return err
	}
	o, err := reviewOptions(r.printer, a.State, a.Back, a.MT, a.Force)
	if err != nil {
		return err
	}
	name, locale := place(r)
	result, err := s.storeReview(r, name, locale, o, a.Segments)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, result)
	return nil
}

func (s *Server) apiUndo(w http.ResponseWriter, r *request) error {
	var u apiUndo
	if err := readJSON(r, &u); err != nil {
		return err
	}
	name, locale := place(r)
	_, a, _, err := s.undoBatch(r, name, locale, strconv.FormatInt(u.Batch, 10))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, newAPIArticle(r.printer, a))
	return nil
}

func (s *Server) apiNotes(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	if _, _, err := s.openView(r.Context(), r.project, name, locale); err != nil {
		return err
	}
	threads, err := r.project.Notes(r.Context(), memory.NoteFilter{Place: name, TargetLocale: locale})
	if err != nil {
		return err
	}
	out := []apiNoteThread{}
	for _, t := range threads {
		out = append(out, newAPIThread(t))
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

func (s *Server) apiNote(w http.ResponseWriter, r *request) error {
	var n newNote
	if err := readJSON(r, &n); err != nil {
		return err
	}
	name, locale := place(r)
	stored, err := s.addNote(r, name, locale, n)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, newAPINote(stored))
	return nil
}

func (s *Server) apiMemory(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	locale := q.Get("locale")
	if locale != "" {
		var err error
		if locale, err = locales.Canonical(locale); err != nil {
			return &statusError{http.StatusBadRequest, r.printer.Text("WebBadRequest"), err.Error()}
		}
	}
	found, err := r.project.Store.Search(r.Context(), memory.Search{Text: cleanLine(q.Get("q")), Words: q.Get("words") != "", TargetLocale: locale, Limit: maxFound})
	if err != nil {
		return err
	}
	out := apiResults{[]apiFound{}}
	for _, f := range found {
		e := &f.Entry
		x := apiFound{
			SourceLocale: e.SourceLocale, TargetLocale: e.TargetLocale, Source: e.Source.Tagged(), Target: e.Target.TaggedAs(e.Source), State: e.State.String(), SubState: e.SubState,
			Origin: e.Origin, Batch: f.Batch, Uses: f.Uses, Places: f.Places,
		}
		if x.Places == nil {
			x.Places = []string{}
		}
		out.Results = append(out.Results, x)
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}
