package quality

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"

	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// labelled is one row of the labelled set: a pair of texts and what the checks must
// report for it.
type labelled struct {
	place                  string
	from, to               string
	source, target, why    string
	want                   []string // ids without "quality."; any of them is right; none for a sound pair
	termSource, termTarget string
}

var glossaryNote = regexp.MustCompile(`^glossary ([^=]+)=([^:]+?)(?::|$)`)

// readLabelled reads the labelled set: testdata/*.tsv, with a row for each pair:
// source locale, target locale, source, target, expected ids (several are
// alternatives) or "none", reason. A reason "glossary a=b: ..." adds a term.
func readLabelled(t testing.TB) []labelled {
	t.Helper()
	files, err := filepath.Glob("testdata/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no labelled set in testdata", err)
	}
	if more := os.Getenv("HEXAPLA_LABELLED"); more != "" { // a set of one's own
		files = append(files, more)
	}
	var out []labelled
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			line = strings.TrimRight(line, "\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			c := strings.Split(line, "\t")
			if len(c) < 5 {
				t.Fatalf("%s:%d: %d columns, want 5 or 6", f, n, len(c))
			}
			l := labelled{place: fmt.Sprintf("%s:%d", filepath.Base(f), n), from: c[0], to: c[1], source: c[2], target: c[3]}
			if c[4] != "none" {
				l.want = append(l.want, strings.Fields(c[4])...)
			}
			if len(c) > 5 {
				l.why = c[5]
				if m := glossaryNote.FindStringSubmatch(c[5]); m != nil {
					l.termSource, l.termTarget = m[1], m[2]
				}
			}
			out = append(out, l)
		}
	}
	return append(out, readNews(t)...)
}

// readNews reads testdata/news: en.tsv has numbered sentences, each other file, named by
// its locale, sound translations of them. The columns behind a translation make faulty
// ones of it: "ids|old|new", expected ids (alternatives, separated by spaces) and what is
// replaced.
func readNews(t testing.TB) []labelled {
	t.Helper()
	rows := func(name string) (out [][]string) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			out = append(out, strings.Split(strings.TrimRight(line, "\n"), "\t"))
		}
		return out
	}
	sources := map[string]string{}
	for _, c := range rows("testdata/news/en.tsv") {
		sources[c[0]] = c[1]
	}
	files, err := filepath.Glob("testdata/news/*.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for _, f := range files {
		locale := strings.TrimSuffix(filepath.Base(f), ".tsv")
		if locale == "en" {
			continue
		}
		for _, c := range rows(f) {
			l := labelled{place: filepath.Base(f) + ":" + c[0], from: "en", to: locale, source: sources[c[0]], target: c[1]}
			if l.source == "" {
				t.Fatalf("%s: no sentence %s in en.tsv", f, c[0])
			}
			out = append(out, l)
			for _, fault := range c[2:] {
				p := strings.Split(fault, "|")
				if len(p) != 3 || !strings.Contains(l.target, p[1]) || p[0] == "" {
					t.Errorf("%s: the fault %q does not fit the translation", l.place, fault)
					continue
				}
				bad := l
				bad.target, bad.want, bad.why = strings.Replace(l.target, p[1], p[2], 1), strings.Fields(p[0]), fault
				out = append(out, bad)
			}
		}
	}
	return out
}

func (l *labelled) check(t testing.TB) []diag.Diagnostic {
	d := &bitext.Document{Path: "a.txt", Locale: l.from, Units: []bitext.Unit{{ID: "u", Kind: bitext.Paragraph, Source: bitext.Plain(l.source)}}}
	d.Units[0].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	tr := bitext.NewTranslation(d, l.to)
	tr.Targets[0][0] = bitext.Target{Filled: true, Text: bitext.Plain(l.target), State: bitext.Reviewed}
	if l.termSource != "" {
		g, ds := glossary.ParseTable("g.csv", []byte(fmt.Sprintf("%s,%s\n\"%s\",\"%s\"\n", l.from, l.to, l.termSource, l.termTarget)), glossary.TableOptions{})
		for _, d := range ds {
			t.Error(l.place, d)
		}
		tr.Targets[0][0].Terms = g.Matcher(l.from, l.to, locales.Parents).Mark(l.source)
	}
	return Check(tr, Options{})
}

// TestTable checks the labelled set and logs precision and recall by check and by
// language. A sound pair must have no finding, a faulty one a finding of one of the
// expected checks.
func TestTable(t *testing.T) {
	type count struct{ found, missed, alarms int }
	byCheck, byLanguage := map[string]*count{}, map[string]*count{}
	at := func(m map[string]*count, k string) *count {
		if m[k] == nil {
			m[k] = &count{}
		}
		return m[k]
	}
	for _, l := range readLabelled(t) {
		ds := l.check(t)
		for _, d := range ds {
			if err := spanError(&l, d); err != "" {
				t.Errorf("%s: %s %s: %s", l.place, d.ID, d.Message, err)
			}
		}
		if len(l.want) == 0 {
			for _, d := range ds {
				at(byCheck, strings.TrimPrefix(d.ID, "quality.")).alarms++
				at(byLanguage, l.to).alarms++
				t.Errorf("%s: false alarm: %s %s: %s\n\t%s\n\t%s\n\t%s", l.place, d.Severity, d.ID, d.Message, l.source, l.target, l.why)
			}
			continue
		}
		found := slices.ContainsFunc(ds, func(d diag.Diagnostic) bool {
			return slices.Contains(l.want, strings.TrimPrefix(d.ID, "quality."))
		})
		if found {
			at(byCheck, l.want[0]).found++
			at(byLanguage, l.to).found++
		} else {
			at(byCheck, l.want[0]).missed++
			at(byLanguage, l.to).missed++
			t.Errorf("%s: missed %v, found %v\n\t%s\n\t%s\n\t%s", l.place, l.want, ds, l.source, l.target, l.why)
		}
	}
	for _, m := range []map[string]*count{byCheck, byLanguage} {
		var keys []string
		for k := range m {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			c := m[k]
			t.Logf("%-14s precision %4.2f (%d false alarms), recall %4.2f (%d of %d)", k,
				float64(c.found)/float64(max(1, c.found+c.alarms)), c.alarms, float64(c.found)/float64(max(1, c.found+c.missed)), c.found, c.found+c.missed)
		}
	}
}

// spanError returns what is wrong with the texts and spans of a finding: it has the whole
// segment, and parts of both texts that are not empty and end between two characters.
func spanError(l *labelled, d diag.Diagnostic) string {
	for side, text := range map[string]string{"source": l.source, "target": l.target} {
		span, ok := d.Args[side+"_span"].([]int)
		switch {
		case d.Args[side+"_text"] != text:
			return fmt.Sprintf("the %s text is %q", side, d.Args[side+"_text"])
		case !ok || len(span) != 2 || span[0] < 0 || span[0] >= span[1] || span[1] > len(text):
			return fmt.Sprintf("the %s span is %v", side, d.Args[side+"_span"])
		case !utf8.ValidString(text[:span[0]]) || !utf8.ValidString(text[span[0]:span[1]]):
			return fmt.Sprintf("the %s span %v is inside a character", side, span)
		}
	}
	return ""
}
