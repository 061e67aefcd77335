package lint

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/catalog"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// AddressPattern is a regular expression for the addresses of the web and of mail.
const AddressPattern = `(?:https?|mailto):[^\s"'<>()\[\]{}»”]+|[\w.+-]+@[\w-]+\.[\w.-]*\w`

var address = lazy.Regexp(AddressPattern)

// addresses compares the addresses of the web and of mail.
func (ch *checker) addresses(m *parsedMessage, category, text, from string) {
	if !mayHaveAddress(from) && !mayHaveAddress(text) {
		return
	}
	find := func(s string, cut bool) []string {
		out := address().FindAllString(s, 1000)
		for i := range out {
			if cut {
				out[i] = withoutText(out[i])
			}
			out[i] = strings.TrimRight(out[i], ".,;:!?")
		}
		slices.Sort(out)
		return out
	}
	a, b := find(text, false), find(from, false)
	if slices.Equal(a, b) {
		return
	}
	if !slices.ContainsFunc(b, func(s string) bool { return withoutText(s) != s }) {
		// Chinese and Japanese put no space behind an address.
		if a = find(text, true); slices.Equal(a, b) {
			return
		}
	}
	if ch.localized(a, b) || len(withoutExamples(a, b)) == 0 && len(withoutExamples(b, a)) == 0 {
		return
	}
	ch.add("catalog.url", m.FieldPlace(ch.locale, category), "form %q has the addresses %q, the source %q", diag.Arg("form", category), diag.Arg("addresses", a), diag.Arg("sourceAddresses", b))
}

// withoutExamples returns the addresses that others does not have, without those of
// mail where the source has one that stands for the reader's: a translation may put
// it into words or give one of its own, benutzer@beispiel.de for user@example.com.
func withoutExamples(all, others []string) []string {
	example := slices.ContainsFunc(slices.Concat(all, others), isExample)
	return slices.DeleteFunc(slices.Clone(all), func(a string) bool {
		return slices.Contains(others, a) || example && isMail(a)
	})
}

func isMail(address string) bool {
	return strings.Contains(address, "@") && !strings.Contains(address, "://")
}

// isExample reports whether the host of an address of mail is one that RFC 2606
// reserves for examples.
func isExample(address string) bool {
	host := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	return isMail(address) && (host == "example.com" || host == "example.org" || host == "example.net" || strings.HasSuffix(host, ".example"))
}

// mayHaveAddress rules out most texts without looking for an address.
func mayHaveAddress(s string) bool {
	return strings.IndexByte(s, ':') >= 0 && (strings.Contains(s, "http") || strings.Contains(s, "mailto:")) || strings.IndexByte(s, '@') >= 0
}

// withoutText is an address up to the first letter or mark that is not ASCII: a text
// without spaces goes on there.
func withoutText(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }); i >= 0 {
		return s[:i]
	}
	return s
}

// localized reports whether addresses differ from the source's in nothing but the
// language that they name: a label of the host or a part of the path. Where the
// host names it, the page may have a title of its own.
func (ch *checker) localized(ours, theirs []string) bool {
	if len(ours) != len(theirs) || len(ours) > 50 {
		return false
	}
	left := make([]place, len(theirs))
	for i, a := range theirs {
		left[i] = ch.place(a, ch.source.Locale)
	}
	for _, a := range ours {
		p := ch.place(a, ch.locale)
		i := slices.IndexFunc(left, func(q place) bool {
			return p.host == q.host && (p.path == q.path || p.local || q.local)
		})
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// A place is an address without the language that it names; local says that its
// host names it.
type place struct {
	host, path string
	local      bool
}

func (ch *checker) place(address, locale string) place {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return place{host: address}
	}
	host, path, _ := strings.Cut(rest, "/")
	p := place{host: strings.TrimPrefix(host, "www.")}
	if head, tail, _ := strings.Cut(host, "."); strings.Contains(tail, ".") && namesLanguage(head, locale) {
		p.host, p.local = tail, true
	}
	var words []string
	for _, w := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/?&=#.", r) }) {
		if !namesLanguage(w, locale) && !namesLanguage(w, ch.source.Locale) && w != "lang" && w != "hl" {
			words = append(words, w)
		}
	}
	p.path = strings.Join(words, " ")
	return p
}

// namesLanguage reports whether a part of an address is the language of a locale:
// "ru", "zh-tw", "zh_TW", "zh-hant".
func namesLanguage(word, locale string) bool {
	language, _, _ := strings.Cut(locale, "-")
	head, _, more := strings.Cut(strings.ReplaceAll(word, "_", "-"), "-")
	return strings.EqualFold(head, language) && (!more || len(word) <= len(language)+5)
}

// copied finds source text in place of a translation. Texts with fewer than
// three letters, in the source's own language, or listed are passed over.
func (ch *checker) copied(m *parsedMessage, category, text, from string) {
	if text != from || ch.sameLanguage || slices.Contains(ch.opt.SameAsSource, m.ID) {
		return
	}
	literal := literals(m.templates[slices.Index(message.Categories, category)], text)
	letters, word := 0, false
	for _, p := range literal {
		for _, r := range p {
			if unicode.IsLetter(r) {
				letters++
				word = word || unicode.IsLower(r) || !unicode.IsUpper(r)
			}
		}
	}
	if letters < 3 || !word {
		return
	}
	words := wordsOf(literal) // none in an address, a path, the name of a file
	if !slices.ContainsFunc(words, isPlainWord) || len(words) <= 3 && technical(text) || ch.sources.copied()[m.ID] ||
		len(words) == 1 && len(splitWords(strings.Join(literal, " "))) == 1 && ch.script == ch.sourceScript {
		return // a name, a value, or a word that languages of one script may share: "Video"
	}
	d := ch.add("catalog.untranslated", m.FieldPlace(ch.locale, category), "form %q is the source text: %.80q", diag.Arg("form", category), diag.Arg("text", text))
	d.Hint = "translate it, or list the message as one that stays as it is"
	if len(splitWords(strings.Join(literal, " "))) == 1 || strings.Join(words, " ") == text && ch.brand(words) {
		d.Severity = diag.Info // perhaps a name
	}
}

// isPlainWord reports whether a word is one of a language and not a name of
// technology: at least two letters, and no capital but the first.
func isPlainWord(w string) bool {
	return utf8.RuneCountInString(w) > 1 && strings.IndexFunc(w[utf8.RuneLen(firstRune(w)):], unicode.IsUpper) < 0
}

// technical reports whether a text has an abbreviation or a number: "UDP over TCP",
// "ML-KEM-768 (native)".
func technical(s string) bool {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		capitals, digit := 0, false
		for _, r := range w {
			if unicode.IsUpper(r) {
				capitals++
			}
			digit = digit || unicode.IsDigit(r)
		}
		if capitals >= 2 || digit && capitals > 0 {
			return true
		}
	}
	return false
}

// mostlyCopied returns the ids of messages whose text most of the translations leave
// as it is, of at least five: they are names or terms.
func mostlyCopied(s *catalog.Set) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		source := s.Catalogs[s.Source]
		if source == nil {
			return nil
		}
		out := map[string]bool{}
		for id, src := range source.Messages {
			translated, same := 0, 0
			for tag, c := range s.Catalogs {
				if m := c.Messages[id]; tag != s.Source && m != nil && m.Other != "" {
					translated++
					if m.Other == src.Other {
						same++
					}
				}
			}
			if translated >= 5 && same*10 >= translated*7 {
				out[id] = true
			}
		}
		return out
	})
}

// isCode reports whether a text is a value for a program: in braces or brackets that
// are no template's.
func isCode(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") && !strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") && strings.ContainsAny(s, `",:`)
}

// wordsOf are the words of literal text, without addresses, paths and names of
// files.
func wordsOf(literal []string) []string {
	var out []string
	for _, p := range literal {
		if mayHaveAddress(p) {
			p = address().ReplaceAllString(p, " ")
		}
		for _, w := range strings.Fields(p) {
			if !isPath(w) {
				out = append(out, splitWords(w)...)
			}
		}
	}
	return out
}

func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// isPath reports whether a word is the path or the name of a file: lib/x, ~/x,
// x.json.
func isPath(w string) bool {
	w = strings.Trim(w, "\"'`()[]<>,;:")
	w = strings.TrimRight(w, ".!?")
	if strings.IndexFunc(w, func(r rune) bool { return r >= 0x7f }) >= 0 {
		return false
	}
	if strings.HasPrefix(w, "/") || strings.HasPrefix(w, "~/") || strings.HasPrefix(w, "./") || strings.Count(w, "/") > 1 {
		return true
	}
	stem, extension, found := strings.Cut(w[strings.LastIndexByte(w, '/')+1:], ".")
	return found && len(extension) >= 2 && len(extension) <= 8 && letter(extension[0]) && !strings.Contains(stem, "(")
}

// brand reports whether words may be a name: two or three, all with capitals, and
// none that another text of the source has as a common word.
func (ch *checker) brand(words []string) bool {
	if len(words) > 3 {
		return false
	}
	for _, w := range words {
		if !unicode.IsUpper(firstRune(w)) {
			return false
		}
	}
	common := ch.sources.commonWords()
	return !slices.ContainsFunc(words, func(w string) bool { return common[strings.ToLower(w)] })
}

// commonWords returns the words of messages that are somewhere without a capital.
func commonWords(messages map[string]*parsedMessage) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, m := range messages {
			for i, category := range message.Categories {
				text := m.Form(category)
				if text == "" {
					continue
				}
				for _, w := range wordsOf(literals(m.templates[i], text)) {
					if unicode.IsLower(firstRune(w)) {
						out[w] = true
					}
				}
			}
		}
		return out
	})
}
