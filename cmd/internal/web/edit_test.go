package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/memory"
)

const (
	metro = "articles/briefs/metro-line.md"
	river = "articles/2026/river-pact.html"
)

// api sends JSON and reads JSON; the answer must be described by the OpenAPI file.
func (s *site) api(method, path string, body, answer any) int {
	s.t.Helper()
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			s.t.Fatal(err)
		}
	}
	code, text := s.call(method, path, "application/json", data)
	if answer != nil {
		if err := json.Unmarshal(text, answer); err != nil {
			s.t.Fatalf("%s %s: %d %s: %v", method, path, code, text, err)
		}
	}
	return code
}

// call sends a request of this session to the API, with a media type where it is not
// empty, and returns status and body of the answer, which must be described by the
// OpenAPI file.
func (s *site) call(method, path, mediaType string, body []byte) (int, []byte) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.base+apiPath+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	r.Header.Set("X-CSRF-Token", s.csrf)
	res, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	s.conforms(method, path, res.StatusCode, answer)
	return res.StatusCode, answer
}

// conforms checks an answer against the OpenAPI description.
func (s *site) conforms(method, path string, code int, answer []byte) {
	s.t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(s.openAPI(), &doc); err != nil {
		s.t.Fatal(err)
	}
	route, _, _ := strings.Cut(path, "?")
	pattern := strings.SplitN(strings.TrimPrefix(route, "/"), "/", 3)
	template := apiPath + "/" + pattern[0] + []string{"", "/{locale}", "/{locale}/{article}"}[len(pattern)-1]
	responses := doc["paths"].(map[string]any)[template].(map[string]any)[strings.ToLower(method)].(map[string]any)["responses"].(map[string]any)
	key := fmt.Sprint(code)
	if r, ok := responses[key].(map[string]any); !ok || r["content"] == nil {
		key = "default"
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", doc); err != nil {
		s.t.Fatal(err)
	}
	at := strings.NewReplacer("~", "~0", "/", "~1").Replace(template)
	schema, err := c.Compile("openapi.json#/paths/" + at + "/" + strings.ToLower(method) + "/responses/" + key + "/content/application~1json/schema")
	if err != nil {
		s.t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(answer))
	if err != nil {
		s.t.Fatalf("%s: %v", answer, err)
	}
	if err := schema.Validate(value); err != nil {
		s.t.Errorf("%s %s: %d is not what openapi.json says: %v\n%.500s", method, path, code, err, answer)
	}
}

func (s *site) article(locale, name string) apiArticle {
	s.t.Helper()
	var a apiArticle
	if code := s.api("GET", "/articles/"+locale+"/"+name, nil, &a); code != http.StatusOK {
		s.t.Fatal(code)
	}
	return a
}

func (a apiArticle) find(t *testing.T, part string) apiSegment {
	t.Helper()
	for _, s := range a.Segments {
		if strings.Contains(s.Source, part) {
			return s
		}
	}
	t.Fatalf("no segment with %q", part)
	return apiSegment{}
}

// TestSave: what is saved goes through the decisions of an import into the memory, by
// name, and can be undone.
func TestSave(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	seg := s.article("tt", metro).find(t, "11 stations")
	if seg.Filled {
		t.Fatalf("%+v", seg)
	}
	path := "/segment/tt/" + metro
	var saved apiSaved
	for _, tt := range []struct {
		name, text, state string
		force             bool
		code              int
		problem           string
	}{
		{"a tag that the source does not have", "<1>11 станция</1> <7/>", "", false, 422, "tag <7/>"},
		{"the source", seg.Source, "", false, 422, "letters"},
		{"another script", "<1>11</1> 这是完全不同的文字系统这是完全不同的文字系统", "", false, 422, "letters"},
		{"nothing", "  ", "", false, 422, "empty"},
		{"an unknown state", "x", "done", false, 400, ""},
	} {
		saved = apiSaved{}
		if code := s.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: tt.text, Base: seg.Base, State: tt.state, Force: tt.force}, &saved); code != tt.code || !strings.Contains(saved.Problem, tt.problem) || saved.Stored {
			t.Errorf("%s: %d %+v", tt.name, code, saved)
		}
	}
	const text = "Яңа линиядә <1>11 станция</1> бар, һәм ул аэропортны үзәк вокзал белән 22 минутта тоташтыра."
	if code := s.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text, Base: seg.Base}, &saved); code != 200 || !saved.Stored || saved.Segment.Target != text || saved.Segment.State != "translated" || saved.Segment.Origin.Name != "Anna" {
		t.Fatalf("%d %+v", code, saved)
	}
	// Another program sees it.
	w, err := workspace.Open(t.Context(), s.folder, workspace.Options{Memory: workspace.ReadOnly})
	if err != nil {
		t.Fatal(err)
	}
	found, err := w.Store.Search(t.Context(), memory.Search{Text: "тоташтыра", TargetLocale: "tt"})
	if err != nil || len(found) != 1 || found[0].Entry.Origin.Name != "Anna" || !strings.Contains(found[0].Entry.Place, metro) {
		t.Errorf("%+v, %v", found, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// The first base is old now: nothing is overwritten.
	var second apiSaved
	if code := s.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: "Башка <1>текст</1> 11 22", Base: seg.Base}, &second); code != 409 || !second.Conflict || second.Stored || second.Segment.Target != text {
		t.Errorf("%d %+v", code, second)
	}
	var a apiArticle
	if code := s.api("POST", "/undo/tt/"+metro, apiUndo{saved.Batch}, &a); code != 200 || a.find(t, "11 stations").Filled {
		t.Errorf("undo: %d %+v", code, a.find(t, "11 stations"))
	}
	if code := s.api("POST", "/undo/tt/"+metro, apiUndo{saved.Batch}, nil); code != 409 {
		t.Errorf("undo again: %d", code)
	}
	if code := s.api("POST", "/undo/tt/"+metro, apiUndo{1}, nil); code != 403 {
		t.Errorf("undo of a batch that the page did not store: %d", code)
	}
}

// TestEditedAfterApproval: a change of an approved text is not approved any more, and
// its reviewer can approve it again or take that back.
func TestEditedAfterApproval(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	seg := s.article("uk", metro).find(t, "11 stations")
	if seg.State != "reviewed" {
		t.Fatalf("%+v", seg)
	}
	path := "/segment/uk/" + metro
	var saved apiSaved
	text := strings.Replace(seg.Target, "Нова", "Ця нова", 1)
	if text == seg.Target {
		text = "Отже, " + seg.Target
	}
	if code := s.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text, Base: seg.Base}, &saved); code != 200 || saved.Segment.State != "translated" || saved.Segment.SubState != "hexapla:edited-reviewed" {
		t.Fatalf("%d %+v", code, saved)
	}
	var r reviewResult
	value := seg.Unit + "/" + seg.Segment + " "
	if code := s.api("POST", "/approve/uk/"+metro, apiApproval{Segments: []string{value + "old", value + saved.Segment.Base}}, &r); code != 200 || r.Stored != 1 || r.Left != 1 {
		t.Errorf("%d %+v", code, r)
	}
	seg = s.article("uk", metro).find(t, "11 stations")
	if seg.State != "reviewed" || seg.SubState != "" {
		t.Errorf("%+v", seg)
	}
	if code := s.api("POST", "/approve/uk/"+metro, apiApproval{Back: true, Segments: []string{value + seg.Base}}, &r); code != 200 || r.Stored != 1 {
		t.Errorf("%d %+v", code, r)
	}
	if seg = s.article("uk", metro).find(t, "11 stations"); seg.State != "translated" {
		t.Errorf("%+v", seg)
	}
	for _, bad := range []apiApproval{{State: "initial"}, {State: "x"}, {State: "final", Back: true}} {
		if code := s.api("POST", "/approve/uk/"+metro, bad, nil); code != 400 {
			t.Errorf("%+v: %d", bad, code)
		}
	}
}

// TestRights: each role may do what it may, in its locales.
func TestRights(t *testing.T) {
	s := serveFolder(t, newsroom(t), func(o *Options) { o.UsersFile = usersIn(t) }).waitBoard()
	people := map[string]*site{}
	for _, name := range []string{"olena", "rita", "ed"} {
		people[name] = s.another().logInAs(name)
	}
	seg := people["ed"].article("uk", river).find(t, "The offer comes")
	ru := people["ed"].article("ru", river).find(t, "The offer comes")
	for _, tt := range []struct {
		who, method, path string
		body              any
		want              int
	}{
		{"olena", "PUT", "/segment/uk/" + river, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: seg.Target, Base: seg.Base}, 200},
		{"olena", "PUT", "/segment/ru/" + river, apiEdit{Unit: ru.Unit, Segment: ru.Segment, Text: ru.Target, Base: ru.Base}, 403},
		{"olena", "PUT", "/segment/uk/" + river, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: seg.Target, Base: seg.Base, State: "reviewed"}, 403},
		{"olena", "POST", "/approve/uk/" + river, apiApproval{}, 403},
		{"rita", "POST", "/approve/uk/" + river, apiApproval{}, 200},
		{"rita", "POST", "/approve/ru/" + river, apiApproval{}, 403},
		{"ed", "POST", "/approve/ru/" + river, apiApproval{}, 200},
		{"olena", "POST", "/draft/uk/" + river, apiTarget{Unit: seg.Unit, Segment: seg.Segment}, 404},
		{"olena", "POST", "/draft/ru/" + river, apiTarget{Unit: seg.Unit, Segment: seg.Segment}, 403},
	} {
		if code := people[tt.who].api(tt.method, tt.path, tt.body, nil); code != tt.want {
			t.Errorf("%s %s %s: %d, want %d", tt.who, tt.method, tt.path, code, tt.want)
		}
	}
	for _, tt := range []struct {
		who, path string
		values    []string
		want      int
	}{
		{"rita", "/terms", []string{"locale", "uk", "source", "harbour", "target", "гавань"}, 403},
		{"olena", "/changes/uk/" + river, nil, 403},
		{"olena", "/messages", []string{"locale", "ru", "id", "x"}, 403},
	} {
		if code, _ := people[tt.who].post(tt.path, tt.values...); code != tt.want {
			t.Errorf("%s %s: %d, want %d", tt.who, tt.path, code, tt.want)
		}
	}
	if code, _, _ := people["olena"].do("GET", "/approve/uk/"+river, nil); code != 403 {
		t.Errorf("the list to approve: %d", code)
	}
}

func TestNotes(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	seg := s.article("uk", river).find(t, "The offer comes")
	path := "/notes/uk/" + river
	var first, second apiNote
	if code := s.api("POST", path, newNote{Unit: seg.Unit, Segment: seg.Segment, Text: "Which reports?"}, &first); code != 200 || first.UID == "" || first.Author != "Anna" {
		t.Fatalf("%d %+v", code, first)
	}
	contains(t, s.get("/a/uk/"+river+"?show=notes"), "1 comment")
	if code := s.api("POST", path, newNote{Unit: seg.Unit, Segment: seg.Segment, Text: "Those of spring.", ReplyTo: first.UID}, &second); code != 200 {
		t.Fatal(code)
	}
	if code := s.api("POST", path, newNote{Unit: seg.Unit, Segment: seg.Segment, Resolves: first.UID}, nil); code != 200 {
		t.Fatal(code)
	}
	var threads []apiNoteThread
	if code := s.api("GET", path, nil, &threads); code != 200 || len(threads) != 1 || !threads[0].Resolved || len(threads[0].Answers) != 2 {
		t.Errorf("%d %+v", code, threads)
	}
	for _, bad := range []newNote{{Text: " "}, {Text: strings.Repeat("x", maxNote+1)}, {Text: "x", Unit: "nowhere", Segment: "s1"}, {Text: "x", ReplyTo: "nobody"}} {
		if code := s.api("POST", path, bad, nil); code < 400 || code >= 500 {
			t.Errorf("%.60v: %d", bad, code)
		}
	}
	page := s.get("/a/uk/" + river + "?" + url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode())
	contains(t, page, "Which reports?", "Those of spring.", "resolved")
}

// TestWithoutScript walks with plain forms.
func TestWithoutScript(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	seg := s.article("tt", metro).find(t, "single ticket")
	at := url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode()
	page := s.get("/a/tt/" + metro + "?" + at)
	contains(t, page, "<textarea", `name="base" value="`+seg.Base+`"`, "&lt;1&gt;", `name="then" value="next"`)
	code, page := s.post("/save/tt/"+metro, "unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", "Бер билет 40 цент тора; <1>вакыт җәдвәлен</1> карагыз.", "then", "stay")
	if code != 200 {
		t.Fatalf("%d %.3000s", code, page)
	}
	contains(t, page, "Saved.", `name="batch"`, "вакыт җәдвәлен")
	code, page = s.post("/save/tt/"+metro, "unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", "Икенче <1>кеше</1> 40.")
	if code != http.StatusConflict {
		t.Errorf("a second person: %d", code)
	}
	contains(t, page, "Somebody else saved", "вакыт җәдвәлен", "Икенче &lt;1&gt;кеше&lt;/1&gt; 40.")
	code, page = s.post("/save/tt/"+metro, "unit", seg.Unit, "segment", seg.Segment, "base", s.article("tt", metro).find(t, "single ticket").Base, "text", "<9>x</9>")
	if code != http.StatusUnprocessableEntity {
		t.Errorf("wrong tags: %d", code)
	}
	contains(t, page, "Not saved", "&lt;9&gt;x&lt;/9&gt;")
	contains(t, s.get("/approve/uk/"+metro+"?state=final"), `type="checkbox" name="segment"`)
	for _, path := range []string{"/keys", "/settings", "/files", "/memory?q=train", "/messages?locale=uk", "/terms?locale=uk&q=river", "/changes/uk/" + river, "/a/uk/" + river + "?show=open", "/a/uk/" + river + "?show=review&q=offer"} {
		s.get(path)
	}
}

// TestLanguages: each page is in the language that is asked for, and in its direction.
func TestLanguages(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	for lang, want := range map[string][]string{
		"ru": {`lang="ru" dir="ltr"`, "Глоссарий"}, "uk-UA,uk;q=0.9,en;q=0.8": {`lang="uk" dir="ltr"`, "Глосарій"}, "fa": {`lang="fa" dir="rtl"`, "واژه\u200cنامه"}, "de": {`lang="en" dir="ltr"`, "Glossary"}, "": {`lang="en"`, "Glossary"},
	} {
		for _, path := range []string{"/", "/?locale=fa", "/a/fa/" + metro, "/approve/fa/" + metro, "/changes/fa/" + metro, "/messages", "/terms", "/memory?q=x", "/files", "/settings", "/keys"} {
			code, page, _ := s.do("GET", path, nil, "Accept-Language", lang)
			if code != 200 {
				t.Errorf("%s in %q: %d", path, lang, code)
			}
			contains(t, page, want...)
		}
	}
	if code, _ := s.post("/settings", "language", "fa", "theme", "dark", "name", "Лев", "back", "/"); code != 200 {
		t.Fatal(code)
	}
	contains(t, s.get("/"), `lang="fa" dir="rtl" data-theme="dark"`, "Лев")
}

// TestFindingsInLanguages: what the checks find is in the language of the page.
func TestFindingsInLanguages(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	seg := s.article("uk", metro).find(t, "11 stations")
	form := url.Values{"csrf": {s.csrf}, "unit": {seg.Unit}, "segment": {seg.Segment}, "text": {"Нова лінія має <1>станції</1>  і звʼязує їх за 22 хвилини."}}
	for lang, want := range map[string]string{"en": "several spaces in a row", "ru": "несколько пробелов подряд", "uk": "кілька пропусків поспіль", "fa": "چند فاصلهٔ پشت سر هم"} {
		code, body, _ := s.do("POST", "/check/uk/"+metro, form, "Accept-Language", lang, "Accept", "application/json")
		if code != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", lang, code, body)
		}
	}
}

// TestHostileTexts: no text of the project, of the memory or of a request is markup or
// a template on any page.
func TestHostileTexts(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.CSRF}}{{template "layout"}}</textarea></title>`
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), "[project]\nlocales = [\"uk\"]\narticles = [\"articles/*\"]\n[glossary]\nfiles = [\"glossary/*.csv\"]\n[catalogs]\ndir = \"locales\"\n")
	name := `articles/"><script>alert(1)<.md`
	writeFile(t, filepath.Join(dir, filepath.FromSlash(name)), "# Title "+strings.ReplaceAll(evil, "<", "\\<")+"\n\nA harbour "+strings.ReplaceAll(evil, "<", "\\<")+"\n")
	writeFile(t, filepath.Join(dir, "glossary/t.csv"), "concept,locale,term,note\n\"<script>alert(1)</script>\",en,harbour,\n\"<script>alert(1)</script>\",uk,\"гавань<script>alert(1)</script>\",\"<script>alert(1)</script>\"\n")
	writeFile(t, filepath.Join(dir, "locales/active.en.toml"), "[Evil]\ndescription = '"+evil+"'\nother = '<script>alert(1)</script> x'\n")
	s := serveFolder(t, dir, func(o *Options) { o.Author = evil }).enter().waitBoard()
	p := (&url.URL{Path: name}).EscapedPath()
	a := s.article("uk", p)
	seg := a.find(t, "harbour")
	var saved apiSaved
	if code := s.api("PUT", "/segment/uk/"+p, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: "Гавань <1/><2/>" + evil, Base: seg.Base, Force: true}, &saved); code != 200 || !saved.Stored {
		t.Fatalf("%d %+v", code, saved)
	}
	if code := s.api("POST", "/notes/uk/"+p, newNote{Unit: seg.Unit, Segment: seg.Segment, Text: evil, Category: evil}, nil); code != 200 {
		t.Fatal(code)
	}
	at := url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode()
	for _, path := range []string{
		"/", "/?locale=", "/?q=" + url.QueryEscape(evil), "/a/uk/" + p, "/a/uk/" + p + "?" + at, "/a/uk/" + p + "?q=" + url.QueryEscape(evil), "/approve/uk/" + p, "/changes/uk/" + p,
		"/memory?q=" + url.QueryEscape("script"), "/memory?q=" + url.QueryEscape(evil), "/messages?q=" + url.QueryEscape("<script>"), "/terms?source=" + url.QueryEscape(evil) + "&target=x", "/terms", "/files", "/settings",
	} {
		code, page, _ := s.do("GET", path, nil)
		if code != 200 {
			t.Errorf("%s: %d", path, code)
		}
		for _, bad := range []string{"<script>alert", "<img src=x", "onerror=alert(1)>{{"} {
			if strings.Contains(page, bad) {
				i := strings.Index(page, bad)
				t.Errorf("%s: %q is markup: …%s…", path, bad, page[max(0, i-100):min(len(page), i+100)])
			}
		}
		if n := strings.Count(page, "<script"); n != 1 {
			t.Errorf("%s has %d scripts", path, n)
		}
	}
	_, rows, _ := s.do("GET", "/rows/uk/"+p+"?"+at+"&rows=s1", nil)
	var answer rowsAnswer
	if err := json.Unmarshal([]byte(rows), &answer); err != nil || len(answer.Rows) == 0 {
		t.Fatal(rows, err)
	}
	for id, html := range answer.Rows {
		if strings.Contains(html, "<script") || strings.Contains(html, "<img") {
			t.Errorf("row %s: %s", id, html)
		}
	}
}

// TestPreviewIsClosed: the preview is the page that readers get, and neither its policy
// nor its frame lets it do anything.
func TestPreviewIsClosed(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	page := s.get("/preview/uk/" + river)
	contains(t, page, `<hexapla-segment id="s10">`, "Таравія")
	if strings.Contains(page, "⟦") {
		t.Error("a mark is left in the page")
	}
	title := page[strings.Index(page, "<title"):strings.Index(page, "</title>")]
	if strings.Contains(title, "hexapla-segment") {
		t.Errorf("markup in the title: %s", title)
	}
	contains(t, s.get("/preview/fa/"+metro), `dir="rtl"`, "<strong>", "hexapla-segment")
	contains(t, s.get("/preview/ru/articles/2026/museum-reopens.txt"), "<pre", "hexapla-segment")
	contains(t, s.get("/a/uk/"+river), "sandbox title=")
	// Without the session it is not to be had: it is no open door to the articles.
	if code, _, _ := s.another().do("GET", "/preview/uk/"+river, nil); code != http.StatusForbidden {
		t.Error(code)
	}
}

func TestMarks(t *testing.T) {
	m := marks{"KEY"}
	b, a := m.around(0)
	for in, want := range map[string]string{
		"<p>" + b + "x" + a + "</p>":                             `<p><hexapla-segment id="s1">x</hexapla-segment></p>`,
		"<title>" + b + "x" + a + "</title>":                     "<title>x</title>",
		`<img alt="` + b + "x" + a + `">`:                        `<img alt="x">`,
		"<script>var a='" + b + "'</script>" + b:                 `<script>var a=''</script><hexapla-segment id="s1">`,
		"⟦KEYx⟧ ⟦1⟧ ⟦ ⟦/KEY":                                     "⟦KEYx⟧ ⟦1⟧ ⟦ ⟦/KEY",
		"<!-- " + b + " -->":                                     "<!--  -->",
		"<body class=x>" + b:                                     `<body class=x>` + previewStyle + `<hexapla-segment id="s1">`,
		"<textarea>" + b + "</textarea><style>" + a + "</style>": "<textarea></textarea><style></style>",
	} {
		if !strings.Contains(in, "<body") {
			want += previewStyle
		}
		if got := string(m.replace([]byte(in), nil)); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestDraft asks an engine, the program sed, for one segment. Its answer is kept as raw
// machine translation, and costs nothing a second time.
func TestDraft(t *testing.T) {
	if _, err := exec.LookPath("sed"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), "[project]\nlocales = [\"uk\"]\narticles = [\"articles/*\"]\n\n[[hook]]\nname = \"sed\"\ntype = \"exec\"\ncommand = [\"sed\", \"-u\", 's/The gate is open/Ворота відчинено/']\n")
	writeFile(t, filepath.Join(dir, "articles/a.md"), "The gate is open.\n\nAnother text.\n")
	s := serveFolder(t, dir, nil).enter()
	if err := s.NoEngines(); err != nil {
		t.Fatal(err)
	}
	const name = "articles/a.md"
	seg := s.article("uk", name).find(t, "The gate")
	if seg.Filled {
		t.Fatal("an engine was asked by itself")
	}
	contains(t, s.get("/a/uk/"+name+"?"+url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode()), "Ask an engine")
	var d draftAnswer
	if code := s.api("POST", "/draft/uk/"+name, apiTarget{Unit: seg.Unit, Segment: seg.Segment}, &d); code != 200 || d.Text != "Ворота відчинено." || d.Engine != "sed" {
		t.Fatalf("%d %+v", code, d)
	}
	seg = s.article("uk", name).find(t, "The gate")
	if seg.Target != "Ворота відчинено." || seg.SubState != "hexapla:mt" {
		t.Errorf("%+v", seg)
	}
	// It is confirmed by a person who saves it as it is.
	var saved apiSaved
	if code := s.api("PUT", "/segment/uk/"+name, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: seg.Target, Base: seg.Base}, &saved); code != 200 || saved.Segment.SubState != "" || saved.Segment.Origin.Name != "Anna" {
		t.Errorf("%d %+v", code, saved)
	}
	other := s.article("uk", name).find(t, "Another")
	if code := s.api("POST", "/draft/uk/"+name, apiTarget{Unit: other.Unit, Segment: other.Segment}, nil); code != http.StatusBadGateway {
		t.Errorf("an engine that gives the source back: %d", code)
	}
	if code := s.api("POST", "/draft/uk/"+name, apiTarget{Unit: "x", Segment: "s1"}, nil); code != http.StatusNotFound {
		t.Error(code)
	}
}
