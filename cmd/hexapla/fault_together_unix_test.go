//go:build unix

package main

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// atOnce runs commands side by side and returns their exit statuses.
func (f *fault) atOnce(commands ...[]string) []int {
	f.Helper()
	codes := make([]int, len(commands))
	var group sync.WaitGroup
	for i, args := range commands {
		cmd, out := f.start(args...)
		group.Go(func() {
			if codes[i] = f.end(cmd, out); codes[i] > 1 {
				f.Errorf("%q: exit status %d beside another command:\n%.800s", args, codes[i], out.Bytes())
			}
		})
	}
	group.Wait()
	return codes
}

func (f *fault) twoImports() {
	translators := []string{"Олени", "Павла"}
	codes := f.atOnce(f.importArgs(translators[0]), f.importArgs(translators[1]))
	for i, code := range codes {
		if code == 0 {
			f.acknowledged(translators[i])
		}
	}
	if !slices.Contains(codes, 0) {
		f.Errorf("no import succeeded: %v", codes)
	}
}

// replacedImport puts another file in the place of the one that is being imported: what is
// stored is one of them, whole.
func (f *fault) replacedImport() {
	args := f.importArgs("Олени")
	path := args[len(args)-1]
	other := f.importArgs("Павла")
	cmd, out := f.start(args...)
	time.Sleep(time.Duration(f.rand.Int64N(int64(f.s.importTime))))
	if err := os.Rename(other[len(other)-1], path); err != nil {
		f.Fatal(err)
	}
	if code := f.end(cmd, out); code > 1 {
		f.Errorf("the import ends with %d:\n%.800s", code, out.Bytes())
	}
	stored := f.must("memory", "export")
	n := faultArticles * faultSentences
	if a, b := strings.Count(stored, " для Олени "), strings.Count(stored, " для Павла "); a+b != n || a != 0 && b != 0 {
		f.Errorf("%d and %d texts of two files are stored, want %d of one", a, b, n)
	}
}

// pipedImport imports from a named pipe: it is read once, and all of it is stored.
func (f *fault) pipedImport() {
	args := f.importArgs("Олени")
	path := args[len(args)-1]
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	if err := errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600)); err != nil {
		f.Fatal(err)
	}
	cmd, out := f.start(args...)
	written := make(chan error, 1)
	go func() { // a pipe that nobody opens is opened below
		pipe, err := os.OpenFile(path, os.O_RDWR, 0)
		if err == nil {
			_, err = pipe.Write(data)
			time.Sleep(time.Second) // until the reader has it open
			err = errors.Join(err, pipe.Close())
		}
		written <- err
	}()
	code := f.end(cmd, out)
	if code > 1 { // refused with the reason
		if !strings.Contains(out.String(), "regular file") {
			f.Errorf("the import ends with %d:\n%.800s", code, out.Bytes())
		}
		return
	}
	if err := <-written; err != nil {
		f.Error(err)
	}
	f.acknowledged("Олени")
}
