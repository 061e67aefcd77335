//go:build unix

package publish

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/cputime"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
)

// BenchmarkSiteFiles writes the files of a site of 27 locales to the disk, and again when
// nothing has changed. It reports processor time, and the memory beside what is known of the
// pages.
func BenchmarkSiteFiles(b *testing.B) {
	for _, hreflang := range []string{"pages", "sitemaps"} {
		for _, articles := range []int{2_500, 10_000, 40_000} {
			b.Run(fmt.Sprintf("hreflang=%s/articles=%d", hreflang, articles), func(b *testing.B) {
				for b.Loop() {
					benchmarkSite(b, hreflang, articles)
				}
			})
		}
	}
}

func benchmarkSite(b *testing.B, hreflang string, articles int) {
	folder := b.TempDir()
	defer os.RemoveAll(folder)
	text := fmt.Sprintf("[project]\nsource = \"en\"\nlocales = [\"%s\"]\nbase_url = \"https://news.example/{locale}/{path}\"\n[site]\nindex = true\nhreflang = %q\n",
		strings.Join(strings.Fields("sq hy az ba be bs bg ce crh fa-AF en ka hu kk ky mk sr-ME ps fa ro ru sr tg tt tk uk uz"), `", "`), hreflang)
	for name, text := range map[string]string{"hexapla.toml": text, "articles/a.html": "<title>A</title>"} {
		if err := rootfs.WriteFile(filepath.Join(folder, name), []byte(text)); err != nil {
			b.Fatal(err)
		}
	}
	ws, err := workspace.Open(b.Context(), folder, workspace.Options{Memory: workspace.DryRun, Select: &workspace.Selection{}})
	if err != nil {
		b.Fatal(err)
	}
	defer ws.Close()
	for _, run := range []string{"first", "again"} {
		dir, err := openOutput(ws, Options{})
		if err != nil {
			b.Fatal(err)
		}
		s := newSummary(ws.Targets, false, false)
		pages, err := newSiteBuild(ws, dir, Options{}, s)
		if err != nil {
			b.Fatal(err)
		}
		if run == "first" {
			addPages(pages.now, ws.Config.Project.Locales, articles)
		} else {
			pages.now = pages.old
		}
		written, same, start, cpu := 0, 0, time.Now(), cputime.Now(b)
		if err := pages.write(b.Context(), s, func(_ string, changed bool) {
			if changed {
				written++
			} else {
				same++
			}
		}); err != nil || len(s.Findings) > 0 {
			b.Fatal(err, s.Findings)
		}
		b.ReportMetric((cputime.Now(b) - cpu).Seconds(), run+"-CPU-s")
		b.ReportMetric(time.Since(start).Seconds(), run+"-s")
		b.ReportMetric(float64(written), run+"-written")
		if run == "again" && written > 0 || written+same < 27*5 {
			b.Errorf("%s: %d files written, %d the same", run, written, same)
		}
		if run == "again" {
			beside, of := besidePages(b, pages, s)
			b.ReportMetric(beside, "MB-beside")
			b.ReportMetric(of, "MB-pages")
		}
		dir.Close()
	}
}

// besidePages returns the memory in use, in megabytes, that the files of the site take while
// they are made, and that of the pages.
func besidePages(b *testing.B, pages *siteBuild, s *Summary) (beside, of float64) {
	inUse := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / 1e6
	}
	of = inUse()
	made, err := pages.site()
	if err != nil {
		b.Fatal(err)
	}
	articles, n := made.Articles, 0
	made.Articles = func(yield func([]*site.Page) bool) {
		articles(func(row []*site.Page) bool {
			if n++; n%500 == 0 { // all others wait
				beside = max(beside, inUse()-of)
			}
			return yield(row)
		})
	}
	out := &siteOutput{b: pages, s: s, wrote: func(string, bool) {}, old: pages.files.Files, now: map[string]string{}}
	if err := made.Write(b.Context(), out.create); err != nil {
		b.Fatal(err)
	}
	return beside, of
}

// addPages adds pages with titles and descriptions of their own.
func addPages(to map[string]map[string]*site.Page, locales []string, articles int) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, l := range locales {
		for i := range articles {
			name := fmt.Sprintf("%04d/%08d.html", i%12, i)
			to[l][name] = &site.Page{
				Path: name, Source: "articles/" + name, SHA256: fmt.Sprintf("%064d", i), Text: fmt.Sprintf("%016d", i), Status: edition.Finished, Section: site.Section(name),
				Title: fmt.Sprintf("Title %d of an article in %s", i, l), Description: strings.Repeat(fmt.Sprintf("Words of %d in %s. ", i, l), 6),
				First: at.Add(time.Duration(i) * time.Minute), Modified: at.Add(time.Duration(i) * time.Minute),
			}
		}
	}
}
