package hook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// flights has each text translated once, also when several goroutines ask for it at
// the same time, or one after another before the memory has it. The zero value is
// ready for use.
type flights struct {
	most  int // how many texts are kept; 0 for maxFlights
	mu    sync.Mutex
	byKey map[string]*flight
}

// How many texts are kept; when there are more, those that are answered are forgotten.
// Fewer are needed where the answers are kept elsewhere, see Chain.ShareThrough.
const (
	maxFlights       = 20_000
	maxSharedFlights = 2_000
)

// flight is one text that is being translated, or was. text and outcome may be read
// when done is closed.
type flight struct {
	done    chan struct{}
	text    bitext.Text
	outcome outcome
}

// flightKey identifies a text with all that its translation depends on, apart from
// its neighbours.
func flightKey(source, target string, t task) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\x00%s\x00%s", source, target, t.text.Tagged())
	for _, c := range t.text.Codes {
		if c.Type == keepType {
			fmt.Fprintf(&b, "\x00%q", c.Data)
		}
	}
	for _, m := range t.context.Terms {
		fmt.Fprintf(&b, "\x00%q %q %q", m.Source, m.Targets, m.Forbidden)
	}
	return b.String()
}

// share has ask translate those tasks that no other call translates, and waits for
// the others. A failure is not shared: who waits for it gets it, who comes later asks
// again.
func (f *flights) share(ctx context.Context, source, target string, tasks []task, ask func([]task) ([]outcome, []diag.Diagnostic)) ([]outcome, []diag.Diagnostic) {
	all := make([]*flight, len(tasks))
	keys := make([]string, len(tasks))
	var own []task
	var ownAt []int
	f.mu.Lock()
	if f.byKey == nil {
		f.byKey = map[string]*flight{}
	}
	if len(f.byKey) > cmp.Or(f.most, maxFlights) {
		for key, fl := range f.byKey {
			select {
			case <-fl.done:
				delete(f.byKey, key)
			default:
			}
		}
	}
	for i, t := range tasks {
		keys[i] = flightKey(source, target, t)
		if all[i] = f.byKey[keys[i]]; all[i] == nil {
			all[i] = &flight{done: make(chan struct{}), text: t.text}
			f.byKey[keys[i]] = all[i]
			own, ownAt = append(own, t), append(ownAt, i)
		}
	}
	f.mu.Unlock()

	outs := make([]outcome, len(tasks))
	mine := make([]bool, len(tasks))
	land := func(i int, o outcome) {
		outs[i], mine[i] = o, true
		f.mu.Lock()
		if o.err != nil {
			delete(f.byKey, keys[i])
		}
		f.mu.Unlock()
		all[i].outcome = o
		close(all[i].done)
	}
	landed := 0
	defer func() { // also when an engine panics: nobody waits for ever
		for _, i := range ownAt[landed:] {
			land(i, outcome{err: errors.New("the engine stopped")})
		}
	}()
	var ds []diag.Diagnostic
	if len(own) > 0 {
		var got []outcome
		got, ds = ask(own)
		for k, o := range got {
			landed++
			land(ownAt[k], o)
		}
	}
	// Own texts are answered before any are waited for, so that no two calls wait for
	// each other.
	for i, fl := range all {
		if mine[i] {
			continue
		}
		select {
		case <-fl.done:
		case <-ctx.Done():
			outs[i].err = context.Cause(ctx)
			continue
		}
		outs[i] = fl.outcome
		if outs[i].err != nil {
			continue
		}
		// The same text, but its codes may have other IDs.
		text, err := bitext.ParseTagged(fl.outcome.text.TaggedAs(fl.text), tasks[i].text)
		if err != nil {
			outs[i].err = fmt.Errorf("%w: %w", ErrCodes, err)
			continue
		}
		outs[i].text = text
		if tasks[i].accept != nil {
			tasks[i].accept(outs[i])
		}
	}
	return outs, ds
}
