package pipeline

import (
	"context"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
)

// Fix is a translation that can be corrected safely. Texts are tagged. Checks are the ids
// of the findings that the correction settles.
type Fix struct {
	Place  diag.Place `json:"place"`
	Source string     `json:"source"`
	Old    string     `json:"old"`
	New    string     `json:"new"`
	Checks []string   `json:"checks"`

	entry bitext.Entry
}

// FindFixes finds what quality.Fix corrects in the translations that the memory has of an
// article in a locale.
func (p *Project) FindFixes(ctx context.Context, a Source, locale string) ([]Fix, error) {
	d, err := p.OpenSource(a)
	if err != nil || d.Locale == locale {
		return nil, err
	}
	tr, _, err := p.fromMemory(ctx, d, locale, noProposals)
	if err != nil || isPseudo(locale) {
		return nil, err
	}
	corrections := map[bitext.Ref]quality.Correction{}
	for _, c := range quality.Fix(tr, p.qualityOptions(nil)) {
		corrections[c.Ref] = c
	}
	var out []Fix
	for c := range contexts(tr) {
		f, ok := corrections[c.ref]
		t := c.target
		if !ok || t.Origin.Kind == bitext.FromSource || t.Origin.Kind == bitext.FromCatalog {
			continue
		}
		out = append(out, Fix{
			Place:  Locate(d, []diag.Diagnostic{{Place: diag.Place{Path: d.Path, Locale: locale, Unit: c.unit.ID, Segment: c.segment.ID}}})[0].Place,
			Source: c.segment.Source.Tagged(), Old: f.Old.TaggedAs(c.segment.Source), New: f.New.TaggedAs(c.segment.Source), Checks: f.Checks,
			entry: bitext.Entry{
				SourceLocale: d.Locale, TargetLocale: locale, Source: c.segment.Source, Target: f.New, State: t.State, SubState: t.SubState, Origin: t.Origin,
				Prev: c.prev, Next: c.next, Place: c.place,
			},
		})
	}
	return out, nil
}

// StoreFixes stores corrected translations as new versions, in one batch. They keep their
// states and their translators or engines.
func (p *Project) StoreFixes(ctx context.Context, fixes []Fix, batch memory.Batch) (memory.Result, error) {
	var entries []bitext.Entry
	for i := range fixes {
		e := fixes[i].entry
		e.Origin.Time = batch.Time
		if t := e.Origin.Translator; t != "" {
			old := e.Origin
			e.Origin.Translator = ""
			e = memory.WithTranslator(e, old)
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return memory.Result{}, nil
	}
	return p.addForced(ctx, batch, entries)
}
