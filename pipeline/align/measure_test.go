package align_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/align"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/segment"
)

var (
	corpus   = flag.String("corpus", "", "a folder of HTML pages with ids on their paragraphs, with a folder for each locale")
	original = flag.String("original", "en-US", "the locale of -corpus that the others are translations of")
	pages    = flag.Int("pages", 400, "pages of -corpus to align in each locale")
)

// identified matches the ids of paragraphs; attribute is the whole attribute.
var identified = regexp.MustCompile(`\bid="([^"]+)"`)

// truth is a document with, for each unit, the id that it has in the original and in
// the translation.
type truth struct {
	document *bitext.Document
	ids      []string
}

// openPage splits a page whose ids are blanked out, so that alignment cannot see them.
func openPage(p *pipeline.Project, path, locale string, data []byte) truth {
	ids := identified.FindAllSubmatchIndex(data, -1)
	blank := bytes.Clone(data)
	for _, m := range ids {
		for i := m[0]; i < m[1]; i++ {
			blank[i] = ' '
		}
	}
	d, _ := p.Open(path, "html", locale, blank)
	t := truth{document: d, ids: make([]string, len(d.Units))}
	for _, s := range d.Skeleton.Spans {
		if s.Unit < 0 || s.Unit >= len(t.ids) {
			continue
		}
		// The last id before the text.
		n, _ := slices.BinarySearchFunc(ids, s.Start, func(m []int, at int) int { return m[0] - at })
		if n > 0 {
			t.ids[s.Unit] = string(data[ids[n-1][2]:ids[n-1][3]])
		}
	}
	// An id with several units names none of them.
	count := map[string]int{}
	for _, id := range t.ids {
		count[id]++
	}
	for i, id := range t.ids {
		if count[id] > 1 {
			t.ids[i] = ""
		}
	}
	return t
}

// key is the identity of a segment over both languages: its unit's, and its number
// where both units have as many segments; "" if it is not known.
func keys(s, t truth) (source, target map[bitext.Ref]string) {
	number := func(u *bitext.Unit) (n int) {
		for range u.Translatable() {
			n++
		}
		return n
	}
	in := func(x truth) map[string]*bitext.Unit {
		m := map[string]*bitext.Unit{}
		for i, id := range x.ids {
			if id != "" {
				m[id] = &x.document.Units[i]
			}
		}
		return m
	}
	a, b := in(s), in(t)
	list := func(x truth) map[bitext.Ref]string {
		out := map[bitext.Ref]string{}
		for i, id := range x.ids {
			if id == "" || a[id] == nil || b[id] == nil {
				continue
			}
			n := 0
			for k := range x.document.Units[i].Translatable() {
				key := id
				if number(a[id]) == number(b[id]) {
					key = fmt.Sprintf("%s %d", id, n)
				}
				out[bitext.Ref{Unit: i, Segment: k}] = key
				n++
			}
		}
		return out
	}
	return list(s), list(t)
}

// drop returns the document without a share of its segments.
func drop(d *bitext.Document, share float64, r *rand.Rand) *bitext.Document {
	c := *d
	c.Units = slices.Clone(d.Units)
	for i := range c.Units {
		segments := slices.Clone(c.Units[i].Segments)
		for k := range segments {
			if !segments[k].Ignorable && r.Float64() < share {
				segments[k].Ignorable = true
			}
		}
		c.Units[i].Segments = segments
	}
	return &c
}

// flat returns the document as one paragraph, without structure, and the places of its
// segments in d.
func flat(d *bitext.Document) (*bitext.Document, map[bitext.Ref]bitext.Ref) {
	c := *d
	all := bitext.Unit{ID: "all", Kind: bitext.Paragraph}
	from := map[bitext.Ref]bitext.Ref{}
	for i := range d.Units {
		if d.Units[i].NoTranslate || d.Units[i].Message != nil {
			continue
		}
		for k, s := range d.Units[i].Translatable() {
			from[bitext.Ref{Segment: len(all.Segments)}] = bitext.Ref{Unit: i, Segment: k}
			all.Segments = append(all.Segments, *s)
		}
	}
	c.Units = []bitext.Unit{all}
	return &c, from
}

// replace replaces the references of pairs.
func replace(pairs []align.Pair, source, target map[bitext.Ref]bitext.Ref) []align.Pair {
	out := slices.Clone(pairs)
	for i := range out {
		for side, from := range []map[bitext.Ref]bitext.Ref{source, target} {
			list := &out[i].Source
			if side == 1 {
				list = &out[i].Target
			}
			refs := make([]bitext.Ref, len(*list))
			for k, r := range *list {
				refs[k] = r
				if from != nil {
					refs[k] = from[r]
				}
			}
			*list = refs
		}
	}
	return out
}

type figures struct{ right, found, known int }

func (f *figures) add(source, target map[bitext.Ref]string, s *bitext.Document, t *bitext.Document, pairs []align.Pair) {
	there := map[string]bool{}
	for ref, key := range target {
		if !t.Units[ref.Unit].Segments[ref.Segment].Ignorable {
			there[key] = true
		}
	}
	for ref, key := range source {
		if !s.Units[ref.Unit].Segments[ref.Segment].Ignorable && there[key] && strings.Contains(key, " ") {
			f.known++
		}
	}
	for _, p := range pairs {
		if len(p.Source) == 0 || len(p.Target) == 0 {
			continue
		}
		// A pair with a segment of which the truth is not known is not counted.
		unknown := false
		left, right := map[string]bool{}, map[string]bool{}
		for _, r := range p.Source {
			unknown = unknown || source[r] == "" || !strings.Contains(source[r], " ")
			left[source[r]] = true
		}
		for _, r := range p.Target {
			unknown = unknown || target[r] == "" || !strings.Contains(target[r], " ")
			right[target[r]] = true
		}
		if unknown {
			continue
		}
		f.found++
		same := len(left) == len(right)
		for k := range left {
			same = same && right[k]
		}
		if same {
			f.right++
			f.right += len(left) - 1
			f.found += len(left) - 1
		}
	}
}

func (f figures) String() string {
	return fmt.Sprintf("%.3f/%.3f", float64(f.right)/float64(max(f.found, 1)), float64(f.right)/float64(max(f.known, 1)))
}

// TestMeasure prints precision and recall on real pages whose ids give the truth.
func TestMeasure(t *testing.T) {
	if *corpus == "" {
		t.Skip("needs -corpus DIR")
	}
	p, err := pipeline.New(&config.Config{Project: config.Project{Source: "en"}}, pipeline.Resources{Rules: segment.Default(), Catalogs: locales.Embedded()})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	root := filepath.Join(*corpus, *original)
	if err := filepath.WalkDir(root+string(filepath.Separator), func(name string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".html") {
			rel, _ := filepath.Rel(root, name)
			names = append(names, rel)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:min(len(names), *pages)]
	folders, err := os.ReadDir(*corpus)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if f.Name() == *original {
			continue
		}
		var sources, targets []truth
		for _, name := range names {
			a, err1 := os.ReadFile(filepath.Join(root, name))
			b, err2 := os.ReadFile(filepath.Join(*corpus, f.Name(), name))
			if err1 != nil || err2 != nil {
				continue
			}
			sources = append(sources, openPage(p, name, "en", a))
			targets = append(targets, openPage(p, name, f.Name(), b))
		}
		for _, variant := range []string{"clean", "missing", "flat"} {
			r := rand.New(rand.NewPCG(3, 4))
			ss, ts := make([]*bitext.Document, len(sources)), make([]*bitext.Document, len(sources))
			was := make([][2]map[bitext.Ref]bitext.Ref, len(sources))
			dropped := make([]*bitext.Document, len(sources))
			for i := range sources {
				ss[i], ts[i] = sources[i].document, targets[i].document
				if variant != "clean" {
					ts[i] = drop(ts[i], 0.1, r)
				}
				dropped[i] = ts[i]
				if variant == "flat" {
					ss[i], was[i][0] = flat(ss[i])
					ts[i], was[i][1] = flat(ts[i])
				}
			}
			aligner := align.New()
			for i := range ss {
				aligner.Learn(aligner.Align(ss[i], ts[i]))
			}
			aligner.Train()
			var all, sure, baseline figures
			for i := range ss {
				source, target := keys(sources[i], targets[i])
				found := replace(aligner.Align(ss[i], ts[i]).Pairs, was[i][0], was[i][1])
				baselinePairs := replace(galeChurch(ss[i], ts[i]), was[i][0], was[i][1])
				sureOnes := slices.DeleteFunc(slices.Clone(found), func(p align.Pair) bool { return p.Confidence < align.MinConfidence })
				all.add(source, target, sources[i].document, dropped[i], found)
				sure.add(source, target, sources[i].document, dropped[i], sureOnes)
				baseline.add(source, target, sources[i].document, dropped[i], baselinePairs)
			}
			fmt.Printf("%-6s %-8s pages %4d sentences %6d  Gale-Church %s  all %s  confident %s\n", f.Name(), variant, len(ss), sure.known, baseline, all, sure)
		}
	}
}

// galeChurch aligns by length alone: Gale and Church 1993, appendix, with their
// priors and variance, over the whole text.
func galeChurch(source, target *bitext.Document) []align.Pair {
	type sentence struct {
		ref    bitext.Ref
		length int
	}
	list := func(d *bitext.Document) (out []sentence) {
		for i := range d.Units {
			u := &d.Units[i]
			if u.NoTranslate || u.Message != nil {
				continue
			}
			for k, s := range u.Translatable() {
				n := 0
				for _, r := range s.Source.Chars {
					if !unicode.IsSpace(r) {
						n++
					}
				}
				if n > 0 {
					out = append(out, sentence{bitext.Ref{Unit: i, Segment: k}, n})
				}
			}
		}
		return out
	}
	s, t := list(source), list(target)
	total := func(l []sentence) (n float64) {
		for _, x := range l {
			n += float64(x.length)
		}
		return max(n, 1)
	}
	c := total(t) / total(s)
	steps := []struct {
		a, b  int
		prior float64
	}{{1, 1, 0.89}, {1, 0, 0.00495}, {0, 1, 0.00495}, {2, 1, 0.0445}, {1, 2, 0.0445}, {2, 2, 0.011}}
	w := len(t) + 1
	cost, from := make([]float64, (len(s)+1)*w), make([]int, (len(s)+1)*w)
	for i := 0; i <= len(s); i++ {
		for j := 0; j <= len(t); j++ {
			if i+j == 0 {
				continue
			}
			best := math.Inf(1)
			for k, st := range steps {
				if i < st.a || j < st.b {
					continue
				}
				ls, lt := 0.0, 0.0
				for n := range st.a {
					ls += float64(s[i-1-n].length)
				}
				for n := range st.b {
					lt += float64(t[j-1-n].length)
				}
				mean := (ls + lt/c) / 2
				d := math.Abs(ls*c-lt) / math.Sqrt(6.8*max(mean, 1))
				v := cost[(i-st.a)*w+j-st.b] - math.Log(st.prior) - math.Log(math.Erfc(d/math.Sqrt2)+1e-300)
				if v < best {
					best, from[i*w+j] = v, k
				}
			}
			cost[i*w+j] = best
		}
	}
	var out []align.Pair
	for i, j := len(s), len(t); i > 0 || j > 0; {
		st := steps[from[i*w+j]]
		i, j = i-st.a, j-st.b
		var p align.Pair
		for n := range st.a {
			p.Source = append(p.Source, s[i+n].ref)
		}
		for n := range st.b {
			p.Target = append(p.Target, t[j+n].ref)
		}
		out = append(out, p)
	}
	return out
}
