package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
)

// Correction is a change of a target that Fix proposes. Checks are the ids of the
// findings that it settles, in the order of the corrections.
type Correction struct {
	Ref    bitext.Ref
	Old    bitext.Text
	New    bitext.Text
	Checks []string
}

// edit replaces the characters between two byte offsets.
type edit struct {
	start, end int
	text       string
}

// fixers are the corrections that are safe: they change no word and no number. Each is
// for a check, and is made only where that check reports a finding.
var fixers = []struct {
	id  string
	fix func(s *segment) []edit
}{
	{"quality.nfc", fixComposed},
	{"quality.letters", fixLetters},
	{"quality.homoglyphs", fixHomoglyphs},
	{"quality.digits", fixDigits},
	{"quality.apostrophe", fixApostrophes},
	{"quality.quotes.style", fixQuotes},
	{"quality.spaces", fixSpaces},
	{"quality.spacing", fixSpacing},
	{"quality.edges", fixEdges},
}

// beyondFixing are checks whose findings need a person: what is corrected in such a
// text is worth nothing.
var beyondFixing = []string{"quality.empty", "quality.script", "quality.untranslated", "quality.encoding", "quality.control", "quality.template"}

// Fix returns corrections of what the checks find in spaces, quotation marks, letters
// that look like others, Arabic letters and digits in Persian, Pashto and Urdu,
// apostrophes, and text that is not in composed form. A target is corrected if that
// leaves it fewer findings and no other ones. Inline codes keep their places. The
// translation is not changed.
func Fix(tr *bitext.Translation, opt Options) []Correction {
	type key struct{ unit, segment string }
	list := func(tr *bitext.Translation) map[key][]string {
		m := map[key][]string{}
		for _, d := range Check(tr, opt) {
			k := key{d.Place.Unit, d.Place.Segment}
			m[k] = append(m[k], d.ID)
		}
		return m
	}
	found := list(tr)
	if len(found) == 0 {
		return nil
	}
	after := *tr
	after.Targets = make([][]bitext.Target, len(tr.Targets))
	for i := range tr.Targets {
		after.Targets[i] = slices.Clone(tr.Targets[i])
	}
	d := newDocument(tr, opt.Source)
	var t targetText
	var out []Correction
	var keys []key
	for i := range d.segments {
		s := &d.segments[i]
		k := key{s.unit.ID, s.id}
		if opt.Skip != nil && opt.Skip(s.unit, s.target) || s.unit.Message != nil {
			continue
		}
		// Persian typed with Arabic letters looks like Arabic.
		foreign := s.to.script == "Arab" && slices.Contains(found[k], "quality.script")
		if slices.ContainsFunc(found[k], func(id string) bool { return slices.Contains(beyondFixing, id) && !(foreign && id == "quality.script") }) {
			continue
		}
		c := Correction{Ref: s.ref, Old: s.target.Text}
		target := *s.target // which the fixers see change
		s.target = &target
		for _, f := range fixers {
			if !slices.Contains(found[k], f.id) || foreign && f.id != "quality.letters" {
				continue
			}
			s.prepare(d, &t)
			if f.id == "quality.quotes.style" && s.marks[0] == "" {
				s.marks = d.quoteMarks()
			}
			if edits := f.fix(s); len(edits) > 0 {
				target.Text = applyEdits(target.Text, edits)
				c.Checks = append(c.Checks, f.id)
			}
		}
		if len(c.Checks) > 0 && !target.Text.Equal(c.Old) {
			c.New = target.Text
			out, keys = append(out, c), append(keys, k)
			after.Targets[c.Ref.Unit][c.Ref.Segment].Text = c.New
		}
	}
	if len(out) == 0 {
		return nil
	}
	left := list(&after)
	n := 0
	for i, c := range out {
		before, now := found[keys[i]], left[keys[i]]
		if len(now) < len(before) && !slices.Contains(now, "quality.script") && !slices.ContainsFunc(now, func(id string) bool { return !slices.Contains(before, id) }) {
			out[n] = c
			n++
		}
	}
	return out[:n]
}

// applyEdits returns a text with edits, which are in order and do not overlap. Codes
// stay before the characters that they stand before.
func applyEdits(t bitext.Text, edits []edit) bitext.Text {
	var b strings.Builder
	codes := slices.Clone(t.Codes)
	at, next := 0, 0
	for _, e := range edits {
		for next < len(codes) && codes[next].Pos <= e.start {
			codes[next].Pos += b.Len() - at
			next++
		}
		b.WriteString(t.Chars[at:e.start])
		b.WriteString(e.text)
		at = e.end
		for next < len(codes) && codes[next].Pos < e.end { // inside what is replaced
			codes[next].Pos = b.Len()
			next++
		}
	}
	for ; next < len(codes); next++ {
		codes[next].Pos += b.Len() - at
	}
	b.WriteString(t.Chars[at:])
	return bitext.Text{Chars: b.String(), Codes: codes}
}

// replaceRunes makes edits that replace each character for which to returns another text.
func replaceRunes(s *segment, to func(i int, r rune) (string, bool)) (edits []edit) {
	for i, r := range s.tgt {
		if text, ok := to(i, r); ok {
			edits = append(edits, edit{i, i + utf8.RuneLen(r), text})
		}
	}
	return edits
}

func fixComposed(s *segment) (edits []edit) {
	var it norm.Iter
	text := s.target.Text.Chars
	it.InitString(norm.NFC, text)
	for !it.Done() {
		from := it.Pos()
		composed := string(it.Next())
		to := it.Pos()
		inside := slices.ContainsFunc(s.target.Text.Codes, func(c bitext.Code) bool { return c.Pos > from && c.Pos < to })
		if composed != text[from:to] && !inside && utf8.ValidString(text[from:to]) {
			edits = append(edits, edit{from, to, composed})
		}
	}
	return edits
}

func fixLetters(s *segment) []edit {
	if s.to.written == latin {
		twins := latinTwins[s.to.lang]
		mark := "ʻ"
		if strings.Contains(s.tgt, "o‘") || strings.Contains(s.tgt, "g‘") {
			mark = "‘"
		}
		return replaceRunes(s, func(i int, r rune) (string, bool) {
			if to, ok := twins[r]; ok && !strings.ContainsRune(s.src, r) {
				return string(to), true
			}
			if (s.to.lang == "uz" || s.to.lang == "kaa") && i > 0 && strings.ContainsRune("'`’´", r) && strings.IndexByte("oOgG", s.tgt[i-1]) >= 0 {
				next, _ := utf8.DecodeRuneInString(s.tgt[i+utf8.RuneLen(r):])
				return mark, r == '`' || r == '´' || unicode.IsLetter(next)
			}
			return "", false
		})
	}
	return replaceRunes(s, func(_ int, r rune) (string, bool) {
		to, ok := arabicTwins[r]
		return string(to), ok && !s.to.letters[r] && s.to.letters[to] && !strings.ContainsRune(s.src, r)
	})
}

// twinLetters has, for letters of one script, those of another that look the same.
var twinLetters = func() map[script]map[rune]rune {
	pairs := func(from, to string) map[rune]rune {
		m, t := map[rune]rune{}, []rune(to)
		for i, r := range []rune(from) {
			m[r] = t[i]
		}
		return m
	}
	l, c := "aceopxyijsABCEHKMOPTXYIJS", lookAlikes(cyrillic, "")
	return map[script]map[rune]rune{cyrillic: pairs(l, c), latin: pairs(c, l)}
}()

// fixHomoglyphs writes words with the letters of the target's script, if every foreign
// letter in them looks like one of its alphabet.
func fixHomoglyphs(s *segment) (edits []edit) {
	want := s.to.written
	twins := twinLetters[want]
	if twins == nil || len(s.to.letters) < 20 {
		return nil
	}
	for i := range s.tgtWords {
		w := &s.tgtWords[i]
		mixedWord := w.script == mixed && twoScripts(w.text) && !suffixed(w.text) && !s.inSource(w.text) && !chemical(w.text) && !s.foreignStem(w.text)
		lookAlike := w.script != want && (w.script == latin || w.script == cyrillic) && allOf(w.text, lookAlikes(w.script, s.to.lang)) && !s.inSource(w.text) && !s.kept(w.text)
		if _, roman := romanNumber(w.text); !mixedWord && (!lookAlike || roman) {
			continue
		}
		var list []edit
		own, foreign := 0, 0
		for k, r := range w.text {
			if scriptOfRune(r) == want {
				own++
			}
			if scriptOfRune(r) == none || scriptOfRune(r) == want {
				continue
			}
			to, ok := twins[r]
			if !ok || !s.to.letters[to] && !s.to.letters[unicode.ToLower(to)] {
				list = nil
				own = -1 << 20
				break
			}
			foreign++
			list = append(list, edit{w.start + k, w.start + k + utf8.RuneLen(r), string(to)})
		}
		if lookAlike || own >= foreign {
			edits = append(edits, list...)
		}
	}
	return edits
}

func fixDigits(s *segment) []edit {
	switch s.to.lang {
	case "fa", "ps", "ur":
	default:
		return nil
	}
	return replaceRunes(s, func(_ int, r rune) (string, bool) {
		return string('۰' + r - '٠'), r >= '٠' && r <= '٩'
	})
}

func fixApostrophes(s *segment) []edit {
	return replaceRunes(s, func(i int, r rune) (string, bool) {
		if r != '`' && r != '´' && r != '′' || strings.ContainsRune(s.src, r) {
			return "", false
		}
		before, _ := utf8.DecodeLastRuneInString(s.tgt[:i])
		after, _ := utf8.DecodeRuneInString(s.tgt[i+utf8.RuneLen(r):])
		return "’", unicode.IsLetter(before) && unicode.IsLetter(after)
	})
}

// fixQuotes writes the quotation marks of the locale, if all marks of the text pair.
func fixQuotes(s *segment) []edit {
	var edits []edit
	q := s.marks
	if q[0] == "" || q[1] == "" || q[2] == "" || q[3] == "" {
		return nil
	}
	depth := 0
	for i, r := range s.tgt {
		if r < utf8.RuneSelf && r != '"' && r != '\'' && r != '`' {
			continue
		}
		role := quoteRole(s.tgt, i, r, s.to)
		if role == 0 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s.tgt[:i])
		if role == '|' {
			role = ')'
			if depth == 0 || (i == 0 || unicode.IsSpace(before) || strings.ContainsRune("([—–-", before)) && depth == 1 {
				role = '('
			}
		}
		mark := ""
		if role == '(' {
			if depth > 1 {
				return nil
			}
			mark = q[2*depth]
			depth++
		} else {
			if depth == 0 {
				return nil
			}
			depth--
			mark = q[2*depth+1]
		}
		after, _ := utf8.DecodeRuneInString(s.tgt[i+utf8.RuneLen(r):])
		if s.to.lang == "fr" && mark == "«" && !unicode.IsSpace(after) {
			mark += "\u00a0"
		} else if s.to.lang == "fr" && mark == "»" && !unicode.IsSpace(before) {
			mark = "\u00a0" + mark
		}
		if mark != string(r) {
			edits = append(edits, edit{i, i + utf8.RuneLen(r), mark})
		}
	}
	if depth != 0 {
		return nil
	}
	return edits
}

// quoteMarks returns the outer and inner quotation marks that the document's targets
// have most, of those that are good in the language; CLDR's if they have none.
func (d *document) quoteMarks() [4]string {
	q := d.to.quotes
	count := map[rune]int{}
	for i := range d.segments {
		for _, r := range d.segments[i].target.Text.Chars {
			if strings.ContainsRune("«»„“”", r) {
				count[r]++
			}
		}
	}
	best, most := q, 0
	for _, pair := range [...][2]string{{q[0], q[1]}, {"«", "»"}, {"„", "“"}, {"„", "”"}, {"“", "”"}} {
		if pair[0] == "" || !strings.Contains(moreQuotes[d.to.lang]+strings.Join(q[:], ""), pair[0]) || !strings.Contains(moreQuotes[d.to.lang]+strings.Join(q[:], ""), pair[1]) {
			continue
		}
		open, _ := utf8.DecodeRuneInString(pair[0])
		end, _ := utf8.DecodeRuneInString(pair[1])
		if n := min(count[open], count[end]); n > most {
			best, most = [4]string{pair[0], pair[1], q[2], q[3]}, n
		}
	}
	if best[0] == best[2] { // the inner ones are those that are left
		best[2], best[3] = q[0], q[1]
	}
	return best
}

func fixSpaces(s *segment) (edits []edit) {
	from := len(s.tgt) - len(strings.TrimLeftFunc(s.tgt, unicode.IsSpace))
	end := len(strings.TrimRightFunc(s.tgt, unicode.IsSpace))
	space := func(r rune) bool { return r == ' ' || r == '\t' || r == '\u00a0' }
	for i := from; i < end; {
		r, size := utf8.DecodeRuneInString(s.tgt[i:])
		if !space(r) {
			i += size
			continue
		}
		j := i
		for j < end {
			r, size := utf8.DecodeRuneInString(s.tgt[j:])
			if !space(r) {
				break
			}
			j += size
		}
		if utf8.RuneCountInString(s.tgt[i:j]) > 1 {
			one := " "
			if strings.Contains(s.tgt[i:j], "\u00a0") {
				one = "\u00a0"
			}
			edits = append(edits, edit{i, j, one})
		}
		i = j
	}
	return edits
}

func fixSpacing(s *segment) (edits []edit) {
	text := s.tgt
	french := s.to.tag == "fr" || s.to.tag == "fr-FR"
	want := s.to.written
	for i, c := range text {
		size := utf8.RuneLen(c)
		before, bsize := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case c == '(' && after == ' ' && !strings.Contains(s.src, "( "):
			edits = append(edits, edit{i + 1, i + 2, ""})
		case c == ')' && before == ' ' && i > 1 && text[i-2] != ':' && !strings.Contains(s.src, " )"):
			edits = append(edits, edit{i - 1, i, ""})
		case french && strings.ContainsRune("?!;»", c) && (unicode.IsLetter(before) || unicode.IsDigit(before) || c == '»' && !unicode.IsSpace(before)) && i > 0:
			edits = append(edits, edit{i, i, "\u00a0"})
		case french && c == '«' && unicode.IsLetter(after):
			edits = append(edits, edit{i + size, i + size, "\u00a0"})
		case strings.ContainsRune(spacedMarks(s.to), c) && c != '…' && (before == ' ' || before == '\u00a0') && i > bsize && after != c && after != '.' && after != ')' && !unicode.IsDigit(after) && !strings.Contains(s.src, string([]rune{' ', c})):
			if !unicode.IsLetter(after) {
				edits = append(edits, edit{i - bsize, i, ""})
			} else if c == ',' || c == '،' {
				edits = append(edits, edit{i - bsize, i + size, string(c) + " "})
			}
		case (c == ',' || c == '،' || c == '؛') && unicode.IsLetter(before) && unicode.IsLetter(after) && !closeComma(s.src):
			edits = append(edits, edit{i + size, i + size, " "})
		case c == '.' && unicode.IsLower(before) && unicode.IsUpper(after) && scriptOfRune(before) == want && scriptOfRune(after) == want && !strings.Contains(s.src, "."+string(after)):
			edits = append(edits, edit{i + 1, i + 1, " "})
		}
	}
	return edits
}

func fixEdges(s *segment) (edits []edit) {
	src, tgt := s.source.Chars, s.target.Text.Chars
	if strings.TrimSpace(src) == "" || strings.TrimSpace(tgt) == "" {
		return nil
	}
	head := func(t string) string { return t[:len(t)-len(strings.TrimLeftFunc(t, unicode.IsSpace))] }
	tail := func(t string) string { return t[len(strings.TrimRightFunc(t, unicode.IsSpace)):] }
	if a, b := head(src), head(tgt); (a == "") != (b == "") {
		edits = append(edits, edit{0, len(b), a})
	}
	if a, b := tail(src), tail(tgt); (a == "") != (b == "") {
		edits = append(edits, edit{len(tgt) - len(b), len(tgt), a})
	}
	return edits
}
