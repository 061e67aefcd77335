package quality

import (
	"reflect"
	"testing"
)

func TestConsistencyReport(t *testing.T) {
	c := NewConsistency("en", "ru")
	for _, p := range [][3]string{
		{"a.md", "Yesterday Patricia Schroeder met the press.", "Вчера Патриция Шредер встретилась с прессой."},
		{"b.md", "The press met Patricia Schroeder.", "Пресса встретилась с Патрицией Шредер."},
		{"c.md", "The office of Schroeder closed.", "Офис Шрёдер закрылся."},
		{"c.md", "In Georgia Donald Trump lost.", "В Грузии Дональд Трамп проиграл."},
		{"d.md", "They saw Trump in Georgia.", "Они видели Трампа в Грузии."},
		{"a.md", "Read more", "Читать дальше"},
		{"b.md", "Read more", "Читать дальше"},
		{"c.md", "Read more:", "Подробнее:"},
	} {
		c.Add(p[0], p[1], p[2])
	}
	want := []Inconsistency{
		{"ru", NameKind, "Schroeder", []Form{
			{Text: "Шредер", Count: 2, Documents: []string{"a.md", "b.md"}, Example: "Вчера Патриция Шредер встретилась с прессой."},
			{Text: "Шрёдер", Count: 1, Documents: []string{"c.md"}, Example: "Офис Шрёдер закрылся."},
		}},
		{"ru", TextKind, "Read more", []Form{
			{Text: "Читать дальше", Count: 2, Documents: []string{"a.md", "b.md"}},
			{Text: "Подробнее:", Count: 1, Documents: []string{"c.md"}},
		}},
	}
	if got := c.Report(2); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := c.Report(4); len(got) != 0 {
		t.Errorf("of four texts and more: %+v", got)
	}
}
