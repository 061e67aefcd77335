//go:build unix

package program

import (
	"os/exec"
	"syscall"
)

// group gives the program a process group of its own and has the whole of it
// killed: a pipeline's parts would otherwise outlive the shell script that
// started them.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
