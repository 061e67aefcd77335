package segment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/goldentest"
)

// squeeze takes white space out: we never change a text, the peers fold lines.
func squeeze(sentences []string) []string {
	var out []string
	for _, s := range sentences {
		if s = strings.Join(strings.Fields(s), ""); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// TestPeers runs the public cases of other segmenters. Those that we cut
// otherwise are listed in missed.txt; a change there must be meant.
func TestPeers(t *testing.T) {
	data, err := os.ReadFile("testdata/peers/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := ParseCases(data)
	if err != nil {
		t.Fatal(err)
	}
	var more []struct{ Set string }
	if err := json.Unmarshal(data, &more); err != nil {
		t.Fatal(err)
	}
	type score struct{ ok, all int }
	scores := map[string]*score{}
	var missed bytes.Buffer
	for i, r := range Default().Test(cases) {
		key := more[i].Set + " " + r.Case.Lang
		if scores[key] == nil {
			scores[key] = &score{}
		}
		scores[key].all++
		if slices.Equal(squeeze(r.Got), squeeze(r.Case.Sentences)) {
			scores[key].ok++
			continue
		}
		fmt.Fprintf(&missed, "%s: %s\n", key, r.Case.Name)
	}
	var keys []string
	for k := range scores {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		t.Logf("%-10s %d/%d", k, scores[k].ok, scores[k].all)
	}
	goldentest.Check(t, "testdata/peers/missed.txt", missed.Bytes())
}

// TestNews runs our own cases: the manner of news, one file per language. The
// sentences of a case are joined with a space, as a paragraph has them.
func TestNews(t *testing.T) {
	files, err := filepath.Glob("testdata/news/*.txt")
	if err != nil || len(files) < 27 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(lang, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := Default().For(lang)
			space := " "
			if lang == "ja" || lang == "zh-Hans" {
				space = ""
			}
			for paragraph := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n\n") {
				want := strings.Split(paragraph, "\n")
				text := strings.Join(want, space)
				if got := s.Sentences(text); !slices.Equal(got, want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), paragraph)
				}
			}
		})
	}
}
