package edit

import (
	"strconv"
	"strings"

	"hexapla/locales/message"
)

// keyParts are the parts of the dotted key before a value, as they stand.
func keyParts(data []byte, f message.Field) []string {
	text := strings.TrimRight(string(data[f.Key:max(f.Key, f.Offset)]), " \t=")
	var parts []string
	start := 0
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '.':
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(text[min(start, len(text)):]))
}

// unquoted is what a part of a key says.
func unquoted(part string) string {
	if s, err := strconv.Unquote(part); err == nil && part[0] == '"' {
		return s
	}
	return strings.Trim(part, "'")
}

func joined(parts []string) string {
	var out []string
	for _, p := range parts {
		out = append(out, unquoted(p))
	}
	return strings.Join(out, ".")
}

// table writes a message as a TOML table with this key.
func table(key string, fields []Field) string {
	var b strings.Builder
	b.WriteString("[" + key + "]\n")
	for _, v := range fields {
		b.WriteString(v.Name + " = " + quote(v.Text) + "\n")
	}
	return b.String()
}

// tomlKeys are the ids of a file.
type tomlKeys map[string]bool

// of writes an id as the key of a table: bare where TOML lets it and the id does not
// continue another one. Dots nest, which go-i18n reads as the same id; but a table
// [error.x] in the table [error] of a message would be one of its fields.
func (k tomlKeys) of(id string) string {
	for i := range len(id) {
		if id[i] == '.' && k[id[:i]] {
			return quote(id)
		}
	}
	return key(id)
}

// key writes an id as a bare key where TOML lets it; dots nest, which go-i18n
// reads as the same id.
func key(id string) string {
	for part := range strings.SplitSeq(id, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}) {
			return quote(id)
		}
	}
	return id
}
