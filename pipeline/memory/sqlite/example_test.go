package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

// A memory is one file. What is added as a batch is found by text and by similarity,
// and a batch can be undone as a whole.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	store, err := sqlite.Open(ctx, filepath.Join(dir, "memory.db"), sqlite.Options{})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	added, err := store.Add(ctx, memory.Batch{Author: "Olga"}, []bitext.Entry{{
		SourceLocale: "en", TargetLocale: "ru", State: bitext.Reviewed, Origin: bitext.Origin{Kind: bitext.FromHuman},
		Source: bitext.Plain("It rained on Monday."), Target: bitext.Plain("В понедельник шёл дождь."),
	}})
	if err != nil {
		panic(err)
	}
	look := func(text string) {
		found, err := store.Lookup(ctx, "en", "ru", []memory.Query{{Source: bitext.Plain(text), Fuzzy: 70}})
		if err != nil {
			panic(err)
		}
		for _, m := range found[0] {
			fmt.Println(m.Type, m.Score, m.Target.Chars)
		}
	}
	look("It rained on Monday.")
	look("It rained on Friday.")
	if _, err := store.Undo(ctx, added.Batch, memory.Batch{Author: "Olga"}); err != nil {
		panic(err)
	}
	look("It rained on Monday.")
	// Output:
	// exact 100 В понедельник шёл дождь.
	// fuzzy 85 В понедельник шёл дождь.
}
