package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	stdhash "hash"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/site"
	"hexapla/pipeline/site/files"
)

// siteFiles are the files that a build has made beside the pages, with their hashes: so
// that one that somebody changed is not overwritten, and one that is not made any more
// is removed.
type siteFiles struct {
	Version int               `json:"version"`
	Files   map[string]string `json:"files"` // SHA-256 by path
	damaged bool
}

const (
	siteFilesVersion = 1
	siteFilesName    = "site-files.json"
)

// rootPath returns the path of a file above the folders of all locales.
func (b *siteBuild) rootPath(name string) string {
	manifest := b.ws.Config.ManifestPath(b.ws.Config.Project.Source)
	return path.Join(path.Dir(path.Dir(manifest)), name)
}

// made reports whether a file with a hash is one that a build has made beside the pages.
func (b *siteBuild) made(name, sum string) bool { return b != nil && b.files.Files[name] == sum }

// readFiles reads the list of the files that an earlier build has made.
func (b *siteBuild) readFiles(s *Summary) error {
	name := b.rootPath(siteFilesName)
	b.files = siteFiles{Files: map[string]string{}}
	data, err := b.dir.ReadState(name)
	if err == nil {
		if err := json.Unmarshal(data, &b.files); err != nil || b.files.Version != siteFilesVersion {
			b.files = siteFiles{damaged: true}
			s.add("", []diag.Diagnostic{{
				ID: "site.files", Severity: diag.Error, Place: diag.Place{Path: b.dir.Path(name)},
				Message: "the list of the files of the site is damaged, or of another release; none of them is written",
				Hint:    "restore the file; or remove it, if the sitemaps and feeds in the folder may be replaced with --overwrite",
			}})
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// writeFiles writes the sitemaps, feeds and lists of the site.
func (b *siteBuild) writeFiles(ctx context.Context, s *Summary, wrote func(string, bool)) error {
	old := b.files
	if old.damaged {
		return nil
	}
	out := &siteOutput{b: b, s: s, wrote: wrote, old: old.Files, now: map[string]string{}}
	made, err := b.site()
	if err != nil {
		return err
	}
	if err = made.Write(ctx, out.create); err != nil {
		maps.Copy(old.Files, out.now)
		out.now = old.Files
	} else {
		for name, sum := range old.Files {
			if _, ok := out.now[name]; ok {
				continue
			}
			if there, err := b.sum(name); err == nil && there == sum {
				if err := b.dir.Remove(name); err != nil {
					return err
				}
			}
		}
	}
	if len(out.now) == 0 && len(old.Files) == 0 {
		return err
	}
	list, jerr := json.MarshalIndent(siteFiles{Version: siteFilesVersion, Files: out.now}, "", "  ")
	if jerr != nil {
		return jerr
	}
	return cmp.Or(err, b.writeFile(b.rootPath(siteFilesName), append(list, '\n'), wrote))
}

// sum returns the hash of a file.
func (b *siteBuild) sum(name string) (string, error) {
	f, err := b.dir.OpenFile(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return sumOf(f)
}

func sumOf(r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// siteOutput writes the files of a site that differ from what is there. It may be used by
// several goroutines at once.
type siteOutput struct {
	b   *siteBuild
	old map[string]string // SHA-256 of the files of an earlier build, by path

	mu    sync.Mutex
	s     *Summary
	wrote func(string, bool)
	now   map[string]string
}

// create begins a file in the folder of a locale, or above all of them.
func (o *siteOutput) create(locale, name string) (files.File, error) {
	if locale == "" {
		name = o.b.rootPath(name)
	} else {
		name = sitePath(o.b.ws, locale, name)
	}
	u, err := o.b.dir.BeginUpdate(name)
	if err != nil {
		return nil, err
	}
	return &siteFile{u, o, name, sha256.New()}, nil
}

// siteFile is a file of the site that is being made.
type siteFile struct {
	*rootfs.Update
	out  *siteOutput
	name string
	sum  stdhash.Hash
}

// Write implements io.Writer.
func (f *siteFile) Write(p []byte) (int, error) {
	f.sum.Write(p)
	return f.Update.Write(p)
}

// Commit writes the file, unless the one in its place is not as a build made it.
func (f *siteFile) Commit() error {
	o := f.out
	foreign, err := f.isForeign()
	if err != nil {
		f.Abort()
		return err
	}
	if foreign {
		f.Abort()
		o.mu.Lock()
		defer o.mu.Unlock()
		o.s.add("", []diag.Diagnostic{{
			ID: "site.foreign", Severity: diag.Warning, Place: diag.Place{Path: o.b.dir.Path(f.name)},
			Message: "the file was changed by hand, or made by another program; it is not overwritten",
			Hint:    "move it away, or replace it with `hexapla build --overwrite`",
		}})
		if sum, ok := o.old[f.name]; ok {
			o.now[f.name] = sum
		}
		return nil
	}
	changed, err := f.Update.Commit()
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now[f.name] = hex.EncodeToString(f.sum.Sum(nil))
	o.wrote(f.name, changed)
	return nil
}

// isForeign reports whether the file would replace one that no build has made.
func (f *siteFile) isForeign() (bool, error) {
	if f.out.b.overwrite {
		return false, nil
	}
	there, err := f.Replaces()
	if err != nil || there == nil {
		return false, err
	}
	sum, err := sumOf(there)
	return sum != f.out.old[f.name], err
}

// site returns what is known of the site.
func (b *siteBuild) site() (*files.Site, error) {
	c := b.ws.Config
	var index *template.Template
	if c.Site.Index {
		var text []byte
		var err error
		if c.Site.IndexTemplate != "" {
			if text, err = b.ws.Dir.ReadLimited(c.Site.IndexTemplate, rootfs.MaxConfig); err != nil {
				return nil, exit.UsageError{Err: fmt.Errorf("site.index_template: %w", err)}
			}
		}
		if index, err = files.ParseIndex(string(text)); err != nil {
			return nil, exit.UsageError{Err: fmt.Errorf("site.index_template: %s: %w", b.ws.Dir.Path(c.Site.IndexTemplate), err)}
		}
	}
	known := map[string]bool{} // paths of editions
	for _, l := range c.Project.Locales {
		for name := range b.now[l] {
			known[name] = true
		}
	}
	paths := slices.Sorted(maps.Keys(known))
	return &files.Site{
		Options: files.Options{Sitemaps: *c.Site.Sitemaps, Hreflang: c.Site.InSitemaps(), News: c.Site.News, Feeds: *c.Site.Feeds, Items: c.Site.FeedItems, Redirects: c.Site.Redirects, NINJS: c.Site.NINJS, Index: index, IndexItems: c.Site.IndexItems},
		Base:    c.Project.BaseURL, Locales: c.Project.Locales, XDefault: c.Site.XDefault, Source: c.Project.Source, Publisher: c.Site.Publisher, Now: b.ws.Clock(),
		Find: func(locale, path string) *site.Page { return b.now[locale][path] },
		Articles: func(yield func([]*site.Page) bool) {
			pages := make([]*site.Page, len(c.Project.Locales))
			for _, name := range paths {
				for i, l := range c.Project.Locales {
					pages[i] = b.now[l][name]
				}
				if !yield(pages) {
					return
				}
			}
		},
		Title:       func(l string) string { return cmp.Or(c.Site.Titles[l], c.Site.Title, files.Host(c.Project.BaseURL)) },
		Description: func(l string) string { return cmp.Or(c.Site.Descriptions[l], c.Site.Description) },
		Section:     b.section,
		Localize: func(locale, id string, args map[string]any) (string, bool) {
			got, err := b.ws.Catalogs.Localize(locale, id, args)
			return got.Text, err == nil
		},
		Zone: c.Schedule.Zone(),
	}, nil
}

// section returns the name of a section in a locale: a message of the catalogs, else
// the name of its folder.
func (b *siteBuild) section(locale, section string) string {
	if got, err := b.ws.Catalogs.Localize(locale, fmt.Sprintf("Section.%s", section), nil); err == nil {
		return got.Text
	}
	return section
}
