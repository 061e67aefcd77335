package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/cmd/internal/deploy/deploytest"
	"hexapla/pipeline/diag"
)

// Keys are text of others: only what is a path everywhere, and no other object's, is a
// file.
func TestSourceNames(t *testing.T) {
	long := strings.Repeat("x", 256)
	deep := strings.Repeat("long/", 205) + "a.md"
	for _, c := range []struct {
		key, reason string // "" for one that is copied, "-" for one that is no article
	}{
		{"articles/a.md", ""}, {"articles/2026/ї.md", ""}, {"articles/", "-"}, {"articles/a.txt", "-"}, {"notes/a.md", "-"},
		{"../a.md", "no path"}, {"articles/../../a.md", "no path"}, {"/articles/a.md", "no path"}, {"articles//a.md", "no path"}, {"./articles/a.md", "no path"}, {"..", "no path"},
		{"articles/a\x00.md", "control"}, {"articles/\x1b[31m.md", "control"}, {"articles/a\nb.md", "control"}, {"articles/\u0085.md", "control"},
		{"articles/" + long + ".md", "longer"}, {deep, "longer"},
		{"articles/.hidden.md", "every system"}, {"articles/.git/a.md", "every system"}, {`articles/a\b.md`, "every system"}, {"articles/C:a.md", "every system"}, {"articles/\xff.md", "every system"},
	} {
		names, refused := sourceNames([]string{c.key}, func(name string) bool {
			return strings.HasPrefix(name, "articles/") && strings.HasSuffix(name, ".md") || strings.HasPrefix(name, "long/")
		})
		switch {
		case c.reason == "" && (len(names) != 1 || len(refused) > 0), c.reason == "-" && len(names)+len(refused) > 0:
			t.Errorf("%q: %q, refused %q", c.key, names, refused)
		case len(c.reason) > 1 && (len(names) > 0 || len(refused) != 1 || !strings.Contains(refused[0].reason, c.reason)):
			t.Errorf("%q: %q, refused %q, want %q", c.key, names, refused, c.reason)
		}
	}
	names, refused := sourceNames([]string{"A.md", "a.md", "b.md", "b.md/c.md", "caf\u00e9.md", "cafe\u0301.md", "d.md"}, func(string) bool { return true })
	if d := cmp.Diff([]string{"b.md/c.md", "d.md"}, names); d != "" || len(refused) != 5 {
		t.Errorf("keys that are in each other's way: %s, refused %q", d, refused)
	}
}

// A folder follows the bucket, and nothing that was changed in it is lost.
func TestFetchSources(t *testing.T) {
	server := deploytest.Start(t)
	target, err := ParseTarget("s3://" + deploytest.Bucket + "/desk?endpoint=" + server.Address)
	if err != nil {
		t.Fatal(err)
	}
	m := newMachine(t, target)
	b, err := open(target, "")
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		t.Helper()
		etag := ""
		tags := map[string]string{}
		if err := b.each(t.Context(), func(name, etag string) { tags[name] = etag }); err != nil {
			t.Fatal(err)
		} else {
			etag = tags[name]
		}
		if _, err := b.write(t.Context(), name, []byte(text), etag); err != nil {
			t.Fatal(err)
		}
	}
	fetch := func(step string, want map[string]string, findings ...string) {
		t.Helper()
		found, err := FetchSources(t.Context(), m.dir, ".hexapla", target, func(name string) bool { return strings.HasSuffix(name, ".md") })
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		got := map[string]string{}
		for _, pattern := range []string{"*.md", "*/*.md"} {
			all, _ := filepath.Glob(filepath.Join(m.folder, pattern))
			for _, name := range all {
				data, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				below, _ := filepath.Rel(m.folder, name)
				got[filepath.ToSlash(below)] = string(data)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", step, d)
		}
		ids := []string{}
		for _, f := range found {
			if ids = append(ids, f.ID); f.Severity != diag.Error || f.Hint == "" {
				t.Errorf("%s: %+v", step, f)
			}
		}
		if d := cmp.Diff(append([]string{}, findings...), ids); d != "" {
			t.Errorf("%s: findings:\n%s", step, d)
		}
	}
	fetch("an empty bucket", map[string]string{})
	put("a.md", "one")
	put("news/b.md", "two")
	put("page.css", "no article")
	fetch("first", map[string]string{"a.md": "one", "news/b.md": "two"})
	stamp, _ := m.dir.Stamp("a.md")
	put("news/b.md", "two, changed")
	fetch("one has changed", map[string]string{"a.md": "one", "news/b.md": "two, changed"})
	if now, _ := m.dir.Stamp("a.md"); now != stamp {
		t.Error("a file that has not changed was written")
	}
	m.write("a.md", "one, by hand")
	fetch("changed here", map[string]string{"a.md": "one, by hand", "news/b.md": "two, changed"}, "source.changed")
	put("a.md", "one, by hand")
	fetch("the same on both sides", map[string]string{"a.md": "one, by hand", "news/b.md": "two, changed"})
	if err := b.remove(t.Context(), "a.md"); err != nil {
		t.Fatal(err)
	}
	m.write("c.md", "only here")
	fetch("one is gone", map[string]string{"news/b.md": "two, changed", "c.md": "only here"})
	m.write("news/b.md", "by hand")
	if err := b.remove(t.Context(), "news/b.md"); err != nil {
		t.Fatal(err)
	}
	fetch("gone there, changed here", map[string]string{"news/b.md": "by hand", "c.md": "only here"}, "source.changed")

	// An article stays if another object makes its key unclear.
	put("news/d.md", "three")
	fetch("another one", map[string]string{"news/b.md": "by hand", "news/d.md": "three", "c.md": "only here"}, "source.changed")
	put("news/D.md", "a copy")
	fetch("the same path on some systems", map[string]string{"news/b.md": "by hand", "news/d.md": "three", "c.md": "only here"}, "source.name", "source.changed", "source.name")
	for _, name := range []string{"news/d.md", "news/D.md"} {
		if err := b.remove(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}

	// A bucket that is empty by mistake takes nothing away.
	want := map[string]string{"news/b.md": "by hand", "c.md": "only here"}
	for _, n := range strings.Fields("0 1 2 3 4 5 6 7 8 9 10 11") {
		put("many/"+n+".md", n)
		want["many/"+n+".md"] = n
	}
	fetch("many", want, "source.changed")
	for n := range want {
		if strings.HasPrefix(n, "many/") {
			if err := b.remove(t.Context(), n); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := FetchSources(t.Context(), m.dir, ".hexapla", target, func(string) bool { return true }); err == nil || !strings.Contains(err.Error(), "nothing was removed here") {
		t.Errorf("all articles are gone: %v", err)
	}
	if _, err := os.Stat(filepath.Join(m.folder, "many", "3.md")); err != nil {
		t.Error(err)
	}
}
