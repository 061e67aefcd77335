//go:build unix

package pipeline

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime returns the time that processors have spent on this process so far, the
// collection of garbage included.
func cpuTime(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
