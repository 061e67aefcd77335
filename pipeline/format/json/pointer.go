package json

import (
	"fmt"
	"slices"
	"strings"
)

// Content is what a string of a JSON file holds.
type Content uint8

// The kinds of content. An earlier one goes before a later one where pointers of both
// find a string.
const (
	None Content = iota
	HTML
	Markdown
	Text
)

// Pointer is a JSON Pointer (RFC 6901) with three additions: the token "*" matches
// every element of an array and every member of an object, "**" any number of levels,
// none included, and a name in braces, as in "/title/{en-US}", a member whose name
// is a locale and becomes that of the edition.
type Pointer []string

// ParsePointer reads a pointer.
func ParsePointer(s string) (Pointer, error) {
	if s == "" {
		return Pointer{}, nil
	}
	if s[0] != '/' {
		return nil, fmt.Errorf("%q: a JSON pointer begins with /", s)
	}
	tokens := strings.Split(s[1:], "/")
	for i, t := range tokens {
		for at := strings.IndexByte(t, '~'); at >= 0; {
			if at+1 == len(t) || t[at+1] != '0' && t[at+1] != '1' {
				return nil, fmt.Errorf("%q: ~ must be written as ~0, and / in a name as ~1", s)
			}
			next := strings.IndexByte(t[at+1:], '~')
			if next < 0 {
				break
			}
			at += 1 + next
		}
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
	}
	if len(tokens) > maxTokens {
		return nil, fmt.Errorf("%q: more than %d tokens", s, maxTokens)
	}
	return tokens, nil
}

// maxTokens is the most tokens that a pointer may have.
const maxTokens = 100

// matcher finds which pointers lead to a value, going down from the root. It is a
// tree whose nodes are places in pointers; a place in a file corresponds to a set of
// nodes.
type matcher struct{ nodes []node }

type node struct {
	names    map[string]int32 // by token
	locales  map[string]int32 // by the name in braces
	star     int32            // of "*"; 0 for none, as for the next one
	deep     int32            // of "**"
	isDeep   bool             // the node of a "**": it stays on every level
	content  Content
	title    bool
	language bool
}

func newMatcher() *matcher { return &matcher{nodes: make([]node, 1)} }

// add adds a pointer and returns its node.
func (m *matcher) add(p Pointer) *node {
	at := int32(0)
	for _, token := range p {
		inner, braces := strings.CutPrefix(token, "{")
		inner, closed := strings.CutSuffix(inner, "}")
		var next int32
		switch n := &m.nodes[at]; {
		case token == "*":
			next = n.star
		case token == "**":
			next = n.deep
		case braces && closed:
			next = n.locales[inner]
		default:
			next = n.names[token]
		}
		if next == 0 {
			next = int32(len(m.nodes))
			m.nodes = append(m.nodes, node{isDeep: token == "**"})
			switch n := &m.nodes[at]; {
			case token == "*":
				n.star = next
			case token == "**":
				n.deep = next
			case braces && closed:
				if n.locales == nil {
					n.locales = map[string]int32{}
				}
				n.locales[inner] = next
			default:
				if n.names == nil {
					n.names = map[string]int32{}
				}
				n.names[token] = next
			}
		}
		at = next
	}
	return &m.nodes[at]
}

// start returns the set of the root.
func (m *matcher) start() []int32 { return m.put(nil, 0) }

// put adds a node to a set, and what begins there without another token.
func (m *matcher) put(set []int32, n int32) []int32 {
	if slices.Contains(set, n) {
		return set
	}
	set = append(set, n)
	if deep := m.nodes[n].deep; deep != 0 {
		set = m.put(set, deep)
	}
	return set
}

// next appends to dst the set of a member or element of a value whose set is given.
// isLocale reports that the name is one in braces. The name of an element is its
// number.
func (m *matcher) next(dst, set []int32, name string) (out []int32, isLocale bool) {
	for _, i := range set {
		n := &m.nodes[i]
		if n.isDeep {
			dst = m.put(dst, i)
		}
		if n.star != 0 {
			dst = m.put(dst, n.star)
		}
		if to := n.names[name]; to != 0 {
			dst = m.put(dst, to)
		}
		if to := n.locales[name]; to != 0 {
			dst, isLocale = m.put(dst, to), true
		}
	}
	return dst, isLocale
}

// hasLocales reports whether members of a value may be named by locales.
func (m *matcher) hasLocales(set []int32) bool {
	return slices.ContainsFunc(set, func(i int32) bool { return len(m.nodes[i].locales) > 0 })
}

// at returns what the pointers of a set say of a value.
func (m *matcher) at(set []int32) (c Content, title, language bool) {
	for _, i := range set {
		n := &m.nodes[i]
		if n.content != None && (c == None || n.content < c) {
			c = n.content
		}
		title, language = title || n.title, language || n.language
	}
	return c, title, language
}
