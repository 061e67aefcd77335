package catalogdir

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/messages"
)

// Codec returns the file type of an export; TMX is not one of the codecs.
func Codec(format, version string) (exchange.Codec, error) {
	if format == messages.TMX {
		return exchange.Codec{Name: messages.TMX, Extensions: []string{"." + messages.TMX}}, nil
	}
	codec, ok := pipeline.CodecNamed(format)
	if !ok || codec.Name != format {
		return codec, exit.Usagef("unknown format %q: must be one of %s, %s", format, handoff.CodecNames(), messages.TMX)
	}
	if version != "" && !slices.Contains(codec.Versions, version) {
		return codec, exit.Usagef("%s has no version %q: must be one of %v", codec.Name, version, codec.Versions)
	}
	return codec, nil
}

// WriteUnits writes a bilingual file atomically.
func WriteUnits(out *rootfs.Dir, name string, codec exchange.Codec, version, locale, source string, units []*exchange.Unit) error {
	file, err := out.CreateFile(name)
	if err != nil {
		return err
	}
	if codec.Name == messages.TMX {
		err = messages.WritePairs(file, source, units)
	} else {
		err = encodeUnits(file, codec, version, locale, units)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), file.Abort())
	}
	return file.Commit()
}

func encodeUnits(w io.Writer, codec exchange.Codec, version, locale string, units []*exchange.Unit) error {
	o := exchange.Options{Version: version, Locked: true}
	o.Plural.Forms, o.Plural.Categories = locales.GettextPlural(locale)
	e, err := codec.Encode(w, o)
	if err != nil {
		return err
	}
	for _, u := range units {
		if err := e.Write(u); err != nil {
			return err
		}
	}
	return e.Close()
}

// ImportOptions are the settings of ImportFile.
type ImportOptions struct {
	Format       string    // of the file; "" for that of its extension
	Locale       string    // canonical; "" for that of the file
	AcceptCopies bool      // a text that equals its source is a translation
	In           io.Reader // what the file - is
}

// ImportFile returns what the translations of one file change in the catalogs.
func (d *Dir) ImportFile(ctx context.Context, name string, o ImportOptions) (update.Result, []diag.Diagnostic, error) {
	all := update.Result{Write: catalog.Files{}}
	set, _, err := d.Set()
	if err != nil {
		return all, nil, err
	}
	units, options, err := fileUnits(ctx, set, name, o)
	if err != nil {
		return all, nil, err
	}
	im := messages.NewImporter(set, options)
	for u, err := range units {
		if ctx.Err() != nil {
			return all, nil, ctx.Err()
		}
		if err != nil {
			im.Fail(err)
			continue
		}
		im.Add(name, u)
	}
	found := im.Diagnostics
	for _, locale := range slices.Sorted(maps.Keys(im.Translations)) {
		r, ds := update.ApplyTranslations(d.Files, d.Source, locale, im.Translations[locale])
		found = append(found, d.Shown(ds)...)
		all.Changes = append(all.Changes, r.Changes...)
		maps.Copy(all.Write, r.Write)
	}
	diag.Sort(found)
	return all, found, nil
}

// fileUnits returns the units of a bilingual file, and how to read them.
func fileUnits(ctx context.Context, set *catalog.Set, name string, o ImportOptions) (iter.Seq2[*exchange.Unit, error], messages.ImportOptions, error) {
	options := messages.ImportOptions{Locale: o.Locale, AcceptCopies: o.AcceptCopies}
	source, err := handoff.NewSource(ctx, name, o.In)
	if err != nil {
		return nil, options, err
	}
	format := cmp.Or(o.Format, source.Ext)
	if strings.TrimPrefix(format, ".") == messages.TMX {
		return source.Read(func(r io.Reader) iter.Seq2[*exchange.Unit, error] {
			return messages.ReadPairs(r, name, set, o.Locale)
		}), options, nil
	}
	codec, _ := pipeline.CodecNamed(format)
	options.Marked, options.Numbered = messages.Marked(codec), codec.PluralForms
	units, err := source.Units(o.Format)
	if err != nil {
		return nil, options, err
	}
	return units(nil), options, nil
}
