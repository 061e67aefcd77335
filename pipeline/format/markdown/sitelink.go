package markdown

import (
	"bytes"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	htmlformat "hexapla/pipeline/format/html"
)

// The places of links. An inline link has three of them: what opens its text, all that
// follows the text, and in that its destination. So has a reference, but its destination is
// where it is defined: the name of its end has it. An autolink has two, itself and its
// address. A link in HTML has its address and, if it has one, its attribute hreflang, whose
// name has the offset of the address. The destination of a definition is alone.
const (
	slotLink        = "link" // the destination of a link: inline, in a definition, or an autolink
	slotLinkOpen    = "link.open"
	slotLinkClose   = "link.close"
	slotReference   = "link.reference:"
	slotAutolink    = "link.auto"
	slotTagLink     = "link.tag"
	slotTagLanguage = "link.hreflang:"
)

// linkSlots notes an inline link or a reference, whose text ends at mid.
func (s *splitter) linkSlots(n *ast.Link, at place) {
	if s.Links == nil {
		return
	}
	open := bitext.Slot{Name: slotLinkOpen, Start: at.from, End: at.from + 1}
	if n.Reference != nil {
		if address := string(n.Destination); isPlainAddress(n.Destination) {
			s.slots = append(s.slots, open, bitext.Slot{Name: slotReference + address, Start: at.mid, End: at.to})
		}
		return
	}
	if !bytes.HasPrefix(s.data[at.mid:at.to], []byte("](")) {
		return
	}
	if from, to, ok := s.destination(at.mid+2, at.to-1); ok {
		s.slots = append(s.slots, open, bitext.Slot{Name: slotLink, Start: from, End: to}, bitext.Slot{Name: slotLinkClose, Start: at.mid, End: at.to})
	}
}

// definitionSlot notes the destination of a link reference definition.
func (s *splitter) definitionSlot(n *ast.LinkReferenceDefinition) {
	lines := n.Lines()
	if s.Links == nil || lines.Len() == 0 {
		return
	}
	from, to := lines.At(0).Start, lines.At(lines.Len()-1).Stop
	if i := bytes.Index(s.data[from:to], []byte("]:")); i >= 0 {
		if from, to, ok := s.destination(from+i+2, to); ok {
			s.slots = append(s.slots, bitext.Slot{Name: slotLink, Start: from, End: to})
		}
	}
}

// autolinkSlot notes the address of an autolink, in angle brackets or bare.
func (s *splitter) autolinkSlot(at place) {
	if s.Links == nil || at.to > len(s.data) || at.from >= at.to {
		return
	}
	from, to := at.from, at.to
	if s.data[from] == '<' {
		from, to = from+1, to-1
	}
	if isPlainAddress(s.data[from:to]) {
		s.slots = append(s.slots, bitext.Slot{Name: slotAutolink, Start: at.from, End: at.to}, bitext.Slot{Name: slotLink, Start: from, End: to})
	}
}

// destination returns the place of the destination of a link (CommonMark 0.31, 6.3) that
// begins at an offset, perhaps behind white space. ok is false if it cannot lead to an
// article of the project.
func (s *splitter) destination(from, to int) (start, end int, ok bool) {
	for from < to && isSpaceByte(s.data[from]) {
		from++
	}
	if from >= to {
		return 0, 0, false
	}
	if s.data[from] == '<' {
		if end := bytes.IndexByte(s.data[from:to], '>'); end > 0 {
			return from + 1, from + end, isPlainAddress(s.data[from+1 : from+end])
		}
		return 0, 0, false
	}
	end = from
	for end < to && !isSpaceByte(s.data[end]) {
		end++
	}
	return from, end, isPlainAddress(s.data[from:end])
}

// isPlainAddress reports whether an address may lead to an article of the project. One
// with an escape or in a template is left alone.
func isPlainAddress(address []byte) bool {
	return len(address) > 0 && address[0] != '#' && !bytes.ContainsAny(address, "\\{}<>")
}

// tagLinkSlots notes the address of a link in HTML, at an offset, and its attribute
// hreflang; that is empty if there is none.
func (s *splitter) tagLinkSlots(from, to, nameFrom, valueTo int) {
	if s.Links == nil || from >= to || !isPlainAddress(s.data[from:to]) {
		return
	}
	s.slots = append(s.slots, bitext.Slot{Name: slotTagLink, Start: from, End: to})
	if nameFrom < valueTo {
		s.slots = append(s.slots, bitext.Slot{Name: slotTagLanguage + strconv.Itoa(from), Start: nameFrom, End: valueTo})
	}
}

// blockLinkSlots notes the links of an HTML block that begins at an offset and that the
// HTML format has read.
func (s *splitter) blockLinkSlots(d *bitext.Document, start int) {
	if s.Links == nil {
		return
	}
	for _, l := range htmlformat.Links(d) {
		s.tagLinkSlots(start+l.Start, start+l.End, start+l.LanguageStart, start+l.LanguageEnd)
	}
}

// languagePlace is where the Markdown of a renderer has the language of a link.
type languagePlace uint8

const (
	languageNowhere languagePlace = iota
	languageInList                // an attribute list behind the link
	languageInHTML                // the link becomes one of HTML
)

// linkLanguagePlace returns where a document has room for the language of a link.
// kramdown and python-markdown have attribute lists (https://kramdown.gettalong.org/syntax.html#span-ials,
// https://python-markdown.github.io/extensions/attr_list/). CommonMark lets HTML through;
// Hugo leaves it out if it is not told otherwise, and the text would be no link any more.
func (f *Format) linkLanguagePlace(d *bitext.Document) languagePlace {
	data := bytes.TrimPrefix(d.Skeleton.Data, []byte("\xEF\xBB\xBF"))
	hugo := f.Dialect == DialectGoldmark || f.Dialect == DialectAuto &&
		(bytes.HasPrefix(data, []byte("+++")) || bytes.Contains(data, []byte("{{<")) || bytes.Contains(data, []byte("{{%")))
	switch {
	case f.Dialect == DialectKramdown, f.Dialect == DialectPythonMarkdown && f.HeadingIDs != HeadingIDsAnchor:
		return languageInList
	case hugo && !bytes.Contains(data, []byte("<a ")):
		return languageNowhere
	}
	return languageInHTML
}

// linkWriter writes the links of one edition.
type linkWriter struct {
	doc   *bitext.Document
	tr    *bitext.Translation // nil for the source
	meta  *bitext.EditionMeta
	place languagePlace
	attr  string // the name of the attribute
	edits []bitext.Edit
	html  map[int]bool // the ends of references that have become HTML
	bare  []int        // links whose language nothing declares
	langs []string
	paths []string // articles without an edition in the locale that links lead to
	at    []int    // where the first link to each of them is

	titles  map[int]*bitext.UnitSpan // the titles of links, by where they begin
	defined map[string]definedTitle  // by address
}

// definedTitle is what definitions of an address have as their title.
type definedTitle struct {
	text  string
	clear bool // there is a title or none, the same in all of them, and it can be written in HTML
}

// siteLinks returns the edits that lead the links of a page of a site to editions, with
// their language where it is another one; and the places behind the text of references
// that are references no more.
func (f *Format) siteLinks(d *bitext.Document, tr *bitext.Translation, m *bitext.EditionMeta) ([]bitext.Edit, map[int]bool, []diag.Diagnostic) {
	if m.Link == nil {
		return nil, nil, nil
	}
	w := linkWriter{doc: d, tr: tr, meta: m, place: f.linkLanguagePlace(d), attr: "hreflang", html: map[int]bool{}}
	if f.Dialect.isMDX(d.Path) {
		w.attr = "hrefLang" // of React
	}
	languages := map[string]bitext.Slot{}
	for _, s := range d.Skeleton.Slots {
		if at, ok := strings.CutPrefix(s.Name, slotTagLanguage); ok {
			languages[at] = s
		}
	}
	var open, rest, auto bitext.Slot // the last ones
	within := func(s, in bitext.Slot) bool { return in.Name != "" && s.Start >= in.Start && s.End <= in.End }
	for _, s := range d.Skeleton.Slots {
		reference, isReference := strings.CutPrefix(s.Name, slotReference)
		switch {
		case s.Name == slotLinkOpen:
			open = s
		case s.Name == slotLinkClose:
			rest = s
		case s.Name == slotAutolink:
			auto = s
		}
		if s.Name != slotLink && s.Name != slotTagLink && !isReference {
			continue
		}
		value := html.UnescapeString(string(d.Skeleton.Data[s.Start:s.End]))
		if isReference {
			value = reference
		}
		if m.Site == nil {
			if _, l, ok := m.LinkOutside(value, f.Links); ok && l.URL == "" {
				w.missing(s.Start, l.Path)
				continue
			}
		}
		to, locale, ok := m.LinkTo(value, f.Links)
		if !ok {
			continue
		}
		switch {
		case s.Name == slotTagLink:
			w.tag(s, languages[strconv.Itoa(s.Start)], value, to, locale)
		case isReference:
			w.text(open, s, s, reference, to, locale)
		case within(s, rest) && w.text(open, s, rest, "", to, locale):
		case within(s, auto) && w.autolink(auto, s, to, locale):
		case to != value:
			w.edit(s.Start, s.End, destinationEscaper.Replace(to))
		}
	}
	return w.edits, w.html, w.diagnostics()
}

func (w *linkWriter) edit(start, end int, text string) {
	w.edits = append(w.edits, bitext.Edit{Start: start, End: end, Text: text})
}

// text writes a link with a text: open is its bracket, destination that of an inline link
// and rest all that follows the text; reference is the address of a link whose destination
// is where it is defined. It reports false if the address is still to be written.
func (w *linkWriter) text(open, destination, rest bitext.Slot, reference, to, locale string) bool {
	data := w.doc.Skeleton.Data
	if locale == "" {
		return false
	}
	if w.place == languageInList && !bytes.HasPrefix(data[rest.End:], []byte("{")) {
		w.edit(rest.End-1, rest.End, string(data[rest.End-1])+w.list(locale))
		return false
	}
	if w.place == languageInHTML && !w.beginsLine(open) {
		title, ok := w.titleOf(destination, rest, reference)
		if ok {
			w.edit(open.Start, open.End, w.startTag(to, locale, title))
			w.edit(rest.Start, rest.End, "</a>") // in the place of the title as well
			w.html[rest.Start] = true
			return true
		}
	}
	w.lacks(open.Start, locale)
	return false
}

// beginsLine reports whether the text of a link begins with the end of a line: a tag alone
// on a line would begin an HTML block (CommonMark 0.31, 4.6).
func (w *linkWriter) beginsLine(open bitext.Slot) bool {
	data := w.doc.Skeleton.Data
	return open.End >= len(data) || data[open.End] == '\n' || data[open.End] == '\r'
}

// titleOf returns the title of an inline link or of a reference, as an attribute of HTML in
// quotation marks; it is empty if there is none. ok is false if it has one that is not known
// to be a text: in a template.
func (w *linkWriter) titleOf(destination, rest bitext.Slot, reference string) (title string, ok bool) {
	if destination != rest {
		return w.titleIn(destination.End, rest.End-1)
	}
	if w.defined == nil {
		w.defined = w.definitions()
	}
	d, known := w.defined[reference]
	return d.text, !known || d.clear
}

// definitions returns the titles of the link reference definitions, by their addresses.
func (w *linkWriter) definitions() map[string]definedTitle {
	data := w.doc.Skeleton.Data
	out := map[string]definedTitle{}
	for _, s := range w.doc.Skeleton.Slots {
		if s.Name != slotLink || !isDefinition(data, s.Start) {
			continue
		}
		title, ok := w.titleOfDefinition(s.End)
		key := html.UnescapeString(string(data[s.Start:s.End]))
		if other, known := out[key]; known && other.text != title {
			ok = false // which of them is meant is not known here
		}
		out[key] = definedTitle{title, ok}
	}
	return out
}

// titleOfDefinition is titleIn for a definition whose destination ends at an offset. A next
// line that begins with no title has nothing to do with it.
func (w *linkWriter) titleOfDefinition(at int) (title string, ok bool) {
	data := w.doc.Skeleton.Data
	end := definitionEnd(data, at)
	line := bytes.TrimLeft(data[at:end], "> \t\r")
	if text := bytes.TrimLeft(line, "> \t\r\n"); len(text) > 0 && line[0] == '\n' && strings.IndexByte("\"'(", text[0]) < 0 {
		return "", true
	}
	return w.titleIn(at, end)
}

// isDefinition reports whether a destination at an offset is that of a definition: behind
// "]:" and white space.
func isDefinition(data []byte, at int) bool {
	before := bytes.TrimRight(bytes.TrimSuffix(data[:at], []byte("<")), " \t\r\n>")
	return bytes.HasSuffix(before, []byte("]:"))
}

// definitionEnd returns the end of what may be the title of a definition whose destination
// ends at an offset: that of its line, or of the next one if nothing follows on it.
func definitionEnd(data []byte, at int) int {
	for range 2 {
		end := len(data)
		if n := bytes.IndexByte(data[at:], '\n'); n >= 0 {
			end = at + n
		}
		if line := bytes.Trim(data[at:end], "> \t\r"); len(line) > 0 || end == len(data) {
			return end
		}
		at = end + 1
	}
	return at
}

// titleIn returns the title that begins between two offsets, behind white space.
func (w *linkWriter) titleIn(from, to int) (title string, ok bool) {
	data := w.doc.Skeleton.Data
	at := from
	for at < to && strings.IndexByte("> \t\r\n", data[at]) >= 0 {
		at++
	}
	if at >= to || strings.IndexByte("\"'(", data[at]) < 0 {
		return "", at >= to
	}
	if w.titles == nil {
		w.titles = map[int]*bitext.UnitSpan{}
		for i := range w.doc.Skeleton.Spans {
			if h := &w.doc.Skeleton.Spans[i]; contextOf(h).kind == titleContext {
				w.titles[h.Start] = h
			}
		}
	}
	h := w.titles[at]
	if h == nil {
		return "", false
	}
	var text strings.Builder
	u := &w.doc.Units[h.Unit]
	for i := range u.Segments {
		one := u.Segments[i].Source
		if w.tr != nil && w.tr.Targets[h.Unit][i].Filled {
			one = w.tr.Targets[h.Unit][i].Text
		}
		if len(one.Codes) > 0 {
			return "", false
		}
		text.WriteString(one.Chars)
	}
	if len(u.Segments) == 0 {
		if len(u.Source.Codes) > 0 {
			return "", false
		}
		text.WriteString(u.Source.Chars)
	}
	return encodeAttribute(contextOf(h), `"`, text.String()), true
}

// autolink writes an autolink. It reports false if the address is still to be written.
func (w *linkWriter) autolink(whole, address bitext.Slot, to, locale string) bool {
	inBrackets := whole != bitext.Slot{Name: whole.Name, Start: address.Start, End: address.End}
	switch {
	case locale == "":
	case w.place == languageInHTML:
		w.edit(whole.Start, whole.End, w.startTag(to, locale, "")+html.EscapeString(to)+"</a>")
		return true
	case w.place == languageInList && inBrackets:
		w.edit(whole.End-1, whole.End, ">"+w.list(locale))
	default:
		w.lacks(whole.Start, locale)
	}
	return false
}

// tag writes a link in HTML. language is its attribute hreflang, if it has one.
func (w *linkWriter) tag(s, language bitext.Slot, value, to, locale string) {
	data := w.doc.Skeleton.Data
	if to != value {
		w.edit(s.Start, s.End, destinationEscaper.Replace(to))
	}
	attribute := func(value string) string { return w.attr + `="` + tagSafe(value) + `"` }
	if language.Name == "" {
		if locale != "" && s.End < len(data) && (data[s.End] == '"' || data[s.End] == '\'') {
			w.edit(s.End, s.End+1, string(data[s.End])+" "+attribute(locale))
		}
		return
	}
	_, declared, _ := strings.Cut(string(data[language.Start:language.End]), "=")
	declared = strings.Trim(declared, " \t\r\n\"'")
	switch {
	case locale != "" && declared != locale:
		w.edit(language.Start, language.End, attribute(locale))
	case locale == "" && w.meta.Locale != w.doc.Locale && tag.SameLanguage(declared, w.doc.Locale):
		w.edit(language.Start, language.End, attribute(w.meta.Locale))
	}
}

func (w *linkWriter) list(locale string) string {
	return `{: ` + w.attr + `="` + tagSafe(locale) + `"}`
}

func (w *linkWriter) startTag(to, locale, title string) string {
	tag := `<a href="` + strings.ReplaceAll(destinationEscaper.Replace(to), `"`, "%22") + `" ` + w.attr + `="` + tagSafe(locale) + `"`
	if title != "" {
		tag += " title=" + title
	}
	return tag + ">"
}

// tagSafe returns a language tag without what it cannot have.
func tagSafe(locale string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r < 0x80 && (isAlpha(byte(r)) || '0' <= r && r <= '9') {
			return r
		}
		return -1
	}, locale)
}

// lacks notes a link whose language nothing declares.
func (w *linkWriter) lacks(at int, locale string) {
	w.bare, w.langs = append(w.bare, at), append(w.langs, locale)
}

// missing notes a link to an article that has no edition in the locale.
func (w *linkWriter) missing(at int, path string) {
	if !slices.Contains(w.paths, path) {
		w.paths, w.at = append(w.paths, path), append(w.at, at)
	}
}

// diagnostics reports articles without an edition that links lead to, and the links whose
// language nothing declares, at the first one.
func (w *linkWriter) diagnostics() (out []diag.Diagnostic) {
	if len(w.bare) == 0 && len(w.paths) == 0 {
		return nil
	}
	lines := diag.NewLines(w.doc.Skeleton.Data)
	for i, path := range w.paths {
		line, column := lines.At(w.at[i])
		out = append(out, diag.Diagnostic{
			ID: "markdown.link", Severity: diag.Info, Place: diag.Place{Path: w.doc.Path, Line: line, Column: column},
			Hint: "build again when that article is translated",
		}.Messagef("a link leads to the source's edition of %s, for this locale has none yet", diag.Arg("path", path)))
	}
	if len(w.bare) == 0 {
		return out
	}
	line, column := lines.At(w.bare[0])
	return append(out, diag.Diagnostic{
		ID: "markdown.link-language", Severity: diag.Info, Place: diag.Place{Path: w.doc.Path, Line: line, Column: column},
		Hint: "translate that article; or write the link as HTML: <a href=…>",
	}.Messagef("%d links lead to a page in another language (%s) and do not declare it: Markdown has no place for it here",
		diag.Arg("links", len(w.bare)), diag.Arg("language", w.langs[0])))
}

// destinationEscaper escapes what could end a destination or be read as markup in it,
// as RFC 3986 has it.
var destinationEscaper = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "|", "%7C", `\`, "%5C", " ", "%20", "*", "%2A", "&", "&amp;")
