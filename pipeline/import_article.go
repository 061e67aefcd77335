package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// openArticle is an article of the project in one locale as it now is.
type openArticle struct {
	path, locale string
	tr           *bitext.Translation
	units        map[string]int      // by ID
	segments     []segmentContext    // in order
	keys         []string            // of the sources of segments
	compared     int64               // bytes of the keys that mostSimilar compares
	first        []int               // by unit: the index of its first segment, or of the next one's
	inLong       map[unitSegment]int // of the segments of long units
	texts        *articleTexts
}

// unitSegment names a segment by the index of its unit and its own ID.
type unitSegment struct {
	unit int
	id   string
}

// longUnit is the number of segments from which on those of a unit are found by a map:
// a search through n of them for each of n takes time of n².
const longUnit = 32

// articleTexts are the units and segments of an article by the keys of their sources.
type articleTexts struct {
	once     sync.Once
	units    map[string][]int
	segments map[string][]int
}

func newOpenArticle(tr *bitext.Translation) *openArticle {
	d := tr.Document
	n := 0
	for i := range d.Units {
		n += len(d.Units[i].Segments)
	}
	o := &openArticle{
		path: d.Path, locale: tr.Locale, tr: tr, units: make(map[string]int, len(d.Units)), first: make([]int, len(d.Units)+1), texts: &articleTexts{},
		segments: make([]segmentContext, 0, n), keys: make([]string, 0, n),
	}
	for i := range d.Units {
		o.units[d.Units[i].ID] = i
	}
	unit := 0
	for c := range contexts(tr) {
		for ; unit <= c.ref.Unit; unit++ {
			o.first[unit] = len(o.segments)
		}
		if len(o.keys) < maxCompared {
			o.compared += int64(len(c.key))
		}
		o.segments, o.keys = append(o.segments, c), append(o.keys, c.key)
	}
	for ; unit < len(o.first); unit++ {
		o.first[unit] = len(o.segments)
	}
	for i := range d.Units {
		from, to := o.first[i], o.first[i+1]
		if to-from < longUnit {
			continue
		}
		if o.inLong == nil {
			o.inLong = make(map[unitSegment]int, to-from)
		}
		for n := from; n < to; n++ {
			o.inLong[unitSegment{i, o.segments[n].segment.ID}] = n
		}
	}
	return o
}

// find returns the index of a segment by the IDs of its unit and its own.
func (o *openArticle) find(unit, segment string) (int, bool) {
	at, ok := o.units[unit]
	if !ok {
		return 0, false
	}
	if o.first[at+1]-o.first[at] >= longUnit {
		i, ok := o.inLong[unitSegment{at, segment}]
		return i, ok
	}
	for i := o.first[at]; i < o.first[at+1]; i++ {
		if o.segments[i].segment.ID == segment {
			return i, true
		}
	}
	return 0, false
}

// findPlace returns the index of a segment by its place.
func (o *openArticle) findPlace(place string) (int, bool) {
	rest, ok := strings.CutPrefix(place, o.path)
	cut := strings.LastIndexByte(rest, '/')
	if !ok || cut < 0 || rest[0] != '#' {
		return 0, false
	}
	return o.find(rest[1:cut], rest[cut+1:])
}

// byText returns the segments by the keys of their sources.
func (o *openArticle) byText() map[string][]int { return o.index().segments }

// unitsByText returns the units by the keys of their sources.
func (o *openArticle) unitsByText() map[string][]int { return o.index().units }

func (o *openArticle) index() *articleTexts {
	o.texts.once.Do(func() {
		o.texts.units, o.texts.segments = map[string][]int{}, make(map[string][]int, len(o.keys))
		for i := range o.tr.Document.Units {
			key := o.tr.Document.Units[i].Source.Key()
			o.texts.units[key] = append(o.texts.units[key], i)
		}
		for i, key := range o.keys {
			o.texts.segments[key] = append(o.texts.segments[key], i)
		}
	})
	return o.texts
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
		prints := make([]segmentPrint, len(o.segments))
		for i := range o.segments {
			prints[i] = im.segmentPrint(o.tr.Document.Locale, o.segments[i].place, o.keys[i])
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
	tr, _, err := im.fromMemory(ctx, d, locale, noProposals)
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
	for i, u := range im.unknown {
		im.unknown[i] = unknownUnit{} // what is decided is kept, too
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
