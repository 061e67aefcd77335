package publish

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/site/corrections"
)

// Revision is what changed in an article since the edition was made that readers have.
type Revision struct {
	Page    *edition.Article // of the edition; nil if readers have none
	Changes []corrections.Change
	// Unknown are the units whose former text nothing tells. They may have changed.
	Unknown []string
}

// FindRevision finds what changed in an article since its edition in a locale was
// published. The former text is that of the edition in the article's own language, if it
// was made of the same article; else each sentence is the source of the translation
// that the manifest names, as the memory keeps it.
//
// edits are those that FindMinorEdits found in the article: they know the former texts of
// translations that have no place in the memory.
func FindRevision(ctx context.Context, w *workspace.Workspace, a *pipeline.OpenArticle, sha256, locale string, edits []pipeline.MinorEdit) (*Revision, error) {
	dir, err := openOutput(w, Options{DryRun: true})
	if err != nil || dir == nil {
		return &Revision{}, err
	}
	defer dir.Close()
	existing, err := Existing(w)
	if err != nil {
		return nil, err
	}
	doc := a.Translation().Document
	path := w.Config.EditionPath(doc.Path)
	r := &Revision{Page: existing.Get(locale, path)}
	if r.Page == nil || r.Page.SHA256 == sha256 {
		return r, nil
	}
	source := doc.Locale
	if own := existing.Get(source, path); own != nil && own.SHA256 == r.Page.SHA256 {
		data, err := dir.ReadFile(w.Config.PagePath(source, existing.File(source, path)))
		if err == nil {
			before, _ := w.Open(doc.Path, doc.Format, "", data)
			r.Changes = corrections.Diff(texts(before), texts(doc))
			return r, nil
		}
	}
	// The index has no segments.
	m, files, err := openManifest(dir, w.Config, locale)
	if err != nil {
		return nil, err
	}
	defer files.close()
	page, ok := m.Find(path)
	if err := m.Err(); err != nil {
		return nil, err
	}
	if !ok {
		return r, nil
	}
	before, unknown, err := formerTexts(ctx, w.Store, a, page, locale, edits)
	if err != nil {
		return nil, err
	}
	var now []corrections.Text
	for i := range doc.Units {
		u := &doc.Units[i]
		var words []string
		for _, s := range u.Translatable() {
			words = append(words, s.Source.Chars)
		}
		switch {
		case len(words) == 0:
		case unknown[u.ID]:
			r.Unknown = append(r.Unknown, u.ID)
		default:
			now = append(now, corrections.Text{ID: u.ID, Kind: string(u.Kind), Words: strings.Join(words, " ")})
		}
	}
	r.Changes = corrections.Diff(before, now)
	return r, nil
}

// formerTexts returns the texts of units of which the segments of a page were the
// translations, as far as they are known. unknown has the ids of the others.
func formerTexts(ctx context.Context, store memory.Reader, a *pipeline.OpenArticle, page *edition.Article, locale string, edits []pipeline.MinorEdit) (before []corrections.Text, unknown map[string]bool, err error) {
	doc := a.Translation().Document
	same := func(o, p bitext.Origin) bool {
		return o.Kind == p.Kind && o.Name == p.Name && o.Time.Equal(p.Time)
	}
	prefix := doc.Path + "#"
	versions := map[string][]bitext.Entry{}
	for v, err := range store.History(ctx, memory.Filter{SourceLocale: doc.Locale, TargetLocale: locale}) {
		if err != nil {
			return nil, nil, fmt.Errorf("memory: %w", err)
		}
		if at, ok := strings.CutPrefix(v.Entry.Place, prefix); ok {
			versions[at] = append(versions[at], v.Entry)
		}
	}
	kinds, order := map[string]string{}, map[string]int{}
	for i := range doc.Units {
		kinds[doc.Units[i].ID] = string(doc.Units[i].Kind)
	}
	byEdit := map[string]string{}
	for i := range edits {
		byEdit[edits[i].Place.Unit+"/"+edits[i].Place.Segment] = edits[i].Former.Chars
	}
	unknown = map[string]bool{}
	for _, s := range page.Segments {
		text, ok := "", false
		if i, found := a.Find(s.Unit, s.Segment); found {
			// A translation that is still in use has the source that it had.
			if t := a.At(i).Target; t.Filled && same(t.Origin, s.Origin) || s.Origin.Kind == bitext.FromSource {
				text, ok = a.At(i).Segment.Source.Chars, true
			}
		}
		if !ok {
			for _, e := range versions[s.Unit+"/"+s.Segment] {
				if same(e.Origin, s.Origin) {
					text, ok = e.Source.Chars, true
				}
			}
		}
		if !ok {
			text, ok = byEdit[s.Unit+"/"+s.Segment]
		}
		if !ok {
			unknown[s.Unit] = true
			continue
		}
		n, seen := order[s.Unit]
		if !seen {
			order[s.Unit] = len(before)
			before = append(before, corrections.Text{ID: s.Unit, Kind: cmp.Or(kinds[s.Unit], string(bitext.Paragraph)), Words: text})
			continue
		}
		before[n].Words += " " + text
	}
	kept := before[:0]
	for _, t := range before {
		if !unknown[t.ID] {
			kept = append(kept, t)
		}
	}
	return kept, unknown, nil
}
