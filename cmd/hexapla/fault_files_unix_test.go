//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// fileSizeLimit runs commands that cannot write files of more than some blocks.
func (f *fault) fileSizeLimit() {
	f.must("status")
	limit := 1 << f.rand.IntN(9)
	for _, args := range [][]string{f.importArgs("Олени"), {"build"}} {
		cmd, out := f.command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -f %d; exec hexapla "$@"`, limit), "sh"}, args...)...)
		if err := cmd.Start(); err != nil {
			f.Fatal(err)
		}
		if f.end(cmd, out) == 0 && args[0] == "import" {
			defer f.acknowledged("Олени")
		}
	}
	f.fromNothing()
}

// fullDisk runs commands in a small file system of its own.
func (f *fault) fullDisk() {
	disk := filepath.Join(f.temp, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		f.Fatal(err)
	}
	size := 300 + f.rand.IntN(700)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", size), "tmpfs", disk).CombinedOutput(); err != nil {
		f.word = "skipped: no tmpfs can be mounted here"
		f.Skipf("%s: %s", f.word, out)
	}
	defer func() { _ = exec.Command("umount", "-l", disk).Run() }()
	small := filepath.Join(disk, "p")
	if err := os.CopyFS(small, os.DirFS(f.dir)); err != nil {
		f.Fatalf("%d KB are too few for the project: %v", size, err)
	}
	args := f.importArgs("Олени") // the file itself is on the large disk
	large := f.dir
	f.dir = small
	code, _ := f.exec(args...)
	f.exec("build")
	// The disk gets room again.
	if out, err := exec.Command("mount", "-o", "remount,size=64m", disk).CombinedOutput(); err != nil {
		f.Fatalf("%v: %s", err, out)
	}
	if code != 0 {
		f.must(args...)
	}
	f.acknowledged("Олени")
	f.dir = large
}

// noPermission runs commands as a user who may read the project only.
func (f *fault) noPermission() {
	if os.Getuid() != 0 {
		f.word = "skipped: only root can run a program as another user"
		f.Skip(f.word)
	}
	f.must("build")
	before := f.tree(".")
	program, err := exec.LookPath("hexapla")
	if err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(program)
	if err != nil {
		f.Fatal(err)
	}
	public, err := os.MkdirTemp("", "fault-") // t.TempDir is closed to others
	if err != nil {
		f.Fatal(err)
	}
	defer os.RemoveAll(public)
	temp := filepath.Join(public, "tmp")
	err = errors.Join(os.Chmod(public, 0o755), os.WriteFile(filepath.Join(public, "hexapla"), data, 0o755),
		os.CopyFS(filepath.Join(public, "p"), os.DirFS(f.dir)), os.Mkdir(temp, 0o777), os.Chmod(temp, 0o777))
	if err != nil {
		f.Fatal(err)
	}
	own := f.dir
	f.dir, f.temp = filepath.Join(public, "p"), temp
	readers := [][]string{{"status"}, {"check"}, {"memory", "stats"}, {"memory", "history"}, {"memory", "search", "FREIGHT"}, {"memory", "export"}, {"export", "--locale", "uk", "-o", filepath.Join(temp, "out")}}
	for i, args := range append(readers, []string{"build"}, f.importArgs("Олени")) {
		cmd, out := f.command(filepath.Join(public, "hexapla"), args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		if err := cmd.Start(); err != nil {
			f.word = "skipped: " + err.Error()
			f.Skip(f.word)
		}
		switch code := f.end(cmd, out); {
		case code == 0 && args[0] == "import":
			f.Errorf("%q succeeds in a folder that it cannot write to", args)
		case code > 1 && i < len(readers):
			f.Errorf("%q only reads, and ends with %d:\n%.800s", args, code, out.Bytes())
		}
	}
	if err := os.Remove(filepath.Join(f.dir, "Олени.jsonl")); err != nil {
		f.Fatal(err)
	}
	f.same(f.tree("."), before)
	f.dir = own
}

// replaced puts something that is no regular file in the place of a file, or in a place
// where there may be one.
func (f *fault) replaced(name string, put func(path string) error) {
	f.must("build")
	path := filepath.Join(f.dir, name)
	kept := filepath.Join(f.temp, "kept")
	before, err := os.ReadFile(filepath.Join(f.dir, "hexapla.toml"))
	if err != nil {
		f.Fatal(err)
	}
	f.edit("hexapla.toml", func(text string) string {
		switch {
		case strings.HasPrefix(name, "tm/"):
			return strings.Replace(text, "journal = true\n", "journal = true\nimport = [\"tm/*.tmx\"]\n", 1)
		case strings.HasPrefix(name, "locales/"):
			return text + "\n[catalogs]\ndir = \"locales\"\n"
		case name == "terms.csv":
			return text + "\n[glossary]\nfiles = [\"terms.csv\"]\n"
		case name == "rules.srx":
			return text + "\n[segmentation]\nsrx = \"rules.srx\"\n"
		case name == "style.txt":
			return text + "\n[[hook]]\nname = \"m\"\ntype = \"openai\"\nurl = \"http://127.0.0.1:9/\"\nmodel = \"m\"\nstyle = \"style.txt\"\n"
		case name == "prompt.txt":
			return text + "\n[[hook]]\nname = \"m\"\ntype = \"openai\"\nurl = \"http://127.0.0.1:9/\"\nmodel = \"m\"\nprompt = \"prompt.txt\"\n"
		case name == "index.tmpl":
			text = strings.Replace(text, "[project]\n", "[project]\nbase_url = \"https://x.example/{locale}/{path}\"\n", 1)
			return text + "\n[site]\nindex = true\nindex_template = \"index.tmpl\"\n"
		}
		return text
	})
	is := false
	if _, err := os.Lstat(path); err == nil {
		is = true // a file, or the folder of the articles
		if err := os.Rename(path, kept); err != nil {
			f.Fatal(err)
		}
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), put(path)); err != nil {
		f.Fatal(err)
	}
	for _, args := range [][]string{{"status"}, {"check"}, {"memory", "stats"}, {"check", "--baseline", path}, {"build"}} {
		if args[len(args)-1] == path && name != "baseline.json" {
			continue
		}
		code, out := f.exec(args...)
		if args[len(args)-1] == path && code != 2 {
			f.Errorf("%q ends with %d:\n%.800s", args, code, out)
		}
		if args[0] == "build" && name != "baseline.json" && code == 0 && name != "locales" && !strings.HasPrefix(name, "articles") && !strings.HasPrefix(name, "editions/") {
			f.Errorf("%q ends with success beside %s that is no file:\n%.800s", args, name, out)
		}
		if code > 1 && !strings.Contains(out, filepath.Base(name)) {
			f.Errorf("%q ends with %d and does not name %s:\n%.800s", args, code, name, out)
		}
	}
	if err := os.RemoveAll(path); err != nil {
		f.Fatal(err)
	}
	if is {
		if err := os.Rename(kept, path); err != nil {
			f.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(f.dir, "hexapla.toml"), before, 0o644); err != nil {
		f.Fatal(err)
	}
	if name == "index.tmpl" { // the list of pages is of the site, which the project no longer has
		for _, locale := range []string{"uk", "ru"} {
			if err := os.Remove(filepath.Join(f.dir, "editions", locale, "pages.json")); err != nil {
				f.Fatal(err)
			}
		}
	}
	f.whole()
}

// edit changes a file of the project.
func (f *fault) edit(name string, change func(string) string) {
	f.Helper()
	path := filepath.Join(f.dir, name)
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, []byte(change(string(data))), 0o644)
	}
	if err != nil {
		f.Fatal(err)
	}
}

// devFull runs a command whose output cannot be written: it must not end with success.
func (f *fault) devFull(args []string) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		f.word = "skipped: there is no /dev/full here"
		f.Skip(f.word)
	}
	defer full.Close()
	f.must("build")
	cmd, out := f.command("hexapla", args...)
	cmd.Stdout = full
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	if code := f.end(cmd, out); code != 3 || !strings.Contains(out.String(), "no space left") {
		f.Errorf("%q ends with %d:\n%.800s", args, code, out.Bytes())
	}
	f.whole()
}

// maxMemory is the most in KB that a command may need for a hostile file of any size.
const maxMemory = 600 << 10

// small runs a command that must not need much memory, and returns its exit status.
func (f *fault) small(args ...string) (int, string) {
	f.Helper()
	cmd, out := f.start(args...)
	code := f.end(cmd, out)
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		need := u.Maxrss
		if runtime.GOOS == "darwin" {
			need >>= 10 // bytes there
		}
		if need > maxMemory {
			f.Errorf("%q needs %d MB", args, need>>10)
		}
	}
	return code, out.String()
}

// gigabyte makes a file a gigabyte larger. It is refused unread, or nobody needs it.
func (f *fault) gigabyte(name string) {
	f.must("build")
	path := filepath.Join(f.dir, name)
	before, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		err = errors.Join(file.Truncate(1100<<20), file.Close()) // of holes
	}
	if err != nil {
		f.Fatal(err)
	}
	for _, args := range [][]string{{"status"}, {"build"}} {
		code, out := f.small(args...)
		if code == 0 && name != "memory/journal/zz.jsonl" && !strings.Contains(name, "refusals") {
			f.Errorf("%q ends with success beside %s of 1.1 GB:\n%.800s", args, name, out)
		}
	}
	if before == nil {
		err = os.Remove(path)
	} else {
		err = os.WriteFile(path, before, 0o644)
	}
	if err != nil {
		f.Fatal(err)
	}
	f.must("build")
	f.noStray()
}
