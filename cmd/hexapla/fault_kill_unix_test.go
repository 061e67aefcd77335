//go:build unix

package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// killed sends a signal to a command at a random moment.
func (f *fault) killed(sig syscall.Signal, within time.Duration, args ...string) int {
	f.Helper()
	cmd, out := f.start(args...)
	time.Sleep(time.Duration(f.rand.Int64N(int64(within))))
	_ = cmd.Process.Signal(sig)
	code := f.end(cmd, out)
	f.met = code < 0 || code == 3
	return code
}

// killedDryRun kills commands that only look. The project stays as it is, byte for byte,
// before anything was built and after it.
func (f *fault) killedDryRun(sig syscall.Signal) {
	commands := [][]string{{"build", "--dry-run"}, {"status"}, {"check"}, {"memory", "verify"}, {"check", f.importArgs("Олени")[5]}, {"import", "--dry-run", "--partial", f.importArgs("Олени")[5]}}
	args := commands[f.rand.IntN(len(commands))]
	if f.rand.IntN(2) == 0 {
		f.must("build")
	}
	before := f.tree(".")
	f.killed(sig, f.s.importTime, args...)
	met := f.met
	after := f.tree(".")
	for name, text := range after {
		if strings.HasSuffix(name, ".db-shm") || strings.HasSuffix(name, ".db-wal") && text == "" {
			continue // SQLite's, of a reader: nothing of the memory is in them
		}
		if old, ok := before[name]; !ok || old != text {
			f.Errorf("%q changed %s", args, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			f.Errorf("%q removed %s", args, name)
		}
	}
	if err := os.Remove(filepath.Join(f.dir, "Олени.jsonl")); err != nil {
		f.Fatal(err)
	}
	f.whole()
	f.met = met
}

func (f *fault) killedImport(sig syscall.Signal) {
	if f.killed(sig, f.s.importTime, f.importArgs("Олени")...) == 0 {
		f.acknowledged("Олени")
		return
	}
	f.must(f.importArgs("Олени")...)
	f.acknowledged("Олени")
}

// faultCommand is a command that stores something. effect is the part of the output of
// shown that is there once the command has ended well.
type faultCommand struct {
	name   string
	args   []string
	shown  []string
	effect string
}

var faultCommands = []faultCommand{
	{"note add", []string{"note", "add", "--locale", "uk", "--author", "Олени", "articles/a0.txt", "Which freight?"}, []string{"note", "list"}, "Which freight?"},
	{"approve", []string{"approve", "--locale", "uk", "--author", "Павла", "articles/a0.txt"}, []string{"memory", "stats", "--json"}, `"reviewed": 25`},
	{"approve --back", []string{"approve", "--locale", "uk", "--author", "Павла", "--back", "--state", "initial", "articles/a0.txt"}, []string{"memory", "stats", "--json"}, `"initial": 25`},
	{"align", []string{"align", "--locale", "uk", "page.html", "сторінка.html"}, []string{"memory", "search", "Зайвий"}, "Зайвий вантаж прибув до гавані."},
	{"adopt", []string{"adopt", "--yes", "--author", "Павла", "editions/uk/a1.txt"}, []string{"memory", "search", "Змінено 1025"}, "Змінено 1025 для Олени прибув"},
	{"import of a package", []string{"import", "--author", "Павла", "back.zip"}, []string{"memory", "search", "1149 для Павла"}, "Вантаж 1149 для Павла прибув"},
	{"memory copy", []string{"memory", "copy", ".hexapla/memory.db", "backup"}, []string{"memory", "verify"}, "0 problems"},
	{"memory edit", []string{"memory", "edit", "--locale", "uk", "--reason", "style", "The freight number 1000 has arrived at the harbour.", "Вантаж тисяча."}, []string{"memory", "search", "Вантаж тисяча"}, "Вантаж тисяча."},
	{"memory import", []string{"memory", "import", "extra.tmx"}, []string{"memory", "search", "Зайвий"}, "Зайвий вантаж."},
	{"memory undo", []string{"memory", "undo", "first"}, []string{"memory", "stats", "--json"}, `"former"`},
	{"export", []string{"export", "--locale", "uk", "--package", "--flavor", "omegat", "-o", "out"}, []string{"import", "--dry-run", "out/uk.zip"}, "source/a5.txt.xlf: 0 accepted, 25 unchanged"},
	{"memory rebuild", []string{"memory", "rebuild"}, []string{"memory", "verify"}, "0 problems"},
}

// killedCommand kills a command that changes the memory: what was acknowledged before is
// there, and what the command does if it ended well. It can be given again.
func (f *fault) killedCommand(c faultCommand) {
	f.must(append(f.importArgs("Олени"), "--name", "first")...)
	page := func(title, first, second string) string {
		return "<h1>" + title + " 2026</h1>\n<p>" + first + " 12 (A. Smith).</p>\n<p>" + second + " 34.</p>\n"
	}
	for name, text := range map[string]string{
		"page.html":     page("An extra freight", "An extra freight has arrived at the harbour.", "It was weighed twice."),
		"сторінка.html": page("Зайвий вантаж", "Зайвий вантаж прибув до гавані.", "Його зважили двічі."),
	} {
		if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	extra := `<?xml version="1.0"?><tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en" datatype="plaintext"/><body><tu><tuv xml:lang="en"><seg>An extra freight.</seg></tuv><tuv xml:lang="uk"><seg>Зайвий вантаж.</seg></tuv></tu></body></tmx>`
	if err := os.WriteFile(filepath.Join(f.dir, "extra.tmx"), []byte(extra), 0o644); err != nil {
		f.Fatal(err)
	}
	switch c.name {
	case "adopt":
		f.must("build")
		edition := filepath.Join(f.dir, "editions/uk/a1.txt")
		text, err := os.ReadFile(edition)
		if err == nil {
			err = os.WriteFile(edition, bytes.Replace(text, []byte("Вантаж 1025"), []byte("Змінено 1025"), 1), 0o644)
		}
		if err != nil {
			f.Fatal(err)
		}
	case "import of a package":
		f.zipped("back.zip", f.importArgs("Павла")[5])
	}
	code := f.killed(syscall.SIGKILL, f.s.importTime, c.args...)
	if code != 0 {
		if code, out := f.exec(c.args...); code > 1 && !strings.Contains(out, "undone") && !strings.Contains(out, "is changed by this") {
			f.Errorf("given again, it ends with %d:\n%.800s", code, out)
		}
	}
	if out := f.must(c.shown...); !strings.Contains(out, c.effect) {
		f.Errorf("no %q in\n%.1500s", c.effect, out)
	}
	if out := f.must("memory", "verify"); !strings.Contains(out, "0 problems") {
		f.Errorf("%.800s", out)
	}
	f.acknowledged("Олени")
}

// zipped makes a zip file of a file.
func (f *fault) zipped(name, file string) {
	f.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entry, err := w.Create(filepath.Base(file))
	if err == nil {
		_, err = entry.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(f.dir, name), b.Bytes(), 0o644)
	}
	if err != nil {
		f.Fatal(err)
	}
}
