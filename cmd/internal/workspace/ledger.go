package workspace

import (
	"context"
	"errors"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/ledger"
)

// ledgerFolder has what engines are asked for at the moment, and what they were used for.
const ledgerFolder = StateFolder + "/engines"

// shareEngines has all processes that build from the same memory ask the engines for a
// text only once.
func (w *Workspace) shareEngines(ctx context.Context) error {
	if err := w.openLedger(ctx); err != nil {
		return err
	}
	w.chain.ShareThrough(w.ledger)
	if base, ok := w.database.(hook.Claims); ok { // those of all machines
		w.chain.ShareThrough(base)
	}
	return nil
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
