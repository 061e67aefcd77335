package journal_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/memory/sqlite"
)

// Sync writes what a memory has into text files, and reads what they have into it: a
// second memory that is synchronized with the same folder has the same entries.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	folder, err := os.OpenRoot(dir)
	if err != nil {
		panic(err)
	}
	defer folder.Close()
	for _, name := range []string{"first.db", "second.db"} {
		store, err := sqlite.Open(ctx, filepath.Join(dir, name), sqlite.Options{})
		if err != nil {
			panic(err)
		}
		defer store.Close()
		if name == "first.db" {
			_, err = store.Add(ctx, memory.Batch{Author: "Olga"}, []bitext.Entry{{
				SourceLocale: "en", TargetLocale: "ru", State: bitext.Reviewed,
				Source: bitext.Plain("It rains."), Target: bitext.Plain("Идёт дождь."),
			}})
			if err != nil {
				panic(err)
			}
		}
		if _, findings, err := journal.Sync(ctx, folder, "memory", store); err != nil || len(findings) > 0 {
			panic(fmt.Sprint(findings, err))
		}
		for e, err := range store.Entries(ctx, "en", "ru") {
			fmt.Println(name, e.Target.Chars, err)
		}
	}
	// Output:
	// first.db Идёт дождь. <nil>
	// second.db Идёт дождь. <nil>
}
