package subtitles

import (
	"fmt"
	"html"
	"math"
	"sort"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Limits are what can be read of subtitles: characters of a line, lines of a cue, and
// characters per second. Characters are grapheme clusters without tags; in Chinese,
// Japanese and Korean, two narrow ones count as one.
type Limits struct {
	Line  int
	Lines int
	Speed float64
}

// defaultLimits are those of the Netflix Timed Text Style Guides for adult programs,
// which most of the trade follows, by language.
var defaultLimits = map[string]Limits{
	"": {42, 2, 17}, "en": {42, 2, 20}, "ja": {13, 2, 4}, "ko": {16, 2, 12}, "zh": {16, 2, 9}, "yue": {16, 2, 9},
}

// LimitsFor returns the limits for a locale: the configured ones, which those of the
// language and those for all locales complete.
func (o *Options) LimitsFor(locale string) Limits {
	l := o.Limits[locale]
	for _, other := range []Limits{o.Limits[tag.Language(locale)], o.Limits[""], defaultLimits[tag.Language(locale)], defaultLimits[""]} {
		if l.Line == 0 {
			l.Line = other.Line
		}
		if l.Lines == 0 {
			l.Lines = other.Lines
		}
		if l.Speed == 0 {
			l.Speed = other.Speed
		}
	}
	return l
}

// Check reports the cues of a translation that cannot be read in their time or do not
// fit. Cues that stay as they were are not checked, and no cue is reported for what
// is not worse than in the source.
func (f *Format) Check(tr *bitext.Translation) []diag.Diagnostic {
	d := tr.Document
	before := parse(d.Skeleton.Data, f.VTT).cues
	data := f.write(d, tr, nil)
	after := parse(data, f.VTT).cues
	if len(before) != len(after) {
		return nil // not this package's document
	}
	limits, wide := f.LimitsFor(tr.Locale), isWide(tr.Locale)
	own, ownWide := f.LimitsFor(d.Locale), isWide(d.Locale)
	var ds []diag.Diagnostic
	for i, c := range after {
		text, source := string(data[c.from:c.to]), string(d.Skeleton.Data[before[i].from:before[i].to])
		if text == source {
			continue
		}
		place := diag.Place{Path: d.Path, Locale: tr.Locale, Unit: unitAt(d, before[i])}
		report := func(id, message, hint string) {
			ds = append(ds, diag.Diagnostic{ID: id, Severity: diag.Warning, Place: place, Issue: "length", Hint: hint}.Messagef("%s: %s", diag.Arg("times", c.times), diag.Arg("message", message)))
		}
		m, was := f.measure(text, wide), f.measure(source, ownWide)
		if limits.Line > 0 && m.line > float64(limits.Line) && !(was.line > float64(own.Line) && m.line <= was.line) {
			report("subtitles.line", fmt.Sprintf("a line of %s characters, at most %d are allowed", number(m.line), limits.Line), "shorten it")
		}
		if limits.Lines > 0 && m.lines > limits.Lines && m.lines > was.lines {
			report("subtitles.lines", fmt.Sprintf("%d lines, at most %d are allowed", m.lines, limits.Lines), "shorten the text")
		}
		seconds := float64(c.end-c.start) / 1000
		if limits.Speed > 0 && seconds > 0 && m.total/seconds > limits.Speed && !(was.total/seconds > own.Speed && m.total <= was.total) {
			report("subtitles.speed", fmt.Sprintf("%s characters per second, at most %s can be read", number(m.total/seconds), number(limits.Speed)),
				fmt.Sprintf("shorten it to %s characters, or show the cue longer", number(math.Floor(limits.Speed*seconds))))
		}
	}
	return ds
}

func number(n float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") }

// measures are those of a cue: the columns of its longest line and of all lines.
type measures struct {
	line, total float64
	lines       int
}

func (f *Format) measure(text string, wide bool) (m measures) {
	if f.VTT {
		text = html.UnescapeString(vttTags().ReplaceAllString(text, ""))
	} else {
		text = assTags().ReplaceAllString(tags().ReplaceAllString(text, ""), "")
	}
	for _, l := range split([]byte(text)) {
		n := columns(strings.TrimSpace(text[l.from:l.to]), wide)
		m.line, m.total = max(m.line, n), m.total+n
		m.lines++
	}
	return m
}

// unitAt returns the ID of the unit with the text of a cue.
func unitAt(d *bitext.Document, c cue) string {
	spans := d.Skeleton.Spans
	i := sort.Search(len(spans), func(i int) bool { return spans[i].End > c.from })
	if i < len(spans) && spans[i].Start < c.to {
		return d.Units[spans[i].Unit].ID
	}
	return ""
}
