package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// openArticle is an article of the project in one locale as it now is.
type openArticle struct {
	path, locale string
	tr           *bitext.Translation
	units        map[string]int   // by ID
	unitsByText  map[string][]int // by the key of the source
	segments     []segmentContext // in order
	keys         []string         // of the sources of segments
	byPlace      map[string]int   // of segments
	byText       map[string][]int // of segments, by the key of the source
}

func newOpenArticle(tr *bitext.Translation) *openArticle {
	d := tr.Document
	o := &openArticle{
		path: d.Path, locale: tr.Locale, tr: tr, units: map[string]int{}, unitsByText: map[string][]int{},
		byPlace: map[string]int{}, byText: map[string][]int{},
	}
	for i := range d.Units {
		o.units[d.Units[i].ID] = i
		key := d.Units[i].Source.Key()
		o.unitsByText[key] = append(o.unitsByText[key], i)
	}
	for c := range contexts(tr) {
		o.byPlace[c.place] = len(o.segments)
		key := c.segment.Source.Key()
		o.byText[key] = append(o.byText[key], len(o.segments))
		o.segments, o.keys = append(o.segments, c), append(o.keys, key)
	}
	return o
}

// open prepares an article as it now is, from catalogs and memory. It looks up no
// fuzzy matches and asks no engine.
func (im *importer) open(ctx context.Context, a Source, locale string) (*openArticle, error) {
	for i, o := range im.recent {
		if o.path == a.Path && o.locale == locale {
			im.recent = append(slices.Delete(im.recent, i, i+1), o)
			return o, nil
		}
	}
	o := im.alreadyOpen(a.Path, locale)
	if o == nil {
		var err error
		if o, err = im.recall(ctx, a, locale); err != nil {
			return nil, err
		}
	}
	const keep = 32 // a file has the units of an article in a row, for a few locales at most
	if len(im.recent) == keep {
		im.recent = slices.Delete(im.recent, 0, 1)
	}
	im.recent = append(im.recent, o)
	at := articleLocale{a.Path, locale}
	if _, ok := im.list.present[at]; !ok {
		prints := make([]string, len(o.segments))
		for i, c := range o.segments {
			prints[i] = im.sourceFingerprint(o.tr.Document.Locale, c.place, c.segment.Source.Key())
		}
		im.list.present[at] = prints
	}
	return o, nil
}

// alreadyOpen returns the article if it is one of ImportOptions.Open, else nil.
func (im *importer) alreadyOpen(path, locale string) *openArticle {
	for _, o := range im.options.Open {
		if o.article.path == path && o.article.locale == locale {
			return o.article
		}
	}
	return nil
}

// recall opens an article in one locale with what catalogs and memory have for it.
func (im *importer) recall(ctx context.Context, a Source, locale string) (*openArticle, error) {
	data, err := a.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Path, err)
	}
	d, _ := im.Open(a.Path, "", "", data)
	tr, _, err := im.fromMemory(ctx, d, locale, 0)
	if err != nil {
		return nil, err
	}
	return newOpenArticle(tr), nil
}

// findArticle returns the path of the article that a unit is of: the one of its
// name, the one that was named for it, the one that is known to be it renamed, or the
// one with the same bytes under a new name. It is empty if there is none.
func (im *importer) findArticle(u *exchange.Unit) (string, error) {
	path := u.Path
	if to, ok := im.options.Articles[path]; ok {
		path = to
	}
	if _, ok := im.articles[path]; ok {
		return path, nil
	}
	if im.Units != nil {
		if now := im.Units.RenamedTo(path); now != "" {
			if _, ok := im.articles[now]; ok {
				return now, nil
			}
		}
	}
	if u.SHA256 == "" {
		return "", nil
	}
	if im.byHash == nil {
		im.byHash = map[string]string{}
		for _, a := range im.order {
			data, err := a.Read()
			if err != nil {
				return "", fmt.Errorf("%s: %w", a.Path, err)
			}
			sum := sha256.Sum256(data)
			im.byHash[hex.EncodeToString(sum[:])] = a.Path
		}
	}
	return im.byHash[strings.ToLower(u.SHA256)], nil
}

// findRenamed decides on the units of articles that the project does not have by
// their names. An article that has at least half of the units of one of them, with
// the same IDs and sources, and more than any other, is that article renamed.
func (im *importer) findRenamed(ctx context.Context) error {
	if len(im.unknown) == 0 {
		return nil
	}
	type unitKey struct{ id, source string }
	paths := map[unitKey][]string{} // of articles, by their units
	filter := newSourceFilter(func(yield func(bitext.Text) bool) {
		for _, u := range im.unknown {
			if !yield(u.Unit.Unit.Source) {
				return
			}
		}
	})
	for _, a := range im.order {
		data, err := a.Read()
		if err != nil {
			return fmt.Errorf("%s: %w", a.Path, err)
		}
		if !filter.mayHave(data) {
			continue
		}
		d, _ := im.Open(a.Path, "", "", data)
		for i := range d.Units {
			key := unitKey{d.Units[i].ID, d.Units[i].Source.Key()}
			paths[key] = append(paths[key], a.Path)
		}
	}
	total := map[string]int{}
	votes := map[string]map[string]int{}
	for _, u := range im.unknown {
		total[u.Path]++
		for _, p := range paths[unitKey{u.ID, u.Unit.Unit.Source.Key()}] {
			if votes[u.Path] == nil {
				votes[u.Path] = map[string]int{}
			}
			votes[u.Path][p]++
		}
	}
	renamed := map[string]string{}
	for old, found := range votes {
		best, most, second := "", 0, 0
		for p, n := range found {
			if n > most {
				best, most, second = p, n, most
			} else {
				second = max(second, n)
			}
		}
		if 2*most >= total[old] && most > second {
			renamed[old] = best
		}
	}
	for _, u := range im.unknown {
		if err := im.unitOf(ctx, u.Unit, u.locale, renamed[u.Path]); err != nil {
			return err
		}
	}
	return nil
}

// noteRenamed records that an article of the file has another name in the project.
func (im *importer) noteRenamed(old, path string) {
	if old == path || im.options.Articles[old] != "" || im.renamed[old] {
		return
	}
	im.renamed[old] = true
	im.list.Findings = append(im.list.Findings, diag.Diagnostic{
		ID: "import.renamed-article", Severity: diag.Info, Place: diag.Place{Path: old},
	}.Messagef("the article is now %s", diag.Arg("path", path)))
}
