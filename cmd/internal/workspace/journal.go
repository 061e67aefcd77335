package workspace

import (
	"context"

	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory/journal"
)

// SyncJournal writes what is new in the memory to the journal of the project, and reads
// what others added to it. Open and Close do so too; a program that runs for long does
// it now and then. It does nothing if the project has no journal. The diagnostics are
// about lines that cannot be used.
func (w *Workspace) SyncJournal(ctx context.Context) ([]diag.Diagnostic, error) {
	if w.journal == nil {
		return nil, nil
	}
	_, found, err := journal.Sync(ctx, w.journal.Root(), w.Dir.Path(config.JournalFolder), w.file)
	return found, err
}
