package web

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hexapla/cmd/internal/console"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
)

// edit is a change of one segment. Base is what the person saw: see targetBase.
type edit struct {
	article, locale string
	unit, segment   string
	text            string // tagged
	base            string
	state           string // "" for what follows from the change
	propagate       bool
	force           bool
	author          User
}

// saved is what became of an edit.
type saved struct {
	view     *view
	article  *pipeline.OpenArticle
	index    int
	changed  []int
	batch    int64
	notices  []string
	others   int    // other places with the same source
	problem  string // why nothing was stored
	mayForce bool
	conflict *conflict
}

// saveEdit decides on an edit as an import decides on a segment of a file, and stores
// it. If somebody else changed the segment since the person saw it, nothing is stored,
// and the other's text is returned.
func (s *Server) saveEdit(r *request, e edit) (out saved, err error) {
	p, ctx := r.project, r.Context()
	if !e.author.May(Translator, e.locale) {
		return out, r.forbidden()
	}
	state := bitext.Initial
	if e.state != "" {
		var ok bool
		if state, ok = bitext.ParseState(e.state); !ok || state == bitext.Initial {
			return out, newStatus(http.StatusBadRequest, r.printer.Text("WebStateWrong", console.Args{"State": e.state}))
		}
		if state > bitext.Translated && !e.author.May(Reviewer, e.locale) {
			return out, r.forbidden()
		}
	}
	unlock, err := s.lockEdition(ctx, p, e.article, e.locale)
	if err != nil {
		return out, err
	}
	defer unlock()
	if out.view, out.article, err = s.openView(ctx, p, e.article, e.locale); err != nil {
		return out, err
	}
	i, ok := out.article.Find(e.unit, e.segment)
	if !ok {
		return out, newStatus(http.StatusConflict, r.printer.Text("WebSegmentGone"))
	}
	out.index = i
	key := out.article.At(i).Key
	// Another program may have stored something in this moment.
	if out.article, out.changed, err = s.refresh(ctx, p, out.view, func(k string) bool { return k == key }); err != nil {
		return out, err
	}
	x := out.article.At(i)
	now := x.Target
	text, err := bitext.ParseTagged(pipeline.CleanText(e.text), x.Segment.Source)
	if err != nil {
		out.problem = tagProblem(r.printer, err)
		return out, nil
	}
	if e.base != targetBase(now, x.Segment.Source) && !(now.Filled && now.Text.Equal(text) && e.state == "") {
		out.conflict = &conflict{
			By: who(r.printer, now.Origin), When: moment(r.printer, now.Origin.Time), Text: now.Text.TaggedAs(x.Segment.Source), Pieces: pieces(now.Text, x.Segment.Source, nil),
		}
		return out, nil
	}
	options := pipeline.ImportOptions{
		Partial: true, Force: e.force, Propagate: e.propagate, Locale: e.locale, Author: e.author.Name, Note: "review page", Open: []*pipeline.OpenArticle{out.article},
	}
	came := bitext.Target{Text: text, Filled: true, State: max(now.State, bitext.Translated)}
	switch {
	case state != bitext.Initial:
		options.State = state
	case !now.Filled || now.State <= bitext.Translated:
		options.State = bitext.Translated // a person confirms it
	}
	list, err := p.Decide(ctx, s.withSource(p, e.article, out.article.Translation().Document.Locale, key), oneSegment(out.view, out.article, i, came, p.Clock()), options)
	if err != nil {
		return out, err
	}
	d := decisionOn(list, e.segment)
	if d == nil || d.Verdict == pipeline.NoTarget {
		out.problem = r.printer.Text("WebTextEmpty")
		return out, nil
	}
	if d.Verdict == pipeline.Rejected || d.Verdict == pipeline.Kept {
		out.problem, out.mayForce = r.printer.Message(d.Diagnostic), d.Diagnostic.ID != pipeline.RejectedTwice
		return out, nil
	}
	// Once decided, it is stored though the browser has gone.
	result, err := p.Project.Store(context.WithoutCancel(ctx), list)
	if err != nil {
		return out, err
	}
	for _, f := range list.Findings {
		if f.ID == "import.conflict" {
			out.notices = append(out.notices, r.printer.Message(f))
		}
	}
	if out.others = result.Others; result.Others > 0 {
		if result.Propagated {
			out.notices = append(out.notices, r.printer.Count("WebPropagated", result.Others))
		} else {
			out.notices = append(out.notices, r.printer.Count("WebOthersKept", result.Others))
		}
	}
	if out.batch = result.Batch; out.batch != 0 {
		s.batches.add(batch{result.Batch, e.author.Name, e.article, e.locale, []string{key}})
	}
	out.article, out.changed, err = s.refresh(context.WithoutCancel(ctx), p, out.view, func(k string) bool { return k == key })
	return out, err
}

// lockEdition has nobody else change the translation of an article until the returned
// function is called: no other request, and no other server with the same database.
func (s *Server) lockEdition(ctx context.Context, p *project, article, locale string) (unlock func(), err error) {
	for {
		// The saves of other articles go on while another server has this one.
		end, err := p.Lock(ctx, "edition\n"+locale+"\n"+article)
		if err != nil {
			return nil, err
		}
		if s.saves.TryLock() {
			return func() {
				s.saves.Unlock()
				end()
			}, nil
		}
		// A lock keeps a connection to the database. Who waited with one for a save that
		// needs others would have it wait, too.
		end()
		s.waitForSave()
	}
}

// waitForSave waits until the save that is decided on now is over.
func (s *Server) waitForSave() {
	s.saves.Lock()
	defer s.saves.Unlock()
}

// oneSegment returns a unit of an article as a file has it, with one target.
func oneSegment(v *view, a *pipeline.OpenArticle, i int, target bitext.Target, now time.Time) iter.Seq2[*exchange.Unit, error] {
	x, tr := a.At(i), a.Translation()
	u := &exchange.Unit{
		Header: &exchange.Header{Path: tr.Document.Path, Format: tr.Document.Format, SourceLocale: tr.Document.Locale, TargetLocale: tr.Locale, Time: now},
		Unit:   *x.Unit, Targets: make([]bitext.Target, len(x.Unit.Segments)),
	}
	u.Targets[x.Ref.Segment] = target
	return func(yield func(*exchange.Unit, error) bool) { yield(u, nil) }
}

func decisionOn(list *pipeline.ImportList, segment string) *pipeline.Decision {
	for i := range list.Decisions {
		if list.Decisions[i].Place.Segment == segment {
			return &list.Decisions[i]
		}
	}
	return nil
}

func editOf(r *request) edit {
	name, locale := place(r)
	return edit{
		article: name, locale: locale, unit: r.PostFormValue("unit"), segment: r.PostFormValue("segment"), text: r.PostFormValue("text"), base: r.PostFormValue("base"),
		state: r.PostFormValue("state"), propagate: r.PostFormValue("propagate") != "", force: r.PostFormValue("force") != "", author: r.user,
	}
}

// save is POST /save: a form without JavaScript gets a page, the script gets the rows
// that changed.
func (s *Server) save(w http.ResponseWriter, r *request) error {
	e := editOf(r)
	out, err := s.saveEdit(r, e)
	if err != nil {
		return err
	}
	failed := out.problem != "" || out.conflict != nil
	code := http.StatusOK
	if out.conflict != nil {
		code = http.StatusConflict
	} else if out.problem != "" {
		code = http.StatusUnprocessableEntity
	}
	m, err := s.newRowMaker(r, out.article, e.article, e.locale)
	if err != nil {
		return err
	}
	if !acceptsJSON(r.Request) {
		if failed {
			return s.showFailedEdit(w, r, m, e, out, code)
		}
		next := m.neighbour(out.index)
		if r.PostFormValue("then") == "next" && out.index+1 < out.article.Len() {
			next = m.neighbour(out.index + 1)
		}
		if back := r.PostFormValue("back"); back != "" {
			next = localPath(back) // a form beside another edition's
		}
		to, fragment, _ := strings.Cut(next, "#")
		if !strings.Contains(to, "?") {
			to += "?"
		}
		to += "&saved=" + strconv.FormatInt(out.batch, 10)
		if out.others > 0 {
			to += "&others=" + strconv.Itoa(out.others)
			if e.propagate {
				to += "&propagated=1"
			}
		}
		http.Redirect(w, r.Request, to+"#"+fragment, http.StatusSeeOther)
		return nil
	}
	answer := s.answer(r, out.article, e.locale)
	answer.Notice, answer.Problem, answer.Conflict = strings.Join(out.notices, "; "), out.problem, out.conflict != nil
	ids := []string{rowID(out.index)}
	for _, i := range out.changed {
		ids = append(ids, rowID(i))
	}
	if failed || r.PostFormValue("then") == "stay" {
		x, err := s.openRow(r, m, out.index)
		if err != nil {
			return err
		}
		if failed {
			fillFailed(x.Open, e, out)
		}
		if answer.Rows[rowID(out.index)], err = m.html(x); err != nil {
			return err
		}
	}
	if err := s.addClosed(out.view, m, &answer, ids); err != nil {
		return err
	}
	if out.batch != 0 {
		answer.Undo = strconv.FormatInt(out.batch, 10)
		if answer.Notice == "" {
			answer.Notice = r.printer.Text("WebSaved")
		}
	}
	writeJSON(w, code, answer)
	return nil
}

// fillFailed puts what the person typed back into the form. After a conflict the form
// is based on what is there now, so that a second save is a decision.
func fillFailed(d *detail, e edit, out saved) {
	d.Typed, d.Problem, d.MayForce, d.Conflict = pipeline.CleanText(e.text), out.problem, out.mayForce, out.conflict
}

// showFailedEdit shows the article with the form as the person sent it.
func (s *Server) showFailedEdit(w http.ResponseWriter, r *request, m *rowMaker, e edit, out saved, code int) error {
	x, err := s.openRow(r, m, out.index)
	if err != nil {
		return err
	}
	fillFailed(x.Open, e, out)
	text, err := m.html(x)
	if err != nil {
		return err
	}
	return s.render(w, code, "failed", s.newPage(r, "article", titleOf(out.article.Translation().Document), failedBody{
		Row: safe(text), Back: m.neighbour(out.index), Title: titleOf(out.article.Translation().Document), SourceLang: x.SourceLang, SourceDir: x.SourceDir,
	}))
}

// checkAnswer is what the checks find in a text that is not saved yet.
type checkAnswer struct {
	Findings []apiFinding `json:"findings"`
	Problem  string       `json:"problem,omitempty"` // of the codes
	Missing  []string     `json:"missing"`           // codes of the source that the text does not have
	Length   int          `json:"length"`            // in characters
}

// check is POST /check: the checks over a text as it is typed.
func (s *Server) check(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	answer, err := s.checkText(r, name, locale, r.PostFormValue("unit"), r.PostFormValue("segment"), r.PostFormValue("text"))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

func (s *Server) checkText(r *request, name, locale, unit, segment, typed string) (checkAnswer, error) {
	answer := checkAnswer{Findings: []apiFinding{}, Missing: []string{}}
	_, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return answer, err
	}
	i, ok := a.Find(unit, segment)
	if !ok {
		return answer, errNoArticle
	}
	source := a.At(i).Segment.Source
	text, err := bitext.ParseTagged(pipeline.CleanText(typed), source)
	if err != nil {
		answer.Problem = tagProblem(r.printer, err)
		return answer, nil
	}
	answer.Length = countCharacters(text.Chars)
	numbers := codeNumbers(source)
	for _, problem := range bitext.CompareCodes(source, text) {
		if problem.Kind == bitext.CodeLost {
			answer.Missing = append(answer.Missing, chip(problem.Code, numbers).Tag)
		}
	}
	if !text.IsBlank() {
		answer.Findings = findingItems(r.printer, r.project.CheckText(a, i, text))
	}
	return answer, nil
}

// draft is POST /draft: it asks an engine for one segment.
func (s *Server) draft(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	answer, a, i, err := s.askEngine(w, r, name, locale, r.PostFormValue("unit"), r.PostFormValue("segment"))
	if err != nil {
		return err
	}
	if !acceptsJSON(r.Request) {
		m := &rowMaker{request: r, article: a, name: name, locale: locale}
		http.Redirect(w, r.Request, m.neighbour(i), http.StatusSeeOther)
		return nil
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// askEngine asks an engine for one segment, and returns the article with the draft in
// it.
func (s *Server) askEngine(w http.ResponseWriter, r *request, name, locale, unit, segment string) (draftAnswer, *pipeline.OpenArticle, int, error) {
	none := draftAnswer{}
	if !r.user.May(Translator, locale) {
		return none, nil, 0, r.forbidden()
	}
	if r.project.chain == nil {
		return none, nil, 0, newStatus(http.StatusNotFound, r.printer.Text("WebNoEngine"))
	}
	if !s.draftLimit.allow(r.user.Name, time.Now()) {
		w.Header().Set("Retry-After", "10")
		return none, nil, 0, newStatus(http.StatusTooManyRequests, r.printer.Text("WebTooOften"))
	}
	v, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return none, nil, 0, err
	}
	i, ok := a.Find(unit, segment)
	if !ok {
		return none, nil, 0, errNoArticle
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(draftTime + writeTime))
	ctx, cancel := context.WithTimeout(r.Context(), draftTime)
	defer cancel()
	answer, _, err := r.project.Draft(ctx, r.project.chain, a, i)
	if errors.Is(err, pipeline.ErrNoAnswer) {
		return none, nil, 0, &statusError{http.StatusBadGateway, r.printer.Text("WebNoAnswer"), causeOf(err)}
	}
	if err != nil {
		return none, nil, 0, err
	}
	x := a.At(i)
	a, _, err = s.refresh(r.Context(), r.project, v, func(k string) bool { return k == x.Key })
	return draftAnswer{Text: answer.Text.TaggedAs(x.Segment.Source), Engine: answer.Engine}, a, i, err
}

// draftTime is how long an engine is waited for.
const draftTime = 2 * time.Minute

// draftAnswer is the text of an engine, tagged.
type draftAnswer struct {
	Text   string `json:"text"`
	Engine string `json:"engine"`
}

// batch is a batch of the memory that was stored by the page, with the keys of the
// sources that it is about; none for all.
type batch struct {
	id                      int64
	author, article, locale string
	keys                    []string
}

// batches are those that can be undone by a button.
type batches struct {
	mu   sync.Mutex
	list []batch
}

// maxBatches is how many are remembered; 'memory undo' undoes the others.
const maxBatches = 10_000

func (b *batches) add(x batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.list) >= maxBatches {
		b.list = slices.Delete(b.list, 0, maxBatches/10)
	}
	b.list = append(b.list, x)
}

func (b *batches) find(id string) (batch, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return batch{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := len(b.list) - 1; i >= 0; i-- {
		if b.list[i].id == n {
			return b.list[i], true
		}
	}
	return batch{}, false
}

// mayUndo reports whether a user may undo a batch: one's own, or as an editor any.
func (b *batches) mayUndo(id string, u User) bool {
	x, ok := b.find(id)
	return ok && (x.author == u.Name || u.May(Editor, x.locale))
}

// undoBatch withdraws what a save stored, and returns the indexes of the segments that
// are others now.
func (s *Server) undoBatch(r *request, name, locale, id string) (*view, *pipeline.OpenArticle, []int, error) {
	b, ok := s.batches.find(id)
	if !ok || b.article != name || b.locale != locale || !s.batches.mayUndo(id, r.user) || !r.user.May(Translator, locale) {
		return nil, nil, nil, r.forbidden()
	}
	unlock, err := s.lockEdition(r.Context(), r.project, name, locale)
	if err != nil {
		return nil, nil, nil, err
	}
	defer unlock()
	v, _, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return nil, nil, nil, err
	}
	_, err = r.project.Store.Undo(context.WithoutCancel(r.Context()), b.id, memory.Batch{Author: r.user.Name, Note: "review page", Time: r.project.Clock()})
	if errors.Is(err, memory.ErrUndone) || errors.Is(err, memory.ErrNoBatch) {
		return nil, nil, nil, newStatus(http.StatusConflict, r.printer.Text("WebUndoGone"))
	}
	if err != nil {
		return nil, nil, nil, err
	}
	a, changed, err := s.refresh(r.Context(), r.project, v, func(k string) bool { return len(b.keys) == 0 || slices.Contains(b.keys, k) })
	return v, a, changed, err
}

// undo is POST /undo.
func (s *Server) undo(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	v, a, changed, err := s.undoBatch(r, name, locale, r.PostFormValue("batch"))
	if err != nil {
		return err
	}
	m, err := s.newRowMaker(r, a, name, locale)
	if err != nil {
		return err
	}
	if !acceptsJSON(r.Request) {
		to := link("a", locale, name)
		if len(changed) > 0 {
			to = m.neighbour(changed[0])
		}
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return nil
	}
	answer := s.answer(r, a, locale)
	answer.Notice = r.printer.Text("WebUndone")
	var ids []string
	for _, i := range changed {
		ids = append(ids, rowID(i))
	}
	if err := s.addClosed(v, m, &answer, ids); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}
