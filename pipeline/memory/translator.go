package memory

import (
	"slices"

	"hexapla/pipeline/bitext"
)

// propTranslator is the property of an entry with the name of its translator, where
// Origin.Name is that of a person who reviewed or accepted the translation.
const propTranslator = "x-hexapla:translator"

// WithTranslator returns e as a translation whose text is that of a version with the
// given origin: Origin.Name of e is who reviewed or accepted it, and the translator
// stays known. Of an engine's text the reviewer is the only person.
func WithTranslator(e bitext.Entry, old bitext.Origin) bitext.Entry {
	name := old.Translator
	if name == "" && old.Kind != bitext.FromEngine {
		name = old.Name
	}
	e.Props = slices.DeleteFunc(slices.Clone(e.Props), func(p bitext.Prop) bool { return p.Name == propTranslator })
	if name != "" && name != e.Origin.Name {
		e.Props = append(e.Props, bitext.Prop{Name: propTranslator, Value: name})
	}
	return e
}

// Translator returns the translator of an entry that another person reviewed or
// accepted; it is empty if Origin.Name is the translator.
func Translator(e bitext.Entry) string {
	for _, p := range e.Props {
		if p.Name == propTranslator {
			return p.Value
		}
	}
	return ""
}
