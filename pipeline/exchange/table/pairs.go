package table

import (
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// WithPairs returns a codec of this package that also reads tables of other programs:
// a text and its translation in each row, below the names of two columns, which are
// source and target or two language tags. A column before them may identify the rows.
// Their units have no articles, so that nothing but a conversion can use them. Another
// codec is returned as it is.
func WithPairs(c exchange.Codec) exchange.Codec {
	switch c.Name {
	case CSV.Name:
		c.Decode = func(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] { return readCSV(name, r, true) }
	case XLSX.Name:
		c.Decode = func(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] { return readXLSX(name, r, true) }
	}
	return c
}

// pairColumns are the places of the columns of a table of pairs; key is -1 where there
// is none.
type pairColumns struct{ key, source, target int }

// keyNames are how programs call the column that identifies a row.
var keyNames = []string{"id", "key", "name", "identifier", "string id", "msgid", "context", "location", "#"}

// readPairColumns finds the columns of a table of pairs by their names. The header has the
// languages that they name.
func readPairColumns(name string, cells []string) (pairColumns, *exchange.Header, bool) {
	const most = 16 // columns of a table whose languages are looked for
	p, h := pairColumns{-1, -1, -1}, &exchange.Header{Path: name}
	if len(cells) > most {
		return p, h, false
	}
	var tags []int
	twice := false // which of two columns with one meaning counts is not known
	for i, cell := range cells {
		switch cell = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff"))); {
		case cell == "source" || cell == "src" || cell == "source text":
			twice = twice || p.source >= 0
			p.source = i
		case cell == "target" || cell == "translation" || cell == "tgt" || cell == "target text":
			twice = twice || p.target >= 0
			p.target = i
		case p.key < 0 && slices.Contains(keyNames, cell) && len(cells) > 2 && (cell != "id" || len(tags) != 1): // behind one language "id" is Indonesian
			p.key = i
		case languageOf(cell) != "":
			tags = append(tags, i)
		}
	}
	switch {
	case twice:
		return p, h, false
	case p.source >= 0 && p.target >= 0:
	case len(tags) == 2 && p.source < 0 && p.target < 0:
		p.source, p.target = tags[0], tags[1]
		h.SourceLocale, h.TargetLocale = languageOf(cells[tags[0]]), languageOf(cells[tags[1]])
		if h.SourceLocale == h.TargetLocale {
			return p, h, false
		}
	default:
		return p, h, false
	}
	return p, h, true
}

// languageOf returns the canonical form of a language tag, "" if a cell is none.
func languageOf(cell string) string {
	cell = strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff"))
	if len(cell) < 2 || len(cell) > 12 || strings.ContainsAny(cell, " .") {
		return ""
	}
	t, err := tag.Canonical(strings.ReplaceAll(cell, "_", "-"))
	if err != nil {
		return ""
	}
	return t
}

// pair reads a row of a table of pairs. It returns nil for a row without a text.
func (r *reader) pair(n int, cells []string) (*exchange.Unit, error) {
	get := func(i int) string {
		if i >= 0 && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	source, target := get(r.pairs.source), get(r.pairs.target)
	switch {
	case strings.TrimSpace(source) == "" && strings.TrimSpace(target) == "":
		return nil, nil
	case strings.TrimSpace(source) == "":
		return nil, diag.Diagnostic{ID: "table.row", Severity: diag.Error, Place: diag.Place{Path: r.name, Line: n, Column: 1}}.Messagef("the row has a translation and no source")
	case bitext.LostLetters(source, target):
		return nil, diag.Diagnostic{ID: "table.row", Severity: diag.Error, Place: diag.Place{Path: r.name, Line: n, Column: 1},
			Hint: "save the file as CSV UTF-8 or as a workbook"}.Messagef("question marks or replacement characters stand for letters of the target: %q", diag.Arg("target", diag.Excerpt(target)))
	}
	id := strings.TrimSpace(get(r.pairs.key))
	if id == "" || r.ids[id] {
		id = strconv.Itoa(n)
		for r.ids[id] { // it is the key of another row
			id += "-2"
		}
	}
	if r.ids == nil {
		r.ids = map[string]bool{}
	}
	r.ids[id] = true
	text := bitext.Plain(source)
	u := &exchange.Unit{Header: r.header, Line: n, Column: 1, Unit: bitext.Unit{ID: id, Kind: bitext.Paragraph, Source: text, Segments: []bitext.Segment{{ID: "s1", Source: text}}}}
	u.Targets = []bitext.Target{{}}
	if strings.TrimSpace(target) != "" {
		u.Targets[0] = bitext.Target{Text: bitext.Plain(target), Filled: true, State: bitext.Translated}
	}
	return u, nil
}
