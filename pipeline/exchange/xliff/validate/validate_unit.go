package validate

import (
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// unitCheck checks the texts of a unit, or of a match, which has the same rules.
type unitCheck struct {
	*validator
	n     *node
	parts []*node // segments and ignorables
	data  map[string]bool
	ids   map[string]*node // of parts and of what is in sources
	notes map[string]bool
	trg   map[string]*node // of what is in targets
	whole bool             // every part that has a source has a target
}

func (u *unitCheck) run() {
	u.ids, u.trg, u.notes = map[string]*node{}, map[string]*node{}, map[string]bool{}
	for _, notes := range u.n.children(u.core, "notes") {
		for _, note := range notes.kids {
			if id, ok := note.lookup("", "id"); ok {
				u.notes[id] = true
			}
		}
	}
	var sources, targets []*node
	u.whole = true
	for _, p := range u.parts {
		if id, ok := p.lookup("", "id"); ok && p.Local != "match" {
			u.claim(id, p)
		}
		s, t := p.children(u.core, "source"), p.children(u.core, "target")
		sources, targets = append(sources, s...), append(targets, t...)
		if len(t) == 0 {
			u.whole = false
		}
		u.part(p, s, t)
	}
	for _, s := range sources {
		u.inlines(s, func(k *node) {
			if id, ok := k.lookup("", "id"); ok {
				u.claim(id, k)
			}
		})
	}
	for _, t := range targets {
		u.inlines(t, u.targetID)
	}
	u.side(sources, false)
	u.side(targets, true)
	for _, k := range append(slices.Clone(sources), targets...) {
		u.codePoints(k)
		u.inlines(k, u.inline)
	}
	u.kept(sources, targets)
	u.sequences(sources, targets)
	u.order()
}

// inlines visits the inline elements of a source or target.
func (u *unitCheck) inlines(n *node, visit func(*node)) {
	for _, k := range n.kids {
		if k.Space == u.core {
			visit(k)
			u.inlines(k, visit)
		}
	}
}

func (u *unitCheck) claim(id string, n *node) {
	if u.ids[id] != nil {
		u.add(n, ruleID, "the id %q stands twice among the segments and codes of one unit", diag.Arg("id", clipText(id)))
		return
	}
	u.ids[id] = n
}

// targetID checks the id of an inline element in a target: it is that of what it
// stands for in the source, or new.
func (u *unitCheck) targetID(k *node) {
	id, ok := k.lookup("", "id")
	if !ok {
		return
	}
	if u.trg[id] != nil {
		u.add(k, ruleTargetID, "the id %q stands twice in the targets of one unit", diag.Arg("id", clipText(id)))
		return
	}
	u.trg[id] = k
	if s := u.ids[id]; s != nil && shape(s.Local) != shape(k.Local) {
		u.add(k, ruleTargetID, "%s in the target has the id of %s in the source", diag.Arg("tag", k.tag()), diag.Arg("otherTag", s.tag()))
	}
}

// shape names what an element is, however it is written.
func shape(local string) string {
	switch local {
	case "pc", "sc":
		return "span"
	case "mrk", "sm":
		return "marker"
	}
	return local
}

// part checks one segment or ignorable.
func (u *unitCheck) part(p *node, sources, targets []*node) {
	around := u.space[len(u.space)-1]
	match := p.Local == "match"
	for _, s := range sources {
		if in := around.of(s); in.lang != "" && !strings.EqualFold(in.lang, u.srcLang) {
			u.add(s, ruleSource, "the language of <source> is %q, srcLang is %q", diag.Arg("language", clipText(in.lang)), diag.Arg("srcLang", clipText(u.srcLang)))
		}
	}
	for _, t := range targets {
		in := around.of(t)
		if !match && u.trgLang == "" {
			u.add(t, ruleTrgLang, "there is a <target>, but <xliff> has no trgLang")
		} else if in.lang != "" && !strings.EqualFold(in.lang, u.trgLang) && p.get("reference") != "yes" {
			u.add(t, ruleTarget, "the language of <target> is %q, trgLang is %q", diag.Arg("language", clipText(in.lang)), diag.Arg("trgLang", clipText(u.trgLang)))
		}
		if len(sources) > 0 && spaceOf(around.of(sources[0])) != spaceOf(in) {
			u.add(t, ruleSpace, "<source> and <target> do not have the same xml:space")
		}
	}
	if p.Local != "segment" {
		return
	}
	state, stated := p.lookup("", "state")
	if _, ok := p.lookup("", "subState"); ok && !stated {
		u.add(p, ruleSubState, "<segment> has a subState, but no state")
	}
	if state != "" && state != "initial" && len(targets) == 0 && aState.expected(state) == "" {
		u.add(p, ruleState, "the state is %s, but there is no <target>", diag.Arg("state", state))
	}
}

func spaceOf(in inherited) string {
	if in.space == "" {
		return "default"
	}
	return in.space
}

// inline checks the attributes of one inline element, by itself.
func (u *unitCheck) inline(k *node) {
	sub, hasSub := k.lookup("", "subType")
	typ, hasType := k.lookup("", "type")
	switch {
	case hasSub && !hasType:
		u.add(k, ruleSubType, "%s has a subType, but no type", diag.Arg("tag", k.tag()))
	case hasSub && strings.HasPrefix(sub, "xlf:") && ns.ReservedSubTypes[sub] != typ:
		u.add(k, ruleSubType, "subType=%q does not go with type=%q", diag.Arg("subType", clipText(sub)), diag.Arg("type", clipText(typ)))
	}
	for _, ref := range []struct {
		name string
		rule rule
	}{{"dataRef", ruleDataRef}, {"dataRefStart", ruleDataStart}, {"dataRefEnd", ruleDataEnd}} {
		if id, ok := k.lookup("", ref.name); ok && !u.data[id] {
			u.add(k, ref.rule, "%s=%q names no <data> of this unit", diag.Arg("name", ref.name), diag.Arg("id", clipText(id)))
		}
	}
	u.copyOf(k)
	if r := k.get("canReorder"); (r == "no" || r == "firstNo") && (k.get("canCopy") != "no" || k.get("canDelete") != "no") {
		u.add(k, ruleHints, "%s has canReorder=%q, so canCopy and canDelete must be no", diag.Arg("tag", k.tag()), diag.Arg("canReorder", r))
	}
	for _, name := range []string{"subFlows", "subFlowsStart", "subFlowsEnd"} {
		for _, id := range strings.Fields(k.get(name)) {
			if ns.IsNMTOKEN(id) && !u.units.Has(id) {
				u.flows = append(u.flows, flowRef{id, k})
			}
		}
	}
	if k.Local == "mrk" || k.Local == "sm" {
		u.annotation(k)
	}
	if k.Local == "ec" {
		u.endCode(k)
	}
	u.formats(k)
	u.sizes(k)
}

func (u *unitCheck) copyOf(k *node) {
	base, ok := k.lookup("", "copyOf")
	if !ok {
		return
	}
	if k.get("dataRef") != "" || k.get("dataRefStart") != "" || k.get("dataRefEnd") != "" {
		u.add(k, ruleCopyOf, "%s has both copyOf and original data", diag.Arg("tag", k.tag()))
	}
	b := u.ids[base]
	if b == nil {
		b = u.trg[base]
	}
	switch {
	case b == nil || !slices.Contains([]string{"ph", "pc", "sc", "ec"}, b.Local):
		u.add(k, ruleCopyOf, "copyOf=%q names no code of this unit", diag.Arg("base", clipText(base)))
	case b.get("canCopy") == "no":
		u.add(k, ruleCopyOf, "the code %q has canCopy=\"no\", but is copied", diag.Arg("base", clipText(base)))
	}
}

// endCode checks which of id, startRef, isolated and dir an ec has.
func (u *unitCheck) endCode(k *node) {
	_, id := k.lookup("", "id")
	_, ref := k.lookup("", "startRef")
	isolated := k.get("isolated") == "yes"
	switch {
	case isolated && (!id || ref):
		u.add(k, ruleEndCode, "an isolated <ec> must have id and no startRef")
	case !isolated && (id || !ref):
		u.add(k, ruleEndCode, "an <ec> that is not isolated must have startRef and no id")
	case !isolated && k.get("dir") != "":
		u.add(k, ruleEndCode, "an <ec> that is not isolated may not have dir")
	}
}

func (u *unitCheck) annotation(k *node) {
	ref, hasRef := k.lookup("", "ref")
	_, hasValue := k.lookup("", "value")
	typ := k.get("type")
	switch typ {
	case "", "generic":
		if _, ok := k.lookup("", "translate"); !ok {
			u.add(k, ruleTranslate, "%s is a translate annotation without translate", diag.Arg("tag", k.tag()))
		}
	case "comment":
		switch {
		case hasRef && hasValue:
			u.add(k, ruleComment, "a comment annotation may not have both ref and value")
		case !hasRef && !hasValue:
			u.add(k, ruleComment, "a comment annotation must have ref or value")
		}
	}
	if hasRef {
		f, problem := parseFragment(ref)
		switch {
		case problem != "":
			u.add(k, ruleFragment, "ref=%q: %s", diag.Arg("ref", clipText(ref)), diag.Arg("problem", problem))
		case typ == "comment" && !hasValue && !u.ownNote(f):
			u.add(k, ruleComment, "ref=%q names no note of this unit", diag.Arg("ref", clipText(ref)))
		}
	}
}

// ownNote reports whether a reference is to a note of this unit.
func (u *unitCheck) ownNote(f *fragment) bool {
	return f != nil && f.leaf.prefix == "n" && u.notes[f.leaf.id] && f.within(u.path)
}

// side checks that codes and markers in all sources, or all targets, of the unit
// pair up.
func (u *unitCheck) side(texts []*node, target bool) {
	starts := map[string]*node{} // sc and sm that have begun
	var order []*node
	done := map[*node]bool{}
	for _, text := range texts {
		u.inlines(text, func(k *node) {
			switch k.Local {
			case "sc", "sm":
				starts[k.Local+k.get("id")] = k
				order = append(order, k)
			case "ec":
				if k.get("isolated") == "yes" {
					return
				}
				if ref, ok := k.lookup("", "startRef"); ok {
					u.end(k, starts["sc"+ref], ref, done, target)
				}
			case "em":
				s := starts["sm"+k.get("startRef")]
				if s == nil || done[s] {
					if !target || u.whole {
						u.add(k, ruleMarker, "<em startRef=%q> has no <sm> before it in this unit", diag.Arg("startRef", clipText(k.get("startRef"))))
					}
					return
				}
				done[s] = true
			}
		})
	}
	for _, s := range order {
		switch {
		case done[s] || target && !u.whole:
		case s.Local == "sm":
			u.add(s, ruleMarker, "<sm id=%q> has no <em> behind it in this unit", diag.Arg("id", clipText(s.get("id"))))
		case s.get("isolated") != "yes":
			u.add(s, ruleIsolated, "<sc id=%q> is not isolated, but has no <ec> behind it in this unit", diag.Arg("id", clipText(s.get("id"))))
		}
	}
}

// end checks an ec against its sc.
func (u *unitCheck) end(k, s *node, ref string, done map[*node]bool, target bool) {
	switch {
	case s == nil:
		if !target || u.whole {
			u.add(k, ruleIsolated, "<ec startRef=%q> has no <sc> before it in this unit", diag.Arg("ref", clipText(ref)))
		}
		return
	case s.get("isolated") == "yes":
		u.add(s, ruleIsolated, "<sc id=%q> is isolated, but an <ec> refers to it", diag.Arg("ref", clipText(ref)))
	case done[s]:
		u.add(k, ruleIsolated, "<sc id=%q> has two <ec>", diag.Arg("ref", clipText(ref)))
	}
	done[s] = true
	for _, name := range []string{"canCopy", "canDelete", "canOverlap"} {
		if a, b := orYes(s.get(name)), orYes(k.get(name)); a != b {
			u.add(k, rulePair, "%s is %s on <sc id=%q>, but %s on its <ec>", diag.Arg("name", name), diag.Arg("value", clipText(a)), diag.Arg("ref", clipText(ref)), diag.Arg("otherValue", clipText(b)))
		}
	}
	a, b := orYes(s.get("canReorder")), orYes(k.get("canReorder"))
	if a == "firstNo" {
		a = "no"
	}
	if a != b {
		u.add(k, rulePair, "canReorder is %s on <sc id=%q>, so its <ec> must have %s", diag.Arg("canReorder", orYes(s.get("canReorder"))), diag.Arg("ref", clipText(ref)), diag.Arg("expected", a))
	}
}

func orYes(s string) string {
	if s == "" {
		return "yes"
	}
	return s
}

// kept checks that codes which may not be deleted are in the targets, if not in
// that of their own segment.
func (u *unitCheck) kept(sources, targets []*node) {
	have := map[string]bool{}
	for _, t := range targets {
		u.inlines(t, func(k *node) {
			have[shape(k.Local)+k.get("id")] = true
			if k.Local == "pc" {
				have["ec"+k.get("id")] = true
			}
			if ref := k.get("startRef"); ref != "" {
				have[k.Local+ref] = true
			}
		})
	}
	for _, p := range u.parts {
		t := p.children(u.core, "target")
		if len(t) == 0 {
			continue
		}
		for _, s := range p.children(u.core, "source") {
			u.inlines(s, func(k *node) {
				id := k.get("id")
				if id == "" {
					id = k.get("startRef")
				}
				if k.get("canDelete") == "no" && !have[shape(k.Local)+id] {
					u.add(t[0], ruleDelete, "the target has lost the code %q, which has canDelete=\"no\"", diag.Arg("id", clipText(id)))
				}
			})
		}
	}
}

// step is one end of a code, in reading order.
type step struct {
	name    string // of the end: which side, and the id
	reorder string
	node    *node
	closing bool // the end of a pc, which has no attribute of its own
}

func (u *unitCheck) steps(texts []*node) []step {
	var out []step
	var in func(n *node)
	in = func(n *node) {
		for _, k := range n.kids {
			if k.Space != u.core {
				continue
			}
			id := k.get("id")
			switch k.Local {
			case "ph", "sc":
				out = append(out, step{name: "start " + id, reorder: orYes(k.get("canReorder")), node: k})
			case "ec":
				if ref := k.get("startRef"); ref != "" {
					id = ref
				}
				out = append(out, step{name: "end " + id, reorder: orYes(k.get("canReorder")), node: k})
			case "pc":
				r := orYes(k.get("canReorder"))
				out = append(out, step{name: "start " + id, reorder: r, node: k})
				in(k)
				if r == "firstNo" {
					r = "no"
				}
				out = append(out, step{name: "end " + id, reorder: r, node: k, closing: true})
				continue
			}
			in(k)
		}
	}
	for _, t := range texts {
		in(t)
	}
	return out
}

// sequences checks the runs of codes that may not be reordered: each begins with
// firstNo, nothing else stands in it, and targets keep its order.
func (u *unitCheck) sequences(sources, targets []*node) {
	src, trg := u.steps(sources), u.steps(targets)
	for _, steps := range [][]step{src, trg} {
		before := "yes"
		for _, s := range steps {
			if s.reorder == "no" && before == "yes" && !s.closing {
				u.add(s.node, ruleReorder, "%s has canReorder=\"no\", but no code with firstNo or no right before it", diag.Arg("tag", s.node.tag()))
			}
			before = s.reorder
		}
	}
	place := map[string]int{}
	for i, s := range trg {
		place[s.name] = i
	}
	last := -1
	for _, s := range src {
		at, ok := place[s.name]
		switch {
		case s.reorder == "yes":
			last = -1
			continue
		case s.reorder == "firstNo":
			last = -1
		}
		if !ok {
			continue
		}
		if at < last {
			u.add(trg[at].node, ruleReorder, "%s, which may not be reordered, stands elsewhere in the target", diag.Arg("tag", trg[at].node.tag()))
		}
		last = at
	}
}

// order checks that the places of targets, written or not, are each used once.
func (u *unitCheck) order() {
	taken := map[int]bool{}
	written := false
	for i, p := range u.parts {
		at := i + 1
		for _, t := range p.children(u.core, "target") {
			if o := t.get("order"); o != "" {
				n, err := strconv.Atoi(o)
				if err != nil || n < 1 {
					return // its value has been found wrong
				}
				written = true
				if at = n; at > len(u.parts) {
					u.add(t, ruleOrder, "order=%q, but the unit has %d segments and ignorables", diag.Arg("order", clipText(o)), diag.Arg("count", len(u.parts)))
				}
			}
			if taken[at] && written {
				u.add(t, ruleOrder, "two targets of the unit have the place %d", diag.Arg("place", at))
			}
		}
		taken[at] = true
	}
}

// langOf is the effective language of an element inside n's parent.
func (v *validator) langOf(n *node) string {
	s, _ := n.lookup(xmlscan.XML, "lang")
	return s
}
