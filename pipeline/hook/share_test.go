package hook_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/ledger"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// Several processes that are asked for the same texts at the same time ask the engine
// for each of them once, and all get all answers.
func TestShared(t *testing.T) {
	t.Run("file", func(t *testing.T) {
		dir := t.TempDir()
		testShared(t, func() (claims, error) { return ledger.Open(t.Context(), dir) })
	})
	t.Run("database", func(t *testing.T) {
		url := postgrestest.Start(t).Database(t)
		testShared(t, func() (claims, error) { return postgres.Open(t.Context(), url, postgres.Options{}) })
	})
}

type claims interface {
	hook.Claims
	Close() error
}

func testShared(t *testing.T, open func() (claims, error)) {
	var mu sync.Mutex
	asked := map[string]int{}
	const processes, texts = 4, 60
	request := func(first int) hook.Request {
		r := hook.Request{Source: "en", Target: "ru"}
		for i := range texts {
			text := bitext.Text{Chars: fmt.Sprintf("text number %d here", (first+i)%texts), Codes: []bitext.Code{{Pos: 5, Kind: bitext.Start, ID: "a"}, {Pos: 11, Kind: bitext.End, ID: "a"}}}
			r.Items = append(r.Items, hook.Item{Text: text})
		}
		r.Items = append(r.Items, r.Items[0]) // twice in one request
		return r
	}
	var group sync.WaitGroup
	for n := range processes {
		store, err := open()
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		engine := &fake{name: "mt", pause: 5 * time.Millisecond, do: func(_ int, job hook.Job) ([]string, error) {
			mu.Lock()
			defer mu.Unlock()
			for _, text := range job.Texts {
				asked[text]++
			}
			return upper(0, job)
		}}
		chain := hook.New([]hook.EngineConfig{{Engine: engine, Batch: 7, Concurrency: 2}}, hook.Options{})
		chain.ShareThrough(store)
		group.Go(func() {
			for round := range 3 {
				r := request(n*texts/processes + round)
				answers, _ := chain.Translate(t.Context(), r)
				for i, a := range answers {
					if a.Err != nil || a.Engine != "mt" || a.Text.Chars != strings.ToUpper(r.Items[i].Text.Chars) || len(a.Text.Codes) != 2 || a.Text.Codes[0].Pos != 5 {
						t.Errorf("process %d, text %q: %+v", n, r.Items[i].Text.Chars, a)
					}
				}
			}
		})
	}
	group.Wait()
	if len(asked) != texts {
		t.Errorf("%d texts were asked for, want %d", len(asked), texts)
	}
	for text, n := range asked {
		if n != 1 {
			t.Errorf("%q was asked for %d times", text, n)
		}
	}
}

// What a process leaves without an answer another one asks for: when it gives up, and
// when it is gone.
func TestSharedAfterEnd(t *testing.T) {
	server := postgrestest.Start(t)
	store, err := postgres.Open(t.Context(), server.Database(t), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	newShared := func(do func(int, hook.Job) ([]string, error)) *hook.Chain {
		chain := hook.New([]hook.EngineConfig{{Engine: &fake{name: "mt", do: do}}}, hook.Options{MaxAttempts: 1})
		chain.ShareThrough(store)
		return chain
	}
	r := hook.Request{Source: "en", Target: "ru", Items: []hook.Item{{Text: bitext.Plain("some text")}}}
	began := make(chan struct{})
	first := newShared(func(int, hook.Job) ([]string, error) {
		close(began)
		time.Sleep(50 * time.Millisecond)
		return nil, hook.Refused(fmt.Errorf("no"))
	})
	second := newShared(upper)
	var group sync.WaitGroup
	group.Go(func() {
		if got, _ := first.Translate(t.Context(), r); got[0].Err == nil {
			t.Errorf("refused: %+v", got)
		}
	})
	<-began
	if got, _ := second.Translate(t.Context(), r); got[0].Text.Chars != "SOME TEXT" {
		t.Errorf("after one that gave up: %+v", got)
	}
	group.Wait()

	// A claim of a process that is gone ends by itself.
	if _, err := store.Pool().Exec(t.Context(), "UPDATE memory_claim SET owner = 'gone', answer = NULL, until = clock_timestamp() + interval '300 ms'"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if got, _ := second.Translate(ctx, r); got[0].Text.Chars != "SOME TEXT" {
		t.Errorf("after one that is gone: %+v", got)
	}
}
