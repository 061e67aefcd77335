package bitext

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// fixed matches a token that is the same in every language: an address, an e-mail
// address, an account's name, a version, or code.
var fixed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:` + strings.Join([]string{
		`[A-Za-z][A-Za-z0-9+.-]*://[^\s]+`,      // an address with its scheme
		`(?:mailto|tel|sms|urn|doi|geo):[^\s]+`, // … and without slashes
		`www\.[^\s]+`,
		`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`,     // an e-mail address
		`@[\pL\pN_][\pL\pN_.]*(?:@[\pL\pN.-]+)?`,         // an account
		`(?:[a-z0-9-]+\.)+[a-z]{2,18}(?::\d+)?(?:/\S*)?`, // a host, perhaps with a path
		`[vV]\d[\pL\pN.+-]*`,                             // a version
		`--?[A-Za-z][A-Za-z0-9-]*(?:=\S*)?`,              // a flag
		`(?:\.{0,2}|~)(?:/[\pL\pN._@+-]+)+/?`,            // a path
		`\$\{?[A-Za-z_][A-Za-z0-9_]*\}?`,                 // a variable
		`[A-Za-z0-9.:]*[A-Za-z0-9]+_[A-Za-z0-9_.:]*`,     // a name in code
		`[A-Za-z_][A-Za-z0-9_.:]*\([^\s]*\);?`,           // a call
	}, "|") + `)$`)
})

// fixedSigns are characters of which whatever fixed matches has one at least: most words
// have none, and need not be matched.
const fixedSigns = ":.@-/$_(0123456789"

// IsTranslatable reports whether a text has a word for a translator. Numbers, signs,
// addresses on the Internet, e-mail addresses and code are the same in every
// language; a text of nothing else is its own translation.
func IsTranslatable(chars string) bool {
	if !strings.ContainsFunc(chars, unicode.IsLetter) {
		return false
	}
	for token := range strings.FieldsSeq(chars) {
		if !strings.ContainsFunc(token, unicode.IsLetter) {
			continue
		}
		if !strings.ContainsAny(token, fixedSigns) {
			return true
		}
		if len(token) > 2048 || !fixed().MatchString(token) && !fixed().MatchString(strings.Trim(token, "()[]<>\"'“”«»,.;:!?…")) {
			return true
		}
	}
	return false
}
