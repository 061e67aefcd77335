package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/exchange/xmlscan"
)

// odsContent is the part of an OpenDocument spreadsheet that has its tables (OpenDocument
// 1.3, Part 2, 3.1).
const odsContent = "content.xml"

// maxRepeated is how often a row with text may be repeated.
const maxRepeated = 1000

// drawing is the namespace of pictures and shapes, whose texts are not those of the cells
// that they stand in (OpenDocument 1.3, Part 3, 2.2.2).
const drawing = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"

// isApart reports whether an element has text that is not its cell's: notes, pictures,
// forms, and how ruby text is read.
func isApart(name xmlscan.Name) bool {
	switch name.Local {
	case "annotation", "shapes", "forms", "ruby-text":
		return true
	}
	return name.Space == drawing && name.Local != "a"
}

// attribute returns an attribute by its local name, in whatever namespace it is.
func attribute(t *xmlscan.Token, name string) string {
	for _, a := range t.Attrs {
		if a.Local == name && a.Space != "" {
			return string(a.Value)
		}
	}
	return ""
}

// repeated returns how often a cell or a row stands in its table: at least once, and no
// more often than limit.
func repeated(t *xmlscan.Token, name string, limit int) int {
	n, err := strconv.Atoi(attribute(t, name))
	if err != nil {
		return 1
	}
	return max(1, min(n, limit))
}

// listODS reads the names of the tables.
func (b *Workbook) listODS() error {
	if b.isProtected() {
		return errors.New("it is protected by a password: save it without one")
	}
	depth := 0
	err := b.scan(odsContent, func(t *xmlscan.Token) error {
		if t.Name.Local != "table" {
			return nil
		}
		switch t.Kind {
		case xmlscan.Start:
			if depth++; depth == 1 {
				return b.addSheet(sheetPart{attribute(t, "name"), odsContent})
			}
		case xmlscan.End:
			depth--
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = errors.New("it has no sheet")
	}
	return err
}

// isProtected reports whether the manifest has the keys of an encrypted part (OpenDocument
// 1.3, Part 2, 4.4).
func (b *Workbook) isProtected() bool {
	err := b.scan("META-INF/manifest.xml", func(t *xmlscan.Token) error {
		if t.Kind == xmlscan.Start && t.Name.Local == "encryption-data" {
			return errStop
		}
		return nil
	})
	return errors.Is(err, errStop)
}

// odsRows reads the table with a number of an OpenDocument spreadsheet.
type odsRows struct {
	rows
	table, depth int // number of the table that is being read, from -1; and of tables around a token
	rowRepeat    int
	cellRepeat   int
	stored       string // value of a cell with a number, a date or the like
	hidden       string // text of a cell that has no paragraphs
	paragraphs   int
	inText       int // text:p and what is in it
	skip         int // what is apart from the text, and tables in cells
	space        bool
	text         text
}

func (r *odsRows) token(sheet int) func(*xmlscan.Token) error {
	r.table = -1
	return func(t *xmlscan.Token) error {
		name := t.Name.Local
		switch {
		case name == "table" && t.Kind == xmlscan.Start:
			if r.depth++; r.depth == 1 {
				r.table++
			} else {
				r.skip++
			}
			return nil
		case name == "table" && t.Kind == xmlscan.End:
			if r.depth--; r.depth > 0 {
				r.skip--
			} else if r.table == sheet {
				return errStop
			}
			return nil
		case r.table != sheet || r.depth == 0:
			return nil
		case isApart(t.Name):
			switch {
			case t.Kind == xmlscan.Start:
				r.skip++
			case t.Kind == xmlscan.End:
				r.skip--
			}
			return nil
		case r.skip > 0:
			return nil
		case t.Kind == xmlscan.Text:
			return r.characters(t.Text)
		case t.Kind == xmlscan.Start:
			return r.start(t, name)
		case t.Kind == xmlscan.End:
			return r.end(name)
		}
		return nil
	}
}

func (r *odsRows) start(t *xmlscan.Token, name string) error {
	switch name {
	case "table-row":
		r.rowRepeat = repeated(t, "number-rows-repeated", MaxRows)
		r.row.Cells, r.column, r.filled = r.row.Cells[:0], -1, false
	case "table-cell", "covered-table-cell":
		r.cellRepeat = repeated(t, "number-columns-repeated", MaxColumns)
		r.inCell, r.stored, r.hidden, r.paragraphs = true, "", "", 0
		r.text.take()
		switch attribute(t, "value-type") {
		case "float", "percentage", "currency":
			r.stored = attribute(t, "value")
		case "string":
			r.hidden = attribute(t, "string-value")
		case "boolean":
			r.stored = attribute(t, "boolean-value")
		case "date":
			r.stored = attribute(t, "date-value")
		}
	case "p", "h":
		if r.inCell {
			r.inText, r.space = r.inText+1, true
			if r.paragraphs++; r.paragraphs > 1 {
				return r.text.add([]byte{'\n'})
			}
		}
	case "s":
		if r.inText > 0 {
			r.space = false
			return r.text.add([]byte(strings.Repeat(" ", repeated(t, "c", MaxCell))))
		}
	case "tab":
		return r.mark("\t")
	case "line-break":
		return r.mark("\n")
	}
	return nil
}

func (r *odsRows) mark(s string) error {
	if r.inText == 0 {
		return nil
	}
	r.space = false
	return r.text.add([]byte(s))
}

// characters adds text of a paragraph, in which white space is one space, and none at
// the beginning (OpenDocument 1.3, Part 3, 6.1.2).
func (r *odsRows) characters(b []byte) error {
	if r.inText == 0 {
		return nil
	}
	for len(b) > 0 {
		i := bytes.IndexAny(b, " \t\r\n")
		if i != 0 {
			if i < 0 {
				i = len(b)
			}
			if err := r.text.add(b[:i]); err != nil {
				return err
			}
			r.space, b = false, b[i:]
			continue
		}
		if !r.space {
			r.space = true
			if err := r.text.add([]byte{' '}); err != nil {
				return err
			}
		}
		b = b[1:]
	}
	return nil
}

func (r *odsRows) end(name string) error {
	switch name {
	case "p", "h":
		r.inText = max(0, r.inText-1)
	case "table-cell", "covered-table-cell":
		r.inCell = false
		return r.endCell()
	case "table-row":
		return r.endRow()
	}
	return nil
}

func (r *odsRows) endCell() error {
	s := r.text.take()
	switch {
	case r.stored != "":
		s = r.stored
	case r.paragraphs == 0:
		s = r.hidden
	}
	first := r.column + 1
	r.column += r.cellRepeat
	if s == "" || first >= maxColumn {
		return nil
	}
	if len(s) > MaxCell && Length(s) > MaxCell {
		return errCell
	}
	n := min(r.cellRepeat, maxColumn-first)
	if r.book.left -= int64(n) * int64(len(s)); r.book.left < 0 {
		return errSize
	}
	for len(r.row.Cells) < first {
		r.row.Cells = append(r.row.Cells, "")
	}
	for range n {
		r.row.Cells = append(r.row.Cells, s)
	}
	r.filled = true
	return nil
}

func (r *odsRows) endRow() error {
	if !r.filled {
		r.row.Number += r.rowRepeat
		return nil
	}
	if r.rowRepeat > maxRepeated {
		return fmt.Errorf("a row with text is repeated more than %d times", maxRepeated)
	}
	cells := r.row.Cells
	size := 0
	for _, c := range cells {
		size += len(c)
	}
	for i := range r.rowRepeat {
		if r.row.Number++; r.row.Number > MaxRows {
			return fmt.Errorf("a sheet has more rows than the limit of %d", MaxRows)
		}
		if i > 0 {
			if r.book.left -= int64(size); r.book.left < 0 {
				return errSize
			}
		}
		if r.rowRepeat > 1 { // the reader of a row may change its cells
			r.row.Cells = slices.Clone(cells)
		}
		if !r.yield(r.row, nil) {
			return errStop
		}
	}
	r.row.Cells = cells
	return nil
}
