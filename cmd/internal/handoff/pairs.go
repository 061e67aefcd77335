package handoff

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Pairs returns the translations in a CSV or TSV file that is not one of ours: two
// columns that the first row calls source and target, or by the two locales; of a file
// with two columns and another first row, the first and the second. ok is false if
// the file has the column "unit" of our own tables, or is no such file.
func Pairs(name, source, target string) (entries iter.Seq2[bitext.Entry, error], ok bool) {
	var comma rune
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		comma = ','
	case ".tsv":
		comma = '\t'
	default:
		return nil, false
	}
	open := func() (*os.File, *csv.Reader, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		in := bufio.NewReader(f)
		if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
			_, _ = in.Discard(3)
		}
		r := csv.NewReader(in)
		r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, comma == '\t', true
		return f, r, nil
	}
	f, r, err := open()
	if err != nil {
		return nil, false
	}
	defer f.Close()
	head, err := r.Read()
	if err != nil {
		return nil, false
	}
	column := func(names ...string) int {
		return slices.IndexFunc(head, func(h string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(strings.TrimSpace(h), n) })
		})
	}
	if column("unit") >= 0 {
		return nil, false
	}
	from, to, skip := column("source", source), column("target", "translation", target), true
	if from < 0 || to < 0 {
		if len(head) != 2 {
			return nil, false
		}
		from, to, skip = 0, 1, false
	}
	return func(yield func(bitext.Entry, error) bool) {
		f, r, err := open()
		if err != nil {
			yield(bitext.Entry{}, err)
			return
		}
		defer f.Close()
		for row := 0; ; row++ {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(bitext.Entry{}, diag.Diagnostic{ID: "import.file", Severity: diag.Error, Place: diag.Place{Path: name}, Message: fmt.Sprint(err)})
				return
			}
			if row == 0 && skip || len(cells) <= max(from, to) {
				continue
			}
			e := bitext.Entry{
				SourceLocale: source, TargetLocale: target, Source: bitext.Plain(strings.Clone(cells[from])), Target: bitext.Plain(strings.Clone(cells[to])),
				State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromImport},
			}
			if !e.Source.IsBlank() && !e.Target.IsBlank() && !yield(e, nil) {
				return
			}
		}
	}, true
}
