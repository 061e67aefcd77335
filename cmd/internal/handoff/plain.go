package handoff

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	tables "hexapla/pipeline/exchange/table"
	"hexapla/pipeline/exchange/tmx"
)

// IsBilingual reports whether the extension of a file is that of a bilingual type.
func IsBilingual(name string) bool {
	ext := InputExtension(name)
	if ext == ".tmx" || ext == ".tsv" {
		return true
	}
	_, ok := pipeline.CodecNamed(ext)
	return ok && ext != ""
}

// ReadAnyPairs returns the units of a bilingual file of any origin: what the codecs
// read, TMX, and plain tables and JSON Lines with nothing but a source and a target.
// locales are those that are wanted of a file with more, or that does not name them; they
// may be empty.
func ReadAnyPairs(ctx context.Context, name string, locales tables.PairOptions, stdin io.Reader) (iter.Seq2[*exchange.Unit, error], error) {
	file, err := NewSource(ctx, name, stdin)
	if err != nil {
		return nil, err
	}
	return file.AnyPairs(locales)
}

// AnyPairs returns the units of the source, as ReadAnyPairs does.
func (s *Source) AnyPairs(locales tables.PairOptions) (iter.Seq2[*exchange.Unit, error], error) {
	name := s.Name
	switch s.Ext {
	case ".tmx":
		return s.Read(func(r io.Reader) iter.Seq2[*exchange.Unit, error] { return tmxUnits(name, locales.Source, r) }), nil
	case ".csv", ".tsv":
		if s.Ext == ".tsv" || !hasColumn(s, "unit") {
			return s.Read(func(r io.Reader) iter.Seq2[*exchange.Unit, error] {
				return tableUnits(name, s.Ext == ".tsv", locales, r)
			}), nil
		}
	case ".jsonl":
		if plainJSON(s) {
			return s.Read(func(r io.Reader) iter.Seq2[*exchange.Unit, error] { return jsonUnits(name, r) }), nil
		}
	}
	codec, err := s.codec("")
	if err != nil {
		return nil, err
	}
	codec = tables.WithPairs(codec, locales)
	return s.Read(func(r io.Reader) iter.Seq2[*exchange.Unit, error] { return codec.Decode(name, r) }), nil
}

// Read returns the units that read finds in the source, which is opened once they are
// asked for and closed after the last. An error of opening it is yielded.
func (s *Source) Read(read func(io.Reader) iter.Seq2[*exchange.Unit, error]) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		f, err := s.Open()
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		s.units(read(f))(yield)
	}
}

// firstLine returns the first line of a file, of 64 KiB at most.
func firstLine(s *Source) []byte {
	f, err := s.Open()
	if err != nil {
		return nil
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(io.LimitReader(f, 64<<10), 64<<10).ReadBytes('\n')
	return bytes.TrimPrefix(line, []byte("\ufeff"))
}

func hasColumn(s *Source, column string) bool {
	fields, err := csv.NewReader(bytes.NewReader(firstLine(s))).Read()
	return err == nil && slices.ContainsFunc(fields, func(f string) bool { return strings.EqualFold(strings.TrimSpace(f), column) })
}

func plainJSON(s *Source) bool {
	var line struct {
		Source, Target *string
		Unit, Segments json.RawMessage
	}
	first := firstLine(s)
	if json.Unmarshal(first, &line) != nil || line.Unit != nil || line.Segments != nil {
		return false
	}
	_, _, languages := languageKeys(first)
	return line.Source != nil && line.Target != nil || languages
}

// languageKeys returns the two keys of an object that are language tags, in their order:
// {"en": "Read", "uk": "Читати"}. It reports whether the object has just two such keys.
func languageKeys(object []byte) (from, to string, ok bool) {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", "", false
	}
	var tags []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return "", "", false
		}
		var value any
		if d.Decode(&value) != nil {
			return "", "", false
		}
		name, _ := key.(string)
		if _, isText := value.(string); isText && name != "id" && len(name) <= 12 {
			if _, err := locales.Canonical(name); err == nil {
				tags = append(tags, name)
			}
		}
	}
	if len(tags) != 2 {
		return "", "", false
	}
	return tags[0], tags[1], true
}

// pairUnit returns a unit of one segment.
func pairUnit(h *exchange.Header, id string, line int, source, target bitext.Text) *exchange.Unit {
	u := &exchange.Unit{Header: h, Line: line, Unit: bitext.Unit{ID: id, Kind: bitext.Paragraph, Source: source, Segments: []bitext.Segment{{ID: "1", Source: source}}}}
	u.Targets = []bitext.Target{{Text: target, Filled: !target.IsBlank(), State: bitext.Translated}}
	return u
}

func tmxUnits(name, source string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		headers := map[string]*exchange.Header{}
		line, n := 0, 0
		counted := func(yield func(*tmx.TU, error) bool) {
			for tu, err := range tmx.Decode(r, tmx.Options{Name: name}) {
				if tu != nil {
					line = tu.Line
				}
				if !yield(tu, err) {
					return
				}
			}
		}
		for e, err := range tmx.Entries(counted, source) {
			if err != nil {
				yield(nil, err)
				return
			}
			key := e.SourceLocale + " " + e.TargetLocale
			if headers[key] == nil {
				headers[key] = &exchange.Header{Path: name, SourceLocale: e.SourceLocale, TargetLocale: e.TargetLocale}
			}
			n++
			u := pairUnit(headers[key], strconv.Itoa(n), line, e.Source, e.Target)
			u.Targets[0].State, u.Targets[0].SubState, u.Targets[0].Origin = max(e.State, bitext.Translated), e.SubState, e.Origin
			if !yield(u, nil) {
				return
			}
		}
	}
}

// tableUnits reads a table whose first row names its columns, as source and target or
// as two locales, or one of two columns without such a row.
func tableUnits(name string, tabs bool, wanted tables.PairOptions, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		h := &exchange.Header{Path: name}
		from, to, n := 0, 1, 0
		row := func(fields []string, line int) bool {
			if n++; n == 1 {
				fields[0] = strings.TrimPrefix(fields[0], "\ufeff")
				source, target, header, ok := tables.PairColumns(name, fields, wanted)
				if ok {
					from, to, h = source, target, header
					return true
				}
				if len(fields) > 2 { // which columns are meant is not known
					yield(nil, tables.NoPairColumns(name))
					return false
				}
			}
			if len(fields) <= max(from, to) {
				return yield(nil, diag.Diagnostic{ID: "table.row", Severity: diag.Error, Place: diag.Place{Path: name, Line: line}}.Messagef("the row has %d columns, not %d", diag.Arg("columns", len(fields)), diag.Arg("expected", max(from, to)+1)))
			}
			return yield(pairUnit(h, strconv.Itoa(n), line, bitext.Plain(fields[from]), bitext.Plain(fields[to])), nil)
		}
		if tabs {
			s := bufio.NewScanner(r)
			s.Buffer(nil, 16<<20)
			for line := 1; s.Scan(); line++ {
				text := s.Text()
				if !utf8.ValidString(text) {
					text = strings.ToValidUTF8(text, "\ufffd")
				}
				if strings.TrimSpace(text) != "" && !row(strings.Split(text, "\t"), line) {
					return
				}
			}
			if err := s.Err(); err != nil {
				yield(nil, fmt.Errorf("%s: %w", name, err))
			}
			return
		}
		c := csv.NewReader(r)
		c.FieldsPerRecord, c.LazyQuotes = -1, true
		for {
			fields, err := c.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("%s: %w", name, err))
				return
			}
			line, _ := c.FieldPos(0)
			if !row(fields, line) {
				return
			}
		}
	}
}

// jsonPairs is jsonUnits without objects that have no text. A translation of nothing is an
// error, as in a table.
func jsonPairs(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		for u, err := range jsonUnits(name, r) {
			if err == nil && u.Source.IsBlank() {
				if u.Targets[0].Text.IsBlank() {
					continue
				}
				u, err = nil, diag.Diagnostic{ID: "jsonl.line", Severity: diag.Error, Place: diag.Place{Path: name, Line: u.Line}}.Messagef("the object has a translation and no source")
			}
			if !yield(u, err) {
				return
			}
		}
	}
}

// jsonUnits reads one object a line, with source and target and, if it has them,
// source_locale and target_locale; or with the texts under two language tags, of which
// the first line names the source before the target.
func jsonUnits(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		headers := map[string]*exchange.Header{}
		s := bufio.NewScanner(r)
		s.Buffer(nil, 16<<20)
		var from, to string
		languages := false
		for n := 1; s.Scan(); n++ {
			var line struct {
				ID     any    `json:"id"`
				Source string `json:"source"`
				Target string `json:"target"`
				From   string `json:"source_locale"`
				To     string `json:"target_locale"`
			}
			data := bytes.TrimPrefix(s.Bytes(), []byte("\ufeff"))
			if len(bytes.TrimSpace(data)) == 0 {
				continue
			}
			if err := json.Unmarshal(data, &line); err != nil {
				if !yield(nil, diag.Diagnostic{ID: "jsonl.line", Severity: diag.Error, Place: diag.Place{Path: name, Line: n}}.Messagef("not a JSON object with source and target: %s", diag.Arg("error", err.Error()))) {
					return
				}
				continue
			}
			if n == 1 {
				from, to, languages = languageKeys(data)
			}
			if languages && line.Source == "" && line.Target == "" {
				var texts map[string]any
				_ = json.Unmarshal(data, &texts) // it is an object
				line.Source, _ = texts[from].(string)
				line.Target, _ = texts[to].(string)
				line.From, _ = locales.Canonical(from)
				line.To, _ = locales.Canonical(to)
			}
			key := line.From + " " + line.To
			if headers[key] == nil {
				headers[key] = &exchange.Header{Path: name, SourceLocale: line.From, TargetLocale: line.To}
			}
			id := strconv.Itoa(n)
			if line.ID != nil {
				id = fmt.Sprint(line.ID)
			}
			if !yield(pairUnit(headers[key], id, n, bitext.Plain(line.Source), bitext.Plain(line.Target)), nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield(nil, fmt.Errorf("%s: %w", name, err))
		}
	}
}
