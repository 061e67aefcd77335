package engines

import (
	"maps"
	"regexp"
	"slices"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/apertium"
	"hexapla/pipeline/hook/exec"
	"hexapla/pipeline/hook/libretranslate"
	"hexapla/pipeline/hook/program"
	"hexapla/pipeline/hook/pseudo"
	"hexapla/pipeline/hook/service"
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
var secretName = regexp.MustCompile(`(?i)key|token|secret|passw|auth|cred`)

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
		if secretName.MatchString(name) {
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
