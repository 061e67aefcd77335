package edit

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"hexapla/locales/message"
	"hexapla/pipeline/cst"
)

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

func textOf(fields []Field, bare bool) text {
	if bare && len(fields) == 1 && fields[0].Name == "other" {
		return text{string: fields[0].Text}
	}
	out := text{}
	for _, v := range fields {
		out.pairs = append(out.pairs, pair{v.Name, text{string: v.Text}})
	}
	return out
}

// listItem is a message as go-i18n's first version has it, in a list.
func (t *tree) listItem(id string, fields []Field) text {
	out := text{pairs: []pair{{"id", text{raw: t.key(id)}}}}
	var forms []Field
	for _, v := range fields {
		if slices.Contains(message.Categories, v.Name) {
			forms = append(forms, v)
		} else {
			out.pairs = append(out.pairs, pair{v.Name, text{string: v.Text}})
		}
	}
	out.pairs = append(out.pairs, pair{"translation", textOf(forms, true)})
	return out
}

// replaceFields makes a message have these fields.
func (t *tree) replaceFields(s messageNode, fields []Field) []cst.Edit {
	n := s.node
	if n.Kind == cst.Scalar {
		if len(fields) == 1 && fields[0].Name == "other" {
			return t.setScalar(n, s.last(), fields[0].Text)
		}
		return t.makeTable(s.last(), fields)
	}
	var out []cst.Edit
	inner := n
	at := find(n, "translation")
	var forms []Field // of a translation that is one string
	if at >= 0 {
		if find(n.Elements[at].Value, "translation") >= 0 || slices.ContainsFunc(message.Categories, func(c string) bool { return find(n, c) >= 0 }) {
			return nil // which of the two texts go-i18n takes is left to chance
		}
		if inner = n.Elements[at].Value; inner.Kind == cst.Scalar {
			for _, v := range fields {
				if slices.Contains(message.Categories, v.Name) {
					forms = append(forms, v)
				}
			}
			inner = n
			if len(forms) == 1 && forms[0].Name == "other" {
				out = append(out, t.setScalar(n.Elements[at].Value, step{n, at}, forms[0].Text)...)
			} else if len(forms) > 0 {
				out = append(out, t.makeTable(step{n, at}, forms)...)
			}
		}
	}
	last := map[*cst.Node]int{n: find(n, "id")}
	if inner != n {
		last[inner] = -1
	}
	// where a field is or is to be
	home := func(name string) *cst.Node {
		if find(n, name) < 0 && slices.Contains(message.Categories, name) {
			return inner
		}
		return n
	}
	spare := map[*cst.Node][]int{n: unwanted(n, fields)}
	if inner != n {
		spare[inner] = unwanted(inner, fields)
	}
	for k, v := range fields {
		in := home(v.Name)
		if i := find(in, v.Name); i >= 0 {
			last[in] = i
			if e := in.Elements[i]; e.Value.Kind == cst.Scalar && (e.Value.Text != v.Text || isNull(e.Value) && v.Text != "") {
				out = append(out, t.setScalar(e.Value, step{in, i}, v.Text)...)
			}
			continue
		}
		if len(forms) > 0 && slices.Contains(message.Categories, v.Name) {
			continue
		}
		rest := slices.ContainsFunc(fields[k+1:], func(v Field) bool { return home(v.Name) == in })
		if free := spare[in]; len(free) > 0 && !rest {
			e := in.Elements[free[0]]
			out = append(out, replace(e.Key.Start, e.Key.End, t.key(v.Name)))
			out = append(out, t.setScalar(e.Value, step{in, free[0]}, v.Text)...)
			continue
		}
		out = append(out, t.insert(in, last[in], []string{t.pair(in, pair{v.Name, text{string: v.Text}}, last[in])})...)
	}
	return out
}

func (s messageNode) last() step {
	if len(s.steps) == 0 {
		return step{}
	}
	return s.steps[len(s.steps)-1]
}

// setScalar writes a string in place of a scalar, in its manner.
func (t *tree) setScalar(n *cst.Node, at step, s string) []cst.Edit {
	if n.Text == s && !isNull(n) {
		return nil
	}
	w := t.quote(s)
	if t.yaml {
		w = t.styled(n, at, s)
		if n.Start == n.End && n.Start > 0 && strings.IndexByte(" \t\n", t.data[n.Start-1]) < 0 {
			w = " " + w
		}
	}
	return []cst.Edit{replace(n.Start, n.End, w)}
}

// styled writes a string as n is written where that is safe.
func (t *tree) styled(n *cst.Node, at step, s string) string {
	printable := !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) || r == 0xfffd })
	switch n.Style {
	case cst.Single:
		if printable && !strings.Contains(s, "\n") {
			return "'" + strings.ReplaceAll(s, "'", "''") + "'"
		}
	case cst.Literal:
		body, ended := strings.CutSuffix(s, "\n")
		if at.in == nil || at.in.Flow || !printable || !strings.Contains(body, "\n") || strings.HasSuffix(body, "\n") || strings.HasPrefix(body, "\n") || strings.HasPrefix(body, " ") {
			break
		}
		head := "|-"
		if ended {
			head = "|"
		}
		indent := strings.Repeat(" ", at.in.Column) + t.unit
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
	return quote(s)
}

// key writes a key: in YAML without quotation marks where it cannot be taken
// for anything else.
func (t *tree) key(s string) string {
	if !t.yaml || s == "" || !asciiLetter(rune(s[0])) || strings.ContainsFunc(s, func(r rune) bool {
		return !asciiLetter(r) && (r < '0' || r > '9') && !strings.ContainsRune("_-.", r)
	}) {
		return quote(s)
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return quote(s)
	}
	return s
}

func asciiLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// rawAt is a scalar as it stands, to be put one step deeper.
func (t *tree) rawAt(n *cst.Node) string {
	s := string(t.data[n.Start:n.End])
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

// makeTable makes of a string a table with these fields.
func (t *tree) makeTable(at step, fields []Field) []cst.Edit {
	if at.in == nil {
		return nil
	}
	e := at.in.Elements[at.i]
	body := textOf(fields, false)
	if i := len(fields) - 1; fields[i].Name == "other" && fields[i].Text == e.Value.Text && !isNull(e.Value) {
		body.pairs[i].value = text{raw: t.rawAt(e.Value)}
	}
	if at.in.Flow {
		indent, own := t.indentAt(e.Start)
		return []cst.Edit{replace(e.Value.Start, e.Value.End, t.flowText(body, indent, own && !t.yaml))}
	}
	start, gap := e.Value.Start, ""
	if e.Key != nil && e.Colon > 0 && e.Colon <= start {
		start = e.Colon
		if between := t.data[start:e.Value.Start]; bytes.IndexByte(between, '#') >= 0 {
			gap = strings.TrimRight(string(between), " \t\r\n")
		}
	}
	w := gap + t.blockText(body, at.in.Column)
	if e.Key == nil {
		w = t.blockPairs(body.pairs, at.in.Column+2)
	}
	return []cst.Edit{replace(start, e.Value.End, w)}
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
