package markdown

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/html"
)

// encoder writes the targets of one translation as Markdown. How a character is
// to be written depends on what is before and after it, so a unit is encoded
// as a whole, before anything is spliced.
type encoder struct {
	doc    *bitext.Document
	outer  *encoder    // of the document that a cell is in, nil for a whole document
	looked bool        // findLabels was called
	isMyST func() bool // the document has constructs of MyST; it is read once
	wrap   func(*bitext.UnitSpan, *bitext.Target) (string, string)
	refs   bool            // something is defined that brackets may refer to
	labels map[string]bool // of what is defined
	marked bool            // a label has marks in it that may be a code's
	pages  bool            // double brackets are links to pages
	mdx    bool
	pandoc bool // Quarto and R Markdown
	ids    HeadingIDs
	rtl    bool // the edition runs from right to left, other than its source

	hasHTML bool         // the renderer lets elements of HTML through
	inHTML  map[int]bool // places behind the text of references that become HTML

	ds      []diag.Diagnostic
	lines   func() *diag.Lines // of the document; they are found once
	dialect Dialect
	writer  writer // of the unit at hand

	arena
	targets     []bitext.Target // of the units, of which some are in use
	targetCodes []bitext.Code   // of the targets, of which some are in use
	again       *room           // of units that are read again; nil as long as there are none
}

// reset forgets the document, and keeps memory for the next one.
func (e *encoder) reset() {
	w := &e.writer
	segs := w.segs[:w.mostSegs]
	for i := range segs {
		clear(segs[i].codes[:cap(segs[i].codes)])
	}
	*e = encoder{
		writer:  writer{pieces: emptied(w.pieces[:cap(w.pieces)], maxBlockRoom), segs: w.segs[:0], tail: w.tail[:0], look: w.look[:0], codes: w.codes[:0]},
		targets: emptied(e.targets, maxRoom), targetCodes: emptied(e.targetCodes, maxRoom),
		again: e.again,
	}
	if cap(w.segs) > maxBlockRoom || cap(w.tail) > maxRoom<<4 || cap(w.look) > maxRoom<<4 || cap(w.codes) > maxRoom {
		e.writer = writer{}
	}
}

// mark is a code that no source has. It makes an encoded text differ from any
// source, and has no bytes.
var mark = bitext.Code{ID: "\x00"}

// translation is tr with all that changes encoded, and the edits that go with
// it. tr itself is not touched.
func (e *encoder) translation(tr *bitext.Translation) (*bitext.Translation, []bitext.Edit) {
	if tr == nil {
		return nil, nil
	}
	if e.outer != nil {
		e.outer.findLabels()
		e.refs, e.labels, e.marked = e.outer.refs, e.outer.labels, e.outer.marked
	} else {
		e.findLabels()
	}
	e.mdx, e.pandoc = e.dialect.isMDX(e.doc.Path), isPandoc(e.doc.Path)
	e.pages = hasWikiPages(e.doc.Skeleton.Data, e.dialect, e.mdx)
	out := &bitext.Translation{Document: tr.Document, Locale: tr.Locale, Targets: make([][]bitext.Target, len(tr.Targets))}
	copy(out.Targets, tr.Targets)
	changed := make([]bool, len(e.doc.Units))
	var edits []bitext.Edit
	for i := range e.doc.Skeleton.Spans {
		h := &e.doc.Skeleton.Spans[i]
		u := &e.doc.Units[h.Unit]
		for j := range u.Segments {
			if isChanged(&u.Segments[j], &tr.Targets[h.Unit][j]) {
				changed[h.Unit] = true
			}
		}
		if !changed[h.Unit] {
			before := len(edits)
			edits = e.isolateCopy(edits, h, u, tr.Targets[h.Unit])
			// A generator makes the anchor of a heading of all of its bytes.
			changed[h.Unit] = len(edits) > before && u.Kind == bitext.Heading
			continue
		}
		switch c := contextOf(h); {
		case c.kind == htmlContext:
			out.Targets[h.Unit] = e.html(c.style, u, tr.Targets[h.Unit])
			if html.NeedsQuotes(c.style) {
				edits = append(edits, bitext.Edit{Start: h.Start, End: h.Start, Text: `"`}, bitext.Edit{Start: h.End, End: h.End, Text: `"`})
			}
		case c.scalar():
			if c.kind == roleContext {
				e.checkRole(h, u, tr.Targets[h.Unit])
			}
			out.Targets[h.Unit] = e.scalar(c, h, u, tr.Targets[h.Unit])
		default:
			out.Targets[h.Unit] = e.unit(c, h, u, tr.Targets[h.Unit])
		}
	}
	edits = append(edits, e.headingIDs(e.ids, changed)...)
	return out, append(edits, e.referenceNames(tr, changed)...)
}

// findLabels looks for what the document defines.
func (e *encoder) findLabels() {
	if e.looked {
		return
	}
	e.looked = true
	if e.refs = bytes.Contains(e.doc.Skeleton.Data, []byte("]:")); !e.refs {
		return
	}
	e.labels = definedLabels(e.doc.Skeleton.Data)
	for label := range e.labels {
		e.marked = e.marked || strings.ContainsFunc(label, func(r rune) bool { return util.IsPunctRune(r) && !strings.ContainsRune("^-.,'’", r) })
	}
}

// maxLabel is the length of the longest label (CommonMark 0.31, 6.3), in bytes of
// characters that may have four each.
const maxLabel = 4 * 999

// definedLabels returns the folded labels that data may define (CommonMark 0.31,
// 4.7), wherever they are; *[…]: defines an abbreviation.
func definedLabels(data []byte) map[string]bool {
	out := map[string]bool{}
	for at := 0; ; {
		n := bytes.Index(data[at:], []byte("]:"))
		if n < 0 {
			return out
		}
		end := at + n
		for start := end - 1; start >= max(at, end-maxLabel); start-- {
			escaped := start > 0 && data[start-1] == '\\'
			if data[start] == ']' && !escaped {
				break
			}
			if data[start] == '[' && !escaped {
				if start == 0 || data[start-1] != '*' {
					out[foldLabel(string(data[start+1:end]))] = true
				}
				break
			}
		}
		at = end + 2
	}
}

// foldLabel returns a label in the form in which labels are compared.
func foldLabel(label string) string {
	if isFolded(label) {
		return label
	}
	return strings.ToLower(strings.ToUpper(strings.Join(strings.FieldsFunc(label, func(r rune) bool { return strings.ContainsRune(" \t\r\n>", r) }), " ")))
}

// isFolded reports whether a label is the same in that form, by its being of small letters
// and other characters of ASCII, with no white space but single spaces inside.
func isFolded(label string) bool {
	for i := 0; i < len(label); i++ {
		switch c := label[i]; {
		case c >= utf8.RuneSelf, c >= 'A' && c <= 'Z', strings.IndexByte("\t\r\n>", c) >= 0, c == ' ' && (i == 0 || i+1 == len(label) || label[i-1] == ' '):
			return false
		}
	}
	return true
}

func isChanged(s *bitext.Segment, t *bitext.Target) bool { return t.Filled && !t.Text.Equal(s.Source) }

// scalar encodes the targets of a unit that is a value: all of it in the first
// segment. A code is written as a sign that no encoding changes, and put in its
// place afterwards.
func (e *encoder) scalar(c context, h *bitext.UnitSpan, u *bitext.Unit, targets []bitext.Target) []bitext.Target {
	var value strings.Builder
	var codes []string
	for j := range u.Segments {
		text := targets[j].Text
		if !targets[j].Filled {
			text = u.Segments[j].Source
		}
		for p := range text.Pieces() {
			if p.Code == nil {
				value.WriteString(strings.ReplaceAll(p.Chars, codeSign, "\uFFFD"))
				continue
			}
			value.WriteString(codeSign)
			codes = append(codes, p.Code.Data)
		}
	}
	out := make([]bitext.Target, len(targets))
	for j := range out {
		out[j] = bitext.Target{Filled: true, Text: bitext.Text{Codes: []bitext.Code{mark}}}
	}
	chars := encodeValue(c, string(e.doc.Skeleton.Data[h.Start:h.End]), value.String())
	if c.kind == titleContext && !c.cell && (e.dialect == DialectAuto || e.dialect == DialectKramdown) && hasBarelessLine(linesAround(e.doc.Skeleton.Data, h.Start, h.End)) {
		chars = strings.ReplaceAll(chars, "|", charRef('|')) // or kramdown may take the paragraph for a table
	}
	for _, data := range codes {
		chars = strings.Replace(chars, codeSign, data, 1)
	}
	out[0].Text.Chars = chars
	return out
}

// codeSign represents a code while a value is encoded: a noncharacter, for
// internal use only (Unicode 17, 23.7).
const codeSign = "\uFDD0"

// piece is a part of a unit as it will be in the output: characters still to
// be encoded, a code, or bytes that are written as they are. What is kept
// belongs to a segment that does not change.
type piece struct {
	seg   int
	chars bool
	kept  bool
	sound bool // kept characters read as the segment has them
	text  string
	code  *bitext.Code
	kind  bitext.CodeKind
}

// pieces takes a unit apart. With all set, no segment keeps its bytes.
func (e *encoder) pieces(h *bitext.UnitSpan, u *bitext.Unit, targets []bitext.Target, all bool) []piece {
	out := e.writer.pieces[:0] // nobody reads those of the unit before
	codes := codesOf(u)
	for j := range u.Segments {
		seg, t := &u.Segments[j], &targets[j]
		var after string
		if e.wrap != nil && t.Filled && t.Locale != "" && !seg.Ignorable {
			var before string
			if before, after = e.wrap(h, t); before != "" {
				out = append(out, piece{seg: j, kept: true, sound: true, text: before})
			}
		}
		if !all && !isChanged(seg, t) {
			at, end := rawAt(h, u.Source, seg.From), rawAt(h, u.Source, seg.To)
			chars := 0
			keep := func(stop, pos int) {
				if stop > at {
					raw := string(e.doc.Skeleton.Data[at:stop])
					out = append(out, piece{seg: j, kept: true, text: raw, sound: reads(raw, seg.Source.Chars[chars:pos], e.dialect)})
				}
				chars = pos
			}
			for k := seg.From.Code; k < seg.To.Code; k++ {
				c := &u.Source.Codes[k]
				keep(h.Codes[k], seg.Source.Codes[k-seg.From.Code].Pos)
				out = append(out, piece{seg: j, kept: true, text: c.Data, code: c, kind: c.Kind})
				at = h.Codes[k] + len(c.Data)
			}
			keep(end, len(seg.Source.Chars))
		} else {
			text := t.Text
			if !t.Filled {
				text = seg.Source
			}
			isolates := e.rtl && t.Locale == "" && isIsolable(h, u)
			for p := range text.Pieces() {
				if p.Code == nil {
					if n := len(out); isolates && (n == 0 || out[n-1].chars || !setsDirection(out[n-1].text)) {
						out = e.isolate(out, j, p.Chars)
						continue
					}
					out = append(out, piece{seg: j, chars: true, text: p.Chars})
					continue
				}
				c := p.Code
				if known := codes.find(c.Kind, c.ID); known != nil {
					c = known
				}
				if isolates && needsIsolation(c) && !e.isName(out, &codes, c) {
					out = append(out, e.isolation(j, true), piece{seg: j, text: c.Data, code: c, kind: c.Kind}, e.isolation(j, false))
					continue
				}
				out = append(out, piece{seg: j, text: c.Data, code: c, kind: c.Kind})
			}
		}
		if after != "" {
			out = append(out, piece{seg: j, kept: true, sound: true, text: after})
		}
	}
	return out
}

// reads reports whether raw bytes read as chars: a cut may have gone through a
// character reference.
func reads(raw, chars string, dialect Dialect) bool {
	if raw == chars {
		return true
	}
	if strings.ContainsAny(raw, "\r\n") {
		raw = prefixes().ReplaceAllString(raw, " ")
	}
	var t composed
	return string(t.unescape(nil, []byte(raw), 0, len(raw), dialect)) == chars
}

// codeKey names a code in its unit.
type codeKey struct {
	kind bitext.CodeKind
	id   string
}

// unitCodes finds the codes of a unit: in a map if there are many.
type unitCodes struct {
	few  []bitext.Code
	many map[codeKey]*bitext.Code
}

// fewCodes is how many codes of a unit are looked through one by one.
const fewCodes = 8

func codesOf(u *bitext.Unit) unitCodes {
	if len(u.Source.Codes) <= fewCodes {
		return unitCodes{few: u.Source.Codes}
	}
	m := make(map[codeKey]*bitext.Code, len(u.Source.Codes))
	for i := range u.Source.Codes {
		c := &u.Source.Codes[i]
		if k := (codeKey{c.Kind, c.ID}); m[k] == nil {
			m[k] = c
		}
	}
	return unitCodes{many: m}
}

// find returns the first code of a kind with an ID, nil if there is none.
func (c *unitCodes) find(kind bitext.CodeKind, id string) *bitext.Code {
	for i := range c.few {
		if c.few[i].Kind == kind && c.few[i].ID == id {
			return &c.few[i]
		}
	}
	return c.many[codeKey{kind, id}]
}

// rawAt is where a cut of the unit's source is in the data, as bitext has
// it.
func rawAt(h *bitext.UnitSpan, source bitext.Text, c bitext.Boundary) int {
	switch {
	case c == bitext.Boundary{}:
		return h.Start
	case c == source.End():
		return h.End
	case c.Code > 0 && source.Codes[c.Code-1].Pos == c.Pos:
		return h.Codes[c.Code-1] + len(source.Codes[c.Code-1].Data)
	case c.Code < len(source.Codes) && source.Codes[c.Code].Pos == c.Pos:
		return h.Codes[c.Code]
	}
	i := sort.Search(len(h.Anchors), func(i int) bool { return h.Anchors[i].Text > c.Pos })
	if i == 0 {
		return h.Start + c.Pos
	}
	return h.Anchors[i-1].Raw + c.Pos - h.Anchors[i-1].Text
}

// unit encodes the targets of a unit that is read inline. Segments that do not
// change keep their bytes, if what is next to them now allows it.
func (e *encoder) unit(c context, h *bitext.UnitSpan, u *bitext.Unit, targets []bitext.Target) []bitext.Target {
	var w *writer
	all := false
	for attempt := range 3 {
		all = attempt > 0
		w = newWriter(e, c, h, e.pieces(h, u, targets, all), len(targets))
		w.html = attempt == 2
		if w.run() && w.paired() {
			break
		}
	}
	out := more(&e.targets, len(targets))
	for j := range targets {
		out[j] = targets[j]
		if all || isChanged(&u.Segments[j], &targets[j]) {
			seg := &w.segs[j]
			codes := more(&e.targetCodes, len(seg.codes)+1)
			codes[copy(codes, seg.codes)] = bitext.Code{Pos: len(seg.chars), ID: mark.ID}
			out[j].Filled = true
			out[j].Text = bitext.Text{Chars: e.keepString(seg.chars), Codes: codes}
		}
	}
	return out
}

// referenceNames gives the references that are named by their own text, [text] and
// [text][], their source's name where the text is another now, and wiki links, [[Page]],
// their page: [[Page|text]].
func (e *encoder) referenceNames(tr *bitext.Translation, changed []bool) []bitext.Edit {
	slots := map[int]*bitext.Slot{}
	for i := range e.doc.Skeleton.Slots {
		if s := &e.doc.Skeleton.Slots[i]; (strings.HasPrefix(s.Name, slotLabel) || strings.HasPrefix(s.Name, slotPage)) && !e.inHTML[s.Start] {
			slots[s.Start] = s
		}
	}
	if len(slots) == 0 {
		return nil
	}
	var edits []bitext.Edit
	edit := func(s *bitext.Slot) {
		edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: "][" + strings.TrimPrefix(s.Name, slotLabel) + "]"})
	}
	for i := range e.doc.Skeleton.Spans {
		h := &e.doc.Skeleton.Spans[i]
		if !changed[h.Unit] {
			continue
		}
		if s := slots[h.End]; s != nil && contextOf(h).kind == altContext {
			edit(s)
		}
		u := &e.doc.Units[h.Unit]
		var now bitext.Text
		var was, is pairs
		for k, at := range h.Codes {
			s := slots[at]
			if s == nil {
				continue
			}
			page, ofPage := strings.CutPrefix(s.Name, slotPage)
			if ofPage != (u.Source.Codes[k].Kind == bitext.Start) {
				continue
			}
			if was.text == nil {
				now = target(u, tr.Targets[h.Unit])
				was, is = pairsOf(&u.Source), pairsOf(&now)
			}
			id := u.Source.Codes[k].ID
			pair, ok := is.of(id)
			source, known := was.of(id)
			if !ok {
				continue
			}
			text := between(now, pair)
			same := known && between(u.Source, source) == text
			if ofPage {
				if !same {
					edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: "[[" + page + "|"})
				}
				continue
			}
			// A mark may be written in another way than the source has it, and a code that is
			// isolated makes another label.
			if !same || strings.ContainsFunc(text, util.IsPunctRune) || e.rtl && strings.Contains(text, codeSign) {
				edit(s)
			}
		}
	}
	return edits
}

// target is the whole of a unit's targets, its sources where there are none.
func target(u *bitext.Unit, targets []bitext.Target) bitext.Text {
	if len(u.Segments) == 1 && targets[0].Filled {
		return targets[0].Text
	}
	parts := make([]bitext.Text, len(u.Segments))
	for j := range u.Segments {
		if parts[j] = u.Segments[j].Source; targets[j].Filled {
			parts[j] = targets[j].Text
		}
	}
	return bitext.Join(parts...)
}

// pairs finds the codes between which the text of each pair of a text is: in a map if there
// are many.
type pairs struct {
	text *bitext.Text
	many map[string][2]int
}

func pairsOf(t *bitext.Text) pairs {
	p := pairs{text: t}
	if len(t.Codes) <= fewCodes {
		return p
	}
	p.many = map[string][2]int{}
	open := map[string]int{}
	for k := range t.Codes {
		switch c := &t.Codes[k]; c.Kind {
		case bitext.Start:
			open[c.ID] = k
		case bitext.End:
			if from, ok := open[c.ID]; ok && p.enclose(from, k) {
				p.many[c.ID] = [2]int{from, k}
			}
		}
	}
	return p
}

// of returns the indices of the codes of the pair with an ID.
func (p pairs) of(id string) (pair [2]int, ok bool) {
	if p.many != nil {
		pair, ok = p.many[id]
		return pair, ok
	}
	open := -1
	for k := range p.text.Codes {
		switch c := &p.text.Codes[k]; {
		case c.ID != id:
		case c.Kind == bitext.Start:
			open = k
		case c.Kind == bitext.End && open >= 0 && p.enclose(open, k):
			pair, ok = [2]int{open, k}, true
		}
	}
	return pair, ok
}

// enclose reports whether two codes are around text.
func (p pairs) enclose(from, to int) bool {
	return p.text.Codes[from].Pos <= p.text.Codes[to].Pos && p.text.Codes[to].Pos <= len(p.text.Chars)
}

// between returns the characters between two codes of t. The codes among them are there
// with a sign and their IDs.
func between(t bitext.Text, pair [2]int) string {
	from, end := t.Codes[pair[0]].Pos, t.Codes[pair[1]].Pos
	if pair[1] == pair[0]+1 {
		return t.Chars[from:end]
	}
	var b strings.Builder
	for k := pair[0] + 1; k < pair[1]; k++ {
		c := &t.Codes[k]
		to := min(max(from, c.Pos), end)
		b.WriteString(t.Chars[from:to] + codeSign + c.Kind.String() + " " + c.ID + codeSign)
		from = to
	}
	return b.String() + t.Chars[from:end]
}
