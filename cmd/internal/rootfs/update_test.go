package rootfs_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file gets its new content whole and only if it differs, in whatever pieces it comes.
func TestUpdate(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 8<<10)
	for _, x := range []struct{ old, new string }{
		{"-", ""}, {"-", "new"}, {"", ""}, {"old", ""}, {"same", "same"}, {"same", "same and more"}, {"same and more", "same"}, {"old", "new"},
		{long, long}, {long, long + "x"}, {long, long[:len(long)-1]}, {long, long[:70_000] + "X" + long[70_001:]}, {"x" + long, long}, {"-", long},
	} {
		for _, size := range []int{1 << 20, 40_000, 1000, 7} {
			d := open(t)
			if x.old != "-" {
				write(t, d, "a/f", x.old)
			}
			before, _ := d.Stamp("a/f")
			u, err := d.BeginUpdate("a/f")
			if err != nil {
				t.Fatal(err)
			}
			for rest := []byte(x.new); len(rest) > 0; {
				n := min(size, len(rest))
				if m, err := u.Write(rest[:n]); err != nil || m != n {
					t.Fatalf("wrote %d of %d: %v", m, n, err)
				}
				rest = rest[n:]
			}
			replaces, err := u.Replaces()
			if err != nil {
				t.Fatal(err)
			}
			want := x.old != x.new
			if (replaces != nil) != (want && x.old != "-") {
				t.Errorf("%.20q, %.20q: replaces %v", x.old, x.new, replaces)
			}
			if replaces != nil {
				if old, err := io.ReadAll(replaces); err != nil || string(old) != x.old {
					t.Errorf("%.20q, %.20q: it replaces %d bytes, %v", x.old, x.new, len(old), err)
				}
			}
			if now, err := os.ReadFile(d.Path("a/f")); x.old != "-" && (err != nil || string(now) != x.old) {
				t.Errorf("%.20q, %.20q: before Commit there are %d bytes, %v", x.old, x.new, len(now), err)
			}
			changed, err := u.Commit()
			if err != nil || changed != want {
				t.Errorf("%.20q, %.20q: changed %v, %v", x.old, x.new, changed, err)
			}
			if now, err := os.ReadFile(d.Path("a/f")); err != nil || !bytes.Equal(now, []byte(x.new)) {
				t.Errorf("%.20q, %.20q: there are %d bytes, %v", x.old, x.new, len(now), err)
			}
			if after, _ := d.Stamp("a/f"); !want && after != before {
				t.Errorf("%.20q: the file was written", x.old)
			}
			if all, err := filepath.Glob(d.Path("a/.hexapla*")); err != nil || len(all) > 0 {
				t.Errorf("left: %v, %v", all, err)
			}
		}
	}
}

// A file that is not finished stays as it was.
func TestUpdateAborted(t *testing.T) {
	d := open(t)
	write(t, d, "f", "old")
	for _, name := range []string{"f", "new"} {
		u, err := d.BeginUpdate(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(u, "other"); err != nil {
			t.Fatal(err)
		}
		u.Abort()
	}
	if data, err := d.ReadFile("f"); err != nil || string(data) != "old" {
		t.Errorf("%q, %v", data, err)
	}
	if all, err := os.ReadDir(d.Name()); err != nil || len(all) != 1 {
		t.Errorf("left: %v, %v", all, err)
	}
	if err := os.Mkdir(d.Path("folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := d.BeginUpdate("folder"); err == nil {
		t.Error("a folder is written")
	}
}
