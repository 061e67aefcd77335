package workspace

import (
	"errors"
	"io/fs"
)

// refusalsFile has the texts that engines refused. It may be deleted: they are then
// asked for again.
const refusalsFile = StateFolder + "/refusals.jsonl"

// saveRefusals stores what engines refused since the project was opened.
func (w *Workspace) saveRefusals() error {
	old, err := w.Dir.ReadFile(refusalsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	data, changed := w.refusals.Merge(old)
	if !changed {
		return nil
	}
	_, err = w.Dir.WriteFile(refusalsFile, data)
	return err
}
