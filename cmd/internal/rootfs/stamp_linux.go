package rootfs

import (
	"os"
	"syscall"
)

// identity returns when the file's metadata were changed, and its inode.
func identity(info os.FileInfo) (changed int64, inode uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctim.Nano(), st.Ino
	}
	return 0, 0
}
