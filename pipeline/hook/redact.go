package hook

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Redactor takes secrets out of text for people, in every spelling in which a
// service may repeat them: as they are, escaped for a URL, JSON or HTML, in Base64, also
// as a part of a longer text, in hexadecimal digits, and in another letter case.
type Redactor struct{ secrets *regexp.Regexp }

// NewRedactor returns a Redactor of secrets; empty ones do not count.
func NewRedactor(secrets ...string) Redactor {
	var forms []string
	for _, s := range secrets {
		if s == "" {
			continue
		}
		quoted, _ := json.Marshal(s) // a string can always be encoded
		var ascii strings.Builder
		for _, u := range utf16.Encode([]rune(s)) {
			fmt.Fprintf(&ascii, `\u%04x`, u)
		}
		forms = append(forms, s, url.QueryEscape(s), url.PathEscape(s), string(quoted[1:len(quoted)-1]), ascii.String(),
			html.EscapeString(s), strings.ReplaceAll(s, "/", `\/`),
			strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(s)), "="),
			strings.TrimRight(base64.URLEncoding.EncodeToString([]byte(s)), "="))
		// Bytes in hexadecimal digits, and Base64 of a text that has the key behind others.
		var percent strings.Builder
		for _, b := range []byte(s) {
			fmt.Fprintf(&percent, "%%%02x", b)
		}
		forms = append(forms, percent.String(), hex.EncodeToString([]byte(s)))
		if len(s) >= 8 {
			for k := 1; k < 3; k++ {
				whole := append(make([]byte, k), s...)
				whole = whole[:len(whole)/3*3]
				forms = append(forms, base64.StdEncoding.EncodeToString(whole)[4:], base64.URLEncoding.EncodeToString(whole)[4:])
			}
		}
		// A service that shortens a key shows its beginning or its end.
		if len(s) >= 16 {
			forms = append(forms, s[:8], s[len(s)-8:])
		}
	}
	if len(forms) == 0 {
		return Redactor{}
	}
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for i := range forms {
		forms[i] = regexp.QuoteMeta(forms[i])
	}
	return Redactor{regexp.MustCompile("(?i:" + strings.Join(slices.Compact(forms), "|") + ")")}
}

// Redact returns s with "[key]" in the place of each secret.
func (r Redactor) Redact(s string) string {
	if r.secrets == nil {
		return s
	}
	return r.secrets.ReplaceAllLiteralString(s, "[key]")
}
