package pipeline

import (
	"errors"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
)

// decide decides on a segment of the file that translates the segment of the article at
// index at. verdict is the one if the text is sound.
func (im *importer) decide(f *fileSegment, at int, verdict Verdict) {
	key := articleLocale{f.article.path, f.locale}
	places := im.places[key]
	if places == nil {
		places = &decidedPlaces{}
		im.places[key] = places
	}
	if n := len(f.article.segments); n > len(places.first) {
		places.first = append(places.first, make([]int32, n-len(places.first))...)
	}
	o := im.segment(f, at, places, verdict)
	if places.first[at] == justSeen && o.Verdict != Rejected && o.Verdict != NoTarget {
		places.first[at] = int32(len(im.list.outcomes.all) + 1)
	}
	im.add(o)
}

// segment is decide for an article of which places have been decided on.
func (im *importer) segment(f *fileSegment, at int, places *decidedPlaces, verdict Verdict) outcome {
	if !f.target.Filled || (f.target.Text.IsBlank() && !f.source.IsBlank()) {
		return f.decision(NoTarget)
	}
	c := &f.article.segments[at]
	first := places.first[at]
	if first == 0 {
		places.first[at] = justSeen
	}
	text, err := bitext.ParseTagged(f.target.Text.TaggedAs(f.source), c.segment.Source)
	if err != nil {
		var unknown *bitext.UnknownTagError
		if errors.As(err, &unknown) {
			return f.reject(RejectedCodes, "keep the tags of the source", "tag %s is not in the source %q", diag.Arg("tag", unknown.Tag), diag.Arg("source", unknown.Source))
		}
		return f.reject(RejectedCodes, "keep the tags of the source", "%v", diag.Arg("error", err))
	}
	if problem, bad := codeProblem(c.segment.Source, text, im.options.Force); bad {
		return f.reject(RejectedCodes, "keep the tags of the source", "tag %s is %s", diag.Arg("tag", tagName(c.segment.Source, problem.Code)), diag.Arg("kind", problem.Kind))
	}
	if first > 0 {
		return im.again(f, c, text, im.firstText(c, first))
	}
	return im.textOf(f, c, text, verdict)
}

// firstText returns the text that the file had for a segment before: that of an outcome,
// of which the number is one more than its index.
func (im *importer) firstText(c *segmentContext, outcome int32) textInFile {
	if at := im.list.outcomes.all[outcome-1].entry; at != noEntry {
		e, _, _ := im.list.outcomes.entries.get(at)
		return textInFile{e.Target, e.State, e.Origin.Time}
	}
	return textInFile{c.target.Text, c.target.State, c.target.Origin.Time}
}

// again decides on another text that the file has for a segment: it is kept in the
// history, below the first one.
func (im *importer) again(f *fileSegment, c *segmentContext, text bitext.Text, first textInFile) outcome {
	if first.text.Equal(text) {
		return f.decision(Unchanged)
	}
	state, _ := im.stateOf(&bitext.Target{}, f.target, false)
	state = min(state, first.state)
	if !im.options.Force {
		if d, bad := im.checkText(f, c.segment.Source, text, state); bad {
			return d
		}
	}
	d := f.decision(Kept)
	if d.State = state; !f.brief {
		d.Target = text.TaggedAs(c.segment.Source)
	}
	d.Diagnostic = f.diagnostic(diag.Warning, RejectedTwice, "see which one is right, and correct it with 'hexapla memory edit'",
		"the file has another translation of this segment: the first one is used, this one is kept in the history")
	d.entry = &bitext.Entry{
		SourceLocale: f.article.tr.Document.Locale, TargetLocale: f.locale, Source: c.segment.Source, Target: text, State: state,
		Origin: bitext.Origin{Kind: bitext.FromHuman, Name: im.options.Author, Time: first.time.Add(-time.Second)},
		Prev:   c.prev, Next: c.next, Place: c.place,
	}
	return d
}

// textOf decides on the text of a segment whose tags are sound.
func (im *importer) textOf(f *fileSegment, c *segmentContext, text bitext.Text, verdict Verdict) outcome {
	now := c.target
	same := now.Filled && now.Text.Equal(text)
	state, sub := im.stateOf(now, f.target, same)
	inPlace := now.Filled && now.Match == bitext.InContextMatch // not the translation of another place
	if same && isStaleClaim(now, f) {
		return f.decision(Unchanged)
	}
	// The same text, no further than it was: nothing to store, whatever a tool made of
	// its state. That a person asks for another look is something; and so is that a
	// translation of another place comes back as that of this one.
	if same && now.Match != bitext.ExactMatch && im.options.State == bitext.Initial && state <= now.State && (sub != bitext.SubStateCheck || now.SubState == sub) {
		return f.decision(Unchanged)
	}
	origin := bitext.Origin{Kind: bitext.FromHuman, Name: im.options.Author, Time: im.now}
	if !im.options.Force {
		if d, bad := im.checkText(f, c.segment.Source, text, state); bad {
			return d
		}
		switch {
		case c.unit.MaxLength > 0 && graphemes(text.Chars) > c.unit.MaxLength:
			return f.reject(RejectedLength, "shorten it", "it has %d characters, at most %d are allowed", diag.Arg("length", graphemes(text.Chars)), diag.Arg("limit", c.unit.MaxLength))
		}
	}
	d := f.decision(verdict)
	d.State, d.confirmed = state, same
	if !f.brief {
		d.Target = text.TaggedAs(c.segment.Source)
	}
	d.edited = now.Filled && !same && now.Match != bitext.NoMatch
	d.demoted = inPlace && state < now.State
	if verdict == Moved {
		d.Moved = c.place
	}
	if !im.options.Force && inPlace && now.Origin.Kind == bitext.FromHuman && (im.options.Author == "" || now.Origin.Name != im.options.Author) && !f.unit.Time.IsZero() && now.Origin.Time.After(f.unit.Time) && !same {
		// Dated as the export, it goes into the history below the newer one.
		origin.Time = f.unit.Time
		d.Verdict, d.edited = Kept, false
		d.Diagnostic = f.diagnostic(diag.Warning, RejectedNewer, "--force uses the file's", "a person has translated it since the export: %q stays in use, the file's translation is kept in the history", diag.Arg("target", now.Text.TaggedAs(c.segment.Source)))
	}
	if !im.options.Force && d.Verdict != Kept && inPlace && f.target.State < now.State && state < now.State && now.SubState == "" {
		d.Verdict, d.edited, d.demoted = Kept, false, false
		d.Diagnostic = f.diagnostic(diag.Warning, RejectedState, "--force uses the file's", "its state would go back from %s to %s: %q stays in use, the file's translation is kept in the history",
			diag.Arg("state", now.State), diag.Arg("otherState", state), diag.Arg("target", now.Text.TaggedAs(c.segment.Source)))
	}
	if sub == bitext.SubStateMT {
		origin = bitext.Origin{Kind: bitext.FromEngine, Name: f.target.Origin.Name, Time: im.now, Terms: madeWith{terms: fingerprint(now.Terms), glossary: im.glossaryVersion()}.String()}
	} else if sub == bitext.SubStateAligned {
		origin = bitext.Origin{Kind: bitext.FromImport, Name: f.target.Origin.Name, Time: im.now}
	}
	d.entry = &bitext.Entry{
		SourceLocale: f.article.tr.Document.Locale, TargetLocale: f.locale, Source: c.segment.Source, Target: text, State: state, SubState: sub,
		Origin: origin, Prev: c.prev, Next: c.next, Place: c.place,
	}
	if same && origin.Kind == bitext.FromHuman && now.Origin.Kind == bitext.FromHuman {
		*d.entry = memory.WithTranslator(*d.entry, now.Origin)
	}
	return d
}

// keep decides on a segment that has no place in the article: it is kept as a
// translation of its own source, if it is sound.
func (im *importer) keep(f *fileSegment) outcome {
	if !f.target.Filled || (f.target.Text.IsBlank() && !f.source.IsBlank()) {
		return f.decision(NoTarget)
	}
	if problem, bad := codeProblem(f.source, f.target.Text, im.options.Force); bad {
		return f.reject(RejectedCodes, "keep the tags of the source", "tag %s is %s", diag.Arg("tag", tagName(f.source, problem.Code)), diag.Arg("kind", problem.Kind))
	}
	state, sub := im.stateOf(&bitext.Target{}, f.target, false)
	if !im.options.Force {
		if d, bad := im.checkText(f, f.source, f.target.Text, state); bad {
			return d
		}
	}
	origin := bitext.Origin{Kind: bitext.FromHuman, Name: im.options.Author, Time: im.now}
	if sub == bitext.SubStateMT {
		origin.Kind, origin.Name = bitext.FromEngine, f.target.Origin.Name
	} else if sub == bitext.SubStateAligned {
		origin.Kind, origin.Name = bitext.FromImport, f.target.Origin.Name
	}
	d := f.decision(Kept)
	d.State = state
	format, args := im.whyKept(f)
	d.Diagnostic = f.diagnostic(diag.Warning, f.reason, f.hint, format, args...)
	d.entry = &bitext.Entry{
		SourceLocale: im.sourceLocale(f), TargetLocale: f.locale, Source: f.source, Target: f.target.Text, State: state, SubState: sub,
		Origin: origin, Prev: f.prev, Next: f.next, Place: place(f.unit.Path, f.unit.ID, f.id),
	}
	return d
}

// checkText checks what is wrong with a translation whatever its place.
func (im *importer) checkText(f *fileSegment, source, text bitext.Text, state bitext.State) (outcome, bool) {
	switch {
	case bitext.LacksText(source, text):
		return f.reject(RejectedLetters, "it has no letter, number or symbol; --force accepts it all the same", "the translation is empty"), true
	case bitext.LostLetters(source.Chars, text.Chars):
		return f.reject(RejectedLetters, "save the file in UTF-8 where it was edited; --force accepts it all the same", "question marks or replacement characters stand for letters of the target: %q", diag.Arg("target", diag.Excerpt(text.Chars))), true
	case otherScript(f.locale, text.Chars):
		return f.reject(RejectedLocale, "see whether the file is the right one; --force accepts it all the same", "the target is not written in the letters of %s", diag.Arg("locale", f.locale)), true
	case isSourceCopy(source, text) && state < bitext.Reviewed:
		return f.reject(RejectedCopy, "translate it, or raise its state to reviewed if it is meant so", "the target is the source unchanged"), true
	}
	return outcome{}, false
}

// isStaleClaim reports whether a file gives a text the state of the text that it was
// before it was edited: the same file imported again.
func isStaleClaim(now *bitext.Target, f *fileSegment) bool {
	before, ok := strings.CutPrefix(now.SubState, bitext.SubStateEdited+"-")
	state, known := bitext.ParseState(before)
	return ok && known && f.target.State <= state && !f.unit.Time.After(now.Origin.Time)
}

// stateOf returns the state and subState that a target is stored with. now is what
// the segment has now. Many tools change a target and leave its state as it was: a
// text that is not the one that was sent has been translated, and no more than that
// unless its state was raised. What is marked as an engine's, as aligned or as to be checked
// stays so until somebody changes the text, raises its state or gives another one.
func (im *importer) stateOf(now *bitext.Target, came bitext.Target, same bool) (bitext.State, string) {
	if im.options.State != bitext.Initial {
		return im.options.State, ""
	}
	state := came.State
	edited := ""
	if !same {
		if now.Filled && came.State <= now.State && came.State > bitext.Translated {
			edited = bitext.SubStateEdited + "-" + came.State.String()
			state = bitext.Translated
		}
		state = max(state, bitext.Translated)
	}
	switch sub := came.SubState; {
	case im.options.Force:
	case sub == bitext.SubStateCheck:
		return state, sub
	case sub == bitext.SubStateMT, sub == bitext.SubStateAligned, strings.HasPrefix(sub, bitext.SubStateFuzzy):
		if edited := now.Filled && !same; !edited && came.State <= bitext.Translated {
			return state, sub
		}
	}
	return state, edited
}

func (f *fileSegment) decision(v Verdict) outcome {
	o := outcome{Decision: Decision{Verdict: v, Place: placeOf(f.unit, f.id), State: f.target.State}, locale: f.locale}
	if !f.brief {
		o.Source, o.Target = f.source.Tagged(), f.target.Text.TaggedAs(f.source)
	}
	return o
}

func (f *fileSegment) diagnostic(severity diag.Severity, id, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{ID: id, Severity: severity, Place: placeOf(f.unit, f.id), Hint: hint}.Messagef(format, args...)
}

func (f *fileSegment) reject(id, hint, format string, args ...any) outcome {
	d := f.decision(Rejected)
	d.Diagnostic = f.diagnostic(diag.Error, id, hint, format, args...)
	return d
}

func reject(u *exchange.Unit, s *bitext.Segment, t *bitext.Target, id, hint, format string, args ...any) outcome {
	return outcome{Decision: Decision{
		Verdict: Rejected, Place: placeOf(u, s.ID), Source: s.Source.Tagged(), Target: t.Text.TaggedAs(s.Source), State: t.State,
		Diagnostic: diag.Diagnostic{ID: id, Severity: diag.Error, Place: placeOf(u, s.ID), Hint: hint}.Messagef(format, args...),
	}}
}

func placeOf(u *exchange.Unit, segment string) diag.Place {
	return diag.Place{Path: u.Path, Locale: u.TargetLocale, Unit: u.ID, Segment: segment}
}
