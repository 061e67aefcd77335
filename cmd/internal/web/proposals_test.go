package web

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// TestProposals checks what the page of a segment offers: the price of an engine's
// answer before it is asked, a similar translation with the difference of its source,
// and the choice to translate repeats with the segment or not.
func TestProposals(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), `[project]
locales = ["uk"]
articles = ["articles/*"]

[[hook]]
name = "paid"
type = "exec"
command = ["false"]
price = { per_million_chars = 1_000_000.0, currency = "EUR" }
`)
	const name, other = "articles/a.md", "articles/b.md"
	writeFile(t, filepath.Join(dir, name), "The gate of the old town is open.\n\nThe gate of the old town is closed.\n")
	writeFile(t, filepath.Join(dir, other), "The gate of the old town is open.\n")
	s := serveFolder(t, dir, nil).enter()
	page := func(article, text string) string {
		seg := s.article("uk", article).find(t, text)
		return s.get("/a/uk/" + article + "?" + url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode())
	}
	contains(t, page(name, "is open"), "Ask an engine", "about 33.0000 EUR")

	save := func(text string, propagate bool) apiSaved {
		t.Helper()
		seg := s.article("uk", name).find(t, "is open")
		var saved apiSaved
		if code := s.api("PUT", "/segment/uk/"+name, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text, Base: seg.Base, Propagate: propagate}, &saved); code != http.StatusOK || !saved.Stored {
			t.Fatalf("%d %+v", code, saved)
		}
		return saved
	}
	save("Брама старого міста відчинена.", false)
	contains(t, page(name, "is closed"), `class="difference"`, "<del>open", "<ins>closed", "Брама старого міста відчинена.")

	// The other article has its own translation now, which an edit here leaves alone.
	seg := s.article("uk", other).find(t, "is open")
	if code := s.api("PUT", "/segment/uk/"+other, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: "Ворота старого міста відчинено.", Base: seg.Base}, nil); code != http.StatusOK {
		t.Fatal(code)
	}
	save("Брама старого міста вже відчинена.", false)
	if got := s.article("uk", other).find(t, "is open").Target; got != "Ворота старого міста відчинено." {
		t.Errorf("not propagated: %q", got)
	}
	saved := save("Брама старого міста знову відчинена.", true)
	if !strings.Contains(strings.Join(saved.Notices, " "), "1 other place has it too") {
		t.Errorf("%q", saved.Notices)
	}
	eventually(t, "the other place has the translation", func() bool {
		return s.article("uk", other).find(t, "is open").Target == "Брама старого міста знову відчинена."
	})
}

// TestLateReturns checks that a translation of a sentence that the article does not have
// any more is shown with what became of the sentence.
func TestLateReturns(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), "[project]\nlocales = [\"uk\"]\narticles = [\"articles/*\"]\n")
	const name = "articles/a.md"
	writeFile(t, filepath.Join(dir, name), "The gate of the old town is open.\n\nThe walls are high.\n")
	s := serveFolder(t, dir, nil).enter().waitBoard()
	code, file, _ := s.do("GET", apiPath+"/files/uk?format=po", nil)
	if code != http.StatusOK {
		t.Fatal(code, file)
	}
	writeFile(t, filepath.Join(dir, name), "The gate of the rebuilt town is open.\n\nThe walls are high.\n")
	eventually(t, "the change is seen", func() bool {
		return strings.Contains(s.article("uk", name).Segments[0].Source, "rebuilt town")
	})
	late := strings.Replace(file, "msgid \"The gate of the old town is open.\"\nmsgstr \"\"", "msgid \"The gate of the old town is open.\"\nmsgstr \"Брама старого міста відчинена.\"", 1)
	if late == file {
		t.Fatal(file)
	}
	if code, result := s.upload("uk", "name=late.po&partial=1", late); code != http.StatusOK || !result.Stored {
		t.Fatalf("%d %+v", code, result)
	}
	contains(t, s.get("/changes/uk/"+name), "Late returns", "Брама старого міста відчинена.", "<del>old", "<ins>rebuilt")
}
