package messages

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"hexapla/locales/catalog"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// Kind is the kind of a unit that is a message without plural forms.
const Kind bitext.Kind = "message"

// UnitID returns a message's id as the id of a unit: an NMTOKEN without the marks
// that file types put between ids. Two messages never have the same.
func UnitID(id string) string {
	safe := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, id)
	if safe != id {
		sum := sha256.Sum256([]byte(id))
		safe += "-" + hex.EncodeToString(sum[:5])
	}
	return safe
}

// Marked reports whether a file type has inline codes of its own, which
// translators' tools protect: variables are codes there.
func Marked(codec exchange.Codec) bool { return codec.InlineCodes }

// Unit returns a message as a unit: one segment, or one for each plural form.
func Unit(p *catalog.MessagePair, h *exchange.Header, marked bool) *exchange.Unit {
	u := &exchange.Unit{Header: h, Location: p.Source.ID}
	u.ID, u.Name, u.Kind = UnitID(p.Source.ID), p.Source.ID, Kind
	if p.Source.IsPlural() {
		u.Kind = exchange.PluralMessage
	}
	if p.Source.Description != "" {
		u.Unit.Notes = append(u.Unit.Notes, bitext.Note{Category: "author", Text: p.Source.Description})
	}
	nextID := 0
	for _, category := range p.Forms {
		s := bitext.Segment{ID: category, Source: formSource(p, category, marked, &nextID)}
		var target bitext.Target
		if p.Target != nil {
			if text := p.Target.Form(category); text != "" {
				target = bitext.Target{Text: alignCodeIDs(text, p.Target, s.Source, marked), Filled: true, State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromHuman}}
				if p.Stale || p.Target.NeedsReview {
					target.SubState = bitext.SubStateCheck
				}
			}
		}
		u.Segments, u.Targets = append(u.Segments, s), append(u.Targets, target)
	}
	exchange.SetSourceFromSegments(&u.Unit)
	return u
}

// Export are the settings of Units.
type Export struct {
	Locale string        // to translate into
	Files  catalog.Files // the files that the Set was read from
	Marked bool          // variables are codes
	Open   bool          // only messages that are missing, stale or to be reviewed
	Time   time.Time
}

// Units returns the messages of a Set as units, those of one source file in a row.
func Units(set *catalog.Set, e Export) []*exchange.Unit {
	headers := map[string]*exchange.Header{}
	var units []*exchange.Unit
	for _, p := range catalog.Pairs(set, e.Locale) {
		if e.Open && p.Done {
			continue
		}
		h := headers[p.Source.Path]
		if h == nil {
			sum := sha256.Sum256(e.Files[p.Source.Path])
			h = &exchange.Header{Path: p.Source.Path, Format: "catalog", SHA256: hex.EncodeToString(sum[:]), SourceLocale: set.Source, TargetLocale: e.Locale, Time: e.Time}
			headers[p.Source.Path] = h
		}
		units = append(units, Unit(&p, h, e.Marked))
	}
	slices.SortStableFunc(units, func(a, b *exchange.Unit) int { return strings.Compare(a.Path, b.Path) })
	return units
}
