package markdown

import (
	"bytes"
	"html"
	"path"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// The names of a document's slots. Those of front matter fields have the
// language and style of the value after them: "lang yaml double". Name and
// label of a reference are together: "label:the label".
const (
	slotBody       = "body"       // where the Markdown begins
	slotInsert     = "insert "    // where fields may be added; the language follows
	slotLabel      = "label:"     // the closing code of a reference named by its own text
	slotUndirected = "undirected" // where an element of HTML with code can declare a direction
	slotDirection  = "direction"  // the dir attribute of an element of HTML, from left to right as its text is
	slotPage       = "page:"      // the opening code of a wiki link whose text names the page
)

// metaFields are the front matter fields that Document.Meta has, by its names.
var metaFields = map[string]string{
	"title": "title", "description": "description", "date": "date", "slug": "slug", "url": "url", "author": "author", "publish_at": "publish_at", "expire_at": "expire_at",
	"translationkey": "key", "canonical": "canonical", "canonicalurl": "canonical", "canonical_url": "canonical",
}

// editionFields are the fields that an edition sets.
var editionFields = map[string]string{"lang": "lang", "translationkey": "translationKey", "dir": "dir", "translation": "translation"}

// frontMatter reads the front matter, and finds where the body begins.
func (s *splitter) frontMatter() {
	defer func() { s.slots = append(s.slots, bitext.Slot{Name: slotBody, Start: s.start, End: s.start}) }()
	data := s.data[s.start:]
	var fence string
	switch {
	case isFence(data, "---"):
		fence = "---"
	case isFence(data, "+++"):
		fence = "+++"
	case bytes.HasPrefix(data, []byte("{")):
		s.json()
		return
	default:
		return
	}
	from := lineEnd(s.data, s.start)
	to, end := -1, 0
	for at := from; at < len(s.data); at = end {
		end = lineEnd(s.data, at)
		line := string(bytes.TrimRight(s.data[at:end], " \t\r\n"))
		if line == fence || fence == "---" && line == "..." {
			to = at
			break
		}
	}
	looks := fence == "+++" || fieldLine().Match(s.data[from:lineEnd(s.data, from)])
	if to < 0 {
		if looks {
			s.addDiagnostic("markdown.front-matter", diag.Warning, s.start, "close it with a line "+fence, "this front matter is never closed, and is read as text")
		}
		return
	}
	if from < to && len(bytes.TrimSpace(s.data[from:lineEnd(s.data, from)])) == 0 && fence == "---" {
		return // two thematic breaks with text between
	}
	f := front{splitter: s, from: from, to: to}
	var err *frontError
	if fence == "---" {
		err = f.yaml(looks)
	} else {
		err = f.toml()
	}
	switch {
	case err != nil && err.text:
		return
	case err != nil:
		s.pending, s.slots = nil, nil
		s.addDiagnostic("markdown.front-matter", diag.Error, err.at, "correct it; the article has no title or description until then", "front matter does not parse, and is left as it is: %s", diag.Arg("message", err.message))
	}
	s.start = end
}

// frontError reports why front matter does not parse, or, with text set, that it
// is none.
type frontError struct {
	at      int
	message string
	text    bool
}

// fieldLine is what the first line of YAML front matter looks like.
var fieldLine = lazy.Regexp(`^\s*(?:#|["']?[\w.-]+["']?\s*:(?:\s|$)|\{)`)

// isFence reports whether data begins with a line that is only fence.
func isFence(data []byte, fence string) bool {
	if !bytes.HasPrefix(data, []byte(fence)) {
		return false
	}
	return len(bytes.TrimSpace(data[len(fence):lineEnd(data, 0)])) == 0 && lineEnd(data, 0) > len(fence)
}

// front is front matter between its fences.
type front struct {
	*splitter
	from, to int
}

// value is a string in front matter, in its quotation marks if it has any.
type value struct {
	from, to int
	text     string
	context  context
	preserve bool
}

// field takes a value for what the configuration has for its path. list means that
// the path leads through a list.
func (f *front) field(path []string, v value, list bool) {
	name := strings.Join(path, ".")
	switch {
	case list:
	case len(path) == 1:
		f.metaField(path[0], v)
	case len(path) == 2:
		f.momentField(path[0], path[1], v)
	}
	if !f.wanted(path) {
		return
	}
	kind := bitext.Field
	switch strings.ToLower(path[len(path)-1]) {
	case "title":
		kind = bitext.Title
	case "caption":
		kind = bitext.Caption
	}
	if k := f.scalar(v.from, v.to, v.text, kind, v.context, name); k >= 0 {
		f.pending[k].Preserve = v.preserve
		if !list {
			f.pending[k].id = "front." + name
		}
	}
}

// metaField notes a field at the top that we know.
func (f *front) metaField(name string, v value) {
	lower := strings.ToLower(name)
	if m, ok := metaFields[lower]; ok && f.meta[m] == "" {
		f.meta[m] = strings.TrimSpace(v.text)
	}
	if lower == "lang" || lower == "language" || lower == "locale" {
		if f.locale == "" {
			f.locale = strings.TrimSpace(v.text)
		}
	}
	if m, ok := editionFields[lower]; ok {
		f.slots = append(f.slots, bitext.Slot{Name: m + " " + string(v.context.kind) + " " + v.context.style, Start: v.from, End: v.to})
	}
}

// momentField notes a date of one locale: publish_at with a field for each.
func (f *front) momentField(name, locale string, v value) {
	if name = strings.ToLower(name); name == "publish_at" || name == "expire_at" {
		f.meta[name+":"+strings.ToLower(locale)] = strings.TrimSpace(v.text)
	}
}

// wanted reports whether a field is to be translated.
func (f *front) wanted(path []string) bool {
	fields := f.Fields
	if fields == nil {
		fields = DefaultFields()
	}
	last := path[len(path)-1]
	for _, p := range fields {
		if name, ok := strings.CutPrefix(p, "*."); ok {
			if len(path) > 1 && strings.EqualFold(name, last) {
				return true
			}
			continue
		}
		if strings.EqualFold(p, strings.Join(path, ".")) {
			return true
		}
	}
	return false
}

// insert notes where fields can be added.
func (f *front) insert(language string, at int) {
	f.slots = append(f.slots, bitext.Slot{Name: slotInsert + language, Start: at, End: at})
}

// metaEdits gives the edits that write an edition's metadata.
func (f *Format) metaEdits(d *bitext.Document, meta *bitext.EditionMeta) ([]bitext.Edit, []diag.Diagnostic) {
	want := []struct{ name, value string }{{"lang", meta.Locale}, {"translationKey", meta.Key}, {"dir", meta.Dir}}
	if meta.Machine != nil {
		want = append(want, struct{ name, value string }{"translation", "machine"})
	}
	var edits []bitext.Edit
	var insert *bitext.Slot
	have := map[string]bool{}
	body := 0
	for i := range d.Skeleton.Slots {
		s := &d.Skeleton.Slots[i]
		if s.Name == slotBody {
			body = s.Start
		}
		if strings.HasPrefix(s.Name, slotInsert) {
			insert = s
		}
		if s.Name == slotDirection && meta.Dir == "rtl" && tag.Direction(d.Locale) == "ltr" {
			edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: `dir="rtl"`})
		}
		if s.Name == slotUndirected && meta.Dir == "rtl" && tag.Direction(d.Locale) == "ltr" {
			edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: ` dir="ltr"`})
		}
		name, language, ok := strings.Cut(s.Name, " ")
		if !ok || strings.HasPrefix(s.Name, slotLabel) || strings.HasPrefix(s.Name, slotPage) {
			continue
		}
		for _, w := range want {
			if w.name != name {
				continue
			}
			have[name] = true
			if w.value == "" || language == "other" {
				continue
			}
			kind, style, _ := strings.Cut(language, " ")
			was := string(d.Skeleton.Data[s.Start:s.End])
			text := encodeValue(context{kind: contextKind(kind), style: style}, was, w.value)
			if was == "" {
				text = " " + text
			}
			edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: text})
		}
	}
	newline := "\n"
	if n := bytes.IndexByte(d.Skeleton.Data, '\n'); n > 0 && d.Skeleton.Data[n-1] == '\r' {
		newline = "\r\n"
	}
	edits = append(edits, notices(d, meta, body, newline)...)
	if f.DirWrapper && meta.Dir == "rtl" {
		end := newline + "</div>" + newline
		if data := d.Skeleton.Data; len(data) > 0 && data[len(data)-1] != '\n' {
			end = newline + end
		}
		edits = append(edits,
			bitext.Edit{Start: body, End: body, Text: `<div lang="` + html.EscapeString(meta.Locale) + `" dir="rtl">` + newline + newline},
			bitext.Edit{Start: len(d.Skeleton.Data), End: len(d.Skeleton.Data), Text: end})
	}
	var missing []struct{ name, value string }
	for _, w := range want {
		if have[w.name] || w.value == "" || w.name == "dir" && w.value != "rtl" {
			continue
		}
		missing = append(missing, w)
	}
	if len(missing) == 0 {
		return edits, nil
	}
	language := "yaml"
	at := body
	var before, after string
	switch {
	case insert != nil:
		language, at = strings.TrimPrefix(insert.Name, slotInsert), insert.Start
	case f.CreateFrontMatter:
		before, after = "---"+newline, "---"+newline+newline
	default:
		return edits, []diag.Diagnostic{{
			ID: "markdown.no-front-matter", Severity: diag.Info, Place: diag.Place{Path: d.Path},
			Message: "the edition does not name its language, because the article has no front matter to write it to",
			Hint:    "add front matter, if only two lines ---, or set markdown.create_front_matter",
		}}
	}
	text := before
	for i, w := range missing {
		text += insertion(language, w.name, w.value, newline, i == 0)
	}
	// What is at the body's beginning comes after the front matter.
	return append([]bitext.Edit{{Start: at, End: at, Text: text + after}}, edits...), nil
}

// insertion is a new field in the language of the front matter.
func insertion(language, name, value, newline string, first bool) string {
	language, style, _ := strings.Cut(language, " ")
	switch language {
	case "toml":
		return name + " = " + encodeTOML(`""`, value) + newline
	case "json":
		comma := ", "
		if first && style == "empty" {
			comma = ""
		}
		return comma + encodeJSON(name) + ": " + encodeJSON(value)
	}
	indent := ""
	switch {
	case style == "flow":
		return ", " + name + ": " + encodeYAML("flow", "", value)
	case style == "flow-empty":
		comma := ", "
		if first {
			comma = ""
		}
		return comma + name + ": " + encodeYAML("flow", "", value)
	case style != "":
		indent = strings.Repeat(" ", len(style))
	}
	return indent + name + ": " + encodeYAML("plain", "", value) + newline
}

// isMDX reports whether the document at a path is MDX.
func (d Dialect) isMDX(p string) bool {
	return d == DialectMDX || strings.EqualFold(path.Ext(p), ".mdx")
}
