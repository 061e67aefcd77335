package pipeline

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/format"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
	"hexapla/pipeline/segment"
)

var corpus = flag.String("corpus", "", "a folder of real .html, .md and .txt files to hold the law of round trip on")

// newProject is a project in memory with a real, empty translation memory.
func newProject(t testing.TB, toml string) *Project {
	t.Helper()
	c, err := config.Parse("hexapla.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := New(c, Resources{
		Rules: segment.Default(), Catalogs: locales.Embedded(), Memory: store,
		Clock: func() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const twoLocales = "[project]\nlocales = [\"ru\", \"fa\"]\n[policy]\nmissing = \"source\"\n"

// articles are the sample newsroom's, or the files of -corpus.
func articles(t testing.TB, root string) []Source {
	t.Helper()
	var out []Source
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.Type().IsRegular() && format.NameFor(name) != "" {
			rel, err := filepath.Rel(root, name)
			if err != nil {
				return err
			}
			out = append(out, Source{Path: filepath.ToSlash(rel), Read: func() ([]byte, error) { return os.ReadFile(name) }})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no article in %s", root)
	}
	return out
}

const newsroom = "../testdata/newsroom/articles"

// A document whose targets equal its sources comes back byte for byte: read and
// written, and by way of each kind of bilingual file.
func TestRoundTrip(t *testing.T) {
	roundTrip(t, newsroom)
}

// A segment that begins with a letter is found at that letter.
func TestLocate(t *testing.T) {
	p := newProject(t, twoLocales)
	looked := 0
	for _, a := range articles(t, newsroom) {
		data, err := a.Read()
		if err != nil {
			t.Fatal(err)
		}
		d, _ := p.Open(a.Path, "", "", data)
		lines := strings.Split(string(d.Skeleton.Data), "\n")
		at := bitext.NewLocator(d)
		for i := range d.Units {
			u := &d.Units[i]
			for _, s := range u.Translatable() {
				if len(s.Source.Codes) > 0 && s.Source.Codes[0].Pos == 0 || s.Source.IsEmpty() || !unicode.IsLetter([]rune(s.Source.Chars)[0]) {
					continue
				}
				line, column, ok := at.At(u.ID, s.ID)
				if !ok {
					t.Errorf("%s: %s/%s is nowhere", a.Path, u.ID, s.ID)
					continue
				}
				word := strings.FieldsFunc(s.Source.Chars, func(r rune) bool { return !unicode.IsLetter(r) })[0]
				got := string([]rune(lines[line-1])[column-1:])
				if !strings.HasPrefix(strings.TrimPrefix(got, `"`), word) { // a quoted value begins with its mark
					t.Errorf("%s:%d:%d: %.40q, want %q", a.Path, line, column, got, s.Source.Chars)
				}
				looked++
			}
		}
		if _, _, ok := at.At("no-such-unit", "s1"); ok {
			t.Error("a unit that is not there has a place")
		}
	}
	if looked < 50 {
		t.Errorf("only %d segments looked at", looked)
	}
}

func TestRoundTripOfCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus given")
	}
	roundTrip(t, *corpus)
}

func roundTrip(t *testing.T, root string) {
	p := newProject(t, twoLocales)
	files, size := 0, 0
	for _, a := range articles(t, root) {
		data, err := a.Read()
		if err != nil {
			t.Fatal(err)
		}
		files, size = files+1, size+len(data)
		d, _ := p.Open(a.Path, "", "", data)
		f := p.formats[d.Format]
		if got, _ := f.Assemble(d, nil, nil); !bytes.Equal(got, data) {
			t.Errorf("%s: read and written, it differs %s", a.Path, firstDifference(data, got))
			continue
		}
		for _, c := range Codecs() {
			if root != newsroom && c.Name == "xlsx" {
				continue // one more minute for nothing new
			}
			tr := through(t, c, p, d, data)
			if tr == nil {
				continue
			}
			if got, _ := f.Assemble(d, tr, nil); !bytes.Equal(got, data) {
				t.Errorf("%s: by way of %s, it differs %s", a.Path, c.Name, firstDifference(data, got))
			}
		}
	}
	t.Logf("%d files, %d bytes", files, size)
}

func firstDifference(want, got []byte) string {
	i := 0
	for i < len(want) && i < len(got) && want[i] == got[i] {
		i++
	}
	clip := func(b []byte) string { return string(b[max(0, min(i, len(b))-20):min(len(b), i+30)]) }
	line, column := diag.At(want, i)
	return strings.Join([]string{"at", diag.Place{Line: line, Column: column}.String(), "\nwant …" + clip(want), "\ngot  …" + clip(got)}, " ")
}

// through sends all of a document out with its sources as targets, and gives what
// comes back as a translation.
func through(t *testing.T, c exchange.Codec, p *Project, d *bitext.Document, data []byte) *bitext.Translation {
	t.Helper()
	tr := bitext.NewTranslation(d, "ru")
	h := header(d, "ru", "b1", "", p.Clock())
	var file bytes.Buffer
	e, err := c.Encode(&file, exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Units {
		u := &d.Units[i]
		if u.NoTranslate {
			continue
		}
		for j, s := range u.Translatable() {
			tr.Targets[i][j] = bitext.Target{Text: s.Source, Filled: true, State: bitext.Final}
		}
		if err := e.Write(&exchange.Unit{Header: h, Unit: *u, Targets: tr.Targets[i]}); err != nil {
			t.Errorf("%s: written as %s: %v", d.Path, c.Name, err)
			return nil
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	back := bitext.NewTranslation(d, "ru")
	im := newImporter(p, nil, ImportOptions{})
	article := newOpenArticle(bitext.NewTranslation(d, "ru"))
	refs := map[string]bitext.Ref{}
	for ref := range back.Segments() {
		refs[place(d.Path, d.Units[ref.Unit].ID, d.Source(ref).ID)] = ref
	}
	n := 0
	for u, err := range c.Decode(d.Path, &file) {
		if err != nil {
			t.Errorf("%s: read as %s: %v", d.Path, c.Name, err)
			return nil
		}
		for _, f := range im.align(article, u, "ru") {
			ref, ok := refs[place(d.Path, f.unit.ID, f.id)]
			if d.Units[ref.Unit].Message != nil {
				f.reason = "" // chrome is not for import
			}
			if !ok || f.reason != "" {
				t.Errorf("%s: by way of %s, %s: %s: %q", d.Path, c.Name, u.ID, f.reason, f.source.Tagged())
				return nil
			}
			text, err := bitext.ParseTagged(f.target.Text.TaggedAs(f.source), d.Source(ref).Source)
			if err != nil {
				t.Errorf("%s: by way of %s: %v", d.Path, c.Name, err)
				return nil
			}
			back.Targets[ref.Unit][ref.Segment] = bitext.Target{Text: text, Filled: true}
			n++
		}
	}
	want := 0
	for range tr.Segments() {
		want++
	}
	if n != want {
		t.Errorf("%s: by way of %s, %d of %d segments came back", d.Path, c.Name, n, want)
	}
	return back
}

// Export, fill every target, import, build: the edition has exactly these targets,
// by way of each kind of file; importing again changes nothing.
func TestExportImportBuild(t *testing.T) {
	for _, c := range Codecs() {
		t.Run(c.Name, func(t *testing.T) {
			p := newProject(t, twoLocales)
			all := articles(t, newsroom)
			var file bytes.Buffer
			e, err := c.Encode(&file, exchange.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{} // by place
			_, err = p.Export(t.Context(), all, []string{"ru"}, "b1", Selection{}, func(x Exported) error {
				for _, u := range x.Units {
					targets := make([]bitext.Target, len(u.Targets))
					for i, s := range u.Translatable() {
						text := translated(s.Source)
						targets[i] = bitext.Target{Text: text, Filled: true, State: bitext.Reviewed}
						want[u.Path+"#"+u.ID+"/"+s.ID] = text.Tagged()
					}
					u.Targets = targets
					if err := e.Write(u); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			take := func(p *Project) ImportResult {
				list, r, err := p.Import(t.Context(), all, c.Decode("f", bytes.NewReader(file.Bytes())), ImportOptions{Author: "Olga"})
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range list.Findings {
					t.Errorf("%v", f)
				}
				return r
			}
			if r := take(p); !r.Stored || r.Taken == 0 {
				t.Fatalf("import: %+v", r)
			}
			if r := take(p); r.Taken != 0 || r.Stored {
				t.Errorf("imported again: %+v, want nothing taken", r)
			}
			err = p.Build(t.Context(), all, []string{"ru"}, edition.Index{}, func(r Result) error {
				for _, e := range r.Editions {
					if e.Published.Status != edition.Finished {
						t.Errorf("%s is %s: %v", r.Path, e.Published.Status, e.Published.Reasons)
					}
					for c := range contexts(e.Translation) {
						if w, ok := want[c.place]; ok && c.target.Text.TaggedAs(c.segment.Source) != w {
							t.Errorf("%s: %q, want %q", c.place, c.target.Text.TaggedAs(c.segment.Source), w)
						}
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

var (
	latinWord    = regexp.MustCompile(`[A-Za-z]+`)
	russianWords = strings.Fields(`правительство заявило пятницу новые правила зданий налогов вступят силу следующем году после долгих обсуждений
		парламенте инженеры испытали поезда мостами реки сотрудники музея перенесли картины погода дождь снег ветер крестьяне врачи учителя`)
)

// quantities are the words that belong to a figure: a check reads them with it.
var quantities = map[string]string{
	"million": "миллиона", "percent": "процента", "km": "км", "hectares": "гектаров", "tons": "тонн", "cents": "центов", "minutes": "минут", "hours": "часа",
	"May": "мая", "June": "июня", "July": "июля", "September": "сентября", "October": "октября", "November": "ноября", "December": "декабря",
}

// translated is a text of words of another language, with its codes where they were.
func translated(t bitext.Text) bitext.Text {
	var pieces []bitext.Text
	for p := range t.Pieces() {
		if p.Code != nil {
			c := *p.Code
			c.Pos = 0
			pieces = append(pieces, bitext.Text{Codes: []bitext.Code{c}})
			continue
		}
		pieces = append(pieces, bitext.Plain(latinWord.ReplaceAllStringFunc(p.Chars, func(w string) string {
			if q := quantities[w]; q != "" {
				return q
			}
			n := 0
			for _, r := range w {
				n = n*31 + int(r)
			}
			return russianWords[n%len(russianWords)]
		})))
	}
	return bitext.Join(pieces...)
}

// Building twice gives the same bytes, whatever the order in which goroutines run.
func TestBuildIsDeterministic(t *testing.T) {
	p := newProject(t, twoLocales)
	build := func() map[string]string {
		out := map[string]string{}
		err := p.Build(t.Context(), articles(t, newsroom), p.Config.Project.Locales, edition.Index{}, func(r Result) error {
			for _, e := range r.Editions {
				out[e.Locale+" "+e.Path] = string(e.Data)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	a, b := build(), build()
	for k := range a {
		if a[k] != b[k] {
			t.Errorf("%s differs", k)
		}
	}
}

// A build that is stopped hands out whole articles only, and says that it was
// stopped.
func TestBuildStops(t *testing.T) {
	p := newProject(t, twoLocales)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := p.Build(ctx, articles(t, newsroom), p.Config.Project.Locales, edition.Index{}, func(r Result) error {
		n++
		if len(r.Editions) != 2 {
			t.Errorf("%s has %d editions, want 2", r.Path, len(r.Editions))
		}
		cancel()
		return nil
	})
	if err == nil || n == 0 {
		t.Errorf("error %v after %d articles, want one after at least one", err, n)
	}
}

// A byline that is nothing but a date is chrome: it is written as the locale has
// it, in its own calendar and digits.
func TestByline(t *testing.T) {
	p := newProject(t, "[project]\nlocales = [\"ru\", \"fa\"]\n")
	d, _ := p.Open("a.txt", "", "", []byte("September 25, 2026\n\nText.\n"))
	for locale, want := range map[string]string{"ru": "25 сентября 2026\u202fг.", "fa": "۳ مهر ۱۴۰۵"} {
		tr, _, err := p.Prepare(t.Context(), d, locale)
		if err != nil {
			t.Fatal(err)
		}
		if got := tr.Targets[0][0].Text.Chars; strings.ReplaceAll(got, "\u00a0", "\u202f") != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

// recorder is a hook that records what it is asked.
type recorder struct{ items []hook.Item }

func (r *recorder) Translate(_ context.Context, q hook.Request) ([]hook.Answer, []diag.Diagnostic) {
	r.items = append(r.items, q.Items...)
	out := make([]hook.Answer, len(q.Items))
	for i := range out {
		out[i].Err = hook.ErrUnsupported
	}
	return out, nil
}

// Engines get their neighbours as plain text, without tags and escapes.
func TestNeighbours(t *testing.T) {
	p := newProject(t, twoLocales)
	r := &recorder{}
	p.Hook = r
	d, _ := p.Open("a.html", "", "", []byte(`<p>One <b>bold</b> word.</p><p>Two.</p><p>Write &lt;1&gt; here.</p>`))
	if _, _, err := p.Prepare(t.Context(), d, "ru"); err != nil {
		t.Fatal(err)
	}
	if len(r.items) != 3 || r.items[1].Before != "One bold word." || r.items[1].After != "Write <1> here." {
		t.Errorf("%+v", r.items)
	}
}

// upperHook is a hook that answers at once and keeps its answers, or not.
type upperHook struct{ keeps bool }

func (h upperHook) KeepsAnswers() bool { return h.keeps }

func (h upperHook) Translate(_ context.Context, q hook.Request) ([]hook.Answer, []diag.Diagnostic) {
	out := make([]hook.Answer, len(q.Items))
	for i, item := range q.Items {
		out[i] = hook.Answer{Text: bitext.Plain(strings.ToUpper(item.Text.Chars)), Engine: "upper"}
		q.OnAnswer(i, out[i])
	}
	return out, nil
}

// What an engine translates is in the memory when Prepare returns, and has the time there
// that the edition names, however long storing takes.
func TestAnswersAreStored(t *testing.T) {
	for _, keeps := range []bool{false, true} {
		p := newProject(t, twoLocales)
		var seconds atomic.Int64
		p.Clock = func() time.Time { return time.Unix(seconds.Add(1), 0).UTC() }
		p.Hook = upperHook{keeps}
		d, _ := p.Open("a.txt", "", "", []byte("One text.\n\nAnother text.\n\nThird text.\n"))
		first, _, err := p.Prepare(t.Context(), d, "ru")
		if err != nil {
			t.Fatal(err)
		}
		p.Hook = nil
		second, _, err := p.Prepare(t.Context(), d, "ru")
		if err != nil {
			t.Fatal(err)
		}
		for i := range first.Targets {
			a, b := first.Targets[i][0], second.Targets[i][0]
			if !b.Filled || b.Text.Chars != a.Text.Chars || !b.Origin.Time.Equal(a.Origin.Time) {
				t.Errorf("keeps answers: %t: %q of %v is %q of %v in the memory", keeps, a.Text.Chars, a.Origin.Time, b.Text.Chars, b.Origin.Time)
			}
		}
	}
}

// A document in another language than the project's source is opened with the rules
// of its own.
func TestOpenTranslated(t *testing.T) {
	p := newProject(t, twoLocales)
	d, _ := p.Open("editions/ru/a.txt", "", "ru", []byte("Он приехал в г. Москву. Потом уехал.\n"))
	if d.Locale != "ru" || len(d.Units) != 1 || len(d.Units[0].Segments) != 3 {
		t.Errorf("%s: %+v", d.Locale, d.Units)
	}
}

// A translation of two sentences in one is offered for both, and fills none.
func TestMergedProposals(t *testing.T) {
	p := newProject(t, twoLocales)
	data := []byte("<p>He added that <b>schools</b> would get more. Critics doubt it. The vote is in May.</p>")
	d, _ := p.Open("a.html", "", "", data)
	u := &d.Units[0]
	joined := u.Source.Slice(u.Segments[0].From, u.Segments[2].To)
	target := bitext.Text{Chars: "Он добавил, что школы получат больше, но критики сомневаются.", Codes: []bitext.Code{{Pos: 28, Kind: bitext.Start, ID: "1"}, {Pos: 38, Kind: bitext.End, ID: "1"}}}
	if _, err := p.Memory.AddWith(t.Context(), memory.Batch{}, memory.AddOptions{}, func(yield func(bitext.Entry, error) bool) {
		yield(bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: joined, Target: target, State: bitext.Translated, SubState: bitext.SubStateAligned, Origin: bitext.Origin{Kind: bitext.FromImport, Name: "ru/a.html"}}, nil)
	}); err != nil {
		t.Fatal(err)
	}
	tr, _, err := p.Prepare(t.Context(), d, "ru")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{62, 0, 30, 0, 0} {
		got := tr.Targets[0][i]
		switch {
		case got.Filled, want == 0 && len(got.Matches) > 0, want > 0 && len(got.Matches) != 1:
			t.Errorf("segment %d: filled %t, %d matches", i, got.Filled, len(got.Matches))
		case want > 0:
			if m := got.Matches[0]; m.Type != bitext.FuzzyMatch || m.NotUsable != bitext.ReasonMerged || m.Score < want-8 || m.Score > want+8 || m.Target.Chars != target.Chars || m.Source.Chars != joined.Chars || m.Target.Codes[0].Data != "<b>" {
				t.Errorf("segment %d: %+v", i, m)
			}
		}
	}
}
