package sqlite

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"hexapla/pipeline/memory"
)

// TestUnpack holds packedEntry against the columns one by one, with words that have
// spaces, zero bytes and no valid UTF-8 in them, and damaged text against panics.
func TestUnpack(t *testing.T) {
	db, err := sql.Open("sqlite", "file::memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		t.Fatal(err)
	}
	want := &row{id: 7}
	want.Key.Pair, want.Text, want.Place, want.Prev, want.Next, want.First = 1, 2, 3, 0, 5, -6
	want.Priority, want.EffectiveAt, want.RecordedAt, want.Number, want.Batch, want.Sum = -8, -1<<63, 1<<63-1, 9, 10, -11
	want.Withdrawn, want.State = 4, 3
	want.Source, want.Target, want.Codes, want.SubState = "", "12 а\x00б\xff \n", `[{"x":1}]`, " 1 2"
	want.Kind, want.Name, want.Terms, want.Props = "human", "Анна 7", "", "\x00"
	for _, time := range []sql.NullInt64{{}, {Int64: 0, Valid: true}, {Int64: -5, Valid: true}} {
		want.Time = time
		if _, err := db.Exec(putEntry, want.entryArgs()...); err != nil {
			t.Fatal(err)
		}
		var text string
		if err := db.QueryRow("SELECT " + packedEntry + " FROM entry").Scan(&text); err != nil {
			t.Fatal(err)
		}
		got := &row{}
		if err := got.unpack(text); err != nil {
			t.Fatal(err)
		}
		if *got != *want {
			t.Errorf("unpacked\n%+v, want\n%+v", got, want)
		}
		if err := got.verify(); err != nil {
			t.Error(err)
		}
		for i := range len(text) {
			for _, damaged := range []string{text[:i], text[i+1:], text[:i] + "x" + text[i+1:], text[:i] + " " + text[i:]} {
				r := &row{}
				if err := r.unpack(damaged); err != nil && !errors.Is(err, memory.ErrDamaged) {
					t.Fatalf("%q: %v", damaged, err)
				}
			}
		}
	}
	for _, text := range []string{"", " ", strings.Repeat("1 ", 16), strings.Repeat("1 ", 17) + "0 0 0 0 0 0 0 -1 x", strings.Repeat("1 ", 17) + "0 0 0 0 0 0 0 9223372036854775807 x"} {
		if err := (&row{}).unpack(text); !errors.Is(err, memory.ErrDamaged) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
