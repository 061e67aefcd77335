package hook

// Config is one engine as a configuration file has it. Package engines makes a
// Chain from a list of them and says what is wrong with it by the keys' names.
type Config struct {
	// Name is the engine's name in manifests and messages, unique in the file.
	// Empty: its type.
	Name string `toml:"name"`
	// Type is "pseudo", "exec", "apertium", "apy" or "libretranslate".
	Type string `toml:"type"`
	// Locales are the target locales to use the engine for ("sr" stands for
	// "sr-ME" too). Empty: all that it serves.
	Locales []string `toml:"locales"`
	// Pivot is a locale to go through, as in "ru" for en→ru→uk.
	Pivot string `toml:"pivot"`
	// URL is the service's address.
	URL string `toml:"url"`
	// Command is the program with its arguments. No shell is involved.
	Command []string `toml:"command"`
	// Env are variables for the program, beside the few that it inherits.
	Env map[string]string `toml:"env"`
	// Once starts the program anew for each call, for one that answers when its
	// input ends.
	Once bool `toml:"once"`
	// KeyEnv names the environment variable that holds the service's key.
	KeyEnv string `toml:"key_env"`
	// Timeout is the time limit of one call ("30s").
	Timeout string `toml:"timeout"`
	// Batch and BatchChars are the most texts and characters in one call.
	Batch      int `toml:"batch"`
	BatchChars int `toml:"batch_chars"`
	// Concurrency is the most calls at once, RatePerSecond the most in a second.
	Concurrency   int     `toml:"concurrency"`
	RatePerSecond float64 `toml:"rate_per_second"`
	// Budget is the most characters sent in one run; 0 sets no limit.
	Budget int `toml:"budget"`
	// Mode gives a locale the engine's own name for it ("sr" = "hbs_SR"); for
	// pseudo, a locale its variant ("accented" or "bidi").
	Mode map[string]string `toml:"mode"`
	// Expand is how much longer pseudo makes a text, in percent; 0 for 35.
	Expand int `toml:"expand"`
}
