package hook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Limits of a file of refusals.
const (
	maxRefusals     = 50_000
	maxRefusalLine  = 16 << 10 // bytes
	maxRefusalCause = 1000     // bytes
)

// Refusals remembers which texts an engine refused, so that the next build does not
// pay for them again. A refusal holds for the engine, its version, the two locales,
// the text and its terms: when one of them changes, the text is sent. It is safe for
// use by several goroutines.
type Refusals struct {
	mu      sync.Mutex
	retry   bool
	known   map[string]refusalRecord
	changes map[string]*refusalRecord // nil for a refusal that no longer holds
	added   []string                  // the keys of changes that are not nil, in order
}

// refusalRecord is one line of the file.
type refusalRecord struct {
	Key     string `json:"key"` // hash of all that the refusal depends on
	Engine  string `json:"engine"`
	Version string `json:"version,omitempty"`
	Kind    string `json:"kind"`
	Reason  string `json:"reason"`
}

// refusalKinds are the errors that come again when the same text is sent again.
var refusalKinds = []struct {
	name string
	err  error
}{{"codes", ErrCodes}, {"refused", ErrRefused}}

// ReadRefusals reads what Merge has written: JSON Lines. Lines that cannot be read
// are ignored. With retry, no text is held back, and what is answered now is forgotten.
func ReadRefusals(data []byte, retry bool) *Refusals {
	r := &Refusals{retry: retry, known: map[string]refusalRecord{}, changes: map[string]*refusalRecord{}}
	for _, rec := range parseRefusals(data) {
		r.known[rec.Key] = rec
	}
	return r
}

func parseRefusals(data []byte) []refusalRecord {
	var out []refusalRecord
	for line := range bytes.Lines(data) {
		var rec refusalRecord
		if len(line) > maxRefusalLine || json.Unmarshal(line, &rec) != nil || len(rec.Key) != 2*refusalKeyLen || rec.kind() == nil {
			continue
		}
		out = append(out, rec)
	}
	return out[max(0, len(out)-maxRefusals):]
}

// Merge returns the file with the changes since ReadRefusals, and whether there are
// any. old is the file as it is now: another build may have written it meanwhile. The
// oldest refusals are dropped when there are more than 50,000.
func (r *Refusals) Merge(old []byte) (data []byte, changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.changes) == 0 {
		return old, false
	}
	records := slices.DeleteFunc(parseRefusals(old), func(rec refusalRecord) bool {
		_, again := r.changes[rec.Key]
		return again
	})
	for _, key := range r.added {
		if rec := r.changes[key]; rec != nil {
			records = append(records, *rec)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, rec := range records[max(0, len(records)-maxRefusals):] {
		if err := enc.Encode(rec); err != nil { // strings only: cannot fail
			return old, false
		}
	}
	return b.Bytes(), true
}

// lookup returns the error of a text that an engine refused before, nil if it is to be
// sent. r may be nil.
func (r *Refusals) lookup(key string) error {
	if r == nil || r.retry {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	rec, ok := r.known[key]
	if !ok {
		return nil
	}
	return &rememberedError{rec}
}

// record remembers the outcome of a text that was sent. r may be nil.
func (r *Refusals) record(key, engine, version string, err error) {
	if r == nil {
		return
	}
	kind := refusalKind(err)
	if err != nil && kind == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		if _, ok := r.known[key]; ok {
			r.changes[key] = nil
			delete(r.known, key)
		}
		return
	}
	rec := refusalRecord{key, engine, version, kind, reason(err)}
	if r.known[key] == rec {
		return
	}
	if r.changes[key] == nil {
		r.added = append(r.added, key)
	}
	r.known[key], r.changes[key] = rec, &rec
}

// reason returns the message of an error, shortened.
func reason(err error) string {
	s := err.Error()
	return strings.ToValidUTF8(s[:min(len(s), maxRefusalCause)], "")
}

// refusalKind returns the kind of an error that comes again when the text is sent
// again, empty for another one: a busy service, a spent budget, a stopped build.
func refusalKind(err error) string {
	if err == nil || errors.As(err, new(*Temporary)) || errors.As(err, new(*timeoutError)) || errors.As(err, new(*rememberedError)) {
		return ""
	}
	for _, passing := range []error{ErrUnsupported, ErrBudget, ErrRejected, ErrQuota, ErrCircuitOpen, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, passing) {
			return ""
		}
	}
	for _, k := range refusalKinds {
		if errors.Is(err, k.err) {
			return k.name
		}
	}
	return ""
}

func (rec refusalRecord) kind() error {
	for _, k := range refusalKinds {
		if k.name == rec.Kind {
			return k.err
		}
	}
	return nil
}

// rememberedError is the refusal of an earlier build.
type rememberedError struct{ rec refusalRecord }

func (e *rememberedError) Error() string {
	return e.rec.Reason + " (in an earlier build; not asked again)"
}

func (e *rememberedError) Unwrap() error { return e.rec.kind() }

// refusalKeyLen is the length of a key in bytes, before it is written in hexadecimal.
const refusalKeyLen = 16

// refusalKey identifies a text for one engine with all that its refusal depends on.
func (c *Chain) refusalKey(r *runner, source, target string, t task) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q\n", r.Name, r.version, flightKey(source, target, t))
	if r.Pivot != "" {
		fmt.Fprintf(h, "%q", r.Pivot)
		if t.known != nil {
			fmt.Fprintf(h, " %q", t.known.Tagged())
		}
		for _, other := range c.runners { // any of them may have made the first leg
			fmt.Fprintf(h, " %q %q", other.Name, other.version)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:refusalKeyLen])
}

// askRunner asks one engine for those texts that it did not refuse before.
func (c *Chain) askRunner(ctx context.Context, r *runner, source, target string, tasks []task) []outcome {
	outs := make([]outcome, len(tasks))
	pivots := r.Pivot != "" && !sameLocale(r.Pivot, source)
	var send []task
	var at []int
	keys := make([]string, len(tasks))
	for i, t := range tasks {
		if pivots && t.pivot != nil {
			t.known = t.pivot(ctx, r.Pivot)
		}
		if c.refusals != nil {
			keys[i] = c.refusalKey(r, source, target, t)
			if err := c.refusals.lookup(keys[i]); err != nil {
				outs[i] = outcome{engine: r.Name, version: r.version, err: err}
				continue
			}
		}
		send, at = append(send, t), append(at, i)
	}
	if len(send) == 0 {
		return outs
	}
	var got []outcome
	if pivots {
		got = c.pivot(ctx, r, source, target, send)
	} else {
		got = r.run(ctx, source, target, send)
	}
	for k, i := range at {
		outs[i] = got[k]
		c.refusals.record(keys[i], r.Name, r.version, got[k].err)
	}
	return outs
}
