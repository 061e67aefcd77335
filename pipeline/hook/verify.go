package hook

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hexapla/glossary"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// decode reads an engine's answer to source, which splitEdges has left without white
// space at its edges, and says what is wrong with it. The text is returned with
// an error that wraps ErrCodes too, for repair to try.
func decode(m Markup, answer string, source bitext.Text) (bitext.Text, error) {
	t, err := m.Decode(answer, source)
	if err != nil {
		if errors.Is(err, errForeign) {
			return bitext.Text{}, fmt.Errorf("%w: %w", ErrAnswer, err)
		}
		return bitext.Text{}, fmt.Errorf("%w: %w", ErrCodes, err)
	}
	t = trim(unescape(t, source))
	if bitext.LacksText(source, t) {
		return bitext.Text{}, ErrEmpty
	}
	if bitext.LostLetters(source.Chars, t.Chars) {
		return bitext.Text{}, fmt.Errorf("%w: question marks or replacement characters stand for its letters: %q", ErrAnswer, diag.Truncate(t.Chars, 40))
	}
	if n := len(tagStart().FindAllString(t.Chars, -1)); n > len(tagStart().FindAllString(source.Chars, -1)) {
		return bitext.Text{}, fmt.Errorf("%w: it has markup that the source does not have: %q", ErrAnswer, diag.Truncate(tagStart().FindString(t.Chars), 40))
	}
	return t, compare(source, t)
}

// entity matches the references that engines leave in a text, or put there: one escape too
// many.
var entity = lazy.Regexp(`&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6});`)

// unescape replaces the references of an answer by their characters, again where they are
// escaped several times, if its source has none. They become text, never markup.
func unescape(t, source bitext.Text) bitext.Text {
	if !strings.Contains(t.Chars, "&") || entity().MatchString(source.Chars) {
		return t
	}
	for range 3 {
		found := entity().FindAllStringIndex(t.Chars, -1)
		if found == nil {
			break
		}
		var b strings.Builder
		codes := slices.Clone(t.Codes)
		at, code := 0, 0
		for _, m := range append(found, []int{len(t.Chars), len(t.Chars)}) {
			for ; code < len(codes) && codes[code].Pos <= m[0]; code++ {
				codes[code].Pos += b.Len() - at
			}
			b.WriteString(t.Chars[at:m[0]])
			c := html.UnescapeString(t.Chars[m[0]:m[1]])
			if strings.ContainsFunc(c, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) {
				c = t.Chars[m[0]:m[1]]
			}
			for ; code < len(codes) && codes[code].Pos < m[1]; code++ { // inside of the reference
				codes[code].Pos = b.Len()
			}
			b.WriteString(c)
			at = m[1]
		}
		t = bitext.Text{Chars: b.String(), Codes: codes}
	}
	return t
}

// errForeign is markup of an answer that is none of ours: not a code that went astray,
// but an answer that is not to be trusted.
var errForeign = errors.New("it has markup that the source does not have")

// tagStart matches what begins as a tag, a comment or a declaration does. In an
// edition it would be text, but no translation needs it where its source has none.
var tagStart = lazy.Regexp(`<[/!?]?[a-zA-Z][^\s>]*|<!--`)

// compare is stricter than bitext.CompareCodes: no engine has a reason to copy a
// code.
func compare(source, target bitext.Text) error {
	strict := source.Clone()
	for i := range strict.Codes {
		strict.Codes[i].NoCopy = true
	}
	problems := bitext.CompareCodes(strict, target)
	if len(problems) == 0 {
		return nil
	}
	var messages []string
	for _, p := range problems {
		if len(messages) == 5 {
			messages = append(messages, "…")
			break
		}
		messages = append(messages, p.Kind.String()+" "+show(p.Code))
	}
	return fmt.Errorf("%w: %s", ErrCodes, strings.Join(messages, ", "))
}

// show names a code for people.
func show(c bitext.Code) string {
	s := c.Disp
	if s == "" {
		s = c.Data
	}
	if s == "" {
		s = "code " + c.ID
	}
	return fmt.Sprintf("%q", diag.Truncate(s, 40))
}

// trim takes off the white space before and behind everything in t, codes
// included.
func trim(t bitext.Text) bitext.Text {
	first, last := len(t.Chars), 0
	if n := len(t.Codes); n > 0 {
		first, last = t.Codes[0].Pos, t.Codes[n-1].Pos
	}
	from := first - len(strings.TrimLeftFunc(t.Chars[:first], unicode.IsSpace))
	last = max(last, from)
	to := last + len(strings.TrimRightFunc(t.Chars[last:], unicode.IsSpace))
	if from == 0 && to == len(t.Chars) {
		return t
	}
	out := bitext.Text{Chars: t.Chars[from:to], Codes: slices.Clone(t.Codes)}
	for i := range out.Codes {
		out.Codes[i].Pos -= from
	}
	return out
}

// repair corrects an answer where only one outcome can be right: a placeholder
// twice in one place counts once, and one that began or ended the source goes
// back to that end. It reports whether the codes are now those of the source.
func repair(source, target bitext.Text) (bitext.Text, bool) {
	t := target.Clone()
	t.Codes = slices.CompactFunc(t.Codes, func(a, b bitext.Code) bool {
		return a.Kind == bitext.Placeholder && b.Kind == bitext.Placeholder && a.ID == b.ID && a.Pos == b.Pos
	})
	has := map[string]bool{}
	for _, c := range t.Codes {
		has[c.ID] = true
	}
	lost := func(c bitext.Code) bool { return c.Kind == bitext.Placeholder && !has[c.ID] }
	var lead, trail []bitext.Code
	for _, c := range source.Codes {
		if c.Pos > 0 || !lost(c) {
			break
		}
		c.Pos = 0
		lead = append(lead, c)
	}
	for _, c := range slices.Backward(source.Codes[len(lead):]) {
		if c.Pos < len(source.Chars) || !lost(c) {
			break
		}
		c.Pos = len(t.Chars)
		trail = append(trail, c)
	}
	slices.Reverse(trail)
	t.Codes = slices.Concat(lead, t.Codes, trail)
	return t, compare(source, t) == nil
}

// correctTerms spells the terms of an answer as the glossary does, where that is safe.
func correctTerms(locale string, item Item, answer bitext.Text) (bitext.Text, []glossary.Replacement) {
	if len(item.Terms) == 0 {
		return answer, nil
	}
	list := glossary.Correct(locale, item.Terms, answer.Chars)
	for _, r := range slices.Backward(list) {
		answer = answer.Replace(r.Start, r.End, r.New)
	}
	return answer, list
}

// checkAnswer returns the findings about a sound answer in a locale. Terms count in
// every inflected form, as they do in the check of terms of a finished translation.
func checkAnswer(locale string, item Item, target bitext.Text, engine string) []diag.Diagnostic {
	var out []diag.Diagnostic
	add := func(id, issue, format string, args ...any) {
		out = append(out, diag.Diagnostic{ID: id, Severity: diag.Warning, Place: item.Place, Issue: issue}.
			Messagef(format, args...))
	}
	if strings.ContainsFunc(protect(item.Text, item.Terms).Chars, unicode.IsLetter) &&
		norm.NFC.String(strings.TrimSpace(target.Chars)) == norm.NFC.String(strings.TrimSpace(item.Text.Chars)) {
		add("hook.untranslated", "untranslated", "%s gave the source text back unchanged", diag.Arg("engine", engine))
		return out
	}
	for _, f := range glossary.Check(locale, item.Terms, target.Chars) {
		m := item.Terms[f.Mark]
		switch f.Kind {
		case glossary.Missing:
			add("hook.term", "terminology", "%s did not use the glossary's %q for %q", diag.Arg("engine", engine), diag.Arg("term", f.Term), diag.Arg("source", m.Source))
		case glossary.ForbiddenUsed:
			add("hook.term", "terminology", "%s used %q for %q, which the glossary forbids", diag.Arg("engine", engine), diag.Arg("term", f.Term), diag.Arg("source", m.Source))
		}
	}
	return out
}
