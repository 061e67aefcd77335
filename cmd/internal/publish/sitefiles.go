package publish

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"

	"hexapla/cmd/internal/exit"
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
	now := siteFiles{Version: siteFilesVersion, Files: map[string]string{}}
	write := func(name string, data []byte) error {
		sum := hash(data)
		if there, err := b.dir.ReadFile(name); err == nil && !bytes.Equal(there, data) && hash(there) != old.Files[name] && !b.overwrite {
			s.add("", []diag.Diagnostic{{
				ID: "site.foreign", Severity: diag.Warning, Place: diag.Place{Path: b.dir.Path(name)},
				Message: "the file was changed by hand, or made by another program; it is not overwritten",
				Hint:    "move it away, or replace it with `hexapla build --overwrite`",
			}})
			if sum, ok := old.Files[name]; ok {
				now.Files[name] = sum
			}
			return nil
		}
		now.Files[name] = sum
		return b.writeFile(name, data, wrote)
	}
	made, err := b.site()
	if err != nil {
		return err
	}
	err = made.Write(ctx, func(f files.File) error {
		if f.Locale == "" {
			return write(b.rootPath(f.Name), f.Data)
		}
		return write(sitePath(b.ws, f.Locale, f.Name), f.Data)
	})
	if err != nil {
		maps.Copy(old.Files, now.Files)
		now.Files = old.Files
	} else {
		for name, sum := range old.Files {
			if _, ok := now.Files[name]; ok {
				continue
			}
			if there, err := b.dir.ReadFile(name); err == nil && hash(there) == sum {
				if err := b.dir.Remove(name); err != nil {
					return err
				}
			}
		}
	}
	if len(now.Files) == 0 && len(old.Files) == 0 {
		return err
	}
	list, jerr := json.MarshalIndent(now, "", "  ")
	if jerr != nil {
		return jerr
	}
	return cmp.Or(err, b.writeFile(b.rootPath(siteFilesName), append(list, '\n'), wrote))
}

// site returns what is known of the site.
func (b *siteBuild) site() (*files.Site, error) {
	c := b.ws.Config
	var index *template.Template
	if c.Site.Index {
		var text []byte
		var err error
		if c.Site.IndexTemplate != "" {
			if text, err = b.ws.Dir.ReadFile(c.Site.IndexTemplate); err != nil {
				return nil, exit.UsageError{Err: fmt.Errorf("site.index_template: %w", err)}
			}
		}
		if index, err = files.ParseIndex(string(text)); err != nil {
			return nil, exit.UsageError{Err: fmt.Errorf("site.index_template: %s: %w", b.ws.Dir.Path(c.Site.IndexTemplate), err)}
		}
	}
	sorted := map[string][]*site.Page{}
	for _, l := range c.Project.Locales {
		for _, name := range slices.Sorted(maps.Keys(b.now[l])) {
			sorted[l] = append(sorted[l], b.now[l][name])
		}
	}
	return &files.Site{
		Options: files.Options{Sitemaps: *c.Site.Sitemaps, Hreflang: c.Site.InSitemaps(), News: c.Site.News, Feeds: *c.Site.Feeds, Items: c.Site.FeedItems, Redirects: c.Site.Redirects, NINJS: c.Site.NINJS, Index: index, IndexItems: c.Site.IndexItems},
		Base:    c.Project.BaseURL, Locales: c.Project.Locales, XDefault: c.Site.XDefault, Publisher: c.Site.Publisher, Now: b.ws.Clock(),
		Find:        func(locale, path string) *site.Page { return b.now[locale][path] },
		Pages:       func(locale string) iter.Seq[*site.Page] { return slices.Values(sorted[locale]) },
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
