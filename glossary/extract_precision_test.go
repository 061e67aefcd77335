package glossary

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/exchange/tmx"
)

var (
	memoryFile = flag.String("memory", "", "a CSV file with English and Russian texts, for TestExtractPrecision in place of the sample newsroom's memory")
	judgedFile = flag.String("judged", "", "the judgements of its candidates: see testdata/extract-newsroom.tsv")
)

// readMemory returns pairs of English and Russian texts: of -memory, or of the sample
// newsroom.
func readMemory(t *testing.T) (pairs [][2]string) {
	t.Helper()
	if *memoryFile != "" {
		f, err := os.Open(*memoryFile)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows[1:] {
			pairs = append(pairs, [2]string{r[0], r[1]})
		}
		return pairs
	}
	files, err := filepath.Glob("../testdata/newsroom/memory/*.tmx")
	if err != nil || len(files) == 0 {
		t.Fatal("no translation memories in testdata/newsroom", err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range tmx.Entries(tmx.Decode(f, tmx.Options{Name: name}), "en") {
			if err != nil {
				t.Fatal(err)
			}
			if e.TargetLocale == "ru" {
				pairs = append(pairs, [2]string{e.Source.Chars, e.Target.Chars})
			}
		}
		f.Close()
	}
	return pairs
}

// TestExtractPrecision compares the first 100 candidates with the judgements of a person:
// which are terms or names, and which translations are whole and right. A candidate that
// nobody has judged counts as wrong.
func TestExtractPrecision(t *testing.T) {
	name := "testdata/extract-newsroom.tsv"
	if *memoryFile != "" {
		name = *judgedFile
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	type judgement struct {
		term         bool
		translations []string
	}
	judged := map[string]judgement{}
	for line := range strings.Lines(string(data)) {
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(c) < 3 {
			continue
		}
		judged[c[0]] = judgement{c[1] == "term", strings.Split(c[2], "|")}
	}
	x := NewExtractor("en")
	for _, p := range readMemory(t) {
		x.Add("ru", p[0], p[1])
	}
	terms, right, all := 0, 0, 0
	for _, c := range x.Candidates(100, 3, nil) {
		all++
		j, known := judged[c.Term]
		if !known {
			t.Logf("%s\t%s: nobody has judged it", c.Term, c.Translations["ru"].Text)
		}
		if j.term {
			terms++
		}
		got := c.Translations["ru"].Text
		found := false
		for _, want := range j.translations {
			found = found || want != "" && strings.EqualFold(want, got)
		}
		if found && j.term {
			right++
		} else if known {
			t.Logf("%s: term %v, %q, want one of %q", c.Term, j.term, got, j.translations)
		}
	}
	t.Logf("%d of %d candidates are terms or names, %d have their whole translation, too", terms, all, right)
	if all == 0 || terms*100 < 90*all || right*100 < 80*all {
		t.Errorf("%d of %d candidates are terms, want 90 %%; %d with their translation, want 80 %%", terms, all, right)
	}
}
