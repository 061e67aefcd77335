package workspace

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/ledger"
	"hexapla/pipeline/memory/postgres"
)

// ledgerFolder has what engines are asked for at the moment, and what they were used for.
const ledgerFolder = StateFolder + "/engines"

// useState gives the engines what earlier runs found out. A command without the memory
// asks for a text to see what an engine answers now: refusals do not count for it.
func (w *Workspace) useState(ctx context.Context, cfg *config.Config, o Options) error {
	if o.Memory != DryRun {
		err := w.openLedger(ctx)
		switch {
		case err == nil:
			w.chain.KeepAccounts(w.ledger, nil)
			w.chain.KeepPace(w.ledger)
		case o.Memory == ReadWrite || w.chain.HasLimits() || !unwritable(err):
			return err
		}
	}
	if o.Memory == NoMemory {
		if url := cfg.Memory.URL; url != "" && w.chain.HasLimits() {
			store, err := postgres.Open(ctx, url, postgres.Options{})
			if err != nil {
				return err
			}
			w.accounts = store
			w.keepAccounts(store)
		}
		return nil
	}
	data, err := w.Dir.ReadState(refusalsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	w.refusals = hook.ReadRefusals(data, o.RetryRefused)
	w.chain.RememberRefusals(w.refusals)
	return nil
}

// readAccounts has the engines of an estimate know what they were used for before.
func (w *Workspace) readAccounts() {
	if base, ok := w.database.(*postgres.Store); ok {
		w.chain.KeepAccounts(databaseAccounts{base}, nil)
		return
	}
	w.chain.KeepAccounts(ledger.Reader{Dir: w.Dir.Path(ledgerFolder)}, nil)
}

// shareEngines has all processes that build from the same memory ask the engines for a
// text only once, and keep limits and rates together.
func (w *Workspace) shareEngines() {
	w.chain.ShareThrough(w.ledger)
	if base, ok := w.database.(*postgres.Store); ok { // those of all machines
		w.chain.ShareThrough(base)
		w.keepAccounts(base)
	}
}

// keepAccounts has the engines counted in a database, for all machines that use it.
func (w *Workspace) keepAccounts(s *postgres.Store) {
	w.chain.KeepAccounts(databaseAccounts{s}, nil)
	w.chain.KeepPace(s)
}

// databaseAccounts implements hook.Accounts.
type databaseAccounts struct{ store *postgres.Store }

func (a databaseAccounts) Spend(ctx context.Context, engine string, add hook.Spending, since time.Time, allow func(hook.Spending) bool) error {
	var allowed func(postgres.Use) bool
	if allow != nil {
		allowed = func(u postgres.Use) bool { return allow(spending(u)) }
	}
	return a.store.Spend(ctx, engine, postgres.Use{Chars: add.Chars, InputTokens: add.InputTokens, OutputTokens: add.OutputTokens, Cost: add.Cost}, since, allowed)
}

func (a databaseAccounts) Spent(ctx context.Context, engine string, since time.Time) (hook.Spending, error) {
	u, err := a.store.Used(ctx, engine, since)
	return spending(u), err
}

func spending(u postgres.Use) hook.Spending {
	return hook.Spending{Usage: hook.Usage{Chars: u.Chars, InputTokens: u.InputTokens, OutputTokens: u.OutputTokens}, Cost: u.Cost}
}

// openLedger opens the ledger of the engines. A damaged one is renamed.
func (w *Workspace) openLedger(ctx context.Context) (err error) {
	path := w.Dir.Path(ledgerFolder)
	if err := w.Dir.MakeParent(ledgerFolder + "/x"); err != nil {
		return err
	}
	w.ledger, err = ledger.Open(ctx, path)
	if !errors.Is(err, ledger.ErrDamaged) {
		return err
	}
	to, err2 := ledger.MoveDamaged(path)
	if err2 != nil {
		return errors.Join(err, err2)
	}
	w.Diagnostics = append(w.Diagnostics, diag.Diagnostic{
		ID: "hook.ledger", Severity: diag.Warning, Place: diag.Place{Path: ledgerFolder},
		Hint: "limits of engines are counted from 0 again: see what the services have counted",
	}.Messagef("%s; it is now %s, and a new one begins", diag.Arg("error", err.Error()), diag.Arg("file", to)))
	w.ledger, err = ledger.Open(ctx, path)
	return err
}
