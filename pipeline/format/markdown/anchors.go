package markdown

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// HeadingIDs controls how a translated heading keeps the anchor that links lead to.
type HeadingIDs string

const (
	// HeadingIDsAuto writes an attribute list where the document has front matter,
	// for the site generators that read it know attribute lists too, and an
	// anchor element elsewhere, as GitHub needs it.
	HeadingIDsAuto      HeadingIDs = ""
	HeadingIDsAttribute HeadingIDs = "attribute" // ## Title {#id}
	HeadingIDsAnchor    HeadingIDs = "anchor"    // ## <a id="id"></a>Title
	HeadingIDsOff       HeadingIDs = "off"
)

// ParseHeadingIDs returns the value that a configuration names; "auto" and the
// empty string are the default.
func ParseHeadingIDs(s string) HeadingIDs {
	if s == "auto" {
		return HeadingIDsAuto
	}
	return HeadingIDs(s)
}

// linkedFragments returns the fragments that links of a document lead to within it:
// (#id), [x]: #id and href="#id".
func linkedFragments(data []byte) map[string]bool {
	var out map[string]bool
	for at := 0; ; {
		n := bytes.IndexByte(data[at:], '#')
		if n < 0 {
			return out
		}
		start := at + n + 1
		at = start
		before := bytes.TrimRight(data[max(0, start-17):start-1], " \t\"'<")
		if !bytes.HasSuffix(before, []byte("](")) && !bytes.HasSuffix(before, []byte("]:")) && !isHref(before) {
			continue
		}
		end := start
		for end < len(data) && strings.IndexByte(" \t\r\n)>\"'", data[end]) < 0 {
			end++
		}
		f := string(data[start:end])
		if u, err := url.PathUnescape(f); err == nil {
			f = u
		}
		if f != "" {
			if out == nil {
				out = map[string]bool{}
			}
			out[f] = true
		}
		at = end
	}
}

// isHref reports whether b ends with an attribute's name and sign: href=
func isHref(b []byte) bool {
	b, ok := bytes.CutSuffix(b, []byte("="))
	return ok && bytes.HasSuffix(bytes.ToLower(bytes.TrimRight(b, " \t")), []byte("href"))
}

// headingIDs returns edits that give translated headings the anchors that their
// sources had. A site generator makes a heading's anchor of its text, so a link
// within the page would lead nowhere once the heading is translated. Headings with
// an id of their own keep it anyway.
func (e *encoder) headingIDs(how HeadingIDs, changed []bool) []bitext.Edit {
	if how == HeadingIDsOff {
		return nil
	}
	data := e.doc.Skeleton.Data
	linked := linkedFragments(data)
	if len(linked) == 0 {
		return nil
	}
	if how == HeadingIDsAuto {
		how = e.dialect.headingIDs()
	}
	if how == HeadingIDsAuto && e.mdx {
		how = HeadingIDsAnchor // an attribute list would be JavaScript
	}
	if how == HeadingIDsAuto {
		how = HeadingIDsAnchor
		if start := bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")); bytes.HasPrefix(start, []byte("---")) || bytes.HasPrefix(start, []byte("+++")) || bytes.HasPrefix(start, []byte("{")) {
			how = HeadingIDsAttribute
		}
	}
	var edits []bitext.Edit
	seen := map[string]int{}
	for i := range e.doc.Skeleton.Spans {
		h := &e.doc.Skeleton.Spans[i]
		u := &e.doc.Units[h.Unit]
		c := contextOf(h)
		if u.Kind != bitext.Heading || c.kind != headingContext && c.kind != setextContext {
			continue
		}
		var id string
		for _, slug := range slugs(headingText(u.Source)) {
			n := seen[slug]
			seen[slug]++
			if n > 0 {
				slug += "-" + strconv.Itoa(n)
			}
			if id == "" && linked[slug] {
				id = slug
			}
		}
		if id == "" || !changed[h.Unit] || u.Name != "" {
			continue
		}
		if how == HeadingIDsAnchor {
			edits = append(edits, bitext.Edit{Start: h.Start, End: h.Start, Text: `<a id="` + id + `"></a>`})
			continue
		}
		end := h.End
		for end < len(data) && data[end] != '\n' && data[end] != '\r' {
			end++
		}
		for end > h.End && isSpaceByte(data[end-1]) {
			end--
		}
		edits = append(edits, bitext.Edit{Start: end, End: end, Text: " {#" + id + "}"})
	}
	return edits
}

// headingText returns what readers see of a heading, code included.
func headingText(t bitext.Text) string {
	var b strings.Builder
	for p := range t.Pieces() {
		if p.Code == nil {
			b.WriteString(p.Chars)
		} else if p.Code.Kind == bitext.Placeholder {
			b.WriteString(p.Code.Equiv)
			if n := len(p.Code.Data); p.Code.Equiv == "" && n > 2 && emoji([]byte(p.Code.Data), 0) == n {
				b.WriteString(p.Code.Data) // GitHub and Hugo make the anchor of the emoji's name
			}
		}
	}
	return b.String()
}

// slugs returns the anchors that site generators make of a heading, without
// repetitions: GitHub's, which Hugo, Docusaurus and VitePress have too, and those
// of kramdown, python-markdown and Pandoc, as their documentation describes them.
func slugs(text string) []string {
	lower := strings.ToLower(strings.TrimSpace(text))
	keep := func(keep func(r rune) bool) string {
		return strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case keep(r):
				return r
			}
			return -1
		}, lower)
	}
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
	github := keep(func(r rune) bool { return word(r) || r == '-' || r == '_' })
	kramdown := strings.TrimLeftFunc(keep(func(r rune) bool { return word(r) || r == '-' }), func(r rune) bool { return !unicode.IsLetter(r) })
	python := withoutRuns(keep(func(r rune) bool {
		return r < unicode.MaxASCII && word(r) || r == '-' || r == '_'
	}))
	pandoc := strings.TrimLeftFunc(withoutRuns(keep(func(r rune) bool { return word(r) || strings.ContainsRune("-_.", r) })), func(r rune) bool { return !unicode.IsLetter(r) })
	var out []string
	for _, s := range []string{github, kramdown, python, pandoc} {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// withoutRuns returns an anchor with one hyphen for each run of them.
func withoutRuns(anchor string) string {
	if !strings.Contains(anchor, "--") {
		return anchor
	}
	return runs().ReplaceAllString(anchor, "-")
}

var runs = lazy.Regexp(`-{2,}`)
