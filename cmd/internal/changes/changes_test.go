package changes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const diff = `From somebody

diff --git a/locales/en.json b/locales/en.json
--- a/locales/en.json
+++ b/locales/en.json
@@ -3,2 +3,3 @@ {
 same
-old
+new
+newer
@@ -10 +11,0 @@
-gone
diff --git "a/\303\274.txt" "b/\303\274.txt"
new file mode 100644
--- /dev/null
+++ "b/\303\274.txt"
@@ -0,0 +1,2 @@
+a
+b
--- x/plain.txt	2026-01-01
+++ x/plain.txt	2026-01-02
@@ -1 +1 @@
-a
+b
\ No newline at end of file
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-a
--- a/x
+++ b/../../etc/passwd
@@ -1 +1 @@
-a
+b
`

func TestParse(t *testing.T) {
	root := t.TempDir()
	s, err := Parse(strings.NewReader(diff), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file        string
		first, last int
		want        bool
	}{
		{"locales/en.json", 1, 2, false},
		{"locales/en.json", 4, 4, true},
		{"locales/en.json", 5, 5, true},
		{"locales/en.json", 6, 9, false},
		{"locales/en.json", 11, 0, true}, // the lines around a removal
		{"locales/en.json", 12, 0, true},
		{"locales/en.json", 13, 0, false},
		{"ü.txt", 2, 2, true},
		{"ü.txt", 3, 3, false},
		{"x/plain.txt", 1, 1, true},
		{"gone.txt", 1, 1, false},
		{"../../etc/passwd", 1, 1, false},
	} {
		if got := s.Lines(filepath.Join(root, filepath.FromSlash(tt.file)), tt.first, tt.last); got != tt.want {
			t.Errorf("%s:%d-%d: %v", tt.file, tt.first, tt.last, got)
		}
	}
	en := filepath.Join(root, "locales/en.json")
	if !s.Removed(en, "gone") || s.Removed(en, "newer") {
		t.Error("the removed lines")
	}
	for _, bad := range []string{"+++ b/x\n@@ -1 +x @@\n", "@@ -1 +1 @@\n", "+++ \"b/x\n", "+++ b/x\n@@ -1,9999999999999 +1 @@\n"} {
		if _, err := Parse(strings.NewReader(bad), root); err == nil {
			t.Errorf("accepted: %q", bad)
		}
	}
}

func TestSince(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run("init", "-q", "-b", "main")
	write("a.txt", "1\n2\n3\n4\n5\n")
	run("add", ".")
	run("commit", "-qm", "one")
	run("checkout", "-qb", "work")
	write("a.txt", "1\n2\nthree\n4\n5\n")
	run("commit", "-qam", "two")
	write("ü new.txt", "x\n")
	s, err := Since(t.Context(), dir, "main")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a.txt": true, "ü new.txt": true, "b.txt": false} {
		if s.File(filepath.Join(dir, name)) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if s.Lines(filepath.Join(dir, "a.txt"), 5, 5) || !s.Lines(filepath.Join(dir, "a.txt"), 3, 3) {
		t.Error("the lines of a.txt")
	}
	for _, bad := range []string{"nothing", "--help"} {
		if _, err := Since(t.Context(), dir, bad); err == nil {
			t.Errorf("accepted: %s", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(diff)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(strings.NewReader(text), "/root")
		if err != nil {
			return
		}
		for name, spans := range s.files {
			if !strings.HasPrefix(name, "/root/") && name != "/root" {
				t.Errorf("%q is outside", name)
			}
			for _, c := range spans {
				if c.last < c.first {
					t.Errorf("%v", c)
				}
			}
		}
	})
}
