package main

import (
	"os"
	"runtime"
)

// waitingForFiles is how many threads of a build may wait for files at the same time. The
// calls of SQLite keep Go's processor while they wait: two databases are written, and
// several connections read.
const waitingForFiles = 6

// addProcessors gives the Go scheduler more processors than the machine has, until the
// returned function is called. Else calls of engines that are answered wait until a
// goroutine that computes, or SQLite that writes, leaves one of few processors; with more
// of them the system lets the thread of the answer run at once. It is called when the
// limits of what computes at the same time have been set. GOMAXPROCS of the user counts
// instead.
func addProcessors() (restore func()) {
	if os.Getenv("GOMAXPROCS") != "" {
		return func() {}
	}
	before := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(before + waitingForFiles)
	return func() { runtime.GOMAXPROCS(before) }
}
