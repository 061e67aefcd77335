package edition

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
)

// Manifest says for one locale what its editions are and where every segment of
// them came from. It is written beside them as manifest.json, byte for byte the
// same for the same editions. Version is that of the form, see ManifestVersion.
type Manifest struct {
	Version   int       `json:"version"`
	Locale    string    `json:"locale"`
	Direction string    `json:"direction"`
	Articles  []Article `json:"articles"`
}

// ManifestVersion is the version of manifests that Encode writes. Manifests without
// a version are of an earlier form, which ParseManifest reads too.
const ManifestVersion = 2

// Article is one edition in a Manifest. Path is that of the edition, below the
// manifest's folder; SourceLocale is the locale of the source article, if it is another
// one than that of the project; SHA256 is the source article's, as it was when the page was
// made. Edition is the page's own, empty if there is none. Of an outdated or edited
// page, Published is the status that it was written with; Kept says why an outdated
// page is still there. Reasons say why an edition is withheld. Segments are all of the
// edition's, or of one that has no page those that have a text of its locale.
type Article struct {
	Path         string       `json:"path"`
	Source       string       `json:"source"`
	SourceLocale string       `json:"sourceLocale,omitempty"`
	SHA256       string       `json:"sourceSHA256"`
	Edition      string       `json:"editionSHA256,omitempty"`
	Status       Status       `json:"status"`
	Published    Status       `json:"publishedStatus,omitempty"`
	Reasons      []Reason     `json:"reasons,omitempty"`
	Kept         *Kept        `json:"kept,omitempty"`
	Completeness float64      `json:"completeness"`
	Lowest       bitext.State `json:"lowestState"`
	Count        Count        `json:"count"`
	Segments     []Provenance `json:"segments"`
}

// Provenance says where one published segment came from. StandIn is the locale
// whose text stands in, empty if none does. Translator and Reviewer are the persons
// who wrote the text and who approved it, as far as they are known: of a text that is
// reviewed or final and that nobody changed in the review, Reviewer is Origin.Name.
type Provenance struct {
	Unit     string           `json:"unit"`
	Segment  string           `json:"segment"`
	State    bitext.State     `json:"state"`
	SubState string           `json:"subState,omitempty"`
	Match    bitext.MatchType `json:"match,omitempty"`
	Origin   bitext.Origin    `json:"origin,omitzero"`
	StandIn  string           `json:"standIn,omitempty"`

	Translator string `json:"translator,omitempty"`
	Reviewer   string `json:"reviewer,omitempty"`
}

// Segments walks over the provenance of every segment of a published translation.
func (p Published) Segments() iter.Seq[Provenance] {
	return func(yield func(Provenance) bool) {
		for ref, t := range p.Translation.Segments() {
			u := &p.Translation.Document.Units[ref.Unit]
			pr := Provenance{
				Unit: u.ID, Segment: u.Segments[ref.Segment].ID,
				State: t.State, SubState: t.SubState, Match: t.Match, Origin: t.Origin, StandIn: t.Locale,
			}
			// A row number is the memory file's own affair: another memory with the
			// same history gives the same manifest.
			pr.Origin.Entry = 0
			pr.Translator, pr.Reviewer = persons(t)
			pr.Origin.Translator = ""
			if p.Status == Original {
				pr.State, pr.Origin.Kind = bitext.Final, bitext.FromSource
			}
			if !yield(pr) {
				return
			}
		}
	}
}

// persons returns the names of the translator and of the reviewer of a text.
func persons(t *bitext.Target) (translator, reviewer string) {
	switch o := t.Origin; {
	case o.Kind != bitext.FromHuman:
		return "", ""
	case o.Translator == "":
		return o.Name, ""
	case t.State >= bitext.Reviewed:
		return o.Translator, o.Name
	default:
		return o.Translator, ""
	}
}

// status returns the status that the page was written with.
func (a *Article) status() Status { return cmp.Or(a.Published, a.Status) }

// Translators returns the names of those who made or reviewed the segments of the
// page, without repetitions, in the order of their first segment.
func (a *Article) Translators() []string {
	var names []string
	for _, s := range a.Segments {
		if s.Origin.Kind != bitext.FromHuman {
			continue
		}
		for _, n := range []string{s.Translator, s.Origin.Name} {
			if n != "" && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// ParseManifest reads the manifest of a locale that Encode wrote. The error says
// why data is not one: it is damaged, of a later version, or of another locale.
func ParseManifest(locale string, data []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if m.Version > ManifestVersion {
		return nil, fmt.Errorf("manifest: version %d, written by a later release; this one reads %d", m.Version, ManifestVersion)
	}
	if m.Locale != locale {
		return nil, fmt.Errorf("manifest: it is of locale %q", m.Locale)
	}
	for i := range m.Articles {
		a := &m.Articles[i]
		if a.Path == "" || i > 0 && m.Articles[i-1].Path >= a.Path {
			return nil, fmt.Errorf("manifest: article %d is without a path or out of order", i+1)
		}
		if a.Status == "held" { // of the earlier form
			a.Status = Withheld
		}
	}
	return &m, nil
}

// Find returns the entry of a path.
func (m *Manifest) Find(path string) (*Article, bool) {
	i, found := slices.BinarySearchFunc(m.Articles, path, func(x Article, path string) int { return strings.Compare(x.Path, path) })
	if !found {
		return nil, false
	}
	return &m.Articles[i], true
}

// Put adds an article's entry or replaces the one of the same path.
func (m *Manifest) Put(a Article) {
	i, found := slices.BinarySearchFunc(m.Articles, a.Path, func(x Article, path string) int {
		return strings.Compare(x.Path, path)
	})
	if found {
		m.Articles[i] = a
	} else {
		m.Articles = slices.Insert(m.Articles, i, a)
	}
}

// Encode writes the manifest as indented JSON.
func (m *Manifest) Encode() ([]byte, error) {
	m.Version = ManifestVersion
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return b.Bytes(), nil
}

// Index has the editions that exist, from earlier builds, with their entries in the
// manifests. The zero value is empty.
type Index struct {
	find  func(locale, path string) *Article
	has   func(locale, path string) bool
	file  func(locale, path string) (string, bool)
	owner func(locale, file string) (string, bool)
	dates func(locale, path string) (Dates, bool)
}

// IndexFunc returns an index of the editions for which has reports true; find
// returns their entries. Both are called by several goroutines at once.
func IndexFunc(has func(locale, path string) bool, find func(locale, path string) *Article) Index {
	return Index{has: has, find: find}
}

// Get returns the entry of the edition that a locale has at a path below its
// folder, nil if there is none.
func (x Index) Get(locale, path string) *Article {
	if !x.Has(locale, path) {
		return nil
	}
	return x.find(locale, path)
}

// Has reports whether a locale has an edition at a path below its folder.
func (x Index) Has(locale, path string) bool { return x.has != nil && x.has(locale, path) }

// WithFiles returns the index with the paths of the pages of editions, below the
// folders of their locales, that file returns; owner returns the path of the edition
// whose page a file is or was. Both are called by several goroutines at once.
func (x Index) WithFiles(file, owner func(locale, path string) (string, bool)) Index {
	x.file, x.owner = file, owner
	return x
}

// Dates are those of a page that readers have: since when they have one in its locale, when
// its texts changed last, and when the last correction of its article was found. Text is a
// hash of its texts.
type Dates struct {
	Published time.Time `json:"published,omitzero"`
	Modified  time.Time `json:"modified,omitzero"`
	Corrected time.Time `json:"corrected,omitzero"`
	Text      string    `json:"text,omitempty"`
}

// WithDates returns the index with the dates of pages, by locale and path of the edition.
// The function is called by several goroutines at once.
func (x Index) WithDates(dates func(locale, path string) (Dates, bool)) Index {
	x.dates = dates
	return x
}

// Dates returns the dates of the page of an edition; ok is false if it has none.
func (x Index) Dates(locale, path string) (d Dates, ok bool) {
	if x.dates == nil {
		return Dates{}, false
	}
	return x.dates(locale, path)
}

// File returns the path of the page of an edition below the folder of its locale: the
// edition's own, if no other is known.
func (x Index) File(locale, path string) string {
	if f, ok := x.Placed(locale, path); ok {
		return f
	}
	return path
}

// Placed is File that reports false for an edition that never had a page.
func (x Index) Placed(locale, path string) (file string, ok bool) {
	if x.file == nil {
		return "", false
	}
	return x.file(locale, path)
}

// Owner returns the path of the edition that a file below the folder of a locale is or
// was the page of. ok is false if it is known of none.
func (x Index) Owner(locale, file string) (path string, ok bool) {
	if x.owner == nil {
		return "", false
	}
	return x.owner(locale, file)
}
