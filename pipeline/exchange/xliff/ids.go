package xliff

import (
	"errors"
	"fmt"
	"hash/maphash"
	"regexp"

	"hexapla/pipeline/exchange"
)

// idSet remembers ids by 64 bits of a hash, so that a million of them need few
// bytes each.
type idSet map[uint64]struct{}

var idSeed = maphash.MakeSeed()

// add reports whether id is new.
func (s *idSet) add(id string) bool {
	if *s == nil {
		*s = idSet{}
	}
	h := maphash.String(idSeed, id)
	if _, ok := (*s)[h]; ok {
		return false
	}
	(*s)[h] = struct{}{}
	return true
}

// has reports whether id has been added.
func (s idSet) has(id string) bool {
	_, ok := s[maphash.String(idSeed, id)]
	return ok
}

// checkLocales finds locales that no XLIFF file can name.
func checkLocales(h *exchange.Header) error {
	switch {
	case h == nil:
		return errors.New("xliff: a unit without a header")
	case !isLanguage(h.SourceLocale):
		return fmt.Errorf("xliff: %s: source locale %q is not a BCP 47 tag", h.Path, h.SourceLocale)
	case h.TargetLocale != "" && !isLanguage(h.TargetLocale):
		return fmt.Errorf("xliff: %s: target locale %q is not a BCP 47 tag", h.Path, h.TargetLocale)
	}
	return nil
}

// languageTag is a well-formed language tag (BCP 47, 2.1), but for the
// grandfathered ones, of which languageName has all.
var (
	languageTag = regexp.MustCompile(`^(?i:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?` +
		`(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+)$`)
	languageName = regexp.MustCompile(`^(?i:en-GB-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:BE-FR|BE-NL|CH-DE)|art-lojban|cel-gaulish|no-bok|no-nyn|zh-(?:guoyu|hakka|min|min-nan|xiang))$`)
)

func isLanguage(tag string) bool {
	return languageTag.MatchString(tag) || languageName.MatchString(tag)
}
