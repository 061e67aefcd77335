package html

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

var corpus = flag.String("corpus", "", "a folder of HTML files to hold the law of round trip over")

// validate checks what every HTML document must be, beyond what formattest checks.
func validate(d *bitext.Document) error {
	for i := range d.Skeleton.Spans {
		h := &d.Skeleton.Spans[i]
		u := &d.Units[h.Unit]
		if h.Unit != i {
			return fmt.Errorf("span %d is of unit %d", i, h.Unit)
		}
		if u.Source.IsBlank() {
			return fmt.Errorf("unit %s is blank", u.ID)
		}
		if strings.ContainsRune(u.Source.Chars, 0) {
			return fmt.Errorf("unit %s has characters %q", u.ID, u.Source.Chars)
		}
		if err := whole(d, u, h); err != nil {
			return err
		}
	}
	return nil
}

var markup = regexp.MustCompile(`<[A-Za-z/!?]`)

// whole checks that all markup in a hole is in a code: what is not would be
// lost in translation.
func whole(d *bitext.Document, u *bitext.Unit, h *bitext.UnitSpan) error {
	if !strings.HasPrefix(h.Context, inText) || strings.HasPrefix(h.Context, inPlain) {
		return nil
	}
	at := h.Start
	for i := 0; i <= len(h.Codes); i++ {
		to := h.End
		if i < len(h.Codes) {
			to = h.Codes[i]
		}
		if m := markup.Find(d.Skeleton.Data[at:to]); m != nil && to < len(d.Skeleton.Data) {
			return fmt.Errorf("unit %s (%s): there is markup outside its codes: %q", u.ID, u.Source.Tagged(), d.Skeleton.Data[at:to])
		}
		if i < len(h.Codes) {
			at = to + len(u.Source.Codes[i].Data)
		}
	}
	return nil
}

// law checks the laws of formattest and those of HTML.
func law(f *Format, path string, data []byte, r *rand.Rand) (*bitext.Document, error) {
	d, err := formattest.Check(f, path, data, r)
	if err == nil {
		err = validate(d)
	}
	return d, err
}

var extensions = []string{".html", ".htm", ".xhtml"}

// checkFile holds every law over one file.
func checkFile(t *testing.T, path string, data []byte, r *rand.Rand) (units int) {
	t.Helper()
	f := &Format{}
	d, err := law(f, filepath.Base(path), data, r)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return 0
	}
	if isUndecodable(d) {
		return 0
	}
	out, _ := f.Assemble(d, formattest.Fill(d, formattest.Upper), nil)
	again, _ := f.Split(filepath.Base(path), out)
	if len(again.Units) != len(d.Units) {
		t.Errorf("%s: %d units, in capitals %d", path, len(d.Units), len(again.Units))
	}
	// A language that no page of a corpus is in: none is taken for it later.
	meta := &bitext.EditionMeta{Locale: "tlh", Dir: "rtl", OpenGraph: "tlh_001", OpenGraphAlternates: []string{"ru_RU"},
		Alternates: []bitext.Alternate{{Locale: "en", URL: "https://a.example/en?a&b"}, {Locale: "fa", URL: "https://a.example/fa"}}}
	first, _ := f.Assemble(d, nil, meta)
	edition, _ := f.Split(filepath.Base(path), first)
	if second, _ := f.Assemble(edition, nil, meta); !bytes.Equal(first, second) {
		t.Errorf("%s: made an edition twice, %v", path, formattest.Difference(first, second))
	}
	if len(edition.Units) != len(d.Units) {
		t.Errorf("%s: %d units, as an edition %d", path, len(d.Units), len(edition.Units))
	}
	return len(d.Units)
}

func TestLawOverTestdata(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	if n := formattest.Files(t, "../../../testdata", extensions, func(path string, data []byte) { checkFile(t, path, data, r) }); n == 0 {
		t.Error("there are no HTML files in testdata")
	}
}

func TestLawOverCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no corpus given: run with -corpus DIR to hold the law over the HTML files of a folder")
	}
	r := rand.New(rand.NewPCG(3, 4))
	units, size := 0, 0
	n := formattest.Files(t, *corpus, extensions, func(path string, data []byte) {
		units += checkFile(t, path, data, r)
		size += len(data)
	})
	t.Logf("%d files, %d bytes, %d units", n, size, units)
}
