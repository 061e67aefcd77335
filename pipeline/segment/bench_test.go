package segment

import (
	"strings"
	"testing"
)

var newsEn = strings.Repeat(`Reuters reported on September 9 that Microsoft had alerted one of Biden's main election-campaign advisory firms that it had been targeted by suspected Russian state-backed hackers. The Kremlin called the report "nonsense". Microsoft said two weeks ago that hackers linked to Russia, China, and Iran were trying to spy on people tied to both Trump and Biden in the U.S. presidential election. "We deny it," Mr. Peskov said. Russia and China dismissed the allegations. `, 1000)

var newsUk = strings.Repeat(`Міністр закордонних справ повідомив 9 вересня, що переговори у м. Львові тривали понад п'ять годин. «Ми домовилися про все», – сказав він журналістам. За його словами, у 2019 р. такі зустрічі відбувалися щомісяця. Проф. В. В. Коваленко вважає, що йдеться про 25 тис. осіб, які чекають на рішення суду вже третій рік. 72-річний пенсіонер розповів, що не отримує виплат. `, 1000)

func BenchmarkCuts(b *testing.B) {
	for _, bb := range []struct{ name, locale, text string }{
		{"en", "en", newsEn},
		{"uk", "uk", newsUk},
		{"uax", "xx", newsEn},
		{"nothing to cut", "en", strings.Repeat("a word and ", 1_000_000)},
		{"only stops", "en", strings.Repeat(".", 1_000_000)},
		{"stops and spaces", "en", strings.Repeat(". ", 500_000)},
		{"sentences of a letter", "en", strings.Repeat("A. ", 300_000)},
		{"nested quotes", "en", strings.Repeat(`“`, 10_000) + "A." + strings.Repeat(`”`, 10_000)},
		{"brackets", "ja", strings.Repeat(`（あ。`, 100_000)},
		{"lines", "en", strings.Repeat("A line\n", 100_000)},
		{"list", "en", "1. One" + strings.Repeat(" 2. Two", 100_000)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s := Default().For(bb.locale)
			b.SetBytes(int64(len(bb.text)))
			for b.Loop() {
				s.Cuts(bb.text)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, l := range []string{"en", "uk", "sr", "ja"} {
		b.Run(l, func(b *testing.B) {
			for b.Loop() {
				Default().For(l)
			}
		})
	}
}
