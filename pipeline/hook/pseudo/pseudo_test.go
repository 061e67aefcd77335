package pseudo

import (
	"strings"
	"testing"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

func TestConformance(t *testing.T) {
	for _, target := range []string{"en-XA", "en-XB"} {
		t.Run(target, func(t *testing.T) {
			hooktest.Test(t, hooktest.Pair{Source: "en", Target: target}, func(*testing.T) hook.Engine { return New(Options{}) })
		})
	}
}

func TestTranslate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		opt    Options
		target string
		text   string
		want   string
	}{
		{"accented", Options{}, "en-XA", "The <1>old</1> house", "⟦Ţĥé <1>öļð</1> ĥöûŝé öñéö⟧"},
		{"no longer", Options{Expand: -1}, "en-XA", "A cat", "⟦Å çåţ⟧"},
		{"twice as long", Options{Expand: 100}, "en-XA", "A cat", "⟦Å çåţ öñéö⟧"},
		{"other script", Options{Expand: -1}, "ru-XA", "Дом 1", "⟦Дом 1⟧"},
		{"literal tag stays", Options{Expand: -1}, "en-XA", `see \<1> at C:\dir`, `⟦ŝéé \<1> åţ Ç:\ðîŕ⟧`},
		{"bidi", Options{}, "en-XB", "The <1>old</1> 3.", "\u200F\u202EThe\u202C\u200F <1>\u200F\u202Eold\u202C\u200F</1> \u200F\u202E3\u202C\u200F."},
		{"configured", Options{Expand: -1, Variants: map[string]Variant{"sr": Bidi}}, "sr-Latn", "a", "\u200F\u202Ea\u202C\u200F"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := New(tt.opt).Translate(t.Context(), hook.Job{Source: "en", Target: tt.target, Texts: []string{tt.text}})
			if err != nil {
				t.Fatal(err)
			}
			if got[0] != tt.want {
				t.Errorf("%q\n  → %q\nwant %q", tt.text, got[0], tt.want)
			}
		})
	}
}

// TestAccents holds what makes the table usable: every letter has its own like
// letter, one character in NFC.
func TestAccents(t *testing.T) {
	seen := map[rune]rune{}
	for plain := rune('A'); plain <= 'z'; plain++ {
		if !unicode.IsLetter(plain) {
			continue
		}
		r, ok := accents[plain]
		if !ok || r == plain || !unicode.IsLetter(r) || unicode.IsUpper(r) != unicode.IsUpper(plain) || !norm.NFC.IsNormalString(string(r)) {
			t.Errorf("%c → %c", plain, r)
		}
		for _, enc := range []*charmap.Charmap{charmap.Windows1252, charmap.Windows1250, charmap.Windows1254, charmap.Windows1257} {
			if b, ok := enc.EncodeRune(r); ok && b >= 0x80 && b < 0xC0 {
				t.Errorf("%c → %c, which is %#x in %v", plain, r, b, enc)
			}
		}
		if first, taken := seen[r]; taken {
			t.Errorf("%c stands for both %c and %c", r, first, plain)
		}
		seen[r] = plain
	}
}

func TestLength(t *testing.T) {
	count := func(s string) (n int) {
		for g := graphemes.FromString(s); g.Next(); {
			n++
		}
		return n
	}
	for _, s := range []string{"a", "word", "A sentence of some length, with punctuation.", "नमस्ते दुनिया", "👩‍👩‍👧 family"} {
		for _, expand := range []int{30, 35, 40, 250} {
			got, err := New(Options{Expand: expand}).Translate(t.Context(), hook.Job{Target: "en-XA", Texts: []string{s}})
			if err != nil {
				t.Fatal(err)
			}
			n := count(s)
			if want := n + (n*expand+99)/100 + 2; count(got[0]) != want {
				t.Errorf("%q by %d%%: %q has %d clusters, want %d", s, expand, got[0], count(got[0]), want)
			}
		}
	}
}

// FuzzTranslate holds that any text comes through with its codes, bidi controls
// in balance.
func FuzzTranslate(f *testing.F) {
	f.Add(`a <1>b</1> \\<2/> \<3>`, true)
	f.Add("é\u0301x\u202e", false)
	source := hooktest.Parse("<1>a</1> <2/>")
	f.Fuzz(func(t *testing.T, s string, rtl bool) {
		text, err := bitext.ParseTagged(s, source)
		if err != nil {
			return
		}
		target := "en-XA"
		if rtl {
			target = "en-XB"
		}
		got, err := New(Options{}).Translate(t.Context(), hook.Job{Target: target, Texts: []string{text.Tagged()}})
		if err != nil {
			t.Fatal(err)
		}
		back, err := bitext.ParseTagged(got[0], text)
		if err != nil {
			t.Fatalf("%q → %q: %v", text.Tagged(), got[0], err)
		}
		if len(back.Codes) != len(text.Codes) {
			t.Fatalf("%q → %q: %d codes, want %d", text.Tagged(), got[0], len(back.Codes), len(text.Codes))
		}
		const rlo, pdf = "\u202E", "\u202C"
		added := strings.Count(got[0], rlo) - strings.Count(s, rlo)
		if closed := strings.Count(got[0], pdf) - strings.Count(s, pdf); added != closed {
			t.Fatalf("%q → %q: %d overrides opened, %d closed", s, got[0], added, closed)
		}
	})
}
