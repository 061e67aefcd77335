package rootfs_test

import (
	"fmt"
	"os"
	"path"
	"runtime"
	"sync"
	"testing"

	"hexapla/cmd/internal/rootfs"
)

// A Batch reads and writes what a Dir does, whatever there is at the path of a file and at
// those of its folders.
func TestBatch(t *testing.T) {
	const name = "ru/a/page.html"
	link := func(t *testing.T, target, at string) {
		if err := os.Symlink(target, at); err != nil {
			t.Skip(err)
		}
	}
	write := func(t *testing.T, d *rootfs.Dir, name, text string) {
		if _, err := d.WriteFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, d *rootfs.Dir)
		changed bool
		fails   bool
	}{
		{"nothing", func(*testing.T, *rootfs.Dir) {}, true, false},
		{"the same file", func(t *testing.T, d *rootfs.Dir) { write(t, d, name, "new") }, false, false},
		{"a file of the same size", func(t *testing.T, d *rootfs.Dir) { write(t, d, name, "old") }, true, false},
		{"a longer file", func(t *testing.T, d *rootfs.Dir) { write(t, d, name, "older") }, true, false},
		{"a file that a killed process left", func(t *testing.T, d *rootfs.Dir) { write(t, d, path.Dir(name)+"/.hexapla-ABCDEFGH.tmp", "ne") }, true, false},
		{"a link to the same text in another folder", func(t *testing.T, d *rootfs.Dir) {
			write(t, d, "other/page.html", "new")
			write(t, d, path.Dir(name)+"/x", "")
			link(t, "../../other/page.html", d.Path(name))
		}, false, false},
		{"a link to another text", func(t *testing.T, d *rootfs.Dir) {
			write(t, d, "other/page.html", "old")
			write(t, d, path.Dir(name)+"/x", "")
			link(t, "../../other/page.html", d.Path(name))
		}, true, false},
		{"a folder that is a link", func(t *testing.T, d *rootfs.Dir) {
			write(t, d, "other/x", "")
			write(t, d, "ru/x", "")
			link(t, "../other", d.Path("ru/a"))
		}, true, false},
		{"a folder that leads out", func(t *testing.T, d *rootfs.Dir) {
			write(t, d, "ru/x", "")
			link(t, t.TempDir(), d.Path("ru/a"))
		}, false, true},
		{"a folder in the place of the file", func(t *testing.T, d *rootfs.Dir) { write(t, d, name+"/x", "") }, false, true},
		{"a file in the place of the folder", func(t *testing.T, d *rootfs.Dir) { write(t, d, path.Dir(name), "") }, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t)
			c.prepare(t, d)
			b := d.NewBatch()
			defer b.Close()
			same := func() {
				t.Helper()
				s1, ok1 := d.Stamp(name)
				if s2, ok2 := b.Stamp(name); s1 != s2 || ok1 != ok2 {
					t.Errorf("stamp: %v %v, want %v %v", s2, ok2, s1, ok1)
				}
				if want := d.Exists(name); b.Exists(name) != want {
					t.Errorf("exists: want %v", want)
				}
				data1, err1 := d.ReadFile(name)
				if data2, err2 := b.ReadFile(name); string(data1) != string(data2) || (err1 == nil) != (err2 == nil) {
					t.Errorf("read: %q %v, want %q %v", data2, err2, data1, err1)
				}
			}
			same()
			changed, err := b.WriteFile(name, []byte("new"))
			if changed != c.changed && !c.fails || (err != nil) != c.fails {
				t.Errorf("changed %v, %v; want %v", changed, err, c.changed)
			}
			same()
			if data, err := d.ReadFile(name); !c.fails && string(data) != "new" {
				t.Errorf("the file has %q, %v", data, err)
			}
			if d.Exists(path.Dir(name) + "/.hexapla-ABCDEFGH.tmp") {
				t.Error("the file of a killed process is still there")
			}
		})
	}
}

// A folder that is removed while a Batch has it open is made anew.
func TestBatchOfRemovedFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open folder cannot be removed")
	}
	d := open(t)
	b := d.NewBatch()
	defer b.Close()
	for _, text := range []string{"first", "again", "third"} {
		if changed, err := b.WriteFile("ru/a/page.html", []byte(text)); err != nil || !changed {
			t.Fatalf("changed %v, %v", changed, err)
		}
		if data, err := d.ReadFile("ru/a/page.html"); err != nil || string(data) != text {
			t.Fatalf("the file has %q, %v; want %q", data, err, text)
		}
		if !b.Exists("ru/a/page.html") {
			t.Fatalf("%s: there is no file", text)
		}
		if err := os.RemoveAll(d.Path("ru")); err != nil {
			t.Fatal(err)
		}
	}
	b.Sync()
}

// Goroutines that use more folders than a Batch keeps open do not close each other's.
func TestBatchOfManyFolders(t *testing.T) {
	d := open(t)
	b := d.NewBatch()
	defer b.Close()
	var workers sync.WaitGroup
	for worker := range 16 {
		workers.Go(func() {
			for n := range 60 {
				name := fmt.Sprintf("ru/%d/%d.html", (n*7+worker)%200, worker)
				if _, err := b.WriteFile(name, fmt.Append(nil, n)); err != nil {
					t.Errorf("write: %v", err)
				}
				if data, err := b.ReadFile(name); err != nil || string(data) != fmt.Sprint(n) {
					t.Errorf("%s: read %q, %v", name, data, err)
				}
				if !b.Exists(name) {
					t.Errorf("%s does not exist", name)
				}
			}
		})
	}
	workers.Wait()
	left, err := d.Glob([]string{"ru/*/.hexapla-*"})
	if err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
}
