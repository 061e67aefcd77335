// Package goldentest compares what a test produced with files that hold the
// expected output. With the flag -update the files are written instead:
//
//	go test ./pipeline/report -update && git diff
//
// It is the only package that defines the flag. Read the difference before you
// commit it: an accepted file is what all later versions must produce.
package goldentest

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the expected output of tests instead of comparing with it")

// Update reports whether expected output is to be written instead of compared.
func Update() bool { return *update }

// Check compares got with the file, and fails the test where they differ.
func Check(t testing.TB, file string, got []byte) {
	t.Helper()
	if Update() {
		Write(t, file, got)
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	if diff := Diff(want, got); diff != "" {
		t.Errorf("%s differs; run with -update and read the difference:\n%s", file, diff)
	}
}

// CheckDir compares files, by their slash-separated names, with all files below a
// folder.
func CheckDir(t testing.TB, dir string, got map[string][]byte) {
	t.Helper()
	if Update() {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	} else {
		err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			rel, err := filepath.Rel(dir, name)
			if _, ok := got[filepath.ToSlash(rel)]; !ok && err == nil {
				t.Errorf("%s is no longer produced; -update removes it", name)
			}
			return err
		})
		if err != nil {
			t.Fatalf("%v; -update writes it", err)
		}
	}
	names := make([]string, 0, len(got))
	for name := range got {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		Check(t, filepath.Join(dir, filepath.FromSlash(name)), got[name])
	}
}

// Write writes expected output, with its folder.
func Write(t testing.TB, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// maxLines is the number of different lines that Diff shows.
const maxLines = 20

// Diff returns the lines in which two texts differ, between what they have in
// common at the start and at the end; "" if they are equal.
func Diff(want, got []byte) string {
	if bytes.Equal(want, got) {
		return ""
	}
	w, g := bytes.SplitAfter(want, []byte("\n")), bytes.SplitAfter(got, []byte("\n"))
	first := 0
	for first < min(len(w), len(g)) && bytes.Equal(w[first], g[first]) {
		first++
	}
	last := 0
	for last < min(len(w), len(g))-first && bytes.Equal(w[len(w)-1-last], g[len(g)-1-last]) {
		last++
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "from line %d:\n", first+1)
	for _, side := range []struct {
		sign  string
		lines [][]byte
	}{{"-", w[first : len(w)-last]}, {"+", g[first : len(g)-last]}} {
		for i, line := range side.lines {
			if i == maxLines {
				fmt.Fprintf(&b, "%s … %d more\n", side.sign, len(side.lines)-i)
				break
			}
			fmt.Fprintf(&b, "%s %q\n", side.sign, line)
		}
	}
	return b.String()
}
