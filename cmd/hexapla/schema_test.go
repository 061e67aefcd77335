package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/schema"
)

// seenOutputs is the folder, named by an environment variable, where each command that a
// script runs notes the JSON output that it printed and that fits its schema.
const seenOutputs = "HEXAPLA_TEST_OUTPUTS"

// runChecked is run for scripts: what a command prints with --json must fit the published
// schema, closed, so that no member is without a description. It exits with 99 if not.
func runChecked(code func(out io.Writer) int, args []string) int {
	dir := os.Getenv(seenOutputs)
	if dir == "" || !slices.Contains(args, "--json") || slices.Contains(args, "--help") {
		return code(os.Stdout)
	}
	var printed bytes.Buffer
	status := code(io.MultiWriter(os.Stdout, &printed))
	if status > 1 || printed.Len() == 0 {
		return status
	}
	name, ok := outputName(args)
	if !ok {
		fmt.Fprintf(os.Stderr, "schema_test: no JSON output is known for %q\n", args)
		return 99
	}
	if err := validateOutput(name, printed.Bytes()); err != nil {
		fmt.Fprintf(os.Stderr, "schema_test: %s: %v\n", name, err)
		return 99
	}
	if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "+")), nil, 0o666); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 99
	}
	return status
}

// checkOutputs holds, after all scripts, that each command printed JSON in one of them.
func checkOutputs(t *testing.T, dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if f := flag.Lookup("test.run"); f != nil && strings.Contains(f.Value.String(), "/") || raceEnabled && testing.Short() {
		return // not all scripts ran
	}
	seen := map[string]bool{}
	for _, e := range entries {
		seen[strings.ReplaceAll(e.Name(), "+", " ")] = true
	}
	for name := range jsonOutputs() {
		if ok, _ := engineCondition("engine:postgres"); !ok && slices.Contains([]string{"jobs", "jobs show", "submit", "submit --wait", "memory copy"}, name) {
			continue // they need a database
		}
		if !seen[name] && name != "jobs show" { // which prints JSON without a flag
			t.Errorf("no script runs 'hexapla %s --json': its output is not held against its schema", name)
		}
	}
}

// outputName returns the name in jsonOutputs of the output that a command line asks for.
func outputName(args []string) (string, bool) {
	known := jsonOutputs()
	has := func(flags ...string) bool {
		return slices.ContainsFunc(args, func(a string) bool { return slices.Contains(flags, strings.SplitN(a, "=", 2)[0]) })
	}
	for i := 1; i < len(args); i++ {
		name := args[i]
		if _, ok := known[name]; !ok && !isGroup(name) {
			continue
		}
		words := []string{}
		for _, a := range args[i+1:] {
			if !strings.HasPrefix(a, "-") {
				words = append(words, a)
			}
		}
		if len(words) > 0 {
			if _, ok := known[name+" "+words[0]]; ok {
				name, words = name+" "+words[0], words[1:]
			}
		}
		switch {
		case name == "check" && has("--fix") && slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--source") }):
			name = "check --fix FILE"
		case name == "check" && has("--fix"):
			name = "check --fix"
		case name == "split" && has("--explain"):
			name = "split --explain"
		case (name == "hooks" || name == "hooks list") && has("--try"):
			name = "hooks --try"
		case name == "memory history" && (len(words) > 0 || has("--unit", "--locale", "-l", "--text")):
			name = "memory history TEXT"
		case name == "submit" && has("--wait"):
			name = "submit --wait"
			if len(words) > 0 && words[0] != "build" {
				name = words[0] // what the command printed where it ran
			}
		}
		_, ok := known[name]
		return name, ok
	}
	return "", false
}

func isGroup(name string) bool {
	for known := range jsonOutputs() {
		if group, _, ok := strings.Cut(known, " "); ok && group == name {
			return true
		}
	}
	return false
}

// validateOutput checks each of the JSON values of an output.
func validateOutput(name string, data []byte) error {
	text, ok := outputSchema(name, true)
	if !ok {
		return errors.New("no schema")
	}
	s, err := compileSchema(text)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	for {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if o, ok := v.(map[string]any); !ok || o["version"] == nil {
			return errors.New("the output has no version")
		}
		if err := s.Validate(v); err != nil {
			return err
		}
	}
}

func compileSchema(text []byte) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("mem:schema.json")
}

// TestOutputSchemas holds that every command with --json has a schema, that each schema
// compiles, and that all names of members are spelled alike.
func TestOutputSchemas(t *testing.T) {
	known := jsonOutputs()
	var walk func(prefix string, commands []*cli.Command)
	walk = func(prefix string, commands []*cli.Command) {
		for _, c := range commands {
			name := strings.TrimSpace(prefix + " " + c.Name)
			for _, f := range c.Flags {
				if _, ok := outputSchema(name, true); !ok && slices.Contains(f.Names(), "json") {
					t.Errorf("'hexapla %s' has --json and no schema", name)
				}
			}
			walk(name, c.Subcommands)
		}
	}
	walk("", newApp(os.Stdin, io.Discard, io.Discard).Commands)
	spelling := regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	for name := range known {
		text, _ := outputSchema(name, false)
		if _, err := compileSchema(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		var members func(v any)
		members = func(v any) {
			switch v := v.(type) {
			case map[string]any:
				if p, ok := v["properties"].(map[string]any); ok {
					for member := range p {
						if !spelling.MatchString(member) {
							t.Errorf("%s: member %q is not spelled as the others are", name, member)
						}
					}
				}
				for _, x := range v {
					members(x)
				}
			case []any:
				for _, x := range v {
					members(x)
				}
			}
		}
		members(v)
	}
}

// TestConfigSchema holds the schema of hexapla.toml against real configurations, and
// against wrong ones.
func TestConfigSchema(t *testing.T) {
	s, err := compileSchema(schema.Config())
	if err != nil {
		t.Fatal(err)
	}
	validate := func(data string) error {
		var v map[string]any
		if err := toml.Unmarshal([]byte(data), &v); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return s.Validate(doc)
	}
	newsroom, err := os.ReadFile("../../testdata/newsroom/hexapla.toml")
	if err != nil {
		t.Fatal(err)
	}
	sound := []string{
		string(newsroom),
		"[project]\nlocales = ['ru']\n[[catalogs]]\ndir = 'a'\n[[catalogs]]\ndir = 'b'\nformat = 'i18next'\n",
		"[project]\n[catalogs]\ndir = 'a'\n[policy.locale.ru]\nmt = true\n[check.fail_under]\nru = 99.5\n",
		"[project]\n[[hook]]\ntype = 'openai'\nurl = 'http://localhost'\nmodel = 'x'\n",
	}
	for _, data := range sound {
		if err := validate(data); err != nil {
			t.Errorf("%s\n%v", data, err)
		}
	}
	for _, data := range []string{
		"[site]\n", // no project
		"[project]\nlocale = ['ru']\n",
		"[project]\nlocales = 'ru'\n",
		"[project]\n[site]\nfeeds = true\n",
		"[project]\n[[hook]]\ntype = 'telepathy'\n",
		"[project]\n[[hook]]\ntype = 'openai'\nurl = 3\n",
		"[project]\n[policy.locale.ru]\nmachine = true\n",
	} {
		if validate(data) == nil {
			t.Errorf("accepted: %s", data)
		}
	}
}
