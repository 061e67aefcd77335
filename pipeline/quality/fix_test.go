package quality

import (
	"slices"
	"testing"

	"hexapla/pipeline/bitext"
)

// fixed returns the text that Fix makes of a labelled pair's target, and what it
// settles.
func fixed(t testing.TB, l *labelled) (bitext.Text, []string) {
	tr := documentOf([]labelled{*l})
	got := Fix(tr, Options{})
	if len(got) == 0 {
		return tr.Targets[0][0].Text, nil
	}
	if len(got) > 1 || !got[0].Old.Equal(tr.Targets[0][0].Text) {
		t.Fatalf("%+v", got)
	}
	return got[0].New, got[0].Checks
}

// TestFixLabelled holds that sound translations are left alone, and that faults that can
// be corrected safely become the sound text again.
func TestFixLabelled(t *testing.T) {
	sound := map[string]string{}
	right, wrong := map[string]int{}, map[string]int{}
	for _, l := range append(readNews(t), soundPairs(t)...) {
		got, checks := fixed(t, &l)
		if len(l.want) == 0 {
			sound[l.place] = l.target
			if checks != nil {
				t.Errorf("%s: sound text changed by %v\n\t%s\n\t%s", l.place, checks, l.target, got.Chars)
			}
			continue
		}
		if checks == nil {
			continue
		}
		again := l
		again.target = got.Chars
		if twice, more := fixed(t, &again); more != nil && twice.Equal(got) {
			t.Errorf("%s: fixed twice: %v", l.place, more)
		}
		if got.Chars == sound[l.place] {
			right[l.want[0]]++
		} else {
			wrong[l.want[0]]++
			t.Logf("%s %v: %s\n\t%s", l.place, checks, got.Chars, sound[l.place])
		}
	}
	for _, id := range []string{"homoglyphs", "letters", "quotes.style", "spaces", "edges", "spacing", "apostrophe"} {
		t.Logf("%s: %d right, %d other", id, right[id], wrong[id])
		if right[id] < 2 || id != "quotes.style" && wrong[id]*5 > right[id] {
			t.Errorf("%s: %d corrections are right, %d are not", id, right[id], wrong[id])
		}
	}
}

func TestFix(t *testing.T) {
	for _, tt := range []struct{ locale, source, target, want string }{
		{"ru", `He said: "Yes."`, `Он сказал: "Да".`, "Он сказал: «Да»."},
		{"ru", `"I read 'The River' twice," she said.`, `"Я дважды прочла "Реку"", — сказала она.`, "«Я дважды прочла „Реку“», — сказала она."},
		{"ru", `"Yes.`, `"Да.`, `"Да.`}, // no partner: a person must see it
		{"ru", "A new law passed.", "Hовый  закон принят .", "Новый закон принят."},
		{"ru", "He left (for now).", "Он ушел ( пока ).", "Он ушел (пока)."},
		{"ru", "He left. He came back.", "Он ушел.Он вернулся.", "Он ушел. Он вернулся."},
		{"ru", "The iPhone is new.", "Айфон iPhone новый.", "Айфон iPhone новый."},
		{"fa", "The book is here.", "كتاب اينجاست.", "کتاب اینجاست."},
		{"fa", "456 firms.", "٤٥٦ شرکت.", "۴۵۶ شرکت."},
		{"ps", "The book is here.", "كتاب دلته دي.", "کتاب دلته دي."},
		{"ro", "The law is good.", "Legea ţării e bună.", "Legea țării e bună."},
		{"uk", "The name is fine.", "Ім`я гарне.", "Ім’я гарне."},
		{"uz", "He saw the mountain.", "U tog'ni ko'rdi.", "U togʻni koʻrdi."},
		{"fr", "Who was arrested?", "Qui a été arrêté?", "Qui a été arrêté\u00a0?"},
		{"fr", `He said: "Yes."`, "Il a dit : «Oui.»", "Il a dit : «\u00a0Oui.\u00a0»"},
		{"es", "A young man", "Un jo\u0301ven", "Un jóven"},
		{"ru", " Text here.", "Текст тут.", " Текст тут."},
		{"ru", "Text here.", "Текст тут. ", "Текст тут."},
		{"ru", "5 ' 6", "5 ' 6", "5 ' 6"},
	} {
		l := labelled{from: "en", to: tt.locale, source: tt.source, target: tt.target}
		if got, checks := fixed(t, &l); got.Chars != tt.want {
			t.Errorf("%s: %s: %q by %v, want %q", tt.locale, tt.target, got.Chars, checks, tt.want)
		}
	}
}

// TestFixCodes holds that codes stay where they are.
func TestFixCodes(t *testing.T) {
	text := bitext.Text{Chars: `Он  сказал: "Да".`, Codes: []bitext.Code{
		{Pos: 0, ID: "a"}, {Pos: 6, ID: "b"}, {Pos: len(`Он  сказал: `), ID: "c"}, {Pos: len(`Он  сказал: "Да"`), ID: "d"}, {Pos: len(`Он  сказал: "Да".`), ID: "e"},
	}}
	l := labelled{from: "en", to: "ru", source: `He said: "Yes".`, target: text.Chars}
	tr := documentOf([]labelled{l})
	tr.Targets[0][0].Text = text
	tr.Document.Units[0].Segments[0].Source.Codes = []bitext.Code{{ID: "a"}, {Pos: 3, ID: "b"}, {Pos: 9, ID: "c"}, {Pos: 14, ID: "d"}, {Pos: 15, ID: "e"}}
	got := Fix(tr, Options{})
	if len(got) != 1 {
		t.Fatal(got)
	}
	want := "Он сказал: «Да»."
	places := []int{0, 5, len("Он сказал: "), len("Он сказал: «Да»"), len(want)}
	if n := got[0].New; n.Chars != want || !slices.EqualFunc(n.Codes, places, func(c bitext.Code, p int) bool { return c.Pos == p }) {
		t.Errorf("%q %v, want %q %v", n.Chars, n.Codes, want, places)
	}
}
