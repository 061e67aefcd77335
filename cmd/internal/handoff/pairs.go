package handoff

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xlsx"
)

// Pairs returns the translations in a CSV, TSV, XLSX or JSON Lines file that is not one
// of ours. The first row of a table names the columns of the two texts: as source and
// target or with other usual words, by the tags of the two locales, or by their English
// names; a table of two columns without such a row has the source in the first. JSON
// Lines has the same names, also below "translation". Cells are parted by the one of comma,
// semicolon and tab that the first row has most of; texts are in UTF-8, or in UTF-16 with
// a byte order mark. ok is false for a file of another type, and for one of ours, which
// has units.
func (s *Source) Pairs(source, target string) (entries iter.Seq2[bitext.Entry, error], ok bool) {
	p := &pairReader{name: s.Name, source: source, target: target}
	var read func(io.Reader) iter.Seq2[bitext.Entry, error]
	switch s.Ext {
	case ".csv", ".tsv":
		read = p.separated
	case ".xlsx":
		read = p.workbook
	case ".jsonl":
		read = p.lines
	default:
		return nil, false
	}
	all := func(yield func(bitext.Entry, error) bool) {
		f, err := s.Open()
		if err != nil {
			yield(bitext.Entry{}, err)
			return
		}
		defer f.Close()
		read(f)(yield)
	}
	for _, err := range all {
		if errors.Is(err, errOwnFile) {
			return nil, false
		}
		break
	}
	return all, true
}

// errOwnFile is the error of a pairReader for a file that has units.
var errOwnFile = errors.New("the file has units")

// pairReader reads the pairs of one file.
type pairReader struct {
	name, source, target string
}

func (p *pairReader) error(line int, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{ID: "import.file", Severity: diag.Error, Place: diag.Place{Path: p.name, Line: line}, Hint: hint}.Messagef(format, args...)
}

func (p *pairReader) entry(source, target string) (bitext.Entry, bool) {
	e := bitext.Entry{
		SourceLocale: p.source, TargetLocale: p.target, Source: bitext.Plain(strings.Clone(source)), Target: bitext.Plain(strings.Clone(target)),
		State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromImport},
	}
	return e, !e.Source.IsBlank() && !e.Target.IsBlank()
}

// The words that are usual for the two texts, beside the locales, in lower case.
var (
	sourceNames = []string{"source", "src", "source text", "source_text", "sourcetext", "original", "source segment"}
	targetNames = []string{"target", "tgt", "trg", "target text", "target_text", "targettext", "translation", "translated", "target segment"}
)

// isColumn reports how well a name fits a text: 3 for a usual word, 2 for the tag of the
// locale, 1 for its English name or a tag of its language; 0 if it does not.
func isColumn(name string, words []string, locale string) int {
	name = strings.ToLower(strings.TrimSpace(name))
	if slices.Contains(words, name) {
		return 3
	}
	if locale == "" || name == "" || len(name) > 40 {
		return 0
	}
	if strings.EqualFold(name, locale) {
		return 2
	}
	if strings.EqualFold(name, locales.EnglishName(locale)) {
		return 1
	}
	if len(name) > 12 || strings.ContainsAny(name, " .") {
		return 0
	}
	if tag, err := locales.Canonical(name); err == nil && (tag == locale || strings.HasPrefix(tag, locale+"-")) {
		return 1
	}
	return 0
}

// columns finds the columns of the two texts by their names; they are -1 if there are
// none.
func (p *pairReader) columns(head []string) (from, to int) {
	best := func(words []string, locale string) int {
		at, most := -1, 0
		for i, name := range head {
			if fit := isColumn(name, words, locale); fit > most {
				at, most = i, fit
			}
		}
		return at
	}
	return best(sourceNames, p.source), best(targetNames, p.target)
}

// table returns the pairs in the rows of a table. The cells of a row are good until the
// next one.
func (p *pairReader) table(rows iter.Seq2[pairRow, error]) iter.Seq2[bitext.Entry, error] {
	return func(yield func(bitext.Entry, error) bool) {
		from, to, first := 0, 1, true
		for row, err := range rows {
			if err != nil {
				yield(bitext.Entry{}, err)
				return
			}
			if first {
				if slices.ContainsFunc(row.cells, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), "unit") }) {
					yield(bitext.Entry{}, errOwnFile)
					return
				}
				first = false
				if a, b := p.columns(row.cells); a >= 0 && b >= 0 && a != b {
					from, to = a, b
					continue
				}
				if len(row.cells) != 2 {
					yield(bitext.Entry{}, p.error(row.line, "name two columns source and target, or by the tags of the two locales; --locale is the one of the translations", "the first row does not name the columns of the two texts"))
					return
				}
			}
			if len(row.cells) <= max(from, to) {
				continue
			}
			if e, ok := p.entry(row.cells[from], row.cells[to]); ok && !yield(e, nil) {
				return
			}
		}
	}
}

type pairRow struct {
	line  int
	cells []string
}

// separated reads CSV and TSV.
func (p *pairReader) separated(r io.Reader) iter.Seq2[bitext.Entry, error] {
	return p.table(func(yield func(pairRow, error) bool) {
		in := bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(transform.Nop)), 1<<16)
		head, _ := in.Peek(1 << 16)
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			head = head[:i]
		}
		c := csv.NewReader(in)
		c.Comma = ','
		most := bytes.Count(head, []byte(","))
		for _, sep := range ";\t" {
			if n := bytes.Count(head, []byte(string(sep))); n > most {
				c.Comma, most = sep, n
			}
		}
		if sep, ok := bytes.CutPrefix(bytes.Trim(bytes.TrimSpace(head), `"`), []byte("sep=")); ok && len(sep) == 1 && sep[0] < utf8.RuneSelf && sep[0] > ' ' && sep[0] != '"' {
			c.Comma = rune(sep[0]) // Excel writes and hides this line
			_, _ = in.ReadString('\n')
		}
		c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, c.Comma == '\t', true
		for {
			cells, err := c.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				line := 0
				var parse *csv.ParseError
				if errors.As(err, &parse) {
					line, err = parse.Line, parse.Err
				}
				yield(pairRow{}, p.error(line, "", "%v", diag.Arg("error", err)))
				return
			}
			line, _ := c.FieldPos(0)
			if slices.ContainsFunc(cells, func(s string) bool { return !utf8.ValidString(s) }) {
				yield(pairRow{}, p.error(line, "save it in UTF-8, or as a workbook", "the file is not in UTF-8"))
				return
			}
			if !yield(pairRow{line, cells}, nil) {
				return
			}
		}
	})
}

// workbook reads the first sheet of an XLSX file that has rows.
func (p *pairReader) workbook(r io.Reader) iter.Seq2[bitext.Entry, error] {
	return p.table(func(yield func(pairRow, error) bool) {
		book, err := xlsx.Open(r)
		if err != nil {
			yield(pairRow{}, p.error(0, "", "%v", diag.Arg("error", err)))
			return
		}
		for sheet := range book.Sheets() {
			any := false
			for row, err := range book.Rows(sheet) {
				if err != nil {
					yield(pairRow{}, p.error(row.Number, "", "%v", diag.Arg("error", err)))
					return
				}
				any = true
				if !yield(pairRow{row.Number, row.Cells}, nil) {
					return
				}
			}
			if any {
				return
			}
		}
	})
}

// maxPairLine limits the bytes of a line of JSON.
const maxPairLine = 16 << 20

// lines reads JSON Lines.
func (p *pairReader) lines(r io.Reader) iter.Seq2[bitext.Entry, error] {
	return func(yield func(bitext.Entry, error) bool) {
		s := bufio.NewScanner(transform.NewReader(r, unicode.BOMOverride(transform.Nop)))
		s.Buffer(nil, maxPairLine)
		n := 0
		for s.Scan() {
			n++
			data := bytes.TrimSpace(s.Bytes())
			if len(data) == 0 {
				continue
			}
			var fields map[string]json.RawMessage
			if err := json.Unmarshal(data, &fields); err != nil || fields == nil {
				yield(bitext.Entry{}, p.error(n, "each line is an object", "the line is not a JSON object"))
				return
			}
			if _, own := fields["unit"]; own {
				yield(bitext.Entry{}, errOwnFile)
				return
			}
			var below map[string]json.RawMessage
			if json.Unmarshal(fields["translation"], &below) == nil && below != nil {
				fields = below
			}
			e, found, ok := p.object(fields)
			if !found {
				yield(bitext.Entry{}, p.error(n, "name them source and target, or by the tags of the two locales; --locale is the one of the translations", "the object does not have the two texts"))
				return
			}
			if ok && !yield(e, nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(bitext.Entry{}, p.error(n+1, "", "%v", diag.Arg("error", err)))
		}
	}
}

// object returns the pair of an object. found is false if it does not have the texts, ok
// if one of them is blank.
func (p *pairReader) object(fields map[string]json.RawMessage) (e bitext.Entry, found, ok bool) {
	text := func(key string) (string, bool) {
		var s *string
		if json.Unmarshal(fields[key], &s) != nil {
			return "", false
		}
		if s == nil {
			return "", true // null: not translated
		}
		return *s, true
	}
	own := *p
	for _, l := range []struct {
		to   *string
		keys []string
	}{
		{&own.source, []string{"source_locale", "sourceLocale", "source_lang", "sourceLang", "srcLang"}},
		{&own.target, []string{"target_locale", "targetLocale", "target_lang", "targetLang", "trgLang"}},
	} {
		for _, key := range l.keys {
			if s, ok := text(key); ok && s != "" {
				*l.to = s
			}
		}
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	from, to := own.columns(names)
	if from < 0 || to < 0 || from == to {
		return e, false, false
	}
	a, okA := text(names[from])
	b, okB := text(names[to])
	if !okA || !okB {
		return e, false, false
	}
	e, ok = own.entry(a, b)
	return e, true, ok
}
