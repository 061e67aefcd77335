package markdown

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/parser"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// slotGrid is a table drawn with lines whose cells are parts of the document.
const slotGrid = "grid"

// tablePart is a cell of such a table, and where it is in the document.
type tablePart struct {
	from, to int
	document *bitext.Document
}

// gridTable makes parts of the cells of the table at a mask. One that is left alone is reported
// when all were seen.
func (s *splitter) gridTable(m *mask) {
	start, _ := lineStart(s.data, m.from)
	g, ok := parseGrid(string(s.data[start:m.to]))
	if !ok {
		return
	}
	m.done = true
	s.slots = append(s.slots, bitext.Slot{Name: slotGrid, Start: start, End: m.to})
	r := newRoom()
	for _, row := range g.rows {
		for k := range row {
			s.gridCell(&row[k], start, r)
		}
	}
}

// leftTables reports the tables drawn with lines that are left alone.
func (s *splitter) leftTables() {
	first, n := 0, 0
	for i := range s.masks {
		if s.masks[i].kind != gridMask || s.masks[i].done {
			continue
		}
		if n == 0 {
			first = s.masks[i].from
		}
		n++
	}
	if n > 0 {
		s.addDiagnostic("markdown.table", diag.Warning, first, "write them with pipes, or as HTML, if they are to be translated", "tables that are drawn with lines and not translated: %d; this is the first", diag.Arg("count", n))
	}
}

// gridCell makes a part of a cell of the table that begins at start.
func (s *splitter) gridCell(cell *gridCell, start int, r *room) {
	if !hasText(cell.text) {
		return
	}
	c := newSplitter(s.Options, s.path, []byte(cell.text), r)
	c.html, c.around = s.html, s.context
	c.body()
	d := &bitext.Document{Path: s.path, Format: "markdown", Meta: map[string]string{}, Skeleton: bitext.Skeleton{Data: c.data, Encoding: "utf-8"}}
	c.finish(d)
	r.reset(c)
	if len(d.Units) == 0 {
		return
	}
	at := start + cell.at
	for i := range d.Units {
		u := &d.Units[i]
		if u.Kind == bitext.Paragraph {
			u.Kind = bitext.Cell
		}
		u.NoTranslate = u.NoTranslate || s.kept
		u.Notes = append(slices.Clone(s.notes), u.Notes...)
	}
	line, _, _ := strings.Cut(strings.TrimLeft(cell.text, " \n"), "\n")
	s.tables = append(s.tables, tablePart{from: at, to: at + len(line), document: d})
}

// addTableParts adds to d the cells that are before an offset.
func (s *splitter) addTableParts(d *bitext.Document, before int) {
	for ; len(s.tables) > 0 && s.tables[0].from < before; s.tables = s.tables[1:] {
		c := &s.tables[0]
		d.AddPart(&s.ids, bitext.Part{Name: "cell", Format: "markdown", Start: c.from, End: c.to}, c.document)
	}
}

// innerContext is the context of a cell's parser: what the document around the cell defines is
// defined in it. It is looked up there, for both may have much of it.
type innerContext struct {
	parser.Context
	around parser.Context
}

// Reference returns the definition of a label. That of the document comes first.
func (c innerContext) Reference(label string) (parser.Reference, bool) {
	if r, ok := c.around.Reference(label); ok {
		return r, ok
	}
	return c.Context.Reference(label)
}

// gridEdits draws the tables again whose cells are translated.
func (f *Format) gridEdits(e *encoder, tr *bitext.Translation, meta *bitext.EditionMeta) (edits []bitext.Edit) {
	d := e.doc
	part := 0
	for i := range d.Skeleton.Slots {
		slot := &d.Skeleton.Slots[i]
		if slot.Name != slotGrid {
			continue
		}
		table := string(d.Skeleton.Data[slot.Start:slot.End])
		g, _ := parseGrid(table)
		var texts []string
		changed := false
		for _, row := range g.rows {
			for k := range row {
				text := row[k].text
				if parts := d.Skeleton.Parts; part < len(parts) && row[k].at > 0 && parts[part].Start == slot.Start+row[k].at {
					text = f.assembleCell(e, d.Part(part), tr, part, meta)
					changed = changed || text != row[k].text
					part++
				}
				texts = append(texts, text)
			}
		}
		if !changed {
			continue
		}
		drawn, ok := g.draw(texts)
		if !ok {
			line, column := e.lines().At(slot.Start)
			e.ds = append(e.ds, diag.Diagnostic{
				ID: "markdown.table", Severity: diag.Warning, Place: diag.Place{Path: d.Path, Line: line, Column: column},
				Hint: "write it with pipes, or as HTML",
			}.Messagef("the table cannot be drawn with its translation, and is left as it is"))
			continue
		}
		edits = append(edits, bitext.Edit{Start: slot.Start, End: slot.End, Text: drawn})
	}
	return edits
}

// assembleCell returns the text of a cell with its targets.
func (f *Format) assembleCell(e *encoder, d *bitext.Document, tr *bitext.Translation, part int, meta *bitext.EditionMeta) string {
	c := &encoder{doc: d, outer: e, dialect: e.dialect, isMyST: e.isMyST, lines: e.lines, rtl: e.rtl, hasHTML: e.hasHTML, wrap: e.wrap}
	sp := bitext.Splicer{Encode: copyChars, Wrap: e.wrap}
	var edits []bitext.Edit
	if tr != nil {
		tr = tr.Part(part)
	}
	if meta != nil {
		edits, c.inHTML, _ = f.siteLinks(d, tr, meta)
	}
	tr, more := c.translation(tr)
	return string(sp.Splice(d, tr, append(edits, more...)))
}

// copyChars appends characters that are encoded already.
func copyChars(dst []byte, _ *bitext.UnitSpan, chars string) []byte { return append(dst, chars...) }
