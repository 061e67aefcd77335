package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/align"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
)

// AlignOptions control Align. Pairs with a confidence of at least MinConfidence are
// stored, the others written to Review, a file of type tmx, xlsx or html by its
// extension; empty for none. Force stores also what NoPair refuses.
type AlignOptions struct {
	Pages         []Pages
	MinConfidence float64
	Review        string
	Force         bool
	DryRun        bool
	Batch         memory.Batch
}

// AlignResult counts what Align did: pages that were aligned and refused, pairs that
// are in the memory or would be, pairs for review, and segments of both sides without
// a counterpart. Batch is the batch in the memory, 0 if nothing was stored.
type AlignResult struct {
	Pages    int               `json:"pages"`
	Refused  int               `json:"refused"`
	Stored   int               `json:"stored"`
	Known    int               `json:"known"`
	Review   int               `json:"review"`
	Unpaired int               `json:"unpaired"`
	Batch    int64             `json:"batch,omitempty"`
	Findings []diag.Diagnostic `json:"findings"`
}

// aligning is one run of Align.
type aligning struct {
	w        *workspace.Workspace
	o        AlignOptions
	aligners map[pair]*align.Aligner
	sources  map[string]string // source locale by page
	review   reviewWriter
	result   *AlignResult
}

// pair is a source and a target locale.
type pair struct{ source, target string }

// pairOf returns the locales of two pages. A source page is in the locale that it would
// be in as an article.
func (a *aligning) pairOf(p Pages) (pair, error) {
	source, known := a.sources[p.Source]
	if !known {
		data, _, err := a.readFile(p.Source)
		if err != nil {
			return pair{}, err
		}
		source = a.w.SourceLocale(p.Source, data)
		a.sources[p.Source] = source
	}
	return pair{source, p.Locale}, nil
}

// Align aligns pages and stores their pairs in the memory as one batch. Pages are read
// twice, the first time to learn the words of their language; memory in use does not
// grow with their number.
func Align(ctx context.Context, w *workspace.Workspace, o AlignOptions) (*AlignResult, error) {
	a := &aligning{w: w, o: o, aligners: map[pair]*align.Aligner{}, sources: map[string]string{}, result: &AlignResult{Findings: []diag.Diagnostic{}}}
	slices.SortStableFunc(a.o.Pages, func(x, y Pages) int { return strings.Compare(x.Locale, y.Locale) })
	for _, p := range a.o.Pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		languages, err := a.pairOf(p)
		if err != nil {
			return nil, err
		}
		if a.aligners[languages] == nil {
			a.aligners[languages] = align.New()
		}
		al := a.aligners[languages]
		if al.Learned() {
			continue
		}
		source, target, err := a.read(p)
		if err != nil {
			return nil, err
		}
		if found := al.Align(source.document, target.document); found.Evidence.NoPair() == "" && wrongLanguage(source.document, target.document) == "" {
			al.Learn(found)
		}
	}
	for _, al := range a.aligners {
		al.Train()
	}
	if o.Review == "" || o.DryRun {
		return a.result, a.store(ctx)
	}
	typ := strings.TrimPrefix(strings.ToLower(path.Ext(o.Review)), ".")
	if _, err := newReviewWriter(io.Discard, typ, w.Config.Project.Source); err != nil {
		return nil, err
	}
	return a.result, rootfs.WriteFunc(o.Review, func(out io.Writer) (err error) {
		if a.review, err = newReviewWriter(out, typ, w.Config.Project.Source); err != nil {
			return err
		}
		return errors.Join(a.store(ctx), a.review.Close())
	})
}

// store aligns all pages again and adds what is confident to the memory.
func (a *aligning) store(ctx context.Context) error {
	if a.o.DryRun {
		for _, err := range a.entries(ctx) {
			if err != nil {
				return err
			}
			a.result.Stored++
		}
		return nil
	}
	r, err := a.w.Store.AddWith(ctx, a.o.Batch, memory.AddOptions{KeepWithdrawn: true}, a.entries(ctx))
	if err != nil {
		return err
	}
	a.result.Stored, a.result.Batch = r.Added, r.Batch
	a.result.Known += r.Unchanged + r.Withdrawn
	return nil
}

// entries walks over the entries to store. Pairs for review go to their file.
func (a *aligning) entries(ctx context.Context) func(yield func(bitext.Entry, error) bool) {
	return func(yield func(bitext.Entry, error) bool) {
		for _, p := range a.o.Pages {
			candidates, err := a.page(ctx, p)
			if err != nil {
				yield(bitext.Entry{}, err)
				return
			}
			for _, c := range candidates {
				if c.Confidence >= a.o.MinConfidence {
					if !yield(c.Entry, nil) {
						return
					}
					continue
				}
				a.result.Review++
				if a.review != nil {
					if err := a.review.Write(p, c); err != nil {
						yield(bitext.Entry{}, err)
						return
					}
				}
			}
		}
	}
}

// page aligns one pair of pages. It returns nothing for pages that are no pair.
func (a *aligning) page(ctx context.Context, p Pages) ([]align.Candidate, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	source, target, err := a.read(p)
	if err != nil {
		return nil, err
	}
	report := func(id string, severity diag.Severity, hint, format string, args ...any) {
		a.result.Findings = append(a.result.Findings, diag.Diagnostic{
			ID: id, Severity: severity, Place: diag.Place{Path: p.Target, Locale: p.Locale}, Hint: hint,
		}.Messagef(format, args...))
	}
	if why := wrongLanguage(source.document, target.document); why != "" && !a.o.Force {
		a.result.Refused++
		report("align.language", diag.Error, "see whether --locale is right; --force stores it all the same", "%s; nothing was stored", why)
		return nil, nil
	}
	found := a.aligners[pair{source.document.Locale, p.Locale}].Align(source.document, target.document)
	e := found.Evidence
	if why := e.NoPair(); why != "" && !a.o.Force {
		a.result.Refused++
		report("align.no-pair", diag.Error, "see whether the pages belong together; --force stores their pairs all the same",
			"not a translation of %s (%s): %d and %d sentences, %d of them aligned, %d of %d numbers, links and names shared, %d sentences are those of the source; nothing was stored",
			p.Source, why, e.Sentences[0], e.Sentences[1], e.Aligned, e.SharedAnchors, e.Anchors, e.Copied)
		return nil, nil
	}
	a.result.Pages++
	if target.declared && source.declared && target.date.Before(source.date) {
		report("align.older", diag.Warning, "review what has changed in the source since",
			"the translation is of %s, its source of %s", target.date.Format(time.DateOnly), source.date.Format(time.DateOnly))
	}
	for _, pair := range found.Pairs {
		if len(pair.Source) == 0 || len(pair.Target) == 0 {
			a.result.Unpaired += len(pair.Source) + len(pair.Target)
		}
	}
	return a.unknown(ctx, source.document.Locale, p.Locale, found.Entries(target.date))
}

// unknown returns the candidates for whose source the memory has no translation of
// another origin: a pair that nobody has seen must not come before it.
func (a *aligning) unknown(ctx context.Context, source, locale string, all []align.Candidate) ([]align.Candidate, error) {
	if a.w.Store == nil || len(all) == 0 {
		return all, nil
	}
	queries := make([]memory.Query, len(all))
	for i := range all {
		c := &all[i]
		queries[i] = memory.Query{Source: c.Source, Prev: c.Prev, Next: c.Next, Place: c.Place}
	}
	found, err := a.w.Store.Lookup(ctx, source, locale, queries)
	if err != nil {
		return nil, err
	}
	var out []align.Candidate
	for i, matches := range found {
		if slices.ContainsFunc(matches, func(m bitext.Match) bool {
			return m.Type >= bitext.ExactMatch && m.SubState != bitext.SubStateAligned && m.Origin.Kind != bitext.FromEngine
		}) {
			a.result.Known++
			continue
		}
		out = append(out, all[i])
	}
	return out, nil
}

// page is a document and its date: that which it declares, or else that of its file.
type page struct {
	document *bitext.Document
	date     time.Time
	declared bool
}

func (a *aligning) read(p Pages) (source, target page, err error) {
	languages, err := a.pairOf(p)
	if err != nil {
		return
	}
	if source, err = a.readPage(p.Source, languages.source); err != nil {
		return
	}
	target, err = a.readPage(p.Target, p.Locale)
	return
}

// readPage reads a page of the project, or one that the user named.
func (a *aligning) readPage(name, locale string) (page, error) {
	data, info, err := a.readFile(name)
	if err != nil {
		return page{}, err
	}
	d, ds := a.w.Open(name, "", locale, data)
	if worst, any := diag.MaxSeverity(ds); any && worst == diag.Error && len(d.Units) == 0 {
		return page{}, workspace.Join(ds)
	}
	out := page{document: d, date: info.ModTime().UTC().Truncate(time.Second)}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		for _, key := range []string{"modified", "date"} {
			if t, err := time.Parse(layout, d.Meta[key]); err == nil {
				out.date, out.declared = t.UTC(), true
				return out, nil
			}
		}
	}
	return out, nil
}

func (a *aligning) readFile(name string) (data []byte, info os.FileInfo, err error) {
	open := func() (*os.File, error) { return a.w.Dir.OpenFile(name) }
	if filepath.IsAbs(name) || !filepath.IsLocal(filepath.FromSlash(name)) || !a.w.Dir.Exists(name) {
		open = func() (*os.File, error) { return os.Open(name) }
	}
	f, err := open()
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, nil, err
	}
	data, err = io.ReadAll(io.LimitReader(f, rootfs.MaxFile+1))
	if err == nil && len(data) > rootfs.MaxFile {
		err = fmt.Errorf("%s is larger than the limit of %d bytes", name, rootfs.MaxFile)
	}
	return data, info, err
}

// wrongLanguage returns why a document does not seem to be in its locale: most of its
// letters are of another script, it declares another language, or the source is in it.
func wrongLanguage(source, d *bitext.Document) string {
	if source.Locale == d.Locale {
		return fmt.Sprintf("the source page is in %s, too", locales.EnglishName(d.Locale))
	}
	if lang, err := locales.Canonical(d.Meta["lang"]); err == nil && d.Meta["lang"] != "" && !tag.SameLanguage(lang, d.Locale) {
		return fmt.Sprintf("the page declares the language %s, not %s", lang, d.Locale)
	}
	script := tag.Script(d.Locale)
	if !tag.HasLetters(script) {
		return otherLanguage(source, d)
	}
	count := map[string]int{}
	all := 0
	for i := range d.Units {
		for _, r := range d.Units[i].Source.Chars {
			if s := tag.LetterScript(r); s != "" {
				count[s]++
				all++
			}
		}
	}
	// A page about computers may have as many foreign letters as own ones.
	if all < 50 || count[script]*5 >= all {
		return otherLanguage(source, d)
	}
	most := ""
	for s, n := range count {
		if cmp.Or(cmp.Compare(n, count[most]), strings.Compare(most, s)) > 0 {
			most = s
		}
	}
	return fmt.Sprintf("%d of %d letters are of the script %s: the page seems not to be in %s", count[most], all, most, locales.EnglishName(d.Locale))
}

// otherLanguage returns why a document seems to be in another language: many of its
// paragraphs have letters that its language does not have, or words of another one.
// Paragraphs of the source do not count: a page may be translated in part.
func otherLanguage(source, d *bitext.Document) string {
	const most, least = 200, 4 // paragraphs that are looked at, and that must be wrong
	copied := map[string]bool{}
	for i := range source.Units {
		copied[source.Units[i].Source.Chars] = true
	}
	sample := &bitext.Document{Locale: "und"}
	for i := range d.Units {
		u := &d.Units[i]
		if u.NoTranslate || u.Message != nil || copied[u.Source.Chars] || bitext.CountWords(u.Source.Chars) < 3 {
			continue
		}
		v := bitext.Unit{ID: u.ID, Kind: u.Kind, Source: bitext.Plain("-")}
		v.SegmentAt(nil, func(int, bitext.Text) bool { return false })
		sample.Units = append(sample.Units, v)
		if len(sample.Units) == most {
			break
		}
	}
	texts := map[string]bitext.Text{}
	for i := range d.Units {
		texts[d.Units[i].ID] = bitext.Plain(d.Units[i].Source.Chars)
	}
	tr := bitext.NewTranslation(sample, d.Locale)
	for i := range sample.Units {
		tr.Targets[i][0] = bitext.Target{Text: texts[sample.Units[i].ID], Filled: true, State: bitext.Translated}
	}
	wrong := map[string]bool{}
	for _, f := range quality.Check(tr, quality.Options{Enabled: []string{"quality.script", "quality.letters"}}) {
		wrong[f.Place.Unit] = true
	}
	if len(wrong) < least || 2*len(wrong) < len(sample.Units) {
		return ""
	}
	return fmt.Sprintf("%d of %d paragraphs seem not to be in %s", len(wrong), len(sample.Units), locales.EnglishName(d.Locale))
}
