package main

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/tmx"
)

// tmxName is the file type of memories, which catalogs give pairs of texts to and
// take them from.
const tmxName = "tmx"

// writePairs writes what is translated of the messages as TMX.
func writePairs(w io.Writer, source string, units []*exchange.Unit) error {
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

// pairUnits reads a TMX file as units of messages: a message takes the pair that
// was exported for it, or else the only translation that its source text has.
func (in *catalogImport) pairUnits(name, source string) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		f, err := os.Open(name)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		type pairs struct {
			placed map[string]bitext.Entry
			texts  map[string][]bitext.Entry // by source text
		}
		byLocale := map[string]*pairs{}
		var order []string
		for e, err := range tmx.Entries(tmx.Decode(f, tmx.Options{Name: name}), source) {
			if err != nil {
				yield(nil, err)
				return
			}
			locale, err := locales.Canonical(e.TargetLocale)
			if err != nil || in.locale != "" && locale != in.locale {
				continue
			}
			p := byLocale[locale]
			if p == nil {
				p = &pairs{map[string]bitext.Entry{}, map[string][]bitext.Entry{}}
				byLocale[locale] = p
				order = append(order, locale)
			}
			from := template(e.Source)
			p.placed[from+"\x00"+e.Place] = e
			if !slices.ContainsFunc(p.texts[from], func(x bitext.Entry) bool { return template(x.Target) == template(e.Target) }) {
				p.texts[from] = append(p.texts[from], e)
			}
		}
		for _, locale := range order {
			for _, t := range catalog.Pairs(in.set, locale) {
				h := &exchange.Header{Path: t.Source.Path, SourceLocale: source, TargetLocale: locale}
				u := messageUnit(&t, h, false)
				found := false
				for i, s := range u.Segments {
					from := template(s.Source)
					e, ok := byLocale[locale].placed[from+"\x00"+pairPlace(u.Path, u.ID, s.ID)]
					if same := byLocale[locale].texts[from]; !ok && len(same) == 1 && !t.Source.IsPlural() {
						e, ok = same[0], true
					}
					u.Targets[i] = bitext.Target{}
					if ok {
						u.Targets[i] = bitext.Target{Text: bitext.Plain(template(e.Target)), Filled: true, State: max(e.State, bitext.Translated), SubState: e.SubState}
						found = true
					}
				}
				if found && !yield(u, nil) {
					return
				}
			}
		}
	}
}

// writeTMX writes a file of pairs into a folder.
func writeTMX(out *rootfs.Dir, name, source string, units []*exchange.Unit) error {
	file, err := out.CreateFile(name)
	if err != nil {
		return err
	}
	if err := writePairs(file, source, units); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), file.Abort())
	}
	return file.Commit()
}
