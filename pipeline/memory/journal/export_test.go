package journal

import (
	"context"
	"iter"
	"os"

	"hexapla/pipeline/memory"
)

// Export writes everything in records into new files in an empty folder. The files
// are in one form: the same records give the same bytes.
func Export(ctx context.Context, folder *os.Root, records iter.Seq2[memory.Record, error]) error {
	s := &syncer{folder: folder, new: parseState(nil), old: parseState(nil)}
	w := &fileWriter{syncer: s}
	defer w.abort()
	n := 0
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := w.record(r); err != nil {
			return err
		}
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	return syncFolder(folder)
}
