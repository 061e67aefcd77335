package segment

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

var newsEn = strings.Repeat(`Reuters reported on September 9 that Microsoft had alerted one of Biden's main election-campaign advisory firms that it had been targeted by suspected Russian state-backed hackers. The Kremlin called the report "nonsense". Microsoft said two weeks ago that hackers linked to Russia, China, and Iran were trying to spy on people tied to both Trump and Biden in the U.S. presidential election. "We deny it," Mr. Peskov said. Russia and China dismissed the allegations. `, 1000)

var newsUk = strings.Repeat(`Міністр закордонних справ повідомив 9 вересня, що переговори у м. Львові тривали понад п'ять годин. «Ми домовилися про все», – сказав він журналістам. За його словами, у 2019 р. такі зустрічі відбувалися щомісяця. Проф. В. В. Коваленко вважає, що йдеться про 25 тис. осіб, які чекають на рішення суду вже третій рік. 72-річний пенсіонер розповів, що не отримує виплат. `, 1000)

var newsZh = strings.Repeat(`外交部长九月九日对记者表示，谈判持续了五个多小时。“我们就所有问题达成了协议。”他在记者会上说。双方计划下个月在首都再次会面，讨论边境贸易、能源供应和交换战俘的问题。专家认为（至少有三位这样说），协议能否落实还是未知数！许多居民担心，冬天到来之前情况不会改变。`, 1000)

var newsJa = strings.Repeat(`外相は九日、協議が五時間以上続いたと記者団に明らかにした。「すべての問題で合意した。」外相はこう述べた。両国は来月、首都で再び会談し、国境貿易やエネルギー供給について話し合う予定だ。専門家の間では（少なくとも三人がそう語る）、合意が守られるかどうかは分からないという見方が強い。`, 1000)

var newsLt = strings.Repeat(`Užsienio reikalų ministras rugsėjo 9 d. pranešė, kad derybos truko daugiau kaip penkias valandas. „Susitarėme dėl visko“, – sakė jis žurnalistams. 2019 m. tokie susitikimai vykdavo kas mėnesį. Prof. J. Petraitis mano, kad kalbama apie 25 tūkst. žmonių. `, 1000)

func BenchmarkCuts(b *testing.B) {
	for _, bb := range []struct{ name, locale, text string }{
		{"en", "en", newsEn},
		{"uk", "uk", newsUk},
		{"zh", "zh", newsZh},
		{"ja", "ja", newsJa},
		{"lt", "lt", newsLt},
		{"common rules alone", "xx", newsEn},
		{"nothing to cut", "en", strings.Repeat("a word and ", 1_000_000)},
		{"only stops", "en", strings.Repeat(".", 1_000_000)},
		{"stops and spaces", "en", strings.Repeat(". ", 500_000)},
		{"sentences of a letter", "en", strings.Repeat("A. ", 300_000)},
		{"quotes after a stop", "xx", "A." + strings.Repeat(`"`, 100_000)},
		{"nested quotes", "en", strings.Repeat(`“`, 10_000) + "A." + strings.Repeat(`”`, 10_000)},
		{"brackets", "ja", strings.Repeat(`（あ。`, 100_000)},
		{"lines", "en", strings.Repeat("A line\n", 100_000)},
		{"list", "en", "1. One" + strings.Repeat(" 2. Two", 100_000)},
		{"list of lines", "en", strings.Repeat("1. One item of the list\n", 30_000)},
		{"title case", "en", strings.Repeat("U.S. Talks With U.S. In ", 30_000)},
		{"years", "ru", strings.Repeat("В 2019 г. Россия ", 30_000)},
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

// BenchmarkSegment fills the segments of paragraphs as an article has them, half of
// them with codes.
func BenchmarkSegment(b *testing.B) {
	s := Default().For("en")
	var units []bitext.Unit
	size := 0
	for i := range 200 {
		text := bitext.Plain(newsEn[:300+i])
		if i%2 == 0 {
			text = marked("<a>Reuters</a> reported on September 9. <b>The Kremlin called the report nonsense. </b>Officials <i>denied</i> it.<x/> Nothing changed.")
		}
		size += len(text.Chars)
		units = append(units, bitext.Unit{Source: text})
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i := range units {
			units[i].Segments = nil
			s.Segment(&units[i])
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, l := range []string{"en", "uk", "sr", "ja", "lt"} {
		b.Run(l, func(b *testing.B) {
			for b.Loop() {
				Default().For(l)
			}
		})
	}
}
