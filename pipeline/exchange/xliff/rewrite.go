package xliff

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// Rewrite copies a file of any version and origin from r to w, and lets edit change
// the targets of each unit on the way: their Text, Filled, State and SubState. What
// edit leaves as it is comes back byte for byte, in the encoding that it came in:
// other tools' elements and attributes, comments, white space, order, prefixes.
// Annotations (mrk, or sm and em) inside a target that changes lose their span: they
// stand empty at its end, so that references to them hold; those that go on from or
// into another segment have the whole target.
//
// An error of edit ends the copy and is returned. It is an error if a new target has
// a code that its unit does not have, has one twice, or crosses codes that the file
// writes as one element around their content. Memory is bounded as in decoding.
func Rewrite(name string, r io.Reader, w io.Writer, edit func(*exchange.Unit) error) error {
	d := newDecoder(name, r)
	d.rw = &rewriter{w: w, edit: edit}
	d.yield = func(*exchange.Unit, error) bool { return true } // a unit that cannot be read is copied
	err := d.document()
	if d.rw.err != nil {
		return d.rw.err
	}
	if err != nil {
		return err
	}
	return d.rw.close()
}

// span is a range of bytes in rewriter.buf.
type span struct{ from, to int }

// rewriter holds the bytes of the unit that is being read, and where what may be
// changed stands in them.
type rewriter struct {
	w             io.Writer
	edit          func(*exchange.Unit) error
	begun         bool
	encoderCloser io.Closer // of an encoder between us and w
	buf           []byte
	last          int // where the token that has just been read begins
	marks         []*segmentMark
	err           error
}

// copyToken adds the bytes of a token.
func (rw *rewriter) copyToken(d *decoder, t *xmlscan.Token) error {
	if !rw.begun {
		rw.begun = true
		if err := rw.encode(d.Encoding()); err != nil {
			return err
		}
	}
	if !d.inUnit && len(rw.buf) > flushAt {
		rw.write(rw.buf)
		rw.buf = rw.buf[:0]
	}
	rw.last = len(rw.buf)
	rw.buf = append(rw.buf, t.Raw...)
	return rw.err
}

// encode makes w write the encoding that the file came in.
func (rw *rewriter) encode(name string, bom bool) error {
	var e encoding.Encoding
	switch name {
	case "utf-8":
		if bom {
			rw.write([]byte("\ufeff"))
		}
		return nil
	case "utf-16le", "utf-16be":
		endian, policy := unicode.LittleEndian, unicode.IgnoreBOM
		if name == "utf-16be" {
			endian = unicode.BigEndian
		}
		if bom {
			policy = unicode.UseBOM
		}
		e = unicode.UTF16(endian, policy)
	default:
		var err error
		if e, err = htmlindex.Get(name); err != nil {
			return fmt.Errorf("xliff: %w", err)
		}
	}
	encoder := e.NewEncoder()
	if name != "utf-16le" && name != "utf-16be" {
		encoder = encoding.HTMLEscapeUnsupported(encoder) // as character references
	}
	tw := transform.NewWriter(rw.w, encoder)
	rw.w, rw.encoderCloser = tw, tw
	return nil
}

func (rw *rewriter) write(b []byte) {
	if rw.err == nil && len(b) > 0 {
		_, rw.err = rw.w.Write(b)
	}
}

func (rw *rewriter) close() error {
	rw.write(rw.buf)
	if rw.err == nil && rw.encoderCloser != nil {
		rw.err = rw.encoderCloser.Close()
	}
	return rw.err
}

// begin starts a unit with the tag that has just been read.
func (rw *rewriter) begin() {
	rw.write(rw.buf[:rw.last])
	n := copy(rw.buf, rw.buf[rw.last:])
	rw.buf, rw.last = rw.buf[:n], 0
	rw.marks = nil
}

// here is where the token that has just been read begins, after where it ends.
func (rw *rewriter) here() int {
	if rw == nil {
		return 0
	}
	return rw.last
}

func (rw *rewriter) after() int {
	if rw == nil {
		return 0
	}
	return len(rw.buf)
}

func (rw *rewriter) since(at int) string { return string(rw.buf[at:]) }

// tag makes the tag that has just been read the raw form of the last code; it
// gives its place among them.
func (rw *rewriter) tag(raw []string) int {
	if rw != nil {
		raw[len(raw)-1] = rw.since(rw.last)
	}
	return len(raw) - 1
}

// endTag makes the end tag that has just been read the raw form of the last code.
// An element written as one tag becomes two.
func (rw *rewriter) endTag(raw []string, start int) {
	if rw == nil {
		return
	}
	raw[start], raw[len(raw)-1] = twoTags(raw[start], rw.since(rw.last))
}

// twoTags gives the tags of an element, which may have been written as one.
func twoTags(start, end string) (string, string) {
	tag, ok := strings.CutSuffix(start, "/>")
	if !ok {
		return start, end
	}
	name := tag[1:]
	if i := strings.IndexAny(name, " \t\r\n"); i >= 0 {
		name = name[:i]
	}
	return tag + ">", "</" + name + ">"
}

// annotation keeps the tag of a mrk or sm that has just been read; it gives its
// place, -1 when not rewriting.
func (rw *rewriter) annotation(r *textReader, id string) int {
	if rw == nil {
		return -1
	}
	r.notes = append(r.notes, annotation{id: id, open: rw.since(rw.last)})
	return len(r.notes) - 1
}

// annotationEnds keeps the end tag that has just been read.
func (rw *rewriter) annotationEnds(r *textReader, note int) {
	if note >= 0 {
		n := &r.notes[note]
		n.open, n.shut = twoTags(n.open, rw.since(rw.last))
	}
}

// annotationHalf keeps an em, which begins at a place in the buffer.
func (rw *rewriter) annotationHalf(r *textReader, id string, at int) {
	if rw == nil {
		return
	}
	for i := range r.notes {
		if n := &r.notes[i]; n.id == id && n.shut == "" {
			n.shut = rw.since(at)
			return
		}
	}
	r.notes = append(r.notes, annotation{id: id, shut: rw.since(at)})
}

// segmentMark is where the parts of a segment (2.x) or trans-unit (1.2) stand.
type segmentMark struct {
	segment   int // in Unit.Segments
	tag       tagMark
	sourceEnd int
	prefix    string // of the source element, with its colon
	hasTarget bool
	empty     bool // the target is one tag
	to        tagMark
	whole     span // the target with its tags
	inside    span // its content
	texts     [2]*textReader
	only      bool // a part of a target that has other segments too
	missing   bool // such a part that is not there
}

// tagMark is a start tag and where its attributes are in it.
type tagMark struct {
	span
	attrs []xmlscan.Attr // values are not kept
}

func (rw *rewriter) tagMark(t *xmlscan.Token) tagMark {
	m := tagMark{span: span{rw.last, len(rw.buf)}, attrs: slices.Clone(t.Attrs)}
	for i := range m.attrs {
		m.attrs[i].Value = nil
	}
	return m
}

// mark begins a segment; without a rewriter there is nothing to mark.
func (rw *rewriter) mark(t *xmlscan.Token) *segmentMark {
	if rw == nil {
		return nil
	}
	m := &segmentMark{tag: rw.tagMark(t), segment: -1}
	rw.marks = append(rw.marks, m)
	return m
}

func (m *segmentMark) source(t *xmlscan.Token) {
	if m != nil && t.Prefix != "" {
		m.prefix = t.Prefix + ":"
	}
}

func (m *segmentMark) sourceEnds(rw *rewriter) {
	if m != nil {
		m.sourceEnd = len(rw.buf)
	}
}

func (m *segmentMark) target(rw *rewriter, t *xmlscan.Token) {
	if m != nil {
		m.hasTarget, m.empty = true, t.Empty
		m.to = rw.tagMark(t)
		m.whole.from, m.inside.from = rw.last, len(rw.buf)
	}
}

func (m *segmentMark) targetEnds(rw *rewriter) {
	if m != nil {
		m.inside.to, m.whole.to = rw.last, len(rw.buf)
		if m.empty {
			m.inside = span{m.whole.to, m.whole.to}
		}
	}
}

// inside adds a mark for one of several segments that stand in one target of 1.2.
func (rw *rewriter) inside(m *segmentMark, segment int, source *inline12, to segment12, found bool) {
	part := *m
	part.segment, part.only, part.missing = segment, true, !found
	part.inside = to.inside
	part.texts[0] = &source.textReader
	rw.marks = append(rw.marks, &part)
	m.segment = -1
}

// patch replaces bytes.
type patch struct {
	span
	text string
}

// unit lets edit at a unit and writes it.
func (rw *rewriter) unit(d *decoder, u *exchange.Unit) error {
	before := make([]bitext.Target, len(u.Targets))
	for i := range u.Targets {
		before[i] = u.Targets[i]
		before[i].Text = u.Targets[i].Text.Clone()
	}
	if rw.err = rw.edit(u); rw.err != nil {
		return stop{}
	}
	if len(u.Targets) != len(before) {
		rw.err = fmt.Errorf("xliff: unit %s: %d targets, where %d must be", u.ID, len(u.Targets), len(before))
		return stop{}
	}
	var patches []patch
	for _, m := range rw.marks {
		if m.segment < 0 || m.segment >= len(before) {
			continue
		}
		ps, err := rw.segment(d, u, m, &before[m.segment], &u.Targets[m.segment])
		if err != nil {
			rw.err = fmt.Errorf("xliff: unit %s, segment %s: %w", u.ID, u.Segments[m.segment].ID, err)
			return stop{}
		}
		patches = append(patches, ps...)
	}
	rw.marks = nil
	if len(patches) == 0 {
		return nil
	}
	slices.SortStableFunc(patches, func(a, b patch) int { return a.from - b.from })
	var b bytes.Buffer
	at := 0
	for _, p := range patches {
		b.Write(rw.buf[at:p.from])
		b.WriteString(p.text)
		at = p.to
	}
	b.Write(rw.buf[at:])
	rw.last += b.Len() - len(rw.buf) // what has been read since stands behind
	rw.buf = append(rw.buf[:0], b.Bytes()...)
	rw.last = min(max(rw.last, 0), len(rw.buf))
	return nil
}

// segment is how the bytes of a segment change.
func (rw *rewriter) segment(d *decoder, u *exchange.Unit, m *segmentMark, old, now *bitext.Target) ([]patch, error) {
	sameText := old.Filled == now.Filled && old.Text.Equal(now.Text)
	sameState := old.Filled == now.Filled && (!now.Filled || old.State == now.State && old.SubState == now.SubState)
	if sameText && sameState {
		return nil, nil
	}
	if m.only && (m.missing || !now.Filled) {
		return nil, errors.New("the file has no place for its target: the unit's target does not mark this segment")
	}
	var content string
	if now.Filled {
		var err error
		if content, err = rw.render(d, u, m, now.Text); err != nil {
			return nil, err
		}
	}
	two := d.core == ns.V2 || d.core == ns.V22
	var ps []patch
	set := func(tag tagMark, name, value string) {
		if p, ok := tag.set(rw.buf, name, value); ok {
			ps = append(ps, p)
		}
	}
	state, qualifier := state12(now.State, now.SubState)
	if two {
		if now.Filled && d.targetLang == "" {
			return nil, errors.New("the file names no target language (trgLang)")
		}
		state, qualifier = now.State.String(), now.SubState
		if !ns.IsUserDefined(qualifier) {
			qualifier = ""
		}
		if !now.Filled {
			state, qualifier = "", ""
		}
		if !sameState && !u.Segments[m.segment].Ignorable {
			set(m.tag, "state", state)
			set(m.tag, "subState", qualifier)
		}
	} else if !sameState {
		approved := ""
		if now.State >= bitext.Reviewed {
			approved = "yes"
		}
		set(m.tag, "approved", approved)
	}
	switch {
	case !now.Filled:
		if m.hasTarget {
			ps = append(ps, patch{m.whole, ""})
		}
	case m.hasTarget:
		if !two && !sameState {
			set(m.to, "state", state)
			set(m.to, "state-qualifier", qualifier)
		}
		switch {
		case sameText:
		case m.empty:
			at := m.whole.to - len("/>")
			ps = append(ps, patch{span{at, m.whole.to}, ">" + content + "</" + m.prefix + "target>"})
		default:
			ps = append(ps, patch{m.inside, content})
		}
	default:
		var o out
		o.writeStrings("<", m.prefix, "target")
		if !two {
			o.attr("state", state)
			o.attrIfSet("state-qualifier", qualifier)
		}
		o.writeStrings(">", content, "</", m.prefix, "target>")
		ps = append(ps, patch{span{m.sourceEnd, m.sourceEnd}, string(o.buf)})
	}
	return ps, nil
}

// set is the patch that gives an attribute a value, or takes it away.
func (t tagMark) set(buf []byte, name, value string) (patch, bool) {
	for _, a := range t.attrs {
		if a.Space != "" || a.Local != name {
			continue
		}
		at := span{t.from + a.Start, t.from + a.End}
		if value == "" {
			for at.from > t.from && isSpaceByte(buf[at.from-1]) {
				at.from--
			}
			return patch{at, ""}, true
		}
		return patch{at, attribute(name, value)}, true
	}
	if value == "" {
		return patch{}, false
	}
	at := t.to - len(">")
	if buf[at-1] == '/' {
		at--
	}
	return patch{span{at, at}, " " + attribute(name, value)}, true
}

func isSpaceByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func attribute(name, value string) string {
	var o out
	o.attr(name, value)
	return string(o.buf[1:])
}

// render writes a target with the unit's own elements for its codes.
func (rw *rewriter) render(d *decoder, u *exchange.Unit, m *segmentMark, t bitext.Text) (string, error) {
	known := map[codeName]string{}
	learn := func(r *textReader) {
		if r == nil {
			return
		}
		for i := range r.codes {
			if k := (codeName{r.codes[i].Kind, r.codes[i].ID}); known[k] == "" {
				known[k] = r.raw[i]
			}
		}
	}
	learn(m.texts[1])
	learn(m.texts[0])
	for _, other := range rw.marks {
		learn(other.texts[0])
	}
	var o out
	var notes []annotation
	if m.texts[1] != nil && !m.only {
		notes = m.texts[1].notes
	}
	for _, n := range notes {
		if n.shut == "" {
			o.writeStrings(n.open)
		}
	}
	var open []string // the pairs that stand around, by ID, if they are elements
	used := map[codeName]bool{}
	controls := 0
	for p := range t.Pieces() {
		if p.Code == nil {
			rw.chars(&o, d, m, p.Chars, &controls)
			continue
		}
		k := codeName{p.Code.Kind, p.Code.ID}
		raw := known[k]
		switch {
		case raw == "":
			return "", fmt.Errorf("the %s code %s is not in the source", p.Code.Kind, p.Code.ID)
		case used[k]:
			return "", fmt.Errorf("the %s code %s stands twice in the target", p.Code.Kind, p.Code.ID)
		}
		used[k] = true
		switch {
		case p.Code.Kind == bitext.End && strings.HasPrefix(raw, "</"):
			if n := len(open); n == 0 || open[n-1] != p.Code.ID {
				return "", fmt.Errorf("the code %s ends where it does not stand innermost", p.Code.ID)
			}
			open = open[:len(open)-1]
		case p.Code.Kind == bitext.Start && strings.HasPrefix(known[codeName{bitext.End, p.Code.ID}], "</"):
			open = append(open, p.Code.ID)
		}
		o.writeStrings(raw)
	}
	if len(open) > 0 {
		return "", fmt.Errorf("the code %s has no end", open[len(open)-1])
	}
	for _, n := range notes {
		if n.shut != "" {
			o.writeStrings(n.open, n.shut)
		}
	}
	return string(o.buf), nil
}

// chars writes characters in the way of the file's version.
func (rw *rewriter) chars(o *out, d *decoder, m *segmentMark, s string, controls *int) {
	from := len(o.buf)
	if d.core == ns.V2 || d.core == ns.V22 {
		o.chars2(s)
	} else {
		o.chars12(s, controls)
	}
	if m.prefix != "" && plain(s) < len(s) {
		b := strings.NewReplacer("<cp ", "<"+m.prefix+"cp ", "<ph ", "<"+m.prefix+"ph ", "</ph>", "</"+m.prefix+"ph>").Replace(string(o.buf[from:]))
		o.buf = append(o.buf[:from], b...)
	}
}
