package program

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary be the program that is run.
func TestMain(m *testing.M) {
	switch os.Getenv("HELPER") {
	case "":
		os.Exit(m.Run())
	case "cat":
		data := make([]byte, 1<<16)
		for {
			n, err := os.Stdin.Read(data)
			if _, failed := os.Stdout.Write(data[:n]); err != nil || failed != nil {
				os.Exit(0)
			}
		}
	case "yes":
		for {
			if _, err := os.Stdout.WriteString(strings.Repeat("y\n", 1000)); err != nil {
				os.Exit(1)
			}
		}
	case "complain":
		os.Stderr.WriteString(strings.Repeat("x", 1<<16) + "\n\x1b[31mthe  end\n")
		os.Exit(4)
	case "hang":
		time.Sleep(time.Hour)
	}
}

func helper(t *testing.T, how string) Command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Command{Args: []string{self}, Env: map[string]string{"HELPER": how}}
}

func TestRun(t *testing.T) {
	input := strings.Repeat("text ", 100_000)
	for _, tt := range []struct {
		how  string
		max  int
		want string
	}{
		{"cat", len(input), ""},
		{"cat", len(input) - 1, "wrote more than 499999 bytes"},
		{"yes", 1 << 20, "wrote more than 1048576 bytes"},
		{"complain", 10, "exit status 4; stderr: …x"},
	} {
		out, said, err := Run(t.Context(), helper(t, tt.how), []byte(input), tt.max)
		if tt.want == "" && (err != nil || string(out) != input) || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %d bytes, %v; want %q", tt.how, len(out), err, tt.want)
		}
		if tt.how == "complain" && (!strings.HasSuffix(said, "x [31mthe end") || len(said) > maxStderr+10) {
			t.Errorf("it said %d bytes, ending in %q", len(said), said[max(0, len(said)-40):])
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := Run(ctx, helper(t, "hang"), nil, 10); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a program that hangs: %v", err)
	}
}

func TestStart(t *testing.T) {
	p, err := Start(helper(t, "cat"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Errorf("a program that ends with its input: %v", err)
	}
	p, err = Start(helper(t, "hang"))
	if err != nil {
		t.Fatal(err)
	}
	p.Kill()
	if err := p.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("a program that was killed: %v", err)
	}
}
