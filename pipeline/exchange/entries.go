package exchange

import (
	"iter"
	"strings"

	"hexapla/pipeline/bitext"
)

// Entries returns the translations in the units of a bilingual file of any origin as
// entries of a memory. source and target are the locales of units whose file names
// none. Entries have no place, because the file may be of another project. Blank
// targets and those that their file calls unfinished are left out, and so are those
// whose codes do not fit their source or whose letters are lost; skipped counts the latter
// two, and is complete when the sequence has ended.
func Entries(units iter.Seq2[*Unit, error], source, target string, skipped *int) iter.Seq2[bitext.Entry, error] {
	return func(yield func(bitext.Entry, error) bool) {
		for u, err := range units {
			if err != nil {
				yield(bitext.Entry{}, err)
				return
			}
			e := bitext.Entry{SourceLocale: u.SourceLocale, TargetLocale: u.TargetLocale}
			if e.SourceLocale == "" {
				e.SourceLocale = source
			}
			if e.TargetLocale == "" {
				e.TargetLocale = target
			}
			for i, s := range u.Translatable() {
				t := &u.Targets[i]
				if !t.Filled || t.Text.IsBlank() || t.SubState == bitext.SubStateCheck || strings.HasPrefix(t.SubState, bitext.SubStateFuzzy) {
					continue
				}
				text, err := bitext.ParseTagged(t.Text.TaggedAs(s.Source), s.Source)
				if err != nil || len(bitext.CompareCodes(s.Source, text)) > 0 || bitext.LostLetters(s.Source.Chars, text.Chars) || bitext.LacksText(s.Source, text) {
					*skipped++
					continue
				}
				e.Source, e.Target, e.SubState = s.Source, text, t.SubState
				e.State = max(t.State, bitext.Translated)
				e.Origin = t.Origin
				if e.Origin.Kind != bitext.FromEngine {
					e.Origin.Kind = bitext.FromImport
				}
				e.Origin.Entry = 0
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}
