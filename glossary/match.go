package glossary

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

// Matcher finds the terms of one source locale in texts, with what they are
// called in one target locale. It does not change, and may be used by many
// goroutines.
type Matcher struct {
	dotless     bool
	english     bool
	elision     bool // l'Europe
	entries     []entry
	root        node
	starts      [1 << 10]uint64    // which words the trie begins with, by their first letters: see prefix
	inflected   map[string][]int32 // stem of the first word → entries, where the source language inflects
	longestStem int
	rules       *inflection
}

// entry is a source term with the concept's target terms.
type entry struct {
	mark   bitext.TermMark // without a place
	mode   Case
	plural bool
	words  []string // plain
	forms  []wordForms
	rank   int
}

type node struct {
	next    map[string]*node
	entries []int32
}

// Matcher makes ready the terms for texts in source that go to target. A locale
// without terms of its own for a concept takes them from its parents, in the
// order in which parents lists them (nearest first, none of them in another
// language); parents may be nil. Concepts that have no term in the target, and
// are not to be kept as they are, are left out.
func (g *Glossary) Matcher(source, target string, parents func(tag string) []string) *Matcher {
	chain := func(tag string) []string {
		if c, err := canonicalLocale(tag); err == nil {
			tag = c
		}
		if parents == nil {
			return []string{tag}
		}
		return append([]string{tag}, parents(tag)...)
	}
	from, to := chain(source), chain(target)
	lang := tag.Language(source)
	m := &Matcher{dotless: dotlessI(lang), english: lang == "en"}
	switch lang {
	case "fr", "it", "ca", "oc":
		m.elision = true
	}
	if rules := inflectionFor(source); !m.english && !rules.generic {
		m.rules, m.inflected = rules, map[string][]int32{}
	}
	for i := range g.Concepts {
		m.concept(&g.Concepts[i], from, to)
	}
	return m
}

func (m *Matcher) concept(c *Concept, from, to []string) {
	mark := bitext.TermMark{Concept: c.ID}
	for _, locale := range to {
		found := len(mark.Targets) > 0
		for _, want := range []Status{Preferred, Admitted} {
			for i := range c.Terms {
				if t := &c.Terms[i]; !found && t.Locale == locale && t.Status == want && !slices.Contains(mark.Targets, t.Text) {
					mark.Targets = append(mark.Targets, t.Text)
				}
			}
		}
		for i := range c.Terms {
			t := &c.Terms[i]
			if t.Locale == locale && (t.Status == Forbidden || t.Status == Deprecated) && !slices.Contains(mark.Targets, t.Text) && !slices.Contains(mark.Forbidden, t.Text) {
				mark.Forbidden = append(mark.Forbidden, t.Text)
			}
		}
	}
	notes := c.Notes
	if c.Definition != "" {
		notes = append([]string{c.Definition}, notes...)
	}
	for i := range c.Terms {
		if t := &c.Terms[i]; t.Note != "" && slices.Contains(to, t.Locale) {
			notes = append(notes[:len(notes):len(notes)], t.Note)
		}
	}
	mark.Note = strings.Join(notes, "\n")
	sources := map[string]bool{}
	for _, locale := range append(slices.Clone(from), AnyLocale) {
		for i := range c.Terms {
			t := &c.Terms[i]
			if t.Locale != locale || sources[t.Text] {
				continue
			}
			sources[t.Text] = true
			e := entry{mark: mark, mode: t.Case, rank: int(t.Status)}
			e.mark.Source = t.Text
			if t.Status == DoNotTranslate && len(mark.Targets) == 0 {
				e.mark.DoNotTranslate, e.mark.Targets, e.rank = true, []string{t.Text}, 0
			}
			e.plural = !e.mark.DoNotTranslate && (t.POS == "" || strings.HasPrefix(strings.ToLower(t.POS), "noun") || strings.EqualFold(t.POS, "n"))
			if len(e.mark.Targets)+len(e.mark.Forbidden) > 0 {
				m.add(e, t.Text)
			}
		}
	}
}

// add adds an entry whose term is written as text.
func (m *Matcher) add(e entry, text string) {
	id := int32(len(m.entries))
	n := &m.root
	for i, t := range tokenize(nil, text, true) {
		w := plain(text[t.start:t.end])
		e.words = append(e.words, w)
		key := lower(w, m.dotless)
		if i == 0 {
			m.begins(key)
		}
		if n.next == nil {
			n.next = map[string]*node{}
		}
		if n.next[key] == nil {
			n.next[key] = &node{}
		}
		n = n.next[key]
	}
	if len(e.words) == 0 {
		return
	}
	n.entries = append(n.entries, id)
	if m.rules != nil && !e.mark.DoNotTranslate {
		for _, w := range e.words {
			e.forms = append(e.forms, m.rules.compile(w))
		}
		for _, s := range e.forms[0].stems {
			m.inflected[s.text] = append(m.inflected[s.text], id)
			m.longestStem = max(m.longestStem, len(s.text))
		}
	}
	m.entries = append(m.entries, e)
}

// begins notes the first letters of a word, and of its English forms where these
// have others.
func (m *Matcher) begins(key string) {
	forms := []string{key, key + "s", strings.TrimSuffix(key, "y") + "i"}
	for plural, single := range irregular {
		if m.english && single == key {
			forms = append(forms, plural)
		}
	}
	for _, k := range forms {
		if p, ok := prefix(k); ok {
			m.starts[p>>6] |= 1 << (p & 63)
		}
	}
}

// prefix makes a number of the first three letters or digits of a word, whatever
// their case; it is not ok for a word that begins otherwise. Most words of a
// text are told by it to begin no term.
func prefix(word string) (p uint32, ok bool) {
	for i := range 3 {
		p *= 40
		if i >= len(word) {
			continue
		}
		switch c := word[i]; {
		case c >= 'a' && c <= 'z':
			p += uint32(c-'a') + 1
		case c >= 'A' && c <= 'Z':
			p += uint32(c-'A') + 1
		case c >= '0' && c <= '9':
			p += uint32(c-'0') + 27
		case c >= utf8.RuneSelf || i == 0:
			return 0, false
		default: // an apostrophe: the letters before it count
			word = word[:i]
		}
	}
	return p, true // less than 40³, 64,000
}

// candidate is an entry found between two offsets.
type candidate struct {
	start, end int
	entry      int32
}

// Mark finds the terms in a segment's characters, in reading order. They are
// found at word boundaries (UAX #29) only, in NFC, with any kind of apostrophe,
// hyphen and space; English ones in their plural and possessive too, those of a
// language with rules in inflection/ in any form. Of two terms that overlap the
// longer one is told. Several concepts that one word may mean are all told, for
// the same place, a preferred source term before an admitted one.
func (m *Matcher) Mark(text string) []bitext.TermMark {
	if len(m.entries) == 0 {
		return nil
	}
	var room [64]token
	toks := tokenize(room[:0], text, true)
	var few [16]candidate
	found := few[:0]
	s := search{m: m, text: text, toks: toks}
	for i := range toks {
		found = s.at(found, i)
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(b.end-b.start, a.end-a.start),
			cmp.Compare(a.start, b.start),
			cmp.Compare(m.entries[a.entry].rank, m.entries[b.entry].rank),
			cmp.Compare(a.entry, b.entry),
		)
	})
	kept := found[:0]
	for _, c := range found {
		if inAddress(text, c, m.entries[c.entry].mark.Source) {
			continue
		}
		// A longer term has taken the place, or the same concept the same words.
		if !slices.ContainsFunc(kept, func(k candidate) bool {
			if c.start == k.start && c.end == k.end {
				return m.entries[c.entry].mark.Concept == m.entries[k.entry].mark.Concept
			}
			return c.start < k.end && k.start < c.end
		}) {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	slices.SortStableFunc(kept, func(a, b candidate) int { return cmp.Compare(a.start, b.start) })
	marks := make([]bitext.TermMark, len(kept))
	for i, c := range kept {
		marks[i] = m.entries[c.entry].mark
		marks[i].Start, marks[i].End = c.start, c.end
	}
	return marks
}

// inAddress reports whether a find is part of a URL or an e-mail address, whose
// words are no terms.
func inAddress(text string, c candidate, term string) bool {
	from := strings.LastIndexFunc(text[:c.start], unicode.IsSpace) + 1
	to := len(text)
	if i := strings.IndexFunc(text[c.end:], unicode.IsSpace); i >= 0 {
		to = c.end + i
	}
	around := text[from:to]
	return strings.Contains(around, "://") && !strings.Contains(term, "://") ||
		strings.Contains(around, "@") && !strings.Contains(term, "@") ||
		strings.Contains(around, "www.") && !strings.Contains(term, "www.")
}

// search is one walk over a text's tokens.
type search struct {
	m    *Matcher
	text string
	toks []token
	key  []byte
}

// at adds the terms that begin at token i.
func (s *search) at(found []candidate, i int) []candidate {
	if s.m.rules == nil && !s.m.elision {
		p, ok := prefix(s.text[s.toks[i].start:s.toks[i].end])
		if ok && s.m.starts[p>>6]&(1<<(p&63)) == 0 {
			return found
		}
	}
	found = s.walk(found, &s.m.root, i, i, 0)
	if s.m.elision {
		t := s.toks[i]
		if k := strings.IndexFunc(s.text[t.start:t.end], isApostrophe); k > 0 && k <= 5 {
			_, size := utf8.DecodeRuneInString(s.text[t.start+k:])
			s.toks[i].start += k + size
			if s.toks[i].start < t.end {
				found = s.walk(found, &s.m.root, i, i, 0)
			}
			s.toks[i].start = t.start
		}
	}
	if s.m.rules != nil {
		found = s.inflected(found, i)
	}
	return found
}

// walk follows the trie along the tokens from i; first is where it began, cut
// how many bytes of an inflection the token before i has at its end.
func (s *search) walk(found []candidate, n *node, first, i, cut int) []candidate {
	if i > first {
		for _, id := range n.entries {
			e := &s.m.entries[id]
			if cut > 0 && !e.plural && !s.possessive(i-1, cut) {
				continue
			}
			if end, ok := s.fits(e, first, i, cut); ok {
				found = append(found, candidate{s.toks[first].start, end, id})
			}
		}
	}
	if n.next == nil || i >= len(s.toks) {
		return found
	}
	t := s.toks[i]
	word := s.text[t.start:t.end]
	key := s.lowered(word)
	if next := n.next[string(key)]; next != nil {
		found = s.walk(found, next, first, i+1, 0)
	}
	if !s.m.english {
		return found
	}
	key = s.lowered(word) // the walk has used the room
	l := len(key)
	try := func(keep int, add string) {
		k := append(s.lowered(word)[:keep], add...)
		if next := n.next[string(k)]; next != nil {
			found = s.walk(found, next, first, i+1, l-keep)
		}
	}
	if l > 2 && key[l-1] == 's' && key[l-2] == '\'' {
		try(l-2, "")
		l -= 2 // "agencies's" is no word, but "boss's" is: fall through to it no further
		return found
	}
	if single := irregular[string(key)]; single != "" {
		if next := n.next[single]; next != nil {
			found = s.walk(found, next, first, i+1, 1)
		}
		return found
	}
	if l >= 2 && key[l-1] == 's' && key[l-2] >= '0' && key[l-2] <= '9' { // F-16s
		try(l-1, "")
		return found
	}
	if l < 4 || key[l-1] != 's' || bytesEnd(key, "ss") || bytesEnd(key, "us") || string(key) == "news" {
		if l == 3 && key[2] == 's' && upperBefore(word) {
			try(l-1, "") // PMs
		}
		return found
	}
	try(l-1, "")
	if bytesEnd(key, "ies") {
		try(l-3, "y")
	} else if l > 4 && key[l-2] == 'e' && strings.IndexByte("sxzho", key[l-3]) >= 0 {
		try(l-2, "")
	}
	return found
}

// irregular are English plurals without -s or with another stem.
var irregular = map[string]string{
	"children": "child", "men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "mice": "mouse", "people": "person", "lives": "life",
	"wives": "wife", "knives": "knife", "halves": "half", "thieves": "thief", "criteria": "criterion", "crises": "crisis", "bases": "basis", "analyses": "analysis",
	"policemen": "policeman", "servicemen": "serviceman", "spokesmen": "spokesman", "lawmen": "lawman", "gunmen": "gunman", "businessmen": "businessman", "grandchildren": "grandchild",
}

func bytesEnd(b []byte, end string) bool {
	return len(b) >= len(end) && string(b[len(b)-len(end):]) == end
}

func upperBefore(word string) bool {
	return len(word) == 3 && word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'A' && word[1] <= 'Z'
}

// lowered is a word's key in room of the search's own.
func (s *search) lowered(word string) []byte {
	s.key = s.key[:0]
	for i := range len(word) {
		c := word[i]
		if c >= utf8.RuneSelf || c == 'I' && s.m.dotless {
			s.key = append(s.key[:0], lower(plain(word), s.m.dotless)...)
			return s.key
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		s.key = append(s.key, c)
	}
	return s.key
}

// possessive reports whether the inflection at the end of token i is an 's.
func (s *search) possessive(i, cut int) bool {
	t := s.toks[i]
	w := plain(s.text[t.start:t.end])
	return cut == 2 && strings.HasSuffix(strings.ToLower(w), "'s")
}

// fits compares upper and lower case over tokens first to i, and gives the
// place where the term ends: before a possessive 's, behind a plural's.
func (s *search) fits(e *entry, first, i, cut int) (end int, ok bool) {
	end = s.toks[i-1].end
	for k, want := range e.words {
		t := s.toks[first+k]
		raw := s.text[t.start:t.end]
		have := plain(raw)
		if cut > 0 && first+k == i-1 {
			if s.possessive(i-1, cut) {
				end = t.start + strings.LastIndexFunc(raw, isApostrophe)
				have = have[:len(have)-2]
			} else if isAbbreviation(want) && have[len(have)-1] != 's' {
				return end, false // NGOs, but not the whole of NGOS
			}
		}
		if !caseFits(e.mode, want, have) {
			return end, false
		}
	}
	return end, true
}

// caseFits compares two words that are equal but for case and an ending.
func caseFits(mode Case, want, have string) bool {
	switch mode {
	case CaseInsensitive:
		return true
	case CaseSensitive:
		// The plural's y→ie leaves the words different before their end.
		n := min(len(want), len(have))
		if len(have) > len(want) && n > 0 && want[n-1] == 'y' && have[n-1] == 'i' {
			n--
		}
		return want[:n] == have[:n]
	}
	for _, r := range want {
		h, size := utf8.DecodeRuneInString(have)
		if size == 0 {
			return true
		}
		if unicode.IsUpper(r) && h != r {
			return false
		}
		have = have[size:]
	}
	return true
}

// inflected adds the terms one of whose stems begins token i, in a language
// that inflects.
func (s *search) inflected(found []candidate, i int) []candidate {
	w := s.word(i)
	for k := range w.folded {
		if k == 0 || k > s.m.longestStem {
			continue
		}
		found = s.stem(found, i, &w, w.folded[:k])
	}
	return s.stem(found, i, &w, w.folded)
}

func (s *search) stem(found []candidate, i int, w *targetWord, stem string) []candidate {
next:
	for _, id := range s.m.inflected[stem] {
		e := &s.m.entries[id]
		if i+len(e.forms) > len(s.toks) || !e.forms[0].matches(w, true) || !capitalsFit(e, e.words[0], w.plain) {
			continue
		}
		for k := 1; k < len(e.forms); k++ {
			other := s.word(i + k)
			if !e.forms[k].matches(&other, true) || !capitalsFit(e, e.words[k], other.plain) {
				continue next
			}
		}
		c := candidate{s.toks[i].start, s.toks[i+len(e.forms)-1].end, id}
		if !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	return found
}

// capitalsFit is caseFits for forms whose letters differ: only the first counts.
func capitalsFit(e *entry, want, have string) bool {
	if e.mode == CaseInsensitive {
		return true
	}
	a, _ := utf8.DecodeRuneInString(want)
	b, _ := utf8.DecodeRuneInString(have)
	return !unicode.IsUpper(a) && e.mode == CaseAuto || unicode.IsUpper(a) == unicode.IsUpper(b)
}

func (s *search) word(i int) targetWord {
	t := s.toks[i]
	p := plain(s.text[t.start:t.end])
	return targetWord{token: t, plain: p, folded: s.m.rules.foldPlain(p)}
}
