//go:build unix

package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/config"
)

func TestIsForeignID(t *testing.T) {
	for _, tt := range []struct {
		owner, user int
		sudo        string
		want        bool
	}{
		{1000, 1000, "", false},
		{0, 1000, "", false},
		{0, 0, "", false},
		{1001, 1000, "", true},
		{1001, 1000, "1001", true}, // only root is believed
		{1000, 0, "1000", false},
		{1000, 0, "1001", true},
		{1000, 0, "", true},
	} {
		if got := isForeignID(tt.owner, tt.user, tt.sudo); got != tt.want {
			t.Errorf("owner %d, user %d, SUDO_UID %q: %v, want %v", tt.owner, tt.user, tt.sudo, got, tt.want)
		}
	}
}

// A configuration in a parent folder that somebody else has put there is not obeyed.
func TestFindForeign(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	t.Setenv("SUDO_UID", "")
	for _, foreign := range []string{".", config.FileName} {
		parent := t.TempDir()
		start := filepath.Join(parent, "a", "b")
		if err := os.MkdirAll(start, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(parent, config.FileName), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if found, err := Find(start); err != nil || found != filepath.Join("..", "..") {
			t.Errorf("own project: %q, %v", found, err)
		}
		if err := os.Chown(filepath.Join(parent, foreign), 4711, 4711); err != nil {
			t.Fatal(err)
		}
		if found, err := Find(start); !errors.As(err, new(exit.UsageError)) {
			t.Errorf("%s of another owner: %q, %v", foreign, found, err)
		}
		if found, err := Find(parent); err != nil || found != "." {
			t.Errorf("in the folder itself: %q, %v", found, err)
		}
	}
}
