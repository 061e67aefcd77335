package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/lazy"
)

// A job may name a commit of the git repository that the project's folder is in. Then a
// worker reads the project from that commit: it has a tree of its own for it (a worktree
// of git, below the folder for what can be made again), and fetches the commit if it does
// not have it. Memory, output folder and engines are those of every other job.

// commitHash matches the name of a commit: SHA-1 or SHA-256.
var commitHash = lazy.Regexp(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

// errTreeBusy is the error of revisions.use while another commit is in use.
var errTreeBusy = errors.New("another revision is in use")

// ResolveRevision returns the commit that a revision names in the repository of a folder.
func ResolveRevision(ctx context.Context, dir, revision string) (string, error) {
	out, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	commit := strings.TrimSpace(out)
	if err != nil || !commitHash().MatchString(commit) {
		return "", exit.Usagef("--revision: %q names no commit of the git repository of %s", revision, dir)
	}
	return commit, nil
}

// revisions is the tree of a worker for commits.
type revisions struct {
	dir string // the project

	mu     sync.Mutex
	lock   *os.File
	tree   string // empty before the first use
	prefix string // of the project, below the repository
	commit string
	users  int
}

// use returns the folder of the project at a commit. It stays so until the returned
// function is called.
func (r *revisions) use(ctx context.Context, commit string) (dir string, done func(), err error) {
	if !commitHash().MatchString(commit) {
		return "", nil, fmt.Errorf("%q is not the hash of a commit", commit)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.users > 0 && r.commit != commit {
		return "", nil, errTreeBusy
	}
	if r.users == 0 {
		if err := r.checkOut(ctx, commit); err != nil {
			r.commit = ""
			return "", nil, fmt.Errorf("revision %s: %w", commit, err)
		}
		r.commit = commit
	}
	r.users++
	return filepath.Join(r.tree, filepath.FromSlash(r.prefix)), sync.OnceFunc(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.users--
	}), nil
}

// checkOut makes the tree that of a commit, whatever an earlier build has left in it.
func (r *revisions) checkOut(ctx context.Context, commit string) error {
	if r.tree == "" {
		if err := r.choose(ctx); err != nil {
			return err
		}
	}
	if _, err := git(ctx, r.dir, "cat-file", "-e", commit+"^{commit}"); err != nil {
		if _, err := git(ctx, r.dir, "fetch", "--quiet", "--no-tags", "origin", commit); err != nil {
			// Not every server gives out a commit by its name.
			if _, err := git(ctx, r.dir, "fetch", "--quiet", "origin"); err != nil {
				return err
			}
		}
		if _, err := git(ctx, r.dir, "cat-file", "-e", commit+"^{commit}"); err != nil {
			return exit.UsageError{Err: errors.New("the repository that the worker's was cloned from does not have it: push it")}
		}
	}
	if _, err := os.Stat(filepath.Join(r.tree, ".git")); err != nil {
		if _, err := git(ctx, r.dir, "worktree", "prune"); err != nil {
			return err
		}
		if _, err := git(ctx, r.dir, "worktree", "add", "--quiet", "--force", "--detach", "--no-checkout", r.tree, commit); err != nil {
			return err
		}
	}
	return r.reset(ctx, commit)
}

// reset makes the files of the tree those of a commit.
func (r *revisions) reset(ctx context.Context, commit string) error {
	if _, err := git(ctx, r.tree, "checkout", "--quiet", "--force", "--detach", commit); err != nil {
		return err
	}
	_, err := git(ctx, r.tree, "clean", "-ffdq", "--exclude="+workspace.StateFolder)
	return err
}

// restore undoes what a build has written into the tree, such as the identities of new
// units: other workers have the files of the commit.
func (r *revisions) restore(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.commit == "" {
		return nil
	}
	return r.reset(ctx, r.commit)
}

// choose finds a tree that no other process uses.
func (r *revisions) choose(ctx context.Context) error {
	prefix, err := git(ctx, r.dir, "rev-parse", "--show-prefix")
	if err != nil {
		return err
	}
	r.prefix = strings.TrimSpace(prefix)
	folder := filepath.Join(r.dir, workspace.StateFolder, "revisions")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for n := 1; ; n++ {
		name := filepath.Join(folder, fmt.Sprint(n))
		f, err := os.OpenFile(name+".lock", os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return err
		}
		locked, err := lock(f)
		if locked {
			r.lock, r.tree = f, name
			return nil
		}
		_ = f.Close()
		if err != nil { // another tree could not be locked either
			return fmt.Errorf("lock %s: %w; keep the project on a file system with locks", f.Name(), err)
		}
	}
}

// close gives the tree to others.
func (r *revisions) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lock != nil {
		_ = r.lock.Close()
	}
}

// git runs git in a folder and returns what it prints. No hook of the repository runs,
// no question is asked, and no variable of an outer git is in effect.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.hooksPath=" + os.DevNull}, args...)...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "GIT_DIR=") && !strings.HasPrefix(v, "GIT_WORK_TREE=") && !strings.HasPrefix(v, "GIT_INDEX_FILE=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_TERMINAL_PROMPT=0")
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if text := strings.TrimSpace(problem.String()); text != "" {
			return "", fmt.Errorf("git %s: %s", args[0], text[strings.LastIndexByte(text, '\n')+1:])
		}
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return out.String(), nil
}
