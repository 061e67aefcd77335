package validate

import (
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// The rules of 1.2. Its specification has no numbers for elements and attributes;
// a rule's clause is the element or attribute it is of, in chapter 3.2 or 3.3.
var (
	rule12Group   = rule{"xliff.dup-group-id", "group"}
	rule12Unit    = rule{"xliff.dup-unit-id", "trans-unit"}
	rule12Tool    = rule{"xliff.tool-id", "tool-id"}
	rule12Phase   = rule{"xliff.phase-name", "phase-name"}
	rule12Segment = rule{"xliff.segment-mid", "seg-source"}
	rule12Pair    = rule{"xliff.pair", "rid"}
	rule12Context = rule{"xliff.dup-context-name", "context-group"}
)

func (v *validator) document12(n *node) error {
	e := v.schema["xliff"]
	v.attributes(n, &e)
	return v.kids(n, &frame{e: e}, func(t *xmlscan.Token, _ *node) (*node, error) {
		if t.Name.Space == v.core && t.Name.Local == "file" {
			return v.file12(t)
		}
		return v.skipElement(t)
	})
}

// file12State is what elements of one file refer to.
type file12State struct{ tools, phases, contexts map[string]bool }

func (v *validator) file12(t *xmlscan.Token) (*node, error) {
	n := startElement(t)
	v.groups, v.units = nil, nil
	st := &file12State{tools: map[string]bool{}, phases: map[string]bool{}, contexts: map[string]bool{}}
	e := v.schema["file"]
	v.attributes(n, &e)
	err := v.kids(n, &frame{e: e}, func(t *xmlscan.Token, _ *node) (*node, error) {
		if t.Name.Space == v.core && t.Name.Local == "body" {
			return v.body12(t, st)
		}
		k, err := v.tree(t)
		if err == nil && k.Local == "header" {
			v.structure(k)
			v.header12(n, k, st)
		}
		return k, err
	})
	return n, err
}

func (v *validator) header12(file, n *node, st *file12State) {
	for _, tool := range n.children(v.core, "tool") {
		st.tools[tool.get("tool-id")] = true
	}
	n.walk(func(k *node) {
		if k.Local == "phase" && k.Space == v.core {
			st.phases[k.get("phase-name")] = true
			v.refers(k, "tool-id", st.tools, rule12Tool, "<tool>")
		}
	})
	v.refers(file, "tool-id", st.tools, rule12Tool, "<tool>")
}

// refers checks that an attribute, if there, names one of what is known.
func (v *validator) refers(n *node, name string, known map[string]bool, r rule, what string) {
	if id, ok := n.lookup("", name); ok && !known[id] {
		v.add(n, r, "%s=%q on %s names no %s in the header", diag.Arg("name", name), diag.Arg("id", clipText(id)), diag.Arg("tag", n.tag()), diag.Arg("what", what))
	}
}

// body12 checks the body or a group.
func (v *validator) body12(t *xmlscan.Token, st *file12State) (*node, error) {
	n := startElement(t)
	e := v.schema[n.Local]
	v.attributes(n, &e)
	if id, ok := n.lookup("", "id"); ok && n.Local == "group" && !v.groups.Add(id) {
		v.add(n, rule12Group, "two groups of one file have the id %q", diag.Arg("id", clipText(id)))
	}
	return n, v.kids(n, &frame{e: e}, func(t *xmlscan.Token, _ *node) (*node, error) {
		if t.Name.Space == v.core && t.Name.Local == "group" {
			return v.body12(t, st)
		}
		v.used = 0
		k, err := v.tree(t)
		v.used = 0
		if err != nil || k.Space != v.core {
			return k, err
		}
		v.unit = k.get("id")
		v.structure(k)
		k.walk(func(k *node) { v.names12(k, st) })
		if k.Local == "trans-unit" || k.Local == "bin-unit" {
			v.transUnit12(k, st)
		}
		v.unit = ""
		return k, nil
	})
}

func (v *validator) names12(k *node, st *file12State) {
	if k.Space != v.core {
		return
	}
	switch k.Local {
	case "context-group":
		if name, ok := k.lookup("", "name"); ok {
			if st.contexts[name] {
				v.add(k, rule12Context, "two context groups of one file have the name %q", diag.Arg("name", clipText(name)))
			}
			st.contexts[name] = true
		}
	case "trans-unit", "bin-unit", "target", "bin-target", "count":
		v.refers(k, "phase-name", st.phases, rule12Phase, "<phase>")
	case "alt-trans":
		v.refers(k, "tool-id", st.tools, rule12Tool, "<tool>")
	}
}

func (v *validator) transUnit12(n *node, st *file12State) {
	if id := n.get("id"); id != "" && !v.units.Add(id) {
		v.add(n, rule12Unit, "two units of one file have the id %q", diag.Arg("id", clipText(id)))
	}
	mids := map[string]bool{}
	for _, s := range n.children(v.core, "seg-source") {
		for _, m := range s.children(v.core, "mrk") {
			if mid, ok := m.lookup("", "mid"); ok {
				if mids[mid] {
					v.add(m, rule12Segment, "two segments have the mid %q", diag.Arg("mid", clipText(mid)))
				}
				mids[mid] = true
			}
		}
	}
	for _, t := range n.children(v.core, "target") {
		for _, m := range t.children(v.core, "mrk") {
			if mid, ok := m.lookup("", "mid"); ok && m.get("mtype") == "seg" && !mids[mid] {
				v.add(m, rule12Segment, "mid=%q names no segment of <seg-source>", diag.Arg("mid", clipText(mid)))
			}
		}
	}
	for _, a := range n.children(v.core, "alt-trans") {
		if mid, ok := a.lookup("", "mid"); ok && !mids[mid] {
			v.add(a, rule12Segment, "mid=%q names no segment of <seg-source>", diag.Arg("mid", clipText(mid)))
		}
	}
	n.walk(func(k *node) {
		if k.Space == v.core && (k.Local == "source" || k.Local == "target" || k.Local == "seg-source") {
			v.pairs12(k)
		}
	})
}

// pairs12 checks that the codes of one text which begin and end a span go by pairs.
func (v *validator) pairs12(n *node) {
	open := map[string]bool{}
	n.walk(func(k *node) {
		rid, ok := k.lookup("", "rid")
		if !ok || k.Space != v.core {
			return
		}
		switch k.Local {
		case "bpt", "bx":
			if open[k.Local+rid] {
				v.add(k, rule12Pair, "two %s of one text have the rid %q", diag.Arg("tag", k.tag()), diag.Arg("rid", clipText(rid)))
			}
			open[k.Local+rid] = true
		}
	})
	n.walk(func(k *node) {
		begin := map[string]string{"ept": "bpt", "ex": "bx"}[k.Local]
		if rid, ok := k.lookup("", "rid"); ok && begin != "" && k.Space == v.core && !open[begin+rid] {
			v.add(k, rule12Pair, "%s has the rid %q, which no <%s> of this text has", diag.Arg("tag", k.tag()), diag.Arg("rid", clipText(rid)), diag.Arg("begin", begin))
		}
	})
}
