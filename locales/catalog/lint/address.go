package lint

import (
	"slices"
	"strings"

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

// languageQuery are names of the part of a query that chooses the page's language:
// ?lang=deutsch.
var languageQuery = map[string]bool{"lang": true, "language": true, "locale": true, "hl": true}

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
	add := func(part string) {
		for w := range strings.FieldsFuncSeq(part, func(r rune) bool { return strings.ContainsRune("/?&=#.", r) }) {
			if !namesLanguage(w, locale) && !namesLanguage(w, ch.source.Locale) {
				words = append(words, w)
			}
		}
	}
	path, query, _ := strings.Cut(path, "?")
	add(path)
	for pair := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(pair, "="); !languageQuery[strings.ToLower(name)] {
			add(pair)
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
