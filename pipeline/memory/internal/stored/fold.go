package stored

import (
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory/fuzzy"
)

// FoldKey returns a key as the index of similar texts compares it: a run of white space is one space, and
// a code's tag is one character, by its kind.
func FoldKey(key string) string {
	if !strings.ContainsAny(key, "<\t\n\r\v\f\u00a0\u202f") && !strings.Contains(key, "  ") {
		return key
	}
	var b strings.Builder
	space := false
	slashes := 0
	for i := 0; i < len(key); {
		if key[i] == '<' && slashes%2 == 0 {
			if kind, size := tag(key[i:]); size > 0 {
				b.WriteRune(fuzzy.Code + rune(kind))
				i += size
				space, slashes = false, 0
				continue
			}
		}
		if n := spaceAt(key[i:]); n > 0 {
			if !space {
				b.WriteByte(' ')
			}
			space, slashes = true, 0
			i += n
			continue
		}
		if key[i] == '\\' {
			slashes++
		} else {
			slashes = 0
		}
		b.WriteByte(key[i])
		space = false
		i++
	}
	return b.String()
}

// spaceAt is the length of the white space character that s begins with.
func spaceAt(s string) int {
	switch s[0] {
	case ' ', '\t', '\n', '\r', '\v', '\f':
		return 1
	}
	for _, sp := range []string{"\u00a0", "\u202f", "\u2009", "\u3000"} {
		if strings.HasPrefix(s, sp) {
			return len(sp)
		}
	}
	return 0
}

// tag reads a numbered tag as Text.Tagged writes them.
func tag(s string) (kind bitext.CodeKind, size int) {
	i := 1
	if i < len(s) && s[i] == '/' {
		kind = bitext.End
		i++
	} else {
		kind = bitext.Start
	}
	digits := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == digits {
		return 0, 0
	}
	if i < len(s) && s[i] == '/' && kind == bitext.Start {
		kind = bitext.Placeholder
		i++
	}
	if i < len(s) && s[i] == '>' {
		return kind, i + 1
	}
	return 0, 0
}

// WithoutTags returns a text's key without the tags of its codes.
func WithoutTags(key string) string {
	if !strings.ContainsAny(key, `<\`) {
		return key
	}
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		switch key[i] {
		case '<':
			if _, size := tag(key[i:]); size > 0 {
				i += size - 1
				continue
			}
		case '\\':
			// A backslash is written before a tag that is text, and doubled before it.
			n := 0
			for i+n < len(key) && key[i+n] == '\\' {
				n++
			}
			rest := key[i+n:]
			if rest != "" && rest[0] == '<' {
				if _, size := tag(rest); size > 0 {
					b.WriteString(key[i : i+n/2])
					i += n - 1
					if n%2 == 1 {
						b.WriteString(rest[:size])
						i += size
					}
					continue
				}
			}
			b.WriteString(key[i : i+n])
			i += n - 1
			continue
		}
		b.WriteByte(key[i])
	}
	return b.String()
}
