package inplace_test

import (
	"fmt"

	"hexapla/pipeline/exchange/inplace"
)

// One translation of a file is changed; every other byte stays.
func ExampleSplice() {
	file := []byte("# by Anna\nmsgid \"Rain\"\nmsgstr  \"Дощ\"\n\nmsgid \"Snow\"\nmsgstr \"Сніг\"\n")
	out, missing, err := inplace.Splice(".po", file, []inplace.Target{{Old: "Дощ", New: "Злива"}, {Old: "Сніг", New: "Сніг"}})
	fmt.Printf("%s%v %v\n", out, missing, err)
	// Output:
	// # by Anna
	// msgid "Rain"
	// msgstr  "Злива"
	//
	// msgid "Snow"
	// msgstr "Сніг"
	// [] <nil>
}
