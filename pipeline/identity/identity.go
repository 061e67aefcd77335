// Package identity keeps the identities of an article's units while the article is
// edited.
//
// A format names a unit that the document does not name itself by its text, so that
// no other paragraph has a part in it. No function of the document alone can do
// better: an identity that survives every change of one word in its unit, and the
// deletion of any other unit, survives any sequence of them, and so can depend on
// neither. Therefore the project keeps, in one text file beside its articles, the
// units of each article as it was known last: their identities, and a sketch of their
// texts. When an article is opened, its units are aligned with these, and a unit whose
// text was changed keeps the identity that it had. The same article and the same file
// give the same identities everywhere.
//
// The file belongs to the articles, not to the memory: it is committed with them, so
// that each branch has the identities of its own articles.
package identity

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// unit is a unit of an article as it was known. Raw is the identity that its text
// gives it, ID the one that it has.
type unit struct {
	raw, id string
	sketch  sketch
}

// Register has the known units of all articles of a project. The zero value knows
// none. It may be used by many goroutines.
type Register struct {
	mu     sync.Mutex
	lines  map[string][]line   // by article: those of the file, parsed when needed
	known  map[string]*article // by article: what was parsed
	seen   map[string]line     // by article: as it is now, if that is not what is known
	unread unread
	record bool
	spill  spill // has lines of articles that were seen

	exists  func(path string) bool                        // whether the project has a file; nil if renames are not looked for
	many    func(ask func(exists func(path string) bool)) // see FindRenamed
	moved   map[string][]string                           // by new path of articles that were found renamed: former paths
	renames *renames                                      // what lines and moved have of former paths; made when needed
}

// article is what is known of an article: its versions. There is one, or several if
// branches were merged.
type article [][]unit

// headerStart begins the first line of the file; the number of its version follows.
const headerStart = "# hexapla units "

// header is the first line of the file.
const header = headerStart + "1: the identities of the articles' units. Commit this file; do not edit it.\n"

// unread are the lines of a file that have no identities: how many, and the number of
// the first one, from 1.
type unread struct{ lines, first int }

// Parse reads the file of a register. Lines that cannot be read, and all of a file of
// another version, are left out, and counted by Unread; markers of an unfinished merge
// are left out. The units that they name get new identities.
func Parse(data []byte) *Register {
	lines, unread := parse(data)
	return &Register{lines: lines, unread: unread}
}

// Unread returns how many lines of the file could not be read, and the number of the
// first one. Write would lose them.
func (r *Register) Unread() (lines, first int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unread.lines, r.unread.first
}

// Rebase makes what is in a file what is known; what was recorded stays. It is for a
// file that another program may have written meanwhile.
func (r *Register) Rebase(data []byte) {
	lines, unread := parse(data)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines, r.known, r.unread, r.renames = lines, nil, unread, nil
}

// parse returns the lines of a file by their articles.
func parse(data []byte) (map[string][]line, unread) {
	all := map[string][]line{}
	var bad unread
	number := 0
	skip := func() {
		if bad.lines++; bad.first == 0 {
			bad.first = number
		}
	}
	for text := range bytes.Lines(data) {
		number++
		text = bytes.TrimRight(text, "\r\n")
		if bytes.HasPrefix(text, []byte(headerStart)) {
			if !bytes.HasPrefix(text, []byte(headerStart+"1:")) {
				return map[string][]line{}, unread{bytes.Count(data, []byte("\n")) + 1, number}
			}
			continue
		}
		if len(text) == 0 || text[0] == '#' || mergeMarker().Match(text) {
			continue
		}
		quoted, _, ok := bytes.Cut(text, []byte("\t"))
		if !ok || len(quoted) == 0 || !readable(text) {
			skip()
			continue
		}
		path, ok := unquotePath(string(quoted))
		if !ok {
			skip()
			continue
		}
		if len(all[path]) < maxVersions && !slices.ContainsFunc(all[path], func(l line) bool { return bytes.Equal(l.text, text) }) {
			all[path] = append(all[path], line{text: text})
		}
	}
	for _, versions := range all {
		slices.SortFunc(versions, func(a, b line) int { return bytes.Compare(a.text, b.text) }) // a merge may leave them in any order
	}
	return all, bad
}

// mergeMarker is a line that git writes into a file that it could not merge.
var mergeMarker = lazy.Regexp(`^(?:<{7}|\|{7}|={7}|>{7})(?: |$)`)

// maxVersions limits how many lines of one article are read.
const maxVersions = 16

// Record makes the register remember the units of the articles that are opened from
// now on, for Write.
func (r *Register) Record() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record = true
}

// Changed reports whether an article was opened, since Record, that is not as it is
// known.
func (r *Register) Changed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen) > 0
}

// Write writes the file with the articles as they were opened, and the others as they
// are known. Articles for which keep returns false are left out. What it writes is what is
// known from then on. On an error it wrote a part, and the register is as it was.
func (r *Register) Write(w io.Writer, keep func(path string) bool) error {
	kept := map[string]bool{}
	for _, path := range r.paths() { // not locked: keep may ask the register
		kept[path] = keep(path)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string][]line{}
	for path, lines := range r.lines {
		if kept[path] {
			all[path] = lines
		}
	}
	for path, l := range r.seen {
		if kept[path] {
			all[path] = []line{l}
		}
	}
	if _, err := io.WriteString(w, header); err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		for _, l := range all[path] {
			if _, err := w.Write(append(slices.Clip(r.spill.read(l)), '\n')); err != nil {
				return err
			}
		}
	}
	if r.spill.err != nil { // now or before: identities would be lost
		return r.spill.err
	}
	r.lines, r.known, r.seen, r.renames = all, nil, nil, nil
	return nil
}

// paths returns the articles that the register has, as they are known or were opened.
func (r *Register) paths() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for path := range r.lines {
		out = append(out, path)
	}
	for path := range r.seen {
		out = append(out, path)
	}
	return out
}

// Seen returns the line of an article that was opened since Record and is not as it is
// known, nil if it is: for AddSeen in another process.
func (r *Register) Seen(path string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l, ok := r.seen[path]; ok {
		return r.spill.read(l)
	}
	return nil
}

// AddSeen notes an article that another process opened, by what Seen returned there.
func (r *Register) AddSeen(path string, text []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(path, text)
	r.move(path, formerOf(text))
}

// note notes the line of an article as it is now. r.mu is locked.
func (r *Register) note(path string, text []byte) {
	if r.seen == nil {
		r.seen = map[string]line{}
	}
	r.seen[path] = line{text: slices.Clone(text)}
	r.spill.keep(len(text), r.seen)
}

// encodeLine returns the line of an article: its path, the former paths, each after a
// '<', and the units.
func encodeLine(path string, former []string, units []unit) []byte {
	line := []byte(quotePath(path))
	if len(units) > 0 {
		for _, f := range former {
			line = append(append(line, '\t', '<'), quotePath(f)...)
		}
	}
	for i := range units {
		u := &units[i]
		line = append(append(line, '\t'), u.id...)
		if u.raw != u.id {
			line = append(append(line, '='), u.raw...)
		}
		line = append(line, ':')
		line = u.sketch.append(line)
	}
	if len(units) == 0 {
		line = append(line, '\t')
	}
	return line
}

// quotePath returns a path as the file has it, in quotes where it could be read wrongly.
func quotePath(path string) string {
	if path == "" || path[0] == '#' || path[0] == '"' || strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == '\u007f' || r == '\ufffd' }) {
		return strconv.Quote(path)
	}
	return path
}

func unquotePath(quoted string) (path string, ok bool) {
	if !strings.HasPrefix(quoted, `"`) {
		return quoted, quoted != ""
	}
	path, err := strconv.Unquote(quoted)
	return path, err == nil
}

// parseLine reads the units of a line. What it cannot read is left out.
func parseLine(line []byte) []unit {
	var out []unit
	_, rest, _ := strings.Cut(string(line), "\t")
	for field := range strings.SplitSeq(rest, "\t") {
		if u, ok := parseUnit(field); ok {
			out = append(out, u)
		}
	}
	return out
}

func parseUnit(field string) (u unit, ok bool) {
	names, code, ok := strings.Cut(field, ":")
	if !ok {
		return u, false
	}
	if u.id, u.raw, ok = strings.Cut(names, "="); !ok {
		u.raw = u.id
	}
	u.sketch, ok = parseSketch(code)
	return u, ok && isID(u.id) && isID(u.raw)
}

// readable reports whether the last unit of a line is one: a line that was cut off, or
// is of another file, ends otherwise. The others are read when they are needed.
func readable(line []byte) bool {
	last := line[bytes.LastIndexByte(line, '\t')+1:]
	if len(last) == 0 {
		return bytes.Count(line, []byte("\t")) == 1 // an article without units
	}
	_, ok := parseUnit(string(last))
	return ok
}

// isID reports whether a text can be an identity: an NMTOKEN in ASCII of limited length.
func isID(s string) bool {
	return s != "" && len(s) <= 1000 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_')
	})
}

// knownAs returns what is known of an article, nil for nothing.
func (r *Register) knownAs(path string) article {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.known[path]; a != nil {
		return *a
	}
	lines := r.lines[path]
	if len(lines) == 0 {
		return nil
	}
	var a article
	for _, l := range lines {
		a = append(a, parseLine(r.spill.read(l)))
	}
	// A branch that was merged may have edited it under a former path.
	for _, former := range r.renamed().former[path] {
		for _, l := range r.lines[former] {
			a = append(a, parseLine(r.spill.read(l)))
		}
	}
	if r.known == nil {
		r.known = map[string]*article{}
	}
	r.known[path] = &a
	return a
}

// Digest identifies the identities that an article's units get, as far as they depend
// on the register; it is empty if they do not. known is false if the register does not
// know the article.
func (r *Register) Digest(path string) (digest string, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	lines := r.lines[path]
	known = len(lines) > 0
	if l, ok := r.seen[path]; ok {
		lines, known = []line{l}, true
	}
	for _, l := range lines {
		text := r.spill.read(l)
		if bytes.IndexByte(text, '=') < 0 {
			continue
		}
		for _, u := range parseLine(text) {
			if u.id != u.raw {
				out = append(out, u.id+"="+u.raw)
			}
		}
	}
	return strings.Join(out, " "), known
}

// Apply gives the units of an article that was just split the identities that they
// had before they were changed. It returns the new identity of each that got one, by
// the one that the format gave it.
func (r *Register) Apply(d *bitext.Document) map[string]string {
	var at []int // the units that are named by their text
	for i := range d.Units {
		if byText(&d.Units[i]) {
			at = append(at, i)
		}
	}
	known := r.knownAs(d.Path)
	moved := false
	if known == nil {
		known = r.findFormer(d, at)
		moved = known != nil
	}
	renamed := map[string]string{}
	switch {
	case !moved && len(known) == 1 && sameTexts(known[0], d, at):
		for n, i := range at {
			if u := &known[0][n]; u.id != d.Units[i].ID {
				renamed[d.Units[i].ID] = u.id
			}
		}
		if !uniqueAfter(d, renamed) { // the file was damaged
			clear(renamed)
		}
		rename(d, renamed)
		return renamed
	case len(known) > 0:
		renamed = align(known, d, at)
	}
	r.see(d, at, renamed)
	rename(d, renamed)
	return renamed
}

// see notes the units of a document that is not as it is known. It is called before
// they are renamed.
func (r *Register) see(d *bitext.Document, at []int, renamed map[string]string) {
	r.mu.Lock()
	record := r.record
	r.mu.Unlock()
	if !record {
		return
	}
	units := make([]unit, len(at))
	for n, i := range at {
		u := &d.Units[i]
		units[n] = unit{raw: u.ID, id: u.ID, sketch: sketchOf(u.Source.Chars)}
		if id, ok := renamed[u.ID]; ok {
			units[n].id = id
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(d.Path, encodeLine(d.Path, r.renamed().former[d.Path], units))
}

func sameTexts(known []unit, d *bitext.Document, at []int) bool {
	return slices.EqualFunc(known, at, func(u unit, i int) bool { return u.raw == d.Units[i].ID })
}

// uniqueAfter reports whether all identities are different after a renaming.
func uniqueAfter(d *bitext.Document, renamed map[string]string) bool {
	if len(renamed) == 0 {
		return true
	}
	taken := make(map[string]bool, len(d.Units))
	for i := range d.Units {
		id := cmp.Or(renamed[d.Units[i].ID], d.Units[i].ID)
		if taken[id] {
			return false
		}
		taken[id] = true
	}
	return true
}

func rename(d *bitext.Document, renamed map[string]string) {
	if len(renamed) == 0 {
		return
	}
	for i := range d.Units {
		u := &d.Units[i]
		u.ID = cmp.Or(renamed[u.ID], u.ID)
		for j := range u.Source.Codes {
			for k, sub := range u.Source.Codes[j].Subflows {
				u.Source.Codes[j].Subflows[k] = cmp.Or(renamed[sub], sub)
			}
		}
	}
}

// byText reports whether a unit is named by its text.
func byText(u *bitext.Unit) bool {
	rest, ok := strings.CutSuffix(class(u.ID), string(u.Kind)+"-")
	return ok && (rest == "" || rest[len(rest)-1] == '.')
}

// base returns an identity without the number that distinguishes equal texts.
func base(id string) string {
	if i := strings.LastIndexByte(id, '.'); i >= 0 && i+1 < len(id) && strings.Trim(id[i+1:], "0123456789") == "" {
		return id[:i]
	}
	return id
}

// class returns what two units must have in common for one to be the other one
// changed: the part of the document, and the kind.
func class(id string) string {
	b := base(id)
	return b[:max(len(b)-bitext.ContentLength, 0)]
}
