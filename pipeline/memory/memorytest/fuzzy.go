package memorytest

import (
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func fuzzies(t *testing.T, s memory.Store) {
	add(t, s,
		entry("The minister resigned on Monday after the vote.", "Понедельник"),
		entry("The minister resigned on Tuesday after the vote.", "Вторник"),
		entry("A wholly different sentence about the weather.", "Погода"),
		entry("The  minister\tresigned on Friday after the vote.", "Пробелы"),
	)
	q := memory.Query{Source: bitext.Plain("The minister resigned on Sunday after the vote."), Fuzzy: 75}
	got := look(t, s, q)
	wantMatches(t, got, "fuzzy 95 Понедельник", "fuzzy 93 Пробелы", "fuzzy 93 Вторник")
	if len(got) > 0 && got[0].Source.Chars != "The minister resigned on Monday after the vote." {
		t.Errorf("source of the match: %q", got[0].Source.Chars)
	}
	q.Fuzzy = 94
	wantMatches(t, look(t, s, q), "fuzzy 95 Понедельник")
	q.Fuzzy = 0
	wantMatches(t, look(t, s, q))
	// Behind an exact match, and never at 100.
	q = memory.Query{Source: bitext.Plain("The minister resigned on Friday after the vote."), Fuzzy: 100}
	wantMatches(t, look(t, s, q), "fuzzy 99 Пробелы")
	q = memory.Query{Source: bitext.Plain("The minister resigned on Monday after the vote."), Fuzzy: 90, Limit: 2}
	wantMatches(t, look(t, s, q), "exact 100 Понедельник", "fuzzy 93 Пробелы")
}

func numbers(t *testing.T, s memory.Store) {
	add(t, s,
		entry("The court fined 12 firms in May.", "12"),
		entry("He paid 1,000 dollars for the old house.", "1000"),
	)
	for _, c := range []struct{ source, want string }{
		{"The court fined 13 firms in May.", "fuzzy 96 12 (number)"},
		{"The court fined 12 firms in June.", "fuzzy 87 12"},
		{"The court fined ١٢ firms in May.", "fuzzy 93 12"},
		{"He paid 1000 dollars for the old house.", "fuzzy 97 1000"},
		{"He paid 1,001 dollars for the old house.", "fuzzy 97 1000 (number)"},
		{"He paid dollars for the old house.", "fuzzy 85 1000 (number)"},
	} {
		wantMatches(t, look(t, s, memory.Query{Source: bitext.Plain(c.source), Fuzzy: 75}), c.want)
	}
}

func fuzzyGrows(t *testing.T, s memory.Store) {
	q := memory.Query{Source: bitext.Plain("Parliament adopted the new budget late on Tuesday."), Fuzzy: 75}
	wantMatches(t, look(t, s, q))
	r := add(t, s, entry("Parliament adopted the new budget late on Monday.", "Понедельник"))
	wantMatches(t, look(t, s, q), "fuzzy 92 Понедельник")
	add(t, s, entry("Parliament adopted the new budget late on Thursday.", "Четверг"),
		entry("Parliament adopted the new budget early on Tuesday.", "Серб", target("sr")))
	wantMatches(t, look(t, s, q), "fuzzy 96 Четверг", "fuzzy 92 Понедельник")
	add(t, s, entry("Parliament adopted the new budget early on Tuesday.", "Рано"))
	wantMatches(t, look(t, s, q), "fuzzy 96 Четверг", "fuzzy 92 Рано", "fuzzy 92 Понедельник")
	if _, err := s.Undo(ctx, r.Batch, memory.Batch{}); err != nil {
		t.Fatal(err)
	}
	wantMatches(t, look(t, s, q), "fuzzy 96 Четверг", "fuzzy 92 Рано")
}
