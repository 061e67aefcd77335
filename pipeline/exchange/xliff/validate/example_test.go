package validate_test

import (
	"fmt"
	"strings"

	"hexapla/pipeline/exchange/xliff/validate"
)

func ExampleFile() {
	const file = `<xliff version="2.1" srcLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0">
 <file id="f"><unit id="u"><segment><source>One</source></segment></unit>
 <unit id="u"><segment><source>Two</source></segment></unit></file>
</xliff>`
	for _, d := range validate.File("a.xlf", strings.NewReader(file)) {
		fmt.Println(d)
	}
	// Output:
	// a.xlf:3:2 [unit u]: two units of one file have the id "u" (XLIFF 2.1, 4.3.1.21)
}
