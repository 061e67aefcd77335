package identity

import (
	"bytes"
	"path"
	"slices"

	"hexapla/pipeline/bitext"
)

// maxFormer limits how many former paths of an article are kept.
const maxFormer = 16

// renames is what a register has of former paths of articles.
type renames struct {
	former map[string][]string // by path, those that the project does not have any more
	now    map[string][]string // by former path, the articles that had it
	gone   []string            // known articles that the project does not have, sorted; see Register.gone
	listed bool                // gone is known
}

// FindRenamed makes the register look for renamed articles: one that it does not know,
// and that has the units of a known one that the project does not have any more, keeps
// their identities. The function exists reports whether the project has a file; many calls
// its argument with a function that does the same for many files at that moment, and may be
// nil.
func (r *Register) FindRenamed(exists func(path string) bool, many func(ask func(exists func(path string) bool))) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exists, r.many, r.renames = exists, many, nil
}

// Knows reports whether the register has an article, as it was known or opened.
func (r *Register) Knows(path string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.seen[path]
	return ok || len(r.lines[path]) > 0
}

// Former returns the paths that an article had before it was renamed, without those
// that another file has now.
func (r *Register) Former(path string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.renamed().former[path])
}

// RenamedTo returns the path that an article has now, empty if it was not renamed, or if
// several articles were made of it.
func (r *Register) RenamedTo(path string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.renamed().now[path]; len(now) == 1 {
		return now[0]
	}
	return ""
}

// renamed returns what the register has of former paths. r.mu is locked.
func (r *Register) renamed() *renames {
	if r.renames != nil {
		return r.renames
	}
	r.renames = &renames{former: map[string][]string{}, now: map[string][]string{}}
	if r.exists == nil {
		return r.renames
	}
	all := map[string][]string{}
	for path, lines := range r.lines {
		for _, l := range lines {
			if former := formerOf(r.spill.read(l)); len(former) > 0 {
				all[path] = append(all[path], former...)
			}
		}
	}
	for path, former := range r.moved {
		all[path] = append(all[path], former...)
	}
	for path, former := range all {
		r.renames.add(path, former, r.exists)
	}
	return r.renames
}

// gone returns the known articles that the project does not have, sorted. An article that
// is known needs them not. r.mu is locked.
func (r *Register) gone() []string {
	n := r.renamed()
	if n.listed || r.exists == nil {
		return n.gone
	}
	n.listed = true
	look := func(exists func(path string) bool) {
		for path := range r.lines {
			if !exists(path) {
				n.gone = append(n.gone, path)
			}
		}
	}
	if r.many != nil {
		r.many(look)
	} else {
		look(r.exists)
	}
	slices.Sort(n.gone)
	return n.gone
}

// add notes former paths of an article of the project.
func (n *renames) add(path string, former []string, exists func(string) bool) {
	if len(former) == 0 || !exists(path) {
		return
	}
	for _, f := range former {
		if f == path || slices.Contains(n.former[path], f) || len(n.former[path]) == maxFormer || exists(f) {
			continue
		}
		n.former[path] = append(n.former[path], f)
		n.now[f] = append(n.now[f], path)
	}
}

// move notes the former paths of an article. r.mu is locked.
func (r *Register) move(path string, former []string) {
	if len(former) == 0 {
		return
	}
	if r.moved == nil {
		r.moved = map[string][]string{}
	}
	r.moved[path] = former
	if r.renames != nil && r.exists != nil {
		r.renames.add(path, former, r.exists)
	}
}

// formerOf returns the former paths that a line has.
func formerOf(line []byte) []string {
	var out []string
	for {
		_, rest, ok := bytes.Cut(line, []byte("\t"))
		if !ok || !bytes.HasPrefix(rest, []byte("<")) {
			return out
		}
		line = rest
		quoted, _, _ := bytes.Cut(rest[1:], []byte("\t"))
		if f, ok := unquotePath(string(quoted)); ok && len(out) < maxFormer {
			out = append(out, f)
		}
	}
}

// findFormer returns what is known of the article that a document was under another
// path, nil if there is none. It notes the renaming. at are the units that are named by
// their text.
func (r *Register) findFormer(d *bitext.Document, at []int) article {
	if len(at) == 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	gone := r.gone()
	if len(gone) == 0 || !r.exists(d.Path) {
		return nil
	}
	if former := r.moved[d.Path]; len(former) > 0 { // it was opened before
		return r.versions(former[0])
	}
	raw := make(map[string]bool, len(at))
	for _, i := range at {
		raw[d.Units[i].ID] = true
	}
	best := r.mostAlike(d, gone, len(at), func(units []unit) int {
		n := 0
		for i := range units {
			if raw[units[i].raw] {
				n++
			}
		}
		return n
	})
	if best == "" && len(gone) <= maxAligned {
		best = r.mostAlike(d, gone, len(at), func(units []unit) int {
			a := &aligner{known: article{units}, doc: d, at: at, was: make([]*pos, len(at)), used: [][]bool{make([]bool, len(units))}}
			a.equal(0)
			a.similar()
			n := 0
			for _, w := range a.was {
				if w != nil {
					n++
				}
			}
			return n
		})
	}
	if best == "" {
		return nil
	}
	former := []string{best}
	for _, l := range r.lines[best] {
		for _, f := range formerOf(r.spill.read(l)) {
			if !slices.Contains(former, f) && len(former) < maxFormer {
				former = append(former, f)
			}
		}
	}
	versions := r.versions(best)
	r.move(d.Path, former)
	return versions
}

// maxAligned limits how many articles are compared with one that was both renamed and
// edited so much that fewer than half of its units have their text.
const maxAligned = 64

// mostAlike returns the article of gone that shares more units with d than any other,
// and at least half; of several, the one with the file name of d. common counts the
// shared units.
func (r *Register) mostAlike(d *bitext.Document, gone []string, units int, common func([]unit) int) string {
	best, most, same := "", 0, 0
	for _, g := range gone {
		for _, known := range r.versions(g) {
			n := common(known)
			if 2*n < max(len(known), units) || n < most {
				continue
			}
			switch named := path.Base(g) == path.Base(d.Path); {
			case n > most, named && path.Base(best) != path.Base(d.Path):
				best, most, same = g, n, 1
			case g != best && named == (path.Base(best) == path.Base(d.Path)):
				same++
			}
		}
	}
	if same != 1 {
		return ""
	}
	return best
}

// versions returns what is known of an article by its lines. r.mu is locked.
func (r *Register) versions(path string) article {
	if a := r.known[path]; a != nil {
		return *a
	}
	var a article
	for _, l := range r.lines[path] {
		a = append(a, parseLine(r.spill.read(l)))
	}
	if r.known == nil {
		r.known = map[string]*article{}
	}
	r.known[path] = &a
	return a
}
