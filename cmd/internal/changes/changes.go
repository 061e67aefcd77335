// Package changes finds which lines of which files a branch changed, from git or from
// a unified diff.
package changes

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hexapla/cmd/internal/exit"
)

// A Set is changed lines by file. The names of files are absolute.
type Set struct {
	files   map[string][]span
	removed map[string][]string // lines that are no longer in a file
}

// span is lines from first to last. A removal has the lines before and after it.
type span struct{ first, last int }

// wholeFile are the lines of a file that is new.
var wholeFile = span{1, int(^uint(0) >> 1)}

// File reports whether the file changed.
func (s *Set) File(name string) bool { return len(s.files[absolute(name)]) > 0 }

// Lines reports whether one of the lines from first to last of the file changed. A
// last below first stands for first.
func (s *Set) Lines(name string, first, last int) bool {
	last = max(first, last)
	for _, c := range s.files[absolute(name)] {
		if c.first <= last && first <= c.last {
			return true
		}
	}
	return false
}

// Removed reports whether a line that the file no longer has contains a text.
func (s *Set) Removed(name, text string) bool {
	return slices.ContainsFunc(s.removed[absolute(name)], func(line string) bool { return strings.Contains(line, text) })
}

// absolute returns the absolute name of a file, without symbolic links in its folder:
// git names files that way.
func absolute(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// Since returns what changed in the git repository of a folder since its branch left
// revision: commits, and what is not committed, files that git does not know
// included.
func Since(ctx context.Context, dir, revision string) (*Set, error) {
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, exit.Usagef("--changed-since: %w; without git, give a diff with --diff", err)
	}
	root := strings.TrimRight(string(top), "\r\n")
	base, err := git(ctx, root, "merge-base", "--end-of-options", revision, "HEAD")
	if err != nil {
		return nil, exit.Usagef("--changed-since %s: %w; a shallow clone may lack it (fetch-depth: 0)", revision, err)
	}
	diff, err := git(ctx, root, "-c", "core.quotePath=true", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/", "--unified=0", strings.TrimSpace(string(base)), "--")
	if err != nil {
		return nil, err
	}
	s, err := Parse(bytes.NewReader(diff), root)
	if err != nil {
		return nil, err
	}
	others, err := git(ctx, root, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(others), "\x00") {
		if name != "" {
			s.add(root, name, wholeFile)
		}
	}
	return s, nil
}

// git runs git and returns what it prints.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	var errw bytes.Buffer
	cmd.Stderr = &errw
	out, err := cmd.Output()
	if err != nil {
		if text, _, _ := strings.Cut(strings.TrimSpace(errw.String()), "\n"); text != "" {
			return nil, fmt.Errorf("git: %s", text)
		}
		return nil, fmt.Errorf("git: %w", err)
	}
	return out, nil
}

// Root returns the folder that the names in a diff are below: that of the git
// repository above a folder, else the folder itself.
func Root(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	for at := abs; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return abs
		}
	}
}

// Parse reads a unified diff, as of git diff or diff -u, whose names are below root. A
// name may have the prefix "b/" of git. What is not part of a diff is ignored, as the
// text of a mail is; a diff with a header that does not parse is a usage error.
func Parse(r io.Reader, root string) (*Set, error) {
	s := &Set{files: map[string][]span{}, removed: map[string][]string{}}
	in := bufio.NewReader(r)
	var name string
	old, added, line := 0, 0, 0 // lines that are left of a hunk; the next line of the new file
	for n := 1; ; n++ {
		text, err := in.ReadString('\n')
		if err != nil && err != io.EOF {
			return nil, err
		}
		text = strings.TrimRight(text, "\r\n")
		switch {
		case old > 0 || added > 0:
			switch {
			case strings.HasPrefix(text, "+"):
				s.add(root, name, span{line, line})
				added--
				line++
			case strings.HasPrefix(text, "-"):
				if file := s.add(root, name, span{line - 1, line}); file != "" {
					s.removed[file] = append(s.removed[file], text[1:])
				}
				old--
			case strings.HasPrefix(text, `\`): // \ No newline at end of file
			default:
				old--
				added--
				line++
			}
		case strings.HasPrefix(text, "+++ "):
			if name, err = fileName(text[len("+++ "):]); err != nil {
				return nil, exit.Usagef("diff, line %d: %w", n, err)
			}
		case strings.HasPrefix(text, "@@ "):
			if old, added, line, err = hunk(text); err != nil {
				return nil, exit.Usagef("diff, line %d: %w", n, err)
			}
			if name == "" {
				return nil, exit.Usagef("diff, line %d: no line +++ FILE before it", n)
			}
		}
		if err == io.EOF || text == "" && in.Buffered() == 0 {
			if _, err := in.Peek(1); err == io.EOF {
				return s, nil
			}
		}
	}
}

// add adds changed lines, and returns the absolute name of the file; "" for a file that
// is gone, or outside root.
func (s *Set) add(root, name string, lines span) string {
	if name == "" || name == os.DevNull || !filepath.IsLocal(filepath.FromSlash(name)) {
		return ""
	}
	file := absolute(filepath.Join(root, filepath.FromSlash(name)))
	if list := s.files[file]; len(list) > 0 && list[len(list)-1].last >= lines.first-1 && list[len(list)-1].first <= lines.first {
		list[len(list)-1].last = max(list[len(list)-1].last, lines.last)
		return file
	}
	s.files[file] = append(s.files[file], lines)
	return file
}

// fileName returns the name in a line +++ without git's prefix and quotes, and
// without the time that diff -u writes behind a tab.
func fileName(text string) (string, error) {
	name := text
	if strings.HasPrefix(text, `"`) {
		unquoted, err := strconv.Unquote(strings.TrimRight(text, "\t "))
		if err != nil {
			return "", fmt.Errorf("file name %s does not parse", text)
		}
		name = unquoted
	} else {
		name, _, _ = strings.Cut(name, "\t")
	}
	if name == "/dev/null" {
		return os.DevNull, nil
	}
	return strings.TrimPrefix(name, "b/"), nil
}

// hunk reads "@@ -1,2 +3,4 @@": the numbers of lines, and the first of the new file.
func hunk(text string) (old, added, line int, err error) {
	fields := strings.Fields(text)
	if len(fields) < 4 || fields[3] != "@@" {
		return 0, 0, 0, fmt.Errorf("%.60q is not the head of a hunk", text)
	}
	part := func(s, sign string) (first, n int) {
		s, ok := strings.CutPrefix(s, sign)
		a, b, has := strings.Cut(s, ",")
		first, err1 := strconv.Atoi(a)
		n = 1
		var err2 error
		if has {
			n, err2 = strconv.Atoi(b)
		}
		const most = 1 << 30
		if !ok || err1 != nil || err2 != nil || first < 0 || n < 0 || first > most || n > most {
			err = fmt.Errorf("%.60q is not the head of a hunk", text)
		}
		return first, n
	}
	_, old = part(fields[1], "-")
	line, added = part(fields[2], "+")
	if added == 0 {
		line++ // git names the line before a removal
	}
	return old, added, line, err
}
