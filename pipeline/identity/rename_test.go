package identity_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/identity"
)

// project is a register together with the files of its project.
type project struct {
	units *identity.Register
	files map[string][]string // by path: the blocks of an article
}

func (p *project) exists(path string) bool { return p.files[path] != nil }

// reopen is the next command: it reads the file that the one before wrote.
func (p *project) reopen() {
	p.units = identity.Parse(p.units.Encode(func(path string) bool {
		return p.exists(path) || p.units.RenamedTo(path) == "" && slices.ContainsFunc(p.paths(), func(q string) bool { return !p.units.Knows(q) })
	}))
	p.units.FindRenamed(p.exists, nil)
	p.units.Record()
}

func (p *project) paths() []string {
	var out []string
	for path := range p.files {
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

func newProject() *project {
	p := &project{units: identity.Parse(nil), files: map[string][]string{}}
	p.reopen()
	return p
}

func (p *project) rename(from, to string) {
	p.files[to] = p.files[from]
	delete(p.files, from)
}

// A renamed article keeps the identities that its units got before and after edits, in
// whatever order the articles are opened.
func TestRenamesKeepIdentities(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 4))
		p := newProject()
		names := []string{"2026/a.md", "2026/b.md", "2025/a.md"}
		for _, n := range names {
			p.files[n] = blocks(r)
			openAt(t, p.units, n, p.files[n])
		}
		p.reopen()
		want := map[string][]string{} // by present name
		for _, n := range names {
			edited := slices.Clone(p.files[n])
			i := r.IntN(len(edited))
			edited[i] = changeWord(r, edited[i])
			p.files[n] = edited
			want[n] = openAt(t, p.units, n, edited)
		}
		p.reopen()
		now := map[string]string{}
		for _, n := range names {
			to := n
			if r.IntN(3) > 0 {
				to = fmt.Sprintf("archive/%d-%s", r.IntN(1000), strings.ReplaceAll(n, "/", "-"))
				p.rename(n, to)
			}
			now[to] = n
		}
		for range 2 { // the second time by the file
			paths := p.paths()
			r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
			for _, n := range paths {
				if r.IntN(4) == 0 {
					p.reopen() // a command that opens some of them only
				}
				if diff := cmp.Diff(want[now[n]], openAt(t, p.units, n, p.files[n])); diff != "" {
					t.Fatalf("seed %d: %s, formerly %s: identities changed:\n%s\n%s", seed, n, now[n], diff, p.units.Encode(keepAll))
				}
			}
			p.reopen()
			for _, n := range p.paths() {
				if former := p.units.Former(n); n != now[n] && !slices.Equal(former, []string{now[n]}) {
					t.Fatalf("seed %d: %s was %q, want %s", seed, n, former, now[n])
				}
				if n != now[n] && p.units.RenamedTo(now[n]) != n {
					t.Fatalf("seed %d: %s is now %q, want %s", seed, now[n], p.units.RenamedTo(now[n]), n)
				}
			}
		}
	}
}

func TestRenames(t *testing.T) {
	first := []string{"# The pact", "The river is wide.", "Nobody swims in it.", "The mayor came on Monday."}
	edited := slices.Clone(first)
	edited[1] = "The river is very wide."
	start := func() *project {
		p := newProject()
		p.files["a.md"] = first
		openAt(t, p.units, "a.md", first)
		p.reopen()
		p.files["a.md"] = edited
		openAt(t, p.units, "a.md", edited)
		p.reopen()
		return p
	}
	known := openAt(t, start().units, "a.md", edited)

	t.Run("twice", func(t *testing.T) {
		p := start()
		p.rename("a.md", "b.md")
		openAt(t, p.units, "b.md", edited)
		p.reopen()
		p.rename("b.md", "c/d \"e\".md")
		if diff := cmp.Diff(known, openAt(t, p.units, "c/d \"e\".md", edited)); diff != "" {
			t.Error(diff)
		}
		p.reopen()
		if got := p.units.Former("c/d \"e\".md"); !slices.Equal(got, []string{"b.md", "a.md"}) {
			t.Errorf("former paths: %q", got)
		}
		if got := p.units.RenamedTo("a.md"); got != "c/d \"e\".md" {
			t.Errorf("a.md is now %q", got)
		}
	})
	t.Run("edited in every unit but one", func(t *testing.T) {
		p := start()
		p.rename("a.md", "b.md")
		p.files["b.md"] = []string{"# The pact", "The river is very very wide.", "Nobody ever swims in it.", "The mayor came here on Monday."}
		if diff := cmp.Diff(known, openAt(t, p.units, "b.md", p.files["b.md"])); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a copy is another article", func(t *testing.T) {
		p := start()
		p.files["b.md"] = edited
		if ids := openAt(t, p.units, "b.md", edited); ids[1] == known[1] {
			t.Errorf("the copy has the identity %s, which its text does not give", ids[1])
		}
		if got := p.units.Former("b.md"); got != nil {
			t.Errorf("former paths: %q", got)
		}
	})
	t.Run("another article in its place", func(t *testing.T) {
		p := start()
		p.rename("a.md", "b.md")
		p.files["a.md"] = []string{"# News", "Something else happened today."}
		openAt(t, p.units, "a.md", p.files["a.md"])
		openAt(t, p.units, "b.md", edited)
		if got := p.units.RenamedTo("a.md"); got != "" {
			t.Errorf("a.md exists, and is said to be %s", got)
		}
	})
	t.Run("two of the same text", func(t *testing.T) {
		p := start()
		p.files["x/a.md"] = edited
		openAt(t, p.units, "x/a.md", edited)
		p.reopen()
		p.rename("a.md", "new/c.md")
		p.rename("x/a.md", "new/a.md")
		openAt(t, p.units, "new/a.md", edited)
		openAt(t, p.units, "new/c.md", edited)
		if got := p.units.Former("new/c.md"); got != nil {
			t.Errorf("new/c.md could be either, and is said to be %q", got)
		}
	})
	t.Run("an edit on a branch", func(t *testing.T) {
		// One branch renames the article, the other edits it and names its units.
		ours, theirs := start(), start()
		ours.rename("a.md", "b.md")
		openAt(t, ours.units, "b.md", edited)
		ours.reopen()
		more := slices.Clone(edited)
		more[2] = "Nobody ever swims in it."
		theirs.files["a.md"] = more
		want := openAt(t, theirs.units, "a.md", more)
		theirs.reopen()
		again := slices.Clone(more)
		again[2] = "Nobody ever swims in its cold water at night."
		merged := append(ours.units.Encode(keepAll), theirs.units.Encode(keepAll)...)
		p := &project{units: identity.Parse(merged), files: map[string][]string{"b.md": again}}
		p.units.FindRenamed(p.exists, nil)
		p.units.Record()
		if diff := cmp.Diff(want, openAt(t, p.units, "b.md", again)); diff != "" {
			t.Error(diff)
		}
		p.reopen()
		if p.units.Knows("a.md") {
			t.Error("the line of the former path is kept for ever")
		}
	})
}
