package quality

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/numeral"
)

// swapped reports two neighbouring segments each of which seems to have the other's
// translation: by their numbers, by names and international words that sound alike, by
// question marks and by length.
func swapped(d *document, r *report) {
	for i := 0; i+1 < len(d.segments); i++ {
		a, b := &d.segments[i], &d.segments[i+1]
		if a.target.Text.IsBlank() || b.target.Text.IsBlank() || a.unit.Message != nil || b.unit.Message != nil || a.target.Text.Chars == b.target.Text.Chars {
			continue
		}
		x, y := a.shared.text.digits, b.shared.text.digits
		var why string
		sev := r.check.Severity
		switch {
		case x != "" && y != "" && x != y && digitRuns(a.target.Text.Chars) == y && digitRuns(b.target.Text.Chars) == x:
			why = "the numbers"
		default:
			fits, sure := crossed(a, b)
			if !fits {
				continue
			}
			why = "the names and the length"
			if !sure || x != y && (x != "" && digitRuns(a.target.Text.Chars) == x || y != "" && digitRuns(b.target.Text.Chars) == y) {
				sev = diag.Info
			}
		}
		r.at = a
		r.addFindingWithSeverity(sev, "exchange the two translations", "%s are those of the next segment, %s/%s, which seems to have the translation of this one", diag.Arg("what", why), diag.Arg("id", b.unit.ID), diag.Arg("otherSegment", b.id))
		i++
	}
}

// anchorsOf returns the sounds of words that can be found again in a translation: names,
// and long words, which are often international.
func anchorsOf(ws []word) (out [][]sound) {
	var room []sound
	for i := range ws {
		w := &ws[i]
		n := utf8.RuneCountInString(w.text)
		if w.script != latin && w.script != cyrillic || n < 4 || len(out) >= 24 {
			continue
		}
		from := len(room)
		room = appendSounds(room, strings.TrimSuffix(strings.TrimSuffix(w.lower(), "'s"), "’s"))
		sounds := room[from:len(room):len(room)]
		if capitalized(w.text) && i > 0 && weight(sounds) >= 2 || n >= 6 && weight(sounds) >= 3 {
			out = append(out, sounds)
		}
	}
	return out
}

// trace keeps the sounds of the words of a target that has neighbours, for swapped. The
// words themselves are not kept.
func (d *document) trace(s *segment) {
	if len(d.segments) < 2 || len(s.anchors) == 0 || s.to.written == other {
		return
	}
	from := len(d.traces)
	for i := range s.tgtWords {
		w := &s.tgtWords[i]
		if w.end-w.start < 3 || w.script == none {
			continue
		}
		n := len(d.sounds)
		d.sounds = appendSounds(d.sounds, w.lower())
		if sounds := d.sounds[n:len(d.sounds):len(d.sounds)]; weight(sounds) >= 2 {
			d.traces = append(d.traces, sounds)
		}
	}
	s.traces = d.traces[from:len(d.traces):len(d.traces)]
}

// hits counts the anchors that sound like a word.
func hits(anchors, words [][]sound, not [][]sound) (n float64) {
	for _, a := range anchors {
		limit := float32(0.22)
		if weight(a) < 3 {
			limit = 0.1
		}
		like := func(w []sound) bool { return a[0] == w[0] && soundDistance(a, w) <= limit }
		if slices.ContainsFunc(not, like) { // both sources have it
			continue
		}
		if slices.ContainsFunc(words, like) {
			n++
		}
	}
	return n
}

// crossed reports whether the translations of two segments fit each other's source
// better than their own, and whether that is sure: of the neighbours of NTREX-128 that are
// in place, one in 7,000 seems to be crossed, one in 40,000 surely.
func crossed(a, b *segment) (fits, sure bool) {
	direct := misfit(a, a) + misfit(b, b)
	cross := misfit(a, b) + misfit(b, a)
	gain := direct - cross // of length, by exchanging them
	if gain < -0.7 {
		return false, false
	}
	marks := 0.0
	qa, qb := endMarks(a.src, a.from)&question != 0, endMarks(b.src, b.from)&question != 0
	ta, tb := endMarks(a.tgt, a.to)&question != 0, endMarks(b.tgt, b.to)&question != 0
	if qa != qb && ta != tb {
		if qa == ta {
			return false, false
		}
		marks = 2
	}
	own := hits(a.anchors, a.traces, b.anchors) + hits(b.anchors, b.traces, a.anchors)
	if own > 1 || own > 0 && gain < 0.8 {
		return false, false
	}
	found := hits(a.anchors, b.traces, b.anchors) + hits(b.anchors, a.traces, a.anchors) + marks
	switch {
	case found >= own+2, found >= own+1 && gain > 0.5:
		return true, gain > 0.3 || found >= 3 && gain > -0.1
	}
	fits = own == 0 && direct > 1.5 && cross < 0.55
	return fits, fits
}

// misfit returns how far the length of a target is from what a source lets expect, as a
// natural logarithm.
func misfit(source, target *segment) float64 {
	from, to := source.srcLength, target.length
	if from == 0 || to == 0 {
		return 0
	}
	return math.Abs(math.Log(float64(to)/float64(from)) - target.to.expansion + source.from.expansion)
}

// digitRuns is the numbers of a text in order of value, whatever their digits.
func digitRuns(text string) string {
	if !numeral.HasDigit(text) {
		return ""
	}
	runs := strings.FieldsFunc(strings.Map(func(r rune) rune {
		if d, ok := numeral.Digit(r); ok {
			return '0' + rune(d)
		}
		return ' '
	}, text), func(r rune) bool { return r == ' ' })
	slices.Sort(runs)
	return strings.Join(runs, " ")
}

// neighbourSeverity is that of one target for two sources: two long neighbours with
// one target are a slip of copying.
func neighbourSeverity(r *report, a, b *segment, apart int) diag.Severity {
	if apart == 1 && len(strings.Fields(a.source.Chars)) >= 4 && len(strings.Fields(b.source.Chars)) >= 4 {
		return diag.Warning
	}
	return r.check.Severity
}
