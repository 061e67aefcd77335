package xliff

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
)

// encoder12 writes XLIFF 1.2.
type encoder12 struct {
	out
	fill   bool // a segment without target gets its source as one
	begun  bool
	header *exchange.Header
	ids    uniqueIDs
}

func (e *encoder12) begin() {
	if !e.begun {
		e.begun = true
		e.writeStrings(`<?xml version="1.0" encoding="UTF-8"?>`, "\n", `<xliff xmlns="`, ns.V12, `" version="1.2">`, "\n")
	}
}

func (e *encoder12) Write(u *exchange.Unit) error {
	if e.err != nil {
		return e.err
	}
	if err := checkUnit(u); err != nil {
		return err
	}
	if err := checkLocales(u.Header); err != nil {
		return err
	}
	e.begin()
	// Two documents of one name are told apart by an id that both have.
	if e.header == nil || !exchange.SameHeader(e.header, u.Header) || e.header != u.Header && e.ids.Has(u.ID) {
		e.endFile()
		e.beginFile(u.Header)
	}
	e.unit(u, e.ids.name(u.ID))
	return e.flush(false)
}

func (e *encoder12) Close() error {
	e.begin()
	if e.header == nil {
		e.writeStrings(`<file original="" source-language="und" datatype="plaintext"><body/></file>`, "\n")
	}
	e.endFile()
	e.writeStrings("</xliff>\n")
	return e.flush(true)
}

// beginFile writes what a document says of itself. The hash of the article's
// bytes is the build number: the build of the product that the text comes from.
func (e *encoder12) beginFile(h *exchange.Header) {
	e.header = h
	e.ids = uniqueIDs{}
	e.writeStrings("<file")
	e.attr("original", h.Path)
	e.attr("source-language", h.SourceLocale)
	e.attrIfSet("target-language", h.TargetLocale)
	e.attr("datatype", datatype(h.Format))
	e.attr("tool-id", toolID)
	e.attrIfSet("date", timeText(h.Time))
	e.attrIfSet("build-num", h.SHA256)
	e.writeStrings(">\n<header>")
	if h.Batch != "" {
		e.writeStrings(`<phase-group><phase phase-name="export" process-name="export" tool-id="`, toolID, `"`)
		e.attr("job-id", h.Batch)
		e.writeStrings("/></phase-group>")
	}
	for _, n := range h.Notes {
		e.note12(n)
	}
	for _, p := range h.Props {
		e.note12(bitext.Note{Category: ours + ":" + p.Name, Text: p.Value})
	}
	e.writeStrings(`<tool tool-id="`, toolID, `" tool-name="Hexapla"/>`)
	e.writeStrings("</header>\n<body>\n")
}

func (e *encoder12) endFile() {
	if e.header != nil {
		e.writeStrings("</body>\n</file>\n")
	}
}

// datatypes are the formats that 1.2 has a word for.
var datatypes = map[string]string{"html": "html", "plaintext": "plaintext", "xhtml": "xhtml", "xml": "xml", "po": "po", "csv": "csv"}

func datatype(format string) string {
	if d := datatypes[format]; d != "" {
		return d
	}
	return extended(format, "x-unknown")
}

// extended is a value of one's own where 1.2 asks for x- and no space.
func extended(s, fallback string) string {
	if s == "" || strings.ContainsAny(s, " \t\r\n") {
		return fallback
	}
	return "x-" + s
}

func (e *encoder12) note12(n bitext.Note) {
	e.writeStrings("<note")
	e.attrIfSet("from", n.Category)
	e.writeStrings(">")
	e.text(n.Text)
	e.writeStrings("</note>")
}

func (e *encoder12) comment12(c exchange.Comment) {
	e.writeStrings("<note")
	e.attr("from", cmp.Or(c.Author, c.Category, "translator"))
	if c.Priority >= 1 && c.Priority <= 10 {
		e.attr("priority", strconv.Itoa(c.Priority))
	}
	if c.OnTarget {
		e.writeStrings(` annotates="target"`)
	}
	e.writeStrings(">")
	e.text(c.Text)
	e.writeStrings("</note>\n")
}

func (e *encoder12) contexts(purpose string, ps props) {
	if len(ps) == 0 {
		return
	}
	e.writeStrings("<context-group")
	e.attr("purpose", purpose)
	e.writeStrings(">")
	for _, p := range ps {
		e.writeStrings("<context")
		e.attr("context-type", "x-"+p.name)
		e.writeStrings(">")
		e.text(p.value)
		e.writeStrings("</context>")
	}
	e.writeStrings("</context-group>\n")
}

// unit writes a unit under an id that its file does not have yet.
func (e *encoder12) unit(u *exchange.Unit, id string) {
	e.writeStrings("<group")
	e.attr("id", id)
	var own props
	if id != u.ID {
		own.add("id", u.ID)
	}
	own.addProps(u.Props)
	for _, n := range u.Unit.Notes {
		if !isOurNote(n.Category) { // else it would pass for a comment
			own.add("note-category", n.Category)
		}
	}
	kind := extended(string(u.Kind), "")
	e.attrIfSet("restype", kind)
	if kind == "" {
		own.add("kind", string(u.Kind))
	}
	e.attrIfSet("resname", u.Name)
	if u.NoTranslate {
		e.attr("translate", "no")
	}
	if u.Preserve {
		e.attr("xml:space", "preserve")
	}
	if u.MaxLength > 0 {
		e.maxWidth(u.MaxLength)
	}
	e.writeStrings(">\n")
	if u.Location != "" {
		e.contexts("location", props{{"place", u.Location}})
	}
	own.add("locale", u.Locale)
	translatable := 0
	for i := range u.Segments {
		if !u.Segments[i].Ignorable {
			translatable++
		}
	}
	if translatable == 0 {
		own.addComments(u.Comments)
	}
	e.contexts("x-"+ours, own)
	if translatable == 0 { // there is no trans-unit that a tool would show them with
		for _, n := range u.Unit.Notes {
			e.note12(n)
		}
		for _, c := range u.Comments {
			e.comment12(c)
		}
	}
	e.buf = append(e.buf, foreign(u.Extensions)...)
	for i := 0; i < len(u.Segments); {
		i += e.segment(u, id, i, translatable)
	}
	if len(u.Segments) == 0 {
		// A group must have something in it, so a unit that is not cut is a
		// trans-unit without a segment's name.
		e.writeStrings("<trans-unit")
		e.attr("id", id+"/")
		e.writeStrings(` translate="no" restype="x-uncut" xml:space="preserve"><source>`)
		var own props
		e.inline12(u.Source, &own, map[string]bool{})
		e.writeStrings("</source>")
		e.contexts("x-"+ours, own)
		e.writeStrings("</trans-unit>\n")
	}
	e.writeStrings("</group>\n")
}

func (e *encoder12) maxWidth(n int) {
	e.writeStrings(` size-unit="glyph" maxwidth="`, strconv.Itoa(n), `"`)
}

// segment writes a segment and the bare space around it; it gives how many segments
// that were.
func (e *encoder12) segment(u *exchange.Unit, id string, i, translatable int) int {
	alone := translatable == 1
	var own props
	first := i
	next := i
	for next < len(u.Segments) && bare(u, next) {
		next++
	}
	if next < len(u.Segments) {
		for ; i < next; i++ {
			own.add("before", spaceText(&u.Segments[i]))
		}
	}
	s, t := &u.Segments[i], &u.Targets[i]
	n := i + 1
	if !s.Ignorable {
		for ; n < len(u.Segments) && bare(u, n); n++ {
			own.add("after", spaceText(&u.Segments[n]))
		}
	}
	e.writeStrings("<trans-unit")
	e.attr("id", id+"/"+s.ID)
	state, qualifier := state12(t.State, t.SubState)
	if t.Filled && t.State >= bitext.Reviewed {
		e.writeStrings(` approved="yes"`)
	}
	if s.Ignorable || u.NoTranslate {
		e.writeStrings(` translate="no"`)
	}
	e.writeStrings(` xml:space="preserve"`)
	if s.Ignorable {
		e.writeStrings(` restype="x-ignorable"`)
	} else if alone && u.MaxLength > 0 {
		e.maxWidth(u.MaxLength)
	}
	e.writeStrings(">\n<source>")
	seen := map[string]bool{}
	e.inline12(s.Source, &own, seen)
	e.writeStrings("</source>\n")
	switch {
	case t.Filled:
		e.writeStrings("<target")
		e.attr("state", state)
		e.attrIfSet("state-qualifier", qualifier)
		e.writeStrings(">")
		e.inline12(t.Text, &own, seen)
		e.writeStrings("</target>\n")
		if got := subState12(state, qualifier); got != t.SubState {
			own = append(own, prop{"sub-state", t.SubState})
		}
		if t.State == bitext.Initial || len(t.Text.Codes) == 0 && t.Text.Chars == "" {
			own.add("filled", "yes") // else it would pass for a segment without target
		}
		targetProps(&own, t)
	case e.fill && !s.Ignorable && !u.NoTranslate:
		own.add("stand-in", "yes") // OmegaT changes the text and leaves the state
		e.writeStrings(`<target state="new">`)
		e.inline12(s.Source, nil, nil)
		e.writeStrings("</target>\n")
	}
	var comments []exchange.Comment
	if !s.Ignorable {
		comments = u.CommentsOn(i)
		own.addComments(comments)
	}
	e.contexts("x-"+ours, own)
	for _, c := range comments {
		e.comment12(c)
	}
	if !s.Ignorable {
		for _, n := range u.Unit.Notes {
			e.note12(n)
			e.writeStrings("\n")
		}
		if u.Location != "" {
			e.writeStrings(`<note from="location" annotates="source">`)
			e.text(u.Location)
			e.writeStrings("</note>\n")
		}
	}
	for j := range t.Terms {
		e.term12(&t.Terms[j])
	}
	for j := range t.Matches {
		e.altTrans(&t.Matches[j])
	}
	e.writeStrings("</trans-unit>\n")
	return n - first
}

// bare reports whether a part of a unit is nothing but space, which no tool need
// show. It goes with a segment beside it.
func bare(u *exchange.Unit, i int) bool {
	s, t := &u.Segments[i], &u.Targets[i]
	return s.Ignorable && len(s.Source.Codes) == 0 && s.Source.IsBlank() && !t.Filled && len(t.Matches) == 0 && len(t.Terms) == 0
}

// spaceText is bare space so that no tool changes it.
func spaceText(s *bitext.Segment) string {
	return url.Values{s.ID: {s.Source.Chars}}.Encode()
}

// term12 writes a term twice: in a note, which tools show, and in contexts, which
// come back whole.
func (e *encoder12) term12(m *bitext.TermMark) {
	ps := props{{"start", strconv.Itoa(m.Start)}, {"end", strconv.Itoa(m.End)}}
	ps.add("concept", m.Concept)
	ps.add("source", m.Source)
	for _, t := range m.Targets {
		ps = append(ps, prop{"target", t})
	}
	for _, t := range m.Forbidden {
		ps = append(ps, prop{"forbidden", t})
	}
	if m.DoNotTranslate {
		ps.add("keep", "yes")
	}
	ps.add("note", m.Note)
	e.contexts("x-term", ps)
	e.writeStrings(`<note from="glossary" annotates="source">`)
	e.text(termText(m))
	e.writeStrings("</note>\n")
}

// termText says for people what a term asks for.
func termText(m *bitext.TermMark) string {
	var b strings.Builder
	b.WriteString(m.Source)
	switch {
	case m.DoNotTranslate:
		b.WriteString(" = " + m.Source)
	case len(m.Targets) > 0:
		b.WriteString(" → " + strings.Join(m.Targets, ", "))
	}
	for _, f := range m.Forbidden {
		b.WriteString("; not " + f)
	}
	if m.Note != "" {
		b.WriteString(". " + m.Note)
	}
	return b.String()
}

func (e *encoder12) altTrans(m *bitext.Match) {
	e.writeStrings("<alt-trans")
	if m.Score != 0 {
		e.attr("match-quality", strconv.Itoa(m.Score))
	}
	origin := m.Origin.Name
	if origin == "" {
		origin = string(m.Origin.Kind)
	}
	e.attrIfSet("origin", origin)
	e.writeStrings(` xml:space="preserve"><source>`)
	own := props{}
	own.add("match", cmp.Or(m.Type.String(), "none"))
	seen := map[string]bool{}
	e.inline12(m.Source, &own, seen)
	e.writeStrings("</source><target")
	state, qualifier := state12(m.State, m.SubState)
	if m.SubState == "" {
		qualifier = matchQualifier[m.Type]
	}
	e.attr("state", state)
	e.attrIfSet("state-qualifier", qualifier)
	e.writeStrings(">")
	e.inline12(m.Target, &own, seen)
	e.writeStrings("</target>")
	own.add("sub-state", m.SubState)
	own.add("held", string(m.NotUsable))
	originProps(&own, &m.Origin)
	e.contexts("x-"+ours, own)
	e.writeStrings("</alt-trans>\n")
}

// matchQualifier is what 1.2 calls each type of match.
var matchQualifier = [...]string{
	bitext.NoMatch: "", bitext.MTMatch: "mt-suggestion", bitext.FuzzyMatch: "fuzzy-match", bitext.ExactMatch: "exact-match", bitext.InContextMatch: "id-match",
}

// state12 is how 1.2 writes a state.
func state12(s bitext.State, sub string) (state, qualifier string) {
	switch s {
	case bitext.Initial:
		state = "needs-translation"
	case bitext.Reviewed:
		state = "signed-off"
	case bitext.Final:
		state = "final"
	default:
		state = "translated"
	}
	switch {
	case sub == bitext.SubStateMT:
		qualifier = "leveraged-mt"
	case sub == bitext.SubStateFuzzy || strings.HasPrefix(sub, bitext.SubStateFuzzy+"-"):
		qualifier = "fuzzy-match"
	case sub == bitext.SubStateExact:
		qualifier = "exact-match"
	case sub == bitext.SubStateAligned:
		qualifier = "leveraged-tm"
	case sub == bitext.SubStateCheck:
	default:
		return state, ""
	}
	if s == bitext.Translated {
		state = "needs-review-translation"
	}
	return state, qualifier
}

// subState12 is the subState that a state and a qualifier of 1.2 say.
func subState12(state, qualifier string) string {
	switch qualifier {
	case "leveraged-mt", "mt-suggestion":
		return bitext.SubStateMT
	case "fuzzy-match":
		return bitext.SubStateFuzzy
	case "exact-match":
		return bitext.SubStateExact
	}
	if strings.HasPrefix(state, "needs-") && state != "needs-translation" || strings.HasPrefix(qualifier, "rejected-") {
		return bitext.SubStateCheck
	}
	return ""
}
