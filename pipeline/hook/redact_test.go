package hook

import (
	"strings"
	"testing"
)

func TestRedactor(t *testing.T) {
	r := NewRedactor("", `s3cr&t/"key"=ü`, "0123456789abcdefghij")
	for _, s := range []string{
		`key s3cr&t/"key"=ü`, `s3cr%26t%2F%22key%22%3D%C3%BC`, `s3cr%26t%2f%22key%22%3d%c3%bc`, `"s3cr\u0026t/\"key\"=ü"`,
		`s3cr&amp;t/&#34;key&#34;=ü`, `S3CR&T/"KEY"=Ü`, "czNjciZ0LyJrZXkiPcO8", "key 0123456789ABCDEFGHIJ", "key 01234567…", "…cdefghij",
	} {
		if got := r.Redact("<" + s + ">"); !strings.Contains(got, "[key]") {
			t.Errorf("%s is not redacted", s)
		}
	}
	if got := NewRedactor().Redact("a"); got != "a" {
		t.Errorf("without secrets: %q", got)
	}
}
