package quality

// Example is a translation from English that a check reports.
type Example struct{ Locale, Source, Target string }

// Examples returns an example for each check that one segment of plain text can show, by
// id.
func Examples() map[string]Example {
	out := make(map[string]Example, len(examples))
	for id, e := range examples {
		out["quality."+id] = e
	}
	return out
}

var examples = map[string]Example{
	"empty":        {"ru", "The talks failed.", " "},
	"untranslated": {"ru", "The talks failed in Geneva.", "The talks failed in Geneva."},
	"language":     {"ru", "They knew it was the first time, and left.", "Они знали, что it was the first time, и ушли."},
	"script":       {"kk", "The court will hear the case on Monday.", "Суд рассмотрит дело в понедельник."},
	"numbers":      {"ru", "More than 20,000 people left the region.", "Регион покинули более 20 человек."},
	"digits":       {"fa", "1,200 firms closed.", "۱۲00 شرکت بسته شد."},
	"currency":     {"ru", "The grant is 300 dollars.", "Грант составляет 300 евро."},
	"percent":      {"ru", "Prices rose 12.5 percent.", "Цены выросли на 12,5."},
	"urls":         {"ru", "Write to desk@dispatch.example.", "Пишите на desc@dispatch.example."},
	"placeholders": {"ru", "Hello, {name}!", "Привет, {имя}!"},
	"template":     {"ru", "The talks failed.", "Переговоры {% include x %} провалились."},
	"markup":       {"ru", "A new law passed.", "Принят <b>новый</b> закон."},
	"edges":        {"ru", "A new law passed.", " Принят новый закон."},
	"spaces":       {"ru", "A new law passed.", "Принят  новый закон."},
	"spacing":      {"ru", "He left, and she stayed.", "Он ушел , а она осталась."},
	"doubled":      {"ru", "A new law passed.", "Принят новый новый закон."},
	"end":          {"ru", "Who ordered the attack?", "Кто приказал атаковать."},
	"punctuation":  {"fa", "Who ordered the attack?", "چه کسی دستور حمله را داد?"},
	"repeated":     {"ru", "A new law passed.", "Принят новый закон.."},
	"tripled":      {"ru", "A new law passed.", "Принят новыйй закооон."},
	"brackets":     {"ru", "The bridge (built in 1968) was closed.", "Мост (построенный в 1968 году закрыли."},
	"quotes":       {"ru", `He called it "a mistake."`, "Он назвал это «ошибкой."},
	"quotes.style": {"ru", `He called it "a mistake."`, `Он назвал это "ошибкой".`},
	"apostrophe":   {"uk", "The name is known.", "Ім`я відоме."},
	"homoglyphs":   {"ru", "A new law passed.", "Принят нoвый закон."},
	"letters":      {"fa", "The book is new.", "كتاب تازه است."},
	"control":      {"ru", "A new law passed.", "Принят нов\ufffdй закон."},
	"encoding":     {"ru", "A new law passed.", "Принят Ð½Ð¾Ð²Ñ‹Ð¹ закон."},
	"bidi":         {"fa", "The book is new.", "کتاب \u202eتازه است."},
	"invisible":    {"ru", "A new law passed.", "Принят но\u200bвый закон."},
	"nonjoiner":    {"fa", "The water supply is restored.", "آب دوباره وصل میشود."},
	"nfc":          {"es", "The young man left.", "El jo\u0301ven se fue."},
	"ratio":        {"ru", "The volunteers brought food, blankets, and medicine to the villages.", "Добровольцы привезли еду."},
	"case":         {"ru", "A new law passed.", "принят новый закон."},
	"capitals":     {"ru", "A new law passed in the parliament.", "ПАРЛАМЕНТ ПРИНЯЛ НОВЫЙ ЗАКОН."},
	"negation":     {"ru", "He did not sign the order.", "Он подписал указ."},
	"names":        {"ru", "The court sentenced Ivan Orlov.", "Суд приговорил Ивана Лебедева."},
}
