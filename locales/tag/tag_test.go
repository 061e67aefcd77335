package tag

import (
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	for tag, want := range map[string]string{
		"cnr": "sr-ME", "cnr-Latn": "sr-Latn-ME", "cnr-Cyrl": "sr-Cyrl-ME", "prs": "fa-AF", "prs-AF": "fa-AF", "prs-Arab": "fa-Arab-AF",
		"mo": "ro", "sh": "sr-Latn", "sh-Cyrl": "sr-Cyrl", "sr_latn_me": "sr-Latn-ME", "EN": "en", "iw": "he", "tt": "tt", "crh-latn-ua": "crh-Latn-UA",
		"hy-arevela": "hy", "ru-SU": "ru-RU", "zh-Hans": "zh-Hans", "en-x-newsroom": "en-x-newsroom", "und": "und", "es-419": "es-419",
	} {
		if got, err := Canonical(tag); err != nil || got != want {
			t.Errorf("Canonical(%s) = %q, %v, want %q", tag, got, err, want)
		}
	}
	for _, tag := range []string{"", "xx", "cz", "e", "toml", "ru.toml", "en-", "-en", "ru-ZZZZ9", strings.Repeat("a", 300), "ru\x00", "русский"} {
		if got, err := Canonical(tag); err == nil {
			t.Errorf("Canonical(%q) = %q, want an error", tag, got)
		}
	}
}

func TestParents(t *testing.T) {
	for tag, want := range map[string]string{
		"fa-AF": "fa", "sr-ME": "sr-Latn-ME sr-Latn", "sr-Latn-ME": "sr-ME sr-Latn", "cnr": "sr-Latn-ME sr-Latn", "sr-Latn": "", "sr-Cyrl-ME": "sr-Cyrl sr",
		"uz-Cyrl": "", "crh-Latn": "", "crh-Cyrl": "crh", "az-Cyrl": "", "kk-Latn": "", "zh-TW": "zh-Hant-TW zh-Hant", "zh-Hant-HK": "zh-HK zh-Hant",
		"zh-CN": "zh", "en-GB": "en-001 en", "es-MX": "es-419 es", "pt-AO": "pt-PT pt", "hi-Latn": "", "en": "", "bs-Cyrl": "", "bad tag": "",
		"ru-x-a": "ru", "fa-AF-u-nu-latn": "fa-AF fa", "uz-AF": "uz-Arab-AF uz-Arab", "sr-RS": "sr",
	} {
		if got := strings.Join(Parents(tag), " "); got != want {
			t.Errorf("Parents(%s) = %q, want %q", tag, got, want)
		}
	}
}

func TestScriptRegion(t *testing.T) {
	for _, c := range []struct{ tag, script, region string }{
		{"ru", "Cyrl", "RU"}, {"sr", "Cyrl", "RS"}, {"sr-ME", "Latn", "ME"}, {"crh-Latn", "Latn", "UA"}, {"zh-TW", "Hant", "TW"}, {"zh_hant", "Hant", "TW"},
		{"und", "", ""}, {"und-Arab", "Arab", ""}, {"zz-bad", "", ""}, {"", "", ""},
	} {
		if s, r := Script(c.tag), Region(c.tag); s != c.script || r != c.region {
			t.Errorf("%s: %s %s, want %s %s", c.tag, s, r, c.script, c.region)
		}
	}
}

// TestDirection checks direction against CLDR 48's likelySubtags and
// scriptMetadata, for the tags on which hand-written lists differ.
func TestDirection(t *testing.T) {
	for locales, want := range map[string]string{
		"ar arc ckb dv fa fa-AF he iw ji ks lrc mzn nqo prs ps sd sdh syr ug ur yi":                   "rtl",
		"rhg men-Mend ff-Adlm az-Arab az-IR ku-Arab pa-PK pa-Arab uz-AF tg-Arab kk-CN ms-Arab":        "rtl",
		"ur-Aran fa-Aran syr-Syre syr-Syrj syr-Syrn und-Hebr und-Mand sam ha-Arab ku-IQ tr-Arab":      "rtl",
		"ru en az pa pa-IN ku uz uz-Latn-AF sd-Deva ks-Deva ff ha ms men kk tg tr ja zh-Hant he-Latn": "ltr",
		"bad!tag zz-bad und qaa": "ltr",
	} {
		for _, l := range strings.Fields(locales) {
			if got := Direction(l); got != want || RightToLeft(l) != (want == "rtl") {
				t.Errorf("Direction(%s) = %s, want %s", l, got, want)
			}
		}
	}
}

func TestSameLanguage(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		same, text bool
	}{
		{"en", "en", true, true}, {"en-GB", "en_US", true, true}, {"EN", "en", true, true}, {"ro", "mo", true, true}, {"sr", "sh", true, false},
		{"sr", "sr-Latn", true, false}, {"sr-Cyrl", "sr", true, true}, {"sr-ME", "sr-Latn", true, true}, {"cnr", "sr-Latn-ME", true, true},
		{"prs", "fa", true, true}, {"zh", "zh-Hant", true, false}, {"zh-TW", "zh-Hant", true, true}, {"he", "iw", true, true}, {"kk-CN", "kk", true, false},
		{"ru", "uk", false, false}, {"e", "en", false, false}, {"english_us", "English-uk", true, true}, {"", "en", false, false}, {"", "", true, true},
	} {
		if got := SameLanguage(c.a, c.b); got != c.same || got != SameLanguage(c.b, c.a) {
			t.Errorf("SameLanguage(%q, %q) = %v", c.a, c.b, got)
		}
		if got := SameText(c.a, c.b); got != c.text || got != SameText(c.b, c.a) {
			t.Errorf("SameText(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestSpacesBetweenSentences(t *testing.T) {
	for locales, want := range map[string]bool{
		"ja zh-Hans zh zh-Hant yue cmn wuu nan th lo km my bo dz ii shn nod": false,
		"en ko am ru vi zh-Latn ja-Latn yue-Latn mn ti bad!tag":              true,
	} {
		for _, l := range strings.Fields(locales) {
			if got := SpacesBetweenSentences(l); got != want {
				t.Errorf("SpacesBetweenSentences(%s) = %v", l, got)
			}
		}
	}
}

// TestHandWrittenParents checks that the facts that are written by hand come
// first.
func TestHandWrittenParents(t *testing.T) {
	if p, ok := ParentLocale("crh-Latn"); p != Und || !ok {
		t.Errorf("parent of crh-Latn: %s, %v", p, ok)
	}
	if p, ok := ParentLocale("en-GB"); p != "en-001" || !ok {
		t.Errorf("parent of en-GB: %s, %v", p, ok)
	}
}
