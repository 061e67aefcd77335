package catalog

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/locales"
)

// manyCatalogs are 27 locales with n messages each.
func manyCatalogs(n int) (Files, int64) {
	files := Files{}
	size := int64(0)
	for _, l := range strings.Fields("en sq hy az ba be bs bg ce crh-Latn fa-AF ka hu kk ky mk sr-ME ps fa ro ru sr tg tt tk uk uz") {
		var b strings.Builder
		for i := range n {
			e := Message{}
			e.Description = "Below the headline"
			e.Other = fmt.Sprintf("Updated {{date .Date}} in section %d", i)
			if l == "en" {
				fmt.Fprintf(&b, "[Message%d]\ndescription = %q\nother = %q\n\n", i, e.Description, e.Other)
			} else {
				text := "Yenilənib {{date .Date}}, bölmə"
				if locales.Script(l) == "Cyrl" {
					text = "Обновлено {{date .Date}} в разделе"
				}
				if i%100 == 0 {
					text = "Изменено {{.Day}} в разделе" // one in a hundred is wrong
				}
				fmt.Fprintf(&b, "[Message%d]\nhash = %q\nother = \"%s %d\"\n\n", i, Hash(&e.Entry), text, i)
			}
		}
		files["active."+l+".toml"] = []byte(b.String())
		size += int64(b.Len())
	}
	return files, size
}

func BenchmarkCheck(b *testing.B) {
	files, size := manyCatalogs(10_000)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		s, _ := Parse(files, "en")
		Check(s, Options{})
	}
}
