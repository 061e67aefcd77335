package tmx

import (
	"iter"
	"slices"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/xmlscan"
)

// Entries makes memory entries of units: the variant in the source locale with
// each of the others. A unit that has no variant in source, or in a form of that
// language, has none. SourceLocale is source, whatever form the file has; with an
// empty source it is what each unit says, or its first variant's. A variant in the
// source locale is no target, nor is an empty one in which no state is said: many
// tools write untranslated segments so.
//
// What OmegaT (props prev, next, file and id) and memoQ (x-context-pre,
// x-context-post) say of the context is understood, and kept as it is, too.
func Entries(units iter.Seq2[*TU, error], source string) iter.Seq2[bitext.Entry, error] {
	return EntriesCounting(units, source, &Unused{})
}

// Unused counts the units that give no entry, by the locales that they have.
type Unused struct {
	Units   int
	Locales map[string]int
}

func (n *Unused) add(u *TU) {
	n.Units++
	if n.Locales == nil {
		n.Locales = map[string]int{}
	}
	const most = 100 // a hostile file has any number
	for _, v := range u.Variants {
		if _, known := n.Locales[v.Locale]; known || len(n.Locales) < most {
			n.Locales[v.Locale]++
		}
	}
}

// EntriesCounting is Entries that counts the units of which it makes no entry. A unit whose
// source language is one of others, or which this program wrote in another one than that of
// its file, is an entry of that language: no translation is turned round into a source.
func EntriesCounting(units iter.Seq2[*TU, error], source string, unused *Unused, others ...string) iter.Seq2[bitext.Entry, error] {
	return func(yield func(bitext.Entry, error) bool) {
		for u, err := range units {
			if err != nil {
				if !yield(bitext.Entry{}, err) {
					return
				}
				continue
			}
			from, locale := u.source(u.direction(source, others))
			if from < 0 {
				unused.add(u)
				continue
			}
			src := &u.Variants[from]
			if src.Text.IsEmpty() && !hasProp(u, propState) {
				unused.add(u)
				continue
			}
			none := true
			for i := range u.Variants {
				to := &u.Variants[i]
				if i == from || strings.EqualFold(to.Locale, src.Locale) || to.Text.IsEmpty() && !containsProp(to.Props, propState) {
					continue
				}
				none = false
				if !yield(u.entry(locale, src, to), nil) {
					return
				}
			}
			if none {
				unused.add(u)
			}
		}
	}
}

// direction returns the source locale of a unit that is wanted from source or, if it is made
// so, from others.
func (u *TU) direction(source string, others []string) string {
	own := u.SourceLocale
	if source == "" || own == "" || own == "*all*" || tag.SameText(own, source) {
		return source
	}
	for _, o := range others {
		if tag.SameText(own, o) {
			return o
		}
	}
	if u.File != nil && u.File.CreationTool == ownTool && own != u.File.SourceLocale {
		return own
	}
	return source
}

// containsProp reports whether one of props has a name.
func containsProp(props []bitext.Prop, name string) bool {
	return slices.ContainsFunc(props, func(p bitext.Prop) bool { return p.Name == name })
}

func hasProp(u *TU, name string) bool {
	return slices.ContainsFunc(u.Variants, func(v Variant) bool { return containsProp(v.Props, name) })
}

// source is the place of the variant in the source locale, by its tag or else the
// first of its language, and the locale to call it.
func (u *TU) source(want string) (at int, locale string) {
	if len(u.Variants) == 0 {
		return -1, ""
	}
	asked := want
	if want == "" {
		if want = u.SourceLocale; want == "" || want == "*all*" {
			return 0, u.Variants[0].Locale
		}
	}
	near := -1
	for i, v := range u.Variants {
		if strings.EqualFold(v.Locale, want) {
			near = i
			break
		}
		if near < 0 && tag.SameLanguage(v.Locale, want) {
			near = i
		}
	}
	if near < 0 {
		return -1, ""
	}
	if asked == "" {
		return near, u.Variants[near].Locale
	}
	return near, asked
}

// Source returns an entry with the source, the context and the props of a unit, and no
// target: for units that Entries leaves out because they have no translation. ok is
// false if the unit has no variant in the locale; see Entries.
func (u *TU) Source(locale string) (e bitext.Entry, ok bool) {
	from, locale := u.source(locale)
	if from < 0 {
		return e, false
	}
	e = u.entry(locale, &u.Variants[from], &Variant{})
	e.State = bitext.Initial
	return e, true
}

// entry is one pair of variants.
func (u *TU) entry(source string, from, to *Variant) bitext.Entry {
	e := bitext.Entry{
		SourceLocale: source, TargetLocale: to.Locale, Source: from.Text, Target: to.Text, State: bitext.Translated,
		Origin: bitext.Origin{Kind: bitext.FromImport, Name: to.Author, Time: to.Time},
	}
	if u.ID != "" {
		e.Props = append(e.Props, bitext.Prop{Name: attrOfTU + "tuid", Value: u.ID})
	}
	_, _, name, date := lastChange(to.Attrs, u.Attrs)
	keep := func(prefix string, attrs []bitext.Prop, from int) {
		for i, a := range attrs {
			if from < 0 || from+i != name && from+i != date {
				e.Props = append(e.Props, bitext.Prop{Name: prefix + a.Name, Value: a.Value})
			}
		}
	}
	keep(attrOfTU, u.Attrs, len(to.Attrs))
	keep(attrOfSource, from.Attrs, -1)
	keep(attrOfTarget, to.Attrs, 0)
	var file, id string
	for _, props := range [][]bitext.Prop{u.Props, from.Props, to.Props} {
		for _, p := range props {
			value := unquote(p.Value)
			switch p.Name {
			case propSubState:
				e.SubState = value
			case propOrigin:
				e.Origin.Kind = bitext.OriginKind(value)
			case propName:
				e.Origin.Name = value
			case propTerms:
				e.Origin.Terms = value
			case propPrev:
				e.Prev = value
			case propNext:
				e.Next = value
			case propPlace:
				e.Place = value
			case propState:
				var ok bool
				if e.State, ok = bitext.ParseState(value); !ok {
					e.State = bitext.Translated
					e.Props = append(e.Props, p)
				}
			case propConfirmation:
				confirmed(&e, value)
				e.Props = append(e.Props, p)
			default:
				e.Props = append(e.Props, p)
			}
			if u.File == nil {
				continue
			}
			switch {
			case u.File.isOmegaT() && p.Name == "file":
				file = p.Value
			case u.File.isOmegaT() && p.Name == "id":
				id = p.Value
			}
		}
	}
	u.context(&e, file, id)
	return e
}

// propConfirmation is the prop in which Trados says how far a translation has come.
const propConfirmation = "x-ConfirmationLevel"

// confirmed reads what Trados says of a translation: a draft and a rejected one are to be
// looked at.
func confirmed(e *bitext.Entry, level string) {
	switch level {
	case "Draft", "RejectedTranslation", "RejectedSignOff":
		if e.SubState == "" {
			e.SubState = bitext.SubStateCheck
		}
	case "ApprovedTranslation":
		e.State = max(e.State, bitext.Reviewed)
	case "ApprovedSignOff":
		e.State = max(e.State, bitext.Final)
	}
}

// context fills in what other tools say of it, where nothing of ours does.
func (u *TU) context(e *bitext.Entry, file, id string) {
	if e.Place == "" && file != "" && id != "" {
		e.Place = file + "#" + id
	}
	for _, p := range e.Props {
		to := &e.Prev
		if p.Name == "next" || p.Name == "x-context-post" {
			to = &e.Next
		}
		switch p.Name {
		case "prev", "next":
			if *to == "" && u.File != nil && u.File.isOmegaT() {
				*to = fromShort(bitext.Plain(p.Value)).Key()
			}
		case "x-context-pre", "x-context-post":
			if *to == "" {
				*to = contextKey(p.Value)
			}
		}
	}
}

// contextKey is the key of a neighbour that stands in a prop as a seg element, or
// as mere text.
func contextKey(value string) string {
	if !strings.HasPrefix(value, "<seg>") {
		return bitext.Plain(value).Key()
	}
	d := &decoder{scan: xmlscan.New("", strings.NewReader(value)), left: maxText}
	if _, err := d.scan.Next(); err != nil {
		return ""
	}
	s, err := d.seg()
	if err != nil {
		return ""
	}
	s.identify()
	return s.text.Key()
}
