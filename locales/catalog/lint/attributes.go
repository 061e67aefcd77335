package lint

import (
	"html"
	"maps"
	"slices"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// attribute matches an attribute of a tag: its name, and its value in either kind of
// quotation marks or none.
var attribute = lazy.Regexp(`([A-Za-z_:@][-A-Za-z0-9_:.@]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>` + "`" + `]+)))?`)

// textAttributes have values that are translated, or that name the language.
var textAttributes = map[string]bool{"title": true, "alt": true, "placeholder": true, "aria-label": true, "lang": true, "hreflang": true, "dir": true, "xml:lang": true, "summary": true, "label": true, "content": true}

// attributesOf returns the attributes of a start tag by their names in lower case. It
// reports whether the quotation marks are in pairs.
func attributesOf(tag string) (map[string]string, bool) {
	inside := strings.TrimRight(strings.TrimPrefix(tag, "<"), "/>")
	i := strings.IndexAny(inside, between)
	if i < 0 {
		return nil, true
	}
	out := map[string]string{}
	rest := inside[i:]
	for _, m := range attribute().FindAllStringSubmatch(rest, 100) {
		out[strings.ToLower(m[1])] = m[2] + m[3] + m[4]
	}
	left := attribute().ReplaceAllString(rest, "")
	return out, strings.Trim(left, between) == ""
}

// between are the characters that may stand between attributes.
const between = " \t\r\n\f\v/"

// runs reports whether an attribute runs a program: an event handler, or an address
// that is a script.
func runs(name, value string) bool {
	if strings.HasPrefix(name, "on") && len(name) > 3 {
		return true
	}
	plain := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, html.UnescapeString(value)))
	for _, scheme := range []string{"javascript:", "vbscript:", "data:text/html"} {
		if strings.HasPrefix(plain, scheme) {
			return true
		}
	}
	return false
}

// programs reports the attributes that run a program in a translation and are not so in
// the source, whichever tags these have otherwise.
func (ch *checker) programs(m *parsedMessage, category string, ours, theirs []tagged) {
	type program struct{ name, value string }
	known := map[program]bool{}
	for _, t := range theirs {
		a, _ := attributesOf(t.text)
		for name, value := range a {
			known[program{name, value}] = true
		}
	}
	for _, t := range ours {
		a, _ := attributesOf(t.text)
		for _, name := range slices.Sorted(maps.Keys(a)) {
			if p := (program{name, a[name]}); runs(name, a[name]) && !known[p] {
				known[p] = true // reported once
				ch.add("catalog.markup", m.FieldPlace(ch.locale, category), "form %q: attribute %s of <%s> runs a program, and is not so in the source: %.40q", diag.Arg("form", category), diag.Arg("attribute", name), diag.Arg("element", t.name), diag.Arg("value", a[name]))
			}
		}
	}
}

// maxTagsCompared is how many tags a text may have for their attributes to be
// compared, each with all of the source.
const maxTagsCompared = 200

// attributes compares the attributes of the start tags of a translation with those of
// the source. The tags are known to be the same, maybe in another order.
func (ch *checker) attributes(m *parsedMessage, category string, ours, theirs []tagged) {
	if len(ours) > maxTagsCompared {
		return
	}
	added := map[string]bool{} // attributes that were reported, with their elements
	left := slices.DeleteFunc(slices.Clone(theirs), func(t tagged) bool { return t.closes })
	for _, t := range ours {
		if t.closes {
			continue
		}
		a, sound := attributesOf(t.text)
		// The most alike of the source's tags of this name.
		best, fewest := -1, 0
		for i, s := range left {
			if s.name != t.name {
				continue
			}
			b, _ := attributesOf(s.text)
			n := 0
			for name := range a {
				if v, ok := b[name]; !ok || v != a[name] {
					n++
				}
			}
			if best < 0 || n < fewest {
				best, fewest = i, n
			}
		}
		if best < 0 {
			continue
		}
		b, sourceSound := attributesOf(left[best].text)
		left = slices.Delete(left, best, best+1)
		if !sound {
			if sourceSound {
				ch.add("catalog.markup", m.FieldPlace(ch.locale, category), "form %q: the attributes of <%s> cannot be read: a quotation mark is missing", diag.Arg("form", category), diag.Arg("name", t.name))
			}
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(a)) {
			was, there := b[name]
			switch {
			case runs(name, a[name]): // see programs
			case !there && textAttributes[name], !there && added[name+" "+t.name]:
			case !there:
				added[name+" "+t.name] = true
				ch.add("catalog.markup", m.FieldPlace(ch.locale, category), "form %q: attribute %s of <%s> is not in the source", diag.Arg("form", category), diag.Arg("attribute", name), diag.Arg("element", t.name))
			case there && was != a[name] && !textAttributes[name] && !mayHaveAddress(was+a[name]):
				ch.add("catalog.markup", m.FieldPlace(ch.locale, category), "form %q: attribute %s of <%s> is %.40q, in the source %.40q", diag.Arg("form", category), diag.Arg("attribute", name), diag.Arg("element", t.name), diag.Arg("value", a[name]), diag.Arg("sourceValue", was)).Severity = diag.Warning
			}
		}
		for _, name := range slices.Sorted(maps.Keys(b)) {
			if _, there := a[name]; !there && !textAttributes[name] {
				ch.add("catalog.markup", m.FieldPlace(ch.locale, category), "form %q leaves out the attribute %s of <%s>", diag.Arg("form", category), diag.Arg("attribute", name), diag.Arg("element", t.name)).Severity = diag.Warning
			}
		}
	}
}
