package markdown

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	ghtml "github.com/yuin/goldmark/renderer/html"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

func TestLawOverTestdata(t *testing.T) {
	if n := formattest.Files(t, filepath.Join("..", "..", "..", "testdata"), extensions, func(path string, data []byte) {
		law(t, path, data, rand.New(rand.NewPCG(7, 7)))
	}); n == 0 {
		t.Error("no Markdown in testdata")
	}
}

var extensions = []string{".md", ".mdx", ".markdown", ".qmd", ".Rmd"}

var (
	corpus = flag.String("corpus", "", "a folder of Markdown files to hold the laws over")
	saveTo = flag.String("save", "", "a folder for what the corpus test finds fault with")
)

// TestCorpus holds the laws over a folder of real files: all come back
// identical, and of those that are pseudo-translated at least 99 in 100 have the
// same structure when goldmark renders them.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus DIR given")
	}
	r := rand.New(rand.NewPCG(7, 7))
	size, units, unmapped, same, withUnits := 0, 0, 0, 0, 0
	n := formattest.Files(t, *corpus, extensions, func(path string, data []byte) {
		size += len(data)
		d := law(t, path, data, r)
		units += len(d.Units)
		_, ds := new(Format).Split(path, data)
		for _, x := range ds {
			if x.ID == "markdown.block" {
				unmapped++
				t.Logf("%v", x)
			}
		}
		if len(d.Units) == 0 {
			return
		}
		withUnits++
		out := pseudo(d)
		if bytes.Equal(out, data) && strings.ContainsFunc(d.Units[0].Source.Chars, func(r rune) bool { return swap(r) != r }) {
			t.Errorf("%s: the pseudo-translation is the source", path)
		}
		was, is := structure(t, data), structure(t, out)
		if was == is {
			same++
			return
		}
		i := 0
		for i < len(was) && i < len(is) && was[i] == is[i] {
			i++
		}
		t.Logf("%s: structure differs:\n%s\n%s", path, was[max(0, i-150):min(len(was), i+60)], is[max(0, i-150):min(len(is), i+60)])
		if *saveTo != "" {
			if err := os.WriteFile(filepath.Join(*saveTo, filepath.Base(path)), out, 0o644); err != nil {
				t.Error(err)
			}
		}
	})
	t.Logf("%d files, %d bytes, all identical; %d units, %d blocks unmapped; %d of %d pseudo-translated files have the structure of their source (%.2f %%)",
		n, size, units, unmapped, same, withUnits, 100*float64(same)/float64(max(withUnits, 1)))
	if n < 1000 {
		t.Errorf("%d files, want at least 1,000", n)
	}
	if same*100 < withUnits*99 {
		t.Errorf("structure kept in %d of %d files, want 99 in 100", same, withUnits)
	}
}

// pseudo is a document with the letters of all its texts swapped.
func pseudo(d *bitext.Document) []byte { return pseudoBy(d, Options{}) }

// pseudoBy is pseudo with options.
func pseudoBy(d *bitext.Document, options Options) []byte {
	formattest.Segment(d, nil)
	tr := formattest.Fill(d, func(t bitext.Text) bitext.Text {
		t.Chars = strings.Map(swap, t.Chars)
		return t
	})
	out, _ := (&Format{Options: options}).Assemble(d, tr, nil)
	return out
}

// swap makes another letter of a letter of ASCII, of the same case.
func swap(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return 'a' + (r-'a'+13)%26
	case r >= 'A' && r <= 'Z':
		return 'A' + (r-'A'+13)%26
	}
	return r
}

var renderer = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
	goldmark.WithParserOptions(parser.WithHeadingAttribute()),
	goldmark.WithRendererOptions(ghtml.WithUnsafe()),
)

var words = regexp.MustCompile(`[\p{L}\p{M}]+`)

// structure is what goldmark renders of data behind its front matter, without
// the words: tags, addresses, numbers and punctuation.
func structure(t *testing.T, data []byte) string {
	return rendered(func(text string) string {
		var b bytes.Buffer
		if err := renderer.Convert([]byte(text), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}, "a.md", data)
}

var tagOrText = regexp.MustCompile(`(?s)<[^>]*>|[^<]+`)
