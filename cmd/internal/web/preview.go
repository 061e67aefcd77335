package web

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hexapla/locales"
)

// previewStyle lights the segment that the address names.
const previewStyle = `<style>hexapla-segment:target{background:#ffe58a;color:#000;outline:3px solid #ffe58a;border-radius:2px;scroll-margin:40vh}</style>`

// marks are strings that no article has, put around each segment of a preview and
// replaced by elements when the page is complete. They are of punctuation on the
// outside, so that Markdown sees the same boundaries of words as without them.
type marks struct{ key string }

func newMarks() marks { return marks{rand.Text()[:12]} }

func (m marks) around(i int) (before, after string) {
	n := strconv.Itoa(i + 1)
	return "⟦" + m.key + n + "⟧", "⟦/" + m.key + n + "⟧"
}

// preview is GET /preview: the edition as readers will see it.
func (s *Server) preview(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	_, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return err
	}
	others, known, err := r.project.siblings(name)
	if err != nil {
		return err
	}
	m := newMarks()
	data, _ := r.project.Preview(a, m.around, others, known)
	doc := a.Translation().Document
	page := previewPage(data, doc.Format, locale)
	h := w.Header()
	var links *previewLinks // a program without a session gets the page alone
	if r.session != nil {
		links = &previewLinks{r.project, name, s.filesAddress(r)}
		h.Set("Content-Security-Policy", previewPolicy(links.prefix))
	} else {
		h.Set("Content-Security-Policy", previewPolicy(""))
	}
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(m.replace(page, links))
	return err
}

// previewPage returns an edition as an HTML page.
func previewPage(data []byte, format, locale string) []byte {
	switch format {
	case "html":
		return data
	case "markdown":
		var b bytes.Buffer
		if err := markdown().Convert(withoutFrontMatter(data), &b); err == nil {
			return wrapPage(locale, b.String())
		}
	}
	return wrapPage(locale, `<pre style="white-space:pre-wrap;font:inherit">`+template.HTMLEscapeString(string(data))+"</pre>")
}

// markdown renders as most site generators do, with the HTML that an article has: the
// frame lets it do nothing.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithParserOptions(parser.WithAttribute()), goldmark.WithRendererOptions(ghtml.WithUnsafe()))
})

// withoutFrontMatter removes the front matter of a Markdown file, YAML or TOML.
func withoutFrontMatter(data []byte) []byte {
	for _, fence := range []string{"---", "+++"} {
		rest, ok := bytes.CutPrefix(data, []byte(fence+"\n"))
		if !ok {
			if rest, ok = bytes.CutPrefix(data, []byte(fence+"\r\n")); !ok {
				continue
			}
		}
		for at := 0; at < len(rest); {
			line, _, _ := bytes.Cut(rest[at:], []byte("\n"))
			at += len(line) + 1
			if string(bytes.TrimRight(line, " \r")) == fence {
				return rest[min(at, len(rest)):]
			}
		}
	}
	return data
}

func wrapPage(locale, body string) []byte {
	return []byte(`<!DOCTYPE html><html lang="` + template.HTMLEscapeString(locale) + `" dir="` + locales.Direction(locale) + `"><head><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width"><style>body{font:1rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}` +
		`img{max-width:100%}pre{overflow:auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.25rem .5rem}</style></head><body>` + body + "</body></html>")
}

// replace puts elements in the place of the marks that are in the text of a page, and
// removes those that are in titles, attributes, scripts and the like. Images and styles
// lead where links lead them, nil for nowhere else.
func (m marks) replace(page []byte, links *previewLinks) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	raw := "" // the element whose text is no markup
	styled := false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		text := string(z.Raw())
		switch kind {
		case html.StartTagToken:
			tag, _ := z.TagName()
			switch string(tag) {
			case "title", "textarea", "script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "option", "plaintext", "template":
				raw = string(tag)
			case "body":
				raw = ""
			}
			out.WriteString(m.startTag(z, tag, text, links))
			if string(tag) == "body" && !styled {
				styled = true
				out.WriteString(previewStyle)
			}
		case html.SelfClosingTagToken:
			tag, _ := z.TagName()
			out.WriteString(m.startTag(z, tag, text, links))
		case html.EndTagToken:
			if tag, _ := z.TagName(); string(tag) == raw {
				raw = ""
			}
			out.WriteString(m.strip(text))
		case html.TextToken:
			if raw == "" {
				out.WriteString(m.elements(text))
			} else {
				out.WriteString(m.strip(text))
			}
		default:
			out.WriteString(m.strip(text))
		}
	}
	if !styled {
		out.WriteString(previewStyle)
	}
	return out.Bytes()
}

// startTag returns a start tag without marks, whose text is that of the page unless a link
// of it leads elsewhere. The tokenizer has read its name alone.
func (m marks) startTag(z *html.Tokenizer, name []byte, text string, links *previewLinks) string {
	switch string(name) {
	case "img", "source", "link", "video", "image", "input", "body", "table", "td":
	default:
		return m.strip(text)
	}
	t := html.Token{Type: html.StartTagToken, Data: string(name), DataAtom: atom.Lookup(name)}
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		if len(key) > 0 {
			t.Attr = append(t.Attr, html.Attribute{Key: string(key), Val: m.strip(string(value))})
		}
	}
	if strings.HasSuffix(text, "/>") {
		t.Type = html.SelfClosingTagToken
	}
	if changed, ok := links.tag(t); ok {
		return changed
	}
	return m.strip(text)
}

// strip removes the marks.
func (m marks) strip(s string) string {
	return m.each(s, func(string, bool) string { return "" })
}

// elements puts elements in the place of the marks.
func (m marks) elements(s string) string {
	return m.each(s, func(n string, end bool) string {
		if end {
			return "</hexapla-segment>"
		}
		return `<hexapla-segment id="s` + n + `">`
	})
}

func (m marks) each(s string, f func(n string, end bool) string) string {
	if !strings.Contains(s, m.key) {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, "⟦")
		if at < 0 {
			break
		}
		rest := s[at+len("⟦"):]
		end := strings.HasPrefix(rest, "/")
		body, after, ok := strings.Cut(strings.TrimPrefix(rest, "/"), "⟧")
		number, own := strings.CutPrefix(body, m.key)
		if _, err := strconv.Atoi(number); !ok || !own || err != nil {
			b.WriteString(s[:at+len("⟦")])
			s = rest
			continue
		}
		b.WriteString(s[:at] + f(number, end))
		s = after
	}
	b.WriteString(s)
	return b.String()
}
