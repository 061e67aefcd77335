package rootfs

import (
	"os"
	"path/filepath"
	"testing"
)

// Stamps finds what Dir.Stamp finds, whatever links there are on the way.
func TestStamps(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a/b/one.txt", "a/two.txt", "three.txt"} {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "outside.txt")
	if err := os.WriteFile(outside, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{
		"a/b/near": "one.txt", "a/b/up": "../two.txt", "folder": "a/b", "a/out": outside, "a/loop": "loop", "away": filepath.Dir(outside),
	} {
		if err := os.Symlink(to, filepath.Join(root, filepath.FromSlash(link))); err != nil {
			t.Skip("no symbolic links:", err)
		}
	}
	d, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	stamps := d.NewStamps()
	defer stamps.Close()
	for range manyAsked { // the second time, the folders are open, and later their names known
		for name, want := range map[string]bool{
			"three.txt": true, "a/two.txt": true, "a/b/one.txt": true, "a/b/near": true, "a/b/up": true, "folder/one.txt": true, "folder/up": true,
			"a/b": false, "a/none.txt": false, "none/one.txt": false, "a/out": false, "a/loop": false, "away/outside.txt": false, "../x/y": false,
		} {
			whole, ok := d.Stamp(name)
			if got, gotOK := stamps.Stamp(name); got != whole || gotOK != ok || ok != want {
				t.Errorf("%s: %v %t, want %v %t, %t", name, got, gotOK, whole, ok, want)
			}
			if got := stamps.Exists(name); got != d.Exists(name) {
				t.Errorf("%s exists: %t, want %t", name, got, !got)
			}
		}
	}
}
