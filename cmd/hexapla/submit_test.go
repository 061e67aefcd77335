package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/queue"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// Whoever waits for a job reads each reason why it waits once, and the list of jobs has
// the same words.
func TestWaitReasons(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	store, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, err := queue.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	id, _, err := q.Submit(t.Context(), queue.BuildArgs{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	e := &environment{Printer: console.Printer{Out: &out, Err: &errs}}
	waits := waitingWords{environment: e, queue: q, looked: true, printed: map[string]bool{}} // a script waits without workers
	var want []string
	for _, c := range []struct{ state, reason, want string }{
		{"available", `{}`, ""},
		{"scheduled", `{"for": 4711}`, "waits for job 4711, which writes the same folder"},
		{"available", `{"for": 4711}`, "waits for job 4711, which writes the same folder"},
		{"scheduled", `{"for": 4712}`, "waits for job 4712, which writes the same folder"},
		{"running", `{"for": 4713}`, ""},
		{"scheduled", `{"newer": true}`, "needs a worker of a newer release"},
	} {
		// As a worker leaves it.
		if _, err := store.Pool().Exec(t.Context(), "UPDATE river_job SET state = $2::text::river_job_state, metadata = jsonb_set(metadata, '{hexapla:waits}', $3::text::jsonb) WHERE id = $1", id, c.state, c.reason); err != nil {
			t.Fatal(err)
		}
		j, err := q.Job(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			waits.print(t.Context(), j)
		}
		if line := fmt.Sprintf("%d: %s", id, c.want); c.want != "" && !slices.Contains(want, line) {
			want = append(want, line)
		}
		if got := waitReason(e, j); got != c.want {
			t.Errorf("%s %s: %q instead of %q", c.state, c.reason, got, c.want)
		}
	}
	if got := strings.TrimSpace(errs.String()); got != strings.Join(want, "\n") {
		t.Errorf("printed:\n%s\ninstead of:\n%s", got, strings.Join(want, "\n"))
	}
}
