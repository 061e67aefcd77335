package slug

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// icuTransforms are the transforms of CLDR (by their IDs in ICU) that a language's slugs are
// made after, and words of languages without a catalog.
var icuTransforms = []struct{ locale, transform, words string }{
	{"ru", "Russian-Latin/BGN", "съёмка ёлка подъезд вьюга цирк щука эхо юла яма чай жираф хор вий"},
	{"uk", "Ukrainian-Latin/BGN", "ґанок їжак єдність щастя гора йод цвях чайка юшка яблуко"},
	{"be", "Belarusian-Latin/BGN", "ёсць беларусь сэрцы ўчора дзень чай"},
	{"bg", "Bulgarian-Latin/BGN", "щастие ъгъл синьо цвят юли ябълка жаба"},
	{"sr", "Serbian-Latin/BGN", "жута џукела ђаково љубав њива ћуприја хлеб"},
	{"sr-ME", "Serbian-Latin/BGN", ""},
	{"bs", "Serbian-Latin/BGN", "жута џукела ђаково љубав"},
	{"mk", "Macedonian-Latin/BGN", "ѓорѓи ќерка ѕвезда џеб љубов њега жена шума"},
	{"kk", "Kazakh-Latin/BGN", "қазақстан ұлт ғылым әке өмір үй һәм"},
	{"ky", "Kirghiz-Latin/BGN", "кыргыз жер өмүр"},
	{"mn", "Mongolian-Latin/BGN", "монгол улаанбаатар хүн өдөр жил"},
	{"hy", "Armenian-Latin/BGN", "երևան որոտան ուժ նաև հայաստան"},
	{"ka", "Georgian-Latin/BGN", "საქართველო წყალი ჭადი ჟირაფი ხე ჯამი"},
	{"el", "Greek-Latin/UNGEGN", "ουρανός ευρώπη αυλή ψωμί ξένος θάλασσα χώρα"},
	{"he", "Hebrew-Latin/BGN", "שלום עולם תורה"},
	{"fa", "Persian-Latin/BGN", ""},
	{"fa-AF", "Persian-Latin/BGN", ""},
	{"ps", "Pashto-Latin/BGN", ""},
	{"az", "Latin-ASCII", ""}, {"ro", "Latin-ASCII", ""}, {"hu", "Latin-ASCII", ""}, {"sq", "Latin-ASCII", ""}, {"tk", "Latin-ASCII", ""},
	{"uz", "Latin-ASCII", ""}, {"crh-Latn", "Latin-ASCII", ""}, {"cs", "Latin-ASCII", "příliš žluťoučký kůň"}, {"vi", "Latin-ASCII", "tiếng việt đường"},
	{"pl", "Latin-ASCII", "zażółć gęślą jaźń"}, {"is", "Latin-ASCII", "þorn ð æ ø"},
}

// icuExceptions are words that ICU writes in another way, with the reason.
var icuExceptions = map[string]string{
	"չունեցող": "ICU takes ո behind the apostrophe of ts' for the beginning of a word",
}

var (
	messageText = regexp.MustCompile(`(?m)^(?:other|many|few|one) = "(.*)"$`)
	placeholder = regexp.MustCompile(`\{\{.*?\}\}`)
)

// icuWords returns the words of a locale's catalog, in lower case, and those of a list.
func icuWords(t *testing.T, locale, list string) []string {
	words := strings.Fields(list)
	data, err := os.ReadFile("../../../locales/active." + strings.TrimSuffix(locale, "-Cyrl") + ".toml")
	if err != nil && list == "" {
		t.Fatal(err)
	}
	for _, m := range messageText.FindAllSubmatch(data, -1) {
		words = append(words, strings.FieldsFunc(lower(locale, string(placeholder.ReplaceAll(m[1], nil))), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r)
		})...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// skeleton returns what is compared of a slug: in the languages whose vowels are read in
// another way than ICU does, the consonants alone.
func skeleton(locale, slug string) string {
	switch locale {
	case "he":
		return strings.ReplaceAll(slug, "w", "v")
	case "fa", "fa-AF", "ps":
		return strings.NewReplacer("a", "", "u", "v", "w", "v", "i", "y", "e", "", "o", "").Replace(slug)
	}
	return slug
}

// The slugs of the languages that have a transform in CLDR are those of ICU's, except
// where the tables say otherwise.
func TestICU(t *testing.T) {
	uconv, err := exec.LookPath("uconv")
	if err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
			t.Fatal("uconv is not installed")
		}
		t.Skip("uconv (Debian: icu-devtools) is not installed")
	}
	for _, x := range icuTransforms {
		t.Run(x.locale, func(t *testing.T) {
			t.Parallel()
			words := icuWords(t, x.locale, x.words)
			cmd := exec.Command(uconv, "-f", "utf-8", "-t", "utf-8", "-x", x.transform+"; Latin-ASCII; Lower")
			cmd.Stdin = strings.NewReader(strings.Join(words, "\n") + "\n")
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, stderr.String())
			}
			lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
			if len(lines) != len(words) || len(words) == 0 {
				t.Fatalf("%d words, %d lines", len(words), len(lines))
			}
			for i, word := range words {
				if _, ok := icuExceptions[word]; ok {
					continue
				}
				// ICU keeps signs as quotation marks, and divides what could be read as one letter.
				icu := strings.NewReplacer(`"`, "", "·", "", "ʼ", "", "'", "").Replace(lines[i])
				want, got := skeleton(x.locale, Make("und", icu, Options{})), skeleton(x.locale, Make(x.locale, word, Options{}))
				if got != want {
					t.Errorf("%s: %q, ICU has %q (%s)", word, got, want, lines[i])
				}
			}
		})
	}
}
