package table

import (
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"hexapla/locales"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/lazy"
)

// PairOptions are what is known of a table of pairs from elsewhere. Source and Target are
// locales: of a table of several languages, those columns are read, and a table of two columns
// without names is one if both are given.
type PairOptions struct{ Source, Target string }

// WithPairs returns a codec of this package that also reads tables of other programs:
// a text and its translation in each row, below the names of two columns. The names are
// source and target, or other usual words for them, or languages, by their tags or
// names. A column before them may identify the rows; Weblate's fuzzy, states and notes are
// read. Their units have no articles, so that nothing but a conversion can use them. Another
// codec is returned as it is.
func WithPairs(c exchange.Codec, o PairOptions) exchange.Codec {
	switch c.Name {
	case CSV.Name:
		c.Decode = func(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] { return readCSV(name, r, &o) }
	case XLSX.Name:
		c.Decode = func(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] { return readXLSX(name, r, &o) }
	}
	return c
}

// pairColumns are the places of the columns of a table of pairs, -1 for one that is not there.
type pairColumns struct{ key, source, target, fuzzy, state, note, comment int }

// The usual names of columns, in lower case, with spaces for other marks between words.
var (
	keyNames    = []string{"id", "key", "name", "identifier", "string id", "key name", "string key", "resource id", "context", "location", "#", "no", "nr", "№"}
	sourceNames = []string{"source", "src", "source text", "source string", "source phrase", "source segment", "source term", "original", "original text", "msgid", "text",
		"исходный текст", "оригинал", "источник", "джерело", "оригінал", "вихідний текст", "متن مبدأ", "متن اصلی", "quelle", "quelltext", "ausgangstext", "texte source", "origen", "texto original", "texto fuente", "źródło", "原文"}
	targetNames = []string{"target", "tgt", "trg", "target text", "target string", "target phrase", "target segment", "translation", "translation text", "translated", "translated text", "translated string", "msgstr",
		"перевод", "переклад", "ترجمه", "ziel", "zieltext", "übersetzung", "traduction", "texte cible", "traducción", "tłumaczenie", "traduzione", "tradução", "译文", "翻訳"}
	noteNames    = []string{"note", "notes", "comment", "comments", "description", "developer comments", "developer comment", "extracted comments"}
	commentNames = []string{"translator comments", "translator comment", "translator note"}
	stateNames   = []string{"state", "status"}
)

// qualified matches the name of a column with a word in brackets: "Source (English)",
// "Ukrainian [uk]".
var qualified = lazy.Regexp(`^(.+?)\s*[(\[]([^()\[\]]+)[)\]]$`)

// columnName returns the name of a column as the lists above have it.
func columnName(cell string) string {
	cell = strings.TrimPrefix(cell, "\ufeff")
	return strings.Join(strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return r == '_' || r == '-' || unicode.IsSpace(r) }), " ")
}

// readPairColumns finds the columns of a table of pairs by their names. The header has the
// languages that they name.
func readPairColumns(name string, cells []string, o PairOptions) (pairColumns, *exchange.Header, bool) {
	const most = 64 // columns of a table whose languages are looked for
	p, h := pairColumns{-1, -1, -1, -1, -1, -1, -1}, &exchange.Header{Path: name}
	if len(cells) > most {
		return p, h, false
	}
	type language struct {
		column int
		tag    string
	}
	var tags []language
	twice := false // which of two columns with one meaning counts is not known
	for i, cell := range cells {
		name, tag := columnName(cell), languageOf(cell)
		if m := qualified().FindStringSubmatch(strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff"))); m != nil {
			name = columnName(m[1])
			if tag = languageOf(m[2]); tag == "" {
				tag = locales.LanguageNamed(m[2])
			}
		} else if tag == "" {
			tag = locales.LanguageNamed(cell)
		}
		set := func(column *int) {
			if *column < 0 {
				*column = i
			}
		}
		switch {
		case slices.Contains(sourceNames, name) && (name != "text" || p.source < 0):
			twice = twice || p.source >= 0
			p.source = i
			h.SourceLocale = tag
		case slices.Contains(targetNames, name):
			twice = twice || p.target >= 0
			p.target = i
			h.TargetLocale = tag
		case p.key < 0 && slices.Contains(keyNames, name) && len(cells) > 2 && (name != "id" || len(tags) != 1): // behind one language "id" is Indonesian
			p.key = i
		case name == "fuzzy":
			set(&p.fuzzy)
		case slices.Contains(stateNames, name):
			set(&p.state)
		case slices.Contains(noteNames, name):
			set(&p.note)
		case slices.Contains(commentNames, name):
			set(&p.comment)
		case tag != "":
			tags = append(tags, language{i, tag})
		}
	}
	find := func(locale string) int {
		for _, same := range []func(a, b string) bool{strings.EqualFold, langtag.SameText, langtag.SameLanguage} {
			if i := slices.IndexFunc(tags, func(l language) bool { return locale != "" && same(l.tag, locale) }); i >= 0 {
				return i
			}
		}
		return -1
	}
	from, to := find(o.Source), find(o.Target)
	switch {
	case twice:
		return p, h, false
	case p.source >= 0 && p.target >= 0:
		return p, h, true
	case p.source >= 0 && len(tags) == 1, p.source >= 0 && to >= 0:
		to = max(to, 0)
		p.target, h.TargetLocale = tags[to].column, tags[to].tag
		return p, h, true
	case p.target >= 0 && len(tags) == 1:
		p.source, h.SourceLocale = tags[0].column, tags[0].tag
		return p, h, true
	case p.source >= 0 || p.target >= 0:
		return p, h, false
	case len(tags) == 2 && (to < 0 || from == to):
		from, to = 0, 1
	case len(tags) < 2 || to < 0:
		return p, h, false
	case from < 0 || from == to: // the first language is the source
		if from = 0; to == 0 {
			from = 1
		}
	}
	p.source, p.target = tags[from].column, tags[to].column
	h.SourceLocale, h.TargetLocale = tags[from].tag, tags[to].tag
	return p, h, h.SourceLocale != h.TargetLocale
}

// PairColumns returns the columns of source and target of a table of pairs by the names in
// its first row, see WithPairs, and a header with the languages that they name.
func PairColumns(name string, cells []string, o PairOptions) (source, target int, h *exchange.Header, ok bool) {
	p, h, ok := readPairColumns(name, cells, o)
	return p.source, p.target, h, ok
}

// NoPairColumns is the finding about a table whose first row does not name the columns.
func NoPairColumns(name string) error {
	r := &reader{name: name, pairOptions: &PairOptions{}}
	return r.noColumn(colSource)
}

// languageOf returns the canonical form of a language tag, "" if a cell is none.
func languageOf(cell string) string {
	cell = strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff"))
	if len(cell) < 2 || len(cell) > 12 || strings.ContainsAny(cell, " .") {
		return ""
	}
	t, err := langtag.Canonical(strings.ReplaceAll(cell, "_", "-"))
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
			Hint: "save it as CSV UTF-8, or as a workbook"}.Messagef("question marks or replacement characters stand for letters of the target: %q", diag.Arg("target", diag.Excerpt(target)))
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
		u.Targets[0].State, u.Targets[0].SubState = foreignState(get(r.pairs.state), get(r.pairs.fuzzy))
	}
	if s := strings.TrimSpace(get(r.pairs.note)); s != "" {
		u.Unit.Notes = []bitext.Note{{Category: "developer", Text: s}}
	}
	if s := strings.TrimSpace(get(r.pairs.comment)); s != "" {
		u.Comments = []exchange.Comment{{Category: "translator", Text: s}}
	}
	return u, nil
}

// foreignState returns what other programs mean by the cells of a state and of "fuzzy". A
// word that is not known says nothing.
func foreignState(state, fuzzy string) (bitext.State, string) {
	switch columnName(fuzzy) {
	case "true", "1", "yes", "x", "fuzzy":
		return bitext.Translated, bitext.SubStateCheck
	}
	switch name := columnName(state); name {
	case "fuzzy", "draft", "new", "unreviewed", "needs review", "needs editing", "needs work", "needs translation", "unconfirmed", "rejected", "machine translated", "mt", "pretranslated":
		return bitext.Translated, bitext.SubStateCheck
	case "approved", "reviewed", "proofread", "verified":
		return bitext.Reviewed, ""
	case "final", "signed off", "published":
		return bitext.Final, ""
	}
	return bitext.Translated, ""
}
