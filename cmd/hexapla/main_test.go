package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/goldentest"
	"hexapla/pipeline/memory/postgres/postgrestest"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	programs := map[string]func(){
		"hexapla": func() {
			ctx, stop := interruptible()
			defer stop()
			os.Exit(runChecked(func(out io.Writer) int { return run(ctx, os.Args, os.Stdin, out, os.Stderr) }, os.Args))
		},
		"upper":     func() { upperEngine(0) },
		"slowupper": func() { upperEngine(500 * time.Millisecond) },
	}
	maps.Copy(programs, unixPrograms)
	testscript.Main(m, programs)
}

// TestScripts runs the commands' specification: testdata/script/*.txtar. In a
// script, $NEWSROOM is the sample newsroom, to be copied and not to be written to.
// The condition [engine:NAME] asks for a program that may be absent; where
// HEXAPLA_REQUIRE_ENGINES is set, its absence is a failure.
func TestScripts(t *testing.T) {
	newsroom, err := filepath.Abs("../../testdata/newsroom")
	if err != nil {
		t.Fatal(err)
	}
	dir, files := "testdata/script", []string(nil)
	outputs := t.TempDir()
	t.Cleanup(func() { checkOutputs(t, outputs) })
	if raceEnabled && testing.Short() {
		// The race detector makes a program ten times slower. What commands do side by
		// side is in these scripts; the packages below have race tests of their own.
		dir = ""
		for _, name := range []string{"build", "changed", "check", "exchange", "hooks", "import-batch", "limit", "memory", "memory-journal", "serve", "status", "work"} {
			files = append(files, "testdata/script/"+name+".txtar")
		}
	}
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		Files:               files,
		UpdateScripts:       goldentest.Update(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NEWSROOM", newsroom)
			e.Setenv("NO_COLOR", "1")
			e.Setenv(seenOutputs, outputs)
			e.Values[databaseKey{}] = new(*postgrestest.Server)
			e.Setenv("HEXAPLA_ALLOW_HOOKS", "1") // trust.txtar tests the gate
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"newsroom":  copyNewsroom,
			"guide":     followGuide,
			"pack":      packFolder,
			"unpack":    unpackFolder,
			"replace":   replaceInFile,
			"waitfor":   waitForFile,
			"makenewer": makeNewer,
			"database":  startDatabase,
			"storage":   startStorage,
		},
		Condition: engineCondition,
	})
}

// TestSecondSignal: the first signal asks a command to stop, the second ends it,
// even where it waits for its input.
func TestSecondSignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no SIGTERM to send")
	}
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(sig) { // as by nohup
			t.Run(sig.String(), func(t *testing.T) { testSecondSignal(t, sig) })
		}
	}
}

func testSecondSignal(t *testing.T, sig syscall.Signal) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "split", "-")
	cmd.Args[0] = "hexapla" // TestMain goes by it
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	limit := time.After(time.Minute)
	for {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				t.Fatalf("ended with %v, want by a signal", err)
			}
			if exit.Exited() {
				t.Fatalf("ended with code %d, want by a signal", exit.ExitCode())
			}
			return
		case <-time.After(50 * time.Millisecond):
			_ = cmd.Process.Signal(sig)
		case <-limit:
			_ = cmd.Process.Kill()
			t.Fatal("does not end by signals")
		}
	}
}

// A run that is stopped says so in its user's language too.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	var out, errw bytes.Buffer
	if code := run(t.Context(), []string{"hexapla", "init", dir}, strings.NewReader(""), &out, &errw); code != exit.OK {
		t.Fatal(errw.String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code := run(ctx, []string{"hexapla", "--lang", "uk", "build", "--project", dir}, strings.NewReader(""), &out, &errw)
	if want := "hexapla: зупинено; готове збережено, і наступний запуск продовжить із цього місця\n"; code != exit.Failed || errw.String() != want {
		t.Errorf("exit %d, %q", code, errw.String())
	}
}
