package lint

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// The standards that have a Han character.
const (
	inJIS  = 1 << iota // JIS X 0208, of Japanese
	inGB               // GB 2312, of simplified Chinese
	inBig5             // Big5, of traditional Chinese
)

// The unified ideographs of Unicode's first block, in which all of them are.
const firstHan, lastHan = 0x4e00, 0x9fff

// hanSets returns the standards that have a character; all of them for one that is not in
// the block, of which nothing is known.
func hanSets(r rune) uint8 {
	if r < firstHan || r > lastHan {
		return inJIS | inGB | inBig5
	}
	return hanTable()[r-firstHan]
}

// hanTable has the standards of each character of the block.
var hanTable = sync.OnceValue(func() *[lastHan - firstHan + 1]uint8 {
	var table [lastHan - firstHan + 1]uint8
	for _, standard := range []struct {
		encoding    encoding.Encoding
		bit         uint8
		first, last byte // of two bytes, the first of which is the one of Han characters
		trail       byte // the least second byte
	}{
		{japanese.EUCJP, inJIS, 0xb0, 0xf4, 0xa1},
		{simplifiedchinese.GBK, inGB, 0xb0, 0xf7, 0xa1},
		{traditionalchinese.Big5, inBig5, 0xa4, 0xf9, 0x40},
	} {
		d := standard.encoding.NewDecoder()
		for lead := int(standard.first); lead <= int(standard.last); lead++ {
			for trail := int(standard.trail); trail < 0xff; trail++ {
				text, err := d.Bytes([]byte{byte(lead), byte(trail)})
				if r, size := utf8.DecodeRune(text); err == nil && size == len(text) && r >= firstHan && r <= lastHan {
					table[r-firstHan] |= standard.bit
				}
			}
		}
	}
	return &table
})
