package report

import (
	"bytes"
	"strings"
	"testing"

	"hexapla/pipeline/diag"
)

// TestExcerptCuts: an excerpt is not cut between a letter and what is combined with it.
func TestExcerptCuts(t *testing.T) {
	const letter = "e\u0301"
	text := strings.Repeat(letter, 100) + "X" + strings.Repeat(letter, 100)
	at := strings.IndexByte(text, 'X')
	got := excerptsOf(diag.Diagnostic{Args: map[string]any{"target_text": text, "target_span": []int{at, at + 1}}})
	if len(got) != 1 || got[0].Marked != "X" {
		t.Fatalf("%+v", got)
	}
	if want := "…" + strings.Repeat(letter, around/2); got[0].Before != want {
		t.Errorf("before: %q, want %q", got[0].Before, want)
	}
	if want := strings.Repeat(letter, around/2) + "…"; got[0].After != want {
		t.Errorf("after: %q, want %q", got[0].After, want)
	}
	text = "a" + strings.Repeat("\u0301", 1000) // marks without end
	got = excerptsOf(diag.Diagnostic{Args: map[string]any{"target_text": text + "X", "target_span": []int{len(text), len(text) + 1}}})
	if n := len(got[0].Before); n > 10*around {
		t.Errorf("%d bytes before the span", n)
	}
}

// TestMarkdownText: no text of a finding is markup, or calls a person.
func TestMarkdownText(t *testing.T) {
	r := &Report{Tool: "hexapla", Diagnostics: []diag.Diagnostic{{ID: "quality.x", Severity: diag.Error, Message: "a | `b` &#64;team ~~c~~ $d$",
		Args: map[string]any{"target_text": "x\n- | `y` &lt;img&gt; \u202e"}}}}
	var b bytes.Buffer
	if err := r.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a \\| \\`b\\` &amp;\\#64;team \\~\\~c\\~\\~ \\$d\\$\n", "“x - \\| \\`y\\` &amp;lt;img&amp;gt; &lt;U+202E&gt;”"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
