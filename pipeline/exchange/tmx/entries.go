package tmx

import (
	"iter"
	"strings"

	"hexapla/pipeline/bitext"
)

// The names of our properties.
const (
	propState    = "x-hexapla:state"
	propSubState = "x-hexapla:substate"
	propOrigin   = "x-hexapla:origin"
	propTerms    = "x-hexapla:terms"
	propPrev     = "x-hexapla:prev"
	propNext     = "x-hexapla:next"
	propPlace    = "x-hexapla:place"
)

// Entries makes memory entries of units: the variant in the source locale with
// each of the others. A unit that has no variant in source, or in a region's
// form of it, has none. OmegaT's own properties prev and next are understood.
func Entries(units iter.Seq2[*TU, error], source string) iter.Seq2[bitext.Entry, error] {
	return func(yield func(bitext.Entry, error) bool) {
		for u, err := range units {
			if err != nil {
				if !yield(bitext.Entry{}, err) {
					return
				}
				continue
			}
			from := sourceVariant(u, source)
			if from < 0 {
				continue
			}
			for i := range u.Variants {
				if i != from && !yield(entry(u, source, &u.Variants[from], &u.Variants[i]), nil) {
					return
				}
			}
		}
	}
}

// sourceVariant is the place of the variant in the source locale: by its tag, or
// else the first of its language.
func sourceVariant(u *TU, source string) int {
	language, _, _ := strings.Cut(source, "-")
	near := -1
	for i, v := range u.Variants {
		tag := strings.ReplaceAll(v.Locale, "_", "-")
		if strings.EqualFold(tag, source) {
			return i
		}
		if base, _, _ := strings.Cut(tag, "-"); near < 0 && strings.EqualFold(base, language) {
			near = i
		}
	}
	return near
}

func entry(u *TU, source string, from, to *Variant) bitext.Entry {
	e := bitext.Entry{
		SourceLocale: source, TargetLocale: strings.ReplaceAll(to.Locale, "_", "-"), Source: from.Text, Target: to.Text,
		State:  bitext.Translated,
		Origin: bitext.Origin{Kind: bitext.FromImport, Name: to.Author, Time: to.Time},
	}
	for _, props := range [][]bitext.Prop{u.Props, to.Props} {
		for _, p := range props {
			switch p.Name {
			case propState:
				if s, ok := bitext.ParseState(p.Value); ok {
					e.State = s
				}
			case propSubState:
				e.SubState = p.Value
			case propOrigin:
				e.Origin.Kind = bitext.OriginKind(p.Value)
			case propTerms:
				e.Origin.Terms = p.Value
			case propPrev, "prev":
				e.Prev = p.Value
			case propNext, "next":
				e.Next = p.Value
			case propPlace:
				e.Place = p.Value
			default:
				e.Props = append(e.Props, p)
			}
		}
	}
	return e
}
