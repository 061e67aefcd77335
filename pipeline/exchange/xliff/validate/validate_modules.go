package validate

import (
	"slices"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
	"hexapla/pipeline/lazy"
)

// modules checks the modules of a file, group or unit that need no segments.
func (v *validator) modules(n *node) {
	count := map[string]int{}
	for _, k := range n.kids {
		name := v.key(k.Name)
		places, known := modulePlaces[name]
		if _, listed := v.schema[name]; strings.Contains(name, ":") && !listed {
			v.add(k, ruleExtension, "%s is no element of its module", diag.Arg("tag", k.tag()))
			continue
		}
		if strings.Contains(name, ":") && (!known || !slices.Contains(places, n.Local)) {
			v.add(k, ruleExtension, "%s may not stand in %s", diag.Arg("tag", k.tag()), diag.Arg("otherTag", n.tag()))
			continue
		}
		if count[name]++; count[name] > 1 && known && k.Space != ns.CTR && k.Space != ns.SLR && k.Space != ns.ITS {
			v.add(k, ruleElement, "%s stands more than once in %s", diag.Arg("tag", k.tag()), diag.Arg("otherTag", n.tag()))
		}
		switch name {
		case "mda:metadata":
			v.metadata(k)
		case "res:resourceData":
			v.resourceData(n, k)
		case "ctr:changeTrack":
			v.changeTrack(n, k)
		case "slr:profiles":
			v.profile = sizeProfile{k.get("generalProfile"), k.get("storageProfile")}
		case "slr:data":
			ids := v.sizeData[len(v.sizeData)-1]
			if ids == nil {
				ids = map[string]bool{}
				v.sizeData[len(v.sizeData)-1] = ids
			}
			k.walk(func(d *node) { ids[d.get("id")] = true; ids[d.attr(xmlscan.XML, "id")] = true })
		case "val:validation":
			v.validation(n, k)
		}
	}
}

func (v *validator) metadata(n *node) {
	seen := map[string]bool{}
	n.walk(func(k *node) {
		id, ok := k.lookup("", "id")
		if !ok || k.Space != ns.MDA {
			return
		}
		if seen[id] {
			v.add(k, ruleMetaID, "the id %q stands twice in one <mda:metadata>", diag.Arg("id", clipText(id)))
		}
		seen[id] = true
	})
}

func (v *validator) resourceData(in, n *node) {
	v.unique(n.kids, ruleResID, "resource items")
	items := map[string]bool{}
	for _, k := range n.children(ns.RES, "resourceItem") {
		if in.Local == "file" {
			v.resources.Add(k.get("id"))
		}
		items[k.get("id")] = true
		_, mime := k.lookup("", "mimeType")
		for _, side := range k.kids {
			if side.Space != ns.RES || side.Local == "reference" {
				continue
			}
			_, href := side.lookup("", "href")
			switch {
			case href && side.any:
				v.add(side, ruleResContent, "%s has both href and content", diag.Arg("tag", side.tag()))
			case !href && !side.any:
				v.add(side, ruleResContent, "%s is empty and has no href", diag.Arg("tag", side.tag()))
			case href && !mime:
				v.add(k, ruleResContent, "%s has no mimeType, but its %s is empty", diag.Arg("tag", k.tag()), diag.Arg("otherTag", side.tag()))
			}
			lang := v.langOf(side)
			switch {
			case lang == "":
			case side.Local == "source" && !strings.EqualFold(lang, v.srcLang):
				v.add(side, ruleResLang, "the language of %s is %q, srcLang is %q", diag.Arg("tag", side.tag()), diag.Arg("language", clipText(lang)), diag.Arg("srcLang", clipText(v.srcLang)))
			case side.Local == "target" && !strings.EqualFold(lang, v.trgLang):
				v.warn(side, ruleResLang, "the language of %s is %q, trgLang is %q", diag.Arg("tag", side.tag()), diag.Arg("language", clipText(lang)), diag.Arg("trgLang", clipText(v.trgLang)))
			}
		}
	}
	for _, k := range n.children(ns.RES, "resourceItemRef") {
		if ref := k.get("ref"); !v.resources.Has(ref) && !items[ref] {
			v.warn(k, ruleResRef, "ref=%q names no resource item of the file", diag.Arg("ref", clipText(ref)))
		}
	}
}

// changeTrack checks revisions against what they are of.
func (v *validator) changeTrack(in, n *node) {
	for _, k := range n.kids {
		what := k.get("appliesTo")
		var same []*node // the elements that may be meant
		ids := map[string]*node{}
		in.walk(func(e *node) {
			if e.Space != v.core || e == in {
				return
			}
			if e.Local == what {
				same = append(same, e)
			}
			if id, ok := e.lookup("", "id"); ok && ids[id] == nil {
				ids[id] = e
			}
		})
		ref, hasRef := k.lookup("", "ref")
		var of *node
		switch {
		case hasRef && ids[ref] == nil:
			v.add(k, ruleTrackRef, "ref=%q names nothing in %s", diag.Arg("ref", clipText(ref)), diag.Arg("tag", in.tag()))
		case hasRef:
			of = ids[ref]
		case len(same) > 1 && slices.ContainsFunc(same, func(e *node) bool { _, ok := e.lookup("", "id"); return ok }):
			v.add(k, ruleTrackApply, "there are %d <%s> here, so ref must name one of them", diag.Arg("count", len(same)), diag.Arg("what", clipText(what)))
		case len(same) == 1:
			of = same[0]
		}
		for _, r := range k.kids {
			seen := map[string]bool{}
			for _, item := range r.kids {
				p := item.get("property")
				if seen[p] {
					v.add(item, ruleTrackItem, "one revision gives the property %q twice", diag.Arg("property", clipText(p)))
				}
				seen[p] = true
				if of == nil || p == "content" {
					continue
				}
				if _, ok := of.lookup("", p); !ok {
					v.add(item, ruleTrackItem, "property=%q is neither content nor an attribute of the %s that it is of", diag.Arg("property", clipText(p)), diag.Arg("tag", of.tag()))
				}
			}
		}
	}
}

func (v *validator) validation(in, n *node) {
	for _, k := range n.children(ns.VAL, "rule") {
		var native, custom int
		for i := range k.attrs {
			switch a := &k.attrs[i]; {
			case a.Space == "" && slices.Contains([]string{"isPresent", "isNotPresent", "startsWith", "endsWith"}, a.Local):
				native++
			case a.Space != "" && a.Space != xmlscan.XML:
				custom = 1
			}
		}
		if native+custom != 1 {
			v.add(k, ruleVal, "a rule must have exactly one of isPresent, isNotPresent, startsWith, endsWith and a rule of one's own")
		}
		if _, ok := k.lookup("", "existsInSource"); ok {
			n := 0
			for _, name := range []string{"isPresent", "startsWith", "endsWith"} {
				if _, ok := k.lookup("", name); ok {
					n++
				}
			}
			if n != 1 {
				v.add(k, ruleValSource, "existsInSource must go with exactly one of isPresent, startsWith and endsWith")
			}
		}
		if _, ok := k.lookup("", "occurs"); ok {
			if _, ok := k.lookup("", "isPresent"); !ok {
				v.add(k, ruleValOccurs, "occurs must go with isPresent")
			}
		}
		if k.get("disabled") == "yes" && in.Local == "file" {
			v.add(k, ruleValDisable, "a rule of a file may not be disabled there")
		}
	}
}

// formats checks the format style module's attributes on one element.
func (v *validator) formats(n *node) {
	_, fs := n.lookup(ns.FS, "fs")
	_, sub := n.lookup(ns.FS, "subFs")
	if sub && !fs {
		v.add(n, ruleSubFS, "%s has fs:subFs without fs:fs", diag.Arg("tag", n.tag()))
	}
	if (fs || sub) && n.Local == "ec" && n.Space == v.core && n.get("isolated") != "yes" {
		v.add(n, ruleFS, "fs:fs may stand only on an <ec> that is isolated")
	}
}

var (
	sizePattern = lazy.Regexp(`^(?:\*|[0-9]+|[0-9]+,(?:[0-9]+|\*))$`)
	integer     = lazy.Regexp(`^[0-9]+$`)
)

// sizes checks the size restriction module's attributes on one element. Values are
// the profile's; those of the standard profiles are known.
func (v *validator) sizes(n *node) {
	info, hasInfo := n.lookup(ns.SLR, "sizeInfo")
	ref, hasRef := n.lookup(ns.SLR, "sizeInfoRef")
	equiv, hasEquiv := n.lookup(ns.SLR, "equivStorage")
	if hasInfo && hasRef {
		v.add(n, ruleSizeRef, "%s has both slr:sizeInfo and slr:sizeInfoRef", diag.Arg("tag", n.tag()))
	}
	if (hasInfo || hasRef || hasEquiv) && n.Local == "ec" && n.get("isolated") != "yes" {
		v.add(n, ruleSizeEnd, "slr:sizeInfo, slr:sizeInfoRef and slr:equivStorage may stand only on an <ec> that is isolated")
	}
	if hasRef && !slices.ContainsFunc(v.sizeData, func(ids map[string]bool) bool { return ids[ref] }) {
		v.add(n, ruleSizeRef, "slr:sizeInfoRef=%q names nothing in an <slr:data> next to this element or around it", diag.Arg("ref", clipText(ref)))
	}
	standard := v.profile.general == "xliff:codepoints"
	if hasInfo {
		switch {
		case standard && !integer().MatchString(info):
			v.add(n, ruleSize, "slr:sizeInfo=%q is not a whole number", diag.Arg("value", clipText(info)))
		case v.profile.general == "":
			v.warn(n, ruleSizeInfo, "slr:sizeInfo means nothing, since no general profile is named")
		}
	}
	if s, ok := n.lookup(ns.SLR, "sizeRestriction"); ok && standard && !sizePattern().MatchString(s) {
		v.add(n, ruleSize, "slr:sizeRestriction=%q is not of the form *, n, n,m or n,*", diag.Arg("value", clipText(s)))
	}
	if !slices.Contains([]string{"xliff:utf8", "xliff:utf16", "xliff:utf32"}, v.profile.storage) {
		return
	}
	if hasEquiv && !integer().MatchString(equiv) {
		v.add(n, ruleStorage, "slr:equivStorage=%q is not a whole number", diag.Arg("value", clipText(equiv)))
	}
	if s, ok := n.lookup(ns.SLR, "storageRestriction"); ok && !sizePattern().MatchString(s) {
		v.add(n, ruleStorage, "slr:storageRestriction=%q is not of the form *, n, n,m or n,*", diag.Arg("value", clipText(s)))
	}
}

// unitModules checks what refers to the unit's texts: proposals and terms.
func (v *validator) unitModules(n *node, u *unitCheck) {
	for _, matches := range n.children(ns.MTC, "matches") {
		v.unique(matches.kids, ruleMatchID, "matches")
		for _, m := range matches.children(ns.MTC, "match") {
			v.match(m, u)
		}
	}
	for _, g := range n.children(ns.GLS, "glossary") {
		seen := map[string]bool{}
		g.walk(func(k *node) {
			if k.Space != ns.GLS || k.Local != "glossEntry" && k.Local != "translation" {
				return
			}
			if id, ok := k.lookup("", "id"); ok {
				if seen[id] {
					v.add(k, ruleGlossID, "the id %q stands twice in one glossary", diag.Arg("id", clipText(id)))
				}
				seen[id] = true
			}
			if ref, ok := k.lookup("", "ref"); ok && strings.HasPrefix(ref, "#") {
				v.spanRef(k, ref, u, ruleGlossRef)
			} else if ok {
				v.warn(k, ruleGlossRef, "ref=%q is not a reference into this unit", diag.Arg("ref", clipText(ref)))
			}
			if k.Local == "glossEntry" && len(k.children(ns.GLS, "translation")) == 0 && len(k.children(ns.GLS, "definition")) == 0 {
				v.add(k, ruleGlossEntry, "<gls:glossEntry> has neither translation nor definition")
			}
		})
	}
}

func (v *validator) match(m *node, u *unitCheck) {
	if _, ok := m.lookup(xmlscan.XML, "lang"); ok {
		v.add(m, ruleMatchLang, "<mtc:match> may not have xml:lang")
	}
	if _, ok := m.lookup("", "subType"); ok {
		if _, ok := m.lookup("", "type"); !ok {
			v.add(m, ruleMatchType, "<mtc:match> has a subType, but no type")
		}
	}
	if ref, ok := m.lookup("", "ref"); ok {
		v.spanRef(m, ref, u, ruleMatchRef)
	}
	in := &unitCheck{validator: v, n: m, data: map[string]bool{}, parts: []*node{m}}
	for _, o := range m.children(v.core, "originalData") {
		list := o.children(v.core, "data")
		v.unique(list, ruleDataID, "data elements")
		for _, d := range list {
			in.data[d.get("id")] = true
			v.codePoints(d)
		}
	}
	in.run()
	for _, k := range m.children(ns.MDA, "metadata") {
		v.metadata(k)
	}
}

// spanRef checks a reference to a segment or a span of text in the unit.
func (v *validator) spanRef(n *node, ref string, u *unitCheck, r rule) {
	f, problem := parseFragment(ref)
	switch {
	case problem != "":
		v.add(n, ruleFragment, "ref=%q: %s", diag.Arg("ref", clipText(ref)), diag.Arg("problem", problem))
	case f == nil:
		v.add(n, r, "ref=%q is not a reference into this unit, as %q would be", diag.Arg("ref", clipText(ref)), diag.Arg("value", "#"+clipText(ref)))
	case !f.within(v.path) || f.leaf.id == "":
		v.add(n, r, "ref=%q does not name a span of this unit", diag.Arg("ref", clipText(ref)))
	case f.leaf.prefix == "" && u.ids[f.leaf.id] == nil, f.leaf.prefix == "t" && u.trg[f.leaf.id] == nil,
		f.leaf.prefix != "" && f.leaf.prefix != "t":
		v.add(n, r, "ref=%q names no span of this unit", diag.Arg("ref", clipText(ref)))
	}
}
