package update

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/edit"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

var accented = strings.NewReplacer("a", "á", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ĝ", "h", "ĥ", "i", "í", "j", "ĵ", "k", "ķ", "l", "ļ", "m", "ɱ",
	"n", "ñ", "o", "ó", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "ú", "v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ý", "z", "ž", "A", "Á", "B", "Ɓ", "C", "Ç", "D", "Ð",
	"E", "É", "F", "Ƒ", "G", "Ĝ", "H", "Ĥ", "I", "Í", "J", "Ĵ", "K", "Ķ", "L", "Ļ", "M", "Ṁ", "N", "Ñ", "O", "Ó", "P", "Þ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Ú", "W", "Ŵ", "Y", "Ý", "Z", "Ž")

// Pseudo makes a catalog that looks translated, to find text that is not from a
// catalog and space that is too narrow. Region XA has accents, a third more
// length and brackets at the ends; XB runs from right to left. Variables and
// markup stay.
func Pseudo(in catalog.Files, source, locale string) (Result, []diag.Diagnostic) {
	r := Result{Write: catalog.Files{}}
	s, ds, sound := load(in, source)
	if !sound {
		return r, ds
	}
	src := s.Catalogs[s.Source]
	if !catalog.IsPseudo(locale) {
		return r, append(ds, rule.Finding("catalog.missing-locale", diag.Place{Locale: locale}, "use en-XA or en-XB", "a pseudo-locale is a source locale with the region XA or XB"))
	}
	var edits []edit.Edit
	for _, id := range src.IDs {
		m := src.Messages[id]
		out := message.Entry{}
		out.LeftDelim, out.RightDelim, out.Hash = m.LeftDelim, m.RightDelim, m.SourceHash()
		categories := []string{"other"}
		if m.IsPlural() {
			categories = locales.PluralCategories(locale)
		}
		for _, c := range categories {
			if text := m.SourceForm(c); text != "" {
				out.Set(c, pseudo(text, m.LeftDelim, m.RightDelim, strings.HasSuffix(locale, "-XB")))
			}
		}
		edits = append(edits, edit.Edit{ID: id, Fields: edit.Fields(&out)})
		r.change(New, locale, id, "")
	}
	name := path.Join(path.Dir(src.Paths[0]), "active."+locale+path.Ext(src.Paths[0]))
	data, err := edit.Apply(name, nil, edits)
	if err != nil {
		return r, append(ds, diag.From(err, "catalog.syntax")...)
	}
	r.write(in, name, data)
	return r, ds
}

// kept is what a program reads in a text: tags, code, entities, addresses, the
// verbs of printf, and names in brackets, number signs and colons.
const kept = `<!--(?s:.*?)-->|` + lint.TagPattern + "|`[^`]+`" + `|&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);|\]\([^()\s]*\)|` + lint.AddressPattern +
	`|%(?:\[\d+\]|\d+\$)?[-+#0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?(?:\[\d+\])?[A-Za-z%]|%\(\w+\)[a-z]|[%$]?\{[\w.:-]*\}|\$[A-Za-z_]\w*` +
	`|#\w+#|#[A-Z][A-Z0-9_]+|:[a-z0-9+-]*[a-z_][a-z0-9_+-]*:`

var keptPlain, keptBraces = lazy.Regexp(kept), lazy.Regexp(kept + `|(?s:\{\{.*?\}\})`)

func pseudo(text, left, right string, rtl bool) string {
	t, err := message.ParseTemplate(text, left, right)
	if err != nil {
		return text
	}
	keep := keptBraces()
	if left != "" || right != "" {
		left, right = cmp.Or(left, "{{"), cmp.Or(right, "}}")
		keep = regexp.MustCompile(`(?s:` + regexp.QuoteMeta(left) + `.*?` + regexp.QuoteMeta(right) + `)|` + kept)
	} else if !strings.Contains(text, "{{") {
		keep = keptPlain()
	}
	var b strings.Builder
	letters := 0
	for rest := text; rest != ""; {
		plain, as := rest, ""
		if at := keep.FindStringIndex(rest); at != nil {
			plain, as, rest = rest[:at[0]], rest[at[0]:at[1]], rest[at[1]:]
		} else {
			rest = ""
		}
		for _, r := range plain {
			if unicode.IsLetter(r) {
				letters++
			}
		}
		if rtl {
			b.WriteString(mirrored(plain))
		} else {
			b.WriteString(accented.Replace(plain))
		}
		b.WriteString(as)
	}
	if len(t.Variables)+len(t.Refused) > 0 && !sameActions(t, b.String(), left, right) {
		return text // an action with its own end in a string, say
	}
	if rtl {
		return b.String()
	}
	words := []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	pad := ""
	for i := 0; len(pad) < letters/3; i++ {
		pad += " " + words[i%len(words)]
	}
	return "[" + b.String() + accented.Replace(pad) + "]"
}

// sameActions reports whether a text has the variables and parts of a template.
func sameActions(t *message.Template, text, left, right string) bool {
	u, err := message.ParseTemplate(text, left, right)
	return err == nil && slices.Equal(t.Variables, u.Variables) && slices.Equal(t.Functions, u.Functions) &&
		slices.EqualFunc(t.Refused, u.Refused, func(a, b message.Refusal) bool { return a.Node == b.Node && (!a.Harmless || a.Head == b.Head) })
}

// mirrored makes each word run from right to left: an override inside marks of
// right-to-left text.
func mirrored(s string) string {
	var b strings.Builder
	word := false
	for _, r := range s {
		if letter := unicode.IsLetter(r); letter != word {
			if letter {
				b.WriteString("\u200f\u202e")
			} else {
				b.WriteString("\u202c\u200f")
			}
			word = letter
		}
		b.WriteRune(r)
	}
	if word {
		b.WriteString("\u202c\u200f")
	}
	return b.String()
}
