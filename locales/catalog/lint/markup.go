package lint

import (
	"slices"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// TagPattern is a regular expression for the tags of HTML and XML. A slash before the first
// attribute is as good as a space (HTML, 13.2.5.40, self-closing start tag state).
const TagPattern = `</?[A-Za-z][A-Za-z0-9:-]*(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*|\s[^<>]*|/[^<>"'=/\s]+=[^<>]*)?/?>`

var tag = lazy.Regexp(TagPattern)

// void elements of HTML have no end tag.
var void = map[string]bool{"br": true, "hr": true, "img": true, "wbr": true, "input": true, "meta": true, "link": true,
	"area": true, "base": true, "col": true, "embed": true, "param": true, "source": true, "track": true}

// elements are those of HTML and SVG that a message may hold; those that are
// also words for what a reader is to put in ("/remind <time>") are not.
var elements = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`a abbr article aside audio b bdi bdo big blockquote br button canvas caption center cite code col dd del details dfn
		div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr html i iframe img ins kbd legend li main mark nav
		math marquee nobr noscript ol optgroup p picture pre q rp rt ruby s samp script section select small span strike strong style sub sup svg table tbody td
		template textarea tfoot th thead tr tt u ul var video wbr path circle rect tspan`) {
		m[name] = true
	}
	return m
}()

// words are elements of HTML that are compared where they have an attribute or
// an end tag.
var words = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields("address area base body data datalist dialog head hgroup input label link map menu meta meter object option output param progress search slot source summary time title track") {
		m[name] = true
	}
	return m
}()

// A tagged is a tag of a text: its name, in lower case, and what it does.
type tagged struct {
	name, text       string
	closes, empty    bool
	attributes, self bool
	quoted           bool // a value of an attribute is
}

func tags(s string) []tagged {
	if strings.IndexByte(s, '<') < 0 {
		return nil
	}
	var out []tagged
	for _, t := range tag().FindAllString(s, 10000) {
		name := strings.TrimLeft(t, "</")
		name = name[:strings.IndexAny(name, "/> \t\r\n\f\v")]
		g := tagged{name: strings.ToLower(name), text: t, closes: strings.HasPrefix(t, "</"), self: strings.HasSuffix(t, "/>")}
		g.empty = g.self || void[g.name]
		g.attributes = strings.Contains(t, "=")
		g.quoted = strings.Contains(t, `="`) || strings.Contains(t, "='")
		out = append(out, g)
	}
	return out
}

// commandWithWord matches a command or a flag before a word for its value in angle
// brackets, and the word: "/language <code>", "--output=<a>".
var commandWithWord = lazy.Regexp(`(?:^|[\s:("'` + "`" + `])(?:/|--?)[A-Za-z][\w-]*[ =]<([A-Za-z][\w-]*)[^<>]*>`)

// markup compares the tags of HTML, XML and the like. A name in angle brackets
// that is no element, and ends nowhere, is a word for what a reader puts there.
func (ch *checker) markup(m *parsedMessage, category, text, from string) {
	if strings.IndexByte(text, '<') < 0 && strings.IndexByte(from, '<') < 0 {
		return
	}
	ours, theirs := tags(text), tags(from)
	ch.programs(m, category, ours, theirs)
	ends := map[string]bool{}
	for _, t := range slices.Concat(ours, theirs) {
		if t.closes {
			ends[t.name] = true
		}
	}
	values := map[string]bool{} // words for values in the source
	for _, m := range commandWithWord().FindAllStringSubmatch(from, -1) {
		values[strings.ToLower(m[1])] = true
	}
	isTag := func(t tagged) bool {
		if values[t.name] && !t.closes && !t.attributes && !t.self && !void[t.name] && !ends[t.name] {
			return false // "/language <code>"
		}
		if !t.closes && !t.attributes && !t.self && !void[t.name] && !ends[t.name] && strings.IndexAny(t.text, " \t\n") > 0 {
			return false // "<Select this folder>"
		}
		return elements[t.name] || ends[t.name] || t.self || t.quoted || strings.Contains(t.name, ":") || words[t.name] && t.attributes
	}
	names := func(all []tagged) (list []string, problem, tag string) {
		var open []string
		for _, t := range all {
			switch {
			case !isTag(t):
			case t.closes:
				list = append(list, "</"+t.name)
				if n := len(open); n > 0 && open[n-1] == t.name {
					open = open[:n-1]
				} else if problem == "" {
					problem, tag = "form %q: %s closes nothing", "</"+t.name+">"
				}
			default:
				list = append(list, "<"+t.name)
				if !t.empty {
					open = append(open, t.name)
				}
			}
		}
		if len(open) > 0 && problem == "" {
			problem, tag = "form %q: %s is not closed", "<"+open[len(open)-1]+">"
		}
		slices.Sort(list)
		return list, problem, tag
	}
	a, problem, tag := names(ours)
	b, sourceProblem, _ := names(theirs)
	if problem != "" && sourceProblem == "" {
		ch.add("catalog.markup", m.FieldPlace(ch.locale, category), problem, diag.Arg("form", category), diag.Arg("tag", tag))
	} else if !slices.Equal(a, b) {
		d := ch.add("catalog.markup", m.FieldPlace(ch.locale, category), "form %q has the tags %s, the source %s", diag.Arg("form", category), diag.Arg("tags", list(a)), diag.Arg("sourceTags", list(b)))
		if emphasisAdded(a, b) {
			d.Severity = diag.Info // a name or a foreign word that the translator marks
		}
	} else {
		ch.attributes(m, category, slices.DeleteFunc(ours, func(t tagged) bool { return !isTag(t) }), slices.DeleteFunc(theirs, func(t tagged) bool { return !isTag(t) }))
	}
}

// emphasis are elements that set words off and do nothing else.
var emphasis = map[string]bool{"em": true, "i": true, "b": true, "strong": true, "q": true, "cite": true, "code": true}

// emphasisAdded reports whether tags are those of the source and more emphasis. Both
// lists are sorted.
func emphasisAdded(ours, theirs []string) bool {
	i := 0
	for _, t := range ours {
		switch {
		case i < len(theirs) && theirs[i] == t:
			i++
		case !emphasis[strings.TrimLeft(t, "</")]:
			return false
		}
	}
	return i == len(theirs)
}

func list(tags []string) string {
	if len(tags) == 0 {
		return "none"
	}
	return strings.Join(tags, "> ") + ">"
}
