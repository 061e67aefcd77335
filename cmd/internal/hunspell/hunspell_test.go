package hunspell

import (
	"os"
	"path/filepath"
	"testing"
)

// installed returns the program with Debian's dictionary of Russian, and skips the test
// without them.
func installed(t *testing.T) *Speller {
	t.Helper()
	s, err := New()
	if err != nil || s.Dictionary("ru") == "" {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
			t.Fatalf("HEXAPLA_REQUIRE_ENGINES=1 requires hunspell with a dictionary of Russian: %v", err)
		}
		t.Skip("hunspell with a dictionary of Russian is not installed")
	}
	return s
}

func TestUnknown(t *testing.T) {
	s := installed(t)
	for range 2 { // the second time from memory
		got, err := s.Unknown("ru", []string{"суд", "судд", "решение", "решенние", "по-русски", "ъъъъъ", "#", "*"})
		if err != nil {
			t.Fatal(err)
		}
		for w, unknown := range map[string]bool{"суд": false, "судд": true, "решение": false, "решенние": true, "по-русски": false, "ъъъъъ": true} {
			if _, ok := got[w]; ok != unknown {
				t.Errorf("%q unknown: %v, want %v", w, ok, unknown)
			}
		}
		if got["решенние"] != "решение" {
			t.Errorf("suggestion %q, want решение", got["решенние"])
		}
	}
	if got, err := s.Unknown("tlh", []string{"суд"}); err != nil || len(got) != 0 {
		t.Errorf("of a language without a dictionary: %v, %v", got, err)
	}
}

func TestDictionary(t *testing.T) {
	s := &Speller{dictionaries: map[string]string{}}
	for _, n := range []string{"ru_RU", "en_GB", "en_US", "en_med_glut", "de_DE_frami", "de_AT", "sr_RS", "sr_Latn_RS", "es", "es_MX", "pt_PT", "pt_BR"} {
		s.dictionaries[n] = filepath.Join("/usr/share/hunspell", n)
	}
	for locale, want := range map[string]string{
		"ru": "ru_RU", "ru-KZ": "ru_RU", "en": "en_US", "en-GB": "en_GB", "de-AT": "de_AT", "sr": "sr_RS", "sr-Latn": "sr_Latn_RS", "es": "es", "es-MX": "es_MX", "pt": "pt_BR", "pt-PT": "pt_PT", "uk": "",
	} {
		if got := s.Dictionary(locale); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}
