package hook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Chain asks engines in order until each text is answered. It is safe for use
// by several goroutines; limits and budgets are those of all of them together.
type Chain struct {
	runners  []*runner
	flights  flights
	refusals *Refusals
	claims   Claims // nil for those of this process alone
	requests atomic.Uint64
}

// New makes a Chain. It takes over the engines: Close closes them.
func New(engines []EngineConfig, opt Options) *Chain {
	opt.MaxAttempts = orElse(opt.MaxAttempts, 4)
	opt.InitialBackoff = orElse(opt.InitialBackoff, 500*time.Millisecond)
	opt.MaxWait = orElse(opt.MaxWait, 2*time.Minute)
	opt.BreakerThreshold = orElse(opt.BreakerThreshold, 5)
	opt.BreakerCooldown = orElse(opt.BreakerCooldown, 30*time.Second)
	opt.MaxAnswerLen = orElse(opt.MaxAnswerLen, 1<<20)
	c := &Chain{}
	for _, e := range engines {
		c.runners = append(c.runners, newRunner(e, opt))
	}
	return c
}

// RememberRefusals has the chain send no text to an engine that refused it before, and
// record what is refused now. It is called before the chain is used.
func (c *Chain) RememberRefusals(r *Refusals) { c.refusals = r }

// Close ends the engines that hold something open, programs and connections, and counts
// what is not counted yet.
func (c *Chain) Close() error {
	var errs []error
	for _, r := range c.runners {
		r.uncounted.wait()
		if closer, ok := r.Engine.(io.Closer); ok {
			if err := closer.Close(); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", r.Name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// SingleEngine is one engine of a Chain, asked by itself.
type SingleEngine struct{ chain *Chain }

// Engines returns the engines of the chain in their order. They share the limits of
// the chain.
func (c *Chain) Engines() []SingleEngine {
	var out []SingleEngine
	for _, r := range c.runners {
		out = append(out, SingleEngine{&Chain{runners: []*runner{r}}})
	}
	return out
}

// Name returns the configured name of the engine.
func (e SingleEngine) Name() string { return e.chain.runners[0].Name }

// Translate is Chain.Translate with this engine alone.
func (e SingleEngine) Translate(ctx context.Context, r Request) ([]Answer, []diag.Diagnostic) {
	return e.chain.Translate(ctx, r)
}

// LanguageLister is an Engine that knows the languages it serves.
type LanguageLister interface {
	// Languages returns the targets for each source, in the codes of the engine,
	// sorted.
	Languages(ctx context.Context) (map[string][]string, error)
}

// QuotaReporter is an Engine whose service counts what an account uses.
type QuotaReporter interface {
	// Quota returns how many characters are used, and of how many; 0 for no limit.
	Quota(ctx context.Context) (used, limit int64, err error)
}

// Quota returns what the account of the engine has used. The error wraps
// errors.ErrUnsupported if the service does not report it.
func (e SingleEngine) Quota(ctx context.Context) (used, limit int64, err error) {
	r := e.chain.runners[0]
	reporter, ok := r.Engine.(QuotaReporter)
	if !ok {
		return 0, 0, fmt.Errorf("%s: report the quota: %w", r.Name, errors.ErrUnsupported)
	}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	return reporter.Quota(ctx)
}

// Languages returns the languages that the engine serves. The error wraps
// errors.ErrUnsupported if it cannot be asked.
func (e SingleEngine) Languages(ctx context.Context) (map[string][]string, error) {
	r := e.chain.runners[0]
	lister, ok := r.Engine.(LanguageLister)
	if !ok {
		return nil, fmt.Errorf("%s: list languages: %w", r.Name, errors.ErrUnsupported)
	}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	return lister.Languages(ctx)
}

// Versions returns the version of each engine that has one, by its configured
// name.
func (c *Chain) Versions() map[string]string {
	out := map[string]string{}
	for _, r := range c.runners {
		if r.version != "" {
			out[r.Name] = r.version
		}
	}
	return out
}

// Concurrency returns how many calls may run at the same time, of all engines together:
// it takes as many articles, or a few large ones, to keep them busy.
func (c *Chain) Concurrency() int {
	n := 0
	for _, r := range c.runners {
		n += r.Concurrency
	}
	return n
}

// Usage returns what the engines were used for so far, by their configured names.
func (c *Chain) Usage() map[string]Usage {
	out := map[string]Usage{}
	for _, r := range c.runners {
		r.mu.Lock()
		out[r.Name] = r.usage
		r.mu.Unlock()
	}
	return out
}

// Serves reports whether any engine is configured for the source and the target locale.
// An engine may still not serve the pair.
func (c *Chain) Serves(source, target string) bool {
	for _, r := range c.runners {
		if r.serves(source, target) {
			return true
		}
	}
	return false
}

// Translate gives one Answer for each item of the request, in order. An item's
// Err carries a diag.Diagnostic for errors.As, and wraps the cause; it wraps
// ErrUnsupported when no engine serves the locales at all.
//
// The diagnostics are remarks on what was answered, and on the chain as a whole:
//
//	hook.untranslated  an answer is the source text, unchanged
//	hook.term          an answer does without a preferred term, or has a forbidden one
//	hook.corrected     a term of an answer was spelled as in the glossary
//	hook.repaired        an answer lost a code, which was put back
//	hook.fallback      an engine failed and another one took over
//
// Those in Err are
//
//	hook.unsupported   no engine serves these locales
//	hook.codes         no answer kept its codes
//	hook.budget        the budget is spent: the text may be translated another time
//	hook.failed        an engine failed: it may translate the text another time
//	hook.refused       all else
func (c *Chain) Translate(ctx context.Context, r Request) ([]Answer, []diag.Diagnostic) {
	answers := make([]Answer, len(r.Items))
	type edges struct{ lead, trail bitext.Text }
	shells := make([]edges, len(r.Items))
	whole := func(i int, o outcome) Answer {
		text, _ := correctTerms(r.Target, r.Items[i], unprotect(bitext.Join(shells[i].lead, o.text, shells[i].trail)))
		return Answer{Text: text, Engine: o.engine, Version: o.version}
	}
	var tasks []task
	var at []int
	for i, item := range r.Items {
		lead, inner, trail := splitEdges(protect(item.Text, item.Terms))
		shells[i] = edges{lead, trail}
		if !translatable(inner) {
			answers[i].Text = item.Text
			continue
		}
		t := task{text: inner, context: Context{Terms: wanted(item.Terms), Title: item.Title, Summary: item.Summary, Before: item.Before, After: item.After}}
		if r.Pivot != nil {
			t.pivot = func(ctx context.Context, locale string) *bitext.Text {
				text, terms, ok := r.Pivot(ctx, i, locale)
				if !ok {
					return nil
				}
				return insideEdges(text, terms, lead, inner, trail)
			}
		}
		t.into = func(locale string) Context {
			c := Context{Title: item.Title, Summary: item.Summary, Before: item.Before, After: item.After}
			if r.TermsInto != nil {
				c.Terms = wanted(r.TermsInto(i, locale))
			}
			return c
		}
		t.other = r.OtherLanguage
		if r.OnAnswer != nil {
			t.accept = func(o outcome) { r.OnAnswer(i, whole(i, o)) }
		}
		tasks = append(tasks, t)
		at = append(at, i)
	}
	if len(tasks) == 0 {
		return answers, nil
	}
	ctx = context.WithValue(ctx, requestKey{}, c.requests.Add(1))
	outs, ds := c.flights.share(ctx, r.Source, r.Target, tasks, func(own []task) ([]outcome, []diag.Diagnostic) {
		return c.askShared(ctx, r.Source, r.Target, own)
	})
	for k, o := range outs {
		i := at[k]
		item := r.Items[i]
		if o.err != nil {
			answers[i].Engine, answers[i].Version = o.engine, o.version
			answers[i].Err = refuse(item, o)
			continue
		}
		answers[i] = whole(i, o)
		text := answers[i].Text
		if o.repaired != nil {
			ds = append(ds, diag.Diagnostic{
				ID: "hook.repaired", Severity: diag.Warning, Place: item.Place, Issue: "markup",
				Hint: "see whether it stands in the right place",
			}.Messagef("%s: %s; put back where it was", diag.Arg("engine", o.engine), diag.Arg("repaired", o.repaired.Error())))
		}
		_, corrected := correctTerms(r.Target, item, unprotect(bitext.Join(shells[i].lead, o.text, shells[i].trail)))
		for _, c := range corrected {
			ds = append(ds, diag.Diagnostic{ID: "hook.corrected", Severity: diag.Info, Place: item.Place, Issue: "terminology"}.
				Messagef("%s wrote %q for %q; it was corrected to the glossary's %q", diag.Arg("engine", o.engine), diag.Arg("old", c.Old), diag.Arg("source", c.Source), diag.Arg("new", c.New)))
		}
		ds = append(ds, checkAnswer(r.Target, item, text, o.engine)...)
	}
	return answers, ds
}

// insideEdges returns a translation without its edges and protected, as a task has its
// text, or nil if its edges or codes are not those of the task.
func insideEdges(text bitext.Text, terms []bitext.TermMark, lead, inner, trail bitext.Text) *bitext.Text {
	l, in, tr := splitEdges(protect(text, terms))
	if l.Tagged() != lead.Tagged() || tr.Tagged() != trail.Tagged() || in.IsBlank() || compare(inner, in) != nil {
		return nil
	}
	return &in
}

// wanted are the terms that an engine can be told: those with a translation.
func wanted(terms []bitext.TermMark) []bitext.TermMark {
	var out []bitext.TermMark
	for _, m := range terms {
		if !m.DoNotTranslate && len(m.Targets) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// askEngines asks the engines for target, in order, each for what those before it
// did not answer. With pivots, those that go through another locale are asked
// too.
func (c *Chain) askEngines(ctx context.Context, source, target string, tasks []task, pivots bool) ([]outcome, []diag.Diagnostic) {
	outs := make([]outcome, len(tasks))
	left := make([]int, len(tasks))
	for i := range tasks {
		outs[i].err = ErrUnsupported
		left[i] = i
	}
	var ds []diag.Diagnostic
	failed, before := 0, ""
	var reason error
	for _, r := range c.order(target) {
		if len(left) == 0 || ctx.Err() != nil {
			break
		}
		if !r.serves(source, target) || r.Pivot != "" && !pivots {
			continue
		}
		ask := make([]task, len(left))
		for k, i := range left {
			ask[k] = tasks[i]
		}
		got := c.askRunner(ctx, r, source, target, ask)
		var still []int
		answered := 0
		for k, i := range left {
			if got[k].err == nil {
				outs[i] = got[k]
				answered++
				continue
			}
			outs[i] = combineErrors(outs[i], got[k])
			still = append(still, i)
		}
		if failed > 0 && answered > 0 {
			ds = append(ds, diag.Diagnostic{
				ID: "hook.fallback", Severity: diag.Info, Place: diag.Place{Locale: target},
			}.Messagef("%s did not translate %d of %d texts (%v); %s translated %d of them", diag.Arg("engine", before), diag.Arg("failed", failed), diag.Arg("count", len(tasks)), diag.Arg("reason", reason), diag.Arg("otherEngine", r.Name), diag.Arg("answered", answered)))
		}
		left = still
		failed = 0
		for _, i := range left {
			if !errors.Is(outs[i].err, ErrUnsupported) {
				if failed == 0 {
					before, reason = outs[i].engine, outs[i].err
				}
				failed++
			}
		}
	}
	if err := context.Cause(ctx); err != nil {
		for _, i := range left {
			outs[i].err = err
		}
	}
	return outs, ds
}

// order returns the engines in the order in which they are asked for a target locale:
// that of the configuration, but that one which costs nothing, and which names the
// locale itself, goes before those that only name a shorter tag ("sr" for "sr-Latn").
func (c *Chain) order(target string) []*runner {
	first := func(r *runner) bool {
		_, free := r.Engine.(PairKnower)
		return free && slices.ContainsFunc(r.Locales, func(l string) bool { return sameLocale(l, target) })
	}
	named := func(r *runner) bool {
		return len(r.Locales) == 0 || slices.ContainsFunc(r.Locales, func(l string) bool { return sameLocale(l, target) })
	}
	out := slices.Clone(c.runners)
	for i, r := range out {
		if !first(r) {
			continue
		}
		for i > 0 && !named(out[i-1]) {
			out[i-1], out[i] = out[i], out[i-1]
			i--
		}
	}
	return out
}

// combineErrors joins two engines' failures on one text. That an engine does not serve
// the locales is worth telling only if none does.
func combineErrors(a, b outcome) outcome {
	switch {
	case errors.Is(b.err, ErrUnsupported):
		return a
	case errors.Is(a.err, ErrUnsupported):
		return b
	}
	joined, ok := a.err.(*chainError)
	if !ok {
		joined = &chainError{[]error{fmt.Errorf("%s: %w", a.engine, a.err)}}
	}
	b.err = &chainError{append(joined.errs, fmt.Errorf("%s: %w", b.engine, b.err))}
	return b
}

// chainError lists the errors of several engines, in one line.
type chainError struct{ errs []error }

func (e *chainError) Error() string {
	var messages []string
	for _, err := range e.errs {
		messages = append(messages, err.Error())
	}
	return strings.Join(messages, "; ")
}

func (e *chainError) Unwrap() []error { return e.errs }

// pivot translates into r's pivot locale by the chain and from there by r.
func (c *Chain) pivot(ctx context.Context, r *runner, source, target string, tasks []task) []outcome {
	// What the two legs have to tell of each other is told of the whole.
	outs := make([]outcome, len(tasks))
	var first []task
	var firstAt []int
	for i, t := range tasks {
		if t.known != nil {
			outs[i] = outcome{text: *t.known, engine: "memory"}
			continue
		}
		own := task{text: t.text}
		if t.into != nil {
			own.context = t.into(r.Pivot)
		}
		first, firstAt = append(first, own), append(firstAt, i)
	}
	if len(first) > 0 {
		answered := c.askInto(ctx, source, r.Pivot, first)
		for k, o := range answered {
			outs[firstAt[k]] = o
		}
	}
	var second []task
	var at []int
	for i, o := range outs {
		if o.err != nil {
			continue
		}
		// The glossary's terms and the neighbours are in the source's language.
		t := task{text: o.text, other: tasks[i].other}
		if accept := tasks[i].accept; accept != nil {
			t.accept = func(second outcome) { accept(throughPivot(o, second)) }
		}
		second = append(second, t)
		at = append(at, i)
	}
	for k, o := range r.run(ctx, r.Pivot, target, second) {
		outs[at[k]] = throughPivot(outs[at[k]], o)
	}
	return outs
}

// askInto asks for the way into a pivot locale. Where the edition in that locale is asked
// for as well, each text is asked once for both. That would not be safe if the way into
// the locale itself could go through others: two could wait for each other.
func (c *Chain) askInto(ctx context.Context, source, pivot string, tasks []task) []outcome {
	through := func(r *runner) bool {
		knower, knows := r.Engine.(PairKnower)
		return r.Pivot != "" && r.serves(source, pivot) && (!knows || knower.Serves(r.Pivot, pivot))
	}
	if slices.ContainsFunc(c.runners, through) {
		outs, _ := c.askEngines(ctx, source, pivot, tasks, false)
		return outs
	}
	// The engines' remarks on it are those of the request for that locale.
	outs, _ := c.flights.share(ctx, source, pivot, tasks, func(own []task) ([]outcome, []diag.Diagnostic) {
		return c.askShared(ctx, source, pivot, own)
	})
	return outs
}

// throughPivot joins the outcomes of the two legs.
func throughPivot(first, second outcome) outcome {
	second.engine = first.engine + "+" + second.engine
	second.version = strings.Trim(first.version+"+"+second.version, "+")
	if second.repaired == nil {
		second.repaired = first.repaired
	}
	return second
}

// Serves reports whether the engine may be asked to translate articles in a source locale
// into a target locale (BCP 47): its sources and its locales name them or shorter tags, or
// it has none. It may still not serve the pair.
func (c *Config) Serves(source, target string) bool {
	return serves(c.Sources, source) && serves(c.Locales, target)
}

// serves is Config.Serves.
func (c *EngineConfig) serves(source, target string) bool {
	return serves(c.Sources, source) && serves(c.Locales, target)
}

// serves reports whether target is one of locales, or longer than one of them, or there
// are none.
func serves(locales []string, target string) bool {
	if len(locales) == 0 {
		return true
	}
	target = canonical(target)
	for _, l := range locales {
		if l = canonical(l); target == l || strings.HasPrefix(target, l+"-") {
			return true
		}
	}
	return false
}

func sameLocale(a, b string) bool { return canonical(a) == canonical(b) }

// canonical returns a tag in the form in which tags can be compared.
func canonical(locale string) string {
	if c, err := tag.Canonical(locale); err == nil {
		return c
	}
	return strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
}

// refusal is an Answer's Err: for programs the cause, for people a diagnostic.
type refusal struct {
	diag.Diagnostic
	cause error
}

func (r *refusal) Error() string { return r.Diagnostic.Error() }

func (r *refusal) Unwrap() []error { return []error{r.Diagnostic, r.cause} }

// failureCause names what is wrong with an engine, "" if that is wrong with the text
// alone, or with nothing: the same for all texts that it did not translate for that reason.
func failureCause(o outcome) string {
	if several, ok := o.err.(*chainError); ok {
		var causes []string
		for _, err := range several.errs {
			if cause := failureCause(outcome{err: err}); cause != "" {
				name, _, _ := strings.Cut(err.Error(), ":")
				causes = append(causes, name+" "+cause)
			}
		}
		return strings.Join(causes, "; ")
	}
	err := o.err
	for _, notTheEngine := range []error{ErrUnsupported, ErrBudget, ErrTooLong, ErrRefused, ErrCodes, context.Canceled} {
		if errors.Is(err, notTheEngine) {
			return ""
		}
	}
	cause := "failed"
	var temporary *Temporary
	switch {
	case errors.As(err, new(*rememberedError)):
		return ""
	case errors.Is(err, ErrRejected):
		cause = "rejected"
	case errors.Is(err, ErrQuota):
		cause = "quota"
	case errors.Is(err, ErrLanguage):
		cause = "language"
	case errors.As(err, new(*timeoutError)):
		cause = "timeout"
	case errors.As(err, &temporary):
		cause = "unavailable"
	case errors.Is(err, ErrEmpty):
		cause = "empty"
	case errors.Is(err, ErrAnswer):
		cause = "answer"
	case errors.Is(err, context.DeadlineExceeded):
		return "" // of the caller
	}
	return strings.TrimSpace(o.engine + " " + cause)
}

func refuse(item Item, o outcome) error {
	d := diag.Diagnostic{ID: "hook.refused", Severity: diag.Warning, Place: item.Place, Message: o.err.Error()}
	if _, several := o.err.(*chainError); !several && o.engine != "" {
		d.Message = o.engine + ": " + d.Message
	}
	switch {
	case errors.Is(o.err, context.Canceled), errors.Is(o.err, context.DeadlineExceeded):
		d.Message = "stopped before it was translated"
	case errors.Is(o.err, ErrUnsupported):
		d.ID, d.Severity = "hook.unsupported", diag.Info
		d.Message = "no engine serves this pair of locales"
		d.Hint = "list one for the locale in the configuration"
	case errors.Is(o.err, ErrCodes):
		d.ID, d.Issue = "hook.codes", "markup"
	case errors.Is(o.err, ErrBudget):
		d.ID, d.Severity, d.Hint = "hook.budget", diag.Error, "raise the engine's budget or limit, or list another engine behind it"
		d.Args = map[string]any{"cause": o.engine + " budget"}
	}
	if cause := failureCause(o); cause != "" {
		d.ID, d.Issue, d.Severity = "hook.failed", "", diag.Error
		d.Args = map[string]any{"cause": cause}
	}
	if d.Hint == "" && errors.As(o.err, new(*rememberedError)) {
		d.Hint = "use 'hexapla build --retry-refused' to ask again"
	}
	return &refusal{d, o.err}
}
