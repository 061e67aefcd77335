package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/pipeline/diag"
)

// letters tells letters of the right script that the language does not have: і
// in Russian, ы in Ukrainian, the Arabic kaf in Persian. Names in Latin keep
// their own letters, so Latin is left aside, but for the Turkic i and ə.
func letters(s *segment, r *report) {
	want := s.to.written
	if want == latin {
		latinLetters(s, r)
		return
	}
	if len(s.to.letters) < 20 || want == other {
		return
	}
	for _, w := range s.tgtWords {
		if w.script != want {
			continue
		}
		for _, c := range w.text {
			if s.to.alphabet.has(c) || scriptOfRune(c) != want || locales.LoanLetter(s.to.lang, c) {
				continue
			}
			if strings.ContainsRune(s.src, c) {
				continue
			}
			hint := ""
			if to, ok := arabicTwins[c]; ok && s.to.letters[to] {
				hint = "write " + string(to)
			}
			r.addFinding(hint, "%q has the letter %q (U+%04X), which %s does not have", diag.Arg("text", w.text), diag.Arg("character", string(c)), diag.Arg("codePoint", c), diag.Arg("locale", s.to.tag))
			return
		}
	}
}

// latinTwins are letters that stand for others in text of a language, with the right
// ones: cedillas in Romanian, turned e in Azerbaijani.
var latinTwins = map[string]map[rune]rune{
	"ro": {'ş': 'ș', 'ţ': 'ț', 'Ş': 'Ș', 'Ţ': 'Ț', 'ǎ': 'ă', 'Ǎ': 'Ă'},
	"az": {'ǝ': 'ə', 'Ǝ': 'Ə', 'ă': 'ə', 'ä': 'ə', 'Ä': 'Ə'},
	"hu": {'õ': 'ő', 'û': 'ű', 'Õ': 'Ő', 'Û': 'Ű'},
	"tr": {'ý': 'ı', 'þ': 'ş', 'ð': 'ğ', 'Ý': 'İ', 'Þ': 'Ş', 'Ð': 'Ğ'},
}

// needed are letters that a text of a language can hardly be without, with the number
// of letters from which their lack is sure.
var needed = map[string]struct {
	letters string
	length  int
}{
	"az": {"əƏ", 80}, "tr": {"ıİğşçöüĞŞÇÖÜ", 60}, "hu": {"áéíóöőúüűÁÉ", 75}, "ro": {"ăâîșțĂÂÎȘȚşţ", 90}, "sq": {"ëçËÇ", 90},
	"bs": {"čćžšđČĆŽŠĐ", 200}, "hr": {"čćžšđČĆŽŠĐ", 200}, "sr": {"čćžšđČĆŽŠĐ", 200}, "tk": {"äöüýňşçžÄÖÜÝŇŞÇŽ", 45}, "crh": {"âıñçşğöüİÂÑÇŞĞÖÜ", 45},
	"pl": {"ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", 70}, "cs": {"áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", 45},
}

// bare has common words of a language without their marks, which are no words of it.
var bare = map[string]string{
	"az": "ve ucun sehv gore qebul dovlet olke ile hemcinin sonra bele sheher ish", "tr": "icin degil gore cok yil gun once karsi baskan ulke soyledi",
	"sr": "vec sto ce zivot moze takode kaze rekao otisao decak covek coveka ljudi djavolu sta zena ucinio", "bs": "vec sto ce zivot moze takoder kaze covjek sta zena", "hr": "vec sto ce zivot moze takoder kaze covjek sta zena",
	"ro": "si sa in asa inca fata tara intre dupa fara guvernului insa daca", "hu": "es hogy kozott szerint azert kozben miatt utan elott allam", "sq": "eshte nje per qe nga ne shume", "tk": "yurt ucin yyl dovlet hem bolyar", "crh": "ucun soñ degil",
}

// properBare keeps the words of bare that are words after all.
var properBare = map[string]string{"az": "sonra ile", "sq": "nga ne", "ro": "sa in fata", "hu": "hogy szerint miatt", "tk": "hem", "crh": "soñ", "sr": "ljudi rekao ce sto", "bs": "ce sto", "hr": "ce sto"}

// dottedI are words and names that begin with İ in Turkish and Azerbaijani.
var dottedI = []string{"Istanbul", "Izmir", "Iran", "Israil", "Israel", "Italya", "Ispanya", "Ingiltere", "Isveç", "Isviçre", "Iki", "Ile", "Ilk", "Insan", "Iş", "Için", "Iyi", "Islam", "Ilham", "Iddia", "Indi", "Isə"}

// latinLetters reports letters and spellings of a Latin alphabet that are not the
// language's.
func latinLetters(s *segment, r *report) {
	lang := s.to.lang
	twins := latinTwins[lang]
	for i, c := range s.tgt {
		if to, ok := twins[c]; ok && !strings.ContainsRune(s.src, c) {
			r.place(0, 0, i, i+utf8.RuneLen(c))
			r.addFinding("write "+string(to), "the letter %q (U+%04X), where %s has %q (U+%04X)", diag.Arg("character", string(c)), diag.Arg("codePoint", c), diag.Arg("locale", s.to.tag), diag.Arg("otherCharacter", string(to)), diag.Arg("otherCodePoint", to))
			return
		}
	}
	switch lang {
	case "uz", "kaa":
		for i, c := range s.tgt {
			if i == 0 || c != '\'' && c != '`' && c != '’' && c != '´' {
				continue
			}
			if b := s.tgt[i-1] | 0x20; b == 'o' || b == 'g' {
				if next, _ := utf8.DecodeRuneInString(s.tgt[i+utf8.RuneLen(c):]); c != '\'' && c != '’' || unicode.IsLetter(next) {
					r.place(0, 0, i-1, i+utf8.RuneLen(c))
					r.addFindingWithSeverity(diag.Info, "write "+s.tgt[i-1:i]+"ʻ (U+02BB)", "%q stands for the mark of the letter %sʻ", diag.Arg("character", string(c)), diag.Arg("target", s.tgt[i-1:i]))
					return
				}
			}
		}
	case "tr", "az", "crh":
		for _, w := range s.tgtWords {
			if w.text[0] == 'I' && slices.Contains(dottedI, strings.TrimRight(strings.SplitN(strings.SplitN(w.text, "'", 2)[0], "’", 2)[0], "-")) {
				r.place(0, 0, w.start, w.end)
				r.addFinding("write İ", "%q begins with I without a dot", diag.Arg("text", w.text))
				return
			}
		}
	}
	if n, ok := needed[lang]; ok {
		letters, bareWords := 0, 0
		var last word
		for _, w := range s.tgtWords {
			if w.script == latin && !s.inSource(w.text) {
				letters += utf8.RuneCountInString(w.text)
			}
			if s.to.bare[w.low] && !s.to.properBare[w.low] || (lang == "az" && strings.Contains(w.low, "ish") && !s.inSource(w.text)) || lang == "sr" && strings.HasPrefix(w.low, "dj") && strings.HasPrefix(w.low[2:], "a") {
				bareWords++
				last = w
			}
		}
		switch {
		case bareWords >= 2, bareWords == 1 && letters < n.length && letters > 8 && !strings.ContainsAny(s.tgt, n.letters):
			r.place(0, 0, last.start, last.end)
			r.addFinding("write the letters with their marks", "%q is written without the letters of %s", diag.Arg("text", last.text), diag.Arg("locale", s.to.tag))
		case letters >= n.length && !strings.ContainsAny(s.tgt, n.letters):
			r.addFinding("write the letters with their marks", "none of the letters %s in %d letters", diag.Arg("letters", n.letters), diag.Arg("otherLetters", letters))
		}
	}
}

// arabicTwins are Arabic letters with Persian ones that look the same.
var arabicTwins = map[rune]rune{'ي': 'ی', 'ى': 'ی', 'ك': 'ک', 'ہ': 'ه', 'ە': 'ه'}
