package pipeline

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
)

// Whatever the policy is, no control character of a translation that the source does
// not have gets into an edition.
func TestControlsAreNotPublished(t *testing.T) {
	for name, text := range map[string]string{
		"a.md":   "---\ntitle: One two\n---\n\nOne *two* three.\n",
		"a.txt":  "One two three.\n",
		"a.html": "<!DOCTYPE html><html lang=en><title>One</title><p>One <b>two</b> three.",
		"a.srt":  "1\n00:00:01,000 --> 00:00:02,000\nOne two three.\n",
	} {
		p := newProject(t, "[project]\nlocales = [\"ru\"]\n[quality]\ndisable = [\"quality.control\"]\n[policy]\nerrors = \"publish\"\nthreshold = 0\nrequire = []\n")
		d, ds := p.Open(name, "", "", []byte(text))
		if len(d.Units) == 0 {
			t.Fatalf("%s: no unit: %v", name, ds)
		}
		tr := bitext.NewTranslation(d, "ru")
		for ref, target := range tr.Segments() {
			target.Text = d.Source(ref).Source.Clone()
			target.Text = target.Text.Replace(1, 2, "\x1b[2J\x00\u009bЖ")
			target.Filled, target.State = true, bitext.Final
		}
		pub := p.Publish(tr, nil)
		if pub.Status == edition.Original || pub.Translation == nil {
			t.Fatalf("%s: status %v", name, pub.Status)
		}
		data, _, _ := p.assemble(pub, []string{"en", "ru"}, nil, Siblings{}, edition.Dates{})
		if got := string(data); strings.ContainsAny(got, "\x1b\x00\u009b") || !strings.Contains(got, "\uFFFD\uFFFD") || !strings.Contains(got, "Ж") {
			t.Errorf("%s: %q", name, got)
		}
	}
	// What the author wrote stays, and the codes keep their places.
	d := &bitext.Document{Locale: "en", Units: []bitext.Unit{{ID: "u", Segments: []bitext.Segment{{ID: "s", Source: bitext.Plain("a\x0cb")}}}}}
	tr := bitext.NewTranslation(d, "ru")
	tr.Targets[0][0] = bitext.Target{Filled: true, Text: bitext.Text{Chars: "а\x0c\x00б", Codes: []bitext.Code{{ID: "1", Pos: 0}, {ID: "2", Pos: 4}, {ID: "3", Pos: 6}}}}
	replaceControls(tr)
	got := tr.Targets[0][0].Text
	if got.Chars != "а\x0c\uFFFDб" || got.Codes[0].Pos != 0 || got.Codes[1].Pos != 6 || got.Codes[2].Pos != 8 {
		t.Errorf("%q, codes %v", got.Chars, got.Codes)
	}
}
