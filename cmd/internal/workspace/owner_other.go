//go:build !unix

package workspace

import "io/fs"

// isForeign reports false: there is no owner to compare.
func isForeign(fs.FileInfo) bool { return false }
