package memory

import "hexapla/pipeline/bitext"

// Search asks for entries that contain a text: a concordance. Text is compared in any
// letter case, without inline codes. With Words, it is a list of words that must all
// be there, as whole words in any order. Empty locales select all. Limit is the highest
// number of results; 0 is 20.
type Search struct {
	Text         string
	Words        bool
	Side         Side
	SourceLocale string
	TargetLocale string
	Limit        int
}

// Side selects the texts that are searched.
type Side int

// The sides.
const (
	BothSides Side = iota
	SourceSide
	TargetSide
)

// MaxPlaces is how many places a Found lists.
const MaxPlaces = 20

// Found is a translation that a search found. Entry is the newest of the current
// entries that have its source and target; Uses counts them, and Places has the first
// MaxPlaces of their places.
type Found struct {
	Entry  bitext.Entry
	Batch  int64
	Uses   int
	Places []string
}
