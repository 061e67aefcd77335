package quality

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// TestNeighbours checks what only segments beside each other show.
func TestNeighbours(t *testing.T) {
	for _, tt := range []struct {
		name, source, target, want string
	}{
		{"in order", "Over 300 people came.|The vote is on May 14.", "Пришло более 300 человек.|Голосование пройдет 14 мая.", ""},
		{"swapped", "Over 300 people came.|The vote is on May 14.", "Голосование пройдет 14 мая.|Пришло более 300 человек.", "a swapped warning"},
		{"swapped, other digits", "Over 300 people came.|The vote is on day 14.", "Պահը ۱۴ է։|Եկավ ۳۰۰ մարդ։", "a swapped warning"},
		{"same numbers", "Over 300 people came.|Some 300 stayed.", "Пришло более 300 человек.|Осталось 300.", ""},
		{"doubled", "People came to the square.|The vote is in the spring.", "Люди пришли на площадь.|Люди пришли на площадь.", "b same warning"},
		{"doubled, apart", "People came to the square.|It was cold.|The vote is in the spring.", "Люди пришли на площадь.|Было холодно.|Люди пришли на площадь.", "c same info"},
		{"doubled, short", "Read more.|Read also.", "Читайте еще.|Читайте еще.", "b same info"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &bitext.Document{Path: "a.txt", Locale: "en"}
			for i, s := range strings.Split(tt.source, "|") {
				d.Units = append(d.Units, bitext.Unit{ID: string(rune('a' + i)), Kind: bitext.Paragraph, Source: bitext.Plain(s)})
				d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
			}
			tr := bitext.NewTranslation(d, "ru")
			for i, s := range strings.Split(tt.target, "|") {
				tr.Targets[i][0] = bitext.Target{Filled: true, Text: bitext.Plain(s), State: bitext.Reviewed}
			}
			var got []string
			for _, f := range Check(tr, Options{Enabled: []string{"quality.swapped", "quality.same"}}) {
				got = append(got, f.Place.Unit+" "+strings.TrimPrefix(f.ID, "quality.")+" "+f.Severity.String())
			}
			if s := strings.Join(got, "|"); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

// TestSkeleton holds that a known name is found in Cyrillic and in its cases.
func TestSkeleton(t *testing.T) {
	for w, want := range map[string]string{
		"Трампом": "Trump", "Байдену": "Biden", "Меркель": "Merkel", "Зеленського": "Zelensky", "Джонсон": "Johnson",
		"Горбачева": "Gorbachev", "Лукашенко": "Lukashenko", "трамп": "", "Путь": "", "Трамплин": "", "Ленинград": "", "Клинт": "", "Клинтону": "Clinton",
		"Навальный": "Navalny", "Назарбаевым": "Nazarbayev", "Пашиняна": "Pashinyan", "Регион": "", "Будни": "", "Пятна": "",
	} {
		if got := knownName(w); got != want {
			t.Errorf("%s: %q, want %q", w, got, want)
		}
	}
}
