// Package hook has segments translated by engines: programs and services, each
// behind the small interface Engine, with all that they share above them once.
//
// The normal path: New makes a Chain from engines and their limits;
// Chain.Translate takes the texts of one article in one locale and gives one
// Answer for each, in order. In between, codes and terms that must stay are
// protected and put back, texts go in batches, calls are limited in number, rate,
// time and budget, and tried again after a failure that may pass; every answer is
// checked, and one that lost, doubled or unbalanced a code is asked for again,
// repaired where that is safe, or refused. It is never handed on as if it were
// sound. What engine A does not serve or cannot do is asked of engine B behind it.
//
// Engines live in packages below this one, which imports none of them; package
// engines makes a Chain from a configuration.
package hook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Item is one text to be translated. Terms are the glossary's terms in it, as
// byte ranges of Text.Chars. Before and After are its neighbours in the article,
// for engines that read context. Place is copied into diagnostics about it.
type Item struct {
	Text          bitext.Text
	Terms         []bitext.TermMark
	Title         string // of the article, in its own language; may be empty
	Summary       string // of the article, as its description; may be empty
	Before, After string
	Place         diag.Place
}

// Request is what Chain.Translate is asked: items that all go from one locale to
// another. Both are BCP 47 tags.
//
// OnAnswer, if it is not nil, is called for each item as soon as it is translated, so
// that nothing is lost when the program ends before the others are. It is called from
// several goroutines at once, not for items without a translation, and not after
// Translate has returned.
//
// Pivot, if it is not nil, returns a translation of an item into another locale, with the
// terms in it, or false if there is none. An engine that translates through that locale
// starts from it, and no engine is asked for the first leg. It is called from several
// goroutines at once.
//
// TermsInto, if it is not nil, returns the terms of an item for the way into a pivot
// locale. It is called from several goroutines at once, too.
//
// OtherLanguage, if it is not nil, returns the name of the language that answers to texts
// surely are in, if that is not the one that was asked for. Such answers are a failure of
// the engine. It is called from several goroutines at once.
type Request struct {
	Source, Target string
	Items          []Item
	OtherLanguage  func(texts, answers string) string
	OnAnswer       func(item int, a Answer)
	TermsInto      func(item int, locale string) []bitext.TermMark
	Pivot          func(ctx context.Context, item int, locale string) (text bitext.Text, terms []bitext.TermMark, ok bool)
}

// Answer is what became of one Item. Either Text is a translation with exactly
// the codes of the item's text, or Err says why there is none. Engine is the
// configured name of the engine that answered or refused last; it is empty for a text
// with nothing to translate, which is answered by itself.
type Answer struct {
	Text    bitext.Text
	Engine  string
	Version string // of the engine, if it is Versioned
	Err     error
}

// Engine translates strings. It need not care for order of calls, limits,
// retries or the soundness of its answers: the Chain does. Translate is called
// from several goroutines at once, as far as the configuration allows it. An Engine that also is an
// io.Closer is closed by Chain.Close.
type Engine interface {
	// Name is a word for people and manifests: "apertium". It does not change.
	Name() string

	// Translate returns one string for each of job.Texts, in their order, with
	// the markup of each carried over. It returns promptly when ctx is done.
	//
	// Its error is one of five kinds. One that wraps ErrUnsupported: this pair of
	// locales is not served; nothing is wrong, the next engine is asked. One that
	// wraps *Temporary: the same call may succeed later; it is tried again. One
	// that wraps ErrAnswer: what came back cannot be matched to the texts; they
	// are asked for one by one. A *Partial: it comes with answers, and says which of
	// them count. Any other is final for these texts, and the next engine is asked.
	//
	// No error holds a key, a password or a whole text.
	Translate(ctx context.Context, job Job) ([]string, error)
}

// Job is one call of an Engine. Texts are written in the engine's markup
// (Capabilities.Markup). Context runs parallel to Texts.
type Job struct {
	Source, Target string
	Texts          []string
	Context        []Context

	// Report, if it is not nil, is called with what the service counted for the job,
	// once or several times.
	Report func(Usage)

	// Answered, if it is not nil, may be called with an answer as soon as it is there,
	// before Translate returns. What Translate returns must have the same answer. It is
	// called by one goroutine at a time, and not after Translate has returned.
	Answered func(text int, answer string)
}

// Usage is what was sent to an engine and received from it: characters (Unicode
// code points) of texts, and tokens of a language model.
type Usage struct {
	Chars        int `json:"chars,omitempty"`
	InputTokens  int `json:"inputTokens,omitempty"`
	OutputTokens int `json:"outputTokens,omitempty"`
}

// Add returns the sum of two usages.
func (u Usage) Add(v Usage) Usage {
	return Usage{u.Chars + v.Chars, u.InputTokens + v.InputTokens, u.OutputTokens + v.OutputTokens}
}

// Cost returns what a usage costs, in units of the currency.
func (p Price) Cost(u Usage) float64 {
	return (p.Chars*float64(u.Chars) + p.InputTokens*float64(u.InputTokens) + p.OutputTokens*float64(u.OutputTokens)) / 1e6
}

// Versioned is an Engine whose answers depend on more than its name: a model, a
// prompt. What was translated by another version is not used again.
type Versioned interface {
	// Version identifies all that the answers depend on. It is short and has no
	// white space.
	Version() string
}

// Context is what an engine may use beside a text, or leave aside. Terms are
// those with a translation to be used; their Start and End do not apply to the
// marked-up text. Before and After are plain neighbour texts.
type Context struct {
	Terms         []bitext.TermMark
	Title         string // of the article
	Summary       string // of the article
	Before, After string
}

// Capabilities are what an engine asks of its jobs. The zero value stands for
// Tagged markup and no limits.
type Capabilities struct {
	Markup   Markup // how codes are written in Job.Texts; nil for Tagged
	MaxTexts int    // most texts in one job, 0 for any number
	MaxChars int    // most Unicode code points in one job, 0 for any number
}

// Capable is an Engine that has wishes. One that is not gets the zero
// Capabilities.
type Capable interface {
	Capabilities() Capabilities
}

// Markup writes a text with codes as one string and reads an engine's answer
// back.
type Markup interface {
	// Encode writes t. Decode(Encode(t), t) is t, whatever t is.
	Encode(t bitext.Text) string

	// Decode reads an answer to source. It fails when the answer has a code that
	// source does not have or breaks the markup's own rules; lost, doubled and
	// unbalanced codes are left for the Chain to find.
	Decode(answer string, source bitext.Text) (bitext.Text, error)
}

// The errors by which engines and answers are told apart with errors.Is.
var (
	// ErrUnsupported: the engine does not serve this pair of locales.
	ErrUnsupported = errors.New("language pair not served")
	// ErrAnswer: an answer does not fit its question, in number or in form.
	ErrAnswer = errors.New("bad answer")
	// ErrCodes: an answer lost, doubled, added or unbalanced codes.
	ErrCodes = errors.New("codes do not survive")
	// ErrLanguage: an answer is in another language than the one that was asked for.
	ErrLanguage = errors.New("another language")
	// ErrEmpty: an answer has no text.
	ErrEmpty = errors.New("empty answer")
	// ErrRefused: the engine refuses to translate this text, and would again.
	ErrRefused = errors.New("the engine refuses the text")
	// ErrBudget: the engine's budget of characters is spent.
	ErrBudget = errors.New("budget spent")
	// ErrRejected: the service does not accept the key, or the account is not paid. No
	// other text is sent in this run.
	ErrRejected = errors.New("the service rejects the account")
	// ErrQuota: the quota of the account is used up. No other text is sent in this run.
	ErrQuota = errors.New("the quota of the service is used up")
	// ErrTooLong: a text is longer than the engine takes.
	ErrTooLong = errors.New("text too long for the engine")
	// ErrCircuitOpen: the engine failed so often in a row that it is left alone for a time.
	ErrCircuitOpen = errors.New("engine is not asked after repeated failures")
)

// Refused marks an error as the refusal of a text: it wraps ErrRefused. The message
// stays as it is.
func Refused(err error) error { return &refusedError{err} }

type refusedError struct{ error }

func (e *refusedError) Unwrap() []error { return []error{e.error, ErrRefused} }

// Temporary is a failure that may pass: a busy service, a broken connection.
// RetryAfter is how long the service asks to be left alone, 0 if it does not say.
type Temporary struct {
	Err        error
	RetryAfter time.Duration
}

func (t *Temporary) Error() string { return t.Err.Error() }

// Unwrap is the failure itself.
func (t *Temporary) Unwrap() error { return t.Err }

// Partial is the error of a job of which some texts were answered. Errs runs
// parallel to the answers: nil for a sound one, else an error of the kinds that
// Engine.Translate has, none of them Temporary.
type Partial struct{ Errs []error }

func (p *Partial) Error() string {
	n := 0
	var first error
	for _, err := range p.Errs {
		if err != nil {
			n++
			first = cmp.Or(first, err)
		}
	}
	return fmt.Sprintf("%d of %d texts are not answered: %v", n, len(p.Errs), first)
}

// EngineConfig is an Engine with its place in a chain. Engines are asked in the
// order in which they are given.
type EngineConfig struct {
	Engine Engine
	Name   string // in answers and messages; empty for Engine.Name()

	// Locales are the target locales that the engine is asked for, as BCP 47
	// tags; a tag stands for its longer ones too ("sr" for "sr-ME"). Empty: all.
	Locales []string

	// Sources are the source locales of the articles that the engine is asked for,
	// like Locales; with a Pivot too. Empty: all.
	Sources []string

	// Pivot is a locale to go through: the chain translates into it first
	// (engines without a Pivot only), then this engine from there on. Empty: straight.
	Pivot string

	Timeout     time.Duration // for one attempt; 0 for one minute
	Deadline    time.Duration // for one call with all attempts; 0 for two minutes
	MinChars    int           // shortest text to ask for, in code points; 0 for any
	MaxChars    int           // longest text to ask for, in code points; 0 for any
	Price       Price         // for estimates and limits
	Limit       Limit         // over all runs, by Chain.KeepAccounts
	Batch       int           // most texts in one call; 0 for 50
	BatchChars  int           // most code points in one call; 0 for 5000
	Concurrency int           // most calls at once; 0 for 1
	Rate        float64       // calls a second; 0 for no limit
	Budget      int           // code points sent in the chain's life; 0 for no limit
}

// Options are the same for all engines of a Chain. The zero value is sound.
type Options struct {
	MaxAttempts      int           // of a call that fails for a time; 0 for 4
	InitialBackoff   time.Duration // before the second try, doubling with jitter; 0 for half a second
	MaxWait          time.Duration // for all tries of a call together; 0 for two minutes
	BreakerThreshold int           // failures in a row before an engine is left alone; 0 for 5
	BreakerCooldown  time.Duration // how long it then is; 0 for 30 seconds
	MaxAnswerLen     int           // in bytes, of one answer; 0 for 1 MiB
}
