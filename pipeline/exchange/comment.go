package exchange

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
)

// Comment is what a translator or a reviewer wrote about a unit. Segment is the ID of
// the segment that it is about, empty for the whole unit. Category is what the file
// calls it ("translator", "review"). Priority is XLIFF's, from 1, the highest, to 10,
// and 0 if none is given. OnTarget says that it is about the translation, not the
// source.
type Comment struct {
	Segment  string    `json:"segment,omitempty"`
	Author   string    `json:"author,omitempty"`
	Time     time.Time `json:"time,omitzero"`
	Category string    `json:"category,omitempty"`
	Priority int       `json:"priority,omitempty"`
	OnTarget bool      `json:"onTarget,omitempty"`
	Text     string    `json:"text"`
}

// String returns the comment as people read it: who and when, and the text.
func (c Comment) String() string {
	switch {
	case c.Author != "" && !c.Time.IsZero():
		return c.Author + " (" + c.Time.UTC().Format("2006-01-02 15:04") + "): " + c.Text
	case c.Author != "":
		return c.Author + ": " + c.Text
	}
	return c.Text
}

// FormatComments returns comments as one text for people, such as a cell holds.
func FormatComments(comments []Comment) string {
	texts := make([]string, len(comments))
	for i, c := range comments {
		texts[i] = c.String()
	}
	return strings.Join(texts, "\n\n")
}

// ParseComments reads what FormatComments wrote, after people may have changed it.
// Of the known comments it keeps those whose text is still there. What else is there
// is a new comment on the segment.
func ParseComments(text string, known []Comment, segment string) []Comment {
	var out []Comment
	rest := strings.ReplaceAll(text, "\r\n", "\n")
	for _, c := range known {
		s := strings.ReplaceAll(c.String(), "\r\n", "\n")
		i := strings.Index(rest, s)
		if s == "" || i < 0 {
			continue
		}
		rest = strings.TrimRight(rest[:i], "\n") + "\n\n" + strings.TrimLeft(rest[i+len(s):], "\n")
		out = append(out, c)
	}
	if rest = strings.Trim(rest, "\n"); strings.TrimSpace(rest) != "" {
		out = append(out, Comment{Segment: segment, Text: rest})
	}
	return out
}

// CommentsOn returns the comments on a segment. The first segment also gets those on
// the whole unit, and those on segments that the unit does not have.
func (u *Unit) CommentsOn(segment int) []Comment {
	if len(u.Comments) == 0 {
		return nil
	}
	first := true
	for i := range u.Translatable() {
		if i < segment {
			first = false
		}
	}
	var out []Comment
	for _, c := range u.Comments {
		if c.Segment == u.Segments[segment].ID || first && !u.hasSegment(c.Segment) {
			out = append(out, c)
		}
	}
	return out
}

func (u *Unit) hasSegment(id string) bool {
	for _, s := range u.Translatable() {
		if s.ID == id {
			return true
		}
	}
	return false
}

// EncodeComment returns a comment with all its fields as the query of a URL, for file
// types that have no place for some of them.
func EncodeComment(c Comment) string {
	v := url.Values{"text": {c.Text}}
	set := func(key, value string) {
		if value != "" {
			v.Set(key, value)
		}
	}
	set("segment", c.Segment)
	set("author", c.Author)
	set("category", c.Category)
	if !c.Time.IsZero() {
		v.Set("time", c.Time.Format(time.RFC3339Nano))
	}
	if c.Priority != 0 {
		v.Set("priority", strconv.Itoa(c.Priority))
	}
	if c.OnTarget {
		v.Set("target", "yes")
	}
	return v.Encode()
}

// DecodeComment reads what EncodeComment wrote.
func DecodeComment(s string) (Comment, bool) {
	v, err := url.ParseQuery(s)
	if err != nil || !v.Has("text") {
		return Comment{}, false
	}
	c := Comment{Segment: v.Get("segment"), Author: v.Get("author"), Category: v.Get("category"), OnTarget: v.Has("target"), Text: v.Get("text")}
	c.Time, _ = time.Parse(time.RFC3339Nano, v.Get("time"))
	c.Priority, _ = strconv.Atoi(v.Get("priority"))
	return c, true
}

// EncodeProp returns a property as the query of a URL.
func EncodeProp(p bitext.Prop) string { return url.Values{p.Name: {p.Value}}.Encode() }

// DecodeProp reads what EncodeProp wrote.
func DecodeProp(s string) (bitext.Prop, bool) {
	v, err := url.ParseQuery(s)
	if err != nil || len(v) != 1 {
		return bitext.Prop{}, false
	}
	for name := range v {
		return bitext.Prop{Name: name, Value: v.Get(name)}, true
	}
	return bitext.Prop{}, false
}

// IsReviewWord reports whether a file calls the author of a note, or its category, by
// a word for translators and reviewers.
func IsReviewWord(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "translator", "translation", "reviewer", "review", "proofreader", "editor", "linguist", "query", "question", "comment", "feedback", "lqa":
		return true
	}
	return false
}
