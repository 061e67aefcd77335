package workspace

import (
	"context"
	"strconv"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// FindBatch returns the number of the batch with a number or a name. Of several with
// one name, that is the newest that is not undone.
func (w *Workspace) FindBatch(ctx context.Context, name string) (int64, error) {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		return id, nil
	}
	batches, err := w.Store.Batches(ctx)
	if err != nil {
		return 0, err
	}
	for _, b := range batches {
		if (b.Name == name || b.UID == name) && b.Undone == 0 {
			return b.ID, nil
		}
	}
	return 0, exit.Usagef("no batch has the number or name %q, or it is undone; 'hexapla memory history' lists them", name)
}

// HistoryFilter returns the filter of the memory's versions in a locale, of a batch that
// is named by its number or name, and of a text; empty ones select all. A text selects
// the versions that have it as their source or, if there are none, those that contain
// it.
func (w *Workspace) HistoryFilter(ctx context.Context, text, locale, batch string) (memory.Filter, error) {
	f := memory.Filter{TargetLocale: locale}
	if batch != "" {
		var err error
		if f.Batch, err = w.FindBatch(ctx, batch); err != nil {
			return f, err
		}
	}
	if text == "" {
		return f, nil
	}
	// Codes are given as they are shown.
	source, err := bitext.ParseTaggedUnbound(text)
	if err != nil {
		source = bitext.Plain(text)
	}
	for _, source := range []bitext.Text{source, bitext.Plain(text)} {
		f.Source = source
		for _, err := range w.Store.History(ctx, f) {
			return f, err
		}
	}
	f.Source, f.Contains = bitext.Text{}, text
	return f, nil
}
