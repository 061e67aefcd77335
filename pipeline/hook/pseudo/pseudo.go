// Package pseudo is an engine without a language: pseudo-localization, which
// shows in a text that can still be read what a translation will do to a page.
//
// The accented variant (en-XA by custom) has every Latin letter under a
// diacritic, so that a missing font or a broken encoding shows; it is longer by
// about a third, as a translation from English is, so that a narrow box shows;
// and it stands in ⟦ ⟧, so that a cut-off text and one that was glued together
// from parts show. What has no brackets on the page was never translatable.
//
// The bidi variant (en-XB) has every word displayed from right to left, by the
// Unicode controls RLM, RLO and PDF, as the pseudo-locale of that name does in
// Android; the characters stay what they are.
//
// Codes stay where they are. Both work for texts in any language.
package pseudo

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/lazy"
)

// Variant is a way to pseudo-localize.
type Variant string

const (
	Accented Variant = "accented"
	Bidi     Variant = "bidi"
)

// ParseVariant reads a variant's name.
func ParseVariant(name string) (Variant, error) {
	switch v := Variant(name); v {
	case Accented, Bidi:
		return v, nil
	}
	return "", fmt.Errorf("no pseudo-localization is called %q: want %q or %q", name, Accented, Bidi)
}

// Options of an Engine. Expand is how many grapheme clusters the accented
// variant adds to a hundred, 0 for 35; less than 0 adds none. Variants are the
// target locales served, by their tags; one stands for longer tags too. Without
// any, those of region XA are served accented and those of region XB bidi.
type Options struct {
	Expand   int
	Variants map[string]Variant
}

// Engine implements hook.Engine.
type Engine struct{ opt Options }

// New makes an Engine. It never fails on a text.
func New(opt Options) *Engine {
	if opt.Expand == 0 {
		opt.Expand = 35
	}
	return &Engine{opt}
}

// Name is "pseudo".
func (e *Engine) Name() string { return "pseudo" }

// Translate implements hook.Engine.
func (e *Engine) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	v, ok := e.variant(job.Target)
	if !ok {
		return nil, fmt.Errorf("%w: %s is no pseudo-locale", hook.ErrUnsupported, job.Target)
	}
	out := make([]string, len(job.Texts))
	for i, t := range job.Texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if v == Bidi {
			out[i] = bidi(t)
		} else {
			out[i] = accent(t, e.opt.Expand)
		}
	}
	return out, nil
}

// Serves implements hook.PairKnower.
func (e *Engine) Serves(_, target string) bool {
	_, ok := e.variant(target)
	return ok
}

func (e *Engine) variant(target string) (Variant, bool) {
	if len(e.opt.Variants) == 0 {
		return DefaultVariant(target)
	}
	for tag := target; ; {
		if v, ok := e.opt.Variants[tag]; ok {
			return v, true
		}
		n := strings.LastIndexByte(tag, '-')
		if n < 0 {
			return "", false
		}
		tag = tag[:n]
	}
}

// DefaultVariant is the variant that a pseudo-locale stands for by custom: region XA is
// accented, XB bidi. It fails for all other locales.
func DefaultVariant(locale string) (Variant, bool) {
	switch tag := strings.ToUpper(locale); {
	case strings.HasSuffix(tag, "-XA"):
		return Accented, true
	case strings.HasSuffix(tag, "-XB"):
		return Bidi, true
	}
	return "", false
}

// tag matches a code in tagged markup, or a literal that looks like one: both
// have to stay as they are.
var tag = lazy.Regexp(`\\*</?[0-9]+/?>`)

// accent is the accented variant of a tagged text.
func accent(t string, expand int) string {
	var b strings.Builder
	b.WriteString("⟦")
	clusters := 0
	mapText(t, func(s string) {
		for g := graphemes.FromString(s); g.Next(); {
			clusters++
		}
		for _, r := range s {
			if a, ok := accents[r]; ok {
				r = a
			}
			b.WriteRune(r)
		}
	}, func(s string) { b.WriteString(s) })
	if add := (clusters*expand + 99) / 100; add > 0 {
		b.WriteString(filler(add))
	}
	b.WriteString("⟧")
	return b.String()
}

// filler is n characters of words.
func filler(n int) string {
	const words = " öñé ţŵö ţĥŕéé ḟöûŕ ḟîṽé ŝîẋ ŝéṽéñ éîĝĥţ ñîñé ţéñ"
	var out []rune
	for len(out) < n {
		out = append(out, []rune(words)...)
	}
	if out = out[:n]; out[n-1] == ' ' {
		out[n-1] = 'ö' // a space at the end would be trimmed
	}
	return string(out)
}

// bidi is the bidi variant of a tagged text.
func bidi(t string) string {
	const before, after = "\u200F\u202E", "\u202C\u200F"
	var b strings.Builder
	mapText(t, func(s string) {
		in := false
		for _, r := range s {
			word := unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
			if word != in {
				if word {
					b.WriteString(before)
				} else {
					b.WriteString(after)
				}
				in = word
			}
			b.WriteRune(r)
		}
		if in {
			b.WriteString(after)
		}
	}, func(s string) { b.WriteString(s) })
	return b.String()
}

// mapText walks over a tagged text's characters and tags in turn.
func mapText(t string, chars, tags func(string)) {
	at := 0
	for _, m := range tag().FindAllStringIndex(t, -1) {
		chars(t[at:m[0]])
		tags(t[m[0]:m[1]])
		at = m[1]
	}
	chars(t[at:])
}

// accents has one like letter for each letter of English; all of them are one
// character in NFC and in the fonts that a browser falls back to. None stands, in the
// encodings of Western and Central Europe, at a byte that continues a character in
// UTF-8: words would look like UTF-8 read in the wrong encoding, as "îšš" does.
var accents = func() map[rune]rune {
	m := map[rune]rune{}
	plain := []rune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	for i, r := range []rune("åƀçðéḟĝĥîĵķļɱñöþǫŕŝţûṽŵẋýẑÅƁÇÐÉḞĜĤÎĴĶĻṀÑÖÞǪŔŜŢÛṼŴẊÝẐ") {
		m[plain[i]] = r
	}
	return m
}()
