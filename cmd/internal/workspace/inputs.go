package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/config"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/sqlite"
)

// StateFolder is the folder below the project for files that can be made again.
const StateFolder = ".hexapla"

// Fingerprint returns a hash of everything but articles and memory that editions
// depend on: the program, the configuration, the message catalogs, the segmentation
// rules and the glossaries. It is of the files as they are now. ok is false if one
// of them cannot be read, or the program does not know itself.
func (w *Workspace) Fingerprint() (sum [sha256.Size]byte, ok bool) {
	h := sha256.New()
	if !hashProgram(h) || !w.hashFiles(h) {
		return sum, false
	}
	return [sha256.Size]byte(h.Sum(nil)), true
}

// SharedFingerprint returns a hash of what must be the same on all machines that build
// parts of one build: the version of the program, the files that Fingerprint has, and
// the identities of units.
func (w *Workspace) SharedFingerprint() (string, error) {
	h := sha256.New()
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", errors.New("the program does not know its own version")
	}
	hashString(h, info.Main.Version)
	for _, s := range info.Settings {
		if strings.HasPrefix(s.Key, "vcs.") {
			hashString(h, s.Value)
		}
	}
	if !w.hashFiles(h) {
		return "", errors.New("a file that the configuration names cannot be read")
	}
	units, err := w.Dir.ReadLimited(config.UnitsFile, rootfs.MaxUnits)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	hashString(h, string(units))
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashFiles hashes the configuration and the files that it names. It reports false if
// one of them cannot be read.
func (w *Workspace) hashFiles(h hash.Hash) bool {
	// What the site's own configuration says of Markdown is in no file of ours.
	hashString(h, w.Config.Markdown.Dialect)
	hashString(h, w.Config.Markdown.HeadingIDs)
	names := []string{config.FileName}
	if w.Config.Segmentation.SRX != "" {
		names = append(names, w.Config.Segmentation.SRX)
	}
	names = append(names, itsFiles(w.Config)...)
	glossaries, err := w.Dir.Glob(w.Config.Glossary.Files)
	if err != nil {
		return false
	}
	names = append(names, glossaries...)
	if site, ok := w.Config.SiteCatalogs(); ok && w.Dir.Exists(site.Dir) {
		err := fs.WalkDir(w.Dir.FS(), path.Clean(site.Dir), func(name string, _ fs.DirEntry, err error) error {
			if _, regular := w.Dir.Stamp(name); regular {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return false
		}
	}
	for _, name := range names {
		data, err := w.Dir.ReadFile(name)
		if err != nil {
			return false
		}
		hashString(h, name)
		one := sha256.Sum256(data)
		h.Write(one[:])
	}
	return true
}

// itsFiles returns the rules files that the configuration names, each once.
func itsFiles(c *config.Config) []string {
	var names []string
	for _, x := range c.XML {
		names = append(names, x.ITS...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// hashProgram identifies the running program by its file, for a build from changed
// sources may have the same version.
func hashProgram(h hash.Hash) bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	hashString(h, info.String())
	name, err := os.Executable()
	if err != nil {
		return false
	}
	file, err := os.Stat(name)
	if err != nil {
		return false
	}
	stamp := rootfs.StampOf(file)
	stamp.Changed = 0
	_ = binary.Write(h, binary.LittleEndian, stamp)
	return true
}

func hashString(h io.Writer, s string) {
	_ = binary.Write(h, binary.LittleEndian, int64(len(s)))
	_, _ = io.WriteString(h, s)
}

// Expired lists the allowances of the configuration that have expired, by their
// index: they depend on nothing but the time.
func Expired(c *config.Config, now time.Time) []int {
	var out []int
	for i, a := range c.Check.Allow {
		if t, err := time.Parse(time.DateOnly, a.Expires); a.Expires != "" && (err != nil || !now.Before(t)) {
			out = append(out, i)
		}
	}
	return slices.Clip(out)
}

// MemoryState is the state of the project's memory. File identifies the file or the
// database.
type MemoryState struct {
	memory.State
	File uint64
}

// MemoryState returns the state of the memory. ok is false if the workspace works on
// a copy, which has numbers of its own.
func (w *Workspace) MemoryState(ctx context.Context) (st MemoryState, ok bool, err error) {
	if w.scratch != nil {
		return st, false, nil
	}
	if w.database == nil {
		return st, true, nil
	}
	if base, ok := w.database.(*postgres.Store); ok {
		sum := sha256.Sum256([]byte(base.UID()))
		st.File = binary.LittleEndian.Uint64(sum[:])
	} else {
		stamp, ok := w.Dir.Stamp(w.Config.Memory.Path)
		if !ok {
			return st, false, nil
		}
		st.File = stamp.Inode
	}
	st.State, err = w.database.State(ctx)
	return st, err == nil, err
}

// ChangedSources returns the source texts whose translations may have changed since
// a state, by SourceHash; ok is false if they are not known.
func (w *Workspace) ChangedSources(ctx context.Context, since MemoryState) (changed map[int64]bool, ok bool, err error) {
	now, ok, err := w.MemoryState(ctx)
	if err != nil || !ok || now.File != since.File {
		return nil, false, err
	}
	if w.database == nil {
		return nil, true, nil
	}
	return w.database.ChangedSources(ctx, since.State)
}

// SourceHash returns the number that ChangedSources has for a text of an article in a
// source locale.
func (w *Workspace) SourceHash(source, key string) int64 { return sqlite.SourceHash(source, key) }

// HasEngines reports whether texts that the memory does not have are translated.
func (w *Workspace) HasEngines() bool { return w.chain != nil }
