package locales

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/message"
)

// Bounds of backward matching: a longer text is prose, not chrome.
const (
	maxMatchText = 4096 // bytes
	maxVariable  = 200  // bytes of one variable's text
)

// matcher is the index of one source catalog: texts without variables by
// themselves, others by how they begin or end.
type matcher struct {
	tag      string
	numbers  numberFormat
	literals map[string]candidate
	prefixes [len(keySizes)]map[string][]candidate // by the first keySizes[i] bytes
	suffixes [len(keySizes)]map[string][]candidate // by the last ones, where a variable comes first
	between  []candidate                           // a variable first and last
	begins   ends                                  // of literals and prefixes
	stops    ends                                  // of suffixes
}

// ends is a filter of how texts begin, or how they end: it may let pass what has no
// such end, and never keeps what has one. It has hashes of the outermost bytes of
// texts: four, or all of those that have fewer.
type ends struct {
	bits  [1 << 10]uint64
	sizes [longestEnd + 1]bool // the numbers of bytes that are in it
}

const longestEnd = 4

// index returns the place of an end of at most longestEnd bytes in the bits.
func (e *ends) index(end string) uint32 {
	n := uint32(len(end))
	for i := range len(end) {
		n = n<<8 | uint32(end[i])
	}
	return (n ^ uint32(len(end))<<13) * 0x9e3779b1 >> 16
}

// add adds the beginning of a text, or its end.
func (e *ends) add(text string, end bool) {
	if text == "" {
		return
	}
	if end {
		text = text[max(0, len(text)-longestEnd):]
	} else {
		text = text[:min(len(text), longestEnd)]
	}
	h := e.index(text)
	e.bits[h>>6] |= 1 << (h & 63)
	e.sizes[len(text)] = true
}

// mayBegin reports whether a text may begin with one that was added.
func (e *ends) mayBegin(text string) bool {
	for n := min(longestEnd, len(text)); n > 0; n-- {
		if e.sizes[n] && e.has(text[:n]) {
			return true
		}
	}
	return false
}

// mayEnd reports whether a text may end with one that was added.
func (e *ends) mayEnd(text string) bool {
	for n := min(longestEnd, len(text)); n > 0; n-- {
		if e.sizes[n] && e.has(text[len(text)-n:]) {
			return true
		}
	}
	return false
}

func (e *ends) has(end string) bool {
	h := e.index(end)
	return e.bits[h>>6]&(1<<(h&63)) != 0
}

// mayMatch reports whether a text may be that of a message, by its first and last
// bytes, if these are what match makes of them: characters that neither NFC nor the
// folding of spaces and quotation marks changes, whatever stands beside them.
func (m *matcher) mayMatch(text string) bool {
	if len(m.between) > 0 {
		return true
	}
	head, tail := len(text), len(text) // what is between need not be looked at
	if len(text) >= 2*longestEnd {
		head = longestEnd // and the character behind it
		tail -= longestEnd
		for tail > 0 && !utf8.RuneStart(text[tail]) {
			tail--
		}
	}
	for at := 0; at < len(text); {
		size := stable(text[at:], at == 0 || at == len(text)-1 || text[at-1] == ' ')
		if size == 0 {
			return true
		}
		if at >= head {
			at, head = max(at, tail-size), len(text)
		}
		at += size
	}
	return m.begins.mayBegin(text) || m.stops.mayEnd(text)
}

// stable returns the length of the character at the beginning of text if match leaves it
// as it is, or 0. With noSpace a space is none that stays.
func stable(text string, noSpace bool) int {
	c := text[0]
	if c < utf8.RuneSelf {
		if c < ' ' || c == 0x7F || c == ' ' && noSpace {
			return 0
		}
		return 1
	}
	switch r, n := utf8.DecodeRuneInString(text); {
	// NFC_Quick_Check is Yes, the combining class 0, and none is a space or a quotation mark.
	case r > 0xAD && r != 0xBB && r < 0x300, r >= 0x3A3 && r < 0x483, r >= 0x48A && r < 0x591, r >= 0x3041 && r < 0x3097,
		r >= 0x30A0 && r < 0x3100, r >= 0x4E00 && r < 0x9FFF, r >= 0xAC00 && r < 0xD7A4,
		r >= 0x2010 && r < 0x2018, r >= 0x2020 && r < 0x2028, r >= 0x2190 && r < 0x2200, r >= 0x3001 && r < 0x3004, r >= 0x3008 && r < 0x3012:
		return n
	}
	return 0
}

// keySizes are the lengths of the keys, longest first, so that few messages
// share one.
var keySizes = [...]int{12, 6, 3, 1}

// A candidate is one form of one message.
type candidate struct {
	id       string
	form     string
	plural   bool
	parts    []message.Part // texts normalized
	literal  int            // bytes of literal text
	distance int            // how far up the parents the message was found
}

// Match finds the message of the source catalog, or its parents', whose text is
// text, variables filled in, and reads their values back: a date as time.Time
// (midnight UTC), a number as int or, with a fraction, as a decimal string, a
// list as []string, a language as its tag. White space, Unicode composition and
// the shape of quotation marks do not count. Of several messages the one with the most literal text wins. A
// message of variables only, or with two of them next to each other, never
// matches; no variable reaches over a line break or a sentence's end.
func (c *Catalogs) Match(source, text string) (id string, args Args, ok bool) {
	if len(text) > maxMatchText || text == "" {
		return "", nil, false
	}
	return c.matcher(source).match(text)
}

// MatchEdge is how many bytes at each end of a text MayMatch looks at, at most.
const MatchEdge = 16

// MayMatch reports whether Match may find a message for a text of which only the first and
// the last MatchEdge bytes are known to be as they are: what it reports false of has no
// message, whatever is between them.
func (c *Catalogs) MayMatch(source, text string) bool { return c.matcher(source).mayMatch(text) }

// matcher returns the matcher of a source locale. It is made at the first call.
func (c *Catalogs) matcher(source string) *matcher {
	m, found := c.matchers.Load(source)
	if !found {
		tag := exact(source)
		if m, found = c.matchers.Load(tag); !found {
			m, _ = c.matchers.LoadOrStore(tag, c.newMatcher(tag))
		}
	}
	return m.(*matcher)
}

func (c *Catalogs) newMatcher(tag string) *matcher {
	m := &matcher{tag: tag, numbers: numbersOf(tag), literals: map[string]candidate{}}
	for i := range keySizes {
		m.prefixes[i], m.suffixes[i] = map[string][]candidate{}, map[string][]candidate{}
	}
	seen := map[string]bool{}
	for distance, at := range append([]string{tag}, Parents(tag)...) {
		for _, id := range c.IDs(at) {
			if seen[id] {
				continue
			}
			seen[id] = true
			msg, _ := c.message(at, id)
			for _, form := range message.Categories {
				if t := msg.forms[form]; t != nil {
					c := candidate{id: id, form: form, plural: msg.Plural(), parts: normalParts(t.Parts), distance: distance}
					m.add(c)
					if plain, changed := plainQuotes(c.parts); changed {
						c.parts = plain
						m.add(c)
					}
				}
			}
		}
	}
	return m
}

// quotes maps typographic quotation marks and apostrophes to the keyboard's.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'")

// plainText is quotes.Replace, which makes a string of every text that it is given.
func plainText(text string) string {
	for i := 0; i+1 < len(text); i++ {
		switch text[i] { // what the marks begin with
		case 0xC2:
			if c := text[i+1]; c == 0xAB || c == 0xBB {
				return quotes.Replace(text)
			}
		case 0xE2:
			if text[i+1] == 0x80 {
				return quotes.Replace(text)
			}
		}
	}
	return text
}

// plainQuotes are the same parts for texts typed with plain quotation marks.
func plainQuotes(parts []message.Part) (plain []message.Part, changed bool) {
	for _, p := range parts {
		text := quotes.Replace(p.Text)
		changed = changed || text != p.Text
		p.Text = text
		plain = append(plain, p)
	}
	return plain, changed
}

// normalParts folds the literal texts as match folds the text it is given.
func normalParts(parts []message.Part) []message.Part {
	var out []message.Part
	for _, p := range parts {
		if p.Field == "" {
			if p.Text = foldInner(normNFC(p.Text)); p.Text == "" {
				continue
			}
			if n := len(out); n > 0 && out[n-1].Field == "" {
				out[n-1].Text = foldInner(out[n-1].Text + p.Text)
				continue
			}
		}
		out = append(out, p)
	}
	if len(out) > 0 && out[0].Field == "" {
		out[0].Text = strings.TrimLeft(out[0].Text, " ")
	}
	if n := len(out); n > 0 && out[n-1].Field == "" {
		out[n-1].Text = strings.TrimRight(out[n-1].Text, " ")
	}
	return slices.DeleteFunc(out, func(p message.Part) bool { return p.Field == "" && p.Text == "" })
}

func (m *matcher) add(c candidate) {
	letters, loose, labelled := 0, false, false
	for i, p := range c.parts {
		if p.Field == "" {
			c.literal += len(p.Text)
			for _, r := range p.Text {
				if unicode.IsLetter(r) {
					letters++
				}
				labelled = labelled || r == ':' || r == '՝'
			}
			continue
		}
		if i > 0 && c.parts[i-1].Field != "" {
			return // nothing says where one ends and the other begins
		}
		loose = loose || p.Func == "" && p.Field != PluralCount || p.Func == "list"
	}
	// A short word before a variable of any text would take prose for chrome.
	if letters == 0 || loose && letters < 4 && !labelled {
		return
	}
	first, last := c.parts[0], c.parts[len(c.parts)-1]
	if len(c.parts) == 1 {
		old, ok := m.literals[first.Text]
		if !ok || c.distance < old.distance {
			if c.plural && countOf(c.form) < 0 {
				return // its count cannot be told
			}
			m.literals[first.Text] = c
			m.begins.add(first.Text, false)
		}
		return
	}
	for i, size := range keySizes {
		if first.Field == "" && len(first.Text) >= size {
			key := first.Text[:size]
			m.prefixes[i][key] = append(m.prefixes[i][key], c)
			m.begins.add(key, false)
			return
		}
	}
	for i, size := range keySizes {
		if last.Field == "" && len(last.Text) >= size {
			key := last.Text[len(last.Text)-size:]
			m.suffixes[i][key] = append(m.suffixes[i][key], c)
			m.stops.add(key, true)
			return
		}
	}
	m.between = append(m.between, c)
}

// countOf is the number that a form without a variable stands for, -1 if it
// could be several.
func countOf(form string) int { return slices.Index([]string{"zero", "one", "two"}, form) }

func (m *matcher) match(text string) (string, Args, bool) {
	if !m.mayMatch(text) {
		return "", nil, false
	}
	return m.matchFolded(text)
}

// matchFolded is match without the filter.
func (m *matcher) matchFolded(text string) (string, Args, bool) {
	multiline := hasLineBreak(text)
	text = normal(text)
	id, args, ok := m.find(text, multiline)
	if !ok {
		if plain := plainText(text); plain != text {
			return m.find(plain, multiline)
		}
	}
	return id, args, ok
}

func (m *matcher) find(text string, multiline bool) (string, Args, bool) {
	if c, ok := m.literals[text]; ok {
		args := Args{}
		if c.plural {
			args[PluralCount] = countOf(c.form)
		}
		return c.id, args, true
	}
	if multiline {
		// Folding has hidden where the lines broke, and a variable must not reach over a break: only
		// literal messages may be wrapped.
		return "", nil, false
	}
	var best candidate
	var bestArgs Args
	try := func(cs []candidate) {
		for _, c := range cs {
			if bestArgs != nil && (c.literal < best.literal || c.literal == best.literal && c.distance >= best.distance) {
				continue
			}
			if args, ok := m.fill(c, text); ok {
				best, bestArgs = c, args
			}
		}
	}
	for i, size := range keySizes {
		if len(text) >= size {
			try(m.prefixes[i][text[:size]])
			try(m.suffixes[i][text[len(text)-size:]])
		}
	}
	try(m.between)
	return best.id, bestArgs, bestArgs != nil
}

// fill reads the variables of c from text.
func (m *matcher) fill(c candidate, text string) (Args, bool) {
	args := Args{}
	budget := 200
	if !m.parts(c.parts, text, args, &budget) {
		return nil, false
	}
	if c.plural {
		count, ok := args[PluralCount]
		if !ok || Plural(m.tag, count) != c.form {
			return nil, false
		}
	}
	return args, true
}

// parts matches the rest of a message with the rest of the text. The budget
// bounds the places that are tried as the end of a variable.
func (m *matcher) parts(parts []message.Part, text string, args Args, budget *int) bool {
	if len(parts) == 0 {
		return text == ""
	}
	p := parts[0]
	if p.Field == "" {
		rest, ok := strings.CutPrefix(text, p.Text)
		return ok && m.parts(parts[1:], rest, args, budget)
	}
	if len(parts) == 1 {
		return m.bind(p, text, args)
	}
	next := parts[1].Text
	for from := 1; from <= len(text) && *budget > 0; {
		*budget--
		i := strings.Index(text[from:], next)
		if i < 0 || from+i > maxVariable {
			return false
		}
		end := from + i
		before, had := args[p.Field]
		if m.bind(p, text[:end], args) && m.parts(parts[1:], text[end:], args, budget) {
			return true
		}
		delete(args, p.Field)
		if had {
			args[p.Field] = before
		}
		from = end + 1
	}
	return false
}

// bind reads one variable. A variable that stands twice must be the same.
func (m *matcher) bind(p message.Part, text string, args Args) bool {
	if text == "" || len(text) > maxVariable || text != strings.TrimSpace(text) {
		return false
	}
	v, ok := m.value(p, text)
	if !ok {
		return false
	}
	if before, had := args[p.Field]; had {
		a, errA := write(m.tag, p, before)
		b, errB := write(m.tag, p, v)
		return errA == nil && errB == nil && a == b
	}
	args[p.Field] = v
	return true
}

func (m *matcher) value(p message.Part, text string) (any, bool) {
	switch p.Func {
	case "date", "dateFull", "dateMedium", "dateShort":
		return some(ParseDate(m.tag, text))
	case "number":
		return m.number(text)
	case "digits":
		return m.digits(text)
	case "list":
		if sentence(text) {
			return nil, false
		}
		return some(parseList(m.tag, text))
	case "names":
		items, ok := parseList(m.tag, text)
		for _, item := range items {
			ok = ok && personName(item)
		}
		return items, ok
	case "language":
		return some(m.language(text))
	case "percent", "time":
		return nil, false
	}
	if p.Field == PluralCount {
		return m.number(text)
	}
	if sentence(text) {
		return nil, false
	}
	// Without a function the type is guessed, and the guess taken only if writing it gives the same text.
	same := func(v any) bool {
		s, err := write(m.tag, p, v)
		return err == nil && normal(s) == text
	}
	if v, ok := m.number(text); ok {
		if n, isInt := v.(int); isInt && same(n) {
			return n, true
		}
	}
	if t, ok := ParseDate(m.tag, text); ok && same(t) {
		return t, true
	}
	if items, ok := parseList(m.tag, text); ok && len(items) > 1 && same(items) {
		return items, true
	}
	return text, true
}

func some[T any](v T, ok bool) (any, bool) { return v, ok }

func (m *matcher) number(text string) (any, bool) {
	s, ok := m.numbers.parseNumber(text)
	if !ok {
		return nil, false
	}
	if n, err := strconv.Atoi(s); err == nil {
		return n, true
	}
	return s, true
}

func (m *matcher) digits(text string) (any, bool) {
	n, count := 0, 0
	for text != "" && count < 10 {
		d, size := m.numbers.digit(text)
		if size == 0 || count == 1 && n == 0 {
			return nil, false
		}
		n, text = n*10+d, text[size:]
		count++
	}
	return n, text == "" && count > 0
}

// language finds the tag that has this name in the source language.
func (m *matcher) language(name string) (string, bool) {
	for _, entry := range languageNames(m.tag) {
		code, n, _ := strings.Cut(entry, ":")
		if strings.EqualFold(normal(n), name) {
			if tag, err := Canonical(code); err == nil && LanguageName(m.tag, tag) == n {
				return tag, true
			}
		}
	}
	return "", false
}

// sentence reports whether text goes on after the end of a sentence, which no
// value does: "Reuters. The Kremlin …". One capital with a full stop is an
// initial.
func sentence(text string) bool {
	for i, r := range text {
		if !strings.ContainsRune(".!?…։؟۔。", r) {
			continue
		}
		rest := text[i+utf8.RuneLen(r):]
		word := text[strings.LastIndexAny(text[:i], " .")+1 : i]
		if strings.HasPrefix(rest, " ") && utf8.RuneCountInString(word) > 3 {
			return true
		}
	}
	return false
}

// personName reports whether text may be a person's name: a few words, each with
// a capital where the script has capitals, particles aside.
func personName(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	for i, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsLetter(first) || strings.ContainsFunc(w, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’-‑.ʼʻ`", r)
		}) {
			return false
		}
		if unicode.IsLower(first) && (i == 0 || i == len(words)-1 || utf8.RuneCountInString(w) > 4) {
			return false
		}
	}
	return true
}
