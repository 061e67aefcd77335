package lint

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/pipeline/diag"
)

// forms are those of a plural message.
type forms map[string]string

// found are the findings of messages, "id severity", without those of hashes.
// Errors have no severity.
func found(t *testing.T, files catalog.Files, opt Options) string {
	t.Helper()
	s, ds := catalog.Parse(files, "en")
	var out []string
	for _, d := range append(ds, Check(s, opt)...) {
		id := strings.TrimPrefix(d.ID, "catalog.")
		if id == "hash" {
			continue
		}
		if d.Place.Locale == "en" {
			id = "en:" + id
		}
		if d.Severity < diag.Error {
			id += " " + d.Severity.String()
		}
		out = append(out, id)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func oneMessage(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{"m": v})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestBeside: one message of the source, and of a locale, and what is found.
func TestBeside(t *testing.T) {
	cats := forms{"one": "{{.Count}} cat", "other": "{{.Count}} cats"}
	for _, tt := range []struct {
		locale         string
		source, target any
		want, reason   string
	}{
		// Marks at the end.
		{"zh-TW", "Hello {{.N}},", "您好，{{.N}}：", "", "letters begin with a colon in Chinese"},
		{"ru", "Hello {{.N}},", "Здравствуйте, {{.N}}!", "", "and with an exclamation mark in Russian"},
		{"ru", "Dear {{.N}}:", "Здравствуйте, {{.N}}!", "", "or with a colon in English"},
		{"ru", "Saved!", "Сохранено,", "end-punctuation warning", "no letter"},
		{"ru", "Name:", "Имя!", "end-punctuation warning", "no letter"},
		{"ru", "see", "см.", "", "an abbreviation"},
		{"ru", "{{.Count}} min", "{{.Count}} мин.", "", "an abbreviation"},
		{"ru", "read it", "читать его.", "end-punctuation info", "a short word that is no abbreviation"},
		{"ru", "Read the news", "Читать новости.", "end-punctuation info", "a sentence for a title"},
		{"ru", "Delete poll", "Удалить опрос?", "end-punctuation info", "a question for an order"},
		{"ru", "Read the news", "Читать новости:", "end-punctuation info", "no mark in the source, and no sentence"},
		{"ru", "Read the news.", "Читать новости", "end-punctuation info", "a full stop lost, where nothing shows how the locale has them"},
		{"ru", "Really?", "Да.", "end-punctuation warning", "another mark"},
		{"ru", "Is it good?", "Хорошо ли", "end-punctuation warning", "a question mark lost"},
		{"ru", "Speed:", "Скорость", "end-punctuation warning", "a colon lost, before a value"},
		{"ru", "Saved!", "Сохранено", "end-punctuation info", "an exclamation is style"},
		{"ru", "Saved!", "Сохранено.", "end-punctuation info", "and so is what stands for it"},
		{"ru", "Read more...", "Читать дальше", "end-punctuation info", "dots are style"},
		{"ru", "Written by", "Автор:", "end-punctuation info", "a label for the part of a sentence"},
		{"ru", "Read more", "Читать дальше,", "end-punctuation warning", "a comma that nothing follows"},
		{"tr", "at", ",", "", "nothing but marks"},
		{"bn", "Contact me:", "আমার সাথে যোগাযোগ করুনঃ", "", "a sign that is typed for a colon"},
		{"zh", "At its heart,", "核心是", "end-punctuation info", "no comma in a language that goes on otherwise"},
		{"ru", "Made with <a>x</a> &gt;", "Сделано с <a>x</a> &gt;", "", "a reference of HTML at the end"},
		{"ru", "Made with love", "Сделано с любовью&nbsp;", "", "the same in one of them"},
		{"ru", "Made with love", "Сделано с любовью;", "end-punctuation warning", "a mark"},
		{"ja", "As follows:", "次のとおりです。", "end-punctuation info", "a sentence for a colon"},
		{"zh", "Hello {{.N}}, come", "你好 {{.N}}，来", "", "a comma within"},
		{"zh", "Hello {{.N}},", "你好 {{.N}}，", "", "fullwidth comma"},
		{"ja", "Done; next;", "完了；次；", "", "fullwidth semicolon"},
		{"ja", "Done.", "完了．", "", "fullwidth full stop"},
		{"ja", "Loading…", "読み込み中⋯", "", "dots in the middle of the line"},
		{"zh", "Note (see below.)", "注意（见下文。）", "", "a full stop within brackets"},
		{"zh", "Note (see below).", "注意（见下文。）", "", "or behind them"},
		{"ja", `He said "yes."`, "「はい。」", "", "a full stop within quotation marks"},
		{"ja", `He said "yes"`, "「はい！」", "end-punctuation info", "another mark within them"},
		{"de", "<b>Done.</b>", "<b>Fertig</b>.", "", "a full stop behind a tag"},
		{"am", "Page not found.", "ገጹ አልተገኘም።", "", "Ethiopic full stop"},
		{"am", "Are you sure?", "እርግጠኛ ነዎት፧", "", "Ethiopic question mark"},
		{"my", "Page not found.", "စာမျက်နှာ မတွေ့ပါ။", "", "Burmese"},
		{"km", "Page not found.", "រកមិនឃើញទំព័រ។", "", "Khmer"},
		{"bo", "Page not found.", "ཤོག་ངོས་མ་རྙེད།", "", "Tibetan"},
		{"el", "Are you sure?", "Είστε σίγουροι;", "", "Greek asks with a semicolon"},
		{"el", "Are you sure?", "Είστε σίγουροι\u037e", "nfc info", "or with its own character"},
		{"fr", "Summer", "E\u0301te\u0301", "nfc info", "letters and marks that form C joins"},
		{"ar", "All", "\u0643\u0644\u0651\u064e", "", "Arabic marks in the order in which they are typed"},
		{"bn", "Time", "\u09b8\u09ae\u09df", "", "a letter that form C takes apart"},
		{"el", "Are you sure;", "Είστε σίγουροι;", "end-punctuation warning", "a question for a semicolon"},
		{"ru", "Are you sure?", "Вы уверены;", "end-punctuation warning", "Russian does not"},

		// Alphabets.
		{"ru", "Open the URLs", "Открыть URL'ы", "", "an ending after a Latin word"},
		{"ru", "Read the news", "Читать нoвости", "script", "a Latin letter in a Cyrillic word"},
		{"de", "Russian", "Русский", "script", "a word of another alphabet"},
		{"de", "Russian (Русский)", "Russisch (Русский)", "", "that the source has in brackets too"},
		{"de", "Read со", "Lesen со", "en:script", "of nothing but letters that look Latin"},

		// Markup.
		{"ru", "Usage: /add <name>", "Использование: /add <имя>", "", "what a reader puts in"},
		{"ru", "Usage: /add <name>", "Использование: /add ‹имя>", "", "the same"},
		{"de", "Usage: /poll <question>", "Verwendung: /poll <frage>", "", "the same in Latin letters"},
		{"de", "Usage: /at <time>", "Verwendung: /at <zeit>", "", "an element that is a word"},
		{"ru", "All <b>news</b>", "Все новости", "markup", "an element lost"},
		{"ru", "All<br>news", "Все новости", "markup", "an element without an end"},
		{"ru", "All <b>news</b>", "Все <b>новости<b>", "markup", "not closed"},
		{"ru", "All <link>news</link>", "Все новости", "markup", "a name that has an end"},
		{"ru", "All <my-icon></my-icon> news", "Все новости", "markup", "a custom element"},
		{"ru", "<Select this folder>", "<Выбрать эту папку>", "", "a text in angle brackets"},
		{"ru", "See <a href=\"/x\" download>it</a>", "См. его", "markup", "a tag with an attribute without a value"},
		{"et", "In the vein of Hashcash", "Nagu <em>Hashcash</em>", "markup info", "emphasis added"},
		{"et", "In the vein of Hashcash", "Nagu <u>Hashcash</u>", "markup", "another element added"},
		{"de", `<b class="x">A</b> and <b>c</b> or <b>d</b>`, `<b class="x">A</b> und <b class="x">c</b> oder <b class="x">d</b>`, "markup", "one finding for an attribute"},
		{"es", "Run set <new-token>", "Ejecute set <nuevo-token>", "", "what a reader puts in, of two words"},
		{"ru", "All <icon/> news", "Все новости", "markup", "an empty element"},
		{"ru", `At <time datetime="2006">noon`, "В полдень", "markup", "an element with an attribute"},
		{"ru", "All news", `Все <x onclick="steal()">новости`, "markup, markup", "any name with an attribute"},
		{"ru", `Read <a title="a > b">it</a>`, `Читать <a title="а > б">его</a>`, "", "a sign within an attribute"},

		// Templates.
		{"ru", "{{ . }} posts", "{{ . }} записей", "", "the dot, as in the source"},
		{"ru", "{{ . }} posts", "записей", "variable-missing", "the dot lost"},
		{"ru", "{{ .N }} posts", "{{ . }} записей", "template-node, variable-extra, variable-missing", "the dot, and not in the source"},
		{"ru", "{{.Count | html}} posts", "{{.Count | html}} записей", "en:template-node info", "escaped as in the source"},
		{"ru", "{{.Count | html}} posts", "{{.Count | js}} записей", "en:template-node info, template-node", "otherwise"},
		{"ru", `{{printf "%d" .N}} posts`, `{{printf "%d" .N}} записей`, "en:template-node info", "printf as in the source"},
		{"ru", `{{printf "%d" .N}} posts`, `{{printf "%99d" .N}} записей`, "en:template-node info, template-node", "a width that the source has not"},
		{"ru", `{{printf "%999d" .N}} posts`, `{{printf "%999d" .N}} записей`, "en:template-node, template-node", "a width too large for anyone"},
		{"ru", "{{ $.Name }} posts", "{{ $.Name }} пишет", "en:template-node info", "the dot by its other name"},
		{"ru", `Since {{ .Date.Format "2006" }}`, `С {{ .Date.Format "2006" }}`, "en:template-node info", "a method with a constant"},
		{"ru", "{{if .A}}yes{{else}}no{{end}}", "{{if .A}}да{{else}}нет{{end}}", "en:template-node info", "a branch as in the source"},
		{"ru", "{{if .A}}yes{{else}}no{{end}}", "{{if .B}}да{{else}}нет{{end}}", "en:template-node info, template-node, variable-extra, variable-missing", "another condition"},
		{"ru", "{{range .L}}x{{end}}", "{{range .L}}х{{end}}", "en:template-node, template-node", "a loop, which nobody may have"},
		{"ru", "For {{EMAIL}} and {{ID}}", "Для {{EMAIL}} и {{ID}}", "en:template-node info, en:template-node info", "placeholders of another program"},
		{"ru", "For {{.Email}}", "Для {{Email}}", "template-node, variable-missing", "the dot lost"},
		{"ro", "{{.N}} minutes", "{{.N}} {{if lt .N 20}}minute{{else}}de minute{{end}}", "template-node info", "a word that depends on the source's variable"},
		{"ru", "{{.N | upper}} posts", "{{.N | upper}} записей", "en:template-node", "a function that nobody knows, once"},
		{"ru", "Read {{ .Title }}", "Читать { { . Title } }", "template, variable-missing", "separated braces"},
		{"ru", "Read {{ .Title }}", "Читать {.Title}", "template, variable-missing", "a brace lost"},
		{"ru", "Read {{ .Title }}", "Читать ｛｛.Title｝｝", "template, variable-missing", "fullwidth braces"},
		{"ru", "Read on", "Читать { { . Site . Title } }", "template", "what was a template once"},
		{"ru", "Read {title}", "Читать {title}", "", "another kind of placeholder"},
		{"ru", "Read {.X} of {{.Y}}", "Читать {.X} из {{.Y}}", "", "single braces in the source too"},

		// Verbs of printf.
		{"ru", "%s added by %s", "добавлено", "printf", "both lost"},
		{"ru", "%d of %d", "%d из %s", "printf", "another verb"},
		{"ru", "%s of %d", "%v из %v", "printf info", "the verb that writes either"},
		{"ru", "Error: %v", "Ошибка: %w", "printf", "a verb that only Errorf has"},
		{"ru", "%s of %d", "%[2]d: %[1]s", "", "in another order, which says so"},
		{"ru", "%s of %d", "%2$d: %1$s", "", "the same in C's way"},
		{"ru", "%s of %d", "%d: %s", "printf", "in another order, and with the wrong arguments"},
		{"ru", "%.2f GB", "%.1f ГБ", "", "another precision"},
		{"ru", "%s (%d%%)", "%s (%d %%)", "", "a percent sign"},
		{"ru", "%s (%d%%)", "%s (%d%)", "", "a percent sign that is lost is no verb"},
		{"ru", `{{printf "%d" .A}} of {{printf "%s" .B}}, %v`, `{{printf "%s" .B}}: {{printf "%d" .A}}, %v`, "en:template-node info, en:template-node info", "verbs within actions are the template's own"},
		{"ru", "{{.Done}}%d", "%d{{.Done}}", "", "a verb behind an action"},
		{"ru", "100% sure", "на 100 %", "", "no verb"},
		{"ru", "100%sure", "на 100 %", "", "no verb either"},
		{"ru", "on %Y-%m-%d", "%d.%m.%Y г", "", "a date"},
		{"ru", "%s at https://x.org/%d0%b0", "%s на https://x.org/%d0%b0", "", "an escape in an address"},
		{"ru", forms{"one": "one file", "other": "%d files"}, forms{"one": "%d файл", "few": "%d файла", "many": "%d файлов", "other": "%d файла"}, "", "as in another form of the source"},

		// Addresses.
		{"zh", "Visit https://go.dev. Thanks", "请访问 https://go.dev。谢谢", "", "text right behind"},
		{"ja", "See https://go.dev/ for more", "詳しくはhttps://go.dev/を参照", "", "text right behind"},
		{"zh", "Visit (https://go.dev) now", "请访问（https://go.dev）", "", "a fullwidth bracket behind"},
		{"ja", "See https://go.dev for more", "詳しくはhttps://golang.orgを参照", "url warning", "another host"},
		{"zh", "See https://zh.x.org/中国", "见 https://zh.x.org/日本", "url warning", "Chinese within the address"},
		{"ru", "See https://en.wikipedia.org/wiki/Work", "См. https://ru.wikipedia.org/wiki/Труд", "", "the encyclopedia in Russian"},
		{"ru", "See https://x.org/en/docs", "См. https://x.org/ru/docs", "", "the folder in Russian"},
		{"zh-TW", "See https://x.org/docs", "見 https://x.org/zh-tw/docs", "", "a folder where the source has none"},
		{"ru", "See https://x.org/docs/", "См. https://x.org/docs/?lang=russian", "", "the language in the query"},
		{"ru", "See https://x.org/docs/?lang=english&v=2", "См. https://x.org/docs/?v=3&lang=russian", "url warning", "more than the language"},
		{"ru", "See https://x.org/en/docs", "См. https://x.org/de/docs", "url warning", "a third language"},
		{"ru", "See https://x.org/en/docs", "См. https://y.org/ru/docs", "url warning", "another host"},

		{"de", "Mail to user@example.com", "Mail an benutzer@beispiel.de", "", "an example of mail"},
		{"de", "Wrong address (e.g. user@example.com)", "Falsche Adresse", "", "the example left out"},
		{"de", "Mail to desk@x.org", "Mail an desk@y.org", "url warning", "an address that is none of an example"},
		{"de", "See https://example.com/a", "Siehe https://example.com/b", "url warning", "the web address of an example is compared"},

		// The source text.
		{"de", "https://x.org/guide", "https://x.org/guide", "", "an address"},
		{"de", "Mail admin@x.org", "Mail admin@x.org", "untranslated warning", "an address and a word"},
		{"de", "admin@x.org", "admin@x.org", "", "an address of mail"},
		{"de", "lib/lunr/lunr.js", "lib/lunr/lunr.js", "", "a path"},
		{"de", "Open config.toml", "Open config.toml", "untranslated warning", "a file and a word"},
		{"de", "config.toml", "config.toml", "", "a file"},
		{"de", "Video {{.N}}", "Video {{.N}}", "", "one word, which languages of one script may share"},
		{"ru", "Video {{.N}}", "Video {{.N}}", "untranslated info", "one word in another script"},
		{"de", "TCP Max Seg", "TCP Max Seg", "", "a term of technology"},
		{"de", "g6.xlarge - NVIDIA L4, 4 vCPU, 16 GiB RAM", "g6.xlarge - NVIDIA L4, 4 vCPU, 16 GiB RAM", "", "no word of a language"},
		{"de", "Microsoft Edge", "Microsoft Edge", "untranslated info", "a name"},
		{"de", "Read the news", "Read the news", "untranslated warning", "no name"},
		{"de", "Sub-node", "Sub-node", "untranslated info", "one compound word"},
		{"ru", "🏠 home-proxy", "🏠 home-proxy", "untranslated info", "a name behind a picture"},
		{"ru", "my-application", "my-application", "untranslated info", "an example of a name"},
		{"id", "ℹ️ Status: {{ .State }}", "ℹ️ Status: {{ .State }}", "", "one word behind a sign"},
		{"fr", "Δ total", "Δ total", "", "one word behind a symbol"},
		{"zh", "./udf -t repo/app:latest ./image.tar", "./udf -t repo/app:latest ./image.tar", "", "a command line"},
		{"de", "  CPU: %.2fW | GPU: %.2fW (%d MHz, %.0f%% active)", "  CPU: %.2fW | GPU: %.2fW (%d MHz, %.0f%% active)", "", "values with their units"},
		{"de", "Jan 2, 2006", "Jan 2, 2006", "", "a layout of dates"},
		{"de", "Seen on Jan 2, 2006", "Seen on Jan 2, 2006", "untranslated warning", "a text with a date"},
		{"de", "c7i.2xlarge - 8 vCPU, 16 GiB RAM", "c7i.2xlarge - 8 vCPU, 16 GiB RAM", "", "codes"},
		{"de", "us-west-2 - Oregon", "us-west-2 - Oregon", "", "a code and one word"},
		{"ja", "search [instance-type]", "search [instance-type]", "", "how a command is used"},
		{"de", "⚙️📧 Status: {{.N}}", "⚙️📧 Status: {{.N}}", "", "one word behind pictures"},
		{"ru", "by {user}", "by {user}", "untranslated info", "one word and a placeholder"},
		{"de", "TURN Static Auth Secret", "TURN Static Auth Secret", "", "a label of technology"},
		{"de", "API key is invalid now", "API key is invalid now", "untranslated warning", "no label"},
		{"ja", "日本語", "日本語", "", "the language's own name"},
		{"de", "Yes. No", "Yes. No", "untranslated warning", "no name"},
		{"de", "Some Very Long Heading", "Some Very Long Heading", "untranslated warning", "too long for a name"},
		{"ru", "score_A = round(100 × (w_1×share_A + …))", "score_A = round(100 × (w_1×share_A + …))", "", "a formula"},
		{"de", "share_A = value_A ÷ value_B (if both are zero)", "share_A = value_A ÷ value_B (if both are zero)", "untranslated warning", "words beside a formula"},
		{"de", "docker compose up -d", "docker compose up -d", "", "a command"},
		{"de", "go get example.org/x", "go get example.org/x", "", "a command of go"},
		{"de", "go back to the list", "go back to the list", "untranslated warning", "no command of go"},
		{"ja", "© 2021 The Project. All rights reserved.", "© 2021 The Project. All rights reserved.", "untranslated info", "a notice of copyright"},
		{"de", "git is not installed", "git is not installed", "untranslated warning", "a sentence about a program"},
		{"de", "git push failed", "git push failed", "untranslated warning", "the same"},
		{"de", "ssh connection lost", "ssh connection lost", "untranslated warning", "the same"},
		{"de", "sudo systemctl restart nginx", "sudo systemctl restart nginx", "", "a command without marks"},
		{"de", "(c) The user agrees to the terms", "(c) The user agrees to the terms", "untranslated warning", "an item of a list"},
		{"de", "Copyright violations are deleted", "Copyright violations are deleted", "untranslated warning", "a sentence about copyright"},
		{"fr", "[In] %s [Out] %s", "[In] %s [Out] %s", "untranslated info", "labels of two values"},
		{"fr", "%s files, %s folders", "%s files, %s folders", "untranslated warning", "no labels"},
		{"zh", "%d E-Cores", "%d E-Cores", "untranslated info", "a compound and a value"},

		// Space.
		{"ko", "Last updated on", "마지막 수정: ", "end-punctuation info", "a colon and its space before a value"},
		{"zh", "Updated:", "更新于 ", "end-punctuation info", "a space for the colon"},
		{"ru", "Also available in", "Доступно на ", "space warning", "a space and no mark"},
		{"ja", "and", ", ", "", "a mark for a word"},
		{"ru", ", ", ",", "space warning", "a mark for a mark"},
		{"zh", "Name: ", "名称：", "", "a fullwidth mark has its room"},
		{"zh", " (new)", "（新）", "", "the same before"},
		{"ko", "Page", " ", "", "the word is behind the number"},
		{"ko", " ", "페이지", "", "here"},

		// Nothing to read.
		{"ko", "Included in ", "", "empty info", "words that stand behind the value"},
		{"ko", "A nonprofit that serves more than", " ", "empty info", "the same"},
		{"ru", "Donate", "", "empty", "a message that nobody has translated"},
		{"ru", "Page", "\u200b", "empty", "an invisible character"},
		{"ru", "Page", "\u200f\u00a0\u2800", "empty", "several"},
		{"ru", "Read the news", " ", "empty", "white space for a sentence"},
		{"ru", "\u200e", "\u200f", "", "a direction mark"},
		{"ru", "Read the news", "?????? ???????", "end-punctuation info, misdecoded", "lost letters"},
		{"ru", "Page", "????", "end-punctuation info, misdecoded", "those of one word"},
		{"de", "Read the news now", "??? Nachrichten jetzt", "misdecoded", "those of one word of several"},
		{"ru", "Page??", "????", "misdecoded", "more than the source has"},
		{"ru", "{{.N}} pages?", "{{.N}} страниц?", "", "a question"},
		{"ru", "??", "????", "", "no letters to lose"},
		{"fr", ": ", " : ", "", "French puts a space before a colon"},
		{"fr", "Name: ", " Nom : ", "space warning", "not before the text"},
		{"fr", "Entity \"", "Entité « ", "", "a value between guillemets"},
		{"fr", "\" deleted", " » supprimée", "", "behind it"},
		{"de", "\" deleted", " » gelöscht", "space warning", "not in German"},
		{"zh", "      Used:", "   已使用:", "", "labels of other widths in one column"},
		{"zh", " Used:", "  已使用:", "space warning", "no column"},
		{"zh", "Used:", "   已使用:", "space warning", "an indent that the source does not have"},
		{"ru", "Usage: /language <code>", "Использование: /language <код>", "", "a word for a value"},
		{"ru", "Pass --output=<a> here", "Укажите здесь --output=<б>", "", "the value of a flag"},
		{"ru", "Usage: /language <code>", "Использование: /language <code><script>f()", "markup", "an element beside such a word"},
		{"ru", "Usage: /go to <b>all</b>", "Использование: /go to <b>все", "markup", "an element"},
		{"lt", "ago", "", "empty info", "a word that stands before the value"},
		{"zh", "Name ", "名称", "", "no mark, in a script without spaces"},
		{"ru", "Name: ", "Имя:", "space warning", "no fullwidth mark"},

		// Forms of a plural side by side.
		{"ru", "one day|%d days", "%d день|%d дня|%d дней", "", "three forms for two"},
		{"ru", "%[1]d day|%[1]d days", "%[1]d день|%[1]d дня|%[1]d дней", "", "the same with the number of the argument"},
		{"ja", "one day|%d days", "%d 日", "", "one form for two"},
		{"ru", "one day|%d days", "день|дня|дней", "printf", "no form shows the number"},
		{"ru", "CPU %d | GPU %d", "ЦП %d | ГП", "printf", "columns"},

		// Plural forms.
		{"ru", forms{"one": "Cancel", "other": "Cancel"}, forms{"one": "Отмена", "other": "Отмена"}, "", "forms of a message that is not plural"},
		{"ru", forms{"one": "%d sheep", "other": "%d sheep"}, forms{"one": "%d овца", "other": "%d овца"}, "plural-missing, plural-missing", "forms that show a number"},
		{"ru", forms{"one": "Cat", "other": "Cats"}, forms{"one": "Кот", "other": "Кот"}, "plural-missing, plural-missing", "a plural that was not translated as one"},
		{"fr", cats, forms{"one": "Un chat", "many": "{{.Count}} de chats", "other": "{{.Count}} chats"}, "count info", "one is for 0 and 1 only"},
		{"ru", cats, forms{"one": "Один кот", "few": "{{.Count}} кота", "many": "{{.Count}} котов", "other": "{{.Count}} кота"}, "count warning", "one is for 21 too"},
		{"ja", cats, forms{"one": "{{.Count}} 匹", "other": "{{.Count}} 匹"}, "plural-extra warning", "Japanese has one form"},
		{"vi", cats, forms{"one": "{{.Count}} con mèo", "other": "{{.Count}} con mèo"}, "", "go-i18n has two for Vietnamese"},
		{"cs", cats, forms{"one": "{{.Count}} kočka", "few": "{{.Count}} kočky", "other": "{{.Count}} koček"}, "plural-rare info", "many is for fractions"},
		{"lt", cats, forms{"one": "{{.Count}} katė", "few": "{{.Count}} katės", "other": "{{.Count}} kačių"}, "plural-rare info", "many is for fractions"},
		{"es", cats, forms{"one": "{{.Count}} gato", "other": "{{.Count}} gatos"}, "plural-rare info", "many is for millions"},
		{"ru", cats, forms{"one": "{{.Count}} кот", "few": "{{.Count}} кота", "other": "{{.Count}} кота"}, "plural-missing", "many is for five"},
		{"pl", cats, forms{"one": "{{.Count}} kot", "few": "{{.Count}} koty", "many": "{{.Count}} kotów"}, "plural-missing", "other is for fractions, and go-i18n needs it"},
		{"kw", cats, forms{"zero": "{{.Count}} kath", "one": "{{.Count}} gath", "few": "{{.Count}} hath", "many": "{{.Count}} cath", "other": "{{.Count}} cath"}, "plural-missing", "two is for a hundred thousand too"},
	} {
		got := found(t, catalog.Files{"en.json": oneMessage(t, tt.source), tt.locale + ".json": oneMessage(t, tt.target)}, Options{})
		if got != tt.want {
			t.Errorf("%s %q -> %q: %q, want %q: %s", tt.locale, tt.source, tt.target, got, tt.want, tt.reason)
		}
	}
}

// TestBesideFiles: what is found of files, and with options.
func TestBesideFiles(t *testing.T) {
	const (
		source = "A = \"One text\"\nB = \"Two texts\"\n"
		target = "A = \"Один\"\nB = \"Два\"\n"
	)
	upper := Options{AllowFunctions: []string{"upper"}}
	for _, tt := range []struct {
		files        map[string]string
		opt          Options
		want, reason string
	}{
		{map[string]string{"en.json": `{"A": "One"}`, "ru.json": "\ufeff" + `{"A": "Один"}`}, Options{}, "encoding", "go-i18n: invalid character 'ï'"},
		{map[string]string{"en.toml": "A = \"One\"\n", "ru.toml": "\ufeffA = \"Один\"\n"}, Options{}, "encoding info", "BurntSushi/toml reads it, go-toml does not"},
		{map[string]string{"en.yaml": "A: One\n", "ru.yaml": "\ufeffA: Один\n"}, Options{}, "", "YAML allows the mark"},
		{map[string]string{"en.yaml": "'404': One\n", "ru.yaml": "404: Один\n"}, Options{}, "structure", "go-i18n: expected key to be string but got 404"},
		{map[string]string{"en.yaml": "A: &a One\nB: *a\n", "ru.yaml": "A: &a Один\nB: *a\n"}, Options{}, "", "texts that stand for others"},
		{map[string]string{"en.toml": source, "active.ba.toml": target}, Options{}, "go-i18n info", "go-i18n has no plural rules for Bashkir"},
		{map[string]string{"en.toml": source, "active.ru.toml": target}, Options{}, "", "and has some for Russian"},
		{map[string]string{"en.toml": source, "active.en-AU.toml": "A = \"One\"\n"}, Options{}, "inherited info", "Australians read English"},
		{map[string]string{"en.toml": source, "active.fa.toml": "A = \"یک\"\nB = \"دو\"\n", "active.fa-AF.toml": "A = \"یک\"\n"}, Options{}, "inherited info", "Dari from Persian"},
		{map[string]string{"en.toml": source, "active.ru.toml": "A = \"Один\"\n"}, Options{}, "missing", "nothing to take it from"},
		{map[string]string{"en.toml": "A = \"{{.N | upper}}\"\n", "ru.toml": "A = \"{{.N | upper}}\"\n"}, upper, "", "a function of the project's own"},
		{map[string]string{"en.toml": "A = \"{{.N | upper | html}}\"\n", "ru.toml": "A = \"{{.N | upper | html}}\"\n"}, upper, "", "the same"},
		{map[string]string{"en.toml": "A = \"{{.N}}\"\n", "ru.toml": "A = \"{{if .N}}{{.N}}{{end}}\"\n"}, Options{AllowIf: true}, "", "branches allowed"},
		{map[string]string{"en.json": `{"d.one": "%d day", "d.other": "%d days"}`, "ru.json": `{"d.one": "%d день", "d.few": "%d дня", "d.many": "%d дней"}`}, Options{}, "", "forms of a plural that are messages"},
		{map[string]string{"en.json": `{"d_one": "%d day", "d_other": "%d days"}`, "ja.json": `{"d_other": "%d 日"}`}, Options{}, "", "the same with a low line"},
		{map[string]string{"en.json": `{"d.one": "%d day", "d.other": "%d days"}`, "ru.json": `{"d.one": "%d день", "d.two": "%d дня"}`}, Options{}, "extra warning", "a form that Russian does not have"},
		{map[string]string{"en.json": `{"d.one": "The day", "e.other": "The days"}`, "ja.json": `{"e.other": "日"}`}, Options{}, "missing", "no forms of one plural"},
		{map[string]string{"en.json": `{"A": "Hi {{name}}", "B": "{{n}} of {{m}}"}`, "ru.json": `{"A": "Привет, {{name}}", "B": "{{n}} из"}`}, Options{}, "en:template-node info, variable-missing", "placeholders of another program, one of which is lost"},
		{map[string]string{"en.json": `{"A": "Hi {{name}}", "B": "{{.N}} files"}`, "ru.json": `{"A": "Привет, {{name}}", "B": "Файлов: {{.N}}"}`}, Options{}, "en:template-node", "a dot that was forgotten"},
		{map[string]string{"en.json": `{"A": "Open"}`, "sr-Latn.json": `{"A": "Немате дозволу да видите ову страницу"}`}, Options{}, "script", "one finding for a text in another script"},
		{map[string]string{"en.json": `{"Нет процедуры Выполнить()": "No procedure Execute()"}`, "ka.json": `{"Нет процедуры Выполнить()": "არ არის Выполнить()"}`}, Options{}, "", "a name that the id has"},
		{map[string]string{"en.toml": "A = \"Simply Shared Notes\"\nB = \"Regards,\\n- Simply Shared Notes\"\n", "fr.toml": "A = \"Simply Shared Notes\"\nB = \"Cordialement,\\n- Simply Shared Notes\"\n"}, Options{}, "", "a name that another translation keeps"},
		{map[string]string{"en.toml": "A = \"Region (optional)\"\nB = \"Host (optional)\"\nC = \"Your region\"\n", "de.toml": "A = \"Region (optional)\"\nB = \"Rechner (optional)\"\nC = \"Ihre Region\"\n"}, Options{}, "", "words that translations have, too"},
		{map[string]string{"en.toml": "A = \"Region (optional)\"\nB = \"Host (optional)\"\n", "de.toml": "A = \"Region (optional)\"\nB = \"Rechner (optional)\"\n"}, Options{}, "untranslated warning", "one of two words"},
		{map[string]string{"en.toml": "A = \"Version: {ver}\"\nB = \"Now: {ver}\"\n", "ru.toml": "A = \"Версия:     {ver}\"\nB = \"Сейчас  тут: {ver}\"\n"}, Options{}, "space warning", "values in one column, and two spaces"},
		{map[string]string{"en.toml": "[Layout]\nAppName = \"Go Workflows\"\nAppHint = \"Go Forward\"\nB = \"go\"\n", "fr.toml": "[Layout]\nAppName = \"Go Workflows\"\nAppHint = \"Go Forward\"\nB = \"va\"\n"}, Options{}, "untranslated warning", "the name of the program"},
		{map[string]string{"en.toml": "A = \"Not Found Here\"\nB = \"Page Not Found Here\"\n", "fr.toml": "A = \"Not Found Here\"\nB = \"Page introuvable\"\n"}, Options{}, "untranslated info", "no name: the other translation has it not"},
		{map[string]string{"active.en.toml": source, "active.ru.toml": target, "docker-compose.dev.yml": "services:\n  web:\n    build: .\n    n: 3\n", "fly.toml": "app = \"x\"\n[build]\nn = 1\n", "buf.yaml": "version: v1\n"}, Options{}, "", "files of other programs"},
		{map[string]string{"en.toml": source, "ru.toml": target, "fly.toml": "app = \"x\"\n", "app.json": "{\"n\": \"x\"}\n"}, Options{}, "", "the same, beside catalogs without a prefix"},
		{map[string]string{"en.toml": source, "ru.toml": target, "de.toml": "Y = \"Zwei\"\n"}, Options{}, "extra warning, missing, missing", "a catalog of which no message is known"},
		{map[string]string{"en/en.toml": source, "ru/ru.toml": target, "de/de.toml": "Y = \"Zwei\"\n"}, Options{}, "extra warning, missing, missing", "the same, in folders of languages"},
		{map[string]string{"en.toml": "company_name = \"Company Name\"\nSiteTitle = \"Title\"\nproductName = \"Name of Product\"\nAppName = \"Go Workflows\"\nB = \"go\"\n", "fr.toml": "company_name = \"Company Name\"\nSiteTitle = \"Title\"\nproductName = \"Name of Product\"\nAppName = \"Go Workflows\"\nB = \"va\"\n"}, Options{}, "untranslated info, untranslated warning", "labels of fields, no names"},
		{map[string]string{"en.toml": "A = \"Save Changes\"\nB = \"Click on Save Changes now\"\nC = \"Save the page\"\nD = \"No changes\"\n", "de.toml": "A = \"Save Changes\"\nB = \"Jetzt auf Save Changes klicken\"\nC = \"Die Seite speichern\"\nD = \"Keine Änderungen\"\n"}, Options{}, "untranslated warning", "words that are translated elsewhere"},
		{map[string]string{"en.toml": "A = \"Not found\"\nB = \"it was found\"\n", "ru.toml": "A = \"Not Found\"\nB = \"найдено\"\n"}, Options{}, "", "no copy"},
		{map[string]string{"en.toml": "A = \"Telegram Bot\"\nB = \"run the bot in Telegram now\"\n", "ru.toml": "A = \"Telegram Bot\"\nB = \"запустить бота\"\n"}, Options{}, "untranslated info", "a name with a common word"},
		{map[string]string{"en.toml": "A = \"0062\"\nB = \"EIN: 46-3344200\"\nC = \"https://x.org/a\"\nD = \"One text\"\n", "ru.toml": "D = \"Один\"\n"}, Options{}, "missing info, missing info, missing info", "values that are the same everywhere"},
		{map[string]string{"en.toml": "A = \"\"\nD = \"One\"\n", "ru.toml": "A = \"\"\nD = \"Один\"\n", "de.toml": "A = \"\"\nD = \"Eins\"\n", "fr.toml": "A = \"\"\nD = \"Une\"\n"}, Options{}, "empty info, empty info, empty info, en:empty info", "a text that sites give"},
		{map[string]string{"en.toml": "A = \"\"\nD = \"One text\"\n", "ru.toml": "A = \"\"\nD = \"Один\"\n"}, Options{}, "empty info, en:empty", "empty as the source is"},
		{map[string]string{"en.toml": "A = \"Not Found\"\nB = \"it was found\"\n", "ru.toml": "A = \"Not Found\"\nB = \"найдено\"\n"}, Options{}, "untranslated warning", "no name: a word of it is common"},
	} {
		files := catalog.Files{}
		for name, text := range tt.files {
			files[name] = []byte(text)
		}
		if got := found(t, files, tt.opt); got != tt.want {
			t.Errorf("%q: %q, want %q: %s", tt.files, got, tt.want, tt.reason)
		}
	}
}

// TestEndingHabits: a full stop that is lost is a fault where the locale else has those of
// its source, and other languages have this one.
func TestEndingHabits(t *testing.T) {
	texts := func(stop func(i int) string) map[string]string {
		out := map[string]string{}
		for i := range 10 {
			out[fmt.Sprintf("m%d", i)] = fmt.Sprintf("Слово дня номер %d найдено%s", i, stop(i))
		}
		return out
	}
	all := func(int) string { return "." }
	first := func(i int) string {
		if i == 0 {
			return ""
		}
		return "."
	}
	none := func(int) string { return "" }
	source := map[string]string{}
	for i := range 10 {
		source[fmt.Sprintf("m%d", i)] = fmt.Sprintf("The word of day number %d was found.", i)
	}
	for _, tt := range []struct {
		reason string
		ru, uk func(int) string
		want   string
	}{
		{"all as in the source", all, all, ""},
		{"one lost", first, all, "end-punctuation warning"},
		{"lost in two languages", first, first, "end-punctuation info, end-punctuation info"},
		{"the locale has none", none, all, strings.TrimSuffix(strings.Repeat("end-punctuation info, ", 10), ", ")},
	} {
		got := found(t, catalog.Files{"en.json": messageFile(t, source), "ru.json": messageFile(t, texts(tt.ru)), "uk.json": messageFile(t, texts(tt.uk))}, Options{})
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
	}
}

// TestHash: a file that keeps no hashes is said once.
func TestHash(t *testing.T) {
	const source = "A = \"One text\"\nB = \"Two texts\"\nC = \"Three\"\n"
	for target, want := range map[string][]string{
		"A = \"Один\"\nB = \"Два\"\nC = \"Три\"\n":                        {"active.ru.toml [ru]"},
		"B = \"Два\"\nC = \"Три\"\n[A]\nhash = \"sha1-x\"\nother=\"1\"\n": {"active.ru.toml:1:1 [ru, unit B]", "active.ru.toml:2:1 [ru, unit C]"},
	} {
		s, _ := catalog.Parse(catalog.Files{"active.en.toml": []byte(source), "active.ru.toml": []byte(target)}, "en")
		var got []string
		for _, d := range Check(s, Options{}) {
			if d.ID == "catalog.hash" {
				got = append(got, d.Place.String())
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

// BenchmarkBesideHostile: texts made to be slow to compare take time in
// proportion to their length: the figures of the two lengths are alike.
func BenchmarkBesideHostile(b *testing.B) {
	for _, unit := range []string{"<b>", "</x>", "{ ", "{ { .", "%", "%[1", "a.b/", "https://a.b/c?d ", "。", "</", "x@y.z "} {
		for _, n := range []int{6_000, 60_000} {
			b.Run(fmt.Sprintf("%q/%d", unit, n), func(b *testing.B) {
				files := catalog.Files{"en.json": oneMessage(b, "a "+unit), "ru.json": oneMessage(b, strings.Repeat(unit, n/len(unit)))}
				b.SetBytes(int64(n))
				for b.Loop() {
					s, _ := catalog.Parse(files, "en")
					Check(s, Options{})
				}
			})
		}
	}
}

// TestLongAddress: the time for an address is linear in its parameters.
func TestLongAddress(t *testing.T) {
	ch := &checker{source: &catalog.Catalog{Locale: "en"}}
	p := ch.place("https://x.org/docs/en/?lang=english"+strings.Repeat("&a=b", 500_000), "ru")
	if want := "docs" + strings.Repeat(" a b", 500_000); p.path != want {
		t.Errorf("%d bytes, want %d", len(p.path), len(want))
	}
}
