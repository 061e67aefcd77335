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
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var faults = flag.Bool("fault", false, "run the fault suite, which takes a minute or two")

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

// TestFault does to the program what machines and people do, and checks each time
// that it does not panic, that its exit status is one of its own, that what it
// acknowledged is found again, and that the next build gives the editions of an
// undisturbed one and leaves no temporary file.
func TestFault(t *testing.T) {
	if !*faults {
		t.Skip("the fault suite runs with -fault only")
	}
	s := newFaultSuite(t)
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM} {
		s.run("build: "+sig.String(), 4, func(f *fault) { f.killed(sig, s.buildTime, "build"); f.whole() })
		s.run("import: "+sig.String(), 4, func(f *fault) { f.killedImport(sig) })
		s.run("dry run: "+sig.String(), 4, func(f *fault) { f.killedDryRun(sig) })
	}
	for _, c := range faultCommands {
		s.run(c.name+": killed", 4, func(f *fault) { f.killedCommand(c) })
	}
	s.run("two builds at once", 4, func(f *fault) { f.atOnce([]string{"build"}, []string{"build"}); f.whole() })
	s.run("two imports at once", 5, (*fault).twoImports)
	s.run("an import and a build at once", 4, func(f *fault) {
		f.atOnce(f.importArgs("Олени"), []string{"build"})
		f.acknowledged("Олени")
	})
	for _, name := range []string{".hexapla/memory.db", "editions/uk/manifest.json", "memory/journal", ".hexapla"} {
		s.run("flipped bit: "+name, 4, func(f *fault) { f.damage(name, flipBit) })
		s.run("truncated: "+name, 3, func(f *fault) { f.damage(name, truncate) })
	}
	s.run("file size limit", 5, (*fault).fileSizeLimit)
	s.run("full disk", 4, (*fault).fullDisk)
	s.run("no write permission", 2, (*fault).noPermission)
	for _, name := range []string{"articles/a0.txt", ".hexapla/memory.db", "hexapla.toml", "editions/uk/manifest.json"} {
		s.run("FIFO: "+name, 1, func(f *fault) { f.replaced(name, func(p string) error { return syscall.Mkfifo(p, 0o644) }) })
		s.run("dangling link: "+name, 1, func(f *fault) { f.replaced(name, func(p string) error { return os.Symlink("/nonexistent/x", p) }) })
	}
	s.print()
}

type faultRow struct {
	name            string
	tries, survived int
	met             int // tries in which a signal met a running process
	word            string
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

// fault is one try.
type fault struct {
	*testing.T
	s    *faultSuite
	dir  string
	temp string
	rand *rand.Rand
	word string // why the try was skipped
	met  bool   // the signal met a running process
}

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
		fmt.Printf("%-44s %6d %9d  %s\n", r.name, r.tries, r.survived, r.word)
	}
}

func (f *fault) command(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(name, args...)
	cmd.Dir = f.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "NO_COLOR=1", "HEXAPLA_ALLOW_HOOKS=1", "TMPDIR="+f.temp)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second // an engine may outlive a killed build
	return cmd, &out
}

var goPanic = regexp.MustCompile(`(?m)^(panic:|fatal error:|goroutine \d+ \[|unexpected fault)`)

// end waits for a command and checks how it ended. It returns its exit status, -1
// if a signal ended it.
func (f *fault) end(cmd *exec.Cmd, out *bytes.Buffer) int {
	f.Helper()
	hang := time.AfterFunc(30*time.Second, func() {
		f.Errorf("%q hangs", cmd.Args)
		_ = cmd.Process.Kill()
	})
	defer hang.Stop()
	_ = cmd.Wait()
	if goPanic.Match(out.Bytes()) {
		f.Errorf("%q panics:\n%.1500s", cmd.Args, out.Bytes())
	}
	code := cmd.ProcessState.ExitCode()
	if code > 3 {
		f.Errorf("%q: exit status %d:\n%.800s", cmd.Args, code, out.Bytes())
	}
	return code
}

func (f *fault) start(args ...string) (*exec.Cmd, *bytes.Buffer) {
	f.Helper()
	cmd, out := f.command("hexapla", args...)
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	return cmd, out
}

// exec runs a command that nothing kills.
func (f *fault) exec(args ...string) (int, string) {
	f.Helper()
	cmd, out := f.start(args...)
	code := f.end(cmd, out)
	if code < 0 {
		f.Errorf("%q: %v", args, cmd.ProcessState)
	}
	return code, out.String()
}

// must runs a command that has to succeed, with findings at most.
func (f *fault) must(args ...string) string {
	f.Helper()
	code, out := f.exec(args...)
	if code > 1 {
		f.Fatalf("%q: exit status %d:\n%.1500s", args, code, out)
	}
	return out
}

// killed sends a signal to a command at a random moment.
func (f *fault) killed(sig syscall.Signal, within time.Duration, args ...string) int {
	f.Helper()
	cmd, out := f.start(args...)
	time.Sleep(time.Duration(f.rand.Int64N(int64(within))))
	_ = cmd.Process.Signal(sig)
	code := f.end(cmd, out)
	f.met = code < 0 || code == 3
	return code
}

// killedDryRun kills commands that only look. The project stays as it is, byte for byte,
// before anything was built and after it.
func (f *fault) killedDryRun(sig syscall.Signal) {
	commands := [][]string{{"build", "--dry-run"}, {"import", "--dry-run", "--partial", f.importArgs("Олени")[5]}}
	args := commands[f.rand.IntN(len(commands))]
	if f.rand.IntN(2) == 0 {
		f.must("build")
	}
	before := f.tree(".")
	f.killed(sig, f.s.importTime, args...)
	met := f.met
	after := f.tree(".")
	for name, text := range after {
		if strings.HasSuffix(name, ".db-shm") || strings.HasSuffix(name, ".db-wal") && text == "" {
			continue // SQLite's, of a reader: nothing of the memory is in them
		}
		if old, ok := before[name]; !ok || old != text {
			f.Errorf("%q changed %s", args, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			f.Errorf("%q removed %s", args, name)
		}
	}
	if err := os.Remove(filepath.Join(f.dir, "Олени.jsonl")); err != nil {
		f.Fatal(err)
	}
	f.whole()
	f.met = met
}

// whole checks that the next build gives the editions of an undisturbed build.
func (f *fault) whole() {
	f.Helper()
	f.must("build")
	f.same(f.tree("editions"), f.s.editions)
	f.noStray()
}

func (f *fault) same(got, want map[string]string) {
	f.Helper()
	for name, text := range want {
		if got[name] != text {
			f.Errorf("%s is not what a build from nothing gives: %d bytes, want %d", name, len(got[name]), len(text))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			f.Errorf("%s is no file of a build from nothing", name)
		}
	}
}

func (f *fault) noStray() {
	f.Helper()
	for _, dir := range []string{f.dir, f.temp} {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && (strings.Contains(d.Name(), ".tmp") || strings.HasPrefix(d.Name(), "hexapla-")) {
				f.Errorf("a temporary file stays: %s", path)
			}
			return nil
		})
	}
}

// manifestTime is the only part of an edition that differs between two builds.
var manifestTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`)

func (f *fault) tree(name string) map[string]string {
	f.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(filepath.Join(f.dir, name), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(f.dir, path)
		out[rel] = manifestTime.ReplaceAllString(string(data), "TIME")
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return out
}

var jsonTarget = regexp.MustCompile(`"source":"The freight number (\d+) [^"]*","target":null`)

// importArgs writes a file of translations of all segments, by one translator, and
// returns the command that imports it.
func (f *fault) importArgs(translator string) []string {
	f.Helper()
	path := filepath.Join(f.dir, translator+".jsonl")
	data := jsonTarget.ReplaceAllString(string(f.s.imported),
		`"source":"The freight number $1 has arrived at the harbour.","target":"Вантаж $1 для `+translator+` прибув до порту.","state":"translated"`)
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		f.Fatal(err)
	}
	return []string{"import", "--partial", "--force", "--author", translator, path}
}

// acknowledged checks that each translation of a translator is in the memory or in
// its history: the journal has every version.
func (f *fault) acknowledged(translator string) {
	f.Helper()
	f.must("status") // brings the journal up to date
	stored := f.must("memory", "export")
	for _, text := range f.tree("memory/journal") {
		stored += text
	}
	lost := 0
	for i := range faultArticles * faultSentences {
		if !strings.Contains(stored, fmt.Sprintf("Вантаж %d для %s ", 1000+i, translator)) {
			lost++
		}
	}
	if lost > 0 {
		f.Errorf("%d acknowledged translations for %s are lost", lost, translator)
	}
	f.fromNothing()
}

// fromNothing checks that a build gives what a build without earlier editions gives.
func (f *fault) fromNothing() {
	f.Helper()
	f.must("build")
	f.noStray()
	got := f.tree("editions")
	if err := os.RemoveAll(filepath.Join(f.dir, "editions")); err != nil {
		f.Fatal(err)
	}
	f.must("build")
	f.same(got, f.tree("editions"))
}

func (f *fault) killedImport(sig syscall.Signal) {
	if f.killed(sig, f.s.importTime, f.importArgs("Олени")...) == 0 {
		f.acknowledged("Олени")
		return
	}
	f.must(f.importArgs("Олени")...)
	f.acknowledged("Олени")
}

// atOnce runs commands side by side and returns their exit statuses.
func (f *fault) atOnce(commands ...[]string) []int {
	f.Helper()
	codes := make([]int, len(commands))
	var group sync.WaitGroup
	for i, args := range commands {
		cmd, out := f.start(args...)
		group.Go(func() {
			if codes[i] = f.end(cmd, out); codes[i] > 1 {
				f.Errorf("%q: exit status %d beside another command:\n%.800s", args, codes[i], out.Bytes())
			}
		})
	}
	group.Wait()
	return codes
}

func (f *fault) twoImports() {
	translators := []string{"Олени", "Павла"}
	codes := f.atOnce(f.importArgs(translators[0]), f.importArgs(translators[1]))
	for i, code := range codes {
		if code == 0 {
			f.acknowledged(translators[i])
		}
	}
	if !slices.Contains(codes, 0) {
		f.Errorf("no import succeeded: %v", codes)
	}
}

func flipBit(f *fault, data []byte) []byte {
	data[f.rand.IntN(len(data))] ^= 1 << f.rand.IntN(8)
	return data
}

func truncate(f *fault, data []byte) []byte { return data[:f.rand.IntN(len(data))] }

// damage changes a file, or a file of a folder, of a finished project. No command may
// panic by it, and without the memory's database and the editions, the project
// must build again; with a damaged memory a command may refuse to work.
func (f *fault) damage(name string, change func(*fault, []byte) []byte) {
	f.must("build")
	path := filepath.Join(f.dir, name)
	var files []string
	_ = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if info, ierr := os.Stat(p); err == nil && ierr == nil && info.Mode().IsRegular() && info.Size() > 0 {
			files = append(files, p)
		}
		return nil
	})
	if len(files) == 0 {
		f.Fatalf("%s: no file to damage", name)
	}
	path = files[f.rand.IntN(len(files))]
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(path, change(f, data), 0o644); err != nil {
		f.Fatal(err)
	}
	f.damageReported(name, path, string(data))
	if name == ".hexapla/memory.db" {
		f.recovered()
	}
	for _, args := range [][]string{{"memory", "stats"}, {"memory", "export"}, {"status"}, {"check"}, {"build"}} {
		f.exec(args...)
	}
	if name == ".hexapla/memory.db" {
		// The database is lost: the journal has everything.
		for _, part := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(filepath.Join(f.dir, name+part))
		}
		f.drafts()
		f.whole()
	}
	if name == "editions/uk/manifest.json" {
		// A build replaces no page on the word of a damaged manifest: it names it, and the
		// way out that it gives leads out.
		code, out := f.exec("build", "--findings")
		if code != 0 {
			if !strings.Contains(out, "--overwrite") && !strings.Contains(out, "edition.") {
				f.Errorf("refused without a reason:\n%s", out)
			}
			if err := os.Remove(path); err != nil {
				f.Fatal(err)
			}
			f.must("build", "--overwrite")
		}
		f.fromNothing()
	}
}

// damageReported checks that memory verify notices a damaged journal, unless all lines
// are there, and that what was lost of it can be written again.
func (f *fault) damageReported(name, path, before string) {
	f.Helper()
	code, out := f.exec("memory", "verify")
	if name != "memory/journal" || !strings.HasSuffix(path, ".jsonl") {
		return
	}
	file := filepath.Base(path)
	after, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	lost := 0
	lines := map[string]bool{}
	for line := range strings.Lines(string(after)) {
		lines[strings.TrimRight(line, "\n")] = true
	}
	for line := range strings.Lines(before) {
		if !lines[strings.TrimRight(line, "\n")] {
			lost++
		}
	}
	switch {
	case lost > 0 && (code == 0 || !strings.Contains(out, file)):
		f.Errorf("%s has lost %d lines, and memory verify ends with %d:\n%.800s", file, lost, code, out)
	case code == 3:
		return // a newer version of the format, by its number
	}
	f.exec("memory", "rebuild", "--restore")
	f.drafts()
	if _, out := f.exec("memory", "verify"); strings.Contains(out, "journal.missing") {
		f.Errorf("lines are missing after they were restored:\n%.800s", out)
	}
}

// recovered checks, for a copy of the project with a damaged database, that memory
// verify finds nothing only if every translation is there, and that memory recover,
// which has the journal besides, leaves a memory with all of them, or changes nothing
// and says why.
func (f *fault) recovered() {
	f.Helper()
	own := f.dir
	defer func() { f.dir = own }()
	f.dir = filepath.Join(f.temp, "recovered")
	if err := os.CopyFS(f.dir, os.DirFS(own)); err != nil {
		f.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(f.dir) }()
	if code, out := f.exec("memory", "verify"); code == 0 {
		f.drafts()
	} else if strings.Contains(out, " 0 problems") || strings.TrimSpace(out) == "" {
		f.Errorf("memory verify ends with %d and no reason:\n%.800s", code, out)
	}
	before := f.tree(".hexapla")
	code, out := f.exec("memory", "recover")
	if code > 1 {
		if !strings.Contains(out, "memory.db") {
			f.Errorf("memory recover ends with %d and no reason:\n%.800s", code, out)
		}
		if after := f.tree(".hexapla"); after[".hexapla/memory.db"] != before[".hexapla/memory.db"] {
			f.Errorf("memory recover ends with %d, and the database is another", code)
		}
		return
	}
	if out := f.must("memory", "verify"); !strings.Contains(out, "0 problems") {
		f.Errorf("the recovered memory is damaged:\n%.800s", out)
	}
	f.drafts()
}

// drafts checks that the memory has the translations of a build.
func (f *fault) drafts() {
	f.Helper()
	stored := f.must("memory", "export")
	lost := 0
	for i := range faultArticles * faultSentences {
		if !strings.Contains(stored, fmt.Sprintf("THE FREIGHT NUMBER %d ", 1000+i)) {
			lost++
		}
	}
	if lost > 0 {
		f.Errorf("%d translations are lost", lost)
	}
}

// faultCommand is a command that stores something. effect is the part of the output of
// shown that is there once the command has ended well.
type faultCommand struct {
	name   string
	args   []string
	shown  []string
	effect string
}

var faultCommands = []faultCommand{
	{"note add", []string{"note", "add", "--locale", "uk", "--author", "Олени", "articles/a0.txt", "Which freight?"}, []string{"note", "list"}, "Which freight?"},
	{"approve", []string{"approve", "--locale", "uk", "--author", "Павла", "articles/a0.txt"}, []string{"memory", "stats", "--json"}, `"reviewed": 25`},
	{"memory edit", []string{"memory", "edit", "--locale", "uk", "--reason", "style", "The freight number 1000 has arrived at the harbour.", "Вантаж тисяча."}, []string{"memory", "search", "Вантаж тисяча"}, "Вантаж тисяча."},
	{"memory import", []string{"memory", "import", "extra.tmx"}, []string{"memory", "search", "Зайвий"}, "Зайвий вантаж."},
	{"memory undo", []string{"memory", "undo", "first"}, []string{"memory", "stats", "--json"}, `"Former"`},
	{"export", []string{"export", "--locale", "uk", "--package", "--flavor", "omegat", "-o", "out"}, []string{"import", "--dry-run", "out/uk.zip"}, "source/a5.txt.xlf: 0 accepted, 25 unchanged"},
	{"memory rebuild", []string{"memory", "rebuild"}, []string{"memory", "verify"}, "0 problems"},
}

// killedCommand kills a command that changes the memory: what was acknowledged before is
// there, and what the command does if it ended well. It can be given again.
func (f *fault) killedCommand(c faultCommand) {
	f.must(append(f.importArgs("Олени"), "--name", "first")...)
	extra := `<?xml version="1.0"?><tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en" datatype="plaintext"/><body><tu><tuv xml:lang="en"><seg>An extra freight.</seg></tuv><tuv xml:lang="uk"><seg>Зайвий вантаж.</seg></tuv></tu></body></tmx>`
	if err := os.WriteFile(filepath.Join(f.dir, "extra.tmx"), []byte(extra), 0o644); err != nil {
		f.Fatal(err)
	}
	code := f.killed(syscall.SIGKILL, f.s.importTime, c.args...)
	if code != 0 {
		if code, out := f.exec(c.args...); code > 1 && !strings.Contains(out, "undone") && !strings.Contains(out, "is changed by this") {
			f.Errorf("given again, it ends with %d:\n%.800s", code, out)
		}
	}
	if out := f.must(c.shown...); !strings.Contains(out, c.effect) {
		f.Errorf("no %q in\n%.1500s", c.effect, out)
	}
	if out := f.must("memory", "verify"); !strings.Contains(out, "0 problems") {
		f.Errorf("%.800s", out)
	}
	f.acknowledged("Олени")
}

// fileSizeLimit runs commands that cannot write files of more than some blocks.
func (f *fault) fileSizeLimit() {
	f.must("status")
	limit := 1 << f.rand.IntN(9)
	for _, args := range [][]string{f.importArgs("Олени"), {"build"}} {
		cmd, out := f.command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -f %d; exec hexapla "$@"`, limit), "sh"}, args...)...)
		if err := cmd.Start(); err != nil {
			f.Fatal(err)
		}
		if f.end(cmd, out) == 0 && args[0] == "import" {
			defer f.acknowledged("Олени")
		}
	}
	f.fromNothing()
}

// fullDisk runs commands in a small file system of its own.
func (f *fault) fullDisk() {
	disk := filepath.Join(f.temp, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		f.Fatal(err)
	}
	size := 300 + f.rand.IntN(700)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", size), "tmpfs", disk).CombinedOutput(); err != nil {
		f.word = "skipped: no tmpfs can be mounted here"
		f.Skipf("%s: %s", f.word, out)
	}
	defer func() { _ = exec.Command("umount", "-l", disk).Run() }()
	small := filepath.Join(disk, "p")
	if err := os.CopyFS(small, os.DirFS(f.dir)); err != nil {
		f.Fatalf("%d KB are too few for the project: %v", size, err)
	}
	args := f.importArgs("Олени") // the file itself is on the large disk
	large := f.dir
	f.dir = small
	code, _ := f.exec(args...)
	f.exec("build")
	// The disk gets room again.
	if out, err := exec.Command("mount", "-o", "remount,size=64m", disk).CombinedOutput(); err != nil {
		f.Fatalf("%v: %s", err, out)
	}
	if code != 0 {
		f.must(args...)
	}
	f.acknowledged("Олени")
	f.dir = large
}

// noPermission runs commands as a user who may read the project only.
func (f *fault) noPermission() {
	if os.Getuid() != 0 {
		f.word = "skipped: only root can run a program as another user"
		f.Skip(f.word)
	}
	f.must("build")
	before := f.tree(".")
	program, err := exec.LookPath("hexapla")
	if err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(program)
	if err != nil {
		f.Fatal(err)
	}
	public, err := os.MkdirTemp("", "fault-") // t.TempDir is closed to others
	if err != nil {
		f.Fatal(err)
	}
	defer os.RemoveAll(public)
	temp := filepath.Join(public, "tmp")
	err = errors.Join(os.Chmod(public, 0o755), os.WriteFile(filepath.Join(public, "hexapla"), data, 0o755),
		os.CopyFS(filepath.Join(public, "p"), os.DirFS(f.dir)), os.Mkdir(temp, 0o777), os.Chmod(temp, 0o777))
	if err != nil {
		f.Fatal(err)
	}
	own := f.dir
	f.dir, f.temp = filepath.Join(public, "p"), temp
	for _, args := range [][]string{{"status"}, {"memory", "stats"}, {"memory", "export"}, {"build"}, f.importArgs("Олени")} {
		cmd, out := f.command(filepath.Join(public, "hexapla"), args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		if err := cmd.Start(); err != nil {
			f.word = "skipped: " + err.Error()
			f.Skip(f.word)
		}
		if code := f.end(cmd, out); code == 0 && args[0] == "import" {
			f.Errorf("%q succeeds in a folder that it cannot write to", args)
		}
	}
	if err := os.Remove(filepath.Join(f.dir, "Олени.jsonl")); err != nil {
		f.Fatal(err)
	}
	f.same(f.tree("."), before)
	f.dir = own
}

// replaced puts something that is no regular file in the place of a file.
func (f *fault) replaced(name string, put func(path string) error) {
	f.must("build")
	path := filepath.Join(f.dir, name)
	if err := os.Rename(path, filepath.Join(f.temp, "kept")); err != nil {
		f.Fatal(err)
	}
	if err := put(path); err != nil {
		f.Fatal(err)
	}
	for _, args := range [][]string{{"status"}, {"check"}, {"memory", "stats"}, {"build"}} {
		f.exec(args...)
	}
	if err := errors.Join(os.RemoveAll(path), os.Rename(filepath.Join(f.temp, "kept"), path)); err != nil {
		f.Fatal(err)
	}
	f.whole()
}
