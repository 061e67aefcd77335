package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// ciProject is a project that passes, with a catalog and an article that are
// translated.
var ciProject = map[string]string{
	"hexapla.toml":           "[project]\nsource = \"en\"\nlocales = [\"en\", \"ru\"]\narticles = [\"articles/*.txt\"]\n\n[policy]\nmissing = \"source\"\n",
	"locales/active.en.toml": "Urgent = \"Breaking News\"\n",
	"locales/active.ru.toml": "[Urgent]\nhash = \"sha1-331438a3a66729ea732c7cc009383668917f79de\"\nother = \"Срочные новости\"\n",
	"articles/flash.txt":     "Breaking News\n",
}

// ciSteps are the shell commands of the composite action, and of the snippet for
// GitLab and the commands of the README's section "In CI".
func ciSteps(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../../.github/actions/check/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Runs struct {
			Using string `yaml:"using"`
			Steps []struct{ Name, Shell, Run string }
		} `yaml:"runs"`
	}
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}
	if action.Runs.Using != "composite" || len(action.Runs.Steps) != 2 {
		t.Fatalf("the action has %d steps, using %q", len(action.Runs.Steps), action.Runs.Using)
	}
	out := map[string]string{}
	for _, s := range action.Runs.Steps {
		if s.Shell != "bash" {
			t.Errorf("step %s has the shell %q; a composite action wants one", s.Name, s.Shell)
		}
		out["action: "+s.Name] = s.Run
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## In CI\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, block := range regexp.MustCompile("(?s)```(\\w+)\n(.*?)```").FindAllStringSubmatch(section, -1) {
		if block[1] == "sh" {
			out["README"] = block[2]
		}
		var jobs struct {
			Hexapla struct{ Script []string }
		}
		if block[1] == "yaml" && strings.HasPrefix(block[2], "hexapla:") {
			if err := yaml.Unmarshal([]byte(block[2]), &jobs); err != nil {
				t.Fatal(err)
			}
			for _, s := range jobs.Hexapla.Script {
				out["GitLab: "+s] = s
			}
		}
	}
	if len(out) != 5 {
		t.Fatalf("found the steps %v", out)
	}
	return out
}

// TestCI runs the commands that the README and the action give to CI systems: on
// a project that is well, and on one that is not, where all but the one that
// writes a baseline fail.
func TestCI(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	bin := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test program is hexapla when it is called by that name (TestMain).
	if err := os.Symlink(exe, filepath.Join(bin, "hexapla")); err != nil {
		t.Skip(err)
	}
	for name, script := range ciSteps(t) {
		for _, broken := range []bool{false, true} {
			dir := t.TempDir()
			for file, text := range ciProject {
				if broken && file == "locales/active.ru.toml" {
					text = "Extra = \"Лишнее\"\n"
				}
				if broken && file == "articles/flash.txt" {
					text = "The river rose.\n"
				}
				file = filepath.Join(dir, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
				"PROJECT=.", "FAIL_UNDER=ru=100", "BASELINE=", "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr = &said, &said
			err := cmd.Run()
			failed := 0
			if err != nil {
				failed = cmd.ProcessState.ExitCode()
			}
			want := 0
			if broken && name != "README" {
				want = 1
			}
			if failed != want {
				t.Errorf("%s, broken %v: exit status %d, want %d\n%s", name, broken, failed, want, &said)
			}
			if strings.HasPrefix(name, "action") {
				summary, err := os.ReadFile(filepath.Join(dir, "summary.md"))
				if err != nil || !strings.HasPrefix(string(summary), "## ") {
					t.Errorf("%s: the summary is %q, %v", name, summary, err)
				}
				if broken && !strings.Contains(said.String(), "::error file=") {
					t.Errorf("%s: no annotation in\n%s", name, &said)
				}
			}
		}
	}
}
