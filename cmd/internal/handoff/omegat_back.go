package handoff

import (
	"archive/zip"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/tmx"
)

// packageFiles are the entries of a package by their names.
type packageFiles map[string]*zip.File

// maxProjects limits how many OmegaT projects a package may have.
const maxProjects = 100

// translateOmegaT gives the inputs of OmegaT projects their translations. What the translator
// saved last is in the project's memory; the files in its folder target are only as new
// as the last time that they were created. So the files in source are read with the
// memory, and their counterparts in target are ignored. Without a memory it is the
// reverse.
func (files packageFiles) translateOmegaT(zipName string, inputs []Input) ([]Input, error) {
	var dirs []string
	for name := range files {
		if path.Base(name) == omegatProject {
			dirs = append(dirs, path.Dir(name))
		}
	}
	if len(dirs) > maxProjects {
		return nil, fmt.Errorf("it has more than the limit of %d OmegaT projects", maxProjects)
	}
	slices.Sort(dirs)
	for _, dir := range dirs {
		var saved *omegatSaved
		if f := files[path.Join(dir, omegatSave)]; f != nil {
			var err error
			if saved, err = readOmegaTSave(f); err != nil {
				return nil, fmt.Errorf("%q in it: %w", f.Name, err)
			}
		}
		of := func(in *Input) (name string, ok bool) {
			name = strings.TrimPrefix(in.Name, zipName+"/")
			if dir == "." {
				return name, true
			}
			return strings.CutPrefix(name, dir+"/")
		}
		inputs = slices.DeleteFunc(inputs, func(in Input) bool { // not worth a word
			name, ok := of(&in)
			return ok && in.Units == nil && (name == omegatProject || strings.HasPrefix(name, "omegat/") || strings.HasPrefix(name, "tm/"))
		})
		for i := range inputs {
			in := &inputs[i]
			name, ok := of(in)
			if !ok || in.Units == nil {
				continue
			}
			if rest, ok := strings.CutPrefix(name, omegatSource+"/"); ok {
				switch {
				case saved != nil:
					in.Units = saved.translated(in.Units, rest)
				case files[path.Join(dir, omegatTarget, rest)] != nil:
					in.Units = nil
				}
			} else if rest, ok := strings.CutPrefix(name, omegatTarget+"/"); ok && saved != nil && files[path.Join(dir, omegatSource, rest)] != nil {
				in.Units = nil
			}
		}
	}
	return inputs, nil
}

// omegatSaved is what an OmegaT project's memory has, by the key of the source.
type omegatSaved struct {
	byKey map[string][]*omegatUnit
}

// omegatUnit is a unit of an OmegaT project's memory. Without a translation it has a note
// only, which OmegaT writes as the note of the tu (OmegaT's class TMXWriter2).
type omegatUnit struct {
	bitext.Entry
	translated bool
	note       string
	noted      bool // a segment has got the note
}

// isGeneral reports whether the unit is for all places that have its source.
func (u *omegatUnit) isGeneral() bool { return u.Place == "" && u.Prev == "" && u.Next == "" }

func readOmegaTSave(f *zip.File) (*omegatSaved, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	s := &omegatSaved{byKey: map[string][]*omegatUnit{}}
	add := func(e bitext.Entry, translated bool) {
		u := &omegatUnit{Entry: e, translated: translated}
		var notes []string
		for _, p := range e.Props {
			if p.Name == "note" && strings.TrimSpace(p.Value) != "" {
				notes = append(notes, p.Value)
			}
		}
		if u.note = strings.Join(notes, "\n\n"); u.note == "" && !translated {
			return
		}
		key := e.Source.Key()
		s.byKey[key] = append(s.byKey[key], u)
	}
	for tu, err := range tmx.Decode(io.LimitReader(in, maxPackageFile), tmx.Options{Name: f.Name}) {
		if err != nil {
			return nil, err
		}
		translated := false
		one := func(yield func(*tmx.TU, error) bool) { yield(tu, nil) }
		for e, err := range tmx.Entries(one, "") {
			if err != nil {
				return nil, err
			}
			add(e, true)
			translated = true
		}
		if e, ok := tu.Source(""); ok && !translated {
			add(e, false)
		}
	}
	return s, nil
}

// find returns the unit of a segment of a file: the one that was made for its place, else
// the one for all places, else nil.
func (s *omegatSaved) find(file, key, prev, next string) *omegatUnit {
	var general *omegatUnit
	for _, u := range s.byKey[key] {
		if u.isGeneral() {
			general = u
			continue
		}
		of, _, _ := strings.Cut(u.Place, "#")
		if (of == "" || of == file) && u.Prev == prev && u.Next == next {
			return u
		}
	}
	return general
}

// comment returns the note of a unit, for the first segment that asks for it: one for all
// places that have its source is not repeated at each of them.
func (u *omegatUnit) comment(segment string) (c exchange.Comment, ok bool) {
	if u.note == "" || u.noted {
		return c, false
	}
	u.noted = true
	return exchange.Comment{Segment: segment, Author: u.Origin.Name, Time: u.Origin.Time, Text: u.note}, true
}

// translated returns the units of a file with the translations and notes that the memory
// has. They are read once.
func (s *omegatSaved) translated(units Units, file string) Units {
	return func(wrap func(io.Reader) io.Reader) iter.Seq2[*exchange.Unit, error] {
		return func(yield func(*exchange.Unit, error) bool) {
			// A segment is translated when the next one is known.
			var held []*exchange.Unit
			type place struct {
				unit    *exchange.Unit
				segment int
			}
			var last place
			prev, key := "", ""
			translate := func(next string) {
				if last.unit == nil || key == "" {
					return
				}
				e := s.find(file, key, prev, next)
				if e == nil {
					return
				}
				if c, ok := e.comment(last.unit.Segments[last.segment].ID); ok {
					last.unit.Comments = append(last.unit.Comments, c)
				}
				if !e.translated {
					return
				}
				var form strings.Builder
				for p := range e.Target.Pieces() {
					if p.Code == nil {
						form.WriteString(p.Chars)
					} else {
						form.WriteString(p.Code.Data)
					}
				}
				source := last.unit.Segments[last.segment].Source
				last.unit.Targets[last.segment] = bitext.Target{Text: tmx.FromOmegaTForm(source, form.String()), Filled: true, State: bitext.Translated, Origin: e.Origin}
			}
			for u, err := range units(wrap) {
				if err != nil {
					if !yield(u, err) {
						return
					}
					continue
				}
				for i := range u.Segments {
					if u.Segments[i].Ignorable {
						continue
					}
					next := tmx.OmegaTKey(u.Segments[i].Source)
					translate(next)
					if last.unit != nil {
						prev = key
					}
					last, key = place{u, i}, next
				}
				for _, h := range held {
					if !yield(h, nil) {
						return
					}
				}
				held = append(held[:0], u)
			}
			translate("")
			for _, h := range held {
				if !yield(h, nil) {
					return
				}
			}
		}
	}
}
