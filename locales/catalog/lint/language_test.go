package lint

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/pipeline/quality"
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
		{"lmo", "You can use Markdown", "Te pòdet doperà el Markdown, förse però", "go-i18n info"},
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

// TestOtherLanguage: text in another language of the same script.
func TestOtherLanguage(t *testing.T) {
	for _, tt := range []struct{ locale, source, target, want string }{
		{"uk", "The letter was sent to you", "Письмо отправлено на почту", "language warning"},
		{"uk", "The file could not be found", "Файл не удалось найти на сервере", "language warning"},
		{"uk", "The letter was sent to you", "Листа надіслано на пошту", ""},
		{"ru", "Recent cycle context", "Контекст недавних циклов", ""},
		{"pt", "You do not have permission to view this page", "No tienes permiso para ver esta página", "language warning"},
		{"pt", "All time", "Todo o tempo", ""},
		{"de", "You do not have permission to view this page", "U hebt geen toestemming om deze pagina te bekijken", "language warning"},
		{"fr", "You do not have permission", "Non hai il permesso di visualizzare questa pagina", "language warning"},
		{"fr", "Unauthorized access", "Accès non autorisé", ""},
		{"fr", "These are new words", "These are the old words that nobody has translated yet", "language warning"},
		{"pt-BR", "Sign in with Google", "Sign in with Google", "untranslated warning"},
		{"ja", "Please enter your password", "请输入您的密码", "language warning"},
		{"ja", "The page was not found", "找不到這個頁面", "language warning"},
		{"ja", "Consent to the terms of use", "利用規約同意書確認", ""},
		{"ja", "Please enter your password", "パスワードを入力してください", ""},
		{"zh-TW", "Please enter your password", "请输入您的密码", "language warning"},
		{"zh-TW", "Language", "语言", "language warning"},
		{"zh-TW", "Wallet", "錢包", ""},
		{"zh-HK", "Temperature now", "現時温度", ""},
		{"zh-CN", "Please enter your password", "請輸入您的密碼", "language warning"},
		{"zh-CN", "Settings", "设置", ""},
		{"zh-CN", "Lost on journey", "人在囧途", ""},
		{"zh-HK", "Tax office", "税務局", ""},
		{"zh-HK", "Shows the temperature now", "顯示着現時温度", ""},
		{"zh-TW", "Simplified Chinese", "简体中文", ""},
		{"zh-CN", "Traditional Chinese", "中文（繁體）", ""},
		{"zh-TW", "This text is in simplified Chinese", "这是简体中文的文本", "language warning"},
		{"ja", "Settings", "设置", "language warning"},
		{"ja", "Settings", "設定", ""},
		{"ja", "Simplified Chinese", "简体中文", ""},
	} {
		got := found(t, catalog.Files{"active.en.json": oneMessage(t, tt.source), "active." + tt.locale + ".json": oneMessage(t, tt.target)}, Options{SeemsIn: quality.SeemsIn})
		if got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.locale, tt.target, got, tt.want)
		}
	}
}

// TestOtherLanguageBeside: what other messages and catalogs tell of a text that may be in
// another language.
func TestOtherLanguageBeside(t *testing.T) {
	source := map[string]string{"a": "The password", "b": "All time", "c": "Days of the month", "d": "Shiba Inus in all countries"}
	for _, tt := range []struct {
		reason string
		files  map[string]map[string]string
		want   string
	}{
		{"one text that few words tell of", map[string]map[string]string{"pt": {"b": "Todo o tempo", "d": "Shiba Inus de todo o mundo"}}, "missing, missing"},
		{"a text that the Spanish catalog has, too", map[string]map[string]string{"pt": {"a": "A senha", "b": "Todo el tiempo"}, "es": {"a": "La contraseña", "b": "Todo el tiempo"}}, "language warning, missing, missing, missing, missing"},
		{"words of other messages", map[string]map[string]string{"pt": {"a": "Todo o mundo", "b": "Todo o tempo", "c": "Shiba Inus de tempo", "d": "Shiba Inus de todo o mundo"}}, ""},
	} {
		files := catalog.Files{"en.json": messageFile(t, source)}
		for locale, messages := range tt.files {
			files[locale+".json"] = messageFile(t, messages)
		}
		if got := found(t, files, Options{SeemsIn: quality.SeemsIn}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
	}
}

// TestWholeScript: one finding of a catalog that is in Latin letters as a whole.
func TestWholeScript(t *testing.T) {
	source := map[string]string{"a": "Read more of this", "b": "Open the page", "c": "Close the page", "d": "Search in news", "e": "Write to us", "f": "GitHub"}
	latin := map[string]string{"a": "Kóbirek oqıw kerek", "b": "Betti ashıw kerek", "c": "Betti jabıw kerek", "d": "Jańalıqlardan izlew kerek", "e": "Bizge jazıń endi", "f": "GitHub"}
	files := func(locale string, messages map[string]string) catalog.Files {
		return catalog.Files{"en.json": messageFile(t, source), locale + ".json": messageFile(t, messages)}
	}
	if got := found(t, files("ab", latin), Options{}); got != "go-i18n info, language warning" {
		t.Errorf("a catalog in Latin letters: %s", got)
	}
	if got := found(t, files("kaa", latin), Options{}); got != "go-i18n info, language info" {
		t.Errorf("a catalog in Latin letters of a language that has them too: %s", got)
	}
	few := map[string]string{"a": "Pročitajte više o tome", "b": "Otvorite ovu stranicu"}
	if got := found(t, files("sr", few), Options{}); got != "language info, missing, missing, missing, missing info" {
		t.Errorf("a small catalog in Latin letters: %s", got)
	}
	latin["a"], latin["b"] = "Көбирек оқыў", "Бетти ашыў"
	if got := found(t, files("kaa", latin), Options{}); got != "go-i18n info, language warning, language warning, language warning" {
		t.Errorf("a catalog in two scripts: %s", got)
	}
}

// TestLeftAsTheyAre: labels that several finished translations leave as they are.
func TestLeftAsTheyAre(t *testing.T) {
	source := map[string]string{"label": "Reverse tag", "word": "Fallbacks", "sentence": "Read it"}
	done := func(ending string) map[string]string {
		out := maps.Clone(source)
		for i := range 30 {
			id := fmt.Sprintf("m%d", i)
			source[id], out[id] = fmt.Sprintf("News of day %d", i), fmt.Sprintf("%s %d", ending, i)
		}
		if ending != "Tag" {
			out["sentence"] = ending
		}
		return out
	}
	files := catalog.Files{}
	for locale, ending := range map[string]string{"de": "Tag", "es": "Día", "id": "Hari", "ru": "День", "ja": "日"} {
		files[locale+".json"] = messageFile(t, done(ending))
	}
	files["en.json"] = messageFile(t, source)
	if got := found(t, files, Options{}); got != "untranslated warning" { // the sentence in de
		t.Errorf("got %s, want one finding", got)
	}
	delete(files, "es.json")
	delete(files, "id.json")
	delete(files, "ja.json")
	const want = "untranslated info, untranslated warning, untranslated warning, untranslated warning"
	if got := found(t, files, Options{}); got != want { // no witness is left of the label and of the word
		t.Errorf("got %s, want %s", got, want)
	}
}

func messageFile(t *testing.T, messages map[string]string) []byte {
	t.Helper()
	data, err := json.Marshal(messages)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
