package pipeline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/quality"
)

// Check runs the quality checks over a translation. Texts from a message catalog
// are not checked here: the catalog checks compare them with their own source and
// variables. A pseudo-locale (en-XA, en-XB) is a test of the page, not a language.
func (p *Project) Check(tr *bitext.Translation) []diag.Diagnostic { return p.check(tr, nil) }

// qualityOptions returns the options of the quality checks; source may be nil.
func (p *Project) qualityOptions(source *quality.Source) quality.Options {
	return quality.Options{
		Disabled: p.Config.Quality.Disable,
		Skip: func(u *bitext.Unit, t *bitext.Target) bool {
			return u.Message != nil && t.Origin.Kind == bitext.FromCatalog
		},
		Source:  source,
		Speller: p.Speller,
	}
}

// check is Check with what its checks have read of the source, nil if nothing has
// been read.
func (p *Project) check(tr *bitext.Translation, source *quality.Source) []diag.Diagnostic {
	if tr.Locale == tr.Document.Locale || isPseudo(tr.Locale) {
		return nil
	}
	ds := quality.Check(tr, p.qualityOptions(source))
	explainTerms(tr, ds)
	if f, ok := p.formats[tr.Document.Format].(checker); ok {
		ds = append(ds, f.Check(tr)...)
		diag.Sort(ds)
	}
	return Locate(tr.Document, ds)
}

// checker is a format that knows what a translation of its documents must be, besides
// what holds for every text.
type checker interface {
	Check(tr *bitext.Translation) []diag.Diagnostic
}

// isPseudo goes by the regions that CLDR has set aside for pseudo-locales (UTS
// #35, part 1, 3.17).
func isPseudo(locale string) bool {
	region := tag.Region(locale)
	return region == "XA" || region == "XB"
}

// Publish applies the locale's publishing policy. fallback is the translation
// into the policy's fallback locale, nil if there is none.
func (p *Project) Publish(tr, fallback *bitext.Translation) edition.Published {
	var other *edition.Fallback
	if fallback != nil {
		other = &edition.Fallback{Translation: fallback, Policy: p.Config.PolicyFor(fallback.Locale)}
	}
	pub := edition.Publish(tr, p.Config.PolicyFor(tr.Locale), other)
	if pub.Status != edition.Original {
		join(pub.Translation)
		replaceControls(pub.Translation)
	}
	return pub
}

// assemble writes the edition of a published translation. others are the
// locales that have an edition of the article, this one included, and files those of
// their pages; known are the articles that it may link to, dates those of the page. It returns the links that it
// has to them.
func (p *Project) assemble(pub edition.Published, others []string, files addressesOf, known Siblings, dates edition.Dates) ([]byte, []Link, []diag.Diagnostic) {
	var links []Link
	d, locale := pub.Translation.Document, pub.Translation.Locale
	path := p.Config.EditionPath(d.Path)
	meta := edition.Meta(d, p.Config.Project.BaseURL, path, locale, others)
	if p.Config.Site != nil {
		p.siteMeta(meta, pub.Translation, path, others, files, dates)
	}
	meta.Locales = p.Config.Project.Locales
	if p.Config.Project.BaseURL != "" && (locale != d.Locale || p.Config.RewritesLinks()) {
		meta.Link = func(path string) (bitext.Link, bool) {
			l, ok := known.link(locale, path)
			links = append(links, known.note(l, ok, path))
			return l, ok
		}
	}
	if p.Config.Project.Encoding == "source" {
		meta.Encoding = d.Skeleton.Encoding
	}
	if p.Config.Site != nil {
		meta.Correction = p.correctionNotice(pub.Translation, dates)
	}
	if pub.MachineTranslated {
		meta.Machine = &bitext.Notice{Place: p.Config.PolicyFor(locale).Notice}
		if got, err := p.Catalogs.Localize(locale, "MachineTranslated", nil); err == nil {
			meta.Machine.Text = got.Text
		}
	}
	data, ds := p.formatsFor(d.Locale)[d.Format].Assemble(d, pub.Translation, meta)
	for i := range ds {
		ds[i].Place.Path, ds[i].Place.Locale = d.Path, locale
	}
	return data, links, Locate(d, ds)
}

// replaceControls puts U+FFFD in the place of control characters that a translation has
// and its source has not. Most formats have no way to write one that a program which
// shows the page does not obey, so a policy that publishes pages with errors, or a
// project without the check quality.control, does not let them through. The line feed,
// the carriage return and the tab are written by the formats' own rules.
func replaceControls(tr *bitext.Translation) {
	for ref, t := range tr.Segments() {
		if !t.Filled || strings.IndexFunc(t.Text.Chars, isControl) < 0 {
			continue
		}
		source := tr.Document.Source(ref).Source.Chars
		text := t.Text.Clone()
		var out strings.Builder
		c := 0
		for i, r := range t.Text.Chars {
			for ; c < len(text.Codes) && text.Codes[c].Pos <= i; c++ {
				text.Codes[c].Pos = out.Len()
			}
			if isControl(r) && !strings.ContainsRune(source, r) {
				r = utf8.RuneError
			}
			out.WriteRune(r)
		}
		for ; c < len(text.Codes); c++ {
			text.Codes[c].Pos = out.Len()
		}
		text.Chars = out.String()
		t.Text = text
	}
}

// isControl reports whether r is a character of C0, DEL or C1 (ISO/IEC 6429) and no
// space.
func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// join gives the space between two translated segments the form that the target
// language has it in: none in Japanese, Chinese or Thai, one after a source
// that has none.
func join(tr *bitext.Translation) {
	from, to := tag.SpacesBetweenSentences(tr.Document.Locale), tag.SpacesBetweenSentences(tr.Locale)
	if from == to {
		return
	}
	translated := func(t bitext.Target) bool { return t.Filled && t.Locale == "" }
	for i := range tr.Document.Units {
		u := &tr.Document.Units[i]
		if u.Preserve {
			continue
		}
		for j := 1; j+1 < len(u.Segments); j++ {
			if !u.Segments[j].Ignorable || !translated(tr.Targets[i][j-1]) || !translated(tr.Targets[i][j+1]) {
				continue
			}
			text := u.Segments[j].Source.Clone()
			if strings.TrimSpace(text.Chars) != "" {
				continue
			}
			text.Chars = ""
			if to {
				text.Chars = " "
			}
			for k := range text.Codes {
				text.Codes[k].Pos = 0
			}
			tr.Targets[i][j] = bitext.Target{Text: text, Filled: true}
		}
	}
}
