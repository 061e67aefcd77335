package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No command that edits catalogs writes anything while a file of the source does
// not load, or has no messages.
func TestCatalogEditsNeedTheSource(t *testing.T) {
	const source = "[Hello]\nother = \"Hello\"\n[Bye]\nother = \"Bye\"\n"
	const dutch = "# Dutch, by hand\n[Hello]\nother = \"Hallo\"\n[Bye]\nother = \"Dag\"\n[Second]\nother = \"Tweede\"\n"
	const po = "msgid \"\"\nmsgstr \"\"\n\"Language: nl\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgctxt \"Hello\"\nmsgid \"Hello\"\nmsgstr \"Hallo daar\"\n"
	broken := map[string]map[string]string{
		"reserved keys":        {"active.en.toml": source + "[card]\ndescription = \"d\"\ntitle = \"t\"\n"},
		"syntax":               {"active.en.toml": source + "[broken\n"},
		"marks of a merge":     {"active.en.toml": "<<<<<<< HEAD\n" + source + "=======\n>>>>>>> b\n"},
		"not UTF-8":            {"active.en.toml": source + "[N]\nother = \"caf\xe9\"\n"},
		"empty":                {"active.en.toml": ""},
		"a comment alone":      {"active.en.toml": "# nothing yet\n"},
		"a second file":        {"active.en.toml": source, "more.en.toml": "[Second]\nother = \"Second\"\n[broken\n"},
		"JSON that is cut off": {"active.en.json": "{\"Hello\": \"Hello\", \"Bye\": "},
		"YAML":                 {"active.en.yaml": "Hello: Hello\n  Bye: [\n"},
	}
	commands := [][]string{
		{"prune"}, {"prune", "Bye"}, {"rename", "Bye", "Farewell"}, {"fmt"}, {"sync"}, {"sync", "--prune"}, {"merge"}, {"pseudo"}, {"import", "messages.nl.po"},
	}
	for name, files := range broken {
		for _, command := range commands {
			t.Run(name+"/"+strings.Join(command, " "), func(t *testing.T) {
				dir := t.TempDir()
				catalogs := filepath.Join(dir, "i18n")
				write := func(path, data string) {
					t.Helper()
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				write(filepath.Join(catalogs, "active.nl.toml"), dutch)
				for path, data := range files {
					write(filepath.Join(catalogs, path), data)
				}
				write(filepath.Join(dir, "messages.nl.po"), po)
				args := []string{"hexapla", "catalog", command[0], "--dir", catalogs}
				for _, a := range command[1:] {
					if strings.HasSuffix(a, ".po") {
						a = filepath.Join(dir, a)
					}
					args = append(args, a)
				}
				var errw bytes.Buffer
				if code := run(context.Background(), args, strings.NewReader(""), io.Discard, &errw); code == 0 {
					t.Errorf("%v succeeded", args[2:])
				}
				if !strings.Contains(errw.String(), "source") {
					t.Errorf("nothing says that it is the source: %s", errw.String())
				}
				entries, err := os.ReadDir(catalogs)
				if err != nil {
					t.Fatal(err)
				}
				if len(entries) != len(files)+1 {
					t.Errorf("files were made or removed: %v", entries)
				}
				files["active.nl.toml"] = dutch
				defer delete(files, "active.nl.toml")
				for path, data := range files {
					if got, err := os.ReadFile(filepath.Join(catalogs, path)); err != nil || string(got) != data {
						t.Errorf("%s was changed: %q, %v", path, got, err)
					}
				}
			})
		}
	}
}
