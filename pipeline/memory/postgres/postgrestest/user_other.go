//go:build !unix

package postgrestest

import (
	"os"
	"os/exec"
)

func own(string) error { return nil }

func demote(*exec.Cmd) {}

func stopProcess(p *os.Process, _ bool) error { return p.Kill() }
