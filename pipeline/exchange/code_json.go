package exchange

import (
	"fmt"

	"hexapla/pipeline/bitext"
)

// CodeJSON is an inline code in JSON, without its place in the text. Kind is the name
// of the code's kind, and Data its data; a file type that has one of them elsewhere
// leaves it out.
type CodeJSON struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind,omitempty"`
	Data      *string  `json:"data,omitempty"`
	Equiv     string   `json:"equiv,omitempty"`
	Disp      string   `json:"disp,omitempty"`
	Type      string   `json:"type,omitempty"`
	SubType   string   `json:"subType,omitempty"`
	NoCopy    bool     `json:"noCopy,omitempty"`
	NoDelete  bool     `json:"noDelete,omitempty"`
	NoReorder bool     `json:"noReorder,omitempty"`
	Subflows  []string `json:"subflows,omitempty"`
}

// NewCodeJSON returns a code in JSON, without Kind and Data.
func NewCodeJSON(c bitext.Code) CodeJSON {
	return CodeJSON{
		ID: c.ID, Equiv: c.Equiv, Disp: c.Disp, Type: c.Type, SubType: c.SubType,
		NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: c.Subflows,
	}
}

// Code returns the code; its kind is that of c, and so are its place and, if there is
// no Data, its data.
func (j CodeJSON) Code(c bitext.Code) bitext.Code {
	out := bitext.Code{
		Pos: c.Pos, Kind: c.Kind, ID: j.ID, Data: c.Data, Equiv: j.Equiv, Disp: j.Disp, Type: j.Type, SubType: j.SubType,
		NoCopy: j.NoCopy, NoDelete: j.NoDelete, NoReorder: j.NoReorder, Subflows: j.Subflows,
	}
	if j.Data != nil {
		out.Data = *j.Data
	}
	return out
}

// CodesJSON returns codes in JSON, with kinds and data.
func CodesJSON(codes []bitext.Code) []CodeJSON {
	var out []CodeJSON
	for _, c := range codes {
		one := NewCodeJSON(c)
		one.Kind = c.Kind.String()
		if c.Data != "" {
			one.Data = &c.Data
		}
		out = append(out, one)
	}
	return out
}

// Codes returns codes from JSON with kinds, all of them at the beginning of a text.
func Codes(list []CodeJSON) ([]bitext.Code, error) {
	var out []bitext.Code
	for _, c := range list {
		k := bitext.Placeholder
		for k <= bitext.End && k.String() != c.Kind {
			k++
		}
		if k > bitext.End {
			return nil, fmt.Errorf("code %q: unknown kind %q", c.ID, c.Kind)
		}
		out = append(out, c.Code(bitext.Code{Kind: k}))
	}
	return out, nil
}

// AddedCodes returns the codes of a target that its source does not have. A file that
// has them beside the tagged text can be read again.
func AddedCodes(source, target bitext.Text) []CodeJSON {
	if len(target.Codes) == 0 {
		return nil
	}
	var added []bitext.Code
	for _, p := range bitext.CompareCodes(source, target) {
		if p.Kind == bitext.CodeAdded {
			added = append(added, p.Code)
		}
	}
	return CodesJSON(added)
}

// ParseTarget reads a target that was written with TaggedAs(source), whose own codes
// are those of AddedCodes.
func ParseTarget(tagged string, source bitext.Text, added []CodeJSON) (bitext.Text, error) {
	if len(added) == 0 {
		return bitext.ParseTagged(tagged, source)
	}
	codes, err := Codes(added)
	if err != nil {
		return bitext.Text{}, err
	}
	source.Codes = append(source.Codes[:len(source.Codes):len(source.Codes)], codes...)
	return bitext.ParseTagged(tagged, source)
}
