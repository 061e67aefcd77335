package catalog

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"hexapla/locales/message"
)

// A tree is a JSON or YAML file with the place of every key and value. Edits
// are splices of its bytes.
type tree struct {
	*lined
	root          *node // nil where there is no value
	yaml          bool
	newline, unit string // a line's end and one step of indentation, as the file has them
}

type nodeKind byte

const (
	scalarNode nodeKind = iota
	mappingNode
	sequenceNode
)

// A node is one value. A block scalar's last line break is not part of it.
type node struct {
	kind       nodeKind
	start, end int
	text       string
	null, raw  bool // raw: a JSON scalar that is no string
	elems      []element

	flow   bool // JSON, and what YAML has in brackets
	bare   bool // without the brackets
	open   int  // where YAML's bracket is, behind an anchor
	column int  // of the keys or dashes of a block, from 0
	style  yaml.Style
}

// An element is a pair of a mapping or an item of a list.
type element struct {
	start int   // of the key or of the dash
	key   *node // nil in a list
	colon int   // after YAML's colon, 0 where there is none
	val   *node
}

// newlineOf is how the first line ends.
func newlineOf(data []byte) string {
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// indentAt is the white space that the line of at begins with, and whether
// nothing else stands before at.
func (t *tree) indentAt(at int) (string, bool) {
	line := t.data[t.lineStart(at):at]
	indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	return string(indent), len(indent) == len(line)
}

// A step leads from a container to one of its elements.
type step struct {
	in *node
	i  int
}

// A spot is a message in the tree.
type spot struct {
	prefix string // of the id: what the keys above give
	steps  []step
	node   *node
	own    *node // the value of its field "id"
	key    string
}

// isMessage says of a value what go-i18n does: whether it is a message or a
// table of messages.
func (n *node) isMessage() bool {
	if n.kind == scalarNode {
		return true
	}
	return n.kind == mappingNode && slices.ContainsFunc(n.elems, func(e element) bool {
		return e.key.text == "translation" || reserved(e.key.text) && e.val.kind == scalarNode && !e.val.null
	})
}

// reserved says whether go-i18n takes a key for a field of a message.
func reserved(key string) bool {
	switch key = strings.ToLower(key); key {
	case "id", "description", "hash", "leftdelim", "rightdelim", "translation":
		return true
	}
	return slices.Contains(message.Categories, key)
}

// find is the index of the field of this name, in any case; -1 for none.
func (n *node) find(name string) int {
	if n.kind != mappingNode {
		return -1
	}
	return slices.IndexFunc(n.elems, func(e element) bool { return strings.EqualFold(e.key.text, name) })
}

// spots are the messages by id, as go-i18n joins them. An id that is there
// twice has a spot without a node.
func (t *tree) spots() map[string]spot {
	out := map[string]spot{}
	var visit func(n *node, key, prefix string, steps []step)
	visit = func(n *node, key, prefix string, steps []step) {
		if n.isMessage() {
			s := spot{prefix: prefix, steps: steps, node: n, key: key}
			id := key
			if i := n.find("id"); i >= 0 && n.elems[i].val.kind == scalarNode && n.elems[i].val.text != "" {
				s.own = n.elems[i].val
				id = s.own.text
			}
			if _, twice := out[prefix+id]; twice {
				s = spot{}
			}
			out[prefix+id] = s
			return
		}
		if len(steps) > 0 && steps[len(steps)-1].in.kind == mappingNode {
			prefix += key + "."
		}
		for i, e := range n.elems {
			key := ""
			if e.key != nil {
				key = e.key.text
			}
			visit(e.val, key, prefix, append(steps[:len(steps):len(steps)], step{n, i}))
		}
	}
	if t.root != nil {
		visit(t.root, "", "", nil)
	}
	return out
}

// A reader makes the tree of a file.
type reader func([]byte) (*tree, error)

// applyTree makes edits in a JSON or YAML file, one kind after the other, each
// in the file as the one before has left it. What it cannot do it leaves: apply
// compares the result with what was wanted.
func applyTree(read reader, data []byte, edits []edit) ([]byte, error) {
	t, err := read(data)
	if err != nil {
		return nil, err
	}
	was := t.spots()
	next := func(splices []splice) error {
		if len(splices) == 0 {
			return nil
		}
		data = spliced(data, splices)
		t, err = read(data)
		return err
	}
	for _, e := range edits {
		if e.rename == "" || was[e.id].node == nil {
			continue
		}
		if data, err = renamed(read, data, e.id, e.rename); err != nil {
			return nil, err
		}
		if t, err = read(data); err != nil {
			return nil, err
		}
	}
	gone := removal{t: t, marked: map[*node]map[int]bool{}, whole: map[*node]bool{}}
	spots := t.spots()
	for _, e := range edits {
		s := spots[e.id]
		switch {
		case s.node == nil || e.rename != "":
		case e.fields == nil:
			gone.message(s)
		default:
			gone.fields(s.node, e.fields)
		}
	}
	if err := next(gone.splices()); err != nil {
		return nil, err
	}
	var set []splice
	spots = t.spots()
	for _, e := range edits {
		if s := spots[e.id]; s.node != nil && e.rename == "" && e.fields != nil {
			set = append(set, t.set(s, e.fields)...)
		}
	}
	if err := next(set); err != nil {
		return nil, err
	}
	adding := newAddition(t)
	for _, e := range edits {
		if _, there := was[e.id]; !there && e.rename == "" && e.fields != nil {
			adding.message(e)
		}
	}
	if err := next(adding.splices()); err != nil {
		return nil, err
	}
	return data, nil
}

// A removal collects the elements that go.
type removal struct {
	t      *tree
	marked map[*node]map[int]bool
	whole  map[*node]bool // containers whose elements go with the comments above them
}

func (r *removal) mark(s step) {
	if r.marked[s.in] == nil {
		r.marked[s.in] = map[int]bool{}
	}
	r.marked[s.in][s.i] = true
}

// message takes away a message, and what then is empty.
func (r *removal) message(s spot) {
	for i := len(s.steps) - 1; i >= 0; i-- {
		r.mark(s.steps[i])
		r.whole[s.steps[i].in] = true
		if len(r.marked[s.steps[i].in]) < len(s.steps[i].in.elems) {
			return
		}
	}
}

// fields takes away the fields of a message that are not wanted. One stays, so
// that the message does: set makes another of it.
func (r *removal) fields(n *node, wanted []value) {
	for _, i := range unwanted(n, wanted) {
		if len(r.marked[n]) < len(n.elems)-1 {
			r.mark(step{n, i})
		}
	}
	if i := n.find("translation"); i >= 0 && n.elems[i].val.kind == mappingNode {
		r.fields(n.elems[i].val, wanted)
	}
}

// unwanted are the fields that have a text and are to have none.
func unwanted(n *node, wanted []value) []int {
	var out []int
	if n.kind != mappingNode {
		return nil
	}
	for i, e := range n.elems {
		name := strings.ToLower(e.key.text)
		if name == "id" || name == "translation" || !reserved(name) || e.val.kind != scalarNode || e.val.text == "" ||
			slices.ContainsFunc(wanted, func(v value) bool { return strings.EqualFold(v.name, name) }) {
			continue
		}
		out = append(out, i)
	}
	return out
}

func (r *removal) splices() []splice {
	var out []splice
	for n, marked := range r.marked {
		if n.flow {
			out = append(out, r.flow(n, marked)...)
		} else {
			out = append(out, r.block(n, marked)...)
		}
	}
	// Of a splice inside another one the outer is made: it comes first.
	slices.SortFunc(out, func(a, b splice) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	end := -1
	return slices.DeleteFunc(out, func(s splice) bool {
		if s.end <= end && s.start < end {
			return true
		}
		end = max(end, s.end)
		return false
	})
}

// flow removes elements of brackets with a comma each, and with their lines
// where they have lines of their own.
func (r *removal) flow(n *node, marked map[int]bool) []splice {
	if len(marked) == len(n.elems) {
		return []splice{{n.inside(), n.end - 1, ""}}
	}
	data := r.t.data
	var out []splice
	for i := 0; i < len(n.elems); i++ {
		if !marked[i] {
			continue
		}
		run := i // up to which all go
		for marked[run+1] {
			run++
		}
		start, end := n.elems[i].start, n.elems[run].val.end
		_, own := r.t.indentAt(start)
		alone := len(bytes.Trim(data[end:r.t.lineEnd(end)], ", \t\r\n")) == 0
		switch {
		case run+1 < len(n.elems) && n.elems[run+1].start < r.t.lineEnd(end):
			end = n.elems[run+1].start
		case run+1 < len(n.elems) && own && alone:
			start, end = r.t.lineStart(start), r.t.lineEnd(end)
		case run+1 < len(n.elems):
			if end = r.t.comma(end); i > 0 {
				start = r.t.comma(n.elems[i-1].val.end)
			}
		case own && r.t.lineStart(start) >= r.t.comma(n.elems[i-1].val.end):
			before := n.elems[i-1].val.end
			out = append(out, splice{before, r.t.comma(before), ""})
			if alone {
				start, end = r.t.lineStart(start), r.t.lineEnd(end)
			}
		default:
			start = n.elems[i-1].val.end
		}
		out = append(out, splice{start, end, ""})
		i = run
	}
	return out
}

// comma is the offset after the comma behind an element.
func (t *tree) comma(at int) int {
	r := yamlReader{lined: t.lined}
	if i := r.blank(at, ""); i < len(t.data) && t.data[i] == ',' {
		return i + 1
	}
	return at
}

// inside is the offset after the opening bracket.
func (n *node) inside() int { return max(n.start, n.open) + 1 }

// block removes elements with their lines.
func (r *removal) block(n *node, marked map[int]bool) []splice {
	data := r.t.data
	var out []splice
	for i, e := range n.elems {
		if !marked[i] {
			continue
		}
		if _, own := r.t.indentAt(e.start); !own {
			// It begins on a line of something else, such as a dash.
			if i+1 < len(n.elems) {
				out = append(out, splice{e.start, n.elems[i+1].start, ""})
				continue
			}
		}
		start, end := r.t.lineStart(e.start), r.t.lineEnd(e.val.end)
		if r.whole[n] {
			floor := 0
			if i > 0 {
				floor = r.t.lineEnd(n.elems[i-1].val.end)
			}
			start = max(floor, r.t.commentStart(e.start))
			if r.t.blankAt(end) && (start == 0 || r.t.blankBefore(start)) {
				end = r.t.lineEnd(end) // the blank line between it and the next
			} else if end == len(data) && r.t.blankBefore(start) && r.t.lineStart(start-1) >= floor {
				start = r.t.lineStart(start - 1)
			}
		}
		out = append(out, splice{start, end, ""})
	}
	if n == r.t.root && len(marked) == len(n.elems) {
		empty := "{}"
		if n.kind == sequenceNode {
			empty = "[]"
		}
		end := out[len(out)-1].end
		out = append(out, splice{end, end, empty + r.t.newline})
	}
	return out
}

// A text is a value to be written: as it stands, or a string, or fields.
type text struct {
	raw    string
	string string
	pairs  []pair
}

type pair struct {
	key   string
	value text
}

func textOf(fields []value, bare bool) text {
	if bare && len(fields) == 1 && fields[0].name == "other" {
		return text{string: fields[0].text}
	}
	out := text{}
	for _, v := range fields {
		out.pairs = append(out.pairs, pair{v.name, text{string: v.text}})
	}
	return out
}

// listItem is a message as go-i18n's first version has it, in a list.
func (t *tree) listItem(id string, fields []value) text {
	out := text{pairs: []pair{{"id", text{raw: t.key(id)}}}}
	var forms []value
	for _, v := range fields {
		if slices.Contains(message.Categories, v.name) {
			forms = append(forms, v)
		} else {
			out.pairs = append(out.pairs, pair{v.name, text{string: v.text}})
		}
	}
	out.pairs = append(out.pairs, pair{"translation", textOf(forms, true)})
	return out
}

// set makes a message have these fields.
func (t *tree) set(s spot, fields []value) []splice {
	n := s.node
	if n.kind == scalarNode {
		if len(fields) == 1 && fields[0].name == "other" {
			return t.setScalar(n, s.last(), fields[0].text)
		}
		return t.wrap(s.last(), fields)
	}
	var out []splice
	inner := n
	at := n.find("translation")
	var forms []value // of a translation that is one string
	if at >= 0 {
		if n.elems[at].val.find("translation") >= 0 || slices.ContainsFunc(message.Categories, func(c string) bool { return n.find(c) >= 0 }) {
			return nil // which of the two texts go-i18n takes is left to chance
		}
		if inner = n.elems[at].val; inner.kind == scalarNode {
			for _, v := range fields {
				if slices.Contains(message.Categories, v.name) {
					forms = append(forms, v)
				}
			}
			inner = n
			if len(forms) == 1 && forms[0].name == "other" {
				out = append(out, t.setScalar(n.elems[at].val, step{n, at}, forms[0].text)...)
			} else if len(forms) > 0 {
				out = append(out, t.wrap(step{n, at}, forms)...)
			}
		}
	}
	last := map[*node]int{n: n.find("id")}
	if inner != n {
		last[inner] = -1
	}
	// where a field is or is to be
	home := func(name string) *node {
		if n.find(name) < 0 && slices.Contains(message.Categories, name) {
			return inner
		}
		return n
	}
	spare := map[*node][]int{n: unwanted(n, fields)}
	if inner != n {
		spare[inner] = unwanted(inner, fields)
	}
	for k, v := range fields {
		in := home(v.name)
		if i := in.find(v.name); i >= 0 {
			last[in] = i
			if e := in.elems[i]; e.val.kind == scalarNode && (e.val.text != v.text || e.val.null && v.text != "") {
				out = append(out, t.setScalar(e.val, step{in, i}, v.text)...)
			}
			continue
		}
		if len(forms) > 0 && slices.Contains(message.Categories, v.name) {
			continue
		}
		rest := slices.ContainsFunc(fields[k+1:], func(v value) bool { return home(v.name) == in })
		if free := spare[in]; len(free) > 0 && !rest {
			e := in.elems[free[0]]
			out = append(out, splice{e.key.start, e.key.end, t.key(v.name)})
			out = append(out, t.setScalar(e.val, step{in, free[0]}, v.text)...)
			continue
		}
		out = append(out, t.insert(in, last[in], []string{t.pair(in, pair{v.name, text{string: v.text}}, last[in])})...)
	}
	return out
}

func (s spot) last() step {
	if len(s.steps) == 0 {
		return step{}
	}
	return s.steps[len(s.steps)-1]
}

// setScalar writes a string in place of a scalar, in its manner.
func (t *tree) setScalar(n *node, at step, s string) []splice {
	if n.text == s && !n.null {
		return nil
	}
	w := t.quote(s)
	if t.yaml {
		w = t.styled(n, at, s)
		if n.start == n.end && n.start > 0 && strings.IndexByte(" \t\n", t.data[n.start-1]) < 0 {
			w = " " + w
		}
	}
	return []splice{{n.start, n.end, w}}
}

// styled writes a string as n is written where that is safe.
func (t *tree) styled(n *node, at step, s string) string {
	printable := !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) || r == 0xfffd })
	switch n.style {
	case yaml.SingleQuotedStyle:
		if printable && !strings.Contains(s, "\n") {
			return "'" + strings.ReplaceAll(s, "'", "''") + "'"
		}
	case yaml.LiteralStyle:
		body, ended := strings.CutSuffix(s, "\n")
		if at.in == nil || at.in.flow || !printable || !strings.Contains(body, "\n") || strings.HasSuffix(body, "\n") || strings.HasPrefix(body, "\n") || strings.HasPrefix(body, " ") {
			break
		}
		head := "|-"
		if ended {
			head = "|"
		}
		indent := strings.Repeat(" ", at.in.column) + t.unit
		for line := range strings.SplitSeq(body, "\n") {
			if head += t.newline; line != "" {
				head += indent + line
			}
		}
		return head
	}
	return t.quote(s)
}

// quote writes a string. YAML's is quoted too, but for hashes and such, which
// mean nothing else.
func (t *tree) quote(s string) string {
	if hash, ok := strings.CutPrefix(s, "sha1-"); ok && t.yaml && hash != "" && strings.Trim(hash, "0123456789abcdef") == "" {
		return s
	}
	return quoteJSON(s)
}

// key writes a key: in YAML without quotation marks where it cannot be taken
// for anything else.
func (t *tree) key(s string) string {
	if !t.yaml || s == "" || !asciiLetter(rune(s[0])) || strings.ContainsFunc(s, func(r rune) bool {
		return !asciiLetter(r) && (r < '0' || r > '9') && !strings.ContainsRune("_-.", r)
	}) {
		return quoteJSON(s)
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return quoteJSON(s)
	}
	return s
}

func asciiLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// rawAt is a scalar as it stands, to be put one step deeper.
func (t *tree) rawAt(n *node) string {
	s := string(t.data[n.start:n.end])
	if !t.yaml || !strings.Contains(s, "\n") {
		return s
	}
	var b strings.Builder
	for line := range strings.Lines(s) {
		if b.Len() > 0 && strings.TrimSpace(line) != "" {
			b.WriteString(t.unit)
		}
		b.WriteString(line)
	}
	return b.String()
}

// wrap makes of a string a table with these fields.
func (t *tree) wrap(at step, fields []value) []splice {
	if at.in == nil {
		return nil
	}
	e := at.in.elems[at.i]
	body := textOf(fields, false)
	if i := len(fields) - 1; fields[i].name == "other" && fields[i].text == e.val.text && !e.val.null {
		body.pairs[i].value = text{raw: t.rawAt(e.val)}
	}
	if at.in.flow {
		indent, own := t.indentAt(e.start)
		return []splice{{e.val.start, e.val.end, t.flowText(body, indent, own && !t.yaml)}}
	}
	start, gap := e.val.start, ""
	if e.key != nil && e.colon > 0 && e.colon <= start {
		start = e.colon
		if between := t.data[start:e.val.start]; bytes.IndexByte(between, '#') >= 0 {
			gap = strings.TrimRight(string(between), " \t\r\n")
		}
	}
	w := gap + t.blockText(body, at.in.column)
	if e.key == nil {
		w = t.blockPairs(body.pairs, at.in.column+2)
	}
	return []splice{{start, e.val.end, w}}
}

// flowText writes a value as JSON, or in YAML's brackets. Indent is that of
// the line; broken says that each field has a line.
func (t *tree) flowText(v text, indent string, broken bool) string {
	switch {
	case v.raw != "":
		return v.raw
	case v.pairs == nil:
		return t.quote(v.string)
	}
	between, open, closing := ", ", "{", "}"
	if broken {
		open += t.newline + indent + t.unit
		between = "," + t.newline + indent + t.unit
		closing = t.newline + indent + closing
	}
	var parts []string
	for _, p := range v.pairs {
		parts = append(parts, t.key(p.key)+": "+t.flowText(p.value, indent+t.unit, broken))
	}
	return open + strings.Join(parts, between) + closing
}

// blockText writes what stands behind a key and its colon in a block.
func (t *tree) blockText(v text, column int) string {
	switch {
	case v.raw != "":
		return " " + v.raw
	case v.pairs == nil:
		return " " + t.quote(v.string)
	}
	indent := t.newline + strings.Repeat(" ", column) + t.unit
	return indent + t.blockPairs(v.pairs, column+len(t.unit))
}

func (t *tree) blockPairs(pairs []pair, column int) string {
	var parts []string
	for _, p := range pairs {
		parts = append(parts, t.key(p.key)+":"+t.blockText(p.value, column))
	}
	return strings.Join(parts, t.newline+strings.Repeat(" ", column))
}

// pair writes a new pair of a mapping; after is its neighbour.
func (t *tree) pair(in *node, p pair, after int) string {
	if !in.flow {
		return t.key(p.key) + ":" + t.blockText(p.value, in.column)
	}
	colon := ": "
	indent, own := "", false
	if len(in.elems) > 0 {
		e := in.elems[max(after, 0)]
		if !t.yaml {
			colon = string(t.data[e.key.end:e.val.start])
		}
		indent, own = t.indentAt(e.start)
	} else {
		indent, _ = t.indentAt(in.start)
		indent, own = indent+t.unit, t.broken(in)
	}
	return t.key(p.key) + colon + t.flowText(p.value, indent, own && !t.yaml)
}

// broken says whether what is put into empty brackets gets lines of its own.
func (t *tree) broken(in *node) bool {
	return !t.yaml && (t.root == nil || in == t.root || bytes.IndexByte(t.data[t.root.start:t.root.end], '\n') >= 0)
}

// item writes a new item of a list.
func (t *tree) item(in *node, v text, after int) string {
	if !in.flow {
		return "- " + t.blockPairs(v.pairs, in.column+2)
	}
	if len(in.elems) > 0 {
		indent, own := t.indentAt(in.elems[max(after, 0)].start)
		return t.flowText(v, indent, own && !t.yaml)
	}
	indent, _ := t.indentAt(in.start)
	return t.flowText(v, indent+t.unit, t.broken(in))
}

// insert puts texts into a container after one of its elements, -1 for before
// all.
func (t *tree) insert(in *node, after int, texts []string) []splice {
	if in.bare || len(texts) == 0 {
		return nil
	}
	if in.flow {
		return t.insertFlow(in, after, texts)
	}
	indent := strings.Repeat(" ", in.column)
	if after < 0 {
		between := t.newline + indent
		return []splice{{in.elems[0].start, in.elems[0].start, strings.Join(texts, between) + between}}
	}
	e := in.elems[after]
	at := t.lineEnd(e.val.end)
	blank := ""
	if after > 0 && t.blankBefore(t.commentStart(e.start)) ||
		after == 0 && len(in.elems) > 1 && t.blankBefore(t.commentStart(in.elems[1].start)) {
		blank = t.newline
	}
	w := ""
	if at > 0 && t.data[at-1] != '\n' {
		w = t.newline
	}
	for _, s := range texts {
		w += blank + indent + s + t.newline
	}
	return []splice{{at, at, w}}
}

func (t *tree) insertFlow(in *node, after int, texts []string) []splice {
	if len(in.elems) == 0 {
		w := strings.Join(texts, ", ")
		if t.broken(in) {
			indent, _ := t.indentAt(in.start)
			between := t.newline + indent + t.unit
			w = between + strings.Join(texts, ","+between) + t.newline + indent
		}
		return []splice{{in.inside(), in.end - 1, w}}
	}
	gap := func(k int) string {
		from := in.inside()
		if k > 0 {
			from = in.elems[k-1].val.end
		}
		s := strings.Replace(string(t.data[from:in.elems[k].start]), ",", "", 1)
		if strings.TrimSpace(s) != "" || k == 0 && !strings.Contains(s, "\n") {
			return " "
		}
		return s
	}
	between := gap(0)
	if after > 0 {
		between = gap(after)
	} else if len(in.elems) > 1 {
		between = gap(1)
	}
	if after < 0 {
		at := in.elems[0].start
		return []splice{{at, at, strings.Join(texts, ","+between) + "," + between}}
	}
	at := in.elems[after].val.end
	if !strings.Contains(between, "\n") && len(bytes.Trim(t.data[at:t.lineEnd(at)], ", \t\r\n")) == 0 {
		indent, _ := t.indentAt(in.start) // the line is at its end
		between = t.newline + indent + t.unit
	}
	return []splice{{at, at, "," + between + strings.Join(texts, ","+between)}}
}

// An addition collects new messages by their places.
type addition struct {
	t     *tree
	spots map[string]spot
	at    map[string]step // where new messages stand, for those that come after them
	texts map[step][]string
	order []step
	keys  map[*node]map[string]int // index of the elements of a table by their keys
}

func newAddition(t *tree) *addition {
	return &addition{t: t, spots: t.spots(), at: map[string]step{}, texts: map[step][]string{}, keys: map[*node]map[string]int{}}
}

// message puts a new message behind the one it comes after. It goes into the
// tables that its id names, if they are there.
func (a *addition) message(e edit) {
	t := a.t
	if t.root == nil || len(t.root.elems) == 0 {
		in := t.root
		if in == nil || t.yaml {
			in = &node{kind: mappingNode, flow: !t.yaml}
			if t.root != nil && t.root.kind == sequenceNode {
				in.kind = sequenceNode
			}
		}
		if len(a.order) > 0 {
			in = a.order[0].in
		}
		a.add(step{in, -1}, e, e.id)
		return
	}
	in, key := t.root, e.id
	for in.kind == mappingNode {
		i := a.table(in, key)
		if i < 0 {
			break
		}
		key = strings.TrimPrefix(key, in.elems[i].key.text+".")
		in = in.elems[i].val
	}
	at := step{in, len(in.elems) - 1}
	if to, ok := a.at[e.after]; ok && to.in == in {
		at = to
	}
	for _, s := range a.spots[e.after].steps {
		if s.in == in {
			at = s
		}
	}
	a.add(at, e, key)
}

// table is the index of the first table in a table that an id leads into, -1
// for none.
func (a *addition) table(in *node, id string) int {
	keys := a.keys[in]
	if keys == nil {
		keys = map[string]int{}
		for i, e := range slices.Backward(in.elems) {
			if e.val.kind == mappingNode && !e.val.bare && len(e.val.elems) > 0 && !e.val.isMessage() {
				keys[e.key.text] = i
			}
		}
		a.keys[in] = keys
	}
	first := -1
	for n := range len(id) - 1 {
		if id[n] != '.' || reserved(id[n+1:]) {
			continue
		}
		if i, there := keys[id[:n]]; there && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}

func (a *addition) add(at step, e edit, key string) {
	w := ""
	switch at.in.kind {
	case mappingNode:
		w = a.t.pair(at.in, pair{key, textOf(e.fields, true)}, at.i)
	case sequenceNode:
		w = a.t.item(at.in, a.t.listItem(e.id, e.fields), at.i)
	default:
		return
	}
	if a.texts[at] == nil {
		a.order = append(a.order, at)
	}
	a.texts[at] = append(a.texts[at], w)
	a.at[e.id] = at
}

func (a *addition) splices() []splice {
	var out []splice
	for _, at := range a.order {
		texts := a.texts[at]
		if len(at.in.elems) > 0 {
			out = append(out, a.t.insert(at.in, at.i, texts)...)
			continue
		}
		out = append(out, a.t.fill(at.in, texts)...)
	}
	return out
}

// fill writes the first elements of a file.
func (t *tree) fill(in *node, texts []string) []splice {
	switch {
	case t.root != nil && !t.yaml:
		return t.insertFlow(in, -1, texts)
	case !t.yaml:
		between := t.newline + t.unit
		return []splice{{0, len(t.data), "{" + between + strings.Join(texts, ","+between) + t.newline + "}" + t.newline}}
	}
	w := strings.Join(texts, t.newline)
	if t.root != nil {
		return []splice{{t.root.start, t.root.end, w}}
	}
	end := len(t.data)
	if end > 0 && t.data[end-1] != '\n' {
		w = t.newline + w
	}
	return []splice{{end, end, w + t.newline}}
}

// renamed gives a message another id: in place where the tables that it is in
// stay the same, else by moving it to the top, behind where it was.
func renamed(read reader, data []byte, from, to string) ([]byte, error) {
	t, err := read(data)
	if err != nil {
		return nil, err
	}
	s := t.spots()[from]
	if s.node == nil || len(s.steps) == 0 {
		return data, nil
	}
	rest, inPlace := strings.CutPrefix(to, s.prefix)
	at := s.last()
	e := at.in.elems[at.i]
	if inPlace && rest != "" {
		var out []byte
		switch {
		case s.own != nil:
			out = spliced(data, []splice{{s.own.start, s.own.end, t.key(rest)}})
		case e.key != nil:
			out = spliced(data, []splice{{e.key.start, e.key.end, t.key(rest)}})
		}
		if t, err := read(out); err == nil && out != nil && t.spots()[to].node != nil {
			return out, nil
		}
	}
	if t.root.kind != mappingNode || len(s.steps) < 2 || s.own != nil || e.key == nil {
		return data, nil
	}
	w := t.moved(at, to)
	if w == "" {
		return data, nil
	}
	data = spliced(data, t.insert(t.root, s.steps[0].i, []string{w}))
	if t, err = read(data); err != nil {
		return nil, err
	}
	gone := removal{t: t, marked: map[*node]map[int]bool{}, whole: map[*node]bool{}}
	if s = t.spots()[from]; s.node == nil {
		return data, nil
	}
	gone.message(s)
	return spliced(data, gone.splices()), nil
}

// moved is a pair as it stands, with another key and at the top.
func (t *tree) moved(at step, key string) string {
	e := at.in.elems[at.i]
	if t.root.flow != at.in.flow {
		return ""
	}
	if t.root.flow {
		inner, _ := t.indentAt(e.start)
		outer, _ := t.indentAt(t.root.elems[0].start)
		return t.key(key) + outdented(string(t.data[e.key.end:e.val.end]), len(inner)-len(outer))
	}
	depth := at.in.column - t.root.column
	start, end := t.lineStart(e.start), t.lineEnd(e.val.end)
	floor := 0 // where what stands before it ends
	if at.i > 0 {
		floor = t.lineEnd(at.in.elems[at.i-1].val.end)
	}
	above := t.data[min(start, max(t.commentStart(e.start), floor)):start]
	if _, own := t.indentAt(e.start); !own {
		above = nil
	}
	s := outdented("\n"+string(above), depth)[1:] + strings.Repeat(" ", t.root.column) + t.key(key) + outdented(string(t.data[e.key.end:end]), depth)
	return strings.TrimRight(strings.TrimPrefix(s, strings.Repeat(" ", t.root.column)), "\r\n")
}

// outdented takes up to depth characters of indentation from every line but the
// first.
func outdented(s string, depth int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if b.Len() > 0 {
			n := len(line) - len(strings.TrimLeft(line, " \t"))
			line = line[min(n, max(depth, 0)):]
		}
		b.WriteString(line)
	}
	return b.String()
}
