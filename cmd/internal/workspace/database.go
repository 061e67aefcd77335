package workspace

import (
	"context"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/config"
	"hexapla/pipeline/memory/postgres"
)

// OpenDatabase opens the database of a project once more, for what is kept in it beside
// the memory. The caller closes it.
func (w *Workspace) OpenDatabase(ctx context.Context) (*postgres.Store, error) {
	if w.Config.Memory.URL == "" {
		return nil, exit.Usagef("%s: jobs are kept in the database of the memory: set url in the table [memory]", w.Dir.Path(config.FileName))
	}
	return postgres.Open(ctx, w.Config.Memory.URL, postgres.Options{})
}
