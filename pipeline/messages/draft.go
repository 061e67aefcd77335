package messages

import (
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// Draft is a document of the messages of a locale that have no translation, or a
// stale one.
type Draft struct {
	Document *bitext.Document
	pairs    []catalog.MessagePair
}

// NewDraft returns the messages to be drafted. A translation that waits for its
// review is left alone.
func NewDraft(set *catalog.Set, locale, path string) *Draft {
	d := &Draft{Document: &bitext.Document{Path: path, Format: "text", Locale: set.Source}}
	for _, p := range catalog.Pairs(set, locale) {
		if p.Done || p.Target != nil && p.Target.NeedsReview && !p.Stale {
			continue
		}
		d.pairs, d.Document.Units = append(d.pairs, p), append(d.Document.Units, Unit(&p, &exchange.Header{}, true).Unit)
	}
	return d
}

// Translations returns the messages of which every form has a text in tr, a
// translation of the Document. All need a review.
func (d *Draft) Translations(tr *bitext.Translation) []update.Translation {
	var out []update.Translation
	for i, p := range d.pairs {
		draft := update.Translation{ID: p.Source.ID, Forms: map[string]string{}, Review: true}
		for j, s := range tr.Document.Units[i].Segments {
			target := tr.Targets[i][j]
			if p.Target != nil && !p.Stale && p.Target.Form(s.ID) != "" {
				continue // a person's form stays
			}
			if !target.Filled || target.Locale != "" {
				draft.Forms = nil
				break
			}
			draft.Forms[s.ID] = templateOf(target.Text)
		}
		if len(draft.Forms) > 0 {
			out = append(out, draft)
		}
	}
	return out
}
