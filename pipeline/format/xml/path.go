package xml

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/exchange/xmlscan"
	"hexapla/pipeline/format/internal/xmltree"
)

// Path finds elements and attributes. It is the part of XPath 1.0 that paths down
// from the root need: the axes / and //, names with prefixes, * and prefix:*, @name
// at the end, | between several paths, and conditions in brackets: [@a], [@a='b'],
// [@a!='b'], [b] for a child, not(…), and, or. A path that does not begin with /
// begins anywhere, as with //.
type Path struct{ branches []branch }

type branch struct {
	steps     []pathStep
	attribute *nameTest // of the elements that the steps find; nil for the elements
}

type pathStep struct {
	descendant bool // after //
	name       nameTest
	conditions []condition
}

type nameTest struct{ space, local string } // "*" for any

func (t nameTest) matches(space, local string) bool {
	return (t.local == "*" || t.local == local) && (t.space == "*" || t.space == space)
}

// condition is true for some elements.
type condition interface{ holds(n *xmltree.Node) bool }

type hasAttribute struct {
	name    nameTest
	compare string // "", "=" or "!="
	value   string
}

type hasChild struct{ name nameTest }
type negated struct{ condition }
type allOf []condition
type anyOf []condition

func (c hasAttribute) holds(n *xmltree.Node) bool {
	for i := range n.Attrs {
		if a := &n.Attrs[i]; c.name.matches(a.Space, a.Local) && (c.compare == "" || (a.Value == c.value) == (c.compare == "=")) {
			return true
		}
	}
	return false
}

func (c hasChild) holds(n *xmltree.Node) bool {
	for _, x := range n.Children {
		if c.name.matches(x.Space, x.Local) {
			return true
		}
	}
	return false
}

func (c negated) holds(n *xmltree.Node) bool { return !c.condition.holds(n) }

func (c allOf) holds(n *xmltree.Node) bool {
	for _, x := range c {
		if !x.holds(n) {
			return false
		}
	}
	return true
}

func (c anyOf) holds(n *xmltree.Node) bool {
	for _, x := range c {
		if x.holds(n) {
			return true
		}
	}
	return false
}

// maxPath is the length in bytes of a path.
const maxPath = 2000

// ParsePath reads a path. namespace returns the namespace of a prefix.
func ParsePath(text string, namespace func(prefix string) (string, bool)) (Path, error) {
	p := pathParser{text: text, rest: text, namespace: namespace}
	if len(text) > maxPath {
		return Path{}, fmt.Errorf("a path of more than %d bytes", maxPath)
	}
	var out Path
	for {
		b, err := p.branch()
		if err != nil {
			return Path{}, err
		}
		out.branches = append(out.branches, b)
		p.space()
		if p.rest == "" {
			return out, nil
		}
		if !p.take("|") {
			return Path{}, p.fail("only simple paths are read")
		}
	}
}

type pathParser struct {
	text, rest string
	namespace  func(prefix string) (string, bool)
	depth      int
}

func (p *pathParser) fail(format string, args ...any) error {
	return fmt.Errorf("%q, at character %d: %s", p.text, utf8.RuneCountInString(p.text[:len(p.text)-len(p.rest)])+1, fmt.Sprintf(format, args...))
}

func (p *pathParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take reads a token.
func (p *pathParser) take(token string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *pathParser) branch() (b branch, err error) {
	descendant := true
	switch {
	case p.take("//"):
	case p.take("/"):
		descendant = false
	}
	for {
		if p.take("@") || p.take("attribute::") {
			name, err := p.name(true)
			b.attribute = &name
			return b, err
		}
		p.take("child::")
		s := pathStep{descendant: descendant}
		if s.name, err = p.name(false); err != nil {
			return b, err
		}
		for p.take("[") {
			c, err := p.any()
			if err != nil {
				return b, err
			}
			if !p.take("]") {
				return b, p.fail("] is missing")
			}
			s.conditions = append(s.conditions, c)
		}
		b.steps = append(b.steps, s)
		switch {
		case p.take("//"):
			descendant = true
		case p.take("/"):
			descendant = false
		default:
			return b, nil
		}
	}
}

// name reads a name, with the namespace of its prefix. One without a prefix is in the
// default namespace of the paths, which is no namespace unless they give one; an
// attribute's is in none.
func (p *pathParser) name(attribute bool) (nameTest, error) {
	p.space()
	n := 0
	for n < len(p.rest) {
		r, size := utf8.DecodeRuneInString(p.rest[n:])
		if r != ':' && r != '*' && !xmlscan.IsNameRune(r) || r == ':' && strings.HasPrefix(p.rest[n:], "::") {
			break
		}
		n += size
	}
	text := p.rest[:n]
	prefix, local, prefixed := strings.Cut(text, ":")
	if !prefixed {
		prefix, local = "", text
	}
	switch {
	case local == "" || strings.ContainsAny(local[:1], "0123456789-.") || strings.Contains(local, "*") && local != "*" || strings.ContainsAny(prefix, "*") || strings.Contains(local, ":"):
		return nameTest{}, p.fail("a name is expected")
	case strings.HasPrefix(p.rest[n:], "(") || strings.HasPrefix(p.rest[n:], "::"):
		return nameTest{}, p.fail("the function or axis %q is not known", text)
	}
	t := nameTest{local: local}
	switch {
	case prefix == "xml":
		t.space = xmlscan.XML
	case prefixed || !attribute && local != "*":
		space, ok := p.namespace(prefix)
		if !ok && prefixed {
			return t, p.fail("the prefix %q is not declared", prefix)
		}
		t.space = space
	case local == "*":
		t.space = "*"
	}
	p.rest = p.rest[n:]
	return t, nil
}

func (p *pathParser) any() (condition, error) {
	if p.depth++; p.depth > 20 {
		return nil, p.fail("conditions inside each other")
	}
	defer func() { p.depth-- }()
	var out anyOf
	for {
		c, err := p.all()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
		if !p.take("or ") {
			return out, nil
		}
	}
}

func (p *pathParser) all() (condition, error) {
	var out allOf
	for {
		c, err := p.one()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
		if !p.take("and ") {
			return out, nil
		}
	}
}

func (p *pathParser) one() (condition, error) {
	switch {
	case p.take("not("), p.take("("):
		not := strings.HasSuffix(strings.TrimRight(p.text[:len(p.text)-len(p.rest)], " "), "not(")
		c, err := p.any()
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, p.fail(") is missing")
		}
		if not {
			c = negated{c}
		}
		return c, nil
	case p.take("@"):
		name, err := p.name(true)
		if err != nil {
			return nil, err
		}
		c := hasAttribute{name: name}
		switch {
		case p.take("!="):
			c.compare = "!="
		case p.take("="):
			c.compare = "="
		default:
			return c, nil
		}
		p.space()
		if p.rest == "" || p.rest[0] != '\'' && p.rest[0] != '"' {
			return nil, p.fail("a text in quotation marks is expected")
		}
		end := strings.IndexByte(p.rest[1:], p.rest[0])
		if end < 0 {
			return nil, p.fail("the text does not end")
		}
		c.value, p.rest = p.rest[1:1+end], p.rest[end+2:]
		return c, nil
	}
	name, err := p.name(false)
	if err != nil {
		return nil, err
	}
	return hasChild{name}, nil
}

// finder matches paths against elements, from the root down. What it knows of an
// element is the list of places in paths that the next elements may be at. It keeps
// working memory: one goroutine may use it at a time.
type finder struct {
	paths []Path
	steps []finderStep
	bare  []place // branches that are nothing but an attribute, as //@alt
	seen  []int32 // by step, the call that found it last
	calls int32
}

// place is a step that a child may match: its number in finder.steps.
type place int32

// finderStep is a step of a branch of a path; last is that of its branch.
type finderStep struct {
	path   int
	branch *branch
	step   *pathStep // nil for a branch without steps
	last   bool
}

// newFinder returns a finder and the places for the root element.
func newFinder(paths []Path) (*finder, []place) {
	f := &finder{paths: paths}
	var start []place
	for i := range paths {
		for k := range paths[i].branches {
			b := &paths[i].branches[k]
			first := place(len(f.steps))
			for n := range b.steps {
				f.steps = append(f.steps, finderStep{i, b, &b.steps[n], n+1 == len(b.steps)})
			}
			if len(b.steps) > 0 {
				start = append(start, first)
			} else {
				f.steps = append(f.steps, finderStep{i, b, nil, true})
				f.bare = append(f.bare, first)
			}
		}
	}
	f.seen = make([]int32, len(f.steps))
	return f, start
}

// next returns which paths find an element, and which find attributes of it, and the
// places for its children.
func (f *finder) next(places []place, n *xmltree.Node) (found []int, attributes []found, below []place) {
	f.calls++
	add := func(p place) {
		if f.seen[p] != f.calls { // two ways down may lead to one place
			f.seen[p] = f.calls
			below = append(below, p)
		}
	}
	for _, p := range places {
		s := &f.steps[p]
		if s.step.descendant {
			add(p)
		}
		if !s.step.name.matches(n.Space, n.Local) || !allOf(s.step.conditions).holds(n) {
			continue
		}
		switch {
		case !s.last:
			add(p + 1)
		case s.branch.attribute == nil:
			found = append(found, s.path)
		default:
			attributes = append(attributes, attributesOf(s.path, s.branch, n)...)
		}
	}
	for _, p := range f.bare {
		attributes = append(attributes, attributesOf(f.steps[p].path, f.steps[p].branch, n)...)
	}
	return found, attributes, below
}

// found is an attribute that a path finds.
type found struct {
	path int
	attr *xmltree.Attr
}

func attributesOf(path int, b *branch, n *xmltree.Node) (out []found) {
	for i := range n.Attrs {
		if a := &n.Attrs[i]; b.attribute.matches(a.Space, a.Local) {
			out = append(out, found{path, a})
		}
	}
	return out
}
