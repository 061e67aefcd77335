package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the scripts' expected output and the table of defects of package catalog")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hexapla": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			os.Exit(run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
		},
		"upper":     func() { upperEngine(0) },
		"slowupper": func() { upperEngine(500 * time.Millisecond) },
	})
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
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NEWSROOM", newsroom)
			e.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"newsroom":  copyNewsroom,
			"replace":   replaceInFile,
			"waitfor":   waitForFile,
			"makenewer": makeNewer,
		},
		Condition: engineCondition,
	})
}
