package rootfs_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
)

func open(t *testing.T) *rootfs.Dir {
	t.Helper()
	d, err := rootfs.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func write(t *testing.T, d *rootfs.Dir, name, text string) {
	t.Helper()
	if _, err := d.WriteFile(name, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestWriteFile(t *testing.T) {
	d := open(t)
	for _, tt := range []struct {
		text    string
		changed bool
	}{{"one", true}, {"one", false}, {"two", true}, {"", true}, {"", false}} {
		changed, err := d.WriteFile("a/b/c.txt", []byte(tt.text))
		if err != nil || changed != tt.changed {
			t.Errorf("%q: changed %v, %v; want %v", tt.text, changed, err, tt.changed)
		}
		if data, err := d.ReadFile("a/b/c.txt"); err != nil || string(data) != tt.text {
			t.Errorf("%q: read %q, %v", tt.text, data, err)
		}
	}
	entries, err := os.ReadDir(d.Path("a/b"))
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v; want the one file", entries, err)
	}
}

// A name of the greatest length that file systems take can be written: the
// temporary file has a short name of its own.
func TestWriteLongName(t *testing.T) {
	d := open(t)
	write(t, d, strings.Repeat("n", 255), "text")
}

func TestFile(t *testing.T) {
	d := open(t)
	write(t, d, "f", "old")
	begin := func() *rootfs.File {
		f, err := d.CreateFile("f")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("new"); err != nil {
			t.Fatal(err)
		}
		if data, _ := d.ReadFile("f"); string(data) != "old" {
			t.Errorf("before Commit the file holds %q", data)
		}
		return f
	}
	if err := begin().Abort(); err != nil {
		t.Error(err)
	}
	if data, _ := d.ReadFile("f"); string(data) != "old" {
		t.Errorf("after Abort the file holds %q", data)
	}
	if err := begin().Commit(); err != nil {
		t.Error(err)
	}
	if data, _ := d.ReadFile("f"); string(data) != "new" {
		t.Errorf("after Commit the file holds %q", data)
	}
	if names, err := filepath.Glob(d.Path(".hexapla-*")); err != nil || len(names) > 0 {
		t.Errorf("left over: %v, %v", names, err)
	}
}

// What a killed process left is removed by the next one that writes in the folder;
// what another process is writing is not.
func TestAbandoned(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot remove open files")
	}
	d := open(t)
	write(t, d, "a/f", "text")
	for _, name := range []string{"a/.hexapla-ABCDEFGH.tmp", "a/.hexapla-other.tmp", "b/.hexapla-ABCDEFGH.tmp"} {
		write(t, d, path.Dir(name)+"/x", "x")
		if err := os.WriteFile(d.Path(name), []byte("half"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	busy, err := d.CreateFile("a/g")
	if err != nil {
		t.Fatal(err)
	}
	next, err := rootfs.Open(d.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	write(t, next, "a/f", "text") // unchanged
	for name, want := range map[string]bool{"a/.hexapla-ABCDEFGH.tmp": false, "a/.hexapla-other.tmp": true, "b/.hexapla-ABCDEFGH.tmp": true} {
		if d.Exists(name) != want {
			t.Errorf("%s: exists %v, want %v", name, !want, want)
		}
	}
	if err := busy.Commit(); err != nil {
		t.Errorf("the file that was being written: %v", err)
	}
}

// No path and no link leads out of the folder, neither for reading nor for
// writing.
func TestOutside(t *testing.T) {
	parent := open(t)
	write(t, parent, "secret", "secret")
	write(t, parent, "in/x", "x")
	d, err := rootfs.Open(parent.Path("in"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for link, to := range map[string]string{"link": "../secret", "folder": "..", "inner": "x"} {
		if err := os.Symlink(to, d.Path(link)); err != nil {
			t.Skip(err)
		}
	}
	for _, name := range []string{"../secret", "link", "folder/secret", parent.Path("secret")} {
		if data, err := d.ReadFile(name); err == nil {
			t.Errorf("%s: read %q", name, data)
		}
	}
	var usage exit.UsageError
	if _, err := d.ReadFile("link"); !errors.As(err, &usage) || !strings.Contains(err.Error(), "points outside") {
		t.Errorf("link: %v", err)
	}
	if data, err := d.ReadFile("inner"); err != nil || string(data) != "x" {
		t.Errorf("inner: %q, %v", data, err)
	}
	for _, name := range []string{"../new", "folder/new"} {
		if _, err := d.WriteFile(name, []byte("text")); err == nil {
			t.Errorf("%s: written", name)
		}
	}
	if _, err := d.Sub("folder"); err == nil {
		t.Error("folder: opened")
	}
	// Writing to a link replaces the link and leaves what it points to alone.
	write(t, d, "link", "text")
	if data, _ := parent.ReadFile("secret"); string(data) != "secret" {
		t.Errorf("the file outside holds %q", data)
	}
}

func TestReadFile(t *testing.T) {
	d := open(t)
	write(t, d, "dir/f", "123456")
	if data, err := d.ReadPrefix("dir/f", 4); err != nil || string(data) != "1234" {
		t.Errorf("%q, %v", data, err)
	}
	var usage exit.UsageError
	if _, err := d.ReadFile("dir"); !errors.As(err, &usage) {
		t.Errorf("folder: %v", err)
	}
	if _, err := d.ReadFile("none"); !errors.Is(err, fs.ErrNotExist) || errors.As(err, &usage) {
		t.Errorf("no file: %v", err)
	}
	if d.Exists("none") || !d.Exists("dir/f") {
		t.Error("Exists is wrong")
	}
}

// Braces multiply: 25 pairs would be 33 million searches.
func TestGlobBraces(t *testing.T) {
	d, err := rootfs.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var usage exit.UsageError
	if _, err := d.Glob([]string{strings.Repeat("{a,b}", 25) + ".txt"}); !errors.As(err, &usage) {
		t.Errorf("25 pairs of braces: %v", err)
	}
	for _, pattern := range []string{strings.Repeat("{a,b}", 12), "*.{md,txt,html}"} {
		if _, err := d.Glob([]string{pattern}); err != nil {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

func TestGlob(t *testing.T) {
	d := open(t)
	for _, name := range []string{"a/1.md", "a/b/2.md", "a/b/2.txt", "c/3.md"} {
		write(t, d, name, name)
	}
	got, err := d.Glob([]string{"a/**/*.md", "./a/*.md", "**/*.{md,txt}"})
	if want := []string{"a/1.md", "a/b/2.md", "a/b/2.txt", "c/3.md"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	var usage exit.UsageError
	if _, err := d.Glob([]string{"["}); !errors.As(err, &usage) {
		t.Errorf("wrong pattern: %v", err)
	}
}

func TestWriteFileByName(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new", "f")
	if err := rootfs.WriteFile(name, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(name); err != nil || string(data) != "text" {
		t.Errorf("%q, %v", data, err)
	}
	if err := rootfs.WriteFile(filepath.Join(name, "f"), nil); err == nil {
		t.Error("a file was written below a file")
	}
}

// A link that the user names is followed, and stays a link.
func TestWriteFileLink(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Skip(err)
	}
	if err := rootfs.WriteFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(file); string(data) != "new" {
		t.Errorf("the file holds %q", data)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is now %v, %v", info, err)
	}
}

// An error of the function leaves the old file.
func TestWriteFuncFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	if err := rootfs.WriteFile(name, []byte("old")); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("failure")
	err := rootfs.WriteFunc(name, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return failure
	})
	if !errors.Is(err, failure) {
		t.Error(err)
	}
	if data, _ := os.ReadFile(name); string(data) != "old" {
		t.Errorf("the file holds %q", data)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestFS(t *testing.T) {
	d := open(t)
	write(t, d, "a/f", "text")
	if err := fstest.TestFS(d.FS(), "a/f"); err != nil {
		t.Error(err)
	}
}

// A file that is larger than its limit is refused without being read.
func TestReadLimited(t *testing.T) {
	dir := t.TempDir()
	d, err := rootfs.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	name := filepath.Join(dir, "state.json")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, rootfs.MaxState+1); err != nil { // of holes
		t.Fatal(err)
	}
	if data, err := d.ReadState("state.json"); err == nil || !strings.Contains(err.Error(), "larger than the limit of 134217728 bytes") || data != nil {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if err := os.Truncate(name, 3); err != nil {
		t.Fatal(err)
	}
	if data, err := d.ReadLimited("state.json", 3); err != nil || len(data) != 3 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if _, err := d.ReadLimited("state.json", 2); err == nil {
		t.Error("a file of 3 bytes is read with a limit of 2")
	}
}
