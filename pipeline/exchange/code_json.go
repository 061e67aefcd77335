package exchange

import "hexapla/pipeline/bitext"

// CodeJSON is an inline code in JSON, without its place in the text. S is how a file
// type writes strings: string, or a type that encodes what the file cannot hold. Kind
// is the name of the code's kind, and Data its data; a file type that has one of them
// elsewhere leaves it out.
type CodeJSON[S ~string] struct {
	ID        S      `json:"id"`
	Kind      string `json:"kind,omitempty"`
	Data      *S     `json:"data,omitempty"`
	Equiv     S      `json:"equiv,omitempty"`
	Disp      S      `json:"disp,omitempty"`
	Type      S      `json:"type,omitempty"`
	SubType   S      `json:"subType,omitempty"`
	NoCopy    bool   `json:"noCopy,omitempty"`
	NoDelete  bool   `json:"noDelete,omitempty"`
	NoReorder bool   `json:"noReorder,omitempty"`
	Subflows  []S    `json:"subflows,omitempty"`
}

// NewCodeJSON returns a code in JSON, without Kind and Data.
func NewCodeJSON[S ~string](c bitext.Code) CodeJSON[S] {
	return CodeJSON[S]{
		ID: S(c.ID), Equiv: S(c.Equiv), Disp: S(c.Disp), Type: S(c.Type), SubType: S(c.SubType),
		NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: convert[S](c.Subflows),
	}
}

// Code returns the code; its kind is that of c, and so are its place and, if there is
// no Data, its data.
func (j CodeJSON[S]) Code(c bitext.Code) bitext.Code {
	out := bitext.Code{
		Pos: c.Pos, Kind: c.Kind, ID: string(j.ID), Data: c.Data, Equiv: string(j.Equiv), Disp: string(j.Disp), Type: string(j.Type), SubType: string(j.SubType),
		NoCopy: j.NoCopy, NoDelete: j.NoDelete, NoReorder: j.NoReorder, Subflows: convert[string](j.Subflows),
	}
	if j.Data != nil {
		out.Data = string(*j.Data)
	}
	return out
}

func convert[To, From ~string](all []From) []To {
	if all == nil {
		return nil
	}
	out := make([]To, len(all))
	for i, s := range all {
		out[i] = To(s)
	}
	return out
}
