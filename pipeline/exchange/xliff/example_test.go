package xliff_test

import (
	"fmt"
	"os"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff"
)

const example = `<xliff version="2.1" srcLang="en" trgLang="ka" xmlns="urn:oasis:names:tc:xliff:document:2.0">
 <file id="f">
  <!-- the title -->
  <unit id="u"><segment><source>Hello <ph id="1"/></source></segment></unit>
 </file>
</xliff>
`

func Example() {
	for u, err := range xliff.Codec.Decode("a.xlf", strings.NewReader(example)) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(u.SourceLocale, u.TargetLocale, u.ID, u.Segments[0].Source.Tagged(), u.Targets[0].Filled)
	}
	// Output:
	// en ka u Hello <1/> false
}

// Rewrite changes the targets, and nothing else in the file.
func ExampleRewrite() {
	err := xliff.Rewrite("a.xlf", strings.NewReader(example), os.Stdout, func(u *exchange.Unit) error {
		target, err := bitext.ParseTagged("გამარჯობა <1/>", u.Segments[0].Source)
		u.Targets[0] = bitext.Target{Text: target, Filled: true, State: bitext.Translated}
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <xliff version="2.1" srcLang="en" trgLang="ka" xmlns="urn:oasis:names:tc:xliff:document:2.0">
	//  <file id="f">
	//   <!-- the title -->
	//   <unit id="u"><segment state="translated"><source>Hello <ph id="1"/></source><target>გამარჯობა <ph id="1"/></target></segment></unit>
	//  </file>
	// </xliff>
}
