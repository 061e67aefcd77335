package markdown

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// context is what a hole's Context says: how characters are written there.
type context struct {
	kind  contextKind
	cell  bool   // in a table's row, whatever else
	first bool   // a cell that its line begins with
	style string // a scalar's, in front matter
}

type contextKind string

const (
	textContext    contextKind = "text"
	partContext    contextKind = "part"    // a part of a paragraph, next to another unit
	headingContext contextKind = "heading" // after #
	setextContext  contextKind = "setext"  // above a line of = or -
	cellContext    contextKind = "cell"
	altContext     contextKind = "alt"       // between an image's brackets
	titleContext   contextKind = "title"     // of a link, with its quotation marks
	hugoContext    contextKind = "shortcode" // a parameter, with its quotation marks
	liquidContext  contextKind = "tag"       // a parameter, with its quotation marks
	attrContext    contextKind = "attribute" // of HTML or JSX, with its quotation marks
	yamlContext    contextKind = "yaml"
	optionContext  contextKind = "option" // YAML over several lines in a cell of code
	tomlContext    contextKind = "toml"
	jsonContext    contextKind = "json"
	stringContext  contextKind = "string" // in an expression of JSX, with its quotation marks
	roleContext    contextKind = "role"   // in a role of MyST; style is "term" where the source is its target
	htmlContext    contextKind = "html"   // in an HTML block; style is the HTML format's context
)

// String is the form in which UnitSpan.Context has it: words with a space between.
func (c context) String() string {
	if !c.cell && !c.first && c.style == "" {
		return string(c.kind)
	}
	words := []string{string(c.kind)}
	if c.cell {
		words = append(words, "row")
	}
	if c.first {
		words = append(words, "first")
	}
	if c.style != "" {
		words = append(words, c.style)
	}
	return strings.Join(words, " ")
}

func contextOf(h *bitext.UnitSpan) context {
	if style, ok := strings.CutPrefix(h.Context, htmlPrefix); ok {
		return context{kind: htmlContext, style: style}
	}
	if strings.IndexByte(h.Context, ' ') < 0 {
		return context{kind: contextKind(h.Context)}
	}
	var c context
	for i, rest := 0, h.Context; rest != ""; i++ {
		var w string
		w, rest, _ = strings.Cut(rest, " ")
		switch {
		case i == 0:
			c.kind = contextKind(w)
		case w == "row":
			c.cell = true
		case w == "first":
			c.first = true
		default:
			c.style = w
		}
	}
	return c
}

// inline reports whether inline HTML may be here.
func (c context) inline() bool {
	switch c.kind {
	case textContext, partContext, headingContext, setextContext, cellContext:
		return true
	}
	return false
}

// scalar reports whether the hole is a value with its quotation marks, which is
// written as a whole.
func (c context) scalar() bool { return !c.inline() && c.kind != altContext && c.kind != htmlContext }
