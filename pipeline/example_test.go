package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
	"hexapla/pipeline/segment"
)

// A project is compiled once from its configuration and its resources. Build makes
// the editions of all articles.
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
	_, err = store.Add(ctx, memory.Batch{Author: "Olga"}, []bitext.Entry{{
		SourceLocale: "en", TargetLocale: "ru", State: bitext.Reviewed, Origin: bitext.Origin{Kind: bitext.FromHuman},
		Source: bitext.Plain("It rained on Monday."), Target: bitext.Plain("В понедельник шёл дождь."),
	}})
	if err != nil {
		panic(err)
	}

	c, err := config.Parse("hexapla.toml", []byte("[project]\nlocales = [\"ru\"]\n"))
	if err != nil {
		panic(err)
	}
	p, err := pipeline.New(c, pipeline.Resources{Rules: segment.Default(), Catalogs: locales.Embedded(), Memory: store})
	if err != nil {
		panic(err)
	}
	articles := []pipeline.Source{{Path: "articles/a.md", Read: func() ([]byte, error) { return []byte("It rained on *Monday*.\n\nIt rained on Monday.\n"), nil }}}
	err = p.Build(ctx, articles, c.Project.Locales, edition.Index{}, func(r pipeline.Result) error {
		for _, e := range r.Editions {
			fmt.Printf("%s/%s: %d of %d segments\n", e.Locale, e.Path, e.Published.Count.Published, e.Published.Count.Segments)
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	// Output: ru/a.md: 1 of 2 segments
}
