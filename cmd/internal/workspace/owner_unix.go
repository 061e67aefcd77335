//go:build unix

package workspace

import (
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// isForeign reports whether a file belongs to another user, who is not root, than
// the one who runs the program, or who ran it with sudo.
func isForeign(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && isForeignID(int(st.Uid), os.Geteuid(), os.Getenv("SUDO_UID"))
}

func isForeignID(owner, user int, sudo string) bool {
	if owner == user || owner == 0 {
		return false
	}
	return user != 0 || sudo != strconv.Itoa(owner)
}
