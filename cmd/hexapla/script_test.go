package main

import (
	"archive/zip"
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"hexapla/cmd/internal/deploy/deploytest"
	"hexapla/cmd/internal/guide"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// copyNewsroom is the script command "newsroom [DIR]": a fresh copy of the sample
// newsroom's sources, without what a build in it may have left.
func copyNewsroom(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: newsroom [DIR]")
	}
	dir := "news"
	if len(args) == 1 {
		dir = args[0]
	}
	dst, src := ts.MkAbs(dir), ts.Getenv("NEWSROOM")
	for _, part := range []string{"hexapla.toml", "articles", "glossary", "memory", "locales"} {
		from := filepath.Join(src, part)
		info, err := os.Stat(from)
		if os.IsNotExist(err) {
			continue
		}
		ts.Check(err)
		if info.IsDir() {
			ts.Check(os.CopyFS(filepath.Join(dst, part), os.DirFS(from)))
			continue
		}
		data, err := os.ReadFile(from)
		ts.Check(err)
		ts.Check(os.MkdirAll(dst, 0o777))
		ts.Check(os.WriteFile(filepath.Join(dst, part), data, 0o666))
	}
}

// followGuide is the script command "guide ROLE": it runs the commands of a page of
// the guide, one after the other, in a shell.
func followGuide(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: guide ROLE")
	}
	page, err := guide.Page(args[0])
	ts.Check(err)
	commands := guideCommands(page)
	if len(commands) < 5 {
		ts.Fatalf("the page has %d commands", len(commands))
	}
	for _, c := range commands {
		ts.Logf("> %s", c)
		ts.Check(ts.Exec("sh", "-e", "-c", c))
	}
}

// replaceInFile is the script command "replace FILE OLD NEW": OLD must be there
// exactly once.
func replaceInFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	if n := strings.Count(string(data), args[1]); n != 1 {
		ts.Fatalf("%s holds %q %d times", args[0], args[1], n)
	}
	ts.Check(os.WriteFile(name, []byte(strings.Replace(string(data), args[1], args[2], 1)), 0o666))
}

// waitForFile is the script command "waitfor FILE": it goes on when FILE is there.
func waitForFile(ts *testscript.TestScript, neg bool, args []string) {
	for range 1000 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s does not come", args[0])
}

// makeNewer is the script command "makenewer FILE": it gives a memory the schema
// version of a program yet to be written.
func makeNewer(ts *testscript.TestScript, neg bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec("PRAGMA user_version = 9999")
	ts.Check(err)
	ts.Check(db.Close())
}

// upperEngine is the program "upper": an engine that puts text into capitals,
// speaking the protocol of the hook type exec. It takes its time for each text.
func upperEngine(pause time.Duration) {
	for _, q := range questions {
		time.Sleep(pause)
		if _, err := os.Stdout.Write(append(q.answer(strings.ToUpper(q.Text)), '\n')); err != nil {
			os.Exit(1)
		}
	}
}

// question is a line that the hook type exec sends to its program.
type question struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
}

// questions has what this program is asked as an engine, with numbers from 0 on. A line
// that cannot be read ends the program.
func questions(yield func(int, question) bool) {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 4<<20)
	for n := 0; in.Scan(); n++ {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if !yield(n, q) {
			return
		}
	}
}

// answer returns the line that answers a question, without its end.
func (q question) answer(text string) []byte {
	line, err := json.Marshal(map[string]any{"id": q.ID, "text": text})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return line
}

// engineCondition answers [engine:NAME], true where the program NAME is
// installed.
func engineCondition(cond string) (bool, error) {
	name, ok := strings.CutPrefix(cond, "engine:")
	if !ok {
		return false, fmt.Errorf("unknown condition %q", cond)
	}
	_, err := exec.LookPath(name)
	if name == "postgres" && postgrestest.Installed() {
		err = nil // Debian has it outside of the path
	}
	if err != nil && os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
		return false, fmt.Errorf("%s is required here but not installed", name)
	}
	return err == nil, nil
}

// packFolder is the script command "pack ZIP DIR": a zip file of all files below DIR.
func packFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack ZIP DIR")
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	z := zip.NewWriter(f)
	ts.Check(z.AddFS(os.DirFS(ts.MkAbs(args[1]))))
	ts.Check(z.Close())
	ts.Check(f.Close())
}

// unpackFolder is the script command "unpack ZIP DIR": the files of a zip file, in DIR.
func unpackFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unpack ZIP DIR")
	}
	z, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer z.Close()
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), z))
}

// startDatabase is the script command "database": it starts a PostgreSQL server for
// the script, and puts the address of an empty database into $DATABASE. Once more, it
// makes another database on the same server.
func startDatabase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: database")
	}
	server, _ := ts.Value(databaseKey{}).(**postgrestest.Server)
	if *server == nil {
		s, err := postgrestest.New()
		ts.Check(err)
		ts.Defer(s.Close)
		*server = s
	}
	url, err := (*server).NewDatabase()
	ts.Check(err)
	ts.Setenv("DATABASE", url)
}

// startStorage is the script command "storage": it starts object storage for the script
// with the bucket storage/pages, puts its address into $STORAGE, and keys for it into the
// environment.
func startStorage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: storage")
	}
	s, err := deploytest.New(filepath.Join(ts.Getenv("WORK"), "storage"))
	ts.Check(err)
	ts.Defer(s.Close)
	ts.Setenv("STORAGE", s.Address)
	ts.Setenv("AWS_ACCESS_KEY_ID", deploytest.AccessKey)
	ts.Setenv("AWS_SECRET_ACCESS_KEY", deploytest.SecretKey)
}

// databaseKey is the key of a script's server.
type databaseKey struct{}

// guideCommands returns the shell commands of a guide's page, in order.
func guideCommands(page string) []string {
	var out []string
	inside := false
	for line := range strings.SplitSeq(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```sh"
		case inside && strings.TrimSpace(line) != "":
			out = append(out, line)
		}
	}
	return out
}
