//go:build unix

package publish

import (
	"path"
	"syscall"
	"testing"

	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/config"
)

// What has the name of the folder of parts, and is no folder, is neither waited for nor
// removed.
func TestLeftPartsInNoFolder(t *testing.T) {
	dir, err := rootfs.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	w := &writer{dir: dir, config: &config.Config{}}
	for locale, create := range map[string]func(name string) error{
		"ru": func(name string) error { return syscall.Mkfifo(dir.Path(name), 0o600) },
		"uk": func(name string) error {
			_, err := dir.WriteFile(name, []byte("of a user"))
			return err
		},
	} {
		folder := path.Dir(partPath(w.config, locale, "0"))
		if err := dir.MakeParent(folder); err != nil {
			t.Fatal(err)
		}
		if err := create(folder); err != nil {
			t.Fatal(err)
		}
		w.removeLeftParts(locale, nil)
		if !dir.Exists(folder) {
			t.Errorf("%s was removed", folder)
		}
	}
}
