package lint

import (
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// compareWithSource finds how a translation differs from its source where it must not.
func (ch *checker) compareWithSource(m, src *parsedMessage) {
	switch hash := src.hash; {
	case m.Hash == "":
		if !ch.sameLanguage && ch.hashes[m.Path] {
			ch.add("catalog.hash", m.Place(ch.locale), "translation has no hash: changes of its source cannot be found").Hint = "hash = \"" + hash + "\""
		}
	case m.Hash != hash:
		ch.add("catalog.stale", m.FieldPlace(ch.locale, "hash"), "the source has changed since this was translated; it is now %.80q", diag.Arg("other", src.Other)).Hint = "source: " + src.Path
	}
	for i, category := range message.Categories {
		text, t := m.Form(category), m.templates[i]
		if text == "" {
			continue
		}
		from, st := src.form(category)
		if t != nil && st != nil {
			ch.variables(m, category, t, src)
		}
		if !isCode(from) {
			ch.copied(m, category, text, from)
			ch.space(m, category, text, from)
			ch.ending(m, src, category, text, from)
		}
		ch.markup(m, category, text, from)
		ch.addresses(m, category, text, from)
		ch.printf(m, src, category, text, from)
		ch.checkBraces(m, src, t, category, text, from)
	}
}

// variables are what the forms of a source message name, together.
type variables struct {
	all, always []string // in any form, in every form
	functions   []written
}

// written is a variable with the function that writes it.
type written struct{ field, function string }

// gather learns the variables of a source message from its templates.
func (v *variables) gather(templates []*message.Template) {
	first := true
	for _, t := range templates {
		if t == nil {
			continue
		}
		for _, name := range t.Variables {
			if !slices.Contains(v.all, name) {
				v.all = append(v.all, name)
			}
		}
		for _, p := range t.Parts {
			if w := (written{p.Field, p.Func}); p.Field != "" && !slices.Contains(v.functions, w) {
				v.functions = append(v.functions, w)
			}
		}
		if first {
			v.always, first = slices.Clone(t.Variables), false
		}
		v.always = slices.DeleteFunc(v.always, func(name string) bool { return !slices.Contains(t.Variables, name) })
	}
}

// variables compares with all forms of the source together: a form may leave
// out the count ("one comment"), which catalog.count looks after.
func (ch *checker) variables(m *parsedMessage, category string, t *message.Template, src *parsedMessage) {
	all, always, functions := src.variables.all, src.variables.always, src.variables.functions
	counting := m.IsPlural() || src.IsPlural()
	for _, v := range t.Variables {
		if !slices.Contains(all, v) && !(counting && v == locales.PluralCount) {
			d := ch.add("catalog.variable-extra", m.FieldPlace(ch.locale, category), "form %q has the variable %s, which the source does not have", diag.Arg("form", category), diag.Arg("variable", v))
			if len(all) > 0 {
				d.Hint = "the source has " + strings.Join(all, ", ")
			}
		}
	}
	for _, v := range always {
		// Which number a form stands for may be said in a word where it is only one.
		if slices.Contains(t.Variables, v) || counting && isCount(v) && !ch.several[category] {
			continue
		}
		if counting && isCount(v) && len(t.Variables) == 0 {
			continue // catalog.count has said it
		}
		ch.add("catalog.variable-missing", m.FieldPlace(ch.locale, category), "form %q leaves out the variable %s of the source", diag.Arg("form", category), diag.Arg("variable", v))
	}
	for _, p := range t.Parts {
		if p.Field != "" && slices.Contains(all, p.Field) && !slices.Contains(functions, written{p.Field, p.Func}) {
			ch.add("catalog.function", m.FieldPlace(ch.locale, category), "form %q writes %s with %q, the source otherwise", diag.Arg("form", category), diag.Arg("field", p.Field), diag.Arg("function", p.Func))
		}
	}
}

// isCount reports whether a variable is the number that chooses the form; Hugo's
// themes have it as the dot itself.
func isCount(variable string) bool {
	return variable == locales.PluralCount || variable == "Count" || variable == "."
}
