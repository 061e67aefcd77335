package pipeline

import (
	"context"
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
)

// Converter writes texts of one locale in the script of another one, without asking
// anybody.
type Converter interface {
	// From returns the locale whose texts those of target are conversions of, in a project
	// with a source locale; "" if target is translated by itself.
	From(source, target string) string

	// Translate converts the items of a request from that locale to target.
	Translate(ctx context.Context, r hook.Request) ([]hook.Answer, []diag.Diagnostic)
}

// derive fills a translation with that of another locale, in another script: each
// segment as the memory has it there now, with its state. Nothing is stored, so that it
// follows every change. What a person translated for this locale itself stays.
func (p *Project) derive(ctx context.Context, tr *bitext.Translation) error {
	if p.Converter == nil {
		return nil
	}
	source := tr.Document.Locale
	from := p.Converter.From(source, tr.Locale)
	if from == "" {
		return nil
	}
	var open []segmentContext
	for c := range contexts(tr) {
		if !c.target.Filled || c.target.Origin.Kind == bitext.FromEngine {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return nil
	}
	originals, err := p.originals(ctx, source, from, open)
	if err != nil {
		return err
	}
	r := hook.Request{Source: from, Target: tr.Locale}
	var at []int
	for i := range open {
		if !originals[i].Filled {
			continue
		}
		item := hook.Item{Text: originals[i].Text, Place: diag.Place{Path: tr.Document.Path, Locale: tr.Locale, Unit: open[i].unit.ID, Segment: open[i].segment.ID}}
		if m := p.matcher(from, tr.Locale); m != nil {
			item.Terms = m.Mark(item.Text.Chars)
		}
		r.Items = append(r.Items, item)
		at = append(at, i)
	}
	if len(r.Items) == 0 {
		return nil
	}
	answers, _ := p.Converter.Translate(ctx, r)
	for k, a := range answers {
		if a.Err != nil {
			continue // the engines are asked for it
		}
		t, original := open[at[k]].target, &originals[at[k]]
		t.Text, t.Filled = a.Text, true
		t.State, t.SubState, t.Match, t.Origin = original.State, original.SubState, original.Match, original.Origin
		if original.Origin.Kind == bitext.FromEngine && original.Origin.Name != a.Engine {
			t.Origin.Name += "+" + a.Engine
		}
	}
	return ctx.Err()
}

// originals returns the targets of segments in another locale as the memory has them; in
// the source locale, the segments themselves.
func (p *Project) originals(ctx context.Context, source, from string, segments []segmentContext) ([]bitext.Target, error) {
	out := make([]bitext.Target, len(segments))
	if from == source {
		for i, c := range segments {
			out[i] = bitext.Target{
				Text: c.segment.Source, Filled: true, State: bitext.Translated, Match: bitext.MTMatch,
				Origin: bitext.Origin{Kind: bitext.FromEngine, Name: "script", Time: p.Clock()},
			}
		}
		return out, nil
	}
	if p.Memory == nil {
		return out, nil
	}
	queries := make([]memory.Query, len(segments))
	for i, c := range segments {
		queries[i] = memory.Query{Source: c.segment.Source, Prev: c.prev, Next: c.next, Place: c.place, Limit: 5}
	}
	found, err := p.Memory.Lookup(ctx, source, from, queries)
	if err != nil {
		return nil, fmt.Errorf("memory, %s → %s: %w", source, from, err)
	}
	m := p.matcher(source, from)
	for i, matches := range found {
		if m != nil {
			out[i].Terms = m.Mark(segments[i].segment.Source.Chars)
		}
		p.applyBestMatch(&out[i], segments[i].segment.Source, matches)
	}
	return out, nil
}
