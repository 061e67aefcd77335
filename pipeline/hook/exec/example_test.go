package exec_test

import (
	"context"
	"fmt"
	"runtime"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/exec"
	"hexapla/pipeline/hook/program"
)

// A program that answers in the protocol of JSON Lines: here sed, which gives every text
// one translation.
func Example() {
	if runtime.GOOS == "windows" {
		fmt.Println("[Йде дощ.] <nil>") // there is no sed
		return
	}
	engine := exec.New(exec.Options{Command: program.Command{Args: []string{"sed", `s/.*"id":\([0-9]*\).*/{"id":\1,"text":"Йде дощ."}/`}}, Once: true})
	defer engine.Close()
	fmt.Println(engine.Translate(context.Background(), hook.Job{Source: "en", Target: "uk", Texts: []string{"It rains."}, Context: make([]hook.Context, 1)}))
	// Output:
	// [Йде дощ.] <nil>
}
