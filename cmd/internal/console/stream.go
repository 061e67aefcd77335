package console

import (
	"io"

	"hexapla/pipeline/diag"
)

// Stream is a standard stream as the user chose it.
type Stream struct {
	io.Writer
	Color bool // severities are colored
	Quiet bool // only findings of severity error are written

	Verbose bool // details of what the command does are written, too
}

// Unwrap returns the writer inside.
func (s *Stream) Unwrap() io.Writer { return s.Writer }

// Write writes b, or drops it on a quiet stream.
func (s *Stream) Write(b []byte) (int, error) {
	if s.Quiet {
		return len(b), nil
	}
	return s.Writer.Write(b)
}

// UseColor reports whether output to w is colored: by the choice always or never, else
// by the environment variables NO_COLOR (no-color.org) and FORCE_COLOR
// (force-color.org), else if w is a terminal that is not "dumb".
func UseColor(choice string, w io.Writer, getenv func(string) string) bool {
	switch {
	case choice == "always":
		return true
	case choice == "never", getenv("NO_COLOR") != "":
		return false
	case getenv("FORCE_COLOR") != "":
		return true
	}
	return getenv("TERM") != "dumb" && isTerminal(w)
}

// severityColors are the SGR codes (ECMA-48, 8.3.117) of severities: bold red, bold
// yellow, cyan.
var severityColors = map[diag.Severity]string{diag.Error: "1;31", diag.Warning: "1;33", diag.Info: "36"}

// colored returns the word for a severity as it is written to a stream.
func (s *Stream) colored(v diag.Severity, word string) string {
	if s == nil || !s.Color {
		return word
	}
	return "\x1b[" + severityColors[v] + "m" + word + "\x1b[0m"
}
