package tmx_test

import (
	"fmt"
	"strings"

	"hexapla/pipeline/exchange/tmx"
)

// A TMX file becomes entries of a memory: its texts in the source locale with each
// of the others.
func Example() {
	const file = `<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en" datatype="html"/><body>
<tu><tuv xml:lang="en"><seg>It rains.</seg></tuv><tuv xml:lang="ru"><seg>Идёт дождь.</seg></tuv><tuv xml:lang="uk"><seg>Йде дощ.</seg></tuv></tu>
</body></tmx>`
	for e, err := range tmx.Entries(tmx.Decode(strings.NewReader(file), tmx.Options{Name: "a.tmx"}), "en") {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s: %q → %s: %q\n", e.SourceLocale, e.Source.Chars, e.TargetLocale, e.Target.Chars)
	}
	// Output:
	// en: "It rains." → ru: "Идёт дождь."
	// en: "It rains." → uk: "Йде дощ."
}
