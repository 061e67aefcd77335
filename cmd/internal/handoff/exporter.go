package handoff

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/glossary"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// exporter distributes units over files.
type exporter struct {
	workspace *workspace.Workspace
	dir       *rootfs.Dir
	record    *Record
	codec     exchange.Codec
	o         Options
	routes    map[string]pipeline.Route // by name
	files     map[string]*exportFile    // those being written, by their name without part and extension
	load      map[string][]int          // words that each translator of a route has
	sent      map[string][]string       // names of the bilingual files of a route
	previews  map[string][]string       // names of the previews of a route
	terms     map[string]string         // name of the glossary of a route
	omegat    map[string]*omegatMemory  // translations and proposals of a route; nil if not for OmegaT
}

type exportFile struct {
	pending *rootfs.File
	encoder exchange.Encoder
	route   string
	name    string
	words   int
	part    int
}

// write writes the units of one article in one locale.
func (x *exporter) write(e pipeline.Exported) error {
	x.record.Sent[e.Locale] = append(x.record.Sent[e.Locale], e.Fingerprints...)
	if x.o.DryRun || len(e.Units) == 0 {
		return nil
	}
	base := e.Route.Name
	if x.o.Split > 1 {
		base = path.Join(base, strconv.Itoa(x.translator(e)+1))
	}
	if x.o.By == "article" {
		base = path.Join(base, x.workspace.Config.EditionPath(e.Path))
	}
	if x.omegat != nil {
		if x.omegat[e.Route.Name] == nil {
			x.omegat[e.Route.Name] = &omegatMemory{}
		}
		for i, u := range e.Units {
			e.Units[i] = x.omegat[e.Route.Name].move(u)
		}
	}
	if x.o.Package {
		if err := x.writePreview(e); err != nil {
			return err
		}
	}
	for _, u := range e.Units {
		words := bitext.CountWords(u.Source.Chars)
		f, err := x.file(e.Route.Name, base, words)
		if err != nil {
			return err
		}
		f.words += words
		if err := f.encoder.Write(u); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if x.o.By == "article" {
		return x.finish(base)
	}
	return nil
}

// writeTerms writes the concepts of the glossary that have a term in the target locale to
// the folder of each route.
func (x *exporter) writeTerms(targets []string) error {
	if x.o.Terms == "" || x.o.DryRun || x.workspace.Glossary == nil {
		return nil
	}
	for _, name := range x.record.Routes(targets) {
		route, ok := x.routes[name]
		if !ok { // of the project's source; nothing goes out
			route = x.workspace.RouteOf(x.workspace.Config.Project.Source, name)
		}
		l := route.Target
		g := &glossary.Glossary{}
		for _, concept := range x.workspace.Glossary.Concepts {
			concept.Terms = slices.DeleteFunc(slices.Clone(concept.Terms), func(t glossary.Term) bool {
				return t.Locale != l && t.Locale != route.Source && t.Locale != glossary.AnyLocale
			})
			if slices.ContainsFunc(concept.Terms, func(t glossary.Term) bool { return t.Locale != route.Source }) {
				g.Concepts = append(g.Concepts, concept)
			}
		}
		if len(g.Concepts) == 0 {
			continue
		}
		file := path.Join(name, "terms."+x.o.Terms)
		// In the forms that translators' tools read: tables of pairs, TBX of 2008.
		format := workspace.GlossaryFormat{TBX2008: true, Layout: "pairs", Source: route.Source, Target: l}
		if x.o.Terms == "tsv" || x.o.Flavor == "omegat" {
			format.Layout = "omegat"
		}
		data, _, err := workspace.EncodeGlossary(g, file, format)
		if err != nil {
			return err
		}
		if _, err := x.dir.WriteFile(file, data); err != nil {
			return err
		}
		x.record.Files = append(x.record.Files, file)
		x.terms[name] = file
	}
	return nil
}

// translator returns the index of the translator of a route with the fewest words
// so far.
func (x *exporter) translator(e pipeline.Exported) int {
	if x.load[e.Route.Name] == nil {
		x.load[e.Route.Name] = make([]int, x.o.Split)
	}
	load := x.load[e.Route.Name]
	i := slices.Index(load, slices.Min(load))
	load[i] += e.Words
	return i
}

// file returns the open file of a route for base, a new part of it if the last one would get
// more than the allowed number of words.
func (x *exporter) file(route, base string, words int) (*exportFile, error) {
	f := x.files[base]
	part := 1
	if f != nil {
		if x.o.MaxWords <= 0 || f.words == 0 || f.words+words <= x.o.MaxWords {
			return f, nil
		}
		part = f.part + 1
		if err := x.finish(base); err != nil {
			return nil, err
		}
	}
	name := base
	if part > 1 {
		name += "-" + strconv.Itoa(part)
	}
	name += x.codec.Extensions[0]
	pending, err := x.dir.CreateFile(name)
	if err != nil {
		return nil, err
	}
	encoder, err := x.codec.Encode(pending, exchange.Options{Version: x.o.Version, Flavor: x.o.Flavor, Locked: !x.o.Unlocked})
	if err != nil {
		return nil, errors.Join(err, pending.Abort())
	}
	f = &exportFile{pending: pending, encoder: encoder, route: route, name: name, part: part}
	x.files[base] = f
	return f, nil
}

// finish ends the open file for base.
func (x *exporter) finish(base string) error {
	f := x.files[base]
	delete(x.files, base)
	if f == nil {
		return nil
	}
	if err := f.encoder.Close(); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", f.name, err), f.pending.Abort())
	}
	if err := f.pending.Commit(); err != nil {
		return err
	}
	x.record.Files = append(x.record.Files, f.name)
	x.sent[f.route] = append(x.sent[f.route], f.name)
	return nil
}

// close ends all open files, or removes them after an error.
func (x *exporter) close(err error) error {
	names := make([]string, 0, len(x.files))
	for base := range x.files {
		names = append(names, base)
	}
	slices.Sort(names)
	for _, base := range names {
		if err != nil {
			err = errors.Join(err, x.files[base].pending.Abort())
			continue
		}
		err = x.finish(base)
	}
	return err
}
