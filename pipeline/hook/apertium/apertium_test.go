package apertium

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
	"hexapla/pipeline/hook/program"
)

// need skips a test where a real program is missing, or fails it where
// HEXAPLA_REQUIRE_ENGINES=1 says that it must be there.
func need(t *testing.T, pairs ...string) {
	t.Helper()
	out, err := exec.Command("apertium", "-l").Output()
	if err != nil {
		lack(t, "the program apertium is not installed (Debian: apertium apertium-eng-spa apertium-hbs-eng apertium-rus-ukr)")
	}
	for _, p := range pairs {
		if !strings.Contains(" "+strings.Join(strings.Fields(string(out)), " ")+" ", " "+p+" ") {
			lack(t, "apertium has no pair "+p)
		}
	}
}

func lack(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}

var russian = []string{
	"Музей открылся в 1998 году.",
	"Читайте <1>старый доклад</1> о 45 домах.<2/>",
	"Министр сказал 16 мая о законе.",
}

var serbian = []string{
	"Музеј је отворен 1998. године.",
	"Људи у <1>граду</1> имају 45 кућа.",
}

var pairs = []struct {
	hooktest.Pair
	mode string
}{
	{hooktest.Pair{Source: "ru", Target: "uk", Texts: russian}, "rus-ukr"},
	{hooktest.Pair{Source: "en", Target: "es"}, "eng-spa"},
	{hooktest.Pair{Source: "en", Target: "bs"}, "eng-hbs_BS"},
	{hooktest.Pair{Source: "en", Target: "sr"}, "eng-hbs_SR"},
	{hooktest.Pair{Source: "sr", Target: "en", Texts: serbian}, "hbs-eng"},
}

func TestProgram(t *testing.T) {
	for _, p := range pairs[:1] { // a run takes a second; TestTranslations has the others

		t.Run(p.mode, func(t *testing.T) {
			need(t, p.mode)
			hooktest.Test(t, p.Pair, func(*testing.T) hook.Engine { return NewProgram(ProgramOptions{}) })
		})
	}
}

func TestAPy(t *testing.T) {
	need(t, "eng-spa", "eng-hbs_BS", "eng-hbs_SR", "rus-ukr", "hbs-eng")
	url := startAPy(t)
	for _, p := range pairs {
		t.Run(p.mode, func(t *testing.T) {
			hooktest.Test(t, p.Pair, func(t *testing.T) hook.Engine {
				e, err := NewAPy(APyOptions{URL: url})
				if err != nil {
					t.Fatal(err)
				}
				return e
			})
		})
	}
}

// startAPy runs the real server until the test ends.
func startAPy(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("apertium-apy"); err != nil {
		lack(t, "the program apertium-apy is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	modes := os.Getenv("APERTIUM_DATADIR")
	if modes == "" {
		modes = "/usr/share/apertium"
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "apy.log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("apertium-apy", "-p", fmt.Sprint(port), filepath.Join(modes, "modes"))
	cmd.Stdout, cmd.Stderr = log, log
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		killGroup(cmd)
		_ = cmd.Wait()
		log.Close()
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("apertium-apy said:\n%s", said)
		}
	})
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, url+"/listPairs", nil)
		if resp, err := http.DefaultClient.Do(r); err == nil {
			resp.Body.Close()
			return url
		}
		select {
		case <-ctx.Done():
			t.Fatal("apertium-apy does not answer")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// TestTranslations looks at the words of a few real translations.
func TestTranslations(t *testing.T) {
	need(t, "eng-spa", "eng-hbs_BS", "eng-hbs_SR", "rus-ukr", "hbs-eng")
	e := NewProgram(ProgramOptions{})
	for _, tt := range []struct{ source, target, text, want string }{
		{"en", "es", "The <1>old</1> house is red.", "La casa <1>vieja</1> es roja."},
		{"en-GB", "es-MX", "The <1>old house</1> is red.", "La <1>casa vieja</1> es roja."},
		{"en", "es", "Is 3 * 4 < 20 [see #5]?", "Es 3 * 4 < 20 [ve #5]?"},
		{"en", "bs", "One house.", "Jedan dom."},
		{"en", "sr", "One <1>house</1>.", "Један <1>дом</1>."},
		{"en", "sr", `The Xyzbank said "no".`, `The Xyzbank рећи "no".`}, // what it does not know stays in Latin
		{"en", "sr-Latn", "One house.", "Jedan dom."},
		{"en", "sr-ME", "One house.", "Jedan dom."},
		{"ru", "uk", "Старый <1>дом</1> красный.", "Старий <1>дім</1> червоний."},
		{"uk", "ru", "Старий дім червоний.", "Старый дом красный."},
		{"sr", "en", "Велика кућа.", "Large house."},
	} {
		t.Run(tt.source+"-"+tt.target, func(t *testing.T) {
			text := hooktest.Parse(tt.text)
			markup := e.Capabilities().Markup
			got, err := e.Translate(t.Context(), hook.Job{Source: tt.source, Target: tt.target, Texts: []string{markup.Encode(text)}})
			if err != nil {
				t.Fatal(err)
			}
			back, err := markup.Decode(got[0], text)
			if err != nil || back.TaggedAs(text) != tt.want {
				t.Errorf("%q → %q, %v; want %q", tt.text, back.TaggedAs(text), err, tt.want)
			}
		})
	}
}

var crashing = []string{"Старый дом красный.", "Министр сказал, что закон хороший.", "Новый дом красный.", "«Нет»", "Старый дом."}

// TestCrash has sentences on which the tagger of rus-ukr 0.2.1 crashes, so that
// the command ends early and calls it a success. The texts beside them are not
// harmed.
func TestCrash(t *testing.T) {
	need(t, "rus-ukr")
	want := []string{"Старий дім червоний.", "Міністр сказав, що закон хороший.", "Новий дім червоний.", "«Ні»", "Старий дім."}
	for i, a := range translateRussian(t, NewProgram(ProgramOptions{})) {
		crashes := i%2 == 1 // in the version at hand
		if (a.Err != nil && !crashes) || (a.Err == nil && a.Text.Chars != want[i]) {
			t.Errorf("%q: got %q, %v; want %q", crashing[i], a.Text.Chars, a.Err, want[i])
		}
		if a.Err != nil && !strings.Contains(a.Err.Error(), "did not survive the text") {
			t.Errorf("%q: %v", crashing[i], a.Err)
		}
	}
}

// TestOtherModes is the way around that the package comment describes.
func TestOtherModes(t *testing.T) {
	need(t, "rus-ukr")
	mode, err := os.ReadFile("/usr/share/apertium/modes/rus-ukr.mode")
	if err != nil {
		lack(t, err.Error())
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "modes"), 0o755); err != nil {
		t.Fatal(err)
	}
	tagger := regexp.MustCompile(`cg-proc -w ('[^']*') \| apertium-tagger -g \$2 '[^']*'`)
	if err := os.WriteFile(filepath.Join(dir, "modes", "rus-ukr.mode"), tagger.ReplaceAll(mode, []byte("cg-proc -w -1 -n $1")), 0o644); err != nil {
		t.Fatal(err)
	}
	e := NewProgram(ProgramOptions{Command: program.Command{Args: []string{"apertium", "-d", dir}}})
	for i, a := range translateRussian(t, e) {
		if a.Err != nil {
			t.Errorf("%q: %v", crashing[i], a.Err)
		}
	}
}

func translateRussian(t *testing.T, e hook.Engine) []hook.Answer {
	r := hook.Request{Source: "ru", Target: "uk"}
	for _, s := range crashing {
		r.Items = append(r.Items, hook.Item{Text: bitext.Plain(s)})
	}
	answers, _ := hook.New([]hook.EngineConfig{{Engine: e}}, hook.Options{}).Translate(t.Context(), r)
	return answers
}

// fake is a program of our own in the place of apertium.
func fake(t *testing.T, script string) *Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "apertium")
	full := "#!/bin/sh\nif [ \"$1\" = -l ]; then echo '  eng-spa'; exit; fi\n" + script
	if err := os.WriteFile(path, []byte(full), 0o755); err != nil {
		t.Fatal(err)
	}
	return NewProgram(ProgramOptions{Command: program.Command{Args: []string{path}}})
}

func TestProgramFails(t *testing.T) {
	for _, tt := range []struct{ name, script, want string }{
		{"dies", "echo no dictionary >&2; exit 3", "exit status 3; stderr: no dictionary"},
		{"too many", `printf 'uno[e0]\0dos[e1]\0tres\0'`, "bad answer"},
		{"nothing", "echo killed by a rule >&2", "did not survive the text: bad answer: 0 for 1 texts (standard error: killed by a rule)"},
		{"not UTF-8", `printf '\377[e0]\0x[e1]\0'`, "not UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := fake(t, tt.script).Translate(t.Context(), hook.Job{Source: "en", Target: "es", Texts: []string{"one", "two"}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	t.Run("not installed", func(t *testing.T) {
		e := NewProgram(ProgramOptions{Command: program.Command{Args: []string{"no-such-program-here"}}})
		_, err := e.Translate(t.Context(), hook.Job{Source: "en", Target: "es", Texts: []string{"one"}})
		if err == nil || !strings.Contains(err.Error(), "is apertium installed") {
			t.Errorf("got %v", err)
		}
	})
}

func TestCut(t *testing.T) {
	for _, tt := range []struct{ out, want, err string }{
		{"uno[e0]\x00dos[e1]\x00\x00\x00", "uno|dos", ""},
		{"uno[e0]dos[e1]\x00", "uno|dos", ""},
		{"[e0]\x00[e1]", "|", ""},
		{"uno[e0]\x00", "uno", "1 for 2 texts"},
		{"uno[e0]\x00dos", "uno", "1 for 2 texts"},
		{"dos[e1]\x00uno[e0]\x00", "", "0 for 2 texts"},
		{"uno[e0]\x00uno[e0]\x00dos[e1]\x00", "uno", "1 for 2 texts"},
		{"uno[e0]\x00dos[e1]\x00tres\x00", "", "more than was asked for"},
	} {
		got, err := cut(tt.out, 2)
		if strings.Join(got, "|") != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%q: %q, %v; want %q and error %q", tt.out, got, err, tt.want, tt.err)
		}
	}
}

func TestAPyFails(t *testing.T) {
	list := `{"responseData": [{"sourceLanguage": "eng", "targetLanguage": "spa"}], "responseStatus": 200}`
	for _, tt := range []struct {
		name   string
		list   string
		status int
		want   string
	}{
		{"busy", list, 503, "503"},
		{"no list", "<html>", 200, "not the JSON of APy"},
		{"pair gone", list, 400, "That pair is not installed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/listPairs" {
					fmt.Fprint(w, tt.list)
					return
				}
				w.WriteHeader(tt.status)
				fmt.Fprint(w, `{"explanation": "That pair is not installed"}`)
			}))
			defer s.Close()
			e, err := NewAPy(APyOptions{URL: s.URL})
			if err != nil {
				t.Fatal(err)
			}
			_, err = e.Translate(t.Context(), hook.Job{Source: "en", Target: "es", Texts: []string{"one"}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	f := finder{modes: map[string]string{"nn": "nno_e"}}
	for locale, want := range map[string]string{
		"en": "eng", "en-US": "eng_US eng", "sr": "srp hbs_RS hbs_SR hbs", "sr-ME": "srp_ME srp hbs_ME hbs_SR hbs",
		"bs": "bos hbs_BS hbs", "fa": "fas pes", "uk": "ukr", "tt": "tat", "nn": "nno_e", "en-XA": "", "not a tag": "",
	} {
		if got := strings.Join(f.names(locale), " "); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

func TestStream(t *testing.T) {
	text := hooktest.Parse("a <1>b <2>c</2></1> <3>!</3><4/> *@ [x]")
	const want = `a [[t:c:0]]b[[/]] [[t:c:0; t:c:1]]c[[/]] [c4]![c5][c6] [x2A][x40] \[x\]`
	got := stream{wordblanks: true}.Encode(text)
	if got != want {
		t.Errorf("Encode = %q, want %q", got, want)
	}
	for _, tt := range []struct{ name, answer, want, err string }{
		{"as it was", want, text.Tagged(), ""},
		{"words moved", "[[t:c:0; t:c:1]]c[[/]] x [[t:c:0]]b[[/]] [c4]![c5][c6]", "<1><2>c</2> x b</1> <3>!</3><4/>", ""},
		{"word doubled", "[[t:c:0; t:c:1]]c d[[/]] [[t:c:0; t:c:1]]e[[/]] [c4]![c5][c6]", "<1><2>c d e</2></1> <3>!</3><4/>", ""},
		{"marks", `*a #b \@c ` + "[[t:c:0; t:c:1]]c[[/]][c4]![c5][c6]", "a b c <1><2>c</2></1><3>!</3><4/>", ""},
		{"unknown code", "[c99]", "", "not in the source"},
		{"unknown blank", "[[t:b:1]]x[[/]]", "", "not in the source"},
		{"open blank", "a [c1", "", "not closed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			back, err := stream{wordblanks: true}.Decode(tt.answer, text)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || back.TaggedAs(text) != tt.want {
				t.Errorf("Decode = %q, %v; want %q", back.TaggedAs(text), err, tt.want)
			}
		})
	}
}

func FuzzStream(f *testing.F) {
	f.Add(`a <1>b <2>c</2></1> <3/>!* [x] \<1>`, "x[c1]", true)
	f.Add("<1>one two</1><2></2>", "[[t:c:0]]y[[/]]", true)
	f.Add("</1>~<2>é’s</2>", "[[", false)
	codes := bitext.Text{}
	for _, k := range "123456" {
		codes.Codes = append(codes.Codes, bitext.Code{Kind: bitext.Start, ID: string(k)}, bitext.Code{Kind: bitext.End, ID: string(k)})
	}
	for _, k := range "7" {
		codes.Codes = append(codes.Codes, bitext.Code{ID: string(k)})
	}
	f.Fuzz(func(t *testing.T, tagged, answer string, wordblanks bool) {
		text, err := bitext.ParseTagged(tagged, codes)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, c := range text.Codes { // as a unit has them
			key := c.ID + c.Kind.String()
			if seen[key] {
				return
			}
			seen[key] = true
		}
		if !utf8.ValidString(text.Chars) {
			return // the Chain protects what is not UTF-8
		}
		m := stream{wordblanks}
		back, err := m.Decode(m.Encode(text), text)
		if err != nil || !back.Equal(text) {
			t.Fatalf("%q → %q → %q, %v", text.Tagged(), m.Encode(text), back.TaggedAs(text), err)
		}
		if s := mapStream(m.Encode(text), func(s string) string { return s }); s != m.Encode(text) {
			t.Fatalf("mapStream changed %q to %q", m.Encode(text), s)
		}
		if back, err := m.Decode(answer, text); err == nil {
			for _, c := range back.Codes {
				if c.Pos < 0 || c.Pos > len(back.Chars) {
					t.Fatalf("%q: code at %d of %d", answer, c.Pos, len(back.Chars))
				}
			}
		}
	})
}
