package pipeline

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format"
	"hexapla/pipeline/lazy"
)

// Open splits a document into units and segments. formatName is a format's name,
// or empty to go by the path's extension; locale is the language of the text, or
// empty for an article, whose source locale is found by its path, by what it declares,
// or is the project's (see config.SourceOf): a translated article can be opened too. A
// document is returned in any case; one that could not be read has no units. The
// diagnostics have their line and column. Units of an article
// have the identities that they had before they were edited, as far as Units knows.
func (p *Project) Open(path, formatName, locale string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	if formatName == "" {
		formatName = p.Config.FormatFor(path)
	}
	isArticle := locale == ""
	f := p.formats[formatName]
	if f == nil {
		if isArticle {
			locale, _, _ = p.Config.SourceOf(path, "")
		}
		return &bitext.Document{Path: path, Locale: locale}, []diag.Diagnostic{diag.Diagnostic{
			ID: "article.format", Severity: diag.Error, Place: diag.Place{Path: path},
			Hint: fmt.Sprintf("give the file an extension of a known format, or one of the formats %v", format.Names()),
		}.Messagef("no format for %q", diag.Arg("path", path))}
	}
	d, ds := f.Split(path, data)
	if isArticle {
		var found []diag.Diagnostic
		locale, found = p.sourceOf(path, d)
		if own := p.formatsFor(locale)[formatName]; own != f {
			d, ds = own.Split(path, data)
		}
		ds = append(ds, found...)
	}
	d.Path, d.Format, d.Locale = path, formatName, locale
	if isArticle && p.Units != nil {
		renamed := p.Units.Apply(d)
		for i := range ds {
			ds[i].Place.Unit = cmp.Or(renamed[ds[i].Place.Unit], ds[i].Place.Unit)
		}
	}
	p.recognizeMessages(d)
	p.segment(d)
	d.Locator = bitext.NewLocator(d)
	Locate(d, ds)
	return d, ds
}

// Locate gives diagnostics about units of a document their line and column in it,
// where they have none, and returns them.
func Locate(d *bitext.Document, ds []diag.Diagnostic) []diag.Diagnostic {
	for i := range ds {
		if p := &ds[i].Place; p.Line == 0 && p.Unit != "" && p.Path == d.Path && d.Locator != nil {
			p.Line, p.Column, _ = d.Locator.At(p.Unit, p.Segment)
		}
	}
	return ds
}

// OpenProse cuts running text that has no layout of its own but blank lines
// between paragraphs: no bullet, number or line is taken for structure. White
// space stays as it came, and a line end may be a segment's end.
func (p *Project) OpenProse(path string, data []byte) *bitext.Document {
	d := &bitext.Document{Path: path, Format: "prose", Locale: p.Config.Project.Source, Skeleton: bitext.Skeleton{Data: data, Encoding: "utf-8"}}
	var ids bitext.IDs
	from := 0
	paragraph := func(to int) {
		text := string(data[from:to])
		if strings.TrimSpace(text) != "" {
			u := bitext.Unit{Kind: bitext.Paragraph, Preserve: true, Source: bitext.Plain(text)}
			u.ID = ids.Content(u.Kind, u.Source)
			d.Units = append(d.Units, u)
			d.Skeleton.Spans = append(d.Skeleton.Spans, bitext.UnitSpan{Unit: len(d.Units) - 1, Start: from, End: to})
		}
		from = to
	}
	for _, gap := range blankLines().FindAllIndex(data, -1) {
		paragraph(gap[0])
		from = gap[1]
	}
	paragraph(len(data))
	p.segment(d)
	d.Locator = bitext.NewLocator(d)
	return d
}

var blankLines = lazy.Regexp(`\r?\n[ \t]*\r?\n\s*`)

// recognize finds the units that are the site's chrome: whole units whose text
// is a message of the source locale's catalog.
func (p *Project) recognizeMessages(d *bitext.Document) {
	if p.Catalogs == nil {
		return
	}
	var tagged []byte
	for i := range d.Units {
		u := &d.Units[i]
		if u.NoTranslate || u.Locale != "" || len(u.Segments) > 0 || len(u.Source.Chars) > longestMessage {
			continue
		}
		if len(u.Source.Codes) > 0 {
			tagged = u.Source.AppendTagged(tagged[:0])
			if !p.Catalogs.MayMatch(d.Locale, edges(tagged)) {
				continue
			}
		}
		if id, args, ok := p.Catalogs.Match(d.Locale, u.Source.Tagged()); ok {
			u.Message = &bitext.Message{ID: id, Args: args}
		} else if t, ok := byline(d.Locale, u.Source); ok {
			u.Message = &bitext.Message{ID: dateMessage, Args: map[string]any{"Date": t}}
		}
	}
}

// edges returns the bytes of a text that Catalogs.MayMatch looks at.
func edges(text []byte) string {
	const n = locales.MatchEdge
	if len(text) <= 2*n {
		return string(text)
	}
	return string(text[:n]) + string(text[len(text)-n:])
}

// dateMessage is the message of a unit that is nothing but a date in its language's long
// form, as bylines are: CLDR has its translation, no catalog needs it.
const dateMessage = "CLDR.date"

func byline(locale string, text bitext.Text) (time.Time, bool) {
	if len(text.Codes) > 0 || len(text.Chars) > 60 {
		return time.Time{}, false
	}
	t, ok := locales.ParseDate(locale, text.Chars)
	return t, ok && locales.FormatDate(locale, t, locales.Long) == text.Chars
}

// longestMessage is the length in bytes up to which a unit may be chrome.
const longestMessage = 2000

// segment cuts every unit that is the article's own by the rules of its
// language. A message is one segment, however many sentences it has.
func (p *Project) segment(d *bitext.Document) {
	s := p.Rules.For(d.Locale)
	var room []bitext.Segment // for the segments of many units
	for i := range d.Units {
		u := &d.Units[i]
		if cap(room)-len(room) < mostSegments {
			room = make([]bitext.Segment, 0, min(mostSegments+(len(d.Units)-i)*3/2, 128))
		}
		n := len(room)
		u.Segments = room[n : n : n+mostSegments]
		if u.Locale != "" && !tag.SameLanguage(u.Locale, d.Locale) {
			// A passage in another language stays as it is.
			u.NoTranslate = true
		}
		if u.NoTranslate || u.Message != nil {
			u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
		} else {
			s.Segment(u)
		}
		if k := len(u.Segments); k <= mostSegments {
			room = room[:n+k]
			u.Segments = u.Segments[:k:k]
		}
	}
}

// mostSegments is the number of segments up to which a unit's share one allocation with
// those of its neighbours.
const mostSegments = 8
