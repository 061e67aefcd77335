package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// messageKind is the kind of a unit that is a message without plural forms.
const messageKind bitext.Kind = "message"

// messageText is a message's template as a translator gets it: its variables as
// codes where the file type has such (marked), else as they stand.
func messageText(text, left, right string, marked bool, nextID *int) bitext.Text {
	if left == "" {
		left, right = "{{", "}}"
	}
	if !marked {
		return bitext.Plain(text)
	}
	var out bitext.Text
	for {
		before, rest, ok := strings.Cut(text, left)
		inside, after, closed := strings.Cut(rest, right)
		if !ok || !closed {
			out.Chars += text
			return out
		}
		out.Chars += before
		*nextID++
		data := left + inside + right
		out.Codes = append(out.Codes, bitext.Code{Pos: len(out.Chars), Kind: bitext.Placeholder, ID: strconv.Itoa(*nextID), Data: data, Equiv: data, Disp: data, NoDelete: true})
		text = after
	}
}

// template is the text with its codes written out again.
func template(t bitext.Text) string {
	var b strings.Builder
	at := 0
	for _, c := range t.Codes {
		b.WriteString(t.Chars[at:c.Pos])
		b.WriteString(c.Data)
		at = c.Pos
	}
	b.WriteString(t.Chars[at:])
	return b.String()
}

// unitID is a message's id as a unit's: an NMTOKEN without the marks that file
// types put between ids. Two messages never share one.
func unitID(id string) string {
	safe := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, id)
	if safe != id {
		sum := sha256.Sum256([]byte(id))
		safe += "-" + hex.EncodeToString(sum[:5])
	}
	return safe
}

// marksVariables says whether a file type has inline codes of its own, which
// translators' tools protect.
func marksVariables(codec exchange.Codec) bool { return codec.InlineCodes }

// formSource is the source that a form is translated from. Where variables are
// codes, a form that leaves the count out ("one comment") gives way to the one
// that shows it, which every language can translate.
func formSource(t *catalog.MessagePair, category string, marked bool, nextID *int) bitext.Text {
	m := t.Source
	first := *nextID
	own := messageText(t.Source.SourceForm(category), m.LeftDelim, m.RightDelim, marked, nextID)
	if marked && t.Source.IsPlural() {
		id := first
		if other := messageText(t.Source.SourceForm("other"), m.LeftDelim, m.RightDelim, marked, &id); len(other.Codes) > len(own.Codes) {
			*nextID = id
			return other
		}
	}
	return own
}

// messageUnit is a message on its way out: one segment, or one for each plural
// form.
func messageUnit(t *catalog.MessagePair, h *exchange.Header, marked bool) *exchange.Unit {
	u := &exchange.Unit{Header: h, Location: t.Source.ID}
	u.ID, u.Name, u.Kind = unitID(t.Source.ID), t.Source.ID, messageKind
	if t.Source.IsPlural() {
		u.Kind = exchange.PluralMessage
	}
	if t.Source.Description != "" {
		u.Unit.Notes = append(u.Unit.Notes, bitext.Note{Category: "author", Text: t.Source.Description})
	}
	nextID := 0
	for _, category := range t.Forms {
		s := bitext.Segment{ID: category, Source: formSource(t, category, marked, &nextID)}
		var target bitext.Target
		if t.Target != nil {
			if text := t.Target.Form(category); text != "" {
				target = bitext.Target{Text: likeSource(text, t.Target, s.Source, marked), Filled: true, State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromHuman}}
				if t.Stale || t.Target.NeedsReview {
					target.SubState = bitext.SubStateCheck
				}
			}
		}
		u.Segments, u.Targets = append(u.Segments, s), append(u.Targets, target)
	}
	exchange.SetSourceFromSegments(&u.Unit)
	return u
}

// likeSource is a target's text whose codes carry the ids of the same variables
// in the source.
func likeSource(text string, m *catalog.Message, source bitext.Text, marked bool) bitext.Text {
	n := 10_000 // ids that no source has
	out := messageText(text, m.LeftDelim, m.RightDelim, marked, &n)
	left := slices.Clone(source.Codes)
	for i := range out.Codes {
		if j := slices.IndexFunc(left, func(c bitext.Code) bool { return c.Data == out.Codes[i].Data }); j >= 0 {
			pos := out.Codes[i].Pos
			out.Codes[i] = left[j]
			out.Codes[i].Pos = pos
			left = slices.Delete(left, j, j+1)
		} else if j := slices.IndexFunc(source.Codes, func(c bitext.Code) bool { return c.Data == out.Codes[i].Data }); j >= 0 {
			out.Codes[i].ID = source.Codes[j].ID // a variable that is named twice
		}
	}
	return out
}

func catalogExportCommand() *cli.Command {
	return &cli.Command{
		Name:  "export",
		Usage: "write the catalogs as bilingual files for translators",
		Description: `One file for each locale. Plural forms go as the file type has them: numbered forms in
PO, the segments of one unit elsewhere. Variables are codes in XLIFF, and stand as they
are in the others. TMX has the pairs that are translated. 'catalog import' takes the
files back.`,
		Flags: catalogFlags(localeFlag(),
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames() + ", " + tmxName, Value: pipeline.Codecs()[0].Name},
			&cli.StringFlag{Name: "format-version", Usage: "the file type's `VERSION`"},
			&cli.BoolFlag{Name: "todo", Usage: "only what is missing, stale or to be reviewed"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FOLDER`", Value: "exchange"},
			catalogDryRun()),
		Action: runCatalogExport,
	}
}

// targetLocales are the locales that --locale names, or the project's, or those
// that have a catalog; the source is none.
func (k *catalogs) targetLocales(c *cli.Context, set *catalog.Set) ([]string, error) {
	want, err := localesGiven(c)
	if err != nil {
		return nil, err
	}
	if len(want) == 0 && k.config != nil {
		want = slices.Clone(k.config.Project.Locales)
	}
	if len(want) == 0 {
		want = slices.Sorted(maps.Keys(set.Catalogs))
	}
	if want, err = checks.CanonicalTags("locale", want); err != nil {
		return nil, err
	}
	slices.Sort(want)
	return slices.DeleteFunc(slices.Compact(want), func(l string) bool { return l == k.source }), nil
}

// sources reads the catalogs, and fails where the source cannot be read. What is
// wrong with the files of other locales is told.
func (k *catalogs) sources() (*catalog.Set, []diag.Diagnostic, error) {
	set, ds := catalog.Parse(k.files, k.source)
	if set.Catalogs[set.Source] == nil || len(set.Catalogs[set.Source].IDs) == 0 {
		ds = slices.DeleteFunc(ds, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
		return nil, nil, errors.Join(exit.Usagef("%s has no messages in the source locale %s", k.name, k.source), workspace.Join(ds))
	}
	return set, inFolder(ds, k.files, filepath.ToSlash(k.name)), nil
}

func runCatalogExport(c *cli.Context) error {
	codec, ok := pipeline.CodecNamed(c.String("format"))
	pairs := c.String("format") == tmxName
	if pairs {
		codec = exchange.Codec{Name: tmxName, Extensions: []string{"." + tmxName}}
	} else if !ok || codec.Name != c.String("format") {
		return exit.Usagef("unknown format %q: want one of %s, %s", c.String("format"), handoff.CodecNames(), tmxName)
	}
	if v := c.String("format-version"); v != "" && !slices.Contains(codec.Versions, v) {
		return exit.Usagef("%s has no version %q: want one of %v", codec.Name, v, codec.Versions)
	}
	k, err := openCatalogs(c)
	if err != nil {
		return err
	}
	defer k.close()
	set, wrong, err := k.sources()
	if err != nil {
		return err
	}
	targets, err := k.targetLocales(c, set)
	if err != nil {
		return err
	}
	unread := k.unread(set, targets, wrong)
	for _, d := range unread {
		console.Finding(c.App.ErrWriter, d)
	}
	var out *rootfs.Dir
	if !c.Bool("dry-run") {
		if out, err = rootfs.Create(c.String("output")); err != nil {
			return err
		}
		defer out.Close()
	}
	now := time.Now().UTC().Truncate(time.Second)
	for _, locale := range targets {
		if err := c.Context.Err(); err != nil {
			return err
		}
		if !set.Readable(locale) {
			continue
		}
		headers := map[string]*exchange.Header{}
		var units []*exchange.Unit
		for _, t := range catalog.Pairs(set, locale) {
			if c.Bool("todo") && t.Done {
				continue
			}
			h := headers[t.Source.Path]
			if h == nil {
				sum := sha256.Sum256(k.files[t.Source.Path])
				h = &exchange.Header{Path: t.Source.Path, Format: "catalog", SHA256: hex.EncodeToString(sum[:]), SourceLocale: k.source, TargetLocale: locale, Time: now}
				headers[t.Source.Path] = h
			}
			units = append(units, messageUnit(&t, h, marksVariables(codec)))
		}
		// The messages of one file stand in a row, as a bilingual file wants them.
		slices.SortStableFunc(units, func(a, b *exchange.Unit) int { return strings.Compare(a.Path, b.Path) })
		name := "messages." + locale + codec.Extensions[0]
		did, w := name, printer(c)
		if c.Bool("dry-run") {
			did = w.Text("DryRun")
		} else if len(units) == 0 {
			did = w.Text("NothingToDo")
		} else if pairs {
			if err := writeTMX(out, name, k.source, units); err != nil {
				return err
			}
		} else if err := writeUnits(out, name, codec, c.String("format-version"), locale, units); err != nil {
			return err
		}
		fmt.Fprintf(c.App.Writer, "%s\t%s\t%s\n", locale, w.Count("Messages", len(units)), did)
	}
	if len(unread) > 0 {
		return exit.ErrFindings
	}
	return nil
}

// unread are the findings about the files of those locales that could not be
// read: to take their messages for missing would have them translated again.
func (k *catalogs) unread(set *catalog.Set, targets []string, ds []diag.Diagnostic) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, d := range ds {
		if d.Severity == diag.Error && slices.Contains(targets, d.Place.Locale) && !set.Readable(d.Place.Locale) {
			out = append(out, d)
		}
	}
	return out
}

func writeUnits(out *rootfs.Dir, name string, codec exchange.Codec, version, locale string, units []*exchange.Unit) error {
	file, err := out.CreateFile(name)
	if err != nil {
		return err
	}
	o := exchange.Options{Version: version, Locked: true}
	o.Plural.Forms, o.Plural.Categories = locales.GettextPlural(locale)
	e, err := codec.Encode(file, o)
	if err != nil {
		return errors.Join(err, file.Abort())
	}
	for _, u := range units {
		if err := e.Write(u); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", name, err), file.Abort())
		}
	}
	if err := e.Close(); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), file.Abort())
	}
	return file.Commit()
}

func catalogImportCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "take translators' files into the catalogs",
		ArgsUsage: "FILE ...",
		Description: `Writes the translations into active.LOCALE with go-i18n's hash; comments and order stay.
What somebody asks to look at again is marked '# needs review'. Refused, and said, are a
message that is not there or whose source has changed since, a copy of the source, and
a variable that is lost or renamed. Importing a file again changes nothing.`,
		Flags: catalogFlags(
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames() + ", " + tmxName + "; by the file's extension if left out"},
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "the target `LOCALE`, where the file does not say"},
			&cli.BoolFlag{Name: "accept-copies", Usage: "a text that equals its source is a translation"},
			catalogDryRun()),
		Action: runCatalogImport,
	}
}

func runCatalogImport(c *cli.Context) error {
	if c.NArg() == 0 {
		return exit.Usagef("catalog import wants at least one FILE")
	}
	given := ""
	if c.IsSet("locale") {
		tags, err := checks.CanonicalTags("--locale", []string{c.String("locale")})
		if err != nil {
			return err
		}
		given = tags[0]
	}
	k, err := openCatalogs(c)
	if err != nil {
		return err
	}
	defer k.close()
	findings := false
	for _, name := range c.Args().Slice() {
		if err := c.Context.Err(); err != nil {
			return err
		}
		set, _, err := k.sources()
		if err != nil {
			return err
		}
		in := &catalogImport{set: set, copies: c.Bool("accept-copies"), locale: given, by: map[string][]update.Translation{}, tasks: map[string]map[string]*catalog.MessagePair{}}
		format := c.String("format")
		if format == "" {
			format = strings.ToLower(filepath.Ext(name))
		}
		var all iter.Seq2[*exchange.Unit, error]
		if strings.TrimPrefix(format, ".") == tmxName {
			all = in.pairUnits(name, k.source)
		} else {
			codec, _ := pipeline.CodecNamed(format)
			in.marked, in.po = marksVariables(codec), codec.PluralForms
			units, err := handoff.ReadUnits(name, c.String("format"))
			if err != nil {
				return err
			}
			all = units(nil)
		}
		for u, err := range all {
			if err != nil {
				in.found = append(in.found, diag.From(err, pipeline.RejectedDecoding)...)
				continue
			}
			in.take(name, u)
		}
		result := update.Result{Write: catalog.Files{}}
		for _, locale := range slices.Sorted(maps.Keys(in.by)) {
			r, ds := update.ApplyTranslations(k.files, k.source, locale, in.by[locale])
			in.found = append(in.found, inFolder(ds, k.files, filepath.ToSlash(k.name))...)
			result.Changes = append(result.Changes, r.Changes...)
			maps.Copy(result.Write, r.Write)
			maps.Copy(k.files, r.Write)
		}
		diag.Sort(in.found)
		if err := k.apply(c, result, in.found); errors.Is(err, exit.ErrFindings) {
			findings = true
		} else if err != nil {
			return err
		}
	}
	if findings {
		return exit.ErrFindings
	}
	return nil
}

// catalogImport collects the translations of one file by locale.
type catalogImport struct {
	set        *catalog.Set
	locale     string
	marked, po bool
	copies     bool
	tasks      map[string]map[string]*catalog.MessagePair // by locale and unit id
	by         map[string][]update.Translation
	found      []diag.Diagnostic
}

func (in *catalogImport) refuse(name string, u *exchange.Unit, id, format string, args ...any) {
	in.found = append(in.found, diag.Diagnostic{ID: id, Severity: diag.Error, Message: fmt.Sprintf(format, args...),
		Place: diag.Place{Path: name, Line: u.Line, Column: u.Column, Locale: u.TargetLocale, Unit: u.ID}})
}

func (in *catalogImport) task(locale, id string) *catalog.MessagePair {
	if in.tasks[locale] == nil {
		in.tasks[locale] = map[string]*catalog.MessagePair{}
		for _, t := range catalog.Pairs(in.set, locale) {
			in.tasks[locale][unitID(t.Source.ID)] = &t
		}
	}
	return in.tasks[locale][id]
}

// take decides on one unit of the file.
func (in *catalogImport) take(name string, u *exchange.Unit) {
	tag := in.locale
	if tag == "" {
		tag = u.TargetLocale
	}
	locale, err := locales.Canonical(tag)
	if err != nil {
		in.refuse(name, u, pipeline.RejectedLocale, "the file does not say its target locale: give --locale")
		return
	}
	t := in.task(locale, u.ID)
	if t == nil {
		in.refuse(name, u, pipeline.RejectedUnit, "the source catalog has no such message")
		return
	}
	_, categories := locales.GettextPlural(locale)
	tr := update.Translation{ID: t.Source.ID, Forms: map[string]string{}}
	same := true
	nextID := 0
	sources := map[string]bitext.Text{}
	for _, c := range t.Forms {
		sources[c] = formSource(t, c, in.marked, &nextID)
	}
	for i, s := range u.Segments {
		target := u.Targets[i]
		if s.Ignorable || !target.Filled || target.Text.IsEmpty() {
			continue
		}
		category := s.ID
		if !t.Source.IsPlural() {
			category = "other"
		} else if n, err := strconv.Atoi(s.ID); err == nil && n >= 0 && n < len(categories) {
			category = categories[n]
		}
		source, ok := sources[category]
		if !ok {
			in.refuse(name, u, pipeline.RejectedSegment, "%s has no plural form %q", locale, s.ID)
			return
		}
		if in.po && t.Source.IsPlural() {
			from := "other"
			if i == 0 && len(u.Segments) > 1 {
				from = "one"
			}
			source = bitext.Plain(t.Source.SourceForm(from))
		}
		if s.Source.Tagged() != source.Tagged() {
			in.refuse(name, u, pipeline.RejectedSource, "the source has changed since the export: it is now %q", template(source))
			return
		}
		if t.Target != nil && t.Target.Form(category) == template(target.Text) {
			tr.Forms[category] = t.Target.Form(category) // as it is, sound or not
			continue
		}
		text, err := bitext.ParseTagged(target.Text.TaggedAs(s.Source), source)
		if err != nil {
			in.refuse(name, u, pipeline.RejectedCodes, "%v", err)
			return
		}
		said := template(text)
		if said == template(source) && !in.copies && (t.Target == nil || t.Target.Form(category) != said) {
			in.refuse(name, u, pipeline.RejectedCopy, "form %q is the source text; --accept-copies takes it", category)
			return
		}
		tr.Forms[category] = said
		tr.Review = tr.Review || target.State == bitext.Initial || target.SubState != ""
		same = same && t.Target != nil && t.Target.Form(category) == said
	}
	if same && t.Target != nil && (tr.Review || !t.Stale && !t.Target.NeedsReview) || len(tr.Forms) == 0 {
		return // as it is already
	}
	if in.po && t.Source.IsPlural() && !slices.Contains(categories, "other") && tr.Forms["other"] == "" && (t.Target == nil || t.Target.Form("other") == "" || t.Stale) {
		// gettext has no place for the form of numbers with a fraction, and go-i18n
		// wants one. Slavic languages put the noun into the genitive singular there,
		// which is mostly the form after 2.
		if tr.Forms["other"] = tr.Forms["few"]; tr.Forms["other"] == "" {
			tr.Forms["other"] = tr.Forms["many"]
		}
		in.found = append(in.found, diag.Diagnostic{ID: "import.form", Severity: diag.Info, Place: diag.Place{Path: name, Line: u.Line, Locale: locale, Unit: u.ID},
			Message: "PO has no plural form for numbers with a fraction: \"other\" is taken from another form", Hint: "look at it if such numbers occur"})
	}
	in.by[locale] = append(in.by[locale], tr)
}

func catalogFillCommand() *cli.Command {
	return &cli.Command{
		Name:  "fill",
		Usage: "draft what is missing from the project's memory and hooks",
		Description: `Translates messages that are missing or stale as the project translates its articles:
from the memory, then by the hooks, held to the glossary. Everything it writes is marked
'# needs review'.`,
		Flags:  catalogFlags(localeFlag(), &cli.BoolFlag{Name: "no-hooks", Usage: "ask the memory only"}, catalogDryRun()),
		Action: runCatalogFill,
	}
}

func runCatalogFill(c *cli.Context) (err error) {
	if _, err := projectFolder(c); err != nil {
		return err // without a project there is no memory
	}
	k, err := openCatalogs(c)
	if err != nil {
		return err
	}
	defer k.close()
	set, wrong, err := k.sources()
	if err != nil {
		return err
	}
	targets, err := k.targetLocales(c, set)
	if err != nil {
		return err
	}
	mode := workspace.ReadWrite
	if c.Bool("dry-run") {
		mode = workspace.DryRun
	}
	p, err := newEnvironment(c).open(c.Context, workspace.Options{Memory: mode, Engines: !c.Bool("no-hooks") && !c.Bool("dry-run")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	all := update.Result{Write: catalog.Files{}}
	found := append(slices.Clone(p.Diagnostics), k.unread(set, targets, wrong)...)
	for _, locale := range targets {
		if !set.Readable(locale) {
			continue
		}
		var tasks []*catalog.MessagePair
		d := &bitext.Document{Path: k.name, Format: "text", Locale: k.source}
		for _, t := range catalog.Pairs(set, locale) {
			if t.Done || t.Target != nil && t.Target.NeedsReview && !t.Stale {
				continue
			}
			u := messageUnit(&t, &exchange.Header{}, true)
			tasks, d.Units = append(tasks, &t), append(d.Units, u.Unit)
		}
		if len(tasks) == 0 {
			continue
		}
		tr, ds, err := p.Prepare(c.Context, d, locale)
		if err != nil {
			return err
		}
		found = append(found, ds...)
		r, ds := update.ApplyTranslations(k.files, k.source, locale, drafts(tasks, tr))
		found = append(found, inFolder(ds, k.files, filepath.ToSlash(k.name))...)
		all.Changes = append(all.Changes, r.Changes...)
		maps.Copy(all.Write, r.Write)
	}
	diag.Sort(found)
	return k.apply(c, all, found)
}

// drafts are the messages of which every form has a text.
func drafts(tasks []*catalog.MessagePair, tr *bitext.Translation) []update.Translation {
	var out []update.Translation
	for i, t := range tasks {
		draft := update.Translation{ID: t.Source.ID, Forms: map[string]string{}, Review: true}
		for j, s := range tr.Document.Units[i].Segments {
			target := tr.Targets[i][j]
			if t.Target != nil && !t.Stale && t.Target.Form(s.ID) != "" {
				continue // a person's form stays
			}
			if target.Filled && target.Locale == "" {
				draft.Forms[s.ID] = template(target.Text)
			} else {
				draft.Forms = nil
				break
			}
		}
		if len(draft.Forms) > 0 {
			out = append(out, draft)
		}
	}
	return out
}
