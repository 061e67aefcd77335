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

// Lock takes the lock of a name among all processes that use the memory of the project,
// if that is in a database, and returns a function that ends it. Without a database
// there is nothing to lock: a file has one review page.
func (w *Workspace) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if l, ok := w.Store.(interface {
		Lock(ctx context.Context, name string) (func(), error)
	}); ok {
		return l.Lock(ctx, name)
	}
	return func() {}, nil
}
