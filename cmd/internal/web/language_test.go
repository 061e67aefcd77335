package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// textsOf returns the texts of a page that a person reads or hears in the language of the
// page: those in elements of another language, in code, and what people wrote are left out.
func textsOf(t *testing.T, page, language string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			out = append(out, n.Data)
		}
		if n.Type == html.ElementNode {
			switch n.Data {
			case "title", "style", "script", "code", "kbd", "template", "iframe":
				return
			}
			own := true
			for _, a := range n.Attr {
				switch a.Key {
				case "lang":
					own = a.Val == language
				case "dir":
					own = own && a.Val != "auto"
				case "class":
					if slices.ContainsFunc(strings.Fields(a.Val), func(c string) bool { return slices.Contains([]string{"path", "id", "who", "tag", "brand"}, c) }) {
						return
					}
				case "title", "aria-label", "placeholder", "alt", "data-undo", "data-failed", "data-offline", "data-saving", "data-unsaved", "data-saved", "data-close", "data-missing", "data-other", "data-code":
					if n.Data != "span" && n.Data != "button" || !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "class" && strings.HasPrefix(a.Val, "code") }) {
						out = append(out, a.Val)
					}
				}
			}
			if !own {
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return out
}

// latin matches words in Latin letters, and what looks like a path, an identifier or a tag.
var latin = regexp.MustCompile(`[A-Za-z][A-Za-z0-9'_./:#-]*`)

// foreign returns the words in Latin letters of the texts of a page, but for names.
func foreign(t *testing.T, page, language string, names *regexp.Regexp) []string {
	t.Helper()
	var out []string
	for _, text := range textsOf(t, page, language) {
		for _, word := range latin.FindAllString(text, -1) {
			word = strings.TrimRight(word, "'./:#-")
			if len(word) > 1 && !names.MatchString(word) && !slices.Contains(out, word) {
				out = append(out, word)
			}
		}
	}
	return out
}

// properNames are words that have Latin letters in every language: of the program, of formats,
// of people and catalogs of the sample, of keys, of files and addresses.
var properNames = regexp.MustCompile(`^(?i:Hexapla|Anna|newsroom|sample-engine|Live|Minutes|zero|one|two|few|many|other|(?:msg|paragraph|text)-[a-z0-9]+|[a-z]+-[a-z0-9]*[0-9][a-z0-9]*|PluralCount|Nmae|uk|description|BCP|XLIFF|ed|olena|xliff\d*|xlf|xliff-2\.?\d?|tmx|tbx|po|csv|xlsx|jsonl|json|html|mt|id|http|https|MB|MiB|NFC|UTC|[0-9.]+|.*[./#].*|hexapla\S*)$`)

// TestPersianPages walks through the pages in Persian, also those of what goes wrong, and
// looks for words that stayed English.
func TestPersianPages(t *testing.T) {
	dir := publishedNewsroom(t)
	s := serveFolder(t, dir, nil).enter().waitBoard()
	base, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	s.client.Jar.SetCookies(base, []*http.Cookie{{Name: languageCookie, Value: "fa", Path: "/"}})
	quoted := properNames // later also words of the articles that a message quotes, and what was typed
	check := func(what, page string) {
		t.Helper()
		if !strings.Contains(page, `<html lang="fa" dir="rtl"`) {
			t.Errorf("%s: no page in Persian:\n%.600s", what, page)
		}
		if words := foreign(t, page, "fa", quoted); len(words) > 0 {
			t.Errorf("%s: %q", what, words)
		}
	}
	for _, path := range []string{
		"/", "/?locale=uk", "/?locale=tt&state=withheld", "/?q=nothing", "/a/uk/" + river, "/a/fa/" + metro + "?unit=title&segment=s1", "/a/uk/" + river + "?show=findings", "/a/uz/" + metro,
		"/approve/uk/" + metro, "/approve/uk/" + metro + "?state=final", "/approve/uk/" + metro + "?back=1", "/changes/uk/" + metro, "/changes/tt/" + metro,
		"/messages?locale=uk", "/messages?locale=tt", "/terms?locale=uk", "/terms?locale=uk&source=train&target=x", "/terms?locale=uk&q=reservoir&concept=reservoir&old=водосховище",
		"/memory", "/memory?q=river", "/memory?q=nothing+like+it", "/files", "/settings", "/keys",
	} {
		check(path, s.get(path))
	}
	// Every segment of two articles, open: matches, findings, terms, history.
	for _, at := range [][2]string{{"uk", river}, {"fa", metro}, {"sr-ME", metro}, {"uz", metro}} {
		for i, seg := range s.article(at[0], at[1]).Segments {
			path := "/a/" + at[0] + "/" + at[1] + "?" + url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode()
			check(fmt.Sprintf("segment %d of %v", i+1, at), s.get(path))
		}
	}
	// What goes wrong.
	for _, path := range []string{"/nowhere", "/a/xx/" + metro, "/download/tt?format=x", "/download/tt?format=xliff&state=x", "/approve/uk/" + metro + "?state=x"} {
		_, page, _ := s.do("GET", path, nil)
		check(path, page)
	}
	seg := s.article("tt", metro).find(t, "11 stations")
	other := s.article("uk", metro).find(t, "11 stations")
	title := s.article("tt", metro).Segments[0]
	quoted = regexp.MustCompile(properNames.String() + "|^(?:Velin|metro|[Ll]ine|timetable|nonsense|reservoir|train|s1|unit)$")
	for _, x := range []struct {
		name, path string
		form       []string
	}{
		{"an unknown code", "/save/tt/" + metro, []string{"unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", "бар <7/>"}},
		{"a lost code", "/save/tt/" + metro, []string{"unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", "11 бар 22"}},
		{"the source itself", "/save/tt/" + metro, []string{"unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", seg.Source}},
		{"a code that is open", "/save/tt/" + metro, []string{"unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", "11 <1>бар 22"}},
		{"no text", "/save/tt/" + metro, []string{"unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", ""}},
		{"another script", "/save/tt/" + metro, []string{"unit", title.Unit, "segment", title.Segment, "base", title.Base, "text", "三号线的新车站"}},
		{"an old base", "/save/uk/" + metro, []string{"unit", other.Unit, "segment", other.Segment, "base", "old", "text", "<1>11</1> 22"}},
		{"a wrong state", "/save/uk/" + metro, []string{"unit", other.Unit, "segment", other.Segment, "base", other.Base, "text", "<1>11</1> 22", "state", "nonsense"}},
		{"a segment that went", "/save/uk/" + metro, []string{"unit", "p-gone", "segment", "s1", "text", "x"}},
		{"an old form", "/undo/uk/" + metro, []string{"batch", "12345"}},
		{"a note without text", "/note/uk/" + metro, []string{"note", ""}},
		{"an answer to nothing", "/note/uk/" + metro, []string{"note", "?", "reply", "nobody"}},
		{"no engine", "/draft/uk/" + metro, []string{"unit", other.Unit, "segment", other.Segment}},
		{"an approval of old texts", "/approve/uk/" + metro, []string{"segment", other.Unit + "/" + other.Segment + " old"}},
		{"a term without a text", "/terms", []string{"locale", "uk", "source", "", "target", ""}},
		{"a term that is there", "/terms", []string{"locale", "uk", "source", "reservoir", "target", "водойма", "status", "preferred"}},
		{"a term with a mark", "/terms", []string{"locale", "uk", "source", "train", "target", "потяг.", "status", "forbidden"}},
		{"a term in another script", "/terms", []string{"locale", "uk", "source", "train line", "target", "train line", "status", "preferred"}},
		{"a term that would be twice", "/terms", []string{"locale", "uk", "source", "water agency", "target", "водосховище", "status", "preferred"}},
		{"a name that is too long", "/settings", []string{"name", strings.Repeat("x", 200)}},
	} {
		_, page := s.post(x.path, x.form...)
		check(x.name, page)
	}
	_, page, _ := s.do("POST", "/settings", url.Values{"name": {"x"}})
	check("a form without its token", page)
	// The checks of catalogs.
	message := s.api
	var list apiMessages
	if code := message("GET", "/messages/uk?q=minute", nil, &list); code != 200 || len(list.Messages) != 1 {
		t.Fatalf("%d %+v", code, list)
	}
	for _, one := range []string{"{{.Nmae}}", "{{.PluralCount", "{{if .X}}", "<b>{{.PluralCount}}", ""} {
		_, page := s.post("/messages", "locale", "uk", "id", "Minutes", "base", list.Messages[0].Base, "form-one", one, "form-few", "{{.PluralCount}} хв", "form-many", "{{.PluralCount}} хв", "form-other", "{{.PluralCount}} хв")
		check("the message "+one, page)
	}
	_, page = s.post("/messages", "locale", "uk", "id", "Minutes", "base", "old", "form-one", "x")
	check("a message that somebody else changed", page)
	// Files that come back.
	for name, content := range map[string]string{
		"x.exe": "MZ", "none.xlf": "", "broken.xlf": "<xliff", "other.po": "msgid \"\"\nmsgstr \"\"\n\nmsgid \"A\"\nmsgstr \"Б\"\n",
		"doc.xlf": `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><xliff/>`, "bad.csv": "a,b\n\"", "bad.json": "{", "bad.jsonl": "{\"a\":", "bad.xlsx": "PK", "bad.tmx": "<tmx>",
	} {
		check(name, s.bring("tt", name, content))
	}
	_, file, _ := s.do("GET", "/download/tt?format=xliff&article="+url.QueryEscape(metro), nil)
	for name, change := range map[string][2]string{
		"unknown code": {"Line 3 timetable</source>", "Line 3 timetable</source><target><ph id=\"99\"/></target>"},
		"same":         {"Line 3 timetable</source>", "Line 3 timetable</source><target>Line 3 timetable</target>"},
		"other source": {"Line 3 timetable</source>", "Line 4 timetable</source><target>4 нче линия</target>"},
	} {
		changed := strings.Replace(file, change[0], change[1], 1)
		if changed == file {
			t.Fatalf("%s", file)
		}
		check(name, s.bring("tt", "back.xlf", changed))
	}
	// A project that cannot be used any more.
	if err := os.WriteFile(filepath.Join(dir, "hexapla.toml"), []byte("[project\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the error is shown", func() bool {
		page = s.get("/")
		return strings.Contains(page, `class="alert error"`)
	})
	check("a configuration that does not parse", page)
}

// TestPersianLogIn does the same for the pages of those who are not let in.
func TestPersianLogIn(t *testing.T) {
	for _, users := range []bool{false, true} {
		s := serveFolder(t, newsroom(t), func(o *Options) {
			if users {
				o.UsersFile = usersIn(t)
			}
		})
		fa := []string{"Accept-Language", "fa"}
		for _, x := range []struct {
			method, path string
			form         url.Values
		}{{"GET", "/login", nil}, {"GET", "/?token=wrong", nil}, {"POST", "/login", url.Values{"name": {"olena"}, "password": {"x"}}}} {
			_, page, _ := s.do(x.method, x.path, x.form, fa...)
			if words := foreign(t, page, "fa", properNames); len(words) > 0 {
				t.Errorf("%s %s, users %v: %q", x.method, x.path, users, words)
			}
		}
		if users {
			s.logInAs("olena")
			for _, path := range []string{"/", "/a/uk/" + metro, "/terms?locale=uk", "/terms?locale=ru"} {
				_, page, _ := s.do("GET", path, nil, fa...)
				if words := foreign(t, page, "fa", properNames); len(words) > 0 {
					t.Errorf("%s: %q", path, words)
				}
			}
			_, page, _ := s.do("POST", "/save/ru/"+metro, url.Values{"csrf": {s.csrf}}, fa...)
			if words := foreign(t, page, "fa", properNames); len(words) > 0 || !strings.Contains(page, `lang="fa"`) {
				t.Errorf("what a role does not allow: %q", words)
			}
		}
	}
}

// bring uploads a file and returns the page that answers.
func (s *site) bring(locale, name, content string) string {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, v := range map[string]string{"csrf": s.csrf, "locale": locale} {
		if err := w.WriteField(name, v); err != nil {
			s.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		s.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.client.Post(s.base+"/files", w.FormDataContentType(), &body)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	var page bytes.Buffer
	if _, err := page.ReadFrom(answer.Body); err != nil {
		s.t.Fatal(err)
	}
	return page.String()
}
