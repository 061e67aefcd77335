package fuzzy_test

import (
	"fmt"

	"hexapla/pipeline/memory/fuzzy"
)

func ExampleScore() {
	fmt.Println(fuzzy.Score("The river pact was signed on Monday.", "The river pact was signed on Friday."))
	// Output: 91
}
