package deploy

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"path/filepath"

	"hexapla/cmd/internal/rootfs"
)

// Record is the file that remembers where a folder and a target were last equal. It can
// be lost: then what differs on both sides is reported and not overwritten.
type Record struct {
	Known map[string]string // SHA-256 by path
	Owner string            // identifies the record

	dir          *rootfs.Dir
	name, target string
}

// recordVersion is the version of the form of records.
const recordVersion = 1

// recordFile is the file of a record.
type recordFile struct {
	Version int               `json:"version"`
	Owner   string            `json:"owner"`
	Target  string            `json:"target"`
	Files   map[string]string `json:"files"`
}

// OpenRecord returns the record of a folder and a target, an empty one if it cannot be
// read. state is the folder below dir for such files.
func OpenRecord(dir *rootfs.Dir, state string, t Target, folder string) *Record {
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	sum := sha256.Sum256([]byte(t.Host + "\n" + t.String() + "\n" + folder))
	r := &Record{dir: dir, name: path.Join(state, "deploy", hex.EncodeToString(sum[:8])+".json"), Owner: rand.Text(), target: t.String(), Known: map[string]string{}}
	data, err := dir.ReadFile(r.name)
	var f recordFile
	if err == nil && json.Unmarshal(data, &f) == nil && f.Version == recordVersion && f.Target == t.String() && f.Files != nil && f.Owner != "" {
		r.Known, r.Owner = f.Files, f.Owner
	}
	return r
}

// Write writes the record.
func (r *Record) Write(known map[string]string) error {
	f := recordFile{Version: recordVersion, Owner: r.Owner, Target: r.target, Files: known}
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = r.dir.WriteFile(r.name, append(data, '\n'))
	return err
}
