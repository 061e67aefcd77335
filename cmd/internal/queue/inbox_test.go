package queue

import (
	"context"
	"testing"

	"hexapla/pipeline"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// An article whose result is lost is built again: when the answer of the database does not
// come, and when the same worker begins the build once more.
func TestLostResults(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	q := openQueue(t, url)
	w, err := NewWorker(q, WorkOptions{Dir: project(t, url, 1), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	const build, pass, path = 7, 1, "articles/report-0.md"
	b := &builder{worker: w, queue: q, job: build, priority: 1, name: w.attemptName(1)}
	if again := w.attemptName(1); again == b.name {
		t.Errorf("two attempts are %s", again)
	}
	in, closeInbox := w.openInbox(build, pass, b.name)
	defer closeInbox()
	if _, err := q.store.Pool().Exec(t.Context(), "INSERT INTO queue_article (build, pass, path, input, taken) VALUES ($1, $2, $3, 'x', $4)", build, pass, path, b.name); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.hand(ended, articleArgs{Build: build, Pass: pass, Path: path}, nil, []*builtArticle{{path: path, input: []byte("x")}}); err == nil {
		t.Fatal("no error without an answer")
	}
	emit := func(r pipeline.Result) error {
		t.Errorf("emitted: %+v", r)
		return nil
	}
	if err := b.failed(t.Context(), pass, in, map[string]bool{path: true}, emit); err != nil {
		t.Fatal(err)
	}
	var taken string
	var enqueued bool
	if err := q.store.Pool().QueryRow(t.Context(), "SELECT taken, job IS NOT NULL FROM queue_article WHERE build = $1", build).Scan(&taken, &enqueued); err != nil {
		t.Fatal(err)
	}
	if taken != "" || !enqueued {
		t.Errorf("taken by %q, enqueued %v", taken, enqueued)
	}
}

// An article that is empty is in its job, too: a worker without the folder has no other.
func TestEmptyArticleInput(t *testing.T) {
	for _, data := range [][]byte{nil, {}, []byte("text")} {
		packed, err := pack(articleInput{Data: data})
		if err != nil {
			t.Fatal(err)
		}
		var in articleInput
		if err := unpack(packed, &in); err != nil {
			t.Fatal(err)
		}
		if (in.Data == nil) != (data == nil) || string(in.Data) != string(data) {
			t.Errorf("%#v has become %#v", data, in.Data)
		}
	}
}
