package workspace

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/config"
	"hexapla/pipeline/hook"
)

// AllowHooksEnv is the environment variable that allows hooks to run programs, as
// --allow-hooks does.
const AllowHooksEnv = "HEXAPLA_ALLOW_HOOKS"

// Trust are the projects whose hooks may run programs, as the user's configuration
// folder has them. A project is known by its folder and by a hash of its hook tables:
// after a change of these it is not trusted.
type Trust struct{ dir string }

// UserTrust returns the projects that the user trusts. Its file is
// hexapla/trusted.json in os.UserConfigDir.
func UserTrust() (Trust, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return Trust{}, fmt.Errorf("no folder for the list of trusted projects: %w", err)
	}
	return Trust{filepath.Join(dir, "hexapla")}, nil
}

const trustFile = "trusted.json"

// trusted is the content of the file: for each folder, the hash of its hook tables.
type trusted struct {
	Projects map[string]string `json:"projects"`
}

func (t Trust) read() (trusted, error) {
	list := trusted{}
	name := filepath.Join(t.dir, trustFile)
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return list, err
	default:
		if err := json.Unmarshal(data, &list); err != nil {
			return list, exit.Usagef("%s: %w; remove the file and run 'hexapla trust' again", name, err)
		}
	}
	if list.Projects == nil {
		list.Projects = map[string]string{}
	}
	return list, nil
}

// Has reports whether the hooks of the project in a folder may run programs.
func (t Trust) Has(folder string, hooks []hook.Config) (bool, error) {
	list, err := t.read()
	if err != nil {
		return false, err
	}
	folder, err = realPath(folder)
	return err == nil && list.Projects[folder] == hashHooks(hooks), err
}

// Add records that the hooks of the project in a folder may run programs.
func (t Trust) Add(folder string, hooks []hook.Config) error {
	return t.change(folder, func(list trusted, folder string) { list.Projects[folder] = hashHooks(hooks) })
}

// Remove takes the trust back.
func (t Trust) Remove(folder string) error {
	return t.change(folder, func(list trusted, folder string) { delete(list.Projects, folder) })
}

func (t Trust) change(folder string, f func(list trusted, folder string)) error {
	list, err := t.read()
	if err != nil {
		return err
	}
	if folder, err = realPath(folder); err != nil {
		return err
	}
	f(list, folder)
	data, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return err
	}
	d, err := rootfs.Open(t.dir)
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = d.WriteFile(trustFile, append(data, '\n'))
	return err
}

// realPath returns the absolute path of a folder, without symbolic links.
func realPath(folder string) (string, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// hashHooks returns a hash of the hook tables of a configuration. Keys that are not
// set have no part in it, so that a new key of the program does not change it.
func hashHooks(hooks []hook.Config) string {
	h := sha256.New()
	for _, c := range hooks {
		v := reflect.ValueOf(c)
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() {
				fmt.Fprintf(h, "%s = %#v\n", v.Type().Field(i).Name, f.Interface()) // keys of maps are sorted
			}
		}
		fmt.Fprintln(h)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Programs returns the command lines that hooks may run, each on one line. Arguments
// with spaces or special characters are quoted.
func Programs(hooks []hook.Config) []string {
	var out []string
	for _, c := range hooks {
		switch {
		case c.Settings["command"] != nil:
			command, ok := c.Settings["command"].([]any)
			if !ok {
				command = []any{c.Settings["command"]}
			}
			args := make([]string, len(command))
			for i, word := range command {
				a := fmt.Sprint(word)
				if args[i] = a; a == "" || strings.ContainsFunc(a, func(r rune) bool { return r <= ' ' || r == '"' || !unicode.IsPrint(r) }) {
					args[i] = strconv.Quote(a)
				}
			}
			out = append(out, strings.Join(args, " "))
		case c.Type == "apertium":
			out = append(out, "apertium")
		}
	}
	return out
}

// checkTrust fails if the hooks of the project run programs and the user has not
// allowed that.
func (w *Workspace) checkTrust(cfg *config.Config) error {
	programs := Programs(cfg.Hooks)
	if len(programs) == 0 {
		return nil
	}
	t, err := UserTrust()
	ok := false
	if err == nil {
		ok, err = t.Has(w.Dir.Name(), cfg.Hooks)
	}
	if ok || err != nil && errors.As(err, new(exit.UsageError)) {
		return err
	}
	var b bytes.Buffer
	for _, p := range programs {
		fmt.Fprintf(&b, "\n  %s", p)
	}
	return exit.Usagef("%s: the hooks of this project run programs, and you have not allowed that:%s\nif you trust the project, run 'hexapla trust --project %s' once, or use --allow-hooks (%s=1) for this run",
		w.Dir.Path(config.FileName), b.String(), w.Dir.Name(), AllowHooksEnv)
}
