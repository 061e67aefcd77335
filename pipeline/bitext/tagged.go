package bitext

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// tagLike matches what reads as a numbered tag, with the backslashes before it.
var tagLike = regexp.MustCompile(`(\\*)<(/?)([0-9]+)(/?)>`)

// Tagged writes t with its codes as numbered tags: <1>…</1> for a pair, <2/> for
// a placeholder. Numbers count a text's codes in order of appearance from 1, a
// pair sharing one. A literal that would read as a tag gets a backslash before
// it, and backslashes right before a tag or such a literal are doubled, so that
// ParseTagged gives exactly t back.
func (t Text) Tagged() string { return t.taggedWith(numbers(t)) }

// TaggedAs is Tagged with the numbers that the codes have in source, as
// for a target that is shown with its source. A code that source does not have
// gets the next free number.
func (t Text) TaggedAs(source Text) string {
	n := numbers(source)
	next := len(n) + 1
	for _, c := range t.Codes {
		if _, ok := n[c.ID]; !ok {
			n[c.ID] = next
			next++
		}
	}
	return t.taggedWith(n)
}

func (t Text) taggedWith(n map[string]int) string {
	if len(t.Codes) == 0 && strings.IndexByte(t.Chars, '<') < 0 {
		return t.Chars
	}
	var b strings.Builder
	for p := range t.Pieces() {
		if p.Code == nil {
			if strings.IndexByte(p.Chars, '<') < 0 {
				b.WriteString(p.Chars)
				continue
			}
			chars := tagLike.ReplaceAllStringFunc(p.Chars, func(m string) string {
				return strings.Repeat(`\`, strings.IndexByte(m, '<')+1) + m
			})
			b.WriteString(chars)
			continue
		}
		// A tag eats the backslashes before it; double those that are text.
		s := b.String()
		b.WriteString(s[len(strings.TrimRight(s, `\`)):])
		num := strconv.Itoa(n[p.Code.ID])
		switch p.Code.Kind {
		case Start:
			b.WriteString("<" + num + ">")
		case End:
			b.WriteString("</" + num + ">")
		default:
			b.WriteString("<" + num + "/>")
		}
	}
	return b.String()
}

// numbers gives each code ID of t its number, from 1 in order of appearance.
func numbers(t Text) map[string]int {
	n := make(map[string]int, len(t.Codes))
	for _, c := range t.Codes {
		if _, ok := n[c.ID]; !ok {
			n[c.ID] = len(n) + 1
		}
	}
	return n
}

// ParseTagged reads what Tagged wrote, or what a person or an engine made of
// it: tags are looked up by number and shape in source, and take everything but
// their place from there. A tag that source does not have is an error that
// names it; lost, doubled and unbalanced ones are for CompareCodes to find.
func ParseTagged(s string, source Text) (Text, error) {
	n := numbers(source)
	type key struct {
		num  int
		kind CodeKind
	}
	known := make(map[key]Code, len(source.Codes))
	for _, c := range source.Codes {
		if _, ok := known[key{n[c.ID], c.Kind}]; !ok {
			known[key{n[c.ID], c.Kind}] = c
		}
	}
	var b strings.Builder
	var codes []Code
	at := 0
	for _, m := range tagLike.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		at = m[1]
		slashes := m[3] - m[2]
		tag := s[m[3]:m[1]]
		b.WriteString(strings.Repeat(`\`, slashes/2))
		if slashes%2 == 1 {
			b.WriteString(tag)
			continue
		}
		end, alone := m[5] > m[4], m[9] > m[8]
		kind := Start
		switch {
		case end && alone:
			b.WriteString(tag) // "</1/>" is no tag of ours
			continue
		case end:
			kind = End
		case alone:
			kind = Placeholder
		}
		num, err := strconv.Atoi(s[m[6]:m[7]])
		if err != nil {
			return Text{}, fmt.Errorf("tag %s: number out of range", tag)
		}
		c, ok := known[key{num, kind}]
		if !ok {
			return Text{}, fmt.Errorf("tag %s is not in the source %q", tag, source.Tagged())
		}
		c.Pos = b.Len()
		codes = append(codes, c)
	}
	b.WriteString(s[at:])
	return Text{Chars: b.String(), Codes: codes}, nil
}

// ParseTaggedUnbound parses text with numbered tags when there is no source to look
// them up in: each tag becomes a code whose ID is its number. Tagged gives the same
// text back if that numbered its codes in order.
func ParseTaggedUnbound(s string) (Text, error) {
	var known Text
	if strings.IndexByte(s, '<') < 0 {
		return ParseTagged(s, known)
	}
	used := map[string]bool{}
	for _, m := range tagLike.FindAllStringSubmatch(s, -1) {
		used[m[3]] = true
	}
	for n := 1; n <= maxUnbound; n++ {
		id := strconv.Itoa(n)
		if !used[id] {
			break
		}
		for k := Placeholder; k <= End; k++ {
			known.Codes = append(known.Codes, Code{Kind: k, ID: id})
		}
	}
	return ParseTagged(s, known)
}

// maxUnbound is the most codes that ParseTaggedUnbound numbers in one text.
const maxUnbound = 9999
