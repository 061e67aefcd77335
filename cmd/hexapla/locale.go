package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/locales/tag"
)

// localeInfo is what Hexapla knows of a locale.
type localeInfo struct {
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

func localeCommand() *cli.Command {
	return &cli.Command{
		Name:      "locale",
		Usage:     "show what is known of a locale: plural forms, direction, formats",
		UsageText: "hexapla locale [--json] TAG ...",
		ArgsUsage: "TAG ...",
		Description: `The facts are those of CLDR 48 and of this program where CLDR has none. They
decide how messages are formatted, which plural forms a catalog needs, and what
the checks expect.

Example:  hexapla locale sr-ME`,
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return exit.Usagef("locale: at least one BCP 47 tag is required, such as sr-ME")
			}
			var all []localeInfo
			for _, l := range c.Args().Slice() {
				info, err := describeLocale(l)
				if err != nil {
					return exit.UsageError{Err: err}
				}
				all = append(all, info)
			}
			if c.Bool("json") {
				e := json.NewEncoder(c.App.Writer)
				e.SetEscapeHTML(false)
				e.SetIndent("", "  ")
				return e.Encode(all)
			}
			for i, info := range all {
				if i > 0 {
					fmt.Fprintln(c.App.Writer)
				}
				if _, err := fmt.Fprint(c.App.Writer, info); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func describeLocale(name string) (localeInfo, error) {
	l, err := tag.Canonical(name)
	if err != nil {
		return localeInfo{}, err
	}
	q := locales.Quotes(l)
	sample := time.Date(2026, time.November, 5, 0, 0, 0, 0, time.UTC)
	items := []string{"1", "2", "3"}
	info := localeInfo{
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

// String returns the facts in lines of a name and a value.
func (l localeInfo) String() string {
	var plurals []string
	for _, category := range locales.PluralCategories(l.Locale) {
		plurals = append(plurals, category+" ("+l.Plurals[category]+")")
	}
	spaced := "yes"
	if !l.Spaced {
		spaced = "no"
	}
	var b strings.Builder
	for _, row := range [][2]string{
		{"locale", l.Locale}, {"name", l.Name + " (" + l.EnglishName + ")"}, {"script", l.Script}, {"direction", l.Direction}, {"region", l.Region},
		{"og:locale", l.OpenGraph}, {"falls back to", strings.Join(l.Parents, ", ")}, {"plural forms", strings.Join(plurals, ", ")},
		{"ordinals 0–11", strings.Join(l.Ordinals, " ")}, {"number", l.Number}, {"percent", l.Percent}, {"date", l.Date}, {"list", l.List}, {"choice", l.Choice},
		{"quotation marks", l.Quotes}, {"letters", strings.Join(l.Letters, " ")}, {"punctuation", strings.Join(l.Punctuation, " ")}, {"space between sentences", spaced},
	} {
		if row[1] == "" {
			row[1] = "–"
		}
		fmt.Fprintf(&b, "%-24s %s\n", row[0], row[1])
	}
	return b.String()
}
