package engines

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/apertium"
	"hexapla/pipeline/hook/deepl"
	"hexapla/pipeline/hook/exec"
	"hexapla/pipeline/hook/httpapi"
	"hexapla/pipeline/hook/libretranslate"
	"hexapla/pipeline/hook/openai"
	"hexapla/pipeline/hook/program"
	"hexapla/pipeline/hook/pseudo"
	"hexapla/pipeline/hook/script"
	"hexapla/pipeline/hook/service"
	"hexapla/pipeline/lazy"
)

// types are all engines by the value of the key "type".
var types = map[string]engineType{
	"pseudo": {
		doc:      "pseudo-localization: shows what is not yet translatable, costs nothing",
		example:  "[[hook]]\ntype = \"pseudo\"\nlocales = [\"en-XA\", \"ar-XB\"]\n",
		settings: func() settings { return &pseudoSettings{} },
	},
	"exec": {
		doc:      "a program of your own that answers JSON Lines (pipeline/hook/exec/PROTOCOL.md)",
		example:  "[[hook]]\ntype = \"exec\"\nname = \"newsroom\"\ncommand = [\"python3\", \"engine.py\"]\nenv_from = [\"NEWSROOM_KEY\"]\nlocales = [\"uk\", \"ru\"]\n",
		settings: func() settings { return &execSettings{} },
	},
	"apertium": {
		doc:      "the program apertium with the language pairs that are installed",
		example:  "[[hook]]\ntype = \"apertium\"\nlocales = [\"es\"]\n",
		settings: func() settings { return &apertiumSettings{} },
	},
	"apy": {
		doc:      "an Apertium APy server",
		example:  "[[hook]]\ntype = \"apy\"\nurl = \"http://127.0.0.1:2737\"\nmode = { sr-ME = \"hbs_SR\" }\n",
		settings: func() settings { return &apySettings{} },
	},
	"libretranslate": {
		doc:      "a LibreTranslate server",
		example:  "[[hook]]\ntype = \"libretranslate\"\nurl = \"http://127.0.0.1:5000\"\nkey_env = \"LIBRETRANSLATE_KEY\"   # only if the server requires one\n",
		settings: func() settings { return &libreTranslateSettings{} },
	},
	"deepl": {
		doc:      "DeepL, version 2 of its API",
		example:  "[[hook]]\ntype = \"deepl\"\nkey_env = \"DEEPL_KEY\"\nformality = \"prefer_more\"\nglossary = \"newsroom\"          # kept in step with the project's glossary\nglossaries = { de = \"def3a26b-3e84-45b3-84ae-0c0aaf3525f7\" }\nprice = { per_million_chars = 20.0, currency = \"EUR\" }\n",
		settings: func() settings { return &deeplSettings{Context: true} },
	},
	"openai": {
		doc: "a language model behind any server with OpenAI's chat completions: OpenAI, Ollama, llama.cpp, vLLM, LiteLLM, Azure",
		example: "[[hook]]\ntype = \"openai\"\nname = \"gpt\"\nkey_env = \"OPENAI_API_KEY\"\nmodel = \"gpt-4.1-mini\"\ntemperature = 0.0\nstyle = \"style.md\"\n" +
			"price = { per_million_input_tokens = 0.4, per_million_output_tokens = 1.6, currency = \"USD\" }\n\n" +
			"[[hook]]                    # a model of your own, with Ollama\ntype = \"openai\"\nname = \"ollama\"\nurl = \"http://127.0.0.1:11434/v1\"\nmodel = \"gemma3:12b\"\ntimeout = \"5m\"\ndeadline = \"10m\"\nbatch = 10\n",
		settings: func() settings { return &openaiSettings{URL: "https://api.openai.com/v1"} },
	},
	"http": {
		doc: "any service that takes and returns JSON, by a template of the request; profiles for Google and Azure",
		example: "[[hook]]\ntype = \"http\"\nname = \"newsroom\"\nurl = \"https://mt.example.org/translate?to={{.Target}}\"\nheaders = { Authorization = \"Bearer ${NEWSROOM_KEY}\" }\n" +
			"body = '{\"from\": {{json .Source}}, \"texts\": {{json .Texts}}}'\nanswers = \"/result\"\ntext = \"/text\"\n\n" +
			"[[hook]]                    # Google Cloud Translation v3\ntype = \"http\"\nname = \"google\"\nprofile = \"google\"\nurl = \"https://translation.googleapis.com/v3/projects/my-project/locations/global:translateText\"\nheaders = { Authorization = \"Bearer ${GOOGLE_TOKEN}\" }\n\n" +
			"[[hook]]                    # Azure Translator v3\ntype = \"http\"\nname = \"azure\"\nprofile = \"azure\"\nheaders = { Ocp-Apim-Subscription-Key = \"${AZURE_TRANSLATOR_KEY}\", Ocp-Apim-Subscription-Region = \"westeurope\" }\n",
		settings: func() settings { return &httpSettings{} },
	},
	"script": {
		doc:      "another script of the same language, for nothing: sr (bs, cnr), az and crh between Cyrillic and Latin both ways; uz, kk and tg to Latin letters",
		example:  "[[hook]]                    # with a source in sr; from another one with pivot = \"sr\"\ntype = \"script\"\nlocales = [\"sr-Latn\"]\n",
		settings: func() settings { return &scriptSettings{} },
	},
}

type scriptSettings struct {
	Alphabet map[string]string `toml:"alphabet" doc:"alphabet of a language that has several: kk = \"2021\" or \"2018\" (with acutes)" default:"the first"`
}

func (s *scriptSettings) check(hook.Config) []*hook.KeyError {
	for _, lang := range slices.Sorted(maps.Keys(s.Alphabet)) {
		known := script.Alphabets(lang)
		if len(known) == 0 {
			return []*hook.KeyError{wrong("alphabet", "%q has only one alphabet here", lang)}
		}
		if err := oneOf("alphabet", s.Alphabet[lang], known...); err != nil {
			return err
		}
	}
	return nil
}

func (s *scriptSettings) make(hook.Config, Environment) (hook.Engine, error) {
	return script.New(script.Options{Alphabet: s.Alphabet}), nil
}

type pseudoSettings struct {
	Mode   map[string]string `toml:"mode" doc:"variant for each locale: \"accented\" or \"bidi\"" default:"accented; bidi for XB locales"`
	Expand int               `toml:"expand" doc:"how much longer a text becomes, in percent; -1 for not at all" default:"35"`
}

func (s *pseudoSettings) check(hook.Config) []*hook.KeyError {
	errs := checkTags("mode", s.Mode)
	for _, l := range slices.Sorted(maps.Keys(s.Mode)) {
		if _, err := pseudo.ParseVariant(s.Mode[l]); err != nil {
			errs = append(errs, &hook.KeyError{Key: "mode", Err: err})
		}
	}
	return errs
}

func (s *pseudoSettings) make(c hook.Config, _ Environment) (hook.Engine, error) {
	variants := map[string]pseudo.Variant{}
	for _, l := range c.Locales {
		v, ok := pseudo.DefaultVariant(l)
		if !ok {
			v = pseudo.Accented
		}
		variants[l] = v
	}
	for l, name := range s.Mode {
		v, err := pseudo.ParseVariant(name)
		if err != nil {
			return nil, &hook.KeyError{Key: "mode", Err: err}
		}
		variants[l] = v
	}
	return pseudo.New(pseudo.Options{Expand: s.Expand, Variants: variants}), nil
}

// secretName matches the names of variables whose values are not printed.
var secretName = lazy.Regexp(`(?i)key|token|secret|passw|auth|cred`)

type execSettings struct {
	Command []string          `toml:"command" doc:"program and arguments; no shell is involved; required"`
	Env     map[string]string `toml:"env" doc:"variables for the program, next to the few that it inherits; no secrets: the file is in version control"`
	EnvFrom []string          `toml:"env_from" doc:"names of environment variables that the program inherits, such as those with its secrets"`
	Once    bool              `toml:"once" doc:"start the program for each call, for one that answers when its input ends" default:"false"`
}

func (s *execSettings) check(hook.Config) []*hook.KeyError {
	if len(s.Command) == 0 || s.Command[0] == "" {
		return []*hook.KeyError{wrong("command", `no program: write a list such as ["python3", "engine.py"]`)}
	}
	return nil
}

func (s *execSettings) make(_ hook.Config, env Environment) (hook.Engine, error) {
	variables, secrets, err := env.variables(s.Env, s.EnvFrom)
	if err != nil {
		return nil, err
	}
	return exec.New(exec.Options{Command: program.Command{Args: s.Command, Env: variables, Secrets: secrets}, Once: s.Once}), nil
}

// variables returns the environment of a program, and the values in it that must
// not be printed.
func (env Environment) variables(fixed map[string]string, inherited []string) (map[string]string, []string, error) {
	out := maps.Clone(fixed)
	if out == nil {
		out = map[string]string{}
	}
	var secrets []string
	for name, value := range fixed {
		if secretName().MatchString(name) {
			secrets = append(secrets, value)
		}
	}
	for _, name := range inherited {
		v, err := env.secret("env_from", name)
		if err != nil {
			return nil, nil, err
		}
		out[name] = v
		secrets = append(secrets, v)
	}
	return out, secrets, nil
}

type apertiumSettings struct {
	Command []string          `toml:"command" doc:"program and arguments, such as [\"apertium\", \"-d\", \"modes\"]" default:"[\"apertium\"]"`
	Env     map[string]string `toml:"env" doc:"variables for the program, next to the few that it inherits"`
	Mode    map[string]string `toml:"mode" doc:"Apertium's name for a locale: sr = \"hbs_SR\""`
}

func (s *apertiumSettings) check(hook.Config) []*hook.KeyError { return checkTags("mode", s.Mode) }

func (s *apertiumSettings) make(hook.Config, Environment) (hook.Engine, error) {
	return apertium.NewProgram(apertium.ProgramOptions{Command: program.Command{Args: s.Command, Env: s.Env}, Modes: s.Mode}), nil
}

type apySettings struct {
	URL    string            `toml:"url" doc:"address of the server; required"`
	KeyEnv string            `toml:"key_env" doc:"name of the environment variable with the key"`
	Mode   map[string]string `toml:"mode" doc:"Apertium's name for a locale: sr = \"hbs_SR\""`
}

func (s *apySettings) check(hook.Config) []*hook.KeyError {
	return append(checkTags("mode", s.Mode), checkURL(s.URL, s.KeyEnv != "")...)
}

// checkURL checks an address, and that no key goes over a network unencrypted.
func checkURL(url string, key bool) []*hook.KeyError {
	if err := service.CheckURL(url, key); err != nil {
		return []*hook.KeyError{{Key: "url", Err: err}}
	}
	return nil
}

func (s *apySettings) make(_ hook.Config, env Environment) (hook.Engine, error) {
	key, err := env.secret("key_env", s.KeyEnv)
	if err != nil {
		return nil, err
	}
	return apertium.NewAPy(apertium.APyOptions{URL: s.URL, Key: key, Modes: s.Mode})
}

type libreTranslateSettings struct {
	URL    string            `toml:"url" doc:"address of the server; required"`
	KeyEnv string            `toml:"key_env" doc:"name of the environment variable with the API key"`
	Mode   map[string]string `toml:"mode" doc:"the server's code for a locale: zh-TW = \"zt\""`
}

func (s *libreTranslateSettings) check(hook.Config) []*hook.KeyError {
	return append(checkTags("mode", s.Mode), checkURL(s.URL, s.KeyEnv != "")...)
}

func (s *libreTranslateSettings) make(_ hook.Config, env Environment) (hook.Engine, error) {
	key, err := env.secret("key_env", s.KeyEnv)
	if err != nil {
		return nil, err
	}
	return libretranslate.New(libretranslate.Options{URL: s.URL, Key: key, Codes: s.Mode})
}

type deeplSettings struct {
	URL        string            `toml:"url" doc:"address of the API" default:"that of free or paid accounts, as the key is"`
	KeyEnv     string            `toml:"key_env" doc:"name of the environment variable with the authentication key; required"`
	Formality  string            `toml:"formality" doc:"default, more, less, prefer_more or prefer_less; sent for the targets that have it"`
	ModelType  string            `toml:"model_type" doc:"quality_optimized, latency_optimized or prefer_quality_optimized"`
	Glossary   string            `toml:"glossary" doc:"name of a glossary of DeepL that is kept in step with the project's glossary: made if there is none, its entries replaced when they differ" default:"none; the project's terms are enforced all the same"`
	Glossaries map[string]any    `toml:"glossaries" doc:"id of a glossary of DeepL, or a list of up to five, for each target locale or language"`
	StyleRules map[string]string `toml:"style_rules" doc:"id of a list of style rules of DeepL for each target locale or language"`
	Context    bool              `toml:"context" doc:"send the title and the neighbours of a text as context, which is not billed" default:"true"`
	Mode       map[string]string `toml:"mode" doc:"DeepL's code for a locale: sr-Latn = \"SR\""`
}

func (s *deeplSettings) check(hook.Config) []*hook.KeyError {
	errs := slices.Concat(checkTags("mode", s.Mode), checkTags("glossaries", s.Glossaries), checkTags("style_rules", s.StyleRules))
	if s.KeyEnv == "" {
		errs = append(errs, wrong("key_env", "no variable: name the environment variable that has the key"))
	}
	if s.URL != "" {
		errs = append(errs, checkURL(s.URL, true)...)
	}
	errs = append(errs, oneOf("formality", s.Formality, "default", "more", "less", "prefer_more", "prefer_less")...)
	if _, err := s.glossaries(); err != nil {
		errs = append(errs, err)
	}
	if len(s.Glossary) > 1024 || strings.ContainsFunc(s.Glossary, unicode.IsControl) {
		errs = append(errs, wrong("glossary", "a name has at most 1024 bytes, and no control characters"))
	}
	return append(errs, oneOf("model_type", s.ModelType, "quality_optimized", "latency_optimized", "prefer_quality_optimized")...)
}

// glossaries returns the ids by locale, which are written as a string or as a list.
func (s *deeplSettings) glossaries() (map[string][]string, *hook.KeyError) {
	out := map[string][]string{}
	for _, locale := range slices.Sorted(maps.Keys(s.Glossaries)) {
		switch v := s.Glossaries[locale].(type) {
		case string:
			out[locale] = []string{v}
		case []any:
			for _, id := range v {
				text, ok := id.(string)
				if !ok {
					return nil, wrong("glossaries", "%s: the list must have strings only", locale)
				}
				out[locale] = append(out[locale], text)
			}
		default:
			return nil, wrong("glossaries", "%s: must be an id or a list of ids", locale)
		}
		if slices.Contains(out[locale], "") || len(out[locale]) == 0 {
			return nil, wrong("glossaries", "%s: no id", locale)
		}
		if n := len(out[locale]); n > deepl.MaxGlossaries {
			return nil, wrong("glossaries", "%s: %d ids of at most %d", locale, n, deepl.MaxGlossaries)
		}
	}
	return out, nil
}

func oneOf(key, value string, known ...string) []*hook.KeyError {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	return []*hook.KeyError{wrong(key, "%q: must be one of %s", value, strings.Join(known, ", "))}
}

func (s *deeplSettings) make(_ hook.Config, env Environment) (hook.Engine, error) {
	key, err := env.secret("key_env", s.KeyEnv)
	if err != nil {
		return nil, err
	}
	glossaries, _ := s.glossaries() // checked before
	return deepl.New(deepl.Options{
		URL: s.URL, Key: key, Formality: s.Formality, ModelType: s.ModelType, Glossary: s.Glossary, Terms: env.Terms, Glossaries: glossaries, StyleRules: s.StyleRules,
		Context: s.Context, Codes: s.Mode,
	})
}

type openaiSettings struct {
	URL         string   `toml:"url" doc:"base address of the API; or, as for Azure, the whole address of chat/completions with its query" default:"https://api.openai.com/v1"`
	KeyEnv      string   `toml:"key_env" doc:"name of the environment variable with the key"`
	KeyHeader   string   `toml:"key_header" doc:"header of the key; Azure has api-key" default:"Authorization: Bearer"`
	Model       string   `toml:"model" doc:"name of the model; required, unless the address names a deployment"`
	Temperature *float64 `toml:"temperature" doc:"from 0 to 2" default:"that of the server"`
	Seed        *int     `toml:"seed" doc:"for answers that repeat, where the server has that"`
	MaxTokens   int      `toml:"max_tokens" doc:"most tokens of one answer" default:"that of the server"`
	Output      string   `toml:"output" doc:"json_schema, json_object or text: the first to try; the engine goes on to the next when the server refuses one" default:"json_schema"`
	Prompt      string   `toml:"prompt" doc:"file in the project with the template of the system message: {{.Source}}, {{.Target}}, {{.SourceName}}, {{.TargetName}}, {{.Style}}" default:"built in"`
	Style       string   `toml:"style" doc:"file in the project with the style guide"`
}

func (s *openaiSettings) check(hook.Config) []*hook.KeyError {
	errs := checkURL(s.URL, s.KeyEnv != "")
	if s.Model == "" && !strings.Contains(s.URL, "/chat/completions") {
		errs = append(errs, wrong("model", "no model"))
	}
	if t := s.Temperature; t != nil && (*t < 0 || *t > 2) {
		errs = append(errs, wrong("temperature", "%v: must be from 0 to 2", *t))
	}
	if s.MaxTokens < 0 {
		errs = append(errs, wrong("max_tokens", "%d is less than 0", s.MaxTokens))
	}
	return append(errs, oneOf("output", s.Output, string(openai.JSONSchema), string(openai.JSONObject), string(openai.PlainText))...)
}

func (s *openaiSettings) make(_ hook.Config, env Environment) (hook.Engine, error) {
	key, err := env.secret("key_env", s.KeyEnv)
	if err != nil {
		return nil, err
	}
	prompt, err := env.file("prompt", s.Prompt)
	if err != nil {
		return nil, err
	}
	style, err := env.file("style", s.Style)
	if err != nil {
		return nil, err
	}
	if prompt != "" {
		if _, err := openai.ParsePrompt(prompt); err != nil {
			return nil, &hook.KeyError{Key: "prompt", Err: fmt.Errorf("%s: %w", s.Prompt, err)}
		}
	}
	return openai.New(openai.Options{
		URL: s.URL, Key: key, KeyHeader: s.KeyHeader, Model: s.Model, Temperature: s.Temperature, Seed: s.Seed,
		MaxTokens: s.MaxTokens, Output: openai.Output(s.Output), Prompt: prompt, Style: strings.TrimSpace(style),
	})
}

// file returns the text of the file that a key names, "" if the key is not set.
func (env Environment) file(key, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	if env.ReadFile == nil {
		return "", wrong(key, "%s: no files can be read here", path)
	}
	data, err := env.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", wrong(key, "%s: there is no such file in the project", path)
	}
	if err != nil {
		return "", wrong(key, "%w", err)
	}
	return string(data), nil
}

type httpSettings struct {
	Profile  string            `toml:"profile" doc:"google or azure: what is not set comes from the profile"`
	URL      string            `toml:"url" doc:"address; {{.Source}} and {{.Target}} in it are the codes of the locales"`
	Method   string            `toml:"method" doc:"POST, PUT or GET" default:"POST"`
	Headers  map[string]string `toml:"headers" doc:"header fields; ${NAME} in a value is an environment variable"`
	Body     string            `toml:"body" doc:"template of the JSON to send: {{json .Texts}}, {{json .Text}} with single, {{json .Source}}, {{json .Target}}, {{json .Title}}, {{json .Summary}}"`
	Answers  string            `toml:"answers" doc:"JSON Pointer to the list of answers, such as /data/translations; with single, to the answer"`
	Text     string            `toml:"text" doc:"JSON Pointer from an answer to its text" default:"the answer is the text"`
	Single   bool              `toml:"single" doc:"send one text in each request" default:"false"`
	Markup   string            `toml:"markup" doc:"how inline codes are written: html or tagged (<1>…</1>)" default:"html"`
	Mode     map[string]string `toml:"mode" doc:"the service's code for a locale: sr-Latn = \"sr_latin\""`
	MaxTexts int               `toml:"max_texts" doc:"most texts that the service takes in a request"`
}

// variable matches a reference to an environment variable in a header.
var variable = lazy.Regexp(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

func (s *httpSettings) check(c hook.Config) []*hook.KeyError {
	errs := oneOf("profile", s.Profile, "google", "azure")
	errs = append(errs, oneOf("method", s.Method, "POST", "PUT", "GET")...)
	errs = append(errs, oneOf("markup", s.Markup, "html", "tagged")...)
	errs = append(errs, checkTags("mode", s.Mode)...)
	if len(errs) > 0 {
		return errs
	}
	e, err := s.engine(c, func(string) string { return "" })
	if err != nil {
		key := "url"
		switch msg := err.Error(); {
		case strings.Contains(msg, "body"):
			key = "body"
		case strings.Contains(msg, "JSON Pointer"):
			key = "answers"
		}
		return []*hook.KeyError{{Key: key, Err: err}}
	}
	_ = e.Close() // has no connection yet
	for _, value := range s.Headers {
		if variable().MatchString(value) {
			return checkURL(strings.NewReplacer("{{.Source}}", "en", "{{.Target}}", "de").Replace(e.URL()), true)
		}
	}
	return nil
}

func (s *httpSettings) make(c hook.Config, env Environment) (hook.Engine, error) {
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		for _, m := range variable().FindAllStringSubmatch(s.Headers[name], -1) {
			if _, err := env.secret("headers", m[1]); err != nil {
				return nil, err
			}
		}
	}
	return s.engine(c, env.Getenv)
}

func (s *httpSettings) engine(c hook.Config, getenv func(string) string) (*httpapi.Engine, error) {
	opt, _ := httpapi.Profile(s.Profile)
	set := func(to *string, value string) {
		if value != "" {
			*to = value
		}
	}
	set(&opt.URL, s.URL)
	set(&opt.Method, s.Method)
	set(&opt.Body, s.Body)
	set(&opt.Answers, s.Answers)
	set(&opt.Text, s.Text)
	opt.Single, opt.Codes = s.Single, s.Mode
	if s.MaxTexts > 0 {
		opt.MaxTexts = s.MaxTexts
	}
	if s.Markup == "tagged" {
		opt.Markup = hook.Tagged()
	}
	opt.Header = http.Header{}
	for name, value := range s.Headers {
		opt.Header.Set(name, variable().ReplaceAllStringFunc(value, func(ref string) string {
			v := getenv(ref[2 : len(ref)-1])
			opt.Secrets = append(opt.Secrets, v)
			return v
		}))
	}
	return httpapi.New(opt)
}
