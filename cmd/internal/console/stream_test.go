package console

import (
	"bytes"
	"testing"

	"hexapla/pipeline/diag"
)

func TestUseColor(t *testing.T) {
	for _, tt := range []struct {
		choice, no, force string
		want              bool
	}{
		{"auto", "", "", false}, // a buffer is no terminal
		{"auto", "", "1", true},
		{"auto", "1", "1", false},
		{"always", "1", "", true},
		{"never", "", "1", false},
	} {
		env := map[string]string{"NO_COLOR": tt.no, "FORCE_COLOR": tt.force}
		if got := UseColor(tt.choice, &bytes.Buffer{}, func(k string) string { return env[k] }); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

func TestStream(t *testing.T) {
	var b bytes.Buffer
	s := &Stream{Writer: &b, Color: true, Quiet: true}
	Printer{Locale: "en"}.Finding(s, diag.Diagnostic{Severity: diag.Warning, ID: "a.b", Message: "dropped"})
	s.Write([]byte("dropped"))
	Printer{Locale: "en"}.Finding(s, diag.Diagnostic{Severity: diag.Error, ID: "a.b", Message: "kept"})
	if got, want := b.String(), "\x1b[1;31merror\x1b[0m: kept [a.b]\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
