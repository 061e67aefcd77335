package publish

import (
	"fmt"
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
