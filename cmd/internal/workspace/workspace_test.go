package workspace_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/glossary"
	"hexapla/pipeline/memory"
)

const config = `
[project]
locales = ["ru", "uk"]
articles = ["articles/*.md"]
[memory]
import = ["memory/*.tmx"]
[glossary]
files = ["glossary/*.csv"]
`

const tmxFile = `<tmx version="1.4"><header creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en" srclang="en" datatype="plaintext"/>
<body><tu><tuv xml:lang="en"><seg>Hello.</seg></tuv><tuv xml:lang="ru"><seg>Привет.</seg></tuv></tu></body></tmx>
`

// project writes a project and returns its folder. files are added to it; an
// empty text removes a file.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"hexapla.toml": config, "articles/a.md": "Hello.\n", "articles/b.md": "Good morning.\n",
		"memory/m.tmx": tmxFile, "glossary/g.csv": "concept,locale,term\n1,en,morning\n1,ru,утро\n",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		if text == "" {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, dir string, o workspace.Options) *workspace.Workspace {
	t.Helper()
	w, err := workspace.Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// tree lists the files below a folder.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		out = append(out, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func entries(t *testing.T, w *workspace.Workspace) int {
	t.Helper()
	n := 0
	for _, err := range w.Store.Entries(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestFind(t *testing.T) {
	dir := project(t, map[string]string{"articles/deep/er/x": "x"})
	for start, want := range map[string]string{"": ".", "articles": "..", "articles/deep/er": "../../.."} {
		got, err := workspace.Find(filepath.Join(dir, start))
		if err != nil || filepath.ToSlash(got) != want {
			t.Errorf("%s: %q, %v; want %q", start, got, err, want)
		}
	}
	if _, err := workspace.Find(t.TempDir()); exit.Code(err) != exit.Usage {
		t.Errorf("no project: %v", err)
	}
}

func TestOpen(t *testing.T) {
	dir := project(t, nil)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	w := open(t, dir, workspace.Options{Memory: workspace.ReadWrite, Select: &workspace.Selection{}, Clock: func() time.Time { return now }})
	if len(w.Articles) != 2 || !slices.Equal(w.Targets, []string{"en", "ru", "uk"}) && !slices.Equal(w.Targets, []string{"ru", "uk"}) {
		t.Errorf("articles %v, targets %v", w.Articles, w.Targets)
	}
	if w.Glossary == nil || len(w.Glossary.Concepts) != 1 || w.Memory == nil || w.Hook != nil || !w.Clock().Equal(now) {
		t.Errorf("glossary %v, memory %v, hook %v, clock %v", w.Glossary, w.Memory, w.Hook, w.Clock())
	}
	if n := entries(t, w); n != 1 {
		t.Errorf("%d entries of the TMX file, want 1", n)
	}
	batches, err := w.Store.Batches(t.Context())
	if err != nil || len(batches) != 1 || !batches[0].Time.Equal(now) {
		t.Errorf("batches %v, %v", batches, err)
	}
}

// What is not valid is a usage error, and the project is as it was.
func TestOpenRejects(t *testing.T) {
	for name, tt := range map[string]struct {
		files     map[string]string
		selection workspace.Selection
		want      string
	}{
		"no project":       {files: map[string]string{"hexapla.toml": ""}, want: "not a project"},
		"configuration":    {files: map[string]string{"hexapla.toml": "[project]\nlokales = []\n"}, want: "hexapla.toml:2:1"},
		"check id":         {files: map[string]string{"hexapla.toml": config + "[quality]\ndisable = [\"quality.numbres\"]\n"}, want: "quality.numbers"},
		"SRX":              {files: map[string]string{"hexapla.toml": config + "[segmentation]\nsrx = \"r.srx\"\n", "r.srx": "<srx"}, want: "r.srx"},
		"pattern":          {files: map[string]string{"hexapla.toml": strings.Replace(config, "articles/*.md", "[", 1)}, want: "["},
		"no article":       {files: map[string]string{"articles/a.md": "", "articles/b.md": ""}, want: "no article matches"},
		"unknown article":  {selection: workspace.Selection{Articles: []string{"articles/c.md"}}, want: "no article articles/c.md"},
		"unknown locale":   {selection: workspace.Selection{Locales: []string{"de"}}, want: "de is not among project.locales"},
		"malformed locale": {selection: workspace.Selection{Locales: []string{"q!"}}, want: "BCP 47"},
		"engine":           {files: map[string]string{"hexapla.toml": config + "[[hook]]\ntype = \"apertium\"\nspeed = 3\nlocales = [\"ru\"]\n"}, want: "speed"},
	} {
		dir := project(t, tt.files)
		before := tree(t, dir)
		_, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Engines: true, Select: &tt.selection})
		if exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want a usage error with %q", name, err, tt.want)
		}
		if after := tree(t, dir); !slices.Equal(before, after) {
			t.Errorf("%s: files %v, were %v", name, after, before)
		}
	}
	if _, err := workspace.Open(t.Context(), filepath.Join(t.TempDir(), "none"), workspace.Options{}); exit.Code(err) != exit.Usage {
		t.Errorf("no folder: %v", err)
	}
}

func TestSelection(t *testing.T) {
	dir := project(t, nil)
	for _, tt := range []struct {
		args, want []string
	}{
		{nil, []string{"articles/a.md", "articles/b.md"}},
		{[]string{"articles/b.md"}, []string{"articles/b.md"}},
		{[]string{"articles/*", "articles/a.md"}, []string{"articles/a.md", "articles/b.md"}},
		{[]string{filepath.Join(dir, "articles", "a.md")}, []string{"articles/a.md"}},
	} {
		w := open(t, dir, workspace.Options{Select: &workspace.Selection{Articles: tt.args, Locales: []string{"uk", "uk"}}})
		var got []string
		for _, a := range w.Articles {
			got = append(got, a.Path)
		}
		if !slices.Equal(got, tt.want) || !slices.Equal(w.Targets, []string{"uk"}) {
			t.Errorf("%q: %v in %v, want %v in uk", tt.args, got, w.Targets, tt.want)
		}
	}
}

// A link among the articles is followed to another article, and to nothing else
// of the project: the configuration must not be published.
func TestArticleLinks(t *testing.T) {
	dir := project(t, nil)
	for link, to := range map[string]string{"articles/config.md": "../hexapla.toml", "articles/same.md": "b.md", "articles/gone.md": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	w := open(t, dir, workspace.Options{Select: &workspace.Selection{}})
	var got []string
	for _, a := range w.Articles {
		got = append(got, a.Path)
		if data, err := a.Read(); bytes.Contains(data, []byte("[project]")) {
			t.Errorf("%s holds the configuration (%v)", a.Path, err)
		}
	}
	if want := []string{"articles/a.md", "articles/b.md", "articles/gone.md", "articles/same.md"}; !slices.Equal(got, want) {
		t.Errorf("articles %v, want %v", got, want)
	}
	if len(w.Diagnostics) != 1 || w.Diagnostics[0].ID != "article.link" || w.Diagnostics[0].Place.Path != "articles/config.md" {
		t.Errorf("findings %v", w.Diagnostics)
	}
}

func TestMemoryModes(t *testing.T) {
	dir := project(t, nil)
	before := tree(t, dir)
	w := open(t, dir, workspace.Options{Memory: workspace.DryRun})
	if n := entries(t, w); n != 1 {
		t.Errorf("dry run: %d entries, want those of the TMX file", n)
	}
	if err := w.Store.Close(); err != nil {
		t.Error(err)
	}
	if after := tree(t, dir); !slices.Equal(before, after) {
		t.Errorf("dry run: files %v, were %v", after, before)
	}
	batches := func(mode workspace.MemoryMode) int {
		t.Helper()
		w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: mode})
		if err != nil {
			t.Fatal(err)
		}
		all, err := w.Store.Batches(t.Context())
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	// The TMX file is imported once, by the first that may write.
	for _, mode := range []workspace.MemoryMode{workspace.ReadOnly, workspace.ReadWrite, workspace.ReadOnly, workspace.DryRun} {
		if n := batches(mode); n != 1 {
			t.Errorf("mode %d: %d batches, want 1", mode, n)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "memory", "n.tmx"), []byte(strings.ReplaceAll(tmxFile, "Hello", "Bye")), 0o666); err != nil {
		t.Fatal(err)
	}
	w = open(t, dir, workspace.Options{Memory: workspace.DryRun})
	if n := entries(t, w); n != 2 {
		t.Errorf("dry run with a new TMX file: %d entries, want 2", n)
	}
	if n := batches(workspace.ReadWrite); n != 2 {
		t.Errorf("%d batches after the new TMX file, want 2", n)
	}
	r := open(t, dir, workspace.Options{Memory: workspace.ReadOnly})
	if _, err := r.Store.Add(t.Context(), memory.Batch{}, nil); err != nil && !errors.Is(err, memory.ErrReadOnly) {
		t.Error(err)
	}
}

// A project that cannot be written to can be read.
func TestUnwritableProject(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := project(t, nil)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o777) })
	for _, mode := range []workspace.MemoryMode{workspace.ReadOnly, workspace.DryRun} {
		if n := entries(t, open(t, dir, workspace.Options{Memory: mode})); n != 1 {
			t.Errorf("mode %d: %d entries, want 1", mode, n)
		}
	}
	if w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite}); err == nil {
		t.Error("opened for writing", w.Close())
	}
}

func TestMemoryFile(t *testing.T) {
	rejects := func(name, dir, want string) {
		t.Helper()
		before := tree(t, dir)
		for _, mode := range []workspace.MemoryMode{workspace.ReadWrite, workspace.ReadOnly, workspace.DryRun} {
			_, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: mode})
			if exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), want) {
				t.Errorf("%s, mode %d: %v, want a usage error with %q", name, mode, err, want)
			}
		}
		if after := tree(t, dir); !slices.Equal(before, after) {
			t.Errorf("%s: files %v, were %v", name, after, before)
		}
	}
	dir := project(t, map[string]string{"editions/ru/manifest.json": "{}"})
	if err := os.MkdirAll(filepath.Join(dir, ".hexapla"), 0o777); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, ".hexapla", "memory.db")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	rejects("empty memory with editions", dir, "is empty")
	if err := os.RemoveAll(filepath.Join(dir, "editions")); err != nil {
		t.Fatal(err)
	}
	if n := entries(t, open(t, dir, workspace.Options{Memory: workspace.ReadWrite})); n != 1 {
		t.Errorf("empty memory without editions: %d entries", n)
	}
	dir = project(t, nil)
	if err := os.MkdirAll(filepath.Join(dir, ".hexapla"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere.db", filepath.Join(dir, ".hexapla", "memory.db")); err != nil {
		t.Skip(err)
	}
	rejects("dangling link", dir, "symbolic link")
}

func TestGlossaryFiles(t *testing.T) {
	g, ds := workspace.ParseGlossary("g.csv", []byte("concept,locale,term\n1,en,morning\n1,ru,утро\n"), glossary.TableOptions{})
	if len(ds) > 0 || len(g.Concepts) != 1 {
		t.Fatal(g, ds)
	}
	for _, name := range []string{"t.csv", "t.tsv", "t.TBX"} {
		data, _, err := workspace.EncodeGlossary(g, name, workspace.GlossaryFormat{})
		if err != nil {
			t.Fatal(err)
		}
		again, ds := workspace.ParseGlossary(name, data, glossary.TableOptions{})
		if len(again.Concepts) != 1 || len(again.Concepts[0].Terms) != 2 {
			t.Errorf("%s: %v, %v", name, again, ds)
		}
	}
	if _, _, err := workspace.EncodeGlossary(g, "t.odt", workspace.GlossaryFormat{}); exit.Code(err) != exit.Usage {
		t.Errorf("unknown extension: %v", err)
	}
}

// A file of one kind does not get into the project as one of another by a link.
func TestOpenRejectsLinks(t *testing.T) {
	const more = config + "[segmentation]\nsrx = \"rules/r.srx\"\n[catalogs]\ndir = \"messages\"\n"
	secret := map[string]string{"hexapla.toml": more, "rules/r.srx": "", "messages/other.txt": "x", "private/key.csv": "secret"}
	for name, tt := range map[string]struct{ link, to, want string }{
		"glossary":             {"glossary/g.csv", "../hexapla.toml", "symbolic link to hexapla.toml, which glossary.files does not match"},
		"glossary in a folder": {"glossary/own.csv", "../private/key.csv", "symbolic link to private/key.csv"},
		"TMX":                  {"memory/m.tmx", "../hexapla.toml", "symbolic link to hexapla.toml, which memory.import does not match"},
		"SRX":                  {"rules/r.srx", "../hexapla.toml", "symbolic link to hexapla.toml, which segmentation.srx does not match"},
		"catalog":              {"messages/active.ru.toml", "../hexapla.toml", "symbolic link to hexapla.toml, which catalogs.dir does not match"},
		"SRX out of project":   {"rules/r.srx", "/etc/passwd", "outside of the project; not followed"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := project(t, secret)
			path := filepath.Join(dir, filepath.FromSlash(tt.link))
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.RemoveAll(path)); err != nil {
				t.Fatal(err)
			}
			if tt.link != "rules/r.srx" {
				toml := strings.Replace(more, "[segmentation]\nsrx = \"rules/r.srx\"\n", "", 1)
				if err := os.WriteFile(filepath.Join(dir, "hexapla.toml"), []byte(toml), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(tt.to, path); err != nil {
				t.Skip(err)
			}
			w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Select: &workspace.Selection{}})
			if err == nil {
				_ = w.Close()
			}
			if exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want a usage error with %q", err, tt.want)
			}
		})
	}
}

// Links that lead to files of the same kind, and folders that the configuration names,
// are followed.
func TestOpenFollowsLinks(t *testing.T) {
	dir := project(t, map[string]string{"glossary/g.csv": "", "elsewhere/g.csv": "concept,locale,term\n1,en,morning\n"})
	for link, to := range map[string]string{"articles/c.md": "a.md", "glossary": "elsewhere"} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Skip(err)
		}
	}
	w := open(t, dir, workspace.Options{Memory: workspace.ReadOnly, Select: &workspace.Selection{}})
	if len(w.Articles) != 3 || w.Glossary == nil || len(w.Diagnostics) != 0 {
		t.Errorf("articles %v, glossary %v, %v", w.Articles, w.Glossary, w.Diagnostics)
	}
}

// An article in a folder that is a link to a folder which the patterns do not name is
// not read.
func TestOpenRejectsLinkedFolder(t *testing.T) {
	dir := project(t, map[string]string{"private/a.md": "Secret.\n", "hexapla.toml": strings.Replace(config, "articles/*.md", "articles/**/*.md", 1)})
	if err := os.Symlink("../private", filepath.Join(dir, "articles", "deep")); err != nil {
		t.Skip(err)
	}
	w := open(t, dir, workspace.Options{Memory: workspace.ReadOnly, Select: &workspace.Selection{}})
	for _, a := range w.Articles {
		if strings.Contains(a.Path, "deep") {
			t.Errorf("%s is read", a.Path)
		}
	}
}
