package xliff

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/validate"
)

// odd makes units that no format makes, but a conversion may: pairs over breaks
// and crossing each other, ids that XML does not take or that come twice, control
// characters, codes that may not be touched, parts of any kind.
func odd(seed uint64) []*exchange.Unit {
	r := rand.New(rand.NewPCG(seed, 7))
	h := &exchange.Header{
		Path: "../../etc/passwd", Format: pick(r, "html", "markdown", ""), SHA256: "cd", SourceLocale: "en-GB", TargetLocale: "sr-Latn",
		Batch: pick(r, "", "b 1"), Notes: []bitext.Note{{Text: "for all"}, {Category: "context", Text: "\ttab & <x>"}},
	}
	if seed%2 == 0 {
		h.Time = time.Date(2026, 2, 3, 4, 5, 6, 789, time.FixedZone("", 3600))
	}
	var out []*exchange.Unit
	for i := range 1 + r.IntN(3) {
		u := &exchange.Unit{Header: h, Location: pick(r, "", "p > b")}
		u.ID = pick(r, "u", "имя", "a/b", "1 2") + fmt.Sprint(i)
		u.Kind = bitext.Kind(pick(r, "paragraph", "", "two words"))
		u.Name, u.Unit.Locale = pick(r, "", "a\"b"), pick(r, "", "fr")
		u.NoTranslate, u.Preserve = r.IntN(4) == 0, r.IntN(3) == 0
		u.MaxLength = r.IntN(3) * 40
		if r.IntN(3) == 0 {
			u.Unit.Notes = []bitext.Note{{Text: "note"}, {Category: "location", Text: "not the place"}}
		}
		if r.IntN(4) == 0 {
			u.Extensions = []byte(`<my:x xmlns:my="urn:my" a="1">y<my:z/></my:x>`)
		}
		parts := r.IntN(5)
		codes := 0
		for j := range parts {
			s := bitext.Segment{ID: fmt.Sprintf("%s%d", pick(r, "s", "1"), j), Ignorable: r.IntN(3) == 0}
			s.Source = oddText(r, &codes)
			if s.Ignorable && r.IntN(2) == 0 {
				s.Source = bitext.Plain(pick(r, " ", "\n\t ", "\u00a0"))
			}
			u.Segments = append(u.Segments, s)
			u.Targets = append(u.Targets, oddTarget(r, &u.Segments[j]))
		}
		if parts == 0 {
			u.Source = oddText(r, &codes)
		} else {
			exchange.SetSourceFromSegments(&u.Unit)
		}
		out = append(out, u)
	}
	return out
}

func pick(r *rand.Rand, s ...string) string { return s[r.IntN(len(s))] }

func oddText(r *rand.Rand, codes *int) bitext.Text {
	var t bitext.Text
	var b strings.Builder
	for range r.IntN(7) {
		b.WriteString(pick(r, "w", " ", "\x01", "\r", "\uFFFF", "жук", "]]>", "  ", "<1>", "\n", "&"))
		if r.IntN(2) == 0 {
			continue
		}
		c := bitext.Code{Pos: b.Len(), Kind: bitext.CodeKind(r.IntN(3)), Data: pick(r, "", "<b>", "\x02", "<i class=\"x\">"), Disp: pick(r, "", "<b>", "д")}
		// Few IDs, so that pairs meet, cross and come twice.
		*codes++
		c.ID = pick(r, "1", "2", "s0", "a b", fmt.Sprint(100+*codes))
		if c.Kind == bitext.Placeholder {
			c.ID = "p" + fmt.Sprint(*codes)
		}
		c.Type, c.SubType = pick(r, "", "fmt", "own"), pick(r, "", "xlf:b", "x y", "my:z")
		c.Equiv = pick(r, "", "\n", "…")
		c.NoCopy, c.NoDelete, c.NoReorder = r.IntN(3) == 0, r.IntN(3) == 0, r.IntN(3) == 0
		if r.IntN(6) == 0 {
			c.Subflows = []string{"u0", "gone"}
		}
		t.Codes = append(t.Codes, c)
	}
	t.Chars = b.String()
	return t
}

func oddTarget(r *rand.Rand, s *bitext.Segment) bitext.Target {
	var t bitext.Target
	if !s.Ignorable && r.IntN(3) == 0 {
		t.Matches = []bitext.Match{{Type: bitext.MatchType(r.IntN(5)), Score: r.IntN(101), Source: s.Source.Clone(), Target: s.Source.Clone(), State: bitext.State(r.IntN(4)), SubState: pick(r, "", "hexapla:mt", "odd")}}
		t.Matches[0].Origin = bitext.Origin{Kind: bitext.FromEngine, Name: pick(r, "", "e"), Entry: int64(r.IntN(2) * 9)}
	}
	if n := len(s.Source.Chars); !s.Ignorable && n > 3 && r.IntN(2) == 0 {
		for range 2 {
			from := r.IntN(n)
			t.Terms = append(t.Terms, bitext.TermMark{Start: from, End: from + r.IntN(n-from+2), Source: "w", DoNotTranslate: r.IntN(2) == 0, Targets: []string{"т"}})
		}
	}
	switch r.IntN(4) {
	case 0:
		return t
	case 1:
		t.Text = bitext.Plain(pick(r, "", "plain", "\x03"))
	default:
		t.Text = s.Source.Clone()
		if n := len(t.Text.Codes); n > 1 && r.IntN(2) == 0 { // a code is lost
			t.Text.Codes = t.Text.Codes[:n-1]
		}
	}
	t.Filled, t.State = true, bitext.State(r.IntN(4))
	t.SubState = pick(r, "", bitext.SubStateMT, bitext.SubStateFuzzy+"-84", bitext.SubStateExact, bitext.SubStateCheck, "no prefix", "my:own")
	t.Locale, t.Match = pick(r, "", "en"), bitext.MatchType(r.IntN(5))
	t.Origin = bitext.Origin{Kind: bitext.FromHuman, Name: "A & B", Terms: "t1"}
	return t
}

// same makes what a file cannot tell apart the same. Codes of a target are those
// of its source; which of two with one ID, the file does not say.
func same(units []*exchange.Unit) []*exchange.Unit {
	for _, u := range units {
		h := *u.Header
		u.Header = &h
		u.Line, u.Column = 0, 0
		if len(u.Segments) > 0 {
			exchange.SetSourceFromSegments(&u.Unit)
		}
		for i := range u.Targets {
			t := &u.Targets[i]
			for j := range t.Terms {
				m := &t.Terms[j]
				m.Start, m.End = min(m.Start, m.End), max(m.Start, m.End)
			}
		}
	}
	return units
}

func TestOdd(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			dir := t.TempDir()
			var files []string
			for seed := range uint64(400) {
				data := encoded(t, exchange.Options{Version: version}, odd(seed))
				if found := validate.File("odd", bytes.NewReader(data)); failed(found) {
					t.Fatalf("seed %d: %v\n%s", seed, found, data)
				}
				name := filepath.Join(dir, fmt.Sprintf("%d.xlf", seed))
				if err := os.WriteFile(name, data, 0o600); err != nil {
					t.Fatal(err)
				}
				// The schema of 1.2 wants to know every extension.
				if version != "1.2" || !bytes.Contains(data, []byte("urn:my")) {
					files = append(files, name)
				}
				var got []*exchange.Unit
				for u, err := range Codec.Decode("odd", bytes.NewReader(data)) {
					if err != nil {
						t.Fatalf("seed %d: %v\n%s", seed, err, data)
					}
					got = append(got, u)
				}
				want := odd(seed)
				if diff := cmp.Diff(same(want), same(got), cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("seed %d: decoded units differ (-want +got):\n%s\nfile:\n%s", seed, diff, data)
				}
			}
			if schemas[version] == "" {
				return
			}
			if out, err := xmllint(t, version, files); err != nil {
				t.Fatalf("%v\n%.4000s", err, out)
			}
		})
	}
}
