package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPreCommitHooks runs each hook of .pre-commit-hooks.yaml as pre-commit does, in a
// scratch repository that is well and in one that is not.
func TestPreCommitHooks(t *testing.T) {
	data, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files string
		PassFilenames                                 bool `yaml:"pass_filenames"`
	}
	if err := yaml.Unmarshal(data, &hooks); err != nil || len(hooks) != 3 {
		t.Fatal(len(hooks), err)
	}
	bin := hexaplaOnPath(t)
	for _, hook := range hooks {
		if hook.Name == "" || hook.Description == "" || hook.Language != "golang" || hook.PassFilenames {
			t.Errorf("%+v", hook)
		}
		if !regexp.MustCompile(hook.Files).MatchString("locales/active.ru.toml") {
			t.Errorf("%s does not run for a catalog", hook.ID)
		}
		for _, broken := range []bool{false, true} {
			dir := t.TempDir()
			writeProject(t, dir, broken)
			run := func(line string) int {
				words := strings.Fields(line)
				cmd := exec.Command(filepath.Join(bin, words[0]), words[1:]...)
				cmd.Dir = dir
				out, err := cmd.CombinedOutput()
				if err != nil && cmd.ProcessState == nil {
					t.Fatal(err)
				}
				t.Logf("%s: %s", line, out)
				return cmd.ProcessState.ExitCode()
			}
			if strings.Contains(hook.Entry, " fmt ") {
				if broken {
					if err := os.WriteFile(filepath.Join(dir, "locales", "active.en.toml"), []byte("Urgent   =   'Breaking News'\n"), 0o666); err != nil {
						t.Fatal(err)
					}
				} else if code := run("hexapla catalog fmt"); code != 0 {
					t.Fatal(code)
				}
			}
			want := 0
			if broken {
				want = 1
			}
			if broken && hook.ID == "hexapla-check" { // a wrong configuration is no finding
				want = 2
				if err := os.WriteFile(filepath.Join(dir, "hexapla.toml"), []byte("[project]\nlocale = 'ru'\n"), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if code := run(hook.Entry); code != want {
				t.Errorf("%s, broken %v: exit status %d, want %d", hook.ID, broken, code, want)
			}
		}
	}
}

// TestPreCommit runs pre-commit itself on two scratch repositories with the hooks of
// this one: it builds hexapla from the sources and runs the catalog hooks.
func TestPreCommit(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	if _, err := exec.LookPath("pre-commit"); err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
			t.Fatal(err)
		}
		t.Skip("pre-commit is not installed")
	}
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(repo, ".git")); err != nil {
		t.Skip("pre-commit needs a repository: ", err)
	}
	// pre-commit copies what git knows: a new file that is not added breaks the build.
	if out, err := exec.Command("git", "-C", repo, "ls-files", "--others", "--exclude-standard").Output(); err == nil && len(out) > 0 {
		t.Skip("there are files that git does not know")
	}
	modules, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Skip("pre-commit needs the go command: ", err)
	}
	env := append(os.Environ(), "GOMODCACHE="+strings.TrimSpace(string(modules)), "PRE_COMMIT_HOME="+t.TempDir(), "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org")
	for _, tt := range []struct {
		broken bool
		passed string
	}{{false, "Passed"}, {true, "Failed"}} {
		dir := t.TempDir()
		writeProject(t, dir, tt.broken)
		run := func(name string, args ...string) (string, error) {
			cmd := exec.Command(name, args...)
			cmd.Dir, cmd.Env = dir, env
			out, err := cmd.CombinedOutput()
			return string(out), err
		}
		for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-q", "-m", "a project"}} {
			if out, err := run("git", args...); err != nil {
				t.Fatal(args, err, out)
			}
		}
		out, err := run("pre-commit", "try-repo", repo, "hexapla-catalog-check", "--all-files")
		if (err != nil) != tt.broken || !strings.Contains(out, tt.passed) {
			t.Errorf("broken %v: %v\n%s", tt.broken, err, out)
		}
	}
}
