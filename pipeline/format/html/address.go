package html

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// addresses gives the page its edition's own address wherever it names the
// source's: in the canonical link, Open Graph, other metadata, microdata and
// JSON-LD. A page whose canonical link leads to its source asks search engines to
// ignore it. A canonical link to another host, of a syndicated article, stays and
// is reported.
func (a *assembler) addresses(m *bitext.EditionMeta, by map[string][]bitext.Slot, edit func(int, int, string)) {
	canonical := a.doc.Meta["canonical"]
	if m.URL == "" {
		if canonical != "" && m.Locale != a.doc.Locale {
			a.addDiagnostic("html.canonical", diag.Info, "", "set project.base_url", "the canonical link still names the source page, for the address of the edition is not known")
		}
		return
	}
	a.own = map[string]bool{}
	base, err := url.Parse(m.SourceURL)
	if err != nil {
		return
	}
	a.base = base
	a.own[a.addressKey(m.SourceURL)] = true
	for i, v := range [...]string{canonical, a.doc.Meta["url"]} {
		if v == "" {
			continue
		}
		if u, err := base.Parse(strings.TrimSpace(v)); err == nil && sameHost(u.Host, base.Host) {
			a.own[a.addressKey(v)] = true
		} else if i == 0 {
			a.addDiagnostic("html.canonical", diag.Warning, "", "remove it if the article is the newsroom's own", "the canonical link leads to another host, %s: search engines ignore this page and its hreflang links", diag.Arg("value", diag.Excerpt(v)))
		}
	}
	for _, s := range by[slotAddress] {
		name, value, _ := strings.Cut(string(a.data[s.Start:s.End]), "=")
		if to, ok := a.editionAddress(m, unescape(trimQuotes(value))); ok {
			edit(s.Start, s.End, strings.TrimSpace(name)+`="`+attributeSafe(to)+`"`)
		}
	}
	for _, s := range by[slotShared] {
		if to, ok := a.shared(m, s); ok {
			edit(s.Start, s.End, to)
		}
	}
	for _, s := range by[slotJSONAddress] {
		raw := string(a.data[s.Start:s.End])
		if to, ok := a.editionAddress(m, strings.ReplaceAll(raw, `\/`, "/")); ok {
			text := string(a.json(nil, &bitext.UnitSpan{}, to))
			if strings.Contains(raw, `\/`) {
				text = strings.ReplaceAll(text, "/", `\/`)
			}
			edit(s.Start, s.End, text)
		}
	}
}

// links leads the links to articles of the project to their editions in the same
// locale. A link to one that has none there is reported.
func (a *assembler) links(m *bitext.EditionMeta, prefixes []string, by map[string][]bitext.Slot, edit func(int, int, string)) {
	if m.Link == nil {
		return
	}
	if m.Site != nil {
		a.siteLinks(m, prefixes, by, edit)
		return
	}
	var missing []string
	for _, s := range slices.Concat(by[slotLink], by[slotLinkPlain]) {
		value := unescape(string(a.data[s.Start:s.End]))
		to, l, ok := m.LinkOutside(strings.TrimSpace(value), prefixes)
		switch {
		case !ok:
		case l.URL == "":
			if !slices.Contains(missing, l.Path) {
				missing = append(missing, l.Path)
			}
		case to == value:
		case isQuoted(a.data, s):
			edit(s.Start, s.End, attributeEscaperOf(a.data[s.Start-1]).Replace(to))
		default:
			edit(s.Start, s.End, `"`+attributeEscaper.Replace(to)+`"`)
		}
	}
	for _, path := range missing {
		a.addDiagnostic("html.link", diag.Info, "", "build again when that article is translated", "a link leads to the source's edition of %s, for this locale has none yet", diag.Arg("path", path))
	}
}

// attributeEscaperOf returns what escapes an attribute's value in a kind of
// quotation marks.
func attributeEscaperOf(quote byte) *strings.Replacer {
	if quote == '\'' {
		return singleQuoteEscaper
	}
	return attributeEscaper
}

var singleQuoteEscaper = strings.NewReplacer("&", "&amp;", "'", "&#39;", "<", "&lt;", ">", "&gt;")

// shared returns a value that names the page's address among other things, with the
// edition's in the place of the source's, percent-encoded if that is. ok is false if it
// names none.
func (a *assembler) shared(m *bitext.EditionMeta, s bitext.Slot) (value string, ok bool) {
	rest := string(a.data[s.Start:s.End])
	quote := a.data[s.Start-1]
	var out strings.Builder
	for read := 0; read < maxAddresses; {
		i := strings.Index(rest, "http")
		if i < 0 {
			break
		}
		out.WriteString(rest[:i])
		rest = rest[i:]
		n := len("http") // an address may have others in its query
		if encoded, is := beginsAddress(rest); is {
			read++
			address := rest[:addressLength(rest)]
			plain := unescape(address)
			if encoded {
				plain, _ = url.QueryUnescape(address)
			}
			if to, own := a.editionAddress(m, plain); own {
				if encoded {
					to = url.QueryEscape(to)
				}
				out.WriteString(attributeEscaperOf(quote).Replace(to))
				rest, ok = rest[len(address):], true
				continue
			}
		}
		out.WriteString(rest[:n])
		rest = rest[n:]
	}
	out.WriteString(rest)
	if value = out.String(); ok && !isQuoted(a.data, s) {
		value = `"` + strings.ReplaceAll(value, `"`, "&quot;") + `"`
	}
	return value, ok
}

// maxAddresses is how many addresses in a value are looked at: more than any link has that
// shares a page, and so few that a value of nothing else costs little.
const maxAddresses = 16

// beginsAddress reports whether a value begins with the scheme of an absolute address, and
// whether that is percent-encoded.
func beginsAddress(value string) (encoded, is bool) {
	value = strings.TrimPrefix(strings.TrimPrefix(value, "http"), "s")
	if strings.HasPrefix(value, "://") {
		return false, true
	}
	return true, len(value) >= 3 && equalFold(value[:3], "%3a")
}

// addressLength returns the length of the address that a value begins with: up to what
// divides parameters, a space, or one of these that is percent-encoded.
func addressLength(value string) int {
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '&', '#', '+', ' ', '\t', '\n', '\r', '"', '\'', ';', ',':
			return i
		case '%':
			if len(value) > i+2 {
				switch strings.ToLower(value[i+1 : i+3]) {
				case "20", "09", "0a", "0d", "23", "26":
					return i
				}
			}
		}
	}
	return len(value)
}

// editionAddress returns the edition's address for one of the source page; a
// fragment stays. ok is false for any other address, and for one that is the
// edition's already.
func (a *assembler) editionAddress(m *bitext.EditionMeta, address string) (to string, ok bool) {
	address, fragment, has := strings.Cut(strings.TrimSpace(address), "#")
	if address == "" || !a.own[a.addressKey(address)] || address == m.URL {
		return "", false
	}
	if has {
		return m.URL + "#" + fragment, true
	}
	return m.URL, true
}

// addressKey returns the form of an address by which two of one page are equal:
// whatever their scheme, fragment and trailing slash.
func (a *assembler) addressKey(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	if a.base != nil {
		u = a.base.ResolveReference(u)
	}
	path := strings.TrimSuffix(strings.TrimSuffix((&url.URL{Path: u.Path}).EscapedPath(), "index.html"), "/")
	return hostKey(u.Host) + path + "?" + u.RawQuery
}

func sameHost(a, b string) bool { return hostKey(a) == hostKey(b) }

func hostKey(host string) string { return strings.TrimPrefix(bitext.HostKey(host), "www.") }

// trimQuotes returns an attribute's value without the quotation marks around it.
func trimQuotes(value string) string { return strings.Trim(value, " \t\r\n\f\"'") }

// unescape returns the text of an attribute's value.
func unescape(value string) string {
	if !strings.Contains(value, "&") {
		return value
	}
	return html.UnescapeString(value)
}
