package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/hook"
)

// project is one opening of the project on disk. When a file changes that it was made
// of, the server opens another one; the old one is closed when nobody uses it any more.
type project struct {
	*workspace.Workspace
	chain     *hook.Chain // nil without engines
	noEngines error       // why there are none, if the project has some
	byPath    map[string]pipeline.Source
	mixed     atomic.Bool // an article was found that is in another locale than the project's source

	mu      sync.Mutex
	users   int
	retired bool
	closed  chan error // gets the error of Close
}

// openProject opens the project with its engines, or without them if they cannot be
// used: people can still translate.
func openProject(ctx context.Context, folder string, o workspace.Options) (*project, error) {
	o.Memory, o.Select = workspace.ReadWrite, &workspace.Selection{}
	p := &project{closed: make(chan error, 1)}
	w, err := workspace.Open(ctx, folder, o)
	if err != nil && o.Engines {
		p.noEngines = err
		o.Engines = false
		w, err = workspace.Open(ctx, folder, o)
	}
	if err != nil {
		return nil, err
	}
	p.Workspace, p.chain = w, w.Chain()
	// The page asks engines when a person asks for it, and never by itself.
	w.Hook = nil
	p.byPath = make(map[string]pipeline.Source, len(w.Articles))
	for _, a := range w.Articles {
		p.byPath[a.Path] = a
	}
	return p, nil
}

// targets returns the locales that articles are translated into: with the project's source
// locale if some article is in another one.
func (p *project) targets() []string {
	if p.mixed.Load() || len(p.Config.SourceLocales()) > 1 {
		return p.Targets
	}
	return p.messageTargets()
}

// messageTargets returns the locales that messages and terms are translated into.
func (p *project) messageTargets() []string {
	return slices.DeleteFunc(slices.Clone(p.Targets), func(l string) bool { return l == p.Config.Project.Source })
}

func (p *project) release() {
	p.mu.Lock()
	p.users--
	end := p.retired && p.users == 0
	p.mu.Unlock()
	if end {
		p.closed <- p.Close()
	}
}

// retire has the project closed as soon as nobody uses it.
func (p *project) retire() {
	p.mu.Lock()
	p.retired = true
	end := p.users == 0
	p.mu.Unlock()
	if end {
		p.closed <- p.Close()
	}
}

// acquire returns the project as it is now. The caller releases it.
func (s *Server) acquire() *project {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.project.mu.Lock()
	s.project.users++
	s.project.mu.Unlock()
	return s.project
}

// reopen opens the project again. If that fails, the old one stays, and the error is
// shown on every page.
func (s *Server) reopen(ctx context.Context) {
	next, err := openProject(ctx, s.options.Folder, s.options.Workspace)
	s.mu.Lock()
	if s.problem = err; err != nil {
		s.mu.Unlock()
		s.events.send(event{Type: "project"})
		return
	}
	old := s.project
	s.project = next
	s.mu.Unlock()
	s.views.clear()
	old.retire()
	s.retired.Go(func() {
		if err := <-old.closed; err != nil {
			s.log("%v", err)
		}
	})
	s.retired.Go(func() { s.buildBoard(s.ctx, nil) })
	s.events.send(event{Type: "project"})
}

// document is an article cut into units, as its file was at a stamp.
type document struct {
	*bitext.Document
	sha256      string
	diagnostics []diag.Diagnostic
}

// errNoArticle reports that the project has no such article or locale.
var errNoArticle = errors.New("no such article")

// readDocument reads an article of the project. Its path is one of those that the
// project lists: no path of a request is opened.
func (p *project) readDocument(name string) (*document, error) {
	a, ok := p.byPath[name]
	if !ok {
		return nil, errNoArticle
	}
	data, err := a.Read()
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errNoArticle
		}
		return nil, err
	}
	d, ds := p.Open(name, "", "", data)
	if worst, any := diag.MaxSeverity(ds); any && worst == diag.Error && len(d.Units) == 0 {
		return nil, ds[0]
	}
	sum := sha256.Sum256(data)
	return &document{d, hex.EncodeToString(sum[:]), ds}, nil
}

// view is an article in a locale that somebody looks at.
type view struct {
	path, locale string

	mu      sync.Mutex
	owner   *project
	stamp   rootfs.Stamp
	stable  bool // the stamp tells every later change
	doc     *document
	article *pipeline.OpenArticle
	rows    map[string][]string // rendered rows by language of the page; "" for one that changed
}

// sourceLocale returns the locale that the article is written in, as the view has it.
func (v *view) sourceLocale() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.doc == nil {
		return ""
	}
	return v.doc.Locale
}

// hash returns the SHA-256 of the article as the view has it.
func (v *view) hash() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.doc.sha256
}

// views are the articles that were looked at last.
type views struct {
	mu    sync.Mutex
	byKey map[[2]string]*view
	order []*view // the last one is the newest
}

// maxViews is how many articles are kept open.
const maxViews = 64

func (v *views) get(name, locale string) *view {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := [2]string{name, locale}
	x := v.byKey[key]
	if x == nil {
		x = &view{path: name, locale: locale}
		v.byKey[key] = x
	}
	if i := slices.Index(v.order, x); i >= 0 {
		v.order = slices.Delete(v.order, i, i+1)
	}
	if v.order = append(v.order, x); len(v.order) > maxViews {
		delete(v.byKey, [2]string{v.order[0].path, v.order[0].locale})
		v.order = slices.Delete(v.order, 0, 1)
	}
	return x
}

func (v *views) all() []*view {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.order)
}

func (v *views) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.byKey)
	v.order = nil
}

// openView returns the view of an article as its file and the memory are now.
func (s *Server) openView(ctx context.Context, p *project, name, locale string) (*view, *pipeline.OpenArticle, error) {
	if _, ok := p.byPath[name]; !ok || !slices.Contains(p.Targets, locale) {
		return nil, nil, errNoArticle
	}
	v := s.views.get(name, locale)
	v.mu.Lock()
	defer v.mu.Unlock()
	stamp, _ := p.Dir.Stamp(name)
	if v.article != nil && v.owner == p && v.stamp == stamp && v.stable {
		return v, v.article, nil
	}
	at := time.Now()
	doc, err := p.readDocument(name)
	if err != nil {
		return nil, nil, err
	}
	if doc.Locale == locale {
		return nil, nil, errNoArticle // the original
	}
	if v.article != nil && v.owner == p && v.doc.sha256 == doc.sha256 {
		v.stamp, v.stable = stamp, stamp.Stable(at)
		return v, v.article, nil
	}
	a, err := p.OpenArticle(ctx, doc.Document, locale)
	if err != nil {
		return nil, nil, err
	}
	v.owner, v.stamp, v.stable, v.doc, v.article, v.rows = p, stamp, stamp.Stable(at), doc, a, nil
	return v, a, nil
}

// refresh looks up again the segments of a view whose source changed in the memory, and
// tells those who look at it.
func (s *Server) refresh(ctx context.Context, p *project, v *view, changed func(key string) bool) (*pipeline.OpenArticle, []int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return s.refreshLocked(ctx, p, v, changed)
}

func (s *Server) refreshLocked(ctx context.Context, p *project, v *view, changed func(key string) bool) (*pipeline.OpenArticle, []int, error) {
	if v.article == nil || v.owner != p {
		return v.article, nil, nil
	}
	a, at, err := p.Refresh(ctx, v.article, changed)
	if err != nil || len(at) == 0 {
		return v.article, nil, err
	}
	affected := findingsDiffer(v.article, a, at)
	v.article = a
	for _, rows := range v.rows {
		for _, i := range affected {
			rows[i] = ""
		}
	}
	ids := make([]string, len(affected))
	for n, i := range affected {
		ids[n] = rowID(i)
	}
	s.events.send(event{Type: "segments", Article: v.path, Locale: v.locale, Rows: ids})
	return a, at, nil
}

// findingsDiffer returns the indexes of the segments that look different now: those in
// changed, and those with other findings.
func findingsDiffer(old, now *pipeline.OpenArticle, changed []int) []int {
	count := map[int]int{}
	seed := maphash.MakeSeed()
	sum := func(a *pipeline.OpenArticle, sign int) {
		for _, f := range a.Findings {
			if i, ok := a.Find(f.Place.Unit, f.Place.Segment); ok {
				count[i] += sign * int(maphash.String(seed, f.ID+f.Message)>>1)
			}
		}
	}
	sum(old, 1)
	sum(now, -1)
	out := slices.Clone(changed)
	for i, n := range count {
		if n != 0 {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// boardState is the board, and what of the articles' texts a change of the memory
// touches.
type boardState struct {
	building sync.Mutex // one build at a time: the last one is of the newest files

	mu      sync.RWMutex
	ready   bool
	order   []string // paths of the articles, sorted
	rows    map[string]board.Row
	sources map[string][]int64 // hashes of the sources of an article, sorted
	titles  map[string]string
	problem error
}

// title returns the title of an article, its path if it is not known.
func (b *boardState) title(name string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return cmp.Or(b.titles[name], name)
}

// collector collects the board of a dry build.
type collector struct {
	project *project
	rows    map[string]board.Row
	sources map[string][]int64
	titles  map[string]string
}

func (c *collector) Article(r pipeline.Result, pages []publish.Earlier) {
	b := board.Board{Locales: c.project.Targets}
	b.Add(r, pages)
	c.rows[r.Path] = b.Rows[0]
	if r.SourceLocale != "" {
		c.project.mixed.Store(true)
	}
	var hashes []int64
	if r.Document != nil {
		c.titles[r.Path] = titleOf(r.Document)
		for i := range r.Document.Units {
			for _, s := range r.Document.Units[i].Translatable() {
				hashes = append(hashes, c.project.SourceHash(r.Document.Locale, s.Source.Key()))
			}
		}
	} else {
		c.titles[r.Path] = cmp.Or(r.Title, r.Path)
		hashes = slices.Clone(r.Sources)
	}
	slices.Sort(hashes)
	c.sources[r.Path] = slices.Clip(slices.Compact(hashes))
}

func (*collector) Wrote(string, bool) {}

// buildBoard computes the rows of some articles, nil for all.
func (s *Server) buildBoard(ctx context.Context, names []string) {
	s.board.building.Lock()
	defer s.board.building.Unlock()
	p := s.acquire()
	defer p.release()
	w := *p.Workspace
	s.board.mu.RLock()
	ready := s.board.ready
	s.board.mu.RUnlock()
	if ready {
		w.Project = w.Project.WithWorkers(1) // people work meanwhile
	}
	if names != nil {
		w.Articles = nil
		for _, name := range names {
			if a, ok := p.byPath[name]; ok {
				w.Articles = append(w.Articles, a)
			}
		}
		if len(w.Articles) == 0 {
			return
		}
	}
	c := &collector{project: p, rows: map[string]board.Row{}, sources: map[string][]int64{}, titles: map[string]string{}}
	_, err := publish.Build(ctx, &w, publish.Options{DryRun: true, Incremental: true, Titles: true, Partial: names != nil}, c)
	if ctx.Err() != nil {
		return
	}
	b := &s.board
	b.mu.Lock()
	if names == nil && err == nil {
		b.rows, b.sources, b.titles = c.rows, c.sources, c.titles
	} else {
		for name, r := range c.rows {
			b.rows[name], b.sources[name], b.titles[name] = r, c.sources[name], c.titles[name]
		}
	}
	b.ready, b.problem = true, err
	if len(b.order) != len(b.rows) || names == nil {
		b.order = slices.Sorted(maps.Keys(b.rows))
	}
	b.mu.Unlock()
	s.events.send(event{Type: "board"})
}

// snapshot returns the board as it is now, with its articles in order.
func (s *Server) snapshot(p *project) (b board.Board, ready bool, problem error) {
	s.board.mu.RLock()
	defer s.board.mu.RUnlock()
	b.Locales = p.Targets
	b.Rows = make([]board.Row, 0, len(s.board.order))
	for _, name := range s.board.order {
		b.Rows = append(b.Rows, s.board.rows[name])
	}
	return b, s.board.ready, s.board.problem
}

// sourceLocales returns the locales that the articles are in, as far as they are known, the
// project's first.
func (s *Server) sourceLocales(p *project) []string {
	out := p.Config.SourceLocales()
	s.board.mu.RLock()
	defer s.board.mu.RUnlock()
	for _, r := range s.board.rows {
		if r.Source != "" && !slices.Contains(out, r.Source) {
			out = append(out, r.Source)
		}
	}
	slices.Sort(out[1:])
	return out
}

// withSource returns the articles that have a text in a source locale, first the one at name; all
// articles as long as the board is not known.
func (s *Server) withSource(p *project, name, source, key string) []pipeline.Source {
	hash := p.SourceHash(source, key)
	s.board.mu.RLock()
	defer s.board.mu.RUnlock()
	if !s.board.ready {
		return p.Articles
	}
	out := []pipeline.Source{p.byPath[name]}
	for _, a := range p.Articles {
		if _, found := slices.BinarySearch(s.board.sources[a.Path], hash); found && a.Path != name {
			out = append(out, a)
		}
	}
	return out
}

// watch follows the files of the project and the memory until ctx ends. It polls: that
// works on network folders and for changes of any other program, needs no open file for
// each folder, and costs one look at each name.
func (s *Server) watch(ctx context.Context) {
	p := s.acquire()
	before := s.look(p)
	state, _, _ := p.MemoryState(ctx)
	p.release()
	pause := s.options.Poll
	var names []string     // articles whose rows of the board may be others
	var all bool           // all rows may be others
	var earliest time.Time // of the next build of rows
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		began := time.Now()
		p := s.acquire()
		now := s.look(p)
		cost := time.Since(began)
		switch {
		case now.project != before.project:
			p.release()
			s.reopen(ctx)
			p = s.acquire()
			state, _, _ = p.MemoryState(ctx)
		case now.pages != before.pages:
			all = true
		}
		for name, stamp := range now.articles {
			if before.project == now.project && before.articles[name] != stamp {
				names = append(names, name)
				s.events.send(event{Type: "article", Article: name})
			}
		}
		if now.journal != before.journal {
			if _, err := p.SyncJournal(ctx); err != nil {
				s.log("%v", err)
			}
		}
		before = now
		changed, ok, err := p.ChangedSources(ctx, state)
		switch {
		case err != nil && ctx.Err() == nil:
			s.log("%v", err)
		case err == nil && !ok:
			s.views.clear()
			all = true
		case len(changed) > 0:
			names = append(names, s.memoryChanged(ctx, p, changed)...)
		}
		if next, ok, err := p.MemoryState(ctx); err == nil && ok {
			if next != state {
				// The journal travels with the project: others get what was done here.
				s.events.send(event{Type: "memory"})
				s.saveJournal.Store(true)
			}
			state = next
		}
		if s.saveJournal.CompareAndSwap(true, false) {
			if _, err := p.SyncJournal(ctx); err != nil && ctx.Err() == nil {
				s.log("%v", err)
			}
			before.journal = s.look(p).journal
		}
		p.release()
		// At most a twentieth of the time goes into rows, so that people who save a long
		// article do not wait for them.
		if (all || len(names) > 0) && !time.Now().Before(earliest) {
			slices.Sort(names)
			if names = slices.Compact(names); all {
				names = nil
			}
			start := time.Now()
			s.buildBoard(ctx, names)
			names, all, earliest = nil, false, time.Now().Add(min(20*time.Since(start), 15*time.Second))
		}
		// At most a twentieth of the time is spent on looking.
		pause = max(s.options.Poll, min(20*cost, time.Minute))
	}
}

// memoryChanged refreshes what is shown after a change of the memory, and returns the
// articles whose rows of the board may be others.
func (s *Server) memoryChanged(ctx context.Context, p *project, changed map[int64]bool) (names []string) {
	for _, v := range s.views.all() {
		source := v.sourceLocale()
		if _, _, err := s.refresh(ctx, p, v, func(key string) bool { return changed[p.SourceHash(source, key)] }); err != nil && ctx.Err() == nil {
			s.log("%v", err)
		}
	}
	s.board.mu.RLock()
	defer s.board.mu.RUnlock()
	for name, hashes := range s.board.sources {
		for hash := range changed {
			if _, found := slices.BinarySearch(hashes, hash); found {
				names = append(names, name)
				break
			}
		}
	}
	return names
}

// looks is what the file system tells of a project, as hashes of names and stamps.
type looks struct {
	project  uint64 // the configuration, what it names, and the names of the articles
	pages    uint64 // the manifests of editions
	journal  uint64
	articles map[string]rootfs.Stamp
}

var lookSeed = maphash.MakeSeed()

func (s *Server) look(p *project) (l looks) {
	sum := func(names []string, stamps bool) uint64 {
		var h maphash.Hash
		h.SetSeed(lookSeed)
		for _, name := range names {
			var stamp rootfs.Stamp
			if stamps {
				stamp, _ = p.Dir.Stamp(name)
			}
			fmt.Fprintln(&h, name, stamp)
		}
		return h.Sum64()
	}
	glob := func(patterns ...string) []string {
		names, _ := p.Dir.Glob(patterns)
		return names
	}
	c := p.Config
	resources := append([]string{config.FileName}, glob(c.Glossary.Files...)...)
	if c.Segmentation.SRX != "" {
		resources = append(resources, c.Segmentation.SRX)
	}
	if site, ok := c.SiteCatalogs(); ok && p.Dir.Exists(site.Dir) {
		resources = append(resources, glob(path.Join(site.Dir, "*"))...)
	}
	names := glob(c.Project.Articles...)
	l.project = sum(resources, true) ^ sum(names, false)*3
	manifests := path.Join(c.OutputFolder(), c.ManifestPath("*"))
	l.pages = sum(glob(manifests, path.Join(path.Dir(manifests), edition.PartsFolder, "*.json")), true)
	if c.Memory.Journal {
		l.journal = sum(glob(path.Join(config.JournalFolder, "**", "*")), true)
	}
	l.articles = make(map[string]rootfs.Stamp, len(p.Articles))
	for _, a := range p.Articles {
		l.articles[a.Path], _ = p.Dir.Stamp(a.Path)
	}
	return l
}

// siblings returns what pages may link to, and the locales that have an edition of an
// article.
func (p *project) siblings(name string) (others []string, known pipeline.Siblings, err error) {
	existing, err := publish.Existing(p.Workspace)
	if err != nil {
		return nil, known, err
	}
	known = p.Siblings(p.Articles, existing)
	for _, l := range p.Config.Project.Locales {
		if existing.Has(l, p.Config.EditionPath(name)) {
			others = append(others, l)
		}
	}
	return others, known, nil
}

// cellOf returns the cell of the board for an edition.
func (s *Server) cellOf(name, locale string) (board.Cell, bool) {
	s.board.mu.RLock()
	defer s.board.mu.RUnlock()
	for _, c := range s.board.rows[name].Cells {
		if c.Locale == locale {
			return c, true
		}
	}
	return board.Cell{}, false
}

// titleOf returns the title of a document for people, or its path.
func titleOf(d *bitext.Document) string { return cmp.Or(d.Title(), d.Path) }

func (b *boardState) init() {
	b.rows, b.sources, b.titles = map[string]board.Row{}, map[string][]int64{}, map[string]string{}
}
