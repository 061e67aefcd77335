package pipeline

import (
	"context"
	"fmt"
	"slices"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// ReviewOptions control what of an article is reviewed. State is the new state. Back
// takes an approval back: it selects the segments above State, which then have it.
// Units selects units, or segments as UNIT/SEGMENT; none selects all. MT selects raw
// machine translation too, and Force segments with a finding of severity error.
type ReviewOptions struct {
	State bitext.State
	Back  bool
	Units []string
	MT    bool
	Force bool
}

// Reviewed is a segment whose state changes. Texts are tagged. Refusal says why the
// segment is left as it is; it is empty if nothing is against it.
type Reviewed struct {
	Place      diag.Place   `json:"place"`
	Source     string       `json:"source"`
	Target     string       `json:"target"`
	From       bitext.State `json:"from"`
	To         bitext.State `json:"to"`
	Translator string       `json:"translator,omitempty"`
	Refusal    string       `json:"refusal,omitempty"`

	entry  bitext.Entry
	origin bitext.Origin
	back   bool
}

// Review is what a review of an article in one locale would change. Missing counts
// the selected segments without a translation, Units has the selected units that the
// article has.
type Review struct {
	Segments []Reviewed
	Missing  int
	Units    []string
}

// FindReview finds the segments of an article whose state a review changes, none in the
// article's own locale.
func (p *Project) FindReview(ctx context.Context, a Source, locale string, o ReviewOptions) (*Review, error) {
	d, err := p.OpenSource(a)
	if err != nil {
		return nil, err
	}
	if d.Locale == locale {
		return &Review{}, nil
	}
	tr, _, err := p.fromMemory(ctx, d, locale, noProposals)
	if err != nil {
		return nil, err
	}
	return p.review(tr, p.Check(tr), o), nil
}

// review is FindReview for a translation with the findings of the checks.
func (p *Project) review(tr *bitext.Translation, findings []diag.Diagnostic, o ReviewOptions) *Review {
	d, locale := tr.Document, tr.Locale
	errors := map[string]diag.Diagnostic{} // by place
	for _, f := range findings {
		if p.Config.Check.SeverityOf(f, p.Clock()) == diag.Error {
			errors[place(d.Path, f.Place.Unit, f.Place.Segment)] = f
		}
	}
	out := &Review{}
	for c := range contexts(tr) {
		if len(o.Units) > 0 {
			selected := []string{c.unit.ID, c.unit.ID + "/" + c.segment.ID}
			i := slices.IndexFunc(o.Units, func(u string) bool { return slices.Contains(selected, u) })
			if i < 0 {
				continue
			}
			if !slices.Contains(out.Units, o.Units[i]) {
				out.Units = append(out.Units, o.Units[i])
			}
		}
		t := c.target
		switch {
		case !t.Filled:
			out.Missing++
			continue
		case t.Origin.Kind == bitext.FromSource || t.Origin.Kind == bitext.FromCatalog:
			continue
		case o.Back && t.State <= o.State:
			continue
		case !o.Back && t.State >= o.State && (t.SubState == "" || t.SubState == bitext.SubStateExact):
			continue
		}
		r := Reviewed{
			Place:  Locate(d, []diag.Diagnostic{{Place: diag.Place{Path: d.Path, Locale: locale, Unit: c.unit.ID, Segment: c.segment.ID}}})[0].Place,
			Source: c.segment.Source.Tagged(), Target: t.Text.TaggedAs(c.segment.Source), From: t.State, To: o.State,
			origin: t.Origin, back: o.Back,
			entry: bitext.Entry{
				SourceLocale: d.Locale, TargetLocale: locale, Source: c.segment.Source, Target: t.Text, State: o.State,
				Prev: c.prev, Next: c.next, Place: c.place,
			},
		}
		if t.Origin.Kind != bitext.FromEngine {
			if r.Translator = t.Origin.Translator; r.Translator == "" {
				r.Translator = t.Origin.Name
			}
		}
		if !o.Back {
			if t.SubState == bitext.SubStateMT && !o.MT {
				r.Refusal = "it is raw machine translation; --mt approves it"
			} else if f, bad := errors[c.place]; bad && !o.Force {
				r.Refusal = fmt.Sprintf("%s [%s]; --force approves it", f.Message, f.ID)
			}
		}
		out.Segments = append(out.Segments, r)
	}
	return out
}

// StoreReview stores the new states, in one batch: all that are not refused.
// batch.Author is the reviewer; a translation keeps its translator. What is taken back
// is its translator's again.
func (p *Project) StoreReview(ctx context.Context, segments []Reviewed, batch memory.Batch) (memory.Result, error) {
	var entries []bitext.Entry
	for i := range segments {
		s := &segments[i]
		if s.Refusal != "" {
			continue
		}
		n := s.entry
		n.Origin = bitext.Origin{Kind: bitext.FromHuman, Name: batch.Author, Time: batch.Time}
		if s.back {
			n.Origin.Name = s.Translator
		} else {
			n = memory.WithTranslator(n, s.origin)
		}
		entries = append(entries, n)
	}
	if len(entries) == 0 {
		return memory.Result{}, nil
	}
	return p.addForced(ctx, batch, entries)
}
