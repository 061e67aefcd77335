// Package exit holds the exit codes of the program and the errors that stand for
// them. Every command has the same codes.
package exit

import (
	"errors"
	"fmt"
)

// The exit codes.
const (
	OK       = 0 // success
	Findings = 1 // the work is done, and there are findings
	Usage    = 2 // wrong usage or configuration: nothing was done
	Failed   = 3 // the work failed
)

// Help describes the exit codes for the help of a command.
const Help = "EXIT STATUS: 0 success; 1 findings; 2 wrong usage or configuration; 3 failure."

// Environment lists the environment variables that the program reads, for its help.
const Environment = `ENVIRONMENT: HEXAPLA_PROJECT the project's folder; HEXAPLA_ALLOW_HOOKS=1 let hooks run programs;
HEXAPLA_AUTHOR who edits and approves; NO_COLOR, FORCE_COLOR color; LC_ALL, LC_MESSAGES, LANG
language of messages; PGPASSWORD, PGSERVICE … the PostgreSQL server; AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY object storage; OTEL_EXPORTER_OTLP_ENDPOINT … traces of work and submit;
in hexapla.toml, key_env names the variable with the key of an engine.`

// ErrFindings is the error of a command that did its work and printed findings
// of severity error.
var ErrFindings = errors.New("findings")

// UsageError is an error that the user corrects: a flag, an argument, the
// configuration, or a file that one of them names.
type UsageError struct{ Err error }

// Error returns the message of the wrapped error.
func (e UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the wrapped error.
func (e UsageError) Unwrap() error { return e.Err }

// Usagef returns a UsageError with a formatted message. %w wraps an error.
func Usagef(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

// Code returns the exit code for the error of a command.
func Code(err error) int {
	var usage UsageError
	switch {
	case err == nil:
		return OK
	case errors.Is(err, ErrFindings):
		return Findings
	case errors.As(err, &usage):
		return Usage
	}
	return Failed
}
