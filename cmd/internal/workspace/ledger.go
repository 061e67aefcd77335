package workspace

import (
	"context"
	"errors"
	"io/fs"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/ledger"
)

// ledgerFolder has what engines are asked for at the moment, and what they were used for.
const ledgerFolder = StateFolder + "/engines"

// useState gives the engines what earlier runs found out. A command without the memory
// asks for a text to see what an engine answers now: refusals do not count for it.
func (w *Workspace) useState(ctx context.Context, o Options) error {
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

// shareEngines has all processes that build from the same memory ask the engines for a
// text only once.
func (w *Workspace) shareEngines() {
	w.chain.ShareThrough(w.ledger)
	if base, ok := w.database.(hook.Claims); ok { // those of all machines
		w.chain.ShareThrough(base)
	}
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
