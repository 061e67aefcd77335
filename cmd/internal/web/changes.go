package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"

	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// changesBody is what changed in the source of an article since its translation.
type changesBody struct {
	Article, Title, Locale, Language string
	SourceDir, TargetDir             string
	Since                            string
	Edits                            []changeItem
	New                              []changeItem
	Late                             []lateItem
	MayAccept                        bool
	Link, BackLink                   string
}

type changeItem struct {
	Value      string
	Number     string
	Link       string
	Difference []piece
	Target     string
	Score      string
	Refusal    string
	Final      bool
}

type lateItem struct {
	Who, When  string
	Difference []piece // to the text that the article has now
	Target     string
	Link       string // of the most similar segment; "" if there is none
	Number     string
}

// maxLate is how many late returns are shown.
const maxLate = 100

// changeValue identifies a minor edit as the person saw it.
func changeValue(e *pipeline.MinorEdit) string {
	h := sha256.Sum256([]byte(e.Place.Unit + "\x00" + e.Place.Segment + "\x00" + e.OldSource + "\x00" + e.NewSource + "\x00" + e.Target))
	return hex.EncodeToString(h[:16])
}

func (s *Server) showChanges(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	_, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return err
	}
	edits, err := r.project.FindMinorEdits(r.Context(), r.project.Store, r.project.byPath[name], locale)
	if err != nil {
		return err
	}
	doc := a.Translation().Document
	b := changesBody{
		Article: name, Title: titleOf(doc), Locale: locale, Language: r.printer.Language(locale), SourceDir: locales.Direction(doc.Locale), TargetDir: locales.Direction(locale),
		MayAccept: r.user.May(Reviewer, locale), Link: link("changes", locale, name), BackLink: link("a", locale, name),
	}
	if c, ok := s.cellOf(name, locale); ok && !c.Since.IsZero() {
		b.Since = locales.FormatDate(r.printer.Locale, c.Since, locales.Long)
	}
	m := &rowMaker{request: r, article: a, name: name, locale: locale}
	number := func(i int) string { return locales.FormatNumber(r.printer.Locale, i+1) }
	known := map[int]bool{}
	for n := range edits {
		e := &edits[n]
		i, ok := a.Find(e.Place.Unit, e.Place.Segment)
		if !ok {
			continue
		}
		known[i] = true
		b.Edits = append(b.Edits, changeItem{
			Value: changeValue(e), Number: number(i), Link: m.neighbour(i), Difference: compare(e.OldSource, e.NewSource), Target: e.Target,
			Score: percent(r.printer, e.Similarity), Refusal: e.Refusal, Final: e.Final,
		})
	}
	for i, x := range a.Segments() {
		if !known[i] && !x.Target.Filled && bitext.IsTranslatable(x.Segment.Source.Chars) {
			b.New = append(b.New, changeItem{Number: number(i), Link: m.neighbour(i), Target: x.Segment.Source.Chars})
		}
	}
	late, err := r.project.LateReturns(a, r.project.Store.Entries(r.Context(), doc.Locale, locale), maxLate)
	if err != nil {
		return err
	}
	for _, l := range late {
		item := lateItem{Who: r.printer.Origin(l.Origin), When: moment(r.printer, l.Origin.Time), Target: l.Target, Difference: []piece{{Text: l.Source}}}
		if l.Similar >= 0 {
			item.Difference = compare(l.Source, a.At(l.Similar).Segment.Source.Tagged())
			item.Link, item.Number = m.neighbour(l.Similar), number(l.Similar)
		}
		b.Late = append(b.Late, item)
	}
	return s.render(w, http.StatusOK, "changes", s.newPage(r, "article", r.printer.Text("WebChanges")+" – "+b.Title, b))
}

// acceptChanges is POST /changes: the translations of the former texts are used for the
// new ones that were chosen. One that changed since it was shown is left.
func (s *Server) acceptChanges(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	if !r.user.May(Reviewer, locale) {
		return r.forbidden()
	}
	s.saves.Lock()
	defer s.saves.Unlock()
	v, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return err
	}
	edits, err := r.project.FindMinorEdits(r.Context(), r.project.Store, r.project.byPath[name], locale)
	if err != nil {
		return err
	}
	chosen := r.PostForm["edit"]
	edits = slices.DeleteFunc(edits, func(e pipeline.MinorEdit) bool { return !slices.Contains(chosen, changeValue(&e)) })
	result, err := r.project.AcceptMinorEdits(context.WithoutCancel(r.Context()), edits, memory.Batch{Author: r.user.Name, Note: "review page", Time: r.project.Clock()}, r.PostFormValue("force") != "")
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	var list []string
	for _, e := range edits {
		if i, ok := a.Find(e.Place.Unit, e.Place.Segment); ok {
			keys[a.At(i).Key] = true
			list = append(list, a.At(i).Key)
		}
	}
	if result.Batch != 0 {
		s.batches.add(batch{result.Batch, r.user.Name, name, locale, list})
	}
	if _, _, err := s.refresh(r.Context(), r.project, v, func(k string) bool { return keys[k] }); err != nil {
		return err
	}
	http.Redirect(w, r.Request, link("a", locale, name)+"?saved="+strconv.FormatInt(result.Batch, 10), http.StatusSeeOther)
	return nil
}
