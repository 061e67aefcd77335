package sqlite

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// hashKey is what a text is found by: 63 bits of SHA-256 over its locale and key.
// Whoever looks up by it compares the keys as well.
func hashKey(locale, key string) int64 {
	buf := make([]byte, 0, 256)
	buf = append(buf, locale...)
	buf = append(buf, 0)
	buf = append(buf, key...)
	sum := sha256.Sum256(buf)
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}

// stored is a string that may hold bytes that JSON cannot: then, and when it begins
// with a quotation mark, it is written as a Go string literal.
type stored string

func (e stored) MarshalText() ([]byte, error) {
	if s := string(e); strings.HasPrefix(s, `"`) || !utf8.ValidString(s) {
		return []byte(strconv.QuoteToASCII(s)), nil
	}
	return []byte(e), nil
}

func (e *stored) UnmarshalText(b []byte) error {
	s := string(b)
	if strings.HasPrefix(s, `"`) {
		var err error
		if s, err = strconv.Unquote(s); err != nil {
			return err
		}
	}
	*e = stored(s)
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

// storedCode is a bitext.Code in JSON.
type storedCode struct {
	Pos       int             `json:"p,omitempty"`
	Kind      bitext.CodeKind `json:"k,omitempty"`
	ID        stored          `json:"i,omitempty"`
	Data      stored          `json:"d,omitempty"`
	Equiv     stored          `json:"e,omitempty"`
	Disp      stored          `json:"s,omitempty"`
	Type      stored          `json:"t,omitempty"`
	SubType   stored          `json:"u,omitempty"`
	NoCopy    bool            `json:"nc,omitempty"`
	NoDelete  bool            `json:"nd,omitempty"`
	NoReorder bool            `json:"nr,omitempty"`
	Subflows  []stored        `json:"f,omitempty"`
}

// storedSource is a source whose characters are not its key: one with codes, or
// not in NFC, or with a literal that looks like a tag.
type storedSource struct {
	Chars stored       `json:"c,omitempty"`
	Codes []storedCode `json:"x,omitempty"`
}

func toStored(codes []bitext.Code) []storedCode {
	out := make([]storedCode, len(codes))
	for i, c := range codes {
		out[i] = storedCode{Pos: c.Pos, Kind: c.Kind, ID: stored(c.ID), Data: stored(c.Data), Equiv: stored(c.Equiv), Disp: stored(c.Disp), Type: stored(c.Type),
			SubType: stored(c.SubType), NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: convert[stored](c.Subflows)}
	}
	return out
}

func fromStored(codes []storedCode) []bitext.Code {
	if len(codes) == 0 {
		return nil
	}
	out := make([]bitext.Code, len(codes))
	for i, c := range codes {
		out[i] = bitext.Code{Pos: c.Pos, Kind: c.Kind, ID: string(c.ID), Data: string(c.Data), Equiv: string(c.Equiv), Disp: string(c.Disp), Type: string(c.Type),
			SubType: string(c.SubType), NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: convert[string](c.Subflows)}
	}
	return out
}

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		// Structs of strings, numbers and flags always marshal.
		panic(err)
	}
	return string(b)
}

// encodeSource is what entry.source holds for a text of this key: nothing when
// the key says it all.
func encodeSource(t bitext.Text, key string) string {
	if len(t.Codes) == 0 && t.Chars == key {
		return ""
	}
	return marshal(storedSource{Chars: stored(t.Chars), Codes: toStored(t.Codes)})
}

func decodeSource(source, key string) (bitext.Text, error) {
	if source == "" {
		return bitext.Plain(key), nil
	}
	var s storedSource
	if err := json.Unmarshal([]byte(source), &s); err != nil {
		return bitext.Text{}, damaged("source", err)
	}
	return bitext.Text{Chars: string(s.Chars), Codes: fromStored(s.Codes)}, nil
}

func encodeCodes(codes []bitext.Code) string {
	if len(codes) == 0 {
		return ""
	}
	return marshal(toStored(codes))
}

func decodeCodes(s string) ([]bitext.Code, error) {
	if s == "" {
		return nil, nil
	}
	var codes []storedCode
	if err := json.Unmarshal([]byte(s), &codes); err != nil {
		return nil, damaged("codes", err)
	}
	return fromStored(codes), nil
}

func encodeProps(props []bitext.Prop) string {
	if len(props) == 0 {
		return ""
	}
	flat := make([]stored, 0, 2*len(props))
	for _, p := range props {
		flat = append(flat, stored(p.Name), stored(p.Value))
	}
	return marshal(flat)
}

func decodeProps(s string) ([]bitext.Prop, error) {
	if s == "" {
		return nil, nil
	}
	var flat []stored
	if err := json.Unmarshal([]byte(s), &flat); err != nil {
		return nil, damaged("props", err)
	}
	if len(flat)%2 != 0 {
		return nil, damaged("props", fmt.Errorf("odd number of strings"))
	}
	out := make([]bitext.Prop, len(flat)/2)
	for i := range out {
		out[i] = bitext.Prop{Name: string(flat[2*i]), Value: string(flat[2*i+1])}
	}
	return out, nil
}

func damaged(column string, err error) error {
	return fmt.Errorf("%w: column %s: %v", memory.ErrDamaged, column, err)
}

// unixTime returns t in Unix seconds and whether it is known.
func unixTime(t time.Time) (int64, bool) {
	if t.IsZero() {
		return 0, false
	}
	return t.Unix(), true
}
