//go:build unix

package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var faults = flag.Bool("fault", false, "run the fault suite, which takes a minute or two")

// TestFault does to the program what machines and people do, and checks each time
// that it does not panic, that its exit status is one of its own, that what it
// acknowledged is found again, and that the next build gives the editions of an
// undisturbed one and leaves no temporary file.
func TestFault(t *testing.T) {
	if !*faults {
		t.Skip("the fault suite runs with -fault only")
	}
	s := newFaultSuite(t)
	// A process whose parent ignores SIGHUP, as under nohup, would ignore it too.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		s.run("build: "+sig.String(), 4, func(f *fault) { f.killed(sig, s.buildTime, "build"); f.whole() })
		s.run("import: "+sig.String(), 4, func(f *fault) { f.killedImport(sig) })
		s.run("dry run: "+sig.String(), 4, func(f *fault) { f.killedDryRun(sig) })
	}
	for _, c := range faultCommands {
		s.run(c.name+": killed", 4, func(f *fault) { f.killedCommand(c) })
	}
	s.run("two builds at once", 4, func(f *fault) { f.atOnce([]string{"build"}, []string{"build"}); f.whole() })
	s.run("two builds at once: each text paid once", 3, (*fault).paidOnce)
	s.run("two imports at once", 5, (*fault).twoImports)
	s.run("an import and a build at once", 4, func(f *fault) {
		f.atOnce(f.importArgs("Олени"), []string{"build"})
		f.acknowledged("Олени")
	})
	for _, name := range []string{".hexapla/memory.db", "editions/uk/manifest.json", "memory/journal", ".hexapla"} {
		s.run("flipped bit: "+name, 4, func(f *fault) { f.damage(name, flipBit) })
		s.run("truncated: "+name, 3, func(f *fault) { f.damage(name, truncate) })
	}
	s.run("flipped bit in a stored text", 4, (*fault).flippedText)
	s.run("empty memory beside editions", 2, (*fault).emptyMemory)
	s.run("import: the file is replaced meanwhile", 4, (*fault).replacedImport)
	s.run("import from a pipe", 2, (*fault).pipedImport)
	s.run("undone TMX that changes by a line feed", 1, (*fault).undoneFile)
	s.run("project of another user in a parent folder", 1, (*fault).foreignParent)
	s.run("file size limit", 5, (*fault).fileSizeLimit)
	s.run("full disk", 4, (*fault).fullDisk)
	s.run("no write permission", 2, (*fault).noPermission)
	for _, args := range [][]string{{"build"}, {"status"}, {"status", "--json"}, {"check", "--format", "json"}, {"memory", "export"}, {"split", "articles/a0.txt"}, {"checks"}} {
		s.run("standard output on a full disk: "+strings.Join(args, " "), 1, func(f *fault) { f.devFull(args) })
	}
	for _, name := range []string{"articles/a0.txt", ".hexapla/memory.db", "hexapla.toml", "editions/uk/manifest.json", "memory/units/units.txt", "tm/a.tmx", "locales/active.uk.toml", "articles/new.txt", "terms.csv", "rules.srx", "style.txt", "prompt.txt", "index.tmpl", "baseline.json", "locales", "articles"} {
		s.run("FIFO: "+name, 1, func(f *fault) { f.replaced(name, func(p string) error { return syscall.Mkfifo(p, 0o644) }) })
		s.run("dangling link: "+name, 1, func(f *fault) { f.replaced(name, func(p string) error { return os.Symlink("/nonexistent/x", p) }) })
	}
	for _, name := range []string{"hexapla.toml", "memory/units/units.txt", "editions/uk/manifest.json", ".hexapla/refusals.jsonl", "memory/journal/zz.jsonl", "articles/a0.txt"} {
		s.run("1.1 GB: "+name, 1, func(f *fault) { f.gigabyte(name) })
	}
	for _, mode := range faultyModes {
		s.run("engine: "+mode.name, 1, func(f *fault) { f.faultyEngine(mode) })
	}
	for _, ext := range hostileExtensions {
		s.run(fmt.Sprintf("%d hostile articles: .%s", len(hostileTexts)+hostileMutations, ext), 1, func(f *fault) { f.hostileArticles(ext) })
	}
	for _, format := range []string{"xliff", "tmx", "po", "csv", "jsonl", "xlsx"} {
		s.run("hostile bilingual file: "+format, 3, func(f *fault) { f.hostileFile(format) })
	}
	for _, h := range hostileProjects {
		s.run("hostile project: "+h.name, 1, func(f *fault) { f.hostileProject(h) })
	}
	s.run("control characters and template instructions", 1, (*fault).hostileTargets)
	s.run("250 hostile articles with a hostile engine", 1, (*fault).hostileEngine)
	s.run("catalog sync over a hand edit", 1, (*fault).catalogHandEdit)
	s.run("pivot: asked for once for two locales", 1, (*fault).pivotOnce)
	s.run("refused texts: asked for again on demand", 1, (*fault).refusedOnce)
	s.run("import of what another process has stored", 2, (*fault).importAgain)
	s.run("stray temporary files", 2, (*fault).strayFiles)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		s.run("a pipe without a writer: "+sig.String(), 1, func(f *fault) { f.silentPipe(sig) })
	}
	s.run("killed builds: no answer is lost or paid again", 1, func(f *fault) {
		c := killBuilds(f.T, 12)
		f.note = fmt.Sprintf("%d builds killed, %d answers for %d texts", c.kills, c.answered, c.texts)
	})
	s.print()
}

// faultSuite has the finished project that each try begins with a copy of, and the
// editions that an undisturbed build gives.
type faultSuite struct {
	t        *testing.T
	root     string
	fresh    string // exported and not built
	built    string
	editions map[string]string
	imported []byte // the exported file, without targets
	rows     []faultRow

	buildTime, importTime time.Duration // of undisturbed commands
	seed                  uint64
}

type faultRow struct {
	name            string
	tries, survived int
	met             int // tries in which a signal met a running process
	word            string
	note            string // what came of the last try
}

const (
	faultArticles  = 6
	faultSentences = 25
	faultConfig    = `[project]
source = "en"
locales = ["uk", "ru"]
articles = ["articles/*.txt"]

[memory]
journal = true

[policy]
mt = true

[[hook]]
name = "upper"
type = "exec"
command = ["upper"]
`
)

func newFaultSuite(t *testing.T) *faultSuite {
	root := t.TempDir()
	s := &faultSuite{t: t, root: root, fresh: filepath.Join(root, "fresh"), built: filepath.Join(root, "built"), seed: uint64(time.Now().UnixNano())}
	t.Logf("seed %d", s.seed)
	write := func(name, text string) {
		path := filepath.Join(s.fresh, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("hexapla.toml", faultConfig)
	for i := range faultArticles {
		var b strings.Builder
		for j := range faultSentences {
			fmt.Fprintf(&b, "The freight number %d has arrived at the harbour.\n\n", 1000+i*faultSentences+j)
		}
		write(fmt.Sprintf("articles/a%d.txt", i), b.String())
	}
	f := &fault{T: t, s: s, dir: s.fresh, temp: t.TempDir()}
	f.must("export", "--locale", "uk", "--format", "jsonl", "--by", "locale")
	_ = filepath.WalkDir(filepath.Join(s.fresh, "exchange"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".jsonl") {
			s.imported, err = os.ReadFile(path)
		}
		return err
	})
	if bytes.Count(s.imported, []byte("\n")) != faultArticles*faultSentences {
		t.Fatalf("exported %d lines", bytes.Count(s.imported, []byte("\n")))
	}
	if err := os.CopyFS(s.built, os.DirFS(s.fresh)); err != nil {
		t.Fatal(err)
	}
	f.dir = s.built
	begin := time.Now()
	f.must("build")
	s.buildTime = time.Since(begin)
	s.editions = f.tree("editions")
	if len(s.editions) < 2*faultArticles {
		t.Fatalf("an undisturbed build wrote only %d files", len(s.editions))
	}
	other := &fault{T: t, s: s, dir: filepath.Join(root, "other"), temp: f.temp}
	if err := os.CopyFS(other.dir, os.DirFS(s.fresh)); err != nil {
		t.Fatal(err)
	}
	args := other.importArgs("Олени")
	begin = time.Now()
	other.must(args...)
	s.importTime = time.Since(begin)
	return s
}

// run makes tries of a fault, each in a copy of the project that is not built yet.
func (s *faultSuite) run(name string, tries int, try func(*fault)) {
	row := faultRow{name: name}
	for i := range tries {
		f := &fault{s: s, rand: rand.New(rand.NewPCG(s.seed, uint64(len(s.rows)*100+i)))}
		ok := s.t.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, "/", "_"), i), func(t *testing.T) {
			f.T, f.temp, f.dir = t, t.TempDir(), filepath.Join(t.TempDir(), "p")
			if err := os.CopyFS(f.dir, os.DirFS(s.fresh)); err != nil {
				t.Fatal(err)
			}
			try(f)
		})
		if f.T == nil {
			return // not selected by -run
		}
		if f.word != "" {
			row.word = f.word
			break
		}
		row.tries++
		if f.met {
			row.met++
		}
		row.note = f.note
		if ok {
			row.survived++
		}
	}
	s.rows = append(s.rows, row)
}

func (s *faultSuite) print() {
	fmt.Printf("%-44s %6s %9s\n", "fault", "tries", "survived")
	for _, r := range s.rows {
		if r.met > 0 {
			r.word = fmt.Sprintf("%d met a running process", r.met)
		}
		r.word += r.note
		fmt.Printf("%-44s %6d %9d  %s\n", r.name, r.tries, r.survived, r.word)
	}
}
