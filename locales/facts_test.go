package locales

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	langtag "hexapla/locales/tag"
)

// TestParentsLaw: parents keep language and script, end, and are canonical.
func TestParentsLaw(t *testing.T) {
	for tag := range facts().locales {
		for _, p := range Parents(tag) {
			a, _ := langtag.Parse(tag)
			b, ok := langtag.Parse(p)
			if !ok || b.String() != p || a.Language != b.Language || Script(tag) != Script(p) || p == tag || p == root {
				t.Errorf("Parents(%s) has %s", tag, p)
			}
		}
	}
}

func TestFactsOfTags(t *testing.T) {
	for _, tt := range []struct{ tag, script, direction, og, name, english string }{
		{"ru", "Cyrl", "ltr", "ru_RU", "русский", "Russian"},
		{"sr", "Cyrl", "ltr", "sr_RS", "српски", "Serbian"},
		{"sr-Latn", "Latn", "ltr", "sr_RS", "srpski (latinica)", "Serbian (Latin)"},
		{"sr-ME", "Latn", "ltr", "sr_ME", "crnogorski", "Montenegrin"},
		{"crh-Latn", "Latn", "ltr", "crh_UA", "qırımtatarca", "Crimean Tatar"},
		{"crh", "Cyrl", "ltr", "crh_UA", "къырымтатарджа", "Crimean Tatar (Cyrillic)"},
		{"fa-AF", "Arab", "rtl", "fa_AF", "دری", "Dari"},
		{"ps", "Arab", "rtl", "ps_AF", "پښتو", "Pashto"},
		{"ba", "Cyrl", "ltr", "ba_RU", "башҡорт", "Bashkir"},
		{"uz-Cyrl", "Cyrl", "ltr", "uz_UZ", "ўзбекча (Кирил)", "Uzbek (Cyrillic)"},
		{"he", "Hebr", "rtl", "he_IL", "עברית", "Hebrew"},
		{"dv", "Thaa", "rtl", "dv_MV", "dv", "Divehi"},
		{"en-XA", "Latn", "ltr", "en_XA", "English", "English"},
		{"zz-bad", "", "ltr", "", "zz-bad", "zz-bad"},
	} {
		got := []string{Script(tt.tag), Direction(tt.tag), OpenGraph(tt.tag), Name(tt.tag), EnglishName(tt.tag)}
		if want := []string{tt.script, tt.direction, tt.og, tt.name, tt.english}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", tt.tag, got, want)
		}
	}
	for tag, want := range map[string]string{"ru": "«»„“", "en": "“”‘’", "ba": "«»„“", "crh-Latn": "“”‘’", "ja": "「」『』", "qaa": "“”‘’", "hu": "„”»«"} {
		q := Quotes(tag)
		if got := strings.Join(q[:], ""); got != want {
			t.Errorf("Quotes(%s) = %s, want %s", tag, got, want)
		}
	}
}

func TestExemplars(t *testing.T) {
	for tag, want := range map[string]string{"tt": "ә җ ң ө ү һ", "ba": "ғ ҙ ҡ ҫ", "crh-Latn": "ñ ğ ş", "uk": "ґ є ї", "sr-ME": "č ć dž"} {
		got := Exemplars(tag)
		for _, c := range strings.Fields(want) {
			if !slices.Contains(got, c) {
				t.Errorf("Exemplars(%s) = %q lacks %s", tag, got, c)
			}
		}
	}
	if got := fmt.Sprint(parseSet(`[a-c {dž} \- é]`)); got != "[a b c dž - é]" {
		t.Errorf("parseSet: %s", got)
	}
	if p := Punctuation("hy"); !slices.Contains(p, "։") {
		t.Errorf("Punctuation(hy) = %q", p)
	}
}

// TestTables: every line of the tables that is parsed lazily can be parsed.
func TestTables(t *testing.T) {
	for _, kind := range []string{"cardinal", "ordinal"} {
		for _, body := range []string{facts().supplemental[kind], facts().own[kind]} {
			for line := range strings.Lines(body) {
				if strings.HasPrefix(line, "#") {
					continue
				}
				_, rules, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
				if _, err := parseRules(rules); err != nil || !ok {
					t.Errorf("%s: %q: %v", kind, line, err)
				}
			}
		}
	}
	for id := range facts().locales {
		l := localeOf(id)
		for _, key := range []string{"Mw", "Ma", "Lw", "La"} {
			if len(l.list(key)) != 12 {
				t.Errorf("%s: %s has %d names", id, key, len(l.list(key)))
			}
		}
		for _, key := range []string{"df", "dl", "dm", "ds", "ts", "tm", "nd", "np", "ns", "self", "en"} {
			if l.get(key) == "" && id != root {
				t.Errorf("%s: no %s", id, key)
			}
		}
		for _, key := range []string{"la", "lo", "sy", "q"} {
			if len(l.list(key)) != 4 {
				t.Errorf("%s: %s = %q", id, key, l.list(key))
			}
		}
	}
}

func TestPluralOddities(t *testing.T) {
	for _, tt := range []struct {
		tag    string
		number any
		want   string
	}{
		{"ru", -1, "one"}, {"ru", int8(2), "few"}, {"ru", uint64(18446744073709551615), "many"}, {"ru", 1.5, "other"}, {"ru", "1.0", "other"},
		{"ru", "1000000000000000000000001", "one"}, {"ru", "1000000000000000000000011", "many"}, {"fr", "1c6", "many"}, {"fr", "1e6", "many"}, {"fr", 1000000, "many"}, {"fr", "1.5c6", "many"},
		{"es", 1000000, "many"}, {"ru", "abc", "other"}, {"ru", nil, "other"}, {"ru", "", "other"}, {"ru", "1.", "other"}, {"ru", "--1", "other"},
		{"mk", 11, "other"}, {"tt", 1, "other"}, {"ba", 1, "other"}, {"crh-Latn", 1, "one"}, {"prs", 0, "one"}, {"cnr", 22, "few"}, {"pt", 0, "one"}, {"pt-PT", 0, "other"}, {"pt-AO", 0, "other"}, {"qaa", 1, "other"},
	} {
		if got := Plural(tt.tag, tt.number); got != tt.want {
			t.Errorf("Plural(%s, %v) = %s, want %s", tt.tag, tt.number, got, tt.want)
		}
	}
	if got := fmt.Sprint(PluralCategories("uk"), PluralCategories("ba"), PluralCategories("ar"), PluralCategories("cnr")); got != "[one few many other] [other] [zero one two few many other] [one few other]" {
		t.Error(got)
	}
}

func TestLanguageNamed(t *testing.T) {
	for name, want := range map[string]string{"English": "en", "ukrainian": "uk", " Українська ": "uk", "Deutsch": "de", "Kazakh": "kk", "source": "", "uk": "", "": ""} {
		if got := LanguageNamed(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
