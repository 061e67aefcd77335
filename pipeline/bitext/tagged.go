package bitext

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/lazy"
)

// tagLike matches what reads as a numbered tag, with the backslashes before it.
var tagLike = lazy.Regexp(`(\\*)<(/?)([0-9]+)(/?)>`)

// UnknownTagError reports a tag of a text that its source, which is tagged too, does not
// have.
type UnknownTagError struct{ Tag, Source string }

func (e *UnknownTagError) Error() string {
	return fmt.Sprintf("tag %s is not in the source %q", e.Tag, e.Source)
}

// Tagged writes t with its codes as numbered tags: <1>…</1> for a pair, <2/> for
// a placeholder. Numbers count a text's codes in order of appearance from 1, a
// pair sharing one. A literal that would read as a tag gets a backslash before
// it, and backslashes right before a tag or such a literal are doubled, so that
// ParseTagged gives exactly t back.
func (t Text) Tagged() string {
	if !t.hasTags() {
		return t.Chars
	}
	return string(t.AppendTagged(make([]byte, 0, len(t.Chars)+8*len(t.Codes)+8)))
}

// AppendTagged appends what Tagged returns to b.
func (t Text) AppendTagged(b []byte) []byte {
	if len(t.Codes) > fewNumbers {
		return t.appendTagged(b, t.numbersIn(t))
	}
	var nums [fewNumbers]int
	numberFew(t.Codes, &nums)
	return t.appendTagged(b, nums[:len(t.Codes)])
}

// hasTags reports whether Tagged differs from the characters.
func (t Text) hasTags() bool { return len(t.Codes) > 0 || hasTag(t.Chars) }

// fewNumbers is how many codes are numbered without a map.
const fewNumbers = 16

// numberFew sets the numbers of the codes, at most fewNumbers, as numbers gives them.
func numberFew(codes []Code, nums *[fewNumbers]int) {
	last := 0
	for i := range codes {
		nums[i] = 0
		for j := range i {
			if codes[j].ID == codes[i].ID {
				nums[i] = nums[j]
				break
			}
		}
		if nums[i] == 0 {
			last++
			nums[i] = last
		}
	}
}

// TaggedAs is Tagged with the numbers that the codes have in source, as
// for a target that is shown with its source. A code that source does not have
// gets the next free number.
func (t Text) TaggedAs(source Text) string {
	if !t.hasTags() {
		return t.Chars
	}
	return string(t.appendTagged(make([]byte, 0, len(t.Chars)+8*len(t.Codes)+8), t.numbersIn(source)))
}

// numbersIn returns the numbers of the codes of t, as TaggedAs has them.
func (t Text) numbersIn(source Text) []int {
	if len(t.Codes) == 0 {
		return nil
	}
	n := numbers(source)
	next := len(n) + 1
	nums := make([]int, len(t.Codes))
	for i := range t.Codes {
		id := t.Codes[i].ID
		if _, ok := n[id]; !ok {
			n[id] = next
			next++
		}
		nums[i] = n[id]
	}
	return nums
}

// appendTagged is AppendTagged with the numbers of the codes.
func (t Text) appendTagged(b []byte, nums []int) []byte {
	start := len(b)
	code := 0
	for p := range t.Pieces() {
		if p.Code == nil {
			b = appendEscaped(b, p.Chars)
			continue
		}
		// A tag eats the backslashes before it; double those that are text.
		for n := len(b); n > start && b[n-1] == '\\'; n-- {
			b = append(b, '\\')
		}
		b = append(b, '<')
		if p.Code.Kind == End {
			b = append(b, '/')
		}
		b = strconv.AppendInt(b, int64(nums[code]), 10)
		if p.Code.Kind == Placeholder {
			b = append(b, '/')
		}
		b = append(b, '>')
		code++
	}
	return b
}

// hasTag reports whether characters read as a tag somewhere.
func hasTag(chars string) bool {
	for i := 0; ; i++ {
		n := strings.IndexByte(chars[i:], '<')
		if n < 0 {
			return false
		}
		i += n
		if _, _, _, size := tagAt(chars[i:]); size > 0 {
			return true
		}
	}
}

// appendEscaped appends characters, with one backslash more than there are before what
// reads as a tag.
func appendEscaped(b []byte, chars string) []byte {
	at := 0 // up to which chars are written
	for i := 0; ; i++ {
		n := strings.IndexByte(chars[i:], '<')
		if n < 0 {
			return append(b, chars[at:]...)
		}
		i += n
		_, _, _, size := tagAt(chars[i:])
		if size == 0 {
			continue
		}
		b = append(b, chars[at:i]...)
		for k := i; k > at && chars[k-1] == '\\'; k-- {
			b = append(b, '\\')
		}
		b = append(b, '\\')
		b = append(b, chars[i:i+size]...)
		i += size - 1
		at = i + 1
	}
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
	if strings.IndexByte(s, '<') < 0 {
		return Text{Chars: s}, nil
	}
	find := codeFinder(source)
	var b strings.Builder
	var codes []Code
	at := 0
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '<')
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		end, num, alone, size := tagAt(s[i:])
		if size == 0 {
			continue
		}
		tag := s[i : i+size]
		first := i
		for first > at && s[first-1] == '\\' {
			first--
		}
		b.WriteString(s[at:first])
		from = i + size
		at = from
		slashes := i - first
		b.WriteString(s[first : first+slashes/2])
		if slashes%2 == 1 {
			b.WriteString(tag)
			continue
		}
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
		n, err := strconv.Atoi(num)
		if err != nil {
			return Text{}, fmt.Errorf("tag %s: number out of range", tag)
		}
		c := find(n, kind)
		if c == nil {
			return Text{}, &UnknownTagError{tag, source.Tagged()}
		}
		codes = append(codes, *c)
		codes[len(codes)-1].Pos = b.Len()
	}
	b.WriteString(s[at:])
	return Text{Chars: b.String(), Codes: codes}, nil
}

// tagAt reads a tag as tagLike has it at the beginning of s, which is a '<'. The size
// is 0 if there is none.
func tagAt(s string) (end bool, number string, alone bool, size int) {
	i := 1
	if end = i < len(s) && s[i] == '/'; end {
		i++
	}
	from := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if number = s[from:i]; number == "" {
		return false, "", false, 0
	}
	if alone = i < len(s) && s[i] == '/'; alone {
		i++
	}
	if i >= len(s) || s[i] != '>' {
		return false, "", false, 0
	}
	return end, number, alone, i + 1
}

// codeFinder returns a function that finds the first code of a text with a number, as
// numbers gives them, and a kind; nil if there is none.
func codeFinder(source Text) func(num int, kind CodeKind) *Code {
	codes := source.Codes
	if len(codes) <= fewNumbers {
		var nums [fewNumbers]int
		numberFew(codes, &nums)
		return func(num int, kind CodeKind) *Code {
			for i := range codes {
				if nums[i] == num && codes[i].Kind == kind {
					return &codes[i]
				}
			}
			return nil
		}
	}
	type key struct {
		num  int
		kind CodeKind
	}
	n := numbers(source)
	known := make(map[key]*Code, len(codes))
	for i := range codes {
		k := key{n[codes[i].ID], codes[i].Kind}
		if _, ok := known[k]; !ok {
			known[k] = &codes[i]
		}
	}
	return func(num int, kind CodeKind) *Code { return known[key{num, kind}] }
}

// Rebind returns t, a target of the source from, with the codes of source in the place
// of its own: ParseTagged(t.TaggedAs(from), source).
func (t Text) Rebind(from, source Text) (Text, error) {
	if len(t.Codes) == 0 && strings.IndexByte(t.Chars, '<') < 0 {
		return Text{Chars: t.Chars}, nil
	}
	if strings.IndexByte(t.Chars, '<') >= 0 || strings.IndexByte(t.Chars, '\\') >= 0 || len(t.Codes) > 16 || !sameIDs(from.Codes, source.Codes) {
		return ParseTagged(t.TaggedAs(from), source)
	}
	codes := make([]Code, len(t.Codes))
	for i, c := range t.Codes {
		k := slices.IndexFunc(source.Codes, func(o Code) bool { return o.ID == c.ID && o.Kind == c.Kind })
		if k < 0 {
			return ParseTagged(t.TaggedAs(from), source)
		}
		codes[i] = source.Codes[k]
		codes[i].Pos = c.Pos
	}
	return Text{Chars: t.Chars, Codes: codes}, nil
}

// sameIDs reports whether two texts have few codes, of the same IDs in the same order.
func sameIDs(a, b []Code) bool {
	return len(a) <= 16 && slices.EqualFunc(a, b, func(x, y Code) bool { return x.ID == y.ID })
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
	for _, m := range tagLike().FindAllStringSubmatch(s, -1) {
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
