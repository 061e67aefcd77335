package catalog

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// beside finds how a translation differs from its source where it must not.
func (ch *checker) beside(m, src *Message) {
	switch hash := src.hash; {
	case m.Hash == "":
		if !ch.sameLanguage {
			ch.add("catalog.hash", m.Place(ch.locale), "translation has no hash: nobody can tell whether its source has changed")
			ch.hint("hash = \"" + hash + "\"")
		}
	case m.Hash != hash:
		ch.add("catalog.stale", m.locate(ch.locale, "hash"), "the source has changed since this was translated; it is now %.80q", src.Other)
		ch.hint("source: " + src.Path)
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
		ch.copied(m, category, text, from)
		ch.space(m, category, text, from)
		ch.ending(m, category, text, from)
		ch.markup(m, category, text, from)
		ch.addresses(m, category, text, from)
	}
}

// form is the source form to compare a target form with: its own category, or
// "other", or the only one there is.
func (m *Message) form(category string) (string, *message.Template) {
	for _, c := range []string{category, "other", "many", "few", "two", "one", "zero"} {
		if text := m.Form(c); text != "" {
			return text, m.templates[slices.Index(message.Categories, c)]
		}
	}
	return "", nil
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
func (ch *checker) variables(m *Message, category string, t *message.Template, src *Message) {
	all, always, functions := src.variables.all, src.variables.always, src.variables.functions
	counting := m.plural() || src.plural()
	for _, v := range t.Variables {
		if !slices.Contains(all, v) && !(counting && v == locales.PluralCount) {
			ch.add("catalog.variable-extra", m.locate(ch.locale, category), "form %q has the variable %s, which the source does not have", category, v)
			if len(all) > 0 {
				ch.hint("the source has " + strings.Join(all, ", "))
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
		ch.add("catalog.variable-missing", m.locate(ch.locale, category), "form %q leaves out the variable %s of the source", category, v)
	}
	for _, p := range t.Parts {
		if p.Field != "" && slices.Contains(all, p.Field) && !slices.Contains(functions, written{p.Field, p.Func}) {
			ch.add("catalog.function", m.locate(ch.locale, category), "form %q writes %s with %q, the source otherwise", category, p.Field, p.Func)
		}
	}
}

func isCount(variable string) bool { return variable == locales.PluralCount || variable == "Count" }

// copied finds source text in place of a translation. Texts with fewer than
// three letters, in the source's own language, or listed are passed over.
func (ch *checker) copied(m *Message, category, text, from string) {
	if text != from || ch.sameLanguage || slices.Contains(ch.opt.SameAsSource, m.ID) {
		return
	}
	letters, words, word := 0, 0, false
	for _, p := range parts(m.templates[slices.Index(message.Categories, category)], text) {
		words += len(strings.FieldsFunc(p, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }))
		for _, r := range p {
			if unicode.IsLetter(r) {
				letters++
				word = word || unicode.IsLower(r) || !unicode.IsUpper(r)
			}
		}
	}
	if letters >= 3 && word {
		ch.add("catalog.untranslated", m.locate(ch.locale, category), "form %q is the source text: %.80q", category, text)
		ch.hint("translate it, or list the message as one that stays as it is")
		if words == 1 {
			ch.ds[len(ch.ds)-1].Severity = diag.Info // "video" is the word in many languages
		}
	}
}

func (ch *checker) space(m *Message, category, text, from string) {
	trim := func(s string) (string, string) {
		l := strings.TrimLeftFunc(s, unicode.IsSpace)
		r := strings.TrimRightFunc(s, unicode.IsSpace)
		return s[:len(s)-len(l)], s[min(len(r), len(s)):]
	}
	l1, r1 := trim(text)
	l2, r2 := trim(from)
	if l1 != l2 {
		ch.add("catalog.space", m.locate(ch.locale, category), "form %q begins with space %q, the source with %q", category, l1, l2)
	}
	if r1 != r2 {
		ch.add("catalog.space", m.locate(ch.locale, category), "form %q ends with space %q, the source with %q", category, r1, r2)
	}
	if strings.Contains(strings.Trim(text, " "), "  ") && !strings.Contains(strings.Trim(from, " "), "  ") {
		ch.add("catalog.space", m.locate(ch.locale, category), "form %q has two spaces in a row", category)
	}
}

// endings are marks at the end of a text that mean the same in every script.
var endings = map[rune]string{
	'.': ".", '。': ".", '։': ".", '۔': ".", '।': ".",
	'?': "?", '？': "?", '؟': "?", '՞': "?", '!': "!", '！': "!", '՜': "!",
	':': ":", '：': ":", '՝': ":", '…': "…", ',': ",", '،': ",", '、': ",", ';': ";", '؛': ";",
}

func ending(s string) string {
	s = strings.TrimRightFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'”“’‘»«)›", r) || unicode.Is(unicode.Cf, r)
	})
	if strings.HasSuffix(s, "...") {
		return "…"
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return endings[r]
}

// ending compares the last mark. Armenian puts its question mark inside the
// sentence, Thai and Lao have no full stop.
func (ch *checker) ending(m *Message, category, text, from string) {
	a, b := ending(text), ending(from)
	if a == b {
		return
	}
	switch script := ch.script; {
	case script == "Thai" || script == "Laoo":
		return
	case script == "Armn" && (b == "?" || b == "!"):
		return
	}
	name := func(s string) string {
		if s == "" {
			return "no mark"
		}
		return "“" + s + "”"
	}
	ch.add("catalog.end-punctuation", m.locate(ch.locale, category), "form %q ends with %s, the source with %s", category, name(a), name(b))
}

var tag = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9:-]*(?:\s[^<>]*)?/?>`)

// void elements of HTML have no end tag.
var void = map[string]bool{"br": true, "hr": true, "img": true, "wbr": true, "input": true, "meta": true, "link": true}

// markup compares the tags of HTML, XML and the like.
func (ch *checker) markup(m *Message, category, text, from string) {
	if !strings.Contains(text, "<") && !strings.Contains(from, "<") {
		return
	}
	names := func(s string) (list []string, problem string) {
		var open []string
		for _, t := range tag.FindAllString(s, 10000) {
			name := strings.ToLower(strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("</> \t\n", r) })[0])
			list = append(list, "<"+name)
			switch {
			case strings.HasPrefix(t, "</"):
				list[len(list)-1] = "</" + name
				if n := len(open); n > 0 && open[n-1] == name {
					open = open[:n-1]
				} else if problem == "" {
					problem = "</" + name + "> closes nothing"
				}
			case strings.HasSuffix(t, "/>") || void[name]:
			default:
				open = append(open, name)
			}
		}
		if len(open) > 0 && problem == "" {
			problem = "<" + open[len(open)-1] + "> is not closed"
		}
		slices.Sort(list)
		return list, problem
	}
	a, problem := names(text)
	b, sourceProblem := names(from)
	if problem != "" && sourceProblem == "" {
		ch.add("catalog.markup", m.locate(ch.locale, category), "form %q: %s", category, problem)
	} else if !slices.Equal(a, b) {
		ch.add("catalog.markup", m.locate(ch.locale, category), "form %q has the tags %s, the source %s", category, list(a), list(b))
	}
}

func list(tags []string) string {
	if len(tags) == 0 {
		return "none"
	}
	return strings.Join(tags, "> ") + ">"
}

var address = regexp.MustCompile(`(?:https?|mailto):[^\s"'<>()\[\]{}»”]+|[\w.+-]+@[\w-]+\.[\w.-]*\w`)

func (ch *checker) addresses(m *Message, category, text, from string) {
	if !strings.ContainsAny(from, ":@") && !strings.ContainsAny(text, ":@") {
		return
	}
	find := func(s string) []string {
		out := address.FindAllString(s, 1000)
		for i := range out {
			out[i] = strings.TrimRight(out[i], ".,;:!?")
		}
		slices.Sort(out)
		return out
	}
	if a, b := find(text), find(from); !slices.Equal(a, b) {
		ch.add("catalog.url", m.locate(ch.locale, category), "form %q has the addresses %q, the source %q", category, a, b)
	}
}
