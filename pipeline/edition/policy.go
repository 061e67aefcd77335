// Package edition makes of a translation what a reader may see: the publishing
// policy decides segment by segment, metadata says which language it is, and a
// manifest says where every word came from.
package edition

import (
	"slices"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

// MissingPolicy is what a reader gets in the place of a segment that may not be
// published.
type MissingPolicy string

const (
	UseSource   MissingPolicy = "source"   // the source text, marked with its language
	UseFallback MissingPolicy = "fallback" // the fallback locale's text, else the source text
	Withhold    MissingPolicy = "hold"     // nothing: the edition is held back
)

// Policy says what may be published. State is the lowest state; MT and Fuzzy
// whether an engine's raw text and a fuzzy match may be (they count as
// translated); Exact whether an exact match from another context may. Fallback
// is the locale whose text replaces missing text under UseFallback.
type Policy struct {
	State    bitext.State
	MT       bool
	Fuzzy    bool
	Exact    bool
	Missing  MissingPolicy
	Fallback string
}

// Default is the policy of a project that says nothing: a person's translation
// is published, an exact match too, raw machine translation and fuzzy matches are
// not, and the source text stands in.
func Default() Policy {
	return Policy{State: bitext.Translated, Exact: true, Missing: UseSource}
}

// May reports whether the policy lets a target be published.
func (p Policy) Publishable(t *bitext.Target) bool {
	if !t.Filled || t.State < p.State {
		return false
	}
	switch {
	case t.SubState == bitext.SubStateMT:
		return p.MT
	case strings.HasPrefix(t.SubState, bitext.SubStateFuzzy):
		return p.Fuzzy
	case t.SubState == bitext.SubStateExact:
		return p.Exact
	case t.SubState == bitext.SubStateCheck:
		return false
	}
	return true
}

// Status is what became of an edition.
type Status string

const (
	Finished   Status = "finished"   // every segment is as the policy wants it
	Unfinished Status = "unfinished" // published with stand-ins
	Withheld   Status = "held"       // not published
	Original   Status = "source"     // the source locale's own edition
)

// Count is how the segments of an edition were come by. Words are counted in the
// source, by the word boundaries of UAX #29.
type Count struct {
	Segments          int `json:"segments"`
	Words             int `json:"words"`
	Published         int `json:"published"` // as the policy wants them
	Reused            int `json:"reused"`    // filled from the memory
	Chrome            int `json:"chrome"`    // filled from the message catalogs
	MachineTranslated int `json:"hooked"`    // engines' text, of this run or an earlier one
	Missing           int `json:"missing"`   // not filled at all
}

// Add adds o to c.
func (c *Count) Add(o Count) {
	c.Segments += o.Segments
	c.Words += o.Words
	c.Published += o.Published
	c.Reused += o.Reused
	c.Chrome += o.Chrome
	c.MachineTranslated += o.MachineTranslated
	c.Missing += o.Missing
}

// Completeness is the share of segments that are published, from 0 to 1; an
// edition without a segment is complete.
func (c Count) Completeness() float64 {
	if c.Segments == 0 {
		return 1
	}
	return float64(c.Published) / float64(c.Segments)
}

// Published is a translation as its readers get it, and what was decided.
type Published struct {
	Translation *bitext.Translation
	Status      Status
	Count       Count
	Lowest      bitext.State // of the published segments
}

// Other is the fallback locale's translation of the same document, with that
// locale's own policy: what its readers may not see, others may not either.
type Fallback struct {
	Translation *bitext.Translation
	Policy      Policy
}

// Publish applies the policy to tr, which it does not change. fallback is nil if
// there is none.
//
// An edition of which nothing but the site's chrome could be published is held
// back whatever the stand-in: it would be the source article under another name.
func Publish(tr *bitext.Translation, p Policy, fallback *Fallback) Published {
	d := tr.Document
	if tr.Locale == d.Locale {
		return original(tr)
	}
	out := Published{Translation: bitext.NewTranslation(d, tr.Locale), Status: Finished, Lowest: bitext.Final}
	for i := range tr.Targets {
		copy(out.Translation.Targets[i], tr.Targets[i])
	}
	own, translated := 0, 0 // segments that are the article's own
	for ref, t := range tr.Segments() {
		seg := d.Source(ref)
		out.Count.Segments++
		out.Count.Words += bitext.CountWords(seg.Source.Chars)
		out.Count.tally(t)
		isOwn := t.Origin.Kind != bitext.FromCatalog && t.Origin.Kind != bitext.FromSource
		if isOwn {
			own++
		}
		if p.Publishable(t) {
			if isOwn {
				translated++
			}
			out.Count.Published++
			out.Lowest = min(out.Lowest, t.State)
			continue
		}
		out.Status = Unfinished
		out.Translation.Targets[ref.Unit][ref.Segment] = p.standIn(tr, fallback, ref)
	}
	if out.Status == Unfinished {
		p.wholeBlocks(&out, tr, fallback)
	}
	if own > 0 && translated == 0 {
		out.Status, out.Lowest = Withheld, bitext.Initial
	}
	if out.Status == Unfinished && p.Missing == Withhold {
		out.Status = Withheld
	}
	return out
}

// wholeBlocks replaces all of a unit where a part of it is replaced by a text that
// runs in the other direction: sentences from left to right in a paragraph from
// right to left cannot be read in their order (UAX #9). The whole unit is then in
// one language: the fallback's, if that has all of it, else the source's.
func (p Policy) wholeBlocks(out *Published, tr *bitext.Translation, fallback *Fallback) {
	rtl := tag.RightToLeft(tr.Locale)
	for i := range out.Translation.Targets {
		targets := out.Translation.Targets[i]
		if !slices.ContainsFunc(targets, func(t bitext.Target) bool { return t.Locale != "" && tag.RightToLeft(t.Locale) != rtl }) {
			continue
		}
		unit := &tr.Document.Units[i]
		replace := func(fallback *Fallback) (locales map[string]bool) {
			locales = map[string]bool{}
			for j := range unit.Translatable() {
				targets[j] = p.standIn(tr, fallback, bitext.Ref{Unit: i, Segment: j})
				locales[targets[j].Locale] = true
			}
			return locales
		}
		if len(replace(fallback)) > 1 {
			replace(nil)
		}
	}
}

func (c *Count) tally(t *bitext.Target) {
	switch {
	case !t.Filled:
		c.Missing++
	case t.Origin.Kind == bitext.FromCatalog:
		c.Chrome++
	case t.Origin.Kind == bitext.FromEngine:
		c.MachineTranslated++
	case t.Match != bitext.NoMatch:
		c.Reused++
	}
}

func original(tr *bitext.Translation) Published {
	out := Published{Translation: tr, Status: Original, Lowest: bitext.Final}
	for ref := range tr.Segments() {
		out.Count.Segments++
		out.Count.Published++
		out.Count.Words += bitext.CountWords(tr.Document.Source(ref).Source.Chars)
	}
	return out
}

func (p Policy) standIn(tr *bitext.Translation, fallback *Fallback, ref bitext.Ref) bitext.Target {
	if p.Missing == UseFallback && fallback != nil {
		if t := fallback.Translation.Targets[ref.Unit][ref.Segment]; t.Locale == "" && p.Publishable(&t) && fallback.Policy.Publishable(&t) {
			t.Locale = fallback.Translation.Locale
			t.SubState = bitext.SubStateOther
			return t
		}
	}
	return bitext.Target{
		Text:   tr.Document.Source(ref).Source,
		Filled: true,
		Locale: tr.Document.Locale,
		Origin: bitext.Origin{Kind: bitext.FromSource},
	}
}
