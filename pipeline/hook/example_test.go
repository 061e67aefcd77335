package hook_test

import (
	"context"
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/pseudo"
)

// brackets is an engine that serves one locale.
type brackets struct{}

func (brackets) Name() string { return "brackets" }

func (brackets) Translate(_ context.Context, job hook.Job) ([]string, error) {
	if job.Target != "en-XB" {
		return nil, hook.ErrUnsupported
	}
	out := make([]string, len(job.Texts))
	for i, t := range job.Texts {
		out[i] = "[" + t + "]"
	}
	return out, nil
}

// A chain asks one engine after the other. Codes come back at their places, or the
// answer does not count.
func Example() {
	chain := hook.New([]hook.EngineConfig{{Engine: brackets{}}, {Engine: pseudo.New(pseudo.Options{Expand: -1})}}, hook.Options{})
	defer chain.Close()
	text, err := bitext.ParseTagged("It <1>rains</1>.", bitext.Text{Codes: []bitext.Code{{ID: "1", Kind: bitext.Start}, {ID: "1", Kind: bitext.End}}})
	if err != nil {
		panic(err)
	}
	for _, target := range []string{"en-XB", "en-XA"} {
		answers, findings := chain.Translate(context.Background(), hook.Request{Source: "en", Target: target, Items: []hook.Item{{Text: text}}})
		for _, a := range answers {
			fmt.Println(target, a.Engine, a.Text.TaggedAs(text), a.Err)
		}
		fmt.Println(len(findings), "findings")
	}
	// Output:
	// en-XB brackets [It <1>rains</1>.] <nil>
	// 0 findings
	// en-XA pseudo ⟦Îţ <1>ŕåîñŝ</1>.⟧ <nil>
	// 0 findings
}
