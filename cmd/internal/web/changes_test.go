package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// TestChanges: a sentence that was corrected in the source keeps its translation when a
// person says so.
func TestChanges(t *testing.T) {
	dir := newsroom(t)
	s := serveFolder(t, dir, nil).enter().waitBoard()
	seg := s.article("uk", metro).find(t, "opened its third")
	name := filepath.Join(dir, filepath.FromSlash(metro))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, strings.Replace(string(data), "opened its third", "has opened its third", 1))
	var changes apiChanges
	eventually(t, "the change is found", func() bool {
		s.api("GET", "/changes/uk/"+metro, nil, &changes)
		return len(changes.Edits) > 0
	})
	if len(changes.Edits) != 1 || changes.Edits[0].Target != seg.Target {
		t.Fatalf("%+v", changes)
	}
	contains(t, s.get("/changes/uk/"+metro), "<ins>has ", `name="edit"`)
	if code, _ := s.post("/changes/uk/"+metro, "edit", changes.Edits[0].Value); code != 200 {
		t.Fatal(code)
	}
	if got := s.article("uk", metro).find(t, "has opened"); got.Target != seg.Target {
		t.Errorf("%+v", got)
	}
}

// nobody observes a build.
type nobody struct{}

func (nobody) Article(pipeline.Result, []publish.Earlier) {}

func (nobody) Wrote(string, bool) {}

// build builds a project once.
func build(t testing.TB, dir string) {
	t.Helper()
	w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Select: &workspace.Selection{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish.Build(t.Context(), w, publish.Options{}, nobody{}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRevision: what changed since an edition was published is shown word by word,
// before and after the edition of the article's own language is built again.
func TestRevision(t *testing.T) {
	dir := newsroom(t)
	name := filepath.Join(dir, filepath.FromSlash(metro))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	build(t, dir)
	s := serveFolder(t, dir, nil).enter().waitBoard()
	var c apiChanges
	if code := s.api("GET", "/changes/uk/"+metro, nil, &c); code != 200 || !c.Published || len(c.Revised) != 0 {
		t.Fatalf("%d %+v", code, c)
	}
	contains(t, s.get("/changes/uk/"+metro), "has not changed since then")
	if code := s.api("GET", "/changes/tt/"+metro, nil, &c); code != 200 || c.Published {
		t.Errorf("an edition that nobody published: %d %+v", code, c)
	}
	text := strings.Replace(string(data), "opened its third", "has opened its third", 1)
	writeFile(t, name, strings.TrimRight(text, "\n")+"\n\nA fourth line is planned.\n")
	for range 2 {
		eventually(t, "the change is found", func() bool {
			c = apiChanges{}
			s.api("GET", "/changes/uk/"+metro, nil, &c)
			return len(c.Revised) > 0
		})
		if len(c.Revised) != 2 || !strings.Contains(c.Revised[0].Before, " opened its third") || !strings.Contains(c.Revised[0].After, "has opened its third") || c.Revised[1].Before != "" || c.Revised[1].After != "A fourth line is planned." || len(c.Unknown) != 0 {
			t.Fatalf("%+v", c)
		}
		contains(t, s.get("/changes/uk/"+metro), "<ins>has ", "A fourth line is planned.", `name="edit"`)
		build(t, dir) // the Ukrainian page stays, the English one is new: the former text is in the memory alone
		s.waitBoard()
	}
	if code := s.api("POST", "/accept/uk/"+metro, apiAccept{Values: []string{c.Edits[0].Value, "unknown"}}, nil); code != 200 {
		t.Error(code)
	}
	if got := s.article("uk", metro).find(t, "has opened"); !got.Filled {
		t.Errorf("%+v", got)
	}
}

// TestFollow: the page follows what other programs do to the files and the memory.
func TestFollow(t *testing.T) {
	dir := newsroom(t)
	s := serveFolder(t, dir, nil).enter().waitBoard()
	s.get("/a/uk/" + metro)
	seen := make(chan event, 100)
	c, _ := s.events.listen()
	go func() {
		for e := range c {
			seen <- e
		}
	}()
	defer s.events.leave(c)
	wait := func(kind string, rows bool) {
		t.Helper()
		for {
			select {
			case e := <-seen:
				if e.Type == kind && (!rows || len(e.Rows) > 0) {
					return
				}
			case <-time.After(patience):
				t.Fatalf("no event %s\n%s", kind, s.logged)
			}
		}
	}
	seg := s.article("uk", metro).find(t, "single ticket")
	w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Select: &workspace.Selection{}})
	if err != nil {
		t.Fatal(err)
	}
	found, err := w.Store.Search(t.Context(), memory.Search{Text: "single ticket", TargetLocale: "uk"})
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	e := found[0].Entry
	e.Target.Chars, e.Place, e.State = "Разовий "+e.Target.Chars, "", 3
	for i := range e.Target.Codes {
		e.Target.Codes[i].Pos += len("Разовий ")
	}
	if _, err := w.Store.Add(t.Context(), memory.Batch{Author: "other"}, []bitext.Entry{e}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wait("segments", true)
	if got := s.article("uk", metro).find(t, "single ticket"); got.Target == seg.Target || !strings.Contains(got.Target, "Разовий") {
		t.Errorf("%+v", got)
	}
	wait("board", false)
	writeFile(t, filepath.Join(dir, "articles/new.md"), "# Fresh news\n")
	wait("project", false)
	s.waitBoard()
	eventually(t, "the new article is on the board", func() bool { return strings.Contains(s.get("/"), "Fresh news") })
	contains(t, s.get("/"), "Fresh news")
	// A configuration that does not parse leaves the page as it was, and is shown.
	config := filepath.Join(dir, "hexapla.toml")
	data, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, config, "[project\n")
	wait("project", false)
	contains(t, s.get("/a/uk/"+metro), "cannot be used", `class="segments"`)
	writeFile(t, config, string(data))
	wait("project", false)
	if page := s.get("/"); strings.Contains(page, "cannot be used") {
		t.Error("the error stays")
	}
}
