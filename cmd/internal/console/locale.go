package console

import (
	"io"
	"strings"
	"time"

	"hexapla/locales"
	"hexapla/locales/tag"
)

// LocaleFacts are what Hexapla knows of a locale.
type LocaleFacts struct {
	Locale      string            `json:"locale"`
	Name        string            `json:"name"`
	EnglishName string            `json:"englishName"`
	Script      string            `json:"script,omitempty"`
	Direction   string            `json:"direction"`
	Region      string            `json:"region,omitempty"`
	OpenGraph   string            `json:"openGraph"`
	Parents     []string          `json:"parents"`
	Plurals     map[string]string `json:"plurals"` // category to a number that is in it
	Ordinals    []string          `json:"ordinals"`
	Number      string            `json:"number"`
	Percent     string            `json:"percent"`
	Date        string            `json:"date"`
	List        string            `json:"list"`
	Choice      string            `json:"choice"`
	Quotes      string            `json:"quotes"`
	Letters     []string          `json:"letters"`
	Punctuation []string          `json:"punctuation"`
	Spaced      bool              `json:"spaceBetweenSentences"`
}

// DescribeLocale returns the facts of a locale. It fails if name is not a BCP 47 tag.
func DescribeLocale(name string) (LocaleFacts, error) {
	l, err := tag.Canonical(name)
	if err != nil {
		return LocaleFacts{}, err
	}
	q := locales.Quotes(l)
	sample := time.Date(2026, time.November, 5, 0, 0, 0, 0, time.UTC)
	items := []string{"1", "2", "3"}
	info := LocaleFacts{
		Locale: l, Name: locales.Name(l), EnglishName: locales.EnglishName(l), Script: tag.Script(l), Direction: tag.Direction(l), Region: tag.Region(l),
		OpenGraph: locales.OpenGraph(l), Parents: tag.Parents(l), Plurals: map[string]string{},
		Number: locales.FormatNumber(l, 1234567.5), Percent: locales.FormatPercent(l, 0.75), Date: locales.FormatDate(l, sample, locales.Long),
		List: locales.FormatList(l, items), Choice: locales.FormatAlternatives(l, items), Quotes: q[0] + "…" + q[1] + " " + q[2] + "…" + q[3],
		Letters: locales.Exemplars(l), Punctuation: locales.Punctuation(l), Spaced: tag.SpacesBetweenSentences(l),
	}
	for _, category := range locales.PluralCategories(l) {
		info.Plurals[category] = locales.PluralSample(l, category)
	}
	for n := range 12 {
		info.Ordinals = append(info.Ordinals, locales.Ordinal(l, n))
	}
	return info, nil
}

// Print writes the facts in lines of a name and a value.
func (l LocaleFacts) Print(w io.Writer) error {
	var plurals []string
	for _, category := range locales.PluralCategories(l.Locale) {
		plurals = append(plurals, category+" ("+l.Plurals[category]+")")
	}
	spaced := "yes"
	if !l.Spaced {
		spaced = "no"
	}
	t := NewList("")
	for _, row := range [][2]string{
		{"locale", l.Locale}, {"name", l.Name + " (" + l.EnglishName + ")"}, {"script", l.Script}, {"direction", l.Direction}, {"region", l.Region},
		{"og:locale", l.OpenGraph}, {"falls back to", strings.Join(l.Parents, ", ")}, {"plural forms", strings.Join(plurals, ", ")},
		{"ordinals 0–11", strings.Join(l.Ordinals, " ")}, {"number", l.Number}, {"percent", l.Percent}, {"date", l.Date}, {"list", l.List}, {"choice", l.Choice},
		{"quotation marks", l.Quotes}, {"letters", strings.Join(l.Letters, " ")}, {"punctuation", strings.Join(l.Punctuation, " ")}, {"space between sentences", spaced},
	} {
		if row[1] == "" {
			row[1] = "–"
		}
		t.TextRow(row[0], row[1])
	}
	return t.Print(w)
}
