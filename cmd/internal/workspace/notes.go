package workspace

import (
	"context"

	"hexapla/pipeline/memory"
)

// AddNote stores a note in the memory.
func (w *Workspace) AddNote(ctx context.Context, n memory.Note) (memory.Note, error) {
	return w.database.AddNote(ctx, n)
}
