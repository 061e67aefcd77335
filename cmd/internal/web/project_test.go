package web

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestFiles(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	for _, format := range []string{"xliff", "po", "csv", "xlsx", "jsonl"} {
		code, file, h := s.do("GET", "/download/tt?format="+format+"&article="+url.QueryEscape(metro), nil)
		if code != 200 || len(file) == 0 || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") {
			t.Fatalf("%s: %d %v", format, code, h)
		}
		if format != "xliff" {
			continue
		}
		changed := strings.Replace(file, "Line 3 timetable</source>", "Line 3 timetable</source><target>3нче линия җәдвәле</target>", 1)
		if changed == file {
			t.Fatalf("%s", file)
		}
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for name, v := range map[string]string{"csrf": s.csrf, "locale": "tt"} {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
		part, err := w.CreateFormFile("file", "../../back.xlf")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(changed)); err != nil {
			t.Fatal(err)
		}
		w.Close()
		res, err := s.client.Post(s.base+"/files", w.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		if _, err := page.ReadFrom(res.Body); err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 200 {
			t.Fatalf("%d %s", res.StatusCode, page.String())
		}
		contains(t, page.String(), "back.xlf", "accepted: 1")
		if got := s.article("tt", metro).find(t, "Line 3 timetable"); got.Target != "3нче линия җәдвәле" || got.Origin.Name != "Anna" {
			t.Errorf("%+v", got)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(s.folder), "back.xlf")); err == nil {
		t.Error("the name of an uploaded file was used as a path")
	}
}

func TestMessages(t *testing.T) {
	dir := newsroom(t)
	writeFile(t, filepath.Join(dir, "locales/active.en.toml"), "[Cats]\none = \"{{.PluralCount}} cat\"\nother = \"{{.PluralCount}} cats\"\n[Live]\nother = \"Now on air\"\n")
	writeFile(t, filepath.Join(dir, "locales/active.uk.toml"), "# kept\n[Live]\nother = \"У прямому ефірі\"\n")
	data, err := os.ReadFile(filepath.Join(dir, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "hexapla.toml"), string(data)+"\n[catalogs]\ndir = \"locales\"\n")
	s := serveFolder(t, dir, nil).enter()
	page := s.get("/messages?locale=uk")
	contains(t, page, "Now on air", `name="form-few"`, `name="form-many"`)
	base := func(id string) string {
		page := s.get("/messages?locale=uk")
		rest := page[strings.Index(page, `name="id" value="`+id+`"`):]
		rest = rest[strings.Index(rest, `name="base" value="`)+len(`name="base" value="`):]
		return rest[:strings.Index(rest, `"`)]
	}
	old := base("Cats")
	code, page := s.post("/messages", "locale", "uk", "id", "Cats", "base", old, "form-one", "{{.PluralCount}} кіт", "form-few", "{{.PluralCount}} коти", "form-many", "{{.PluralCount}} котів", "form-other", "{{.PluralCount}} кота")
	if code != 200 {
		t.Fatalf("%d %s", code, page)
	}
	file, err := os.ReadFile(filepath.Join(dir, "locales/active.uk.toml"))
	if err != nil || !strings.Contains(string(file), "котів") || !strings.Contains(string(file), "# kept") {
		t.Errorf("%s, %v", file, err)
	}
	if code, _ := s.post("/messages", "locale", "uk", "id", "Cats", "base", old, "form-one", "x"); code != http.StatusConflict {
		t.Errorf("an old form: %d", code)
	}
	code, page = s.post("/messages", "locale", "uk", "id", "Cats", "base", base("Cats"), "form-one", "кіт {{.Nmae}}", "form-few", "a", "form-many", "b", "form-other", "c")
	if code != http.StatusUnprocessableEntity || !strings.Contains(page, "{{.Nmae}}") {
		t.Errorf("a wrong variable: %d", code)
	}
	// The same by the API.
	var list apiMessages
	if code := s.api("GET", "/messages/uk?q=cat", nil, &list); code != 200 || len(list.Messages) != 1 || len(list.Messages[0].Forms) != 4 || list.Messages[0].State != "done" {
		t.Fatalf("%d %+v", code, list)
	}
	cats := list.Messages[0]
	forms := map[string]string{"one": "{{.PluralCount}} кішка", "few": "{{.PluralCount}} кішки", "many": "{{.PluralCount}} кішок", "other": "{{.PluralCount}} кішки"}
	var saved apiMessageSaved
	if code := s.api("PUT", "/messages/uk", apiMessageEdit{ID: "Cats", Base: cats.Base, Forms: forms}, &saved); code != 200 || !saved.Stored || saved.Message.Base == cats.Base || saved.Message.Forms[0].Text != forms["one"] {
		t.Errorf("%d %+v", code, saved)
	}
	saved = apiMessageSaved{}
	if code := s.api("PUT", "/messages/uk", apiMessageEdit{ID: "Cats", Base: cats.Base, Forms: forms}, &saved); code != 409 || !saved.Conflict || saved.Stored {
		t.Errorf("an old base: %d %+v", code, saved)
	}
	base2 := saved.Message.Base
	saved = apiMessageSaved{}
	forms["one"] = "{{.Nmae}}"
	if code := s.api("PUT", "/messages/uk", apiMessageEdit{ID: "Cats", Base: base2, Forms: forms}, &saved); code != 422 || len(saved.Problems) == 0 {
		t.Errorf("a wrong variable: %d %+v", code, saved)
	}
	for path, want := range map[string]int{"/messages/xx": 404, "/messages/uk?show=open": 200} {
		if code := s.api("GET", path, nil, nil); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
}

func TestTerms(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	page := s.get("/terms?locale=uk&source=train&target=" + url.QueryEscape("потяг"))
	contains(t, page, "Impact:", "segment")
	code, page := s.post("/terms", "locale", "uk", "source", "train", "target", "потяг", "status", "preferred")
	if code != 200 {
		t.Fatalf("%d %s", code, page)
	}
	contains(t, page, "потяг")
	file, err := os.ReadFile(filepath.Join(s.folder, "glossary/review.csv"))
	if err != nil || !strings.Contains(string(file), "train,uk,потяг") {
		t.Errorf("%s, %v", file, err)
	}
	if code, _ := s.post("/terms", "locale", "uk", "source", "", "target", "x"); code != http.StatusUnprocessableEntity {
		t.Error(code)
	}
}

// TestChangeTerm: a term is changed in the row where it stands, with its impact shown
// before, and nothing else of its file changes.
func TestChangeTerm(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	name := filepath.Join(s.folder, "glossary/newsroom.csv")
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, s.get("/terms?locale=uk&q=reservoir"), "old="+url.QueryEscape("водосховище"))
	contains(t, s.get("/terms?locale=uk&q=reservoir&concept=reservoir&old="+url.QueryEscape("водосховище")), `name="old" value="водосховище"`, `value="reservoir"`, "readonly")
	change := apiTermEdit{Concept: "reservoir", Source: "reservoir", Old: "водосховище", Target: "резервуар"}
	var impact apiImpact
	if code := s.api("POST", "/impact/uk", change, &impact); code != 200 || impact.Segments == 0 || impact.Against == 0 || len(impact.Articles) == 0 {
		t.Fatalf("%d %+v", code, impact)
	}
	code, page := s.post("/terms", "locale", "uk", "concept", "reservoir", "source", "reservoir", "old", "водосховище", "target", "резервуар", "impact", "1")
	if now, err := os.ReadFile(name); code != 200 || err != nil || !bytes.Equal(now, before) {
		t.Errorf("%d, %v: the impact changed the glossary", code, err)
	}
	contains(t, page, "Impact:", "river-pact")
	var saved apiTermSaved
	if code := s.api("PUT", "/terms/uk", change, &saved); code != 200 || !saved.Stored {
		t.Fatalf("%d %+v", code, saved)
	}
	now, err := os.ReadFile(name)
	if want := strings.Replace(string(before), "reservoir,uk,водосховище", "reservoir,uk,резервуар", 1); err != nil || string(now) != want {
		t.Errorf("the file: %v\n%s", err, now)
	}
	var terms apiTerms
	if code := s.api("GET", "/terms/uk?q=reservoir", nil, &terms); code != 200 || len(terms.Concepts) != 1 || terms.Concepts[0].Target[0].Text != "резервуар" {
		t.Errorf("%d %+v", code, terms)
	}
	if code := s.api("PUT", "/terms/uk", change, nil); code != 404 {
		t.Errorf("a term that is gone: %d", code)
	}
	change.Old, change.Target, change.Remove = "резервуар", "резервуар", true
	if code := s.api("PUT", "/terms/uk", change, &saved); code != 200 {
		t.Errorf("%d %+v", code, saved)
	}
	if now, err := os.ReadFile(name); err != nil || strings.Contains(string(now), "reservoir,uk") {
		t.Errorf("the term is still there: %v", err)
	}
	for _, bad := range []apiTermEdit{{Source: "x"}, {Source: "x", Target: "y", Status: "good"}} {
		if code := s.api("PUT", "/terms/uk", bad, nil); code != 422 {
			t.Errorf("%+v: %d", bad, code)
		}
	}
}

// TestFilesAPI: a bilingual file goes out and comes back by the API.
func TestFilesAPI(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	code, file, h := s.do("GET", apiPath+"/files/tt?format=xliff&article="+url.QueryEscape(metro), nil)
	if code != 200 || h.Get("Content-Type") != "application/octet-stream" {
		t.Fatalf("%d %v %s", code, h, file)
	}
	changed := strings.Replace(file, "Line 3 timetable</source>", "Line 3 timetable</source><target>3нче линия җәдвәле</target>", 1)
	if code, result := s.upload("tt", "name=../../back.xlf", changed); code != 200 || result.Taken != 1 || !result.Stored {
		t.Errorf("%d %+v", code, result)
	}
	if got := s.article("tt", metro).find(t, "Line 3 timetable"); got.Target != "3нче линия җәдвәле" {
		t.Errorf("%+v", got)
	}
	if code, _ := s.upload("tt", "name=back.exe", changed); code != http.StatusUnsupportedMediaType {
		t.Errorf("an unknown type: %d", code)
	}
	for path, want := range map[string]int{"/files/xx?format=po": 404, "/files/tt?format=exe": 400, "/files/tt?format=po&article=../x": 404} {
		if code, _, _ := s.do("GET", apiPath+path, nil); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
}

// upload sends a file of translations for a locale.
func (s *site) upload(locale, query, content string) (int, uploadResult) {
	s.t.Helper()
	code, text := s.call("POST", "/files/"+locale+"?"+query, "", []byte(content))
	var out uploadResult
	if code == http.StatusOK {
		if err := json.Unmarshal(text, &out); err != nil {
			s.t.Fatal(err)
		}
	}
	return code, out
}

// TestMemorySearchAPI: the API has names and texts of its own.
func TestMemorySearchAPI(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	var found apiResults
	if code := s.api("GET", "/memory?q=11+stations&locale=uk", nil, &found); code != 200 || len(found.Results) == 0 {
		t.Fatalf("%d %+v", code, found)
	}
	if x := found.Results[0]; !strings.Contains(x.Source, "<1>11 stations</1>") || !strings.Contains(x.Target, "<1>") || x.TargetLocale != "uk" || x.State != "reviewed" {
		t.Errorf("%+v", x)
	}
	// The types of the memory stay behind it.
	if m := regexp.MustCompile(`\n {10}"[A-Z]\w*": \{`).FindString(string(s.openAPI())); m != "" {
		t.Errorf("the API has a field %s", strings.TrimSpace(m))
	}
}
