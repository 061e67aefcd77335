package identity_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/format"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/identity"
)

var words = strings.Fields(`the mayor said on Friday that new rules for buildings and taxes will come into force next year after a long debate in
	parliament while engineers tested trains under river bridges museum staff moved paintings before flood water reached older rooms weather office expects
	wind rain snow hail fog children farmers doctors teachers judges sailors pilots miners bakers painters hope nobody minds`)

// text returns a paragraph of n words, or a heading.
func text(r *rand.Rand, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = words[r.IntN(len(words))]
	}
	return strings.Join(out, " ")
}

func keepAll(string) bool { return true }

// open splits an article and gives its units their identities, by their texts.
func open(t testing.TB, r *identity.Register, blocks []string) []string {
	t.Helper()
	return openAt(t, r, "a.md", blocks)
}

func openAt(t testing.TB, r *identity.Register, path string, blocks []string) []string {
	t.Helper()
	f := markdown.Format{}
	d, _ := f.Split(path, []byte(strings.Join(blocks, "\n\n")+"\n"))
	if len(d.Units) != len(blocks) {
		t.Fatalf("%d units of %d blocks: %q", len(d.Units), len(blocks), blocks)
	}
	d.Path = path
	r.Apply(d)
	ids := make([]string, len(d.Units))
	for i := range d.Units {
		ids[i] = d.Units[i].ID
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(ids)))); n != len(ids) {
		t.Fatalf("an identity is there twice: %q", ids)
	}
	return ids
}

// stored is a register as another clone reads it.
func stored(r *identity.Register) *identity.Register {
	n := identity.Parse(r.Encode(keepAll))
	n.Record()
	return n
}

func blocks(r *rand.Rand) []string {
	var out []string
	for i := range 4 + r.IntN(10) {
		switch n := 12 + r.IntN(40); {
		case i == 0:
			out = append(out, "# "+text(r, 3+r.IntN(5)))
		case r.IntN(5) == 0:
			out = append(out, "## "+text(r, 1+r.IntN(4)))
		case r.IntN(12) == 0 && i > 2:
			out = append(out, out[1+r.IntN(i-1)]) // again
		default:
			out = append(out, text(r, n))
		}
	}
	return out
}

func changeWord(r *rand.Rand, block string) string {
	mark, rest := "", block
	if i := strings.Index(block, "# "); i >= 0 {
		mark, rest = block[:i+2], block[i+2:]
	}
	fields := strings.Fields(rest)
	i := r.IntN(len(fields))
	fields[i] = words[r.IntN(len(words))] + "s"
	return mark + strings.Join(fields, " ")
}

// One changed word gives no unit another name, however often words are changed; nor
// does a deletion or an addition elsewhere.
func TestEditsKeepIdentities(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		now := blocks(r)
		register := identity.Parse(nil)
		register.Record()
		ids := open(t, register, now)
		for step := range 30 {
			register = stored(register)
			next, want := slices.Clone(now), slices.Clone(ids)
			what := ""
			at := r.IntN(len(now))
			switch act := r.IntN(4); {
			case act == 0 && len(now) > 3:
				next, want = slices.Delete(next, at, at+1), slices.Delete(want, at, at+1)
				what = fmt.Sprint("delete ", at)
			case act == 1 && at > 0:
				next, want = slices.Insert(next, at, text(r, 30)), slices.Insert(want, at, "")
				what = fmt.Sprint("insert ", at)
			default:
				next[at] = changeWord(r, next[at])
				what = fmt.Sprint("change ", at)
			}
			got := open(t, register, next)
			for i := range want {
				// Equal texts may have each other's names.
				alike := func() bool {
					for j := range now {
						if ids[j] == got[i] && (i < len(want) && now[j] == next[i]) {
							return true
						}
					}
					return false
				}
				if want[i] != "" && got[i] != want[i] && !alike() {
					t.Errorf("seed %d, step %d, %s: %q was %s, is %s", seed, step, what, next[i], want[i], got[i])
				}
				if want[i] == "" && slices.Contains(ids, got[i]) {
					t.Errorf("seed %d, step %d, %s: the new %q has the name %s of another", seed, step, what, next[i], got[i])
				}
			}
			if again := open(t, register, next); !slices.Equal(again, got) {
				t.Errorf("seed %d, step %d: opened again: %s", seed, step, cmp.Diff(got, again))
			}
			now, ids = next, got
		}
	}
}

// A clone and the desk where the article was edited have the same identities, and
// those of a merge do not depend on its direction.
func TestClonesAgree(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		base := blocks(r)
		register := identity.Parse(nil)
		register.Record()
		open(t, register, base)
		file := register.Encode(keepAll)
		edit := func() ([]string, string) {
			b := slices.Clone(base)
			for range 3 {
				i := r.IntN(len(b))
				b[i] = changeWord(r, b[i])
			}
			n := identity.Parse(file)
			n.Record()
			open(t, n, b)
			return b, string(n.Encode(keepAll))
		}
		ours, a := edit()
		_, b := edit()
		lines := strings.SplitAfter(a, "\n")
		other := strings.SplitAfter(b, "\n")[1]
		one := identity.Parse([]byte(lines[0] + lines[1] + other))
		two := identity.Parse([]byte("<<<<<<< ours\n" + other + "=======\n" + lines[1] + ">>>>>>> theirs\n" + lines[0]))
		if d := cmp.Diff(open(t, one, ours), open(t, two, ours)); d != "" {
			t.Fatalf("seed %d (-one way +the other):\n%s", seed, d)
		}
		if d := cmp.Diff(open(t, identity.Parse([]byte(a)), ours), open(t, one, ours)); d != "" {
			t.Fatalf("seed %d (-before +after the merge):\n%s", seed, d)
		}
	}
}

// An article that is not edited has the names of its texts, and an old text in another
// place does not get the name that its former owner has.
func TestNames(t *testing.T) {
	register := identity.Parse(nil)
	register.Record()
	before := []string{"# Title", "The first paragraph is about one thing.", "The second is about another thing altogether."}
	first := open(t, register, before)
	if d := cmp.Diff(open(t, identity.Parse(nil), before), first); d != "" {
		t.Error(d)
	}
	register = stored(register)
	if register.Changed() {
		t.Error("changed before anything was opened")
	}
	open(t, register, before)
	if digest, known := register.Digest("a.md"); register.Changed() || digest != "" || !known {
		t.Error("changed without a change")
	}
	after := []string{"# Title", "The first paragraph is about two things.", "The second is about another thing altogether."}
	ids := open(t, register, after)
	if digest, _ := register.Digest("a.md"); !slices.Equal(ids, first) || !register.Changed() || digest == "" {
		t.Errorf("%q, want %q", ids, first)
	}
	register = stored(register)
	ids = open(t, register, append(after, before[1]))
	if !slices.Equal(ids[:3], first) || ids[3] != first[1]+".2" {
		t.Errorf("%q, want %q and one more", ids, first)
	}
	if got, known := identity.Parse(register.Encode(func(string) bool { return false })).Digest("a.md"); known {
		t.Errorf("what is not to be kept: %q", got)
	}
}

// The newsroom's articles, with one word of each unit changed in turn.
func TestNewsroom(t *testing.T) {
	names, err := filepath.Glob("../../testdata/newsroom/articles/*/*.md")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	f := markdown.Format{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		register := identity.Parse(nil)
		register.Record()
		d, _ := f.Split("a.md", data)
		register.Apply(d)
		register = stored(register)
		for i := range d.Units {
			fields := strings.Fields(d.Units[i].Source.Chars)
			word := slices.MaxFunc(fields, func(a, b string) int { return len(a) - len(b) })
			if strings.Count(string(data), word) != 1 {
				continue
			}
			e, _ := f.Split("a.md", []byte(strings.Replace(string(data), word, "Replacement", 1)))
			register.Apply(e)
			for j := range e.Units {
				if e.Units[j].ID != d.Units[j].ID {
					t.Errorf("%s: with %q changed in %s, %s is %s", name, word, d.Units[i].ID, d.Units[j].ID, e.Units[j].ID)
				}
			}
		}
	}
}

// FuzzParse reads any file: no panic, names are unique, and what it writes is read
// again alike.
func FuzzParse(f *testing.F) {
	register := identity.Parse(nil)
	register.Record()
	article := []string{"# Title", "One paragraph of the text.", "Another one, which is longer than the first.", "One paragraph of the text."}
	open(f, register, article)
	file := register.Encode(keepAll)
	f.Add(string(file))
	register = identity.Parse(file)
	register.Record()
	article[1] = "One paragraph of a text."
	open(f, register, article)
	f.Add(string(register.Encode(keepAll)))
	f.Add("\"a.md\"\tx:AAAAAAAAAAAA\na.md\n\"\\x\"\ta:b\n<<<<<<<\n")
	f.Fuzz(func(t *testing.T, file string) {
		register := identity.Parse([]byte(file))
		register.Record()
		ids := open(t, register, article)
		again := stored(register)
		if d := cmp.Diff(ids, open(t, again, article)); d != "" {
			t.Errorf("-before +after:\n%s", d)
		}
		if again.Changed() && strings.Count(file, "\n") < 2 {
			t.Error("what was written is not what was seen")
		}
	})
}

// The limits of the alignment, on the newsroom's texts: one changed word is nearer than
// farInGap but for short texts, and other texts are farther away than farAnywhere.
func TestDistances(t *testing.T) {
	names, err := filepath.Glob("../../testdata/newsroom/articles/*/*")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	from := map[string]string{} // file of each text
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all := format.All()
		f := all[slices.IndexFunc(all, func(i format.Info) bool { return i.Name == format.NameFor(name) })].New(format.Options{})
		d, _ := f.Split(name, data)
		for i := range d.Units {
			if text := d.Units[i].Source.Chars; len(text) > 60 && from[text] == "" {
				texts = append(texts, text)
				from[text] = name
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 3))
	changed, near, unrelated, close := 0, 0, 0, 0
	for i, a := range texts {
		for range 10 {
			changed++
			if identity.Distance(a, changeWord(r, a)) <= 22 {
				near++
			}
		}
		for _, b := range texts[:i] {
			if from[a] == from[b] { // a page has its title and description in many places
				continue
			}
			unrelated++
			if identity.Distance(a, b) <= 17 {
				close++
			}
		}
	}
	t.Logf("of %d texts with a changed word %d are near, of %d pairs of other texts %d", changed, near, unrelated, close)
	if changed < 100 || near*1000 < changed*995 || close*1000 > unrelated*2 {
		t.Error("the limits do not fit")
	}
}

// TestUnread checks that lines that have no identities are counted, and those that are
// of git or of us are not.
func TestUnread(t *testing.T) {
	register := identity.Parse(nil)
	register.Record()
	open(t, register, []string{"One paragraph that is long enough.", "Another one."})
	file := string(register.Encode(keepAll))
	header, line, _ := strings.Cut(file, "\n")
	header += "\n"
	for _, tt := range []struct {
		name, file   string
		lines, first int
	}{
		{"as written", file, 0, 0},
		{"empty", "", 0, 0},
		{"after a merge", header + "<<<<<<< ours\n" + line + "=======\n" + line + ">>>>>>> theirs\n", 0, 0},
		{"cut off", file[:len(file)-4], 1, 2},
		{"something else", header + "garbage\n" + line + "\x00\x01\x02\tx\n", 2, 2},
		{"another version", strings.Replace(file, "units 1:", "units 2:", 1), 3, 1},
		{"a path that is no text", header + "\"a\tx\n", 1, 2},
	} {
		lines, first := identity.Parse([]byte(tt.file)).Unread()
		if lines != tt.lines || first != tt.first {
			t.Errorf("%s: %d lines, the first is %d; want %d and %d", tt.name, lines, first, tt.lines, tt.first)
		}
	}
}
