//go:build unix

package exec

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hexapla/pipeline/hook"
)

// TestChildDies holds that what the program started is killed with it.
func TestChildDies(t *testing.T) {
	e := engine(t, "hangs with a child", false)
	ctx, cancel := context.WithCancel(t.Context())
	file := e.opt.Command.Env["CHILD"]
	var child int
	go func() {
		for child == 0 && ctx.Err() == nil {
			data, _ := os.ReadFile(file)
			child, _ = strconv.Atoi(string(data))
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	_, err := e.Translate(ctx, hook.Job{Source: "en", Target: "uk", Texts: []string{"one"}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if child == 0 {
		t.Fatal("no child was started")
	}
	for range 400 { // a killed process takes a moment to be gone
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
		if err != nil && syscall.Kill(child, 0) != nil || strings.Contains(string(data), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the child %d is still there", child)
}
