package pipeline

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// Adopted is a segment whose translation in a published page is not the one in the
// memory. Texts are tagged; Old is empty if the segment has no translation.
type Adopted struct {
	Place  diag.Place `json:"place"`
	Source string     `json:"source"`
	Old    string     `json:"old"`
	New    string     `json:"new"`

	entry bitext.Entry
}

// Adoption is what a published page has that the memory does not have. Findings list
// what of the page corresponds to nothing in the article, and the reverse.
type Adoption struct {
	Changed   []Adopted
	Unchanged int // segments
	Findings  []diag.Diagnostic
}

// FindAdoptions compares a page, an edition of an article in a locale that a person
// may have changed, with what the memory has. The page is split in its own locale,
// and its units are matched with the article's by structure: order, kind, name, codes
// and text. name is the page's, for messages. isCurrent reports that the page was
// made of the article as it is now; else segments without a translation are not
// adopted, because the page may translate a former text.
func (p *Project) FindAdoptions(ctx context.Context, a Source, locale, name string, page []byte, isCurrent bool) (*Adoption, error) {
	d, err := p.OpenSource(a)
	if err != nil {
		return nil, err
	}
	edited, ds := p.Open(name, d.Format, locale, page)
	out := &Adoption{}
	for _, f := range ds {
		if f.Severity == diag.Error {
			out.Findings = append(out.Findings, f)
		}
	}
	tr, _, err := p.fromMemory(ctx, d, locale, noProposals)
	if err != nil {
		return nil, err
	}
	open := newOpenArticle(tr)
	ad := &adopter{Project: p, open: open, out: out, edited: edited, isCurrent: isCurrent}
	pairs := matchUnits(tr, edited)
	used := make([]bool, len(edited.Units))
	for i := range d.Units {
		u := &d.Units[i]
		if pairs[i] < 0 {
			if u.Message == nil && !u.NoTranslate && bitext.IsTranslatable(u.Source.Chars) {
				ad.unmet(u, "", "the page has nothing that corresponds to %q", diag.Excerpt(u.Source.Chars))
			}
			continue
		}
		used[pairs[i]] = true
		if u.Message == nil && !u.NoTranslate {
			ad.unit(i, &edited.Units[pairs[i]])
		}
	}
	for i := range edited.Units {
		u := &edited.Units[i]
		if !used[i] && u.Message == nil && !u.NoTranslate && bitext.IsTranslatable(u.Source.Chars) {
			out.Findings = append(out.Findings, Locate(edited, []diag.Diagnostic{diag.Diagnostic{
				ID: "adopt.unknown-text", Severity: diag.Warning, Place: diag.Place{Path: name, Locale: locale, Unit: u.ID},
				Hint: "write it into the source article if readers of all locales should have it",
			}.Messagef("the article has nothing that corresponds to %q", diag.Arg("text", diag.Excerpt(u.Source.Chars)))})...)
		}
	}
	return out, nil
}

// Adopt stores the translations of a page, in one batch. state is that of the stored
// translations; their author is batch.Author.
func (p *Project) Adopt(ctx context.Context, changed []Adopted, batch memory.Batch, state bitext.State) (memory.Result, error) {
	entries := make([]bitext.Entry, len(changed))
	for i := range changed {
		entries[i] = changed[i].entry
		entries[i].State = state
		entries[i].Origin = bitext.Origin{Kind: bitext.FromHuman, Name: batch.Author, Time: batch.Time}
	}
	if len(entries) == 0 {
		return memory.Result{}, nil
	}
	return p.addForced(ctx, batch, entries)
}

// adopter compares the units of a page with those of its article.
type adopter struct {
	*Project
	open      *openArticle
	out       *Adoption
	edited    *bitext.Document
	isCurrent bool
}

func (ad *adopter) unmet(u *bitext.Unit, segment, format string, args ...any) {
	ad.out.Findings = append(ad.out.Findings, Locate(ad.open.tr.Document, []diag.Diagnostic{diag.Diagnostic{
		ID: "adopt.not-matched", Severity: diag.Warning, Place: diag.Place{Path: ad.open.path, Locale: ad.open.locale, Unit: u.ID, Segment: segment},
		Hint: "nothing of it is stored; 'hexapla memory edit' changes a translation",
	}.Messagef(format, args...)})...)
}

// unit compares the unit at index i of the article with one of the page.
func (ad *adopter) unit(i int, e *bitext.Unit) {
	tr := ad.open.tr
	u := &tr.Document.Units[i]
	if e.Source.Equal(u.Source) && !slices.ContainsFunc(tr.Targets[i], func(t bitext.Target) bool { return t.Filled && !t.Text.IsBlank() }) {
		return // the source's text stands in
	}
	text, ok := withCodesOf(u.Source, currentText(u, tr.Targets[i]), e.Source)
	if !ok {
		ad.unmet(u, "", "the page has other tags in %q", diag.Excerpt(e.Source.Chars))
		return
	}
	parts, ok := ad.divide(u, tr.Targets[i], text)
	if !ok {
		ad.unmet(u, "", "the page has another number of sentences: %q", diag.Excerpt(e.Source.Chars))
		return
	}
	for j, s := range u.Translatable() {
		at, ok := ad.open.find(u.ID, s.ID)
		if !ok {
			continue
		}
		c := &ad.open.segments[at]
		now, part := c.target, parts[j]
		switch {
		case now.Filled && sameWords(now.Text, part):
			ad.out.Unchanged++
			continue
		case part.IsBlank() && !s.Source.IsBlank():
			ad.unmet(u, s.ID, "the page has no text for %q", diag.Excerpt(s.Source.Chars))
			continue
		case !now.Filled && part.Equal(s.Source):
			continue // the source's text stands in
		case !now.Filled && !ad.isCurrent:
			ad.unmet(u, s.ID, "the source was changed since the page was made, and has no translation: %q", diag.Excerpt(s.Source.Chars))
			continue
		}
		if problem, bad := codeProblem(s.Source, part, false); bad {
			ad.unmet(u, s.ID, "in the page, tag %s is %s: %q", tagName(s.Source, problem.Code), problem.Kind, diag.Excerpt(part.Chars))
			continue
		}
		a := Adopted{
			Place:  Locate(tr.Document, []diag.Diagnostic{{Place: diag.Place{Path: ad.open.path, Locale: ad.open.locale, Unit: u.ID, Segment: s.ID}}})[0].Place,
			Source: s.Source.Tagged(), New: part.TaggedAs(s.Source),
			entry: bitext.Entry{
				SourceLocale: tr.Document.Locale, TargetLocale: ad.open.locale, Source: s.Source, Target: part,
				Prev: c.prev, Next: c.next, Place: c.place,
			},
		}
		if now.Filled {
			a.Old = now.Text.TaggedAs(s.Source)
		}
		ad.out.Changed = append(ad.out.Changed, a)
	}
}

// sameWords reports whether two texts are equal but for the form of their codes.
func sameWords(a, b bitext.Text) bool {
	if strings.TrimSpace(a.Chars) != strings.TrimSpace(b.Chars) || len(a.Codes) != len(b.Codes) {
		return false
	}
	for i := range a.Codes {
		if a.Codes[i].ID != b.Codes[i].ID || a.Codes[i].Kind != b.Codes[i].Kind {
			return false
		}
	}
	return true
}

// currentText returns what a unit's page has by the memory: its targets, and the
// sources where there are none.
func currentText(u *bitext.Unit, targets []bitext.Target) bitext.Text {
	texts := make([]bitext.Text, len(u.Segments))
	for i := range u.Segments {
		texts[i] = u.Segments[i].Source
		if targets[i].Filled {
			texts[i] = targets[i].Text
		}
	}
	return bitext.Join(texts...)
}

// withCodesOf returns a text of a page with the codes of the source in place of its
// own. Codes correspond by their markup, else by their kind and the name in it, in the
// order that they have in the current translation. It reports false if a code of the
// page corresponds to none.
func withCodesOf(source, current, page bitext.Text) (bitext.Text, bool) {
	pool := slices.Clone(source.Codes)
	order := map[string]int{}
	for i, c := range current.Codes {
		if _, ok := order[c.ID]; !ok {
			order[c.ID] = i
		}
	}
	slices.SortStableFunc(pool, func(a, b bitext.Code) int { return order[a.ID] - order[b.ID] })
	used := make([]bool, len(pool))
	find := func(fits func(c *bitext.Code) bool) *bitext.Code {
		for i := range pool {
			if !used[i] && fits(&pool[i]) {
				used[i] = true
				return &pool[i]
			}
		}
		return nil
	}
	out := page.Clone()
	starts := map[string]string{} // the source's ID by the page's
	done := make([]bool, len(out.Codes))
	for _, exact := range []bool{true, false} {
		for i := range out.Codes {
			c := &out.Codes[i]
			if done[i] || c.Kind == bitext.End {
				continue
			}
			own := find(func(o *bitext.Code) bool {
				return o.Kind == c.Kind && (o.Data == c.Data || !exact && markupName(o.Data) == markupName(c.Data))
			})
			if own == nil {
				continue
			}
			if c.Kind == bitext.Start {
				starts[c.ID] = own.ID
			}
			pos := c.Pos
			*c, done[i] = *own, true
			c.Pos = pos
		}
	}
	for i := range out.Codes {
		c := &out.Codes[i]
		if c.Kind == bitext.End {
			id, paired := starts[c.ID]
			own := find(func(o *bitext.Code) bool {
				return o.Kind == bitext.End && (paired && o.ID == id || !paired && o.Data == c.Data)
			})
			if own == nil {
				return out, false
			}
			pos := c.Pos
			*c, done[i] = *own, true
			c.Pos = pos
		}
	}
	return out, !slices.Contains(done, false)
}

// markupName returns the markup of a code up to its first space, or to what closes
// or follows its name: "<a".
func markupName(data string) string {
	if end := strings.IndexFunc(data, func(r rune) bool { return unicode.IsSpace(r) || r == '>' || r == '(' }); end >= 0 {
		data = data[:end]
	}
	return strings.ToLower(data)
}

// divide divides the text of a page's unit among the segments of the article's unit;
// the result runs parallel to the segments. Segments whose translation is at the
// beginning or the end of the text unchanged have that; what is between is divided by
// the rules of the page's language. It reports false if the numbers differ.
func (ad *adopter) divide(u *bitext.Unit, targets []bitext.Target, text bitext.Text) ([]bitext.Text, bool) {
	parts := make([]bitext.Text, len(u.Segments))
	var open []int // segments that have no part yet
	for i := range u.Translatable() {
		open = append(open, i)
	}
	from, to := skipSpace(text.Chars, 0), len(strings.TrimRightFunc(text.Chars, unicode.IsSpace))
	take := func(i, start, end int) { parts[i] = cutText(text, start, end) }
	for len(open) > 1 {
		t := &targets[open[0]]
		known := strings.TrimSpace(t.Text.Chars)
		if !t.Filled || known == "" || !strings.HasPrefix(text.Chars[from:to], known) || from+len(known) == to {
			break
		}
		take(open[0], from, from+len(known))
		from = skipSpace(text.Chars, from+len(known))
		open = open[1:]
	}
	for len(open) > 1 {
		t := &targets[open[len(open)-1]]
		known := strings.TrimSpace(t.Text.Chars)
		if !t.Filled || known == "" || !strings.HasSuffix(text.Chars[from:to], known) || from+len(known) == to {
			break
		}
		take(open[len(open)-1], to-len(known), to)
		to = len(strings.TrimRightFunc(text.Chars[:to-len(known)], unicode.IsSpace))
		open = open[:len(open)-1]
	}
	switch len(open) {
	case 0:
		return parts, true
	case 1:
		take(open[0], min(from, to), to)
		return parts, true
	}
	rest := bitext.Unit{Kind: u.Kind, Source: bitext.Plain(text.Chars[from:to])}
	ad.Rules.For(ad.open.locale).Segment(&rest)
	n := 0
	for _, s := range rest.Translatable() {
		if n < len(open) {
			take(open[n], from+s.From.Pos, from+s.To.Pos)
		}
		n++
	}
	return parts, n == len(open)
}

func skipSpace(s string, from int) int {
	return len(s) - len(strings.TrimLeftFunc(s[from:], unicode.IsSpace))
}

// cutText returns the part of a text between two offsets, with the codes in it: at
// its beginning those that open, at its end those that close, and at the ends of the
// text all.
func cutText(t bitext.Text, start, end int) bitext.Text {
	out := bitext.Text{Chars: t.Chars[start:end]}
	first := strings.TrimSpace(t.Chars[:start]) == ""
	last := strings.TrimSpace(t.Chars[end:]) == ""
	for _, c := range t.Codes {
		in := c.Pos > start && c.Pos < end || c.Pos == start && (first || c.Kind != bitext.End) || c.Pos == end && c.Pos > start && (last || c.Kind == bitext.End)
		if first && c.Pos < start || last && c.Pos > end {
			in = true
		}
		if in {
			c.Pos = min(max(c.Pos, start), end) - start
			out.Codes = append(out.Codes, c)
		}
	}
	return out
}
