package exchange

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// Field is a part of a unit that some file types have no place for. Count returns how
// often a unit has it.
type Field struct {
	Name  string
	Count func(*Unit) int
}

// The fields that codecs name as unsupported.
var (
	FieldFileNotes     = Field{"notes of the file", func(u *Unit) int { return len(u.Header.Notes) }}
	FieldNoteCategory  = Field{"categories of notes", countNotes}
	FieldIgnorable     = Field{"ignorable segments", countIgnorable}
	FieldCodes         = Field{"data and types of inline codes", countCodes}
	FieldPreserve      = Field{"xml:space", func(u *Unit) int { return one(u.Preserve) }}
	FieldNoTranslate   = Field{"translate=no", func(u *Unit) int { return one(u.NoTranslate) }}
	FieldUnitLocale    = Field{"languages of single units", func(u *Unit) int { return one(u.Unit.Locale != "") }}
	FieldMessage       = Field{"catalog messages", func(u *Unit) int { return one(u.Message != nil) }}
	FieldExtensions    = Field{"extensions of other vocabularies", func(u *Unit) int { return one(len(u.Extensions) > 0) }}
	FieldMatchOrigin   = Field{"origins of proposals", countMatches(func(i int, m *bitext.Match) bool { return m.Origin != bitext.Origin{} })}
	FieldOtherMatches  = Field{"proposals after the best", countMatches(func(i int, m *bitext.Match) bool { return i > 0 })}
	FieldMatchSource   = Field{"sources of proposals", countMatches(func(i int, m *bitext.Match) bool { return !m.Source.IsEmpty() })}
	FieldTerms         = Field{"terms", countTargets(func(t *bitext.Target) int { return len(t.Terms) })}
	FieldTargetLocale  = Field{"languages of single targets", countTargets(func(t *bitext.Target) int { return one(t.Filled && t.Locale != "") })}
	FieldTargetMatch   = Field{"match types of targets", countTargets(func(t *bitext.Target) int { return one(t.Filled && t.Match != bitext.NoMatch) })}
	FieldOrigin        = Field{"origins of targets but for the name", countTargets(func(t *bitext.Target) int { return one(t.Filled && !t.Origin.Time.IsZero()) })}
	FieldIgnorableText = Field{"targets of ignorable segments", countIgnorableTargets}
	FieldReturns       = Field{"carriage returns", countReturns}
)

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func countNotes(u *Unit) int {
	n := 0
	for _, note := range u.Unit.Notes {
		n += one(note.Category != "")
	}
	return n
}

func countIgnorable(u *Unit) int {
	n := 0
	for i := range u.Segments {
		n += one(u.Segments[i].Ignorable)
	}
	return n
}

func countIgnorableTargets(u *Unit) int {
	n := 0
	for i := range u.Segments {
		n += one(u.Segments[i].Ignorable && u.Targets[i].Filled)
	}
	return n
}

func countCodes(u *Unit) int {
	n := 0
	for _, c := range u.Source.Codes {
		n += one(c.Data != "" || c.Type != "" || c.Disp != "" || c.Equiv != "")
	}
	return n
}

func countReturns(u *Unit) int {
	n := strings.Count(u.Source.Chars, "\r")
	for i := range u.Targets {
		n += strings.Count(u.Targets[i].Text.Chars, "\r")
	}
	return n
}

func countTargets(count func(*bitext.Target) int) func(*Unit) int {
	return func(u *Unit) int {
		n := 0
		for i := range u.Targets {
			n += count(&u.Targets[i])
		}
		return n
	}
}

func countMatches(is func(int, *bitext.Match) bool) func(*Unit) int {
	return countTargets(func(t *bitext.Target) int {
		n := 0
		for i := range t.Matches {
			n += one(is(i, &t.Matches[i]))
		}
		return n
	})
}
