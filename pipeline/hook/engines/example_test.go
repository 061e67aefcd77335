package engines_test

import (
	"fmt"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/engines"
)

// The tables of a configuration become a chain of engines. Unknown keys and wrong
// values are found before any engine is asked.
func Example() {
	configs, wrong := hook.ParseConfigs([]map[string]any{{"type": "script", "locales": []any{"sr-Latn"}}, {"type": "pseudo", "pivott": "ru"}})
	for _, k := range append(wrong, engines.Check(configs)...) {
		fmt.Println(k)
	}
	chain, err := engines.Build(configs[:1], engines.Environment{Getenv: func(string) string { return "" }}, engines.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer chain.Close()
	fmt.Println(chain.Serves("en", "sr-Latn"), chain.Serves("en", "uk"))
	// Output:
	// pivott: unknown key: did you mean "pivot"?
	// true false
}
