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

// TestLists holds that the long lists of descriptions are there where they are read, once,
// and that no other command makes them.
func TestLists(t *testing.T) {
	const most = 4000 // allocations; the lists are 13,000
	if n := testing.AllocsPerRun(1, func() { newApp(nil, io.Discard, io.Discard) }); n > most {
		t.Errorf("every command makes %.0f allocations before it begins; at most %d", n, most)
	}
	for _, args := range [][]string{{"checks", "--help"}, {"help", "config"}} {
		var out, errw strings.Builder
		if code := run(t.Context(), append([]string{"hexapla"}, args...), strings.NewReader(""), &out, &errw); code != 0 {
			t.Fatalf("%q: exit code %d: %s", args, code, errw.String())
		}
		want := "adopt.unknown-text"
		if strings.Contains(strings.Join(args[:2], " "), "config") {
			want = "[policy]"
		}
		if n := strings.Count(out.String(), want); n != 1 {
			t.Errorf("%q has %s %d times", args, want, n)
		}
	}
	app := newApp(nil, io.Discard, io.Discard)
	addLists(app, "checks")
	once := app.Command("checks").Description
	addLists(app, "checks", "config")
	if again := app.Command("checks").Description; again != once {
		t.Error("the list of checks is there twice")
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
