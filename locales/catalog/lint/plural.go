package lint

import (
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"hexapla/locales"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// plurals compares the forms with the plural categories of the locale. Where no
// plural rule of the language is known, nothing is expected but "other".
func (ch *checker) plurals(m, src *parsedMessage) {
	if !m.IsPlural() && !src.IsPlural() || m.hasOneText() && src.hasOneText() {
		return
	}
	for i, category := range message.Categories {
		needed := slices.Contains(ch.categories, category)
		text := m.Form(category)
		switch {
		case ch.categories == nil && (category != "other" || text != ""):
		case text == "" && hasField(m, category):
			// catalog.empty reports it
		case (needed || ch.categories == nil) && text == "":
			id, needs := "catalog.plural-missing", strings.Join(ch.categories, ", ")
			if category != "other" && ch.isRare(category) {
				id = "catalog.plural-rare"
			}
			if needs == "" {
				needs = "other"
			}
			ch.add(id, m.Place(ch.locale), "plural form %q is missing; %s needs %s", diag.Arg("form", category), diag.Arg("locale", ch.locale), diag.Arg("needs", needs))
		case !needed && text != "" && ch.goUses(category):
			// newer rules than those at hand
		case !needed && text != "":
			ch.add("catalog.plural-extra", m.FieldPlace(ch.locale, category), "%s has no plural form %q; it needs %s", diag.Arg("locale", ch.locale), diag.Arg("form", category), diag.Arg("categories", strings.Join(ch.categories, ", ")))
		case text != "" && m.templates[i] != nil && len(m.templates[i].Variables) == 0 && len(m.templates[i].Refused) == 0 && ch.several[category] && src.showsCount():
			d := ch.add("catalog.count", m.FieldPlace(ch.locale, category), "plural form %q is used for several numbers and does not show the number", diag.Arg("form", category))
			if onlyZeroAndOne(ch.locale, category) {
				d.Severity = diag.Info // the program may have no zero: a page has words
			}
		}
	}
}

// idForm takes the id of a message apart that is a form of a plural by itself, as programs
// with flat files have them: "days.one" and "days.other", "days_one" and "days_other" in
// the source. The stem is "" for any other id.
func (ch *checker) idForm(id string) (stem, category string) {
	i := strings.LastIndexAny(id, "._")
	if i <= 0 || !slices.Contains(message.Categories, id[i+1:]) {
		return "", ""
	}
	stem = id[:i+1]
	if ch.source.Messages[stem+"one"] == nil || ch.source.Messages[stem+"other"] == nil {
		return "", ""
	}
	return stem, id[i+1:]
}

// formOfIDs reports whether a message that the source does not have is a form that the
// locale needs of a plural whose forms are messages.
func (ch *checker) formOfIDs(id string) bool {
	stem, category := ch.idForm(id)
	return stem != "" && slices.Contains(ch.categories, category)
}

// needsNoForm reports whether a message of the source is a form of such a plural that the
// locale has no whole number for.
func (ch *checker) needsNoForm(id string) bool {
	stem, category := ch.idForm(id)
	return stem != "" && ch.categories != nil && (!slices.Contains(ch.categories, category) || ch.isRare(category))
}

// hasOneText reports whether all forms of a message are one text without a variable, and
// without a placeholder of another program: it has forms only because all messages of its
// file have some.
func (m *parsedMessage) hasOneText() bool {
	if m.Other == "" || m.showsCount() || placeholder().MatchString(m.Other) {
		return false
	}
	return !slices.ContainsFunc(message.Categories, func(c string) bool { return m.Form(c) != "" && m.Form(c) != m.Other })
}

// goUses is the function goUses for the locale of the catalog; it asks once for a category.
func (ch *checker) goUses(category string) bool {
	uses, known := ch.used[category]
	if !known {
		if ch.used == nil {
			ch.used = map[string]bool{}
		}
		uses = goUses(ch.locale, category)
		ch.used[category] = uses
	}
	return uses
}

// goUses reports whether go-i18n chooses a plural category of the locale for any whole
// number. Its rules may be of a newer CLDR than those at hand: Vietnamese has "one" from
// CLDR 49 on.
func goUses(locale, category string) bool {
	tag, err := language.Parse(locale)
	if err != nil {
		return false
	}
	bundle := i18n.NewBundle(tag)
	if bundle.AddMessages(tag, &i18n.Message{ID: "m", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"}) != nil {
		return false
	}
	localizer := i18n.NewLocalizer(bundle, locale)
	for n := range 32 {
		if text, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: "m", PluralCount: n}); err == nil && text == category {
			return true
		}
	}
	return false
}

// hasField reports whether the file has a field for a form, with or without text.
func hasField(m *parsedMessage, category string) bool {
	_, ok := m.Field(category)
	return ok
}

// showsCount reports whether any form names a variable.
func (m *parsedMessage) showsCount() bool {
	return slices.ContainsFunc(m.templates[:], func(t *message.Template) bool { return t != nil && len(t.Variables) > 0 })
}

func (ch *checker) isRare(category string) bool {
	is, known := ch.rare[category]
	if !known {
		if ch.rare == nil {
			ch.rare = map[string]bool{}
		}
		is = locales.RarePlural(ch.locale, category)
		ch.rare[category] = is
	}
	return is
}

// several reports whether a plural category of the locale holds more than one
// whole number.
func several(locale, category string) bool {
	n := 0
	for i := range 32 {
		if locales.Plural(locale, i) == category {
			n++
		}
	}
	return n > 1
}

// onlyZeroAndOne reports whether a plural category of the locale holds no other whole
// numbers than 0 and 1, as in French and Hindi.
func onlyZeroAndOne(locale, category string) bool {
	for i := 2; i < 32; i++ {
		if locales.Plural(locale, i) == category {
			return false
		}
	}
	return true
}
