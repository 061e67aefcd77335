package main

import (
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkStart is what every command does before its own work, but for the
// initialization of packages (GODEBUG=inittrace=1).
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		newApp(nil, io.Discard, io.Discard)
	}
}

// TestStart checks that packages make little when the program starts: every command
// waits for it. Regular expressions and tables are made at their first use, with
// package lazy or sync.OnceValue. What the packages allocate is counted, in a new
// process of this program; nothing is timed.
func TestStart(t *testing.T) {
	const most, mostOfOne = 600 << 10, 128 << 10 // bytes
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, trace)
	}
	all, packages := 0, 0
	for line := range strings.Lines(string(trace)) {
		// init NAME @TIME ms, TIME ms clock, N bytes, N allocs
		f := strings.Fields(line)
		if len(f) < 11 || f[0] != "init" || !strings.HasPrefix(f[1], "hexapla/") {
			continue
		}
		n, err := strconv.Atoi(f[7])
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if n > mostOfOne {
			t.Errorf("%s allocates %d bytes when the program starts; at most %d", f[1], n, mostOfOne)
		}
		all += n
		packages++
	}
	if packages == 0 {
		t.Fatalf("no package in the trace: %s", trace)
	}
	t.Logf("%d packages allocate %d bytes", packages, all)
	if all > most {
		t.Errorf("all packages allocate %d bytes when the program starts; at most %d", all, most)
	}
}
