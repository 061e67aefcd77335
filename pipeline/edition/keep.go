package edition

import (
	"time"

	"hexapla/pipeline/bitext"
)

// Kept says of an outdated page why it is still there: since when the newer
// edition does not meet the policy, what the newer edition is made of, and which
// of its segments are not ready.
type Kept struct {
	Since   time.Time `json:"since"`
	SHA256  string    `json:"sourceSHA256"` // of the article as it is now
	Percent int       `json:"percent"`      // of its own words that are ready
	Reasons []Reason  `json:"reasons"`
	Changed []string  `json:"changed,omitempty"` // "unit/segment", a hundred at most
}

// maxChanged is the number of segments that Kept.Changed lists.
const maxChanged = 100

// Keep decides whether an earlier edition stays published in the place of p, and
// notes it in p if so. old is the manifest's entry of the earlier edition, which
// exists. sha256 is that of the article as it is now, and now the time.
//
// An edition is not replaced by a worse one: one that does not meet the policy, or
// one with holes where the earlier has none.
func (p *Published) Keep(old *Article, policy Policy, tr *bitext.Translation, sha256 string, now time.Time) {
	if p.IsExpired() || policy.Outdated == ReplaceOutdated && !p.waits() || p.Status == Original || p.Status != Withheld && !p.worseThan(old) {
		return
	}
	k := &Kept{Since: now, SHA256: sha256, Percent: p.Count.Percent(), Reasons: p.Reasons}
	if old.Kept != nil && !old.Kept.Since.IsZero() && old.Kept.Since.Before(now) {
		k.Since = old.Kept.Since
	}
	if len(k.Reasons) == 0 {
		k.Reasons = []Reason{{Code: ReasonThreshold, Number: p.Count.OwnWords - p.Count.ReadyWords, Of: p.Count.OwnWords}}
	}
	for ref, t := range tr.Segments() {
		if len(k.Changed) < maxChanged && !policy.Publishable(t) {
			u := &tr.Document.Units[ref.Unit]
			k.Changed = append(k.Changed, u.ID+"/"+u.Segments[ref.Segment].ID)
		}
	}
	p.Status, p.Kept, p.Reasons = Outdated, k, k.Reasons
}

// waits reports whether the edition is withheld for its time alone, or for that of others:
// readers keep what they have until then.
func (p *Published) waits() bool {
	for _, r := range p.Reasons {
		switch r.Code {
		case ReasonScheduled, ReasonTogether, ReasonDate:
		default:
			return false
		}
	}
	return len(p.Reasons) > 0
}

// worseThan reports whether p has text that stands in where the earlier edition had
// none, or more of it.
func (p *Published) worseThan(old *Article) bool {
	return p.Status == Unfinished && (old.status() == Finished || old.status() == Machine || old.Count.Percent() > p.Count.Percent())
}

// TooOld reports whether an outdated page has been kept for longer than the policy
// allows. A time in the future counts as now.
func (k *Kept) TooOld(policy Policy, now time.Time) bool {
	return policy.MaxAge > 0 && now.Sub(k.Since) > policy.MaxAge
}

// Entry returns the manifest's entry of an outdated page that stays in the place of
// p: what it was when it was written, and why it is still there.
func (p *Published) Entry(old *Article) Article {
	a := *old
	a.Published, a.Status = old.status(), Outdated
	a.Kept, a.Reasons = p.Kept, p.Reasons
	return a
}
