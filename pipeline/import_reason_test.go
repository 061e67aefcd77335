package pipeline

import (
	"slices"
	"testing"

	"hexapla/pipeline/diag"
)

// Of reasons that a person reads once for all segments, the first one is kept; the others
// are kept each.
func TestKeptReasons(t *testing.T) {
	var l outcomes
	for _, o := range []struct{ path, unit, locale, id, message string }{
		{"a.html", "p-1", "ru", RejectedArticle, "no article"},
		{"a.html", "p-2", "ru", RejectedArticle, "no article"},
		{"b.html", "p-1", "ru", RejectedArticle, "no article"},
		{"b.html", "p-2", "uk", RejectedArticle, "no article"},
		{"b.html", "p-3", "uk", RejectedArticle, "another message"},
		{"b.html", "p-4", "uk", RejectedUnit, "no unit"},
		{"b.html", "p-5", "uk", RejectedUnit, "no unit"},
		{"b.html", "p-6", "uk", "", ""},
		{"b.html", "p-7", "uk", RejectedLocale, "wrong locale"},
		{"b.html", "p-8", "uk", RejectedLocale, "wrong locale"},
	} {
		place := diag.Place{Path: o.path, Unit: o.unit}
		l.add(&outcome{Decision: Decision{Verdict: Kept, Place: place, Diagnostic: diag.Diagnostic{ID: o.id, Place: place, Message: o.message}}, locale: o.locale})
	}
	var at []int32
	for _, o := range l.all {
		at = append(at, o.reason)
	}
	if want := []int32{0, 0, 1, 2, 3, 4, 5, -1, 6, 6}; !slices.Equal(at, want) {
		t.Errorf("reasons %v, want %v", at, want)
	}
	if p := l.reasons[0].Place; p.Unit != "p-1" {
		t.Errorf("the kept reason is of unit %s", p.Unit)
	}
}
