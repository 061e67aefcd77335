package validate

import (
	"io"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// node is an element in memory: for a unit, or what stands beside units. Files are
// never held whole.
type node struct {
	xmlscan.Name
	attrs  []nodeAttr
	kids   []*node
	text   bool // characters other than white space stand directly in it
	any    bool // anything but an attribute is in it, white space included
	line   int
	column int
}

type nodeAttr struct {
	xmlscan.Name
	value string
}

// attr is an attribute's value, empty if there is none.
func (n *node) attr(space, local string) string {
	v, _ := n.lookup(space, local)
	return v
}

func (n *node) lookup(space, local string) (string, bool) {
	for i := range n.attrs {
		if a := &n.attrs[i]; a.Local == local && a.Space == space {
			return a.value, true
		}
	}
	return "", false
}

func (n *node) get(local string) string { return n.attr("", local) }

// tag is the element as a person would name it.
func (n *node) tag() string {
	if p := ns.PrefixOf[n.Space]; p != "" {
		return "<" + p + ":" + n.Local + ">"
	}
	return "<" + n.Local + ">"
}

// walk visits n and everything in it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, k := range n.kids {
		k.walk(visit)
	}
}

// children are the elements of one name.
func (n *node) children(space, local string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.Local == local && k.Space == space {
			out = append(out, k)
		}
	}
	return out
}

// nodes reads elements into memory.
type nodes struct {
	*xmlscan.Scanner
	used int // bytes since the last unit
}

// startElement is the element that has just begun, without what is in it.
func startElement(t *xmlscan.Token) *node {
	n := &node{Name: t.Name}
	n.line, n.column = t.Place()
	for i := range t.Attrs {
		if a := &t.Attrs[i]; a.Space != xmlscan.XMLNS {
			n.attrs = append(n.attrs, nodeAttr{a.Name, string(a.Value)})
		}
	}
	return n
}

// next is the next token that is no comment or instruction.
func (s *nodes) next() (*xmlscan.Token, error) {
	for {
		t, err := s.Scanner.Next()
		if err != nil {
			return nil, err
		}
		if s.used += len(t.Raw); s.used > ns.MaxUnit {
			return nil, s.Fail(t, "xliff.limit", "", "more than %d bytes in one unit, or between two", diag.Arg("limit", ns.MaxUnit))
		}
		if t.Kind != xmlscan.Comment && t.Kind != xmlscan.Instruction {
			return t, nil
		}
	}
}

// tree reads the element that begins with t to its end.
func (s *nodes) tree(t *xmlscan.Token) (*node, error) {
	n := startElement(t)
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		switch t.Kind {
		case xmlscan.Start:
			n.any = true
			k, err := s.tree(t)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, k)
		case xmlscan.Text:
			n.any = n.any || len(t.Text) > 0
			n.text = n.text || !xmlscan.IsSpace(t.Text)
		case xmlscan.End:
			return n, nil
		}
	}
}

// skipElement reads the element that begins with t to its end without keeping it; its
// size does not count. It tells whether there was anything in it.
func (s *nodes) skipElement(t *xmlscan.Token) (*node, error) {
	n := startElement(t)
	for depth := 1; depth > 0; {
		t, err := s.Scanner.Next()
		if err != nil {
			return nil, err
		}
		switch t.Kind {
		case xmlscan.Start:
			depth++
			n.any = true
		case xmlscan.End:
			depth--
		case xmlscan.Text:
			n.any = n.any || len(t.Text) > 0
		}
	}
	return n, nil
}

// root reads up to the root element.
func (s *nodes) root() (*xmlscan.Token, error) {
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		if t.Kind == xmlscan.Start {
			return t, nil
		}
	}
}

// readToEnd reads what stands behind the root element.
func (s *nodes) readToEnd() error {
	for {
		if _, err := s.next(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// list joins names for a message.
func list(names []string) string {
	switch len(names) {
	case 0:
		return "nothing"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
