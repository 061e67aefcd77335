package validate

import (
	"slices"
	"strings"

	"hexapla/pipeline/exchange/xliff/internal/ns"
)

// fragment is a fragment identifier (XLIFF 2.1, 3), read.
type fragment struct {
	absolute bool
	path     []scopeID // file, group, unit
	leaf     scopeID   // a note, data, code, segment or something of a module
}

// fragmentPrefixes are the registered prefixes of modules and extensions.
var fragmentPrefixes = []string{"ctr", "fs", "gls", "its", "itsm", "mda", "mtc", "res", "slr", "tbx", "val"}

// parseFragment reads the fragment of an IRI. It gives nil for an IRI of another
// document, and says what is wrong with one of this.
func parseFragment(iri string) (f *fragment, problem string) {
	expr, ok := strings.CutPrefix(iri, "#")
	if !ok {
		return nil, ""
	}
	f = &fragment{}
	expr, f.absolute = strings.CutPrefix(expr, "/")
	seen := map[string]bool{}
	for _, selector := range strings.Split(expr, "/") {
		prefix, id, ok := strings.Cut(selector, "=")
		if !ok {
			prefix, id = "", selector
		}
		switch {
		case f.leaf.id != "":
			return nil, "only one selector may follow those of file, group and unit, and it must be the last"
		case ok && !ns.IsNMTOKEN(prefix) || !ns.IsNMTOKEN(id):
			return nil, "prefixes and ids must be NMTOKENs"
		case seen[prefix]:
			return nil, "the prefix " + prefix + " stands twice"
		}
		seen[prefix] = true
		s := scopeID{prefix, id}
		switch prefix {
		case "f", "g", "u":
			if n := len(f.path); n > 0 && f.path[n-1].prefix >= prefix {
				return nil, "selectors must stand in the order file, group, unit"
			}
			f.path = append(f.path, s)
		case "", "n", "d", "t":
			f.leaf = s
		default:
			if len(prefix) < 2 {
				return nil, "the prefix of a module or extension must be longer than one character"
			}
			if !slices.Contains(fragmentPrefixes, prefix) {
				return nil, "the prefix " + prefix + " is not registered"
			}
			f.leaf = s
		}
	}
	return f, ""
}

// within reports whether a reference made at a place stays in the unit there.
func (f *fragment) within(path []scopeID) bool {
	for _, s := range f.path {
		if !slices.Contains(path, s) {
			return false
		}
	}
	// A reference that stops at a file or group does not mean its unit.
	if n := len(f.path); n > 0 {
		return f.path[n-1].prefix == "u"
	}
	return !f.absolute
}
