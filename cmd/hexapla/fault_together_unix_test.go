//go:build unix

package main

import (
	"slices"
	"sync"
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
