// Package redirect writes how former addresses of pages lead to those that they have
// now: for the servers of Netlify (and Cloudflare Pages), nginx, Apache and Caddy, and
// as pages that lead on by themselves.
package redirect

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"hexapla/pipeline/site"
)

// The kinds of redirects.
const (
	Pages   = "pages" // a page at the former address
	Netlify = "netlify"
	Nginx   = "nginx"
	Apache  = "apache"
	Caddy   = "caddy"
)

// Kinds returns the kinds of redirects.
func Kinds() []string { return []string{Pages, Netlify, Nginx, Apache, Caddy} }

// Name returns the name of the file of a kind for a server; it is empty for Pages.
func Name(kind string) string {
	switch kind {
	case Netlify:
		return "_redirects"
	case Nginx:
		return "redirects.nginx.conf"
	case Apache:
		return "redirects.apache.conf"
	case Caddy:
		return "redirects.caddy"
	}
	return ""
}

// Rule leads from an address to another one.
type Rule struct{ From, To string }

// Resolve returns rules by which every former address leads to the last one at once,
// sorted, each address once. Those of a circle, and those that lead to themselves, are
// left out and returned as well.
func Resolve(rules []Rule) (resolved, circular []Rule) {
	next := make(map[string]string, len(rules))
	for _, r := range rules {
		if r.From != r.To {
			next[r.From] = r.To
		} else {
			circular = append(circular, r)
		}
	}
	end := make(map[string]string, len(next)) // "" for a circle
	for from := range next {
		var way []string
		at, seen := from, map[string]bool{}
		to, known := "", false
		for {
			if to, known = end[at]; known {
				break
			}
			if seen[at] {
				to = ""
				break
			}
			n, more := next[at]
			if !more {
				to = at
				break
			}
			seen[at] = true
			way = append(way, at)
			at = n
		}
		for _, w := range way {
			end[w] = to
		}
	}
	for from, to := range end {
		if to == "" {
			circular = append(circular, Rule{from, next[from]})
		} else {
			resolved = append(resolved, Rule{from, to})
		}
	}
	order := func(a, b Rule) int { return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To)) }
	slices.SortFunc(resolved, order)
	slices.SortFunc(circular, order)
	return resolved, circular
}

// File returns the rules for a kind of server. Rules of an address with a query, which a
// path does not tell, are left out, and for Apache those to a path with a question mark or a
// number sign, which it cannot write.
func File(kind string, rules []Rule) []byte {
	var b strings.Builder
	n := 0
	for _, r := range rules {
		from, err := url.Parse(r.From)
		to, err2 := url.Parse(r.To)
		if err != nil || err2 != nil || from.RawQuery != "" || from.Path == "" || strings.ContainsFunc(from.Path, func(r rune) bool { return r < ' ' || r == 0x7F }) {
			continue
		}
		target := r.To
		if from.Host == to.Host && from.Scheme == to.Scheme {
			target = to.EscapedPath()
			if to.RawQuery != "" {
				target += "?" + to.RawQuery
			}
			to.Scheme, to.Host, to.User, to.Fragment = "", "", nil, ""
		}
		switch kind {
		case Netlify:
			fmt.Fprintf(&b, "%s %s 301\n", netlifyEscaper.Replace(from.EscapedPath()), target)
		case Nginx: // a location is compared with the decoded path
			fmt.Fprintf(&b, "location = %s { return 301 %s; }\n", quoted(from.Path), quoted(strings.ReplaceAll(target, "$", "%24")))
		case Apache:
			if !strings.ContainsAny(to.Path, "?#") {
				fmt.Fprintf(&b, "RedirectMatch 301 %s %s\n", quoted("^"+regexp.QuoteMeta(from.Path)+"$"), quoted(apacheTarget(to)))
			}
		case Caddy:
			if !strings.ContainsAny(from.Path, `*?[]{}\%`) && !strings.EqualFold(from.Path, to.Path) {
				fmt.Fprintf(&b, "redir %s %s 301\n", quoted(from.Path), quoted(target))
				continue
			}
			// A path is a pattern there, in which case does not count; an expression is exact. A
			// backslash is one character between quotation marks, but before one of them.
			n++
			expression := strings.ReplaceAll("^"+regexp.QuoteMeta(from.Path)+"$", `"`, `\x22`)
			fmt.Fprintf(&b, "@former%d path_regexp \"%s\"\nredir @former%d %s 301\n", n, expression, n, quoted(target))
		}
	}
	return []byte(b.String())
}

// netlifyEscaper escapes what stands for other characters in an address of Netlify.
var netlifyEscaper = strings.NewReplacer("*", "%2A", ":", "%3A")

// apacheTarget returns an address as RedirectMatch has it: its path is not escaped, because
// the server does that, and $ and the backslash are escaped from its substitution
// (try_alias_list in mod_alias.c).
func apacheTarget(to *url.URL) string {
	s := to.Path
	if to.Host != "" {
		s = to.Scheme + "://" + to.Host + s
	}
	if to.RawQuery != "" {
		s += "?" + to.RawQuery
	}
	if to.Fragment != "" {
		s += "#" + to.EscapedFragment()
	}
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`).Replace(s)
}

// quoted returns a value in quotation marks, as the configurations of nginx, Apache and
// Caddy have it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// Page returns a page that leads to an address at once, for a former address of a page
// of a locale with a title.
func Page(locale, dir, title, to string) []byte {
	esc := func(s string) string { return string(site.AppendXML(nil, s)) }
	title = cmp.Or(site.OneLine(title), to)
	return fmt.Appendf(nil, `<!DOCTYPE html>
<html lang="%s" dir="%s">
<head>
<meta charset="utf-8">
<title>%s</title>
<link rel="canonical" href="%s">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=%s">
</head>
<body><p><a href="%s">%s</a></p></body>
</html>
`, esc(locale), esc(dir), esc(title), esc(to), esc(to), esc(to), esc(title))
}
