package script

import (
	"testing"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

func TestConvert(t *testing.T) {
	for _, tt := range []struct{ source, target, text, want string }{
		{"sr", "sr-Latn", "Љубав, ЉУБАВ и Њујорк; џеп, ЏЕП, Џ.", "Ljubav, LJUBAV i Njujork; džep, DŽEP, Dž."},
		{"sr", "sr-Latn", "Инјекција и надживети у XXI веку", "Injekcija i nadživeti u XXI veku"},
		{"sr-Latn", "sr", "Injekcija i nadživeti u XXI veku", "Инјекција и надживети у XXI веку"},
		{"sr-Latn", "sr-Cyrl", "Konjunktura, Tanjug, konj, odžak, odžaliti, podžanr", "Конјунктура, Танјуг, коњ, оџак, оджалити, поджанр"},
		{"sr-Latn", "sr", "Ljubav LJUBAV Njegoš NJEGOŠ Džep", "Љубав ЉУБАВ Његош ЊЕГОШ Џеп"},
		{"sr-Latn", "sr", "Petar I. i Aleksandar II, 5 km, 20 °C, 30kWh", "Петар I. и Александар II, 5 km, 20 °C, 30kWh"},
		{"sr-Latn", "sr", "Washington, New York, index.html, getName, COVID-19, a_b", "Washington, New York, index.html, getName, COVID-19, a_b"},
		{"sr-Latn", "sr", "srpsko-ruski <1>rečnik</1><2/>", "српско-руски <1>речник</1><2/>"},
		{"bs-Cyrl", "bs", "Чапљина", "Čapljina"},
		{"uz-Cyrl", "uz", "Ўзбекистон ЎЗБЕКИСТОН Ер поезд Исҳоқ шаҳар Чўлпон ғоя конституция", "Oʻzbekiston OʻZBEKISTON Yer poyezd Isʼhoq shahar Choʻlpon gʻoya konstitutsiya"},
		{"az-Cyrl", "az", "Азәрбајҹан Республикасы, ҝүн, чај, Илһам", "Azərbaycan Respublikası, gün, çay, İlham"},
	} {
		if got, ok := convertText(tt.text, tt.source, tt.target); !ok || got != tt.want {
			t.Errorf("%s to %s: %q\ngot  %q, %t\nwant %q", tt.source, tt.target, tt.text, got, ok, tt.want)
		}
	}
	for _, p := range [][2]string{{"sr", "sr"}, {"sr", "ru"}, {"en", "sr-Latn"}, {"uz", "uz-Cyrl"}, {"sr", "qaa"}, {"?", "sr"}} {
		if _, ok := convertText("a", p[0], p[1]); ok {
			t.Errorf("%s to %s is converted", p[0], p[1])
		}
	}
}

// TestRoundTrip holds that Serbian in Cyrillic letters survives the way to Latin ones
// and back.
func TestRoundTrip(t *testing.T) {
	for _, s := range []string{
		"Сва људска бића рађају се слободна и једнака у достојанству и правима.", "Она су обдарена разумом и свешћу и треба једни према другима да поступају у духу братства.",
		"Фијуче ветар у шибљу, леди пасаже и куће иза њих и гунђа у оџацима.", "ЧЕШЋЕ ЦЕЂЕЊЕ МРЕЖАСТИМ ЏАКОМ ПОБОЉШАВА ФЕРТИЛИЗАЦИЈУ ГЕНСКИХ ХИБРИДА",
		"Инјекција, конјугација, Танјуг, надживео, оџак, поджанр", "Љ Њ Џ љ њ џ",
	} {
		latin, _ := convertText(s, "sr", "sr-Latn")
		if back, _ := convertText(latin, "sr-Latn", "sr"); back != s {
			t.Errorf("%q\nby   %q\nback %q", s, latin, back)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add("Ljubav Љубав XXI 5 km <1>a</1>")
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range [][2]string{{"sr", "sr-Latn"}, {"sr-Latn", "sr"}, {"uz-Cyrl", "uz"}, {"az-Cyrl", "az"}} {
			convertText(s, p[0], p[1])
		}
	})
}

func TestConformance(t *testing.T) {
	hooktest.Test(t, hooktest.Pair{Source: "sr", Target: "sr-Latn", Texts: []string{
		"Музеј је отворен 1998.", "Прочитајте <1>стари извештај</1> о 45 кућа.<2/>", "<1/>Министар је 16. маја написао да је закон добар.",
		`Кућа типа \<1> кошта 700 долара.`, "Град има <1>много <2>нових</2> кућа</1> и 12 мостова.",
	}}, func(*testing.T) hook.Engine { return New() })
}

// convertText writes a text of one locale in the script of another one of the same
// language. ok is false when there is no such conversion.
func convertText(text, source, target string) (converted string, ok bool) {
	convert := converter(source, target)
	if convert == nil {
		return text, false
	}
	return convert(text), true
}
