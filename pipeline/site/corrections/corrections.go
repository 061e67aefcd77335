// Package corrections lists what changed in articles after they were published, and
// which editions have it.
package corrections

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
)

// Change is a part of an article that changed. Before is empty of one that was added,
// After of one that was removed.
type Change struct {
	Unit   string `json:"unit"`
	Kind   string `json:"kind"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Correction is a change of an article that readers had. From and To are the hashes of
// the article; Time is that of the build that found it.
type Correction struct {
	Article string    `json:"article"`
	Path    string    `json:"path"` // of its editions
	Time    time.Time `json:"time"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Changes []Change  `json:"changes,omitempty"` // none if the former text is not known
}

// Log has the corrections of a project, the oldest first.
type Log struct {
	Version     int          `json:"version"`
	Corrections []Correction `json:"corrections"`
}

// logVersion is the version of the form that Encode writes.
const logVersion = 1

// Parse reads what Encode wrote.
func Parse(data []byte) (*Log, error) {
	var l Log
	if err := json.Unmarshal(data, &l); err != nil {
		return nil, fmt.Errorf("list of corrections: %w", err)
	}
	if l.Version != logVersion {
		return nil, fmt.Errorf("list of corrections: version %d; this release reads %d", l.Version, logVersion)
	}
	return &l, nil
}

// Encode returns the log as JSON, one correction a line, so that branches merge by lines.
func (l *Log) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	fmt.Fprintf(&b, "{\n  \"version\": %d,\n  \"corrections\": [", logVersion)
	for i := range l.Corrections {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		if err := e.Encode(&l.Corrections[i]); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}

// Last returns the last correction of the editions of a path, nil if there is none.
func (l *Log) Last(path string) *Correction {
	for i := len(l.Corrections) - 1; i >= 0; i-- {
		if l.Corrections[i].Path == path {
			return &l.Corrections[i]
		}
	}
	return nil
}

// Text is a part of an article: its identity, kind and words.
type Text struct{ ID, Kind, Words string }

// Diff returns what changed from one version of an article to another. A part that went
// and one of its kind that came at the same place are one change.
func Diff(before, after []Text) []Change {
	in := func(all []Text) map[string]int {
		at := map[string]int{}
		for i, t := range all {
			at[t.ID] = i
		}
		return at
	}
	was, is := in(before), in(after)
	same := func(a, b Text) bool { return strings.TrimSpace(a.Words) == strings.TrimSpace(b.Words) }
	var out []Change
	i, k := 0, 0
	for i < len(before) || k < len(after) {
		var gone, come []Text
		for ; i < len(before); i++ {
			if at, ok := is[before[i].ID]; ok {
				if !same(before[i], after[at]) {
					out = append(out, Change{before[i].ID, before[i].Kind, before[i].Words, after[at].Words})
				}
				break
			}
			gone = append(gone, before[i])
		}
		for ; k < len(after); k++ {
			if _, ok := was[after[k].ID]; ok {
				break
			}
			come = append(come, after[k])
		}
		for _, t := range gone {
			at := slices.IndexFunc(come, func(c Text) bool { return c.Kind == t.Kind })
			if at < 0 {
				out = append(out, Change{t.ID, t.Kind, t.Words, ""})
				continue
			}
			for _, c := range come[:at] {
				out = append(out, Change{c.ID, c.Kind, "", c.Words})
			}
			if c := come[at]; !same(t, c) {
				out = append(out, Change{c.ID, c.Kind, t.Words, c.Words})
			}
			come = come[at+1:]
		}
		for _, c := range come {
			out = append(out, Change{c.ID, c.Kind, "", c.Words})
		}
		if i < len(before) {
			i++
		}
		if k < len(after) {
			k++
		}
	}
	return out
}

// State is what an edition has of a correction. People are those who translated or
// reviewed it; Next is what to do.
type State struct {
	Locale string       `json:"locale"`
	Has    bool         `json:"has"`
	Since  time.Time    `json:"since,omitzero"`
	Next   edition.Step `json:"next,omitzero"`
	People []string     `json:"people,omitempty"`
}

// Entry is a correction with the editions that readers have.
type Entry struct {
	Correction
	Editions []State `json:"editions"`
}

// Missing returns the editions that do not have the correction.
func (e *Entry) Missing() []State {
	return slices.DeleteFunc(slices.Clone(e.Editions), func(s State) bool { return s.Has })
}

// List returns the corrections since a time, the newest first, and which editions have
// them. page returns the page of a locale, nil if there is none; people those who worked
// on it.
func (l *Log) List(since time.Time, locales []string, page func(locale, path string) *site.Page, people func(locale, path string) []string) []Entry {
	newer := map[string]map[string]bool{} // hashes that have a correction, by path
	var out []Entry
	for i := len(l.Corrections) - 1; i >= 0; i-- {
		c := l.Corrections[i]
		if newer[c.Path] == nil {
			newer[c.Path] = map[string]bool{}
		}
		newer[c.Path][c.To] = true
		if c.Time.Before(since) {
			continue
		}
		e := Entry{Correction: c, Editions: []State{}}
		for _, locale := range locales {
			p := page(locale, c.Path)
			if p == nil || !p.IsListed() {
				continue
			}
			s := State{Locale: locale, Has: newer[c.Path][p.SHA256]}
			if s.Has {
				s.Since = p.Modified
			} else {
				s.People = people(locale, c.Path)
				switch p.Status {
				case edition.Edited:
					s.Next = edition.NewStep(edition.StepAdopt, c.Article, locale)
				case edition.Outdated:
					s.Next = edition.NewStep(edition.StepUpdate, c.Article, locale)
				default:
					s.Next = edition.NewStep(edition.StepBuild, c.Article, locale)
				}
			}
			e.Editions = append(e.Editions, s)
		}
		out = append(out, e)
	}
	return out
}
