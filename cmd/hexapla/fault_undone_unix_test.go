//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// undoneFile undoes the import of a TMX file that the configuration names, and then
// changes the file by a line feed. What was undone does not come back.
func (f *fault) undoneFile() {
	const text = "Вантаж прибув уночі"
	tmx := `<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en" datatype="plaintext"/><body>
<tu><tuv xml:lang="en"><seg>The freight arrived at night.</seg></tuv><tuv xml:lang="uk"><seg>` + text + `.</seg></tuv></tu>
</body></tmx>
`
	path := filepath.Join(f.dir, "tm", "a.tmx")
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(tmx), 0o644)); err != nil {
		f.Fatal(err)
	}
	f.edit("hexapla.toml", func(s string) string {
		return strings.Replace(s, "journal = true\n", "journal = true\nimport = [\"tm/*.tmx\"]\n", 1)
	})
	f.must("build")
	if out := f.must("memory", "export"); !strings.Contains(out, text) {
		f.Fatal("the file was not imported")
	}
	if code, out := f.exec("memory", "undo", "1"); code != 0 {
		f.Fatalf("undo: %d\n%.800s", code, out)
	}
	for range 2 {
		f.edit("tm/a.tmx", func(s string) string { return s + "\n" })
		f.must("build")
		if out := f.must("memory", "export"); strings.Contains(out, text) {
			f.Fatal("what was undone is back")
		}
	}
}

// foreignParent runs commands below a folder with a project of another user: its hooks
// would run programs. It is obeyed only when it is named.
func (f *fault) foreignParent() {
	if os.Getuid() != 0 {
		f.word = "skipped: only root can give a file to another user"
		f.Skip(f.word)
	}
	f.must("build")
	if err := os.Chown(filepath.Join(f.dir, "hexapla.toml"), 65534, 65534); err != nil {
		f.Fatal(err)
	}
	root := f.dir
	f.dir = filepath.Join(root, "articles")
	for _, args := range [][]string{{"status"}, {"build"}, {"check"}} {
		if code, out := f.exec(args...); code != 2 || !strings.Contains(out, "belongs to another user") {
			f.Errorf("%q ends with %d:\n%.800s", args, code, out)
		}
		if code, out := f.exec(append(args, "--project", root)...); code > 1 {
			f.Errorf("%q with its name ends with %d:\n%.800s", args, code, out)
		}
	}
	f.dir = root
}
