package bitext_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
)

// A text has its inline codes at byte offsets; translators see them as numbered tags.
func ExampleText_Tagged() {
	source := bitext.Text{Chars: "One bold word", Codes: []bitext.Code{
		{Pos: 4, Kind: bitext.Start, ID: "1", Data: "<b>"},
		{Pos: 8, Kind: bitext.End, ID: "1", Data: "</b>"},
	}}
	fmt.Println(source.Tagged())
	target, err := bitext.ParseTagged("Одно <1>жирное</1> слово", source)
	fmt.Println(target.Chars, len(target.Codes), err)
	target, _ = bitext.ParseTagged("Одно жирное слово", source)
	for _, p := range bitext.CompareCodes(source, target) {
		fmt.Println(p.Code.Data, "is", p.Kind)
	}
	// Output:
	// One <1>bold</1> word
	// Одно жирное слово 2 <nil>
	// <b> is lost
	// </b> is lost
}
