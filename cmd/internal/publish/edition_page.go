package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
)

// EditionPage is a page in the folder of the editions.
type EditionPage struct {
	Name    string // in the project, for messages
	Locale  string
	Article pipeline.Source
	Data    []byte
	Current bool // it was made of the article as it is now
}

// FindPage returns the page of a file in the folder of the editions, with its article
// and its locale. It fails with a usage error if the file is none.
func FindPage(w *workspace.Workspace, name string) (EditionPage, error) {
	p := EditionPage{}
	output := w.Config.OutputFolder()
	root, err := filepath.Abs(w.Dir.Path(output))
	if err != nil {
		return p, err
	}
	file, err := filepath.Abs(name)
	if err != nil {
		return p, err
	}
	below, err := filepath.Rel(root, file)
	below = filepath.ToSlash(below)
	locale, path, ok := strings.Cut(below, "/")
	if w.Config.HasOutputPattern() {
		for _, l := range w.Targets {
			for _, a := range w.Articles {
				if edition := w.Config.EditionPath(a.Path); w.Config.PagePath(l, edition) == below {
					locale, path, ok = l, edition, true
				}
			}
		}
	}
	notEdition := func() error {
		if w.Config.HasOutputPattern() {
			return exit.Usagef("%s is not an edition of an article: editions are at %s, of a locale that the project translates into", name, w.Config.Project.Output)
		}
		return exit.Usagef("%s is not an edition: it must be in %s/LOCALE/, of a locale that the project translates into", name, output)
	}
	if err != nil || !ok || !slices.Contains(w.Targets, locale) {
		return p, notEdition()
	}
	i := slices.IndexFunc(w.Articles, func(a pipeline.Source) bool { return w.Config.EditionPath(a.Path) == path })
	if i < 0 {
		return p, exit.Usagef("%s is not the edition of an article of the project", name)
	}
	p.Name, p.Locale, p.Article = strings.TrimPrefix(output+"/"+below, "./"), locale, w.Articles[i]
	if p.Data, err = w.Dir.ReadFile(p.Name); err != nil {
		return p, exit.UsageError{Err: err}
	}
	source, err := p.Article.Read()
	if err != nil {
		return p, err
	}
	if d, _ := w.Open(p.Article.Path, "", "", source); d.Locale == locale {
		return p, notEdition() // the original
	}
	existing, err := Existing(w)
	if err != nil {
		return p, err
	}
	if a := existing.Get(locale, path); a != nil {
		sum := sha256.Sum256(source)
		p.Current = a.SHA256 == hex.EncodeToString(sum[:])
	}
	return p, nil
}

// DifferentLine returns the first line, counted from 1, in which two texts differ.
func DifferentLine(a, b []byte) int {
	x, y := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(x), len(y)) {
		if !bytes.Equal(x[i], y[i]) {
			return i + 1
		}
	}
	return min(len(x), len(y)) + 1
}
