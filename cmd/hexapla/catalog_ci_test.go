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

// ciSteps returns the shell commands of the snippet for GitLab, of the file that
// GitLab projects include, and of the README's section "In CI".
func ciSteps(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	included, err := os.ReadFile("../../.gitlab/hexapla.yml")
	if err != nil {
		t.Fatal(err)
	}
	_, jobs, _ := strings.Cut(string(included), "\n---\n")
	inputs := strings.NewReplacer("$[[ inputs.stage ]]", "test", "$[[ inputs.dir ]]", "locales", "$[[ inputs.code ]]", "*.go", "$[[ inputs.fail-under ]]", "ru=100")
	var job map[string]struct{ Script []string }
	if err := yaml.Unmarshal([]byte(inputs.Replace(jobs)), &job); err != nil {
		t.Fatal(err)
	}
	for _, s := range job["hexapla-catalogs"].Script {
		out["GitLab include: "+s] = s
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
	if len(out) != 4 {
		t.Fatalf("found the steps %v", out)
	}
	return out
}

// TestCI runs the commands that the README gives to CI systems: on
// a project that is well, and on one that is not, where all but the one that
// writes a baseline fail.
func TestCI(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	bin := hexaplaOnPath(t)
	for name, script := range ciSteps(t) {
		for _, broken := range []bool{false, true} {
			dir := t.TempDir()
			writeProject(t, dir, broken)
			cmd := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
				"RUNNER_TEMP="+dir)
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
		}
	}
}

// hexaplaOnPath returns a folder that holds the program under its name.
func hexaplaOnPath(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test program is hexapla when it is called by that name (TestMain).
	if err := os.Symlink(exe, filepath.Join(bin, "hexapla")); err != nil {
		t.Skip(err)
	}
	return bin
}

// writeProject writes ciProject, broken if asked for.
func writeProject(t *testing.T, dir string, broken bool) {
	t.Helper()
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
}
