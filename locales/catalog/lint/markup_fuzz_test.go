package lint

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzWithoutMarkup holds withoutMarkup against the regular expression in its comment.
func FuzzWithoutMarkup(f *testing.F) {
	for _, s := range []string{
		"Read <b>more</b> at https://a.example/x, or http://é!", "a < b and <i", "mail a@b.c, @handle or foo<b>@x y", "`code` ` and `more",
		"{{.Count}} of {n} {", "%d %(name)s %( % 5%", "v1.2 -x /path #tag $var ends. - ", "h http https http:// https://\tx", "a@ @b <a @ b> c@d", "\xff@\x80 <\xe2\x80> é.é", "{a@b c} `d@e f` <g@h i>", "x@y{z w}", "hhttp://@a",
	} {
		f.Add(s)
	}
	expression := regexp.MustCompile("<[^>]*>|https?://\\S+|\\S+@\\S+|`[^`]*`|\\{[^}]*\\}|%\\(?\\w+|[$#/.@-]\\w+")
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := withoutMarkup(text), expression.ReplaceAllString(text, " "); got != want {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	})
}

// BenchmarkHostileMarkup is linear in the length of what opens and never closes.
func BenchmarkHostileMarkup(b *testing.B) {
	text := strings.Repeat("<`{%@ ", 1<<16)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		withoutMarkup(text)
	}
}
