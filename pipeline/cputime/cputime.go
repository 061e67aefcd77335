//go:build unix

// Package cputime measures the time of processors for benchmarks: what other programs do
// beside them changes it little.
package cputime

import (
	"syscall"
	"testing"
	"time"
)

// Now returns the time that processors have spent on this process so far, the
// collection of garbage included.
func Now(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
