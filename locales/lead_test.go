package locales

import "testing"

// TestNoLead holds that no character which hasNoLead lets pass begins a character of
// UTF-8 when it is a byte of a code page.
func TestNoLead(t *testing.T) {
	passed := 0
	for k := range codePages() {
		p := &codePages()[k]
		for r := rune(0x80); r < 0x2100; r++ {
			if !hasNoLead(string(r)) {
				continue
			}
			passed++
			if b := p.encode(r); b >= 0xc2 && b < 0xf5 {
				t.Errorf("code page %d has U+%04X as byte %X", k, r, b)
			}
		}
	}
	if passed != 2*(64+256+64) {
		t.Errorf("%d characters pass", passed)
	}
}
