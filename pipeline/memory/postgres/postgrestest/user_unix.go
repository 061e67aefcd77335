//go:build unix

package postgrestest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account returns the user that the server runs as: it refuses to run as root.
func account() (uid, gid int, ok bool) {
	if os.Getuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, err1 := strconv.Atoi(u.Uid)
			gid, err2 := strconv.Atoi(u.Gid)
			if err1 == nil && err2 == nil {
				return uid, gid, true
			}
		}
	}
	return 0, 0, false
}

// own gives a folder to the user of the server.
func own(dir string) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	uid, gid, ok := account()
	if !ok {
		if os.Getuid() == 0 {
			return fmt.Errorf("no user postgres or nobody to run the server as")
		}
		return nil
	}
	return os.Chown(dir, uid, gid)
}

// demote makes a command run as the user of the server.
func demote(cmd *exec.Cmd) {
	uid, gid, ok := account()
	if !ok {
		return
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, Setpgid: true}
}

// stopProcess tells a server to stop: at once, as a crash does, or with its
// transactions rolled back.
func stopProcess(p *os.Process, kill bool) error {
	if kill {
		return p.Signal(syscall.SIGQUIT)
	}
	return p.Signal(syscall.SIGINT)
}
