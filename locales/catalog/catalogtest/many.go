package catalogtest

import (
	"crypto/sha1"
	"fmt"
	"strings"

	"hexapla/locales"
)

// Locales are the 27 of the sample newsroom, the source first.
var Locales = strings.Fields("en sq hy az ba be bs bg ce crh-Latn fa-AF ka hu kk ky mk sr-ME ps fa ro ru sr tg tt tk uk uz")

// Many are catalogs of all Locales with n messages each, one in a hundred of
// which names a variable that its source does not have.
func Many(n int) map[string][]byte {
	files := map[string][]byte{}
	for _, l := range Locales {
		text := "Yenilənib {{date .Date}}, bölmə"
		if locales.Script(l) == "Cyrl" {
			text = "Обновлено {{date .Date}} в разделе"
		}
		var b strings.Builder
		for i := range n {
			source := fmt.Sprintf("Updated {{date .Date}} in section %d", i)
			switch {
			case l == "en":
				fmt.Fprintf(&b, "[Message%d]\ndescription = \"Below the headline\"\nother = %q\n\n", i, source)
				continue
			case i%100 == 0:
				fmt.Fprintf(&b, "[Message%d]\nhash = \"sha1-%x\"\nother = \"{{.Day}} %d\"\n\n", i, sha1.Sum([]byte("Below the headline"+source)), i)
				continue
			}
			fmt.Fprintf(&b, "[Message%d]\nhash = \"sha1-%x\"\nother = \"%s %d\"\n\n", i, sha1.Sum([]byte("Below the headline"+source)), text, i)
		}
		files["active."+l+".toml"] = []byte(b.String())
	}
	return files
}
