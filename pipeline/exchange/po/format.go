package po

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// invalidDirective is the error of a text that its language cannot format: the number of the
// directive, from 1, that is not valid.
type invalidDirective int

func (n invalidDirective) Error() string {
	return "directive " + strconv.Itoa(int(n)) + " is not valid"
}

// arguments are what a text wants of the program that formats it: the type of each
// argument, by its number from 1 or its name.
type arguments map[string]string

// add adds an argument; it reports whether the text uses it with one type only.
func (a arguments) add(key, kind string) bool {
	if old, ok := a[key]; ok && old != kind {
		return false
	}
	a[key] = kind
	return true
}

// formats are the flags whose texts are checked (gettext manual, "PO Files" and
// "Translators for other Languages"), and how the arguments of such a text are found. It
// is an error if the text is not valid in its language.
var formats = map[string]func(text string) (arguments, error){
	"c-format":            percent{verbs: cVerbs, lengths: cLengths, positions: true, star: true, macros: true}.parse,
	"objc-format":         percent{verbs: with(cVerbs, "@", "object"), lengths: cLengths, positions: true, star: true}.parse,
	"perl-format":         percent{verbs: with(cVerbs, "bBDUO", "integer"), lengths: append([]string{"V"}, cLengths...), positions: true, star: true}.parse,
	"awk-format":          percent{verbs: plainVerbs, positions: true, star: true}.parse,
	"lua-format":          percent{verbs: with(plainVerbs, "q", "string")}.parse,
	"php-format":          percent{verbs: with(plainVerbs, "b", "integer"), lengths: []string{"l"}, positions: true, padding: true}.parse,
	"javascript-format":   percent{verbs: with(plainVerbs, "bj", "any"), positions: true}.parse,
	"go-format":           percent{verbs: goVerbs(), brackets: true, star: true}.parse,
	"python-format":       percent{verbs: with(plainVerbs, "sra", "text"), lengths: []string{"h", "l", "L"}, star: true, open: "(", close: ")"}.parse,
	"ruby-format":         percent{verbs: with(plainVerbs, "bBp", "any"), positions: true, star: true, open: "<", close: ">", braces: true}.parse,
	"python-brace-format": pythonBraces,
	"csharp-format":       numberedBraces,
	"java-format":         messageFormat,
	"perl-brace-format":   perlBraces,
	"sh-format":           shellVariables,
	"qt-format":           percentNumbers("L", ""),
	"qt-plural-format":    percentNumbers("L", ""),
	"kde-format":          percentNumbers("", ""),
	"boost-format":        percentNumbers("", "%"),
}

// checkFormat returns what keeps a translation from being formatted as its source is by
// the rules of a flag, as the message of d; ok is false if there is nothing. A form of a plural message
// that is for few numbers, such as "one file", may omit arguments.
func checkFormat(d diag.Diagnostic, flag, source, target string, mayOmit bool) (out diag.Diagnostic, ok bool) {
	parse := formats[flag]
	if parse == nil {
		return d, false
	}
	want, err := parse(source)
	if err != nil {
		return d, false // the flag is a guess of the program that took the text out of its code
	}
	got, err := parse(target)
	if err != nil {
		var n invalidDirective
		errors.As(err, &n)
		return d.Messagef("the translation of %q is no valid %s string: see directive %d", diag.Arg("message", diag.Excerpt(source)), diag.Arg("flag", flag), diag.Arg("directive", int(n))), true
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		kind, known := want[key]
		switch {
		case !known:
			return d.Messagef("the translation of %q (%s) uses argument %q, which the source does not have", diag.Arg("message", diag.Excerpt(source)), diag.Arg("flag", flag), diag.Arg("argument", diag.Excerpt(key))), true
		case kind != got[key]:
			return d.Messagef("the translation of %q (%s) uses argument %q with another type than the source", diag.Arg("message", diag.Excerpt(source)), diag.Arg("flag", flag), diag.Arg("argument", diag.Excerpt(key))), true
		}
	}
	if !mayOmit {
		for _, key := range slices.Sorted(maps.Keys(want)) {
			if _, found := got[key]; !found {
				return d.Messagef("the translation of %q (%s) leaves out argument %q of the source", diag.Arg("message", diag.Excerpt(source)), diag.Arg("flag", flag), diag.Arg("argument", diag.Excerpt(key))), true
			}
		}
	}
	return d, false
}

// Lengths and conversions of C (ISO C17, 7.21.6.1), and those that other languages share.
var (
	cLengths = []string{"hh", "h", "ll", "l", "q", "L", "j", "z", "Z", "t"}
	cVerbs   = map[rune]string{
		'd': "integer", 'i': "integer", 'o': "unsigned", 'u': "unsigned", 'x': "unsigned", 'X': "unsigned",
		'e': "float", 'E': "float", 'f': "float", 'F': "float", 'g': "float", 'G': "float", 'a': "float", 'A': "float",
		'c': "character", 'C': "wide character", 's': "string", 'S': "wide string", 'p': "pointer", 'n': "count", 'm': "",
	}
	plainVerbs = map[rune]string{
		'd': "integer", 'i': "integer", 'o': "integer", 'u': "integer", 'x': "integer", 'X': "integer",
		'e': "float", 'E': "float", 'f': "float", 'F': "float", 'g': "float", 'G': "float", 'a': "float", 'A': "float",
		'c': "character", 's': "string",
	}
)

func with(verbs map[rune]string, more, kind string) map[rune]string {
	out := maps.Clone(verbs)
	for _, verb := range more {
		out[verb] = kind
	}
	return out
}

// goVerbs are those of package fmt: another verb writes another text.
func goVerbs() map[rune]string {
	out := map[rune]string{}
	for _, verb := range "vTtbcdoOqxXUeEfFgGsp" {
		out[verb] = string(verb)
	}
	return out
}

// percent is a language whose directives begin with a percent sign, as those of C do.
type percent struct {
	verbs       map[rune]string // the type of each conversion, "" if it takes no argument
	lengths     []string        // before a conversion, the longer first; they are part of its type
	positions   bool            // %2$s
	star        bool            // %*d takes the width from an argument
	macros      bool            // %<PRId64>
	padding     bool            // %'x10d fills with x
	brackets    bool            // %[2]s
	open, close string          // around a name: %(name)s
	braces      bool            // %{name}, without a conversion
}

func (p percent) parse(text string) (arguments, error) {
	a := arguments{}
	next, numbered, directives := 1, false, 0
	number := func(key, kind string) bool {
		if key != "" {
			numbered = true
			return a.add(key, kind)
		}
		next++
		return a.add(strconv.Itoa(next-1), kind)
	}
	for {
		i := strings.IndexByte(text, '%')
		if i < 0 {
			break
		}
		text = text[i+1:]
		if strings.HasPrefix(text, "%") {
			text = text[1:]
			continue
		}
		directives++
		key, name := "", ""
		if p.braces && strings.HasPrefix(text, "{") {
			end := strings.IndexByte(text, '}')
			if end < 0 {
				return nil, invalidDirective(directives)
			}
			if !a.add(text[1:end], "any") {
				return nil, invalidDirective(directives)
			}
			text = text[end+1:]
			continue
		}
		if p.open != "" && strings.HasPrefix(text, p.open) {
			end := strings.Index(text, p.close)
			if end < 0 {
				return nil, invalidDirective(directives)
			}
			name, text = text[1:end], text[end+1:]
		}
		if p.positions {
			key, text = position(text)
		}
		for text != "" && strings.IndexByte("-+ #0'I", text[0]) >= 0 {
			if text[0] == '\'' && p.padding && len(text) > 1 {
				_, n := utf8.DecodeRuneInString(text[1:])
				text = text[n:]
			}
			text = text[1:]
		}
		for range 2 { // width and precision
			if p.star && strings.HasPrefix(text, "*") {
				var width string
				width, text = position(text[1:])
				if !number(width, "width") {
					return nil, invalidDirective(directives)
				}
			}
			text = strings.TrimLeft(text, "0123456789")
			if !strings.HasPrefix(text, ".") {
				break
			}
			text = text[1:]
		}
		if p.brackets && strings.HasPrefix(text, "[") {
			if end := strings.IndexByte(text, ']'); end > 1 {
				key, text = text[1:end], text[end+1:]
			}
		}
		if p.macros && strings.HasPrefix(text, "<PRI") {
			if end := strings.IndexByte(text, '>'); end > 0 {
				if !number(key, text[:end]) {
					return nil, invalidDirective(directives)
				}
				text = text[end+1:]
				continue
			}
		}
		length := ""
		for _, l := range p.lengths {
			if strings.HasPrefix(text, l) {
				length, text = l, text[len(l):]
				break
			}
		}
		if text == "" {
			return nil, invalidDirective(directives)
		}
		verb, n := utf8.DecodeRuneInString(text)
		kind, ok := p.verbs[verb]
		if !ok {
			return nil, invalidDirective(directives)
		}
		text = text[n:]
		if len(p.lengths) > 3 { // C and those like it
			kind = strings.TrimSpace(length + " " + kind)
		}
		switch {
		case name != "":
			ok = a.add(name, kind)
		case kind != "":
			ok = number(key, kind)
		}
		if !ok || numbered && next > 1 && !p.brackets { // with numbers and without are not mixed
			return nil, invalidDirective(directives)
		}
	}
	return a, nil
}

// position cuts "2$" off a text and returns the number.
func position(text string) (number, rest string) {
	rest = strings.TrimLeft(text, "0123456789")
	if digits := text[:len(text)-len(rest)]; digits != "" && strings.HasPrefix(rest, "$") {
		return digits, rest[1:]
	}
	return "", text
}

// percentNumbers parses the texts of Qt and KDE ("%1", "%L1") and of Boost ("%1%").
func percentNumbers(before, behind string) func(string) (arguments, error) {
	return func(text string) (arguments, error) {
		a := arguments{}
		for {
			i := strings.IndexByte(text, '%')
			if i < 0 {
				return a, nil
			}
			text = text[i+1:]
			rest := strings.TrimPrefix(text, before)
			n := 0
			for n < len(rest) && n < 2 && rest[n] >= '0' && rest[n] <= '9' {
				n++
			}
			if n == 0 || rest[0] == '0' || !strings.HasPrefix(rest[n:], behind) {
				text = strings.TrimPrefix(text, "%")
				continue
			}
			a[rest[:n]] = "any"
			text = rest[n+len(behind):]
		}
	}
}

// braced calls field for what stands in each pair of braces. Doubled braces are text. It
// is an error if the braces are not in pairs, or if field reports that its text is not
// valid.
func braced(text string, field func(string) bool) error {
	for n := invalidDirective(1); text != ""; n++ {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			return nil
		}
		brace := text[i]
		text = text[i+1:]
		if text != "" && text[0] == brace {
			text = text[1:]
			n--
			continue
		}
		if brace == '}' {
			return n
		}
		depth, end := 1, 0
		for ; end < len(text); end++ {
			switch text[end] {
			case '{':
				depth++
			case '}':
				depth--
			}
			if depth == 0 {
				break
			}
		}
		if end == len(text) || !field(text[:end]) {
			return n
		}
		text = text[end+1:]
	}
	return nil
}

// pythonBraces parses the texts of Python's str.format.
func pythonBraces(text string) (arguments, error) {
	a, next := arguments{}, 1
	var add func(field string, depth int) bool
	add = func(field string, depth int) bool {
		name, spec, _ := strings.Cut(field, ":")
		name, _, _ = strings.Cut(name, "!")
		if i := strings.IndexAny(name, ".["); i >= 0 {
			name = name[:i]
		}
		if name == "" {
			name = "number " + strconv.Itoa(next)
			next++
		}
		if strings.ContainsAny(name, `"'{`) {
			return false
		}
		a[name] = "any"
		// Python nests no deeper.
		return depth > 0 || braced(spec, func(inner string) bool { return add(inner, depth+1) }) == nil
	}
	return a, braced(text, func(field string) bool { return add(field, 0) })
}

// numberIn returns a function that adds the number that a field begins with, before one of
// the marks.
func numberIn(a arguments, marks string) func(field string) bool {
	return func(field string) bool {
		if i := strings.IndexAny(field, marks); i >= 0 {
			field = field[:i]
		}
		n, err := strconv.ParseUint(strings.TrimSpace(field), 10, 16)
		if err != nil {
			return false
		}
		a[strconv.FormatUint(n, 10)] = "any"
		return true
	}
}

// numberedBraces parses the texts of C#'s String.Format.
func numberedBraces(text string) (arguments, error) {
	a := arguments{}
	return a, braced(text, numberIn(a, ":,"))
}

// messageFormat parses the texts of Java's MessageFormat: what stands in apostrophes is
// text.
func messageFormat(text string) (arguments, error) {
	var plain strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		case c == '\'':
			quoted = !quoted
		case !quoted:
			plain.WriteByte(c)
		}
	}
	a := arguments{}
	return a, braced(plain.String(), numberIn(a, ","))
}

// maxName is the length of the longest name that is looked for, in bytes.
const maxName = 200

// leadingName returns the identifier of ASCII that a text begins with.
func leadingName(s string) string {
	n := 0
	for n < min(len(s), maxName) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return s[:n]
}

// perlBraces parses the texts of Perl's libintl: {name}. Other braces are text.
func perlBraces(text string) (arguments, error) {
	a := arguments{}
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			return a, nil
		}
		text = rest
		if name := leadingName(rest); name != "" && strings.HasPrefix(rest[len(name):], "}") {
			a[name] = "any"
		}
	}
}

// shellVariables parses the texts of shell scripts: $name and ${name}.
func shellVariables(text string) (arguments, error) {
	a := arguments{}
	for {
		_, rest, ok := strings.Cut(text, "$")
		if !ok {
			return a, nil
		}
		text = rest
		inner, brace := strings.CutPrefix(rest, "{")
		if name := leadingName(inner); name != "" && (!brace || strings.HasPrefix(inner[len(name):], "}")) {
			a[name] = "any"
		}
	}
}
