package queue

import (
	"sync"

	"hexapla/pipeline"
)

// inboxSize is how many results a build has in its inbox at most. A result has all pages
// of an article; a worker that is faster than the one who writes them leaves the others in
// the database.
const inboxSize = 64

// inbox has the results of a pass of a build that were made in the build's own process.
type inbox struct {
	name   string        // the attempt of the build, as in queue_article.taken
	filled chan struct{} // has an element after results came

	mu       sync.Mutex
	results  []pipeline.Result
	reserved int // the results that are here, or on their way
	lost     []string
}

// openInbox makes the inbox of a pass of a build. The returned function closes it.
func (w *Worker) openInbox(build int64, pass int, name string) (*inbox, func()) {
	in := &inbox{name: name, filled: make(chan struct{}, 1)}
	key := sessionKey{build, pass}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inboxes[key] = in
	return in, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.inboxes[key] == in {
			delete(w.inboxes, key)
		}
	}
}

// inbox returns the inbox of the build that articles are of, nil if it does not run here.
func (w *Worker) inbox(args articleArgs) *inbox {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.inboxes[sessionKey{args.Build, args.Pass}]
}

// reserve reserves room for n results. It reports false, and reserves none, if there is
// not so much.
func (in *inbox) reserve(n int) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.reserved > 0 && in.reserved+n > inboxSize {
		return false
	}
	in.reserved += n
	return true
}

// put adds results for which there is room, and gives back the room of others.
func (in *inbox) put(results []pipeline.Result, unused int) {
	in.mu.Lock()
	in.results = append(in.results, results...)
	in.reserved -= unused
	in.mu.Unlock()
	select {
	case in.filled <- struct{}{}:
	default:
	}
}

// lose has the builder give back articles whose results are lost: whether the database has
// them as taken is not known, as its answer did not come.
func (in *inbox) lose(paths []string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.lost = append(in.lost, paths...)
}

// takeLost returns the articles of lose, and forgets them.
func (in *inbox) takeLost() []string {
	in.mu.Lock()
	defer in.mu.Unlock()
	lost := in.lost
	in.lost = nil
	return lost
}

// take takes all results out.
func (in *inbox) take() []pipeline.Result {
	in.mu.Lock()
	defer in.mu.Unlock()
	results := in.results
	in.results = nil
	in.reserved -= len(results)
	return results
}
