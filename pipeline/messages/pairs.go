package messages

import (
	"io"
	"iter"
	"slices"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/tmx"
)

// TMX is the name of the file type of translation memories, which catalogs export
// pairs of texts to.
const TMX = "tmx"

// WritePairs writes the translated texts of units as TMX.
func WritePairs(w io.Writer, source string, units []*exchange.Unit) error {
	e, err := tmx.NewEncoder(w, tmx.Header{SourceLocale: source})
	if err != nil {
		return err
	}
	for _, u := range units {
		for i, s := range u.Segments {
			t := u.Targets[i]
			if !t.Filled {
				continue
			}
			entry := bitext.Entry{SourceLocale: u.SourceLocale, TargetLocale: u.TargetLocale, Source: s.Source, Target: t.Text,
				State: t.State, SubState: t.SubState, Origin: t.Origin, Place: pairPlace(u.Path, u.ID, s.ID)}
			if err := e.Write(entry); err != nil {
				return err
			}
		}
	}
	return e.Close()
}

func pairPlace(path, unit, form string) string { return path + "#" + unit + "/" + form }

// pairs are the entries of a TMX file in one locale.
type pairs struct {
	placed map[string]bitext.Entry   // by source text and place
	texts  map[string][]bitext.Entry // by source text, each target once
}

// ReadPairs reads a TMX file as units of messages: a message gets the pair that was
// exported for it, or else the only translation that its source text has. name is
// for messages only. An empty locale means every locale of the file.
func ReadPairs(r io.Reader, name string, set *catalog.Set, locale string) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		byLocale := map[string]*pairs{}
		var order []string
		for e, err := range tmx.Entries(tmx.Decode(r, tmx.Options{Name: name}), set.Source) {
			if err != nil {
				yield(nil, err)
				return
			}
			target, err := locales.Canonical(e.TargetLocale)
			if err != nil || locale != "" && target != locale {
				continue
			}
			p := byLocale[target]
			if p == nil {
				p = &pairs{map[string]bitext.Entry{}, map[string][]bitext.Entry{}}
				byLocale[target] = p
				order = append(order, target)
			}
			from := templateOf(e.Source)
			p.placed[from+"\x00"+e.Place] = e
			if !slices.ContainsFunc(p.texts[from], func(x bitext.Entry) bool { return templateOf(x.Target) == templateOf(e.Target) }) {
				p.texts[from] = append(p.texts[from], e)
			}
		}
		for _, target := range order {
			for _, t := range catalog.Pairs(set, target) {
				if u := byLocale[target].unit(&t, set.Source, target); u != nil && !yield(u, nil) {
					return
				}
			}
		}
	}
}

// unit returns a message with the targets that the pairs have for it, nil if they
// have none.
func (p *pairs) unit(t *catalog.MessagePair, source, target string) *exchange.Unit {
	u := Unit(t, &exchange.Header{Path: t.Source.Path, SourceLocale: source, TargetLocale: target}, false)
	found := false
	for i, s := range u.Segments {
		from := templateOf(s.Source)
		e, ok := p.placed[from+"\x00"+pairPlace(u.Path, u.ID, s.ID)]
		if same := p.texts[from]; !ok && len(same) == 1 && !t.Source.IsPlural() {
			e, ok = same[0], true
		}
		u.Targets[i] = bitext.Target{}
		if ok {
			u.Targets[i] = bitext.Target{Text: bitext.Plain(templateOf(e.Target)), Filled: true, State: max(e.State, bitext.Translated), SubState: e.SubState}
			found = true
		}
	}
	if !found {
		return nil
	}
	return u
}
