package publish_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/edition"
)

const config = `
[project]
locales = ["ru"]
articles = ["articles/*.md"]
[memory]
import = ["m.tmx"]
`

const translations = `<tmx version="1.4"><header creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en" srclang="en" datatype="plaintext"/><body>
<tu><tuv xml:lang="en"><seg>One.</seg></tuv><tuv xml:lang="ru"><seg>Один.</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Two.</seg></tuv><tuv xml:lang="ru"><seg>Два.</seg></tuv></tu>
</body></tmx>
`

func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"hexapla.toml": config, "articles/a.md": "One.\n", "articles/b.md": "Two.\n", "m.tmx": translations} {
		write(t, dir, name, text)
	}
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// observer records what a build does. stopAfter ends the build after a number of
// articles, if it is not 0.
type observer struct {
	articles, changed, same []string
	stopAfter               int
	stop                    context.CancelFunc
}

func (o *observer) Article(r pipeline.Result, _ []publish.Earlier) {
	o.articles = append(o.articles, r.Path)
	if len(o.articles) == o.stopAfter {
		o.stop()
	}
}

func (o *observer) Wrote(path string, changed bool) {
	if changed {
		o.changed = append(o.changed, path)
	} else {
		o.same = append(o.same, path)
	}
}

func build(t *testing.T, dir string, o publish.Options, watch *observer) (*publish.Summary, error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	watch.stop = stop
	mode := workspace.ReadWrite
	if o.DryRun {
		mode = workspace.DryRun
	}
	w, err := workspace.Open(ctx, dir, workspace.Options{Memory: mode, Select: &workspace.Selection{}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := publish.Build(ctx, w, o, watch)
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	return s, err
}

func manifest(t *testing.T, dir, locale string) *edition.Manifest {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "editions", locale, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := edition.ParseManifest(locale, data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBuild(t *testing.T) {
	dir := project(t)
	first := &observer{}
	s, err := build(t, dir, publish.Options{}, first)
	if err != nil || s.Err() != nil {
		t.Fatal(err, s.Findings)
	}
	if s.Articles != 2 || s.Written != len(first.changed) || s.Unchanged != 0 {
		t.Errorf("summary %+v, changed %v", s, first.changed)
	}
	for _, name := range []string{"ru/a.md", "ru/b.md", "ru/manifest.json"} {
		if !slices.Contains(first.changed, name) {
			t.Errorf("%s is not among the files written, %v", name, first.changed)
		}
		if _, err := os.Stat(filepath.Join(dir, "editions", name)); err != nil {
			t.Error(err)
		}
	}
	second := &observer{}
	if _, err := build(t, dir, publish.Options{}, second); err != nil || len(second.changed) > 0 || len(second.same) != len(first.changed) {
		t.Errorf("built again: %v, changed %v, same %v", err, second.changed, second.same)
	}
	if m := manifest(t, dir, "ru"); len(m.Articles) != 2 {
		t.Errorf("manifest %+v", m)
	}
}

// The manifest counts the segments of an edition that readers do not have, and lists those
// that are translated.
func TestWithheldSegments(t *testing.T) {
	dir := project(t)
	write(t, dir, "articles/a.md", "One.\n\nThree.\n")
	if _, err := build(t, dir, publish.Options{}, &observer{}); err != nil {
		t.Fatal(err)
	}
	m := manifest(t, dir, "ru")
	a, ok := m.Find("a.md")
	if !ok || a.Status != edition.Withheld || len(a.Segments) != 1 || a.Segments[0].StandIn != "" || a.Count.Segments != 2 || a.Count.Missing != 1 || len(a.Reasons) == 0 {
		t.Errorf("withheld: %+v", a)
	}
	if b, ok := m.Find("b.md"); !ok || len(b.Segments) != 1 {
		t.Errorf("published: %+v", b)
	}
	// What is published and then withheld is what readers have.
	write(t, dir, "hexapla.toml", config+"[policy]\noutdated = \"replace\"\n")
	write(t, dir, "articles/b.md", "Four.\n")
	if _, err := build(t, dir, publish.Options{}, &observer{}); err != nil {
		t.Fatal(err)
	}
	if b, ok := manifest(t, dir, "ru").Find("b.md"); !ok || b.Status != edition.Withheld || b.Edition == "" || len(b.Segments) != 1 {
		t.Errorf("withheld with a page: %+v", b)
	}
}

// The edition of an article that is gone is reported until a person removes it.
func TestStale(t *testing.T) {
	dir := project(t)
	if _, err := build(t, dir, publish.Options{}, &observer{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "articles", "b.md")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, err := build(t, dir, publish.Options{}, &observer{})
		if err != nil || len(s.Findings) == 0 || s.Findings[0].ID != "edition.stale" {
			t.Fatalf("%v, findings %v", err, s.Findings)
		}
	}
	// A build of other articles does not know that it is gone.
	if s, err := build(t, dir, publish.Options{Partial: true}, &observer{}); err != nil || len(s.Findings) > 0 {
		t.Errorf("%v, findings %v", err, s.Findings)
	}
	if err := os.RemoveAll(filepath.Join(dir, "editions", "ru", "b.md")); err != nil {
		t.Fatal(err)
	}
	if s, err := build(t, dir, publish.Options{}, &observer{}); err != nil || len(s.Findings) > 0 {
		t.Errorf("removed: %v, findings %v", err, s.Findings)
	}
	if m := manifest(t, dir, "ru"); len(m.Articles) != 1 {
		t.Errorf("manifest %+v", m)
	}
}

// A build that is stopped leaves manifests that list what was there before and
// what it has written.
func TestStopped(t *testing.T) {
	dir := project(t)
	for _, name := range []string{"c", "d", "e", "f", "g", "h"} {
		write(t, dir, "articles/"+name+".md", "Text of "+name+".\n")
	}
	if _, err := build(t, dir, publish.Options{}, &observer{}); err != nil {
		t.Fatal(err)
	}
	all := manifest(t, dir, "ru")
	s, err := build(t, dir, publish.Options{}, &observer{stopAfter: 1})
	if !errors.Is(err, context.Canceled) || s == nil {
		t.Fatalf("%v, %v", s, err)
	}
	if m := manifest(t, dir, "ru"); len(m.Articles) != len(all.Articles) {
		t.Errorf("manifest has %d articles, had %d", len(m.Articles), len(all.Articles))
	}
	if _, err := build(t, dir, publish.Options{DryRun: true}, &observer{stopAfter: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("dry run: %v", err)
	}
}

func TestDryRun(t *testing.T) {
	dir := project(t)
	watch := &observer{}
	s, err := build(t, dir, publish.Options{DryRun: true}, watch)
	if err != nil || s.Articles != 2 || len(watch.changed)+len(watch.same) > 0 {
		t.Errorf("%+v, %v, %v", s, err, watch)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 3 {
		t.Errorf("the project has %v, %v", entries, err)
	}
}

// An output folder whose editions would be articles of the next build is rejected
// before anything is written.
func TestGuardSources(t *testing.T) {
	dir := project(t)
	write(t, dir, "hexapla.toml", strings.Replace(config, "articles/*.md", "**/*.md", 1))
	_, err := build(t, dir, publish.Options{}, &observer{})
	if exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), "would overwrite or match source articles") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "editions")); !os.IsNotExist(err) {
		t.Errorf("editions: %v", err)
	}
	out := t.TempDir()
	if _, err := build(t, dir, publish.Options{Output: out}, &observer{}); err != nil {
		t.Errorf("outside of the project: %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "ru", "manifest.json")); err != nil {
		t.Error(err)
	}
	dir = project(t)
	write(t, dir, "hexapla.toml", strings.Replace(config, "articles/*.md", "articles/**/*.md", 1))
	write(t, dir, "articles/manifest.parts/a.md", "# One\n")
	_, err = build(t, dir, publish.Options{}, &observer{})
	if exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), "the place of the manifest") {
		t.Errorf("an article in the place of a manifest: %v", err)
	}
}

// A manifest that cannot be read ends a build before it writes.
func TestUnreadableManifest(t *testing.T) {
	dir := project(t)
	if err := os.MkdirAll(filepath.Join(dir, "editions", "ru", "manifest.json"), 0o777); err != nil {
		t.Fatal(err)
	}
	watch := &observer{}
	if _, err := build(t, dir, publish.Options{}, watch); err == nil || len(watch.changed) > 0 {
		t.Errorf("%v, wrote %v", err, watch.changed)
	}
}

// holdOutput locks the output folder of a project that was built, as another build does.
func holdOutput(t *testing.T, dir string) (lock string, unlock func()) {
	t.Helper()
	locks, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(workspace.StateFolder), "build", "*.lock"))
	if err != nil || len(locks) != 1 {
		t.Skip("no locks here:", locks, err)
	}
	d, err := rootfs.Open(filepath.Dir(locks[0]))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	unlock, err = d.Hold(t.Context(), filepath.Base(locks[0]), func(rootfs.Holder) { t.Error("the lock is held after the build") })
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Base(locks[0]), unlock
}

// A folder is locked under each of its names, and under the path that the project has on
// another machine or in a container.
func TestWaitUnderOtherName(t *testing.T) {
	dir := project(t)
	if _, err := build(t, dir, publish.Options{}, &observer{}); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other")
	for _, name := range []func(from, to string) error{os.Symlink, func(from, to string) error { return errors.Join(os.Remove(to), os.Rename(from, to)) }} {
		_, unlock := holdOutput(t, dir)
		if err := name(dir, other); err != nil {
			t.Skip("no other name:", err)
		}
		waited := false
		if _, err := build(t, other, publish.Options{Waiting: func(rootfs.Holder, string) {
			waited = true
			unlock()
		}}, &observer{}); err != nil || !waited {
			t.Errorf("%v, waited: %t", err, waited)
		}
	}
}

// A build that waited for another one builds what the project was when it was opened. The
// next one sees what has changed meanwhile.
func TestChangedWhileWaiting(t *testing.T) {
	dir := project(t)
	if _, err := build(t, dir, publish.Options{Incremental: true}, &observer{}); err != nil {
		t.Fatal(err)
	}
	held, unlock := holdOutput(t, dir)
	waited := false
	if _, err := build(t, dir, publish.Options{Incremental: true, Waiting: func(h rootfs.Holder, lock string) {
		waited = true
		if h.Process != os.Getpid() || filepath.Base(lock) != held {
			t.Errorf("waits for %+v, %s", h, lock)
		}
		write(t, dir, "hexapla.toml", config+"[policy]\npublish = \"final\"\n")
		unlock()
	}}, &observer{}); err != nil || !waited {
		t.Fatalf("%v, waited: %t", err, waited)
	}
	s, err := build(t, dir, publish.Options{Incremental: true}, &observer{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := build(t, dir, publish.Options{}, &observer{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Locales[0].Editions, want.Locales[0].Editions; got != want || want.Outdated != 2 {
		t.Errorf("built again: %+v, want %+v", got, want)
	}
}
