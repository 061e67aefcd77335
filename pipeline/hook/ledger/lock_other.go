//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package ledger

import "os"

// Without flock a process that is gone cannot be told from one that is not: its claims
// end by their time.

func newLock(dir, process string) (*os.File, error) { return nil, nil }

func isLocked(path string) bool { return true }

func removeLocks(dir string) {}
