package xliff

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
)

// encoder2 writes XLIFF 2.0, 2.1 or 2.2. The last has a namespace of its own, and the
// modules of the others.
type encoder2 struct {
	out
	version string
	begun   bool
	files   int
	first   *exchange.Header // whose languages are those of the whole file
	header  *exchange.Header
	ids     uniqueIDs

	scope, proposal scope // used again for each unit and match
}

func (e *encoder2) begin(source, target string) {
	e.begun = true
	core := ns.V2
	if e.version == "2.2" {
		core = ns.V22
	}
	e.writeStrings(`<?xml version="1.0" encoding="UTF-8"?>`, "\n", `<xliff xmlns="`, core, `" xmlns:mda="`, ns.MDA, `" xmlns:mtc="`, ns.MTC,
		`" xmlns:gls="`, ns.GLS, `" xmlns:slr="`, ns.SLR, `" xmlns:val="`, ns.VAL, `" version="`, e.version, `"`)
	e.attr("srcLang", source)
	e.attrIfSet("trgLang", target)
	e.writeStrings(">\n")
}

func (e *encoder2) Write(u *exchange.Unit) error {
	if e.err != nil {
		return e.err
	}
	if err := checkUnit(u); err != nil {
		return err
	}
	if err := checkLocales(u.Header); err != nil {
		return err
	}
	if !e.begun {
		e.first = u.Header
		e.begin(u.SourceLocale, u.TargetLocale)
	}
	if u.SourceLocale != e.first.SourceLocale || u.TargetLocale != e.first.TargetLocale {
		return fmt.Errorf("xliff: %s is %s to %s, but the file is %s to %s: an XLIFF 2 file has one pair of languages",
			u.Path, u.SourceLocale, u.TargetLocale, e.first.SourceLocale, e.first.TargetLocale)
	}
	if u.TargetLocale == "" {
		for i := range u.Targets {
			if u.Targets[i].Filled {
				return fmt.Errorf("xliff: unit %s of %s has a target, but the file no target language", u.ID, u.Path)
			}
		}
	}
	// Two documents of one name are told apart by an id that both have.
	if e.header == nil || !exchange.SameHeader(e.header, u.Header) || e.header != u.Header && e.ids.Has(nmtoken(u.ID)) {
		e.endFile()
		e.beginFile(u.Header)
	}
	if err := e.unit(u); err != nil {
		return err
	}
	if len(e.holes) > 0 && !e.fillHoles(len(e.buf) > heldBack) {
		return nil
	}
	return e.flush(false)
}

// heldBack is how many bytes wait for the units that codes in them name.
const heldBack = 1 << 20

// fillHoles writes what all units have come for; whatever is still missing then,
// if it is not to be waited for, is left out. It reports whether nothing waits.
func (e *encoder2) fillHoles(now bool) bool {
	known := func(h hole) bool {
		return !slices.ContainsFunc(h.units, func(id string) bool { return !e.ids.Has(id) })
	}
	if !now && slices.ContainsFunc(e.holes, func(h hole) bool { return !known(h) }) {
		return false
	}
	var filled []byte
	at := 0
	for _, h := range e.holes {
		if known(h) {
			filled = append(append(filled, e.buf[at:h.at]...), h.text...)
			at = h.at
		}
	}
	if at > 0 {
		e.buf = append(filled, e.buf[at:]...)
	}
	e.holes = e.holes[:0]
	return true
}

func (e *encoder2) Close() error {
	if !e.begun {
		e.begin("und", "")
		e.writeStrings(`<file id="f1"><group id="empty"/></file>`, "\n")
	}
	e.endFile()
	e.writeStrings("</xliff>\n")
	return e.flush(true)
}

func (e *encoder2) beginFile(h *exchange.Header) {
	e.header = h
	e.ids = uniqueIDs{}
	e.files++
	e.writeStrings(`<file id="f`, strconv.Itoa(e.files), `"`)
	e.attrIfSet("original", h.Path)
	e.writeStrings(">\n")
	// Lengths are counted in code points, of which a text has no fewer than
	// characters that people see: what keeps to the limit in these keeps to it.
	e.writeStrings(`<slr:profiles generalProfile="xliff:codepoints"><slr:normalization general="nfc"/></slr:profiles>`, "\n")
	var own props
	own.add("format", h.Format)
	own.add("sha256", h.SHA256)
	own.add("batch", h.Batch)
	own.add("time", timeText(h.Time))
	own.addProps(h.Props)
	if len(own) > 0 {
		e.writeStrings("<mda:metadata>")
		e.metaGroup("document", own)
		e.writeStrings("</mda:metadata>\n")
	}
	e.notes(h.Notes, nil, "")
}

func (e *encoder2) endFile() {
	e.fillHoles(true)
	if e.header != nil {
		e.writeStrings("</file>\n")
	}
}

// metaGroup writes remarks of ours.
func (e *encoder2) metaGroup(category string, ps props) {
	if len(ps) == 0 {
		return
	}
	e.writeStrings("<mda:metaGroup")
	e.attr("category", ours+":"+category)
	e.writeStrings(">")
	for _, p := range ps {
		e.writeStrings("<mda:meta")
		e.attr("type", p.name)
		e.writeStrings(">")
		e.text(p.value)
		e.writeStrings("</mda:meta>")
	}
	e.writeStrings("</mda:metaGroup>\n")
}

// locationNote is the id of the note that says where a unit stands.
const locationNote = "location"

func (e *encoder2) notes(notes []bitext.Note, comments []exchange.Comment, location string) {
	if len(notes) == 0 && len(comments) == 0 && location == "" {
		return
	}
	e.writeStrings("<notes>")
	if location != "" {
		e.writeStrings(`<note id="`, locationNote, `" category="location">`)
		e.text(location)
		e.writeStrings("</note>")
	}
	for i, n := range notes {
		e.writeStrings(`<note id="n`, strconv.Itoa(i+1), `"`)
		e.attrIfSet("category", n.Category)
		e.writeStrings(">")
		e.text(n.Text)
		e.writeStrings("</note>")
	}
	for i, c := range comments {
		e.writeStrings(`<note id="c`, strconv.Itoa(i+1), `"`)
		e.attr("category", cmp.Or(c.Category, "comment"))
		if c.Priority >= 1 && c.Priority <= 10 {
			e.attr("priority", strconv.Itoa(c.Priority))
		}
		if c.OnTarget {
			e.writeStrings(` appliesTo="target"`)
		}
		e.writeStrings(">")
		e.text(c.Text)
		e.writeStrings("</note>")
	}
	e.writeStrings("</notes>\n")
}

// extensions returns the unit's extensions as they may stand in it: groups of
// metadata, and other elements. Ids in extensions must differ inside a unit (XLIFF
// 2.1, 4.3.1.15), as those of 1.2 need not: elements that cannot stand there are a
// text among our remarks.
func (e *encoder2) extensions(u *exchange.Unit, own *props) (groups, others []byte) {
	all := foreign(u.Extensions)
	if !uniqueExtensionIDs(all) {
		own.add("extensions", string(all))
		return nil, nil
	}
	return splitForeign(all, len(kept(u)) == 0)
}

func (e *encoder2) unit(u *exchange.Unit) error {
	id := e.ids.name(nmtoken(u.ID))
	var own props
	if id != u.ID {
		own.add("id", u.ID)
	}
	own.addProps(u.Props)
	own.addComments(u.Comments)
	sc := &e.scope
	sc.unit(u, &own)

	e.writeStrings("<unit")
	e.attr("id", id)
	e.attrIfSet("name", u.Name)
	if u.NoTranslate {
		e.writeStrings(` translate="no"`)
	}
	if kind := ours + ":" + string(u.Kind); ns.IsUserDefined(kind) {
		e.attr("type", kind)
	} else {
		own.add("kind", string(u.Kind))
	}
	if u.Preserve {
		e.writeStrings(` xml:space="preserve"`)
	}
	if u.MaxLength > 0 {
		e.writeStrings(` slr:sizeRestriction="`, strconv.Itoa(u.MaxLength), `"`)
	}
	e.writeStrings(">\n")
	own.add("locale", u.Unit.Locale)
	e.matches(u, sc)
	e.glossary(u, sc)
	groups, others := e.extensions(u, &own)
	e.metadata(u, sc, append(own, sc.codes...), groups)
	e.validation(u)
	e.buf = append(e.buf, others...)
	e.notes(u.Unit.Notes, u.Comments, u.Location)
	sc.originalData(&e.out)
	for i := range sc.parts {
		e.part(u, sc, &sc.parts[i])
	}
	e.writeStrings("</unit>\n")
	return nil
}

func (e *encoder2) metadata(u *exchange.Unit, sc *scope, own props, groups []byte) {
	from := len(e.buf)
	e.writeStrings("<mda:metadata>\n")
	begun := len(e.buf)
	e.metaGroup("unit", own)
	for i := range u.Segments {
		p := &sc.parts[i]
		var ps props
		if p.id != u.Segments[i].ID {
			ps.add("id", u.Segments[i].ID)
		}
		t := &u.Targets[i]
		if t.Filled {
			if t.Text.IsEmpty() && (t.State == bitext.Initial || p.ignorable) {
				ps.add("filled", "yes")
			}
			if p.ignorable && t.State != bitext.Initial {
				ps.add("state", t.State.String())
			}
			if t.SubState != "" && (p.ignorable || !ns.IsUserDefined(t.SubState)) {
				ps.add("sub-state", t.SubState)
			}
		}
		targetProps(&ps, t)
		e.metaGroup("segment:"+p.id, ps)
	}
	e.buf = append(e.buf, groups...)
	if len(e.buf) == begun {
		e.buf = e.buf[:from]
		return
	}
	e.writeStrings("</mda:metadata>\n")
}

// part writes a segment or an ignorable.
func (e *encoder2) part(u *exchange.Unit, sc *scope, p *part) {
	name := "segment"
	if p.ignorable {
		name = "ignorable"
	}
	e.writeStrings("<", name)
	e.attr("id", p.id)
	t := &bitext.Target{}
	if p.at >= 0 {
		t = &u.Targets[p.at]
	}
	if t.Filled && !p.ignorable {
		e.attr("state", t.State.String())
		if ns.IsUserDefined(t.SubState) {
			e.attr("subState", t.SubState)
		}
	}
	e.writeStrings(">")
	space := ""
	if !u.Preserve && (fragile(p.source.text.Chars) || p.target != nil && fragile(p.target.text.Chars)) {
		space = ` xml:space="preserve"`
	}
	e.writeStrings("<source", space, ">")
	sc.write(&e.out, &p.source)
	e.writeStrings("</source>")
	if p.target != nil {
		e.writeStrings("<target", space, ">")
		sc.write(&e.out, p.target)
		e.writeStrings("</target>")
	}
	e.writeStrings("</", name, ">\n")
}

// fragile reports whether a tool that may change white space would change s.
func fragile(s string) bool {
	return strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") || strings.Contains(s, "  ") || strings.ContainsAny(s, "\t\n\r")
}

// matches writes the proposals of all segments.
func (e *encoder2) matches(u *exchange.Unit, sc *scope) {
	begun := false
	for i := range u.Targets {
		for j := range u.Targets[i].Matches {
			if !begun {
				e.writeStrings("<mtc:matches>\n")
				begun = true
			}
			e.match(&u.Targets[i].Matches[j], sc.parts[i].id)
		}
	}
	if begun {
		e.writeStrings("</mtc:matches>\n")
	}
}

// matchWords are the types of the translation candidates module.
var matchWords = [...]string{bitext.NoMatch: "other", bitext.MTMatch: "mt", bitext.FuzzyMatch: "tm", bitext.ExactMatch: "tm", bitext.InContextMatch: "icm"}

func (e *encoder2) match(m *bitext.Match, ref string) {
	var own props
	own.add("state", m.State.String())
	own.add("sub-state", m.SubState)
	own.add("held", string(m.NotUsable))
	originProps(&own, &m.Origin)
	sc := &e.proposal
	sc.match(m)
	e.writeStrings("<mtc:match")
	e.attr("ref", "#"+ref)
	e.attr("type", matchWords[m.Type])
	if m.Type != bitext.NoMatch {
		e.attr("subType", ours+":"+m.Type.String())
	}
	if m.Score > 0 && m.Score <= 100 {
		score := strconv.Itoa(m.Score)
		if m.Type != bitext.MTMatch {
			e.attr("similarity", score)
		}
		e.attr("matchQuality", score)
	} else if m.Score != 0 {
		own.add("score", strconv.Itoa(m.Score))
	}
	origin := m.Origin.Name
	if origin == "" {
		origin = string(m.Origin.Kind)
	}
	e.attrIfSet("origin", origin)
	e.writeStrings(">")
	e.writeStrings("<mda:metadata>")
	e.metaGroup("match", append(own, sc.codes...))
	e.writeStrings("</mda:metadata>")
	sc.originalData(&e.out)
	p := &sc.parts[0]
	space := ""
	if fragile(p.source.text.Chars) || fragile(p.target.text.Chars) {
		space = ` xml:space="preserve"`
	}
	e.writeStrings("<source", space, ">")
	sc.write(&e.out, &p.source)
	e.writeStrings("</source><target", space, ">")
	sc.write(&e.out, p.target)
	e.writeStrings("</target></mtc:match>\n")
}

// glossary writes the terms of all segments.
func (e *encoder2) glossary(u *exchange.Unit, sc *scope) {
	begun := false
	for i := range u.Targets {
		for j := range u.Targets[i].Terms {
			if !begun {
				e.writeStrings("<gls:glossary>\n")
				begun = true
			}
			e.term(&u.Targets[i].Terms[j], &sc.parts[i], j)
		}
	}
	if begun {
		e.writeStrings("</gls:glossary>\n")
	}
}

func (e *encoder2) term(m *bitext.TermMark, p *part, j int) {
	var own props
	own.add("concept", m.Concept)
	for _, f := range m.Forbidden {
		own = append(own, prop{"forbidden", f})
	}
	if m.DoNotTranslate {
		own.add("keep", "yes")
	}
	ref := p.marks[j]
	if ref == "" {
		ref = p.id
		own.add("start", strconv.Itoa(m.Start))
		own.add("end", strconv.Itoa(m.End))
	}
	e.writeStrings("<gls:glossEntry")
	e.attr("ref", "#"+ref)
	e.writeStrings("><gls:term>")
	e.text(m.Source)
	e.writeStrings("</gls:term>")
	for _, t := range m.Targets {
		e.writeStrings("<gls:translation>")
		e.text(t)
		e.writeStrings("</gls:translation>")
	}
	if m.Note != "" || len(m.Targets) == 0 {
		e.writeStrings("<gls:definition>")
		e.text(m.Note)
		e.writeStrings("</gls:definition>")
	}
	if len(own) > 0 {
		e.writeStrings("<mda:metadata>")
		e.metaGroup("term", own)
		e.writeStrings("</mda:metadata>")
	}
	e.writeStrings("</gls:glossEntry>\n")
}

// kept are the words that the target of a unit must have: terms to be kept as they
// are. A rule is for a whole unit, so one of several segments says nothing.
func kept(u *exchange.Unit) []string {
	var words []string
	n := 0
	for i := range u.Translatable() {
		n++
		for _, m := range u.Targets[i].Terms {
			if m.DoNotTranslate && m.Source != "" {
				words = append(words, m.Source)
			}
		}
	}
	if n != 1 {
		return nil
	}
	return words
}

func (e *encoder2) validation(u *exchange.Unit) {
	words := kept(u)
	if len(words) == 0 {
		return
	}
	e.writeStrings("<val:validation>")
	for _, w := range words {
		e.writeStrings("<val:rule")
		e.attr("isPresent", w)
		e.writeStrings("/>")
	}
	e.writeStrings("</val:validation>\n")
}
