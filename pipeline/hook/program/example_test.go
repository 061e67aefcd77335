package program_test

import (
	"context"
	"fmt"
	"strings"

	"hexapla/pipeline/hook/program"
)

// A program gets no shell and no variables but its own and a few harmless ones.
func ExampleRun() {
	out, _, err := program.Run(context.Background(), program.Command{Args: []string{"sort", "-r"}, Env: map[string]string{"LC_ALL": "C"}}, []byte("a\nb\n"), 1<<10)
	fmt.Println(strings.Fields(string(out)), err)
	// Output:
	// [b a] <nil>
}
