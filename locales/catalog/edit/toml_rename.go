package edit

import (
	"bytes"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"hexapla/locales/message"
	"hexapla/pipeline/cst"
)

// rekey gives a message another id: in place where the tables that it is in
// stay the same, else as a table behind that which it is in.
func (l *lineIndex) rekey(e *message.Entry, to string) []cst.Edit {
	data := l.data
	if own, ok := e.Field("id"); ok && own.Value != "" {
		rest, ok := strings.CutPrefix(to, strings.TrimSuffix(e.ID, own.Value))
		if !ok || rest == "" {
			return nil
		}
		return []cst.Edit{replace(own.Offset, own.End, quote(rest))}
	}
	f := e.Fields[0]
	switch s := l.shape(e); s {
	case tableShape:
		start := e.Offset + bytes.IndexByte(data[e.Offset:], '[') + 1
		end := keyEnd(data, start)
		return []cst.Edit{replace(start, end, key(to))}
	case stringShape:
		k := keyParts(data, f)
		if rest, ok := strings.CutPrefix(to, strings.TrimSuffix(e.ID, joined(k))); ok && rest != "" {
			return []cst.Edit{replace(f.Key, keyEnd(data, f.Key), key(rest))}
		}
		if !l.startsLine(f.Key) {
			return nil
		}
		start, end := l.commentStart(f.Key), l.End(f.End)
		at := l.nextTable(end)
		text := "\n" + string(data[start:l.Start(f.Key)]) + "[" + key(to) + "]\nother = " + string(data[f.Offset:end])
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		text = strings.ReplaceAll(text, "\r\n", "\n")
		if at < len(data) {
			text = strings.TrimPrefix(text, "\n") + "\n"
		}
		return []cst.Edit{replace(start, end, ""), replace(at, at, text)}
	case lineShape:
		var out []cst.Edit
		for _, f := range e.Fields {
			k := keyParts(data, f)
			rest, ok := strings.CutPrefix(to, strings.TrimSuffix(e.ID, joined(k[:len(k)-1])))
			if !ok || rest == "" || len(k) < 2 {
				return nil
			}
			out = append(out, replace(f.Key, keyEnd(data, f.Key), key(rest)+"."+k[len(k)-1]))
		}
		return out
	}
	// The key before the brace.
	head := strings.TrimRight(string(data[l.Start(f.Key):f.Key]), " \t")
	head, ok := strings.CutSuffix(head, "{")
	head, equals := strings.CutSuffix(strings.TrimRight(head, " \t"), "=")
	head = strings.TrimRight(head, " \t")
	if !ok || !equals {
		return nil
	}
	from := strings.LastIndexAny(head, "{,") + 1
	from += len(head[from:]) - len(strings.TrimLeft(head[from:], " \t"))
	start := l.Start(f.Key)
	outer := message.Field{Key: start + from, Offset: start + len(head)}
	rest, ok := strings.CutPrefix(to, strings.TrimSuffix(e.ID, joined(keyParts(data, outer))))
	if !ok || rest == "" {
		return nil
	}
	return []cst.Edit{replace(outer.Key, outer.Offset, key(rest))}
}

// keyEnd is where the key that begins at at ends: before a bracket or an equals
// sign outside quotation marks, and the white space before it.
func keyEnd(data []byte, at int) int {
	quote := byte(0)
	i := at
	for ; i < len(data) && data[i] != '\n'; i++ {
		switch c := data[i]; {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		}
		if quote == 0 && (data[i] == ']' || data[i] == '=') {
			break
		}
	}
	return at + len(bytes.TrimRight(data[at:min(i, len(data))], " \t"))
}

// nextTable is where the first table from at begins, its comments included, or
// the end.
func (l *lineIndex) nextTable(at int) int {
	var p unstable.Parser
	p.Reset(l.data)
	for p.NextExpression() {
		if e := p.Expression(); e.Kind == unstable.Table || e.Kind == unstable.ArrayTable {
			if it := e.Key(); it.Next() {
				if offset := int(it.Node().Raw.Offset); offset >= at {
					return max(at, l.commentStart(offset))
				}
			}
		}
	}
	return len(l.data)
}
