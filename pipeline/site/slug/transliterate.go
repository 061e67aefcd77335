package slug

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hexapla/locales/tag"
)

// The tables below give the letters of scripts in Latin letters. They are made after the
// transforms of CLDR 48 (common/transforms): LANGUAGE-Latin/BGN where there is one (those
// of the United States Board on Geographic Names and the Permanent Committee on
// Geographical Names), Greek-Latin/UNGEGN, Hebrew-Latin; then Latin-ASCII, which takes
// the marks away: so ž and ž of Serbian and Czech are z. TestICU compares them with ICU's.
// They differ on purpose: apostrophes, quotation marks and dots between letters are left
// out; German ä, ö, ü are ae, oe, ue; in Persian, Dari and Pashto the letters و and ی
// are read as vowels behind a consonant, and alef at the beginning of a word is a; vowels
// that Arabic and Hebrew letters do not write are not guessed, and vav of Hebrew is v.
// Uzbek in Cyrillic is written as in its Latin alphabet of 1995. CLDR has no transform for
// Tajik, Tatar, Bashkir and Chechen but that of the script (ISO 9), which makes s of ш and
// c of ч; they are written as their neighbours are.

// cyrillic has what most languages have in common; the other tables change it.
var cyrillic = table(`а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch
ъ - ы y ь - э e ю yu я ya і i ї yi є ye ґ g ў w ђ d ј j љ lj њ nj ћ c џ dz ѓ gj ѕ dz ќ kj ә a ғ gh қ q ң ng ө o ұ u ү u һ h
җ j ҙ dh ҡ q ҫ th ҳ h ҷ j ӣ i ӯ u ӏ - ҝ g ҹ j ӑ a ӗ e ӳ u ѣ e ѳ f ѵ i ҥ ng ҕ gh ӷ gh ҵ ts ҽ ch ҿ ch ӡ dz ҩ o ԥ p ԛ q ԝ w`)

var cyrillicOf = map[string]func() map[string]string{
	"ru": table(""),
	"uk": table(`г h и y і i ї yi є ye ґ g`),
	"be": table(`г h е ye ё yo і i ў w`),
	"bg": table(`щ sht ъ u ё yo й i`),
	"sr": table(`ж z х h ц c ч c ш s ђ d ћ c џ dz`),
	"bs": table(`ж z х h ц c ч c ш s ђ d ћ c џ dz`),
	"mk": table(`ж z х h ц c ч c ш s џ dz ѓ g ќ k`),
	"kk": table(`й i`),
	"ky": table(`ж j й i`),
	"tg": table(`ж zh`),
	"tt": table(`җ j`),
	"uz": table(`ж j х x ў o қ q ғ g ҳ h`),
	"ba": table(""),
	"ce": table(""),
	"mn": table(`ж j х h`),
}

// yeAfter are the languages in which е is ye at the beginning of a word, after a vowel
// and after a sign. Of ё the same holds in Russian.
var yeAfter = map[string]bool{"ru": true, "uz": true, "tg": true, "tt": true, "ba": true}

// afterVowel are the letters behind which yeAfter counts.
const afterVowel = "аеёиоуыэюяйъьіїәөүұӯӣў"

var (
	georgian = table(`ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u ფ p ქ k ღ gh ყ q შ sh ჩ ch ც ts ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h ჱ ey ჲ y ჳ w ჴ q ჵ o`)
	armenian = table(`ա a բ b գ g դ d ե e զ z է e ը y թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh ճ ch մ m յ y ն n շ sh ո o չ ch պ p ջ j ռ rr ս s վ v տ t ր r ց ts ւ w փ p ք k և ev օ o ֆ f`)
	greek    = table(`α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o`)
	arabic   = table(`ا a آ a أ a إ i ٱ a ب b پ p ت t ث s ج j چ ch ح h خ kh د d ذ z ر r ز z ژ zh س s ش sh ص s ض z ط t ظ z ع - غ gh ف f ق q ک k ك k گ g ل l م m ن n و v ه h ة t ی y ي y ى a ئ - ء - ؤ u
ۀ e ە e ۆ o ۇ u ۈ u ټ t ډ d ړ r ږ zh ښ sh ڼ n ځ dz څ ts ې e ۍ ey ٹ t ڈ d ڑ r ں n ے e ہ h ھ h ڭ ng ۋ v ڵ l ڕ r ێ e`)
	hebrew = table(`א - ב v ג g ד d ה h ו v ז z ח h ט t י y כ k ך k ל l מ m ם m נ n ן n ס s ע - פ p ף p צ ts ץ ts ק q ר r ש sh ת t`)
	latin  = table(`ß ss æ ae œ oe ø o đ d ð d þ th ł l ħ h ı i ŋ ng ə e ɛ e ɔ o ƒ f ŀ l ĸ q ɓ b ɗ d ƙ k ƴ y ɣ g ɩ i ʋ v`)
	german = table(`ä ae ö oe ü ue ß ss`)
)

// table returns a function that reads pairs of a letter and its transliteration at its
// first call; "-" is nothing.
func table(text string) func() map[string]string {
	return sync.OnceValue(func() map[string]string {
		fields := strings.Fields(text)
		t := make(map[string]string, len(fields)/2)
		for i := 0; i+1 < len(fields); i += 2 {
			if t[fields[i]] = fields[i+1]; fields[i+1] == "-" {
				t[fields[i]] = ""
			}
		}
		return t
	})
}

// Transliterate returns a text in lower case with its letters in a to z. ok is false if
// it has letters of a script that is not transliterated.
func Transliterate(locale, text string) (latinText string, ok bool) {
	lang := tag.Language(locale)
	var own map[string]string
	if of := cyrillicOf[lang]; of != nil {
		own = of()
	}
	var b strings.Builder
	before := ' ' // the letter before, a space at the beginning of a word
	runes := []rune(norm.NFC.String(text))
	for i, r := range runes {
		s := string(r)
		next := ' '
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case lang == "de" && german()[s] != "":
			b.WriteString(german()[s])
		case unicode.Is(unicode.Cyrillic, r) && !unicode.IsMark(r):
			to, known := own[s]
			if !known {
				to, known = cyrillic()[s]
			}
			if !known {
				return "", false
			}
			start := !unicode.IsLetter(before) || strings.ContainsRune(afterVowel, before)
			switch {
			case r == 'е' && yeAfter[lang] && start, r == 'ё' && lang == "ru" && start:
				to = "ye"
			case r == 'ё' && lang == "ru":
				to = "e"
			}
			b.WriteString(to)
		case unicode.Is(unicode.Armenian, r):
			start := !unicode.IsLetter(before)
			switch {
			case s == "ո" && next == 'ւ':
				b.WriteString("u")
			case s == "ւ" && before == 'ո':
			case s == "ե" && start:
				b.WriteString("ye")
			case s == "և" && (start || strings.ContainsRune("աեէըիոօւ", before)):
				b.WriteString("yev")
			case s == "ո" && start:
				b.WriteString("vo")
			default:
				to, known := armenian()[s]
				if !known && unicode.IsLetter(r) {
					return "", false
				}
				b.WriteString(to)
			}
		case unicode.Is(unicode.Greek, r):
			bare := base(r)
			switch {
			case bare == 'υ' && base(before) == 'ο' && r != 'ϋ':
				b.WriteString("u")
			case bare == 'υ' && (base(before) == 'α' || base(before) == 'ε') && r != 'ϋ':
				b.WriteString("v")
			default:
				to, known := greek()[string(bare)]
				if !known {
					return "", false
				}
				b.WriteString(to)
			}
		case unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r):
			to, known := arabic()[s]
			if !known {
				return "", false
			}
			// Vāv and ye are vowels behind a consonant.
			if isVowelLetter := r == 'و' || r == 'ی' || r == 'ي'; isVowelLetter && unicode.IsLetter(before) && !strings.ContainsRune("اآأإویي", before) {
				if to = "i"; r == 'و' {
					to = "u"
				}
			}
			b.WriteString(to)
		case georgian()[s] != "":
			b.WriteString(georgian()[s])
		case unicode.Is(unicode.Hebrew, r) && unicode.IsLetter(r):
			b.WriteString(hebrew()[s])
		case unicode.IsDigit(r):
			b.WriteByte(byte('0' + digit(r)))
		case unicode.Is(unicode.Latin, r):
			to, known := latin()[s]
			if !known {
				if to = string(base(r)); to >= "\x80" {
					return "", false
				}
			}
			b.WriteString(to)
		case unicode.IsLetter(r) && r != 'ʻ' && r != 'ʼ' && r != 'ʹ' && r != 'ʺ' && r != '\u0640':
			return "", false
		case unicode.IsMark(r):
			continue // the letter before counts for the next
		default:
			if r == 'ʻ' || r == 'ʼ' || r == 'ʹ' || r == 'ʺ' || r == '\u0640' || r == '’' || r == '‘' {
				b.WriteByte('\'')
				continue
			}
			b.WriteByte(' ')
		}
		before = r
	}
	return b.String(), true
}

// base returns a letter without its marks.
func base(r rune) rune {
	for _, d := range norm.NFD.String(string(r)) {
		return d
	}
	return r
}

// digit returns the value of a decimal digit of any script: they come in tens (Unicode
// 17, 4.6).
func digit(r rune) int {
	for n := 0; n < 10; n++ {
		if !unicode.IsDigit(r - rune(n) - 1) {
			return n
		}
		if n == 9 {
			return 9
		}
	}
	return 0
}
