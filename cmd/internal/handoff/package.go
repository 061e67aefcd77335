package handoff

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline"
	"hexapla/pipeline/exchange/xliff"
)

// Names in a package, beside the bilingual files.
const (
	packageReadme   = "README.txt"
	packageAnalysis = "analysis.csv"
	packageGlossary = "glossary"
	packagePreview  = "preview"
)

// packageTime is the time of every entry of a package, so that equal content gives
// equal bytes: the first that a zip file can hold.
var packageTime = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// packageEntry is a file of a package, or a folder, whose name ends with a slash.
type packageEntry struct {
	name string
	open func() (io.ReadCloser, error)
}

// dataEntry returns an entry with the given content.
func dataEntry(name string, data []byte) packageEntry {
	return packageEntry{name, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// useTemporary makes the exporter write to a temporary folder, with a glossary in the
// layout of the tool if no other is asked for. remove removes the folder.
func (x *exporter) useTemporary() (remove func(), err error) {
	scratch, err := rootfs.NewScratch()
	if err != nil {
		return nil, err
	}
	if x.dir, err = rootfs.Open(scratch.Path); err != nil {
		return nil, errors.Join(err, scratch.Remove())
	}
	if x.o.Flavor == xliff.FlavorOmegaT {
		x.o.Terms = "tsv"
	}
	if x.o.Terms == "" {
		x.o.Terms = "csv"
	}
	dir := x.dir
	return func() {
		dir.Close()
		_ = scratch.Remove()
	}, nil
}

// writePackages writes one zip file for each route that has bilingual files, LOCALE.zip
// in out, and lists the zip files in the record in place of the files in them.
func (x *exporter) writePackages(out *rootfs.Dir) error {
	x.record.Files = []string{}
	for _, l := range x.record.Routes(Targets(x.workspace)) {
		if len(x.sent[l]) == 0 {
			continue
		}
		analysis, err := analysisTable(x.record.Counts[l])
		if err != nil {
			return err
		}
		entries := []packageEntry{dataEntry(packageReadme, []byte(x.o.Readme(x.routes[l].Target))), dataEntry(packageAnalysis, analysis)}
		file := func(name, from string) {
			entries = append(entries, packageEntry{name, func() (io.ReadCloser, error) { return x.dir.OpenFile(from) }})
		}
		inPackage, glossary := func(name string) string { return name }, path.Base
		if x.omegat != nil {
			own, err := x.omegat[l].entries(x.routes[l].Source, x.routes[l].Target)
			if err != nil {
				return err
			}
			entries = append(entries, own...)
			inPackage = func(name string) string { return path.Join(omegatSource, strings.TrimPrefix(name, l+"/")) }
			glossary = func(string) string { return "terms.utf8" } // OmegaT knows it by this extension
		}
		for _, name := range x.sent[l] {
			file(inPackage(name), name)
		}
		for _, name := range x.previews[l] {
			file(strings.TrimPrefix(name, l+"/"), name)
		}
		if terms := x.terms[l]; terms != "" {
			file(path.Join(packageGlossary, glossary(terms)), terms)
		}
		name := l + ".zip"
		f, err := out.CreateFile(name)
		if err != nil {
			return err
		}
		if err := writeZip(f, entries); err != nil {
			return errors.Join(err, f.Abort())
		}
		if err := f.Commit(); err != nil {
			return err
		}
		x.record.Files = append(x.record.Files, name)
	}
	return nil
}

// writeZip writes a zip file. Equal entries in any order give equal bytes.
func writeZip(w io.Writer, entries []packageEntry) error {
	entries = slices.SortedFunc(slices.Values(entries), func(a, b packageEntry) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	z := zip.NewWriter(w)
	for _, e := range entries {
		part, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: packageTime})
		if err != nil {
			return err
		}
		if e.open == nil { // a folder
			continue
		}
		in, err := e.open()
		if err != nil {
			return err
		}
		_, err = io.Copy(part, in)
		if err := errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	return z.Close()
}

// analysisTable returns an analysis as CSV: a row for each band, and the total.
func analysisTable(a pipeline.Analysis) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"band", "segments", "words"}}
	row := func(name string, t pipeline.Tally) {
		rows = append(rows, []string{name, strconv.Itoa(t.Segments), strconv.Itoa(t.Words)})
	}
	for _, band := range pipeline.MatchBands {
		row(string(band), a[band])
	}
	row("total", a.Total())
	err := w.WriteAll(rows)
	return b.Bytes(), err
}
