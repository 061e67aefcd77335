package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"hexapla/cmd/internal/console"
)

// confirm asks a question on the terminal and reports whether the answer is yes. If
// the input or the output is not a terminal, nobody is asked, and asked is false.
func (e *environment) confirm(question string) (yes, asked bool) {
	in, ok := e.In.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return false, false
	}
	if out, ok := e.Out.(interface{ Fd() uintptr }); ok && !term.IsTerminal(int(out.Fd())) {
		return false, false
	}
	var to io.Writer = e.Err
	if s, ok := to.(*console.Stream); ok {
		to = s.Writer // a question is asked on a quiet stream, too
	}
	fmt.Fprint(to, question+" [y/N] ")
	line, _ := bufio.NewReader(in).ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes", true
}
