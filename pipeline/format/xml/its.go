package xml

import (
	"path"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/internal/xmltree"
)

// The namespaces of ITS 2.0 (https://www.w3.org/TR/its20/) and of links.
const (
	itsSpace   = "http://www.w3.org/2005/11/its"
	xlinkSpace = "http://www.w3.org/1999/xlink"
)

// itsRule is a global rule. Of several rules for one element, the last one counts
// (ITS 2.0, 5.5).
type itsRule struct {
	name  string // "translateRule"
	value string // "yes"
}

// itsRules are rules with the paths that select what they are for.
type itsRules struct {
	paths []Path
	rules []itsRule
}

// The rules that are applied, with the attribute that has their value.
var itsValues = map[string]string{
	"translateRule": "translate", "withinTextRule": "withinText", "preserveSpaceRule": "space", "locNoteRule": "locNote", "idValueRule": "idValue",
}

// maxRules is the most rules of a file that are applied.
const maxRules = 500

// readITS adds the rules of an element its:rules. file is the path of the file that
// it is in, others are the rules files that may be linked to; following are those
// that are being read.
func (r *itsRules) readITS(file string, tree *xmltree.Tree, rules *xmltree.Node, others map[string][]byte, following []string) (ds []diag.Diagnostic) {
	report := func(at int, hint, format string, args ...any) {
		ds = append(ds, diag.Diagnostic{ID: "xml.its", Severity: diag.Warning, Place: tree.Place(file, at), Hint: hint}.Messagef(format, args...))
	}
	// Linked rules come first, so that the file's own go before them.
	if a := rules.Attr(xlinkSpace, "href"); a != nil {
		target := path.Join(path.Dir(file), strings.TrimPrefix(a.Value, "file:"))
		if strings.Contains(a.Value, "://") {
			target = a.Value
		}
		data, ok := others[target]
		switch {
		case !ok:
			report(a.From, "add it to its in [[xml]]; it must be a file of the project", "the rules file %q is not read", diag.Arg("file", diag.Excerpt(a.Value)))
		case len(following) > 10:
			report(a.From, "", "rules files link to each other more than 10 times")
		default:
			for _, f := range following {
				if f == target {
					report(a.From, "", "the rules file %q links to itself", diag.Arg("file", target))
					return ds
				}
			}
			ds = append(ds, r.readFile(target, data, others, append(following, target))...)
		}
	}
	query := rules.Attr("", "queryLanguage")
	if query != nil && query.Value != "xpath" {
		report(query.From, "write XPath", "selectors in the language %q are not read", diag.Arg("language", diag.Excerpt(query.Value)))
		return ds
	}
	for _, n := range rules.Children {
		attribute, known := itsValues[n.Local]
		if n.Space != itsSpace || !known {
			continue
		}
		if len(r.rules) == maxRules {
			report(n.Start, "", "more than %d rules", diag.Arg("limit", maxRules))
			break
		}
		selector := n.Attr("", "selector")
		value := ""
		if a := n.Attr("", attribute); a != nil {
			value = a.Value
		} else if c := n.Child(itsSpace, attribute); c != nil {
			xmltree.Chars(tree.Data, c.OpenEnd, c.CloseStart, func(text string, _, _ int, _ bool) { value += text })
			value = strings.Join(strings.Fields(value), " ")
		}
		if selector == nil || value == "" {
			report(n.Start, "see ITS 2.0", "%s without a selector or without %s", diag.Arg("rule", n.Local), diag.Arg("attribute", attribute))
			continue
		}
		// Prefixes are those of the rule's element; a name without one is in no
		// namespace, as in XPath 1.0.
		p, err := ParsePath(selector.Value, func(prefix string) (string, bool) {
			if prefix == "" {
				return "", true
			}
			return namespaceAt(tree, n, prefix)
		})
		if err != nil {
			report(selector.From, "write a path that hexapla reads: see [[xml]] in 'hexapla config'", "the rule is not applied: %s", diag.Arg("error", err.Error()))
			continue
		}
		r.paths, r.rules = append(r.paths, p), append(r.rules, itsRule{n.Local, value})
	}
	return ds
}

// readFile adds the rules of a rules file.
func (r *itsRules) readFile(name string, data []byte, others map[string][]byte, following []string) []diag.Diagnostic {
	tree, err := xmltree.Parse(name, data, true)
	if err != nil {
		return []diag.Diagnostic{diag.Diagnostic{ID: "xml.its", Severity: diag.Warning, Place: diag.Place{Path: name}}.Messagef("the rules file cannot be read: %s", diag.Arg("error", err.Error()))}
	}
	var ds []diag.Diagnostic
	tree.Root.Walk(func(n *xmltree.Node) bool {
		if n.Space == itsSpace && n.Local == "rules" {
			ds = append(ds, r.readITS(name, tree, n, others, following)...)
			return false
		}
		return true
	})
	return ds
}

// namespaceAt returns the namespace that a prefix stands for at an element.
func namespaceAt(_ *xmltree.Tree, n *xmltree.Node, prefix string) (string, bool) {
	for ; n != nil; n = n.Parent {
		for _, d := range n.Namespaces {
			if d.Prefix == prefix {
				return d.URI, true
			}
		}
	}
	return "", false
}
