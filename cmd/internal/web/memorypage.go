package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// memoryBody is a search in the memory.
type memoryBody struct {
	Query, Locale string
	Words         bool
	Locales       []choice
	Results       []memoryItem
	Count         string
	Asked         bool
}

type memoryItem struct {
	Source, Target        []piece
	SourceLang, SourceDir string
	TargetLang, TargetDir string
	Language              string
	Origin, When, State   string
	Places                []placeItem
}

type placeItem struct{ Name, Link string }

// maxFound limits the results of a search.
const maxFound = 50

func (s *Server) showMemory(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	b := memoryBody{Query: cleanLine(q.Get("q")), Locale: q.Get("locale"), Words: q.Get("words") != ""}
	targets := r.project.targets()
	if !slices.Contains(targets, b.Locale) {
		b.Locale = ""
	}
	b.Locales = []choice{{"", r.printer.Text("BoardAnyLocale"), b.Locale == ""}}
	for _, l := range targets {
		b.Locales = append(b.Locales, choice{l, r.printer.Language(l), l == b.Locale})
	}
	if b.Query != "" {
		b.Asked = true
		found, err := s.searchMemory(r, b.Query, b.Locale, b.Words)
		if err != nil {
			return err
		}
		b.Results = found
		b.Count = r.printer.Count("WebResults", len(found))
	}
	return s.render(w, http.StatusOK, "memory", s.newPage(r, "memory", r.printer.Text("WebMemory"), b))
}

func (s *Server) searchMemory(r *request, query, locale string, words bool) ([]memoryItem, error) {
	found, err := r.project.Store.Search(r.Context(), memory.Search{Text: query, Words: words, TargetLocale: locale, Limit: maxFound})
	if err != nil {
		return nil, err
	}
	var out []memoryItem
	for _, f := range found {
		e := f.Entry
		item := memoryItem{
			Source: markFound(e.Source, query), Target: markFound(e.Target, query), SourceLang: e.SourceLocale, SourceDir: locales.Direction(e.SourceLocale),
			TargetLang: e.TargetLocale, TargetDir: locales.Direction(e.TargetLocale), Language: r.printer.Language(e.TargetLocale),
			Origin: r.printer.Origin(e.Origin), When: moment(r.printer, e.Origin.Time), State: r.printer.State(e.State),
		}
		for _, place := range f.Places {
			path, at, _ := strings.Cut(place, "#")
			p := placeItem{Name: path}
			if _, ok := r.project.byPath[path]; ok {
				unit, segment, _ := strings.Cut(at, "/")
				p.Link = link("a", e.TargetLocale, path) + "?" + url.Values{"unit": {unit}, "segment": {segment}}.Encode()
			}
			if item.Places = append(item.Places, p); len(item.Places) == 3 {
				break
			}
		}
		out = append(out, item)
	}
	return out, nil
}

// markFound marks where a text has what was searched for.
func markFound(t bitext.Text, query string) []piece {
	var spans []span
	lower, fold := strings.ToLower(t.Chars), strings.ToLower(query)
	if len(lower) == len(t.Chars) && fold != "" { // else the offsets are others
		for at := 0; ; {
			i := strings.Index(lower[at:], fold)
			if i < 0 {
				break
			}
			spans = append(spans, span{at + i, at + i + len(fold), "found", ""})
			at += i + len(fold)
		}
	}
	return pieces(t, t, spans)
}
