package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Rule describes one kind of Diagnostic. Severity is the default one; where
// diagnostics of one kind differ in severity, it is the highest. Description is
// one line, without a full stop. Issue is the ITS 2.0 localization quality issue
// type, empty where none fits.
type Rule struct {
	ID          string   `json:"id"`
	Severity    Severity `json:"severity"`
	Issue       string   `json:"its,omitempty"`
	Description string   `json:"description"`
}

// SortRules sorts rules by id.
func SortRules(rules []Rule) {
	slices.SortFunc(rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
}

// CheckID returns an error if no rule has the id. The error names the most
// similar id, if one is similar enough to be what was meant.
func CheckID(id string, rules []Rule) error {
	ids := make([]string, len(rules))
	for i, r := range rules {
		if ids[i] = r.ID; r.ID == id {
			return nil
		}
	}
	if near := Nearest(id, ids); near != "" {
		return fmt.Errorf("unknown id %q: did you mean %q?", id, near)
	}
	return fmt.Errorf("unknown id %q: \"hexapla checks\" lists all of them", id)
}

// Nearest returns the name that is most similar to s: by edit distance, where a
// third of the characters may differ, or because it ends with "." and s. It
// returns "" if none is. Of several, the first in order is returned.
func Nearest(s string, names []string) string {
	best, least := "", len(s)/3+1
	for _, name := range slices.Sorted(slices.Values(names)) {
		d := editDistance(s, name, least)
		if strings.HasSuffix(name, "."+s) {
			d = 0
		}
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// editDistance returns the optimal string alignment distance of two strings in
// bytes: insertions, deletions, substitutions and transpositions of neighbors.
// A distance of limit or more may be returned as limit.
func editDistance(a, b string, limit int) int {
	if max(len(a)-len(b), len(b)-len(a)) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
