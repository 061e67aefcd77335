package hook

import (
	"cmp"
	"context"
	"fmt"
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
	AtLeast  time.Duration `json:"atLeast,omitempty"` // by the limit of calls a second; nanoseconds
	Seconds  float64       `json:"atLeastSeconds,omitempty"`
	Over     []Overrun     `json:"over,omitempty"` // see CompareLimits
}

// Overrun is a budget or a limit of an engine that is too small for what it would be asked.
type Overrun struct {
	Of      string  `json:"of"`               // "budget" of one build, or "limit" of all builds
	Unit    string  `json:"unit"`             // "chars", "tokens" or "cost"
	Period  string  `json:"period,omitempty"` // of the limit: "day", "month" or "ever"
	Spent   float64 `json:"spent"`            // in the period so far
	Needed  float64 `json:"needed"`           // by the estimate
	Allowed float64 `json:"allowed"`
}

// CompareLimits notes in estimates which budgets and limits are too small for them,
// together with what was spent before. An error is that of the accounts.
func (e *Estimator) CompareLimits(ctx context.Context, estimates []Estimate) error {
	for i := range estimates {
		s := &estimates[i]
		for _, run := range e.chain.runners {
			if run.Name != s.Engine {
				continue
			}
			var spent Spending
			if run.accounts != nil && !run.Limit.IsZero() {
				var err error
				if spent, err = run.accounts.Spent(ctx, run.Name, run.Limit.Since(run.now())); err != nil {
					return fmt.Errorf("%s: %w", run.Name, err)
				}
			}
			s.Over = run.overruns(spent, Spending{s.Usage, run.Price.Cost(s.Usage)})
			break
		}
	}
	return nil
}

// overruns returns which budgets and limits are too small for what was spent and is needed.
func (r *runner) overruns(spent, needed Spending) []Overrun {
	var out []Overrun
	if n := needed.Chars; r.Budget > 0 && n > r.Budget {
		out = append(out, Overrun{Of: "budget", Unit: "chars", Needed: float64(n), Allowed: float64(r.Budget)})
	}
	limit := func(unit string, spent, needed, allowed float64) {
		if allowed > 0 && needed > 0 && spent+needed > allowed {
			out = append(out, Overrun{"limit", unit, cmp.Or(r.Limit.Period, "month"), spent, needed, allowed})
		}
	}
	limit("chars", float64(spent.Chars), float64(needed.Chars), float64(r.Limit.Chars))
	limit("tokens", float64(spent.InputTokens+spent.OutputTokens), float64(needed.InputTokens+needed.OutputTokens), float64(r.Limit.Tokens))
	limit("cost", spent.Cost, needed.Cost, r.Limit.Cost)
	return out
}

// promptTokens is about what the instructions and the context of one call have.
const promptTokens = 400

// PairKnower is an Engine that knows which locales it serves without asking anybody.
type PairKnower interface {
	// Serves reports whether the engine translates from source to target (BCP 47).
	Serves(source, target string) bool
}

// Estimator counts what a Chain would be asked, and asks nobody. Its answers have no
// translation.
type Estimator struct {
	chain *Chain

	mu    sync.Mutex
	seen  map[string]bool
	sizes map[*runner]*Estimate
	open  map[leg][]string // texts of the request that is counted, as they would be sent
}

// leg is an engine with the locale that it is asked for.
type leg struct {
	*runner
	target string
}

// NewEstimator makes an Estimator for a chain.
func NewEstimator(c *Chain) *Estimator {
	return &Estimator{chain: c, seen: map[string]bool{}, sizes: map[*runner]*Estimate{}, open: map[leg][]string{}}
}

// Versions returns those of the chain: what an engine of another version translated
// counts as not translated.
func (e *Estimator) Versions() map[string]string { return e.chain.Versions() }

// Translate counts the items of a request, each text once, for the first engine that is
// configured for its locale and its length. For an engine with a pivot locale, the way
// into that locale is counted too, unless the memory has the text in it. All answers
// have ErrUnsupported.
func (e *Estimator) Translate(ctx context.Context, r Request) ([]Answer, []diag.Diagnostic) {
	answers := make([]Answer, len(r.Items))
	known := make([]map[string]bool, len(r.Items)) // which pivot locales the memory has the text in
	if r.Pivot != nil {
		for i := range r.Items {
			known[i] = map[string]bool{}
			for _, run := range e.chain.runners {
				if _, done := known[i][run.Pivot]; run.Pivot != "" && !done && run.serves(r.Source, r.Target) {
					_, _, known[i][run.Pivot] = r.Pivot(ctx, i, run.Pivot)
				}
			}
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.countCalls()
	for i, item := range r.Items {
		answers[i].Err = ErrUnsupported
		_, inner, _ := splitEdges(protect(item.Text, item.Terms))
		if !translatable(inner) {
			continue
		}
		t := task{text: inner, context: Context{Terms: wanted(item.Terms)}}
		run := e.count(r.Source, r.Target, t, true)
		if run != nil && run.Pivot != "" && !sameLocale(run.Pivot, r.Source) && !known[i][run.Pivot] {
			e.count(r.Source, run.Pivot, t, false)
		}
	}
	return answers, nil
}

// count counts a text for the first engine that would be asked for it, once. It returns
// that engine, nil for none or for a text that is counted already.
func (e *Estimator) count(source, target string, t task, pivots bool) *runner {
	key := flightKey(source, target, t)
	if e.seen[key] {
		return nil
	}
	e.seen[key] = true
	n := utf8.RuneCountInString(t.text.Chars)
	for _, run := range e.chain.order(target) {
		from := source
		if run.Pivot != "" {
			from = run.Pivot
		}
		if knower, ok := run.Engine.(PairKnower); ok && !knower.Serves(from, target) {
			continue
		}
		if !run.serves(source, target) || run.Pivot != "" && !pivots || n < run.MinChars || run.MaxChars > 0 && n > run.MaxChars ||
			e.chain.refusals.lookup(e.chain.refusalKey(run, source, target, t)) != nil {
			continue
		}
		s := e.sizes[run]
		if s == nil {
			s = &Estimate{Engine: run.Name}
			e.sizes[run] = s
		}
		encoded := run.caps.Markup.Encode(t.text)
		s.Texts++
		way := leg{run, target}
		e.open[way] = append(e.open[way], encoded)
		s.Usage = s.Usage.Add(Usage{Chars: utf8.RuneCountInString(encoded), InputTokens: tokens(encoded), OutputTokens: tokens(encoded)})
		return run
	}
	return nil
}

// countCalls counts the calls that the texts of a request make: no call has texts of
// several articles or locales.
func (e *Estimator) countCalls() {
	for way, texts := range e.open {
		all := make([]int, len(texts))
		for i := range all {
			all[i] = i
		}
		e.sizes[way.runner].Calls += len(way.batches(all, texts))
		delete(e.open, way)
	}
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
		est.Usage.InputTokens += est.Calls * promptTokens
		if !run.Price.IsZero() {
			est.Cost, est.Currency = run.Price.Cost(est.Usage), run.Price.Currency
		}
		if run.Rate > 0 {
			est.Seconds = math.Ceil(float64(est.Calls) / run.Rate)
			est.AtLeast = time.Duration(est.Seconds) * time.Second
		}
		out = append(out, est)
	}
	return out
}
