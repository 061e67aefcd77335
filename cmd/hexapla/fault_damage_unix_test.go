//go:build unix

package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// damage changes a file, or a file of a folder, of a finished project. No command may
// panic by it, and without the memory's database and the editions, the project
// must build again; with a damaged memory a command may refuse to work.
func (f *fault) damage(name string, change func(*fault, []byte) []byte) {
	f.must("build")
	path := filepath.Join(f.dir, name)
	var files []string
	_ = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if info, ierr := os.Stat(p); err == nil && ierr == nil && info.Mode().IsRegular() && info.Size() > 0 {
			files = append(files, p)
		}
		return nil
	})
	if len(files) == 0 {
		f.Fatalf("%s: no file to damage", name)
	}
	path = files[f.rand.IntN(len(files))]
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(path, change(f, data), 0o644); err != nil {
		f.Fatal(err)
	}
	f.damageReported(name, path, string(data))
	if name == ".hexapla/memory.db" {
		f.recovered()
	}
	for _, args := range [][]string{{"memory", "stats"}, {"memory", "export"}, {"status"}, {"check"}, {"build"}} {
		f.exec(args...)
	}
	if name == ".hexapla/memory.db" {
		// The database is lost: the journal has everything.
		for _, part := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(filepath.Join(f.dir, name+part))
		}
		f.drafts()
		f.whole()
	}
	if name == "editions/uk/manifest.json" {
		// A build replaces no page on the word of a damaged manifest: it names it, and the
		// way out that it gives leads out.
		code, out := f.exec("build", "--findings")
		if code != 0 {
			if !strings.Contains(out, "--overwrite") && !strings.Contains(out, "edition.") {
				f.Errorf("refused without a reason:\n%s", out)
			}
			if err := os.Remove(path); err != nil {
				f.Fatal(err)
			}
			f.must("build", "--overwrite")
		}
		f.fromNothing()
	}
}

func flipBit(f *fault, data []byte) []byte {
	data[f.rand.IntN(len(data))] ^= 1 << f.rand.IntN(8)
	return data
}

func truncate(f *fault, data []byte) []byte { return data[:f.rand.IntN(len(data))] }

// damageReported checks that memory verify notices a damaged journal, unless all lines
// are there, and that what was lost of it can be written again.
func (f *fault) damageReported(name, path, before string) {
	f.Helper()
	code, out := f.exec("memory", "verify")
	if name != "memory/journal" || !strings.HasSuffix(path, ".jsonl") {
		return
	}
	file := filepath.Base(path)
	after, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	lost := 0
	lines := map[string]bool{}
	for line := range strings.Lines(string(after)) {
		lines[strings.TrimRight(line, "\n")] = true
	}
	for line := range strings.Lines(before) {
		if !lines[strings.TrimRight(line, "\n")] {
			lost++
		}
	}
	switch {
	case lost > 0 && (code == 0 || !strings.Contains(out, file)):
		f.Errorf("%s has lost %d lines, and memory verify ends with %d:\n%.800s", file, lost, code, out)
	case code == 3:
		return // a newer version of the format, by its number
	}
	f.exec("memory", "rebuild", "--restore")
	f.drafts()
	if _, out := f.exec("memory", "verify"); strings.Contains(out, "journal.missing") {
		f.Errorf("lines are missing after they were restored:\n%.800s", out)
	}
}

// recovered checks, for a copy of the project with a damaged database, that memory
// verify finds nothing only if every translation is there, and that memory recover,
// which has the journal besides, leaves a memory with all of them, or changes nothing
// and says why.
func (f *fault) recovered() {
	f.Helper()
	own := f.dir
	defer func() { f.dir = own }()
	f.dir = filepath.Join(f.temp, "recovered")
	if err := os.CopyFS(f.dir, os.DirFS(own)); err != nil {
		f.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(f.dir) }()
	if code, out := f.exec("memory", "verify"); code == 0 {
		f.drafts()
	} else if strings.Contains(out, " 0 problems") || strings.TrimSpace(out) == "" {
		f.Errorf("memory verify ends with %d and no reason:\n%.800s", code, out)
	}
	before := f.tree(".hexapla")
	code, out := f.exec("memory", "recover")
	if code > 1 {
		if !strings.Contains(out, "memory.db") {
			f.Errorf("memory recover ends with %d and no reason:\n%.800s", code, out)
		}
		if after := f.tree(".hexapla"); after[".hexapla/memory.db"] != before[".hexapla/memory.db"] {
			f.Errorf("memory recover ends with %d, and the database is another", code)
		}
		return
	}
	if out := f.must("memory", "verify"); !strings.Contains(out, "0 problems") {
		f.Errorf("the recovered memory is damaged:\n%.800s", out)
	}
	f.drafts()
}

// flippedText flips a bit in a text that the memory's database has. Its checksum tells it:
// memory verify reports the text, and memory recover saves all the others, and from the
// journal this one too.
func (f *fault) flippedText() {
	f.must("build")
	for _, part := range []string{"-wal", "-shm"} {
		if info, err := os.Stat(filepath.Join(f.dir, ".hexapla/memory.db"+part)); err == nil && info.Size() > 0 && part == "-wal" {
			f.Fatal("the database has a write-ahead log after the build")
		}
	}
	path := filepath.Join(f.dir, ".hexapla/memory.db")
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	word := []byte("THE FREIGHT NUMBER")
	var places []int
	for at := 0; ; {
		i := bytes.Index(data[at:], word)
		if i < 0 {
			break
		}
		places = append(places, at+i)
		at += i + 1
	}
	if len(places) == 0 {
		f.Fatal("the database has no text")
	}
	at := places[f.rand.IntN(len(places))] + 4 + f.rand.IntN(7)
	data[at] ^= 1 << f.rand.IntN(5)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		f.Fatal(err)
	}
	if code, _ := f.exec("memory", "verify"); code == 0 {
		f.drafts() // the byte is in a page that SQLite does not use any more
	}
	f.must("memory", "recover")
	if out := f.must("memory", "verify"); !strings.Contains(out, "0 problems") {
		f.Errorf("%.800s", out)
	}
	f.drafts()
	f.whole()
}

// emptyMemory makes the memory an empty file beside editions: what readers have is not
// replaced by less.
func (f *fault) emptyMemory() {
	f.edit("hexapla.toml", func(s string) string { return strings.Replace(s, "journal = true", "journal = false", 1) })
	f.must("build")
	before := f.tree("editions")
	for _, part := range []string{"-wal", "-shm"} {
		_ = os.Remove(filepath.Join(f.dir, ".hexapla/memory.db"+part))
	}
	if err := os.Truncate(filepath.Join(f.dir, ".hexapla/memory.db"), 0); err != nil {
		f.Fatal(err)
	}
	code, out := f.exec("build")
	if code < 2 || !strings.Contains(out, "memory.db") {
		f.Errorf("build ends with %d:\n%.800s", code, out)
	}
	f.same(f.tree("editions"), before)
}
