package files

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"hexapla/locales"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
)

//go:embed index.html
var defaultIndex string

// Localizer returns a message of the catalogs in a locale; ok is false if there is none.
type Localizer func(locale, id string, args map[string]any) (text string, ok bool)

// ParseIndex parses the template of index pages. It has IndexPage as its data, and the
// functions date (a time as the language writes it, in a zone) and message (of the
// catalogs: an id, then names and values). Text in it is escaped for where it stands. An
// empty text is the default.
func ParseIndex(text string) (*template.Template, error) {
	if text == "" {
		text = defaultIndex
	}
	return template.New("index.html").Funcs(indexFuncs("", nil, nil)).Parse(text)
}

func indexFuncs(locale string, localize Localizer, zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"date": func(t time.Time) string {
			if zone != nil {
				t = t.In(zone)
			}
			return locales.FormatDate(locale, t, locales.Long)
		},
		"message": func(id string, pairs ...any) string {
			args := map[string]any{}
			for i := 0; i+1 < len(pairs); i += 2 {
				if name, ok := pairs[i].(string); ok {
					args[name] = pairs[i+1]
				}
			}
			if localize != nil {
				if text, ok := localize(locale, id, args); ok {
					return text
				}
			}
			return id
		},
	}
}

// IndexPage is what the template of index pages gets: the pages of a locale, or of a
// section of it, the newest first.
type IndexPage struct {
	Locale, Dir, Address     string
	Title, Site, Description string
	Section                  string // its name; empty for the page of the locale
	Count                    int    // of all pages, of which Items has the newest
	Items                    []IndexItem
	Sections                 []IndexLink // of the locale
	Languages                []IndexLink // the same page in all locales that have it, this one included
	Feeds                    []IndexLink // by their media types in Name
	XDefault                 string
}

// IndexItem is a page in an index.
type IndexItem struct {
	Title, Summary, Address, Section string
	Authors                          []string
	Date, Updated                    time.Time
}

// IndexLink is a link of an index page. Name is in its own language; Hreflang is the
// locale as search engines accept it.
type IndexLink struct {
	Name, Address, Locale, Dir, Hreflang string
	Current                              bool
}

// index writes the index page of a section, or of the locale if section is empty. A page
// of an article at its place stays.
func (w *localeWriter) index(section string, pages *list) error {
	name := path.Join(section, "index.html")
	if w.Index == nil || w.hasFile(name) {
		return nil
	}
	p := IndexPage{
		Locale: w.locale, Dir: locales.Direction(w.locale), Address: edition.Address(w.Base, w.locale, folder(section)),
		Site: w.Title(w.locale), Title: w.Title(w.locale), Description: w.Description(w.locale), Count: pages.count,
	}
	if section != "" {
		p.Section = w.Section(w.locale, section)
		p.Title = p.Section + " – " + p.Site
	}
	for _, q := range pages.newest[:min(len(pages.newest), w.IndexItems)] {
		item := IndexItem{Title: site.OneLine(q.Title), Summary: site.OneLine(q.Description), Address: w.address(w.locale, q), Authors: q.Authors, Date: q.Published(), Updated: q.Updated()}
		if item.Title == "" {
			item.Title = q.Name()
		}
		if q.Section != "" {
			item.Section = w.Section(w.locale, q.Section)
		}
		p.Items = append(p.Items, item)
	}
	for _, s := range slices.Sorted(maps.Keys(w.sections)) {
		if s != "" {
			p.Sections = append(p.Sections, IndexLink{Name: w.Section(w.locale, s), Address: edition.Address(w.Base, w.locale, folder(s)), Current: s == section})
		}
	}
	for _, o := range w.all {
		if o.sections[section] == nil {
			continue
		}
		l := o.locale
		link := IndexLink{Name: locales.LanguageName(l, l), Address: edition.Address(w.Base, l, folder(section)), Locale: l, Dir: locales.Direction(l), Current: l == w.locale}
		link.Hreflang, _ = site.Hreflang(l)
		if p.Languages = append(p.Languages, link); l == w.XDefault {
			p.XDefault = link.Address
		}
	}
	for _, kind := range w.Feeds {
		media := map[string]string{RSS: "application/rss+xml", Atom: "application/atom+xml", JSON: "application/feed+json"}[kind]
		p.Feeds = append(p.Feeds, IndexLink{Name: media, Address: edition.Address(w.Base, w.locale, path.Join(section, feedNames[kind]))})
	}
	t, err := w.Index.Clone()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Funcs(indexFuncs(w.locale, w.Localize, w.Zone)).Execute(&b, p); err != nil {
		return err
	}
	return w.create.file(w.locale, name, b.Bytes())
}

// isIndex reports whether an index page is at a path.
func (w *localeWriter) isIndex(name string) bool {
	section, ok := strings.CutSuffix(name, "index.html")
	return ok && w.Index != nil && w.sections[strings.TrimSuffix(section, "/")] != nil && (section == "" || strings.HasSuffix(section, "/")) && !w.hasFile(name)
}

// hasFile reports whether an article of the locale has its page at a path.
func (w *localeWriter) hasFile(name string) bool {
	return w.Find(w.locale, name) != nil
}

// ninjsItem is a news item of IPTC's ninjs 1.3 (https://iptc.org/std/ninjs/).
type ninjsItem struct {
	URI         string `json:"uri"`
	Type        string `json:"type"`
	MIME        string `json:"mimetype"`
	Profile     string `json:"profile"`
	Created     string `json:"firstcreated"`
	Version     string `json:"versioncreated"`
	Status      string `json:"pubstatus"`
	Language    string `json:"language"`
	Byline      string `json:"byline,omitempty"`
	Headline    string `json:"headline"`
	Description string `json:"description_text,omitempty"`
	Holder      string `json:"copyrightholder,omitempty"`
	EdNote      string `json:"ednote,omitempty"` // of a correction, for those who take the item over
}

// mediaType returns the media type of a page, by the name of its file.
func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".mdx", ".markdown", ".qmd", ".rmd":
		return "text/markdown" // RFC 7763
	case ".txt":
		return "text/plain"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
	return "text/html"
}

// ninjs writes a news item of a page, beside it.
func (w *localeWriter) ninjs(p *site.Page, address string) error {
	if strings.HasSuffix(p.Name(), ".ninjs") || strings.HasSuffix(p.Name(), ".ninjs.json") {
		return nil // the page is one
	}
	name := strings.TrimSuffix(p.Name(), path.Ext(p.Name())) + ".ninjs.json"
	if w.hasFile(name) {
		return nil // an article of that name
	}
	data, err := json.MarshalIndent(ninjsItem{
		URI: address, Type: "text", MIME: mediaType(p.Name()), Profile: "text",
		Created: p.Published().UTC().Format(time.RFC3339), Version: p.Updated().UTC().Format(time.RFC3339), Status: "usable", Language: w.locale,
		Byline: strings.Join(p.Authors, ", "), Headline: site.OneLine(p.Title), Description: site.OneLine(p.Description), Holder: w.Publisher, EdNote: site.OneLine(p.Correction),
	}, "", "  ")
	if err != nil {
		return err
	}
	return w.create.file(w.locale, name, append(data, '\n'))
}
