package segment_test

import (
	"fmt"

	"hexapla/pipeline/segment"
)

func ExampleSegmenter_Sentences() {
	rules := segment.Default()
	for _, s := range rules.For("en").Sentences("Mr. Smith left at 5 p.m. on Monday. “Why?” he was asked.") {
		fmt.Printf("%q\n", s)
	}
	for _, s := range rules.For("ru").Sentences("Он живёт на ул. Мира, д. 5. «Когда?» — спросил я.") {
		fmt.Printf("%q\n", s)
	}
	// Output:
	// "Mr. Smith left at 5 p.m. on Monday."
	// "“Why?” he was asked."
	// "Он живёт на ул. Мира, д. 5."
	// "«Когда?» — спросил я."
}
