package hook

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"hexapla/pipeline/diag"
)

// Config is one [[hook]] table of a configuration: the keys that all engines have,
// and in Settings those of the engine's type, which package engines decodes. The tags
// doc and default are the reference that users read.
type Config struct {
	Name          string   `toml:"name" doc:"name of the engine in manifests and messages, unique in the file" default:"the type"`
	Type          string   `toml:"type" doc:"type of the engine; required"`
	Locales       []string `toml:"locales" doc:"target locales (BCP 47) to use the engine for; \"sr\" stands for \"sr-ME\" too" default:"all that it serves"`
	Sources       []string `toml:"sources" doc:"source locales of the articles (BCP 47) to use the engine for; \"zh\" stands for \"zh-Hant\" too" default:"all that it serves"`
	Pivot         string   `toml:"pivot" doc:"locale to translate through: \"ru\" for en→ru→uk"`
	Timeout       string   `toml:"timeout" doc:"time limit of one attempt, such as \"30s\" or \"2m\"" default:"1m"`
	Deadline      string   `toml:"deadline" doc:"time limit of one call with all its attempts" default:"2m"`
	Batch         int      `toml:"batch" doc:"most texts in one call" default:"50"`
	BatchChars    int      `toml:"batch_chars" doc:"most characters in one call" default:"5000"`
	Concurrency   int      `toml:"concurrency" doc:"most calls at the same time" default:"1"`
	RatePerSecond float64  `toml:"rate_per_second" doc:"most calls in a second, of all builds of the project together" default:"no limit"`
	Budget        int      `toml:"budget" doc:"most characters to send in one run" default:"no limit"`
	Limit         Limit    `toml:"limit" doc:"table of limits over all builds: chars, tokens, cost (by price), period (day, month or ever)" default:"no limit; a month"`
	MinChars      int      `toml:"min_chars" doc:"shortest text, in characters, that the engine is asked for"`
	MaxChars      int      `toml:"max_chars" doc:"longest text, in characters, that the engine is asked for" default:"no limit"`
	Price         Price    `toml:"price" doc:"table of prices, for estimates and limits: per_million_chars, per_million_input_tokens, per_million_output_tokens, currency"`

	Settings map[string]any `toml:"-"`
}

// Limit is how much an engine may be used in a period by all builds of a project. What
// is 0 has no limit.
type Limit struct {
	Chars  int     `toml:"chars"`  // Unicode code points sent
	Tokens int     `toml:"tokens"` // of a language model, sent and received
	Cost   float64 `toml:"cost"`   // in the currency of the price
	Period string  `toml:"period"` // "day", "month" or "ever", by UTC; empty for "month"
}

// IsZero reports whether there is no limit.
func (l Limit) IsZero() bool { return l.Chars == 0 && l.Tokens == 0 && l.Cost == 0 }

// Since returns the day on which the period that has now in it began, zero for "ever".
func (l Limit) Since(now time.Time) time.Time {
	y, m, d := now.UTC().Date()
	switch l.Period {
	case "day":
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	case "ever":
		return time.Time{}
	}
	return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
}

// FormatCost writes a cost with two decimals, and one below 1 with two digits that count: a
// text may cost a hundredth of a cent.
func FormatCost(cost float64) string {
	decimals := 2
	for v := cost; v > 0 && v < 0.1 && decimals < 9; v *= 10 {
		decimals++
	}
	return strconv.FormatFloat(cost, 'f', decimals, 64)
}

// exceeded returns what of a use is over the limit, empty if nothing is.
func (l Limit) exceeded(s Spending) string {
	switch tokens := s.InputTokens + s.OutputTokens; {
	case l.Chars > 0 && s.Chars > l.Chars:
		return fmt.Sprintf("%d of %d characters", s.Chars, l.Chars)
	case l.Tokens > 0 && tokens > l.Tokens:
		return fmt.Sprintf("%d of %d tokens", tokens, l.Tokens)
	case l.Cost > 0 && s.Cost > l.Cost:
		return fmt.Sprintf("a cost of %s of %s", FormatCost(s.Cost), FormatCost(l.Cost))
	}
	return ""
}

// Price is what an engine costs. The amounts are in units of Currency for a million
// characters or tokens; those that are 0 do not count.
type Price struct {
	Chars        float64 `toml:"per_million_chars"`
	InputTokens  float64 `toml:"per_million_input_tokens"`
	OutputTokens float64 `toml:"per_million_output_tokens"`
	Currency     string  `toml:"currency"`
}

// IsZero reports whether no price is known.
func (p Price) IsZero() bool { return p.Chars == 0 && p.InputTokens == 0 && p.OutputTokens == 0 }

// Key is one key of a table of the configuration, for people.
type Key struct {
	Name    string `json:"name"`
	Type    string `json:"type"` // "string", "integer", "number", "boolean", "list of strings", "table"
	Doc     string `json:"doc"`
	Default string `json:"default,omitempty"`
}

// Keys returns the keys of a table from the tags of the struct that it is decoded
// into, in their order.
func Keys(table any) []Key {
	t := reflect.TypeOf(table)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var keys []Key
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("toml")
		if name == "" || name == "-" {
			continue
		}
		keys = append(keys, Key{Name: name, Type: typeName(f.Type), Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default")})
	}
	return keys
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list of " + typeName(t.Elem()) + "s"
	}
	return "table"
}

// KeyError is what is wrong with one key of a [[hook]] table. Hook counts from 0.
type KeyError struct {
	Hook int
	Key  string
	Err  error
}

func (e *KeyError) Error() string { return e.Key + ": " + e.Err.Error() }

// Unwrap returns the error without the key.
func (e *KeyError) Unwrap() error { return e.Err }

// ParseConfigs makes Configs from decoded [[hook]] tables. Keys that are not common
// to all engines go to Settings.
func ParseConfigs(tables []map[string]any) ([]Config, []*KeyError) {
	var configs []Config
	var errs []*KeyError
	common := Keys(Config{})
	for i, table := range tables {
		var c Config
		own := map[string]any{}
		shared := map[string]any{}
		for key, value := range table {
			if slices.ContainsFunc(common, func(k Key) bool { return k.Name == key }) {
				shared[key] = value
			} else {
				own[key] = value
			}
		}
		for _, err := range DecodeTable(shared, &c) {
			err.Hook = i
			errs = append(errs, err)
		}
		if len(own) > 0 {
			c.Settings = own
		}
		configs = append(configs, c)
	}
	return configs, errs
}

// DecodeTable decodes a table, key by key, into the struct that into points to.
// Each unknown key and each value of a wrong type has an error of its own, sorted by
// key; others are decoded all the same. alsoKnown are names of keys of other
// structs, for the hint on the nearest name.
func DecodeTable(table map[string]any, into any, alsoKnown ...string) []*KeyError {
	keys := Keys(into)
	var errs []*KeyError
	for _, name := range sortedKeys(table) {
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name })
		if i < 0 {
			names := slices.Clone(alsoKnown)
			for _, k := range keys {
				names = append(names, k.Name)
			}
			err := fmt.Errorf("unknown key")
			if near := diag.Nearest(name, names); near != "" {
				err = fmt.Errorf("unknown key: did you mean %q?", near)
			} else if len(names) > 0 {
				slices.Sort(names)
				err = fmt.Errorf("unknown key: the keys are %s", strings.Join(names, ", "))
			}
			errs = append(errs, &KeyError{Key: name, Err: err})
			continue
		}
		data, err := toml.Marshal(map[string]any{name: table[name]})
		if err == nil {
			err = toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(into)
		}
		if err != nil {
			reason := fmt.Errorf("the value is not of type %s", keys[i].Type)
			if _, isTable := table[name].(map[string]any); isTable && keys[i].Type == "table" {
				reason = fmt.Errorf("the table has an unknown key or a value of a wrong type: %s", keys[i].Doc)
			}
			errs = append(errs, &KeyError{Key: name, Err: reason})
		}
	}
	return errs
}

func sortedKeys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
