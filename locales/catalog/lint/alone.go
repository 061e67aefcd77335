package lint

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/message"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// checkAlone finds what is wrong with a message by itself. The source message src
// tells whether it is plural; src is m for the source and for extra messages.
func (ch *checker) checkAlone(m, src *parsedMessage) {
	if m.NeedsReview {
		ch.add("catalog.review", m.Place(ch.locale), "translation is marked as needing review")
	}
	if m.IsEmpty() {
		d := ch.add("catalog.empty", m.FieldPlace(ch.locale, "other"), "message %q has no text", diag.Arg("id", m.ID))
		if src != m && src.IsEmpty() || hasField(m, "other") && isFragment(src.Other) {
			d.Severity = diag.Info // as the source; or its words stand in another message
		}
		if src == m && ch.isSource && ch.emptyEverywhere(m.ID) {
			d.Severity, d.Hint = diag.Info, "no locale has a text for it: a site may give its own"
		}
		return
	}
	for _, f := range m.Fields {
		if f.Value == "" && slices.Contains(message.Categories, f.Name) {
			ch.add("catalog.empty", diag.Place{Path: m.Path, Line: f.Line, Column: f.Column, Locale: ch.locale, Unit: m.ID}, "form %q has no text", diag.Arg("name", f.Name))
		}
	}
	ch.plurals(m, src)
	for i, category := range message.Categories {
		text := m.Form(category)
		if text == "" {
			continue
		}
		if from, _ := src.form(category); unseen(from, text) {
			d := ch.add("catalog.empty", m.FieldPlace(ch.locale, category), "form %q has no text", diag.Arg("name", category))
			d.Hint = "a reader can see none of its characters"
			if isFragment(from) && strings.TrimSpace(text) == "" {
				d.Severity = diag.Info
			}
			continue
		}
		for _, part := range literals(m.templates[i], text) {
			ch.characters(m, src, category, part)
		}
		ch.language(m, src, category)
	}
}

// emptyEverywhere reports whether several locales have a message, and none a text for it.
func (ch *checker) emptyEverywhere(id string) bool {
	const least = 3 // locales beside the source
	n := 0
	for _, c := range ch.set {
		if m := c.Messages[id]; m != nil {
			if !m.IsEmpty() {
				return false
			}
			n++
		}
	}
	return n > least
}

// unseen reports whether a reader can see nothing of a translation whose source is seen.
// White space alone may stand for one word, which another message has ("page" before a
// number); a source that is not seen is meant so: a separator, a direction mark.
func unseen(from, text string) bool {
	if !bitext.Plain(text).IsBlank() || bitext.Plain(from).IsBlank() {
		return false
	}
	return strings.TrimSpace(text) != "" || bitext.CountWords(from) > 1
}

// isFragment reports whether an English text is the part of a sentence before a value:
// "Powered by", "included in ". Other languages put those words behind it, into another
// message.
func isFragment(text string) bool {
	words := strings.Fields(text)
	return len(words) > 0 && beforeValue[strings.ToLower(words[len(words)-1])] || len(words) == 1 && behindValue[words[0]]
}

// behindValue are English words that stand alone behind a value, for which other languages
// have one before it: "5 minutes ago".
var behindValue = map[string]bool{"ago": true, "left": true, "old": true, "later": true}

// beforeValue are English words that end the part of a sentence before a value.
var beforeValue = map[string]bool{"about": true, "as": true, "at": true, "by": true, "for": true, "from": true, "in": true, "of": true, "on": true, "than": true, "the": true, "to": true, "under": true, "via": true, "with": true}

// textRules are the rules of the problems that a text may have.
var textRules = map[string]string{
	locales.ControlCharacter: "catalog.control", locales.BidiControl: "catalog.bidi", locales.MixedScript: "catalog.script",
	locales.ForeignScript: "catalog.script", locales.NotNFC: "catalog.nfc",
}

func (ch *checker) characters(m, src *parsedMessage, category, text string) {
	foreign := false // a word in another script was reported: the others will be of the same text
	for _, p := range ch.text.Problems(text) {
		word := text[p.Offset : p.Offset+p.Length]
		if p.Kind == locales.ForeignScript && (src != m && src.contains(word) || utf8.RuneCountInString(word) > 1 && strings.Contains(m.ID, word)) {
			continue // a language's own name, and the like; or a name in the text that is the id
		}
		if p.Kind == locales.ForeignScript && inBrackets(text, p.Offset) && !disguised(word) {
			continue // the word in its own letters behind another: "Jalali (جلالی)"
		}
		if p.Kind == locales.ForeignScript && !disguised(word) {
			if foreign {
				continue
			}
			foreign = true
		}
		d := ch.add(textRules[p.Kind], m.FieldPlace(ch.locale, category), "form %q: %s", diag.Arg("form", category), diag.Arg("detail", p.Detail))
		if p.Kind == locales.ForeignScript && ch.isSource && !disguised(word) {
			d.Severity = diag.Info // a word that the author chose
		}
	}
}

// contains reports whether a form of the message contains a text.
func (m *parsedMessage) contains(text string) bool {
	return slices.ContainsFunc(message.Categories, func(c string) bool { return strings.Contains(m.Form(c), text) })
}

// disguised reports whether a word consists of letters that look like Latin ones.
func disguised(word string) bool {
	return strings.Trim(word, "асеорхуіјѕһԛԝАВЕКМНОРСТХУІЈЅԚԜοινυρκΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսհցՕՏՍ") == ""
}

// inBrackets reports whether what stands at an offset of the text is between round
// or square brackets, with other letters before them.
func inBrackets(text string, offset int) bool {
	open := strings.LastIndexAny(text[:offset], "([（")
	return open >= 0 && strings.IndexFunc(text[:open], unicode.IsLetter) >= 0 &&
		!strings.ContainsAny(text[open:offset], ")]）") && strings.ContainsAny(text[offset:], ")]）")
}
