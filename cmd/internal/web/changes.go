package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"

	"hexapla/cmd/internal/publish"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/site/corrections"
)

// changesBody is what changed in the source of an article since its edition was
// published, and since it was translated.
type changesBody struct {
	Article, Title, Locale, Language string
	SourceLang, SourceDir, TargetDir string
	HasPage                          bool          // readers have an edition
	Revised                          []revisedItem // since it was published
	Unknown                          []changeItem  // whose text in it is not known
	Edits                            []changeItem  // since the translation, and not among those
	New                              []changeItem
	Late                             []lateItem
	Corrections                      []correctionItem
	MayAccept                        bool
	CanAccept                        bool // there is something to accept
	Link, BackLink                   string
}

// revisedItem is a paragraph that changed since the edition was published, with the
// sentences of it that may keep their translations.
type revisedItem struct {
	Number, Link   string
	Added, Removed bool
	Difference     []piece
	Edits          []changeItem
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

// editItem is a minor edit with the page that it is on.
type editItem struct {
	Page page
	Item changeItem
}

func newEditItem(p page, item changeItem) editItem { return editItem{p, item} }

type lateItem struct {
	Who, When  string
	Difference []piece // to the text that the article has now
	Target     string
	Link       string // of the most similar segment; "" if there is none
	Number     string
}

// correctionItem is a correction of a published article that an edition does not have.
type correctionItem struct {
	When    string
	Changes []correctionChange
}

type correctionChange struct {
	Link       string // of the place; "" if the article does not have it any more
	Difference []piece
}

// maxLate is how many late returns are shown.
const maxLate = 100

// changeValue identifies a minor edit as the person saw it.
func changeValue(e *pipeline.MinorEdit) string {
	h := sha256.Sum256([]byte(e.Place.Unit + "\x00" + e.Place.Segment + "\x00" + e.OldSource + "\x00" + e.NewSource + "\x00" + e.Target))
	return hex.EncodeToString(h[:16])
}

// changes is what there is to know about the changes of an article.
type changes struct {
	view     *view
	article  *pipeline.OpenArticle
	revision *publish.Revision
	edits    []pipeline.MinorEdit
	late     []pipeline.LateReturn
	waiting  []corrections.Entry
}

func (s *Server) changesOf(r *request, name, locale string) (c changes, err error) {
	if c.view, c.article, err = s.openView(r.Context(), r.project, name, locale); err != nil {
		return c, err
	}
	doc := c.article.Translation().Document
	if c.edits, err = r.project.FindMinorEdits(r.Context(), r.project.Store, r.project.byPath[name], locale); err != nil {
		return c, err
	}
	if c.revision, err = publish.FindRevision(r.Context(), r.project.Workspace, c.article, c.view.hash(), locale, c.edits); err != nil {
		return c, err
	}
	if c.late, err = r.project.LateReturns(c.article, r.project.Store.Entries(r.Context(), doc.Locale, locale), maxLate); err != nil {
		return c, err
	}
	if r.project.Config.Site == nil {
		return c, nil
	}
	list, err := publish.ReadCorrections(r.project.Workspace)
	if err != nil {
		return c, err
	}
	defer list.Close()
	for _, x := range list.Log().List(time.Time{}, []string{locale}, list.Page, list.People) {
		if x.Article == name && len(x.Missing()) > 0 {
			c.waiting = append(c.waiting, x)
		}
	}
	return c, nil
}

func (s *Server) showChanges(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	c, err := s.changesOf(r, name, locale)
	if err != nil {
		return err
	}
	a := c.article
	doc := a.Translation().Document
	b := changesBody{
		Article: name, Title: titleOf(doc), Locale: locale, Language: r.printer.Language(locale), SourceLang: doc.Locale, SourceDir: locales.Direction(doc.Locale),
		TargetDir: locales.Direction(locale), HasPage: c.revision.Page != nil, MayAccept: r.user.May(Reviewer, locale), Link: link("changes", locale, name), BackLink: link("a", locale, name),
	}
	m := &rowMaker{request: r, article: a, name: name, locale: locale}
	number := func(i int) string { return locales.FormatNumber(r.printer.Locale, i+1) }
	firstOf := map[string]int{} // the first segment of a unit
	for i, x := range a.Segments() {
		if _, known := firstOf[x.Unit.ID]; !known {
			firstOf[x.Unit.ID] = i
		}
	}
	edited := map[int]bool{}
	byUnit := map[string][]changeItem{}
	for n := range c.edits {
		e := &c.edits[n]
		i, ok := a.Find(e.Place.Unit, e.Place.Segment)
		if !ok {
			continue
		}
		edited[i] = true
		b.CanAccept = b.CanAccept || b.MayAccept && !e.Final
		byUnit[e.Place.Unit] = append(byUnit[e.Place.Unit], changeItem{
			Value: changeValue(e), Number: number(i), Link: m.neighbour(i), Difference: compare(e.OldSource, e.NewSource), Target: e.Target,
			Score: percent(r.printer, e.Similarity), Refusal: r.printer.Message(e.Reason), Final: e.Final,
		})
	}
	for _, x := range c.revision.Changes {
		item := revisedItem{Difference: compare(x.Before, x.After), Added: x.Before == "", Removed: x.After == "", Edits: byUnit[x.Unit]}
		if i, ok := firstOf[x.Unit]; ok {
			item.Number, item.Link = number(i), m.neighbour(i)
		}
		delete(byUnit, x.Unit)
		b.Revised = append(b.Revised, item)
	}
	for _, unit := range c.revision.Unknown {
		if i, ok := firstOf[unit]; ok {
			b.Unknown = append(b.Unknown, changeItem{Number: number(i), Link: m.neighbour(i), Target: a.At(i).Unit.Source.Chars})
		}
	}
	for n := range c.edits {
		unit := c.edits[n].Place.Unit
		b.Edits = append(b.Edits, byUnit[unit]...)
		delete(byUnit, unit)
	}
	for i, x := range a.Segments() {
		if !edited[i] && !x.Target.Filled && bitext.IsTranslatable(x.Segment.Source.Chars) {
			b.New = append(b.New, changeItem{Number: number(i), Link: m.neighbour(i), Target: x.Segment.Source.Chars})
		}
	}
	for _, l := range c.late {
		item := lateItem{Who: r.printer.Origin(l.Origin), When: moment(r.printer, l.Origin.Time), Target: l.Target, Difference: []piece{{Text: l.Source}}}
		if l.Similar >= 0 {
			item.Difference = compare(l.Source, a.At(l.Similar).Segment.Source.Tagged())
			item.Link, item.Number = m.neighbour(l.Similar), number(l.Similar)
		}
		b.Late = append(b.Late, item)
	}
	for _, x := range c.waiting {
		item := correctionItem{When: locales.FormatDate(r.printer.Locale, x.Time, locales.Medium)}
		for _, change := range x.Changes {
			y := correctionChange{Difference: compare(change.Before, change.After)}
			if i, ok := firstOf[change.Unit]; ok {
				y.Link = m.neighbour(i)
			}
			item.Changes = append(item.Changes, y)
		}
		b.Corrections = append(b.Corrections, item)
	}
	return s.render(w, http.StatusOK, "changes", s.newPage(r, "article", r.printer.Text("WebChanges")+" – "+b.Title, b))
}

// apiChange is a sentence of which a former text has a translation. Texts are tagged.
type apiChange struct {
	Unit       string `json:"unit"`
	Segment    string `json:"segment"`
	OldSource  string `json:"oldSource"`
	NewSource  string `json:"newSource"`
	Target     string `json:"target" doc:"the translation of the former text"`
	State      string `json:"state"`
	Similarity int    `json:"similarity" doc:"of the two texts, in percent"`
	Refusal    string `json:"refusal,omitempty" doc:"why it is not accepted without force"`
	Final      bool   `json:"final,omitempty" doc:"nor with force"`
	Value      string `json:"value" doc:"to be sent to accept it"`
}

// apiRevised is a paragraph that changed since the edition was published.
type apiRevised struct {
	Unit   string `json:"unit"`
	Before string `json:"before,omitempty" doc:"its text in the published edition's article; none if it was added"`
	After  string `json:"after,omitempty" doc:"its text now; none if it was removed"`
}

// apiLate is a translation of a sentence that the article does not have any more.
type apiLate struct {
	Source  string        `json:"source"`
	Target  string        `json:"target"`
	Origin  bitext.Origin `json:"origin"`
	Unit    string        `json:"unit,omitempty" doc:"of the most similar segment, if there is one"`
	Segment string        `json:"segment,omitempty"`
}

type apiChanges struct {
	Published bool         `json:"published" doc:"whether readers have an edition"`
	Revised   []apiRevised `json:"revised" doc:"paragraphs that changed since it was published"`
	Unknown   []string     `json:"unknown,omitempty" doc:"ids of units whose text in it is not known"`
	Edits     []apiChange  `json:"edits" doc:"sentences of which a former text has a translation"`
	Late      []apiLate    `json:"late" doc:"translations of sentences that went"`
	Waiting   int          `json:"waiting" doc:"corrections of the published article that the edition does not have"`
}

// apiAccept accepts minor edits.
type apiAccept struct {
	Values []string `json:"values" doc:"of the edits, as they were read"`
	Force  bool     `json:"force,omitempty" doc:"also those that are refused because of figures or names"`
}

func (s *Server) apiChanges(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	c, err := s.changesOf(r, name, locale)
	if err != nil {
		return err
	}
	out := apiChanges{Published: c.revision.Page != nil, Revised: []apiRevised{}, Unknown: c.revision.Unknown, Edits: []apiChange{}, Late: []apiLate{}, Waiting: len(c.waiting)}
	for _, x := range c.revision.Changes {
		out.Revised = append(out.Revised, apiRevised{x.Unit, x.Before, x.After})
	}
	for _, e := range c.edits {
		out.Edits = append(out.Edits, apiChange{e.Place.Unit, e.Place.Segment, e.OldSource, e.NewSource, e.Target, e.State.String(), e.Similarity, e.Refusal, e.Final, changeValue(&e)})
	}
	for _, l := range c.late {
		x := apiLate{Source: l.Source, Target: l.Target, Origin: l.Origin}
		if l.Similar >= 0 {
			at := c.article.At(l.Similar)
			x.Unit, x.Segment = at.Unit.ID, at.Segment.ID
		}
		out.Late = append(out.Late, x)
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

func (s *Server) apiAccept(w http.ResponseWriter, r *request) error {
	var x apiAccept
	if err := readJSON(r, &x); err != nil {
		return err
	}
	name, locale := place(r)
	result, err := s.storeChanges(r, name, locale, x.Values, x.Force)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, result)
	return nil
}

// acceptChanges is POST /changes.
func (s *Server) acceptChanges(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	result, err := s.storeChanges(r, name, locale, r.PostForm["edit"], r.PostFormValue("force") != "")
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, link("a", locale, name)+"?saved="+strconv.FormatInt(result.Batch, 10), http.StatusSeeOther)
	return nil
}

// storeChanges uses the translations of the former texts for the new ones that were
// chosen. One that changed since it was shown is left.
func (s *Server) storeChanges(r *request, name, locale string, chosen []string, force bool) (out reviewResult, err error) {
	if !r.user.May(Reviewer, locale) {
		return out, r.forbidden()
	}
	unlock, err := s.lockEdition(r.Context(), r.project, name, locale)
	if err != nil {
		return out, err
	}
	defer unlock()
	v, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return out, err
	}
	edits, err := r.project.FindMinorEdits(r.Context(), r.project.Store, r.project.byPath[name], locale)
	if err != nil {
		return out, err
	}
	edits = slices.DeleteFunc(edits, func(e pipeline.MinorEdit) bool { return !slices.Contains(chosen, changeValue(&e)) })
	result, err := r.project.AcceptMinorEdits(context.WithoutCancel(r.Context()), edits, memory.Batch{Author: r.user.Name, Note: "review page", Time: r.project.Clock()}, force)
	if err != nil {
		return out, err
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
	_, _, err = s.refresh(r.Context(), r.project, v, func(k string) bool { return keys[k] })
	return reviewResult{Batch: result.Batch, Stored: result.Added, Left: len(chosen) - result.Added}, err
}
