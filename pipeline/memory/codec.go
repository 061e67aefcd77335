package memory

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
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

// storedCode is a bitext.Code in JSON. Raw has Data in base64 where it is not
// valid UTF-8, which JSON cannot hold.
type storedCode struct {
	Pos       int             `json:"p,omitempty"`
	Kind      bitext.CodeKind `json:"k,omitempty"`
	ID        string          `json:"i,omitempty"`
	Data      string          `json:"d,omitempty"`
	Raw       string          `json:"raw,omitempty"`
	Equiv     string          `json:"e,omitempty"`
	Disp      string          `json:"s,omitempty"`
	Type      string          `json:"t,omitempty"`
	SubType   string          `json:"u,omitempty"`
	NoCopy    bool            `json:"nc,omitempty"`
	NoDelete  bool            `json:"nd,omitempty"`
	NoReorder bool            `json:"nr,omitempty"`
	Subflows  []string        `json:"f,omitempty"`
}

// storedSource is a source whose characters are not its key: one with codes, or
// not in NFC, or with a literal that looks like a tag. Raw as in storedCode.
type storedSource struct {
	Chars string       `json:"c,omitempty"`
	Raw   string       `json:"raw,omitempty"`
	Codes []storedCode `json:"x,omitempty"`
}

func toStored(codes []bitext.Code) []storedCode {
	out := make([]storedCode, len(codes))
	for i, c := range codes {
		out[i] = storedCode{Pos: c.Pos, Kind: c.Kind, ID: c.ID, Data: c.Data, Equiv: c.Equiv, Disp: c.Disp, Type: c.Type,
			SubType: c.SubType, NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: c.Subflows}
		if !utf8.ValidString(c.Data) {
			out[i].Data, out[i].Raw = "", base64.StdEncoding.EncodeToString([]byte(c.Data))
		}
	}
	return out
}

func fromStored(codes []storedCode) ([]bitext.Code, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	out := make([]bitext.Code, len(codes))
	for i, c := range codes {
		if c.Raw != "" {
			b, err := base64.StdEncoding.DecodeString(c.Raw)
			if err != nil {
				return nil, err
			}
			c.Data = string(b)
		}
		out[i] = bitext.Code{Pos: c.Pos, Kind: c.Kind, ID: c.ID, Data: c.Data, Equiv: c.Equiv, Disp: c.Disp, Type: c.Type,
			SubType: c.SubType, NoCopy: c.NoCopy, NoDelete: c.NoDelete, NoReorder: c.NoReorder, Subflows: c.Subflows}
	}
	return out, nil
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
	s := storedSource{Chars: t.Chars, Codes: toStored(t.Codes)}
	if !utf8.ValidString(t.Chars) {
		s.Chars, s.Raw = "", base64.StdEncoding.EncodeToString([]byte(t.Chars))
	}
	return marshal(s)
}

func decodeSource(source, key string) (bitext.Text, error) {
	if source == "" {
		return bitext.Plain(key), nil
	}
	var s storedSource
	if err := json.Unmarshal([]byte(source), &s); err != nil {
		return bitext.Text{}, damaged("source", err)
	}
	if s.Raw != "" {
		b, err := base64.StdEncoding.DecodeString(s.Raw)
		if err != nil {
			return bitext.Text{}, damaged("source", err)
		}
		s.Chars = string(b)
	}
	codes, err := fromStored(s.Codes)
	if err != nil {
		return bitext.Text{}, damaged("source", err)
	}
	return bitext.Text{Chars: s.Chars, Codes: codes}, nil
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
	out, err := fromStored(codes)
	if err != nil {
		return nil, damaged("codes", err)
	}
	return out, nil
}

func encodeProps(props []bitext.Prop) string {
	if len(props) == 0 {
		return ""
	}
	flat := make([]string, 0, 2*len(props))
	for _, p := range props {
		flat = append(flat, p.Name, p.Value)
	}
	return marshal(flat)
}

func decodeProps(s string) ([]bitext.Prop, error) {
	if s == "" {
		return nil, nil
	}
	var flat []string
	if err := json.Unmarshal([]byte(s), &flat); err != nil {
		return nil, damaged("props", err)
	}
	if len(flat)%2 != 0 {
		return nil, damaged("props", fmt.Errorf("odd number of strings"))
	}
	out := make([]bitext.Prop, len(flat)/2)
	for i := range out {
		out[i] = bitext.Prop{Name: flat[2*i], Value: flat[2*i+1]}
	}
	return out, nil
}

func damaged(column string, err error) error {
	return fmt.Errorf("%w: column %s: %v", ErrDamaged, column, err)
}

// stamp is t in Unix seconds and whether it is known.
func stamp(t time.Time) (int64, bool) {
	if t.IsZero() {
		return 0, false
	}
	return t.Unix(), true
}
