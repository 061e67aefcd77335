package stored

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// HashKey is what a text is found by: 63 bits of SHA-256 over its locale and key.
// Whoever looks up by it compares the keys as well.
func HashKey(locale, key string) int64 {
	buf := make([]byte, 0, 256)
	buf = append(buf, locale...)
	buf = append(buf, 0)
	buf = append(buf, key...)
	sum := sha256.Sum256(buf)
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}

// storedSource is a source whose characters are not its key: one with codes, or
// not in NFC, or with a literal that looks like a tag.
type storedSource struct {
	Chars String `json:"c,omitempty"`
	Codes []Code `json:"x,omitempty"`
}

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		// Structs of strings, numbers and flags always marshal.
		panic(err)
	}
	return string(b)
}

// EncodeSource is what entry.source holds for a text of this key: nothing when
// the key says it all.
func EncodeSource(t bitext.Text, key string) string {
	if len(t.Codes) == 0 && t.Chars == key {
		return ""
	}
	b := append(make([]byte, 0, 2*len(t.Chars)+128*len(t.Codes)+16), '{')
	if t.Chars != "" {
		b = appendString(append(b, `"c":`...), t.Chars)
	}
	if len(t.Codes) > 0 {
		if t.Chars != "" {
			b = append(b, ',')
		}
		b = appendCodes(append(b, `"x":`...), t.Codes)
	}
	return string(append(b, '}'))
}

func DecodeSource(source, key string) (bitext.Text, error) {
	if source == "" {
		return bitext.Plain(key), nil
	}
	if t, ok := readSource(source); ok {
		return t, nil
	}
	var s storedSource
	if err := json.Unmarshal([]byte(source), &s); err != nil {
		return bitext.Text{}, damaged("source", err)
	}
	decoded, err := ToCodes(s.Codes, len(s.Chars))
	if err != nil {
		return bitext.Text{}, damaged("source", err)
	}
	return bitext.Text{Chars: string(s.Chars), Codes: decoded}, nil
}

func EncodeCodes(codes []bitext.Code) string {
	if len(codes) == 0 {
		return ""
	}
	return string(appendCodes(make([]byte, 0, 128*len(codes)), codes))
}

func DecodeCodes(s, target string) ([]bitext.Code, error) {
	if s == "" {
		return nil, nil
	}
	if codes, ok := readCodes(s, len(target)); ok {
		return codes, nil
	}
	var codes []Code
	if err := json.Unmarshal([]byte(s), &codes); err != nil {
		return nil, damaged("codes", err)
	}
	decoded, err := ToCodes(codes, len(target))
	if err != nil {
		return nil, damaged("codes", err)
	}
	return decoded, nil
}

func EncodeProps(props []bitext.Prop) string {
	if len(props) == 0 {
		return ""
	}
	flat := make([]String, 0, 2*len(props))
	for _, p := range props {
		flat = append(flat, String(p.Name), String(p.Value))
	}
	return marshal(flat)
}

func DecodeProps(s string) ([]bitext.Prop, error) {
	if s == "" {
		return nil, nil
	}
	var flat []String
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

// CheckCodes fails if a text's codes are not in order within it.
func CheckCodes(t bitext.Text) error {
	at := 0
	for _, c := range t.Codes {
		if c.Pos < at || c.Pos > len(t.Chars) {
			return fmt.Errorf("code %q is at byte %d of a text of %d bytes, or before the code in front of it", c.ID, c.Pos, len(t.Chars))
		}
		at = c.Pos
	}
	return nil
}

// FoldCase returns a text as search compares it: in any letter case, composed.
func FoldCase(s string) string {
	return norm.NFC.String(cases.Fold().String(s))
}
