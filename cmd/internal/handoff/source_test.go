package handoff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/exchange"
	tables "hexapla/pipeline/exchange/table"
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
	s, err := NewSource(t.Context(), "-", strings.NewReader("a\tb\n"))
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

// TestSourceStops: whatever reads a source ends with its context, and writes nothing.
func TestSourceStops(t *testing.T) {
	dir := t.TempDir()
	name, to := filepath.Join(dir, "a.po"), filepath.Join(dir, "a.csv")
	text := "msgid \"\"\nmsgstr \"Language: uk\\n\"\n\n"
	for i := range 2000 {
		text += fmt.Sprintf("msgid \"Text %d.\"\nmsgstr \"Текст %d.\"\n\n", i, i)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	units, err := ReadAnyPairs(ctx, name, tables.PairOptions{Source: "en"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, err = range units {
		read++
		cancel()
	}
	if !errors.Is(err, context.Canceled) || read != 2 {
		t.Errorf("%d units, then %v", read, err)
	}
	if _, err := Validate(ctx, name, "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("validate: %v", err)
	}
	options := ConvertOptions{From: name, To: to, Convert: exchange.ConvertOptions{SourceLocale: "en"}}
	if _, err := NewConversion(ctx, options); !errors.Is(err, context.Canceled) {
		t.Errorf("survey: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	c, err := NewConversion(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := c.Write(io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("write: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}
