package exchange

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// ConvertOptions are what a conversion may ask for beside the encoder's Options.
// SourceLocale and TargetLocale, if set, go before what the file names.
type ConvertOptions struct {
	Options
	SourceLocale string
	TargetLocale string
}

// UnknownLocale is BCP 47's tag for a language that is not known.
const UnknownLocale = "und"

// gettextSource is the language of a source that no file names: gettext's manual
// assumes English msgids.
const gettextSource = "en"

// Loss is a part of a file that another type has no place for, and how often the
// file has it.
type Loss struct {
	Part  string `json:"part"`
	Count int    `json:"count"`
}

// Survey is what Inspect found. Codec.Encode takes the file if there are no Findings
// of severity Error. GeneratedIDs counts units that have no id in the file. Drafts counts targets that a translator has begun and not
// finished. SourceAssumed says that the file names no source locale, TargetUnknown that
// it has targets and names no locale for them.
type Survey struct {
	Segments      int
	Drafts        int
	GeneratedIDs  int
	SourceAssumed bool
	TargetUnknown bool
	Losses        []Loss
	Findings      []diag.Diagnostic
}

// Inspect reads a file to its end and returns what a conversion to another type
// would lose. Nothing need be written to know it.
func Inspect(to Codec, units iter.Seq2[*Unit, error], o ConvertOptions) Survey {
	var s Survey
	counts := make([]int, len(to.UnsupportedFields))
	headers := map[*Header]bool{}
	skipped := map[string]int{}
	for u, err := range units {
		if err != nil {
			s.Findings = append(s.Findings, diag.From(err, "exchange.read")...)
			continue
		}
		s.GeneratedIDs += one(u.GeneratedID)
		for i := range u.Translatable() {
			s.Segments++
			t := &u.Targets[i]
			if isDraft(t) {
				s.Drafts++
			}
		}
		for i := range u.Targets {
			s.TargetUnknown = s.TargetUnknown || u.Targets[i].Filled && cmp.Or(o.TargetLocale, u.TargetLocale) == ""
		}
		s.SourceAssumed = s.SourceAssumed || u.SourceLocale == "" && o.SourceLocale == ""
		for i, f := range to.UnsupportedFields {
			counts[i] += f.Count(u)
		}
		headers[u.Header] = true
	}
	for i, f := range to.UnsupportedFields {
		if counts[i] > 0 {
			s.Losses = append(s.Losses, Loss{f.Name, counts[i]})
		}
	}
	for h := range headers {
		for part, n := range h.Skipped {
			skipped[part] = max(skipped[part], n)
		}
	}
	for _, part := range slices.Sorted(maps.Keys(skipped)) {
		s.Losses = append(s.Losses, Loss{part, skipped[part]})
	}
	return s
}

// Convert writes units as a file of another type; it returns the number of segments.
// The first error ends it.
func Convert(w io.Writer, to Codec, units iter.Seq2[*Unit, error], o ConvertOptions) (segments int, err error) {
	e, err := to.Encode(w, o.Options)
	if err != nil {
		return 0, err
	}
	for u, err := range units {
		if err != nil {
			return segments, err
		}
		o.setLocales(u.Header)
		for range u.Translatable() {
			segments++
		}
		if err := e.Write(u); err != nil {
			return segments, fmt.Errorf("unit %s: %w", u.ID, err)
		}
	}
	return segments, e.Close()
}

func (o *ConvertOptions) setLocales(h *Header) {
	h.SourceLocale = cmp.Or(o.SourceLocale, h.SourceLocale, gettextSource)
	h.TargetLocale = cmp.Or(o.TargetLocale, h.TargetLocale)
}

// Merge copies a file of a type that has Rewrite from r to w with the targets of
// other units: those with the ids of its own units and segments, and their sources.
// It returns the number of segments that got a target. Units with another source, or
// that the file does not have, are an error, and so nothing is lost unseen.
func Merge(w io.Writer, c Codec, name string, r io.Reader, units iter.Seq2[*Unit, error]) (segments int, err error) {
	type key struct{ unit, segment string }
	type target struct {
		source bitext.Text
		bitext.Target
	}
	targets := map[key]target{}
	for u, err := range units {
		if err != nil {
			return 0, err
		}
		for i, s := range u.Translatable() {
			if u.Targets[i].Filled {
				targets[key{u.ID, s.ID}] = target{s.Source, u.Targets[i]}
			}
		}
	}
	all := len(targets)
	err = c.Rewrite(name, r, w, func(u *Unit) error {
		for i, s := range u.Translatable() {
			k := key{u.ID, s.ID}
			t, ok := targets[k]
			if !ok {
				continue
			}
			if t.source.Tagged() != s.Source.Tagged() {
				return fmt.Errorf("unit %s, segment %s: the source of the translation is not the source in %s", u.ID, s.ID, name)
			}
			text, err := ParseTarget(t.Text.TaggedAs(t.source), s.Source, AddedCodes(t.source, t.Text))
			if err != nil {
				return fmt.Errorf("unit %s, segment %s: %w", u.ID, s.ID, err)
			}
			delete(targets, k)
			to := &u.Targets[i]
			if to.Filled && to.Text.Equal(text) && to.State == t.State && to.SubState == t.SubState {
				continue
			}
			to.Text, to.Filled, to.State, to.SubState = text, true, t.State, t.SubState
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for k := range targets {
		return 0, fmt.Errorf("%d translations have no segment in %s; one of them is unit %s, segment %s", len(targets), name, k.unit, k.segment)
	}
	return all, nil
}
