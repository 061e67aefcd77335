// Package stored has the JSON form of texts' inline codes, and of strings that may
// hold any bytes, as the database and the journal of a translation memory keep them.
package stored

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// String is a string that may hold bytes that JSON cannot: then, and when it begins
// with a quotation mark, it is written as a Go string literal.
type String string

// MarshalText implements encoding.TextMarshaler.
func (e String) MarshalText() ([]byte, error) {
	if s := string(e); strings.HasPrefix(s, `"`) || !utf8.ValidString(s) {
		return []byte(strconv.QuoteToASCII(s)), nil
	}
	return []byte(e), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *String) UnmarshalText(b []byte) error {
	s := string(b)
	if strings.HasPrefix(s, `"`) {
		var err error
		if s, err = strconv.Unquote(s); err != nil {
			return err
		}
	}
	*e = String(s)
	return nil
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

// Code is a bitext.Code in JSON.
type Code struct {
	Pos       int             `json:"p,omitempty"`
	Kind      bitext.CodeKind `json:"k,omitempty"`
	ID        String          `json:"i,omitempty"`
	Data      String          `json:"d,omitempty"`
	Equiv     String          `json:"e,omitempty"`
	Disp      String          `json:"s,omitempty"`
	Type      String          `json:"t,omitempty"`
	SubType   String          `json:"u,omitempty"`
	NoCopy    bool            `json:"nc,omitempty"`
	NoDelete  bool            `json:"nd,omitempty"`
	NoReorder bool            `json:"nr,omitempty"`
	Subflows  []String        `json:"f,omitempty"`
}

// FromCodes returns the stored form of codes.
func FromCodes(codes []bitext.Code) []Code {
	out := make([]Code, len(codes))
	for i, c := range codes {
		out[i] = Code{Pos: c.Pos, Kind: c.Kind, ID: String(c.ID), Data: String(c.Data), Equiv: String(c.Equiv), Disp: String(c.Disp), Type: String(c.Type),
			SubType: String(c.SubType), NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: convert[String](c.Subflows)}
	}
	return out
}

// ToCodes returns the codes that a text of the given length has, and fails where
// their positions do not fit it.
func ToCodes(codes []Code, length int) ([]bitext.Code, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	out := make([]bitext.Code, len(codes))
	at := 0
	for i, c := range codes {
		if c.Pos < at || c.Pos > length {
			return nil, fmt.Errorf("code %q is at byte %d of a text of %d", c.ID, c.Pos, length)
		}
		at = c.Pos
		out[i] = bitext.Code{Pos: c.Pos, Kind: c.Kind, ID: string(c.ID), Data: string(c.Data), Equiv: string(c.Equiv), Disp: string(c.Disp), Type: string(c.Type),
			SubType: string(c.SubType), NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: convert[string](c.Subflows)}
	}
	return out, nil
}
