package lint

import (
	"errors"
	"slices"
	"strings"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// sourceMessages are the messages that translations are compared with. They do
// not change after they are made, so that all locales may be checked at once.
type sourceMessages struct {
	parsed        map[string]*parsedMessage                         // by id
	commonWords   func() map[string]bool                            // words that a source text has without a capital
	copied        func() map[string]bool                            // ids of messages that nearly all translations leave as they are
	kept          func(id string, words []string, layout bool) bool // whether languages leave a text as it is by choice
	languageNames func() map[string]bool                            // names of the set's languages in themselves
	properNames   func() map[string]bool                            // words that a source text has with a capital in mid-sentence, and none without
	endings       func() endingHabits                               // how translations end
	noHashes      bool                                              // whether no translation of several files has a hash
	bareNames     bool                                              // placeholders are {{name}}, as programs other than go-i18n have them
}

// A parsedMessage is a message with its templates taken apart.
type parsedMessage struct {
	*catalog.Message
	templates [6]*message.Template // by message.Categories; nil for no form, or one that does not parse
	errors    [6]error
	hash      string     // of the source message that it is
	variables *variables // of the source message that it is
}

// parse takes the forms of a message apart.
func (ch *checker) parse(m *catalog.Message) *parsedMessage {
	p := &parsedMessage{Message: m}
	for i, category := range message.Categories {
		if text := m.Form(category); text != "" {
			p.templates[i], p.errors[i] = message.ParseTemplate(text, m.LeftDelim, m.RightDelim)
		}
	}
	if ch.sources.bareNames {
		p.takeBareNames()
	}
	if ch.isSource {
		p.hash, p.variables = m.SourceHash(), &variables{}
		p.variables.gather(p.templates[:])
	}
	return p
}

// otherPlaceholders finds that the source's placeholders are those of another program than
// go-i18n, {{name}}, and none is {{.name}}: one finding says so for all. They are
// variables then, which translations must have.
func (ch *checker) otherPlaceholders() []diag.Diagnostic {
	const least = 2 // messages; a single one may have lost its dot
	var first *parsedMessage
	n := 0
	for _, id := range ch.target.IDs {
		m := ch.sources.parsed[id]
		bare := false
		for _, t := range m.templates {
			if t == nil {
				continue
			}
			if len(t.Variables) > 0 {
				return nil
			}
			bare = bare || slices.ContainsFunc(t.Refused, isBareName)
		}
		if bare {
			if n++; first == nil {
				first = m
			}
		}
	}
	if n < least {
		return nil
	}
	ch.sources.bareNames = true
	for _, m := range ch.sources.parsed {
		m.takeBareNames()
		m.variables = &variables{}
		m.variables.gather(m.templates[:])
	}
	i := slices.IndexFunc(first.templates[:], func(t *message.Template) bool { return t != nil && len(t.Variables) > 0 })
	place := first.FieldPlace(ch.locale, message.Categories[i])
	d := rule.Finding("catalog.template-node", place, "in go-i18n a variable is {{.Name}}; --type i18next reads the files of i18next", "%d messages have placeholders such as %s, which go-i18n cannot write", diag.Arg("count", n), diag.Arg("placeholder", "{{"+first.templates[i].Variables[0]+"}}"))
	d.Severity = diag.Info
	return []diag.Diagnostic{d}
}

// isBareName reports whether a part is a name by itself: {{name}}.
func isBareName(r message.Refusal) bool {
	return len(r.Unknown) == 1 && strings.ReplaceAll(r.Head, " ", "") == "{{"+r.Unknown[0]+"}}"
}

// takeBareNames makes the names that stand by themselves variables of the message.
func (m *parsedMessage) takeBareNames() {
	for _, t := range m.templates {
		if t == nil {
			continue
		}
		for _, r := range t.Refused {
			if isBareName(r) && !slices.Contains(t.Variables, r.Unknown[0]) {
				t.Variables = append(t.Variables, r.Unknown[0])
			}
		}
		t.Refused = slices.DeleteFunc(t.Refused, isBareName)
	}
}

// form returns the form that SourceForm returns, and its template.
func (m *parsedMessage) form(category string) (string, *message.Template) {
	c := m.SourceCategory(category)
	if c == "" {
		return "", nil
	}
	return m.Form(c), m.templates[slices.Index(message.Categories, c)]
}

// templates finds what is wrong with the templates of a message; src is the source
// message, nil if there is none.
func (ch *checker) templates(m, src *parsedMessage) {
	for i, category := range message.Categories {
		if err := m.errors[i]; err != nil {
			place := m.FieldPlace(ch.locale, category)
			var at *message.SyntaxError
			if errors.As(err, &at) && at.Line > 1 {
				place.Line, place.Column = place.Line+at.Line-1, 0
			}
			ch.add("catalog.template", place, "form %q does not parse: %v", diag.Arg("form", category), diag.Arg("error", err))
		}
		if m.templates[i] == nil {
			continue
		}
		reported := map[string]bool{} // one finding for each part
		for _, r := range m.templates[i].Refused {
			if r.Node == "dot" && ch.isSource || reported[r.Text] {
				continue // "{{.}}" is the value that a call gives, as Hugo's functions do
			}
			if slices.Contains(ch.opt.AllowFunctions, r.Node) || r.Node == "if" && ch.opt.AllowIf {
				continue
			}
			harmless := r.Harmless && !slices.ContainsFunc(r.Unknown, func(f string) bool { return !slices.Contains(ch.opt.AllowFunctions, f) })
			if r.Harmless && src != m && src != nil && src.refuses(r.Head) {
				continue // as in the source, where it is reported
			}
			reported[r.Text] = true
			d := ch.add("catalog.template-node", m.FieldPlace(ch.locale, category), "form %q has %s: %s", diag.Arg("form", category), diag.Arg("node", r.Node), diag.Arg("text", r.Text))
			d.Hint = "a message may name variables and call " + strings.Join(message.Functions, ", ")
			switch {
			case harmless && ch.isSource:
				d.Severity, d.Hint = diag.Info, "go-i18n accepts it; translations may have the same, and no more"
			case ch.isSource && isPlaceholder(r):
				d.Severity, d.Hint = diag.Info, "go-i18n cannot write it: it has to be a placeholder of another program"
			case harmless && r.Node == "if" && src != nil && isSubset(m.templates[i].Variables, src.variables.all):
				d.Severity, d.Hint = diag.Info, "a language may need another word for some values; a plural form is better where there is one"
			}
		}
	}
}

// isPlaceholder reports whether a part is a name in capitals by itself, which no field or
// function of Go has: {{EMAIL}}.
func isPlaceholder(r message.Refusal) bool {
	if len(r.Unknown) != 1 || len(r.Unknown[0]) < 2 || r.Head != "{{"+r.Unknown[0]+"}}" {
		return false
	}
	return strings.IndexFunc(r.Unknown[0], func(r rune) bool { return r >= 'a' && r <= 'z' }) < 0
}

// isSubset reports whether every name is one of all.
func isSubset(names, all []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(all, name) })
}

// refuses reports whether a template of the message has a part that messages may
// not have.
func (m *parsedMessage) refuses(head string) bool {
	return slices.ContainsFunc(m.templates[:], func(t *message.Template) bool {
		return t != nil && slices.ContainsFunc(t.Refused, func(r message.Refusal) bool { return r.Head == head })
	})
}

// literals returns the literal texts of a form.
func literals(t *message.Template, text string) []string {
	if t == nil {
		return []string{text}
	}
	var out []string
	for _, p := range t.Parts {
		if p.Field == "" {
			out = append(out, p.Text)
		}
	}
	return out
}
