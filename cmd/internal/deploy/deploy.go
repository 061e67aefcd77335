// Package deploy copies a folder of pages to object storage that has the protocol of
// Amazon S3 (https://docs.aws.amazon.com/AmazonS3/latest/API/), and from there.
//
// A target has an index of the files that came from here, with their hashes. Three states
// of a file decide what is done with it: that in the folder, that in the target, and that
// in which this folder and the target were last equal, which the caller keeps. What only
// one side has changed is copied to the other; what both have, or what nobody knows, is
// left alone and reported.
//
// Every write is conditional: it fails if the object is not the one that was looked at.
// Pages are written first, then what lists them, manifests last, so that what a reader
// finds in a list is there; parts of manifests are removed after that. Before the first page
// the index names all files that will be written, so that a process that is killed leaves
// nothing behind that nobody knows.
package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/diag"
)

// Options control Upload and Fetch.
type Options struct {
	Version   string            // of the program, for the log of the service
	Cache     string            // Cache-Control of pages; empty for none
	Known     map[string]string // SHA-256 by path: where folder and target were last equal
	Owner     string            // of Known: the same for each call with it, and for no other
	Now       time.Time
	Overwrite bool // replace what both sides have changed, and what is not known
	DryRun    bool
}

// Result is what was done, or with DryRun would be done.
type Result struct {
	Written     []string          `json:"written"`
	Removed     []string          `json:"removed"`
	Unchanged   int               `json:"unchanged"`
	Known       map[string]string `json:"-"` // for the next time
	Diagnostics []diag.Diagnostic `json:"-"`
}

// parallel is how many files are copied at the same time.
const parallel = 8

// large is the size in bytes above which files are read one at a time.
const large = 32 << 20

// attempts is how often Upload begins anew when another program writes to the target.
const attempts = 5

// fewRemoved is how many files one call removes without asking. More of them, if they
// are more than half of the target, are more likely of a folder that was not built than
// what is meant.
const fewRemoved = 10

// unfinished is the time after which a deployment that has not ended is taken for one
// that was interrupted. Until then, what it has announced is left to it.
const unfinished = time.Hour

// Upload copies what has changed in a folder to a target, and removes there what the
// folder has no more.
func Upload(ctx context.Context, dir *rootfs.Dir, t Target, o Options) (*Result, error) {
	b, err := open(t, o.Version)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	b.cache = o.Cache
	local, odd, err := hashes(ctx, dir)
	if err != nil {
		return nil, err
	}
	if len(local) == 0 {
		return nil, exit.Usagef("%s has no files: build first", dir.Name())
	}
	for range attempts {
		var r *Result
		if r, err = upload(ctx, b, dir, local, o); !errors.Is(err, errChanged) {
			if r != nil {
				r.Diagnostics = append(odd, r.Diagnostics...)
				diag.Sort(r.Diagnostics)
			}
			return r, err
		}
		o.Known = r.Known // with what this attempt has written
	}
	return nil, err
}

// upload tries once. The Result of an attempt that failed has what it has written in
// Known.
func upload(ctx context.Context, b *bucket, dir *rootfs.Dir, local map[string]string, o Options) (*Result, error) {
	r := &Result{Written: []string{}, Removed: []string{}, Known: maps.Clone(o.Known)}
	if r.Known == nil {
		r.Known = map[string]string{}
	}
	idx, indexTag, err := b.readIndex(ctx)
	if err != nil {
		return r, err
	}
	tags, err := b.tags(ctx, idx, local)
	if err != nil {
		return r, err
	}
	write := r.plan(b, idx, tags, local, o)
	if n := len(r.Removed); n > fewRemoved && 2*n > len(idx.Files) && !o.Overwrite {
		return r, exit.Usagef("%d of the %d files of %s are not in %s and would be removed; --overwrite removes them", n, len(idx.Files), b.Target, dir.Name())
	}
	if o.DryRun {
		r.Written = append(r.Written, write...)
		return r, nil
	}
	if len(write) == 0 && len(r.Removed) == 0 {
		return r, nil
	}
	for _, name := range slices.Concat(write, r.Removed) {
		f := idx.Files[name]
		f.Next, f.By, f.At = local[name], o.Owner, o.Now.UTC()
		idx.Files[name] = f
	}
	if indexTag, err = b.writeIndex(ctx, idx, indexTag); err != nil {
		return r, err
	}
	if err := r.copy(ctx, b, dir, idx, tags, write); err != nil {
		return r, err
	}
	_, err = b.writeIndex(ctx, idx, indexTag)
	return r, err
}

// plan returns which files are to be written, and adds those to be removed and what is
// left alone to the Result. It corrects the index where that is certain.
func (r *Result) plan(b *bucket, idx *index, tags objectTags, local map[string]string, o Options) (write []string) {
	for _, name := range slices.Sorted(maps.Keys(local)) {
		sum := local[name]
		remote, listed := idx.Files[name]
		tag, there := tags.of(name)
		ours := there && listed && (tag == remote.ETag || remote.By != "")
		seen := listed && (remote.has(o.Known[name]) || remote.Next == sum || remote.By == o.Owner)
		switch {
		case ours && tag == remote.ETag && sum == remote.SHA256:
			r.Unchanged++
			r.Known[name] = sum
		case ours && seen, !there && seen, !there && !listed && o.Known[name] == "":
			write = append(write, name)
		case o.Overwrite:
			write = append(write, name)
		case !there && !listed:
			r.conflict(b, name, "another machine has removed it from the target", "'hexapla deploy --fetch' removes it here")
		case !listed:
			r.add(b, "deploy.foreign", name, "the target has a file of this name that no deployment has written", "move it away, or replace it with --overwrite")
		case there && !ours:
			r.conflict(b, name, "another program has changed the file in the target", "look at it; --overwrite replaces it")
		default:
			r.conflict(b, name, "another machine has deployed another version of it", "'hexapla deploy --fetch' and 'hexapla build' bring this folder up to date; --overwrite replaces it")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(idx.Files)) {
		if _, ok := local[name]; ok {
			continue
		}
		remote := idx.Files[name]
		tag, there := tags.of(name)
		mine := remote.By == o.Owner
		switch {
		case remote.By != "" && !mine && o.Now.Sub(remote.At) < unfinished:
			// Another machine is writing it.
		case !there:
			delete(idx.Files, name)
			delete(r.Known, name)
		case o.Overwrite, mine, remote.has(o.Known[name]) && (tag == remote.ETag || remote.By != ""):
			r.Removed = append(r.Removed, name)
		case remote.ETag == "":
			r.conflict(b, name, "a deployment of another machine has written it, and has not ended", "--overwrite removes it")
		default:
			r.conflict(b, name, "the target has a file that this folder has not, and never had", "'hexapla deploy --fetch' brings it here; --overwrite removes it there")
		}
	}
	return write
}

func (r *Result) conflict(b *bucket, name, message, hint string) {
	r.add(b, "deploy.conflict", name, message, hint)
}

func (r *Result) add(b *bucket, id, name, message, hint string) {
	r.Diagnostics = append(r.Diagnostics, diag.Diagnostic{ID: id, Severity: diag.Error, Place: diag.Place{Path: b.Target.String() + name}, Message: message, Hint: hint})
}

// copy writes and removes files of the target, and notes them in the index.
func (r *Result) copy(ctx context.Context, b *bucket, dir *rootfs.Dir, idx *index, tags objectTags, write []string) error {
	var mu, alone sync.Mutex
	for p := 0; p <= 3; p++ {
		if err := r.remove(ctx, b, idx, p); err != nil {
			return err
		}
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(parallel)
		for _, name := range write {
			if phase(name) != p {
				continue
			}
			mu.Lock()
			old, _ := tags.of(name)
			mu.Unlock()
			g.Go(func() error {
				if info, err := dir.Root().Stat(filepath.FromSlash(name)); err == nil && info.Size() > large {
					alone.Lock() // several of them would not fit into memory
					defer alone.Unlock()
				}
				data, err := dir.ReadFile(name)
				if err != nil {
					return err
				}
				etag, err := b.write(ctx, name, data, old)
				if err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				f := file{SHA256: hash(data), ETag: etag}
				idx.Files[name], r.Known[name] = f, f.SHA256
				r.Written = append(r.Written, name)
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	slices.Sort(r.Written)
	return nil
}

// remove removes the files that are removed before those of a phase are written.
func (r *Result) remove(ctx context.Context, b *bucket, idx *index, p int) error {
	for _, name := range r.Removed {
		if removalPhase(name) != p {
			continue
		}
		if err := b.remove(ctx, name); err != nil {
			return err
		}
		delete(idx.Files, name)
		delete(r.Known, name)
	}
	return nil
}

// Fetch copies what has changed in a target into a folder, and removes there what other
// machines have removed from the target.
func Fetch(ctx context.Context, dir *rootfs.Dir, t Target, o Options) (*Result, error) {
	b, err := open(t, o.Version)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	local, _, err := hashes(ctx, dir)
	if err != nil {
		return nil, err
	}
	idx, _, err := b.readIndex(ctx)
	if err != nil {
		return nil, err
	}
	r := &Result{Written: []string{}, Removed: []string{}, Known: maps.Clone(o.Known)}
	if r.Known == nil {
		r.Known = map[string]string{}
	}
	var write []string
	for _, name := range slices.Sorted(maps.Keys(idx.Files)) {
		remote := idx.Files[name]
		sum, here := local[name]
		known, wasKnown := o.Known[name]
		switch {
		case !deployable(name):
			r.add(b, "deploy.foreign", name, "the index of the target names a path that no deployment writes; it is not fetched", "")
		case here && remote.By == "" && sum == remote.SHA256:
			r.Unchanged++
			r.Known[name] = sum
		case o.Overwrite, !here && !wasKnown, here && wasKnown && sum == known:
			write = append(write, name)
		case remote.By == "" && known == remote.SHA256:
			r.Unchanged++ // changed or removed here only
		default:
			r.conflict(b, name, "it was changed here and in the target", "--overwrite replaces the one here")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Known)) {
		if _, ok := idx.Files[name]; ok {
			continue
		}
		if sum, here := local[name]; here && (sum == o.Known[name] || o.Overwrite) {
			r.Removed = append(r.Removed, name)
		} else if !here {
			delete(r.Known, name)
		}
	}
	if o.DryRun {
		r.Written = append(r.Written, write...)
		return r, nil
	}
	if err := r.fetch(ctx, b, dir, idx, write); err != nil {
		return r, err
	}
	for _, name := range r.Removed {
		if err := dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		delete(r.Known, name)
	}
	diag.Sort(r.Diagnostics)
	return r, nil
}

func (r *Result) fetch(ctx context.Context, b *bucket, dir *rootfs.Dir, idx *index, write []string) error {
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for _, name := range write {
		g.Go(func() error {
			file, err := dir.CreateFile(name)
			if err != nil {
				return err
			}
			sum, ok, err := b.copyTo(ctx, name, file)
			if err != nil {
				return errors.Join(err, file.Abort())
			}
			if !ok || !idx.Files[name].has(sum) {
				err = file.Abort()
			} else {
				err = file.Commit()
			}
			if err != nil {
				return err
			}
			if !ok && idx.Files[name].ETag == "" {
				return nil // not written yet
			}
			if !ok || !idx.Files[name].has(sum) {
				return fmt.Errorf("%s%s is not that of the index: another machine deploys at the same time, or it was changed; fetch again", b.Target, name)
			}
			mu.Lock()
			defer mu.Unlock()
			r.Known[name] = sum
			r.Written = append(r.Written, name)
			return nil
		})
	}
	err := g.Wait()
	slices.Sort(r.Written)
	return err
}

// deployable reports whether a path is one that a deployment writes: no part of it is
// hidden or leaves the folder.
func deployable(name string) bool {
	if !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part[0] == '.' {
			return false
		}
	}
	return true
}

// hashes returns the hashes of the files of a folder by path, and what cannot be
// deployed. Hidden files and folders are left out.
func hashes(ctx context.Context, dir *rootfs.Dir) (sums map[string]string, odd []diag.Diagnostic, err error) {
	sums = map[string]string{}
	err = fs.WalkDir(dir.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case name == ".":
			return nil
		case path.Base(name)[0] == '.':
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !d.Type().IsRegular() || !deployable(name):
			odd = append(odd, diag.Diagnostic{ID: "deploy.file", Severity: diag.Warning, Place: diag.Place{Path: dir.Path(name)}, Message: "it is not a regular file: it is not deployed", Hint: "put a copy in its place"})
			return nil
		}
		sums[name], err = hashFile(dir, name)
		return err
	})
	return sums, odd, err
}

// hashFile returns the hash of a file, which is not kept in memory.
func hashFile(dir *rootfs.Dir, name string) (string, error) {
	f, err := dir.OpenFile(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
