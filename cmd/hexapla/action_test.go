package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const actionFolder = "../../.github/actions/check"

// TestActionFile checks that the action gives its scripts all that they ask for, and
// nothing that it does not declare.
func TestActionFile(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(actionFolder, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Description string }
		Runs   struct {
			Using string
			Steps []struct {
				Name, Shell, Run, Uses string
				Env                    map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}
	if action.Runs.Using != "composite" || len(action.Runs.Steps) != 4 {
		t.Fatalf("%+v", action.Runs)
	}
	for name, input := range action.Inputs {
		if input.Description == "" {
			t.Errorf("input %s has no description", name)
		}
		if !strings.Contains(string(data), "inputs."+name+" ") {
			t.Errorf("input %s is not used", name)
		}
	}
	for _, step := range action.Runs.Steps {
		if step.Uses != "" {
			continue
		}
		if step.Shell != "bash" {
			t.Errorf("step %s has the shell %q", step.Name, step.Shell)
		}
		// No value of an input may be part of a shell command.
		if strings.Contains(step.Run, "${{") {
			t.Errorf("step %s has an expression in its command", step.Name)
		}
		name := strings.TrimSuffix(step.Run[strings.LastIndexByte(step.Run, '/')+1:], `"`)
		script, err := os.ReadFile(filepath.Join(actionFolder, name))
		if err != nil {
			t.Fatal(err)
		}
		for variable := range step.Env {
			if variable != "GH_TOKEN" && variable != "ACTION_PATH" && !strings.Contains(string(script), variable) {
				t.Errorf("%s does not use %s", name, variable)
			}
		}
	}
}

// runScript runs a script of the action as a runner does, and returns its exit status
// and output.
func runScript(t *testing.T, script, dir, bin string, env ...string) (int, string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	script, err = filepath.Abs(filepath.Join(actionFolder, script))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", `bash "$SCRIPT"`)
	cmd.Dir = dir
	temp := filepath.Join(dir, "runner")
	if err := os.MkdirAll(temp, 0o777); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), append([]string{"SCRIPT=" + script, "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "RUNNER_TEMP=" + temp,
		"GITHUB_STEP_SUMMARY=" + filepath.Join(temp, "summary.md"), "GITHUB_OUTPUT=" + filepath.Join(temp, "output"), "GITHUB_PATH=" + filepath.Join(temp, "path"),
		"GITHUB_REPOSITORY=owner/repository"}, env...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// TestActionCheck runs the check of the action in scratch repositories.
func TestActionCheck(t *testing.T) {
	bin := hexaplaOnPath(t)
	for _, tt := range []struct {
		name    string
		broken  bool
		remove  string // a file
		env     []string
		code    int
		summary string
		output  string
	}{
		{"sound project", false, "", []string{"FAIL_UNDER=ru=100"}, 0, "## Message catalogs", ""},
		{"findings", true, "", []string{"FAIL_UNDER=ru=100"}, 1, "❌ Failed", "::error file="},
		{"catalogs alone", false, "hexapla.toml", []string{"DIR=locales", "SOURCE=en", "LOCALES=ru, ru"}, 0, "## Message catalogs", ""},
		{"catalogs alone, code", false, "hexapla.toml", []string{"DIR=locales", "CODE=*.go\n*.html"}, 0, "## Message catalogs", ""},
		{"findings in catalogs alone", true, "hexapla.toml", []string{"DIR=locales"}, 1, "❌ Failed", "::error file="},
		{"wrong folder", false, "", []string{"PROJECT=nowhere"}, 2, "Not checked: exit status 2", "::error title=hexapla::catalogs: not checked"},
		{"no baseline yet", true, "", []string{"BASELINE=base"}, 2, "Not checked: exit status 2", "--update-baseline creates it"},
		{"wrong usage beside findings", true, "articles/flash.txt", nil, 2, "❌ Failed", "no article matches"},
		{"editions alone", true, "locales/active.ru.toml", []string{"CHECK=editions"}, 1, "## Editions", ""},
		{"wrong input", false, "", []string{"CHECK=everything"}, 2, "", "check must be auto"},
		{"excluded", true, "hexapla.toml", []string{"DIR=locales", "EXCLUDE=*.ru.toml"}, 0, "## Message catalogs", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			writeProject(t, dir, tt.broken)
			if tt.remove != "" {
				if err := os.Remove(filepath.Join(dir, tt.remove)); err != nil {
					t.Fatal(err)
				}
			}
			// A report of an earlier run must not be taken for one of this run.
			old := filepath.Join(dir, "runner", "hexapla-reports")
			if err := os.MkdirAll(old, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(old, "catalogs.md"), []byte("an old report"), 0o666); err != nil {
				t.Fatal(err)
			}
			code, out := runScript(t, "check.sh", dir, bin, tt.env...)
			if code != tt.code || !strings.Contains(out, tt.output) {
				t.Errorf("exit status %d, want %d\n%s", code, tt.code, out)
			}
			summary, _ := os.ReadFile(filepath.Join(dir, "runner", "summary.md"))
			if !strings.Contains(string(summary), tt.summary) || strings.Contains(string(summary), "an old report") {
				t.Errorf("summary %s", summary)
			}
		})
	}
}

// TestActionComment checks that there is one comment, however often the action runs:
// a stub stands for gh and keeps comments in a file.
func TestActionComment(t *testing.T) {
	bin, dir := t.TempDir(), t.TempDir()
	const stub = `#!/usr/bin/env bash
printf '%s ' "$@" >>calls; echo >>calls
case "$*" in
*--paginate*) if [ -f comment ]; then echo 7; fi ;;
*"--method P"*) for a in "$@"; do case $a in body=@*) cp "${a#body=@}" comment ;; esac; done ;;
esac
`
	if err := os.WriteFile(filepath.Join(bin, "gh"), []byte(stub), 0o777); err != nil {
		t.Fatal(err)
	}
	reports := filepath.Join(dir, "reports")
	if err := os.Mkdir(reports, 0o777); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"first\n", "second ä\n" + strings.Repeat("- a finding\n", 10000)} {
		if err := os.WriteFile(filepath.Join(reports, "catalogs.md"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if code, out := runScript(t, "comment.sh", dir, bin, "REPORTS="+reports, "NUMBER=12"); code != 0 {
			t.Fatal(i, out)
		}
	}
	calls, _ := os.ReadFile(filepath.Join(dir, "calls"))
	if strings.Count(string(calls), "--method POST repos/owner/repository/issues/12/comments") != 1 || strings.Count(string(calls), "--method PATCH repos/owner/repository/issues/comments/7") != 1 {
		t.Errorf("%s", calls)
	}
	comment, _ := os.ReadFile(filepath.Join(dir, "comment"))
	if !strings.HasPrefix(string(comment), "<!-- hexapla-check -->\nsecond ä\n") || len(comment) > 65536 || !strings.Contains(string(comment), "has the rest") {
		t.Errorf("%.300s", comment)
	}
}

// TestActionInstall installs a release from a folder, and refuses one whose checksum
// is another.
func TestActionInstall(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the archive here holds a shell script")
	}
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip(err)
	}
	releases := t.TempDir()
	var archive bytes.Buffer
	z := gzip.NewWriter(&archive)
	w := tar.NewWriter(z)
	const program = "#!/bin/sh\necho hexapla 1.2.3\n"
	if err := w.WriteHeader(&tar.Header{Name: "hexapla_1.2.3/hexapla", Mode: 0o755, Size: int64(len(program))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(program)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(releases, "v1.2.3")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("hexapla_1.2.3_%s_%s.tar.gz", runtime.GOOS, runtime.GOARCH)
	if err := os.WriteFile(filepath.Join(folder, name), archive.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	for sum, want := range map[string]int{fmt.Sprintf("%x", sha256.Sum256(archive.Bytes())): 0, strings.Repeat("0", 64): 3} {
		if err := os.WriteFile(filepath.Join(folder, "SHA256SUMS"), []byte(sum+"  "+name+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		code, out := runScript(t, "install.sh", dir, t.TempDir(), "VERSION=v1.2.3", "RELEASES=file://"+releases)
		path, _ := os.ReadFile(filepath.Join(dir, "runner", "path"))
		if code != want || (want == 0) != (strings.Contains(out, "hexapla 1.2.3") && len(path) > 0) {
			t.Errorf("exit status %d, want %d\n%s", code, want, out)
		}
	}
}
