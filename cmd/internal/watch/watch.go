// Package watch waits for changes of the files below a folder.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watcher reports changes of the files below a folder, and of folders that are added
// to it. It asks the operating system, which needs no time while nothing changes,
// however many files there are, and tells of a change at once.
type Watcher struct {
	root    string
	events  *fsnotify.Watcher
	ignored map[string]bool // folders and files below root
	state   []string        // folders of which only some files count
	stamps  map[string]stamp
}

// stamp tells versions of a file apart.
type stamp struct {
	size     int64
	modified time.Time
}

// quiet is the time without changes after which Wait returns: an editor may write a
// file in several steps.
const quiet = 15 * time.Millisecond

// New watches the folder root. Below the folders state, which the program itself writes
// to, changes of a file count if its size or time is another than when Remember was called
// last; -shm files of SQLite never count. Folders of version control, and what a memory keeps beside its database
// to find similar texts, do not count.
func New(root string, state ...string) (*Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	w := &Watcher{root: root, events: events, ignored: map[string]bool{}, stamps: map[string]stamp{}}
	for _, folder := range state {
		w.state = append(w.state, filepath.FromSlash(folder))
	}
	if err := w.add(root); err != nil {
		return nil, errors.Join(err, events.Close())
	}
	return w, nil
}

// Close ends the watch.
func (w *Watcher) Close() error { return w.events.Close() }

// Ignore leaves out what is below a folder, given with slashes below the root.
func (w *Watcher) Ignore(folder string) {
	if folder = filepath.Clean(filepath.FromSlash(folder)); folder != "." {
		w.ignored[folder] = true
	}
}

// add watches a folder and those below it. Links are not followed.
func (w *Watcher) add(folder string) error {
	return filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			if name == w.root {
				return err
			}
			return nil // it is gone again
		}
		if !e.IsDir() {
			return nil
		}
		if rel, ok := w.rel(name); ok && w.skips(rel) {
			return filepath.SkipDir
		}
		if err := w.events.Add(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("watch %s: %w (the system may limit how many folders are watched)", name, err)
		}
		return nil
	})
}

func (w *Watcher) rel(name string) (string, bool) {
	rel, err := filepath.Rel(w.root, name)
	return rel, err == nil && rel != "."
}

// skips reports whether what is at a path below the root never counts.
func (w *Watcher) skips(rel string) bool {
	for part := rel; part != "."; part = filepath.Dir(part) {
		if w.ignored[part] {
			return true
		}
		switch base := filepath.Base(part); {
		case base == ".git", base == ".hg", base == ".svn", strings.HasSuffix(base, ".db-similar"):
			return true // the last is what a memory keeps for itself
		}
	}
	base := filepath.Base(rel)
	if filepath.Ext(base) == ".lock" && slices.Contains(w.state, filepath.Dir(filepath.Dir(rel))) {
		return true // of a build; two that watch one project would wake each other for ever
	}
	return strings.HasSuffix(base, "-shm") || strings.HasPrefix(base, ".hexapla-") && strings.HasSuffix(base, ".tmp")
}

// counts reports whether an event is a change.
func (w *Watcher) counts(e fsnotify.Event) bool {
	rel, ok := w.rel(e.Name)
	if !ok || e.Op == fsnotify.Chmod || w.skips(rel) {
		return false
	}
	if e.Op.Has(fsnotify.Create) {
		if info, err := os.Lstat(e.Name); err == nil && info.IsDir() {
			_ = w.add(e.Name)
		}
	}
	if slices.ContainsFunc(w.state, func(folder string) bool {
		return rel == folder || strings.HasPrefix(rel, folder+string(filepath.Separator))
	}) {
		return w.stamp(e.Name) != w.stamps[e.Name]
	}
	return true
}

// stamp returns the stamp of a file. One that is empty, as the log of a database that
// was opened to read, counts as one that is not there.
func (w *Watcher) stamp(name string) stamp {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

// Remember notes the files below the state folders as they are: what the program itself
// wrote there is no change.
func (w *Watcher) Remember() {
	clear(w.stamps)
	for _, folder := range w.state {
		_ = filepath.WalkDir(filepath.Join(w.root, folder), func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				w.stamps[name] = w.stamp(name)
			}
			return nil
		})
	}
}

// Wait returns when files have changed and then not for a moment, or with the error of
// the context.
func (w *Watcher) Wait(ctx context.Context) error {
	var pause <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-pause:
			return nil
		case e, ok := <-w.events.Events:
			if !ok {
				return fs.ErrClosed
			}
			if w.counts(e) {
				pause = time.After(quiet)
			}
		case err, ok := <-w.events.Errors:
			if !ok {
				return fs.ErrClosed
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return fmt.Errorf("watch %s: %w", w.root, err)
			}
			pause = time.After(quiet) // some changes were lost: anything may have changed
		}
	}
}
