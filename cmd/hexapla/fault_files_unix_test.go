//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	for _, args := range [][]string{{"status"}, {"memory", "stats"}, {"memory", "export"}, {"build"}, f.importArgs("Олени")} {
		cmd, out := f.command(filepath.Join(public, "hexapla"), args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		if err := cmd.Start(); err != nil {
			f.word = "skipped: " + err.Error()
			f.Skip(f.word)
		}
		if code := f.end(cmd, out); code == 0 && args[0] == "import" {
			f.Errorf("%q succeeds in a folder that it cannot write to", args)
		}
	}
	if err := os.Remove(filepath.Join(f.dir, "Олени.jsonl")); err != nil {
		f.Fatal(err)
	}
	f.same(f.tree("."), before)
	f.dir = own
}

// replaced puts something that is no regular file in the place of a file.
func (f *fault) replaced(name string, put func(path string) error) {
	f.must("build")
	path := filepath.Join(f.dir, name)
	if err := os.Rename(path, filepath.Join(f.temp, "kept")); err != nil {
		f.Fatal(err)
	}
	if err := put(path); err != nil {
		f.Fatal(err)
	}
	for _, args := range [][]string{{"status"}, {"check"}, {"memory", "stats"}, {"build"}} {
		f.exec(args...)
	}
	if err := errors.Join(os.RemoveAll(path), os.Rename(filepath.Join(f.temp, "kept"), path)); err != nil {
		f.Fatal(err)
	}
	f.whole()
}
