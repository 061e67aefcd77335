package web

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// newsroomOn returns the folder of a newsroom that has its memory in a database.
func newsroomOn(t *testing.T, url string) string {
	t.Helper()
	dir := newsroom(t)
	name := filepath.Join(dir, "hexapla.toml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, strings.Replace(string(data), "[memory]", "[memory]\nurl = \""+url+"\"", 1))
	return dir
}

// Two servers on two machines with one database: what is saved on one is seen on the
// other without asking for it, and of two people who change one segment at the same time,
// each on a server of their own, one is told and overwrites nothing.
func TestTwoServers(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	var servers []*site
	for range 2 {
		servers = append(servers, serveFolder(t, newsroomOn(t, url), nil).enter().waitBoard())
	}
	one, two := servers[0], servers[1]
	path := "/segment/tt/" + metro
	const part = "11 stations"
	text := func(n int, by string) string {
		return fmt.Sprintf("Яңа линиядә <1>11 станция</1> бар, һәм ул аэропортны үзәк вокзал белән 22 минутта тоташтыра: %s %s.", by, strings.Repeat("а", n+1))
	}

	// An edit is live on the other server: an event with the row, and the text.
	two.article("tt", metro)
	c, _ := two.events.listen()
	seen := make(chan event, 1000)
	go func() {
		for e := range c {
			seen <- e
		}
	}()
	defer two.events.leave(c)
	seg := one.article("tt", metro).find(t, part)
	var saved apiSaved
	if code := one.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text(0, "беренче"), Base: seg.Base}, &saved); code != 200 || !saved.Stored {
		t.Fatalf("%d %+v", code, saved)
	}
	for e := (event{}); e.Type != "segments" || len(e.Rows) == 0; {
		select {
		case e = <-seen:
		case <-time.After(patience):
			t.Fatalf("the other server has no event\n%s", two.logged)
		}
	}
	if got := two.article("tt", metro).find(t, part); got.Target != text(0, "беренче") {
		t.Errorf("the other server has %q", got.Target)
	}

	// The base that the other page has is old now.
	if code := two.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text(0, "икенче"), Base: seg.Base}, &saved); code != 409 || !saved.Conflict || saved.Stored || saved.Segment.Target != text(0, "беренче") {
		t.Errorf("an old base: %d %+v", code, saved)
	}

	// Both at the same moment.
	for n := 1; n <= 20; n++ {
		var answers [2]apiSaved
		var codes [2]int
		base := one.article("tt", metro).find(t, part).Base
		if other := two.article("tt", metro).find(t, part).Base; other != base {
			t.Fatalf("round %d: the servers have other bases", n)
		}
		var both sync.WaitGroup
		for i, s := range servers {
			both.Go(func() {
				codes[i] = s.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text(n, fmt.Sprint("сервер", i+1)), Base: base}, &answers[i])
			})
		}
		both.Wait()
		if stored := answers[0].Stored; stored == answers[1].Stored || answers[0].Conflict == answers[1].Conflict || codes[0]+codes[1] != 200+409 {
			t.Fatalf("round %d: %v %+v", n, codes, answers)
		}
		winner := answers[0].Segment.Target
		for i, s := range servers {
			if got := s.article("tt", metro).find(t, part).Target; got != winner || answers[i].Segment.Target != winner {
				t.Errorf("round %d: server %d has %q, stored was %q", n, i+1, got, winner)
			}
		}
	}

	// While another server has an edition, those who change others do not wait for it.
	store, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	unlock, err := store.Lock(t.Context(), "edition\ntt\n"+metro)
	if err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	var late apiSaved
	seg = one.article("tt", metro).find(t, part)
	waiting.Go(func() {
		one.api("PUT", path, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text(30, "соң"), Base: seg.Base}, &late)
	})
	other := one.article("ru", metro).find(t, part)
	if code := one.api("PUT", "/segment/ru/"+metro, apiEdit{Unit: other.Unit, Segment: other.Segment, Text: other.Target, Base: other.Base, State: "final"}, &saved); code != 200 {
		t.Errorf("beside an edition that another server has: %d %+v", code, saved)
	}
	unlock()
	if waiting.Wait(); !late.Stored {
		t.Errorf("after the other server: %+v", late)
	}
}

// Those who change several editions at the same time wait for each other, and not for a
// connection to the database that one who waits keeps.
func TestSavesAtOnce(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	s := serveFolder(t, newsroomOn(t, url), nil).enter().waitBoard()
	segments := map[string]apiSegment{}
	for _, locale := range []string{"ru", "uk", "tt", "ba", "be", "bg", "kk", "ky", "fa", "uz", "sr", "az"} {
		segments[locale] = s.article(locale, metro).find(t, "11 stations")
	}
	for range 3 {
		var group sync.WaitGroup
		for locale, seg := range segments {
			group.Go(func() {
				var saved apiSaved
				if code := s.api("PUT", "/segment/"+locale+"/"+metro, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: seg.Target, Base: seg.Base, State: "final", Force: true}, &saved); code >= 500 {
					t.Errorf("%s: %d %+v", locale, code, saved)
				}
			})
		}
		group.Wait()
	}
}

// A health check needs no password and no host that is allowed, and answers nothing but
// whether the memory answers.
func TestHealth(t *testing.T) {
	server := postgrestest.Start(t)
	database, _, _ := strings.Cut(strings.TrimPrefix(server.Database(t), "postgres://hexapla@/"), "?")
	proxy := server.Proxy(t)
	s := serveFolder(t, newsroomOn(t, server.URLThrough(database, proxy.Dir)), nil)
	ask := func(method string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.base+"/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "balancer.example"
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	if code, body := ask("GET"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("%d %q", code, body)
	}
	if code, body := ask("POST"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("another page is behind the address: %d %q", code, body)
	}
	proxy.Block(true)
	if code, body := ask("GET"); code != http.StatusServiceUnavailable || body != "the memory does not answer\n" {
		t.Errorf("without a database: %d %q", code, body)
	}
	proxy.Block(false)
	for end := time.Now().Add(time.Minute); ; {
		code, body := ask("GET")
		if code == http.StatusOK {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("with a database again: %d %q", code, body)
		}
	}
}
