package pipeline

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/exchange"
)

// openPage is an article with a tag, a repeated sentence and a figure.
const openPage = "<html><head><title>First</title></head><body><h1>First</h1><p>The <b>first</b> of 12 days.</p><p>It rains.</p><p>It rains.</p></body></html>"

func openTestArticle(t *testing.T, p *Project, data string) (Source, *OpenArticle) {
	t.Helper()
	src := Source{Path: "a.html", Read: func() ([]byte, error) { return []byte(data), nil }}
	d, _ := p.Open("a.html", "", "", []byte(data))
	a, err := p.OpenArticle(t.Context(), d, "ru")
	if err != nil {
		t.Fatal(err)
	}
	return src, a
}

// saveSegment imports one translation as a person's.
func saveSegment(t *testing.T, p *Project, src Source, a *OpenArticle, i int, tagged string) ImportResult {
	t.Helper()
	x := a.At(i)
	text, err := bitext.ParseTagged(tagged, x.Segment.Source)
	if err != nil {
		t.Fatal(err)
	}
	u := &exchange.Unit{Header: &exchange.Header{Path: src.Path, SourceLocale: "en", TargetLocale: "ru"}, Unit: *x.Unit, Targets: make([]bitext.Target, len(x.Unit.Segments))}
	u.Targets[x.Ref.Segment] = bitext.Target{Text: text, Filled: true, State: bitext.Translated}
	units := func(yield func(*exchange.Unit, error) bool) { yield(u, nil) }
	_, r, err := p.Import(t.Context(), []Source{src}, units, ImportOptions{Partial: true, Author: "Anna", State: bitext.Translated, Open: []*OpenArticle{a}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRefresh: an open article that is refreshed is the article opened anew, and the
// one before stays as it was.
func TestRefresh(t *testing.T) {
	p := newProject(t, twoLocales)
	src, a := openTestArticle(t, p, openPage)
	i := slices.IndexFunc(slices.Collect(texts(a)), func(s string) bool { return strings.HasPrefix(s, "The first") })
	if i < 0 || a.Len() < 4 {
		t.Fatal(slices.Collect(texts(a)))
	}
	rains := slices.Index(slices.Collect(texts(a)), "It rains.")
	if r := saveSegment(t, p, src, a, i, "<1>Первый</1> из 12 дней."); !r.Stored {
		t.Fatalf("%+v", r)
	}
	if r := saveSegment(t, p, src, a, rains, "Идёт дождь."); !r.Stored {
		t.Fatalf("%+v", r)
	}
	if a.At(i).Target.Filled {
		t.Error("an open article changes")
	}
	next, changed, err := p.Refresh(t.Context(), a, func(key string) bool { return key == a.At(i).Key || key == a.At(rains).Key })
	if err != nil || len(changed) != 3 { // the repeated sentence has the translation of the first
		t.Fatalf("changed %v, %v", changed, err)
	}
	_, fresh := openTestArticle(t, p, openPage)
	for j, x := range fresh.Segments() {
		if y := next.At(j); !sameTarget(x.Target, y.Target) || y.Target != &next.Translation().Targets[y.Ref.Unit][y.Ref.Segment] {
			t.Errorf("segment %d: %+v, want %+v", j, y.Target, x.Target)
		}
	}
	if len(fresh.Findings) != len(next.Findings) {
		t.Errorf("%d findings, want %d", len(next.Findings), len(fresh.Findings))
	}
	if same, changed, err := p.Refresh(t.Context(), next, func(string) bool { return true }); same != next || len(changed) > 0 || err != nil {
		t.Errorf("nothing changed, but %v, %v", changed, err)
	}
	if a.At(i).Target.Filled {
		t.Error("an article changes when it is refreshed")
	}
}

func texts(a *OpenArticle) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, x := range a.Segments() {
			if !yield(x.Segment.Source.Chars) {
				return
			}
		}
	}
}

func TestCheckText(t *testing.T) {
	p := newProject(t, twoLocales)
	_, a := openTestArticle(t, p, openPage)
	i := slices.IndexFunc(slices.Collect(texts(a)), func(s string) bool { return strings.HasPrefix(s, "The first") })
	for text, want := range map[string]string{
		"<1>Первый</1> из 12 дней.": "",
		"<1>Первый</1> из 13 дней.": "quality.numbers",
		"Первый из 12 дней.":        "quality.codes",
	} {
		target, err := bitext.ParseTagged(text, a.At(i).Segment.Source)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, f := range p.CheckText(a, i, target) {
			ids = append(ids, f.ID)
		}
		if want == "" && len(ids) > 0 || want != "" && !slices.Contains(ids, want) {
			t.Errorf("%s: %v, want %q", text, ids, want)
		}
	}
}

// TestPreview: a preview has every segment between its marks, translated or not, though
// the policy would withhold the edition.
func TestPreview(t *testing.T) {
	p := newProject(t, twoLocales)
	src, a := openTestArticle(t, p, openPage)
	i := slices.IndexFunc(slices.Collect(texts(a)), func(s string) bool { return strings.HasPrefix(s, "The first") })
	saveSegment(t, p, src, a, i, "<1>Первый</1> из 12 дней.")
	a, _, err := p.Refresh(t.Context(), a, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	data, _ := p.Preview(a, func(int) (string, string) { return "[", "]" }, nil, p.Siblings([]Source{src}, edition.Index{}))
	for _, want := range []string{"<p>[<b>Первый</b> из 12 дней.]</p>", "[It rains.]"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the preview does not have %q:\n%s", want, data)
		}
	}
}
