package hook

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Redactor takes secrets out of text for people, in every spelling in which a
// service may repeat them: as they are, escaped for a URL, JSON or HTML, in Base64
// and in another letter case.
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
			ascii.WriteString(`\u` + hex4(u))
		}
		forms = append(forms, s, url.QueryEscape(s), url.PathEscape(s), string(quoted[1:len(quoted)-1]), ascii.String(),
			html.EscapeString(s), strings.ReplaceAll(s, "/", `\/`),
			strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(s)), "="),
			strings.TrimRight(base64.URLEncoding.EncodeToString([]byte(s)), "="))
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

func hex4(u uint16) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15]})
}

// Redact returns s with "[key]" in the place of each secret.
func (r Redactor) Redact(s string) string {
	if r.secrets == nil {
		return s
	}
	return r.secrets.ReplaceAllLiteralString(s, "[key]")
}
