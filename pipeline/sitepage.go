package pipeline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
)

// addressesOf are the files of the pages of an article, by locale, below the folders
// of the locales. Without a site it is nil: each file is the path of the edition.
type addressesOf map[string]string

// file returns the file of the page of a locale.
func (a addressesOf) file(locale, path string) string {
	if f := a[locale]; f != "" {
		return f
	}
	return path
}

// siteMeta completes the metadata of a page of a site. path is that of the edition,
// others are the locales that have one.
func (p *Project) siteMeta(m *bitext.EditionMeta, tr *bitext.Translation, path string, others []string, files addressesOf, dates edition.Dates) {
	base, s := p.Config.Project.BaseURL, p.Config.Site
	address := func(locale string) string { return edition.Address(base, locale, files.file(locale, path)) }
	m.Site = &bitext.SitePage{Path: path, File: files.file(m.Locale, path)}
	m.URL = address(m.Locale)
	var all []bitext.Alternate
	for _, l := range others {
		all = append(all, bitext.Alternate{Locale: l, URL: address(l)})
	}
	m.Site.Article = p.siteArticle(tr, all, dates)
	m.Alternates, m.XDefault = nil, ""
	if s.InPages() {
		cluster := site.Cluster(all)
		if slices.ContainsFunc(cluster, func(a bitext.Alternate) bool { return a.URL == m.URL }) {
			m.Alternates, m.XDefault = cluster, p.xDefault(tr.Document.Locale, all)
		}
	}
}

// xDefault returns the address for readers of no listed language, empty if there is
// none. An article in another source locale than the project's that has no edition in the
// latter has its original.
func (p *Project) xDefault(source string, all []bitext.Alternate) string {
	x := p.Config.Site.XDefault
	if strings.Contains(x, "/") {
		return x
	}
	if i := slices.IndexFunc(all, func(a bitext.Alternate) bool { return a.Locale == x }); i >= 0 {
		return all[i].URL
	}
	if x == p.Config.Project.Source && source != x {
		if i := slices.IndexFunc(all, func(a bitext.Alternate) bool { return a.Locale == source }); i >= 0 {
			return all[i].URL
		}
	}
	return ""
}

// datesOfPage returns the dates of the page of a translation that is written now: its texts
// were modified now if they are not those of the page that readers have.
func (p *Project) datesOfPage(tr *bitext.Translation, path string, known Siblings) edition.Dates {
	now, text := p.Clock(), textHash(tr)
	d, ok := known.existing.Dates(tr.Locale, path)
	if !ok || d.Published.IsZero() {
		return edition.Dates{Published: now, Modified: now, Text: text}
	}
	if d.Text != text || d.Modified.IsZero() {
		d.Modified, d.Text = now, text
	}
	return d
}

// textHash returns a hash of the texts of a translation.
func textHash(tr *bitext.Translation) string {
	h := sha256.New()
	for i := range tr.Document.Units {
		_, _ = io.WriteString(h, unitText(tr, i)+"\x00")
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// correctionNotice returns what a page tells its readers of a correction of its article,
// nil if there is nothing to tell: that it was corrected since they have the page, or the
// text of the article's field "correction", which is translated.
func (p *Project) correctionNotice(tr *bitext.Translation, dates edition.Dates) *bitext.Notice {
	place := bitext.NoticePlace(p.Config.Site.CorrectionNote)
	if place == bitext.NoticeOff {
		return nil
	}
	text := ""
	if i := slices.IndexFunc(tr.Document.Units, isCorrection); i >= 0 && (tr.Locale == tr.Document.Locale || isTranslated(tr, i)) {
		text = site.OneLine(unitText(tr, i))
	}
	corrected := !dates.Corrected.IsZero() && dates.Corrected.After(dates.Published)
	if text == "" && !corrected {
		return nil
	}
	parts := []string{}
	if got, err := p.Catalogs.Localize(tr.Locale, "Correction", nil); err == nil {
		parts = append(parts, got.Text)
	}
	if text != "" {
		parts = append(parts, text)
	}
	n := &bitext.Notice{Place: place}
	if corrected {
		n.Time = dates.Corrected.Format(time.RFC3339)
		at := dates.Corrected
		if zone := p.Config.Schedule.Zone(); zone != nil {
			at = at.In(zone)
		}
		if got, err := p.Catalogs.Localize(tr.Locale, "Updated", map[string]any{"Date": at}); err == nil {
			parts = append(parts, got.Text)
		}
	}
	n.Text = strings.Join(parts, " – ")
	return n
}

// isCorrection reports whether a unit is the text that an article has in its front matter or
// in a meta element for the note of its correction.
func isCorrection(u bitext.Unit) bool { return u.ID == "front.correction" || u.ID == "meta.correction" }

// newPage returns what a site knows of an edition that has a page. sum is the hash of
// the article.
func (p *Project) newPage(e *Edition, sum string) *site.Page {
	tr := e.Published.Translation
	d := tr.Document
	page := &site.Page{
		Path: e.Path, Source: d.Path, SHA256: sum, Status: e.Published.Status, Text: e.dates.Text, First: e.dates.Published, Modified: e.dates.Modified,
		Title: firstText(tr, isTitle), Description: firstText(tr, isDescription), Section: site.Section(e.Path),
	}
	if page.Title == "" {
		page.Title = firstText(tr, func(u *bitext.Unit) bool { return u.Kind == bitext.Heading })
	}
	if page.Title == "" {
		page.Title = d.Meta["title"]
	}
	if author := site.OneLine(d.Meta["author"]); author != "" {
		page.Authors = []string{author}
	}
	if e.File != e.Path {
		page.File = e.File
	}
	if t, ok := site.ParseDate(d.Meta["date"], p.Config.Schedule.Zone()); ok {
		page.Date = t
	}
	if n := p.correctionNotice(tr, e.dates); n != nil {
		page.Correction = n.Text
	}
	return page
}

func isTitle(u *bitext.Unit) bool { return u.Kind == bitext.Title }

func isDescription(u *bitext.Unit) bool {
	return u.Kind == bitext.Field && (u.Name == "description" || u.Name == "description_text")
}

// firstText returns the text of the first unit of a translation that is one in
// question and has a text, in one line.
func firstText(tr *bitext.Translation, is func(*bitext.Unit) bool) string {
	for i := range tr.Document.Units {
		if is(&tr.Document.Units[i]) {
			if text := strings.Join(strings.Fields(unitText(tr, i)), " "); text != "" {
				return text
			}
		}
	}
	return ""
}

// unitText returns the characters of a unit in a translation, those of the source
// where it has none.
func unitText(tr *bitext.Translation, unit int) string {
	var b strings.Builder
	u := &tr.Document.Units[unit]
	for i := range u.Segments {
		if t := &tr.Targets[unit][i]; t.Filled {
			b.WriteString(t.Text.Chars)
		} else {
			b.WriteString(u.Segments[i].Source.Chars)
		}
	}
	return b.String()
}

// siteArticle returns what a page declares of its article in JSON-LD. all are the editions
// that readers have, dates those of the page.
func (p *Project) siteArticle(tr *bitext.Translation, all []bitext.Alternate, dates edition.Dates) *bitext.SiteArticle {
	s, d := p.Config.Site, tr.Document
	if s.JSONLD == config.JSONLDOff {
		return nil
	}
	x := &bitext.SiteArticle{Add: s.JSONLD == config.JSONLDAdd, TranslatorType: "Person"}
	for _, a := range all {
		if tr.Locale == d.Locale && a.Locale != d.Locale {
			x.Translations = append(x.Translations, a)
		} else if tr.Locale != d.Locale && a.Locale == d.Locale {
			x.TranslationOf = a
		}
	}
	if x.Title = firstText(tr, isTitle); x.Title == "" {
		x.Title = firstText(tr, func(u *bitext.Unit) bool { return u.Kind == bitext.Heading })
	}
	x.Description, x.Author = firstText(tr, isDescription), site.OneLine(d.Meta["author"])
	if t, ok := site.ParseDate(d.Meta["date"], p.Config.Schedule.Zone()); ok {
		x.Published = t.Format(time.RFC3339)
	}
	if dates.Modified.After(dates.Published) {
		x.Modified = dates.Modified.Format(time.RFC3339)
	}
	if tr.Locale == d.Locale {
		return x
	}
	switch s.Translators {
	case config.TranslatorsPersons:
		for _, t := range tr.Segments() {
			if name := t.Origin.Translator; t.Origin.Kind == bitext.FromHuman {
				if name == "" {
					name = t.Origin.Name
				}
				if name = site.OneLine(name); name != "" && !slices.Contains(x.Translators, name) {
					x.Translators = append(x.Translators, name)
				}
			}
		}
	case config.TranslatorsOrganization:
		if name := cmp.Or(s.Publisher, s.Titles[tr.Locale], s.Title); name != "" {
			x.Translators, x.TranslatorType = []string{name}, "Organization"
		}
	}
	return x
}
