// Package config reads hexapla.toml, a project's configuration. What Parse
// returns is complete and valid: defaults are filled in, locale tags are
// canonical, no path leaves the project, and each locale has its publishing
// policy. Whatever is wrong is reported with the line and column of the value.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/pelletier/go-toml/v2"

	"hexapla/locales"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/format"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/site"
)

// FileName is the name of a project's configuration file.
const FileName = "hexapla.toml"

// Config is a project's hexapla.toml. All paths in it are slash-separated and
// relative to the project's folder, which they must not leave.
type Config struct {
	Project      Project       `toml:"project"`
	HTML         HTML          `toml:"html"`
	Markdown     Markdown      `toml:"markdown"`
	Text         Text          `toml:"text"`
	JSON         []JSON        `toml:"json"`
	Subtitles    Subtitles     `toml:"subtitles"`
	XML          []XML         `toml:"xml"`
	Catalogs     []Catalogs    `toml:"catalogs"` // at least one; the site's own are SiteCatalogs
	Memory       Memory        `toml:"memory"`
	Glossary     Glossary      `toml:"glossary"`
	Segmentation Segmentation  `toml:"segmentation"`
	Policy       Policy        `toml:"policy"`
	Hooks        []hook.Config `toml:"-"` // from HookTables
	Quality      Quality       `toml:"quality"`
	Check        Check         `toml:"check"`
	Site         *Site         `toml:"site"`     // nil without [site]
	Schedule     *Schedule     `toml:"schedule"` // nil without [schedule]
	Sources      Sources       `toml:"sources"`
	Deploy       Deploy        `toml:"deploy"`

	// HookTables are the [[hook]] tables as they are written: which keys they may have
	// depends on the type of the engine.
	HookTables []map[string]any `toml:"hook"`

	policies map[string]edition.Policy // of the project's locales
}

// Project is what there is to build. Output is a folder, or a pattern: see PagePath. BaseURL holds {locale} and {path}.
// Encoding is "utf-8", or "source" to write each edition in its article's own.
type Project struct {
	Source   string   `toml:"source"`
	Locales  []string `toml:"locales"`
	Articles []string `toml:"articles"`
	Output   string   `toml:"output"`
	Exchange string   `toml:"exchange"`
	BaseURL  string   `toml:"base_url"`
	Encoding string   `toml:"encoding"`
}

// Sources is where the articles come from, and which languages they are in. URL is an
// address that begins with s3://, without a key; empty if they are in the folder.
// Declared is which declarations of articles about their language count, see SourceOf.
type Sources struct {
	URL      string       `toml:"url"`
	Declared string       `toml:"declared"`
	Articles []SourceRule `toml:"article"`
}

// Deploy is where 'hexapla deploy' copies the editions: an address that begins with
// s3://, without a key. CacheControl is the field of HTTP that pages get.
type Deploy struct {
	URL          string `toml:"url"`
	CacheControl string `toml:"cache_control"`
}

// HTML adds to what the HTML format translates.
type HTML struct {
	Preformatted bool     `toml:"preformatted"`
	Attributes   []string `toml:"attributes"`
	Skip         []string `toml:"skip"`
	Charset      string   `toml:"charset"`
	Meta         []string `toml:"meta"`   // more meta elements that hold text; "!name" for one that does not
	JSONLD       []string `toml:"jsonld"` // more fields of JSON-LD and microdata, likewise
}

// Markdown lists what is text besides paragraphs: front matter fields, parameters
// of shortcodes by name, and by position from 1 for each shortcode. HeadingIDs is
// how translated headings keep their anchors: "auto", "attribute", "anchor" or
// "off".
type Markdown struct {
	Fields     []string         `toml:"fields"`
	Parameters []string         `toml:"parameters"`
	Positional map[string][]int `toml:"positional"`
	HeadingIDs string           `toml:"heading_ids"`
	Dialect    string           `toml:"dialect"` // the renderer's, empty to go by the site's configuration
	Charset    string           `toml:"charset"` // the encoding to read by, empty to read UTF-8

	CreateFrontMatter bool `toml:"create_front_matter"`
	DirWrapper        bool `toml:"dir_wrapper"`
}

// Text is how plain text is read. Charset is its encoding, empty to read UTF-8.
type Text struct {
	Charset string `toml:"charset"`
}

// JSON is which strings of JSON files are text. Files are globs of paths. All else are
// lists of JSON pointers, see json.ParsePointer: to strings with HTML, Markdown or
// plain text, to those of them that are titles, and to the language of the file.
type JSON struct {
	Files    []string `toml:"files"`
	HTML     []string `toml:"html"`
	Markdown []string `toml:"markdown"`
	Text     []string `toml:"text"`
	Title    []string `toml:"title"`
	Language []string `toml:"language"`
}

// XML is what is text in XML files. Files are globs of paths, Namespaces the namespaces
// of the prefixes in paths, ITS rules files of ITS 2.0. All else are lists of paths,
// see xml.Path: to elements and attributes with HTML, Markdown or plain text, to those
// of them that are titles, and to the language of the file.
type XML struct {
	Files      []string          `toml:"files"`
	HTML       []string          `toml:"html"`
	Markdown   []string          `toml:"markdown"`
	Text       []string          `toml:"text"`
	Title      []string          `toml:"title"`
	Language   []string          `toml:"language"`
	Namespaces map[string]string `toml:"namespaces"`
	ITS        []string          `toml:"its"`
}

// Subtitles is how SRT files are read, and what can be read of subtitles, for all
// locales and for single ones. A locale inherits what its limits leave out.
type Subtitles struct {
	Charset string `toml:"charset"`
	SubtitleLimits
	Locale map[string]SubtitleLimits `toml:"locale"`
}

// SubtitleLimits are the most characters of a line, lines of a cue and characters per
// second; 0 for the default of the language.
type SubtitleLimits struct {
	Line  int     `toml:"line"`
	Lines int     `toml:"lines"`
	Speed float64 `toml:"speed"`
}

// Memory is where the memory is and which TMX files fill it. URL is that of a database,
// instead of the file Path. Fuzzy is
// the lowest score, in percent, of a fuzzy match to be offered; 0 for none. Journal
// keeps the memory also as text files in JournalFolder, to be committed.
type Memory struct {
	Path    string   `toml:"path"`
	URL     string   `toml:"url"`
	Import  []string `toml:"import"`
	Fuzzy   int      `toml:"fuzzy"`
	Journal bool     `toml:"journal"`
}

// JournalFolder is the folder of the memory's journal.
const JournalFolder = "memory/journal"

// UnitsFile has the identities of the articles' units, see package identity.
const UnitsFile = "memory/units/units.txt"

// Glossary names the termbase files.
type Glossary struct {
	Files []string `toml:"files"`
}

// Segmentation names an SRX file to be used instead of the built-in rules.
type Segmentation struct {
	SRX string `toml:"srx"`
}

// Quality names the checks that are switched off, and those that are not on by themselves.
type Quality struct {
	Disable  []string `toml:"disable"`
	Spelling bool     `toml:"spelling"` // ask the program Hunspell
}

// Policy is the publishing policy, for all locales and for single ones.
type Policy struct {
	PolicyRule
	Locale map[string]PolicyRule `toml:"locale"`
}

// Parse reads a configuration and fills in what it leaves out. name is for
// messages. The error is a diag.Diagnostic, or several joined, with line and
// column.
func Parse(name string, data []byte) (*Config, error) {
	c := &Config{
		Project: Project{Output: "editions", Exchange: "exchange", Encoding: "utf-8"},
		Memory:  Memory{Path: ".hexapla/memory.db", Fuzzy: 75},
	}
	var into any = c
	if inlineCatalogs(data) {
		into = &inlineConfig{Config: c}
	}
	dec := toml.NewDecoder(bytes.NewReader(data))
	if countKeys(data) < manyKeys {
		dec.DisallowUnknownFields()
	} else if err := unknownKeys(name, data); err != nil {
		return nil, err
	}
	if err := dec.Decode(into); err != nil {
		var decode *toml.DecodeError
		if errors.As(err, &decode) && isTypeError(strings.TrimPrefix(decode.Error(), "toml: ")) {
			if err := typeErrors(name, data); err != nil {
				return nil, err
			}
		}
		return nil, syntaxErrors(name, err)
	}
	if one, ok := into.(*inlineConfig); ok {
		c.Catalogs = []Catalogs{one.Catalogs}
	}
	if problems := c.complete(); len(problems) > 0 {
		return nil, valueErrors(name, data, problems)
	}
	return c, nil
}

func syntaxErrors(name string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var all []error
		for _, e := range strict.Errors {
			line, column := e.Position()
			all = append(all, diag.Diagnostic{
				ID: "config.unknown", Severity: diag.Error,
				Place: diag.Place{Path: name, Line: line, Column: column},
				Hint:  "'hexapla help config' lists the keys",
			}.Messagef("unknown key %q", diag.Arg("key", strings.Join(e.Key(), "."))))
		}
		return errors.Join(all...)
	}
	d := diag.Diagnostic{ID: "config.syntax", Severity: diag.Error, Place: diag.Place{Path: name}, Message: err.Error()}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		d.Place.Line, d.Place.Column = decode.Position()
		d.Message = strings.TrimPrefix(decode.Error(), "toml: ")
	}
	return d
}

// problem is a wrong value and the path of its key: "project.locales[1]".
type problem struct {
	key string
	err error
}

// valueErrors gives each problem the place of its value, or of the nearest table
// that the file has when the value is left out.
func valueErrors(name string, data []byte, problems []problem) error {
	at := positions(data)
	var all []error
	for _, p := range problems {
		place := diag.Place{Path: name}
		if offset, ok := at.find(p.key); ok {
			place.Line, place.Column = diag.At(data, offset)
		}
		all = append(all, diag.Diagnostic{
			ID: "config.value", Severity: diag.Error, Place: place,
			Hint: "'hexapla help config' lists the keys",
		}.Messagef("%s: %s", diag.Arg("key", indexes().ReplaceAllString(p.key, "")), diag.Arg("error", p.err.Error())))
	}
	return errors.Join(all...)
}

// hookKey returns the path of the key that an error is about.
func hookKey(e *hook.KeyError) string { return fmt.Sprintf("hook[%d].%s", e.Hook, e.Key) }

// HookErrors returns errors in [[hook]] tables as diagnostics at the places of their
// values, joined. data must be what Parse accepted.
func HookErrors(name string, data []byte, errs []*hook.KeyError) error {
	problems := make([]problem, len(errs))
	for i, e := range errs {
		problems[i] = problem{hookKey(e), e.Err}
	}
	return valueErrors(name, data, problems)
}

// validateStorage checks the address of a folder in object storage, "" for none.
func validateStorage(address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return nil
	case err != nil || u.Scheme != "s3" || u.Host == "":
		return errors.New("it must be an address such as s3://BUCKET/FOLDER")
	case u.User != nil:
		return errors.New("it must not have a key: keys come from the environment, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	return nil
}

// complete checks values and fills in the defaults.
func (c *Config) complete() []problem {
	var problems []problem
	bad := func(key string, err error) {
		if err != nil {
			problems = append(problems, problem{key, err})
		}
	}
	paths := func(key string, list []string) {
		for i, p := range list {
			bad(fmt.Sprintf("%s[%d]", key, i), inside(p))
		}
	}
	p := &c.Project
	p.Source = cmp.Or(p.Source, "en")
	tag, err := locales.Canonical(p.Source)
	bad("project.source", err)
	p.Source = tag
	if len(p.Locales) == 0 {
		bad("project.locales", errors.New("no locale to build: list at least one BCP 47 tag"))
	}
	seen := map[string]bool{}
	for i, l := range p.Locales {
		key := fmt.Sprintf("project.locales[%d]", i)
		tag, err := locales.Canonical(l)
		bad(key, err)
		if err == nil && seen[tag] {
			bad(key, fmt.Errorf("%s is listed twice", l))
		}
		seen[tag] = true
		p.Locales[i] = tag
	}
	if len(p.Articles) == 0 {
		p.Articles = []string{"articles/" + format.Glob()}
	}
	for i, pattern := range p.Articles {
		key := fmt.Sprintf("project.articles[%d]", i)
		if !doublestar.ValidatePattern(pattern) {
			bad(key, fmt.Errorf("%q is not a glob pattern", pattern))
		}
		bad(key, inside(pattern))
	}
	bad("project.output", validateOutput(p.Output))
	bad("project.exchange", inside(p.Exchange))
	p.BaseURL = site.ASCIIBase(p.BaseURL)
	if p.BaseURL != "" && (!strings.Contains(p.BaseURL, "{locale}") || !strings.Contains(p.BaseURL, "{path}")) {
		bad("project.base_url", fmt.Errorf("%q must contain {locale} and {path}", p.BaseURL))
	}
	if p.Encoding != "utf-8" && p.Encoding != "source" {
		bad("project.encoding", fmt.Errorf("%q: must be utf-8 or source", p.Encoding))
	}
	problems = append(problems, c.completeCatalogs()...)
	bad("memory.path", inside(c.Memory.Path))
	if c.Memory.URL != "" {
		bad("memory.url", memory.CheckURL(c.Memory.URL))
		if c.Memory.Journal {
			bad("memory.journal", errors.New("a memory in a database has no journal: remove the key; 'hexapla memory copy' writes one"))
		}
	}
	paths("memory.import", c.Memory.Import)
	if c.Memory.Fuzzy != 0 && (c.Memory.Fuzzy < 30 || c.Memory.Fuzzy > 99) {
		bad("memory.fuzzy", fmt.Errorf("%d: must be a score from 30 to 99 percent, or 0 for none", c.Memory.Fuzzy))
	}
	if h := c.Markdown.HeadingIDs; !slices.Contains([]string{"", "auto", "attribute", "anchor", "off"}, h) {
		bad("markdown.heading_ids", fmt.Errorf("%q: must be auto, attribute, anchor or off", h))
	}
	if d := c.Markdown.Dialect; d != "" && !slices.Contains(dialects, d) {
		bad("markdown.dialect", fmt.Errorf("%q: must be one of %s", d, strings.Join(dialects, ", ")))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Markdown.Positional)) {
		for i, n := range c.Markdown.Positional[name] {
			if n < 1 {
				bad(fmt.Sprintf("markdown.positional.%s[%d]", name, i), fmt.Errorf("%d: positions begin at 1", n))
			}
		}
	}
	problems = append(problems, c.validateJSON()...)
	problems = append(problems, c.completeSubtitles()...)
	problems = append(problems, c.validateXML()...)
	paths("glossary.files", c.Glossary.Files)
	if c.Segmentation.SRX != "" {
		bad("segmentation.srx", inside(c.Segmentation.SRX))
	}
	problems = append(problems, c.completeSources()...)
	bad("deploy.url", validateStorage(c.Deploy.URL))
	if strings.ContainsFunc(c.Deploy.CacheControl, func(r rune) bool { return r < ' ' || r > '~' }) {
		bad("deploy.cache_control", errors.New("it must be a value of the HTTP field Cache-Control, such as max-age=300"))
	}
	var hookErrors []*hook.KeyError
	c.Hooks, hookErrors = hook.ParseConfigs(c.HookTables)
	for _, e := range hookErrors {
		bad(hookKey(e), e.Err)
	}
	return append(append(problems, c.completePolicies()...), append(c.completeSite(), c.completeSchedule()...)...)
}

// inside refuses a path that is absolute or leaves the project.
func inside(p string) error {
	if p == "" {
		return errors.New("empty path")
	}
	if path.IsAbs(p) || strings.Contains(p, `\`) || strings.Contains(p, ":") {
		return fmt.Errorf("%q: must be a path below the project's folder, with / between its parts", p)
	}
	if clean := path.Clean(p); clean == ".." || strings.HasPrefix(clean, "../") {
		return fmt.Errorf("%q leaves the project's folder", p)
	}
	return nil
}

// Nearest returns the one of known that tag means: itself, or, for tools that insist on
// a region ("ru-RU"), the only one of its language and script.
func Nearest(tag string, known []string) string {
	if slices.Contains(known, tag) {
		return tag
	}
	found := ""
	for _, k := range known {
		if langtag.SameLanguage(k, tag) && langtag.Script(k) == langtag.Script(tag) {
			if found != "" {
				return tag
			}
			found = k
		}
	}
	if found == "" {
		return tag
	}
	return found
}

// Nearest returns the project's locale that a tag in a file from elsewhere means,
// or the tag itself if there is none, or more than one.
func (c *Config) Nearest(tag string) string {
	return Nearest(tag, append([]string{c.Project.Source}, c.Project.Locales...))
}

// dialects are the values of markdown.dialect.
var dialects = func() []string {
	names := []string{"auto"}
	for _, d := range markdown.Dialects() {
		names = append(names, string(d))
	}
	return names
}()
