package slug

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestMake(t *testing.T) {
	for _, x := range []struct{ locale, text, latin, native string }{
		{"en", "It’s raining: 20% more!", "its-raining-20-more", "its-raining-20-more"},
		{"ru", "Ельцин приехал в Щёлково", "yeltsin-priyekhal-v-shchelkovo", "ельцин-приехал-в-щёлково"},
		{"ru", "Объявление съёмки", "obyavleniye-syemki", "объявление-съёмки"},
		{"uk", "Гроза в Києві: підсумки", "hroza-v-kyyevi-pidsumky", "гроза-в-києві-підсумки"},
		{"uk", "Зв’язок", "zvyazok", "звязок"},
		{"be", "Ёсць Беларусь ў сэрцы", "yosts-byelarus-w-sertsy", "ёсць-беларусь-ў-сэрцы"},
		{"bg", "Щастие и ъгъл", "shtastie-i-ugul", "щастие-и-ъгъл"},
		{"sr", "Жута џукела у Ђакову", "zuta-dzukela-u-dakovu", "жута-џукела-у-ђакову"},
		{"mk", "Ѓорѓи и Ќерка", "gorgi-i-kerka", "ѓорѓи-и-ќерка"},
		{"kk", "Қазақстан жаңалықтары", "qazaqstan-zhangalyqtary", "қазақстан-жаңалықтары"},
		{"uz-Cyrl", "Ўзбекистон Хабарлари", "ozbekiston-xabarlari", "ўзбекистон-хабарлари"},
		{"uz", "O‘zbekiston", "ozbekiston", "ozbekiston"},
		{"ka", "საქართველო", "sakartvelo", "საქართველო"},
		{"hy", "Երևան ու Որոտան ուժ", "yerevan-u-vorotan-uzh", "երևան-ու-որոտան-ուժ"},
		{"el", "Ουρανός και Ευρώπη", "ouranos-kai-evropi", "ουρανός-και-ευρώπη"},
		{"fa", "می\u200cروم به تهران ۱۴۰۵", "mi-rum-bh-thran-1405", "می-روم-به-تهران-۱۴۰۵"},
		{"ps", "پښتو ژبه", "pshtu-zhbh", "پښتو-ژبه"},
		{"he", "שלום עולם", "shlvm-vlm", "שלום-עולם"},
		{"de", "Größe über alles", "groesse-ueber-alles", "größe-über-alles"},
		{"tr", "İSTANBUL ILIK", "istanbul-ilik", "istanbul-ılık"},
		{"az", "Əhali və şəhər", "ehali-ve-seher", "əhali-və-şəhər"},
		{"cs", "Příliš žluťoučký kůň", "prilis-zlutoucky-kun", "příliš-žluťoučký-kůň"},
		{"vi", "Tiếng Việt", "tieng-viet", "tiếng-việt"},
		{"ja", "東京の天気", "", "東京の天気"},
		{"hi", "नमस्ते दुनिया", "", "नमस्ते-दुनिया"},
		{"en", "…!?", "", ""}, {"en", "", "", ""}, {"en", "../../etc/passwd", "etc-passwd", "etc-passwd"},
		{"en", "a\x00b\u202ec\ufeff", "a-b-c", "a-b-c"}, {"en", "\xff\xfe", "", ""}, {"en", "🚀 launch", "launch", "launch"},
	} {
		if got := Make(x.locale, x.text, Options{}); got != x.latin {
			t.Errorf("%s %q: %q, want %q", x.locale, x.text, got, x.latin)
		}
		if got := Make(x.locale, x.text, Options{Native: true}); got != x.native {
			t.Errorf("%s %q: %q, want %q", x.locale, x.text, got, x.native)
		}
	}
}

func TestLength(t *testing.T) {
	for _, x := range []struct {
		text string
		n    int
		want string
	}{
		{"one two three four", 10, "one-two"}, {"one two three four", 13, "one-two-three"}, {strings.Repeat("ж", 10), 7, "жжж"},
		{"नमस्ते", 13, "नमस्"}, {"a-b", 1, "a"},
	} {
		if got := Make("ru", x.text, Options{Native: true, MaxBytes: x.n}); got != x.want {
			t.Errorf("%q in %d bytes: %q, want %q", x.text, x.n, got, x.want)
		}
	}
	if got := Numbered("one-two-three", 12, 10); got != "one-two-12" {
		t.Error(got)
	}
}

func TestReserved(t *testing.T) {
	for _, name := range []string{"CON", "com1", "LPT9", "index", "..", "", "Nul", "sitemap"} {
		if !IsReserved(name) {
			t.Errorf("%q is not reserved", name)
		}
	}
	for _, name := range []string{"console", "com", "com10", "news"} {
		if IsReserved(name) {
			t.Errorf("%q is reserved", name)
		}
	}
}

func FuzzMake(f *testing.F) {
	for _, s := range []string{"Ельцин", "می\u200cروم", "東京", "e\u0301\u0301", "İ", "a/b\\c:d"} {
		f.Add("ru", s, 20)
	}
	f.Fuzz(func(t *testing.T, locale, text string, n int) {
		for _, native := range []bool{false, true} {
			n := 1 + n&0xff
			s := Make(locale, text, Options{Native: native, MaxBytes: n})
			if len(s) > n || !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.ContainsAny(s, "/\\:. \x00?#%") || strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-") || strings.Contains(s, "--") {
				t.Errorf("%q: %q", text, s)
			}
			if !native {
				for _, r := range s {
					if r >= 0x80 {
						t.Errorf("%q: %q", text, s)
						break
					}
				}
			}
		}
	})
}

// The time of a slug grows with its text, whatever that is.
func BenchmarkHostile(b *testing.B) {
	for name, unit := range map[string]string{"marks": "\u0301", "words": "ж ", "digits": "۹", "apostrophes": "’", "invalid": "\xff"} {
		b.Run(name, func(b *testing.B) {
			text := "a" + strings.Repeat(unit, 1<<15)
			for b.Loop() {
				Make("ru", text, Options{})
			}
		})
	}
}
