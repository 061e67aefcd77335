package edition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
)

// Manifest says for one locale what its editions are and where every segment of
// them came from. It is written beside them as manifest.json, byte for byte the
// same for the same editions.
type Manifest struct {
	Locale    string    `json:"locale"`
	Direction string    `json:"direction"`
	Articles  []Article `json:"articles"`
}

// Article is one edition in a Manifest. Path is that of the edition, below the
// manifest's folder; SHA256 is the source article's. Edition is the edition's
// own, empty when it was held back.
type Article struct {
	Path         string       `json:"path"`
	Source       string       `json:"source"`
	SHA256       string       `json:"sourceSHA256"`
	Edition      string       `json:"editionSHA256,omitempty"`
	Status       Status       `json:"status"`
	Completeness float64      `json:"completeness"`
	Lowest       bitext.State `json:"lowestState"`
	Count        Count        `json:"count"`
	Segments     []Provenance `json:"segments"`
}

// Provenance says where one published segment came from. StandIn is the locale
// whose text stands in, empty if none does.
type Provenance struct {
	Unit     string           `json:"unit"`
	Segment  string           `json:"segment"`
	State    bitext.State     `json:"state"`
	SubState string           `json:"subState,omitempty"`
	Match    bitext.MatchType `json:"match,omitempty"`
	Origin   bitext.Origin    `json:"origin,omitzero"`
	StandIn  string           `json:"standIn,omitempty"`
}

// Segments lists the provenance of every segment of a published translation.
func (p Published) Segments() []Provenance {
	out := []Provenance{}
	for ref, t := range p.Translation.Segments() {
		u := &p.Translation.Document.Units[ref.Unit]
		pr := Provenance{
			Unit: u.ID, Segment: u.Segments[ref.Segment].ID,
			State: t.State, SubState: t.SubState, Match: t.Match, Origin: t.Origin, StandIn: t.Locale,
		}
		// A row number is the memory file's own affair: another memory with the
		// same history gives the same manifest.
		pr.Origin.Entry = 0
		if p.Status == Original {
			pr.State, pr.Origin.Kind = bitext.Final, bitext.FromSource
		}
		out = append(out, pr)
	}
	return out
}

// ParseManifest reads a manifest that Encode wrote.
func ParseManifest(data []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return &m, nil
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
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return b.Bytes(), nil
}

// Index is the set of editions that exist, from earlier builds. The zero value is
// empty.
type Index struct{ editions map[indexKey]bool }

type indexKey struct{ locale, path string }

// AddManifest adds the editions of a locale's manifest.
func (x *Index) AddManifest(locale string, m *Manifest) {
	if x.editions == nil {
		x.editions = map[indexKey]bool{}
	}
	for i := range m.Articles {
		if a := &m.Articles[i]; a.Edition != "" {
			x.editions[indexKey{locale, a.Path}] = true
		}
	}
}

// Has reports whether a locale has an edition at a path below its folder.
func (x Index) Has(locale, path string) bool { return x.editions[indexKey{locale, path}] }
