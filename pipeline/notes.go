package pipeline

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
)

// Limits of the notes that an import takes from a file: bytes of one, and how many
// of one unit and of one file.
const (
	maxNoteBytes    = 64 << 10
	maxNotesOfUnit  = 100
	maxNotesOfAFile = 10_000
)

// noteStore returns the memory as a store of notes, nil if it is none.
func (p *Project) noteStore() memory.NoteStore {
	s, _ := p.Memory.(memory.NoteStore)
	return s
}

// exportNotes gives the units of an article the notes on them that are not resolved,
// for the next translator. A note on the whole article, or on a unit that the article
// does not have any more, goes with the first unit.
func (p *Project) exportNotes(ctx context.Context, path, locale string, units []*exchange.Unit) error {
	if len(units) == 0 {
		return nil
	}
	threads, err := p.Notes(ctx, memory.NoteFilter{Place: path, TargetLocale: locale, Open: true})
	if err != nil {
		return err
	}
	for _, t := range threads {
		_, at, placed := strings.Cut(t.Place, "#")
		unit, segment := at, ""
		i := slices.IndexFunc(units, func(u *exchange.Unit) bool { return u.ID == unit })
		if i < 0 && placed {
			if cut := strings.LastIndex(at, "/"); cut >= 0 {
				unit, segment = at[:cut], at[cut+1:]
				i = slices.IndexFunc(units, func(u *exchange.Unit) bool { return u.ID == unit })
			}
		}
		if i < 0 && placed {
			continue // of a unit that this export does not have
		}
		u := units[max(i, 0)]
		for _, n := range append([]memory.Note{t.Note}, t.Answers...) {
			u.Comments = append(u.Comments, exchange.Comment{
				Segment: segment, Author: n.Author, Time: n.Time, Category: n.Category, Priority: n.Priority,
				OnTarget: n.TargetLocale != "", Text: n.Text,
			})
		}
	}
	return nil
}

// notesOf returns the comments of a file's unit as notes on the article at path, or on
// the one that the file names if the project does not have it.
func (im *importer) notesOf(a *openArticle, u *exchange.Unit, locale, path string) {
	if path == "" {
		path = u.Path
	}
	for i, c := range append(slices.Clip(u.Comments), writtenNotes(a, u)...) {
		if i == maxNotesOfUnit || len(im.list.notes) == maxNotesOfAFile {
			im.list.Findings = append(im.list.Findings, diag.Diagnostic{
				ID: "import.notes", Severity: diag.Warning, Place: diag.Place{Path: u.Path, Locale: locale, Unit: u.ID},
			}.Messagef("the file has too many notes; further ones are left out (limits: %d on a unit, %d in a file)", diag.Arg("unitLimit", maxNotesOfUnit), diag.Arg("fileLimit", maxNotesOfAFile)))
			break
		}
		text, cut := noteText(c.Text)
		if text == "" {
			continue
		}
		if cut {
			im.list.Findings = append(im.list.Findings, diag.Diagnostic{
				ID: "import.notes", Severity: diag.Warning, Place: diag.Place{Path: u.Path, Locale: locale, Unit: u.ID},
			}.Messagef("a note is longer than %d bytes, and was cut", diag.Arg("limit", maxNoteBytes)))
		}
		n := memory.Note{Place: path + "#" + im.unitOfNote(a, u), TargetLocale: locale, Author: c.Author, Time: c.Time, Category: oneLine(c.Category), Priority: min(max(c.Priority, 0), 10), Text: text}
		if c.Segment != "" && a != nil && segmentIn(a, u.ID, c.Segment) {
			n.Place += "/" + c.Segment
		}
		if n.Author = oneLine(n.Author); n.Author == "" {
			n.Author = im.options.Author
		}
		if n.Time.IsZero() || n.Time.After(im.now) {
			n.Time = im.now
		}
		im.list.notes = append(im.list.notes, n)
	}
}

// writtenNotes returns the notes of a file's unit that the article does not have: a tool
// that knows no comments of translators writes them as notes without a category, which
// each of the article's own has.
func writtenNotes(a *openArticle, u *exchange.Unit) (comments []exchange.Comment) {
	if a == nil {
		return nil
	}
	i, ok := a.units[u.ID]
	if !ok {
		return nil
	}
	var own []string
	for _, n := range a.tr.Document.Units[i].Notes {
		own = append(own, n.Text)
	}
	words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	all := words(strings.Join(own, " "))
	for _, n := range u.Unit.Notes {
		if n.Category == "" && !strings.Contains(all, words(n.Text)) {
			comments = append(comments, exchange.Comment{Text: n.Text})
		}
	}
	return comments
}

// unitOfNote returns the ID of the unit that a unit of a file is now.
func (im *importer) unitOfNote(a *openArticle, u *exchange.Unit) string {
	if a == nil {
		return u.ID
	}
	if _, ok := a.units[u.ID]; ok {
		return u.ID
	}
	if same := a.unitsByText()[u.Unit.Source.Key()]; len(same) == 1 {
		return a.tr.Document.Units[same[0]].ID
	}
	return u.ID
}

func segmentIn(a *openArticle, unit, segment string) bool {
	_, ok := a.find(unit, segment)
	return ok
}

// CleanText returns a text that a person typed, or a tool wrote, into a field: in UTF-8,
// with line feeds at the ends of lines, and without control characters.
func CleanText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r != '\n' && r != '\t' && unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
}

// noteText returns the text of a note as it is kept: valid UTF-8 without control
// characters but line feeds and tabs, of limited length. It reports whether the text
// was cut.
func noteText(s string) (text string, cut bool) {
	if len(s) > 2*maxNoteBytes {
		s, cut = s[:2*maxNoteBytes], true
	}
	s = strings.TrimSpace(CleanText(s))
	if len(s) > maxNoteBytes {
		s, cut = strings.ToValidUTF8(s[:maxNoteBytes-len("…")], "")+"…", true
	}
	return s, cut
}

// oneLine returns a name or a category as it is kept: in one line of limited length.
func oneLine(s string) string {
	text, _ := noteText(s)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "")
	}
	return text
}

// newNotes returns the notes of a list that the memory does not have. What went out with
// an export and comes back is no new note.
func (p *Project) newNotes(ctx context.Context, list *ImportList) ([]memory.Note, error) {
	if p.noteStore() == nil || len(list.notes) == 0 {
		return nil, nil
	}
	type noteKey struct{ place, text string }
	known := map[noteKey]bool{}
	byArticle := map[string]bool{}
	article := func(place string) string {
		path, _, _ := strings.Cut(place, "#")
		return path
	}
	remember := func(n memory.Note) {
		for _, text := range []string{n.Text, exchange.Comment{Author: n.Author, Time: n.Time, Text: n.Text}.String(), exchange.Comment{Author: n.Author, Text: n.Text}.String()} {
			known[noteKey{article(n.Place), strings.Join(strings.Fields(text), " ")}] = true
		}
	}
	var out []memory.Note
	for _, n := range list.notes {
		if path := article(n.Place); !byArticle[path] {
			byArticle[path] = true
			threads, err := p.Notes(ctx, memory.NoteFilter{Place: path})
			if err != nil {
				return nil, err
			}
			for _, t := range threads {
				remember(t.Note)
				for _, a := range t.Answers {
					remember(a)
				}
			}
		}
		if known[noteKey{article(n.Place), strings.Join(strings.Fields(n.Text), " ")}] {
			continue
		}
		remember(n)
		out = append(out, n)
	}
	return out, nil
}
