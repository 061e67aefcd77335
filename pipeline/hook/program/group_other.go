//go:build !unix

package program

import "os/exec"

// group leaves a program alone where there are no process groups; killing it is
// then up to package os.
func group(*exec.Cmd) {}
