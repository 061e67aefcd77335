package lint

import (
	"fmt"
	"path"
	"slices"
	"sync"
	"unicode"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/diag"
)

// A checker checks one catalog.
type checker struct {
	set          map[string]*catalog.Catalog
	source       *catalog.Catalog
	sources      *sourceMessages
	target       *catalog.Catalog
	isSource     bool // target is the source
	noSource     bool // the source could not be read: nothing can be compared with it
	opt          Options
	locale       string
	categories   []string           // plural categories of the locale; nil where no rule is known
	parents      []*catalog.Catalog // of parent locales
	text         locales.TextChecker
	alphabet     locales.Alphabet
	sameLanguage bool // as the source: en-GB and en
	script       string
	inLatin      bool // the catalog as a whole is in Latin letters, and the locale's script is another
	sourceScript string
	several      map[string]bool        // plural categories that hold more than one number
	rare         map[string]bool        // plural categories by whether they are rare, as far as asked for
	used         map[string]bool        // plural categories by whether go-i18n chooses them, as far as asked for
	hashes       map[string]bool        // whether any message of a file has a hash, by path
	keptNames    func() map[string]bool // names that translated texts keep
	ownWords     func() map[string]bool // words of translated texts
	lostWords    func() map[string]bool // words of sources, in lower case, that a translation does not have
	suspects     []suspect
	ds           []diag.Diagnostic
}

func newChecker(s *catalog.Set, sources *sourceMessages, target *catalog.Catalog, opt Options) *checker {
	ch := &checker{set: s.Catalogs, sources: sources, target: target, opt: opt, locale: target.Locale, text: locales.NewTextChecker(target.Locale), alphabet: locales.NewAlphabet(target.Locale),
		isSource: target.Locale == s.Source, noSource: s.SourceProblem() != "", parents: s.Parents(target.Locale)}
	if ch.source = s.Catalogs[s.Source]; ch.source == nil {
		ch.source = &catalog.Catalog{Locale: s.Source}
	}
	ch.ownWords = sync.OnceValue(func() map[string]bool { return translatedWords(ch.source, target) })
	ch.keptNames = sync.OnceValue(func() map[string]bool { return namesKept(ch.source, target, ch.lostWords()) })
	ch.lostWords = sync.OnceValue(func() map[string]bool { return wordsLost(ch.source, target) })
	if locales.KnowsPlurals(target.Locale) {
		ch.categories = locales.PluralCategories(target.Locale)
	}
	ch.sameLanguage = langtag.SameLanguage(s.Source, target.Locale)
	ch.script, ch.sourceScript = locales.Script(ch.locale), locales.Script(s.Source)
	ch.several = map[string]bool{}
	for _, c := range ch.categories {
		ch.several[c] = several(ch.locale, c)
	}
	return ch
}

// add adds a finding. The result may be changed until the next one is added.
func (ch *checker) add(id string, place diag.Place, format string, args ...any) *diag.Diagnostic {
	ch.ds = append(ch.ds, rule.Finding(id, place, "", format, args...))
	return &ch.ds[len(ch.ds)-1]
}

func (ch *checker) run() []diag.Diagnostic {
	ch.files()
	ch.wholeScript()
	for _, id := range ch.target.IDs {
		src := ch.sources.parsed[id]
		m := src
		if !ch.isSource {
			m = ch.parse(ch.target.Messages[id])
		}
		ch.templates(m, src)
		switch {
		case ch.isSource:
			ch.checkAlone(m, m)
			continue
		case src == nil && !ch.noSource && !ch.formOfIDs(id):
			ch.add("catalog.extra", m.Place(ch.locale), "message %q is not in the source", diag.Arg("id", id)).Hint = "remove it, or add it to the source"
		}
		if src == nil {
			ch.checkAlone(m, m)
			continue
		}
		ch.checkAlone(m, src)
		if !m.IsEmpty() && !src.IsEmpty() {
			ch.compareWithSource(m, src)
		}
	}
	if !ch.isSource && !ch.noSource {
		ch.otherLanguages(ch.set)
		ch.missing()
	}
	return ch.ds
}

// files finds what is wrong with a file as a whole: that go-i18n does not load it,
// or that it has no hashes.
func (ch *checker) files() {
	for _, file := range ch.target.WithBOM {
		const text = "file begins with a byte order mark (U+FEFF), with which %s does not load it"
		place := diag.Place{Path: file, Line: 1, Column: 1, Locale: ch.locale}
		switch path.Ext(file) {
		case ".json":
			ch.add("catalog.encoding", place, text, diag.Arg("program", "go-i18n")).Hint = "save it as UTF-8 without a byte order mark"
		case ".toml": // BurntSushi/toml ignores the mark, go-toml does not; YAML allows it.
			d := ch.add("catalog.encoding", place, text, diag.Arg("program", "go-i18n with go-toml"))
			d.Hint, d.Severity = "save it as UTF-8 without a byte order mark", diag.Info
		}
	}
	for _, file := range ch.target.Paths {
		// Go-i18n itself is asked what it makes of the name; an empty file will do.
		if _, err := i18n.NewBundle(language.Und).ParseMessageFileBytes(nil, path.Base(file)); err != nil {
			ch.add("catalog.go-i18n", diag.Place{Path: file, Locale: ch.locale}, "go-i18n does not load the file: %v", diag.Arg("error", err)).Hint = "hexapla reads it, and so does Hugo, with English plural rules"
		}
	}
	if ch.isSource || ch.sameLanguage || ch.noSource {
		return
	}
	ch.hashes = map[string]bool{}
	some := map[string]bool{}
	for id, m := range ch.target.Messages {
		if ch.source.Messages[id] == nil || m.IsEmpty() {
			continue
		}
		some[m.Path] = true
		if m.Hash != "" {
			ch.hashes[m.Path] = true
		}
	}
	for _, path := range ch.target.Paths {
		if some[path] && !ch.hashes[path] && !ch.sources.noHashes {
			ch.add("catalog.hash", diag.Place{Path: path, Locale: ch.locale}, "no translation of the file has a hash: changes of a source cannot be found").Hint = "'hexapla catalog sync' writes them"
		}
	}
}

// missing finds the messages of the source that the catalog does not have: one
// that its parents have is a note, one that they do not have either is an error.
func (ch *checker) missing() {
	if ch.target.Unreadable {
		return // the file's own finding is all that can be known
	}
	path := ""
	if len(ch.target.Paths) > 0 {
		path = ch.target.Paths[0]
	}
	for _, id := range ch.source.IDs {
		if _, ok := ch.target.Messages[id]; ok {
			continue
		}
		src := ch.source.Messages[id]
		if src.IsEmpty() || ch.needsNoForm(id) {
			continue // the source's own finding
		}
		if from := catalog.Inherited(ch.parents, id); from != nil {
			ch.add("catalog.inherited", diag.Place{Path: path, Locale: ch.locale, Unit: id}, "message comes from %s", diag.Arg("locale", from.Locale))
			continue
		}
		if slices.ContainsFunc(ch.parents, func(c *catalog.Catalog) bool { return c.Unreadable }) {
			continue
		}
		d := ch.add("catalog.missing", diag.Place{Path: path, Locale: ch.locale, Unit: id}, "message %q is not translated: %.80q", diag.Arg("id", id), diag.Arg("sourceText", src.SourceForm("other")))
		d.Hint = fmt.Sprintf("source: %s:%d", src.Path, src.Line)
		if ch.staysAsItIs(id) {
			d.Severity, d.Hint = diag.Info, "a value that languages leave as it is: the source's will do; "+d.Hint
		}
	}
}

// staysAsItIs reports whether the text of a source message is the same in every language:
// it is a number, an address, a code, or a name that translations leave as it is.
func (ch *checker) staysAsItIs(id string) bool {
	src := ch.sources.parsed[id]
	if src == nil || src.IsPlural() {
		return false
	}
	text, t := src.form("other")
	literal := literals(t, text)
	words := wordsOf(literal)
	return !slices.ContainsFunc(words, isPlainWord) && len(separateWords(literal)) <= len(words)+mostValueWords ||
		ch.sources.copied()[id] || len(words) > 1 && !slices.ContainsFunc(words, isSmall) && ch.sources.kept(id, words, false)
}

// isSmall reports whether a word has no capital at its beginning.
func isSmall(word string) bool { return !unicode.IsUpper(firstRune(word)) }

// mostValueWords is the number of words in the addresses and paths of a value.
const mostValueWords = 20
