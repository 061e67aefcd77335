//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

// Package filelock locks files between processes, on systems with flock(2): not here.
package filelock
