package web

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// failedBody is the page of an edit that was not stored.
type failedBody struct {
	Row                          template.HTML
	Back                         string
	Title, SourceLang, SourceDir string
}

// safe marks HTML that one of our templates made.
func safe(html string) template.HTML { return template.HTML(html) }

// approveBody is the list of segments whose state is to change.
type approveBody struct {
	Article, Title, Locale, Language string
	SourceLang, SourceDir, TargetDir string
	State                            string
	States                           []choice
	Back                             bool
	Rows                             []approveRow
	Missing                          string
	Link, BackLink                   string
	Count                            string
}

type approveRow struct {
	Value          string // unit/segment, and what the person sees of it
	Place, Link    string
	Source, Target string
	From, To       string
	Translator     string
	Refusal        string
}

// reviewOptions returns what somebody asks for; an empty state is the default.
func reviewOptions(p console.Printer, state string, back, mt, force bool) (pipeline.ReviewOptions, error) {
	o := pipeline.ReviewOptions{State: bitext.Reviewed, Back: back, MT: mt, Force: force}
	if o.Back {
		o.State = bitext.Translated
	}
	if state != "" {
		var ok bool
		if o.State, ok = bitext.ParseState(state); !ok || !o.Back && o.State < bitext.Reviewed || o.Back && o.State == bitext.Final {
			return o, newStatus(http.StatusBadRequest, p.Text("WebStateWrong", console.Args{"State": state}))
		}
	}
	return o, nil
}

func reviewForm(r *request) (pipeline.ReviewOptions, error) {
	return reviewOptions(r.printer, r.FormValue("state"), r.FormValue("back") != "", r.FormValue("mt") != "", r.FormValue("force") != "")
}

// reviewOf returns what a review would change, and the value of each segment by which a
// form says what the person saw.
func (s *Server) reviewOf(r *request, name, locale string, o pipeline.ReviewOptions) (*pipeline.OpenArticle, *view, *pipeline.Review, []string, error) {
	v, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	review := r.project.Review(a, o)
	values := make([]string, len(review.Segments))
	for n, x := range review.Segments {
		if i, ok := a.Find(x.Place.Unit, x.Place.Segment); ok {
			values[n] = x.Place.Unit + "/" + x.Place.Segment + " " + targetBase(a.At(i).Target, a.At(i).Segment.Source)
		}
	}
	return a, v, review, values, nil
}

func (s *Server) showApprove(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	if !r.user.May(Reviewer, locale) {
		return r.forbidden()
	}
	o, err := reviewForm(r)
	if err != nil {
		return err
	}
	a, _, review, values, err := s.reviewOf(r, name, locale, o)
	if err != nil {
		return err
	}
	b := approveBody{
		Article: name, Title: titleOf(a.Translation().Document), Locale: locale, Language: r.printer.Language(locale), TargetDir: locales.Direction(locale),
		SourceLang: a.Translation().Document.Locale, SourceDir: locales.Direction(a.Translation().Document.Locale),
		State: o.State.String(), Back: o.Back, Link: link("approve", locale, name), BackLink: link("a", locale, name), Count: r.printer.Count("WebSegments", len(review.Segments)),
	}
	for _, st := range []bitext.State{bitext.Reviewed, bitext.Final} {
		b.States = append(b.States, choice{st.String(), r.printer.State(st), !o.Back && o.State == st})
	}
	if review.Missing > 0 {
		b.Missing = r.printer.Count("ApproveMissing", review.Missing)
	}
	m := &rowMaker{request: r, article: a, name: name, locale: locale}
	for n, x := range review.Segments {
		row := approveRow{
			Value: values[n], Place: x.Place.Unit, Source: x.Source, Target: x.Target, From: r.printer.State(x.From), To: r.printer.State(x.To),
			Translator: x.Translator, Refusal: x.Refusal,
		}
		if i, ok := a.Find(x.Place.Unit, x.Place.Segment); ok {
			row.Place, row.Link = locales.FormatNumber(r.printer.Locale, i+1), m.neighbour(i)
			row.Refusal = refusal(r.printer, x.Refusal, findingsAt(a, i))
		}
		b.Rows = append(b.Rows, row)
	}
	return s.render(w, http.StatusOK, "approve", s.newPage(r, "article", r.printer.Text("WebApprove")+" – "+b.Title, b))
}

// refusal returns why a translation is not approved, in the user's language: a finding,
// or what the review has against it.
func refusal(p console.Printer, text string, findings []diag.Diagnostic) string {
	for _, f := range findings {
		if strings.HasPrefix(text, f.Message+" [") {
			return p.Message(f)
		}
	}
	return p.Message(diag.Diagnostic{Message: text})
}

// approve is POST /approve: the segments that were listed and chosen get their new
// state, in one batch. One that somebody changed since is left as it is.
func (s *Server) approve(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	o, err := reviewForm(r)
	if err != nil {
		return err
	}
	result, err := s.storeReview(r, name, locale, o, r.PostForm["segment"])
	if err != nil {
		return err
	}
	if !acceptsJSON(r.Request) {
		to := link("a", locale, name) + "?saved=" + strconv.FormatInt(result.Batch, 10)
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return nil
	}
	v, m, err := s.openRows(r, name, locale)
	if err != nil {
		return err
	}
	answer := s.answer(r, m.article, locale)
	answer.Notice = r.printer.Count("WebApproved", result.Stored)
	if result.Batch != 0 {
		answer.Undo = strconv.FormatInt(result.Batch, 10)
	}
	if err := s.addClosed(v, m, &answer, result.rows); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// reviewResult is what a review stored. Left counts the segments that were left as they
// are, because they changed or are refused.
type reviewResult struct {
	Batch  int64 `json:"batch,omitempty"`
	Stored int   `json:"stored"`
	Left   int   `json:"left"`
	rows   []string
}

// storeReview stores the review of the segments with some values.
func (s *Server) storeReview(r *request, name, locale string, o pipeline.ReviewOptions, chosen []string) (out reviewResult, err error) {
	if !r.user.May(Reviewer, locale) {
		return out, r.forbidden()
	}
	unlock, err := s.lockEdition(r.Context(), r.project, name, locale)
	if err != nil {
		return out, err
	}
	defer unlock()
	a, v, review, values, err := s.reviewOf(r, name, locale, o)
	if err != nil {
		return out, err
	}
	var segments []pipeline.Reviewed
	keys := map[string]bool{}
	for n, x := range review.Segments {
		if !slices.Contains(chosen, values[n]) || x.Refusal != "" {
			continue
		}
		segments = append(segments, x)
		if i, ok := a.Find(x.Place.Unit, x.Place.Segment); ok {
			keys[a.At(i).Key] = true
			out.rows = append(out.rows, rowID(i))
		}
	}
	out.Left = len(chosen) - len(segments)
	stored, err := r.project.StoreReview(context.WithoutCancel(r.Context()), segments, memory.Batch{Author: r.user.Name, Note: "review page", Time: r.project.Clock()})
	if err != nil {
		return out, err
	}
	out.Batch, out.Stored = stored.Batch, stored.Added
	if out.Batch != 0 {
		var all []string
		for k := range keys {
			all = append(all, k)
		}
		s.batches.add(batch{out.Batch, r.user.Name, name, locale, all})
	}
	_, _, err = s.refresh(r.Context(), r.project, v, func(k string) bool { return keys[k] })
	return out, err
}
