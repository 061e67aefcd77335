// Package edition makes of a translation what a reader may see: the publishing
// policy decides segment by segment, metadata says which language it is, and a
// manifest says where every word came from.
package edition

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

// MissingPolicy is what a reader gets in the place of a segment that may not be
// published, where the threshold allows one.
type MissingPolicy string

const (
	UseSource   MissingPolicy = "source"   // the source text, marked with its language
	UseFallback MissingPolicy = "fallback" // the fallback locale's text, else the source text
	Withhold    MissingPolicy = "hold"     // nothing: the edition is withheld
)

// OutdatedPolicy is what becomes of a published page when a newer edition does not
// meet the policy.
type OutdatedPolicy string

const (
	KeepOutdated    OutdatedPolicy = "keep"    // the page stays until a better one is ready
	ReplaceOutdated OutdatedPolicy = "replace" // the newer edition decides alone
)

// Requirements that Policy.Require can name: units that must be translated,
// whatever the threshold.
const (
	RequireTitle       = "title"       // the document's title
	RequireHeadline    = "h1"          // headings of level 1
	RequireDescription = "description" // the description in the metadata
	RequireHeadings    = "headings"    // headings of every level
	RequireCaptions    = "captions"
)

// Requirements returns the names that Policy.Require can have.
func Requirements() []string {
	return []string{RequireTitle, RequireHeadline, RequireDescription, RequireHeadings, RequireCaptions}
}

// Policy says what may be published. State is the lowest state; MT and Fuzzy
// whether an engine's raw text and a fuzzy match may be (they count as
// translated); Exact whether an exact match from another context may; Aligned whether
// a pair that was found by aligning two texts may. Threshold
// is the percentage of the article's own words that must be publishable, Require
// the units that must be in any case. An edition with a finding of severity error
// is withheld unless PublishErrors is set. Missing stands in for what is missing
// below a threshold of 100; Fallback is the locale whose text replaces it under
// UseFallback. MaxAge is how long an outdated page may stay before it is reported
// as an error, 0 for any time. Notice is where a page with machine translation
// tells its readers so.
type Policy struct {
	State         bitext.State
	MT            bool
	Fuzzy         bool
	Exact         bool
	Aligned       bool
	Threshold     int
	Require       []string
	PublishErrors bool
	Missing       MissingPolicy
	Fallback      string
	Outdated      OutdatedPolicy
	MaxAge        time.Duration
	Notice        bitext.NoticePlace
}

// Default returns the policy of a project that configures none: a page is
// published when all of its own words are translated by people, title, headline
// and description included, and no error is found in it; a published page stays
// until a better one is ready.
func Default() Policy {
	return Policy{
		State: bitext.Translated, Exact: true, Threshold: 100,
		Require: []string{RequireTitle, RequireHeadline, RequireDescription},
		Missing: UseSource, Outdated: KeepOutdated, Notice: bitext.NoticeAfterHeadline,
	}
}

// Required reports whether the policy requires a unit's text to be publishable.
func (p Policy) Required(u *bitext.Unit) bool {
	for _, r := range p.Require {
		switch r {
		case RequireTitle:
			if u.Kind == bitext.Title {
				return true
			}
		case RequireHeadline:
			if u.Kind == bitext.Heading && u.Level == 1 {
				return true
			}
		case RequireDescription:
			if u.Kind == bitext.Field && u.Name == "description" {
				return true
			}
		case RequireHeadings:
			if u.Kind == bitext.Heading {
				return true
			}
		case RequireCaptions:
			if u.Kind == bitext.Caption {
				return true
			}
		}
	}
	return false
}

// Publishable reports whether the policy lets a target be published.
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
	case t.SubState == bitext.SubStateAligned:
		return p.Aligned
	case t.SubState == bitext.SubStateCheck:
		return false
	}
	return true
}

// Status is what became of an edition.
type Status string

const (
	Finished   Status = "finished"   // published; every segment meets the policy
	Unfinished Status = "unfinished" // published, with text that stands in for what is missing
	Machine    Status = "machine"    // published; a part of it is raw machine translation
	Outdated   Status = "outdated"   // an earlier edition stays published
	Edited     Status = "edited"     // the published page was changed by hand and stays
	Withheld   Status = "withheld"   // not published
	Original   Status = "source"     // the source locale's own edition
)

// IsPublished reports whether readers have a page.
func (s Status) IsPublished() bool { return s != Withheld }

// Reason is one cause for which an edition does not meet its policy. Code is one of
// the constants below. Number and Of are counts: of words for ReasonThreshold, of
// findings for ReasonErrors, of segments else. Units names the units concerned, or
// the ids of findings, ten at most.
type Reason struct {
	Code   string   `json:"code"`
	Number int      `json:"number,omitempty"`
	Of     int      `json:"of,omitempty"`
	Units  []string `json:"units,omitempty"`
}

// The codes of reasons.
const (
	ReasonEmpty     = "empty"     // nothing but the site's own text is publishable
	ReasonRequired  = "required"  // a required unit is not publishable
	ReasonThreshold = "threshold" // too few words are publishable
	ReasonMissing   = "missing"   // segments are missing, and nothing may stand in
	ReasonErrors    = "errors"    // findings of severity error
	ReasonScheduled = "scheduled" // it is to be published later: Units has the time (RFC 3339)
	ReasonExpired   = "expired"   // it was to be taken away: likewise
	ReasonTogether  = "together"  // it waits for the edition in other locales, Units
	ReasonDate      = "date"      // a date of the article cannot be understood
)

// String returns the reason as a clause in English.
func (r Reason) String() string {
	switch r.Code {
	case ReasonEmpty:
		return "nothing of the article is ready"
	case ReasonRequired:
		return "not translated, but required: " + strings.Join(r.Units, ", ")
	case ReasonThreshold:
		return number(r.Number) + " of " + number(r.Of) + " words are not ready"
	case ReasonMissing:
		return number(r.Number) + " of " + number(r.Of) + " segments are missing"
	case ReasonErrors:
		return "findings of severity error: " + number(r.Number) + " (" + strings.Join(r.Units, ", ") + ")"
	}
	switch r.Code {
	case ReasonScheduled:
		return "to be published at " + strings.Join(r.Units, ", ")
	case ReasonExpired:
		return "published until " + strings.Join(r.Units, ", ")
	case ReasonTogether:
		return "waits for " + strings.Join(r.Units, ", ")
	case ReasonDate:
		return "a date cannot be understood"
	}
	return r.Code
}

func number(n int) string { return locales.FormatNumber("en", n) }

// maxUnits is the number of names in a Reason.
const maxUnits = 10

// add adds a unit's name to a reason, once.
func (r *Reason) add(name string) {
	r.Number++
	if len(r.Units) < maxUnits && !slices.Contains(r.Units, name) {
		r.Units = append(r.Units, name)
	}
}

// Count is how the segments of an edition were come by. Words are counted in the
// source, by the word boundaries of UAX #29.
type Count struct {
	Segments          int `json:"segments"`
	Words             int `json:"words"`
	Published         int `json:"published"`  // as the policy wants them
	Reused            int `json:"reused"`     // filled from the memory
	Chrome            int `json:"chrome"`     // filled from the message catalogs
	MachineTranslated int `json:"hooked"`     // engines' text, of this run or an earlier one
	Missing           int `json:"missing"`    // not filled at all
	OwnWords          int `json:"ownWords"`   // of the article itself, without the site's messages
	ReadyWords        int `json:"readyWords"` // of these, as the policy wants them
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
	c.OwnWords += o.OwnWords
	c.ReadyWords += o.ReadyWords
}

// Percent returns the share of the article's own words that are ready, from 0 to
// 100, rounded down; it is 100 if the article has none.
func (c Count) Percent() int {
	if c.OwnWords == 0 {
		return 100
	}
	return c.ReadyWords * 100 / c.OwnWords
}

// Completeness is the share of segments that are published, from 0 to 1; an
// edition without a segment is complete.
func (c Count) Completeness() float64 {
	if c.Segments == 0 {
		return 1
	}
	return float64(c.Published) / float64(c.Segments)
}

// Published is a translation as its readers get it, and what was decided. Reasons
// say why an edition is withheld or an outdated one kept; Kept is set for the
// latter. MachineTranslated reports whether readers get raw machine translation.
type Published struct {
	Translation       *bitext.Translation
	Status            Status
	Count             Count
	Lowest            bitext.State // of the published segments
	Reasons           []Reason
	MachineTranslated bool
	Kept              *Kept

	// Newest is the origin of the newest translation by a person, an engine or an
	// imported file, whether it is publishable or not; zero if there is none.
	Newest bitext.Origin

	// Review counts the segments that are filled and whose subState asks for a person;
	// MissingWords the source words of those that are not filled.
	Review, MissingWords int
}

// Fallback is the fallback locale's translation of the same document, with that
// locale's own policy: what its readers may not see, others may not either.
type Fallback struct {
	Translation *bitext.Translation
	Policy      Policy
}

// Publish applies the policy to tr, which it does not change. fallback is nil if
// there is none.
//
// An edition of which nothing but the site's messages could be published is
// withheld whatever the policy: it would be the source article under another name.
func Publish(tr *bitext.Translation, p Policy, fallback *Fallback) Published {
	d := tr.Document
	if tr.Locale == d.Locale {
		return original(tr)
	}
	out := Published{Translation: bitext.NewTranslation(d, tr.Locale), Status: Finished, Lowest: bitext.Final}
	for i := range tr.Targets {
		copy(out.Translation.Targets[i], tr.Targets[i])
	}
	own, translated, holes := 0, 0, 0 // segments; own are the article's
	required := Reason{Code: ReasonRequired}
	for ref, t := range tr.Segments() {
		unit, seg := &d.Units[ref.Unit], d.Source(ref)
		words := bitext.CountWords(seg.Source.Chars)
		out.Count.Segments++
		out.Count.Words += words
		out.Count.tally(t)
		switch t.Origin.Kind {
		case bitext.FromHuman, bitext.FromEngine, bitext.FromImport:
			if t.Filled && (out.Newest.Kind == "" || t.Origin.Time.After(out.Newest.Time)) {
				out.Newest = t.Origin
			}
		}
		switch {
		case !t.Filled:
			out.MissingWords += words
		case t.SubState != "":
			out.Review++
		}
		isOwn := unit.Message == nil && t.Origin.Kind != bitext.FromCatalog && t.Origin.Kind != bitext.FromSource
		if isOwn {
			own++
			out.Count.OwnWords += words
		}
		if p.Publishable(t) {
			if isOwn {
				translated++
				out.Count.ReadyWords += words
				out.MachineTranslated = out.MachineTranslated || t.SubState == bitext.SubStateMT
			}
			out.Count.Published++
			out.Lowest = min(out.Lowest, t.State)
			continue
		}
		holes++
		if p.Required(unit) {
			required.add(cmp.Or(unit.Name, unit.ID))
		}
		out.Translation.Targets[ref.Unit][ref.Segment] = p.standIn(tr, fallback, ref)
	}
	if holes > 0 {
		p.wholeBlocks(&out, tr, fallback)
	}
	missing := out.Count.OwnWords - out.Count.ReadyWords
	switch {
	case own > 0 && translated == 0:
		out.Lowest = bitext.Initial
		out.withhold(Reason{Code: ReasonEmpty, Number: own, Of: own})
	case required.Number > 0 || out.Count.ReadyWords*100 < p.Threshold*out.Count.OwnWords:
		if required.Number > 0 {
			required.Of = out.Count.Segments
			out.withhold(required)
		}
		if out.Count.ReadyWords*100 < p.Threshold*out.Count.OwnWords {
			out.withhold(Reason{Code: ReasonThreshold, Number: missing, Of: out.Count.OwnWords})
		}
	case holes > 0 && p.Missing == Withhold:
		out.withhold(Reason{Code: ReasonMissing, Number: holes, Of: out.Count.Segments})
	case holes > 0:
		out.Status = Unfinished
	case out.MachineTranslated:
		out.Status = Machine
	}
	return out
}

// withhold withholds the edition for a reason.
func (p *Published) withhold(r Reason) {
	p.Status = Withheld
	p.Reasons = append(p.Reasons, r)
}

// Schedule withholds an edition that is not to be published now. One that was to be taken
// away is not published in the earlier form either.
func (p *Published) Schedule(r Reason) { p.withhold(r) }

// IsExpired reports whether the edition was to be taken away.
func (p *Published) IsExpired() bool {
	return slices.ContainsFunc(p.Reasons, func(r Reason) bool { return r.Code == ReasonExpired })
}

// WithholdErrors withholds an edition with findings of severity error; ids are
// their kinds.
func (p *Published) WithholdErrors(ids []string) {
	r := Reason{Code: ReasonErrors}
	for _, id := range ids {
		r.add(id)
	}
	p.withhold(r)
}

// wholeBlocks replaces all of a unit where a part of it is replaced by a text that
// runs in the other direction: sentences from left to right in a paragraph from
// right to left cannot be read in their order (UAX #9). The whole unit is then in
// one language: the fallback's, if that has all of it, else the source's.
func (p Policy) wholeBlocks(out *Published, tr *bitext.Translation, fallback *Fallback) {
	rtl := tag.RightToLeft(tr.Locale)
	last, differs := "", false // of the locale that was asked about last
	runsOther := func(locale string) bool {
		if locale != last {
			last, differs = locale, tag.RightToLeft(locale) != rtl
		}
		return differs
	}
	for i := range out.Translation.Targets {
		targets := out.Translation.Targets[i]
		other := false
		for j := range targets {
			if l := targets[j].Locale; l != "" && runsOther(l) {
				other = true
				break
			}
		}
		if !other {
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
