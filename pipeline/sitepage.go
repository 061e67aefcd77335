package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
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
func (p *Project) siteMeta(m *bitext.EditionMeta, path string, others []string, files addressesOf) {
	base, s := p.Config.Project.BaseURL, p.Config.Site
	address := func(locale string) string { return edition.Address(base, locale, files.file(locale, path)) }
	m.Site = &bitext.SitePage{Path: path, File: files.file(m.Locale, path)}
	m.URL = address(m.Locale)
	var all []bitext.Alternate
	for _, l := range others {
		all = append(all, bitext.Alternate{Locale: l, URL: address(l)})
	}
	m.Alternates, m.XDefault = nil, ""
	if s.InPages() {
		cluster := site.Cluster(all)
		if slices.ContainsFunc(cluster, func(a bitext.Alternate) bool { return a.URL == m.URL }) {
			m.Alternates, m.XDefault = cluster, p.xDefault(all)
		}
	}
}

// xDefault returns the address for readers of no listed language, empty if there is
// none.
func (p *Project) xDefault(all []bitext.Alternate) string {
	x := p.Config.Site.XDefault
	if strings.Contains(x, "/") {
		return x
	}
	if i := slices.IndexFunc(all, func(a bitext.Alternate) bool { return a.Locale == x }); i >= 0 {
		return all[i].URL
	}
	return ""
}

// newPage returns what a site knows of an edition that has a page. sum is the hash of
// the article.
func (p *Project) newPage(e *Edition, sum string) *site.Page {
	tr := e.Published.Translation
	d := tr.Document
	page := &site.Page{
		Path: e.Path, Source: d.Path, SHA256: sum, Status: e.Published.Status,
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
	if t, ok := site.ParseDate(d.Meta["date"], nil); ok {
		page.Date = t
	}
	h := sha256.New()
	for i := range d.Units {
		_, _ = io.WriteString(h, unitText(tr, i)+"\x00")
	}
	page.Text = hex.EncodeToString(h.Sum(nil)[:8])
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
