package hook

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Claims decide which of several processes asks the engines for a text, and take the
// answer to the others.
type Claims interface {
	// Claim takes the claims of those keys that nobody else has, and returns which these
	// are, and the answers that others gave. Claims that the owner has already are
	// extended. A claim ends by itself if it is not extended every 20 seconds.
	Claim(ctx context.Context, owner string, keys []string) (mine map[string]bool, answers map[string]string, err error)

	// Answer gives the answer for a key.
	Answer(ctx context.Context, key, answer string) error

	// Release gives back all claims of an owner that have no answer.
	Release(ctx context.Context, owner string) error
}

// Shared is a Chain of which all processes that share Claims ask for a text only once:
// for the same engines and versions, locales, text and terms.
type Shared struct {
	*Chain
	claims Claims

	poll, extend time.Duration
}

// Share returns a chain with claims.
func Share(c *Chain, claims Claims) *Shared {
	return &Shared{Chain: c, claims: claims, poll: 100 * time.Millisecond, extend: 15 * time.Second}
}

// sharedAnswer is the stored form of an answer.
type sharedAnswer struct {
	Text    string `json:"text"` // with numbered tags
	Engine  string `json:"engine"`
	Version string `json:"version,omitempty"`
}

// Translate is as that of Chain. Texts for which another process is asking are waited
// for; if that process ends without an answer, this one asks. An error of the claims is
// that of the texts that are left.
func (s *Shared) Translate(ctx context.Context, r Request) ([]Answer, []diag.Diagnostic) {
	answers := make([]Answer, len(r.Items))
	var ds []diag.Diagnostic
	keys := make([]string, len(r.Items))
	open := map[string][]int{} // items by key
	for i := range r.Items {
		keys[i] = s.key(&r, i)
		open[keys[i]] = append(open[keys[i]], i)
	}
	owner := newOwner()
	defer func() {
		// Not even the end of the build is a reason to keep others waiting.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = s.claims.Release(ctx, owner)
	}()
	for len(open) > 0 {
		mine, given, err := s.claims.Claim(ctx, owner, slices.Collect(maps.Keys(open)))
		if err != nil {
			for _, items := range open {
				for _, i := range items {
					answers[i].Err = err
				}
			}
			return answers, ds
		}
		var asked []int
		for key, items := range open {
			if text, ok := given[key]; ok {
				for _, i := range items {
					answers[i] = readAnswer(text, r.Items[i].Text)
				}
				delete(open, key)
			} else if mine[key] {
				asked = append(asked, items...)
				delete(open, key)
			}
		}
		if len(asked) > 0 {
			slices.Sort(asked)
			ds = append(ds, s.ask(ctx, r, owner, asked, keys, answers)...)
			continue
		}
		if len(open) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			for _, items := range open {
				for _, i := range items {
					answers[i].Err = ctx.Err()
				}
			}
			return answers, ds
		case <-time.After(s.poll):
		}
	}
	return answers, ds
}

// ask asks the engines for some items, whose claims the owner has.
func (s *Shared) ask(ctx context.Context, r Request, owner string, items []int, keys []string, answers []Answer) []diag.Diagnostic {
	part := r
	part.Items = make([]Item, len(items))
	claimed := make([]string, len(items))
	for n, i := range items {
		part.Items[n], claimed[n] = r.Items[i], keys[i]
	}
	stop := s.keep(ctx, owner, claimed)
	defer stop()
	keep := context.WithoutCancel(ctx) // what is paid for is given to the others
	part.OnAnswer = func(n int, a Answer) {
		if r.OnAnswer != nil {
			r.OnAnswer(items[n], a)
		}
		// An answer that cannot be given to the others is only asked for again.
		_ = s.claims.Answer(keep, claimed[n], writeAnswer(a, part.Items[n].Text))
	}
	if r.Pivot != nil {
		part.Pivot = func(ctx context.Context, n int, locale string) (bitext.Text, []bitext.TermMark, bool) {
			return r.Pivot(ctx, items[n], locale)
		}
	}
	got, ds := s.Chain.Translate(ctx, part)
	for n, i := range items {
		answers[i] = got[n]
	}
	return ds
}

// keep extends claims until the returned function is called.
func (s *Shared) keep(ctx context.Context, owner string, keys []string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(s.extend):
				_, _, _ = s.claims.Claim(ctx, owner, keys) // those that are answered stay so
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// key identifies what an item asks of the engines.
func (s *Shared) key(r *Request, i int) string {
	item := &r.Items[i]
	h := sha256.New()
	versions := s.Versions()
	for _, name := range slices.Sorted(maps.Keys(s.Usage())) {
		fmt.Fprintf(h, "%q %q\n", name, versions[name])
	}
	fmt.Fprintf(h, "%q %q %q\n", r.Source, r.Target, item.Text.Key())
	for _, t := range item.Terms {
		fmt.Fprintf(h, "%q %q %q %t\n", t.Source, t.Targets, t.Forbidden, t.DoNotTranslate)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func writeAnswer(a Answer, source bitext.Text) string {
	data, err := json.Marshal(sharedAnswer{a.Text.TaggedAs(source), a.Engine, a.Version})
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(data)
}

func readAnswer(data string, source bitext.Text) Answer {
	var a sharedAnswer
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return Answer{Err: fmt.Errorf("%w: of another process: %v", ErrAnswer, err)}
	}
	text, err := bitext.ParseTagged(a.Text, source)
	if err != nil {
		return Answer{Engine: a.Engine, Err: fmt.Errorf("%w: of another process: %v", ErrAnswer, err)}
	}
	return Answer{Text: text, Engine: a.Engine, Version: a.Version}
}

// newOwner returns a random name.
func newOwner() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
