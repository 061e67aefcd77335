package handoff

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff"
)

// Options control an export.
type Options struct {
	Format    string   // name of a codec
	Version   string   // of the format; "" for the default
	Flavor    string   // the tool to write for
	Unlocked  bool     // lock no column of a workbook
	States    []string // only segments in these states; none for all
	Changed   bool     // only what is new or changed since the last export
	NoRepeats bool     // each text once in a locale
	By        string   // one file for each "article" or "locale"
	MaxWords  int      // source words in a file; 0 for no limit
	Split     int      // number of translators of a locale; 0 or 1 for one
	Terms     string   // "csv", "tsv", "tbx"; "" for no terms
	Output    string   // folder; "" for the project's
	DryRun    bool     // write nothing
	Package   bool     // one zip file for each locale, in place of the files
	// Readme returns the text of the package of a locale that says what to do with it.
	Readme func(locale string) string
}

// Check returns a usage error if an option is not valid.
func (o Options) Check() error {
	codec, err := codecFor(o.Format, o.Version)
	if err != nil {
		return err
	}
	if codec.Name != o.Format { // an extension
		return exit.Usagef("unknown format %q: use one of %s", o.Format, CodecNames())
	}
	if o.By != "article" && o.By != "locale" {
		return exit.Usagef("--by %q: must be article or locale", o.By)
	}
	if o.Terms != "" && !slices.Contains([]string{"csv", "tsv", "tbx"}, o.Terms) {
		return exit.Usagef("--terms %q: must be csv, tsv or tbx", o.Terms)
	}
	if o.Package && o.Flavor == xliff.FlavorOmegaT && (codec.Name != xliff.Codec.Name || o.Version != "" && o.Version != xliff12) {
		return exit.Usagef("--package --flavor omegat: OmegaT reads XLIFF 1.2: leave out --format and --format-version")
	}
	if o.Package && o.Split > 1 {
		return exit.Usagef("--package makes one package for each locale: it cannot be used with --split")
	}
	for _, s := range o.States {
		if !slices.Contains(pipeline.StateNames, s) {
			return exit.Usagef("--state %q: must be one of %s", s, strings.Join(pipeline.StateNames, ", "))
		}
	}
	return nil
}

// Record describes an export. The project keeps it for Options.Changed.
type Record struct {
	Batch  string                       `json:"batch"`
	Time   time.Time                    `json:"time"`
	Format string                       `json:"format"`
	Files  []string                     `json:"files"`
	Sent   map[string][]string          `json:"sent"`     // fingerprints of segments by locale
	Counts map[string]pipeline.Analysis `json:"analysis"` // by the names of routes
}

// Routes returns the names of the routes of an export: the locales that were selected, and
// after each the routes to it from other locales than the project's source.
func (r *Record) Routes(targets []string) []string {
	out := slices.Clone(targets)
	for _, name := range slices.Sorted(maps.Keys(r.Counts)) {
		if slices.Contains(out, name) {
			continue
		}
		target, _, _ := strings.Cut(name, "-from-")
		at := len(out)
		for i, o := range out {
			if o == target || strings.HasPrefix(o, target+"-from-") {
				at = i + 1
			}
		}
		out = slices.Insert(out, at, name)
	}
	return out
}

// Targets returns the locales of an export: those selected, but for the project's source,
// which only articles in other locales are translated into; see Record.Routes.
func Targets(w *workspace.Workspace) []string {
	return slices.DeleteFunc(slices.Clone(w.Targets), func(l string) bool { return l == w.Config.Project.Source })
}

// Export writes bilingual files for the selected articles and locales of a
// workspace. It calls progress for each article in each locale.
func Export(ctx context.Context, w *workspace.Workspace, o Options, progress func()) (*Record, []diag.Diagnostic, error) {
	if err := o.Check(); err != nil {
		return nil, nil, err
	}
	codec, err := codecFor(o.Format, o.Version)
	if err != nil {
		return nil, nil, err
	}
	now := w.Clock()
	record := &Record{
		Batch: now.Format("20060102T150405Z-") + strings.ToLower(rand.Text()[:4]), Time: now, Format: codec.Name,
		Files: []string{}, Sent: map[string][]string{},
	}
	selection := pipeline.Selection{States: o.States, Changed: o.Changed, NoRepeats: o.NoRepeats}
	if o.Changed {
		if selection.AlreadyExported, err = exported(w.Dir); err != nil {
			return nil, nil, err
		}
	}
	x := &exporter{workspace: w, record: record, codec: codec, o: o, routes: map[string]pipeline.Route{}, files: map[string]*exportFile{}, load: map[string][]int{}, sent: map[string][]string{}, terms: map[string]string{}, previews: map[string][]string{}}
	if !o.DryRun {
		w.Units.Record() // what translators get keeps its identity
		if o.Output == "" {
			x.dir, err = w.Dir.Sub(w.Config.Project.Exchange)
		} else {
			x.dir, err = rootfs.Create(o.Output)
		}
		if err != nil {
			return nil, nil, err
		}
		defer x.dir.Close()
	}
	out := x.dir
	if o.Package && !o.DryRun {
		remove, err := x.useTemporary()
		if err != nil {
			return nil, nil, err
		}
		defer remove()
		if o.Flavor == xliff.FlavorOmegaT {
			x.omegat = map[string]*omegatMemory{}
		}
	}
	findings := slices.Clone(w.Diagnostics)
	record.Counts, err = w.Export(ctx, w.Articles, w.Targets, record.Batch, selection, func(e pipeline.Exported) error {
		progress()
		x.routes[e.Route.Name] = e.Route
		findings = append(findings, e.Diagnostics...)
		return x.write(e)
	})
	if err = x.close(err); err != nil {
		return nil, nil, err
	}
	if err := x.writeTerms(Targets(w)); err != nil {
		return nil, nil, err
	}
	if o.Package && !o.DryRun {
		if err := x.writePackages(out); err != nil {
			return nil, nil, err
		}
	}
	if !o.DryRun && len(record.Files) > 0 {
		data, err := json.MarshalIndent(record, "", "  ")
		if err != nil {
			return nil, nil, err
		}
		name := path.Join(recordsFolder, record.Batch+".json")
		if _, err = w.Dir.WriteFile(name, append(data, '\n')); err == nil {
			err = w.SaveUnits()
		}
		switch {
		case o.Output != "" && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)):
			findings = append(findings, diag.Diagnostic{
				ID: "export.record", Severity: diag.Warning, Place: diag.Place{Path: name},
				Message: "the project cannot be written to: there is no record of this export",
				Hint:    "an export with --changed will contain these segments again",
			})
		case err != nil:
			return nil, nil, err
		}
	}
	return record, findings, nil
}

// recordsFolder is the folder of the records in a project.
const recordsFolder = ".hexapla/exports"

// exported reads the records of all earlier exports. The function that it returns
// reports whether a segment was exported into a locale.
func exported(dir *rootfs.Dir) (func(locale, fingerprint string) bool, error) {
	names, err := dir.Glob([]string{recordsFolder + "/*.json"})
	if err != nil {
		return nil, err
	}
	sent := map[string]bool{}
	for _, name := range names {
		data, err := dir.ReadState(name)
		if err != nil {
			return nil, err
		}
		var r Record
		if err := json.Unmarshal(data, &r); err != nil {
			return nil, fmt.Errorf("%s is not a record of an export: %w; remove it to export all again", dir.Path(name), err)
		}
		for locale, fingerprints := range r.Sent {
			for _, f := range fingerprints {
				sent[locale+" "+f] = true
			}
		}
	}
	return func(locale, fingerprint string) bool { return sent[locale+" "+fingerprint] }, nil
}

// Exported reads the records of all exports. The function reports whether the
// export of a batch had a fingerprint, or, for a batch without a record, whether any
// export had. Records that cannot be read are passed over.
func Exported(dir *rootfs.Dir) (func(batch, locale, fingerprint string) bool, error) {
	names, err := dir.Glob([]string{recordsFolder + "/*.json"})
	if err != nil {
		return nil, err
	}
	type place struct{ batch, locale string }
	known := map[string]bool{}
	sent := map[place]map[string]bool{} // fingerprints of segments
	sentIn := func(p place) map[string]bool {
		if sent[p] == nil {
			sent[p] = map[string]bool{}
		}
		return sent[p]
	}
	for _, name := range names {
		data, err := dir.ReadState(name)
		if err != nil {
			return nil, err
		}
		var r Record
		if json.Unmarshal(data, &r) != nil {
			continue
		}
		known[r.Batch] = true
		for locale, fingerprints := range r.Sent {
			inBatch, inAny := sentIn(place{r.Batch, locale}), sentIn(place{"", locale})
			for _, f := range fingerprints {
				inBatch[f], inAny[f] = true, true
			}
		}
	}
	return func(batch, locale, fingerprint string) bool {
		if !known[batch] {
			batch = ""
		}
		return sent[place{batch, locale}][fingerprint]
	}, nil
}
