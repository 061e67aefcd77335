package messages

import (
	"slices"
	"strconv"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// ImportOptions are the settings of an Importer.
type ImportOptions struct {
	Locale       string // the target locale; "" for what the file says
	Marked       bool   // variables are codes in the file
	Numbered     bool   // plural forms have numbers, and the source is a singular and a plural, as in PO
	AcceptCopies bool   // a text that equals its source is a translation
}

// An Importer decides which units of a bilingual file are translations of messages.
type Importer struct {
	Translations map[string][]update.Translation // by locale
	Diagnostics  []diag.Diagnostic

	set     *catalog.Set
	options ImportOptions
	pairs   map[string]map[string]*catalog.MessagePair // by locale and unit id
	seen    map[string]bool                            // locale and unit id
	forms   map[string]pluralForms                     // by locale and Plural-Forms
}

// pluralForms are the plural categories of the numbered forms of a file.
type pluralForms struct {
	categories []string
	err        error
}

// NewImporter returns an Importer of units for the messages of a Set.
func NewImporter(set *catalog.Set, o ImportOptions) *Importer {
	return &Importer{Translations: map[string][]update.Translation{}, set: set, options: o,
		pairs: map[string]map[string]*catalog.MessagePair{}, seen: map[string]bool{}, forms: map[string]pluralForms{}}
}

// Fail notes an error of reading the file.
func (im *Importer) Fail(err error) {
	im.Diagnostics = append(im.Diagnostics, diag.From(err, pipeline.RejectedDecoding)...)
}

func (im *Importer) add(name string, u *exchange.Unit, severity diag.Severity, id, hint, format string, args ...any) {
	im.Diagnostics = append(im.Diagnostics, diag.Diagnostic{ID: id, Severity: severity, Hint: hint,
		Place: diag.Place{Path: name, Line: u.Line, Column: u.Column, Locale: u.TargetLocale, Unit: u.ID}}.Messagef(format, args...))
}

func (im *Importer) reject(name string, u *exchange.Unit, id, hint, format string, args ...any) {
	im.add(name, u, diag.Error, id, hint, format, args...)
}

func (im *Importer) pair(locale, id string) *catalog.MessagePair {
	if im.pairs[locale] == nil {
		im.pairs[locale] = map[string]*catalog.MessagePair{}
		for _, p := range catalog.Pairs(im.set, locale) {
			im.pairs[locale][UnitID(p.Source.ID)] = &p
		}
	}
	return im.pairs[locale][id]
}

// categories returns the plural categories of the numbered forms of a file, by its
// own Plural-Forms if it has it.
func (im *Importer) categories(locale string, u *exchange.Unit) ([]string, error) {
	expression := ""
	if u.Header != nil {
		expression = u.Header.PluralForms
	}
	key := locale + "\x00" + expression
	known, ok := im.forms[key]
	if !ok {
		if expression == "" {
			_, known.categories = locales.GettextPlural(locale)
		} else {
			known.categories, known.err = locales.GettextCategories(locale, expression)
		}
		im.forms[key] = known
	}
	return known.categories, known.err
}

// Add decides on one unit of the file that is called name. Why a unit is rejected
// is in Diagnostics. A text that is the one in use, and that the file marks as
// still to be reviewed, changes nothing: it does not become a translation of the
// present source by having been in a file.
func (im *Importer) Add(name string, u *exchange.Unit) {
	tag := im.options.Locale
	if tag == "" {
		tag = u.TargetLocale
	}
	locale, err := locales.Canonical(tag)
	if err != nil {
		im.reject(name, u, pipeline.RejectedLocale, "give --locale", "the file has no target locale")
		return
	}
	p := im.pair(locale, u.ID)
	if p == nil {
		im.reject(name, u, pipeline.RejectedUnit, "", "the source catalog has no such message")
		return
	}
	if im.seen[locale+" "+u.ID] {
		im.reject(name, u, pipeline.RejectedTwice, "keep one of them", "the file has message %q twice", diag.Arg("id", p.Source.ID))
		return
	}
	im.seen[locale+" "+u.ID] = true
	tr, ok := im.translation(name, u, p, locale)
	if !ok || len(tr.Forms) == 0 {
		return
	}
	same := p.Target != nil
	for category, text := range tr.Forms {
		same = same && p.Target.Form(category) == text
	}
	if same && (tr.Review || !p.Stale && !p.Target.NeedsReview) {
		return
	}
	tr.KeepHash = tr.Review && p.Stale
	im.Translations[locale] = append(im.Translations[locale], tr)
}

// translation returns the texts of a unit by plural category; not ok if one of them
// is rejected.
func (im *Importer) translation(name string, u *exchange.Unit, p *catalog.MessagePair, locale string) (tr update.Translation, ok bool) {
	tr = update.Translation{ID: p.Source.ID, Forms: map[string]string{}}
	plural := p.Source.IsPlural()
	var categories []string
	if plural {
		var err error
		if categories, err = im.categories(locale, u); err != nil {
			im.reject(name, u, pipeline.RejectedSegment, "write the file with the Plural-Forms of 'hexapla catalog export'", "the Plural-Forms of the header cannot be used: %s", diag.Arg("error", err))
			return tr, false
		}
	}
	nextID := 0
	sources := map[string]bitext.Text{}
	for _, c := range p.Forms {
		sources[c] = formSource(p, c, im.options.Marked, &nextID)
	}
	for i, s := range u.Segments {
		target := u.Targets[i]
		if s.Ignorable || !target.Filled || target.Text.IsEmpty() {
			continue
		}
		category := s.ID
		if !plural {
			category = "other"
		} else if n, err := strconv.Atoi(s.ID); err == nil && n >= 0 && n < len(categories) {
			if category = categories[n]; category == "" {
				im.add(name, u, diag.Info, "import.form", "", "plural form %d is for numbers that another form has in %s: it is left out", diag.Arg("count", n), diag.Arg("locale", locale))
				continue
			}
		}
		source, ok := sources[category]
		if !ok {
			im.reject(name, u, pipeline.RejectedSegment, "", "%s has no plural form %q", diag.Arg("locale", locale), diag.Arg("id", s.ID))
			return tr, false
		}
		if im.options.Numbered && plural {
			from := "other"
			if i == 0 && len(u.Segments) > 1 {
				from = "one"
			}
			source = bitext.Plain(p.Source.SourceForm(from))
		}
		if s.Source.Tagged() != source.Tagged() {
			im.reject(name, u, pipeline.RejectedSource, "export it again", "the source has changed since the export: it is now %q", diag.Arg("template", templateOf(source)))
			return tr, false
		}
		tr.Review = tr.Review || target.State == bitext.Initial || target.SubState != ""
		used := ""
		if p.Target != nil {
			used = p.Target.Form(category)
		}
		if used != "" && used == templateOf(target.Text) {
			tr.Forms[category] = used // as it is, sound or not
			continue
		}
		text, err := bitext.ParseTagged(target.Text.TaggedAs(s.Source), source)
		if err != nil {
			im.reject(name, u, pipeline.RejectedCodes, "keep the variables of the source", "%v", diag.Arg("error", err))
			return tr, false
		}
		template := templateOf(text)
		if template == templateOf(source) && template != used && !im.options.AcceptCopies {
			im.reject(name, u, pipeline.RejectedCopy, "--accept-copies accepts it", "form %q is the source text", diag.Arg("category", category))
			return tr, false
		}
		tr.Forms[category] = template
	}
	im.otherForm(name, u, p, &tr, categories)
	return tr, true
}

// otherForm sets the form of numbers with a fraction, which gettext has no place for
// and go-i18n needs. Slavic languages put the noun into the genitive singular there,
// which is mostly the form after 2.
func (im *Importer) otherForm(name string, u *exchange.Unit, p *catalog.MessagePair, tr *update.Translation, categories []string) {
	if !im.options.Numbered || !p.Source.IsPlural() || slices.Contains(categories, "other") || tr.Forms["other"] != "" {
		return
	}
	if p.Target != nil && p.Target.Form("other") != "" && !p.Stale {
		return
	}
	for _, from := range []string{"few", "many"} {
		if text := tr.Forms[from]; text != "" {
			tr.Forms["other"] = text
			im.add(name, u, diag.Info, "import.form", "check it if such numbers occur", "PO has no plural form for numbers with a fraction: \"other\" is the text of %q", diag.Arg("from", from))
			return
		}
	}
}
