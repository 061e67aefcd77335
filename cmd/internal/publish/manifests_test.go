package publish

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/config"
)

// A build reads parts of a manifest when its workers need them: several at once.
func TestPartsOpenedAtOnce(t *testing.T) {
	dir, err := rootfs.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	c := &config.Config{}
	const parts = 64
	name := func(i int) string { return fmt.Sprintf("%06b", i) }
	for i := range parts {
		if _, err := dir.WriteFile(partPath(c, "ru", name(i)), []byte(name(i))); err != nil {
			t.Fatal(err)
		}
	}
	files := &manifestFiles{dir: dir, config: c, locale: "ru", sums: map[string]string{}}
	defer files.close()
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() {
			if _, err := files.Open(name(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range parts {
		if got, want := files.sum(name(i)), hash([]byte(name(i))); got != want {
			t.Errorf("part %s: sum %q, want %q", name(i), got, want)
		}
	}
}

// What a build that was killed left of parts is removed, and nothing else.
func TestLeftParts(t *testing.T) {
	dir, err := rootfs.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	w := &writer{dir: dir, config: &config.Config{}}
	folder := path.Dir(partPath(w.config, "ru", "0"))
	left := func(parts ...string) (names []string) {
		w.removeLeftParts("ru", parts)
		entries, _ := fs.ReadDir(dir.FS(), folder)
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	if got := left("0"); got != nil {
		t.Errorf("without a folder: %q", got)
	}
	for _, name := range []string{"0.json", "00.json", "1.json", "2.json", ".json", "0.txt", strings.Repeat("0", 65) + ".json"} {
		if _, err := dir.WriteFile(path.Join(folder, name), nil); err != nil {
			t.Fatal(err)
		}
	}
	others := []string{".json", "0.txt", strings.Repeat("0", 65) + ".json", "2.json"}
	if got, want := left("0", "1"), []string{".json", "0.json", "0.txt", others[2], "1.json", "2.json"}; !slices.Equal(got, want) {
		t.Errorf("left %q, want %q", got, want)
	}
	if got := left(); !slices.Equal(got, others) {
		t.Errorf("left %q, want %q", got, others)
	}
	for _, name := range others {
		if err := dir.Remove(path.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if left(); dir.Exists(folder) {
		t.Error("the empty folder stays")
	}
}

func TestIsOfManifest(t *testing.T) {
	c := &config.Config{}
	for name, want := range map[string]bool{
		"ru/manifest.json": true, "ru/Manifest.JSON": true, "ru/manifest.parts/0.json": true, "ru/manifest.parts": true, "ru/MANIFEST.parts/a/b.html": true,
		"ru/manifest.parts.html": false, "ru/a/manifest.json": false, "ru/manifest.html": false, "uk/manifest.json": false, "": false,
	} {
		if got := isOfManifest(c, "ru", name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
