package archive

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strconv"

	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/pipeline/align"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/table"
	"hexapla/pipeline/exchange/tmx"
)

// reviewWriter writes the pairs that a person is to look at. Pairs come grouped by
// page.
type reviewWriter interface {
	Write(p Pages, c align.Candidate) error
	Close() error
}

// newReviewWriter returns a writer for a file type: tmx, xlsx or html.
func newReviewWriter(w io.Writer, typ, sourceLocale string) (reviewWriter, error) {
	switch typ {
	case "tmx":
		e, err := tmx.NewEncoder(w, tmx.Header{SourceLocale: sourceLocale})
		return tmxReview{e}, err
	case "xlsx":
		e, err := table.XLSX.Encode(w, exchange.Options{})
		return &xlsxReview{encoder: e}, err
	case "html":
		return newHTMLReview(w), nil
	}
	return nil, exit.Usagef("--review: the file must end in .tmx, .xlsx or .html")
}

type tmxReview struct{ *tmx.Encoder }

func (r tmxReview) Write(_ Pages, c align.Candidate) error { return r.Encoder.Write(c.Entry) }

// xlsxReview writes a row for each pair. Its unit ids are numbers in the page.
type xlsxReview struct {
	encoder exchange.Encoder
	header  *exchange.Header
	n       int
}

func (r *xlsxReview) Write(p Pages, c align.Candidate) error {
	if r.header == nil || r.header.Path != p.Source || r.header.TargetLocale != p.Locale {
		r.header, r.n = &exchange.Header{Path: p.Source, SourceLocale: c.SourceLocale, TargetLocale: p.Locale}, 0
	}
	r.n++
	u := &exchange.Unit{Header: r.header, Unit: bitext.Unit{ID: "pair-" + strconv.Itoa(r.n), Kind: bitext.Paragraph, Source: c.Source}}
	u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
	u.Unit.Notes = []bitext.Note{{Category: "context", Text: fmt.Sprintf("%s, confidence %.2f", p.Target, c.Confidence)}}
	u.Targets = []bitext.Target{{Text: c.Target, Filled: true, State: c.State, SubState: c.SubState, Origin: c.Origin}}
	return r.encoder.Write(u)
}

func (r *xlsxReview) Close() error { return r.encoder.Close() }

// htmlReview writes a page with the texts side by side.
type htmlReview struct {
	out  *bufio.Writer
	page Pages
}

func newHTMLReview(w io.Writer) *htmlReview {
	r := &htmlReview{out: bufio.NewWriter(w)}
	_, _ = r.out.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Aligned pairs to review</title>\n" +
		"<style>table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em;vertical-align:top;width:46%}td:first-child,th:first-child{width:8%}</style>\n</head>\n<body>\n")
	return r
}

func (r *htmlReview) Write(p Pages, c align.Candidate) error {
	if r.page != p {
		r.endTable()
		r.page = p
		fmt.Fprintf(r.out, "<h2>%s — %s</h2>\n<table>\n<tr><th>Confidence</th><th>%s</th><th>%s</th></tr>\n",
			html.EscapeString(p.Source), html.EscapeString(p.Target), html.EscapeString(c.SourceLocale), html.EscapeString(c.TargetLocale))
	}
	cell := func(locale, text string) string {
		return fmt.Sprintf("<td lang=\"%s\" dir=\"%s\">%s</td>", html.EscapeString(locale), locales.Direction(locale), html.EscapeString(text))
	}
	_, err := fmt.Fprintf(r.out, "<tr><td>%.2f</td>%s%s</tr>\n", c.Confidence, cell(c.SourceLocale, c.Source.Chars), cell(c.TargetLocale, c.Target.Chars))
	return err
}

func (r *htmlReview) endTable() {
	if r.page != (Pages{}) {
		_, _ = r.out.WriteString("</table>\n")
	}
}

func (r *htmlReview) Close() error {
	r.endTable()
	_, _ = r.out.WriteString("</body>\n</html>\n")
	return r.out.Flush()
}
