package glossary

import (
	"strings"
	"testing"
)

// TestExtract holds that names and noun phrases are proposed with their translations,
// and that what the glossary has is not.
func TestExtract(t *testing.T) {
	x := NewExtractor("en")
	for _, p := range strings.Split(`The Security Council met on Monday.|Совет Безопасности собрался в понедельник.
Members of the Security Council left early.|Члены Совета Безопасности ушли рано.
The reform was sent to the Security Council.|Реформу передали Совету Безопасности.
A water shortage threatens the city of Velin.|Городу Велину грозит нехватка воды.
The water shortage began in the spring.|Нехватка воды началась весной.
Farmers blame the water shortage on the dam.|Фермеры винят в нехватке воды плотину.
The mayor of Velin denied a water shortage.|Мэр Велина отрицает нехватку воды.
Trains to Velin stopped, and the mayor resigned.|Поезда в Велин остановились, и мэр ушел.
Parliament met in Velin, and parliament voted.|Парламент собрался в Велине, и парламент голосовал.`, "\n") {
		source, target, _ := strings.Cut(p, "|")
		x.Add("ru", source, target)
	}
	g, _ := ParseTable("g.csv", []byte("en,ru\nparliament,парламент\n"), TableOptions{})
	got := x.Candidates(10, 3, g.Matcher("en", "ru", nil))
	want := map[string]string{"Security Council": "Безопасности", "water shortage": "воды", "Velin": "Велин"}
	for _, c := range got {
		part, ok := want[c.Term]
		if !ok {
			t.Errorf("%+v is proposed", c)
			continue
		}
		if !strings.Contains(c.Translations["ru"].Text, part) {
			t.Errorf("%s: %+v", c.Term, c.Translations)
		}
		delete(want, c.Term)
	}
	if len(want) > 0 {
		t.Errorf("not proposed: %v; proposed: %+v", want, got)
	}
	data := EncodeCandidates("en", []string{"ru"}, got)
	back, ds := ParseTable("c.csv", data, TableOptions{})
	if len(back.Concepts) != len(got) || len(ds) > 0 {
		t.Errorf("%s\n%v", data, ds)
	}
}

// TestExtractedForms holds that a candidate is written as the texts have it.
func TestExtractedForms(t *testing.T) {
	for _, c := range []struct{ locale, texts, term, translation string }{
		{"ru", "He lives in Las Vegas now.|Теперь он живёт в Лас-Вегасе.\nThey left Las Vegas at night.|Ночью они покинули Лас-Вегас.\nThe hotel in Las Vegas burned.|Отель в Лас-Вегасе сгорел.", "Las Vegas", "Лас-Вегасе"},
		{"fa", "The media in Iran said so.|رسانه\u200cهای ایران چنین گفتند.\nSome media denied it.|برخی رسانه\u200cهای دیگر تکذیب کردند.\nThe media were silent.|رسانه\u200cهای کشور خاموش بودند.\nThe media reacted.|رسانه\u200cهای داخلی واکنش دادند.\nAll media wait.|رسانه\u200cهای همه منتظرند.", "media", "رسانه\u200cهای"},
		{"ru", "Talks with the U.S. failed.|Переговоры с США провалились.\nThe U.S. left.|США вышли.\nHe lives in the U.S. now.|Он живёт в США.", "U.S.", "США"},
	} {
		x := NewExtractor("en")
		for pair := range strings.SplitSeq(c.texts, "\n") {
			source, target, _ := strings.Cut(pair, "|")
			x.Add(c.locale, source, target)
		}
		found := false
		for _, got := range x.Candidates(10, 3, nil) {
			found = found || got.Term == c.term && got.Translations[c.locale].Text == c.translation
		}
		if !found {
			t.Errorf("%s = %s is not proposed: %+v", c.term, c.translation, x.Candidates(10, 3, nil))
		}
	}
}

func TestReview(t *testing.T) {
	g, ds := ParseTable("g.csv", []byte("concept,locale,term\na,en,bank\na,ru,банк\nb,en,bank\nb,ru,берег\nc,en,Bank\nc,ru,банк\nd,en,sheep\nd,ru,овца\ne,en,statement\ne,ru,заявление\n"), TableOptions{})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	u := NewUsage(g, "en", nil)
	u.Add("ru", "A statement.", "Заявление.")
	u.Add("ru", "The statement of the bank.", "Как сообщил банк.")
	u.Add("ru", "In the statement.", "В сообщении.")
	u.AddSource("en", "The bank.")
	var got []string
	for _, d := range append(g.Conflicts("en"), u.Findings()...) {
		got = append(got, strings.TrimPrefix(d.ID, "glossary.")+" "+d.Message)
	}
	want := []string{
		`conflict "bank" is a term of concept a and of b, which differ in ru`, `same concepts a and c have the same terms: "Bank"`,
		`unused no text has the concept d: "sheep"`, `disagreement "statement" is "заявление" in 1 of 3 translations; another one is "В сообщении."`,
	}
	for _, w := range want {
		found := false
		for _, s := range got {
			found = found || s == w
		}
		if !found {
			t.Errorf("not found: %s\n%s", w, strings.Join(got, "\n"))
		}
	}
}
