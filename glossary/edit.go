package glossary

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
)

// ErrNotEditable reports that the row of a term cannot be changed where it stands: the
// file is a workbook, is not UTF-8, or does not have the long layout; see ParseTable.
var ErrNotEditable = errors.New("the file does not have a row for each term")

// ErrNoTerm reports that a file does not have a term any more.
var ErrNoTerm = errors.New("the file does not have the term")

// EditTable changes the row of a term in a table of the long layout, which ParseTable
// read, and returns the table. Every other byte of it stays. The row gets the text, the
// status and the note of now; if now is nil, the row is removed, and a definition in it
// moves to another row of its concept. The row is the one at the line of old.Place that
// has the locale and the text of old.
func EditTable(data []byte, old Term, now *Term) ([]byte, error) {
	head, body := data[:0], data
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		head, body = data[:3], data[3:]
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.IndexByte(data, 0) >= 0 {
		return nil, ErrNotEditable
	}
	separator, start := comma(body)
	rows, err := tableRows(body, start, separator)
	if err != nil || len(rows) == 0 {
		return nil, ErrNotEditable
	}
	columns := map[string]int{}
	for i, c := range rows[0].cells {
		columns[strings.ToLower(strings.TrimSpace(c))] = i
	}
	for _, name := range []string{"concept", "locale", "term"} {
		if _, ok := columns[name]; !ok {
			return nil, ErrNotEditable
		}
	}
	value := func(r tableRow, name string) string {
		c, _ := unguard(strings.TrimSpace(at(r.cells, columns, name)))
		return c
	}
	n := slices.IndexFunc(rows, func(r tableRow) bool {
		locale, err := canonicalLocale(value(r, "locale"))
		return r.line == old.Place.Line && err == nil && locale == old.Locale && value(r, "term") == old.Text
	})
	if n < 1 {
		return nil, ErrNoTerm
	}
	set := func(r *tableRow, name, text string) bool {
		i, ok := columns[name]
		if !ok {
			return text == ""
		}
		for len(r.cells) <= i {
			r.cells = append(r.cells, "")
		}
		r.cells[i], r.changed = guard(text), true
		return true
	}
	if now != nil {
		r := &rows[n]
		if !set(r, "term", now.Text) || now.Status != old.Status && !set(r, "status", now.Status.String()) || now.Note != old.Note && !set(r, "note", now.Note) {
			return nil, ErrNotEditable
		}
	} else {
		rows[n].removed = true
		if definition := value(rows[n], "definition"); definition != "" {
			id := value(rows[n], "concept")
			for i := range rows {
				if i > 0 && !rows[i].removed && value(rows[i], "concept") == id {
					if value(rows[i], "definition") == "" {
						set(&rows[i], "definition", definition)
					}
					break
				}
			}
		}
	}
	out := bytes.NewBuffer(slices.Clone(head))
	from := 0
	for _, r := range rows {
		if !r.changed && !r.removed {
			continue
		}
		out.Write(body[from:r.start])
		if from = r.end; r.changed {
			w := csv.NewWriter(out)
			w.Comma = separator
			w.Write(r.cells) // a bytes.Buffer does not fail
			w.Flush()
			out.Truncate(out.Len() - 1)
			row := body[r.start:r.end]
			out.Write(row[len(bytes.TrimRight(row, "\r\n")):])
		}
	}
	out.Write(body[from:])
	return out.Bytes(), nil
}

// tableRow is a row of a table, with the bytes that it is made of.
type tableRow struct {
	cells            []string
	line             int // from 1
	start, end       int
	changed, removed bool
}

func tableRows(data []byte, start int, separator rune) ([]tableRow, error) {
	r := csv.NewReader(bytes.NewReader(data[start:]))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator, -1, separator == '\t' // as ParseTable
	before := bytes.Count(data[:start], []byte("\n"))
	var out []tableRow
	for {
		from := start + int(r.InputOffset())
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if errors.As(err, new(*csv.ParseError)) {
			continue // ParseTable reports it
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		end := start + int(r.InputOffset())
		// Empty lines before a row are not part of it.
		for from < end && (data[from] == '\n' || data[from] == '\r') {
			from++
		}
		out = append(out, tableRow{cells: cells, line: before + line, start: from, end: end})
	}
}
