package xliff

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// xliff2 is what the decoder keeps of a file of version 2.
type xliff2 struct{ sourceLang, targetLang string }

func (d *decoder) xliff2Root(t *xmlscan.Token) error {
	d.sourceLang, d.targetLang = languageTag(attr(t, "srcLang")), languageTag(attr(t, "trgLang"))
	space := preserve(t, false)
	return d.children(func(t *xmlscan.Token) error {
		if t.Name.Space == d.core && t.Name.Local == "file" {
			return d.file2(t, space)
		}
		return d.skip()
	})
}

// group2 is what a file or group says for all that is in it.
type group2 struct{ noTranslate, preserve bool }

func (g group2) in(t *xmlscan.Token) group2 {
	switch attr(t, "translate") {
	case "yes":
		g.noTranslate = false
	case "no":
		g.noTranslate = true
	}
	g.preserve = preserve(t, g.preserve)
	return g
}

func (d *decoder) file2(t *xmlscan.Token, space bool) error {
	d.header = &exchange.Header{Skipped: d.skipped, Path: attr(t, "original"), SourceLocale: d.sourceLang, TargetLocale: d.targetLang}
	return d.group2(group2{preserve: space}.in(t), true)
}

// group2 reads a file or a group to its end.
func (d *decoder) group2(g group2, file bool) error {
	return d.children(func(t *xmlscan.Token) error {
		switch {
		case t.Name.Space == ns.MDA && t.Name.Local == "metadata" && file:
			return d.documentData()
		case t.Name.Space != d.core:
			if attr(t, "generalProfile") != "xliff:codepoints" { // ours
				d.skipped["extensions and modules of files and groups"]++
			}
		case t.Name.Local == "notes" && file:
			notes, err := d.notes2()
			for _, n := range notes {
				d.header.Notes = append(d.header.Notes, n.Note)
			}
			return err
		case t.Name.Local == "group":
			d.skipped["groups"]++
			return d.group2(g.in(t), false)
		case t.Name.Local == "unit":
			return d.unit2(t, g.in(t))
		}
		return d.skip()
	})
}

func (d *decoder) documentData() error {
	groups, _, err := d.metadata()
	ps := groups["document"]
	h := d.header
	h.Format, h.SHA256, h.Batch, h.Time = ps.text("format"), ps.text("sha256"), ps.text("batch"), parseTime(ps.text("time"))
	h.Props = ps.propsOf()
	_, d.ours = groups["document"]
	return err
}

// metadata reads a metadata element: our groups by category, the others as they
// stand.
func (d *decoder) metadata() (groups map[string]props, others []byte, err error) {
	groups = map[string]props{}
	err = d.children(func(t *xmlscan.Token) error {
		category, mine := strings.CutPrefix(attr(t, "category"), ours+":")
		if !mine || t.Name.Space != ns.MDA {
			var err error
			others, err = d.capture(others, t)
			return err
		}
		var ps props
		err := d.children(func(t *xmlscan.Token) error {
			name := attr(t, "type")
			text, err := d.content(nil)
			ps = append(ps, prop{name, text})
			return err
		})
		groups[category] = append(groups[category], ps...)
		return err
	})
	return groups, others, err
}

type note2 struct {
	bitext.Note
	id       string
	priority int
	onTarget bool
}

// isComment reports whether a note is a translator's or reviewer's.
func (d *decoder) isComment(n note2) bool {
	return n.onTarget || exchange.IsReviewWord(n.Category) || d.ours && (strings.HasPrefix(n.id, "c") || !strings.HasPrefix(n.id, "n") && !isOurNote(n.Category))
}

func (d *decoder) notes2() ([]note2, error) {
	var notes []note2
	err := d.children(func(t *xmlscan.Token) error {
		n := note2{id: attr(t, "id"), onTarget: attr(t, "appliesTo") == "target"}
		n.priority, _ = strconv.Atoi(attr(t, "priority"))
		n.Category = attr(t, "category")
		var err error
		n.Text, err = d.content(nil)
		notes = append(notes, n)
		return err
	})
	return notes, err
}

// reading2 is a unit being read: what can be put together only at its end.
type reading2 struct {
	u       *exchange.Unit
	data    map[string]string
	groups  map[string]props
	sources []*inline2 // beside u.Segments
	targets []*inline2
	ids     map[string]bool // of segments
	matches []match2
	terms   []term2
	rules   [][]byte // validation elements
}

type match2 struct {
	bitext.Match
	ref string
}

type term2 struct {
	bitext.TermMark
	ref    string
	placed bool // start and end are known
}

func (d *decoder) unit2(t *xmlscan.Token, g group2) error {
	u := d.begin(t)
	u.ID, u.Name, u.NoTranslate, u.Preserve = attr(t, "id"), attr(t, "name"), g.noTranslate, g.preserve
	u.Kind = bitext.Kind(strings.TrimPrefix(attr(t, "type"), ours+":"))
	if v, ok := t.Attr(ns.SLR, "sizeRestriction"); ok {
		u.MaxLength = maxLength2(string(v))
	}
	d.countModuleAttributes(t)
	r := &reading2{u: u, data: map[string]string{}, ids: map[string]bool{}}
	err := d.children(func(t *xmlscan.Token) error { return d.unitChild(t, r) })
	if err != nil {
		return err
	}
	r.finish()
	if u.ID == "" {
		d.unit, d.inUnit = nil, false
		return d.report(diagAt(d.name, u.Line, u.Column, "xliff.unit", "it is left out", "a unit without id"))
	}
	return d.flush()
}

// countModuleAttributes counts the attributes of the module for plural, gender and
// select, which no field holds.
func (d *decoder) countModuleAttributes(t *xmlscan.Token) {
	for _, a := range t.Attrs {
		if a.Space == ns.PGS {
			d.skipped["attributes of plural, gender and select"]++
		}
	}
}

// maxLength2 is the upper limit that a sizeRestriction sets, 0 for none.
func maxLength2(s string) int {
	if _, last, ok := strings.Cut(s, ","); ok {
		s = last
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (d *decoder) unitChild(t *xmlscan.Token, r *reading2) error {
	u := r.u
	var err error
	switch {
	case t.Name.Space == d.core:
		switch t.Name.Local {
		case "segment", "ignorable":
			return d.part2(t, r)
		case "originalData":
			return d.originalData(r.data)
		case "notes":
			var notes []note2
			notes, err = d.notes2()
			for _, n := range notes {
				if n.id == locationNote && n.Category == "location" {
					u.Location = n.Text
				} else if d.isComment(n) {
					u.Comments = append(u.Comments, exchange.Comment{Category: n.Category, Priority: min(max(n.priority, 0), 10), OnTarget: n.onTarget, Text: n.Text})
				} else {
					u.Unit.Notes = append(u.Unit.Notes, n.Note)
				}
			}
			return err
		}
		return d.skip()
	case t.Name.Space == ns.MDA && t.Name.Local == "metadata":
		var others []byte
		r.groups, others, err = d.metadata()
		u.Extensions = append(u.Extensions, others...)
		return err
	case t.Name.Space == ns.MTC && t.Name.Local == "matches":
		return d.matches2(r)
	case t.Name.Space == ns.GLS && t.Name.Local == "glossary":
		return d.glossary2(r)
	case t.Name.Space == ns.VAL && t.Name.Local == "validation":
		return d.validation2(t, r)
	case ns.PrefixOf[t.Name.Space] != "" && t.Name.Space != ns.ITS:
		return d.skipPart("modules of units") // a module whose elements refer to others by ids that a unit does not keep
	}
	u.Extensions, err = d.capture(u.Extensions, t)
	return err
}

func (d *decoder) originalData(into map[string]string) error {
	return d.children(func(t *xmlscan.Token) error {
		id := attr(t, "id")
		text, err := d.content(cp)
		into[id] = text
		return err
	})
}

// cp adds the character that a cp element names.
func cp(t *xmlscan.Token, b *strings.Builder) {
	if t.Name.Local != "cp" {
		return
	}
	if r, err := strconv.ParseUint(attr(t, "hex"), 16, 32); err == nil && r <= 0x10FFFF {
		b.WriteRune(rune(r))
	}
}

func (d *decoder) part2(t *xmlscan.Token, r *reading2) error {
	u := r.u
	s := bitext.Segment{ID: attr(t, "id"), Ignorable: t.Name.Local == "ignorable"}
	var target bitext.Target
	state, stated := t.Attr("", "state")
	target.State, _ = bitext.ParseState(string(state))
	target.SubState = attr(t, "subState")
	d.countModuleAttributes(t)
	var source, to *inline2
	m := d.rw.mark(t)
	err := d.children(func(t *xmlscan.Token) error {
		var err error
		switch {
		case t.Name.Space == d.core && t.Name.Local == "source":
			m.source(t)
			source, err = d.inline2()
			m.sourceEnds(d.rw)
		case t.Name.Space == d.core && t.Name.Local == "target":
			m.target(d.rw, t)
			to, err = d.inline2()
			m.targetEnds(d.rw)
		default:
			err = d.skip()
		}
		return err
	})
	if source == nil {
		source = &inline2{}
	}
	if to != nil && !d.ours && !s.Ignorable && target.State == bitext.Initial && !to.text().IsEmpty() {
		// A tool that gives no states leaves out the attribute; one that says
		// "initial" of a text calls it unfinished.
		if !stated {
			target.State = bitext.Translated
		} else if target.SubState == "" {
			target.SubState = bitext.SubStateCheck
		}
	}
	r.ids[s.ID] = true
	if m != nil {
		m.segment = len(u.Segments)
		if source != nil {
			m.texts[0] = &source.textReader
		}
		if to != nil {
			m.texts[1] = &to.textReader
		}
	}
	addSegment(u, s, target)
	r.sources, r.targets = append(r.sources, source), append(r.targets, to)
	return err
}

// finish puts the unit together.
func (r *reading2) finish() {
	u := r.u
	own := r.groups["unit"]
	if id, ok := own.get("id"); ok {
		u.ID = id
	}
	if kind, ok := own.get("kind"); ok {
		u.Kind = bitext.Kind(kind)
	}
	u.Unit.Locale = own.text("locale")
	u.Props = own.propsOf()
	u.Comments = own.comments(u.Comments)
	if all, ok := own.get("extensions"); ok {
		u.Extensions = append([]byte(all), u.Extensions...)
	}
	extras := readExtras(own)
	r.name()
	where := map[string]int{} // the segment that an id is in
	for i := range u.Segments {
		s, t := &u.Segments[i], &u.Targets[i]
		where[s.ID] = i
		for _, in := range []*inline2{r.sources[i], r.targets[i]} {
			if in == nil {
				continue
			}
			for _, m := range in.marks {
				where[m.id] = i
			}
			for j := range in.codes {
				where[in.codes[j].ID] = i
			}
		}
		s.Source = r.sources[i].finish(r.data, extras)
		if r.targets[i] != nil {
			r.target(i, t, extras)
		} else {
			*t = bitext.Target{}
		}
	}
	r.inherit()
	for _, m := range r.matches {
		if i, ok := where[refID(m.ref)]; ok {
			u.Targets[i].Matches = append(u.Targets[i].Matches, m.Match)
		}
	}
	for _, m := range r.terms {
		r.place(m, where)
	}
	for i := range u.Segments {
		if id, ok := r.groups["segment:"+u.Segments[i].ID].get("id"); ok {
			u.Segments[i].ID = id
		}
	}
	r.drop(own)
	words := kept(u)
	for _, rule := range r.rules {
		if len(words) == 0 { // else they are made again, and there is place for one only
			u.Extensions = append(u.Extensions, rule...)
		}
	}
}

// name gives an id to each segment that has none.
func (r *reading2) name() {
	n := 0
	for i := range r.u.Segments {
		s := &r.u.Segments[i]
		prefix := "s"
		if s.Ignorable {
			prefix = "i"
		}
		for s.ID == "" {
			n++
			if id := prefix + strconv.Itoa(n); !r.ids[id] {
				s.ID = id
				r.ids[id] = true
			}
		}
	}
}

func (r *reading2) target(i int, t *bitext.Target, extras map[string]url.Values) {
	t.Text = r.targets[i].finish(r.data, extras)
	ps := r.groups["segment:"+r.u.Segments[i].ID]
	if s, ok := bitext.ParseState(ps.text("state")); ok && r.u.Segments[i].Ignorable {
		t.State = s
	}
	if sub, ok := ps.get("sub-state"); ok {
		t.SubState = sub
	}
	_, filled := ps.get("filled")
	if t.Text.IsEmpty() && t.State == bitext.Initial && !filled {
		*t = bitext.Target{}
		return
	}
	t.Filled = true
	setTargetProps(t, ps)
}

// drop takes out what was written only to make the unit valid.
func (r *reading2) drop(own props) {
	u := r.u
	switch {
	case own.text("uncut") == "yes" && len(u.Segments) == 1:
		u.Source = u.Segments[0].Source
		u.Segments, u.Targets = nil, nil
	case own.text("no-segment") != "":
		i := slices.IndexFunc(u.Segments, func(s bitext.Segment) bool { return s.ID == own.text("no-segment") })
		if i >= 0 && u.Segments[i].Source.IsEmpty() && !u.Targets[i].Filled {
			u.Segments, u.Targets = slices.Delete(u.Segments, i, i+1), slices.Delete(u.Targets, i, i+1)
		}
	}
}

// inherit gives a target's codes what only the source's say.
func (r *reading2) inherit() {
	known := map[codeName]*bitext.Code{}
	for i := range r.u.Segments {
		codes := r.u.Segments[i].Source.Codes
		for j := range codes {
			k := codeName{codes[j].Kind, codes[j].ID}
			if known[k] == nil {
				known[k] = &codes[j]
			}
		}
	}
	for i, in := range r.targets {
		if in == nil {
			continue
		}
		codes := r.u.Targets[i].Text.Codes
		for j := range codes {
			c := &codes[j]
			source := known[codeName{c.Kind, c.ID}]
			if source == nil || in.refs[j].data != "" || c.Disp != "" || c.Equiv != "" || c.Type != "" {
				continue
			}
			pos := c.Pos
			*c = *source
			c.Pos = pos
		}
	}
}

// refID is the id that a reference inside its unit names: "#s1", "#t=m1", "m1".
func refID(ref string) string {
	ref = ref[strings.LastIndexByte(ref, '#')+1:]
	return ref[strings.LastIndexAny(ref, "=/")+1:]
}

// place puts a term into the segment it is of.
func (r *reading2) place(m term2, where map[string]int) {
	u := r.u
	i, ok := where[refID(m.ref)]
	if ok && !m.placed {
		for _, in := range []*inline2{r.sources[i]} {
			for _, k := range in.marks {
				if k.id == refID(m.ref) {
					m.Start, m.End = k.from, k.to
					m.placed = true
				}
			}
		}
	}
	if !ok || !m.placed {
		// A term that names no span is looked for.
		for j, s := range u.Translatable() {
			if at := strings.Index(s.Source.Chars, m.Source); at >= 0 && m.Source != "" && (!ok || i == j) {
				i, ok = j, true
				m.Start, m.End = at, at+len(m.Source)
				break
			}
		}
	}
	if ok {
		u.Targets[i].Terms = append(u.Targets[i].Terms, m.TermMark)
	}
}

func (d *decoder) matches2(r *reading2) error {
	return d.children(func(t *xmlscan.Token) error {
		if t.Name.Space != ns.MTC || t.Name.Local != "match" {
			return d.skip()
		}
		m := match2{ref: attr(t, "ref")}
		if attr(t, "reference") == "yes" {
			return d.skip() // it is in another language
		}
		word, sub := attr(t, "type"), attr(t, "subType")
		score := attr(t, "similarity")
		if score == "" {
			score = attr(t, "matchQuality")
		}
		if f, err := strconv.ParseFloat(score, 64); err == nil && f >= 0 && f <= 100 {
			m.Score = int(f)
		}
		m.Origin.Name = attr(t, "origin")
		data := map[string]string{}
		var own props
		source, target := &inline2{}, &inline2{}
		err := d.children(func(t *xmlscan.Token) error {
			var err error
			switch {
			case t.Name.Space == ns.MDA && t.Name.Local == "metadata":
				var groups map[string]props
				groups, _, err = d.metadata()
				own = groups["match"]
			case t.Name.Space != d.core:
				err = d.skip()
			case t.Name.Local == "originalData":
				err = d.originalData(data)
			case t.Name.Local == "source":
				source, err = d.inline2()
			case t.Name.Local == "target":
				target, err = d.inline2()
			default:
				err = d.skip()
			}
			return err
		})
		extras := readExtras(own)
		m.Source, m.Target = source.finish(data, extras), target.finish(data, extras)
		m.Type = matchOf(word, sub, m.Score)
		if own != nil {
			m.State, _ = bitext.ParseState(own.text("state"))
			m.SubState, m.NotUsable, m.Origin = own.text("sub-state"), bitext.Reason(own.text("held")), originOf(own)
			if n, err := strconv.Atoi(own.text("score")); err == nil {
				m.Score = n
			}
		} else {
			m.State = bitext.Translated
		}
		r.matches = append(r.matches, m)
		return err
	})
}

func matchOf(word, subType string, score int) bitext.MatchType {
	if name, ok := strings.CutPrefix(subType, ours+":"); ok {
		return matchType(name)
	}
	switch {
	case word == "mt":
		return bitext.MTMatch
	case word == "icm" || word == "idm":
		return bitext.InContextMatch
	case word == "other":
		return bitext.NoMatch
	case score == 100:
		return bitext.ExactMatch
	}
	return bitext.FuzzyMatch
}

func (d *decoder) glossary2(r *reading2) error {
	return d.children(func(t *xmlscan.Token) error {
		m := term2{ref: attr(t, "ref")}
		err := d.children(func(t *xmlscan.Token) error {
			if t.Name.Space == ns.MDA && t.Name.Local == "metadata" {
				groups, _, err := d.metadata()
				own := groups["term"]
				m.Concept, m.DoNotTranslate = own.text("concept"), own.text("keep") == "yes"
				for _, p := range own {
					if p.name == "forbidden" {
						m.Forbidden = append(m.Forbidden, p.value)
					}
				}
				if end, ok := own.get("end"); ok {
					m.Start, _ = strconv.Atoi(own.text("start"))
					m.End, _ = strconv.Atoi(end)
					m.placed = true
				}
				return err
			}
			if t.Name.Space != ns.GLS {
				return d.skip()
			}
			name := t.Name.Local
			text, err := d.content(nil)
			switch name {
			case "term":
				m.Source = text
			case "translation":
				m.Targets = append(m.Targets, text)
			case "definition":
				m.Note = text
			}
			return err
		})
		r.terms = append(r.terms, m)
		return err
	})
}

// validation2 keeps a validation element as it stands.
func (d *decoder) validation2(t *xmlscan.Token, r *reading2) error {
	raw, err := d.capture(nil, t)
	if err != nil {
		return err
	}
	r.rules = append(r.rules, raw)
	return nil
}
