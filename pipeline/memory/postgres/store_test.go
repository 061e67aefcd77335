package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

func pairOf(source, target string) bitext.Entry {
	return bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(source), Target: bitext.Plain(target),
		State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "anna"}}
}

func count(t testing.TB, s *postgres.Store) int {
	t.Helper()
	n := 0
	for _, err := range s.Entries(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func look(t testing.TB, s *postgres.Store, source string, fuzzy int) []bitext.Match {
	t.Helper()
	m, err := s.Lookup(t.Context(), "en", "ru", []memory.Query{{Source: bitext.Plain(source), Fuzzy: fuzzy}})
	if err != nil {
		t.Fatal(err)
	}
	return m[0]
}

// One server serves all tests below: each has a database of its own.
func TestStore(t *testing.T) {
	server := postgrestest.Start(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, *postgrestest.Server)
	}{
		{"opened by many at once", testOpenAtOnce},
		{"newer", testNewer},
		{"failed migration", testFailedMigration},
		{"roles", testRoles},
		{"several memories in one database", testSchemas},
		{"readers beside a writer", testBesideWriter},
		{"similar texts of others", testSimilarOfOthers},
		{"written while a listener follows", testWrittenMeanwhile},
		{"the same sentences at once", testSameSentences},
		{"many translations of one text", testLargeSlot},
		{"notes", testNotes},
		{"connections cut", testCut},
		{"errors of the caller", testCallerError},
		{"use of engines", testUse},
		{"rates of engines", testReserve},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, server) })
	}
}

func testOpenAtOnce(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	var group sync.WaitGroup
	var uids sync.Map
	for range 8 {
		group.Go(func() {
			s, err := postgres.Open(t.Context(), url, postgres.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			uids.Store(s.UID(), true)
			s.Close()
		})
	}
	group.Wait()
	n := 0
	uids.Range(func(uid, _ any) bool { n++; return uid != "" })
	if n != 1 {
		t.Errorf("%d memories were made, want 1", n)
	}
}

func databaseOf(url string) string { return url[len("postgres://hexapla@/"):strings.Index(url, "?")] }

func testNewer(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	open(t, url).Close()
	server.Exec(t, databaseOf(url), "UPDATE memory_meta SET schema = 9999")
	_, err := postgres.Open(t.Context(), url, postgres.Options{})
	var newer *memory.NewerError
	if !errors.As(err, &newer) || newer.Have != 9999 || newer.Want >= 9999 {
		t.Errorf("a newer memory: %v", err)
	}
}

func testFailedMigration(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	s := open(t, url)
	if _, err := s.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("One", "Один")}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	remove := postgres.AddMigration("ALTER TABLE memory_version ADD COLUMN extra text; UPDATE memory_version SET target = 'lost'; SELECT 1/0")
	if _, err := postgres.Open(t.Context(), url, postgres.Options{}); err == nil || !strings.Contains(err.Error(), "schema version 3") {
		t.Errorf("a failing migration: %v", err)
	}
	remove()
	if got := look(t, open(t, url), "One", 0); len(got) != 1 || got[0].Target.Chars != "Один" {
		t.Errorf("after a failed migration: %v", got)
	}
	defer postgres.AddMigration("ALTER TABLE memory_version ADD COLUMN extra text NOT NULL DEFAULT ''")()
	if got := look(t, open(t, url), "One", 0); len(got) != 1 {
		t.Errorf("after a migration: %v", got)
	}
}

func testRoles(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	db := databaseOf(url)
	as := func(role string) string { return strings.Replace(url, "hexapla@", role+"@", 1) }
	server.Exec(t, db, "CREATE ROLE writer LOGIN; CREATE ROLE reader LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	_, err := postgres.Open(t.Context(), as("writer"), postgres.Options{})
	if err == nil || !strings.Contains(err.Error(), "may not create or change tables") {
		t.Errorf("a role that may not create tables: %v", err)
	}
	open(t, url).Close()
	server.Exec(t, db, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
	w := open(t, as("writer"))
	b, err := w.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("One", "Один"), pairOf("Two", "Два")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddNote(t.Context(), memory.Note{Place: "a.html", Text: "see"}); err != nil {
		t.Error(err)
	}
	if _, err := w.Undo(t.Context(), b.Batch, memory.Batch{}); err != nil {
		t.Error(err)
	}
	r, err := postgres.Open(t.Context(), as("reader"), postgres.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	look(t, r, "One", 60)
	if _, err := r.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("a", "b")}); !errors.Is(err, memory.ErrReadOnly) {
		t.Errorf("a reader adds: %v", err)
	}
	// Tables of a later version have the rights that a role has on the older ones.
	server.Exec(t, db, "DROP TABLE memory_used, memory_engine; UPDATE memory_meta SET schema = 1")
	open(t, url).Close()
	if err := open(t, as("writer")).Spend(t.Context(), "deepl", postgres.Use{Chars: 5}, time.Time{}, nil); err != nil {
		t.Errorf("after a migration: %v", err)
	}
	// Without the option the server refuses.
	r2 := open(t, as("reader"))
	if _, err := r2.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("a", "b")}); !errors.Is(err, memory.ErrReadOnly) {
		t.Errorf("a role without rights adds: %v", err)
	}
	// Tables that a release made without rights for the role: the error has the statement.
	server.Exec(t, db, "REVOKE ALL ON memory_used, memory_engine FROM writer")
	spend := func() error {
		return open(t, as("writer")).Spend(t.Context(), "deepl", postgres.Use{Chars: 5}, time.Time{}, nil)
	}
	err = spend()
	_, statement, ok := strings.Cut(fmt.Sprint(err), "must run: ")
	statement = strings.TrimSuffix(statement, ")")
	if !ok || statement != "GRANT SELECT, INSERT, UPDATE, DELETE ON public.memory_engine, public.memory_used TO writer" {
		t.Errorf("tables without rights: %v", err)
	}
	server.Exec(t, db, statement)
	if err := spend(); err != nil {
		t.Errorf("after the statement: %v", err)
	}
	server.Exec(t, db, "REVOKE SELECT ON memory_meta FROM reader")
	if _, err := postgres.Open(t.Context(), as("reader"), postgres.Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "must run: GRANT SELECT ON public.memory_meta TO reader") {
		t.Errorf("a reader without rights: %v", err)
	}
}

func testSchemas(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	if _, err := postgres.Open(t.Context(), url+"&search_path=desk", postgres.Options{}); err == nil || !strings.Contains(err.Error(), "CREATE SCHEMA") {
		t.Errorf("no such schema: %v", err)
	}
	server.Exec(t, databaseOf(url), "CREATE SCHEMA desk")
	a, b := open(t, url), open(t, url+"&search_path=desk")
	if _, err := a.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("One", "Один")}); err != nil {
		t.Fatal(err)
	}
	if a.UID() == b.UID() || count(t, b) != 0 || count(t, a) != 1 {
		t.Errorf("%s has %d entries, %s has %d", a.Name(), count(t, a), b.Name(), count(t, b))
	}
}

// A reader never waits for a writer, and another writer waits for it only so long.
func testBesideWriter(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	a := open(t, url)
	if _, err := a.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("A sentence of the first batch", "Один")}); err != nil {
		t.Fatal(err)
	}
	b, err := postgres.Open(t.Context(), url, postgres.Options{Wait: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	_, err = a.AddAll(t.Context(), memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
		for i := range 2500 { // more than a chunk: rows are in the tables, not committed
			if !yield(pairOf(fmt.Sprint("A sentence of the second batch, ", i), "Два"), nil) {
				return
			}
		}
		if got := look(t, b, "A sentence of the second batch, 7", 50); len(got) != 1 || got[0].Target.Chars != "Один" {
			t.Errorf("what is not committed is seen: %v", got)
		}
		if _, err := b.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("a", "b")}); !errors.Is(err, memory.ErrBusy) {
			t.Errorf("a second writer: %v", err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := look(t, b, "A sentence of the second batch, 7.", 50); len(got) == 0 || got[0].Score < 95 || got[0].Target.Chars != "Два" {
		t.Errorf("what is committed is not seen: %v", got)
	}
	if _, err := b.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("a", "b")}); err != nil {
		t.Error(err)
	}
}

// What one process has stored another one finds at once, whether or not a notification
// has come.
func testSimilarOfOthers(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	var stores []*postgres.Store
	for range 3 {
		stores = append(stores, open(t, url))
	}
	for i := range 60 {
		source := fmt.Sprintf("Sentence number %d about the harvest of %d in the south", i, 1900+i)
		if _, err := stores[i%3].Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf(source, fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
		got := look(t, stores[(i+1)%3], source+"!", 90)
		if len(got) == 0 || got[0].Target.Chars != fmt.Sprint(i) {
			t.Fatalf("%d: %v", i, got)
		}
	}
}

// Many add the same sentences at once: each is stored once, and numbers are in the order
// of the transactions.
func testSameSentences(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	var group sync.WaitGroup
	var added atomic.Int64
	for n := range 6 {
		s := open(t, url)
		r := rand.New(rand.NewPCG(uint64(n), 1))
		group.Go(func() {
			for range 20 {
				var entries []bitext.Entry
				for range 10 {
					i := r.IntN(40)
					entries = append(entries, pairOf(fmt.Sprint("sentence ", i), fmt.Sprint("предложение ", i)))
				}
				res, err := s.Add(t.Context(), memory.Batch{}, entries)
				if err != nil {
					t.Error(err)
					return
				}
				added.Add(int64(res.Added))
			}
		})
	}
	group.Wait()
	s := open(t, url)
	if n := count(t, s); n != int(added.Load()) || n > 40 {
		t.Errorf("%d entries, %d were added", n, added.Load())
	}
	last := int64(0)
	for v, err := range s.History(t.Context(), memory.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		last = max(last, v.Entry.ID)
	}
	if last != added.Load() {
		t.Errorf("the last version has number %d of %d", last, added.Load())
	}
}

func testLargeSlot(t *testing.T, server *postgrestest.Server) {
	s := open(t, server.Database(t))
	const n = 6000
	var all []bitext.Entry
	for i := range n {
		e := pairOf("One text", fmt.Sprint("перевод ", i))
		e.Origin.Kind = bitext.FromImport
		all = append(all, e)
	}
	r, err := s.Add(t.Context(), memory.Batch{}, all)
	if err != nil || r.Added != n {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err := s.Add(t.Context(), memory.Batch{}, all); err != nil || r.Unchanged != n {
		t.Fatalf("again: %+v, %v", r, err)
	}
	if got := count(t, s); got != n {
		t.Errorf("%d current alternatives, want %d", got, n)
	}
	if got := look(t, s, "One text", 0); len(got) != 5 || got[0].NotUsable != bitext.ReasonAmbiguous {
		t.Errorf("%v", got)
	}
}

func testNotes(t *testing.T, server *postgrestest.Server) {
	s := open(t, server.Database(t))
	first, err := s.AddNote(t.Context(), memory.Note{Place: "a.html#p1", TargetLocale: "ru", Author: "anna", Text: "odd \x00 and \xff"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddNote(t.Context(), memory.Note{ReplyTo: "nobody", Text: "?"}); !errors.Is(err, memory.ErrNoNote) {
		t.Errorf("an answer to nothing: %v", err)
	}
	if _, err := s.AddNote(t.Context(), memory.Note{Resolves: first.UID, Text: "done"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Notes(t.Context(), memory.NoteFilter{Place: "a.html"})
	if err != nil || len(got) != 1 || !got[0].Resolved || got[0].Text != "odd \x00 and \xff" || got[0].Answers[0].TargetLocale != "ru" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Connections are cut while several add: what is acknowledged is there, once.
func testCut(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	open(t, url).Close()
	proxy := server.Proxy(t)
	through := server.URLThrough(databaseOf(url), proxy.Dir)
	ctx, cancel := context.WithCancel(t.Context())
	var cutting, writing sync.WaitGroup
	cuts := 0
	cutting.Go(func() {
		r := rand.New(rand.NewPCG(1, 2))
		for ctx.Err() == nil {
			time.Sleep(time.Duration(r.IntN(120)) * time.Millisecond)
			proxy.Cut()
			cuts++
		}
	})
	const writers, acts, each = 4, 25, 20
	for n := range writers {
		writing.Go(func() {
			s, err := postgres.Open(t.Context(), through, postgres.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for a := range acts {
				var entries []bitext.Entry
				for i := range each {
					entries = append(entries, pairOf(fmt.Sprintf("sentence %d of act %d of writer %d", i, a, n), "да"))
				}
				r, err := s.Add(t.Context(), memory.Batch{Author: fmt.Sprint(n)}, entries)
				if err != nil || r.Added != each {
					t.Errorf("writer %d, act %d: %+v, %v", n, a, r, err)
				}
				if m, err := s.Lookup(t.Context(), "en", "ru", []memory.Query{{Source: entries[0].Source, Fuzzy: 70}}); err != nil || len(m[0]) == 0 {
					t.Errorf("writer %d, act %d: %v, %v", n, a, m, err)
				}
			}
		})
	}
	writing.Wait()
	cancel()
	cutting.Wait()
	s := open(t, url)
	batches, err := s.Batches(t.Context())
	if err != nil || len(batches) != writers*acts {
		t.Errorf("%d batches, want %d, error %v", len(batches), writers*acts, err)
	}
	if got := count(t, s); got != writers*acts*each {
		t.Errorf("%d entries, want %d", got, writers*acts*each)
	}
	t.Logf("%d cuts", cuts)
}

// An error of the caller's sequence comes back as it is, and at once, whatever it looks
// like.
func testCallerError(t *testing.T, server *postgrestest.Server) {
	s := open(t, server.Database(t))
	mine := fmt.Errorf("my file: %w", errUnexpected)
	start := time.Now()
	_, err := s.AddAll(t.Context(), memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
		if yield(pairOf("a", "b"), nil) {
			yield(bitext.Entry{}, mine)
		}
	})
	if err != mine || count(t, s) != 0 {
		t.Errorf("%v, %d entries after %v", err, count(t, s), time.Since(start))
	}
}

var errUnexpected = errors.New("unexpected EOF")

// A password from the environment is in no message.
func TestPasswordIsSecret(t *testing.T) {
	t.Setenv("PGPASSWORD", "very-secret")
	_, err := postgres.Open(t.Context(), "postgres://anna@localhost:1/news?connect_timeout=1", postgres.Options{Wait: 10 * time.Millisecond})
	if err == nil || strings.Contains(err.Error(), "very-secret") || !strings.Contains(err.Error(), "postgres://localhost:1/news") {
		t.Errorf("%v", err)
	}
}

// What engines are used for is counted on all machines together, and no limit is passed.
func testUse(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	const limit, machines = 1000, 4
	var group sync.WaitGroup
	for range machines {
		s := open(t, url)
		group.Go(func() {
			for range 20 {
				add := postgres.Use{Chars: 30, InputTokens: 3, Cost: 0.5}
				if err := s.Spend(t.Context(), "mt", add, time.Time{}, func(u postgres.Use) bool { return u.Chars <= limit }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	s := open(t, url)
	want := postgres.Use{Chars: 990, InputTokens: 99, Cost: 16.5}
	if got, err := s.Used(t.Context(), "mt", time.Time{}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := s.Spend(t.Context(), "mt", postgres.Use{Chars: -5}, time.Time{}, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Used(t.Context(), "mt", time.Now().AddDate(0, 0, -1)); err != nil || got.Chars != 985 {
		t.Errorf("after a correction: %+v, %v", got, err)
	}
	for engine, since := range map[string]time.Time{"mt": time.Now().AddDate(0, 0, 2), "other": {}} {
		if got, err := s.Used(t.Context(), engine, since); err != nil || got != (postgres.Use{}) {
			t.Errorf("%s since %v: %+v, %v", engine, since, got, err)
		}
	}
}

// The moments of calls are those of all machines together.
func testReserve(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	both := []*postgres.Store{open(t, url), open(t, url)}
	const gap = 1000 * time.Second // so long that the time between two calls does not matter
	for i := range 3 {
		wait, err := both[i%2].Reserve(t.Context(), "mt", 1/gap.Seconds())
		if err != nil || wait > time.Duration(i)*gap || wait < time.Duration(i)*gap-gap/2 {
			t.Errorf("call %d waits %v, %v", i, wait, err)
		}
	}
	if wait, err := both[0].Reserve(t.Context(), "other", 1); err != nil || wait != 0 {
		t.Errorf("another engine waits %v, %v", wait, err)
	}
	if _, err := both[0].Pool().Exec(t.Context(), "UPDATE memory_engine SET next = clock_timestamp() + interval '1 day'"); err != nil {
		t.Fatal(err)
	}
	if wait, err := both[0].Reserve(t.Context(), "mt", 1); err != nil || wait != 0 {
		t.Errorf("after the clock was put back it waits %v, %v", wait, err)
	}
}

// afterQuery is a tracer of a connection that calls a function after its first query.
type afterQuery struct {
	once sync.Once
	call func()
}

func (a *afterQuery) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (a *afterQuery) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {
	a.once.Do(a.call)
}

// What is written while a listener brings the index of one pair after the other up to date
// is not taken for something that all of them have.
func testWrittenMeanwhile(t *testing.T, server *postgrestest.Server) {
	url := server.Database(t)
	s, w := open(t, url), open(t, url)
	for _, target := range []string{"ru", "uk"} {
		e := pairOf("The harvest is in.", "Урожай")
		e.TargetLocale = target
		if _, err := w.Add(t.Context(), memory.Batch{}, []bitext.Entry{e}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Lookup(t.Context(), "en", target, []memory.Query{{Source: bitext.Plain("The harvest is late."), Fuzzy: 50}}); err != nil {
			t.Fatal(err)
		}
	}
	version := func() (n int64) {
		if err := w.Pool().QueryRow(t.Context(), "SELECT version FROM memory_meta").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := version()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.Tracer = &afterQuery{call: func() {
		if _, err := w.Add(t.Context(), memory.Batch{}, []bitext.Entry{pairOf("The harvest was late.", "Поздно")}); err != nil {
			t.Error(err)
		}
	}}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		got, err := s.CatchUp(t.Context(), conn)
		if err != nil || got > before {
			t.Fatalf("the indexes are up to date to version %d, %v; before the last one was written it was %d", got, err, before)
		}
		if version() > before {
			return
		}
		if time.Now().After(end) { // the store's own listener has the index for a moment
			t.Fatal("no index was brought up to date")
		}
	}
}
