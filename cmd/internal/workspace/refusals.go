package workspace

import (
	"context"
	"errors"
	"io/fs"
)

// refusalsFile has the texts that engines refused. It may be deleted: they are then
// asked for again.
const refusalsFile = StateFolder + "/refusals.jsonl"

// saveRefusals stores what engines refused since the project was opened. Others that do
// so at the same time wait: each reads what those before it wrote.
func (w *Workspace) saveRefusals() error {
	if w.ledger == nil {
		return nil // nothing was asked
	}
	return w.ledger.Exclusively(context.Background(), func() error {
		old, err := w.Dir.ReadState(refusalsFile)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		data, changed := w.refusals.Merge(old)
		if !changed {
			return nil
		}
		_, err = w.Dir.WriteFile(refusalsFile, data)
		return err
	})
}
