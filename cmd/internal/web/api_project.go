package web

import (
	"errors"
	"net/http"
	"slices"

	"hexapla/cmd/internal/catalogdir"
)

// apiForm is a plural form of a message.
type apiForm struct {
	Category string `json:"category" doc:"of CLDR: zero, one, two, few, many or other"`
	Sample   string `json:"sample,omitempty" doc:"numbers that it is for"`
	Text     string `json:"text"`
}

// apiMessage is a message of the catalogs with its translation.
type apiMessage struct {
	ID          string    `json:"id"`
	Description string    `json:"description,omitempty"`
	Source      []apiForm `json:"source"`
	Forms       []apiForm `json:"forms" doc:"those that the language has"`
	State       string    `json:"state" doc:"done, missing, stale or review"`
	Base        string    `json:"base" doc:"to be sent with a change, which is refused if somebody else changed the message"`
}

type apiMessages struct {
	Locale   string       `json:"locale"`
	Messages []apiMessage `json:"messages"`
}

// apiMessageEdit changes the forms of a message.
type apiMessageEdit struct {
	ID    string            `json:"id"`
	Base  string            `json:"base" doc:"of the message as it was read"`
	Forms map[string]string `json:"forms" doc:"texts by plural category"`
}

// apiMessageSaved is what became of a change of a message.
type apiMessageSaved struct {
	Stored   bool       `json:"stored"`
	Conflict bool       `json:"conflict,omitempty" doc:"somebody else changed the message since (status 409)"`
	Problems []string   `json:"problems,omitempty" doc:"why nothing was stored (status 409 and 422)"`
	Message  apiMessage `json:"message" doc:"as it is now"`
}

// apiTermForm is a term of a concept.
type apiTermForm struct {
	Text   string `json:"text"`
	Status string `json:"status" doc:"preferred, admitted, deprecated, forbidden or do-not-translate"`
	Note   string `json:"note,omitempty"`
}

type apiConcept struct {
	ID         string        `json:"id"`
	Definition string        `json:"definition,omitempty"`
	Notes      string        `json:"notes,omitempty"`
	Source     []apiTermForm `json:"source"`
	Target     []apiTermForm `json:"target"`
}

type apiTerms struct {
	Locale   string       `json:"locale"`
	Concepts []apiConcept `json:"concepts"`
	More     bool         `json:"more,omitempty" doc:"there are more than these"`
}

// apiTermEdit is a new term, or a change of one.
type apiTermEdit struct {
	Concept string `json:"concept,omitempty" doc:"ID of the concept; needed for a change"`
	Source  string `json:"source" doc:"the term in the language of the articles"`
	From    string `json:"from,omitempty" doc:"locale of the source term, for articles in several; without it the project's source locale, or into that the first other one"`
	Target  string `json:"target" doc:"the term in the locale"`
	Status  string `json:"status,omitempty" doc:"preferred, admitted, deprecated or forbidden"`
	Note    string `json:"note,omitempty"`
	Old     string `json:"old,omitempty" doc:"the text of the term that is changed; none for a new one"`
	Remove  bool   `json:"remove,omitempty" doc:"remove the term"`
	Force   bool   `json:"force,omitempty" doc:"store it though the checks of glossaries are against it"`
}

// apiImpact is what a change of the glossary would concern.
type apiImpact struct {
	Summary  string             `json:"summary" doc:"in the language of the request"`
	Segments int                `json:"segments" doc:"segments that have the term of the source"`
	Against  int                `json:"against" doc:"those of their translations that the checks would find fault with"`
	Articles []apiImpactArticle `json:"articles"`
	Partial  bool               `json:"partial,omitempty" doc:"not all articles were looked at"`
}

type apiImpactArticle struct {
	Article  string `json:"article"`
	Title    string `json:"title"`
	Segments int    `json:"segments"`
	Against  int    `json:"against"`
}

// apiTermSaved is what became of a change of the glossary.
type apiTermSaved struct {
	Stored   bool     `json:"stored"`
	Problems []string `json:"problems,omitempty" doc:"why nothing was stored (status 422)"`
}

func newAPIMessage(m *messageItem) apiMessage {
	out := apiMessage{ID: m.ID, Description: m.Description, Source: []apiForm{}, Forms: []apiForm{}, State: m.State, Base: m.Base}
	for _, f := range m.Source {
		out.Source = append(out.Source, apiForm{Category: f.Category, Text: f.Text})
	}
	for _, f := range m.Forms {
		out.Forms = append(out.Forms, apiForm{f.Category, f.Sample, f.Text})
	}
	return out
}

// targetLocale returns the locale of an address.
func targetLocale(r *request) (string, error) {
	locale := r.PathValue("locale")
	if !slices.Contains(r.project.messageTargets(), locale) {
		return "", errNoArticle
	}
	return locale, nil
}

func (s *Server) apiMessages(w http.ResponseWriter, r *request) error {
	locale, err := targetLocale(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	list, err := s.listMessages(r, locale, q.Get("show"), cleanLine(q.Get("q")), nil, nil)
	if err != nil && !errors.Is(err, catalogdir.ErrNoCatalogs) {
		return err
	}
	out := apiMessages{Locale: locale, Messages: []apiMessage{}}
	for i := range list {
		out.Messages = append(out.Messages, newAPIMessage(&list[i]))
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

func (s *Server) apiSaveMessage(w http.ResponseWriter, r *request) error {
	var e apiMessageEdit
	if err := readJSON(r, &e); err != nil {
		return err
	}
	locale, err := targetLocale(r)
	if err != nil {
		return err
	}
	item, _, problems, conflict, err := s.storeMessage(r, messageEdit{locale, e.ID, e.Base, e.Forms})
	if errors.Is(err, catalogdir.ErrNoCatalogs) {
		err = errNoArticle
	}
	if err != nil {
		return err
	}
	out := apiMessageSaved{Stored: len(problems) == 0, Conflict: conflict, Problems: stringsOf(problems)}
	code := http.StatusOK
	switch {
	case conflict:
		code = http.StatusConflict
	case len(problems) > 0:
		code = http.StatusUnprocessableEntity
	default:
		list, err := s.listMessages(r, locale, "", "", nil, nil)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(list, func(m messageItem) bool { return m.ID == e.ID }); i >= 0 {
			item = list[i]
		}
	}
	out.Message = newAPIMessage(&item)
	writeJSON(w, code, out)
	return nil
}

// apiTermLocale returns the locale of an address of terms, which may be the project's source
// locale, too, where articles are in several.
func (s *Server) apiTermLocale(r *request) (string, error) {
	locale := r.PathValue("locale")
	if !slices.Contains(s.termTargets(r.project), locale) {
		return "", errNoArticle
	}
	return locale, nil
}

func (s *Server) apiTerms(w http.ResponseWriter, r *request) error {
	locale, err := s.apiTermLocale(r)
	if err != nil {
		return err
	}
	from, err := s.termSource(r, locale, r.URL.Query().Get("from"))
	if err != nil {
		return err
	}
	list, more := s.listTerms(r, from, locale, cleanLine(r.URL.Query().Get("q")))
	out := apiTerms{Locale: locale, Concepts: []apiConcept{}, More: more}
	forms := func(list []termForm) []apiTermForm {
		out := []apiTermForm{}
		for _, t := range list {
			out = append(out, apiTermForm{t.Text, t.Status, t.Note})
		}
		return out
	}
	for _, c := range list {
		out.Concepts = append(out.Concepts, apiConcept{c.ID, c.Definition, c.Notes, forms(c.Source), forms(c.Target)})
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

// readProposal reads a change of the glossary.
func (s *Server) readProposal(r *request) (p proposal, locale string, force bool, err error) {
	var e apiTermEdit
	if err := readJSON(r, &e); err != nil {
		return p, "", false, err
	}
	if locale, err = s.apiTermLocale(r); err != nil {
		return p, "", false, err
	}
	from, err := s.termSource(r, locale, e.From)
	return proposal{cleanLine(e.Concept), cleanLine(e.Source), cleanLine(e.Target), e.Status, cleanLine(e.Note), cleanLine(e.Old), e.Remove, from}, locale, e.Force, err
}

func (s *Server) apiImpact(w http.ResponseWriter, r *request) error {
	p, locale, _, err := s.readProposal(r)
	if err != nil {
		return err
	}
	if p.Source == "" || p.Target == "" {
		return newStatus(http.StatusBadRequest, r.printer.Text("WebTermWrong"))
	}
	i, err := s.impactOf(r, locale, p)
	if err != nil {
		return err
	}
	out := apiImpact{Summary: i.Summary, Segments: i.Segments, Against: i.Against, Articles: []apiImpactArticle{}, Partial: i.Partial}
	for _, a := range i.Articles {
		out.Articles = append(out.Articles, apiImpactArticle{a.Article, a.Title, a.Segments, a.Against})
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

func (s *Server) apiSaveTerm(w http.ResponseWriter, r *request) error {
	p, locale, force, err := s.readProposal(r)
	if err != nil {
		return err
	}
	problems, err := s.storeTerm(r, locale, p, force)
	if err != nil {
		return err
	}
	code := http.StatusOK
	if len(problems) > 0 {
		code = http.StatusUnprocessableEntity
	}
	writeJSON(w, code, apiTermSaved{len(problems) == 0, stringsOf(problems)})
	return nil
}
