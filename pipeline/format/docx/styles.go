package docx

import (
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/internal/xmltree"
)

// The namespace of WordprocessingML, transitional and strict.
const (
	wordTransitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	wordStrict       = "http://purl.oclc.org/ooxml/wordprocessingml/main"
)

// is reports whether an element is one of WordprocessingML with the given name.
func is(n *xmltree.Node, local string) bool {
	return n.Local == local && (n.Space == wordTransitional || n.Space == wordStrict)
}

func child(n *xmltree.Node, local string) *xmltree.Node {
	for _, c := range n.Children {
		if is(c, local) {
			return c
		}
	}
	return nil
}

// value returns the attribute val of an element's child, empty if there is none.
func value(n *xmltree.Node, local string) string {
	if c := child(n, local); c != nil {
		if a := c.Attr(c.Space, "val"); a != nil {
			return a.Value
		}
	}
	return ""
}

// style is what a paragraph style makes of a paragraph.
type style struct {
	kind  bitext.Kind
	level int
}

// readStyles returns the paragraph styles that mean something, by their id. Names of
// styles that Word knows are English in every language (ECMA-376, part 1, 17.7.4.9).
func (a *archive) readStyles() map[string]style {
	out := map[string]style{}
	if a.styles == nil {
		return out
	}
	text, err := a.read(a.styles)
	if err != nil {
		return out
	}
	tree, err := xmltree.Parse(a.styles.Name, text, false)
	if err != nil {
		return out
	}
	type named struct{ id, base string }
	var rest []named
	for _, s := range tree.Root.Children {
		id := s.Attr(s.Space, "styleId")
		if typ := s.Attr(s.Space, "type"); !is(s, "style") || id == nil || typ == nil || typ.Value != "paragraph" {
			continue
		}
		name := strings.ToLower(value(s, "name"))
		level, numbered := 0, false
		if n, ok := strings.CutPrefix(name, "heading "); ok {
			level, _ = strconv.Atoi(n)
		}
		if ppr := child(s, "pPr"); ppr != nil {
			if v, err := strconv.Atoi(value(ppr, "outlineLvl")); err == nil && v < 9 && value(ppr, "outlineLvl") != "" {
				level = v + 1
			}
			numbered = child(ppr, "numPr") != nil
		}
		switch {
		case name == "title":
			out[id.Value] = style{kind: bitext.Title}
		case level > 0 && level < 10:
			out[id.Value] = style{kind: bitext.Heading, level: level}
		case name == "caption":
			out[id.Value] = style{kind: bitext.Caption}
		case name == "quote" || name == "intense quote":
			out[id.Value] = style{kind: bitext.Quote}
		case numbered || strings.HasPrefix(name, "list bullet") || strings.HasPrefix(name, "list number"):
			out[id.Value] = style{kind: bitext.Item}
		default:
			rest = append(rest, named{id.Value, value(s, "basedOn")})
		}
	}
	for range 3 { // what a style is based on, some steps far
		for _, s := range rest {
			if base, ok := out[s.base]; ok && s.base != "" {
				if _, known := out[s.id]; !known {
					out[s.id] = base
				}
			}
		}
	}
	return out
}
