package xliff

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

func (d *decoder) root12() error {
	return d.children(func(t *xmlscan.Token) error {
		if t.Name.Space == d.core && t.Name.Local == "file" {
			return d.file12(t)
		}
		return d.skip()
	})
}

func (d *decoder) file12(t *xmlscan.Token) error {
	d.ours = attr(t, "tool-id") == toolID
	h := &exchange.Header{
		Skipped: d.skipped,
		Path:    attr(t, "original"), SourceLocale: languageTag(attr(t, "source-language")), TargetLocale: languageTag(attr(t, "target-language")),
		Time: parseTime(attr(t, "date")), Format: strings.TrimPrefix(attr(t, "datatype"), "x-"),
	}
	if d.ours {
		h.SHA256 = attr(t, "build-num")
		if h.Format == "unknown" {
			h.Format = ""
		}
	}
	d.header = h
	space := preserve(t, false)
	err := d.children(func(t *xmlscan.Token) error {
		switch {
		case t.Name.Space != d.core:
			return d.skipPart("extensions of the file")
		case t.Name.Local == "header":
			return d.header12(h)
		case t.Name.Local == "body":
			return d.body12(&group12{preserve: space})
		}
		return d.skip()
	})
	if err != nil {
		return err
	}
	return d.flush()
}

func (d *decoder) header12(h *exchange.Header) error {
	return d.children(func(t *xmlscan.Token) error {
		switch {
		case t.Name.Space != d.core:
		case t.Name.Local == "note":
			n, err := d.note(attr(t, "from"))
			if name, ok := strings.CutPrefix(n.Category, ours+":"); ok && d.ours {
				h.Props = append(h.Props, bitext.Prop{Name: name, Value: n.Text})
			} else {
				h.Notes = append(h.Notes, n)
			}
			return err
		case t.Name.Local == "phase-group":
			return d.children(func(t *xmlscan.Token) error {
				if d.ours && attr(t, "phase-name") == "export" {
					h.Batch = attr(t, "job-id")
					return d.skip()
				}
				return d.skipPart("elements of the header")
			})
		case t.Name.Local == "tool" && d.ours:
			return d.skip()
		}
		return d.skipPart("elements of the header")
	})
}

func (d *decoder) note(category string) (bitext.Note, error) {
	text, err := d.content(nil)
	return bitext.Note{Category: category, Text: text}, err
}

// group12 is what the groups around a trans-unit say.
type group12 struct {
	id, kind, name string
	noTranslate    bool
	preserve       bool
	maxLength      int
	location       string
	notes          []bitext.Note
	comments       []exchange.Comment
	own            props
	foreign        []byte
	line, column   int
}

// body12 reads the body or a group.
func (d *decoder) body12(g *group12) error {
	return d.children(func(t *xmlscan.Token) error {
		if t.Name.Space != d.core {
			var err error
			g.foreign, err = d.capture(g.foreign, t)
			return err
		}
		switch t.Name.Local {
		case "group":
			if err := d.flush(); err != nil {
				return err
			}
			in := &group12{
				id: attr(t, "id"), kind: kindOf(attr(t, "restype")), name: attr(t, "resname"), maxLength: maxLength12(t),
				noTranslate: g.noTranslate || attr(t, "translate") == "no", preserve: preserve(t, g.preserve),
			}
			in.line, in.column = t.Place()
			if !d.ours {
				d.skipped["groups"]++
			}
			if err := d.body12(in); err != nil {
				return err
			}
			return d.flush()
		case "bin-unit":
			d.skipped["binary units"]++
			return d.body12(g)
		case "trans-unit":
			return d.transUnit(t, g)
		case "context-group":
			return d.contextGroup(t, &g.own, &g.location, nil)
		case "note":
			return d.note12(t, g, &g.notes, &g.comments)
		case "bin-source", "bin-target":
			return d.skip()
		}
		return d.skipPart("elements " + t.Name.Local)
	})
}

// note12 reads a note: a comment of a translator or reviewer, or another's.
func (d *decoder) note12(t *xmlscan.Token, g *group12, notes *[]bitext.Note, comments *[]exchange.Comment) error {
	from, onTarget := attr(t, "from"), attr(t, "annotates") == "target"
	priority, _ := strconv.Atoi(attr(t, "priority"))
	n, err := d.note(from)
	if !onTarget && (!exchange.IsReviewWord(from) && (!d.ours || isOurNote(from)) || slices.Contains(g.own, prop{"note-category", from})) {
		*notes = append(*notes, n)
		return err
	}
	c := exchange.Comment{Priority: min(max(priority, 0), 10), OnTarget: onTarget, Text: n.Text}
	if exchange.IsReviewWord(from) {
		c.Category = from
	} else {
		c.Author = from
	}
	*comments = append(*comments, c)
	return err
}

// isOurNote reports whether a category is one of those that our own notes have.
func isOurNote(category string) bool {
	return category == "" || category == "author" || category == "context" || category == "developer"
}

func kindOf(restype string) string { return strings.TrimPrefix(restype, "x-") }

// maxLength12 is a limit in characters, 0 for one in another measure or none.
func maxLength12(t *xmlscan.Token) int {
	if u := attr(t, "size-unit"); u != "glyph" && u != "char" {
		return 0
	}
	n, err := strconv.Atoi(attr(t, "maxwidth"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// contextGroup reads a context-group: ours, a term's, a location, or another's.
func (d *decoder) contextGroup(t *xmlscan.Token, own *props, location *string, terms *[]bitext.TermMark) error {
	purpose := attr(t, "purpose")
	var ps props
	err := d.children(func(t *xmlscan.Token) error {
		name := strings.TrimPrefix(attr(t, "context-type"), "x-")
		text, err := d.content(nil)
		ps = append(ps, prop{name, text})
		return err
	})
	switch {
	case purpose == "x-"+ours:
		*own = append(*own, ps...)
	case purpose == "x-term" && terms != nil:
		*terms = append(*terms, term12(ps))
	case slices.Contains(strings.Fields(purpose), "location") && *location == "":
		var parts []string
		for _, p := range ps {
			parts = append(parts, p.value)
		}
		*location = strings.Join(parts, ":")
	default:
		d.skipped["context groups"]++
	}
	return err
}

func term12(ps props) bitext.TermMark {
	m := bitext.TermMark{Concept: ps.text("concept"), Source: ps.text("source"), DoNotTranslate: ps.text("keep") == "yes", Note: ps.text("note")}
	m.Start, _ = strconv.Atoi(ps.text("start"))
	m.End, _ = strconv.Atoi(ps.text("end"))
	for _, p := range ps {
		switch p.name {
		case "target":
			m.Targets = append(m.Targets, p.value)
		case "forbidden":
			m.Forbidden = append(m.Forbidden, p.value)
		}
	}
	return m
}

// trans is a trans-unit as it was read.
type trans struct {
	id            string
	approved      bool
	noTranslate   bool
	ignorable     bool
	uncut         bool
	source        *inline12
	segSource     *inline12
	target        *inline12
	state         string
	qualifier     string
	targetLocale  string
	notes         []bitext.Note
	comments      []exchange.Comment
	segments      []toolState
	tool          *toolState // what the tool that made the file says of the segment
	own           props
	location      string
	terms         []bitext.TermMark
	matches       []bitext.Match
	matchSegments []string
	foreign       []byte
	mark          *segmentMark // when rewriting
}

func (d *decoder) transUnit(t *xmlscan.Token, g *group12) error {
	tu := trans{
		id: attr(t, "id"), approved: attr(t, "approved") == "yes", noTranslate: attr(t, "translate") == "no",
		ignorable: attr(t, "restype") == "x-ignorable", uncut: attr(t, "restype") == "x-uncut",
	}
	// A unit of ours has its segments in trans-units of its own.
	id, segment := tu.id, ""
	if i := strings.LastIndexByte(id, '/'); i > 0 && (d.ours || id[:i] == g.id) {
		id, segment = id[:i], id[i+1:]
		if g.id != "" && strings.HasPrefix(tu.id, g.id+"/") {
			id, segment = g.id, tu.id[len(g.id)+1:]
		}
	}
	part := id != tu.id
	if !d.ours {
		d.countAttributes(t)
	}
	tu.tool = toolStateOf(t)
	if d.unit == nil || !part || d.key != id {
		if err := d.flush(); err != nil {
			return err
		}
		u := d.begin(t)
		u.ID, d.key = id, id
		u.Kind, u.Name, u.MaxLength, u.Preserve = bitext.Kind(kindOf(attr(t, "restype"))), attr(t, "resname"), maxLength12(t), preserve(t, g.preserve)
		u.NoTranslate = g.noTranslate || tu.noTranslate
		u.Location = g.location
		if part {
			u.Kind, u.Name, u.Preserve, u.NoTranslate = bitext.Kind(g.kind), g.name, g.preserve, g.noTranslate
			if g.id == id {
				u.MaxLength = g.maxLength
				u.Line, u.Column = g.line, g.column
			}
			if k, ok := g.own.get("kind"); ok {
				u.Kind = bitext.Kind(k)
			}
			u.Unit.Locale = g.own.text("locale")
			u.Props = g.own.propsOf()
			if own, ok := g.own.get("id"); ok && g.id == id {
				u.ID = own
			}
		}
		u.Unit.Notes = slices.Clone(g.notes)
		u.Comments = g.own.comments(g.comments)
		u.Extensions = slices.Clone(g.foreign)
	}
	u := d.unit
	line, column := t.Place()
	tu.mark = d.rw.mark(t)
	if err := d.transUnitBody(&tu, g); err != nil {
		return err
	}
	if tu.source == nil {
		problem := "a trans-unit without id has no source"
		if tu.id != "" {
			problem = fmt.Sprintf("the trans-unit %s has no source", tu.id)
		}
		if !part {
			d.unit, d.inUnit = nil, false
		}
		return d.report(diagAt(d.name, line, column, "xliff.trans-unit", "it is left out", "%s", problem))
	}
	if u.Location == "" {
		u.Location = tu.location
	}
	for _, n := range tu.notes {
		if len(u.Unit.Notes) == 0 || !slices.Contains(u.Unit.Notes, n) {
			u.Unit.Notes = append(u.Unit.Notes, n)
		}
	}
	comments := tu.own.comments(tu.comments)
	for i := range comments {
		if comments[i].Segment == "" && part && !d.isUnitComment(tu.own, comments[i]) {
			comments[i].Segment = segment
		}
	}
	u.Comments = append(u.Comments, comments...)
	u.Extensions = append(u.Extensions, tu.foreign...)
	extras := readExtras(tu.own)
	defer d.makeID(&tu)
	for _, in := range []*inline12{tu.source, tu.segSource, tu.target} {
		in.finish(extras)
	}
	if tu.uncut {
		u.Source = tu.source.text()
		return nil
	}
	if d.header.TargetLocale == "" && tu.targetLocale != "" {
		h := *d.header
		h.TargetLocale = tu.targetLocale
		d.header = &h
	}
	if m := tu.mark; m != nil {
		m.segment = len(u.Segments)
		m.texts[0] = &tu.source.textReader
		if tu.target != nil {
			m.texts[1] = &tu.target.textReader
		}
	}
	if !part {
		segment = "s1"
		if d.segmented12(u, &tu) {
			return nil
		}
	}
	addSpace(u, tu.own, "before")
	if m := tu.mark; m != nil {
		m.segment = len(u.Segments)
	}
	s := bitext.Segment{ID: segment, Source: tu.source.text(), Ignorable: tu.ignorable}
	if d.ours && tu.target != nil && len(tu.target.codes) == 0 && d.rw == nil {
		tu.target.recover(s.Source)
	}
	target := d.target12(&tu, "", s.Source, func(in *inline12) bitext.Text { return in.text() })
	target.Terms, target.Matches = tu.terms, tu.matches
	addSegment(u, s, target)
	addSpace(u, tu.own, "after")
	return nil
}

// makeID gives a unit whose trans-unit has no id one that is made of its source, so that
// it is the same whenever the file is read.
func (d *decoder) makeID(tu *trans) {
	if tu.id != "" || d.unit == nil {
		return
	}
	d.unit.ID, d.unit.GeneratedID = d.generated.Content("tu", tu.source.text()), true
	d.key = d.unit.ID
}

// languageTag returns a language as BCP 47 has it, where a tool wrote it with the
// underscore of a POSIX locale: "de_DE".
func languageTag(s string) string {
	if tag := strings.ReplaceAll(s, "_", "-"); !ns.IsLanguage(s) && ns.IsLanguage(tag) {
		return tag
	}
	return s
}

// addSpace adds the bare space that a trans-unit of ours carries.
func addSpace(u *exchange.Unit, own props, where string) {
	for _, p := range own {
		if p.name != where {
			continue
		}
		if id, chars, ok := strings.Cut(p.value, "="); ok && !strings.ContainsAny(p.value, "%&;") && strings.Count(p.value, "=") == 1 {
			// One name and its value, as nearly all are: "i1=+".
			id, chars = strings.ReplaceAll(id, "+", " "), strings.ReplaceAll(chars, "+", " ")
			addSegment(u, bitext.Segment{ID: id, Source: bitext.Plain(chars), Ignorable: true}, bitext.Target{})
			continue
		}
		v, err := url.ParseQuery(p.value)
		if err != nil {
			continue
		}
		for id := range v {
			addSegment(u, bitext.Segment{ID: id, Source: bitext.Plain(v.Get(id)), Ignorable: true}, bitext.Target{})
		}
	}
}

// isUnitComment reports whether our remarks say that a comment is on the whole unit.
func (d *decoder) isUnitComment(own props, c exchange.Comment) bool {
	for _, p := range own {
		if p.name == "comment" && p.value == exchange.EncodeComment(c) {
			return true
		}
	}
	return false
}

// countAttributes counts the attributes of a trans-unit that no field holds.
func (d *decoder) countAttributes(t *xmlscan.Token) {
	for _, a := range t.Attrs {
		switch {
		case a.Space == xmlscan.XML || a.Space == xmlscan.XMLNS:
		case a.Space == "" && slices.Contains(keptAttributes, a.Local):
		default:
			d.skipped["attributes of trans-units"]++
		}
	}
}

var keptAttributes = []string{"id", "approved", "translate", "resname", "restype", "maxwidth", "size-unit"}

func (d *decoder) transUnitBody(tu *trans, g *group12) error {
	return d.children(func(t *xmlscan.Token) error {
		if t.Name.Space != d.core {
			var err error
			from := len(tu.foreign)
			trados := t.Name == xmlscan.Name{Space: nsSDL, Local: "seg-defs"}
			if tu.foreign, err = d.capture(tu.foreign, t); err == nil && trados {
				tu.segments = tradosStates(tu.foreign[from:])
			}
			return err
		}
		var err error
		switch t.Name.Local {
		case "source":
			tu.mark.source(t)
			tu.source, err = d.inline12()
			tu.mark.sourceEnds(d.rw)
		case "seg-source":
			tu.segSource, err = d.inline12()
			tu.mark.sourceEnds(d.rw)
		case "target":
			tu.mark.target(d.rw, t)
			tu.state, tu.qualifier = attr(t, "state"), attr(t, "state-qualifier")
			if lang, ok := t.Attr(xmlscan.XML, "lang"); ok {
				tu.targetLocale = string(lang)
			}
			tu.target, err = d.inline12()
			tu.mark.targetEnds(d.rw)
		case "note":
			from, annotates := attr(t, "from"), attr(t, "annotates")
			switch {
			case from == "glossary" && annotates == "source":
				err = d.skip()
			case from == "location" && annotates == "source":
				tu.location, err = d.content(nil)
			default:
				err = d.note12(t, g, &tu.notes, &tu.comments)
			}
		case "context-group":
			err = d.contextGroup(t, &tu.own, &tu.location, &tu.terms)
		case "alt-trans":
			err = d.altTrans(t, tu)
		default:
			err = d.skipPart("elements " + t.Name.Local)
		}
		return err
	})
}

// target12 makes a target of what a trans-unit says.
// mid is the segment's mark, empty for a trans-unit that is not cut.
func (d *decoder) target12(tu *trans, mid string, source bitext.Text, text func(*inline12) bitext.Text) bitext.Target {
	var t bitext.Target
	if tu.target == nil {
		return t
	}
	t.Text = text(tu.target)
	_, filled := tu.own.get("filled")
	blank := tu.state == "" || tu.state == "new" || tu.state == "needs-translation"
	switch {
	case filled:
	case t.Text.IsEmpty():
		return bitext.Target{}
	case blank && tu.state != "" && t.Text.Equal(source):
		return bitext.Target{} // the source stands in for a target
	}
	t.Filled = true
	state := tu.state
	if _, ok := tu.own.get("stand-in"); ok && state == "new" {
		state = "" // the text that stood in was translated
	}
	t.State, t.SubState = stateOf12(state, tu.qualifier, tu.approved)
	if sub, ok := tu.own.get("sub-state"); ok {
		// It holds as long as the state that it was written with.
		if state, qualifier := state12(t.State, sub); state == tu.state && qualifier == tu.qualifier {
			t.SubState = sub
		}
	}
	setTargetProps(&t, tu.own)
	if !d.ours && t.State == bitext.Initial {
		t.SubState = bitext.SubStateCheck // a draft
	}
	if tool := tu.toolState(mid); tool != nil {
		t.State, t.SubState = tool.state, tool.subState
	}
	if t.Locale == "" && tu.targetLocale != "" && !strings.EqualFold(tu.targetLocale, d.header.TargetLocale) {
		t.Locale = tu.targetLocale
	}
	return t
}

// stateOf12 reads a state of 1.2.
func stateOf12(state, qualifier string, approved bool) (bitext.State, string) {
	s, sub := bitext.Translated, subState12(state, qualifier)
	switch state {
	case "":
		if approved {
			s = bitext.Reviewed
		}
	case "new", "needs-translation":
		s = bitext.Initial
	case "signed-off":
		s = bitext.Reviewed
	case "final":
		s = bitext.Final
	}
	if approved && strings.HasPrefix(state, "needs-") {
		return bitext.Translated, "" // somebody approved it and left the state
	}
	return s, sub
}

func (d *decoder) altTrans(t *xmlscan.Token, tu *trans) error {
	kind := attr(t, "alttranstype")
	quality := strings.TrimSuffix(strings.TrimSpace(attr(t, "match-quality")), "%")
	origin := attr(t, "origin")
	mid := attr(t, "mid")
	var m bitext.Match
	var own props
	var location, state, qualifier string
	var source, target *inline12
	err := d.children(func(t *xmlscan.Token) error {
		var err error
		switch {
		case t.Name.Space != d.core:
			err = d.skip()
		case t.Name.Local == "source":
			source, err = d.inline12()
		case t.Name.Local == "target":
			state, qualifier = attr(t, "state"), attr(t, "state-qualifier")
			target, err = d.inline12()
		case t.Name.Local == "context-group":
			err = d.contextGroup(t, &own, &location, nil)
		default:
			err = d.skip()
		}
		return err
	})
	if err != nil || kind != "" && kind != "proposal" || target == nil {
		d.skipped["alternative translations that are no proposals"]++
		return err
	}
	extras := readExtras(own)
	source.finish(extras)
	target.finish(extras)
	m.Source, m.Target = source.text(), target.text()
	if q, err := strconv.ParseFloat(quality, 64); err == nil && q >= 0 && q <= 100 {
		m.Score = int(q)
	}
	m.State, m.SubState = stateOf12(state, qualifier, false)
	if len(own) > 0 {
		m.Type, m.SubState, m.NotUsable, m.Origin = matchType(own.text("match")), own.text("sub-state"), bitext.Reason(own.text("held")), originOf(own)
	} else {
		m.Origin.Name, m.SubState = origin, ""
		switch {
		case qualifier == "mt-suggestion" || qualifier == "leveraged-mt":
			m.Type = bitext.MTMatch
		case qualifier == "id-match":
			m.Type = bitext.InContextMatch
		case m.Score == 100:
			m.Type = bitext.ExactMatch
		default:
			m.Type = bitext.FuzzyMatch
		}
	}
	tu.matches = append(tu.matches, m)
	tu.matchSegments = append(tu.matchSegments, mid)
	return nil
}

// segmented12 reads the segments that seg-source marks, if the target, where
// there is one, marks them too.
func (d *decoder) segmented12(u *exchange.Unit, tu *trans) bool {
	if tu.segSource == nil || len(tu.segSource.segments) == 0 {
		return false
	}
	source := tu.segSource.text()
	var targets map[string]segment12
	if tu.target != nil && !tu.target.text().IsEmpty() {
		if len(tu.target.segments) == 0 {
			return false
		}
		targets = map[string]segment12{}
		for _, s := range tu.target.segments {
			targets[s.mid] = s
		}
	}
	at := bitext.Boundary{}
	spaces := 0
	space := func(to bitext.Boundary) {
		if part := source.Slice(at, to); !part.IsEmpty() {
			spaces++
			addSegment(u, bitext.Segment{ID: "i" + strconv.Itoa(spaces), Source: part, Ignorable: true}, bitext.Target{})
		}
	}
	for _, s := range tu.segSource.segments {
		space(s.from)
		at = s.to
		part := bitext.Segment{ID: s.mid, Source: source.Slice(s.from, s.to)}
		var target bitext.Target
		if to, ok := targets[s.mid]; ok {
			target = d.target12(tu, s.mid, part.Source, func(in *inline12) bitext.Text { return in.text().Slice(to.from, to.to) })
		}
		if m := tu.mark; m != nil {
			to := targets[s.mid]
			d.rw.inside(m, len(u.Segments), tu.segSource, to, targets != nil && to.mid == s.mid)
		}
		for i, mid := range tu.matchSegments {
			if mid == s.mid || mid == "" && len(tu.segSource.segments) == 1 {
				target.Matches = append(target.Matches, tu.matches[i])
			}
		}
		addSegment(u, part, target)
	}
	space(source.End())
	return true
}
