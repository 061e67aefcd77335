package bitext

import (
	"net/url"
	"path"
	"strings"
)

// SiteArticle is what a page of a site declares of the article in it, for programs.
// TranslationOf is the source's edition, Translations are those of a source; both have
// only what readers have. Title, Description, Published, Modified and Author are for what an
// article does not declare, and for a page without one, which gets one if Add is set.
// Modified is when the texts of the page changed after its publication; it takes the place
// of an earlier date in a translation. TranslatorType is Person or Organization.
type SiteArticle struct {
	TranslationOf  Alternate
	Translations   []Alternate
	Translators    []string
	TranslatorType string

	Add                bool
	Title, Description string
	Published, Author  string
	Modified           string // RFC 3339, as Published; empty if they did not change
}

// LinkTo returns where a link of a page of a site leads instead of to address: to the
// edition of the same article that Link chooses. prefixes are what addresses of the
// source's editions begin with; a relative address is relative to the source's
// edition. Query and fragment stay. locale is that of the edition, empty if it is the
// page's own. ok is false for an address that does not lead to an article of the
// project, or to one that readers have no edition of.
func (m *EditionMeta) LinkTo(address string, prefixes []string) (to, locale string, ok bool) {
	if m.Link == nil || m.Site == nil {
		return "", "", false
	}
	end := strings.IndexAny(address+"?", "?#")
	bare, rest := address[:end], address[end:]
	for _, prefix := range prefixes {
		name, found := strings.CutPrefix(bare, prefix)
		if !found {
			continue
		}
		name, err := url.PathUnescape(name)
		if err != nil {
			return "", "", false
		}
		l, ok := m.Link(name)
		if !ok || l.URL == "" {
			return "", "", false
		}
		to := l.URL
		if strings.HasPrefix(prefix, "/") && !strings.HasPrefix(prefix, "//") {
			to = fromRoot(to, m.URL)
		}
		return to + rest, l.Locale, true
	}
	if !isRelative(bare) {
		return "", "", false
	}
	name, err := url.PathUnescape(bare)
	if err != nil {
		return "", "", false
	}
	name = path.Join(path.Dir(m.Site.Path), name)
	if strings.HasSuffix(bare, "/") {
		name += "/"
	}
	if name == ".." || strings.HasPrefix(name, "../") {
		return "", "", false
	}
	l, ok := m.Link(name)
	switch {
	case !ok || l.URL == "":
		return "", "", false
	case l.Locale != "":
		return fromRoot(l.URL, m.URL) + rest, l.Locale, true
	case l.File == l.Path && path.Dir(m.Site.File) == path.Dir(m.Site.Path):
		return address, "", true
	}
	return relative(path.Dir(m.Site.File), l.File) + rest, "", true
}

// isRelative reports whether an address without query and fragment is a path that is
// relative to the page's.
func isRelative(address string) bool {
	first, _, _ := strings.Cut(address, "/")
	return first != "" && !strings.ContainsAny(first, ":{}") && strings.TrimSpace(address) == address
}

// fromRoot returns an address without its scheme and host, if those are the page's.
func fromRoot(address, page string) string {
	u, err := url.Parse(address)
	p, perr := url.Parse(page)
	if err != nil || perr != nil || u.Scheme != p.Scheme || u.Host != p.Host {
		return address
	}
	return u.RequestURI()
}

// relative returns the address of a file, relative to a folder, both below one root.
func relative(dir, file string) string {
	from, to := strings.Split(dir, "/"), strings.Split(file, "/")
	if dir == "." {
		from = nil
	}
	for len(from) > 0 && len(to) > 1 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	var b strings.Builder
	b.WriteString(strings.Repeat("../", len(from)))
	for i, part := range to {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(url.PathEscape(part))
	}
	if text := b.String(); !strings.Contains(strings.SplitN(text, "/", 2)[0], ":") {
		return text
	}
	return "./" + b.String() // or it would be read as a scheme (RFC 3986, 4.2)
}
