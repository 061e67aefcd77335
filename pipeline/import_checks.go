package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"unicode"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
)

// checkLanguage rejects the translations into a locale if they seem to be in
// another language of the same script: most of those that differ from what is in
// use have letters that the language does not have, or are what the memory has for
// another locale.
func (im *importer) checkLanguage(ctx context.Context) error {
	if im.options.Force {
		return nil
	}
	type pair struct{ source, target string }
	byPair := map[pair][]int{}
	kept := &im.list.outcomes
	for i := range kept.all {
		if o := &kept.all[i]; o.entry != noEntry && !o.has(outcomeConfirmed) {
			source, target := kept.entries.locales(o.entry)
			p := pair{source, target}
			byPair[p] = append(byPair[p], i)
		}
	}
	for p, all := range byPair {
		format, args, err := im.otherLanguage(ctx, p.source, p.target, all)
		if err != nil {
			return err
		}
		if format == "" {
			continue
		}
		for _, i := range all {
			why := diag.Diagnostic{
				ID: RejectedLanguage, Severity: diag.Error, Place: kept.place(i),
				Hint: "see whether the file has the right target language; --force accepts it all the same",
			}.Messagef(format, args...)
			kept.reject(i, p.target, why)
			if !im.options.Brief {
				d := &im.list.Decisions[i]
				d.Verdict, d.Moved, d.Diagnostic = Rejected, "", why
			}
		}
	}
	return nil
}

// maxSampled limits how many translations of a file are read to find out its language:
// they are from all parts of it.
const maxSampled = 2000

// evenly returns most of the elements at most, in equal distances.
func evenly(all []int, most int) []int {
	if len(all) <= most {
		return all
	}
	out := make([]int, most)
	for i := range out {
		out[i] = all[i*len(all)/most]
	}
	return out
}

// otherLanguage returns the reason why the targets of some decisions are not in a locale's
// language, as a message with its arguments; the format is empty if they seem to be.
func (im *importer) otherLanguage(ctx context.Context, source, locale string, decisions []int) (format string, args []any, err error) {
	decisions = evenly(decisions, maxSampled)
	entries := make([]bitext.Entry, len(decisions))
	for n, i := range decisions {
		entries[n], _, _ = im.list.outcomes.entries.get(im.list.outcomes.all[i].entry)
	}
	d := &bitext.Document{Locale: source}
	for n := range decisions {
		u := bitext.Unit{ID: strconv.Itoa(n), Kind: bitext.Paragraph, Source: entries[n].Source}
		u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
		d.Units = append(d.Units, u)
	}
	tr := bitext.NewTranslation(d, locale)
	for n := range decisions {
		e := &entries[n]
		tr.Targets[n][0] = bitext.Target{Text: e.Target, Filled: true, State: e.State}
	}
	wrong, other := map[string]bool{}, map[string]bool{}
	for _, f := range quality.Check(tr, quality.Options{Enabled: []string{"quality.letters", "quality.script"}}) {
		if f.ID == "quality.letters" {
			wrong[f.Place.Unit] = true
		} else {
			other[f.Place.Unit] = true
		}
	}
	if n := len(other); n > 1 && 2*n > len(decisions) && n > len(wrong) {
		return "%d of %d translations seem to be in another language than %s", languageArgs(n, len(decisions), locale), nil
	}
	if n := len(wrong); n > 1 && 2*n > len(decisions) {
		return "%d of %d translations have letters that %s does not have: the file seems to be in another language", languageArgs(n, len(decisions), locale), nil
	}
	if im.Memory == nil {
		return "", nil, nil
	}
	const most = 200 // each is looked up in every other locale
	sample := entries[:min(len(entries), most)]
	queries := make([]memory.Query, len(sample))
	for n := range sample {
		e := &sample[n]
		queries[n] = memory.Query{Source: e.Source, Prev: e.Prev, Next: e.Next, Place: e.Place, Limit: 5}
	}
	for _, other := range im.Config.Project.Locales {
		if other == source || intelligible(other, locale) {
			continue
		}
		found, err := im.Memory.Lookup(ctx, source, other, queries)
		if err != nil {
			return "", nil, fmt.Errorf("memory: %w", err)
		}
		same, words := 0, 0
		for n, matches := range found {
			e := &sample[n]
			if slices.ContainsFunc(matches, func(m bitext.Match) bool {
				return m.Type >= bitext.ExactMatch && m.Target.Chars == e.Target.Chars && m.Target.Chars != e.Source.Chars
			}) {
				same++
				words += bitext.CountWords(e.Target.Chars)
			}
		}
		if 2*same > len(sample) && words >= 3 {
			return "%d of %d translations are those that the memory has for %s (%s): the file seems to be in that language", append(languageArgs(same, len(sample), other), diag.Arg("tag", other)), nil
		}
	}
	return "", nil, nil
}

// languageArgs returns the arguments of a message about how many of all translations of a
// file are in some language.
func languageArgs(count, all int, locale string) []any {
	return []any{diag.Arg("count", count), diag.Arg("all", all), diag.Arg("language", locales.EnglishName(locale))}
}

// intelligible reports whether two locales are so close that a whole sentence is
// often the same in both: one language, or the members of the macrolanguage hbs (ISO
// 639-3: Bosnian, Croatian, Montenegrin, Serbian).
func intelligible(a, b string) bool {
	hbs := []string{"bs", "cnr", "hr", "sh", "sr"}
	return tag.SameLanguage(a, b) || slices.Contains(hbs, tag.Language(a)) && slices.Contains(hbs, tag.Language(b))
}

// findOtherPlaces finds the places outside of the file that have the source of an
// edited or kept translation and are filled by the memory. What is stored for one
// place would be an exact match for them: so each is stored with the translation
// that it has, or, to propagate, with the new one.
func (im *importer) findOtherPlaces(ctx context.Context) error {
	type pair struct{ source, target string }
	changed := map[pair]map[string]*bitext.Entry{} // by key
	touched := map[string]bool{}                   // target locales
	kept := &im.list.outcomes
	for i := range kept.all {
		o := &kept.all[i]
		if o.entry == noEntry || !o.has(outcomeEdited) && verdicts[o.verdict] != Kept {
			continue
		}
		e, _, _ := kept.entries.get(o.entry)
		e.Prev, e.Next, e.Place = "", "", "" // of no use here
		p := pair{e.SourceLocale, e.TargetLocale}
		if touched[e.TargetLocale] = true; changed[p] == nil {
			changed[p] = map[string]*bitext.Entry{}
		}
		if key := e.Source.Key(); o.has(outcomeEdited) || changed[p][key] == nil {
			changed[p][key] = &e
		}
	}
	if len(changed) == 0 {
		return nil
	}
	filter := newSourceFilter(func(yield func(bitext.Text) bool) {
		for _, keys := range changed {
			for _, e := range keys {
				if !yield(e.Source) {
					return
				}
			}
		}
	})
	for _, a := range im.order {
		var doc *bitext.Document
		unrelated := false
		for _, locale := range im.targets() {
			if !touched[locale] || unrelated {
				continue
			}
			open := im.alreadyOpen(a.Path, locale)
			if open == nil {
				if doc == nil {
					data, err := a.Read()
					if err != nil {
						return fmt.Errorf("%s: %w", a.Path, err)
					}
					if unrelated = !filter.mayHave(data); unrelated {
						continue
					}
					doc, _ = im.Project.Open(a.Path, "", "", data)
				}
				if locale == doc.Locale || !hasAnySource(doc, changed[pair{doc.Locale, locale}]) {
					continue
				}
				tr, _, err := im.fromMemory(ctx, doc, locale, noProposals)
				if err != nil {
					return err
				}
				open = newOpenArticle(tr)
			}
			keys := changed[pair{open.tr.Document.Locale, locale}]
			done := im.places[articleLocale{a.Path, locale}]
			for i := range open.segments {
				c := &open.segments[i]
				e := keys[open.keys[i]]
				if e == nil || done.isDone(i) {
					continue
				}
				if other, ok := im.otherPlace(*c, e); ok {
					im.list.others = append(im.list.others, other)
				}
			}
		}
	}
	return nil
}

// otherPlace returns what to store for a segment with the source of e.
func (im *importer) otherPlace(c segmentContext, e *bitext.Entry) (bitext.Entry, bool) {
	t := c.target
	if !t.Filled || t.Match < bitext.ExactMatch {
		return bitext.Entry{}, false // nothing that would be lost
	}
	out := bitext.Entry{
		SourceLocale: e.SourceLocale, TargetLocale: e.TargetLocale, Source: c.segment.Source, Target: t.Text,
		State: t.State, SubState: t.SubState, Origin: t.Origin, Prev: c.prev, Next: c.next, Place: c.place,
	}
	out.Origin.Entry = 0
	if !im.options.Propagate {
		return out, true
	}
	text, err := bitext.ParseTagged(e.Target.TaggedAs(e.Source), c.segment.Source)
	if err != nil || len(bitext.CompareCodes(c.segment.Source, text)) > 0 || text.Equal(t.Text) {
		return out, true
	}
	out.Target, out.State, out.SubState, out.Origin = text, e.State, e.SubState, e.Origin
	return out, true
}

// hasAnySource reports whether a document has a segment with one of the sources.
func hasAnySource(d *bitext.Document, keys map[string]*bitext.Entry) bool {
	for i := range d.Units {
		for _, s := range d.Units[i].Translatable() {
			if keys[s.Source.Key()] != nil {
				return true
			}
		}
	}
	return false
}

// codeProblem is the first way in which the target's codes are wrong. Force lets
// codes go that may be deleted.
func codeProblem(source, target bitext.Text, force bool) (bitext.CodeProblem, bool) {
	// A copy that a format allows is still a slip when a person types tags.
	type key struct {
		kind bitext.CodeKind
		id   string
	}
	same := slices.EqualFunc(source.Codes, target.Codes, func(a, b bitext.Code) bool { return a.Kind == b.Kind && a.ID == b.ID })
	if !same && !force {
		left := map[key]int{}
		for _, c := range source.Codes {
			left[key{c.Kind, c.ID}]++
		}
		for _, c := range target.Codes {
			k := key{c.Kind, c.ID}
			if left[k]--; left[k] < 0 {
				return bitext.CodeProblem{Kind: bitext.CodeDoubled, Code: c}, true
			}
		}
	}
	for _, p := range bitext.CompareCodes(source, target) {
		if force && p.Kind == bitext.CodeLost && !p.Code.NoDelete {
			continue
		}
		return p, true
	}
	return bitext.CodeProblem{}, false
}

// tagName is a code as a translator sees it.
func tagName(source bitext.Text, c bitext.Code) string {
	t := bitext.Text{Codes: []bitext.Code{c}}
	t.Codes[0].Pos = 0
	name := t.TaggedAs(source)
	if c.Disp != "" {
		name += " (" + c.Disp + ")"
	}
	return name
}

// otherScript reports whether a text is surely not in the script of a locale: it
// has a dozen letters or more, and less than one in five is of that script. Names
// and addresses in another script are no reason.
func otherScript(locale, text string) bool {
	script := tag.Script(locale)
	if !tag.HasLetters(script) {
		return false
	}
	all, own := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			all++
			if tag.LetterScript(r) == script {
				own++
			}
		}
	}
	return all >= 12 && own*5 < all
}

// isSourceCopy reports whether a target is its source unchanged, though there is
// something to translate in it: two words at least, for a single one may be a
// name.
func isSourceCopy(source, target bitext.Text) bool {
	return source.Chars == target.Chars && bitext.IsTranslatable(source.Chars) && bitext.CountWords(source.Chars) > 1 && !codes().MatchString(source.Chars)
}

// codes matches a text of nothing but codes, which are the same in any language: F-16,
// ISBN 978-3-16-148410-0.
var codes = lazy.Regexp(`^(?:(?:[A-Z]{2,6}[.:]?\s+)?[A-Z0-9.,:;/#()+_-]*[0-9][A-Z0-9.,:;/#()+_-]*(?:\s+|$))+$`)
