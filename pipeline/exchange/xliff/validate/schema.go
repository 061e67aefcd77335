package validate

import (
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// element says what may stand in an element, as its section of the specification
// does. The tables schema2 and schema12 hold them by name.
type element struct {
	attrs   map[string]kind
	needs   []string
	foreign foreignness
	content []particle
	mixed   bool
}

// foreignness says which attributes of other namespaces an element takes.
type foreignness uint8

const (
	noForeign  foreignness = iota // those of XML's namespace that attrs lists as "xml:…"
	ofModules                     // of the modules that have attributes for codes
	anyForeign                    // any
)

// particle is a place in an element's content, in order. Names that begin with
// "*" stand for all elements of other namespaces.
type particle struct {
	names    []string
	min, max int // max 0: no limit
}

func exactlyOne(name string) particle     { return particle{[]string{name}, 1, 1} }
func optional(name string) particle       { return particle{[]string{name}, 0, 1} }
func zeroOrMore(names ...string) particle { return particle{names, 0, 0} }
func oneOrMore(names ...string) particle  { return particle{names, 1, 0} }

var others = particle{names: []string{"*"}}

// kind is what an attribute's value must be.
type kind uint8

const (
	anyText kind = iota
	aToken
	tokens
	yesNo
	firstNo
	aDir
	aLanguage
	positive
	oneToTen
	userDefined
	sourceTarget
	aState
	codeType
	markType
	aHex
	aURI
	percent
	matchType2
	metaApplies
	normal
	htmlName
	spaceMode
	state12Word
	qualifier12Word
	contextWord
	purposeWord
	annotatesWord
	positionWord
	assocWord
	altWord
	sizeUnit
	mtypeWord
	aDateTime
	number
)

// words are the kinds that are one of a list; a last "x-" admits values of one's
// own.
var words = map[kind][]string{
	yesNo: {"yes", "no"}, firstNo: {"yes", "firstNo", "no"}, aDir: {"ltr", "rtl", "auto"}, sourceTarget: {"source", "target"},
	aState: {"initial", "translated", "reviewed", "final"}, codeType: ns.CodeTypes,
	matchType2:  {"am", "mt", "icm", "idm", "tb", "tm", "other"},
	metaApplies: {"source", "target", "ignorable"}, normal: {"none", "nfc", "nfd"}, spaceMode: {"default", "preserve"},
	htmlName: strings.Fields("a b bdo big blockquote body br button caption center cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 head hr html i img " +
		"label legend li ol p pre q s samp select small span strike strong sub sup table tbody td tfoot th thead title tr tt u ul"),
	state12Word: {"final", "needs-adaptation", "needs-l10n", "needs-review-adaptation", "needs-review-l10n", "needs-review-translation", "needs-translation", "new",
		"signed-off", "translated", "x-"},
	qualifier12Word: {"exact-match", "fuzzy-match", "id-match", "leveraged-glossary", "leveraged-inherited", "leveraged-mt", "leveraged-repository", "leveraged-tm",
		"mt-suggestion", "rejected-grammar", "rejected-inaccurate", "rejected-length", "rejected-spelling", "tm-suggestion", "x-"},
	contextWord:   {"database", "element", "elementtitle", "linenumber", "numparams", "paramnotes", "record", "recordtitle", "sourcefile", "x-"},
	purposeWord:   {"information", "location", "match", "x-"},
	annotatesWord: {"source", "target", "general"}, positionWord: {"open", "close"}, assocWord: {"preceding", "following", "both"},
	altWord:  {"proposal", "previous-version", "rejected", "reference", "accepted", "x-"},
	sizeUnit: {"byte", "char", "col", "cm", "dlgunit", "em", "ex", "glyph", "in", "mm", "percent", "pixel", "point", "row", "x-"},
}

// expected returns what a value of this kind must be, for a message, or empty if s is one.
func (k kind) expected(s string) string {
	if fields := strings.Fields(s); k == purposeWord && len(fields) > 1 { // a list, by both schemas
		for _, f := range fields {
			if want := k.expected(f); want != "" {
				return want
			}
		}
		return ""
	}
	if list := words[k]; list != nil {
		if slices.Contains(list, s) {
			return ""
		}
		if list[len(list)-1] == "x-" {
			if strings.HasPrefix(s, "x-") && len(s) > 2 && !strings.ContainsAny(s, " \t\r\n") {
				return ""
			}
			return "one of XLIFF's words for it, or x- and a word"
		}
		if len(list) > 10 {
			return "one of the names that the specification lists"
		}
		return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
	}
	ok, want := true, ""
	switch k {
	case aToken:
		ok, want = ns.IsNMTOKEN(s), "an NMTOKEN: letters, digits, “.”, “-”, “_” and “:” only"
	case tokens:
		want = "NMTOKENs with spaces between them"
		f := strings.Fields(s)
		ok = len(f) > 0 && !slices.ContainsFunc(f, func(t string) bool { return !ns.IsNMTOKEN(t) })
	case aLanguage:
		ok, want = ns.IsLanguage(s), "a language tag (BCP 47)"
	case positive:
		n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 63)
		ok, want = err == nil && n > 0, "a whole number from 1"
	case oneToTen:
		n, err := strconv.Atoi(strings.TrimSpace(s))
		ok, want = err == nil && n >= 1 && n <= 10, "a whole number from 1 to 10"
	case userDefined:
		ok, want = ns.IsUserDefined(s), "of the form prefix:value"
	case markType:
		ok, want = s == "generic" || s == "comment" || s == "term" || ns.IsUserDefined(s), "generic, comment, term or of the form prefix:value"
	case aHex:
		_, err := strconv.ParseUint(s, 16, 32)
		ok, want = err == nil && len(s)%2 == 0, "an even number of hexadecimal digits"
	case percent:
		f, err := strconv.ParseFloat(s, 64)
		ok, want = err == nil && f >= 0 && f <= 100 && !strings.ContainsAny(s, "eExXpPinfINF_+"), "a number from 0 to 100"
	case aURI:
		ok, want = !strings.ContainsAny(s, " \t\n\r<>\"{}|\\^`"), "an IRI"
	case aDateTime:
		ok, want = len(s) >= len("2006-01-02T15:04:05") && s[4] == '-' && strings.Contains(s, "T"), "a date and time as in 2006-01-02T15:04:05Z"
	case number:
		_, err := strconv.ParseUint(s, 10, 63)
		ok, want = err == nil, "a whole number"
	}
	if ok {
		return ""
	}
	return want
}

// structure checks an element against its table: attributes, and the order and
// number of what is in it. Semantics are for others.
func (v *validator) structure(n *node) {
	e, ok := v.elementOf(n)
	if !ok {
		return
	}
	v.attributes(n, &e)
	if n.text && !e.mixed {
		v.add(n, ruleText.in(n), "%s has text in it, where only elements may be", diag.Arg("tag", n.tag()))
	}
	v.content(n, &e)
	for _, k := range n.kids {
		v.structure(k)
	}
}

// elementOf is what the tables say of an element.
func (v *validator) elementOf(n *node) (element, bool) {
	e, ok := v.schema[v.key(n.Name)]
	return e, ok
}

// key is how the tables name an element: XLIFF's own by their local names, those
// of modules with the usual prefix.
func (v *validator) key(n xmlscan.Name) string {
	if n.Space == v.core {
		return n.Local
	}
	if p := ns.PrefixOf[n.Space]; p != "" && n.Space != xmlscan.XML {
		return p + ":" + n.Local
	}
	return "*"
}

func (v *validator) attributes(n *node, e *element) {
	for _, name := range e.needs {
		if _, ok := n.lookup("", name); !ok {
			v.add(n, ruleRequired(n, name), "%s has no attribute %s", diag.Arg("tag", n.tag()), diag.Arg("name", name))
		}
	}
	for i := range n.attrs {
		a := &n.attrs[i]
		k, known := kind(0), false
		name := a.Local
		switch a.Space {
		case "":
			k, known = e.attrs[a.Local]
		case xmlscan.XML:
			name = "xml:" + a.Local
			if k, known = e.attrs[name]; !known && e.foreign == anyForeign {
				k, known = xmlKinds[a.Local], true
			}
		default:
			v.foreignAttribute(n, e, a)
			continue
		}
		if !known {
			v.add(n, ruleAttribute.in(n), "%s may not have the attribute %s", diag.Arg("tag", n.tag()), diag.Arg("name", name))
			continue
		}
		if want := k.expected(a.value); want != "" {
			v.add(n, ruleValue(n, name), "%s=%q on %s is not %s", diag.Arg("name", name), diag.Arg("value", clipText(a.value)), diag.Arg("tag", n.tag()), diag.Arg("expected", want))
		}
	}
}

var xmlKinds = map[string]kind{"lang": aLanguage, "space": spaceMode, "id": aToken}

// foreignAttribute checks an attribute of another namespace: a module's must exist
// and fit, an extension's must be where extensions may.
func (v *validator) foreignAttribute(n *node, e *element, a *nodeAttr) {
	if v.major == 2 {
		if module, ok := moduleAttributes[a.Space]; ok {
			m, known := module[a.Local]
			switch {
			case !known:
				v.add(n, moduleRule(a.Space), "the module has no attribute %s:%s", diag.Arg("prefix", ns.PrefixOf[a.Space]), diag.Arg("attribute", a.Local))
			case m.on != nil && !slices.Contains(m.on, v.key(n.Name)):
				v.add(n, moduleRule(a.Space), "%s may not have the attribute %s:%s", diag.Arg("tag", n.tag()), diag.Arg("prefix", ns.PrefixOf[a.Space]), diag.Arg("attribute", a.Local))
			default:
				if want := m.kind.expected(a.value); want != "" {
					v.add(n, moduleRule(a.Space), "%s:%s=%q on %s is not %s", diag.Arg("prefix", ns.PrefixOf[a.Space]), diag.Arg("attribute", a.Local), diag.Arg("value", clipText(a.value)), diag.Arg("tag", n.tag()), diag.Arg("expected", want))
				}
			}
			return
		}
	}
	if e.foreign != anyForeign {
		v.add(n, ruleExtension, "%s may not have attributes of extensions, such as %s", diag.Arg("tag", n.tag()), diag.Arg("attribute", clipText(a.Local)))
	}
}

// content checks the order and number of elements.
func (v *validator) content(n *node, e *element) {
	at, count := 0, 0
	for _, k := range n.kids {
		name := v.key(k.Name)
		i := at
		for i < len(e.content) && !e.content[i].takes(name) {
			i++
		}
		if i == len(e.content) {
			v.misplaced(n, k, e, name)
			continue
		}
		if i > at {
			v.missing(n, e.content[at:i], count)
			at, count = i, 0
		}
		count++
		if m := e.content[i].max; m > 0 && count > m {
			v.add(k, ruleElement.in(n), "%s stands more than once in %s", diag.Arg("tag", k.tag()), diag.Arg("otherTag", n.tag()))
		}
	}
	if at < len(e.content) {
		v.missing(n, e.content[at:], count)
	}
}

func (p *particle) takes(name string) bool {
	for _, want := range p.names {
		switch {
		case want == name:
			return true
		case want == "*" && (name == "*" || strings.Contains(name, ":")):
			return true
		}
	}
	return false
}

func (v *validator) misplaced(n, k *node, e *element, name string) {
	for i := range e.content {
		if e.content[i].takes(name) {
			v.add(k, ruleElement.in(n), "%s stands too late in %s", diag.Arg("tag", k.tag()), diag.Arg("otherTag", n.tag()))
			return
		}
	}
	if name == "*" || strings.Contains(name, ":") {
		v.add(k, ruleExtension.in(n), "%s may not stand in %s", diag.Arg("tag", k.tag()), diag.Arg("otherTag", n.tag()))
		return
	}
	v.add(k, ruleElement.in(n), "%s may not stand in %s", diag.Arg("tag", k.tag()), diag.Arg("otherTag", n.tag()))
}

// missing says which of the particles had to be there; count is how often the
// first was.
func (v *validator) missing(n *node, ps []particle, count int) {
	for i, p := range ps {
		if i > 0 {
			count = 0
		}
		if count < p.min {
			var names []string
			for _, name := range p.names {
				names = append(names, "<"+name+">")
			}
			v.add(n, ruleElement.in(n), "%s has no %s", diag.Arg("tag", n.tag()), diag.Arg("expected", list(names)))
		}
	}
}

func clipText(s string) string { return diag.Excerpt(s) }
