package quality

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

var (
	pairsFolder  = flag.String("pairs", "", "a folder with good translations for TestCorpus: LOCALE.tsv, with document, English source and target in each line")
	findingsFile = flag.String("findings", "", "the file that TestCorpus writes its findings to")
)

// corpusDocument is the pairs of one document.
func corpusDocument(name string, pairs [][2]string, locale string) *bitext.Translation {
	d := &bitext.Document{Path: name, Locale: "en"}
	for i := range pairs {
		d.Units = append(d.Units, bitext.Unit{ID: fmt.Sprint("u", i+1), Kind: bitext.Paragraph, Source: bitext.Plain(pairs[i][0])})
		d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	}
	tr := bitext.NewTranslation(d, locale)
	for i := range pairs {
		tr.Targets[i][0] = bitext.Target{Filled: true, Text: bitext.Plain(pairs[i][1]), State: bitext.Reviewed}
	}
	return tr
}

// TestCorpus checks the good translations of -pairs, document by document, and logs by
// language the share of segments with a warning or error, that of documents with an
// error, and the checks that report most.
func TestCorpus(t *testing.T) {
	if *pairsFolder == "" {
		t.Skip("no -pairs")
	}
	files, err := filepath.Glob(filepath.Join(*pairsFolder, "*.tsv"))
	if err != nil || len(files) == 0 {
		t.Fatal("no *.tsv in the folder", err)
	}
	sort.Strings(files)
	type result struct {
		segments, flagged, documents, failed int
		byCheck                              map[string]int
		list                                 []string
	}
	results := make([]result, len(files))
	var group sync.WaitGroup
	slots := make(chan bool, 2)
	for n, file := range files {
		group.Add(1)
		go func() {
			defer group.Done()
			slots <- true
			defer func() { <-slots }()
			res := &results[n]
			res.byCheck = map[string]int{}
			locale := strings.TrimSuffix(filepath.Base(file), ".tsv")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Error(err)
				return
			}
			var pairs [][2]string
			document := ""
			check := func() {
				if len(pairs) == 0 {
					return
				}
				res.segments += len(pairs)
				res.documents++
				flagged, failed := map[string]bool{}, false
				for _, d := range Check(corpusDocument(document, pairs, locale), Options{}) {
					id := strings.TrimPrefix(d.ID, "quality.")
					if d.Severity >= diag.Warning {
						flagged[d.Place.Unit] = true
						res.byCheck[id]++
					}
					failed = failed || d.Severity >= diag.Error
					res.list = append(res.list, fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%v\t%v\n", locale, d.Severity, id, document, d.Message, d.Args["source_text"], d.Args["target_text"]))
				}
				res.flagged += len(flagged)
				if failed {
					res.failed++
				}
				pairs = nil
			}
			for line := range strings.Lines(string(data)) {
				f := strings.Split(strings.TrimRight(line, "\n"), "\t")
				if len(f) != 3 {
					t.Errorf("%s: a line of %d columns", file, len(f))
					return
				}
				if f[0] != document {
					check()
					document = f[0]
				}
				pairs = append(pairs, [2]string{f[1], f[2]})
			}
			check()
		}()
	}
	group.Wait()
	var out *bufio.Writer
	if *findingsFile != "" {
		f, err := os.Create(*findingsFile)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		out = bufio.NewWriter(f)
		defer out.Flush()
	}
	share := func(a, b int) float64 { return 100 * float64(a) / float64(max(1, b)) }
	for n, res := range results {
		ids := slices.Collect(func(yield func(string) bool) {
			for id := range res.byCheck {
				if !yield(id) {
					return
				}
			}
		})
		slices.SortFunc(ids, func(a, b string) int { return res.byCheck[b] - res.byCheck[a] })
		var list []string
		for _, id := range ids[:min(8, len(ids))] {
			list = append(list, fmt.Sprintf("%s %d", id, res.byCheck[id]))
		}
		t.Logf("%-8s %6d segments, %5.2f %% flagged; %4d documents, %5.2f %% with errors; %s", strings.TrimSuffix(filepath.Base(files[n]), ".tsv"), res.segments, share(res.flagged, res.segments), res.documents, share(res.failed, res.documents), strings.Join(list, ", "))
		if out != nil {
			for _, l := range res.list {
				out.WriteString(l)
			}
		}
	}
}
