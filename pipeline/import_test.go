package pipeline

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

// page is an article in memory.
func page(path, data string) Source {
	return Source{Path: path, Read: func() ([]byte, error) { return []byte(data), nil }}
}

// returned exports articles into a locale and returns the units as a translator
// sends them back: each segment with the translation, by its source, that
// translations has, in a state; others as they went out.
func returned(t *testing.T, p *Project, articles []Source, locale string, state bitext.State, translations map[string]string) []*exchange.Unit {
	t.Helper()
	var out []*exchange.Unit
	_, err := p.Export(t.Context(), articles, []string{locale}, "b1", Selection{}, func(x Exported) error {
		for _, u := range x.Units {
			u.Targets = slices.Clone(u.Targets)
			for i, s := range u.Translatable() {
				if text, ok := translations[s.Source.Tagged()]; ok {
					target, err := bitext.ParseTagged(text, s.Source)
					if err != nil {
						return err
					}
					u.Targets[i] = bitext.Target{Text: target, Filled: true, State: state}
				}
			}
			out = append(out, u)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// once yields units, and fails the test if they are read twice.
func once(t *testing.T, units []*exchange.Unit) iter.Seq2[*exchange.Unit, error] {
	read := false
	return func(yield func(*exchange.Unit, error) bool) {
		if read {
			t.Error("the file is read twice")
		}
		read = true
		for _, u := range units {
			if !yield(u, nil) {
				return
			}
		}
	}
}

func importUnits(t *testing.T, p *Project, articles []Source, units []*exchange.Unit, o ImportOptions) (*ImportList, ImportResult) {
	t.Helper()
	short := o
	short.Brief = true
	brief, err := p.Decide(t.Context(), articles, once(t, units), short)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.Decide(t.Context(), articles, once(t, units), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(brief.Decisions) > 0 || !reflect.DeepEqual(brief.Findings, list.Findings) || !reflect.DeepEqual(brief.outcomes, list.outcomes) {
		t.Errorf("in brief: %+v, want %+v", brief, list)
	}
	for i, d := range list.Decisions {
		if got := verdicts[list.outcomes.all[i].verdict]; got != d.Verdict || list.outcomes.reasonOf(&list.outcomes.all[i]) != d.Diagnostic.ID {
			t.Errorf("%s kept as %s: %+v", d.Verdict, got, d)
		}
	}
	r, err := p.Store(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	return list, r
}

// targets returns what a locale has for each segment of an article, in order, with
// state and match.
func targets(t *testing.T, p *Project, a Source, locale string) []string {
	t.Helper()
	data, _ := a.Read()
	d, _ := p.Open(a.Path, "", "", data)
	tr, _, err := p.Prepare(t.Context(), d, locale)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for ref, target := range tr.Segments() {
		s := "-"
		if target.Filled {
			s = fmt.Sprintf("%s %s %s", target.Text.TaggedAs(d.Source(ref).Source), target.State, target.Match)
		} else if len(target.Matches) > 0 {
			s = fmt.Sprintf("- %s %d", target.Matches[0].Target.Chars, target.Matches[0].Score)
		}
		out = append(out, s)
	}
	return out
}

func wantTargets(t *testing.T, p *Project, a Source, locale string, want ...string) {
	t.Helper()
	if got := targets(t, p, a, locale); !slices.Equal(got, want) {
		t.Errorf("%s\ngot  %q\nwant %q", a.Path, got, want)
	}
}

func ids(list *ImportList) string {
	var out []string
	for _, d := range list.Findings {
		out = append(out, d.ID)
	}
	return strings.Join(out, " ")
}

// A translation is changed in one of several places with the same source: the
// others keep theirs, in this article and in others, unless it is propagated.
func TestImportOtherPlaces(t *testing.T) {
	for _, propagate := range []bool{false, true} {
		t.Run(fmt.Sprint(propagate), func(t *testing.T) {
			p := newProject(t, twoLocales)
			a := page("a.txt", "Read the news.\n\nOne more thing.\n\nRead the news.\n")
			b := page("b.txt", "Read the news.\n")
			all := []Source{a, b}
			_, err := p.add(t.Context(), memory.Batch{Author: "archive"}, []bitext.Entry{{
				SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain("Read the news."), Target: bitext.Plain("Читайте новости."),
				State: bitext.Reviewed, Origin: bitext.Origin{Kind: bitext.FromImport},
			}})
			if err != nil {
				t.Fatal(err)
			}
			units := returned(t, p, []Source{a}, "ru", bitext.Reviewed, nil)
			units = units[:1] // the first place only
			units[0].Targets[0].Text = bitext.Plain("Прочтите новости.")
			list, r := importUnits(t, p, all, units, ImportOptions{Author: "Olga", Propagate: propagate})
			if r.Taken != 1 || r.Others != 2 || r.Propagated != propagate {
				t.Errorf("%+v %v", r, ids(list))
			}
			other := "Читайте новости. reviewed in-context"
			if propagate {
				other = "Прочтите новости. translated in-context"
			}
			wantTargets(t, p, a, "ru", "Прочтите новости. translated in-context", "-", other)
			wantTargets(t, p, b, "ru", other)
			if list, r := importUnits(t, p, all, units, ImportOptions{Author: "Olga", Propagate: propagate}); r.Stored || r.Others != 0 {
				t.Errorf("again: %+v %v", r, ids(list))
			}
		})
	}
}

// An exact match from another place that comes back unchanged is recorded for its
// own place, once.
func TestImportConfirmsExact(t *testing.T) {
	p := newProject(t, twoLocales)
	a := page("a.txt", "Read the news.\n\nOne more thing.\n")
	importUnits(t, p, []Source{page("b.txt", "Read the news.\n")}, returned(t, p, []Source{page("b.txt", "Read the news.\n")}, "ru", bitext.Translated, map[string]string{"Read the news.": "Читайте новости."}), ImportOptions{})
	wantTargets(t, p, a, "ru", "Читайте новости. translated exact", "-")
	units := returned(t, p, []Source{a}, "ru", bitext.Translated, nil)
	if _, r := importUnits(t, p, []Source{a}, units, ImportOptions{}); r.Stored || r.Unchanged != 1 {
		t.Errorf("nobody has seen it: %+v", r)
	}
	if _, r := importUnits(t, p, []Source{a}, units, ImportOptions{Author: "Olga"}); r.Taken != 1 {
		t.Errorf("%+v", r)
	}
	wantTargets(t, p, a, "ru", "Читайте новости. translated in-context", "-")
	if _, r := importUnits(t, p, []Source{a}, units, ImportOptions{Author: "Olga"}); r.Taken != 0 || r.Unchanged != 1 {
		t.Errorf("again: %+v", r)
	}
}

// A return that is late is met by its source, and what has no source any more is
// offered as a fuzzy match.
func TestImportLate(t *testing.T) {
	p := newProject(t, twoLocales)
	old := page("a.txt", "It rained on Monday. Wheat is 6.4 million tons.\n\nThe end of it.\n\nGone for ever.\n")
	units := returned(t, p, []Source{old}, "ru", bitext.Translated, map[string]string{
		"It rained on Monday.": "В понедельник шёл дождь.", "Wheat is 6.4 million tons.": "Пшеницы 6,4 миллиона тонн.", "The end of it.": "На этом всё.", "Gone for ever.": "Навсегда ушло.",
	})
	now := page("a.txt", "A new start of the text.\n\nIt rained on Monday. Wheat is 6.9 million tons.\n\nThe end of it.\n")
	list, r := importUnits(t, p, []Source{now}, units, ImportOptions{Author: "Olga"})
	if r.Taken != 2 || r.Moved != 1 || r.Kept != 2 || r.Refused != 0 || ids(list) != "import.unknown-unit import.unknown-unit" {
		t.Errorf("%+v %v", r, ids(list))
	}
	wantTargets(t, p, now, "ru", "-", "В понедельник шёл дождь. translated in-context", "- Пшеницы 6,4 миллиона тонн. 96", "На этом всё. translated in-context")
	if _, r := importUnits(t, p, []Source{now}, units, ImportOptions{Author: "Olga"}); r.Stored {
		t.Errorf("again: %+v", r)
	}
}

// Among segments of the same source the neighbours decide.
func TestImportNeighbours(t *testing.T) {
	p := newProject(t, twoLocales)
	old := page("a.txt", "Sun. Yes, it is. Cold.\n\nRain. Yes, it is. Warm.\n")
	units := returned(t, p, []Source{old}, "ru", bitext.Translated, map[string]string{"Yes, it is.": "Да, это так."})
	for _, u := range units {
		for i, s := range u.Translatable() {
			if s.Source.Chars == "Yes, it is." && strings.HasPrefix(u.Unit.Source.Chars, "Rain") {
				u.Targets[i].Text = bitext.Plain("Да, он самый.")
			}
		}
	}
	now := page("a.txt", "Rain. Yes, it is. Warm!\n\nSun. Yes, it is. Cold!\n")
	_, r := importUnits(t, p, []Source{now}, units, ImportOptions{})
	if r.Moved != 2 {
		t.Errorf("%+v", r)
	}
	wantTargets(t, p, now, "ru", "-", "Да, он самый. translated in-context", "-", "-", "Да, это так. translated in-context", "-")
}

// A renamed article is found by its bytes, by its units, or by --article.
func TestImportRenamed(t *testing.T) {
	const text = "One sentence. Another one.\n\nA last one.\n"
	for _, tt := range []struct {
		name, now, sha string
		renamed        map[string]string
		want           ImportResult
	}{
		{"same bytes", text, "", nil, ImportResult{Taken: 3, Stored: true, Batch: 1}},
		{"same units", "New.\n\n" + text, "none", nil, ImportResult{Taken: 3, Stored: true, Batch: 1}},
		{"named", "A last one.\n\nQuite.\n\nDifferent.\n", "none", map[string]string{"old.txt": "new.txt"}, ImportResult{Taken: 1, Kept: 2, Stored: true, Batch: 1}},
		{"another article", "Quite different.\n", "none", nil, ImportResult{Kept: 3, Stored: true, Batch: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProject(t, twoLocales)
			units := returned(t, p, []Source{page("old.txt", text)}, "ru", bitext.Translated, map[string]string{
				"One sentence.": "Одно предложение.", "Another one.": "Ещё одно.", "A last one.": "И последнее.",
			})
			for _, u := range units {
				if tt.sha != "" {
					u.Header.SHA256 = tt.sha
				}
			}
			list, r := importUnits(t, p, []Source{page("other.txt", "Other."), page("new.txt", tt.now)}, units, ImportOptions{Articles: tt.renamed})
			if r != tt.want {
				t.Errorf("got %+v, want %+v: %v", r, tt.want, list.Findings)
			}
		})
	}
}

// Text in another language of the same script is rejected: by its letters, or
// because it is what the memory has for the other locale.
func TestImportWrongLanguage(t *testing.T) {
	p := newProject(t, "[project]\nlocales = [\"ru\", \"uk\", \"hu\", \"az\"]\n")
	a := page("a.txt", "The bridge is open again.\n\nTraffic moves slowly there.\n")
	uk := map[string]string{"The bridge is open again.": "Міст знову відкрито.", "Traffic moves slowly there.": "Рух там повільний і їздять мало."}
	units := returned(t, p, []Source{a}, "ru", bitext.Translated, uk)
	list, r := importUnits(t, p, []Source{a}, units, ImportOptions{})
	if r.Refused != 2 || r.Stored || ids(list) != RejectedLanguage {
		t.Errorf("letters: %+v %v", r, ids(list))
	}
	if _, r := importUnits(t, p, []Source{a}, units, ImportOptions{Force: true}); r.Taken != 2 {
		t.Errorf("forced: %+v", r)
	}
	hu := map[string]string{"The bridge is open again.": "A kid is at the house now.", "Traffic moves slowly there.": "Some other plain words here."}
	importUnits(t, p, []Source{a}, returned(t, p, []Source{a}, "hu", bitext.Translated, hu), ImportOptions{})
	list, r = importUnits(t, p, []Source{a}, returned(t, p, []Source{a}, "az", bitext.Translated, hu), ImportOptions{})
	if r.Refused != 2 || ids(list) != RejectedLanguage {
		t.Errorf("memory: %+v %v", r, ids(list))
	}
}

// An edited text is not in the state that somebody gave the old one.
// The segments of a paragraph are found in a short one and in a long one, where they are
// looked up in a map: those that are as they were, one that was changed since, one under
// another ID, and one that the article does not have.
func TestImportLongParagraph(t *testing.T) {
	for _, n := range []int{5, longUnit + 9} {
		p := newProject(t, twoLocales)
		var was, now strings.Builder
		translations := map[string]string{}
		for i := range n {
			s := fmt.Sprintf("Bridge number %d is open. ", i)
			translations[strings.TrimSpace(s)] = fmt.Sprintf("Мост номер %d открыт.", i)
			was.WriteString(s)
			if i == 1 {
				s = "Every other street of the town is closed. "
			}
			now.WriteString(s)
		}
		units := returned(t, p, []Source{page("a.txt", was.String())}, "ru", bitext.Translated, translations)
		for _, changed := range []bool{false, true} {
			a, want := page("a.txt", was.String()), ImportResult{Taken: n}
			if changed {
				a, want = page("a.txt", now.String()), ImportResult{Taken: 2, Moved: 2, Unchanged: n - 3, Kept: 1} // the neighbours of the new one have another context
				units[0].Segments = slices.Clone(units[0].Segments)
				for i := range units[0].Segments {
					if s := &units[0].Segments[i]; s.ID == fmt.Sprint("s", n) {
						s.ID = fmt.Sprint("s", n+1)
					}
				}
			}
			_, r := importUnits(t, p, []Source{a}, units, ImportOptions{Partial: true})
			if got := (ImportResult{Taken: r.Taken, Unchanged: r.Unchanged, Kept: r.Kept, Moved: r.Moved}); !reflect.DeepEqual(got, want) {
				t.Errorf("%d segments, changed %v: %+v, want %+v", n, changed, got, want)
			}
		}
	}
}

func TestImportEditedState(t *testing.T) {
	p := newProject(t, twoLocales)
	a := page("a.txt", "The bridge is open again.\n")
	send := func(text string, state bitext.State, o ImportOptions) *ImportList {
		list, _ := importUnits(t, p, []Source{a}, returned(t, p, []Source{a}, "ru", state, map[string]string{"The bridge is open again.": text}), o)
		return list
	}
	send("Мост снова открыт.", bitext.Reviewed, ImportOptions{})
	wantTargets(t, p, a, "ru", "Мост снова открыт. reviewed in-context")
	if list := send("Мост опять открыт.", bitext.Reviewed, ImportOptions{}); list.Decisions[0].State != bitext.Translated {
		t.Errorf("edited: %+v", list.Decisions)
	}
	wantTargets(t, p, a, "ru", "Мост опять открыт. translated in-context")
	if list := send("Мост уже открыт.", bitext.Final, ImportOptions{}); list.Decisions[0].State != bitext.Final {
		t.Errorf("edited and raised: %+v", list.Decisions)
	}
	wantTargets(t, p, a, "ru", "Мост уже открыт. final in-context")
	send("Мост открыт.", bitext.Translated, ImportOptions{State: bitext.Reviewed, Force: true})
	wantTargets(t, p, a, "ru", "Мост открыт. reviewed in-context")
}

// A translation that is older than another person's is kept in the history.
func TestImportNewer(t *testing.T) {
	p := newProject(t, twoLocales)
	a := page("a.txt", "The bridge is open again.\n")
	first := returned(t, p, []Source{a}, "ru", bitext.Translated, map[string]string{"The bridge is open again.": "Мост снова открыт."})
	second := returned(t, p, []Source{a}, "ru", bitext.Translated, map[string]string{"The bridge is open again.": "Мост опять открыт."})
	second[0].Header.Time = p.Clock().Add(-time.Hour)
	importUnits(t, p, []Source{a}, first, ImportOptions{Author: "Olga"})
	list, r := importUnits(t, p, []Source{a}, second, ImportOptions{Author: "Ivan"})
	if r.Kept != 1 || !r.Stored || ids(list) != RejectedNewer {
		t.Errorf("%+v %v", r, ids(list))
	}
	wantTargets(t, p, a, "ru", "Мост снова открыт. translated in-context")
}

// A file that has a segment twice, as after two people's files were put together: the
// first text is used, another one is kept, and a copy of the first is nothing.
func TestImportTwice(t *testing.T) {
	for _, known := range []bool{false, true} {
		for _, force := range []bool{false, true} {
			p := newProject(t, twoLocales)
			a := page("a.txt", "The bridge is open again.\n")
			file := func(text string, state bitext.State) []*exchange.Unit {
				return returned(t, p, []Source{a}, "ru", state, map[string]string{"The bridge is open again.": text})
			}
			first, other := file("Мост снова открыт.", bitext.Translated), file("Мост опять открыт.", bitext.Final)
			units := slices.Concat(first, other, first)
			if !force { // what is rejected is not the first text
				units = slices.Concat(file("The bridge is open again.", bitext.Translated), units)
			}
			if known {
				importUnits(t, p, []Source{a}, first, ImportOptions{Author: "Olga"})
			}
			list, r := importUnits(t, p, []Source{a}, units, ImportOptions{Author: "Ivan", Force: force, Partial: true})
			if r.Kept != 1 || !r.Stored || !strings.HasSuffix(ids(list), RejectedTwice) {
				t.Errorf("known %t, force %t: %+v %v", known, force, r, ids(list))
			}
			wantTargets(t, p, a, "ru", "Мост снова открыт. translated in-context")
			texts := 0
			for v, err := range p.Memory.(memory.Store).History(t.Context(), memory.Filter{}) {
				if err != nil {
					t.Fatal(err)
				}
				if v.Entry.Target.Chars == "Мост опять открыт." {
					texts++
				}
			}
			if texts != 1 {
				t.Errorf("known %t, force %t: the other text is kept %d times, want once", known, force, texts)
			}
		}
	}
}

func TestImportEmptyAndMissing(t *testing.T) {
	p := newProject(t, twoLocales)
	if list, r := importUnits(t, p, nil, nil, ImportOptions{File: "x.csv"}); r.Refused != 1 || ids(list) != RejectedEmpty || list.Findings[0].Place.Path != "x.csv" {
		t.Errorf("%+v %v", r, list.Findings)
	}
	a := page("a.txt", "One sentence. Another one.\n\nA last one.\n")
	units := returned(t, p, []Source{a}, "ru", bitext.Translated, map[string]string{"A last one.": "И последнее."})
	whole, _ := importUnits(t, p, []Source{a}, units, ImportOptions{})
	part, _ := importUnits(t, p, []Source{a}, units[1:], ImportOptions{})
	rest, _ := importUnits(t, p, []Source{a}, units[:1], ImportOptions{})
	for _, tt := range []struct {
		name  string
		lists []*ImportList
		want  int
	}{{"whole", []*ImportList{whole}, 0}, {"part", []*ImportList{part}, 1}, {"in two files", []*ImportList{part, rest}, 0}} {
		if ds := MissingSegments(tt.lists, func(string, string, string) bool { return true }); len(ds) != tt.want {
			t.Errorf("%s: %v", tt.name, ds)
		}
	}
	if ds := MissingSegments([]*ImportList{part}, func(batch, _, _ string) bool { return batch != "b1" }); len(ds) != 0 {
		t.Errorf("what was not exported: %v", ds)
	}
}

// However an article changed meanwhile, every text that is accepted or kept is in
// the memory's history, and importing again stores nothing.
func TestImportLosesNothing(t *testing.T) {
	sentences := strings.Split("It rained on Monday.|The river rose.|Nobody was hurt.|Wheat is 6.4 million tons.|The end came soon.|People went home.|He said yes.|She said no.", "|")
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range 2 + random.IntN(8) {
			b.WriteString(sentences[random.IntN(len(sentences))])
			b.WriteString([]string{" ", " ", "\n\n"}[random.IntN(3)])
		}
		return b.String()
	}
	for round := range 20 {
		p := newProject(t, twoLocales)
		old := page("a.txt", text())
		translations := map[string]string{}
		for i, s := range sentences {
			translations[s] = fmt.Sprintf("Перевод номер %c.", 'а'+rune(i))
		}
		units := returned(t, p, []Source{old}, "ru", bitext.Translated, translations)
		random.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
		now := page("a.txt", text())
		list, r := importUnits(t, p, []Source{now}, units, ImportOptions{})
		if r.Refused > 0 || r.Taken+r.Kept == 0 {
			t.Fatalf("round %d: %+v: %v", round, r, list.Findings)
		}
		history := map[string]bool{}
		for v, err := range p.Memory.(memory.Store).History(t.Context(), memory.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			history[v.Entry.Source.Tagged()+"|"+v.Entry.Target.Tagged()] = true
		}
		for _, d := range list.Decisions {
			if d.Verdict != NoTarget && !history[d.Source+"|"+d.Target] {
				t.Errorf("round %d: %s %q is nowhere", round, d.Verdict, d.Target)
			}
		}
		if _, r := importUnits(t, p, []Source{now}, units, ImportOptions{}); r.Stored {
			t.Errorf("round %d: again: %+v", round, r)
		}
	}
}

// Two imports decide at the same time on different translations: both texts are
// kept, and the second one reports the conflict.
func TestImportConflict(t *testing.T) {
	p := newProject(t, twoLocales)
	a := page("a.txt", "The bridge is open again.\n")
	decide := func(text, author string) *ImportList {
		units := returned(t, p, []Source{a}, "ru", bitext.Translated, map[string]string{"The bridge is open again.": text})
		list, err := p.Decide(t.Context(), []Source{a}, once(t, units), ImportOptions{Author: author})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	lists := []*ImportList{decide("Мост снова открыт.", "Olga"), decide("Мост опять открыт.", "Ivan")}
	for i, list := range lists {
		r, err := p.Store(t.Context(), list)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Stored || r.Conflicts != i || len(list.Findings) != i {
			t.Errorf("%d: %+v %v", i, r, list.Findings)
		}
	}
	if f := lists[1].Findings; len(f) == 1 && !strings.Contains(f[0].Message, "by Olga") {
		t.Errorf("%v", f)
	}
	texts := 0
	for v, err := range p.Memory.(memory.Store).History(t.Context(), memory.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if v.Withdrawn == 0 {
			texts++
		}
	}
	if texts != 2 {
		t.Errorf("%d texts are kept, want 2", texts)
	}
}

// Imports with different translations of the same segments run at the same time, each
// with the memory's file opened for itself: every text that one of them reports as
// accepted or kept is in the history, and no conflict is silent.
func TestImportTogether(t *testing.T) {
	a := page("a.txt", "The bridge is open again. Traffic is slow.\n\nNobody was hurt.\n")
	for round := range 4 {
		file := filepath.Join(t.TempDir(), "memory.db")
		const importers = 3
		lists := make([]*ImportList, importers)
		results := make([]ImportResult, importers)
		var wg sync.WaitGroup
		for n := range importers {
			p := newProject(t, twoLocales)
			store, err := sqlite.Open(t.Context(), file, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			p.Memory = store
			text := func(i int) string { return fmt.Sprintf("Перевод %d.%d.%d.", round, n, i) }
			units := returned(t, p, []Source{a}, "ru", bitext.Translated, map[string]string{
				"The bridge is open again.": text(1), "Traffic is slow.": text(2), "Nobody was hurt.": text(3),
			})
			wg.Go(func() {
				var err error
				if lists[n], results[n], err = p.Import(t.Context(), []Source{a}, once(t, units), ImportOptions{Author: fmt.Sprint("person ", n)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		store, err := sqlite.Open(t.Context(), file, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		history := map[string]bool{}
		for v, err := range store.History(t.Context(), memory.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			history[v.Entry.Target.Chars] = true
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		told := 0
		for n, list := range lists {
			for i, d := range list.Decisions {
				if list.outcomes.all[i].entry != noEntry && !history[d.Target] {
					t.Errorf("round %d: %s %q is nowhere", round, d.Verdict, d.Target)
				}
			}
			if results[n].Conflicts > 0 || results[n].Kept > 0 {
				told++
			}
		}
		// One of them was the first. Who began after another had stored sees its text.
		for n, list := range lists {
			saw := slices.ContainsFunc(list.outcomes.all, func(o keptOutcome) bool { return o.has(outcomeEdited) })
			if saw && results[n].Conflicts == 0 && results[n].Kept == 0 {
				told++
			}
		}
		if told < importers-1 {
			t.Errorf("round %d: %d of %d know of the others: %+v", round, told, importers-1, results)
		}
	}
}
