package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/catalogtest"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/catalog/update"
	"hexapla/locales/message"
	"hexapla/pipeline/goldentest"
)

// goi18n builds the command of go-i18n that the module requires.
func goi18n(t testing.TB) string {
	return built(t, "github.com/nicksnyder/go-i18n/v2/goi18n")
}

func built(t testing.TB, pkg string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", bin, pkg).CombinedOutput(); err != nil {
		t.Skipf("%s cannot be built: %v\n%s", pkg, err, out)
	}
	return bin
}

// needs skips the test where a program is not installed, and fails it where all
// are required.
func needs(t *testing.T, program string) {
	t.Helper()
	if ok, err := engineCondition("engine:" + program); err != nil {
		t.Fatal(err)
	} else if !ok {
		t.Skipf("%s is not installed", program)
	}
}

func putFiles(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	for name, data := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// hexapla runs the program in this process.
func hexapla(args ...string) (code int, out, said string) {
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), append([]string{"hexapla"}, args...), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// A verdict is what a tool made of a defect: what it said or did that it does
// not say or do of sound catalogs, and whether its exit status tells.
type verdict struct {
	seen  string
	fails bool
}

func (v verdict) String() string {
	switch {
	case v.fails:
		return "yes"
	case v.seen != "":
		return v.seen + ", exit 0"
	}
	return "no"
}

// merged runs goi18n merge over catalogs.
func merged(t *testing.T, bin string, files map[string][]byte) (dir string, said []byte, err error) {
	t.Helper()
	dir = t.TempDir()
	putFiles(t, dir, files)
	args := []string{"merge", "-outdir", dir, "-sourceLanguage", "en"}
	for name := range files {
		if catalog.IsMessageFile(name) {
			args = append(args, filepath.Join(dir, name))
		}
	}
	slices.Sort(args[5:])
	said, err = exec.Command(bin, args...).CombinedOutput()
	return dir, said, err
}

// TestDefectsBesidePeers runs each seeded defect through this program and those
// that a project might use instead, holds that no other finds what this one
// does not, and keeps the table in the documentation of package lint. With
// -update it writes the table.
func TestDefectsBesidePeers(t *testing.T) {
	bin := goi18n(t)
	needs(t, "msgfmt")
	needs(t, "pofilter")
	peers := []struct {
		name string
		run  func(t *testing.T, d catalogtest.Defect) verdict
	}{
		{"goi18n merge", func(t *testing.T, d catalogtest.Defect) verdict {
			files := d.Files()
			dir, _, err := merged(t, bin, files)
			v := verdict{fails: err != nil}
			work, _ := os.ReadFile(filepath.Join(dir, "translate.ru.toml"))
			active, _ := os.ReadFile(filepath.Join(dir, "active.ru.toml"))
			has := func(data []byte) bool {
				return bytes.Contains(data, []byte("["+d.ID+"]")) || bytes.HasPrefix(data, []byte(d.ID+" ="))
			}
			switch {
			case d.ID == "":
			case has(work) && bytes.Contains(files["active.ru.toml"], []byte("other = \"Читать новости\"")) && !has(active):
				v.seen = "taken out of the page"
			case has(work):
				v.seen = "asked for"
			case !has(active):
				v.seen = "deleted"
			}
			return v
		}},
		{"msgfmt -c", func(t *testing.T, d catalogtest.Defect) verdict {
			po, ok := exportedPO(t, d)
			if !ok {
				return verdict{}
			}
			out, err := exec.Command("msgfmt", "-c", "--statistics", "-o", os.DevNull, po).CombinedOutput()
			v := verdict{fails: err != nil}
			if bytes.Contains(out, []byte("untranslated")) || bytes.Contains(out, []byte("fuzzy")) {
				v.seen = "counted"
			}
			return v
		}},
		{"pofilter", func(t *testing.T, d catalogtest.Defect) verdict {
			po, ok := exportedPO(t, d)
			if !ok {
				return verdict{}
			}
			out, err := exec.Command("pofilter", "--progress=none", po).Output()
			if err != nil {
				t.Fatal(err)
			}
			var tests []string
			for line := range strings.Lines(string(out)) {
				if name, ok := strings.CutPrefix(line, "# (pofilter) "); ok {
					name, _, _ = strings.Cut(name, ":")
					tests = append(tests, strings.TrimSpace(name))
				}
			}
			slices.Sort(tests)
			return verdict{seen: strings.Join(slices.Compact(tests), " ")}
		}},
	}
	sound := make([]verdict, len(peers))
	for i, p := range peers {
		sound[i] = p.run(t, catalogtest.Sound)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "//\t%-34s %-38s", "defect", "this package")
	for _, p := range peers {
		fmt.Fprintf(&b, " %-30s", p.name)
	}
	b.WriteString("\n")
	for _, d := range catalogtest.Defects {
		ids := found(t, d)
		for _, id := range d.Want {
			if !slices.Contains(ids, id) {
				t.Errorf("%s: found %v, want %s", d.Name, ids, id)
			}
		}
		fmt.Fprintf(&b, "//\t%-34s %-38s", d.Name, strings.ReplaceAll(strings.Join(ids, " "), "catalog.", ""))
		for i, p := range peers {
			v := p.run(t, d)
			v.seen = without(v.seen, sound[i].seen)
			v.fails = v.fails && !sound[i].fails
			fmt.Fprintf(&b, " %-30s", v)
			if (v.fails || v.seen != "") && len(ids) == 0 {
				t.Errorf("%s: %s says %s, and here nothing is found", d.Name, p.name, v)
			}
		}
		b.WriteString("\n")
	}
	var table strings.Builder
	for line := range strings.Lines(b.String()) {
		table.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	doc := filepath.Join("..", "..", "locales", "catalog", "lint", "doc.go")
	data, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.Index(data, []byte("//\tdefect "))
	end := bytes.Index(data, []byte("\npackage lint"))
	if start < 0 || end < 0 {
		t.Fatalf("%s has no table of defects", doc)
	}
	want := slices.Concat(data[:start], []byte(table.String()), data[end+1:])
	if bytes.Equal(data, want) {
		return
	}
	if !goldentest.Update() {
		t.Fatalf("%s differs from what the tools say now; run with -update and read the difference:\n%s", doc, table.String())
	}
	if err := os.WriteFile(doc, want, 0o666); err != nil {
		t.Fatal(err)
	}
}

// without takes away the words that are said of sound catalogs too.
func without(said, always string) string {
	words := strings.Fields(said)
	if said == always {
		return ""
	}
	if !strings.Contains(said, " ") || slices.Contains([]string{"taken out of the page", "asked for"}, said) {
		return said
	}
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(strings.Fields(always), w) })
	return strings.Join(words, " ")
}

// found are the ids of what catalog check finds.
func found(t *testing.T, d catalogtest.Defect) []string {
	t.Helper()
	dir := t.TempDir()
	putFiles(t, dir, d.Files())
	_, out, _ := hexapla("catalog", "check", "--dir", dir, "--code-dir", dir, "--code", "*.go", "--json", "--no-fail")
	var r struct {
		Diagnostics []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%s: %v\n%s", d.Name, err, out)
	}
	var ids []string
	for _, f := range r.Diagnostics {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// exportedPO is the Russian catalog as PO; not ok where there is none.
func exportedPO(t *testing.T, d catalogtest.Defect) (string, bool) {
	t.Helper()
	dir := t.TempDir()
	putFiles(t, dir, d.Files())
	code, _, said := hexapla("catalog", "export", "--dir", dir, "--format", "po", "--locale", "ru", "-o", filepath.Join(dir, "po"))
	name := filepath.Join(dir, "po", "messages.ru.po")
	if _, err := os.Stat(name); err != nil {
		t.Logf("%s: no PO, exit status %d: %s", d.Name, code, said)
		return "", false
	}
	return name, true
}

// TestSameAsGoi18n damages the shipped catalogs at random: what goi18n merge
// asks translators for and what catalog check finds missing, empty, stale or
// without a form are the same messages.
func TestSameAsGoi18n(t *testing.T) {
	bin := goi18n(t)
	shipped := shippedCatalogs(t)
	for seed := range 4 {
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		files := damaged(random, shipped)
		dir, said, err := merged(t, bin, files)
		if err != nil {
			t.Fatalf("goi18n: %v\n%s", err, said)
		}
		set, ds := catalog.Parse(files, "en")
		if len(ds) > 0 {
			t.Fatal(ds)
		}
		ours := map[string]bool{}
		for _, d := range lint.Check(set, lint.Options{}) {
			switch d.ID {
			case "catalog.missing", "catalog.stale", "catalog.plural-missing", "catalog.plural-rare":
				ours[d.Place.Locale+" "+d.Place.Unit] = true
			case "catalog.empty":
				if m := set.Catalogs[d.Place.Locale].Messages[d.Place.Unit]; m.Other == "" {
					ours[d.Place.Locale+" "+d.Place.Unit] = true
				}
			}
		}
		theirs := askedFor(t, readFiles(t, dir))
		if len(theirs) == 0 {
			t.Fatal("goi18n asks for nothing")
		}
		for _, what := range slices.Sorted(maps.Keys(theirs)) {
			if !ours[what] {
				t.Errorf("seed %d: goi18n asks for %s, and nothing is found", seed, what)
			}
		}
		for _, what := range slices.Sorted(maps.Keys(ours)) {
			if !theirs[what] {
				t.Errorf("seed %d: %s is found, and goi18n does not ask for it", seed, what)
			}
		}
	}
}

// TestMixedWithGoi18n: either program takes up what the other has put down. What
// one asks translators for, and they translate, the other merges, and then both
// find nothing more to do.
func TestMixedWithGoi18n(t *testing.T) {
	bin := goi18n(t)
	shipped := shippedCatalogs(t)
	ours := func(files map[string][]byte) map[string][]byte {
		r, ds := update.Sync(files, "en", update.SyncOptions{})
		for _, d := range ds {
			t.Errorf("sync: %v", d)
		}
		out := maps.Clone(files)
		maps.Copy(out, r.Write)
		for _, name := range r.Delete {
			delete(out, name)
		}
		return out
	}
	theirs := func(files map[string][]byte) map[string][]byte {
		dir, said, err := merged(t, bin, files)
		if err != nil {
			t.Fatalf("goi18n: %v\n%s", err, said)
		}
		return readFiles(t, dir)
	}
	for seed := range 2 {
		for order, steps := range map[string][2]func(map[string][]byte) map[string][]byte{"sync, then goi18n": {ours, theirs}, "goi18n, then sync": {theirs, ours}} {
			files := damaged(rand.New(rand.NewPCG(uint64(seed), 1)), shipped)
			files = steps[0](files)
			asked := askedFor(t, files)
			if len(asked) == 0 {
				t.Fatalf("%s: nothing is asked for", order)
			}
			for name, data := range files {
				if strings.HasPrefix(name, "translate.") {
					files[name] = regexp.MustCompile(`(?m)^(other|one|two|few|many|zero) = "`).ReplaceAll(data, []byte("$1 = \"* "))
				}
			}
			files = steps[1](files)
			if left := askedFor(t, files); len(left) > 0 {
				t.Errorf("%s, seed %d: still to do %v", order, seed, slices.Sorted(maps.Keys(left)))
			}
			set, ds := catalog.Parse(files, "en")
			for _, d := range append(ds, lint.Check(set, lint.Options{})...) {
				switch d.ID {
				case "catalog.missing", "catalog.stale", "catalog.plural-missing", "catalog.hash", "catalog.extra", "catalog.duplicate", "catalog.syntax":
					t.Errorf("%s, seed %d: %v", order, seed, d)
				}
			}
			if again := theirs(ours(files)); len(askedFor(t, again)) > 0 {
				t.Errorf("%s, seed %d: asked again for %v", order, seed, askedFor(t, again))
			}
		}
	}
}

// shippedCatalogs are this program's own catalogs of the newsroom's chrome.
func shippedCatalogs(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for name, data := range readFiles(t, "../../locales") {
		if strings.HasPrefix(name, "active.") {
			out[name] = data
		}
	}
	return out
}

// readFiles are the TOML files of a folder.
func readFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	names, err := fs.Glob(os.DirFS(dir), "*.toml")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// askedFor are the messages, by locale and id, of goi18n's files of work, but for
// those that have become part of the catalog: goi18n leaves its files as they are.
func askedFor(t *testing.T, files map[string][]byte) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	set, _ := catalog.Parse(files, "en")
	for name, data := range files {
		if !strings.HasPrefix(name, "translate.") {
			continue
		}
		one, ds := catalog.Parse(catalog.Files{strings.Replace(name, "translate.", "active.", 1): data}, "en")
		if len(ds) > 0 {
			t.Fatal(ds)
		}
		for locale, c := range one.Catalogs {
			for _, id := range c.IDs {
				asked, has := c.Messages[id], (*catalog.Message)(nil)
				if of := set.Catalogs[locale]; of != nil {
					has = of.Messages[id]
				}
				if has == nil || has.Hash != asked.Hash || slices.ContainsFunc(message.Categories, func(c string) bool { return asked.Form(c) != "" && asked.Form(c) != has.Form(c) }) {
					out[locale+" "+id] = true
				}
			}
		}
	}
	return out
}

// damaged are catalogs with something wrong in each. Those of locales that goi18n
// has no plural rules for, and passes over, are left out, and those with parents,
// of which it knows nothing.
func damaged(random *rand.Rand, shipped map[string][]byte) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(shipped)) {
		_, locale, err := catalog.FileLocale(name)
		if err != nil || slices.Contains([]string{"tt", "ba", "crh-Latn", "sr-ME", "fa-AF"}, locale) {
			continue
		}
		files[name] = damage(random, string(shipped[name]), locale == "en")
	}
	return files
}

// damage takes lines out of a catalog and changes hashes, or in the source
// texts, here and there.
func damage(random *rand.Rand, text string, source bool) []byte {
	var out strings.Builder
	for block := range strings.SplitSeq(text, "\n\n") {
		if random.IntN(12) == 0 && strings.HasPrefix(block, "[") && !source {
			continue
		}
		for line := range strings.SplitSeq(block, "\n") {
			switch {
			case source && strings.HasPrefix(line, "other = ") && random.IntN(10) == 0:
				line = strings.TrimSuffix(line, `"`) + ` again"`
			case !source && strings.HasPrefix(line, "few = ") && random.IntN(8) == 0:
				continue
			case !source && strings.HasPrefix(line, "other = ") && random.IntN(20) == 0:
				line = `other = ""`
			}
			out.WriteString(line + "\n")
		}
		out.WriteString("\n")
	}
	return []byte(out.String())
}

// BenchmarkBesideGoi18n times the whole command catalog check, and goi18n
// merge, over 27 locales of 10,000 messages.
func BenchmarkBesideGoi18n(b *testing.B) {
	dir := b.TempDir()
	files := catalogtest.Many(10_000)
	putFiles(b, dir, files)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		names = append(names, filepath.Join(dir, name))
	}
	commands := map[string][]string{
		"hexapla": {built(b, "hexapla/cmd/hexapla"), "catalog", "check", "--no-fail", "--dir", dir, "--format", "json=" + filepath.Join(b.TempDir(), "report.json")},
		"goi18n":  append([]string{goi18n(b), "merge", "-outdir", b.TempDir(), "-sourceLanguage", "en"}, names...),
	}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(commands[name][0], commands[name][1:]...)
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				b.ReportMetric(cmd.ProcessState.UserTime().Seconds()+cmd.ProcessState.SystemTime().Seconds(), "cpu-s/run")
			}
		})
	}
}
