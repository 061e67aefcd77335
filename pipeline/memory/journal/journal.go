// Package journal keeps a translation memory as text files that travel with the
// project: every version and every batch is one line of JSON, and what was written
// is only ever appended to. A version control system may merge two branches of a
// file as the union of their lines, in any order: what the memory is follows from
// the set of lines alone (see package memory). A store is brought up to date from
// the files, and rebuilt from them when it is lost; what a store gets, Sync appends.
//
// A folder has one file for the batches, and one for each locale pair. A line has a
// checksum, so that damage and hand edits are found: such lines are left out, and
// reported. Goals: no acknowledged line is ever lost or changed, a change of a few
// lines costs as little as reading them, files can be read and compared by people.
// It is no goal to be edited by hand.
package journal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

const (
	extension   = ".jsonl"
	batchesFile = "batches" + extension

	// chunkSize is how many bytes at least have one checksum in the state.
	chunkSize = 256 << 10

	// maxLine limits the bytes of a line.
	maxLine = 64 << 20

	// maxFindings limits the findings that are listed for a file.
	maxFindings = 20
)

// Attributes is the content of the folder's .gitattributes: git merges the files as
// the union of their lines, and does not change line ends.
const Attributes = "*" + extension + " text eol=lf merge=union\n"

// Store is a memory as the journal sees it. The states that Merge and Flush store are
// opaque to it.
type Store interface {
	// JournalState returns the state that was stored last, nil if none was, and whether
	// there are records for Flush.
	JournalState(ctx context.Context) (state []byte, pending bool, err error)

	// Merge adds records, and then stores what state returns.
	Merge(ctx context.Context, records iter.Seq2[memory.Record, error], state func() []byte) (memory.Result, error)

	// Flush calls write with the records that came by other ways than Merge since the
	// last Flush, and with all of the locale pairs in lost (two empty tags stand for the
	// batches), while nobody else writes to the memory. Batches come first, versions in
	// order of their locale pairs and their recording. It stores the state that write
	// returns.
	Flush(ctx context.Context, lost [][2]string, write func(iter.Seq2[memory.Record, error]) ([]byte, error)) error
}

// Result counts what Sync did: Merged is what came from the files, Written how many
// lines were appended.
type Result struct {
	Merged  memory.Result
	Written int
}

// state is what a store keeps of the files: whether they have changed is known
// without reading them, and of a changed file only what follows its unchanged
// beginning is parsed.
type state struct {
	Files map[string]*fileState `json:"files"`
}

type fileState struct {
	Size   int64   `json:"size"`
	Time   int64   `json:"time"` // of the last change, in nanoseconds of Unix time
	Chunks []chunk `json:"chunks"`
	Source string  `json:"source,omitempty"`
	Target string  `json:"target,omitempty"`
}

// chunk is a part of a file that ends with a line.
type chunk struct {
	Length int64  `json:"n"`
	Lines  int    `json:"l"`
	CRC    uint32 `json:"c"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func parseState(data []byte) *state {
	s := &state{}
	if json.Unmarshal(data, s) != nil || s.Files == nil {
		s.Files = map[string]*fileState{}
	}
	for name, f := range s.Files {
		if f == nil {
			delete(s.Files, name)
		}
	}
	return s
}

func (s *state) encode() []byte {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // numbers and strings always marshal
	}
	return data
}

// Sync brings the store up to date with the files in the folder, and appends to them
// what the store has and they do not. Lines that cannot be read are reported as
// diagnostics, whose paths begin with name; an error leaves files and store as they
// were.
func Sync(ctx context.Context, folder *os.Root, name string, store Store) (Result, []diag.Diagnostic, error) {
	s := &syncer{folder: folder, name: name}
	result, err := s.read(ctx, store)
	if err != nil {
		return result, nil, fmt.Errorf("memory journal %s: %w", name, err)
	}
	if s.pending || len(s.lost) > 0 {
		if result.Written, err = s.write(ctx, store); err != nil {
			return result, nil, fmt.Errorf("memory journal %s: %w", name, err)
		}
	}
	return result, s.found, nil
}

// Read is Sync without writing to the files.
func Read(ctx context.Context, folder *os.Root, name string, store Store) (Result, []diag.Diagnostic, error) {
	s := &syncer{folder: folder, name: name}
	result, err := s.read(ctx, store)
	if err != nil {
		return result, nil, fmt.Errorf("memory journal %s: %w", name, err)
	}
	return result, s.found, nil
}

// Changed reports whether the files have changed since the store was last brought up
// to date with them. It reads no file.
func Changed(ctx context.Context, folder *os.Root, store Store) (bool, error) {
	data, _, err := store.JournalState(ctx)
	if err != nil {
		return false, err
	}
	s := &syncer{folder: folder, old: parseState(data)}
	changed, err := s.changed(true)
	return len(changed) > 0, err
}

// Check reads all files and returns what is wrong with them, and which records of a
// store they should have and do not. store may be nil.
func Check(ctx context.Context, folder *os.Root, name string, store Recorder) (memory.RecordIDs, []diag.Diagnostic, error) {
	s := &syncer{folder: folder, name: name, old: parseState(nil)}
	lost, err := s.check(ctx, store)
	if err != nil {
		return lost, s.found, fmt.Errorf("memory journal %s: %w", name, err)
	}
	return lost, s.found, nil
}

// Recorder is a store whose records Check compares with the files. Pending are those
// that Flush is still to give.
type Recorder interface {
	Records(ctx context.Context) iter.Seq2[memory.Record, error]
	Pending(ctx context.Context) iter.Seq2[memory.Record, error]
}

func (s *syncer) check(ctx context.Context, store Recorder) (lost memory.RecordIDs, err error) {
	names, err := s.changed(false)
	if err != nil {
		return lost, err
	}
	s.new = parseState(nil)
	there := map[recordID]bool{}
	note := func(r memory.Record, err error) bool {
		if store != nil && err == nil {
			there[idOf(r)] = true
		}
		return true
	}
	for _, n := range names {
		if err := s.file(ctx, n, note); err != nil && !errors.Is(err, errStopped) {
			return lost, err
		}
	}
	if store == nil {
		return lost, nil
	}
	for r, err := range store.Pending(ctx) {
		if err != nil {
			return lost, err
		}
		there[idOf(r)] = true
	}
	counts := map[string]int{} // by file
	for r, err := range store.Records(ctx) {
		if err != nil {
			return lost, err
		}
		if !there[idOf(r)] {
			lost.Add(r)
			counts[fileOf(r)]++
		}
	}
	for _, file := range slices.Sorted(maps.Keys(counts)) {
		s.found = append(s.found, diag.Diagnostic{ID: "journal.missing", Severity: diag.Warning, Place: diag.Place{Path: s.path(file)},
			Hint: "they may be on another branch; 'hexapla memory rebuild --restore' writes them again, 'hexapla memory rebuild' drops them from the memory"}.Messagef("lines that the memory has are not in the file any more: %d", diag.Arg("count", counts[file])))
	}
	return lost, nil
}

// recordID identifies a record: by the checksum of a version, by the UID of a batch or
// of a note.
type recordID struct {
	kind byte
	sum  int64
	uid  string
}

func idOf(r memory.Record) recordID {
	switch {
	case r.Batch != nil:
		return recordID{kind: 'b', uid: r.Batch.UID}
	case r.Note != nil:
		return recordID{kind: 'n', uid: r.Note.UID}
	}
	return recordID{kind: 'v', sum: r.Version.Checksum()}
}

// fileOf returns the name of the file that a record is in.
func fileOf(r memory.Record) string {
	if v := r.Version; v != nil {
		return fileName(v.Entry.SourceLocale, v.Entry.TargetLocale)
	}
	return batchesFile
}

type syncer struct {
	folder  *os.Root
	name    string
	old     *state
	new     *state
	pending bool
	lost    [][2]string
	found   []diag.Diagnostic
	counts  map[string]int
}

// errStopped ends a walk whose receiver wants no more.
var errStopped = errors.New("stopped")

// read merges the files that have changed into the store.
func (s *syncer) read(ctx context.Context, store Store) (Result, error) {
	var result Result
	data, pending, err := store.JournalState(ctx)
	if err != nil {
		return result, err
	}
	s.pending, s.old = pending, parseState(data)
	names, err := s.changed(true)
	if err != nil {
		return result, err
	}
	if len(names) == 0 && data != nil {
		s.new = s.old
		return result, nil
	}
	s.new = &state{Files: maps.Clone(s.old.Files)}
	result.Merged, err = store.Merge(ctx, func(yield func(memory.Record, error) bool) {
		for _, n := range names {
			if err := s.file(ctx, n, yield); err != nil {
				if !errors.Is(err, errStopped) {
					yield(memory.Record{}, err)
				}
				return
			}
		}
	}, func() []byte { return s.new.encode() })
	if err != nil {
		return result, err
	}
	if data == nil {
		// The store lists what it has to write only from now on.
		_, s.pending, err = store.JournalState(ctx)
	}
	return result, err
}

// changed lists the files that are not as the state has them, the batches first, and
// notes the files that are lost.
func (s *syncer) changed(lost bool) ([]string, error) {
	d, err := s.folder.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, extension) {
			continue
		}
		info, err := s.folder.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a regular file", name)
		}
		seen[name] = true
		f := s.old.Files[name]
		if f == nil || f.Size != info.Size() || f.Time != info.ModTime().UnixNano() {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if (a == batchesFile) != (b == batchesFile) {
			if a == batchesFile {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, name := range slices.Sorted(maps.Keys(s.old.Files)) {
		if f := s.old.Files[name]; lost && !seen[name] {
			s.lost = append(s.lost, [2]string{f.Source, f.Target})
			delete(s.old.Files, name)
		}
	}
	return out, nil
}

// open opens a file for reading. The caller has seen that it is a regular file.
func (s *syncer) open(name string) (*os.File, os.FileInfo, error) {
	f, err := s.folder.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", name)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}

// file reads a file, from where it is not as it was when it was read last.
func (s *syncer) file(ctx context.Context, name string, yield func(memory.Record, error) bool) error {
	f, info, err := s.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	next := &fileState{Time: info.ModTime().UnixNano()}
	h := header{}
	lines := 0
	if old := s.old.Files[name]; old != nil {
		n, err := old.unchanged(f, info.Size())
		if err != nil {
			return err
		}
		for _, c := range old.Chunks[:n] {
			next.Size += c.Length
			lines += c.Lines
		}
		if next.Chunks = slices.Clone(old.Chunks[:n]); n > 0 {
			h.Source, h.Target = stored.String(old.Source), stored.String(old.Target)
		}
	}
	if _, err := f.Seek(next.Size, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(f, 1<<16)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		next.startChunk()
		line, size, err := readLine(r, next.grow)
		if size > 0 {
			lines++
			if perr := s.line(name, lines, line, &h, yield); perr != nil {
				return perr
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	next.Source, next.Target = string(h.Source), string(h.Target)
	s.new.Files[name] = next
	if c := s.counts[name]; c > maxFindings {
		s.found = append(s.found, diag.Diagnostic{ID: "journal.more", Severity: diag.Warning, Place: diag.Place{Path: s.path(name)}}.
			Messagef("%d more lines with findings", diag.Arg("count", c-maxFindings)))
	}
	return nil
}

// line handles one line.
func (s *syncer) line(name string, number int, line rawLine, h *header, yield func(memory.Record, error) bool) error {
	text := line.text
	if number == 1 {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	if line.tooLong {
		s.report(name, number, fmt.Errorf("a line of more than %d bytes", maxLine))
		return nil
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	record, ok, err := parseLine(text, h)
	var newer *memory.NewerError
	if errors.As(err, &newer) {
		newer.Path = s.path(name)
		return fmt.Errorf("%s has version %d of the format, made by a newer Hexapla; this one supports version %d: update Hexapla to use it", newer.Path, newer.Have, newer.Want)
	}
	if err != nil {
		if line.open && !errors.Is(err, errMarker) {
			err = errors.New("the last line is not complete")
		}
		s.report(name, number, err)
		return nil
	}
	if ok && !yield(record, nil) {
		return errStopped
	}
	return nil
}

func (s *syncer) path(name string) string { return s.name + "/" + name }

// report notes a line that is left out.
func (s *syncer) report(name string, line int, err error) {
	if s.counts == nil {
		s.counts = map[string]int{}
	}
	d := diag.Diagnostic{ID: "journal.line", Severity: diag.Warning, Place: diag.Place{Path: s.path(name), Line: line}, Message: err.Error(),
		Hint: "the line is left out; what the database has of it stays"}
	if errors.Is(err, errMarker) {
		d.ID, d.Hint = "journal.merge", "both sides are read: remove the line, and see that .gitattributes has merge=union for the file"
	}
	if s.counts[name]++; s.counts[name] <= maxFindings {
		s.found = append(s.found, d)
	}
}

// startChunk begins a new chunk if the last one is large enough.
func (f *fileState) startChunk() {
	if n := len(f.Chunks); n == 0 || f.Chunks[n-1].Length >= chunkSize {
		f.Chunks = append(f.Chunks, chunk{})
	}
}

// grow adds bytes to the last chunk.
func (f *fileState) grow(b []byte) {
	c := &f.Chunks[len(f.Chunks)-1]
	c.CRC = crc32.Update(c.CRC, castagnoli, b)
	c.Lines += bytes.Count(b, []byte("\n"))
	c.Length += int64(len(b))
	f.Size += int64(len(b))
}

// unchanged returns how many of the first chunks the file still begins with. Lines are
// appended, or inserted by a merge, which moves all that follow: so if the first chunk
// and the last two are where they were, all are.
func (f *fileState) unchanged(r io.ReaderAt, size int64) (int, error) {
	same := func(i int, at int64) (bool, error) {
		c := f.Chunks[i]
		if c.Length < 0 || at+c.Length > size {
			return false, nil
		}
		h := crc32.New(castagnoli)
		_, err := io.Copy(h, io.NewSectionReader(r, at, c.Length))
		return err == nil && h.Sum32() == c.CRC, err
	}
	n := len(f.Chunks)
	if n == 0 {
		return 0, nil
	}
	starts := make([]int64, n)
	for i := 1; i < n; i++ {
		starts[i] = starts[i-1] + f.Chunks[i-1].Length
	}
	all := true
	for _, i := range []int{n - 1, max(n-2, 0), 0} {
		ok, err := same(i, starts[i])
		if err != nil {
			return 0, err
		}
		if all = all && ok; !all {
			break
		}
	}
	if all {
		return n, nil
	}
	for i := range n {
		ok, err := same(i, starts[i])
		if err != nil || !ok {
			return i, err
		}
	}
	return n, nil
}

// rawLine is a line without its end. Open says that it has none.
type rawLine struct {
	text          []byte
	tooLong, open bool
}

// readLine reads a line of any length, of which it keeps maxLine bytes at most, and
// gives all of its bytes to sum.
func readLine(r *bufio.Reader, sum func([]byte)) (line rawLine, size int64, err error) {
	for {
		part, err := r.ReadSlice('\n')
		sum(part)
		size += int64(len(part))
		if size > maxLine {
			line.tooLong = true
		} else {
			line.text = append(line.text, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		line.open = err != nil
		line.text = bytes.TrimSuffix(bytes.TrimSuffix(line.text, []byte("\n")), []byte("\r"))
		return line, size, err
	}
}
