package stored

import (
	"testing"

	"hexapla/pipeline/bitext"
)

// FuzzEncode holds the quick writer against package encoding/json: the bytes are the same,
// because stored versions are compared by them.
func FuzzEncode(f *testing.F) {
	f.Add("a<b>&\"c\"\\\u2028\u2029\u202aé", "1", "<b>", "\x00\x1f\x7f\b\f\n\r\t", 3, uint8(1), uint8(7))
	f.Add("", "", "", "", 0, uint8(0), uint8(0))
	f.Add(`"quoted`, "\xff", "\xe2\x80", "€\xe2", 1, uint8(2), uint8(8))
	f.Fuzz(func(t *testing.T, chars, id, data, other string, pos int, kind, flags uint8) {
		c := bitext.Code{
			Pos: pos, Kind: bitext.CodeKind(kind), ID: id, Data: data, Equiv: other, Disp: chars, Type: id, SubType: data,
			NoCopy: flags&1 != 0, NoDelete: flags&2 != 0, NoReorder: flags&4 != 0,
		}
		if flags&8 != 0 {
			c.Subflows = []string{id, other}
		}
		for _, codes := range [][]bitext.Code{nil, {c}, {c, {ID: other}, {}}} {
			if len(codes) > 0 {
				if got, want := EncodeCodes(codes), marshal(FromCodes(codes)); got != want {
					t.Errorf("codes %+v:\n%s, want\n%s", codes, got, want)
				}
			}
			text := bitext.Text{Chars: chars, Codes: codes}
			if got, want := EncodeSource(text, "\x00"+chars), marshal(storedSource{Chars: String(chars), Codes: FromCodes(codes)}); got != want {
				t.Errorf("source %+v:\n%s, want\n%s", text, got, want)
			}
		}
	})
}
