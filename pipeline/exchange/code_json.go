package exchange

import "hexapla/pipeline/bitext"

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
