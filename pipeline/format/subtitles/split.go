package subtitles

import (
	"bytes"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/internal/spantext"
)

// splitter makes the units of one file.
type splitter struct {
	doc  *bitext.Document
	vtt  bool
	data []byte
	cues []cue
	ids  bitext.IDs
}

// group is text of one cue that is read in one go: all its lines, or one line of a
// dialogue. from and to are without a dash, a voice, and tags around all of it, whose
// starts are outer.
type group struct {
	cue      int
	from, to int
	voice    string
	dialogue bool // one of several in its cue
	dash     bool // after a dash
	outer    []string
}

// token is a piece of a group: characters, a tag, or a line break.
type token struct {
	kind     tokenKind
	from, to int
	text     string // of characters, decoded
	name     string // of a tag
	open     bool   // of a tag: it opens
	pair     int    // of a tag: the token of the other one of its pair, -1 for none
}

type tokenKind uint8

const (
	plainToken   tokenKind = iota // characters as they are
	decodedToken                  // a character reference
	tagToken
	breakToken   // a line end, with white space around it
	invalidToken // bytes that are no text
)

// Limits of a unit that is made of several cues.
const (
	maxCues  = 12   // cues of one sentence
	maxUnit  = 1000 // bytes of their text, from which on no cue is added
	maxPause = 3000 // milliseconds between two cues of a sentence
)

func (s *splitter) split() {
	var groups []group
	for i := range s.cues {
		groups = s.groups(groups, i)
	}
	// In files whose sentences end with a mark, a cue without one goes on in the next.
	ended := 0
	for _, g := range groups {
		if endsSentence(visible(s.data[g.from:g.to])) {
			ended++
		}
	}
	punctuated := ended*3 >= len(groups)
	for i := 0; i < len(groups); {
		n := i + 1
		for n < len(groups) && n-i < maxCues && groups[n-1].to-groups[i].from < maxUnit && s.continues(&groups[n-1], &groups[n], punctuated) {
			n++
		}
		s.unit(groups[i:n])
		i = n
	}
}

// continues reports whether the sentence of a cue goes on in the next one.
func (s *splitter) continues(a, b *group, punctuated bool) bool {
	x, y := &s.cues[a.cue], &s.cues[b.cue]
	if b.cue != a.cue+1 || a.dialogue || b.dialogue || b.dash || y.apart || y.note != "" || x.settings != y.settings || a.voice != b.voice && b.voice != "" {
		return false
	}
	if pause := y.start - x.end; pause > maxPause || pause < -maxPause {
		return false
	}
	before, after := visible(s.data[a.from:a.to]), visible(s.data[b.from:b.to])
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	switch {
	case before == "" || after == "" || endsSentence(before):
		return false
	case strings.ContainsRune("♪♫#[(（【>", first) || strings.ContainsRune("♪♫#])）】", last):
		return false // songs, sounds, changes of the speaker
	case strings.HasSuffix(before, "...") || last == '…':
		return unicode.IsLower(first)
	case unicode.IsLower(first), strings.ContainsRune(",;、，،؛", last):
		return true
	}
	return punctuated && last != ':' && last != '：'
}

// visible returns the text of bytes without tags and white space around it, as it
// is needed to see how it begins and ends.
func visible(data []byte) string {
	text := tags().ReplaceAllString(string(data), "")
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}

// endsSentence reports whether a text ends with a mark that ends a sentence, quotation
// marks and brackets after it included.
func endsSentence(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi) || r == '"' || r == '\'' || unicode.IsSpace(r)
	})
	if strings.HasSuffix(text, "...") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	return unicode.Is(unicode.Sentence_Terminal, last)
}

// groups appends the groups of a cue.
func (s *splitter) groups(out []group, i int) []group {
	c := &s.cues[i]
	text := s.data[c.from:c.to]
	if trimmed := bytes.TrimSpace(text); s.vtt && len(trimmed) > 1 && trimmed[0] == '{' && trimmed[len(trimmed)-1] == '}' {
		return out // data of a program
	}
	var lines []line
	dialogue := false
	for _, l := range split(text) {
		l.from, l.to = l.from+c.from, l.to+c.from
		_, voice := s.lead(l)
		dash := dashed(s.data[l.from:l.to]) > 0
		if len(lines) > 0 && (voice != "" || dash) {
			dialogue = true
		}
		lines = append(lines, l)
	}
	first := len(out)
	for k, l := range lines {
		at, voice := s.lead(l)
		dash := dashed(s.data[at:l.to])
		if k > 0 && !(dialogue && (voice != "" || dash > 0)) {
			out[len(out)-1].to = l.to
			continue
		}
		at += dash
		out = append(out, group{cue: i, from: at, to: l.to, voice: voice, dialogue: dialogue, dash: dash > 0})
	}
	for k := first; k < len(out); k++ {
		s.trim(&out[k])
	}
	return out
}

// lead returns where the text of a line begins after a voice tag of WebVTT, and the
// tag.
func (s *splitter) lead(l line) (at int, voice string) {
	text := s.data[l.from:l.to]
	if !s.vtt || !(bytes.HasPrefix(text, []byte("<v ")) || bytes.HasPrefix(text, []byte("<v."))) {
		return l.from, ""
	}
	end := bytes.IndexByte(text, '>')
	if end < 0 {
		return l.from, ""
	}
	return l.from + end + 1, string(text[:end+1])
}

// dashed returns the length of the dash, with the space after it, that a line of a
// dialogue begins with.
func dashed(text []byte) int {
	r, n := utf8.DecodeRune(text)
	if n == len(text) || !strings.ContainsRune("-‐‑–—−", r) {
		return 0
	}
	next, k := utf8.DecodeRune(text[n:])
	if unicode.IsSpace(next) {
		n += k
	} else if !unicode.IsLetter(next) && !unicode.IsPunct(next) {
		return 0
	}
	return n
}

// trim leaves out white space, the end of a voice, and tags around the whole group.
func (s *splitter) trim(g *group) {
	for range maxTrimmed {
		from, to := g.from, g.to
		text := s.data[g.from:g.to]
		trimmed := bytes.TrimLeft(text, " \t\r\n")
		g.from += len(text) - len(trimmed)
		g.to = g.from + len(bytes.TrimRight(trimmed, " \t\r\n"))
		if g.voice != "" {
			g.to -= len(s.data[g.from:g.to]) - len(bytes.TrimSuffix(s.data[g.from:g.to], []byte("</v>")))
		}
		if t := s.tokens(*g); len(t) > 1 && t[0].kind == tagToken && t[0].open && t[0].pair == len(t)-1 {
			g.outer = append(g.outer, string(s.data[t[0].from:t[0].to]))
			g.from, g.to = t[0].to, t[len(t)-1].from
		} else if len(t) > 0 && t[0].kind == tagToken && strings.HasPrefix(t[0].name, "{") {
			g.from = t[0].to // a place on the screen
		}
		if g.from == from && g.to == to {
			return
		}
	}
}

// maxTrimmed is how many tags around each other are left out.
const maxTrimmed = 8

// unit makes a unit of the groups of one sentence.
func (s *splitter) unit(groups []group) {
	b := spantext.Builder{Start: groups[0].from}
	for i, g := range groups {
		if i > 0 {
			from := groups[i-1].to
			if spaced(b.Chars(), visible(s.data[g.from:g.to])) {
				b.Add(" ", from, from)
			}
			b.Code(bitext.Code{
				Kind: bitext.Placeholder, ID: strconv.Itoa(len(b.Codes) + 1), Data: string(s.data[from:g.from]), Disp: "⏭", Type: "other", SubType: cueBreak, NoCopy: true, NoReorder: true,
			}, from, g.from)
		}
		s.text(&b, g)
	}
	if !strings.ContainsFunc(b.Chars(), unicode.IsLetter) {
		return
	}
	first, last := &s.cues[groups[0].cue], &s.cues[groups[len(groups)-1].cue]
	u := bitext.Unit{Kind: bitext.Paragraph, Name: first.times, Source: b.Text()}
	if len(groups) > 1 {
		u.Notes = append(u.Notes, bitext.Note{Category: "context", Text: "one sentence in " + strconv.Itoa(len(groups)) + " subtitles, until " + strings.TrimSpace(last.times[strings.Index(last.times, "-->")+3:])})
	}
	if first.note != "" {
		u.Notes = append(u.Notes, bitext.Note{Category: "author", Text: first.note})
	}
	u.ID = s.ids.Content(u.Kind, u.Source)
	s.doc.Units = append(s.doc.Units, u)
	s.doc.Skeleton.Spans = append(s.doc.Skeleton.Spans, b.Span(len(s.doc.Units)-1, groups[len(groups)-1].to, "cue"))
}

// cueBreak is the SubType of the code for the end of a cue inside a sentence.
const cueBreak = "hexapla:cue"

// spaced reports whether a line break between two texts stands for a space: not
// between characters of scripts that have none between words.
func spaced(before, after string) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	return !(unspaced(a) && unspaced(b))
}

// unspaced reports whether a character is of a script without spaces between lines:
// Han, Kana, Thai, Lao, Khmer, Myanmar, and their punctuation.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef || r == 0x30fc
}

// text adds the text of a group.
func (s *splitter) text(b *spantext.Builder, g group) {
	tokens := s.tokens(g)
	ids := make([]string, len(tokens))
	for i := 0; i < len(tokens); i++ {
		t := &tokens[i]
		switch t.kind {
		case plainToken, decodedToken:
			b.Add(t.text, t.from, t.to)
		case breakToken:
			from, to := t.from, t.to
			rest := s.data[to:min(to+utf8.UTFMax, g.to)]
			if i+1 < len(tokens) && tokens[i+1].kind != plainToken {
				rest = []byte("x")
			}
			if spaced(b.Chars(), string(rest)) {
				b.Add(" ", from, to)
			} else {
				b.Skip(to)
			}
		case invalidToken:
			b.Code(bitext.Code{ID: strconv.Itoa(len(b.Codes) + 1), Data: string(s.data[t.from:t.to]), Disp: "�", Type: "other", NoDelete: true}, t.from, t.to)
		case tagToken:
			c := bitext.Code{ID: strconv.Itoa(len(b.Codes) + 1), Data: string(s.data[t.from:t.to]), Disp: diag.Excerpt(string(s.data[t.from:t.to])), Type: "fmt"}
			if t.pair >= 0 {
				if c.Kind = bitext.Start; !t.open {
					c.Kind = bitext.End
					c.ID = ids[t.pair]
				}
				ids[i] = c.ID
			} else if c.Type = "other"; t.name == "rt" {
				c.NoDelete = true
			}
			switch t.name {
			case "b", "i", "u":
				c.SubType = "xlf:" + t.name
			}
			b.Code(c, t.from, t.to)
		}
	}
}

// tokens cuts the text of a group into tokens.
func (s *splitter) tokens(g group) []token {
	from, to := g.from, g.to
	var out []token
	plain := func(until int) {
		if until > from {
			out = append(out, token{kind: plainToken, from: from, to: until, text: string(s.data[from:until]), pair: -1})
		}
	}
	var open []int
	for at := from; at < to; {
		t := s.token(at, to)
		if t.to == 0 {
			_, n := utf8.DecodeRune(s.data[at:to])
			at += n
			continue
		}
		plain(t.from)
		at, from = t.to, t.to
		t.pair = -1
		if t.kind == tagToken && t.open {
			open = append(open, len(out))
		} else if t.kind == tagToken {
			for k := len(open) - 1; k >= 0 && k >= len(open)-maxOpen; k-- {
				if out[open[k]].name == t.name {
					t.pair = open[k]
					out[open[k]].pair = len(out)
					open = open[:k]
					break
				}
			}
		}
		out = append(out, t)
	}
	plain(to)
	return joinLines(out, s.data, g.outer)
}

// maxOpen is how many open tags are looked at for the one that an end tag ends.
const maxOpen = 20

// joinLines makes one line break of a tag's end, the line break behind it, and the
// same tag again: "<i>One</i>\n<i>two</i>", also inside the tags that are outer.
func joinLines(tokens []token, data []byte, outer []string) []token {
	out := make([]token, 0, len(tokens))
	moved := make([]int, len(tokens)) // where a token is in out
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if n := len(out) - 1; t.kind == breakToken && n >= 0 && i+1 < len(tokens) {
			a, b := &out[n], &tokens[i+1]
			if a.kind == tagToken && !a.open && a.pair < 0 && b.kind == tagToken && b.open && b.pair < 0 && a.name == b.name && slices.Contains(outer, string(data[b.from:b.to])) {
				out[n] = token{kind: breakToken, from: a.from, to: b.to, pair: -1}
				i++
				continue
			}
			if a.kind == tagToken && !a.open && a.pair >= 0 && b.kind == tagToken && b.open && b.pair >= 0 {
				start := &tokens[a.pair]
				if bytes.Equal(data[start.from:start.to], data[b.from:b.to]) {
					tokens[b.pair].pair = a.pair // the end of b's pair is now that of a's
					out[n] = token{kind: breakToken, from: a.from, to: b.to, pair: -1}
					i++
					continue
				}
			}
		}
		moved[i] = len(out)
		out = append(out, t)
	}
	for i := range out {
		if out[i].open {
			out[i].pair = -1
		} else if p := out[i].pair; p >= 0 {
			out[i].pair = moved[p]
		}
	}
	for i := range out {
		if p := out[i].pair; p >= 0 && !out[i].open {
			out[p].pair = i
		}
	}
	return out
}

// token returns the tag, line break, reference or wrong byte at an offset; its end is
// 0 if there is none.
func (s *splitter) token(at, to int) token {
	switch c := s.data[at]; {
	case c == '\r', c == '\n':
		end := at
		for end < to && strings.IndexByte(" \t\r\n", s.data[end]) >= 0 {
			end++
		}
		return token{kind: breakToken, from: at, to: end}
	case c == '<':
		m := tags().FindIndex(s.data[at:min(to, at+maxTag)])
		if s.vtt {
			m = vttTag().FindIndex(s.data[at:min(to, at+maxTag)])
		}
		if m == nil || m[0] != 0 {
			return token{}
		}
		t := token{kind: tagToken, from: at, to: at + m[1]}
		inner := s.data[at+1 : t.to-1]
		closing := bytes.HasPrefix(inner, []byte("/"))
		name := bytes.TrimPrefix(inner, []byte("/"))
		if n := bytes.IndexAny(name, " \t\r\n."); n >= 0 {
			name = name[:n]
		}
		t.name, t.open = strings.ToLower(string(name)), !closing
		if t.open && t.name == "rt" { // the reading of a ruby: one code with its text
			if end := bytes.Index(s.data[t.to:min(to, t.to+maxTag)], []byte("</rt>")); end >= 0 {
				t.to += end + len("</rt>")
				t.open = false
			}
		}
		return t
	case c == '{' && !s.vtt:
		if m := assTag().FindIndex(s.data[at:min(to, at+maxTag)]); m != nil {
			return token{kind: tagToken, from: at, to: at + m[1], name: string(s.data[at : at+m[1]]), open: true}
		}
	case c == '&' && s.vtt:
		// One reference: what else is between & and ; may be no text at all.
		if n := bytes.IndexByte(s.data[at:min(to, at+32)], ';'); n > 0 && !bytes.ContainsFunc(s.data[at+1:at+n], notInReference) {
			ref := string(s.data[at : at+n+1])
			if text := html.UnescapeString(ref); text != ref && !strings.ContainsAny(text, "\r\n\x00") {
				return token{kind: decodedToken, from: at, to: at + n + 1, text: text}
			}
		}
	case c >= utf8.RuneSelf:
		if r, n := utf8.DecodeRune(s.data[at:to]); r == utf8.RuneError && n == 1 {
			end := at + 1
			for end < to {
				if r, n := utf8.DecodeRune(s.data[end:to]); r != utf8.RuneError || n != 1 {
					break
				}
				end++
			}
			return token{kind: invalidToken, from: at, to: end}
		}
	}
	return token{}
}

// notInReference reports whether a character is not part of a character reference.
func notInReference(r rune) bool {
	return r != '#' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}
