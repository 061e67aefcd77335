package difference_test

import (
	"fmt"
	"strings"

	"hexapla/pipeline/difference"
)

// The words of a sentence that an editor has changed.
func ExampleOf() {
	old := strings.Fields("The museum opened in 1998 .")
	new := strings.Fields("The old museum opened in 1999 .")
	for _, c := range difference.Of(old, new, 1000) {
		fmt.Printf("%q -> %q\n", old[c.From:c.To], new[c.NewFrom:c.NewTo])
	}
	// Output:
	// [] -> ["old"]
	// ["1998"] -> ["1999"]
}
