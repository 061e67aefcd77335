package handoff

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/inplace"
	tables "hexapla/pipeline/exchange/table"
)

// SegmentRef names a segment of a bilingual file: the number of the unit in the file, and
// of the segment in the unit, from 0.
type SegmentRef struct{ Unit, Segment int }

// RewriteTargets writes a bilingual file with other characters in some targets; every
// other byte stays. What is written is read back first: a change after which the
// file does not read as it should is left out. It returns the changes that were left out.
func RewriteTargets(name string, locales tables.PairOptions, changes map[SegmentRef]bitext.Text) (left []SegmentRef, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	before, err := readAll(&Source{Name: name, Ext: strings.ToLower(filepath.Ext(name)), data: data}, locales)
	if err != nil {
		return nil, err
	}
	wanted := map[SegmentRef]bitext.Text{}
	for ref, text := range changes {
		wanted[ref] = text
	}
	// Twice at most: with all changes, and without those that did not come out right.
	for range 2 {
		var refs []SegmentRef
		var targets []inplace.Target
		for i, u := range before {
			for k := range u.Targets {
				if !u.Targets[k].Filled {
					continue
				}
				old := u.Targets[k].Text.Chars
				t := inplace.Target{Old: old, New: old}
				ref := SegmentRef{i, k}
				if text, ok := wanted[ref]; ok {
					t.New = text.Chars
				}
				refs, targets = append(refs, ref), append(targets, t)
			}
		}
		changed, missing, err := inplace.Splice(filepath.Ext(name), data, targets)
		if errors.Is(err, inplace.ErrFormat) {
			return nil, exit.Usagef("%s: %w", name, err)
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, i := range missing {
			left = append(left, refs[i])
			delete(wanted, refs[i])
		}
		wrong, err := differences(name, locales, changed, before, wanted)
		if err != nil {
			return nil, err
		}
		if len(wrong) == 0 {
			if len(wanted) == 0 {
				return left, nil
			}
			return left, rootfs.WriteFile(name, changed)
		}
		for _, ref := range wrong {
			if _, ok := wanted[ref]; !ok {
				return nil, fmt.Errorf("%s: the file cannot be changed in place without a change of another translation; nothing was written", name)
			}
			left = append(left, ref)
			delete(wanted, ref)
		}
	}
	return nil, fmt.Errorf("%s: the file cannot be changed in place; nothing was written", name)
}

// readAll reads the units of a bilingual file.
func readAll(file *Source, locales tables.PairOptions) ([]*exchange.Unit, error) {
	units, err := file.AnyPairs(locales)
	if err != nil {
		return nil, err
	}
	var out []*exchange.Unit
	for u, err := range units {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		out = append(out, u)
	}
	return out, nil
}

// differences reads the changed bytes of a file and returns the segments that are not as
// they were or as they are wanted.
func differences(name string, locales tables.PairOptions, changed []byte, before []*exchange.Unit, wanted map[SegmentRef]bitext.Text) ([]SegmentRef, error) {
	after, err := readAll(&Source{Name: name, Ext: strings.ToLower(filepath.Ext(name)), data: changed}, locales)
	if err != nil {
		return nil, err
	}
	if len(after) != len(before) {
		return nil, fmt.Errorf("%s: the file cannot be changed in place; nothing was written", name)
	}
	var out []SegmentRef
	for i, u := range before {
		if len(after[i].Targets) != len(u.Targets) || !after[i].Source.Equal(u.Source) {
			return nil, fmt.Errorf("%s: the file cannot be changed in place; nothing was written", name)
		}
		for k := range u.Targets {
			want := u.Targets[k].Text
			if text, ok := wanted[SegmentRef{i, k}]; ok {
				want = text
			}
			if got := after[i].Targets[k].Text; got.Chars != want.Chars || len(got.Codes) != len(want.Codes) {
				out = append(out, SegmentRef{i, k})
			}
		}
	}
	return out, nil
}
