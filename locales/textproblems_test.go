package locales

import (
	"fmt"
	"strings"
	"testing"
)

func TestTextProblems(t *testing.T) {
	for _, tt := range []struct{ tag, text, want string }{
		{"en", "plain text", ""},
		{"ru", "Обычный текст, 100 %, iPhone, Wi-Fi и «RFE/RL».", ""},
		{"ru", "нoвости", "mixed-script 2"},
		{"ru", "cлово", "mixed-script 0"},
		{"ru", "Bидео-ролик", "mixed-script 0"},
		{"uk", "п’ять", ""},
		{"sr-Latn", "vesti вести", "foreign-script 6"},
		{"sr", "вести vesti", ""},
		{"hy", "լուր новости", "foreign-script 9"},
		{"fa", "خبر\u200cها با «RFE/RL»", ""},
		{"fa", "a\u2067b", "bidi 1"},
		{"fa", "\u2067b\u2069 \u202bc\u202c", ""},
		{"fa", "\u2067\u202bc\u2069\u202c", "bidi 7 bidi 0"},
		{"en", "a\u202eb\u202c", "bidi 1"},
		{"en", "a\u0000b", "control 1"},
		{"en", "a\ufffdb", "control 1"},
		{"en", "\xff", "control 0"},
		{"en", "a\ue000", "control 1"},
		{"en", "e\u0301", "not-nfc 0"},
		{"ru", "и\u0306", "not-nfc 0"},
		{"ru", "за́мок", ""},
		{"ja", "日本語 and English とロシア", ""},
		{"el", "λόγος μe", "mixed-script 13"},
		{"bad tag", "новости", ""},
	} {
		var got []string
		for _, p := range NewTextChecker(tt.tag).Problems(tt.text) {
			got = append(got, fmt.Sprint(p.Kind, " ", p.Offset))
			if p.Offset+p.Length > len(tt.text) || p.Detail == "" {
				t.Errorf("%s %q: %+v", tt.tag, tt.text, p)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("TextProblems(%s, %q) = %q, want %q", tt.tag, tt.text, s, tt.want)
		}
	}
}

// TestTextProblemsBeside: what is no problem, and next to it what is one.
func TestTextProblemsBeside(t *testing.T) {
	for _, tt := range []struct{ tag, text, want, reason string }{
		{"ru", "Открыть URL'ы в GitHub'е", "", "endings of Russian after Latin words"},
		{"uk", "Email’и і PDFʼами", "", "the other apostrophes"},
		{"ru", "O'Коннор", "mixed-script 0", "one Latin letter, which looks like the Cyrillic one"},
		{"uk", "cep'йозно", "mixed-script 0", "Latin letters that look like the Cyrillic ones before an apostrophe"},
		{"uk", "об'eкт", "mixed-script 5", "a Latin letter after it"},
		{"ru", "GitHubе", "mixed-script 6", "no apostrophe"},
		{"sr-Latn", "GitHub'е", "mixed-script 7", "Cyrillic, which the locale does not use"},
		{"ru", "Задержка 5 μs, 4,7 kΩ и Δt", "", "units and symbols"},
		{"de", "Widerstand in kΩ, 10 μm", "", "units"},
		{"el", "5 μs και kΩ", "", "units, where Greek letters are at home"},
		{"el", "μe", "mixed-script 2", "a Greek word with a Latin letter"},
		{"ru", "β-версия, угол α", "", "letters that stand alone"},
		{"ru", "ο версии", "foreign-script 0", "omicron, which looks like the Cyrillic letter"},
		{"de", "Νame", "mixed-script 0", "a capital nu, which looks like N"},
		{"de", "πππ", "foreign-script 0", "more than a symbol"},
		{"fa", "IPهای مبدا و وSNI", "", "Persian endings and prefixes of Latin words"},
		{"ar", "بالـAPI وGitHub", "", "Arabic prefixes"},
		{"he", "לURL", "", "Hebrew prefixes"},
		{"ka", "PDFის", "", "Georgian endings"},
		{"fa", "aبcدe", "mixed-script 1", "more than a prefix and an ending"},
		{"ru", "Один\\nДва\\tТри", "", "escape sequences that are text"},
		{"ru", "{ split: /[^a-zа-яё]/ }", "", "a regular expression"},
		{"uk", "[a-zA-Zа-яА-ЯіїєґІЇЄҐ]", "", "a regular expression"},
		{"ru", "Завершить oпрос", "mixed-script 19", "the Latin letter is named"},
		{"ru", "Tриггер и cвернуть, описаниe", "mixed-script 0 mixed-script 17 mixed-script 48", "at the start and at the end"},
		{"ru", "SMSки и PDFы", "", "endings of acronyms"},
		{"ru", "СOVID и HOBOСТИ", "mixed-script 0 mixed-script 10", "capitals that look alike"},
		{"ru", "приzыв", "mixed-script 6", "a Latin letter inside a word"},
		{"en", "Cоmpany", "mixed-script 1", "a Cyrillic letter in English"},
		{"de", "προs", "mixed-script 6", "a Greek word with a Latin letter"},
	} {
		var got []string
		for _, p := range NewTextChecker(tt.tag).Problems(tt.text) {
			got = append(got, fmt.Sprint(p.Kind, " ", p.Offset))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("TextProblems(%s, %q) = %q, want %q: %s", tt.tag, tt.text, s, tt.want, tt.reason)
		}
	}
}

func FuzzTextProblems(f *testing.F) {
	f.Add("ru", "нoвости\u202e")
	f.Add("fa", "\u2067\u202b")
	f.Add("ru", "URL'ы μs kΩ β")
	f.Fuzz(func(t *testing.T, tag, text string) {
		for _, p := range NewTextChecker(tag).Problems(text) {
			if p.Offset < 0 || p.Length < 1 || p.Offset+p.Length > len(text) {
				t.Fatalf("%+v in %d bytes", p, len(text))
			}
		}
	})
}
