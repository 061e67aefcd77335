package engines

import (
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

func parse(t testing.TB, text string) []hook.Config {
	t.Helper()
	configs, errs := parseAll(t, text)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return configs
}

func parseAll(t testing.TB, text string) ([]hook.Config, []*hook.KeyError) {
	t.Helper()
	var file struct {
		Hook []map[string]any `toml:"hook"`
	}
	if err := toml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	return hook.ParseConfigs(file.Hook)
}

// getenv has a key for every engine of the examples.
var getenv = Environment{
	Getenv: func(name string) string {
		return map[string]string{
			"LT_KEY": "hush", "LIBRETRANSLATE_KEY": "hush", "NEWSROOM_KEY": "hush", "DEEPL_KEY": "hush:fx", "OPENAI_API_KEY": "hush",
			"GOOGLE_TOKEN": "hush", "AZURE_TRANSLATOR_KEY": "hush",
		}[name]
	},
	ReadFile: func(path string) ([]byte, error) { return []byte("Write short sentences."), nil },
}

// TestExamples holds that the example of every type of engine is valid, and that
// every key is described.
func TestExamples(t *testing.T) {
	for _, e := range Types() {
		t.Run(e.Name, func(t *testing.T) {
			chain, err := Build(parse(t, e.Example), getenv, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := chain.Close(); err != nil {
				t.Error(err)
			}
			if e.Doc == "" {
				t.Error("no description")
			}
			for _, k := range e.Keys {
				if k.Doc == "" {
					t.Errorf("key %s has no description", k.Name)
				}
			}
		})
	}
	for _, k := range hook.Keys(hook.Config{}) {
		if k.Doc == "" {
			t.Errorf("key %s has no description", k.Name)
		}
	}
}

func TestBuild(t *testing.T) {
	chain, err := Build(parse(t, `
[[hook]]
type = "apertium"
locales = ["es", "bs", "sr"]
timeout = "90s"
batch = 20
concurrency = 2

[[hook]]
name = "apertium-uk"
type = "apertium"
command = ["apertium", "-d", "modes"]
locales = ["uk"]
pivot = "ru"

[[hook]]
type = "apy"
url = "http://127.0.0.1:2737"
mode = { sr-ME = "hbs_SR" }

[[hook]]
type = "libretranslate"
url = "https://translate.example.org/"
key_env = "LT_KEY"
rate_per_second = 1.5
budget = 100_000
batch_chars = 2000

[[hook]]
type = "exec"
command = ["python3", "engine.py"]
env = { MODEL = "news" }
once = true

[[hook]]
type = "pseudo"
locales = ["en-XA", "en-XB", "de"]
mode = { ar-XB = "bidi" }
expand = 40
`), getenv, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := chain.Close(); err != nil {
		t.Error(err)
	}
}

func TestPseudo(t *testing.T) {
	chain, err := Build(parse(t, "[[hook]]\ntype = 'pseudo'\nlocales = ['en-XA', 'en-XB', 'de', 'fr']\nmode = { fr = 'bidi' }\nexpand = -1"), getenv, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{"en-XA": "⟦å⟧", "de": "⟦å⟧", "en-XB": "\u200F\u202Ea\u202C\u200F", "fr": "\u200F\u202Ea\u202C\u200F", "es": ""} {
		answers, _ := chain.Translate(t.Context(), hook.Request{Source: "en", Target: target, Items: []hook.Item{{Text: bitext.Plain("a")}}})
		if answers[0].Text.Chars != want {
			t.Errorf("%s: %q, %v; want %q", target, answers[0].Text.Chars, answers[0].Err, want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ name, config, want string }{
		{"no type", `[[hook]]`, `hook 1 (): type: "" is none of`},
		{"unknown type", "[[hook]]\ntype = 'smoke-signals'", `hook 1 (smoke-signals): type: "smoke-signals" is none of`},
		{"similar type", "[[hook]]\ntype = 'libretranlate'", `did you mean "libretranslate"?`},
		{"similar key", "[[hook]]\ntype = 'pseudo'\nexpnad = 3", `expnad: unknown key: did you mean "expand"?`},
		{"wrong type of value", "[[hook]]\ntype = 'pseudo'\nexpand = 'much'", `expand: the value is not of type integer`},
		{"unencrypted", "[[hook]]\ntype = 'libretranslate'\nurl = 'http://example.org'\nkey_env = 'LT_KEY'", `url: http://example.org would send the key unencrypted`},
		{"lengths", "[[hook]]\ntype = 'pseudo'\nmin_chars = 5\nmax_chars = 3", `max_chars: 3 is less than min_chars`},
		{"same name", "[[hook]]\ntype = 'pseudo'\n[[hook]]\ntype = 'pseudo'", `hook 2 (pseudo): name: "pseudo" is the name of hook 1 already`},
		{"no time", "[[hook]]\ntype = 'pseudo'\ntimeout = '5x'", `hook 1 (pseudo): timeout: "5x" is not a duration`},
		{"no time at all", "[[hook]]\ntype = 'pseudo'\ntimeout = '-1s'", `timeout: "-1s" is not a duration`},
		{"less than none", "[[hook]]\ntype = 'pseudo'\nbatch = -1", `batch: -1 is less than 0`},
		{"no locale", "[[hook]]\ntype = 'pseudo'\nlocales = ['english!']", `locales: "english!" is not a BCP 47 tag`},
		{"no pivot", "[[hook]]\ntype = 'pseudo'\npivot = '?'", `pivot: "?" is not a BCP 47 tag`},
		{"no variant", "[[hook]]\ntype = 'pseudo'\nmode = { fr = 'loud' }", `mode: no pseudo-localization is called "loud"`},
		{"no command", "[[hook]]\ntype = 'exec'", `command: no program`},
		{"no address", "[[hook]]\ntype = 'libretranslate'", `url: no address`},
		{"password", "[[hook]]\ntype = 'apy'\nurl = 'http://me:hush@localhost'", `url: an address must not contain a password`},
		{"no key", "[[hook]]\ntype = 'libretranslate'\nurl = 'http://localhost'\nkey_env = 'NO_KEY'", `key_env: the environment variable NO_KEY is not set`},
		{"of another engine", "[[hook]]\ntype = 'pseudo'\nurl = 'http://localhost'", `url: a key of engines of type "apy", not of type "pseudo"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Build(parse(t, tt.config), getenv, Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("the error says %v", err)
			}
		})
	}
	_, err := Build(parse(t, "[[hook]]\ntype = 'exec'\ntimeout = 'x'\n[[hook]]\ntype = 'apy'"), getenv, Options{})
	if err == nil || strings.Count(err.Error(), "hook 1 (exec)") != 2 || strings.Count(err.Error(), "hook 2 (apy)") != 1 {
		t.Errorf("all that is wrong at once: %v", err)
	}
}
