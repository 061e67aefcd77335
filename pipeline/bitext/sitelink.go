package bitext

import (
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/idna"
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

// LinkOutside returns where a link leads instead of to address, which is one below a
// prefix or leaves the folder of the locale, and the article that it leads to, whose URL is
// empty if it has no edition in the locale; to is then address. ok is false for any other
// address.
func (m *EditionMeta) LinkOutside(address string, prefixes []string) (to string, l Link, ok bool) {
	if m.Link == nil {
		return "", Link{}, false
	}
	end := strings.IndexAny(address+"?", "?#")
	bare, rest := address[:end], address[end:]
	fromHere := strings.HasPrefix(bare, "../") && isRelative(bare)
	if fromHere {
		if bare, ok = Resolve(bare, m.SourceURL); !ok {
			return "", Link{}, false
		}
	}
	for _, prefix := range prefixes {
		name, found := CutAddress(bare, prefix)
		if !found {
			continue
		}
		switch l, ok := m.findLink(name); {
		case !ok || fromHere && !leavesFolder(address[:end], m.SourceURL, prefix):
			return "", Link{}, false
		case l.URL == "":
			return address, l, true
		case fromHere || strings.HasPrefix(prefix, "/") && !strings.HasPrefix(prefix, "//"):
			return fromRoot(l.URL, m.URL) + rest, l, true
		default:
			return l.URL + rest, l, true
		}
	}
	return "", Link{}, false
}

// leavesFolder reports whether a relative address on a page goes up beyond the folder that
// prefix is the address of. One that does not leads to the same place in every locale.
func leavesFolder(address, page, prefix string) bool {
	name, ok := CutAddress(page, prefix)
	return ok && strings.HasPrefix(path.Join(path.Dir(name), address)+"/", "../")
}

// LinkTo returns where a link of a page of a site leads instead of to address: to the
// edition of the same article that Link chooses. prefixes are what addresses of the
// source's editions begin with; a relative address is relative to the source's
// edition. Query and fragment stay. locale is that of the edition, empty if it is the
// page's own. ok is false for an address that does not lead to an article of the
// project, or to one that readers have no edition of. Outside of a site it is
// LinkOutside.
func (m *EditionMeta) LinkTo(address string, prefixes []string) (to, locale string, ok bool) {
	if m.Link == nil {
		return "", "", false
	}
	if m.Site == nil {
		to, l, ok := m.LinkOutside(address, prefixes)
		return to, "", ok && l.URL != ""
	}
	end := strings.IndexAny(address+"?", "?#")
	bare, rest := address[:end], address[end:]
	if to, locale, ok, below := m.absoluteLink(bare, prefixes); below {
		return to + rest, locale, ok
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
		// Out of the folder of the locale, and perhaps into it again.
		absolute, ok := Resolve(bare, m.SourceURL)
		if !ok {
			return "", "", false
		}
		to, locale, ok, _ := m.absoluteLink(absolute, prefixes)
		return fromRoot(to, m.URL) + rest, locale, ok
	}
	l, ok := m.findLink(name)
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

// absoluteLink is LinkTo for an address that is not relative, without query and fragment.
// below reports whether it is one below a prefix.
func (m *EditionMeta) absoluteLink(address string, prefixes []string) (to, locale string, ok, below bool) {
	for _, prefix := range prefixes {
		name, found := CutAddress(address, prefix)
		if !found {
			continue
		}
		l, ok := m.findLink(name)
		if !ok || l.URL == "" {
			return "", "", false, true
		}
		to := l.URL
		if strings.HasPrefix(prefix, "/") && !strings.HasPrefix(prefix, "//") {
			to = fromRoot(to, m.URL)
		}
		return to, l.Locale, true, true
	}
	return "", "", false, false
}

// findLink is Link also for the addresses that servers and site generators give pages
// without the ending of their files: "about" and "about/". The address of the edition has
// none then either.
func (m *EditionMeta) findLink(name string) (Link, bool) {
	l, ok := m.Link(name)
	bare := strings.TrimSuffix(name, "/")
	if ok || bare == "" || path.Ext(bare) != "" {
		return l, ok
	}
	slash := name[len(bare):]
	for _, ext := range [...]string{".html", ".md"} {
		l, ok := m.Link(bare + ext)
		switch {
		case !ok:
			continue
		case strings.HasSuffix(l.URL, ext) && strings.HasSuffix(l.File, ext):
			l.Path, l.File, l.URL = name, strings.TrimSuffix(l.File, ext)+slash, strings.TrimSuffix(l.URL, ext)+slash
			return l, true
		}
		return Link{}, false
	}
	return Link{}, false
}

// Resolve returns the absolute address that a relative one has on a page with an address
// (RFC 3986, 5.2). Other than url.URL.String it leaves a host in Unicode as it is.
func Resolve(address, page string) (string, bool) {
	base, err := url.Parse(page)
	if err != nil || base.Host == "" {
		return "", false
	}
	u, err := base.Parse(address)
	if err != nil {
		return "", false
	}
	if u.Host == "" || u.User != nil {
		return u.String(), true
	}
	host := u.Host
	u.Scheme, u.Host = "", ""
	scheme := base.Scheme
	if full, err := url.Parse(address); err == nil && full.Scheme != "" {
		scheme = full.Scheme
	}
	return scheme + "://" + host + u.String(), true
}

// CutAddress returns the path of an address below a prefix, which ends with a slash,
// without its escapes. It goes by what two addresses of one page may differ in (RFC 3986,
// 6.2): the case of scheme and host, a port that goes without saying, a host in Unicode or
// in Punycode, characters that are escaped or not, and dots. ok is false for an address that
// is not below the prefix, or has an escape that is none.
func CutAddress(address, prefix string) (name string, ok bool) {
	if rest, ok := strings.CutPrefix(address, prefix); ok && !strings.Contains("/"+rest, "/.") {
		name, err := url.PathUnescape(rest)
		return name, err == nil
	}
	aScheme, aHost, aPath := splitAddress(address)
	pScheme, pHost, pPath := splitAddress(prefix)
	if !strings.EqualFold(aScheme, pScheme) || !strings.HasPrefix(aPath, "/") || aHost != pHost && HostKey(aHost) != HostKey(pHost) {
		return "", false
	}
	name, err := url.PathUnescape(aPath)
	below, perr := url.PathUnescape(pPath)
	if err != nil || perr != nil {
		return "", false
	}
	if strings.Contains(name, "/.") {
		clean := path.Clean(name)
		if strings.HasSuffix(name, "/") && clean != "/" {
			clean += "/"
		}
		name = clean
	}
	return strings.CutPrefix(name, below)
}

// splitAddress divides an address into its scheme, host and path. The first two are empty
// where it has none.
func splitAddress(address string) (scheme, host, path string) {
	if i := strings.Index(address, "//"); i == 0 || i > 0 && address[i-1] == ':' && !strings.Contains(address[:i-1], "/") {
		scheme = strings.TrimSuffix(address[:i], ":")
		host = address[i+2:]
		if slash := strings.IndexByte(host, '/'); slash >= 0 {
			host, path = host[:slash], host[slash:]
		}
		return scheme, host, path
	}
	return "", "", address
}

// HostKey returns the form of a host, with its port, by which two of one server are equal.
func HostKey(host string) string {
	host = strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(host), ":443"), ":80")
	if strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		name, port, _ := strings.Cut(host, ":")
		if ascii, err := idna.Lookup.ToASCII(name); err == nil {
			if host = ascii; port != "" {
				host += ":" + port
			}
		}
	}
	return host
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
