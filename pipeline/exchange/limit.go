package exchange

import (
	"errors"
	"iter"

	"hexapla/pipeline/diag"
)

// MaxFindings is how many errors of one file are reported each by itself. A file may
// have one on every line, and nobody reads a million of them.
const MaxFindings = 1000

// LimitErrors passes on all units and the first MaxFindings errors. The others are
// counted, and one error at the end says how many there were.
func LimitErrors(name string, units iter.Seq2[*Unit, error]) iter.Seq2[*Unit, error] {
	return func(yield func(*Unit, error) bool) {
		n := 0
		for u, err := range units {
			if err != nil {
				if n++; n > MaxFindings {
					continue
				}
			}
			if !yield(u, err) {
				return
			}
		}
		if n > MaxFindings {
			yield(nil, diag.Diagnostic{
				ID: "exchange.more", Severity: diag.Error, Place: diag.Place{Path: name},
				Hint: "correct those that are listed first",
			}.Messagef("%d more errors are not listed", diag.Arg("count", n-MaxFindings)))
		}
	}
}

// ErrEmpty is the error for a file without a byte in it.
var ErrEmpty = errors.New("the file is empty")
