package catalog

import (
	"slices"

	"hexapla/locales"
)

// A MessagePair is a source message with its translation into one locale.
type MessagePair struct {
	Source *Message
	Target *Message // nil where there is none
	Forms  []string // the locale's plural categories, or "other" alone
	Done   bool     // every form has a text of the present source, and no review is asked for; or a parent locale has the message
	Stale  bool     // the translation was made from an older source
}

// Pairs returns the source messages that have a text, in their order, each with
// its translation into a locale.
func Pairs(s *Set, locale string) []MessagePair {
	src, target := s.Catalogs[s.Source], s.Catalogs[locale]
	if src == nil {
		return nil
	}
	counted, parents := locales.PluralCategories(locale), s.Parents(locale)
	var out []MessagePair
	for _, id := range src.IDs {
		t := MessagePair{Source: src.Messages[id], Forms: []string{"other"}}
		if t.Source.IsEmpty() {
			continue
		}
		if target != nil {
			t.Target = target.Messages[id]
		}
		if t.Source.IsPlural() {
			t.Forms = counted
		}
		if m := t.Target; m != nil {
			t.Stale = m.Hash != "" && m.Hash != t.Source.SourceHash()
			t.Done = !t.Stale && !m.NeedsReview && !slices.ContainsFunc(t.Forms, func(c string) bool { return m.Form(c) == "" })
		}
		if t.Target == nil || t.Target.IsEmpty() {
			t.Done = Inherited(parents, id) != nil
		}
		out = append(out, t)
	}
	return out
}
