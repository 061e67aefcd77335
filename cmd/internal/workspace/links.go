package workspace

import (
	"io/fs"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
)

// linkOutOf returns the file of the project that a symbolic link below the folder of a
// pattern leads to, if none of the patterns that the name was found by matches it. A
// pattern without wildcards stands for the file alone, so the file itself may be the
// link. Links in the fixed part of a pattern are the choice of the configuration, and
// links out of the project are refused where files are opened.
func linkOutOf(dir *rootfs.Dir, name string, patterns []string) (target string, refused bool) {
	linked := false
	for _, p := range patterns {
		p = path.Clean(p)
		if ok, err := doublestar.Match(p, name); err != nil || !ok {
			continue
		}
		base, _ := doublestar.SplitPattern(p)
		if !dir.LinkBelow(base, name) {
			return "", false
		}
		linked = true
	}
	if !linked {
		return "", false
	}
	target, ok := dir.RealPath(name)
	if !ok {
		return "", false
	}
	for _, p := range patterns {
		if ok, err := doublestar.Match(path.Clean(p), target); err == nil && ok {
			return "", false
		}
	}
	return target, true
}

// refuseLinks returns a usage error if one of the files that a key of the configuration
// names is a symbolic link to a file of the project that the key does not name, such as
// the configuration itself: what a file of one kind has must not get into terms,
// translations or editions as another.
func (w *Workspace) refuseLinks(key string, patterns, names []string) error {
	for _, name := range names {
		if target, refused := linkOutOf(w.Dir, name, patterns); refused {
			return exit.Usagef("%s: symbolic link to %s, which %s does not match; not read: copy the file, or set %s to it",
				w.Dir.Path(name), target, key, key)
		}
	}
	return nil
}

// refuseCatalogLinks is refuseLinks for the files of the folder of catalogs. Links to
// other files of the folder are followed.
func (w *Workspace) refuseCatalogLinks(dir string) error {
	entries, err := fs.ReadDir(w.Dir.FS(), path.Clean(dir))
	if err != nil {
		return nil // reading the catalogs reports it
	}
	// Backslashes, for the folder's own name is no pattern.
	pattern := path.Join(literalPattern(path.Clean(dir)), "**")
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = path.Join(dir, e.Name())
	}
	return w.refuseLinks("catalogs.dir", []string{pattern}, names)
}

// literalPattern returns a pattern that matches a name alone.
func literalPattern(name string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`, "{", `\{`, "}", `\}`).Replace(name)
}

// readNamed reads the file that a key of the configuration names.
func (w *Workspace) readNamed(key, name string) ([]byte, error) {
	if err := w.refuseLinks(key, []string{literalPattern(path.Clean(name))}, []string{path.Clean(name)}); err != nil {
		return nil, err
	}
	return w.Dir.ReadFile(name)
}
