package hook

import (
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
	"unicode"

	nethtml "golang.org/x/net/html"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// Tagged is the markup of bitext.Text.Tagged: <1>…</1> for a pair, <2/> for a
// placeholder, a backslash before what only looks like one. Terms that stay as
// they are placeholders too.
func Tagged() Markup { return tagged{} }

type tagged struct{}

func (tagged) Encode(t bitext.Text) string { return t.Tagged() }

func (tagged) Decode(answer string, source bitext.Text) (bitext.Text, error) {
	t, err := bitext.ParseTagged(answer, source)
	if len(source.Codes) == 0 || err == nil && compare(source, t) == nil {
		return t, err
	}
	if plain := plainTags(answer, source); plain != answer {
		if t, err := bitext.ParseTagged(plain, source); err == nil && compare(source, t) == nil {
			return t, nil
		}
	}
	return t, err
}

// altered matches tags as language models and engines alter them: with other brackets,
// escaped, with spaces, with the digits of another script.
var altered = lazy.Regexp(`(?i)(?:<|＜|〈|《|‹|&lt;)[ \x{a0}]*([/／]?)[ \x{a0}]*(\p{Nd}{1,4})[ \x{a0}]*([/／]?)[ \x{a0}]*(?:>|＞|〉|》|›|&gt;)`)

// plainTags returns an answer with altered tags as Tagged writes them. An answer to a
// source that has such characters as text stays as it is.
func plainTags(answer string, source bitext.Text) string {
	if altered().MatchString(source.Chars) {
		return answer
	}
	tags := source.Tagged()
	return altered().ReplaceAllStringFunc(answer, func(tag string) string {
		m := altered().FindStringSubmatch(tag)
		n := digitsOf(m[2])
		switch {
		case strings.Contains(tags, "<"+n+"/>"):
			if m[1] != "" {
				return "" // the end of a placeholder that was written as a pair
			}
			return "<" + n + "/>"
		case m[1] != "":
			return "</" + n + ">"
		case m[3] != "":
			return "<" + n + "/>"
		}
		return "<" + n + ">"
	})
}

// digitsOf returns a number in decimal digits of any script in ASCII digits.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= unicode.MaxASCII {
			return r
		}
		return rune(digitOf(r))
	}, s)
}

// HTML is markup for services that translate HTML: <span id="1">…</span> for a
// pair, <img id="2"> for a placeholder, <br id="3"> for one that means a line
// break; ids count as in Tagged. A term that stays is seen by the service, inside
// <span id="4" translate="no">, and taken from the source again when read back.
// Halves of pairs and pairs that cross another stand alone, as placeholders do.
func HTML() Markup { return htmlMarkup{} }

type htmlMarkup struct{}

// An element is one code of a text, or the two of a pair, as HTML has it.
type element struct {
	start bitext.Code // the only code, or the pair's Start
	end   bitext.Code // of a pair
	pair  bool
	keep  bool
}

// elements numbers the codes of t from 0 in order of appearance, a nested pair
// having one number. of is the number for each code.
func elements(t bitext.Text) (list []element, of []int) {
	of = make([]int, len(t.Codes))
	nested := nestedPairs(t)
	for i, c := range t.Codes {
		if j, ok := nested[i]; ok && j < i {
			of[i] = of[j]
			list[of[i]].end = c
			continue
		}
		_, pair := nested[i]
		of[i] = len(list)
		list = append(list, element{start: c, pair: pair, keep: c.Type == keepType})
	}
	return list, of
}

// nestedPairs relates the indices of each Start and its End, both ways, for the
// pairs that are whole and cross no other.
func nestedPairs(t bitext.Text) map[int]int {
	pairs := map[int]int{}
	var open []int
	for i, c := range t.Codes {
		switch c.Kind {
		case bitext.Start:
			open = append(open, i)
		case bitext.End:
			for k := len(open) - 1; k >= 0; k-- {
				if t.Codes[open[k]].ID != c.ID {
					continue
				}
				pairs[i], pairs[open[k]] = open[k], i
				// What was opened since and is not closed crosses this pair or
				// has no end; either way it stands alone.
				open = open[:k]
				break
			}
		}
	}
	return pairs
}

func (htmlMarkup) Encode(t bitext.Text) string {
	_, of := elements(t)
	nested := nestedPairs(t)
	var b strings.Builder
	code := 0
	for p := range t.Pieces() {
		if p.Code == nil {
			b.WriteString(escapeHTML(p.Chars))
			continue
		}
		id := strconv.Itoa(of[code] + 1)
		other, pair := nested[code]
		switch {
		case pair && other > code:
			b.WriteString(`<span id="` + id + `">`)
		case pair:
			b.WriteString(`</span>`)
		case p.Code.Type == keepType:
			b.WriteString(`<span id="` + id + `" translate="no">` + escapeHTML(p.Code.Data) + `</span>`)
		case p.Code.Equiv == "\n":
			b.WriteString(`<br id="` + id + `">`)
		default:
			b.WriteString(`<img id="` + id + `">`)
		}
		code++
	}
	return b.String()
}

// escapeHTML escapes what a tokenizer would read as markup or change by itself:
// it turns a carriage return into a line feed.
func escapeHTML(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\r", "&#13;")
}

func (htmlMarkup) Decode(answer string, source bitext.Text) (bitext.Text, error) {
	list, _ := elements(source)
	z := nethtml.NewTokenizer(strings.NewReader(answer))
	var b strings.Builder
	var out bitext.Text
	put := func(c bitext.Code) {
		c.Pos = b.Len()
		out.Codes = append(out.Codes, c)
	}
	type frame struct {
		name string
		elem int
	}
	var open []frame
	kept := 0 // depth of open elements that stay: their content is ours
	for {
		switch kind := z.Next(); kind {
		case nethtml.ErrorToken:
			if err := z.Err(); err != io.EOF {
				return bitext.Text{}, fmt.Errorf("answer is not HTML: %w", err)
			}
			// The end of a pair that was never closed is lost; so it is told.
			out.Chars = b.String()
			return out, nil
		case nethtml.TextToken:
			if kept == 0 {
				b.Write(z.Text())
			}
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			name, e, err := readTag(z, list)
			if err != nil {
				return bitext.Text{}, err
			}
			void := name == "img" || name == "br" || kind == nethtml.SelfClosingTagToken
			if kept == 0 {
				put(list[e].start)
			}
			switch {
			case !void:
				open = append(open, frame{name, e})
				if list[e].keep {
					kept++
				}
			case list[e].pair && kept == 0:
				put(list[e].end)
			}
		case nethtml.EndTagToken:
			name, _ := z.TagName()
			n := len(open) - 1
			if n < 0 || open[n].name != string(name) {
				return bitext.Text{}, fmt.Errorf("</%s> closes nothing", diag.Truncate(string(name), 20))
			}
			e := open[n].elem
			open = open[:n]
			if list[e].keep {
				kept--
			} else if list[e].pair && kept == 0 {
				put(list[e].end)
			}
		default:
			return bitext.Text{}, fmt.Errorf("%s is not in the source", diag.Truncate(string(z.Raw()), 40))
		}
	}
}

// readTag is the name of the tag that z stands at and the element its id names.
func readTag(z *nethtml.Tokenizer, list []element) (name string, elem int, err error) {
	raw := diag.Truncate(string(z.Raw()), 40)
	tag, more := z.TagName()
	name = string(tag)
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "id" {
			if n, err := strconv.Atoi(string(value)); err == nil && n > 0 && n <= len(list) {
				return name, n - 1, nil
			}
		}
	}
	return "", 0, fmt.Errorf("%w: %s", errForeign, raw)
}
