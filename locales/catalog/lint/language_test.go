package lint

import (
	"testing"

	"hexapla/locales/catalog"
)

// TestLanguage: text of a locale that is in another language or encoding.
func TestLanguage(t *testing.T) {
	for _, tt := range []struct{ locale, source, target, want string }{
		{"ru", "Something went wrong, please try again", "Щось пішло не так, спробуйте ще раз через її помилку", "alphabet warning"},
		{"uk", "Something went wrong", "Что-то пошло не так, попробуйте ещё раз: ошибка", "alphabet warning"},
		{"ru", "Something went wrong", "Что-то пошло не так", ""},
		{"ru", "A fir", "Ещё одна ёлка", ""},
		{"ru", "Confirm", "Etwas ist schiefgelaufen", "language warning"},
		{"fa", "Confirm", "Etwas ist schiefgelaufen", "language warning"},
		{"ru", "Run go mod tidy first", "go mod tidy", ""},
		{"ru", "GitHub, GitLab, Bitbucket", "GitHub, GitLab и Bitbucket", ""},
		{"ru", "Press <kbd>Ctrl</kbd>", "<kbd>Ctrl</kbd>", ""},
		{"ja", "Something went wrong", "etwas ist schiefgelaufen heute", "language warning"},
		{"de", "Confirm", "BestÃ¤tigen", "misdecoded"},
		{"ru", "Privet", "РџСЂРёРІРµС‚", "misdecoded"},
		{"de", "Confirm", "Bestätigen", ""},
		{"pt", "No", "Não é uma IRMÃ", ""},
		{"de", "Sao Paulo", "Flug nach São Paulo und Łódź", ""},
		{"en-GB", "naive", "a naïve café", ""},
		{"it", "Please close the door", "Bitte schließen Sie die Tür, wir können nicht", "alphabet warning"},
		{"fr", "Close", "Fermer à cœur naïf, déjà œuvré", ""},
		{"sr", "Close the door", "Затворите врата, молим", ""},
		{"bg", "Close the door", "Затворете вратата, моля", ""},
		{"kk", "Close the door", "Есікті жабыңыз, рақмет", ""},
	} {
		got := found(t, catalog.Files{"active.en.json": oneMessage(t, tt.source), "active." + tt.locale + ".json": oneMessage(t, tt.target)}, Options{})
		if got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.locale, tt.target, got, tt.want)
		}
	}
}
