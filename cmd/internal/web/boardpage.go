package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
)

// boardBody is the table of editions, or the list of those of one locale.
type boardBody struct {
	Ready                 bool
	Problem               string
	Query                 string
	Locale                string
	Language              string
	States                []choice
	Locales               []choice
	Heads                 []boardHead
	Rows                  []boardRow
	Count                 string
	Previous              string // addresses of other pages; "" for none
	Next                  string
	Legend                []boardCell
	SourceLang, SourceDir string // of the titles
}

type boardHead struct {
	Locale, Language, Percent string
	Link                      string
	Ratio                     int
}

type boardRow struct {
	Article, Title, Error string
	Lang, Dir             string // of the title
	Language              string // the name of Lang, if it is not that of most articles
	Cells                 []boardCell
}

type boardCell struct {
	Link, Locale, Language   string
	State                    board.State
	Sign, StateName, Percent string
	Ratio                    int
	Reasons, Next            string
	Since, SinceISO, Last    string
}

// perPage is the number of articles on a page of the board.
const perPage = 100

func (s *Server) showBoard(w http.ResponseWriter, r *request) error {
	b := s.boardOf(r)
	return s.render(w, http.StatusOK, "board", s.newPage(r, "board", r.printer.Text("WebBoard"), b))
}

// showBoardRows is GET /board: the table alone, for the script of the page.
func (s *Server) showBoardRows(w http.ResponseWriter, r *request) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return templates()["board"].ExecuteTemplate(w, "table", s.newPage(r, "board", "", s.boardOf(r)))
}

func (s *Server) boardOf(r *request) boardBody {
	q := r.URL.Query()
	all, ready, problem := s.snapshot(r.project)
	targets := r.project.targets()
	source := r.project.Config.Project.Source
	b := boardBody{Ready: ready, Query: cleanLine(q.Get("q")), Locale: q.Get("locale"), SourceLang: source, SourceDir: locales.Direction(source)}
	if problem != nil {
		b.Problem = problem.Error()
	}
	if !q.Has("locale") && len(r.user.Locales) == 1 && slices.Contains(targets, r.user.Locales[0]) {
		b.Locale = r.user.Locales[0]
	}
	if !slices.Contains(targets, b.Locale) {
		b.Locale = ""
	}
	if len(targets) == 1 {
		b.Locale = targets[0]
	}
	if b.Locale != "" {
		b.Language = r.printer.Language(b.Locale)
	}
	state := board.State(q.Get("state"))
	b.States = []choice{{"", r.printer.Text("BoardAnyState"), state == ""}}
	for _, st := range board.States() {
		b.States = append(b.States, choice{string(st), board.StateName(r.printer, st), st == state})
	}
	b.Locales = []choice{{"", r.printer.Text("BoardAnyLocale"), b.Locale == ""}}
	for _, l := range targets {
		b.Locales = append(b.Locales, choice{l, r.printer.Language(l), l == b.Locale})
	}
	var shown []int // columns
	for i, l := range all.Locales {
		if b.Locale == "" && slices.Contains(targets, l) || l == b.Locale {
			shown = append(shown, i)
		}
	}
	totals := all.Totals()
	for _, i := range shown {
		t := totals[i]
		b.Heads = append(b.Heads, boardHead{
			Locale: t.Locale, Language: r.printer.Language(t.Locale), Percent: percent(r.printer, t.Percent()), Ratio: t.Percent(),
			Link: "/?" + url.Values{"locale": {t.Locale}}.Encode(),
		})
	}
	fold := strings.ToLower(b.Query)
	rows := slices.DeleteFunc(all.Rows, func(row board.Row) bool {
		if fold != "" && !strings.Contains(strings.ToLower(row.Article), fold) && !strings.Contains(strings.ToLower(s.board.title(row.Article)), fold) {
			return true
		}
		return state != "" && !slices.ContainsFunc(shown, func(i int) bool { return i < len(row.Cells) && row.Cells[i].State == state })
	})
	b.Count = r.printer.Count("Articles", len(rows))
	n, _ := strconv.Atoi(q.Get("page"))
	n = max(0, min(n, (len(rows)-1)/perPage))
	pageLink := func(n int) string {
		q.Set("page", strconv.Itoa(n))
		return "/?" + q.Encode()
	}
	if n > 0 {
		b.Previous = pageLink(n - 1)
	}
	if (n+1)*perPage < len(rows) {
		b.Next = pageLink(n + 1)
	}
	for _, row := range rows[n*perPage : min(len(rows), (n+1)*perPage)] {
		x := boardRow{Article: row.Article, Title: s.board.title(row.Article), Error: row.Error, Lang: source, Dir: b.SourceDir}
		if row.Source != "" {
			x.Lang, x.Dir, x.Language = row.Source, locales.Direction(row.Source), r.printer.Language(row.Source)
		}
		for _, i := range shown {
			if i < len(row.Cells) {
				x.Cells = append(x.Cells, newBoardCell(r.printer, row.Article, row.Cells[i]))
			}
		}
		b.Rows = append(b.Rows, x)
	}
	for _, st := range board.States() {
		b.Legend = append(b.Legend, boardCell{State: st, Sign: st.Sign(), StateName: board.StateName(r.printer, st)})
	}
	return b
}

func newBoardCell(p console.Printer, article string, c board.Cell) boardCell {
	x := boardCell{
		Link: link("a", c.Locale, article), Locale: c.Locale, Language: p.Language(c.Locale), State: c.State, Sign: c.State.Sign(),
		StateName: board.StateName(p, c.State), Percent: percent(p, c.Percent), Ratio: c.Percent,
	}
	var reasons []string
	for _, reason := range c.Reasons {
		reasons = append(reasons, p.Reason(reason.Reason))
	}
	x.Reasons = strings.Join(reasons, "; ")
	if c.Status == edition.Original {
		x.Link = "" // there is nothing to be translated
	}
	if c.Next.Code != "" {
		x.Next = p.Step(c.Next.Code)
	}
	if !c.Since.IsZero() {
		x.Since, x.SinceISO = locales.FormatDate(p.Locale, c.Since, locales.Medium), c.Since.UTC().Format("2006-01-02T15:04:05Z")
	}
	if c.Last.Kind != "" {
		x.Last = p.Origin(bitext.Origin{Kind: c.Last.Kind, Name: c.Last.Name})
	}
	return x
}

func percent(p console.Printer, n int) string {
	return locales.FormatPercent(p.Locale, float64(n)/100)
}
