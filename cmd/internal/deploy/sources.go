package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/diag"
)

// sourcesVersion is the version of the form of the record of sources.
const sourcesVersion = 1

// sourcesRecord is the file, in the folder of the state, that remembers what came from
// object storage.
type sourcesRecord struct {
	Version int                   `json:"version"`
	Target  string                `json:"target"`
	Files   map[string]sourceFile `json:"files"` // by path
}

// sourceFile is an object as it was when it was copied.
type sourceFile struct {
	ETag   string `json:"etag"`
	SHA256 string `json:"sha256"`

	listed bool // there is an object of this key now
}

// FetchSources brings the articles of a project's folder up to date with object storage:
// the objects below the target whose paths are wanted. An object is read again when its
// ETag is another one, and its file is removed when it is gone. A file that was changed in
// the folder is left as it is, with a finding, and so is an object whose key cannot be the
// path of a file everywhere. state is the folder below dir for the record.
func FetchSources(ctx context.Context, dir *rootfs.Dir, state string, t Target, wanted func(path string) bool) ([]diag.Diagnostic, error) {
	b, err := open(t, "")
	if err != nil {
		return nil, exit.UsageError{Err: fmt.Errorf("sources: %w", err)}
	}
	s := &sources{bucket: b, dir: dir, name: path.Join(state, "sources.json"), record: sourcesRecord{Version: sourcesVersion, Target: t.Host + " " + t.String(), Files: map[string]sourceFile{}}}
	if data, err := dir.ReadState(s.name); err == nil {
		var old sourcesRecord
		if json.Unmarshal(data, &old) == nil && old.Version == sourcesVersion && old.Target == s.record.Target && old.Files != nil {
			s.record.Files = old.Files
		}
	}
	for range attempts {
		s.found = nil
		if err = s.fetch(ctx, wanted); !errors.Is(err, errChanged) {
			break
		}
	}
	diag.Sort(s.found)
	return s.found, errors.Join(err, s.write())
}

// sources are the articles that come from a bucket.
type sources struct {
	bucket *bucket
	dir    *rootfs.Dir
	name   string // of the record

	mu     sync.Mutex
	record sourcesRecord
	found  []diag.Diagnostic
}

func (s *sources) add(id, name, message, hint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = append(s.found, diag.Diagnostic{ID: id, Severity: diag.Error, Place: diag.Place{Path: s.bucket.Target.String() + name}, Message: message, Hint: hint})
}

// list returns the keys of the objects that are articles or that must be reported, in
// their order, and the ETags of those which are not as in the record.
func (s *sources) list(ctx context.Context, wanted func(string) bool) (keys []string, tags map[string]string, err error) {
	for name, f := range s.record.Files {
		f.listed = false
		s.record.Files[name] = f
	}
	tags = map[string]string{}
	err = s.bucket.each(ctx, func(key, etag string) {
		f, known := s.record.Files[key]
		if known {
			f.listed = true
			s.record.Files[key] = f
		}
		if reason, article := keyReason(key, wanted); !article && reason == "" {
			return
		}
		keys = append(keys, key)
		if !known || f.ETag != etag {
			tags[key] = etag
		}
	})
	slices.Sort(keys) // not every service has them in order
	return keys, tags, err
}

// fetch copies what the bucket has now.
func (s *sources) fetch(ctx context.Context, wanted func(string) bool) error {
	keys, tags, err := s.list(ctx, wanted)
	if err != nil {
		return err
	}
	names, refused := sourceNames(keys, wanted)
	for _, r := range refused {
		s.add("source.name", r.name, r.reason, "give the object another key")
	}
	var gone []string
	for name, f := range s.record.Files {
		// An object that is not copied any more, because of its key or another one, is not gone.
		if !f.listed {
			gone = append(gone, name)
		}
	}
	if n := len(gone); n > fewRemoved && 2*n > len(s.record.Files) {
		return exit.Usagef("sources: %d of %d articles are gone from %s, so nothing was removed here: if that is right, remove them and %s", n, len(s.record.Files), s.bucket.Target, s.name)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for _, name := range names {
		g.Go(func() error {
			etag, ok := tags[name]
			if !ok {
				s.mu.Lock()
				etag = s.record.Files[name].ETag
				s.mu.Unlock()
			}
			return s.copy(ctx, name, etag)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, name := range gone {
		if err := s.remove(name); err != nil {
			return err
		}
	}
	return nil
}

// known returns what the record has of a file, and whether the file is as it was copied.
func (s *sources) known(name string) (f sourceFile, there, same bool, err error) {
	s.mu.Lock()
	f = s.record.Files[name]
	s.mu.Unlock()
	data, err := s.dir.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return f, false, false, nil
	}
	return f, err == nil, err == nil && hash(data) == f.SHA256, err
}

// copy brings one file up to date with the object of an ETag.
func (s *sources) copy(ctx context.Context, name, etag string) error {
	f, there, same, err := s.known(name)
	if err != nil {
		return err
	}
	if same && f.ETag == etag {
		return nil
	}
	data, err := s.bucket.readVersion(ctx, name, etag)
	if err != nil {
		return err
	}
	if there && !same {
		if now, err := s.dir.ReadFile(name); err != nil || !bytes.Equal(now, data) {
			s.add("source.changed", name, "the file of this article was changed in the project's folder; it is not overwritten", "put the change into the bucket, or remove the file")
			return err
		}
	}
	if _, err := s.dir.WriteFile(name, data); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record.Files[name] = sourceFile{ETag: etag, SHA256: hash(data)}
	return nil
}

// remove removes the file of an object that is gone.
func (s *sources) remove(name string) error {
	_, there, same, err := s.known(name)
	switch {
	case err != nil:
		return err
	case there && !same:
		s.add("source.changed", name, "the article is gone from the bucket, and its file was changed in the project's folder; it is not removed", "remove the file, or put it into the bucket")
		return nil
	case there:
		if err := s.dir.Remove(name); err != nil {
			return err
		}
	}
	delete(s.record.Files, name)
	return nil
}

// write writes the record. Without it, files that are as in the bucket are found again.
func (s *sources) write() error {
	data, err := json.Marshal(s.record)
	if err != nil {
		return err
	}
	_, err = s.dir.WriteFile(s.name, append(data, '\n'))
	return err
}

// refusedName is a key that is not copied.
type refusedName struct{ name, reason string }

// maxKey is the length of keys in bytes that the service of Amazon allows
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html); maxPart is
// that of a name which the usual file systems allow.
const (
	maxKey  = 1024
	maxPart = 255
)

// keyReason returns why the object of a key cannot be a file, "" if it can, and whether it
// is an article. Keys that end in / are folders of user interfaces.
func keyReason(key string, wanted func(string) bool) (reason string, article bool) {
	switch {
	case strings.HasSuffix(key, "/"):
		return "", false
	case strings.ContainsFunc(key, unicode.IsControl):
		return "the key of the object has a control character", false
	case strings.HasPrefix(key, "/") || slices.ContainsFunc(strings.Split(key, "/"), func(part string) bool { return part == "" || part == "." || part == ".." }):
		return "the key of the object is no path below the folder", false
	case len(key) > maxKey || slices.ContainsFunc(strings.Split(key, "/"), func(part string) bool { return len(part) > maxPart }):
		return fmt.Sprintf("the key of the object is longer than %d bytes, or a part of it than %d", maxKey, maxPart), false
	case !wanted(key):
		return "", false
	case !deployable(key) || strings.ContainsRune(key, ':'):
		return "the key of the object cannot be the path of a file on every system", false
	}
	return "", true
}

// sourceNames returns which of the keys of a bucket are to be files, in their order, and
// which of them cannot be.
func sourceNames(keys []string, wanted func(string) bool) (names []string, refused []refusedName) {
	for _, key := range keys {
		if reason, article := keyReason(key, wanted); article {
			names = append(names, key)
		} else if reason != "" {
			refused = append(refused, refusedName{key, reason})
		}
	}
	// Keys that are one path where case or composition does not count, or of which one is
	// the folder of another, would overwrite each other.
	fold := cases.Fold()
	folded := func(name string) string { return fold.String(norm.NFC.String(name)) }
	first, second, folders := map[string]string{}, map[string]string{}, map[string]bool{}
	for _, name := range names {
		f := folded(name)
		if _, ok := first[f]; !ok {
			first[f] = name
		} else if _, ok := second[f]; !ok {
			second[f] = name
		}
		for dir := path.Dir(f); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		f := folded(name)
		other, twice := second[f]
		switch {
		case twice:
			if first[f] != name {
				other = first[f]
			}
			refused = append(refused, refusedName{name, "on some systems it would be the same file as " + other})
		case folders[f]:
			refused = append(refused, refusedName{name, "other objects are below it, as in a folder"})
		default:
			return false
		}
		return true
	}), refused
}

// readVersion reads the object of an ETag. It fails with errChanged if there is another
// one, or none.
func (b *bucket) readVersion(ctx context.Context, name, etag string) ([]byte, error) {
	var o minio.GetObjectOptions
	if err := o.SetMatchETag(etag); err != nil {
		return nil, b.fail(name, err)
	}
	object, err := b.client.GetObject(ctx, b.Bucket, b.Prefix+name, o)
	if err != nil {
		return nil, b.fail(name, err)
	}
	defer object.Close()
	data, err := io.ReadAll(io.LimitReader(object, maxObject+1))
	if absent(err) {
		return nil, fmt.Errorf("%s%s: %w", b.Target, name, errChanged)
	}
	if err == nil && len(data) > maxObject {
		err = fmt.Errorf("it is larger than the limit of %d bytes", maxObject)
	}
	return data, b.fail(name, err)
}
