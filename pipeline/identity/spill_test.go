package identity_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/identity"
)

// manyUnits returns an article of so many units; edited changes a word of each.
func manyUnits(path string, n int, edited bool) *bitext.Document {
	d := &bitext.Document{Path: path}
	var ids bitext.IDs
	for i := range n {
		text := fmt.Sprintf("%s: the freight number %d has arrived at the harbour in the morning.", path, i)
		if edited {
			text = fmt.Sprintf("%s: the freight number %d has arrived at the harbour in the evening.", path, i)
		}
		u := bitext.Unit{Kind: bitext.Paragraph, Source: bitext.Plain(text)}
		u.ID = ids.Content(u.Kind, u.Source)
		d.Units = append(d.Units, u)
	}
	return d
}

// TestSpill checks that a register writes the same file, and has the same identities,
// whether its lines are in memory or in a file, and that a file that cannot be made, is
// full or is damaged loses nothing without an error.
func TestSpill(t *testing.T) {
	keep := func(string) bool { return true }
	run := func(create func() (identity.File, error)) (string, string, error) {
		known := identity.Parse(nil)
		known.Record()
		for a := range 2 {
			known.Apply(manyUnits(fmt.Sprintf("a%d.md", a), 100, false))
		}
		r := identity.Parse(known.Encode(keep))
		r.Record()
		if create != nil {
			r.SpillTo(create)
		}
		for a := range 120 {
			r.Apply(manyUnits(fmt.Sprintf("a%d.md", a), 100, a < 1))
		}
		digests := ""
		for a := range 120 {
			digest, known := r.Digest(fmt.Sprintf("a%d.md", a))
			digests += fmt.Sprintln(a, known, digest, len(r.Seen(fmt.Sprintf("a%d.md", a))))
		}
		var out bytes.Buffer
		err := r.Write(&out, keep)
		if err == nil && r.Changed() {
			t.Error("what was written is not what is known")
		}
		if err == nil {
			if d := manyUnits("a20.md", 100, true); len(r.Apply(d)) != 100 { // all are edited
				t.Error("units of an article whose line is in the file get new identities")
			}
		}
		return out.String(), digests, err
	}
	file, digests, err := run(nil)
	if err != nil {
		t.Fatal(err)
	}
	temporary := func() (*os.File, error) { return os.Create(filepath.Join(t.TempDir(), "spill")) }
	var spilled *os.File
	for _, tt := range []struct {
		name   string
		create func() (identity.File, error)
		fails  bool
	}{
		{name: "a file", create: func() (identity.File, error) {
			f, err := temporary()
			spilled = f
			return f, err
		}},
		{name: "no file", create: func() (identity.File, error) { return nil, errors.New("no space") }},
		{name: "a full file", create: func() (identity.File, error) {
			f, err := temporary()
			return &fullFile{File: f, room: 40_000}, err
		}},
		{name: "a damaged file", fails: true, create: func() (identity.File, error) {
			f, err := temporary()
			return damagedFile{f}, err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gotFile, gotDigests, err := run(tt.create)
			if tt.fails {
				if err == nil {
					t.Error("no error")
				}
				return
			}
			if err != nil || gotFile != file || gotDigests != digests {
				t.Errorf("%v; the same file: %v, the same digests: %v", err, gotFile == file, gotDigests == digests)
			}
		})
	}
	if info, err := spilled.Stat(); err != nil || info.Size() == 0 {
		t.Errorf("nothing was written to the file: %v", err)
	}
}

// fullFile is a file with room for so many bytes.
type fullFile struct {
	*os.File
	room int
}

func (f *fullFile) Write(p []byte) (int, error) {
	n, err := f.File.Write(p[:min(len(p), f.room)])
	f.room -= n
	if n < len(p) && err == nil {
		err = errors.New("no space left")
	}
	return n, err
}

// damagedFile is a file that cannot be read.
type damagedFile struct{ *os.File }

func (damagedFile) ReadAt([]byte, int64) (int, error) { return 0, io.ErrUnexpectedEOF }
