//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package rootfs

import (
	"os"
	"runtime"
)

// removeBeforeClose: Windows does not remove a file that is open.
const removeBeforeClose = false

// tryLock reports whether a file that could be opened may be removed. Windows
// itself refuses to remove a file that another process has open; on other systems
// without flock nothing is removed.
func tryLock(*os.File) bool { return runtime.GOOS == "windows" }
