package locales

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hexapla/locales/message"
	langtag "hexapla/locales/tag"
)

// PluralCount is the argument that chooses the plural form.
const PluralCount = "PluralCount"

// Args are the values of a message's variables by name: strings; integers,
// floats and decimal strings; time.Time for a date; []string for a list. The
// number under [PluralCount] chooses the plural form.
type Args map[string]any

// Localized is a text and where it was found.
type Localized struct {
	Text   string
	Locale string // tag of the catalog that had the message: the one asked for, or one of its Parents
	ID     string
}

// Localize writes a message in a locale: the catalog of tag, then those of
// Parents(tag), never another. Dates, numbers and lists are written as tag
// does. On an error there is no text: ErrNotFound, ErrMissingArg, ErrBadArg,
// ErrMissingForm or ErrLocale.
func (c *Catalogs) Localize(tag, id string, args Args) (Localized, error) {
	t, ok := langtag.Parse(tag)
	if !ok {
		return Localized{}, fmt.Errorf("%q: %w", tag, ErrLocale)
	}
	m, ok := c.message(t.String(), id)
	if !ok {
		for _, p := range t.Parents() {
			if m, ok = c.message(p.String(), id); ok {
				break
			}
		}
	}
	if !ok {
		return Localized{}, fmt.Errorf("message %q in %s: %w", id, t, ErrNotFound)
	}
	text, err := m.write(t.String(), args)
	if err != nil {
		return Localized{}, fmt.Errorf("message %q in %s: %w", id, t, err)
	}
	return Localized{Text: text, Locale: m.Locale, ID: id}, nil
}

// write fills the form that the count chooses.
func (m *Message) write(tag string, args Args) (string, error) {
	form := "other"
	if m.Plural() {
		count, ok := args[PluralCount]
		if !ok {
			return "", fmt.Errorf("%s: %w", PluralCount, ErrMissingArg)
		}
		rules, _ := rulesFor(m.Locale, cardinalRules())
		var err error
		if form, err = category(rules, count); err != nil {
			return "", fmt.Errorf("%s: %w: %w", PluralCount, ErrBadArg, err)
		}
	}
	t := m.forms[form]
	if t == nil {
		return "", fmt.Errorf("form %q: %w", form, ErrMissingForm)
	}
	var b strings.Builder
	for _, p := range t.Parts {
		if p.Field == "" {
			b.WriteString(p.Text)
			continue
		}
		v, ok := lookup(args, p.Field)
		if !ok {
			return "", fmt.Errorf("variable %s: %w", p.Field, ErrMissingArg)
		}
		text, err := write(tag, p, v)
		if err != nil {
			return "", fmt.Errorf("variable %s: %w", p.Field, err)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// lookup finds a value under its name, or step by step under "Person.Name".
func lookup(args Args, field string) (any, bool) {
	if v, ok := args[field]; ok {
		return v, v != nil
	}
	head, rest, nested := strings.Cut(field, ".")
	if !nested {
		return nil, false
	}
	switch inner := args[head].(type) {
	case map[string]any:
		return lookup(inner, rest)
	case Args:
		return lookup(inner, rest)
	}
	return nil, false
}

// write writes one value as the part's function, or its own type, wants it.
func write(tag string, p message.Part, v any) (string, error) {
	switch p.Func {
	case "date", "dateFull", "dateMedium", "dateShort", "time":
		t, ok := asTime(v)
		if !ok {
			return "", fmt.Errorf("%T is not a time: %w", v, ErrBadArg)
		}
		if p.Func == "time" {
			return FormatTime(tag, t), nil
		}
		return FormatDate(tag, t, map[string]DateStyle{"date": Long, "dateFull": Full, "dateMedium": Medium, "dateShort": Short}[p.Func]), nil
	case "number", "percent", "digits":
		if _, err := toDecimal(v); err != nil {
			return "", fmt.Errorf("%w: %w", err, ErrBadArg)
		}
		switch p.Func {
		case "percent":
			return FormatPercent(tag, v), nil
		case "digits":
			return formatDigits(tag, v), nil
		}
		return FormatNumber(tag, v), nil
	case "list", "names":
		items, ok := asList(v)
		if !ok {
			return "", fmt.Errorf("%T is not a list of strings: %w", v, ErrBadArg)
		}
		return FormatList(tag, items), nil
	case "language":
		s, ok := v.(string)
		if _, valid := langtag.Parse(s); !ok || !valid {
			return "", fmt.Errorf("%v is not a language tag: %w", v, ErrBadArg)
		}
		return LanguageName(tag, s), nil
	}
	if p.Field == PluralCount {
		if _, err := toDecimal(v); err != nil {
			return "", fmt.Errorf("%w: %w", err, ErrBadArg)
		}
		return FormatNumber(tag, v), nil
	}
	switch v := v.(type) {
	case string:
		return v, nil
	case time.Time:
		return FormatDate(tag, v, Long), nil
	case []string, []any:
		if items, ok := asList(v); ok {
			return FormatList(tag, items), nil
		}
	case json.Number:
		return FormatNumber(tag, v), nil
	case fmt.Stringer:
		return v.String(), nil
	}
	if _, err := toDecimal(v); err == nil {
		return FormatNumber(tag, v), nil
	}
	return "", fmt.Errorf("%T: %w", v, ErrBadArg)
}

func asTime(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if t, err := time.Parse(layout, v); err == nil {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

func asList(v any) ([]string, bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []string:
		return v, len(v) > 0
	case []any:
		var out []string
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			out = append(out, s)
		}
		return out, len(out) > 0
	}
	return nil, false
}
