package console

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/segment"
)

// Prose is the format of text without any layout but blank lines. Only the command
// split has it: an article has more layout.
const Prose = "prose"

// SegmentRow is a segment in the form that split prints.
type SegmentRow struct {
	Unit      string      `json:"unit"`
	Segment   string      `json:"segment"`
	Kind      bitext.Kind `json:"kind"`
	Name      string      `json:"name,omitempty"`
	Source    string      `json:"source"`
	Locale    string      `json:"locale,omitempty"`
	Translate bool        `json:"translate"`
	Notes     []string    `json:"notes,omitempty"`
}

func segmentRows(d *bitext.Document) func(yield func(SegmentRow) bool) {
	return func(yield func(SegmentRow) bool) {
		for i := range d.Units {
			u := &d.Units[i]
			for _, s := range u.Translatable() {
				row := SegmentRow{
					Unit: u.ID, Segment: s.ID, Kind: u.Kind, Name: u.Name, Source: s.Source.Tagged(),
					Locale: u.Locale, Translate: !u.NoTranslate,
				}
				if d.Format == Prose {
					row.Source = fold(s.Source.Chars)
				}
				for _, n := range u.Notes {
					row.Notes = append(row.Notes, n.Text)
				}
				if !yield(row) {
					return
				}
			}
		}
	}
}

// fold joins the lines of a text: with a space, or without one between two
// characters of scripts that have no spaces (CSS Text Level 3, 4.1.3). Other white
// space stays as it is.
func fold(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	var b strings.Builder
	var before rune // the last character of the lines so far
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.Trim(line, " \t")
		if line == "" {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(line); before != 0 && !(unspaced(before) && unspaced(first)) {
			b.WriteByte(' ')
		}
		b.WriteString(line)
		before, _ = utf8.DecodeLastRuneInString(line)
	}
	return b.String()
}

// unspaced reports whether a character belongs to Chinese or Japanese writing.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303F || r == 'ー' || r >= 0xFF01 && r <= 0xFF65
}

// Segments prints the segments of a document.
func (p Printer) Segments(d *bitext.Document, json bool) error {
	t := NewTable(p.Text("HeadUnit"), p.Text("HeadSegment"), p.Text("HeadKind"), p.Text("HeadSourceText"))
	for row := range segmentRows(d) {
		if json {
			if err := p.JSONLine(row); err != nil {
				return err
			}
			continue
		}
		t.Row(row.Unit, row.Segment, row.Kind, row.Source)
	}
	if json {
		return nil
	}
	return t.Print(p.Out)
}

// PlacedDecision is a place where a rule of segmentation applies.
type PlacedDecision struct {
	Unit string `json:"unit"`
	Text string `json:"text"` // around the place, which is marked ¦
	segment.Decision
}

// Decisions prints each place in a document where a rule applies, its
// decision and the rule.
func (p Printer) Decisions(d *bitext.Document, s *segment.Segmenter, json bool) error {
	t := NewTable(p.Text("HeadUnit"), "", p.Text("HeadPlace"), p.Text("HeadRule"))
	for i := range d.Units {
		u := &d.Units[i]
		for _, dec := range s.ExplainUnit(u) {
			place := PlacedDecision{u.ID, around(u.Source.Chars, dec.Pos), dec}
			if json {
				if err := p.JSONLine(place); err != nil {
					return err
				}
				continue
			}
			what := p.Text("PlaceNoBreak")
			if dec.Break {
				what = p.Text("PlaceBreak")
			}
			t.Row(u.ID, what, place.Text, dec.Rule.String())
		}
	}
	if json {
		return nil
	}
	return t.Print(p.Out)
}

// around returns the text near a place, which is marked.
func around(text string, pos int) string {
	const reach = 12
	before, after := []rune(text[:pos]), []rune(text[pos:])
	return strings.Map(oneLine, string(before[max(0, len(before)-reach):])+"¦"+string(after[:min(len(after), reach)]))
}

func oneLine(r rune) rune {
	if r == '\n' || r == '\t' || r == '\r' {
		return ' '
	}
	return r
}
