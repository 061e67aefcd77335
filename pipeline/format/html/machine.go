package html

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"hexapla/pipeline/bitext"
)

// machineSource is IPTC's term for text that a trained model made
// (http://cv.iptc.org/newscodes/digitalsourcetype/), the value of schema.org's
// digitalSourceType.
const machineSource = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

// machine marks a page with machine translation for programs, in JSON-LD. by are the
// page's slots.
func (a *assembler) machine(m *bitext.EditionMeta, by map[string][]bitext.Slot, edit func(int, int, string)) {
	if m.Machine == nil {
		return
	}
	if !bytes.Contains(a.data, []byte("digitalSourceType")) {
		property := `"digitalSourceType": "` + machineSource + `"`
		switch {
		case by[slotInLanguage] != nil:
			at := behindValue(a.data, by[slotInLanguage][0].End)
			edit(at, at, ", "+property)
		case by[slotNoLanguage] != nil: // see metadata
		case by[slotHead] != nil && (m.Site == nil || m.Site.Article == nil || !m.Site.Article.Add):
			edit(by[slotHead][0].Start, by[slotHead][0].Start, fmt.Sprintf(
				`<script type="application/ld+json">{"@context": "https://schema.org", "@type": "CreativeWork", "inLanguage": "%s", %s}</script>%s`,
				a.json(nil, &bitext.UnitSpan{}, m.Locale), property, a.lineBreak()))
		}
	}
}

// notices tells readers that a page is machine-translated or corrected.
func (a *assembler) notices(m *bitext.EditionMeta, by map[string][]bitext.Slot, edit func(int, int, string)) {
	for _, n := range m.Notices() {
		at, ok := a.noticeAt(n.Place, by)
		if !ok {
			continue
		}
		class := "machine-translation"
		if n == m.Correction {
			class = "correction"
		}
		edit(at, at, fmt.Sprintf(`<p class="%s" role="note" lang="%s" dir="%s">%s</p>`,
			class, html.EscapeString(m.Locale), html.EscapeString(m.Dir), html.EscapeString(n.Text)))
	}
}

// behindValue returns the offset behind a JSON string whose characters end at end, or
// behind the list of strings that it is in.
func behindValue(data []byte, end int) int {
	end++ // the closing quotation mark
	quoted := false
	for i := end; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ']':
			return i + 1
		case !bytes.ContainsRune([]byte(" \t\r\n,"), rune(c)):
			return end
		}
	}
	return end
}

// noticeAt returns where the notice goes; ok is false if it goes nowhere.
func (a *assembler) noticeAt(place bitext.NoticePlace, by map[string][]bitext.Slot) (at int, ok bool) {
	top := 0
	if by[slotBody] != nil {
		top = by[slotBody][0].Start
		if i := bytes.Index(bytes.ToLower(a.data[top:]), []byte("<body")); i >= 0 {
			if end := bytes.IndexByte(a.data[top+i:], '>'); end >= 0 {
				top += i + end + 1
			}
		}
	}
	switch place {
	case bitext.NoticeOff:
		return 0, false
	case bitext.NoticeEnd:
		if i := bytes.LastIndex(bytes.ToLower(a.data), []byte("</body")); i >= top {
			return i, true
		}
		return len(a.data), true
	case bitext.NoticeTop:
		return top, true
	}
	best := -1
	for i := range a.doc.Skeleton.Spans {
		span := &a.doc.Skeleton.Spans[i]
		u := &a.doc.Units[span.Unit]
		if u.Kind != bitext.Heading || best >= 0 && u.Level >= a.doc.Units[best].Level {
			continue
		}
		if _, ok := a.headingEnd(span.End, u.Level); ok {
			best = span.Unit
			if u.Level == 1 {
				break
			}
		}
	}
	for i := range a.doc.Skeleton.Spans {
		if span := &a.doc.Skeleton.Spans[i]; best >= 0 && span.Unit == best {
			return a.headingEnd(span.End, a.doc.Units[best].Level)
		}
	}
	return top, true
}

// headingEnd returns the end of the end tag of a heading whose text ends at an
// offset, if one follows before the next start of a heading.
func (a *assembler) headingEnd(from, level int) (int, bool) {
	rest := strings.ToLower(string(a.data[from:min(len(a.data), from+1<<12)]))
	tag := fmt.Sprintf("</h%d", level)
	i := strings.Index(rest, tag)
	if i < 0 || strings.Contains(rest[:i], "<h1") || strings.Contains(rest[:i], "<h2") {
		return 0, false
	}
	end := strings.IndexByte(rest[i:], '>')
	if end < 0 {
		return 0, false
	}
	return from + i + end + 1, true
}
