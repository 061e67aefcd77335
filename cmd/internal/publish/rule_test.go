package publish_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/memory"
)

// article is an article of a title and sentences, one a line, each with a number
// that an edit changes.
type article [6]int

func (a article) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Title %d\n", a[0])
	for i, n := range a[1:] {
		fmt.Fprintf(&b, "\nSentence %c with version %d of it.\n", 'A'+i, n)
	}
	return b.String()
}

func (a article) source(i int) string {
	if i == 0 {
		return fmt.Sprintf("Title %d", a[0])
	}
	return fmt.Sprintf("Sentence %c with version %d of it.", 'A'+i-1, a[i])
}

func (a article) target(i int) string {
	if i == 0 {
		return fmt.Sprintf("Заголовок %d", a[0])
	}
	return fmt.Sprintf("Предложение %c с вариантом %d его.", 'A'+i-1, a[i])
}

// TestRule holds the law of publishing over random sequences of edits, imports,
// undos, changes of the policy and builds: no page that a build writes has its
// title in the source language or less than the threshold in the reader's, and a
// page that was published stays, byte for byte, until a better one is written.
func TestRule(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { testRule(t, rand.New(rand.NewPCG(seed, 7))) })
	}
}

func testRule(t *testing.T, r *rand.Rand) {
	dir := t.TempDir()
	a := article{1, 1, 1, 1, 1, 1}
	threshold := 100
	configure := func() {
		write(t, dir, "hexapla.toml", fmt.Sprintf("[project]\nlocales = [\"ru\"]\narticles = [\"articles/*.md\"]\n[memory]\nfuzzy = 0\n[policy]\nthreshold = %d\n", threshold))
	}
	configure()
	write(t, dir, "articles/a.md", a.markdown())
	page := filepath.Join(dir, "editions", "ru", "a.md")
	var last []byte // the page that readers have
	written := 0
	for step := range 60 {
		switch r.IntN(6) {
		case 0, 1:
			a[r.IntN(len(a))]++
			write(t, dir, "articles/a.md", a.markdown())
		case 2, 3:
			translate(t, dir, a, r)
		case 4:
			undo(t, dir)
		case 5:
			threshold = []int{100, 60, 0}[r.IntN(3)]
			configure()
		}
		if _, err := build(t, dir, publish.Options{}, &observer{}); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(page)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if last != nil && data == nil {
			t.Fatalf("step %d: the page is gone", step)
		}
		if bytes.Equal(data, last) {
			continue
		}
		last = data
		written++
		m := manifest(t, dir, "ru")
		if s := m.Articles[0].Status; !s.IsPublished() || s == edition.Outdated {
			t.Fatalf("step %d: a page of status %s was written", step, s)
		}
		if bytes.Contains(data, []byte("# Title")) {
			t.Fatalf("step %d: the title is not translated:\n%s", step, data)
		}
		total, ready := 0, 0
		for i := range a {
			words := bitext.CountWords(a.source(i))
			total += words
			if bytes.Contains(data, []byte(a.target(i))) {
				ready += words
			}
		}
		if ready*100 < threshold*total {
			t.Fatalf("step %d: %d of %d words are ready, the threshold is %d:\n%s", step, ready, total, threshold, data)
		}
	}
	if written < 3 {
		t.Errorf("%d pages were written: the sequence shows nothing", written)
	}
}

// translate stores translations of some sentences of the article.
func translate(t *testing.T, dir string, a article, r *rand.Rand) {
	t.Helper()
	withMemory(t, dir, func(s memory.Store) error {
		var entries []bitext.Entry
		for i := range a {
			if r.IntN(2) == 0 {
				entries = append(entries, bitext.Entry{
					SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(a.source(i)), Target: bitext.Plain(a.target(i)),
					State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "Olga"},
				})
			}
		}
		_, err := s.Add(t.Context(), memory.Batch{Author: "Olga"}, entries)
		return err
	})
}

// undo takes back the newest batch that has translations.
func undo(t *testing.T, dir string) {
	t.Helper()
	withMemory(t, dir, func(s memory.Store) error {
		batches, err := s.Batches(t.Context())
		if err != nil || len(batches) == 0 {
			return err
		}
		_, err = s.Undo(t.Context(), batches[0].ID, memory.Batch{Author: "Olga"})
		return err
	})
}

func withMemory(t *testing.T, dir string, do func(memory.Store) error) {
	t.Helper()
	w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(do(w.Store), w.Close()); err != nil {
		t.Fatal(err)
	}
}
