package hook

import (
	"context"
	"math"
	"sync"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// Estimate is what one engine would be asked. Tokens are counted as one for four bytes of
// text, the answer as long as the text, and for each call promptTokens more.
type Estimate struct {
	Engine   string        `json:"engine"`
	Texts    int           `json:"texts"`
	Calls    int           `json:"calls"`
	Usage    Usage         `json:"usage"`
	Cost     float64       `json:"cost,omitempty"`
	Currency string        `json:"currency,omitempty"`
	AtLeast  time.Duration `json:"at_least,omitempty"` // by the limit of calls a second
}

// promptTokens is about what the instructions and the context of one call have.
const promptTokens = 400

// Estimator counts what a Chain would be asked, and asks nobody. Its answers have no
// translation.
type Estimator struct {
	chain *Chain

	mu    sync.Mutex
	seen  map[string]bool
	sizes map[*runner]*Estimate
}

// NewEstimator makes an Estimator for a chain.
func NewEstimator(c *Chain) *Estimator {
	return &Estimator{chain: c, seen: map[string]bool{}, sizes: map[*runner]*Estimate{}}
}

// Translate counts the items of a request, each text once, for the first engine that is
// configured for its locale and its length. All answers have ErrUnsupported.
func (e *Estimator) Translate(_ context.Context, r Request) ([]Answer, []diag.Diagnostic) {
	answers := make([]Answer, len(r.Items))
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, item := range r.Items {
		answers[i].Err = ErrUnsupported
		_, inner, _ := splitEdges(protect(item.Text, item.Terms))
		if !translatable(inner) {
			continue
		}
		t := task{text: inner, context: Context{Terms: wanted(item.Terms)}}
		key := flightKey(r.Source, r.Target, t)
		if e.seen[key] {
			continue
		}
		e.seen[key] = true
		n := utf8.RuneCountInString(inner.Chars)
		for _, run := range e.chain.runners {
			if !serves(run.Locales, r.Target) || n < run.MinChars || run.MaxChars > 0 && n > run.MaxChars ||
				e.chain.refusals.lookup(e.chain.refusalKey(run, r.Source, r.Target, t)) != nil {
				continue
			}
			s := e.sizes[run]
			if s == nil {
				s = &Estimate{Engine: run.Name}
				e.sizes[run] = s
			}
			encoded := run.caps.Markup.Encode(inner)
			s.Texts++
			s.Usage = s.Usage.Add(Usage{Chars: utf8.RuneCountInString(encoded), InputTokens: tokens(encoded), OutputTokens: tokens(encoded)})
			break
		}
	}
	return answers, nil
}

// Estimates returns what was counted, in the order of the engines.
func (e *Estimator) Estimates() []Estimate {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := []Estimate{}
	for _, run := range e.chain.runners {
		s := e.sizes[run]
		if s == nil {
			continue
		}
		est := *s
		est.Calls = max((est.Texts+run.Batch-1)/run.Batch, (est.Usage.Chars+run.BatchChars-1)/run.BatchChars)
		est.Usage.InputTokens += est.Calls * promptTokens
		if !run.Price.IsZero() {
			est.Cost, est.Currency = run.Price.Cost(est.Usage), run.Price.Currency
		}
		if run.Rate > 0 {
			est.AtLeast = time.Duration(math.Ceil(float64(est.Calls)/run.Rate)) * time.Second
		}
		out = append(out, est)
	}
	return out
}
