package xliff

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
)

// scope is a place in XLIFF 2 where ids must be unique: a unit, or a match. It
// gives the codes of its texts their ids and their forms.
type scope struct {
	parts []part
	used  map[string]bool
	codes props             // what no attribute holds
	data  map[string]string // ids in originalData by content
	order []string          // the contents, in order
	made  int

	sources map[codeName][]place2 // ids in sources, by what bitext calls the code
	split   map[string]bool       // pairs that cannot be a pc
	span    map[string]*spanInfo  // by id

	// Room that is used again for each text and each unit.
	here    map[string]bool
	open    map[string][]string
	claimed map[string]bool
	partner map[string]*bitext.Code
	infos   []*spanInfo
	taken   int
}

// reset makes room for another unit.
func (sc *scope) reset() {
	if sc.used == nil {
		*sc = scope{
			used: map[string]bool{}, sources: map[codeName][]place2{}, split: map[string]bool{}, span: map[string]*spanInfo{}, data: map[string]string{},
			here: map[string]bool{}, open: map[string][]string{}, claimed: map[string]bool{}, partner: map[string]*bitext.Code{},
		}
	}
	clear(sc.used)
	clear(sc.sources)
	clear(sc.split)
	clear(sc.span)
	clear(sc.data)
	sc.parts, sc.codes, sc.order = sc.parts[:0], sc.codes[:0], sc.order[:0]
	sc.made, sc.taken = 0, 0
}

// info is room for what is known of a code.
func (sc *scope) info(c *bitext.Code, part int) *spanInfo {
	if sc.taken == len(sc.infos) {
		sc.infos = append(sc.infos, new(spanInfo))
	}
	i := sc.infos[sc.taken]
	sc.taken++
	*i = spanInfo{code: c, sourcePart: part}
	return i
}

type codeName struct {
	kind bitext.CodeKind
	id   string
}

type place2 struct {
	id   string
	part int
}

// spanInfo is what a code's attributes say, the same wherever it stands.
type spanInfo struct {
	code         *bitext.Code // the start, or what stands alone
	noCopy       bool
	noDelete     bool
	reorder      string // "firstNo", "no" or empty
	inTargets    int
	wantTargets  int
	sourcePart   int                  // -1 for a code of targets only
	endPart      int                  // where the other end of a pair stands
	given        [bitext.End + 1]bool // the extras of each kind of it have been given
	data         bool                 // one of its codes has original data
	sourcePaired bool                 // both ends stand in sources of this scope
	targetPaired bool
}

// part is a segment or an ignorable; at is its place in Unit.Segments, -1 for one
// that only makes the unit valid.
type part struct {
	id        string
	at        int
	ignorable bool
	source    view
	target    *view
	marks     []string // the mrk of each term, empty for one without
}

// view is one text with the ids of its codes.
type view struct {
	text     bitext.Text
	ids      []string
	inTarget bool
	marks    []mark
}

// mark is an annotation of a span of characters.
type mark struct {
	id         string
	start, end int
	keep       bool
	split      bool // it crosses a code
}

// unit takes the texts of a unit.
func (sc *scope) unit(u *exchange.Unit, own *props) {
	sc.reset()
	segments := 0
	for i := range u.Segments {
		s, t := &u.Segments[i], &u.Targets[i]
		p := part{id: sc.reserveID(nmtoken(s.ID)), at: i, ignorable: s.Ignorable, source: view{text: s.Source}}
		if t.Filled {
			p.target = &view{text: t.Text, inTarget: true}
		}
		if !s.Ignorable {
			segments++
		}
		sc.parts = append(sc.parts, p)
	}
	if segments == 0 {
		p := part{at: -1}
		if len(u.Segments) == 0 {
			own.add("uncut", "yes")
			p.source.text = u.Source
			p.id = sc.reserveID("s1")
		} else {
			p.id = sc.fresh()
			own.add("no-segment", p.id)
		}
		sc.parts = append(sc.parts, p)
	}
	sc.assign()
	for i := range u.Targets {
		p := &sc.parts[i]
		for _, m := range u.Targets[i].Terms {
			id := ""
			if markable(p.source.text.Chars, m) {
				id = sc.fresh()
				p.source.marks = append(p.source.marks, mark{id: id, start: m.Start, end: m.End, keep: m.DoNotTranslate})
			}
			p.marks = append(p.marks, id)
		}
	}
	sc.choosePCOrSCEC()
}

// match takes the texts of a proposal.
func (sc *scope) match(m *bitext.Match) {
	sc.reset()
	sc.parts = append(sc.parts, part{source: view{text: m.Source}, target: &view{text: m.Target, inTarget: true}})
	sc.assign()
	sc.choosePCOrSCEC()
}

// markable reports whether a term's span can be marked in chars.
func markable(chars string, m bitext.TermMark) bool {
	return m.Start >= 0 && m.Start < m.End && m.End <= len(chars) && utf8.RuneStart(chars[m.Start]) &&
		(m.End == len(chars) || utf8.RuneStart(chars[m.End]))
}

// reserveID reserves an id, or one like it.
func (sc *scope) reserveID(id string) string {
	if sc.used[id] {
		return sc.fresh()
	}
	sc.used[id] = true
	return id
}

func (sc *scope) fresh() string {
	for {
		sc.made++
		id := "x" + strconv.Itoa(sc.made)
		if !sc.used[id] {
			sc.used[id] = true
			return id
		}
	}
}

// assign gives every code its id: a code's own where that is free, the source's in
// targets.
func (sc *scope) assign() {
	open, claimed := sc.open, sc.claimed
	clear(open)
	clear(claimed)
	for i := range sc.parts {
		v := &sc.parts[i].source
		for j := range v.text.Codes {
			c := &v.text.Codes[j]
			id := ""
			if stack := open[c.ID]; c.Kind == bitext.End && len(stack) > 0 {
				id, open[c.ID] = stack[len(stack)-1], stack[:len(stack)-1]
				sc.span[id].sourcePaired = true
				sc.span[id].wantTargets++
				sc.span[id].endPart = i
			} else {
				id = sc.reserveID(nmtoken(c.ID))
				info := sc.info(c, i)
				info.wantTargets, info.endPart = 1, i
				sc.span[id] = info
				k := codeName{c.Kind, c.ID}
				sc.sources[k] = append(sc.sources[k], place2{id, i})
				if c.Kind == bitext.Start {
					open[c.ID] = append(open[c.ID], id)
				}
			}
			v.ids = append(v.ids, id)
		}
	}
	clear(open)
	for i := range sc.parts {
		v := sc.parts[i].target
		if v == nil {
			continue
		}
		for j := range v.text.Codes {
			c := &v.text.Codes[j]
			id := ""
			if stack := open[c.ID]; c.Kind == bitext.End && len(stack) > 0 {
				id, open[c.ID] = stack[len(stack)-1], stack[:len(stack)-1]
				sc.span[id].targetPaired = true
			} else if id = sc.matchSourceCode(codeName{c.Kind, c.ID}, i, claimed); id == "" {
				id = sc.reserveID(nmtoken(c.ID))
				sc.span[id] = sc.info(c, -1)
			}
			if c.Kind == bitext.Start {
				open[c.ID] = append(open[c.ID], id)
			}
			sc.span[id].inTargets++
			v.ids = append(v.ids, id)
		}
	}
}

// matchSourceCode returns the id of the source's code that a target's code stands for, each only
// once, those of the same segment first.
func (sc *scope) matchSourceCode(name codeName, part int, claimed map[string]bool) string {
	found := ""
	for _, p := range sc.sources[name] {
		if claimed[p.id] {
			continue
		}
		if p.part == part {
			found = p.id
			break
		}
		if found == "" {
			found = p.id
		}
	}
	if found != "" {
		claimed[found] = true
	}
	return found
}

// choosePCOrSCEC finds which pairs can be a pc, and what attributes can say of each code.
func (sc *scope) choosePCOrSCEC() {
	for i := range sc.parts {
		p := &sc.parts[i]
		sc.findSplitPairs(&p.source)
		if p.target != nil {
			sc.findSplitPairs(p.target)
		}
	}
	sc.each(func(v *view, j int) {
		c, info := &v.text.Codes[j], sc.span[v.ids[j]]
		if v.inTarget && info.sourcePart >= 0 {
			return
		}
		info.noCopy = info.noCopy || c.NoCopy
		info.noDelete = info.noDelete || c.NoDelete
		if c.Type != info.code.Type || c.SubType != info.code.SubType {
			sc.split[v.ids[j]] = true
		}
	})
	for _, info := range sc.span {
		// A code that the target has lost, although it must not, makes the file
		// invalid if it says so.
		if info.sourcePart >= 0 && info.inTargets < info.wantTargets && (sc.parts[info.sourcePart].target != nil || sc.parts[info.endPart].target != nil) {
			info.noDelete = false
		}
	}
	sc.sequences()
	sc.each(func(v *view, j int) {
		c, id := &v.text.Codes[j], v.ids[j]
		if info := sc.span[id]; !info.given[c.Kind] {
			info.given[c.Kind] = true
			sc.codes.add("code", sc.extras(c, id))
		}
		if c.Data != "" {
			sc.dataID(c.Data)
			sc.span[id].data = true
		}
	})
	// A pc that has data at one end must have it at both.
	sc.each(func(v *view, j int) {
		if c, id := &v.text.Codes[j], v.ids[j]; c.Data == "" && c.Kind != bitext.Placeholder && !sc.split[id] && sc.span[id].data {
			sc.dataID("")
		}
	})
}

func (sc *scope) each(visit func(v *view, j int)) {
	for i := range sc.parts {
		p := &sc.parts[i]
		for j := range p.source.ids {
			visit(&p.source, j)
		}
		if p.target != nil {
			for j := range p.target.ids {
				visit(p.target, j)
			}
		}
	}
}

// findSplitPairs marks as split what does not lie wholly inside or outside everything else
// in one text.
func (sc *scope) findSplitPairs(v *view) {
	type item struct {
		id   string
		mark *mark
	}
	var stack []item
	if len(v.ids) == 0 && len(v.marks) == 0 {
		return
	}
	here := sc.here // pairs that begin in this text
	clear(here)
	v.walk(func(e event) {
		switch {
		case e.mark != nil && e.open:
			stack = append(stack, item{mark: e.mark})
		case e.mark != nil:
			if top := len(stack) - 1; top >= 0 && stack[top].mark == e.mark {
				stack = stack[:top]
				return
			}
			e.mark.split = true
			stack = slices.DeleteFunc(stack, func(i item) bool { return i.mark == e.mark })
		case e.code < 0 || v.text.Codes[e.code].Kind == bitext.Placeholder:
		case v.text.Codes[e.code].Kind == bitext.Start:
			here[v.ids[e.code]] = true
			stack = append(stack, item{id: v.ids[e.code]})
		default:
			id := v.ids[e.code]
			if !here[id] {
				sc.split[id] = true
				return
			}
			for len(stack) > 0 && stack[len(stack)-1].mark != nil { // marks give way to codes
				stack[len(stack)-1].mark.split = true
				stack = stack[:len(stack)-1]
			}
			if top := len(stack) - 1; top >= 0 && stack[top].id == id {
				stack = stack[:top]
			} else {
				sc.split[id] = true
				stack = slices.DeleteFunc(stack, func(i item) bool { return i.mark == nil && i.id == id })
			}
			delete(here, id)
		}
	})
	for id := range here {
		sc.split[id] = true
	}
}

// event is a step of a walk over a view: characters, a code, or an end of a mark.
type event struct {
	chars string
	code  int
	mark  *mark
	open  bool
}

// walk steps over v in reading order. A mark begins behind the codes at its start,
// and ends before those at its end.
func (v *view) walk(visit func(event)) {
	if len(v.marks) == 0 {
		i := -1
		for p := range v.text.Pieces() {
			if p.Code != nil {
				i++
				visit(event{code: i})
			} else {
				visit(event{chars: p.Chars, code: -1})
			}
		}
		return
	}
	slices.SortStableFunc(v.marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var ends []int
	for i := range v.marks {
		ends = append(ends, i)
	}
	// Of marks that end at one place, the last begun ends first.
	slices.SortStableFunc(ends, func(a, b int) int {
		return cmp.Or(cmp.Compare(v.marks[a].end, v.marks[b].end), cmp.Compare(b, a))
	})
	at, code, begun, ended := 0, 0, 0, 0
	chars := v.text.Chars
	for {
		for ended < len(ends) && v.marks[ends[ended]].end == at {
			visit(event{code: -1, mark: &v.marks[ends[ended]]})
			ended++
		}
		for code < len(v.text.Codes) && (v.text.Codes[code].Pos <= at || at == len(chars)) {
			visit(event{code: code})
			code++
		}
		for begun < len(v.marks) && v.marks[begun].start == at {
			visit(event{code: -1, mark: &v.marks[begun], open: true})
			begun++
		}
		if at == len(chars) {
			return
		}
		next := len(chars)
		if ended < len(ends) {
			next = min(next, v.marks[ends[ended]].end)
		}
		if begun < len(v.marks) {
			next = min(next, v.marks[begun].start)
		}
		if code < len(v.text.Codes) {
			next = min(next, v.text.Codes[code].Pos)
		}
		next = max(next, at+1)
		visit(event{chars: chars[at:next], code: -1})
		at = next
	}
}

// sequences says where codes that may not be reordered can say so: XLIFF asks that
// they may be neither copied nor deleted, that the first of a run says firstNo,
// and that a target keeps the run.
func (sc *scope) sequences() {
	for i := range sc.parts {
		p := &sc.parts[i]
		var run []string
		end := func() {
			if p.target == nil || keeps(&p.source, p.target, run) {
				for k, id := range run {
					sc.span[id].reorder = "no"
					if k == 0 {
						sc.span[id].reorder = "firstNo"
					}
				}
			}
			run = nil
		}
		for j, id := range p.source.ids {
			c, info := &p.source.text.Codes[j], sc.span[id]
			switch {
			case c.Kind == bitext.End && !sc.split[id]:
			case c.NoReorder && info.noCopy && info.noDelete && (c.Kind == bitext.Placeholder || !sc.split[id]):
				run = append(run, id)
			default:
				end()
			}
		}
		end()
	}
}

// keeps reports whether a target has a run of codes side by side, with their ends
// in the source's order, or none of them.
func keeps(source, target *view, run []string) bool {
	if len(run) == 0 {
		return true
	}
	var have []string
	for j, id := range target.ids {
		if target.text.Codes[j].Kind != bitext.End {
			have = append(have, id)
		}
	}
	i := slices.IndexFunc(have, func(id string) bool { return slices.Contains(run, id) })
	if i < 0 {
		return true
	}
	return len(have)-i >= len(run) && slices.Equal(have[i:i+len(run)], run) && slices.Equal(ends(source, run), ends(target, run))
}

// ends are the ends of a run's codes in reading order.
func ends(v *view, run []string) []string {
	var out []string
	for j, id := range v.ids {
		if slices.Contains(run, id) {
			out = append(out, v.text.Codes[j].Kind.String()+id)
		}
	}
	return out
}

// nativeType reports which of a code's type and subtype its attributes can hold.
func nativeType(c *bitext.Code) (typ, subType bool) {
	typ = slices.Contains(ns.CodeTypes, c.Type)
	subType = typ && ns.IsUserDefined(c.SubType) && (!strings.HasPrefix(c.SubType, "xlf:") || ns.ReservedSubTypes[c.SubType] == c.Type)
	return typ, subType
}

// extras are a code's fields that its attributes do not hold, as codeExtras has
// them, with the code's own ID where the element has another.
func (sc *scope) extras(c *bitext.Code, id string) string {
	info := sc.span[id]
	written := bitext.Code{NoCopy: info.noCopy, NoDelete: info.noDelete, NoReorder: info.reorder != ""}
	v := url.Values{}
	if f := flags(c); f != flags(&written) {
		v.Set("can", f)
	}
	typ, sub := nativeType(c)
	if !typ && c.Type != "" {
		v.Set("type", c.Type)
	}
	if !sub && c.SubType != "" {
		v.Set("sub-type", c.SubType)
	}
	if plain(c.Disp) < len(c.Disp) {
		v.Set("disp", c.Disp)
	}
	if plain(c.Equiv) < len(c.Equiv) {
		v.Set("equiv", c.Equiv)
	}
	if len(c.Subflows) > 0 {
		v["subflow"] = c.Subflows
	}
	if id != c.ID {
		v.Set("own", c.ID)
	}
	if len(v) == 0 {
		return ""
	}
	v.Set("id", id)
	v.Set("kind", c.Kind.String())
	return v.Encode()
}

func (sc *scope) dataID(content string) string {
	if id, ok := sc.data[content]; ok {
		return id
	}
	id := "d" + strconv.Itoa(len(sc.data)+1)
	sc.data[content] = id
	sc.order = append(sc.order, content)
	return id
}
