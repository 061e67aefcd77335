package apertium

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

// tableText is a text with codes and a name that has to stay.
type tableText struct{ tagged, name string }

var (
	tableEnglish = []tableText{
		{"The <1>Guardian</1> wrote about <2>the new law</2> on Monday.", "Guardian"},
		{"<1>Apple</1> sells 45 <2>houses</2> in the city.<3/>", "Apple"},
		{"Read <1>the old report of <2>Amnesty</2></1> about the war.", "Amnesty"},
		{"The ministers of <1>Time</1> said<2/> that prices & taxes are high.", "Time"},
		{"A reader of <1>The Economist</1> bought <2>two big red cars</2>.", "The Economist"},
	}
	tableRussian = []tableText{
		{"<1>Известия</1> написали <2>о новом законе</2> в понедельник.", "Известия"},
		{"Читайте <1>старый доклад</1> газеты <2>Правда</2> о 45 домах.<3/>", "Правда"},
		{"Министр сказал<1/> <2>журналистам газеты <3>Труд</3></2>, что цены & налоги высокие.", "Труд"},
		{"В городе есть <1>много <2>новых</2> домов</1> издательства Дружба.", "Дружба"},
	}
	tableMacedonian = []tableText{
		{"<1>Вечер</1> пишува <2>за новиот закон</2> во понеделник.", "Вечер"},
		{"Прочитајте <1>го стариот извештај</1> на весникот <2>Време</2> за 45 куќи.<3/>", "Време"},
		{"Министерот рече<1/> дека <2>цените</2> & даноците се високи, пишува Дневник.", "Дневник"},
	}
)

var tablePairs = []struct {
	source, target, mode string
	texts                []tableText
}{
	{"en", "es", "eng-spa", tableEnglish},
	{"en", "ca", "eng-cat", tableEnglish},
	{"en", "bs", "eng-hbs_BS", tableEnglish},
	{"en", "sr-Latn", "eng-hbs_SR", tableEnglish},
	{"ru", "uk", "rus-ukr", tableRussian},
	{"ru", "be", "rus-bel", tableRussian},
	{"mk", "en", "mkd-eng", tableMacedonian},
}

// TestProtection translates texts with codes and names by the real program and the real
// server, through a chain and as HTML without one, and prints what survived. Through the
// chain all codes and names do, or the text is refused.
func TestProtection(t *testing.T) {
	var modes []string
	for _, p := range tablePairs {
		modes = append(modes, p.mode)
	}
	need(t, modes...)
	address := startAPy(t)
	t.Logf("%-11s %-9s %5s   %-22s %s", "pair", "engine", "texts", "protected: codes names", "as HTML: codes names")
	for _, p := range tablePairs {
		apy, err := NewAPy(APyOptions{URL: address})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range []struct {
			engine hook.Engine
			html   func(text string) (string, error)
		}{
			{NewProgram(ProgramOptions{}), func(text string) (string, error) {
				out, _, err := NewProgram(ProgramOptions{}).run(t.Context(), text, "-f", "html", p.mode)
				return string(out), err
			}},
			{apy, func(text string) (string, error) { return translateHTML(t, address, p.mode, text) }},
		} {
			chain := hook.New([]hook.EngineConfig{{Engine: e.engine}}, hook.Options{MaxAttempts: 1, BreakerThreshold: 100})
			var codes, names, plainCodes, plainNames int
			for _, x := range p.texts {
				text := hooktest.Parse(x.tagged)
				at := strings.Index(text.Chars, x.name)
				item := hook.Item{Text: text, Terms: []bitext.TermMark{{Start: at, End: at + len(x.name), Source: x.name, DoNotTranslate: true}}}
				answers, _ := chain.Translate(t.Context(), hook.Request{Source: p.source, Target: p.target, Items: []hook.Item{item}})
				if a := answers[0]; a.Err != nil {
					t.Logf("%s %s: %s is refused: %v", p.mode, e.engine.Name(), x.tagged, a.Err)
				} else {
					if problems := bitext.CompareCodes(text, a.Text); len(problems) == 0 {
						codes++
					} else {
						t.Errorf("%s: %v", x.tagged, problems)
					}
					if strings.Contains(a.Text.Chars, x.name) {
						names++
					} else {
						t.Errorf("%s %s: %q is lost in %q", p.mode, e.engine.Name(), x.name, a.Text.Chars)
					}
				}
				html, err := e.html(asHTML(x.tagged))
				if err != nil {
					t.Error(err)
				}
				if sameTags(asHTML(x.tagged), html) {
					plainCodes++
				}
				if strings.Contains(strings.ReplaceAll(html, "*", ""), x.name) {
					plainNames++
				}
			}
			n := len(p.texts)
			t.Logf("%-11s %-9s %5d   %15d/%d %d/%d %15d/%d %d/%d", p.mode, e.engine.Name(), n, codes, n, names, n, plainCodes, n, plainNames, n)
			if codes == 0 {
				t.Errorf("%s: nothing is translated", p.mode)
			}
		}
	}
}

var tableTag = regexp.MustCompile(`<(/?)([0-9]+)(/?)>`)

// asHTML writes a tagged text as a page would have it.
func asHTML(tagged string) string {
	return tableTag.ReplaceAllStringFunc(strings.ReplaceAll(tagged, "&", "&amp;"), func(tag string) string {
		m := tableTag.FindStringSubmatch(tag)
		switch {
		case m[3] != "":
			return `<img src="` + m[2] + `.png">`
		case m[1] != "":
			return "</a>"
		}
		return `<a href="` + m[2] + `">`
	})
}

var htmlTag = regexp.MustCompile(`<[^>]*>`)

// sameTags reports whether each opening tag of a text is in another one, once, with as
// many ends.
func sameTags(source, target string) bool {
	count := func(s string) map[string]int {
		n := map[string]int{}
		for _, tag := range htmlTag.FindAllString(s, -1) {
			n[tag]++
		}
		return n
	}
	a, b := count(source), count(target)
	for tag, n := range a {
		if b[tag] != n {
			return false
		}
	}
	return len(a) == len(b)
}

// translateHTML asks the server as its documentation shows.
func translateHTML(t *testing.T, address, mode, text string) (string, error) {
	t.Helper()
	source, target, _ := strings.Cut(mode, "-")
	r, err := http.PostForm(address+"/translate", url.Values{"langpair": {source + "|" + target}, "q": {text}})
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	var answer struct {
		Data struct {
			Text string `json:"translatedText"`
		} `json:"responseData"`
	}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		return "", fmt.Errorf("%s: %w", mode, err)
	}
	return answer.Data.Text, nil
}
