package lint

import (
	"fmt"
	"slices"
	"strings"

	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// printf compares the verbs of package fmt in a text that a program formats
// with it: it must have those of the source, for the same arguments.
func (ch *checker) printf(m, src *parsedMessage, category, text, from string) {
	if strings.IndexByte(from, '%') < 0 {
		return
	}
	_, source := src.form(category)
	want := verbs(literal(source, from))
	if len(want) == 0 {
		return
	}
	got := verbs(literal(m.templates[slices.Index(message.Categories, category)], text))
	if slices.Equal(got, want) {
		return
	}
	// A space is a flag of Go's verbs: fmt formats "% s" as "%s".
	if spaced := verbsOf(literal(m.templates[slices.Index(message.Categories, category)], text), true); slices.Equal(spaced, want) {
		return
	}
	// Another form of the source may be the one that this form is like.
	for i, c := range message.Categories {
		if form := src.Form(c); form != "" && slices.Equal(got, verbs(literal(src.templates[i], form))) {
			return
		}
	}
	if isChoice(literal(source, from), want) && slices.Equal(choiceVerbs(literal(source, from)), choiceVerbs(literal(m.templates[slices.Index(message.Categories, category)], text))) {
		return
	}
	d := ch.add("catalog.printf", m.FieldPlace(ch.locale, category), "form %q formats %s, the source %s", diag.Arg("form", category), diag.Arg("verbs", verbList(got)), diag.Arg("sourceVerbs", verbList(want)))
	if slices.EqualFunc(got, want, writesTheSame) {
		d.Severity = diag.Info
	}
}

// isChoice reports whether a text has the forms of a plural side by side, of which a
// program chooses one: "one day|%d days". Its forms are as many as the language needs.
// Columns are none: each has a verb of its own there, "CPU %d | GPU %d".
func isChoice(text string, verbsOfText []string) bool {
	parts := strings.Split(text, "|")
	if len(parts) < 2 {
		return false
	}
	return slices.ContainsFunc(parts, func(p string) bool { return len(verbs(p)) == 0 }) || len(slices.Compact(slices.Clone(verbsOfText))) < len(verbsOfText)
}

// choiceVerbs are the verbs of the forms in a text with a choice, sorted, each once.
func choiceVerbs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(text, "|") {
		out = append(out, verbs(p)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// writesTheSame reports whether two verbs for one argument write texts and whole
// numbers alike: %v is %s for a text, and %d for a number.
func writesTheSame(a, b string) bool {
	return a == b || a[:len(a)-1] == b[:len(b)-1] && (strings.HasSuffix(a, "v") && strings.IndexByte("sd", b[len(b)-1]) >= 0 || strings.HasSuffix(b, "v") && strings.IndexByte("sd", a[len(a)-1]) >= 0)
}

// literal is a form's text with a space for each action.
func literal(t *message.Template, text string) string {
	return strings.Join(literals(t, text), " ")
}

func verbList(verbs []string) string {
	if len(verbs) == 0 {
		return "nothing"
	}
	return strings.Join(verbs, " ")
}

// verbs are what fmt would format in a text, each with the number of its
// argument, sorted: "%[1]d %[2]s". A lone percent ("100% sure"), dates as C
// writes them (%Y-%m-%d) and the escapes of an address are none.
func verbs(s string) []string { return verbsOf(s, false) }

// verbsOf is verbs; spaced reports whether a space after a percent sign is a flag.
// In prose ("100 % sure", "20% off") it is not.
func verbsOf(s string, spaced bool) []string {
	if strings.Contains(s, "://") {
		s = address().ReplaceAllString(s, "")
	}
	var out []string
	next := 1
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		start := i
		argument, number, index := 0, 0, false
	verb:
		for i++; i < len(s); i++ {
			switch c := s[i]; {
			case c >= '0' && c <= '9':
				number = min(number*10+int(c-'0'), 1000)
				continue
			case c == '$' && number > 0 || c == ']' && index: // %1$s is C's way of %[1]s
				argument, number, index = number, 0, false
				continue
			case c == '[':
				number, index = 0, true
				continue
			case c == '*':
				out = append(out, fmt.Sprintf("%%[%d]*", next))
				next++
				continue
			case strings.IndexByte("+-#.", c) >= 0 || spaced && c == ' ' && i == start+1:
				number = 0
				continue
			}
			break verb
		}
		switch {
		case i >= len(s):
		case s[i] == '%' && i == start+1: // %%
		case index || strings.IndexByte("vTtbcdoOqxXUeEfFgGspwiu", s[i]) < 0:
			if i == start+1 && strings.IndexByte("AaBHhIjMmpSYyZ", s[i]) >= 0 {
				return nil // a date's parts
			}
			i = start
		case start > 0 && s[start-1] >= '0' && s[start-1] <= '9' && i+1 < len(s) && letter(s[i+1]):
			i = start // "100%sure"
		case s[i-1] == '-' && i+1 < len(s) && letter(s[i+1]):
			i = start // "a %-based value"
		default:
			if argument == 0 {
				argument = next
			}
			next = argument + 1
			out = append(out, fmt.Sprintf("%%[%d]%c", argument, s[i]))
		}
	}
	slices.Sort(out)
	return out
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 }

// checkBraces finds a template's braces that a translation has torn apart or lost one
// of, so that they are text: { { .Name } }, {.Name}, ｛｛.Name｝｝.
func (ch *checker) checkBraces(m, src *parsedMessage, t *message.Template, category, text, from string) {
	if t == nil || m.LeftDelim != "" || m.RightDelim != "" {
		return
	}
	_, source := src.form(category)
	for _, part := range t.Parts {
		if part.Field != "" || strings.IndexByte(part.Text, '{') < 0 && !strings.Contains(part.Text, "｛") {
			continue
		}
		what := separatedBrace(part.Text, strings.Contains(from, "{{"))
		if what == "" {
			continue
		}
		if source != nil && slices.ContainsFunc(literals(source, from), func(p string) bool { return separatedBrace(p, true) != "" }) {
			return // the source has it too, whatever it is
		}
		ch.add("catalog.template", m.FieldPlace(ch.locale, category), "form %q has the separated braces of a template: %.40q", diag.Arg("form", category), diag.Arg("text", what)).Hint = "write {{.Name}}, with no space between the braces"
		return
	}
}

// separatedBrace gives the text from torn braces on; "" where there are none. Single
// braces count where the source has double ones.
func separatedBrace(s string, single bool) string {
	end := max(strings.LastIndexByte(s, '}'), strings.LastIndex(s, "｝"))
	for i := 0; i < end; i++ {
		n := 0
		switch {
		case s[i] == '{':
			n = 1
		case strings.HasPrefix(s[i:], "｛"):
			n = len("｛")
		default:
			continue
		}
		rest := strings.TrimLeft(s[i+n:min(i+n+32, end)], " \u00a0\u202f\t")
		second := strings.HasPrefix(rest, "{") || strings.HasPrefix(rest, "｛")
		if second {
			rest = strings.TrimLeft(rest, "{｛ \u00a0\u202f\t")
		}
		if second && single || (second || single) && len(rest) > 1 && rest[0] == '.' && (rest[1] == ' ' || letter(rest[1])) {
			return s[i:]
		}
	}
	return ""
}
