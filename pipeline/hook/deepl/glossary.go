package deepl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/service"
)

// Limits of glossaries (page "Multilingual glossaries" of the API's reference).
const (
	MaxGlossaries = 5 // in one request

	maxTerm    = 1024     // bytes of a source or target term
	maxEntries = 10 << 20 // bytes of the entries of one dictionary
)

// mirror keeps one glossary of the account in step with the project's: version 3 of the
// API of glossaries, in which a glossary has a dictionary for each pair of languages.
// What is in the account is compared with what the project has, entry by entry, so that
// a dictionary that somebody changed there is put right as well.
type mirror struct {
	name  string
	terms func(source, target string) map[string]string

	mu    sync.Mutex
	pairs map[[2]string]bool // that DeepL has glossaries for; nil until it is known
	id    string             // of the glossary; empty until it is known, or while there is none
	dicts map[[2]string]bool // that the glossary has
	known bool               // id and dicts are what the account has
	done  map[[2]string]bool // pairs that are in step
}

// glossaryInfo is a glossary in the answers of the API.
type glossaryInfo struct {
	ID           string       `json:"glossary_id"`
	Name         string       `json:"name"`
	Dictionaries []dictionary `json:"dictionaries"`
}

type dictionary struct {
	Source  string `json:"source_lang"`
	Target  string `json:"target_lang"`
	Entries string `json:"entries,omitempty"`
	Format  string `json:"entries_format,omitempty"`
}

// glossaryIDs returns the ids of the glossaries for a pair: the one that is kept in
// step, then those of the configuration.
func (e *Engine) glossaryIDs(ctx context.Context, job hook.Job, from, to string) ([]string, error) {
	ids := lookup(e.opt.Glossaries, job.Target)
	if e.mirror == nil {
		return ids, nil
	}
	id, err := e.mirror.sync(ctx, e.client, job, [2]string{glossaryLanguage(from), glossaryLanguage(to)})
	if err != nil {
		return nil, fmt.Errorf("keep the glossary %q of DeepL in step: %w", e.mirror.name, err)
	}
	if id != "" && !slices.Contains(ids, id) {
		ids = append([]string{id}, ids...)
	}
	return ids[:min(len(ids), MaxGlossaries)], nil
}

// glossaryLanguage returns DeepL's code of a language in glossaries, which has no region.
func glossaryLanguage(code string) string {
	base, _, _ := strings.Cut(strings.ToLower(code), "-")
	return base
}

// sync brings the dictionary of a pair in step, once in the life of the engine, and
// returns the id of the glossary, "" if DeepL has no glossaries for the pair or the
// project has no terms for it.
func (m *mirror) sync(ctx context.Context, c *service.Client, job hook.Job, pair [2]string) (string, error) {
	entries := m.entries(job.Source, job.Target)
	if len(entries) == 0 {
		return "", nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done[pair] {
		return m.id, nil
	}
	if err := m.learnPairs(ctx, c); err != nil {
		return "", err
	}
	if !m.pairs[pair] {
		return "", nil
	}
	if err := m.find(ctx, c); err != nil {
		return "", err
	}
	d := dictionary{Source: pair[0], Target: pair[1], Entries: encodeEntries(entries), Format: "tsv"}
	switch {
	case len(d.Entries) > maxEntries:
		return "", fmt.Errorf("the entries for %s to %s have %d bytes, of at most %d", pair[0], pair[1], len(d.Entries), maxEntries)
	case m.id == "":
		var made glossaryInfo
		err := call(ctx, c, http.MethodPost, "v3/glossaries", map[string]any{"name": m.name, "dictionaries": []dictionary{d}}, &made)
		if err != nil {
			return "", err
		}
		if made.ID == "" {
			return "", errors.New("the new glossary has no id")
		}
		m.id = made.ID
	default:
		if m.dicts[pair] {
			there, err := m.stored(ctx, c, pair)
			if err != nil {
				return "", err
			}
			if maps.Equal(there, entries) {
				break
			}
		}
		if err := call(ctx, c, http.MethodPut, "v3/glossaries/"+url.PathEscape(m.id)+"/dictionaries", d, nil); err != nil {
			return "", err
		}
	}
	m.dicts[pair], m.done[pair] = true, true
	return m.id, nil
}

// entries returns the terms of the project for a pair, as DeepL takes them.
func (m *mirror) entries(source, target string) map[string]string {
	out := map[string]string{}
	for s, t := range m.terms(source, target) {
		s, t = cleanTerm(s), cleanTerm(t)
		if s != "" && t != "" && len(s) <= maxTerm && len(t) <= maxTerm {
			out[s] = t
		}
	}
	return out
}

// cleanTerm writes a term without the control characters that entries may not have.
func cleanTerm(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

func encodeEntries(entries map[string]string) string {
	var b strings.Builder
	for _, s := range slices.Sorted(maps.Keys(entries)) {
		b.WriteString(s + "\t" + entries[s] + "\n")
	}
	return b.String()
}

// learnPairs asks for the pairs that DeepL has glossaries for. A service without the
// list has none.
func (m *mirror) learnPairs(ctx context.Context, c *service.Client) error {
	if m.pairs != nil {
		return nil
	}
	var list struct {
		Languages []dictionary `json:"supported_languages"`
	}
	err := call(ctx, c, http.MethodGet, "v2/glossary-language-pairs", nil, &list)
	if status, ok := errors.AsType[*service.Status](err); ok && status.Code == http.StatusNotFound {
		err = nil
	}
	if err != nil {
		return err
	}
	m.pairs = map[[2]string]bool{}
	for _, p := range list.Languages {
		m.pairs[[2]string{glossaryLanguage(p.Source), glossaryLanguage(p.Target)}] = true
	}
	return nil
}

// find looks for the glossary by its name.
func (m *mirror) find(ctx context.Context, c *service.Client) error {
	if m.known {
		return nil
	}
	var list struct {
		Glossaries []glossaryInfo `json:"glossaries"`
	}
	if err := call(ctx, c, http.MethodGet, "v3/glossaries", nil, &list); err != nil {
		return err
	}
	m.known, m.dicts, m.done = true, map[[2]string]bool{}, map[[2]string]bool{}
	for _, g := range list.Glossaries {
		// Of two with one name, which two processes can make, all use the same.
		if g.Name != m.name || g.ID == "" || m.id != "" && g.ID > m.id {
			continue
		}
		m.id = g.ID
		clear(m.dicts)
		for _, d := range g.Dictionaries {
			m.dicts[[2]string{glossaryLanguage(d.Source), glossaryLanguage(d.Target)}] = true
		}
	}
	return nil
}

// stored returns the entries that the account has for a pair.
func (m *mirror) stored(ctx context.Context, c *service.Client, pair [2]string) (map[string]string, error) {
	data, err := c.GetQuery(ctx, "v3/glossaries/"+url.PathEscape(m.id)+"/entries", url.Values{"source_lang": {pair[0]}, "target_lang": {pair[1]}}.Encode())
	if err != nil {
		return nil, statusError(err)
	}
	// The reference shows a list of dictionaries, the schema one dictionary.
	var answer struct {
		dictionary
		Dictionaries []dictionary `json:"dictionaries"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, fmt.Errorf("not the JSON of DeepL (%w)", err)
	}
	out := map[string]string{}
	for _, d := range append(answer.Dictionaries, answer.dictionary) {
		for line := range strings.Lines(d.Entries) {
			if s, t, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "\t"); ok {
				out[s] = t
			}
		}
	}
	return out, nil
}

// call sends JSON, if in is not nil, and reads JSON into out, if that is not nil.
func call(ctx context.Context, c *service.Client, method, path string, in, out any) error {
	var body []byte
	contentType := ""
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
		contentType = "application/json"
	}
	data, err := c.Do(ctx, method, path, contentType, body)
	if err != nil {
		return statusError(err)
	}
	if out == nil {
		return nil
	}
	if !utf8.Valid(data) {
		return errors.New("the answer is not UTF-8")
	}
	if err := json.Unmarshal(data, out); err != nil {
		// Not hook.ErrAnswer: each text would ask for itself.
		return fmt.Errorf("not the JSON of DeepL (%w)", err)
	}
	return nil
}
