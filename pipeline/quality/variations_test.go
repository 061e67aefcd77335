package quality

import (
	"testing"

	"hexapla/pipeline/diag"
)

// TestVariations has sisters of sound pairs: what is a note or nothing for the sound ones is
// no less than it should be for these, and what is only likely is no error.
func TestVariations(t *testing.T) {
	const none = diag.Severity(0xff)
	for _, c := range []struct {
		id, to, source, target string
		want                   diag.Severity
	}{
		{"numbers", "ru", "Some 4k people came.", "Пришли около 4 человек.", diag.Warning},
		{"numbers", "de", "Some 40k people came.", "Es kamen etwa 40 Menschen.", diag.Warning},
		{"numbers", "ja", "Some 40k people came.", "およそ40人が来た。", diag.Warning},
		{"numbers", "de", "Some 40k people came.", "Es kamen viele Menschen.", diag.Warning},
		{"numbers", "de", "Some 40k people came.", "Es kamen etwa 40.000 Menschen.", none},
		{"numbers", "ru", "It drives a 4K display.", "Он управляет дисплеем 4К.", none},
		{"numbers", "ru", "She ran the 10k race.", "Она пробежала 10 км.", none},
		{"numbers", "ru", "The ring is 14k gold.", "Кольцо из золота 14 карат.", none},
		{"numbers", "ru", "COVID-19 killed 19 people.", "Коронавирус убил людей.", diag.Warning},
		{"numbers", "ru", "COVID-19 spread.", "Коронавирус распространился.", none},
		{"numbers", "de", "Some 24 eggs were sold.", "Zwei Dutzend Eier wurden verkauft.", diag.Info},
		{"numbers", "de", "It took 30 minutes.", "Es dauerte eine halbe Stunde.", diag.Info},
		{"numbers", "fr", "It took 15 minutes.", "Cela a pris un quart d’heure.", diag.Info},
		{"numbers", "fr", "Some 15 people came.", "Une quinzaine de personnes sont venues.", diag.Info},
		{"numbers", "fr", "About 25% agreed.", "Environ un quart était d’accord.", diag.Info},
		{"numbers", "it", "It took 18 months.", "Ci è voluto un anno e mezzo.", diag.Info},
		{"numbers", "uk", "It took 18 months.", "Це зайняло півтора року.", diag.Info},
		{"numbers", "hu", "It took 90 minutes.", "Másfél óráig tartott.", diag.Info},
		{"numbers", "tr", "It took 90 minutes.", "Bir buçuk saat sürdü.", diag.Info},
		{"numbers", "de", "It took 24 hours.", "Es dauerte einen Tag.", diag.Info},
		{"numbers", "de", "There were 350 patients.", "Es war ein Patient.", diag.Warning},
		{"numbers", "de", "It took 350 minutes.", "Es dauerte eine Weile.", diag.Warning},
		{"urls", "de", "Read weather.com today.", "Lesen Sie heute weather.org.", diag.Error},
		{"urls", "de", "Read bbc.com today.", "Lesen Sie heute cnn.com.", diag.Error},
		{"urls", "ru", "Read https://t.co/abc today.", "Читайте https://t.co/xyz сегодня.", diag.Error},
		{"urls", "de", "Write to desk@weather.com now.", "Schreiben Sie jetzt an desk@weather.org.", diag.Error},
		{"urls", "fr", "See https://en.example.org/wiki/DVD now.", "Voir https://de.example.org/wiki/DVD maintenant.", diag.Warning},
		{"urls", "fr", "See https://en.example.org/wiki/DVD now.", "Voir https://fr.example.org/wiki/DVD maintenant.", diag.Info},
		{"urls", "pt-BR", "See https://example.org/en-US/page now.", "Veja https://example.org/pt_BR/page agora.", diag.Info},
		{"urls", "de", "See ȺȺȺȺ.com now.", "Siehe ȺȺȺȺ.com jetzt.", none},
		{"spacing", "de", "He left. She stayed. He ran. He ran.", "Er ging.Sie blieb.Er lief.Er lief.", diag.Warning},
		{"spacing", "de", "He left.She stayed. He ran.", "Er ging.Sie blieb. Er lief.", none},
	} {
		got := none
		for _, d := range Check(segmentOf(c.to, c.source, c.target), Options{}) {
			if d.ID == "quality."+c.id {
				got = d.Severity
				break
			}
		}
		if got != c.want {
			t.Errorf("%s: %s %q: severity %v, want %v", c.to, c.id, c.target, got, c.want)
		}
	}
}
