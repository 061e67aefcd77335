package sqlite

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"hexapla/pipeline/filelock"
	"hexapla/pipeline/memory/fuzzy"
	"hexapla/pipeline/memory/internal/stored"
)

// FuzzyEnding is what the folder with the index of similar texts is called after the
// memory's file. It is a cache: it may be removed at any time.
//
// For each source locale it has a list, which names the segments of the index and the
// files with the texts of each pair. Files never change, except that a list is
// replaced by a newer one; readers need no lock. Who writes holds the file "lock", and
// removes what no list names any more. A list belongs to a database that has the texts
// and the revision that it names: another one, put in its place, has none.
const FuzzyEnding = "-similar"

const (
	keptVersion = 1       // of the list
	keptChanges = 2048    // so many new texts and entries are worth being written
	keptSamples = 16      // texts that the list names by their hashes
	maxKeptList = 1 << 22 // bytes
	listEnd     = ".list"
	pairEnd     = ".pair"
)

// keptIndex is the list of what is kept for a source locale.
type keptIndex struct {
	Version  int
	Source   string
	Revision int64
	Clock    int64      // of the memory at that revision
	Batch    int64      // the last batch at that revision
	BatchUID string     // of that batch: a database that was put back to an earlier state gives its id to another
	LastText int64      // the last text at that revision
	Samples  [][2]int64 // ids and hashes of some texts, the last one among them
	Segments []string
	Pairs    map[int64]keptPair
}

// keptPair is the file with the texts of a pair, at a revision of the memory.
type keptPair struct {
	File     string
	Revision int64
	Sum      uint32
}

// fuzzyFolder opens the folder of the index, nil if there is none and it is not to be
// made. A link is not followed: it would lead out of the memory's folder.
func (s *Store) fuzzyFolder(create bool) (*os.Root, error) {
	name := s.path + FuzzyEnding
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) && create {
		if err = os.Mkdir(name, 0o700); err == nil {
			info, err = os.Lstat(name)
		}
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", name)
	}
	return os.OpenRoot(name)
}

func listName(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:16]) + listEnd
}

// readKept reads a regular file of at most limit bytes.
func readKept(dir *os.Root, name string, limit int64) ([]byte, error) {
	info, err := dir.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fmt.Errorf("%s is not a regular file of at most %d bytes", name, limit)
	}
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// readList reads a list. The checksum in its first line is that of the rest.
func readList(dir *os.Root, name string) (*keptIndex, error) {
	data, err := readKept(dir, name, maxKeptList)
	if err != nil {
		return nil, err
	}
	sum, rest, _ := bytes.Cut(data, []byte("\n"))
	if string(sum) != fmt.Sprintf("%08x", crc32.Checksum(rest, castagnoli)) {
		return nil, fmt.Errorf("%w: the checksum of %s is wrong", fuzzy.ErrDamaged, name)
	}
	k := &keptIndex{}
	if err := json.Unmarshal(rest, k); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", fuzzy.ErrDamaged, name, err)
	}
	return k, nil
}

// belongs reports whether a list was made from this database, as it is or as it was.
func (k *keptIndex) belongs(tx *sql.Tx, source string, revision, lastText int64) (bool, error) {
	if k.Version != keptVersion || k.Source != source || k.Revision < 1 || k.Revision > revision || revision-k.Revision > keptRevisions ||
		k.LastText < 1 || k.LastText > lastText || len(k.Samples) == 0 || len(k.Samples) > 2*keptSamples {
		return false, nil
	}
	var clock int64
	if err := tx.QueryRow("SELECT value FROM meta WHERE name = 'clock'").Scan(&clock); err != nil {
		return false, err
	}
	if k.Revision == revision && k.Clock != clock || k.Clock > clock {
		return false, nil
	}
	batch, uid, err := lastBatch(tx, k.Batch)
	if err != nil || batch != k.Batch || uid != k.BatchUID {
		return false, err
	}
	now, err := samples(tx, k.LastText)
	return err == nil && slices.Equal(now, k.Samples), err
}

// lastBatch returns the last batch up to an id, 0 and "" if there is none.
func lastBatch(tx *sql.Tx, most int64) (id int64, uid string, err error) {
	err = tx.QueryRow("SELECT id, uid FROM batch WHERE id <= ? ORDER BY id DESC LIMIT 1", most).Scan(&id, &uid)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, uid, err
}

// samples returns ids and hashes of texts up to the last one.
func samples(tx *sql.Tx, last int64) ([][2]int64, error) {
	ids := make([]int64, 0, keptSamples+1)
	for i := range int64(keptSamples + 1) {
		ids = append(ids, last-(last/keptSamples)*i)
	}
	rows, err := tx.Query("SELECT id, hash FROM text WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", jsonList(ids))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][2]int64
	for rows.Next() {
		var v [2]int64
		if err := rows.Scan(&v[0], &v[1]); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// loadFuzzy opens the index of a source locale, if there is one of this database.
// Whatever is wrong with it, the index is then made from the database.
func (s *Store) loadFuzzy(ctx context.Context, tx *sql.Tx, x *fuzzyIndex, source string, revision, lastText int64) {
	dir, err := s.fuzzyFolder(false)
	if err != nil {
		return
	}
	defer dir.Close()
	// Between reading a list and opening what it names, another process may have
	// replaced it.
	for range 3 {
		k, err := readList(dir, listName(source))
		if err != nil {
			return
		}
		if ok, err := k.belongs(tx, source, revision, lastText); err != nil || !ok {
			return
		}
		index, err := fuzzy.Open(dir, k.Segments)
		if err == nil {
			x.index, x.revision, x.saved, x.kept = index, k.Revision, k.Revision, k
			return
		}
		if !errors.Is(err, fs.ErrNotExist) || ctx.Err() != nil {
			return
		}
	}
}

// loadCoverage reads the texts of a pair.
func (s *Store) loadCoverage(x *fuzzyIndex, has *pairCoverage, pair, lastText int64) {
	if x.kept == nil || x.alone {
		return
	}
	p, ok := x.kept.Pairs[pair]
	if !ok || !isPairFile(p.File) || p.Revision < 1 || p.Revision > x.revision || x.revision-p.Revision > keptRevisions {
		return
	}
	dir, err := s.fuzzyFolder(false)
	if err != nil {
		return
	}
	defer dir.Close()
	data, err := readKept(dir, p.File, lastText/8+8)
	if err != nil || crc32.Checksum(data, castagnoli) != p.Sum {
		return
	}
	has.mu.Lock()
	has.bits, has.revision, has.saved = stored.SetOf(data), p.Revision, p.Revision
	has.mu.Unlock()
}

func isPairFile(name string) bool {
	hexed, ok := strings.CutSuffix(name, pairEnd)
	_, err := hex.DecodeString(hexed)
	return ok && err == nil && len(hexed) == 32
}

// saveFuzzy writes what is new of an index, unless another process is writing.
func (s *Store) saveFuzzy(ctx context.Context, tx *sql.Tx, x *fuzzyIndex, source string, lastText int64) error {
	dir, err := s.fuzzyFolder(true)
	if err != nil {
		return err
	}
	defer dir.Close()
	lock, err := dir.OpenFile("lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if !filelock.Try(lock) {
		return nil // next time; where there are no locks, each process makes its own index
	}
	k := &keptIndex{Version: keptVersion, Source: source, Revision: x.revision, LastText: lastText, Pairs: map[int64]keptPair{}}
	if err := tx.QueryRow("SELECT value FROM meta WHERE name = 'clock'").Scan(&k.Clock); err != nil {
		return err
	}
	if k.Batch, k.BatchUID, err = lastBatch(tx, math.MaxInt64); err != nil {
		return err
	}
	if k.Samples, err = samples(tx, lastText); err != nil {
		return err
	}
	// What another process knows of other pairs stays.
	if old, err := readList(dir, listName(source)); err == nil {
		if ok, err := old.belongs(tx, source, x.revision, lastText); err != nil {
			return err
		} else if ok {
			maps.Copy(k.Pairs, old.Pairs)
		}
	}
	if k.Segments, err = x.index.Save(dir, true); err != nil {
		return err
	}
	for pair, has := range x.has {
		if has.revision == 0 || has.saved == has.revision && k.Pairs[pair].Revision == has.revision {
			continue
		}
		data := has.bits.Bytes()
		p := keptPair{randomName(pairEnd), has.revision, crc32.Checksum(data, castagnoli)}
		if err := replaceKept(dir, p.File, data); err != nil {
			return err
		}
		k.Pairs[pair] = p
		has.saved = has.revision
	}
	data, err := json.Marshal(k)
	if err != nil {
		return err
	}
	sum := fmt.Sprintf("%08x\n", crc32.Checksum(data, castagnoli))
	if err := replaceKept(dir, listName(source), append([]byte(sum), data...)); err != nil {
		return err
	}
	x.saved, x.unsaved, x.kept = x.revision, 0, k
	removeUnnamed(dir)
	return ctx.Err()
}

func randomName(end string) string {
	id := make([]byte, 16)
	rand.Read(id)
	return hex.EncodeToString(id) + end
}

// replaceKept writes a file under another name, and renames it.
func replaceKept(dir *os.Root, name string, data []byte) error {
	temporary := randomName(".tmp")
	err := dir.WriteFile(temporary, data, 0o600)
	if err == nil {
		err = dir.Rename(temporary, name)
	}
	if err != nil {
		dir.Remove(temporary)
	}
	return err
}

// removeUnnamed removes the segments and files of pairs that no list names, and what
// was left half-written. The caller holds the lock.
func removeUnnamed(dir *os.Root) {
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return
	}
	named := map[string]bool{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), listEnd) {
			continue
		}
		k, err := readList(dir, e.Name())
		if err != nil {
			continue
		}
		for _, name := range k.Segments {
			named[name] = true
		}
		for _, p := range k.Pairs {
			named[p.File] = true
		}
	}
	for _, e := range entries {
		name := e.Name()
		if !named[name] && (fuzzy.IsSegment(name) || isPairFile(name) || strings.HasSuffix(name, ".tmp")) {
			dir.Remove(name)
		}
	}
}

// dropFuzzy forgets the index of a source locale, also on disk, where it proved
// wrong. This process reads and writes no more of it.
func (s *Store) dropFuzzy(source string) {
	x := newFuzzyIndex()
	x.alone = true
	s.mu.Lock()
	s.fuzzy[source] = x
	s.mu.Unlock()
	if s.write == nil {
		return
	}
	if dir, err := s.fuzzyFolder(false); err == nil {
		dir.Remove(listName(source))
		dir.Close()
	}
}
