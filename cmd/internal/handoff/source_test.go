package handoff

import (
	"io"
	"strings"
	"testing"
)

// TestSniff checks that the type of standard input is known by its content.
func TestSniff(t *testing.T) {
	for data, want := range map[string]string{
		"PK\x03\x04rest": ".xlsx",
		"\ufeff<?xml version='1.0'?>\n<tmx version='1.4'>": ".tmx",
		"<?xml version='1.0'?><tbx type='TBX-Basic'>":      ".tbx",
		"<martif type='TBX'>":                              ".tbx",
		"<xliff version='1.2'>":                            ".xlf",
		"\xff\xfe<\x00x\x00l\x00i\x00f\x00f\x00":           ".xlf",
		"{\"source\": \"a\"}\n":                            ".jsonl",
		"# Translators\nmsgid \"\"\nmsgstr \"\"\n":         ".po",
		"#~ msgid \"a, b\"\n":                              ".po",
		"source\ttarget\n":                                 ".tsv",
		"source,target\n":                                  ".csv",
		"He said \"msgid\", not msgstr,x\n":                ".csv",
		"":                                                 ".csv",
		"\ufeffid;en\n":                                    ".csv",
	} {
		if got := Sniff([]byte(data)); got != want {
			t.Errorf("%q: %s, want %s", data, got, want)
		}
	}
	s, err := NewSource("-", strings.NewReader("a\tb\n"))
	if err != nil || s.Ext != ".tsv" || s.Name != "-" {
		t.Fatal(s, err)
	}
	for range 2 {
		f, err := s.Open()
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(f); err != nil || string(data) != "a\tb\n" {
			t.Errorf("%q, %v", data, err)
		}
	}
}
