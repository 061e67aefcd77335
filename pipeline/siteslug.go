package pipeline

import (
	"context"
	"path"
	"slices"
	"strings"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site/slug"
)

// places gives the pages of a build their files. Which of two new pages of one title gets
// the plain name is decided by the order of the articles, whichever is ready first.
type places struct {
	mu    sync.Mutex
	done  []bool
	next  int
	turns []chan struct{}
	taken map[[2]string]string // edition path by locale and file
}

// newPlaces returns the places of a build of n articles; nil if all pages keep the names
// of their articles.
func (p *Project) newPlaces(n int) *places {
	if p.Config.Site == nil || p.Config.Site.Slugs == config.SlugsKept {
		return nil
	}
	o := &places{done: make([]bool, n), turns: make([]chan struct{}, n+1), taken: map[[2]string]string{}}
	for i := range o.turns {
		o.turns[i] = make(chan struct{})
	}
	close(o.turns[0])
	return o
}

// wait waits until all articles before the one of a number have their files.
func (o *places) wait(ctx context.Context, i int) error {
	if o == nil {
		return nil
	}
	select {
	case <-o.turns[i]:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish notes that an article has its files, or needs none. It may be called again.
func (o *places) finish(i int) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done[i] = true
	for o.next < len(o.done) && o.done[o.next] {
		o.next++
		close(o.turns[o.next])
	}
}

// claim gives an edition a file with a name, or with a number behind it if another page
// has or had that. other is the path of that edition, empty if there is none.
func (o *places) claim(locale, path, dir, name, ext string, limit int, known Siblings) (file, other string) {
	for n := 1; ; n++ {
		one := name
		if n > 1 {
			one = slug.Numbered(name, n, limit)
		}
		file := dir + one + ext
		key := [2]string{locale, strings.ToLower(file)}
		owner := o.taken[key]
		if owner == "" {
			owner, _ = known.existing.Owner(locale, strings.ToLower(file))
		}
		if owner == "" && known.articles[file] {
			owner = file
		}
		if owner == "" || owner == path {
			if slug.IsReserved(one) {
				continue
			}
			o.taken[key] = path
			return file, other
		}
		if other == "" {
			other = owner
		}
	}
}

// place gives the editions of an article the files of their pages, which stay once an
// edition is published. others are the locales that have one. i is the number of the
// article.
func (p *Project) place(ctx context.Context, i int, o *places, prepared map[string]*Edition, others []string, name string, known Siblings) (addressesOf, error) {
	defer o.finish(i)
	for _, e := range prepared {
		e.File = name
	}
	if p.Config.Site == nil {
		return nil, nil
	}
	if err := o.wait(ctx, i); err != nil {
		return nil, err
	}
	files := p.filesOf(others, name, known)
	for _, l := range others {
		if e := prepared[l]; e != nil && e.Published.Translation != nil {
			if o != nil && l != e.Translation.Document.Locale {
				p.placeOne(o, e, name, known)
				files[l] = e.File
			}
			e.File = files[l]
		}
	}
	return files, nil
}

// filesOf returns the files of the pages of an article as they are, nil without a site.
func (p *Project) filesOf(others []string, name string, known Siblings) addressesOf {
	if p.Config.Site == nil {
		return nil
	}
	files := addressesOf{}
	for _, l := range others {
		files[l] = known.existing.File(l, name)
	}
	return files
}

// placeOne gives an edition its file.
func (p *Project) placeOne(o *places, e *Edition, name string, known Siblings) {
	c := p.Config.Site
	current, placed := known.existing.Placed(e.Locale, name)
	if !placed {
		current = name
	}
	e.File = current
	tr := e.Published.Translation
	field := slices.IndexFunc(tr.Document.Units, func(u bitext.Unit) bool { return isSlug(&u) })
	if s := e.Published.Status; s == edition.Withheld || s == edition.Outdated || placed && (c.Slugs != config.SlugsFromField || field < 0) {
		return
	}
	dir, base := path.Split(name)
	ext := path.Ext(base)
	if strings.TrimSuffix(base, ext) == "index" {
		return // the page of a folder
	}
	text := ""
	if c.Slugs == config.SlugsFromField {
		if field >= 0 && isTranslated(tr, field) {
			text = unitText(tr, field)
		}
	} else if text = firstText(tr, isTitle); text == "" {
		text = firstText(tr, func(u *bitext.Unit) bool { return u.Kind == bitext.Heading })
	}
	options := slug.Options{Native: c.SlugScript == config.SlugsNative, MaxBytes: c.SlugBytes}
	want := slug.Make(e.Locale, text, options)
	if want == "" {
		return // nothing to make one of
	}
	if dir+want+ext == current {
		o.taken[[2]string{e.Locale, strings.ToLower(current)}] = name
	} else {
		var other string
		if e.File, other = o.claim(e.Locale, name, dir, want, ext, c.SlugBytes, known); other != "" {
			e.Placed = append(e.Placed, diag.Diagnostic{
				ID: "site.slug", Severity: diag.Info, Place: diag.Place{Path: tr.Document.Path, Locale: e.Locale},
				Hint: "nothing needs to be done; a field \"slug\" in the article can give it another name",
			}.Messagef("the address %s is that of %s; this page is %s", diag.Arg("wanted", dir+want+ext), diag.Arg("other", other), diag.Arg("file", e.File)))
		}
	}
	if field >= 0 {
		e.Published.Translation = withSlug(tr, field, strings.TrimSuffix(path.Base(e.File), ext))
	}
}

// isSlug reports whether a unit is the slug that an article has in its front matter or
// in a meta element.
func isSlug(u *bitext.Unit) bool { return u.ID == "front.slug" || u.ID == "meta.slug" }

// isTranslated reports whether all of a unit is in the language of the translation.
func isTranslated(tr *bitext.Translation, unit int) bool {
	for i := range tr.Document.Units[unit].Translatable() {
		if t := &tr.Targets[unit][i]; !t.Filled || t.Locale != "" {
			return false
		}
	}
	return true
}

// withSlug returns a translation in which a unit is a slug, as it is in the address.
func withSlug(tr *bitext.Translation, unit int, text string) *bitext.Translation {
	out := *tr
	out.Targets = slices.Clone(tr.Targets)
	out.Targets[unit] = slices.Clone(tr.Targets[unit])
	for i := range out.Targets[unit] {
		t := &out.Targets[unit][i]
		t.Filled, t.Text = true, bitext.Plain(text)
		text = ""
	}
	return &out
}
