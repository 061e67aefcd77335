package web

import (
	"errors"
	"strconv"

	"hexapla/cmd/internal/console"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// remark is what the page tells a person: a text in the language of the page, and a detail
// of a parser, of the system or of another program, which is in English.
type remark struct{ Text, Detail string }

// String returns the remark as one text, for programs.
func (x remark) String() string {
	if x.Text != "" && x.Detail != "" {
		return x.Text + " " + x.Detail
	}
	return x.Text + x.Detail
}

// remarks returns texts in the language of the page as remarks.
func remarks(texts ...string) []remark {
	var out []remark
	for _, t := range texts {
		out = append(out, remark{Text: t})
	}
	return out
}

// stringsOf returns remarks as texts, for programs.
func stringsOf(list []remark) []string {
	var out []string
	for _, x := range list {
		out = append(out, x.String())
	}
	return out
}

// remarkOn returns a diagnostic without its place. One that the language of the page has no
// text for is a detail behind a text that it has.
func remarkOn(p console.Printer, d diag.Diagnostic) remark {
	if text, ok := p.Localized(d); ok {
		return remark{Text: text}
	}
	if d.ID == "import.file" {
		return remark{p.Text("WebFileUnreadable"), d.Message}
	}
	return remark{p.Text("WebProblem"), d.Message}
}

// findingIn returns what was found in a file that came back, with its place.
func findingIn(p console.Printer, d diag.Diagnostic) remark {
	x := remarkOn(p, d)
	place := d.Place.Path
	if d.Place.Line > 0 {
		place += ":" + strconv.Itoa(d.Place.Line)
		if d.Place.Column > 0 {
			place += ":" + strconv.Itoa(d.Place.Column)
		}
	}
	if d.Place.Unit != "" {
		at := p.Text("WebPlaceIn", console.Args{"Unit": d.Place.Unit, "Segment": d.Place.Segment})
		if place != "" {
			place += " "
		}
		place += "(" + at + ")"
	}
	if place != "" {
		x.Text = place + ": " + x.Text
	}
	return x
}

// tagProblem returns what is wrong with the tags of a text.
func tagProblem(p console.Printer, err error) string {
	var unknown *bitext.UnknownTagError
	if errors.As(err, &unknown) {
		return p.Text("WebTagUnknown", console.Args{"Tag": unknown.Tag})
	}
	return p.Text("WebBadRequest")
}
