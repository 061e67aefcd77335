package markdown

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/charset"
	"hexapla/pipeline/format/internal/spantext"
)

// cut takes masks and bytes that are no characters out of the characters.
func (s *splitter) cut(items []item, cell bool) []item {
	clean := true
	for i := range items {
		if items[i].kind == charsItem && (s.masksIn(items[i].from, items[i].to) || !s.valid && !utf8.Valid(s.data[items[i].from:items[i].to])) {
			clean = false
		}
	}
	if clean {
		return items
	}
	out := make([]item, 0, len(items)+4)
	for _, it := range items {
		if it.kind != charsItem {
			out = append(out, it)
			continue
		}
		for at := it.from; at < it.to; {
			if m := maskAt(s.masks, at); m != nil {
				if m.page {
					s.pageSlot(m)
				}
				kind := "other"
				if m.kind == wikiMask && m.name != "" {
					kind = "link" // its bytes may change
				}
				out = append(out, item{kind: codeItem, from: at, to: min(m.to, it.to), tag: m.tag(), role: m.role, subs: s.parameters(m, cell),
					keep: m.kind == jsxMask && m.role == opening && (keptTags[m.name] || bytes.Contains(s.data[m.from:m.to], []byte(`translate="no"`))),
					code: s.newCode(bitext.Code{Type: kind, NoDelete: m.kind != attrMask})})
				at = min(m.to, it.to)
				continue
			}
			end := it.to
			if i := s.nextMask(at); i < len(s.masks) {
				end = min(end, s.masks[i].from)
			}
			n, ok := charset.LeadingRun(s.data[at:end])
			if ok {
				out = append(out, item{kind: charsItem, from: at, to: at + n})
			} else {
				out = append(out, item{kind: codeItem, from: at, to: at + n, code: s.newCode(bitext.Code{Disp: "bytes", Type: "other", NoCopy: true, NoDelete: true})})
			}
			at += n
		}
	}
	return out
}

// pageSlot registers the place where a translation needs the page of the wiki link
// that m opens.
func (s *splitter) pageSlot(m *mask) {
	if n := bytes.Index(s.data[m.to:], []byte("]]")); n > 0 {
		s.slots = append(s.slots, bitext.Slot{Name: slotPage + string(s.data[m.to:m.to+n]), Start: m.from, End: m.to})
	}
}

// nextMask is the first mask that ends after at.
func (s *splitter) nextMask(at int) int {
	return sort.Search(len(s.masks), func(i int) bool { return s.masks[i].to > at })
}

func (s *splitter) masksIn(from, to int) bool {
	if len(s.masks) == 0 {
		return false
	}
	i := s.nextMask(from)
	return i < len(s.masks) && s.masks[i].from < to
}

func (m *mask) tag() string {
	if m.role == single && m.kind == jsxMask || m.name == "" && m.kind != jsxMask {
		return ""
	}
	return strconv.Itoa(int(m.kind)) + m.name
}

// pair joins opening and closing tags to pairs, and makes one code of what a
// tag marks what is not to be translated.
func (s *splitter) pair(items []item) []item {
	pairs := 0
	tags := false
	for _, it := range items {
		pairs = max(pairs, it.pair)
		tags = tags || it.tag != ""
	}
	if !tags {
		return items
	}
	open := map[string][]int{}
	for i := range items {
		it := &items[i]
		if it.tag == "" {
			continue
		}
		if it.role != closing {
			open[it.tag] = append(open[it.tag], i)
			continue
		}
		st := open[it.tag]
		if len(st) == 0 {
			continue
		}
		from := st[len(st)-1]
		open[it.tag] = st[:len(st)-1]
		pairs++
		it.pair, items[from].pair = pairs, pairs
		it.code.Kind, items[from].code.Kind = bitext.End, bitext.Start
		it.code.Type, it.code.SubType = items[from].code.Type, items[from].code.SubType
	}
	return s.protect(items)
}

// protect makes one placeholder of each pair whose tag keeps its content.
func (s *splitter) protect(items []item) []item {
	if !slices.ContainsFunc(items, func(it item) bool { return it.keep }) {
		return items
	}
	out := items[:0:0]
	for i := 0; i < len(items); i++ {
		it := items[i]
		if !it.keep || it.code.Kind != bitext.Start {
			out = append(out, it)
			continue
		}
		j := i + 1
		whole := map[int]int{it.pair: 1}
		for ; j < len(items) && items[j].pair != it.pair; j++ {
			if p := items[j].pair; p > 0 {
				whole[p]++
			}
		}
		balanced := j < len(items)
		if balanced {
			whole[it.pair]++
		}
		for _, n := range whole {
			balanced = balanced && n == 2
		}
		if !balanced {
			out = append(out, it)
			continue
		}
		inner := s.compose(items[i+1 : j])
		var subs []int
		for _, k := range items[i : j+1] {
			subs = append(subs, k.subs...)
		}
		for _, k := range subs {
			s.pending[k].NoTranslate = true
		}
		out = append(out, item{kind: codeItem, from: it.from, to: items[j].to, subs: subs,
			code: s.newCode(bitext.Code{Equiv: inner.source.Chars, Type: it.code.Type, SubType: it.code.SubType})})
		i = j
	}
	return out
}

// composed is a unit's text, and where it is in the source.
type composed struct {
	source  bitext.Text
	anchors []bitext.Anchor
	codes   []int
	subs    []sub
}

// compose makes a text of items.
func (s *splitter) compose(items []item) composed {
	var t composed
	codes, pairs := 0, 0
	for i := range items {
		if items[i].kind == codeItem {
			codes++
			pairs = max(pairs, items[i].pair)
		}
	}
	if codes > 0 {
		t.source.Codes, t.codes = s.codes(codes), s.ints(codes)
	}
	chars := s.chars[:0]
	t.anchors = s.anchors[:0]
	ids := slices.Grow(s.pairIDs[:0], pairs+1)[:pairs+1] // the numbers in the IDs of pairs, 0 for none yet
	clear(ids)
	next := 0
	for i := range items {
		switch it := &items[i]; it.kind {
		case charsItem:
			chars = t.unescape(chars, s.data, it.from, it.to, s.Dialect)
		case breakItem:
			t.anchor(len(chars), it.from)
			if !s.dropsBreak(items, i) {
				chars = append(chars, ' ')
			}
			t.anchor(len(chars), it.to)
		case codeItem:
			t.source.Codes = append(t.source.Codes, *it.code)
			c := &t.source.Codes[len(t.source.Codes)-1]
			c.Pos, c.Data = len(chars), s.keepString(s.data[it.from:it.to])
			if id := ids[it.pair]; id > 0 && it.pair > 0 && c.Kind == bitext.End {
				c.ID = strconv.Itoa(id)
			} else {
				next++
				c.ID = strconv.Itoa(next)
				ids[it.pair] = next
			}
			for _, k := range it.subs {
				t.subs = append(t.subs, sub{code: len(t.source.Codes) - 1, unit: k})
			}
			t.codes = append(t.codes, it.from)
			t.anchor(len(chars), it.to)
		}
	}
	t.source.Chars = s.keepString(chars)
	s.chars, s.anchors, s.pairIDs = chars, t.anchors, ids
	t.anchors = s.keepAnchors(t.anchors)
	return t
}

// dropsBreak reports whether the line break items[i] stands for nothing, because of
// the characters on both sides of it, marks of emphasis and links aside.
func (s *splitter) dropsBreak(items []item, i int) bool {
	neighbour := func(step int) *item {
		for k := i + step; k >= 0 && k < len(items); k += step {
			if items[k].kind == charsItem {
				return &items[k]
			}
			if items[k].kind != codeItem || items[k].code.Kind == bitext.Placeholder {
				break
			}
		}
		return nil
	}
	a, b := neighbour(-1), neighbour(1)
	if a == nil || b == nil {
		return false
	}
	return spantext.DropsBreak(s.data[:a.to], s.data[b.from:])
}

// anchor notes that byte text of the characters is at raw.
func (t *composed) anchor(text, raw int) {
	t.anchors = append(t.anchors, bitext.Anchor{Text: text, Raw: raw})
}

// unescape appends the source from from to to, with its backslash escapes and
// its character references resolved (CommonMark 0.31, 2.4 and 2.5), and its
// line breaks folded.
func (t *composed) unescape(chars, data []byte, from, to int, dialect Dialect) []byte {
	flushed := from
	for i := from; i < to; {
		n, with := 1, data[:0]
		switch c := data[i]; c {
		case '\\':
			if i+1 < to && dialect.escapes(data[i+1]) {
				n, with = 2, data[i+1:i+2]
			}
		case '&':
			if k, b := reference(data[i:to]); k > 0 {
				n, with = k, b
			}
		case '\n', '\r':
			// Only a title has its lines in its characters.
			for n < to-i && isSpaceByte(data[i+n]) {
				n++
			}
			with = oneSpace
		}
		if len(with) > 0 {
			chars = append(chars, data[flushed:i]...)
			t.anchor(len(chars), i)
			chars = append(chars, with...)
			flushed = i + n
			t.anchor(len(chars), flushed)
		}
		i += n
	}
	return append(chars, data[flushed:to]...)
}

// oneSpace is what a folded line break is.
var oneSpace = []byte{' '}

// maxReference is the length in bytes up to which the end of a reference is looked for: no
// name of HTML is longer.
const maxReference = 40

// reference is the length of the entity or numeric character reference that b
// begins with, and what it represents; 0 if there is none.
func reference(b []byte) (int, []byte) {
	b = b[:min(len(b), maxReference)]
	n := bytes.IndexByte(b, ';')
	if n < 2 {
		return 0, nil
	}
	name := b[1:n]
	if name[0] != '#' {
		e, ok := util.LookUpHTML5EntityByName(string(name))
		if !ok {
			return 0, nil
		}
		return n + 1, e.Characters
	}
	digits, base, most := name[1:], 10, 7
	if len(digits) > 0 && digits[0]|0x20 == 'x' {
		digits, base, most = digits[1:], 16, 6
	}
	if len(digits) == 0 || len(digits) > most {
		return 0, nil
	}
	v, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil {
		return 0, nil
	}
	r := rune(v)
	if v == 0 || !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	return n + 1, utf8.AppendRune(nil, r)
}
