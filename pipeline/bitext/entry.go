package bitext

// Entry is one translated segment in a memory or a memory exchange file. Prev
// and Next are the keys (Text.Key) of the neighbouring segments' sources, and
// Place the document path and unit ID ("articles/a.html#p-abc"), as far as they
// are known: they make a match in context. Props are what else a TMX file has
// of the pair; they are kept and written back, never read.
type Entry struct {
	ID           int64
	SourceLocale string
	TargetLocale string
	Source       Text
	Target       Text
	State        State
	SubState     string
	Origin       Origin
	Prev, Next   string
	Place        string
	Props        []Prop
}

// Prop is a named remark on an Entry (TMX prop, or note when Name is "note").
type Prop struct{ Name, Value string }
