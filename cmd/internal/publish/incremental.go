package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// incremental finds the articles that need not be built again, and remembers what
// the next build needs to know for that.
//
// A build without it has the same results. So it proves that nothing an article's
// editions depend on has changed, and has the article built where it cannot: these
// are the article's bytes, everything in workspace.Fingerprint, the entries of the
// memory for its source texts, the pages themselves, the editions that its pages
// name as alternates or link to, and the time where that matters. A file is at first
// compared by its stamp. Results that are not the same when nothing has changed are
// never reused: those for which engines were asked, and those of pages that somebody
// edited.
type incremental struct {
	ws    *workspace.Workspace
	dir   *rootfs.Dir
	site  *siteBuild // nil without a site
	o     Options
	start time.Time // when the build began, by the system's clock
	now   time.Time // the same, by the clock of the project
	name  string    // of the cache's file, below the project
	key   [sha256.Size]byte

	memory  workspace.MemoryState
	changed map[int64]bool                 // source texts
	old     *cache                         // of an earlier build, nil if there is none
	file    *os.File                       // of old
	proven  bool                           // the manifests are as old has them, or those of its files that are asked for
	renewed bool                           // some stamp of old is of a file that was not stable
	sure    map[*fileMark]bool             // marks of files of manifests, and whether the files are as they were
	stamps  map[*rootfs.Dir]*rootfs.Stamps // while many files are compared

	mu    sync.Mutex
	built map[string]*cached // by path of the editions; those of records that cannot be used again have no listed
	spool *spool
}

// close closes the files of the caches.
func (in *incremental) close() {
	if in.file != nil {
		_ = in.file.Close()
	}
	in.spool.close()
}

// buildFolder is the folder of what builds keep for the next ones, below the project.
const buildFolder = workspace.StateFolder + "/build"

// ignoreBuildFolder keeps the folder out of version control.
func ignoreBuildFolder(project *rootfs.Dir) {
	if ignore := path.Join(buildFolder, ".gitignore"); !project.Exists(ignore) {
		_, _ = project.WriteFile(ignore, []byte("*\n"))
	}
}

// newIncremental reads the cache of an earlier build. It returns nil if this build
// can neither use nor write one. inputs is the workspace's Fingerprint.
func newIncremental(ctx context.Context, ws *workspace.Workspace, dir *rootfs.Dir, site *siteBuild, o Options, inputs [sha256.Size]byte) (*incremental, error) {
	if o.Force && o.DryRun {
		return nil, nil
	}
	in := &incremental{ws: ws, dir: dir, site: site, o: o, start: time.Now(), now: ws.Clock(), built: map[string]*cached{}, sure: map[*fileMark]bool{}}
	in.spool = &spool{create: func() (*rootfs.Temporary, error) { return ws.Dir.CreateTemporary(workspace.StateFolder) }}
	memory, ok, err := ws.MemoryState(ctx)
	if err != nil || !ok {
		return nil, err
	}
	in.memory = memory
	output, err := filepath.Abs(dir.Name())
	if err != nil {
		return nil, nil
	}
	in.key = in.fingerprint(inputs, output)
	name := sha256.Sum256(fmt.Appendf(nil, "%q %q", output, ws.Targets))
	in.name = path.Join(buildFolder, hex.EncodeToString(name[:8])+".cache")
	if o.Force {
		return in, nil
	}
	file, err := ws.Dir.OpenFile(in.name)
	if err != nil {
		return in, nil
	}
	in.file = file
	info, err := file.Stat()
	if err != nil {
		return in, nil
	}
	old, ok := readCache(file, info.Size())
	if !ok || old.key != in.key || len(old.manifests) != len(ws.Config.Project.Locales) {
		return in, nil
	}
	if in.changed, ok, err = ws.ChangedSources(ctx, old.memory); err != nil || !ok {
		return in, err
	}
	in.old, in.proven = old, true
	for i := range ws.Config.Project.Locales {
		m := &old.manifests[i]
		proven := in.samePart(i, "")
		for k := range m.parts {
			// A build of some articles reads a few parts, and asks for these.
			if proven && !o.Partial {
				proven = in.samePart(i, m.parts[k].name)
			}
		}
		if !proven {
			in.old, in.proven = nil, false
			break
		}
	}
	return in, nil
}

// samePart reports whether a file of the manifest of a locale of the project is as it was
// when it was noted.
func (in *incremental) samePart(locale int, part string) bool {
	mark := &in.old.manifests[locale].root
	if part != "" {
		mark = in.old.manifests[locale].part(part)
	}
	if mark == nil {
		return false
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	sure, asked := in.sure[mark]
	if !asked {
		sure = in.same(in.dir, partPath(in.ws.Config, in.ws.Config.Project.Locales[locale], part), mark)
		in.sure[mark] = sure
	}
	return sure
}

// listing is what a cache knows of the manifest of a locale of the project.
type listing struct {
	in     *incremental
	locale int
}

// Entry implements edition.Listing.
func (l listing) Entry(path, part string) (entry, page, ok bool) {
	if !l.in.samePart(l.locale, part) {
		return false, false, false
	}
	p := l.in.old.presence(l.locale, path)
	return p != absent, p == entryAndPage, true
}

// Paths implements edition.Listing.
func (l listing) Paths() ([]string, bool) {
	old := l.in.old
	if !l.in.samePart(l.locale, "") {
		return nil, false
	}
	for _, p := range old.manifests[l.locale].parts {
		if !l.in.samePart(l.locale, p.name) {
			return nil, false
		}
	}
	var paths []string
	for _, name := range old.order {
		if old.presence(l.locale, name) != absent {
			paths = append(paths, name)
		}
	}
	for _, o := range old.others {
		if o.locale == l.locale {
			paths = append(paths, o.path)
		}
	}
	slices.Sort(paths)
	return paths, true
}

// fingerprint returns a hash of what all editions depend on, from the workspace's.
func (in *incremental) fingerprint(inputs [sha256.Size]byte, output string) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%x %q %q %d", inputs, output, in.ws.Targets, workspace.Expired(in.ws.Config, in.now)))
}

// pagePath returns the path of the page of an edition as it is in the output folder.
func (in *incremental) pagePath(locale, name string) string {
	return in.ws.Config.PagePath(locale, in.site.file(locale, name))
}

// stamp returns the stamp of a file.
func (in *incremental) stamp(dir *rootfs.Dir, name string) (rootfs.Stamp, bool) {
	if s := in.stamps[dir]; s != nil {
		return s.Stamp(name)
	}
	return dir.Stamp(name)
}

// same reports whether a file is as it was when it was noted, and notes its stamp.
func (in *incremental) same(dir *rootfs.Dir, name string, f *fileMark) bool {
	stamp, ok := in.stamp(dir, name)
	if !ok || !f.exists {
		return !ok && !f.exists && !dir.Exists(name)
	}
	if stamp == f.stamp && f.stable {
		return true
	}
	if stamp.Size != f.stamp.Size {
		return false
	}
	data, err := dir.ReadFile(name)
	if err != nil || hash(data) != f.sum {
		return false
	}
	// What is noted is the stamp of before the file was read.
	f.stamp, f.stable = stamp, stamp.Stable(in.start)
	in.renewed = true
	return true
}

// manifest returns the mark of a file of a manifest that has a stamp, nil if it is not as
// an earlier build wrote it.
func (in *incremental) manifest(locale, part string, stamp rootfs.Stamp) *fileMark {
	if in == nil || !in.proven {
		return nil
	}
	i := slices.Index(in.ws.Config.Project.Locales, locale)
	if !in.samePart(i, part) {
		return nil
	}
	f := &in.old.manifests[i].root
	if part != "" {
		f = in.old.manifests[i].part(part)
	}
	if !f.exists || stamp != f.stamp {
		return nil
	}
	return f
}

// stamper knows the stamps of files.
type stamper interface {
	Stamp(name string) (rootfs.Stamp, bool)
}

// mark notes a file whose content has a hash.
func (in *incremental) mark(dir stamper, name, sum string) fileMark {
	stamp, ok := dir.Stamp(name)
	if !ok {
		return fileMark{}
	}
	return fileMark{exists: true, stamp: stamp, stable: stamp.Stable(in.start), sum: sum}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// unchanged returns the paths of the editions of those articles that need not be built.
func (in *incremental) unchanged(out *writer) map[string]bool {
	same := map[string]bool{}
	if in.old == nil {
		return same
	}
	ws := in.ws
	in.stamps = map[*rootfs.Dir]*rootfs.Stamps{ws.Dir: ws.Dir.NewStamps(), in.dir: in.dir.NewStamps()}
	defer func() {
		for _, s := range in.stamps {
			s.Close()
		}
		in.stamps = nil
	}()
	articles := slices.Clone(ws.Articles)
	for i := range articles {
		articles[i].Unchanged = true // no page is written meanwhile
	}
	existing := out.existing(ws, articles)
	known := ws.Siblings(ws.Articles, existing)
	for _, a := range ws.Articles {
		name := ws.Config.EditionPath(a.Path)
		renewed := in.renewed
		in.renewed = false
		if r := in.old.get(name); r != nil && in.confirm(r, a, existing, known, out) {
			same[name] = true
			if in.renewed && in.old.whole(r) {
				e := in.spool.put(r)
				e.listed = in.old.entries[name].listed
				in.old.put(name, e)
			}
		}
		in.renewed = in.renewed || renewed
	}
	return same
}

// confirm reports whether a build of an article would have the results of its
// record.
func (in *incremental) confirm(r *record, a pipeline.Source, existing edition.Index, known pipeline.Siblings, out *writer) bool {
	ws := in.ws
	if !r.reusable || r.source != a.Path || r.open && ws.HasEngines() || !in.lists(r.findings) || in.o.Titles && r.title == "" ||
		len(r.editions) != len(ws.Targets) || len(r.others) != len(ws.Config.Project.Locales) {
		return false
	}
	if !in.same(ws.Dir, a.Path, &r.article) || !r.article.exists {
		return false
	}
	if units, known := ws.Units.Digest(a.Path); !known || units != r.units {
		return false
	}
	for _, s := range r.sources {
		if in.changed[s] {
			return false
		}
	}
	for i, l := range ws.Config.Project.Locales {
		if part, ok := out.old[l].PartOf(r.path); ok && !in.samePart(i, part) {
			return false
		}
		if !slices.Contains(ws.Targets, l) && existing.Has(l, r.path) != r.others[i] {
			return false
		}
	}
	for i, l := range ws.Targets {
		e := &r.editions[i]
		if !in.lists(e.findings) || e.page.exists && !in.same(in.dir, in.pagePath(l, r.path), &e.page) || !known.Confirm(l, e.links) {
			return false
		}
		if in.o.Unfinished && (e.status == edition.Unfinished || e.status == edition.Withheld || e.status == edition.Outdated) {
			return false
		}
		if e.status == edition.Outdated {
			k := edition.Kept{Since: time.Unix(0, e.since)}
			if !k.Since.Before(in.now) || k.TooOld(ws.Config.PolicyFor(l), in.now) != e.tooOld {
				return false
			}
		}
	}
	return true
}

// lists reports whether f has all findings that this build lists.
func (in *incremental) lists(f findings) bool {
	return f.hidden == 0 || !in.o.AllFindings && !in.o.WholeResults
}

// entriesLeft reports whether manifests have entries of articles that this build does not
// have.
func (in *incremental) entriesLeft() bool {
	if in.o.Partial {
		return false
	}
	if len(in.old.others) > 0 {
		return true
	}
	building := make(map[string]bool, len(in.ws.Articles))
	for _, a := range in.ws.Articles {
		building[in.ws.Config.EditionPath(a.Path)] = true
	}
	for name, e := range in.old.entries {
		if !building[name] && slices.ContainsFunc(e.listed, func(p presence) bool { return p != absent }) {
			return true
		}
	}
	return false
}

// record returns the record of an edition path with the findings that this build lists or
// shows to its observer, nil if there is none that can be read.
func (in *incremental) record(path string) *record {
	r := in.old.get(path)
	if r != nil && (in.o.AllFindings || in.o.WholeResults) && !in.old.whole(r) {
		return nil
	}
	return r
}

// replay adds the results of a record to a summary, as if the article were built.
func (in *incremental) replay(r *record, s *Summary, observer Observer, wrote func(string, bool)) {
	res := pipeline.Result{Path: r.source, SourceLocale: r.locale, Diagnostics: r.findings.list, Title: r.title, Sources: r.sources}
	earlier := make([]Earlier, len(in.ws.Targets))
	s.Hidden += r.findings.hidden
	for i, l := range in.ws.Targets {
		x := &r.editions[i]
		e := pipeline.Edition{Locale: l, Path: r.path, Diagnostics: x.findings.list}
		e.Published.Status, e.Published.Count = x.status, x.count
		e.Published.Reasons, e.Published.Newest, e.Published.Review, e.Published.MissingWords = x.reasons, x.newest, x.review, x.missing
		if x.status == edition.Outdated {
			e.Published.Kept = &edition.Kept{Since: time.Unix(0, x.since).UTC()}
		}
		earlier[i] = Earlier{Exists: x.page.exists, Current: x.written}
		res.Editions = append(res.Editions, e)
		s.Hidden += x.findings.hidden + x.findings.quiet.number
		if ls := s.byLocale[l]; ls != nil {
			ls.Findings += x.findings.counted + x.findings.quiet.counted
		}
	}
	observer.Article(res, earlier)
	if !in.o.DryRun {
		for i, l := range in.ws.Targets {
			if r.editions[i].written {
				in.dir.RemoveAbandoned(in.pagePath(l, r.path))
				wrote(in.pagePath(l, r.path), false)
			}
		}
	}
	s.result(res)
}

// replayAll is replay for a build in which nothing has changed. It reports false if a
// record cannot be read any more.
func (in *incremental) replayAll(s *Summary, observer Observer, wrote func(string, bool)) bool {
	for _, a := range in.ws.Articles {
		r := in.record(in.ws.Config.EditionPath(a.Path))
		if r == nil {
			return false
		}
		in.replay(r, s, observer, wrote)
	}
	if !in.o.DryRun {
		for _, l := range in.ws.Targets {
			in.dir.RemoveAbandoned(in.ws.Config.ManifestPath(l))
			wrote(in.ws.Config.ManifestPath(l), false)
		}
	}
	return true
}

// note remembers the results of an article. Its pages and manifests have been
// written, or will be.
func (in *incremental) note(r *pipeline.Result, out *writer, existing edition.Index) {
	if in.o.DryRun {
		return
	}
	ws := in.ws
	rec := &record{source: r.Path, locale: r.SourceLocale, path: ws.Config.EditionPath(r.Path), reusable: len(r.Editions) == len(ws.Targets), open: r.Open}
	defer func() {
		if !rec.reusable {
			rec = &record{source: rec.source, path: rec.path}
		}
		in.built[rec.path] = in.spool.put(rec)
	}()
	if r.Open && ws.HasEngines() || r.Pending {
		rec.reusable = false
	}
	if !rec.reusable {
		return
	}
	rec.article = in.mark(ws.Dir, r.Path, r.SHA256)
	rec.units, _ = ws.Units.Digest(r.Path)
	rec.findings = in.keep(r.Diagnostics)
	rec.others = make([]bool, len(ws.Config.Project.Locales))
	for i, l := range ws.Config.Project.Locales {
		rec.others[i] = !slices.Contains(ws.Targets, l) && existing.Has(l, rec.path)
	}
	rec.title = r.Document.Title() // not of a result that another process made
	rec.sources = slices.Clone(r.Sources)
	for i := range r.Document.Units {
		for _, s := range r.Document.Units[i].Segments {
			rec.sources = append(rec.sources, ws.SourceHash(r.Document.Locale, s.Source.Key()))
		}
	}
	slices.Sort(rec.sources)
	rec.sources = slices.Compact(rec.sources)
	for i := range r.Editions {
		e := &r.Editions[i]
		x := editionRecord{
			status: e.Published.Status, count: e.Published.Count, reasons: e.Published.Reasons, newest: e.Published.Newest,
			review: e.Published.Review, missing: e.Published.MissingWords, links: e.Links, findings: in.keep(e.Diagnostics),
		}
		entry, ok := out.now[e.Locale].Head(e.Path)
		switch {
		case !ok:
			rec.reusable = false
		case x.status == edition.Withheld:
			rec.reusable = rec.reusable && entry.Edition == ""
		case x.status == edition.Outdated:
			rec.reusable = rec.reusable && out.now[e.Locale].Same(e.Path) && entry.Kept != nil
			if entry.Kept != nil {
				x.since, x.tooOld = entry.Kept.Since.UnixNano(), entry.Kept.TooOld(ws.Config.PolicyFor(e.Locale), in.now)
			}
			x.page = in.mark(out.pages, in.pagePath(e.Locale, e.Path), entry.Edition)
			rec.reusable = rec.reusable && x.page.exists
		case x.status == edition.Edited || e.Data == nil:
			rec.reusable = false
		default:
			x.written = true
			x.page = in.mark(out.pages, in.pagePath(e.Locale, e.Path), entry.Edition)
			rec.reusable = rec.reusable && x.page.exists
		}
		rec.editions = append(rec.editions, x)
	}
}

// manyFindings is the number of findings of an edition that are remembered although
// this build does not list them.
const manyFindings = 20

// keep returns what is remembered of findings.
func (in *incremental) keep(ds []diag.Diagnostic) findings {
	if in.o.AllFindings || len(ds) <= manyFindings {
		return findings{list: slices.Clone(ds)}
	}
	var f findings
	s := Summary{}
	for _, d := range ds {
		switch {
		case s.keeps(d):
			f.list = append(f.list, d)
		case d.Severity > diag.Info:
			f.counted++
			fallthrough
		default:
			f.hidden++
		}
	}
	return f
}

// save writes the cache for the next build. A cache that cannot be written is none:
// the next build does more. out is nil if nothing was built.
func (in *incremental) save(unchanged map[string]bool, out *writer) {
	if in.o.DryRun || out == nil && !in.renewed && in.old.memory == in.memory {
		return
	}
	if inputs, ok := in.ws.Fingerprint(); !ok || in.fingerprint(inputs, absolute(in.dir.Name())) != in.key {
		return // the files of the project changed meanwhile
	}
	if out != nil && (len(out.damaged) > 0 || in.o.Partial && !in.proven && out.divided()) {
		return // to list all entries would be to read them
	}
	c := newCache()
	c.key, c.memory = in.key, in.memory
	if in.o.Partial && in.old != nil {
		// The other articles were not looked at.
		c.memory = in.old.memory
		for _, name := range in.old.order {
			c.put(name, in.old.entries[name])
		}
	}
	for name := range unchanged {
		c.put(name, in.old.entries[name])
	}
	for name, e := range in.built {
		c.put(name, e)
	}
	slices.Sort(c.order)
	if out == nil {
		c.manifests, c.others = in.old.manifests, in.old.others
	} else {
		in.list(c, out)
	}
	ignoreBuildFolder(in.ws.Dir)
	f, err := in.ws.Dir.CreateFile(in.name)
	if err != nil {
		return
	}
	if err := c.write(f); err != nil {
		_ = f.Abort()
		return
	}
	in.close() // not all systems replace a file that is open
	_ = f.Commit()
}

// list notes what the manifests have after a build.
func (in *incremental) list(c *cache, out *writer) {
	locales := in.ws.Config.Project.Locales
	kept := in.o.Partial && in.proven // what old has of articles that were not built still holds
	for _, same := range in.sure {
		kept = kept && same
	}
	if kept {
		c.others = slices.DeleteFunc(slices.Clone(in.old.others), func(l listed) bool { return c.entries[l.path] != nil })
	}
	for _, name := range c.order {
		if e := c.entries[name]; !kept || in.built[name] != nil {
			one := *e
			one.listed = make([]presence, len(locales))
			c.entries[name] = &one
		}
	}
	for i, l := range locales {
		target := slices.Contains(in.ws.Targets, l)
		has, hasPage, paths := out.old[l].Has, out.old[l].HasPage, out.old[l].Paths
		if target {
			has, hasPage, paths = out.now[l].Has, out.now[l].HasPage, out.now[l].Paths
		}
		if kept {
			paths = func() (built []string) {
				for name := range in.built {
					if has(name) {
						built = append(built, name)
					}
				}
				return built
			}
		}
		for _, name := range paths() {
			p := entryAlone
			if hasPage(name) {
				p = entryAndPage
			}
			if e := c.entries[name]; e != nil {
				e.listed[i] = p
			} else {
				c.others = append(c.others, listed{i, name, p})
			}
		}
		files := out.files[l]
		m := manifestMark{root: in.mark(in.dir, in.ws.Config.ManifestPath(l), files.sum(""))}
		for _, part := range out.parts[l] {
			var mark *fileMark
			if in.old != nil && !slices.Contains(out.written[l], part) {
				mark = in.old.manifests[i].part(part)
			}
			if mark == nil {
				now := in.mark(in.dir, partPath(in.ws.Config, l, part), files.sum(part))
				mark = &now
			}
			m.parts = append(m.parts, partMark{part, *mark})
		}
		c.manifests = append(c.manifests, m)
	}
}

func absolute(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	return abs
}
