package validate

import (
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

func (v *validator) document2(n *node) error {
	v.srcLang, v.trgLang = n.get("srcLang"), n.get("trgLang")
	e := v.schema["xliff"]
	v.attributes(n, &e)
	v.push(n)
	defer v.pop()
	return v.kids(n, &frame{e: e}, func(t *xmlscan.Token, _ *node) (*node, error) {
		if t.Name.Space == v.core && t.Name.Local == "file" {
			return v.file2(t)
		}
		k, err := v.tree(t)
		if err == nil && k.Space == v.core {
			v.structure(k)
		}
		return k, err
	})
}

// push and pop keep what xml:lang and xml:space say for what is inside.
func (v *validator) push(n *node) {
	in := inherited{}
	if len(v.space) > 0 {
		in = v.space[len(v.space)-1]
	}
	v.space = append(v.space, in.of(n))
}

func (v *validator) pop() { v.space = v.space[:len(v.space)-1] }

func (in inherited) of(n *node) inherited {
	if s, ok := n.lookup(xmlscan.XML, "lang"); ok {
		in.lang = s
	}
	if s, ok := n.lookup(xmlscan.XML, "space"); ok {
		in.space = s
	}
	return in
}

func (v *validator) file2(t *xmlscan.Token) (*node, error) {
	n := startElement(t)
	id := n.get("id")
	if id != "" && !v.files.Add(id) {
		v.add(n, ruleFileID, "two files have the id %q", diag.Arg("id", clipText(id)))
	}
	v.groups, v.units, v.flows, v.resources, v.profile = nil, nil, nil, nil, sizeProfile{}
	v.path = []scopeID{{"f", id}}
	err := v.container(n)
	for _, f := range v.flows {
		v.add(f.node, ruleSubFlows, "%s names %q as a sub-flow, which is no unit of this file", diag.Arg("tag", f.node.tag()), diag.Arg("id", clipText(f.id)))
	}
	return n, err
}

// container checks a file or a group: what stands before its units, then these.
func (v *validator) container(n *node) error {
	e := v.schema[n.Local]
	v.attributes(n, &e)
	v.push(n)
	defer v.pop()
	v.sizeData = append(v.sizeData, nil)
	defer func() { v.sizeData = v.sizeData[:len(v.sizeData)-1] }()
	head := &node{Name: n.Name, attrs: n.attrs, line: n.line, column: n.column}
	headed := false
	// What stands before the units is checked before the first of them, since
	// they refer to it.
	closeHead := func() {
		if !headed {
			headed = true
			v.head(head)
		}
	}
	err := v.kids(n, &frame{e: e}, func(t *xmlscan.Token, n *node) (*node, error) {
		if t.Name.Space == v.core {
			switch t.Name.Local {
			case "skeleton":
				k, err := v.skipElement(t)
				if err == nil {
					v.skeleton(k)
				}
				return k, err
			case "group":
				closeHead()
				return v.group2(t)
			case "unit":
				closeHead()
				v.used = 0
				k, err := v.tree(t)
				if err == nil {
					v.unit2(k)
				}
				v.used = 0
				return k, err
			}
		}
		k, err := v.tree(t)
		if err == nil {
			v.structure(k)
			head.kids = append(head.kids, k)
		}
		return k, err
	})
	closeHead()
	return err
}

func (v *validator) skeleton(n *node) {
	e := v.schema["skeleton"]
	v.attributes(n, &e)
	_, href := n.lookup("", "href")
	switch {
	case href && n.any:
		v.add(n, ruleSkeleton, "<skeleton> has both href and content")
	case !href && !n.any:
		v.add(n, ruleSkeleton, "<skeleton> is empty and has no href")
	}
}

func (v *validator) group2(t *xmlscan.Token) (*node, error) {
	n := startElement(t)
	id := n.get("id")
	if id != "" && !v.groups.Add(id) {
		v.add(n, ruleGroupID, "two groups of one file have the id %q", diag.Arg("id", clipText(id)))
	}
	v.path = append(v.path, scopeID{"g", id})
	defer func() { v.path = v.path[:len(v.path)-1] }()
	return n, v.container(n)
}

// head checks what a file, group or unit has beside units and segments.
func (v *validator) head(n *node) {
	v.notes(n)
	v.extensionIDs(n)
	v.modules(n)
	v.sizes(n)
	v.formats(n)
	for _, k := range n.kids {
		if k.Space == v.core && k.Local == "notes" {
			for _, note := range k.kids {
				v.formats(note)
			}
		}
	}
}

func (v *validator) notes(n *node) {
	for _, notes := range n.children(v.core, "notes") {
		v.unique(notes.children(v.core, "note"), ruleNoteID, "notes")
	}
}

// unique checks the ids of elements that must differ.
func (v *validator) unique(list []*node, r rule, what string) {
	seen := map[string]bool{}
	for _, k := range list {
		id, ok := k.lookup("", "id")
		if !ok {
			continue
		}
		if seen[id] {
			v.add(k, r, "two %s have the id %q", diag.Arg("what", what), diag.Arg("id", clipText(id)))
		}
		seen[id] = true
	}
}

// extensionIDs checks that ids in extensions differ inside one file, group or unit.
func (v *validator) extensionIDs(n *node) {
	seen := map[nodeAttr]bool{}
	for _, k := range n.kids {
		if k.Space == v.core || ns.PrefixOf[k.Space] != "" {
			continue
		}
		k.walk(func(k *node) {
			for _, space := range []string{"", xmlscan.XML} {
				id, ok := k.lookup(space, "id")
				if !ok || k.Space == v.core {
					continue
				}
				key := nodeAttr{xmlscan.Name{Space: k.Space}, id}
				if seen[key] {
					v.add(k, ruleExtID, "two elements of an extension have the id %q in one %s", diag.Arg("id", clipText(id)), diag.Arg("tag", n.tag()))
				}
				seen[key] = true
			}
		})
	}
}

// unit2 checks a unit.
func (v *validator) unit2(n *node) {
	v.unit = n.get("id")
	defer func() { v.unit = "" }()
	v.structure(n)
	if v.unit != "" && !v.units.Add(v.unit) {
		v.add(n, ruleUnitID, "two units of one file have the id %q", diag.Arg("id", clipText(v.unit)))
	}
	v.pending()
	v.push(n)
	defer v.pop()
	v.sizeData = append(v.sizeData, nil)
	defer func() { v.sizeData = v.sizeData[:len(v.sizeData)-1] }()
	v.path = append(v.path, scopeID{"u", v.unit})
	defer func() { v.path = v.path[:len(v.path)-1] }()
	v.head(n)
	if len(n.children(v.core, "segment")) == 0 {
		v.add(n, ruleNoSegment, "the unit %q has no segment", diag.Arg("id", clipText(v.unit)))
	}
	u := &unitCheck{validator: v, n: n, data: map[string]bool{}}
	for _, o := range n.children(v.core, "originalData") {
		list := o.children(v.core, "data")
		v.unique(list, ruleDataID, "data elements")
		for _, d := range list {
			u.data[d.get("id")] = true
			v.codePoints(d)
		}
	}
	for _, k := range n.kids {
		if k.Space == v.core && (k.Local == "segment" || k.Local == "ignorable") {
			u.parts = append(u.parts, k)
		}
	}
	u.run()
	v.unitModules(n, u)
}

// pending forgets the references to units that have come by now.
func (v *validator) pending() {
	keep := v.flows[:0]
	for _, f := range v.flows {
		if !v.units.Has(f.id) {
			keep = append(keep, f)
		}
	}
	v.flows = keep
}

// codePoints checks the cp elements in n: each must name a character that XML
// cannot hold.
func (v *validator) codePoints(n *node) {
	n.walk(func(k *node) {
		if k.Space != v.core || k.Local != "cp" || aHex.expected(k.get("hex")) != "" {
			return
		}
		r, ok := hexRune(k.get("hex"))
		switch {
		case !ok:
			v.add(k, ruleCP, "hex=%q is beyond 10FFFF, the last character there is", diag.Arg("hex", clipText(k.get("hex"))))
		case xmlscan.IsChar(r):
			v.add(k, ruleCP, "U+%04X can stand in XML and must not be written as <cp>", diag.Arg("character", r))
		}
	})
}

func hexRune(s string) (rune, bool) {
	var r rune
	for _, c := range strings.ToLower(s) {
		d := strings.IndexRune("0123456789abcdef", c)
		if d < 0 {
			return 0, false
		}
		if r = r<<4 | rune(d); r > 0x10FFFF {
			return 0, false
		}
	}
	return r, s != ""
}
