package console

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// Message returns the message of a diagnostic in the user's language. It is written from
// the values of the diagnostic, so that it has those and no others; one that the language
// does not have stays in English.
func (p Printer) Message(d diag.Diagnostic) string {
	text, _ := p.Localized(d)
	return text
}

// Translated returns a diagnostic with its message and its hint in the user's language,
// for Finding.
func (p Printer) Translated(d diag.Diagnostic) diag.Diagnostic {
	hint := p.Hint(d)
	d.Message, d.Hint = p.Message(d), hint
	return d
}

// ofSegments matches what is behind the message of a finding that many segments have.
var ofSegments = lazy.Regexp(`^(?s)(.*) \((\d+) segments\)$`)

// Localized is Message, and reports whether the message is in the user's language.
func (p Printer) Localized(d diag.Diagnostic) (message string, ok bool) {
	if p.Locale == "en" {
		return d.Message, true
	}
	if m := ofSegments().FindStringSubmatch(d.Message); m != nil {
		n, _ := strconv.Atoi(m[2])
		d.Message = m[1]
		message, ok := p.Localized(d)
		return message + " (" + p.Count("WebSegments", n) + ")", ok
	}
	if clause, ok := d.Args["clause"].(string); ok {
		// Of the specification, the same in all languages.
		if bare, ok := strings.CutSuffix(d.Message, " ("+clause+")"); ok {
			d.Message = bare
			message, ok := p.Localized(d)
			return message + " (" + clause + ")", ok
		}
	}
	if text, ok := plainFindings()[d.Message]; ok {
		return text(p, nil), true
	}
	texts := findingTexts
	switch kind, _, _ := strings.Cut(d.ID, "."); kind {
	case "xliff":
		texts = xliffTexts
	case "tmx", "po", "table", "exchange", "import":
		texts = slices.Concat(exchangeTexts, findingTexts)
	}
	english := Printer{Locale: "en"}
	for _, m := range texts {
		for _, names := range m.names {
			if names == "" {
				continue
			}
			for _, write := range []func(string) string{escaped, asIs} {
				plain, shown, ok := p.findingArgs(d, names, write)
				if ok && m.text(english, plain) == d.Message {
					return m.text(p, shown), true
				}
			}
		}
	}
	return d.Message, false
}

// plainFindings are the messages without values, by their English texts.
var plainFindings = sync.OnceValue(func() map[string]message {
	english := Printer{Locale: "en"}
	out := map[string]message{}
	for _, m := range slices.Concat(findingTexts, xliffTexts, exchangeTexts) {
		if m.names[0] == "" {
			out[m.text(english, nil)] = m.text
		}
	}
	return out
})

// otherSegments matches what the hint of a finding ends in that stands for those of other
// segments.
var otherSegments = lazy.Regexp(`^(?s)(?:(.*); )?(\d+) more segments? of the document ha(?:ve|s) this fault and a note$`)

// Hint returns the hint of a diagnostic in the user's language.
func (p Printer) Hint(d diag.Diagnostic) string {
	if p.Locale == "en" {
		return d.Hint
	}
	if m := otherSegments().FindStringSubmatch(d.Hint); m != nil {
		n, _ := strconv.Atoi(m[2])
		others := p.Count("HintOtherSegments", n)
		if m[1] == "" {
			return others
		}
		d.Hint = m[1]
		return p.Hint(d) + "; " + others
	}
	for _, texts := range []map[string]message{hintTexts, exchangeHints} {
		if text, ok := texts[d.Hint]; ok {
			return text(p, nil)
		}
	}
	for _, h := range hintForms {
		if rest, ok := strings.CutPrefix(d.Hint, h.before); ok && rest != "" {
			if value, ok := strings.CutSuffix(rest, h.behind); ok {
				return h.text(p, Args{"A": value})
			}
		}
	}
	return d.Hint
}

// findingArgs returns the values of a diagnostic with some names as A, B, C …: plain as
// the English message has them, with texts as write returns them, and shown as a person
// reads them. ok is false if it does not have them.
func (p Printer) findingArgs(d diag.Diagnostic, names string, write func(string) string) (plain, shown Args, ok bool) {
	plain, shown = Args{}, Args{}
	for i, name := range strings.Fields(names) {
		v, known := d.Args[name]
		if !known {
			return nil, nil, false
		}
		key := string(rune('A' + i))
		switch v := v.(type) {
		case int32: // a character
			plain[key], shown[key] = fmt.Sprintf("%04X", v), fmt.Sprintf("%04X", v)
			if !strings.HasSuffix(strings.ToLower(name), "codepoint") {
				plain[key], shown[key] = string(v), string(v)
			}
		case string:
			plain[key], shown[key] = write(v), p.findingValue(d, name, v)
		case fmt.Stringer: // a word
			plain[key], shown[key] = v.String(), p.findingValue(d, name, v.String())
		default:
			plain[key], shown[key] = fmt.Sprint(v), v
		}
	}
	return plain, shown, true
}

// asIs returns a text as the verb %s writes it.
func asIs(s string) string { return s }

// escaped returns a text as the verb %q writes it, without the marks around it.
func escaped(s string) string {
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}

// findingValue returns a value of a diagnostic in the user's language, if it is a word of
// the English message and not of the texts.
func (p Printer) findingValue(d diag.Diagnostic, name, value string) string {
	switch name {
	case "locale":
		if value == d.Place.Locale {
			return p.Language(value)
		}
	case "error": // the reason of the finding, which may be a message of its own
		d.Message, d.Args = value, maps.Clone(d.Args)
		delete(d.Args, name)
		message, _ := p.Localized(d)
		return message
	case "language", "otherLanguage":
		if tag, ok := englishLanguages()[value]; ok {
			return p.Language(tag)
		}
	case "script", "otherScript", "expected", "kind", "mark", "otherMark", "what", "engine", "state", "otherState", "status", "otherStatus":
		parts := strings.Split(value, " and ")
		for i, part := range parts {
			if word, ok := findingWords[part]; ok {
				parts[i] = word(p, nil)
			}
		}
		if _, whole := findingWords[value]; whole {
			return findingWords[value](p, nil)
		}
		if word, ok := xliffWords[value]; ok {
			return word(p, nil)
		}
		if strings.Contains(value, " or ") { // a list of names
			return strings.ReplaceAll(value, " or ", " "+xliffWords["or"](p, nil)+" ")
		}
		return strings.Join(parts, ", ")
	}
	return value
}

// englishLanguages are the languages with a tag of two letters, by their English names.
var englishLanguages = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			tag := string(a) + string(b)
			if name := locales.EnglishName(tag); out[name] == "" {
				out[name] = tag
			}
		}
	}
	return out
})

// A message is a text of the catalogs.
type message func(p Printer, a Args) string

// findingText is a message of a check, with the names of the values that are its A, B,
// C …; several checks may have one message.
type findingText struct {
	names []string
	text  message
}

// findingTexts are the messages of the checks, but those of XLIFF files.
var findingTexts = []findingText{
	{[]string{"currency otherCurrency", "source target"}, func(p Printer, a Args) string { return p.Text("FindingCurrency", a) }},
	{[]string{"source"}, func(p Printer, a Args) string { return p.Text("FindingPercent", a) }},
	{[]string{"field"}, func(p Printer, a Args) string { return p.Text("FindingBracket", a) }},
	{[]string{"text script otherScript"}, func(p Printer, a Args) string { return p.Text("FindingMixedScripts", a) }},
	{[]string{"text script expected"}, func(p Printer, a Args) string { return p.Text("FindingLookalike", a) }},
	{[]string{"script locale expected"}, func(p Printer, a Args) string { return p.Text("FindingScript", a) }},
	{[]string{"text character codePoint locale"}, func(p Printer, a Args) string { return p.Text("FindingLetter", a) }},
	{[]string{"character codePoint locale otherCharacter otherCodePoint"}, func(p Printer, a Args) string { return p.Text("FindingOtherLetter", a) }},
	{[]string{"character target"}, func(p Printer, a Args) string { return p.Text("FindingLetterMark", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingDotless", a) }},
	{[]string{"text locale"}, func(p Printer, a Args) string { return p.Text("FindingNoMarks", a) }},
	{[]string{"letters otherLetters"}, func(p Printer, a Args) string { return p.Text("FindingNoLetters", a) }},
	{[]string{"offset"}, func(p Printer, a Args) string { return p.Text("FindingReplacement", a) }},
	{[]string{"codePoint"}, func(p Printer, a Args) string { return p.Text("FindingControl", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingEncoding", a) }},
	{[]string{"name"}, func(p Printer, a Args) string { return p.Text("FindingDirectionMark", a) }},
	{[]string{"name"}, func(p Printer, a Args) string { return p.Text("FindingTurnsAround", a) }},
	{[]string{"codePoint"}, func(p Printer, a Args) string { return p.Text("FindingInvisible", a) }},
	{[]string{"text otherText"}, func(p Printer, a Args) string { return p.Text("FindingMonth", a) }},
	{[]string{"target day month"}, func(p Printer, a Args) string { return p.Text("FindingSolarDay", a) }},
	{[]string{"language otherLanguage"}, func(p Printer, a Args) string { return p.Text("FindingLanguage", a) }},
	{[]string{"text otherText", "source target", "locale added", "number otherNumber"}, func(p Printer, a Args) string { return p.Text("FindingHasBecome", a) }},
	{[]string{"source", "locale"}, func(p Printer, a Args) string { return p.Text("FindingMissing", a) }},
	{[]string{"target", "locale"}, func(p Printer, a Args) string { return p.Text("FindingAdded", a) }},
	{[]string{"placeholder"}, func(p Printer, a Args) string { return p.Text("FindingPlaceholderMissing", a) }},
	{[]string{"placeholder"}, func(p Printer, a Args) string { return p.Text("FindingPlaceholderAdded", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingTemplate", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingMarkup", a) }},
	{[]string{"found"}, func(p Printer, a Args) string { return p.Text("FindingNegation", a) }},
	{[]string{"name text", "source target"}, func(p Printer, a Args) string { return p.Text("FindingName", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSourceCapitals", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingTargetCapitals", a) }},
	{[]string{"source target"}, func(p Printer, a Args) string { return p.Text("FindingUnit", a) }},
	{[]string{"what id otherSegment"}, func(p Printer, a Args) string { return p.Text("FindingSwapped", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingNonJoiner", a) }},
	{[]string{"text locale"}, func(p Printer, a Args) string { return p.Text("FindingNumberForm", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingDigits", a) }},
	{[]string{"target"}, func(p Printer, a Args) string { return p.Text("FindingArabicDigit", a) }},
	{[]string{"count word"}, func(p Printer, a Args) string { return p.Text("FindingRomanWord", a) }},
	{[]string{"sourceNumber number"}, func(p Printer, a Args) string { return p.Text("FindingRomanOther", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingRomanMissing", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingNotInDigits", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingAddedDigits", a) }},
	{[]string{"mark otherMark"}, func(p Printer, a Args) string { return p.Text("FindingEndMark", a) }},
	{[]string{"closing opening"}, func(p Printer, a Args) string { return p.Text("FindingOpeningMark", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingArmenianStop", a) }},
	{[]string{"character locale mark"}, func(p Printer, a Args) string { return p.Text("FindingPunctuation", a) }},
	{[]string{"opening closing straight"}, func(p Printer, a Args) string { return p.Text("FindingQuotesUnbalanced", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingQuotesMissing", a) }},
	{[]string{"opening closing straight"}, func(p Printer, a Args) string { return p.Text("FindingStraightPartner", a) }},
	{[]string{"text locale"}, func(p Printer, a Args) string { return p.Text("FindingSpelling", a) }},
	{[]string{"error"}, func(p Printer, a Args) string { return p.Text("FindingSpellingFailed", a) }},
	{[]string{"locale quote otherQuote"}, func(p Printer, a Args) string { return p.Text("FindingStraightQuotes", a) }},
	{[]string{"mark locale quote otherQuote"}, func(p Printer, a Args) string { return p.Text("FindingOtherQuotes", a) }},
	{[]string{"character"}, func(p Printer, a Args) string { return p.Text("FindingApostrophe", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingTwice", a) }},
	{[]string{"place locale"}, func(p Printer, a Args) string { return p.Text("FindingUnusedRule", a) }},
	{[]string{"place"}, func(p Printer, a Args) string { return p.Text("FindingUnusedGlossary", a) }},
	{[]string{"lines"}, func(p Printer, a Args) string { return p.Text("FindingUnitsUnread", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSpellingProgram", a) }},
	{[]string{"locales"}, func(p Printer, a Args) string { return p.Text("FindingSpellingDictionary", a) }},
	{[]string{"locale locales"}, func(p Printer, a Args) string { return p.Text("FindingHookLocale", a) }},
	{[]string{"to"}, func(p Printer, a Args) string { return p.Text("FindingLinkedArticle", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryEmpty", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryHeader", a) }},
	{[]string{"name"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryColumnTwice", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryManyLanguages", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryTermEmpty", a) }},
	{[]string{"id"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryDefinition", a) }},
	{[]string{"id"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryConceptEmpty", a) }},
	{[]string{"element"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryInline", a) }},
	{[]string{"root"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryRoot", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryNoRoot", a) }},
	{[]string{"error"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryRowSkipped", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryNoConcept", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryTermMissing", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossarySourceMissing", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryRowLanguages", a) }},
	{[]string{"cell"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryCellEncoding", a) }},
	{[]string{"status"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryAllLocales", a) }},
	{[]string{"language"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryTag", a) }},
	{[]string{"cell"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryFormula", a) }},
	{[]string{"assumed"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryLanguages", a) }},
	{[]string{"otherConcept id"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryConceptTwice", a) }},
	{[]string{"need"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryColumnMissing", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryFileEnds", a) }},
	{[]string{"value"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryTBXStatus", a) }},
	{[]string{"error"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryWorkbook", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossarySheetEmpty", a) }},
	{[]string{"tag"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryLocaleTwice", a) }},
	{[]string{"name"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryColumnUnknown", a) }},
	{[]string{"cell"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryCells", a) }},
	{[]string{"status"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryStatus", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingGlossaryNoTerm", a) }},
	{[]string{"term"}, func(p Printer, a Args) string { return p.Text("FindingGlossarySemicolon", a) }},
	{[]string{"term id otherID locales"}, func(p Printer, a Args) string { return p.Text("FindingGlossaryConflict", a) }},
	{[]string{"id otherID term"}, func(p Printer, a Args) string { return p.Text("FindingGlossarySame", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingTextTwice", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingThreeLetters", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingPoints", a) }},
	{[]string{"difference"}, func(p Printer, a Args) string { return p.Text("FindingSpaceFirstAdded", a) }},
	{[]string{"difference"}, func(p Printer, a Args) string { return p.Text("FindingSpaceFirstMissing", a) }},
	{[]string{"difference"}, func(p Printer, a Args) string { return p.Text("FindingSpaceLastAdded", a) }},
	{[]string{"difference"}, func(p Printer, a Args) string { return p.Text("FindingSpaceLastMissing", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSpaces", a) }},
	{[]string{"character"}, func(p Printer, a Args) string { return p.Text("FindingSpaceBefore", a) }},
	{[]string{"character"}, func(p Printer, a Args) string { return p.Text("FindingNoSpaceBehind", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingBracketWidths", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSpaceInBrackets", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingDash", a) }},
	{[]string{"character"}, func(p Printer, a Args) string { return p.Text("FindingNoSpaceBefore", a) }},
	{[]string{"source term"}, func(p Printer, a Args) string { return p.Text("FindingTerm", a) }},
	{[]string{"term"}, func(p Printer, a Args) string { return p.Text("FindingKeep", a) }},
	{[]string{"text source"}, func(p Printer, a Args) string { return p.Text("FindingForbidden", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingEmpty", a) }},
	{[]string{"name kind"}, func(p Printer, a Args) string { return p.Text("FindingCode", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSame", a) }},
	{[]string{"target"}, func(p Printer, a Args) string { return p.Text("FindingLeft", a) }},
	{[]string{"length sourceLength"}, func(p Printer, a Args) string { return p.Text("FindingLength", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingDangling", a) }},
	{[]string{"text"}, func(p Printer, a Args) string { return p.Text("FindingCapital", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingNotComposed", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSimilar", a) }},
	{[]string{"engine"}, func(p Printer, a Args) string { return p.Text("FindingMachineUnread", a) }},
	{[]string{"count limit"}, func(p Printer, a Args) string { return p.Text("FindingTooLong", a) }},
	{[]string{"target unit otherSegment"}, func(p Printer, a Args) string { return p.Text("FindingInconsistent", a) }},
	{[]string{"text unit otherSegment"}, func(p Printer, a Args) string { return p.Text("FindingSameAs", a) }},
	{[]string{"locale"}, func(p Printer, a Args) string { return p.Text("FindingTargetScript", a) }},
	{[]string{"target"}, func(p Printer, a Args) string { return p.Text("FindingLostLetters", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSourceCopy", a) }},
	{[]string{"tag kind"}, func(p Printer, a Args) string { return p.Text("FindingTag", a) }},
	{[]string{"length limit"}, func(p Printer, a Args) string { return p.Text("FindingOverLength", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingFiguresChanged", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingRawMachine", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingNoSegments", a) }},
	{[]string{"path"}, func(p Printer, a Args) string { return p.Text("FindingRenamedArticle", a) }},
	{[]string{"count"}, func(p Printer, a Args) string { return p.Text("FindingOtherPlaces", a) }},
	{[]string{"missing"}, func(p Printer, a Args) string { return p.Text("FindingNotInFile", a) }},
	{[]string{"tag source"}, func(p Printer, a Args) string { return p.Text("FindingTagUnknown", a) }},
	{[]string{"target"}, func(p Printer, a Args) string { return p.Text("FindingNewer", a) }},
	{[]string{"state otherState target"}, func(p Printer, a Args) string { return p.Text("FindingStateBack", a) }},
	{[]string{"targetLocale"}, func(p Printer, a Args) string { return p.Text("FindingTargetTag", a) }},
	{[]string{"locale"}, func(p Printer, a Args) string { return p.Text("FindingNotAsked", a) }},
	{[]string{"locale"}, func(p Printer, a Args) string { return p.Text("FindingOwnLanguage", a) }},
	{[]string{"sourceLocale locale"}, func(p Printer, a Args) string { return p.Text("FindingSourceLanguage", a) }},
	{[]string{"language otherLanguage"}, func(p Printer, a Args) string { return p.Text("FindingOtherText", a) }},
	{[]string{"declared locale"}, func(p Printer, a Args) string { return p.Text("FindingDeclaredTag", a) }},
	{[]string{"declared language locale"}, func(p Printer, a Args) string { return p.Text("FindingDeclaredOther", a) }},
	{[]string{"declared language locale"}, func(p Printer, a Args) string { return p.Text("FindingDeclaredDoubtful", a) }},
	{[]string{""}, func(p Printer, a Args) string { return p.Text("FindingSecondTranslation", a) }},
	{[]string{"article"}, func(p Printer, a Args) string { return p.Text("FindingNoArticle", a) }},
	{[]string{"segment"}, func(p Printer, a Args) string { return p.Text("FindingNoLimits", a) }},
	{[]string{"source score"}, func(p Printer, a Args) string { return p.Text("FindingSourceChanged", a) }},
	{[]string{"article source"}, func(p Printer, a Args) string { return p.Text("FindingSourceGone", a) }},
	{[]string{"count all language"}, func(p Printer, a Args) string { return p.Text("FindingFileLanguage", a) }},
	{[]string{"count all language"}, func(p Printer, a Args) string { return p.Text("FindingFileLetters", a) }},
	{[]string{"count all language tag"}, func(p Printer, a Args) string { return p.Text("FindingFileMemory", a) }},
	{[]string{"names"}, func(p Printer, a Args) string { return p.Text("FindingNamesChanged", a) }},
	{[]string{"tag"}, func(p Printer, a Args) string { return p.Text("FindingNewTagsUnknown", a) }},
	{[]string{"tag kind"}, func(p Printer, a Args) string { return p.Text("FindingNewTags", a) }},
	{[]string{"concept locale term"}, func(p Printer, a Args) string { return p.Text("FindingTermTwice", a) }},
	{[]string{"concept locale term status otherStatus"}, func(p Printer, a Args) string { return p.Text("FindingTermContradiction", a) }},
	{[]string{"concept locale term otherTerm"}, func(p Printer, a Args) string { return p.Text("FindingTwoPreferred", a) }},
	{[]string{"locale term status concept otherConcept"}, func(p Printer, a Args) string { return p.Text("FindingHomonym", a) }},
	{[]string{"form node text"}, func(p Printer, a Args) string { return p.Text("FindingMessageNode", a) }},
	{[]string{"form variable"}, func(p Printer, a Args) string { return p.Text("FindingMessageVariable", a) }},
	{[]string{"form variable"}, func(p Printer, a Args) string { return p.Text("FindingMessageNoVariable", a) }},
	{[]string{"form tag"}, func(p Printer, a Args) string { return p.Text("FindingMessageOpen", a) }},
	{[]string{"form tag"}, func(p Printer, a Args) string { return p.Text("FindingMessageCloses", a) }},
	{[]string{"form tags sourceTags"}, func(p Printer, a Args) string { return p.Text("FindingMessageTags", a) }},
	{[]string{"form attribute element value"}, func(p Printer, a Args) string { return p.Text("FindingMessageRuns", a) }},
	{[]string{"form attribute element"}, func(p Printer, a Args) string { return p.Text("FindingMessageAttribute", a) }},
	{[]string{"form locale needs"}, func(p Printer, a Args) string { return p.Text("FindingMessagePlural", a) }},
	{[]string{"form verbs sourceVerbs"}, func(p Printer, a Args) string { return p.Text("FindingMessagePrintf", a) }},
	{[]string{"form text"}, func(p Printer, a Args) string { return p.Text("FindingMessageBraces", a) }},
	{[]string{"name"}, func(p Printer, a Args) string { return p.Text("FindingMessageEmpty", a) }},
	{[]string{"id"}, func(p Printer, a Args) string { return p.Text("FindingMessageNoText", a) }},
	{[]string{"id"}, func(p Printer, a Args) string { return p.Text("FindingMessageExtra", a) }},
	{[]string{"form script locale text"}, func(p Printer, a Args) string { return p.Text("FindingMessageScript", a) }},
	{[]string{"form language otherLanguage text"}, func(p Printer, a Args) string { return p.Text("FindingMessageLanguage", a) }},
	{[]string{"count placeholder"}, func(p Printer, a Args) string { return p.Text("FindingMessagePlaceholders", a) }},
}

// hintTexts are the hints of the checks.
var hintTexts = map[string]message{
	"give each concept an id of its own": func(p Printer, a Args) string { return p.Text("HintGlossaryOwnID", a) },
	"keep one status":                    func(p Printer, a Args) string { return p.Text("HintGlossaryOneStatus", a) },
	"make one of them admitted":          func(p Printer, a Args) string { return p.Text("HintGlossaryOneAdmitted", a) },
	"name the columns by locales (en,uk) or the file en-uk.csv, or give --source-locale and --target-locale": func(p Printer, a Args) string { return p.Text("HintGlossaryNameLanguages", a) },
	"put an apostrophe before it":                                                               func(p Printer, a Args) string { return p.Text("HintGlossaryApostrophe", a) },
	"rows of one concept share a word in the column concept":                                    func(p Printer, a Args) string { return p.Text("HintGlossaryConceptWord", a) },
	"save the file as UTF-8":                                                                    func(p Printer, a Args) string { return p.Text("HintGlossarySaveUTF8", a) },
	"save it as UTF-8":                                                                          func(p Printer, a Args) string { return p.Text("HintGlossarySaveItUTF8", a) },
	"the first row is concept,locale,term,status":                                               func(p Printer, a Args) string { return p.Text("HintGlossaryRowOfNames", a) },
	"fill in the columns of the locales":                                                        func(p Printer, a Args) string { return p.Text("HintGlossaryLocaleColumns", a) },
	"write yes, no or nothing":                                                                  func(p Printer, a Args) string { return p.Text("HintGlossaryCaseWord", a) },
	"write a tag such as ru or sr-Latn, or * with do-not-translate":                             func(p Printer, a Args) string { return p.Text("HintGlossaryTagOrAny", a) },
	"write a tag such as ru or sr-Latn":                                                         func(p Printer, a Args) string { return p.Text("HintGlossaryTagWord", a) },
	"give the term a locale, or the status do-not-translate":                                    func(p Printer, a Args) string { return p.Text("HintGlossaryLocaleOrDNT", a) },
	"write a quotation mark inside a quoted cell twice, and close every quoted cell":            func(p Printer, a Args) string { return p.Text("HintGlossaryQuotes", a) },
	"correct the pattern, or remove it":                                                         func(p Printer, a Args) string { return p.Text("HintCorrectPattern", a) },
	"correct the pattern, or remove it if the project has no glossary":                          func(p Printer, a Args) string { return p.Text("HintUnusedGlossary", a) },
	"restore the file, for example with git; or remove the lines, if new identities do no harm": func(p Printer, a Args) string { return p.Text("HintUnitsUnread", a) },
	"install it, or remove quality.spelling":                                                    func(p Printer, a Args) string { return p.Text("HintSpellingProgram", a) },
	"install their dictionaries":                                                                func(p Printer, a Args) string { return p.Text("HintSpellingDictionary", a) },
	"correct the locale, or add it to project.locales":                                          func(p Printer, a Args) string { return p.Text("HintHookLocale", a) },
	"copy the file, or add it to project.articles":                                              func(p Printer, a Args) string { return p.Text("HintLinkedArticle", a) },

	"delete one of them": func(p Printer, a Args) string { return p.Text("HintGlossaryDeleteOne", a) },
	"the first row names the columns: concept,locale,term,status":                          func(p Printer, a Args) string { return p.Text("HintGlossaryFirstRow", a) },
	"name the columns concept,locale,term,status … or give each locale a column: en,ru,uk": func(p Printer, a Args) string { return p.Text("HintGlossaryColumns", a) },
	"separate several terms in a cell by |":                                                func(p Printer, a Args) string { return p.Text("HintGlossarySeparate", a) },
	"put quotation marks around a cell with a separator in it":                             func(p Printer, a Args) string { return p.Text("HintGlossaryQuoteCell", a) },
	"make one concept of them, or give both a note with the difference":                    func(p Printer, a Args) string { return p.Text("HintGlossaryDifference", a) },
	"write the letters with their marks":                                                   func(p Printer, a Args) string { return p.Text("HintWriteMarks", a) },
	"type the word again":                                                                  func(p Printer, a Args) string { return p.Text("HintTypeWord", a) },
	"type the character again":                                                             func(p Printer, a Args) string { return p.Text("HintTypeCharacter", a) },
	"delete it":                                                                            func(p Printer, a Args) string { return p.Text("HintDelete", a) },
	"restore the text from before it was converted":                                        func(p Printer, a Args) string { return p.Text("HintRestore", a) },
	"close it, or delete it":                                                               func(p Printer, a Args) string { return p.Text("HintCloseOrDelete", a) },
	"see whether it belongs to another edition":                                            func(p Printer, a Args) string { return p.Text("HintOtherEdition", a) },
	"copy it from the source":                                                              func(p Printer, a Args) string { return p.Text("HintCopySource", a) },
	"delete it, or make it an inline code":                                                 func(p Printer, a Args) string { return p.Text("HintDeleteOrCode", a) },
	"compare it with the source":                                                           func(p Printer, a Args) string { return p.Text("HintCompare", a) },
	"use the name of the source":                                                           func(p Printer, a Args) string { return p.Text("HintUseName", a) },
	"keep the unit, or convert the number":                                                 func(p Printer, a Args) string { return p.Text("HintKeepUnit", a) },
	"exchange the two translations":                                                        func(p Printer, a Args) string { return p.Text("HintExchange", a) },
	"write it with one kind of digits":                                                     func(p Printer, a Args) string { return p.Text("HintOneDigits", a) },
	"use the digits ۰–۹":                                                                   func(p Printer, a Args) string { return p.Text("HintPersianDigits", a) },
	"see whether the translation has it in words":                                          func(p Printer, a Args) string { return p.Text("HintInWords", a) },
	"write three":                             func(p Printer, a Args) string { return p.Text("HintWriteThree", a) },
	"delete one":                              func(p Printer, a Args) string { return p.Text("HintDeleteOne", a) },
	"write a no-break space before it":        func(p Printer, a Args) string { return p.Text("HintNoBreakBefore", a) },
	"write a no-break space behind it":        func(p Printer, a Args) string { return p.Text("HintNoBreakBehind", a) },
	"the glossary has it as do-not-translate": func(p Printer, a Args) string { return p.Text("HintDoNotTranslate", a) },
	"translate it":                            func(p Printer, a Args) string { return p.Text("HintTranslate", a) },
	"is something missing?":                   func(p Printer, a Args) string { return p.Text("HintSomethingMissing", a) },
	"is something doubled?":                   func(p Printer, a Args) string { return p.Text("HintSomethingDoubled", a) },
	"write it in NFC":                         func(p Printer, a Args) string { return p.Text("HintWriteNFC", a) },
	"shorten it":                              func(p Printer, a Args) string { return p.Text("HintShorten", a) },
	"use one translation":                     func(p Printer, a Args) string { return p.Text("HintOneTranslation", a) },
	"a non-joiner stands between two letters of a word":                      func(p Printer, a Args) string { return p.Text("HintNonJoinerPlace", a) },
	"in a right-to-left text too the opening bracket is the one typed first": func(p Printer, a Args) string { return p.Text("HintBracketFirst", a) },
	"write ’, or the letter ʻ or ʼ where the language has it":                func(p Printer, a Args) string { return p.Text("HintWriteApostrophe", a) },
	"keep the tags of the source":                                            func(p Printer, a Args) string { return p.Text("HintKeepTags", a) },
}

// hintForms are the hints with a value.
var hintForms = []struct {
	before, behind string
	text           message
}{
	{"write ", " where it begins", func(p Printer, a Args) string { return p.Text("HintWriteWhere", a) }},
	{"write ", "", func(p Printer, a Args) string { return p.Text("HintWrite", a) }},
	{`did you mean "`, `"? else add the locale to project.locales`, func(p Printer, a Args) string { return p.Text("HintHookLocaleNear", a) }},
	{"the term is ", "", func(p Printer, a Args) string { return p.Text("HintTheTerm", a) }},
}

// findingWords are words that messages have as values.
var findingWords = map[string]message{
	"another":                  func(p Printer, a Args) string { return p.Text("FindingWordAnother", a) },
	"Latin":                    func(p Printer, a Args) string { return p.Text("FindingWordLatin", a) },
	"Cyrillic":                 func(p Printer, a Args) string { return p.Text("FindingWordCyrillic", a) },
	"Greek":                    func(p Printer, a Args) string { return p.Text("FindingWordGreek", a) },
	"Armenian":                 func(p Printer, a Args) string { return p.Text("FindingWordArmenian", a) },
	"Georgian":                 func(p Printer, a Args) string { return p.Text("FindingWordGeorgian", a) },
	"Arabic":                   func(p Printer, a Args) string { return p.Text("FindingWordArabic", a) },
	"Hebrew":                   func(p Printer, a Args) string { return p.Text("FindingWordHebrew", a) },
	"lost":                     func(p Printer, a Args) string { return p.Text("FindingWordLost", a) },
	"added":                    func(p Printer, a Args) string { return p.Text("FindingWordAdded", a) },
	"doubled":                  func(p Printer, a Args) string { return p.Text("FindingWordDoubled", a) },
	"unbalanced":               func(p Printer, a Args) string { return p.Text("FindingWordUnbalanced", a) },
	"reordered":                func(p Printer, a Args) string { return p.Text("FindingWordReordered", a) },
	"a period":                 func(p Printer, a Args) string { return p.Text("FindingWordAPeriod", a) },
	"a question mark":          func(p Printer, a Args) string { return p.Text("FindingWordAQuestionMark", a) },
	"an exclamation mark":      func(p Printer, a Args) string { return p.Text("FindingWordAnExclamationMark", a) },
	"a colon":                  func(p Printer, a Args) string { return p.Text("FindingWordAColon", a) },
	"an ellipsis":              func(p Printer, a Args) string { return p.Text("FindingWordAnEllipsis", a) },
	"a comma":                  func(p Printer, a Args) string { return p.Text("FindingWordAComma", a) },
	"no mark":                  func(p Printer, a Args) string { return p.Text("FindingWordNoMark", a) },
	"the numbers":              func(p Printer, a Args) string { return p.Text("FindingWordTheNumbers", a) },
	"the names and the length": func(p Printer, a Args) string { return p.Text("FindingWordTheNamesAndTheLength", a) },
	"initial":                  func(p Printer, _ Args) string { return p.State(bitext.Initial) },
	"translated":               func(p Printer, _ Args) string { return p.State(bitext.Translated) },
	"reviewed":                 func(p Printer, _ Args) string { return p.State(bitext.Reviewed) },
	"final":                    func(p Printer, _ Args) string { return p.State(bitext.Final) },
	"preferred":                func(p Printer, a Args) string { return p.Text("WebTermPreferred", a) },
	"admitted":                 func(p Printer, a Args) string { return p.Text("WebTermAdmitted", a) },
	"deprecated":               func(p Printer, a Args) string { return p.Text("WebTermDeprecated", a) },
	"forbidden":                func(p Printer, a Args) string { return p.Text("WebTermForbidden", a) },
	"do-not-translate":         func(p Printer, a Args) string { return p.Text("TermDoNotTranslate", a) },
	"a machine":                func(p Printer, a Args) string { return p.Text("FindingWordAMachine", a) },
}
