package exit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"hexapla/cmd/internal/exit"
)

func TestCode(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, exit.OK},
		{exit.ErrFindings, exit.Findings},
		{fmt.Errorf("check: %w", exit.ErrFindings), exit.Findings},
		{exit.Usagef("--locale %q: no such locale", "x"), exit.Usage},
		{errors.Join(errors.New("close"), exit.UsageError{Err: errors.New("flag")}), exit.Usage},
		{context.Canceled, exit.Failed},
		{errors.New("disk full"), exit.Failed},
	} {
		if got := exit.Code(tt.err); got != tt.want {
			t.Errorf("Code(%v) = %d, want %d", tt.err, got, tt.want)
		}
	}
}

func TestUsagef(t *testing.T) {
	cause := errors.New("cause")
	err := exit.Usagef("read: %w", cause)
	if !errors.Is(err, cause) || err.Error() != "read: cause" {
		t.Errorf("got %v", err)
	}
}
