// Package publish builds the editions of a project and writes them, with their
// manifests, into a folder.
package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/edition"
)

// Options control a build.
type Options struct {
	Output       string // folder for the editions; "" for the project's
	DryRun       bool   // write nothing
	Overwrite    bool   // replace pages that were changed by hand, or that no manifest lists
	Partial      bool   // not all articles of the project are built: keep the others' entries
	AllFindings  bool   // keep every finding in the summary; see Summary.Findings
	Incremental  bool   // skip articles for which nothing has changed; see Observer.Article
	WholeResults bool   // skip no article of which not all findings are remembered
	Unfinished   bool   // skip no article with an edition that is unfinished, withheld or outdated: the observer reads its document
	Titles       bool   // skip no article of which the title is not remembered
	Force        bool   // build them all the same, and remember for the next build

	// Project is the folder whose builds wait for each other, of which the workspace may be
	// another tree; nil for the workspace's.
	Project *rootfs.Dir
	// Waiting is called when the build waits for another one that writes to the same folder:
	// holder is its process, and lock the file that it has locked. It may be nil.
	Waiting func(holder rootfs.Holder, lock string)

	Limits edition.Limits // by which manifests are divided; zero for those of all releases

	Builder Builder // makes the editions; nil for this process
}

// Builder makes the editions of articles, as pipeline.Project.Build does. Paths returns
// the paths of the editions in existing that there may be in a locale.
type Builder interface {
	Build(ctx context.Context, articles []pipeline.Source, targets []string, existing edition.Index, paths func(locale string) []string, emit func(pipeline.Result) error) error
}

// ownBuilder makes editions in this process.
type ownBuilder struct{ *pipeline.Project }

// Build implements Builder.
func (b ownBuilder) Build(ctx context.Context, articles []pipeline.Source, targets []string, existing edition.Index, _ func(string) []string, emit func(pipeline.Result) error) error {
	return b.Project.Build(ctx, articles, targets, existing, emit)
}

// Observer is told of the progress of a build. Its methods are called one at a
// time.
type Observer interface {
	// Article is told of an article when its editions are written: their status is
	// what became of them. pages are those that readers have, one for each edition.
	// The result of an article that an incremental build skips has no document and no
	// translations, and without WholeResults not all findings; it has the title of the
	// article, and the numbers of its texts.
	Article(r pipeline.Result, pages []Earlier)

	Wrote(path string, changed bool) // a file of the output folder is written, if it changed
}

// Earlier is what there was of an edition in the output folder before the build. The
// zero value is no page.
type Earlier struct {
	Exists  bool // readers have a page
	Current bool // it is as this build writes it
}

// Build builds the selected articles of a workspace in the selected locales, and
// writes the editions that changed and the manifests. The summary has what was
// done, and is not nil if a build fails on the way: the manifests then list what
// was written before.
func Build(ctx context.Context, w *workspace.Workspace, o Options, observer Observer) (*Summary, error) {
	s := newSummary(w.Targets, o.DryRun, o.AllFindings)
	for _, h := range w.Config.Hooks {
		s.asked = append(s.asked, h.Locales...)
	}
	s.add("", w.Diagnostics)
	dir, err := openOutput(w, o)
	if err != nil {
		return nil, err
	}
	wrote := func(path string, changed bool) {
		s.wrote(changed)
		observer.Wrote(path, changed)
	}
	var out *writer
	var existing edition.Index
	var in *incremental
	var pages *siteBuild
	var second *secondPass
	var unchanged map[string]bool
	articles := slices.Clone(w.Articles)
	if dir != nil {
		defer dir.Close()
		// The workspace has the files of the project as they are now, not after a wait.
		inputs, known := w.Fingerprint()
		unlock, err := lockOutput(ctx, w, dir, o)
		if err != nil {
			return nil, err
		}
		defer unlock()
		if pages, err = newSiteBuild(w, dir, o, s); err != nil {
			return nil, err
		}
		second = newSecondPass(w, pages, o)
		wrote = second.count(wrote)
		if o.Incremental && known {
			if in, err = newIncremental(ctx, w, dir, pages, o, inputs); err != nil {
				return nil, err
			}
		}
		if in != nil {
			defer in.close()
		}
		if out, err = newWriter(dir, w, o, s, in, pages); err != nil {
			return nil, err
		}
		defer out.close()
		if in != nil {
			unchanged = in.unchanged(out)
			if in.proven && len(unchanged) == len(w.Articles) && !in.entriesLeft() && len(out.damaged) == 0 && pages.keepAll(in, unchanged) {
				if !in.replayAll(s, observer, wrote) {
					return s, errors.New("the cache of the build was changed while it was read; build again")
				}
				in.save(unchanged, nil)
				err := pages.write(ctx, s, wrote)
				s.finish()
				return s, cmp.Or(err, ctx.Err())
			}
		}
		for i := range articles {
			a := &articles[i]
			name := w.Config.EditionPath(a.Path)
			if !unchanged[name] {
				continue
			}
			r := in.record(name)
			if a.Unchanged = r != nil && out.keepEntries(name) && pages.keep(r, name); a.Unchanged {
				second.keep(r, name)
				in.replay(r, s, observer, wrote)
			} else {
				delete(unchanged, name)
			}
		}
		existing = out.existing(w, articles)
	}
	builder := o.Builder
	if builder == nil {
		builder = ownBuilder{w.Project}
	}
	err = builder.Build(ctx, articles, w.Targets, existing, out.paths, func(r pipeline.Result) error {
		earlier := make([]Earlier, len(r.Editions))
		if out != nil {
			for i := range r.Editions {
				earlier[i] = out.page(&r.Editions[i])
			}
			pages.correct(&r)
			if err := out.result(r, s, wrote); err != nil {
				return err
			}
			pages.note(&r, out)
			second.result(&r)
		}
		shown := second.hold(r)
		s.result(shown)
		for i := range r.Editions {
			s.add(r.Editions[i].Locale, r.Editions[i].Placed)
		}
		if in != nil {
			in.note(&r, out, existing)
		}
		observer.Article(shown, earlier)
		if out != nil {
			out.release(w.Config.EditionPath(r.Path))
		}
		return nil
	})
	if again := second.articles(out, err); again != nil {
		existing = out.existing(w, again)
		err = builder.Build(ctx, again, w.Targets, existing, out.paths, func(r pipeline.Result) error {
			if err := second.write(out, r, s, observer); err != nil {
				return err
			}
			pages.note(&r, out)
			second.again(r, s)
			if in != nil {
				in.note(&r, out, existing)
			}
			out.release(w.Config.EditionPath(r.Path))
			return nil
		})
	}
	second.release(s)
	if out != nil {
		if err != nil {
			out.carryOverEntries()
			pages.carryOver()
		}
		if werr := out.writeManifests(s, wrote); err == nil {
			err = werr
		}
		if werr := pages.write(ctx, s, wrote); err == nil {
			err = werr
		}
		if in != nil && err == nil {
			in.save(unchanged, out)
		}
	}
	s.finish()
	return s, err
}

// lockOutput makes other builds that write to the same folder wait until this one has ended:
// the files of a manifest name each other. It waits for such a build.
func lockOutput(ctx context.Context, w *workspace.Workspace, dir *rootfs.Dir, o Options) (unlock func(), err error) {
	if o.DryRun {
		return func() {}, nil
	}
	project := cmp.Or(o.Project, w.Dir)
	output := realPath(dir.Name())
	// On another machine, or in a container, the project may have another path.
	if below, err := filepath.Rel(realPath(project.Name()), output); err == nil && filepath.IsLocal(below) {
		output = below
	}
	name := sha256.Sum256([]byte(output))
	ignoreBuildFolder(project)
	lock := path.Join(buildFolder, hex.EncodeToString(name[:8])+".lock")
	return project.Hold(ctx, lock, func(holder rootfs.Holder) {
		if o.Waiting != nil {
			o.Waiting(holder, project.Path(lock))
		}
	})
}

// realPath returns the absolute path of a folder without symbolic links: it may have several
// names.
func realPath(folder string) string {
	folder = absolute(folder)
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		return real
	}
	return folder
}

// openOutput opens the output folder, and creates it if it does not exist. For a
// dry run it returns nil if there is no folder.
func openOutput(w *workspace.Workspace, o Options) (*rootfs.Dir, error) {
	name := o.Output
	own := name == ""
	if own {
		name = w.Dir.Path(w.Config.OutputFolder())
	}
	if o.DryRun {
		if !own || !w.Dir.Exists(w.Config.OutputFolder()) {
			return nil, nil
		}
		return w.Dir.Sub(w.Config.OutputFolder())
	}
	if err := guardSources(w, name); err != nil {
		return nil, err
	}
	if own {
		return w.Dir.Sub(w.Config.OutputFolder())
	}
	return rootfs.Create(name)
}

// Existing returns the editions in the project's output folder, as their manifests
// list them. A manifest that cannot be used counts for nothing.
func Existing(w *workspace.Workspace) (edition.Index, error) {
	dir, err := openOutput(w, Options{DryRun: true})
	if err != nil || dir == nil {
		return edition.Index{}, err
	}
	defer dir.Close()
	summary := newSummary(w.Targets, true, false)
	pages, err := newSiteBuild(w, dir, Options{DryRun: true}, summary)
	if err != nil {
		return edition.Index{}, err
	}
	out, err := newWriter(dir, w, Options{DryRun: true}, summary, nil, pages)
	if err != nil {
		return edition.Index{}, err
	}
	defer out.close() // what it read is in memory
	return out.existing(w, w.Articles), nil
}

// Page returns the edition of an article that a build makes now. Its Data is nil if
// the edition is withheld, or an earlier page is kept.
func Page(ctx context.Context, w *workspace.Workspace, a pipeline.Source, locale string) (e pipeline.Edition, err error) {
	existing, err := Existing(w)
	if err != nil {
		return e, err
	}
	err = w.Build(ctx, []pipeline.Source{a}, []string{locale}, existing, func(r pipeline.Result) error {
		if len(r.Editions) > 0 {
			e = r.Editions[0]
		}
		return nil
	})
	return e, err
}

// guardSources rejects an output folder in which an edition would overwrite an
// article, would be an article of the next build, or would be in the place of a manifest.
func guardSources(w *workspace.Workspace, output string) error {
	for _, a := range w.Articles {
		if !strings.Contains(strings.ToLower(a.Path+w.Config.Project.Output), "manifest") {
			continue
		}
		for _, l := range w.Targets {
			if page := w.Config.PagePath(l, w.Config.EditionPath(a.Path)); isOfManifest(w.Config, l, page) {
				return exit.Usagef("the edition of %s would be at %s, which is the place of the manifest: give the article another name, or change project.output", a.Path, page)
			}
		}
	}
	root, err := filepath.Abs(w.Dir.Name())
	if err != nil {
		return err
	}
	out, err := filepath.Abs(output)
	if err != nil {
		return err
	}
	below, err := filepath.Rel(root, out)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return nil // outside of the project
	}
	patterns := slices.DeleteFunc(slices.Clone(w.Config.Project.Articles), func(pattern string) bool {
		// A pattern for files of other folders matches no page.
		base, _ := doublestar.SplitPattern(path.Clean(pattern))
		return base != "." && below != "." && !strings.Contains(base, `\`) && !within(base, filepath.ToSlash(below)) && !within(filepath.ToSlash(below), base)
	})
	if len(patterns) == 0 && !w.Config.HasOutputPattern() {
		return nil
	}
	for _, a := range w.Articles {
		for _, l := range w.Targets {
			written := path.Join(filepath.ToSlash(below), w.Config.PagePath(l, w.Config.EditionPath(a.Path)))
			if w.Config.HasOutputPattern() {
				// A page is no article of the next build: see workspace. It must not be one now.
				if slices.ContainsFunc(w.Articles, func(b pipeline.Source) bool { return b.Path == written }) {
					return exit.Usagef("output %s would overwrite a source article: change project.output or project.articles", written)
				}
				continue
			}
			for _, pattern := range patterns {
				if ok, err := doublestar.Match(pattern, written); err == nil && ok {
					return exit.Usagef("output %s would overwrite or match source articles: change project.output or project.articles", written)
				}
			}
		}
	}
	return nil
}

// within reports whether a folder is another one, or below it.
func within(folder, other string) bool {
	return folder == other || strings.HasPrefix(folder, other+"/")
}
