package glossary

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language/display"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// Names of columns in the tables of other tools, and what they are here.
var synonyms = map[string]string{
	"source": "source", "source term": "source", "source_term": "source", "src": "source", "term_src": "source", "source text": "source", "source_text": "source",
	"target": "target", "target term": "target", "target_term": "target", "translation": "target", "tgt": "target", "term_tgt": "target", "target text": "target", "target_text": "target", "target_preferred": "target",
	"note": "note", "notes": "note", "comment": "note", "comments": "note", "remark": "note", "explanation": "note", "translator_comments": "note",
	"description": "definition", "definition": "definition", "concept": "concept", "concept id": "concept", "id": "concept", "term id": "concept",
	"src:pos": "pos", "src:comment": "note", "term status": "status", "pos": "pos", "part of speech": "pos", "part_of_speech": "pos", "status": "status", "case": "case", "case sensitive": "case", "case_sensitive": "case",
	"source_lang": "source locale", "src_lang": "source locale", "tgt_lang": "target locale", "source language": "source locale", "source locale": "source locale",
	"target_lang": "target locale", "target language": "target locale", "target locale": "target locale",
}

// iate are the columns of IATE's tables, and what they are here.
var iate = map[string]string{"e_id": "concept", "l_code": "locale", "t_term": "term", "t_evaluation": "status", "t_note": "note", "l_definition": "definition"}

// utx reads the head of a UTX file (Asia-Pacific Association for Machine Translation, UTX
// 1.11 and 1.20): lines that begin with #, the first with the languages, the last with the
// names of the columns. It returns where the rows begin.
func (p *csvParser) utx() (start int) {
	p.remarks = true
	names := []string{"src", "tgt", "src:pos"}
	for rest := p.data; bytes.HasPrefix(rest, []byte("#")); rest = p.data[start:] {
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		start = min(start+len(line)+1, len(p.data))
		text := strings.TrimSpace(strings.TrimLeft(string(line), "#"))
		if cells := strings.Split(text, "\t"); len(cells) > 1 && strings.EqualFold(strings.TrimSpace(cells[0]), "src") {
			names = cells
			break
		}
		if source, target, ok := strings.Cut(text, "/"); ok && bytes.HasPrefix(line, []byte("#UTX")) {
			source = strings.TrimSpace(source[strings.LastIndexByte(source, ';')+1:])
			target, _, _ = strings.Cut(target, ";")
			p.options.SourceLocale, p.options.TargetLocale = cmp.Or(p.options.SourceLocale, languageIn(source)), cmp.Or(p.options.TargetLocale, languageIn(target))
		}
	}
	if p.options.Columns == nil {
		p.options.Columns = names
	}
	return start
}

// localField is a column of Crowdin's layout: a field and its locale.
var localField = lazy.Regexp(`^(.+?)\s*\[([^\[\]]+)\]$`)

// Names of columns that have a language in them: "English (en)", "Ukrainian [uk]", "en Term",
// "English_Def", "translation_uk".
var (
	namedLanguage = lazy.Regexp(`^(.+?)\s*[(\[]([^()\[\]]+)[)\]]$`)
	fieldBehind   = lazy.Regexp(`(?i)^(.+?)[ _](terms?|def|definition|description|notes?|comment|status|pos|part of speech)$`)
	fieldBefore   = lazy.Regexp(`(?i)^(?:term|translation)[ _](.+)$`)
)

// languageIn returns the canonical locale that a word names, by its tag or by the name of the
// language; "" if it is neither.
func languageIn(word string) string {
	word = strings.TrimSpace(word)
	if locale, err := canonicalLocale(word); err == nil && isShortLocale(locale) {
		return locale
	}
	if tag := locales.LanguageNamed(word); tag != "" {
		return tag
	}
	return namesOfLocales()[strings.ToLower(word)]
}

// namesOfLocales are further tags by their names, in lower case, in English and in the
// language itself: "spanish (honduras)".
var namesOfLocales = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	english := display.English.Tags()
	for _, t := range display.Supported.Tags() {
		for _, name := range []string{english.Name(t), display.Self.Name(t)} {
			name = strings.ToLower(name)
			if old, ok := names[name]; name != "" && (!ok || len(t.String()) < len(old)) {
				names[name] = t.String()
			}
		}
	}
	return names
})

// fieldsByLocale returns a row of names with "def_fr" written as Crowdin has it, where
// columns of one beginning end in languages: name_en, name_fr, def_en, def_fr. Each for
// itself may be a tag, that of Dezfuli in France, but "def_en" is none. Where other columns
// have the terms, such a field is a remark.
func fieldsByLocale(cells []string) []string {
	split := func(c string) (field, language string) {
		i := strings.LastIndexByte(c, '_')
		if i <= 0 || len(c)-i != 3 {
			return "", ""
		}
		return strings.ToLower(c[:i]), strings.ToLower(c[i+1:])
	}
	languages := map[string]map[string]bool{}
	certain := map[string]bool{}
	others := 0 // columns of terms that are no such fields
	for _, c := range cells {
		c = strings.TrimSpace(c)
		field, language := split(c)
		if role := synonyms[strings.ToLower(c)]; role == "source" || role == "target" || role == "" && field == "" && languageIn(c) != "" {
			others++
		}
		if field == "" || field == "translation" || languageIn(language) == "" {
			continue
		}
		if languages[field] == nil {
			languages[field] = map[string]bool{}
		}
		languages[field][language] = true
		certain[field] = certain[field] || languageIn(c) == ""
	}
	local := func(field string) bool { return certain[field] && len(languages[field]) > 1 }
	names, definitions := []string{"name", "label", "title", "term"}, []string{"def", "desc", "definition", "description"}
	if !slices.ContainsFunc(definitions, local) {
		names = names[:3] // term_en, term_uk: see fieldBefore
	}
	terms := others < 2 && slices.ContainsFunc(names, local)
	out := slices.Clone(cells)
	for i, c := range cells {
		c = strings.TrimSpace(c)
		field, language := split(c)
		switch {
		case !local(field):
		case terms && slices.Contains(names, field):
			out[i] = "Term [" + language + "]"
		case terms && slices.Contains(definitions, field):
			out[i] = "Definition [" + language + "]"
		case languageIn(c) != "":
			out[i] = field + ": " + language
		}
	}
	return out
}

// withTags returns a row of names with tags in place of the names of languages, and with
// fields of a language as Crowdin writes them, if at least two columns of terms are such.
func withTags(cells []string) []string {
	cells = fieldsByLocale(cells)
	out := slices.Clone(cells)
	if slices.ContainsFunc(cells, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), "t_term") }) {
		for i, c := range cells {
			out[i] = cmp.Or(iate[strings.ToLower(strings.TrimSpace(c))], c)
		}
		return out
	}
	terms, changed := 0, false
	fields := map[int]string{} // of columns that are no terms
	ofTerms := false           // some columns of terms are fields
	for i, c := range cells {
		c = strings.TrimSpace(c)
		if slices.Contains([]string{"concept id", "entry id", "entry_id", "entryid"}, strings.ToLower(c)) {
			out[i] = "concept"
			continue
		}
		if synonyms[strings.ToLower(c)] != "" {
			continue // src is Sardinian, too
		}
		tag := languageIn(c)
		if m := namedLanguage().FindStringSubmatch(c); m != nil && tag == "" && languageIn(m[1]) != "" {
			tag = languageIn(m[2])
		}
		if tag != "" {
			terms++
			changed = changed || !strings.EqualFold(tag, c)
			out[i] = tag
			continue
		}
		if m := fieldBehind().FindStringSubmatch(c); m != nil {
			if tag := languageIn(m[1]); tag != "" {
				field := strings.ToLower(m[2])
				switch field {
				case "term", "terms":
					out[i], changed, ofTerms = "Term ["+tag+"]", true, true
					terms++
					continue
				case "def":
					field = "Definition"
				case "notes", "comment":
					field = "Note"
				}
				fields[i] = field + " [" + tag + "]"
				continue
			}
		}
		if m := fieldBefore().FindStringSubmatch(c); m != nil {
			if tag := languageIn(m[1]); tag != "" {
				out[i], changed = tag, true
				terms++
			}
		}
	}
	sole := slices.ContainsFunc(cells, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), "term") })
	if !changed || terms < 2 && !sole || terms == 0 {
		return cells
	}
	if ofTerms {
		for i, field := range fields {
			out[i] = field
		}
	}
	return out
}

// foreignHeader reads the row of names of another tool's layout; it returns nil for a
// row that is not one.
func (p *csvParser) foreignHeader(cells []string) func([]string) {
	columns := map[string]int{}
	other := map[int]string{}
	fields := map[int]localColumn{}
	locales := map[int]string{}
	terms := 0
	for i, c := range cells {
		c = strings.TrimSpace(c)
		name, known := synonyms[strings.ToLower(c)]
		_, twice := columns[name]
		switch m := localField().FindStringSubmatch(c); {
		case m != nil:
			if locale, err := canonicalLocale(m[2]); err == nil {
				fields[i] = localColumn{strings.ToLower(m[1]), m[1], locale}
				if strings.EqualFold(m[1], "term") {
					terms++
				}
			}
		case known && !twice:
			columns[name] = i
		case strings.EqualFold(c, "term"):
			columns["term"] = i
		case c != "":
			other[i] = c
			if locale, err := canonicalLocale(c); err == nil && isShortLocale(locale) {
				locales[i] = locale
			}
		}
	}
	_, source := columns["source"]
	_, target := columns["target"]
	first, term := columns["term"]
	isLocale := func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), "locale") }
	if term && target && !source && !slices.ContainsFunc(cells, isLocale) {
		columns["source"], source = first, true
	}
	if before := columns["target"] - 1; target && !source && !term && other[before] != "" && len(locales) == 0 {
		columns["source"], source = before, true // phrase, translation, comment
		delete(other, before)
	}
	switch {
	case terms > 0:
		p.width = len(cells)
		return func(cells []string) { p.localRow(cells, columns, fields, other) }
	case source && target:
		p.width = len(cells)
		_, a := columns["source locale"]
		_, b := columns["target locale"]
		if a && b {
			p.knownPair() // for the cells that are empty
		} else {
			p.setPair(true)
		}
		return func(cells []string) { p.pairRow(cells, columns, other) }
	case term && len(locales) > 0 && !slices.ContainsFunc(cells, isLocale):
		p.width = len(cells)
		p.setPair(false)
		locales[columns["term"]] = p.pairs[0]
		for i := range locales {
			delete(other, i)
		}
		return func(cells []string) { p.wideRow(cells, columns, locales, other) }
	}
	return nil
}

type localColumn struct{ field, name, locale string }

// isShortLocale reports whether a tag begins with a language of two or three letters,
// as a word in a row of names hardly does.
func isShortLocale(locale string) bool {
	language, _, _ := strings.Cut(locale, "-")
	return len(language) == 2 || len(language) == 3 && language != "und"
}

// noHeader reports whether a first row can be terms: in a file of tab-separated
// values, as OmegaT has it, in one whose locales are known otherwise, or if the row
// ends in two locales, as DeepL has it.
func (p *csvParser) noHeader(cells []string) bool {
	switch len(cells) {
	case 2, 3:
		source, _ := localesOfName(p.path)
		return p.row == 0 && (p.reader != nil && p.reader.Comma == '\t' || p.options.TargetLocale != "" || source != "")
	case 4:
		a, errA := canonicalLocale(cells[2])
		b, errB := canonicalLocale(cells[3])
		return errA == nil && errB == nil && isShortLocale(a) && isShortLocale(b) && !isName(cells[0]) && !isName(cells[1])
	}
	return false
}

// isName reports whether a cell can be the name of a column.
func isName(cell string) bool {
	cell = strings.ToLower(strings.TrimSpace(cell))
	if locale, err := canonicalLocale(cell); err == nil && isShortLocale(locale) {
		return true
	}
	return synonyms[cell] != "" || slices.Contains(columnNames, cell)
}

func (p *csvParser) pairsWithoutHeader(cells []string) func([]string) {
	p.width = len(cells)
	columns := map[string]int{"source": 0, "target": 1, "note": 2}
	if len(cells) == 4 {
		columns = map[string]int{"source": 0, "target": 1, "source locale": 2, "target locale": 3}
	} else {
		p.setPair(true)
	}
	return func(cells []string) { p.pairRow(cells, columns, nil) }
}

// knownPair takes the locales of a pair from the options, or else from the name of the file.
func (p *csvParser) knownPair() {
	source, target := localesOfName(p.path)
	p.pairs = [2]string{cmp.Or(p.options.SourceLocale, source), cmp.Or(p.options.TargetLocale, target)}
}

// setPair finds the locales of a file whose columns do not name them; target says
// that the target's is one of these.
func (p *csvParser) setPair(target bool) {
	p.knownPair()
	if p.pairs[0] != "" && (p.pairs[1] != "" || !target) {
		return
	}
	if p.pairs[0] == "" {
		p.pairs[0] = "en"
	}
	if p.pairs[1] == "" {
		p.pairs[1] = "und"
	}
	assumed := p.pairs[0] + " and " + p.pairs[1] + " are"
	if !target {
		assumed = p.pairs[0] + " is"
	}
	p.addDiagnostic(diag.Warning, "glossary.language", 1, 1, "name the columns by locales (en,uk) or the file en-uk.csv, or give --source-locale and --target-locale",
		"the file does not name its languages; %s assumed", diag.Arg("assumed", assumed))
}

// localesOfName returns the locales that the name of a file ends in: "terms.en-uk.csv",
// "terms.uk.csv".
func localesOfName(name string) (source, target string) {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	base = strings.TrimSuffix(base, path.Ext(base))
	parts := strings.FieldsFunc(base, func(r rune) bool { return r == '.' || r == '-' || r == '_' || r == ' ' })
	language := func(i int) string {
		if i < 0 || len(parts[i]) != 2 {
			return ""
		}
		l, err := tag.Canonical(parts[i])
		if err != nil {
			return ""
		}
		return l
	}
	if target = language(len(parts) - 1); target != "" {
		source = language(len(parts) - 2)
	}
	return source, target
}

// pairRow reads a row with a source and a target term.
func (p *csvParser) pairRow(cells []string, columns map[string]int, other map[int]string) {
	source, target := at(cells, columns, "source"), at(cells, columns, "target")
	line, col := p.column(cells, columns, "source")
	if source == "" {
		p.addDiagnostic(diag.Error, "glossary.term", line, col, "", "row skipped: no source term given")
		return
	}
	locales := p.pairs
	for i, name := range []string{"source locale", "target locale"} {
		if s := at(cells, columns, name); s != "" {
			l, err := canonicalLocale(s)
			if err != nil {
				line, col := p.column(cells, columns, name)
				p.addDiagnostic(diag.Error, "glossary.locale", line, col, "write a tag such as ru or sr-Latn", "row skipped: %v", diag.Arg("error", err))
				return
			}
			locales[i] = l
		}
	}
	if locales[0] == "" || target != "" && locales[1] == "" {
		p.addDiagnostic(diag.Error, "glossary.locale", line, col, "fill in the columns of the locales", "row skipped: it does not name its languages")
		return
	}
	id := at(cells, columns, "concept")
	if id == "" {
		id = source
	}
	mode, err := parseCase(at(cells, columns, "case"))
	if err != nil {
		mode = CaseAuto
	}
	status, fixed := ParseStatus(at(cells, columns, "status"))
	if !p.hasTerm(id, locales[0], source) {
		p.add(id, Term{Locale: locales[0], Text: source, Case: mode, POS: at(cells, columns, "pos")}, true, cells, columns, "source")
	}
	if status == DoNotTranslate && fixed {
		target = ""
		p.add(id, Term{Locale: AnyLocale, Text: source, Status: DoNotTranslate, Case: mode}, false, cells, columns, "source")
	}
	if target != "" && !p.hasTerm(id, locales[1], target) {
		t := Term{Locale: locales[1], Text: target, Case: mode, POS: at(cells, columns, "pos"), Props: props(cells, other)}
		if fixed {
			t.Status = status
		}
		p.add(id, t, !fixed, cells, columns, "target")
	}
	c := p.concept(id)
	if n := at(cells, columns, "note"); n != "" && !slices.Contains(c.Notes, n) {
		c.Notes = append(c.Notes, n)
	}
	p.extra(cells)
	p.define(id, cells, columns)
}

// localRow reads a row of Crowdin's layout.
func (p *csvParser) localRow(cells []string, columns map[string]int, fields map[int]localColumn, other map[int]string) {
	id := at(cells, columns, "concept")
	var order []string
	terms := map[string]*Term{}
	definition := ""
	untranslatable := false
	for i := range cells {
		f, ok := fields[i]
		if !ok || cells[i] == "" {
			continue
		}
		t := terms[f.locale]
		if t == nil {
			t = &Term{Locale: f.locale}
			terms[f.locale] = t
			order = append(order, f.locale)
		}
		switch f.field {
		case "term":
			t.Text = cells[i]
			t.Place.Line, t.Place.Column = p.pos(i)
		case "description", "definition":
			if definition == "" {
				definition = cells[i]
			} else if definition != cells[i] {
				t.Props = append(t.Props, bitext.Prop{Name: f.name, Value: cells[i]})
			}
		case "part of speech":
			t.POS = cells[i]
		case "note":
			t.Note = cells[i]
		case "status":
			if s, ok := ParseStatus(cells[i]); ok {
				t.Status = s
			} else {
				t.Props = append(t.Props, bitext.Prop{Name: f.name, Value: cells[i]})
			}
		default:
			t.Props = append(t.Props, bitext.Prop{Name: f.name, Value: cells[i]})
		}
	}
	for i, name := range other {
		if i < len(cells) && strings.Contains(strings.ToLower(name), "translatable") && strings.EqualFold(cells[i], "false") {
			untranslatable = true
		}
	}
	for _, l := range order {
		t := terms[l]
		if t.Text == "" {
			continue
		}
		if id == "" {
			id = p.ids.next(t.Text, func(id string) bool { _, ok := p.byID[id]; return ok })
		}
		c := p.concept(id)
		t.Place.Path = p.path
		c.Terms = append(c.Terms, *t)
		if untranslatable {
			untranslatable = false
			c.Terms = append(c.Terms, Term{Locale: AnyLocale, Text: t.Text, Status: DoNotTranslate, Place: t.Place})
		}
	}
	if id == "" {
		line, col := p.pos(0)
		p.addDiagnostic(diag.Warning, "glossary.term", line, col, "", "row skipped: it has no term")
		return
	}
	c := p.concept(id)
	if at(cells, columns, "definition") == "" && c.Definition == "" {
		c.Definition = definition
	}
	c.Props = append(c.Props, props(cells, other)...)
	if n := at(cells, columns, "note"); n != "" {
		c.Notes = append(c.Notes, n)
	}
	p.define(id, cells, columns)
}
