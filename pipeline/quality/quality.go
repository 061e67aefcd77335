// Package quality checks translations: some forty functions in a list, each
// with a stable id, over one segment or one document at a time. They look only
// at filled targets; what is missing is for the publishing policy to say.
//
// A check compares a target with its source before it complains, so that what
// the article itself has (an unbalanced bracket, a control character) is not
// told again in 27 languages. Issue types are those of ITS 2.0, 8.17.
package quality

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Options change what Check does; the zero value runs every check as it is.
// Enabled, when not empty, names the only checks to run; Disabled names those not
// to. Skip, if not nil, reports whether a segment is not to be checked by itself; other segments are still compared
// with it. Source, if not nil, is the source of the translation's document, which
// checks of its other translations have used or will use. Speller, if not nil, is asked
// for the spelling of words.
type Options struct {
	Enabled  []string
	Disabled []string
	Skip     func(u *bitext.Unit, t *bitext.Target) bool
	Source   *Source
	Speller  Speller
}

func (o *Options) runs(id string) bool {
	return (len(o.Enabled) == 0 || slices.Contains(o.Enabled, id)) && !slices.Contains(o.Disabled, id)
}

// check is one entry of the list: over a segment, or over the whole document.
type check struct {
	diag.Rule
	segment  func(s *segment, r *report)
	document func(d *document, r *report)
}

// checks are in the order in which findings of one place are worth reading.
var checks = sync.OnceValue(func() []check {
	const e, w, i = diag.Error, diag.Warning, diag.Info
	one := func(id, issue string, sev diag.Severity, f func(*segment, *report), text string) check {
		return check{diag.Rule{ID: "quality." + id, Severity: sev, Issue: issue, Description: text}, f, nil}
	}
	all := func(id, issue string, sev diag.Severity, f func(*document, *report), text string) check {
		return check{diag.Rule{ID: "quality." + id, Severity: sev, Issue: issue, Description: text}, nil, f}
	}
	return []check{
		one("empty", "omission", e, empty, "the target is empty, the source is not"),
		one("codes", "markup", e, codes, "inline codes are lost, added, doubled, unbalanced or out of order"),
		one("untranslated", "untranslated", w, untranslated, "the target is a copy of the source"),
		one("language", "untranslated", w, sourceLeft, "a part of the source is left untranslated"),
		one("script", "locale-violation", w, wrongScript, "the target is not in the locale's script or language"),
		one("numbers", "numbers", e, numbers, "a number of the source is missing or changed"),
		one("digits", "locale-violation", w, digits, "one number mixes the digits of two scripts"),
		one("currency", "numbers", e, currency, "a currency sign has become another one"),
		one("percent", "numbers", w, percent, "a percentage has lost its sign or word"),
		one("urls", "inconsistency", e, links, "an address, e-mail or handle is lost or changed"),
		one("placeholders", "markup", e, placeholders, "a variable or format directive is lost or changed"),
		one("template", "markup", e, template, "an instruction of a template language is not in the source"),
		one("markup", "markup", w, markupText, "tags or entities stand in the text as characters"),
		one("terms", "terminology", w, terms, "the glossary's term is not used"),
		one("keep", "terminology", e, keep, "a term that is not to be translated has been changed"),
		one("forbidden", "terminology", e, forbidden, "a forbidden term is used"),
		one("edges", "whitespace", w, edges, "white space at the beginning or end differs from the source"),
		one("spaces", "whitespace", i, spaces, "several spaces in a row"),
		one("spacing", "whitespace", w, spacing, "a space is missing or too many at a punctuation mark"),
		one("doubled", "duplication", w, doubledWords, "a word stands twice"),
		one("end", "typographical", w, endPunctuation, "the punctuation at the end differs from the source"),
		one("punctuation", "locale-violation", w, foreignPunctuation, "punctuation of another script"),
		one("repeated", "typographical", w, repeatedPunctuation, "a punctuation mark stands twice"),
		one("tripled", "typographical", w, tripled, "a letter stands three times in a row"),
		one("brackets", "typographical", e, brackets, "brackets do not match"),
		all("quotes", "typographical", w, quoteBalance, "quotation marks do not match"),
		one("quotes.style", "locale-violation", i, quoteStyle, "quotation marks are not those of the locale"),
		one("apostrophe", "typographical", i, apostrophes, "an accent or a prime stands for an apostrophe"),
		one("homoglyphs", "characters", e, homoglyphs, "letters of two scripts in one word, or a look-alike of another script"),
		one("letters", "characters", w, letters, "a letter that the language does not have"),
		one("control", "characters", e, controls, "control or replacement characters"),
		one("encoding", "characters", e, mojibake, "text that was decoded with the wrong encoding"),
		one("bidi", "characters", e, bidi, "direction marks are not closed, or override the text"),
		one("invisible", "characters", w, invisible, "invisible characters out of place"),
		one("nonjoiner", "characters", w, nonJoiners, "a word lacks its zero-width non-joiner"),
		one("nfc", "characters", i, composed, "text that is not in Unicode's composed form (NFC)"),
		one("ratio", "length", w, ratio, "much shorter or longer than the source, or cut off"),
		one("case", "typographical", i, firstCase, "the first letter's case differs from the source"),
		one("capitals", "typographical", i, capitals, "the source or the translation alone is in capitals"),
		one("negation", "mistranslation", i, negationLost, "the source is negative, the translation is not"),
		one("names", "mistranslation", w, namesChanged, "a known name has become another one"),
		one("fuzzy", "mistranslation", w, fuzzyLeft, "a translation of a similar source was left as it is"),
		one("mt", "uncategorized", i, unreviewed, "a machine's translation that nobody has read"),
		all("length", "length", e, maxLength, "longer than the unit may be"),
		all("consistency", "inconsistency", w, consistency, "the same source is translated in several ways"),
		all("swapped", "mistranslation", w, swapped, "two neighbouring translations stand in each other's place"),
		all("spelling", "misspelling", w, spelling, "a word is not in the dictionary; runs if [quality] spelling = true or --spelling"),
		all("same", "inconsistency", i, sameTarget, "different sources have the same translation"),
	}
})

// Diagnostics returns the kinds of diagnostics that the checks make, in the order
// of the checks.
func Diagnostics() []diag.Rule {
	var out []diag.Rule
	for _, c := range checks() {
		out = append(out, c.Rule)
	}
	return out
}

// Check runs the checks over a translation's filled targets. A target in another
// language than the translation's (a stand-in) is left alone. The findings name
// path, locale, unit and segment, and are in the order of diag.Sort.
func Check(tr *bitext.Translation, opt Options) []diag.Diagnostic {
	d := newDocument(tr, opt.Source)
	r := &report{tr: tr, opt: &opt, document: d}
	var room [64]*check
	list := room[:0]
	for k := range checks() {
		if c := &checks()[k]; opt.runs(c.ID) {
			list = append(list, c)
		}
	}
	var t targetText
	for i := range d.segments {
		s := &d.segments[i]
		if opt.Skip != nil && opt.Skip(s.unit, s.target) {
			continue
		}
		s.prepare(d, &t)
		d.trace(s)
		r.next = nil
		if i+1 < len(d.segments) {
			r.next = &d.segments[i+1]
		}
		for _, c := range list {
			if c.segment != nil {
				r.check, r.at = &c.Rule, s
				c.segment(s, r)
			}
		}
	}
	for _, c := range list {
		if c.document != nil {
			r.check, r.at = &c.Rule, nil
			c.document(d, r)
		}
	}
	diag.Sort(r.out)
	joinRecurring(r.out, len(d.segments))
	return r.out
}

// report collects findings.
type report struct {
	tr    *bitext.Translation
	opt   *Options
	check *diag.Rule
	at    *segment
	next  *segment // the one behind it, nil for the last one; not prepared
	span  [4]int   // of the next finding: start and end in the source and in the target
	out   []diag.Diagnostic

	document *document
	joined   *joinedWords // nil before nonJoiners needs them
}

// place sets the spans of the next finding, in bytes of the source's and of the
// target's characters; an empty span is none.
func (r *report) place(sourceStart, sourceEnd, targetStart, targetEnd int) {
	r.span = [4]int{sourceStart, sourceEnd, targetStart, targetEnd}
}

// addFinding adds a finding of the current check at the current segment.
func (r *report) addFinding(hint, format string, args ...any) {
	r.addFindingWithSeverity(r.check.Severity, hint, format, args...)
}

// addFindingWithSeverity is addFinding with a severity below the check's own.
func (r *report) addFindingWithSeverity(sev diag.Severity, hint, format string, args ...any) {
	span := r.span
	r.span = [4]int{}
	if r.at != nil && r.opt.Skip != nil && r.opt.Skip(r.at.unit, r.at.target) {
		return
	}
	if r.at != nil && sev > diag.Info && r.at.mistyped && readsWords[r.check.ID] && !r.at.hasFigures(span) {
		sev = diag.Info
	}
	p := diag.Place{Path: r.tr.Document.Path, Locale: r.tr.Locale}
	if r.at != nil {
		p.Unit, p.Segment = r.at.unit.ID, r.at.id
	}
	for i := range args {
		if a, ok := args[i].(diag.Argument); ok {
			if v, ok := a.Value.(string); ok && strings.IndexByte(v, blankTag) >= 0 {
				a.Value = strings.ReplaceAll(v, string(blankTag), "")
				args[i] = a
			}
		}
	}
	d := diag.Diagnostic{
		ID: r.check.ID, Severity: sev, Place: p, Issue: r.check.Issue, Hint: hint,
	}.Messagef(format, args...)
	if r.at != nil {
		span = r.at.spans(span, args)
		d.Args = withTexts(d.Args, r.at.source.Chars, r.at.target.Text.Chars)
	}
	for i, name := range [...]string{"source_span", "target_span"} {
		if from, to := span[2*i], span[2*i+1]; to > from {
			if d.Args == nil {
				d.Args = map[string]any{}
			}
			d.Args[name] = []int{from, to}
		}
	}
	r.out = append(r.out, d)
}

// hasFigures reports whether both spans of a finding have digits: what is compared is not
// in words.
func (s *segment) hasFigures(span [4]int) bool {
	return span[1] > span[0] && strings.ContainsFunc(s.source.Chars[span[0]:span[1]], unicode.IsDigit) &&
		span[3] > span[2] && strings.ContainsFunc(s.target.Text.Chars[span[2]:span[3]], unicode.IsDigit)
}

// readsWords are the checks that do not know words with letters of two scripts: in a text
// typed so, what they find is not sure before the letters are right.
var readsWords = map[string]bool{"quality.numbers": true, "quality.percent": true, "quality.currency": true, "quality.script": true, "quality.names": true, "quality.ratio": true}

// spans completes the spans of a finding: where the target, or else the source, has one
// of the finding's values; else the whole text.
func (s *segment) spans(span [4]int, args []any) [4]int {
	texts := [2]string{s.source.Chars, s.target.Text.Chars}
	for i, text := range texts {
		if span[2*i] < span[2*i+1] || text == "" {
			continue
		}
		span[2*i], span[2*i+1] = 0, len(text)
		for _, a := range args {
			if a, ok := a.(diag.Argument); ok {
				if v, ok := a.Value.(string); ok && v != "" && (i == 1 || hasLetterOrDigit(v)) { // a mark of the target is none of the source
					if at := strings.Index(text, v); at >= 0 {
						span[2*i], span[2*i+1] = at, at+len(v)
						break
					}
				}
			}
		}
	}
	return span
}

// hasLetterOrDigit reports whether a text has more in it than marks and space.
func hasLetterOrDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// withTexts adds the texts of the segment to the values of a finding.
func withTexts(args map[string]any, source, target string) map[string]any {
	if args == nil {
		args = map[string]any{}
	}
	args["source_text"], args["target_text"] = source, target
	return args
}
