package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/hook"
)

func TestTrust(t *testing.T) {
	trust := Trust{filepath.Join(t.TempDir(), "config", "hexapla")}
	a, b := t.TempDir(), t.TempDir()
	hooks := []hook.Config{{Type: "exec", Settings: settings("./engine", "--fast")}}
	check := func(name, folder string, hooks []hook.Config, want bool) {
		t.Helper()
		if got, err := trust.Has(folder, hooks); err != nil || got != want {
			t.Errorf("%s: trusted %v, %v, want %v", name, got, err, want)
		}
	}
	check("at first", a, hooks, false)
	if err := trust.Add(a, hooks); err != nil {
		t.Fatal(err)
	}
	check("added", a, hooks, true)
	check("another folder", b, hooks, false)
	link := filepath.Join(b, "link")
	if err := os.Symlink(a, link); err == nil {
		check("through a link", link, hooks, true)
	}
	for name, change := range map[string]func(*hook.Config){
		"command": func(c *hook.Config) { c.Settings = settings("./engine", "--fast; rm") },
		"words":   func(c *hook.Config) { c.Settings = settings("./engine --fast") },
		"once":    func(c *hook.Config) { c.Settings = settings("./engine", "--fast"); c.Settings["once"] = true },
		"variables": func(c *hook.Config) {
			c.Settings = settings("./engine", "--fast")
			c.Settings["env"].(map[string]any)["LD_PRELOAD"] = "x"
		},
		"type": func(c *hook.Config) { c.Type = "apertium" },
	} {
		c := hooks[0]
		change(&c)
		check(name, a, []hook.Config{c}, false)
	}
	check("one more hook", a, append(hooks, hooks...), false)
	if err := trust.Add(b, hooks); err != nil {
		t.Fatal(err)
	}
	if err := trust.Remove(a); err != nil {
		t.Fatal(err)
	}
	check("removed", a, hooks, false)
	check("the other stays", b, hooks, true)
	if err := os.WriteFile(filepath.Join(trust.dir, trustFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if ok, err := trust.Has(b, hooks); ok || !errors.As(err, new(exit.UsageError)) {
		t.Errorf("damaged list: %v, %v", ok, err)
	}
}

func settings(command ...any) map[string]any {
	return map[string]any{"command": command, "env": map[string]any{"A": "1", "B": "2", "C": "3"}}
}

func TestPrograms(t *testing.T) {
	got := Programs([]hook.Config{
		{Type: "libretranslate", Settings: map[string]any{"url": "http://127.0.0.1"}},
		{Type: "apertium"},
		{Type: "exec", Settings: settings("sh", "-c", "rm -r\n/", "\x1b[2J", "")},
		{Type: "exec", Settings: map[string]any{"command": "touch x"}},
	})
	want := []string{"apertium", `sh -c "rm -r\n/" "\x1b[2J" ""`, `"touch x"`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
