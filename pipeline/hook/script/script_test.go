package script

import (
	"reflect"
	"strings"
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
		{"sr-Latn", "sr", "Reinjekcija, nadžupan, podžigati, feldžandarm, kenjon, odžak, Džep", "Реинјекција, наджупан, поджигати, фелджандарм, кенјон, оџак, Џеп"},
		{"sr-Latn", "sr", "Bach, Churchill, van Gogh, Rossini, Giotto; prethodni, shvatiti, najjači", "Bach, Churchill, ван Gogh, Rossini, Giotto; претходни, схватити, најјачи"},
		{"sr-Latn", "sr", "Microsoft Windows i NATO, USA, DNK", "Microsoft Windows и НАТО, USA, ДНК"},
		{"bs", "bs-Cyrl", "Allah, Abdullah, Muhammed, Abbas", "Аллах, Абдуллах, Мухаммед, Аббас"},
		{"uz-Cyrl", "uz", "Сентябрь, октябрь, мўъжиза, маъно, съезд, янги", "Sentabr, oktabr, moʻjiza, maʼno, syezd, yangi"},
		{"az", "az-Cyrl", "New York, Microsoft", "New York, Microsoft"},
		{"uz-Cyrl", "uz", "Ўзбекистон ЎЗБЕКИСТОН Ер поезд Исҳоқ шаҳар Чўлпон ғоя конституция", "Oʻzbekiston OʻZBEKISTON Yer poyezd Isʼhoq shahar Choʻlpon gʻoya konstitutsiya"},
		{"sr-Latn", "sr", "Google i PDF su na sajtu, V. Petrović, A.B. Simić, 100-godišnjica", "Google и PDF су на сајту, В. Петровић, А.Б. Симић, 100-годишњица"},
		{"kk", "kk-Latn", "Барлық адамдар тумысынан азат және қадір-қасиеті мен құқықтары тең болып дүниеге келеді.", "Barlyq adamdar tumysynan azat jäne qadır-qasietı men qūqyqtary teñ bolyp düniege keledı."},
		{"kk", "kk-Latn", "ІЛ, Іле, Иран, ШЫҢҒЫС, Щедрин, Чехов, Якутск, Ютта, XXI ғ., NATO, 5 km", "IL, Ile, İran, ŞYÑĞYS, Şşedrin, Tşehov, İakutsk, İutta, XXI ğ., NATO, 5 km"},
		{"tg", "tg-Latn", "Ҷумҳурии Тоҷикистон, забони тоҷикӣ, қонун, ғалла, рӯз, Хуҷанд, масҳара, Эрон, маъно, цирк, стансия", "Jumhurii Tojikiston, zaboni tojikí, qonun, ghalla, rŭz, Khujand, mas·hara, Ėron, ma’no, sirk, stansiya"},
		{"az", "az-Cyrl", "Azərbaycan Respublikası, gün, çay, İlham, IŞIQ, Washington, Ağdam", "Азәрбајҹан Республикасы, ҝүн, чај, Илһам, ЫШЫГ, Washington, Ағдам"},
		{"az-Cyrl", "az", "Азәрбајҹан Республикасы, ҝүн, чај, Илһам", "Azərbaycan Respublikası, gün, çay, İlham"},
	} {
		if got, ok := convertText(tt.text, tt.source, tt.target); !ok || got != tt.want {
			t.Errorf("%s to %s: %q\ngot  %q, %t\nwant %q", tt.source, tt.target, tt.text, got, ok, tt.want)
		}
	}
	for _, p := range [][2]string{{"sr", "sr"}, {"sr", "ru"}, {"en", "sr-Latn"}, {"uz", "uz-Cyrl"}, {"kk-Latn", "kk"}, {"tg-Latn", "tg"}, {"sr", "qaa"}, {"?", "sr"}} {
		if _, ok := convertText("a", p[0], p[1]); ok {
			t.Errorf("%s to %s is converted", p[0], p[1])
		}
	}
}

// TestAlphabet2018 holds the Kazakh alphabet with acutes.
func TestAlphabet2018(t *testing.T) {
	e := New(Options{Alphabet: map[string]string{"kk": "2018"}})
	got, err := e.Translate(t.Context(), hook.Job{Source: "kk", Target: "kk-Latn", Texts: []string{"Барлық адамдар тумысынан азат және қадір-қасиеті мен құқықтары тең болып дүниеге келеді, Шығыс, Иран"}})
	if want := "Barlyq adamdar týmysynan azat jáne qadir-qasıeti men quqyqtary teń bolyp dúnıege keledi, Shyǵys, Iran"; err != nil || got[0] != want {
		t.Errorf("got  %q, %v\nwant %q", got, err, want)
	}
	if e.Version() == "" || New(Options{}).Version() != "" {
		t.Error("another alphabet is not another version")
	}
}

// crimeanWords are words in both alphabets of Crimean Tatar.
var crimeanWords = []string{
	"рузгярнынъ ruzgârnıñ", "Париж Parij", "чёкюч çöküç", "элифбени elifbeni", "полициясы politsiyası", "хусусында hususında", "акъшамларны aqşamlarnı",
	"опькеленюв öpkelenüv", "кулюмсиреди külümsiredi", "айтмайджагъым aytmaycağım", "козьяшсыз közyaşsız", "инструменталь instrumental", "гургуль gürgül",
	"тюшюнмемек tüşünmemek", "куню künü", "сюргюнлиги sürgünligi", "озю özü", "этти etti", "эсас esas", "дёрт dört", "кельди keldi", "юзь yüz",
	"июль iyül", "ишгъаль işğal", "район rayon", "усть üst", "районынынъ rayonınıñ", "Ногъай Noğay", "Юрьтю Yürtü", "ватандан vatandan", "кок-кок kök-kök",
	"роль rol", "АКЪКЪЫ AQQI", "13-юнджи 13-ünci", "ДЖУРЬМЕК CÜRMEK", "кетсин ketsin", "джумлеси cümlesi", "ильи ilyi", "Ильи İlyi", "бруцел brutsel", "коцюб kotsüb",
	"эпицентр epitsentr", "коюнден köyünden", "аньге ange", "койнинъ köyniñ", "Джанкой Canköy", "экваториаль ekvatorial", "НЪАБ ÑAB", "КЪЫДЖ QIC",
	"Къырымтатар Qırımtatar", "тили tili", "халкъ halq", "бойле böyle", "козь köz", "сёз söz", "кунь kün", "гуль gül", "тюз tüz", "учь üç", "учюн üçün",
	"мумкюн mümkün", "олюм ölüm", "омюр ömür", "буюк büyük", "куреш küreş", "къоранта qoranta", "Украина Ukraina", "Акъмесджит Aqmescit", "университет universitet",
	"юрт yurt", "яшлар yaşlar", "ер yer", "ёл yol", "бугунь bugün", "дюнья dünya",
}

// TestCrimean measures the rules on words in both alphabets: most follow them or are
// listed as exceptions.
func TestCrimean(t *testing.T) {
	for _, dir := range []struct{ name, source, target string }{{"to Latin", "crh", "crh-Latn"}, {"to Cyrillic", "crh-Latn", "crh"}} {
		wrong := 0
		for _, pair := range crimeanWords {
			text, want, _ := strings.Cut(pair, " ")
			if dir.source == "crh-Latn" {
				text, want = want, text
			}
			if got, _ := convertText(text, dir.source, dir.target); got != want {
				t.Logf("%s: %s becomes %s, want %s", dir.name, text, got, want)
				wrong++
			}
		}
		if wrong > 0 {
			t.Errorf("%s: %d of %d words are wrong", dir.name, wrong, len(crimeanWords))
		}
	}
}

// TestRules reads all rule files.
func TestRules(t *testing.T) {
	for name, load := range map[string]func() *rules{"sr": serbian, "az": azerbaijani, "uz": uzbek, "kk": kazakh, "kk-2018": kazakh2018, "tg": tajik, "crh": crimean} {
		if r := load(); len(r.latin) < 29 {
			t.Errorf("%s: %d letters", name, len(r.latin))
		}
	}
	for _, wrong := range []string{"letter a", "letter аб a", "letter а a\nletter а b", "apart injek dž", "spell x y", "stem x"} {
		if _, err := parseRules(wrong, false); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
}

// TestAzerbaijaniRoundTrip holds that all Latin letters of Azerbaijani survive the way to
// Cyrillic ones and back.
func TestAzerbaijaniRoundTrip(t *testing.T) {
	for _, s := range []string{
		"Bütün insanlar ləyaqət və hüquqlarına görə azad və bərabər doğulurlar.", "Onların şüurları və vicdanları var və bir-birlərinə münasibətdə qardaşlıq ruhunda davranmalıdırlar.",
		"AĞDAM ŞƏHƏRİ, IŞIQ, İlqar, jurnal, xalça, cücə, XXI əsr, 5 km", "A B C Ç D E Ə F G Ğ H X I İ J K Q L M N O Ö P R S Ş T U Ü V Y Z",
	} {
		cyrillic, _ := convertText(s, "az", "az-Cyrl")
		if back, _ := convertText(cyrillic, "az-Cyrl", "az"); back != s {
			t.Errorf("%q\nby   %q\nback %q", s, cyrillic, back)
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
	f.Add("Avcıköyde Авджыкойде ŞSCBnen 13-ünci")
	f.Add("Ljubav Љубав XXI 5 km <1>a</1>")
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range [][2]string{{"sr", "sr-Latn"}, {"sr-Latn", "sr"}, {"uz-Cyrl", "uz"}, {"az-Cyrl", "az"}, {"az", "az-Cyrl"}, {"kk", "kk-Latn"}, {"tg", "tg-Latn"}, {"crh", "crh-Latn"}, {"crh-Latn", "crh"}} {
			convertText(s, p[0], p[1])
		}
	})
}

func TestConformance(t *testing.T) {
	hooktest.Test(t, hooktest.Pair{Source: "sr", Target: "sr-Latn", Texts: []string{
		"Музеј је отворен 1998.", "Прочитајте <1>стари извештај</1> о 45 кућа.<2/>", "<1/>Министар је 16. маја написао да је закон добар.",
		`Кућа типа \<1> кошта 700 долара.`, "Град има <1>много <2>нових</2> кућа</1> и 12 мостова.",
	}}, func(*testing.T) hook.Engine { return New(Options{}) })
}

// convertText writes a text of one locale in the script of another one of the same
// language. ok is false when there is no such conversion.
func convertText(text, source, target string) (converted string, ok bool) {
	convert := New(Options{}).converter(source, target)
	if convert == nil {
		return text, false
	}
	return convert(text), true
}

// TestLanguages lists what the engine converts.
func TestLanguages(t *testing.T) {
	got, err := New(Options{}).Languages(t.Context())
	want := map[string][]string{
		"az-Cyrl": {"az-Latn"}, "az-Latn": {"az-Cyrl"}, "bs-Cyrl": {"bs-Latn"}, "bs-Latn": {"bs-Cyrl"}, "crh-Cyrl": {"crh-Latn"}, "crh-Latn": {"crh-Cyrl"},
		"kk-Cyrl": {"kk-Latn"}, "sr-Cyrl": {"sr-Latn"}, "sr-Latn": {"sr-Cyrl"}, "tg-Cyrl": {"tg-Latn"}, "uz-Cyrl": {"uz-Latn"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}
