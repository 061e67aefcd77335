package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"hexapla/glossary"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
)

// asked is what an engine was asked.
type asked struct{ source, target, text string }

// loggingEngine translates a text into one that names its languages, and remembers what
// it was asked.
type loggingEngine struct {
	mu    sync.Mutex
	calls map[asked]int
	terms map[asked][]string
}

func (e *loggingEngine) Translate(_ context.Context, r hook.Request) ([]hook.Answer, []diag.Diagnostic) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.calls == nil {
		e.calls, e.terms = map[asked]int{}, map[asked][]string{}
	}
	answers := make([]hook.Answer, len(r.Items))
	for i, item := range r.Items {
		a := asked{r.Source, r.Target, item.Text.Chars}
		e.calls[a]++
		for _, m := range item.Terms {
			e.terms[a] = append(e.terms[a], m.Source)
		}
		text := item.Text.Clone()
		text.Chars = r.Source + " " + r.Target + " " + text.Chars
		for k := range text.Codes {
			text.Codes[k].Pos += len(r.Source + " " + r.Target + " ")
		}
		answers[i] = hook.Answer{Text: text, Engine: "log"}
		if r.OnAnswer != nil {
			r.OnAnswer(i, answers[i])
		}
	}
	return answers, nil
}

// The articles of a project whose source is English. Each has the sentence shared, which
// is right in every one of the languages.
const shared = "Radio Berlin International, 1945."

var mixedArticles = map[string]struct{ source, text string }{
	"articles/plain.html":      {"en", htmlPage("", "The government has said that it will not raise the taxes this year.", "The bank is closed.")},
	"articles/british.html":    {"en", htmlPage(` lang="en-GB"`, "The minister said on Monday that the roads would be open again soon.")},
	"articles/berlin.html":     {"de", htmlPage(` lang="de-AT"`, "Die Regierung hat erklärt, dass sie die Steuern in diesem Jahr nicht erhöhen wird.", "Die Bank ist heute geschlossen.")},
	"articles/matter.md":       {"de", "---\ntitle: Der Streik ist nun vorbei\nlanguage: de\n---\n\nDie Züge fahren wieder, und die Reisenden sind darüber sehr froh.\n\n" + shared + "\n"},
	"articles/kyiv.md":         {"uk", "---\ntitle: Міст знову відкрито\nlang: uk\n---\n\nУряд заявив, що цього року не підвищуватиме податки.\n\n" + shared + "\n"},
	"articles/rule/a.txt":      {"de", "Der Bürgermeister hat die neue Brücke gestern eröffnet.\n\n" + shared + "\n"},
	"articles/french.html":     {"fr", htmlPage(` lang="fr-FR"`, "Le gouvernement a déclaré que les impôts ne seront pas augmentés cette année.")},
	"articles/template.html":   {"en", htmlPage(` lang="de"`, "The president told reporters that the talks would go on until the end of the week.", "They had hoped for an agreement before the summer, but there is still a lot to do.")},
	"articles/lua.md":          {"en", "---\ntitle: How to write a small program\nlanguage: lua\n---\n\nThis is the first of three articles about programs that are written in one evening, and that will be of use to you for years.\n"},
	"articles/malformed.html":  {"en", htmlPage(` lang="deutsch"`, "The weather will be fine tomorrow, with a light wind from the west.")},
	"articles/item.ninjs.json": {"de", `{"uri":"tag:x","language":"de","headline":"Der Winter ist da","body_xhtml":"<p>Es hat in der Nacht geschneit, und viele Straßen sind gesperrt.</p><p>` + shared + `</p>"}`},
	"articles/feed.xml":        {"de", `<rss version="2.0"><channel><title>Nachrichten aus aller Welt</title><language>de-DE</language><item><title>Die Wahl ist entschieden</title><description>Die Partei hat die Mehrheit im Parlament verloren.</description></item></channel></rss>`},
}

func htmlPage(attributes string, paragraphs ...string) string {
	return "<!DOCTYPE html><html" + attributes + "><head><title>" + paragraphs[0] + "</title></head><body><p>" + strings.Join(append(paragraphs, shared), "</p>\n<p>") + "</p></body></html>\n"
}

func mixedSources() []Source {
	var out []Source
	for _, name := range slices.Sorted(maps.Keys(mixedArticles)) {
		out = append(out, Source{Path: name, Read: func() ([]byte, error) { return []byte(mixedArticles[name].text), nil }})
	}
	return out
}

const mixedProject = `[project]
locales = ["en", "de", "uk", "ru"]
base_url = "https://news.example/{locale}/{path}"
[[sources.article]]
articles = ["articles/rule/**"]
locale = "de"
[policy]
mt = true
`

// TestMixedSources builds, estimates, exports, imports and checks a project with articles
// in several languages: no engine, memory, file or check takes a text for one in another
// language than that of its article.
func TestMixedSources(t *testing.T) {
	p := newProject(t, mixedProject)
	engine := &loggingEngine{}
	p.Hook = engine
	var ds []diag.Diagnostic
	p.Glossary, ds = glossary.ParseTable("terms.csv", []byte("concept,locale,term,status\n1,en,bank,preferred\n1,uk,банк,preferred\n2,de,Regierung,preferred\n2,uk,уряд,preferred\n"), glossary.TableOptions{SourceLocale: "en"})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	ctx := t.Context()
	sources := map[string][]string{} // the locales of the articles that have a text
	texts := map[string]map[string]bool{}
	for _, a := range mixedSources() {
		d, err := p.OpenSource(a)
		if err != nil {
			t.Fatal(err)
		}
		if want := mixedArticles[a.Path].source; d.Locale != want {
			t.Errorf("%s is read as %s, want %s", a.Path, d.Locale, want)
		}
		for i := range d.Units {
			for _, s := range d.Units[i].Translatable() {
				sources[s.Source.Chars] = append(sources[s.Source.Chars], d.Locale)
				if texts[d.Locale] == nil {
					texts[d.Locale] = map[string]bool{}
				}
				texts[d.Locale][s.Source.Chars] = true
			}
		}
	}
	editions := map[string]map[string]*Edition{}
	build := func() {
		t.Helper()
		err := p.Build(ctx, mixedSources(), p.Config.Project.Locales, edition.Index{}, func(r Result) error {
			editions[r.Path] = map[string]*Edition{}
			for i := range r.Editions {
				editions[r.Path][r.Editions[i].Locale] = &r.Editions[i]
			}
			want := mixedArticles[r.Path].source
			if want == "en" {
				want = ""
			}
			if r.SourceLocale != want {
				t.Errorf("%s: source locale %q of the result, want %q", r.Path, r.SourceLocale, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	build()
	for a, n := range engine.calls {
		if !slices.Contains(sources[a.text], a.source) || a.source == a.target {
			t.Errorf("an engine was asked for %q from %s to %s; it is of articles in %v", a.text, a.source, a.target, sources[a.text])
		}
		if n > len(sources[a.text]) {
			t.Errorf("%v was asked %d times", a, n)
		}
		for _, term := range engine.terms[a] {
			if (term == "bank") != (a.source == "en") {
				t.Errorf("the term %q was given for a text in %s: %q", term, a.source, a.text)
			}
		}
	}
	for locale, all := range texts {
		for text := range all {
			for _, target := range p.Config.Project.Locales {
				if target != locale && engine.calls[asked{locale, target, text}] == 0 {
					t.Errorf("nothing was asked for %q from %s to %s", text, locale, target)
				}
			}
		}
	}
	// Editions: the one in the article's own locale is the original, the others are not.
	for name, byLocale := range editions {
		a := mixedArticles[name]
		for locale, e := range byLocale {
			if (e.Published.Status == edition.Original) != (locale == a.source) {
				t.Errorf("%s in %s: status %s", name, locale, e.Published.Status)
			}
			if e.Data == nil {
				t.Errorf("%s in %s has no page: %v", name, locale, e.Published.Reasons)
			}
			if want := "https://news.example/" + a.source + "/"; strings.HasSuffix(name, ".html") && slices.Contains(p.Config.Project.Locales, a.source) &&
				!strings.Contains(string(e.Data), `hreflang="x-default" href="`+want) {
				t.Errorf("%s in %s: no x-default of the original:\n%s", name, locale, e.Data)
			}
			if locale != a.source && strings.HasSuffix(name, ".html") && !strings.Contains(string(e.Data), `lang="`+locale+`"`) {
				t.Errorf("%s in %s declares another language:\n%s", name, locale, e.Data)
			}
		}
	}
	// Nothing is asked again, from whatever memory of whatever language.
	before := len(engine.calls)
	again := &loggingEngine{}
	p.Hook = again
	build()
	if len(again.calls) > 0 {
		t.Errorf("asked again: %v (before: %d)", again.calls, before)
	}
	// The memory has each text under its own language alone.
	for text, in := range sources {
		for _, source := range []string{"en", "de", "uk", "fr"} {
			found, err := p.Memory.Lookup(ctx, source, "ru", []memory.Query{{Source: bitext.Plain(text), Fuzzy: 30, Limit: 50}})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range found[0] {
				if !texts[source][m.Source.Chars] || !strings.HasPrefix(m.Target.Chars, source+" ru ") {
					t.Errorf("%q, asked as %s, is found as %q: %q", text, source, m.Source.Chars, m.Target.Chars)
				}
			}
			if len(in) > 0 && !slices.Contains(in, source) && slices.ContainsFunc(found[0], func(m bitext.Match) bool { return m.Type >= bitext.ExactMatch }) {
				t.Errorf("%q has an exact match as %s", text, source)
			}
		}
	}
	roundTripMixed(t, p)
}

// roundTripMixed exports and imports the project in each file type, by route; a file from
// another language is refused.
func roundTripMixed(t *testing.T, p *Project) {
	ctx := t.Context()
	p.Hook = nil
	n := 0
	words := map[string]string{"en": "Translation", "de": "Übersetzung", "uk": "Переклад", "ru": "Перевод"}
	for _, codec := range Codecs() {
		files := map[string]*strings.Builder{}
		encoders := map[string]exchange.Encoder{}
		analysis, err := p.Export(ctx, mixedSources(), p.Config.Project.Locales, "b", Selection{}, func(e Exported) error {
			if want := mixedArticles[e.Path].source; e.Route != p.RouteOf(want, e.Locale) || e.Locale == want {
				t.Errorf("%s: route %v from %s to %s", e.Path, e.Route, want, e.Locale)
			}
			if encoders[e.Route.Name] == nil {
				files[e.Route.Name] = &strings.Builder{}
				var err error
				if encoders[e.Route.Name], err = codec.Encode(files[e.Route.Name], exchange.Options{}); err != nil {
					return err
				}
			}
			for _, u := range e.Units {
				for i := range u.Targets {
					if t := &u.Targets[i]; t.Filled {
						n++
						t.Text, t.State = bitext.Plain(fmt.Sprintf("%s %d [%s]", words[e.Locale], n, codec.Name)), bitext.Reviewed
					}
				}
				if err := encoders[e.Route.Name].Write(u); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(analysis)); !slices.Equal(got, slices.Sorted(maps.Keys(files))) {
			t.Errorf("%s: the analysis has %v, the files are %v", codec.Name, got, slices.Sorted(maps.Keys(files)))
		}
		for name, e := range encoders {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			data := files[name].String()
			list, result, err := p.Import(ctx, mixedSources(), codec.Decode(name+codec.Extensions[0], strings.NewReader(data)), ImportOptions{Author: "t", File: name, Force: false, DryRun: true})
			if err != nil || result.Refused > 0 || result.Taken == 0 {
				t.Errorf("%s, %s: %+v, %v, %v", codec.Name, name, result, list.Findings, err)
			}
			for i := range list.Decisions {
				at := list.outcomes.all[i].entry
				if at == noEntry {
					continue
				}
				if e, _, _ := list.outcomes.entries.get(at); e.SourceLocale != mixedArticles[list.Decisions[i].Place.Path].source {
					t.Errorf("%s, %s: stored from %s", codec.Name, name, e.SourceLocale)
				}
			}
		}
		// The same file as if it were from English.
		data := codec.Decode("uk"+codec.Extensions[0], strings.NewReader(files["uk-from-de"].String()))
		wrong := func(yield func(*exchange.Unit, error) bool) {
			for u, err := range data {
				if err == nil {
					h := *u.Header
					h.SourceLocale = "en-US"
					u.Header = &h
				}
				if !yield(u, err) {
					return
				}
			}
		}
		list, result, err := p.Import(ctx, mixedSources(), wrong, ImportOptions{Author: "t", DryRun: true})
		if err != nil || result.Taken > 0 || result.Refused == 0 || list.Findings[0].ID != RejectedOrigin {
			t.Errorf("%s: a file from English was taken for German articles: %+v, %v", codec.Name, result, err)
		}
	}
}

// TestTextInOtherLanguage asks no engine for an article whose text is in another language
// than it is read in, unless the configuration has its locale.
func TestTextInOtherLanguage(t *testing.T) {
	german := htmlPage("", "Die Regierung hat erklärt, dass sie die Steuern in diesem Jahr nicht erhöhen wird.", "Die Züge fahren wieder, und die Reisenden sind darüber sehr froh.")
	for _, c := range []struct {
		name, text, config string
		asked              bool
	}{
		{"undeclared", german, "", false},
		{"declared as the project's", strings.Replace(german, "<html", `<html lang="en"`, 1), "", false},
		{"declared", strings.Replace(german, "<html", `<html lang="de"`, 1), "", true},
		{"by a rule", german, "[[sources.article]]\narticles = [\"a.html\"]\nlocale = \"en\"\n", true},
		{"switched off", german, "[sources]\ndeclared = \"off\"\n", true},
		{"English", mixedArticles["articles/plain.html"].text, "", true},
		{"too short to be sure", "<p>Das Ende</p>", "", true},
	} {
		p := newProject(t, "[project]\nlocales = [\"uk\", \"ru\"]\n"+c.config)
		engine := &loggingEngine{}
		p.Hook = engine
		found := 0
		article := []Source{{Path: "a.html", Read: func() ([]byte, error) { return []byte(c.text), nil }}}
		err := p.Build(t.Context(), article, p.Config.Project.Locales, edition.Index{}, func(r Result) error {
			for _, e := range r.Editions {
				for _, f := range e.Diagnostics {
					if f.ID == "article.language" {
						found++
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if asked := len(engine.calls) > 0; asked != c.asked || (found == 2) == c.asked {
			t.Errorf("%s: asked %v, %d findings; want asked %v", c.name, engine.calls, found, c.asked)
		}
	}
}

// TestDeclaredLanguages checks what is found about declarations.
func TestDeclaredLanguages(t *testing.T) {
	p := newProject(t, mixedProject)
	found := map[string]string{}
	for _, a := range mixedSources() {
		data, _ := a.Read()
		_, ds := p.Open(a.Path, "", "", data)
		for _, f := range ds {
			if f.ID == "article.language" {
				found[a.Path] = f.Message
			}
		}
		// Opened in a locale that is named, it is in that one.
		if d, _ := p.Open(a.Path, "", "ru", data); d.Locale != "ru" {
			t.Errorf("%s: opened as ru it is in %s", a.Path, d.Locale)
		}
	}
	want := map[string]string{
		"articles/lua.md":         `the article declares the language "lua", but its text is in English: it is read as en`,
		"articles/malformed.html": `the article declares the language "deutsch", which is no BCP 47 tag of a language: it is read as en`,
		"articles/template.html":  `the article declares the language "de", but its text is in English: it is read as en`,
	}
	if !maps.Equal(found, want) {
		t.Errorf("found %v", found)
	}
}

// TestRelatives holds that an article in a language that texts are not identified as is read
// as it declares, though it passes for one in the project's.
func TestRelatives(t *testing.T) {
	for _, c := range []struct{ project, locale, text string }{
		{"en", "sco", "The Scots leid is the Germanic leid spoken in Lawland Scotland an in Ulster, whaur it is whiles kent as Ullans. Syne the 1690s there hae been mony fowk that speak it, an the govrenment o Scotland haes said that it will tak mair tent o it. He wis born in Embra an he gaed tae the schuil there, but he didna bide lang. It is the day ane o the best kent toons in the warld, and the fowk frae there are aye blithe."},
		{"es", "ast", "La llingua asturiana ye una llingua romance que se fala n'Asturies. El gobiernu dixo que nun va xubir los impuestos esti añu, y que les carreteres tarán abiertes otra vez pronto. Los vecinos de la villa tán mui contentos porque el ministru dixo que la ponte nueva va abrir el llunes."},
		{"ar", "arz", "الحكومة قالت انها مش هتزود الضرايب السنة دى. الطرق اتفتحت تانى والناس فى القرية مبسوطين اوى علشان مش هيستنوا تانى. الوزير قال ان الكوبرى الجديد هيتفتح يوم الاتنين."},
	} {
		p := newProject(t, fmt.Sprintf("[project]\nsource = %q\nlocales = [%[1]q, \"uk\"]\n", c.project))
		d, ds := p.Open("articles/a.md", "", "", []byte("---\ntitle: T\nlang: "+c.locale+"\n---\n\n"+c.text+"\n"))
		if d.Locale != c.locale || len(ds) > 0 {
			t.Errorf("%s in a project of %s is read as %s: %v", c.locale, c.project, d.Locale, ds)
		}
		if !quality.IsIn(c.project, c.text) {
			t.Errorf("the text in %s does not pass for one in %s", c.locale, c.project)
		}
	}
}

// TestTermsInTranslations marks the terms of a translation that correspond to the language
// of its article.
func TestTermsInTranslations(t *testing.T) {
	p := newProject(t, mixedProject)
	p.Glossary, _ = glossary.ParseTable("terms.csv", []byte("concept,locale,term,status\n1,en,bank,preferred\n1,uk,банк,preferred\n2,de,Regierung,preferred\n2,en,cabinet,preferred\n"), glossary.TableOptions{SourceLocale: "en"})
	for source, want := range map[string]string{"de": "cabinet", "uk": "bank"} {
		marks := p.TermsIn(source, "en", bitext.Plain("The cabinet and the bank"))
		if len(marks) != 1 || marks[0].Source != want {
			t.Errorf("a translation from %s has the terms %v, want %s", source, marks, want)
		}
	}
}

// TestSourceOfExports exports an article again whose language is found to be another one
// than that in which it went out.
func TestSourceOfExports(t *testing.T) {
	articles := []Source{{Path: "articles/a.txt", Read: func() ([]byte, error) { return []byte("Der Streik ist vorbei.\n"), nil }}}
	sent := map[string]bool{}
	for _, c := range []struct {
		rule string
		want int
	}{
		{"", 1},
		{"", 0},
		{"[[sources.article]]\narticles = [\"articles/**\"]\nlocale = \"de\"\n", 1},
	} {
		p := newProject(t, "[project]\nlocales = [\"en\", \"uk\"]\n"+c.rule)
		n := 0
		_, err := p.Export(t.Context(), articles, []string{"uk"}, "b", Selection{Changed: true, AlreadyExported: func(locale, fingerprint string) bool { return sent[locale+fingerprint] }}, func(e Exported) error {
			n += len(e.Fingerprints)
			for _, f := range e.Fingerprints {
				sent[e.Locale+f] = true
			}
			return nil
		})
		if err != nil || n != c.want {
			t.Errorf("%q: %d segments go out, want %d: %v", c.rule, n, c.want, err)
		}
	}
}
