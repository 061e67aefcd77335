package hook

import (
	"encoding/base64"
	"fmt"
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
	const key = "0123456789abcdefghij"
	for _, before := range []string{"", "u", "us", "user:", "user:\n"} {
		s := base64.StdEncoding.EncodeToString([]byte(before + key + " and more"))
		if got := r.Redact(s); !strings.Contains(got, "[key]") || len(got) > 40 {
			t.Errorf("Base64 of %q and the key: %s", before, got)
		}
	}
	for _, s := range []string{fmt.Sprintf("%x", key), fmt.Sprintf("%X", key), "%30%31%32%33%34%35%36%37%38%39%61%62%63%64%65%66%67%68%69%6A"} {
		if got := r.Redact(s); got != "[key]" {
			t.Errorf("%s is %s", s, got)
		}
	}
	if got := NewRedactor().Redact("a"); got != "a" {
		t.Errorf("without secrets: %q", got)
	}
}
