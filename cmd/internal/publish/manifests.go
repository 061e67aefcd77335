package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"

	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/config"
	"hexapla/pipeline/edition"
)

// partPath returns the path of a file of a manifest: that of a part, or of manifest.json
// if the part has no name.
func partPath(c *config.Config, locale, part string) string {
	manifest := c.ManifestPath(locale)
	if part == "" {
		return manifest
	}
	return path.Join(path.Dir(manifest), edition.PartsFolder, edition.PartName(part))
}

// isOfManifest reports whether a file is one of the manifest of a locale, or may become one,
// also where case does not count.
func isOfManifest(c *config.Config, locale, name string) bool {
	manifest := c.ManifestPath(locale)
	if strings.EqualFold(name, manifest) {
		return true
	}
	folder := path.Join(path.Dir(manifest), edition.PartsFolder)
	return len(name) >= len(folder) && strings.EqualFold(name[:len(folder)], folder) && (len(name) == len(folder) || name[len(folder)] == '/')
}

// manifestFiles are the files of the manifest of a locale, as a build reads them.
type manifestFiles struct {
	dir    *rootfs.Dir
	config *config.Config
	locale string
	in     *incremental // nil if nothing is known of an earlier build
	memory bool         // read the files into memory

	root   *os.File // manifest.json, which stays open; nil if there is none, or it is in memory
	stamp  rootfs.Stamp
	failed error // why manifest.json cannot be opened, if it is there

	mu   sync.Mutex
	sums map[string]string // SHA-256 of files that were read or written, by part; nil if nobody asks
	part *os.File          // that of the last part that was read; nil if none is open
	of   *partReader       // whose file that is
}

// sum returns the SHA-256 of a file that was read or written, "" if it is not known.
func (m *manifestFiles) sum(part string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sums[part]
}

// note notes the SHA-256 of a file.
func (m *manifestFiles) note(part, sum string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sums[part] = sum
}

// Open implements edition.Files. Goroutines that need different parts call it at once.
func (m *manifestFiles) Open(part string) (edition.File, error) {
	name := partPath(m.config, m.locale, part)
	file, err := m.dir.OpenFile(name)
	if err != nil {
		if part == "" && !errors.Is(err, fs.ErrNotExist) {
			m.failed = err
		}
		return edition.File{}, err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return edition.File{}, err
	}
	out := edition.File{Size: info.Size()}
	stamp := rootfs.StampOf(info)
	if part == "" {
		m.stamp = stamp
	}
	if known := m.in.manifest(m.locale, part, stamp); known != nil {
		out.Known = true
		m.note(part, known.sum) // sums is not nil in a build
	} else if m.sums != nil && m.sum(part) == "" {
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(file, 0, info.Size())); err != nil {
			_ = file.Close()
			return edition.File{}, err
		}
		m.note(part, hex.EncodeToString(h.Sum(nil)))
	}
	switch {
	case m.memory:
		defer file.Close()
		if info.Size() > rootfs.MaxUnits {
			return edition.File{}, fmt.Errorf("manifest: it is larger than the limit of %d bytes", rootfs.MaxUnits)
		}
		data := make([]byte, info.Size())
		if _, err := io.ReadFull(file, data); err != nil {
			return edition.File{}, err
		}
		out.ReaderAt = bytes.NewReader(data)
	case part == "":
		m.root = file
		out.ReaderAt = file
	default: // there may be very many
		_ = file.Close()
		out.ReaderAt = &partReader{m, name, stamp}
	}
	return out, nil
}

// close closes the files that stay open.
func (m *manifestFiles) close() { m.release(true) }

// release closes the file of a part, which is opened again when it is read, and with root
// that of manifest.json.
func (m *manifestFiles) release(root bool) {
	if root && m.root != nil {
		_ = m.root.Close()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closePart()
}

// closePart closes the file of a part. m.mu is locked.
func (m *manifestFiles) closePart() {
	if m.part != nil {
		_ = m.part.Close()
	}
	m.part, m.of = nil, nil
}

// partReader reads the file of a part. Of all parts of a manifest, the file of one is open.
type partReader struct {
	files *manifestFiles
	name  string
	stamp rootfs.Stamp
}

// ReadAt implements io.ReaderAt. It fails if the file is not the one that it was.
func (r *partReader) ReadAt(p []byte, at int64) (int, error) {
	m := r.files
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of != r {
		m.closePart()
		file, err := m.dir.OpenFile(r.name)
		if err != nil {
			return 0, err
		}
		if info, err := file.Stat(); err != nil || rootfs.StampOf(info) != r.stamp {
			_ = file.Close()
			return 0, fmt.Errorf("read %s: another program has changed it meanwhile", m.dir.Path(r.name))
		}
		m.part, m.of = file, r
	}
	return m.part.ReadAt(p, at)
}

// openManifest opens the manifest of a locale for reading some entries. The caller closes
// the files.
func openManifest(dir *rootfs.Dir, c *config.Config, locale string) (*edition.Stored, *manifestFiles, error) {
	files := &manifestFiles{dir: dir, config: c, locale: locale}
	m, err := edition.ReadStored(locale, locales.Direction(locale), files, unlisted{}, nil)
	if err != nil {
		files.close()
		return nil, nil, err
	}
	return m, files, nil
}

// unlisted is a listing that knows nothing.
type unlisted struct{}

// Entry implements edition.Listing.
func (unlisted) Entry(string, string) (entry, page, ok bool) { return false, false, false }

// Paths implements edition.Listing.
func (unlisted) Paths() ([]string, bool) { return nil, false }
