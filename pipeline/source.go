package pipeline

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"weak"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/quality"
)

// OpenSource reads and splits an article. Of one that cannot be read, or of which
// nothing can be split, the error says why.
func (p *Project) OpenSource(a Source) (*bitext.Document, error) {
	data, err := a.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Path, err)
	}
	d, ds := p.Open(a.Path, "", "", data)
	if worst, any := diag.MaxSeverity(ds); any && worst == diag.Error && len(d.Units) == 0 {
		return nil, ds[0]
	}
	return d, nil
}

// SourceLocale returns the locale that a file would be in as an article; see Open.
func (p *Project) SourceLocale(path string, data []byte) string {
	d := &bitext.Document{}
	if f := p.formats[p.Config.FormatFor(path)]; f != nil {
		d, _ = f.Split(path, data)
	}
	locale, _ := p.sourceOf(path, d)
	return locale
}

// sourceOf returns the locale that an article is written in, and what is wrong with its
// declaration. d is the article as it was split, with the language that it declares. A
// declaration is not believed against the text: pages get a wrong one from a template
// that was made for another language.
func (p *Project) sourceOf(path string, d *bitext.Document) (string, []diag.Diagnostic) {
	declared := strings.TrimSpace(d.Locale)
	locale, byRule, err := p.Config.SourceOf(path, declared)
	if errors.Is(err, config.ErrDeclared) {
		return locale, []diag.Diagnostic{p.languageFinding(path, "correct it").Messagef("the article declares the language %q, which is no BCP 47 tag of a language: it is read as %s",
			diag.Arg("declared", diag.Excerpt(declared)), diag.Arg("locale", locale))}
	}
	project := p.Config.Project.Source
	if byRule || locale == project {
		return locale, nil
	}
	text := sample(d)
	seems := ""
	if own, other := tag.Script(locale), tag.Script(project); own != other && tag.HasLetters(own) && scriptShare(text, own) < scriptShare(text, other) {
		seems = project
	} else if seems = quality.OtherLanguage("", locale, "", text); seems != "" && tag.SameText(seems, project) {
		seems = project
	} else if !quality.CanIdentify(locale) && !quality.PassesFor(locale, project) && quality.IsIn(project, text) {
		seems = project // "language: lua", which is a tag of Luba too
	}
	switch seems {
	case "":
		return locale, nil
	case project:
		return project, []diag.Diagnostic{p.languageFinding(path, "correct the declaration").Messagef("the article declares the language %q, but its text is in %s: it is read as %s",
			diag.Arg("declared", diag.Excerpt(declared)), diag.Arg("language", locales.EnglishName(project)), diag.Arg("locale", project))}
	}
	return locale, []diag.Diagnostic{p.languageFinding(path, "correct the declaration").Messagef("the article declares the language %q, but its text seems to be in %s: it is read as %s",
		diag.Arg("declared", diag.Excerpt(declared)), diag.Arg("language", locales.EnglishName(seems)), diag.Arg("locale", locale))}
}

// refuseOtherText returns a finding if the text of an article is surely in another language
// than the article is read in; none if the configuration has the article's locale, or
// switches this off. It is asked before engines are, which cost more.
func (p *Project) refuseOtherText(tr *bitext.Translation) []diag.Diagnostic {
	doc := tr.Document
	if _, byRule, _ := p.Config.SourceOf(doc.Path, ""); byRule || p.Config.Sources.Declared == config.DeclaredOff {
		return nil
	}
	other := p.texts.languageOf(doc)
	if other == "" {
		return nil
	}
	d := p.languageFinding(doc.Path, "declare its language, or correct the declaration")
	d.Place.Locale = tr.Locale
	return []diag.Diagnostic{d.Messagef("the text of the article seems to be in %s, not in %s: no engine is asked to translate it",
		diag.Arg("language", locales.EnglishName(other)), diag.Arg("otherLanguage", locales.EnglishName(doc.Locale)))}
}

// otherTexts remembers of articles in which other language their text is, for their
// translations into many locales.
type otherTexts struct {
	mu    sync.Mutex
	known map[weak.Pointer[bitext.Document]]func() string
}

// maxOtherTexts is how many articles are remembered; no more are worked on at the same
// time.
const maxOtherTexts = 256

// languageOf returns the language that the text of an article is surely in, if that is
// another one than its locale's.
func (o *otherTexts) languageOf(d *bitext.Document) string {
	key := weak.Make(d)
	o.mu.Lock()
	find := o.known[key]
	if find == nil {
		find = sync.OnceValue(func() string {
			if d := key.Value(); d != nil {
				return quality.OtherLanguage("", d.Locale, "", sample(d))
			}
			return ""
		})
		if o.known == nil || len(o.known) >= maxOtherTexts {
			o.known = map[weak.Pointer[bitext.Document]]func() string{}
		}
		o.known[key] = find
	}
	o.mu.Unlock()
	other := find()
	runtime.KeepAlive(d)
	return other
}

func (p *Project) languageFinding(path, hint string) diag.Diagnostic {
	return diag.Diagnostic{
		ID: "article.language", Severity: diag.Warning, Place: diag.Place{Path: path},
		Hint: hint + "; or give the article its locale in [[sources.article]] of " + config.FileName,
	}
}

// sample returns the beginning of an article's own text, some paragraphs of it: no
// title, which may be a name, and nothing that is marked as another language.
func sample(d *bitext.Document) string {
	var b strings.Builder
	for i := range d.Units {
		u := &d.Units[i]
		if u.NoTranslate || u.Locale != "" || u.Kind == bitext.Attribute {
			continue
		}
		chars := u.Source.Chars
		if rest := sampleSize - b.Len(); len(chars) > rest {
			chars = strings.ToValidUTF8(chars[:rest], "")
		}
		b.WriteString(chars)
		if b.WriteByte('\n'); b.Len() >= sampleSize {
			break
		}
	}
	return b.String()
}

// sampleSize is how many bytes of an article are read to find out its language: about
// 600 words, of which 40 would do.
const sampleSize = 4096

// scriptShare counts the letters of a text in a script; none for the name of several
// scripts, such as Jpan.
func scriptShare(text, script string) int {
	if !tag.HasLetters(script) {
		return 0
	}
	n := 0
	for _, r := range text {
		if tag.LetterScript(r) == script {
			n++
		}
	}
	return n
}
