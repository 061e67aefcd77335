package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
)

// messagesBody are the messages of the site's catalogs in a locale.
type messagesBody struct {
	SourceLocale     string
	Locale, Language string
	Dir              string
	SourceDir        string
	Locales          []choice
	Show, Query      string
	Filters          []choice
	Messages         []messageItem
	Count            string
	None             bool // the project has no catalogs
	MayEdit          bool
	Problems         []remark
}

type messageItem struct {
	ID, Anchor  string
	Description string
	Source      []formItem
	Forms       []formItem
	State       string // "done", "missing", "stale" or "review"
	StateName   string
	Base        string
	Problems    []remark
}

// formItem is a plural form of a message.
type formItem struct {
	Category string // "one", "other" …
	Name     string // for people
	Sample   string // numbers that it is for
	Text     string
}

// openCatalogs opens the site's own catalogs.
func (s *Server) openCatalogs(r *request) (*catalogdir.Dir, *catalog.Set, error) {
	site, ok := r.project.Config.SiteCatalogs()
	if !ok {
		return nil, nil, catalogdir.ErrNoCatalogs
	}
	d, err := catalogdir.Open(r.Context(), catalogdir.Options{Project: r.project.Dir.Name(), Config: r.project.Config, Table: &site, One: true})
	if err != nil {
		if d != nil {
			d.Close()
		}
		return nil, nil, err
	}
	set, _, err := d.Set()
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return d, set, nil
}

func (s *Server) messageLocale(r *request) string {
	targets := r.project.messageTargets()
	if l := r.FormValue("locale"); slices.Contains(targets, l) {
		return l
	}
	for _, l := range r.user.Locales {
		if slices.Contains(targets, l) {
			return l
		}
	}
	if len(targets) > 0 {
		return targets[0]
	}
	return ""
}

func (s *Server) showMessages(w http.ResponseWriter, r *request) error {
	return s.writeMessages(w, r, http.StatusOK, nil, nil)
}

// writeMessages shows the messages. typed are forms that were not saved, problems why.
func (s *Server) writeMessages(w http.ResponseWriter, r *request, code int, typed *update.Translation, problems []remark) error {
	locale := s.messageLocale(r)
	b := messagesBody{
		Locale: locale, Language: r.printer.Language(locale), Dir: locales.Direction(locale), SourceDir: locales.Direction(r.project.Config.Project.Source), SourceLocale: r.project.Config.Project.Source,
		Show: r.FormValue("show"), Query: cleanLine(r.FormValue("q")), MayEdit: r.user.May(Translator, locale),
	}
	for _, l := range r.project.messageTargets() {
		b.Locales = append(b.Locales, choice{l, r.printer.Language(l), l == locale})
	}
	for _, c := range []choice{{"", r.printer.Text("WebShowAll"), false}, {"open", r.printer.Text("WebShowOpen"), false}} {
		c.Chosen = c.Value == b.Show
		b.Filters = append(b.Filters, c)
	}
	messages, err := s.listMessages(r, locale, b.Show, b.Query, typed, problems)
	if errors.Is(err, catalogdir.ErrNoCatalogs) {
		b.None = true
	} else if err != nil {
		return err
	}
	b.Messages = messages
	b.Count = r.printer.Count("Messages", len(b.Messages))
	return s.render(w, code, "messages", s.newPage(r, "messages", r.printer.Text("WebMessages"), b))
}

// listMessages returns the messages that a filter and a query show. The one that was
// typed is always among them, with its forms as they were typed.
func (s *Server) listMessages(r *request, locale, show, query string, typed *update.Translation, problems []remark) ([]messageItem, error) {
	d, set, err := s.openCatalogs(r)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var out []messageItem
	fold := strings.ToLower(query)
	for _, p := range catalog.Pairs(set, locale) {
		item := s.messageItem(r, &p, locale)
		if typed != nil && typed.ID == item.ID {
			item.Problems = problems
			for i := range item.Forms {
				item.Forms[i].Text = typed.Forms[item.Forms[i].Category]
			}
		} else if show == "open" && item.State == "done" || fold != "" && !item.contains(fold) {
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

func (s *Server) messageItem(r *request, p *catalog.MessagePair, locale string) messageItem {
	item := messageItem{ID: p.Source.ID, Anchor: "m-" + url.PathEscape(p.Source.ID), Description: p.Source.Description, State: "missing", StateName: r.printer.Text("WebMissing")}
	switch {
	case p.Stale:
		item.State, item.StateName = "stale", r.printer.Text("WebMessageStale")
	case p.Target != nil && p.Target.NeedsReview:
		item.State, item.StateName = "review", r.printer.Text("WebMessageReview")
	case p.Done:
		item.State, item.StateName = "done", r.printer.State(2)
	}
	for _, c := range []string{"zero", "one", "two", "few", "many", "other"} {
		if text := p.Source.Form(c); text != "" {
			item.Source = append(item.Source, formItem{Category: c, Name: s.categoryName(r, c, p.Source.IsPlural()), Text: text})
		}
	}
	for _, c := range p.Forms {
		f := formItem{Category: c, Name: s.categoryName(r, c, p.Source.IsPlural())}
		if p.Source.IsPlural() {
			f.Sample = locales.PluralSample(locale, c)
		}
		if p.Target != nil {
			f.Text = p.Target.Form(c)
		}
		item.Forms = append(item.Forms, f)
	}
	item.Base = item.base()
	return item
}

// base identifies what a message has, so that a save finds out whether it changed.
func (m *messageItem) base() string {
	h := sha256.New()
	for _, f := range m.Forms {
		fmt.Fprintf(h, "%s\x00%s\x00", f.Category, f.Text)
	}
	for _, f := range m.Source {
		fmt.Fprintf(h, "%s\x00%s\x00", f.Category, f.Text)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

func (m *messageItem) contains(fold string) bool {
	for _, f := range slices.Concat(m.Source, m.Forms) {
		if strings.Contains(strings.ToLower(f.Text), fold) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(m.ID), fold)
}

// categoryName names a plural category of CLDR for people; "" if nothing is counted.
func (s *Server) categoryName(r *request, category string, plural bool) string {
	if !plural {
		return ""
	}
	switch category {
	case "zero":
		return r.printer.Text("WebFormZero")
	case "one":
		return r.printer.Text("WebFormOne")
	case "two":
		return r.printer.Text("WebFormTwo")
	case "few":
		return r.printer.Text("WebFormFew")
	case "many":
		return r.printer.Text("WebFormMany")
	}
	return r.printer.Text("WebFormOther")
}

// messageEdit is a change of the forms of one message. Base is what the person saw: see
// messageItem.base.
type messageEdit struct {
	locale, id, base string
	forms            map[string]string // by plural category
}

// storeMessage writes the forms of a message into the catalog of its locale, with the
// checks of catalogs. Nothing is written if it has problems, or if somebody else changed
// the message. It returns the forms as they were understood.
func (s *Server) storeMessage(r *request, e messageEdit) (item messageItem, t update.Translation, problems []remark, conflict bool, err error) {
	if !slices.Contains(r.project.messageTargets(), e.locale) || !r.user.May(Translator, e.locale) {
		return item, t, nil, false, r.forbidden()
	}
	s.saves.Lock()
	defer s.saves.Unlock()
	d, set, err := s.openCatalogs(r)
	if err != nil {
		return item, t, nil, false, err
	}
	defer d.Close()
	pairs := catalog.Pairs(set, e.locale)
	i := slices.IndexFunc(pairs, func(p catalog.MessagePair) bool { return p.Source.ID == e.id })
	if i < 0 {
		return item, t, nil, false, errNoArticle
	}
	item = s.messageItem(r, &pairs[i], e.locale)
	t = update.Translation{ID: e.id, Forms: map[string]string{}}
	for _, f := range item.Forms {
		t.Forms[f.Category] = pipeline.CleanText(e.forms[f.Category])
		if f.Text == "" && strings.TrimSpace(t.Forms[f.Category]) == "" {
			delete(t.Forms, f.Category)
		}
	}
	if e.base != item.Base {
		return item, t, remarks(r.printer.Text("WebMessageChanged")), true, nil
	}
	result, ds := update.ApplyTranslations(d.Files, d.Source, e.locale, []update.Translation{t})
	for _, f := range ds {
		if f.Severity == diag.Error {
			problems = append(problems, remarkOn(r.printer, f))
		}
	}
	if len(problems) > 0 {
		return item, t, problems, false, nil
	}
	return item, t, nil, false, d.Apply(result)
}

// saveMessage is POST /messages.
func (s *Server) saveMessage(w http.ResponseWriter, r *request) error {
	e := messageEdit{locale: r.PostFormValue("locale"), id: r.PostFormValue("id"), base: r.PostFormValue("base"), forms: map[string]string{}}
	for name := range r.PostForm {
		if category, ok := strings.CutPrefix(name, "form-"); ok {
			e.forms[category] = r.PostForm.Get(name)
		}
	}
	item, t, problems, conflict, err := s.storeMessage(r, e)
	switch {
	case err != nil:
		return err
	case conflict:
		return s.writeMessages(w, r, http.StatusConflict, &t, problems)
	case len(problems) > 0:
		return s.writeMessages(w, r, http.StatusUnprocessableEntity, &t, problems)
	}
	q := url.Values{"locale": {e.locale}, "show": {r.PostFormValue("show")}, "q": {r.PostFormValue("q")}}
	http.Redirect(w, r.Request, "/messages?"+q.Encode()+"#"+item.Anchor, http.StatusSeeOther)
	return nil
}
