//go:build !unix

package pipeline

import (
	"testing"
	"time"
)

var started = time.Now()

// cpuTime returns the time since the start: the time of processors is not known here.
func cpuTime(testing.TB) time.Duration { return time.Since(started) }
