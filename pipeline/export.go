package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/jsonl"
	"hexapla/pipeline/exchange/po"
	"hexapla/pipeline/exchange/table"
	"hexapla/pipeline/exchange/xliff"
)

// Codecs are the bilingual file types, the default first.
func Codecs() []exchange.Codec {
	return []exchange.Codec{xliff.Codec, po.Codec, table.CSV, table.XLSX, jsonl.Codec}
}

// CodecNamed finds a file type by name, or by the extension of a path.
func CodecNamed(nameOrPath string) (exchange.Codec, bool) {
	for _, c := range Codecs() {
		if c.Name == nameOrPath {
			return c, true
		}
		for _, ext := range c.Extensions {
			if strings.HasSuffix(strings.ToLower(nameOrPath), ext) {
				return c, true
			}
		}
	}
	return exchange.Codec{}, false
}

// MatchBand is the amount of work that a segment needs, by what the memory has. It is what
// translators are paid by.
type MatchBand string

// The needs, in the order of an analysis.
const (
	BandDone      MatchBand = "done"       // a person's translation, in this context
	BandInContext MatchBand = "in-context" // in-context match, of a state that is not enough
	BandRepeat    MatchBand = "repeat"     // again in the same export
	BandExact     MatchBand = "exact"      // exact match
	BandFuzzy95   MatchBand = "fuzzy-95"   // fuzzy matches by score
	BandFuzzy85   MatchBand = "fuzzy-85"
	BandFuzzy75   MatchBand = "fuzzy-75"
	BandFuzzyLow  MatchBand = "fuzzy-low"
	BandMT        MatchBand = "mt" // an engine's text to be edited
	BandNew       MatchBand = "new"
)

// Needs lists all needs in their order.
var MatchBands = []MatchBand{BandDone, BandRepeat, BandInContext, BandExact, BandFuzzy95, BandFuzzy85, BandFuzzy75, BandFuzzyLow, BandMT, BandNew}

// bandOf returns the band of a target. Repeats are counted by the caller.
func bandOf(t *bitext.Target) MatchBand {
	best := 0
	typ := t.Match
	for _, m := range t.Matches {
		if m.Origin.Kind != bitext.FromEngine {
			best = max(best, m.Score)
			typ = max(typ, m.Type)
		}
	}
	switch {
	case t.Filled && t.SubState == "" && t.State >= bitext.Translated:
		return BandDone
	case typ == bitext.InContextMatch:
		return BandInContext
	case typ == bitext.ExactMatch:
		return BandExact
	case best >= 95:
		return BandFuzzy95
	case best >= 85:
		return BandFuzzy85
	case best >= 75:
		return BandFuzzy75
	case best > 0:
		return BandFuzzyLow
	case t.SubState == bitext.SubStateMT:
		return BandMT
	}
	return BandNew
}

// Tally counts segments and words of one need.
type Tally struct {
	Segments int `json:"segments"`
	Words    int `json:"words"`
}

// Analysis counts an export's work by need.
type Analysis map[MatchBand]Tally

func (a Analysis) add(n MatchBand, words int) {
	t := a[n]
	t.Segments++
	t.Words += words
	a[n] = t
}

// Total is the sum over all needs.
func (a Analysis) Total() Tally {
	var sum Tally
	for _, t := range a {
		sum.Segments += t.Segments
		sum.Words += t.Words
	}
	return sum
}

// Selection controls what an export contains. States are those of the targets to
// send, "missing" for none; empty for all. Changed leaves out what AlreadyExported reports has
// gone out before; NoRepeats sends each text once. Hooks asks the engines for
// what the memory does not have, so that translators get a draft.
type Selection struct {
	States          []string
	Changed         bool
	NoRepeats       bool
	AlreadyExported func(locale, fingerprint string) bool
}

// StateNames are the words that Selection.States takes.
var StateNames = []string{"missing", "initial", "translated", "reviewed", "final"}

func (s Selection) state(t *bitext.Target) bool {
	if len(s.States) == 0 {
		return true
	}
	name := "missing"
	if t.Filled {
		name = t.State.String()
	}
	return slices.Contains(s.States, name)
}

// Route is what a file for translators is for: a target locale, and the source locale of
// its articles. Name is that of the target alone if the source is the project's,
// "uk-from-de" otherwise: files have one source, and so have translators.
type Route struct{ Name, Source, Target string }

// RouteOf returns the route from one locale to another.
func (p *Project) RouteOf(source, target string) Route {
	if source == p.Config.Project.Source {
		return Route{target, source, target}
	}
	return Route{target + "-from-" + source, source, target}
}

// Exported is one article in one locale, ready to be sent. Fingerprints are those of
// the segments in it, Words counts the words of their sources. Translation is the whole
// article.
type Exported struct {
	Path         string
	Locale       string
	Route        Route
	Units        []*exchange.Unit
	Fingerprints []string
	Words        int
	Translation  *bitext.Translation
	Diagnostics  []diag.Diagnostic
}

// Export prepares articles in locales and emits what of them is selected, article
// by article and locale by locale, in order. Articles are prepared side by side, as
// many as there are processors; no more are held in memory. A unit of which one
// segment is selected goes out whole, so that a translator reads it whole. No article goes
// out in its own locale. The analysis has one entry for each locale but the project's
// source, and one for each other route that has a segment.
func (p *Project) Export(ctx context.Context, articles []Source, targets []string, batch string, s Selection, emit func(Exported) error) (map[string]Analysis, error) {
	analyses := map[string]Analysis{}
	seen := map[string]map[string]bool{}
	for _, l := range targets {
		if l != p.Config.Project.Source {
			analyses[l] = Analysis{}
		}
	}
	now := p.Clock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan chan preparedArticle, p.inFlight())
	go func() {
		defer close(queue)
		for _, a := range articles {
			next := make(chan preparedArticle, 1)
			select {
			case queue <- next:
				go func() { next <- p.prepareArticle(ctx, a, targets) }()
			case <-ctx.Done():
				return
			}
		}
	}()
	for next := range queue {
		a := <-next
		if a.err != nil {
			return nil, a.err
		}
		ds := a.diagnostics
		for _, tr := range a.translations {
			route := p.RouteOf(a.document.Locale, tr.Locale)
			if analyses[route.Name] == nil {
				analyses[route.Name] = Analysis{}
			}
			if seen[route.Name] == nil {
				seen[route.Name] = map[string]bool{}
			}
			e := p.export(tr.Translation, header(a.document, tr.Locale, batch, a.sha256, now), s, seen[route.Name], analyses[route.Name])
			e.Route = route
			e.Diagnostics = append(ds, tr.Diagnostics...)
			if err := p.exportNotes(ctx, e.Path, e.Locale, e.Units); err != nil {
				return nil, err
			}
			ds = nil // the article's own are reported once
			if err := emit(e); err != nil {
				return nil, err
			}
		}
	}
	maps.DeleteFunc(analyses, func(name string, a Analysis) bool { return len(a) == 0 && !slices.Contains(targets, name) })
	return analyses, ctx.Err()
}

// preparedArticle is an article prepared in some locales.
type preparedArticle struct {
	document     *bitext.Document
	sha256       string
	translations []Edition // without data
	diagnostics  []diag.Diagnostic
	err          error
}

func (p *Project) prepareArticle(ctx context.Context, a Source, targets []string) (r preparedArticle) {
	var data []byte
	if data, r.err = a.Read(); r.err != nil {
		r.err = fmt.Errorf("%s: %w", a.Path, r.err)
		return r
	}
	sum := sha256.Sum256(data)
	r.sha256 = hex.EncodeToString(sum[:])
	if r.err = p.work(ctx, func() error {
		r.document, r.diagnostics = p.Open(a.Path, "", "", data)
		return nil
	}); r.err != nil {
		return r
	}
	for _, l := range targets {
		if l != r.document.Locale {
			r.translations = append(r.translations, Edition{Locale: l})
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	for i := range r.translations {
		e := &r.translations[i]
		g.Go(func() (err error) {
			if e.Translation, e.Diagnostics, err = p.Prepare(ctx, r.document, e.Locale); err != nil {
				return fmt.Errorf("%s: %w", a.Path, err)
			}
			return nil
		})
	}
	r.err = g.Wait()
	return r
}

func header(d *bitext.Document, locale, batch, sha256 string, now time.Time) *exchange.Header {
	return &exchange.Header{
		Path: d.Path, Format: d.Format, SHA256: sha256,
		SourceLocale: d.Locale, TargetLocale: locale, Batch: batch, Time: now,
	}
}

func (p *Project) export(tr *bitext.Translation, h *exchange.Header, s Selection, seen map[string]bool, analysis Analysis) Exported {
	out := Exported{Path: h.Path, Locale: tr.Locale, Translation: tr}
	d := tr.Document
	selected := make([]bool, len(d.Units))
	for c := range contexts(tr) {
		key := c.key
		words := bitext.CountWords(c.segment.Source.Chars)
		band := bandOf(c.target)
		again := seen[key] && band != BandDone
		if again {
			band = BandRepeat
		}
		fingerprint := p.sourceFingerprint(d.Locale, c.place, key)
		if !s.state(c.target) || (s.NoRepeats && again) || (s.Changed && s.AlreadyExported != nil && s.AlreadyExported(tr.Locale, fingerprint)) {
			continue
		}
		seen[key] = seen[key] || band != BandDone // what is not sent is nobody's repeat
		analysis.add(band, words)
		out.Words += words
		out.Fingerprints = append(out.Fingerprints, fingerprint)
		selected[c.ref.Unit] = true
	}
	heading := ""
	for i := range d.Units {
		u := &d.Units[i]
		if u.Kind == bitext.Heading || u.Kind == bitext.Title {
			heading = u.Source.Chars
		}
		if !selected[i] {
			continue
		}
		unit, targets := withValidUTF8(*u, tr.Targets[i])
		e := &exchange.Unit{Header: h, Unit: unit, Targets: targets, Location: location(u, heading)}
		out.Units = append(out.Units, e)
	}
	return out
}

// withValidUTF8 returns a unit and its targets as a file in UTF-8 can hold them.
// Bytes that are not UTF-8 are in codes, whose data an import takes from the
// article itself.
func withValidUTF8(u bitext.Unit, targets []bitext.Target) (bitext.Unit, []bitext.Target) {
	u.Source = validText(u.Source)
	if i := slices.IndexFunc(u.Segments, func(s bitext.Segment) bool { return !isValid(s.Source) }); i >= 0 {
		u.Segments = slices.Clone(u.Segments)
		for i := range u.Segments {
			u.Segments[i].Source = validText(u.Segments[i].Source)
		}
	}
	invalid := func(m bitext.Match) bool { return !isValid(m.Source) || !isValid(m.Target) }
	if !slices.ContainsFunc(targets, func(t bitext.Target) bool { return !isValid(t.Text) || slices.ContainsFunc(t.Matches, invalid) }) {
		return u, targets
	}
	targets = slices.Clone(targets)
	for i := range targets {
		t := &targets[i]
		t.Text, t.Matches = validText(t.Text), slices.Clone(t.Matches)
		for j := range t.Matches {
			t.Matches[j].Source, t.Matches[j].Target = validText(t.Matches[j].Source), validText(t.Matches[j].Target)
		}
	}
	return u, targets
}

func isValid(t bitext.Text) bool {
	return utf8.ValidString(t.Chars) && !slices.ContainsFunc(t.Codes, func(c bitext.Code) bool { return !utf8.ValidString(c.Data + c.Disp + c.Equiv) })
}

// validText returns a text with U+FFFD in the place of bytes that are not UTF-8.
func validText(t bitext.Text) bitext.Text {
	if isValid(t) {
		return t
	}
	t = t.Clone()
	for i := range t.Codes {
		c := &t.Codes[i]
		c.Data, c.Disp, c.Equiv = strings.ToValidUTF8(c.Data, "\ufffd"), strings.ToValidUTF8(c.Disp, "\ufffd"), strings.ToValidUTF8(c.Equiv, "\ufffd")
	}
	return t
}

// location describes for people where a unit is.
func location(u *bitext.Unit, heading string) string {
	what := string(u.Kind)
	if u.Name != "" {
		what += " " + u.Name
	}
	if heading == "" || heading == u.Source.Chars {
		return what
	}
	return what + ", under “" + heading + "”"
}

// sourceFingerprint identifies one source text in a locale at one place, as an export's
// record keeps it: what went out as a text in another language is not what is due.
func (p *Project) sourceFingerprint(source, place, key string) string {
	print := p.segmentPrint(source, place, key)
	return hex.EncodeToString(print[:])
}

// segmentPrint is what sourceFingerprint writes.
type segmentPrint [12]byte

func (p *Project) segmentPrint(source, place, key string) segmentPrint {
	b := make([]byte, 0, 512)
	if source != p.Config.Project.Source {
		b = append(append(b, source...), 0)
	}
	b = append(append(append(b, place...), 0), key...)
	sum := sha256.Sum256(b)
	return segmentPrint(sum[:12])
}
