//go:build unix

package program

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// group gives the program a process group of its own and has the whole of it
// killed: a pipeline's parts would otherwise outlive the shell script that
// started them.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone // it is no failure of the program that it had ended
		}
		return err
	}
}
