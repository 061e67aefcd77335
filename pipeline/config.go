package pipeline

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/pelletier/go-toml/v2"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/hook"
)

// ConfigName is the name of a project's configuration file.
const ConfigName = "hexapla.toml"

// Config is a project's hexapla.toml. All paths in it are slash-separated and
// relative to the project's folder, which they must not leave.
type Config struct {
	Project      ProjectConfig      `toml:"project"`
	HTML         HTMLConfig         `toml:"html"`
	Markdown     MarkdownConfig     `toml:"markdown"`
	Catalogs     CatalogConfig      `toml:"catalogs"`
	Memory       MemoryConfig       `toml:"memory"`
	Glossary     GlossaryConfig     `toml:"glossary"`
	Segmentation SegmentationConfig `toml:"segmentation"`
	Policy       PolicyConfig       `toml:"policy"`
	Hooks        []hook.Config      `toml:"hook"`
	Quality      QualityConfig      `toml:"quality"`
	Check        CheckConfig        `toml:"check"`
}

// ProjectConfig says what there is to build. BaseURL holds {locale} and {path}.
// Encoding is "utf-8", or "source" to write each edition in its article's own.
type ProjectConfig struct {
	Source   string   `toml:"source"`
	Locales  []string `toml:"locales"`
	Articles []string `toml:"articles"`
	Output   string   `toml:"output"`
	Exchange string   `toml:"exchange"`
	BaseURL  string   `toml:"base_url"`
	Encoding string   `toml:"encoding"`
}

// HTMLConfig adds to what the HTML format takes for text.
type HTMLConfig struct {
	Preformatted bool     `toml:"preformatted"`
	Attributes   []string `toml:"attributes"`
	Skip         []string `toml:"skip"`
	Charset      string   `toml:"charset"`
}

// MarkdownConfig lists the front matter fields that are text.
type MarkdownConfig struct {
	Fields []string `toml:"fields"`
}

// CatalogConfig names the folder of the project's own message catalogs.
type CatalogConfig struct {
	Dir string `toml:"dir"`
}

// MemoryConfig says where the memory is and which TMX files fill it. Fuzzy is
// the lowest score, in percent, of a fuzzy match to be offered; 0 for none.
type MemoryConfig struct {
	Path   string   `toml:"path"`
	Import []string `toml:"import"`
	Fuzzy  int      `toml:"fuzzy"`
}

// GlossaryConfig names the termbase files.
type GlossaryConfig struct {
	Files []string `toml:"files"`
}

// SegmentationConfig names an SRX file to be used instead of the built-in rules.
type SegmentationConfig struct {
	SRX string `toml:"srx"`
}

// QualityConfig names checks that are not wanted.
type QualityConfig struct {
	Disable []string `toml:"disable"`
}

// CheckConfig says what fails a check of catalogs or editions, and where the code
// is that uses messages. Shares are in percent, "*" stands for all locales that
// are not named.
type CheckConfig struct {
	FailUnder   map[string]float64 `toml:"fail_under"`
	Required    []string           `toml:"required"`
	Optional    []string           `toml:"optional"`
	MaxErrors   *int               `toml:"max_errors"` // 0 if not given
	MaxWarnings *int               `toml:"max_warnings"`
	MaxNotes    *int               `toml:"max_notes"`
	Severity    map[string]string  `toml:"severity"`
	Allow       []AllowConfig      `toml:"allow"`

	SameAsSource      []string     `toml:"same_as_source"`
	TemplateFunctions []string     `toml:"template_functions"`
	AllowIf           bool         `toml:"allow_if"`
	Code              []string     `toml:"code"`
	Calls             []CallConfig `toml:"calls"`
	Functions         []string     `toml:"functions"`
	Patterns          []string     `toml:"patterns"`
}

// AllowConfig lets findings pass for a reason, till a date (2006-01-02) if there
// is one.
type AllowConfig struct {
	ID      string `toml:"id"`
	Path    string `toml:"path"`
	Locale  string `toml:"locale"`
	Unit    string `toml:"unit"`
	Reason  string `toml:"reason"`
	Expires string `toml:"expires"`
}

// CallConfig is a helper function whose argument is a message's id; Arg counts
// from 0, -1 is the first constant string.
type CallConfig struct {
	Name string `toml:"name"`
	Arg  int    `toml:"arg"`
}

// PolicyConfig is the publishing policy, for all locales and for single ones.
type PolicyConfig struct {
	PolicyRule
	Locale map[string]PolicyRule `toml:"locale"`
}

// PolicyRule is a policy of which nothing need be said; what is not said for a
// locale is as for all locales.
type PolicyRule struct {
	Publish  string `toml:"publish"`
	MT       *bool  `toml:"mt"`
	Fuzzy    *bool  `toml:"fuzzy"`
	Exact    *bool  `toml:"exact"`
	Missing  string `toml:"missing"`
	Fallback string `toml:"fallback"`
}

// ParseConfig reads a configuration and fills in what it leaves out. The error
// is a diag.Diagnostic, or several joined, with line and column.
func ParseConfig(name string, data []byte) (*Config, error) {
	c := &Config{
		Project:  ProjectConfig{Output: "editions", Exchange: "exchange", Encoding: "utf-8"},
		Catalogs: CatalogConfig{Dir: "locales"},
		Memory:   MemoryConfig{Path: ".hexapla/memory.db", Fuzzy: 75},
	}
	dec := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := dec.Decode(c); err != nil {
		return nil, configError(name, err)
	}
	if problems := c.complete(); len(problems) > 0 {
		return nil, configProblems(name, data, problems)
	}
	return c, nil
}

func configError(name string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var all []error
		for _, e := range strict.Errors {
			line, column := e.Position()
			all = append(all, diag.Diagnostic{
				ID: "config.unknown", Severity: diag.Error,
				Place:   diag.Place{Path: name, Line: line, Column: column},
				Message: fmt.Sprintf("unknown key %q", strings.Join(e.Key(), ".")),
				Hint:    "see the configuration section of README.md",
			})
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

// problem is a wrong value, under the key it stands at.
type problem struct {
	key string
	err error
}

// configProblems gives each problem the line of its key, as far as a look for
// the key's last part can tell.
func configProblems(name string, data []byte, problems []problem) error {
	var all []error
	for _, p := range problems {
		d := diag.Diagnostic{
			ID: "config.value", Severity: diag.Error, Place: diag.Place{Path: name},
			Message: p.key + ": " + p.err.Error(), Hint: "see the configuration section of README.md",
		}
		last := p.key[strings.LastIndexByte(p.key, '.')+1:]
		for i, line := range bytes.Split(data, []byte("\n")) {
			if line = bytes.TrimLeft(line, " \t["); bytes.HasPrefix(line, []byte(last)) {
				d.Place.Line = i + 1
				break
			}
		}
		all = append(all, d)
	}
	return errors.Join(all...)
}

// complete checks values and puts the defaults where nothing is said.
func (c *Config) complete() []problem {
	var problems []problem
	bad := func(key string, err error) {
		if err != nil {
			problems = append(problems, problem{key, err})
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
		tag, err := locales.Canonical(l)
		bad("project.locales", err)
		if err == nil && seen[tag] {
			bad("project.locales", fmt.Errorf("%s is listed twice", l))
		}
		seen[tag] = true
		p.Locales[i] = tag
	}
	if len(p.Articles) == 0 {
		p.Articles = []string{"articles/**/*.{html,htm,xhtml,md,markdown,txt}"}
	}
	for _, pattern := range p.Articles {
		if !doublestar.ValidatePattern(pattern) {
			bad("project.articles", fmt.Errorf("%q is not a glob pattern", pattern))
		}
		bad("project.articles", inside(pattern))
	}
	bad("project.output", inside(p.Output))
	bad("project.exchange", inside(p.Exchange))
	if p.BaseURL != "" && (!strings.Contains(p.BaseURL, "{locale}") || !strings.Contains(p.BaseURL, "{path}")) {
		bad("project.base_url", fmt.Errorf("%q must hold {locale} and {path}", p.BaseURL))
	}
	if p.Encoding != "utf-8" && p.Encoding != "source" {
		bad("project.encoding", fmt.Errorf("%q: want utf-8 or source", p.Encoding))
	}
	bad("catalogs.dir", inside(c.Catalogs.Dir))
	bad("memory.path", inside(c.Memory.Path))
	for _, f := range c.Memory.Import {
		bad("memory.import", inside(f))
	}
	if c.Memory.Fuzzy != 0 && (c.Memory.Fuzzy < 30 || c.Memory.Fuzzy > 99) {
		bad("memory.fuzzy", fmt.Errorf("%d: want a score from 30 to 99 percent, or 0 for none", c.Memory.Fuzzy))
	}
	for _, f := range c.Glossary.Files {
		bad("glossary.files", inside(f))
	}
	if c.Segmentation.SRX != "" {
		bad("segmentation.srx", inside(c.Segmentation.SRX))
	}
	byTag := map[string]PolicyRule{}
	for _, l := range slices.Sorted(maps.Keys(c.Policy.Locale)) {
		tag, err := locales.Canonical(l)
		bad("policy.locale."+l, err)
		byTag[tag] = c.Policy.Locale[l]
	}
	c.Policy.Locale = byTag
	for _, l := range p.Locales {
		if _, err := c.PolicyFor(l); err != nil {
			bad("policy", fmt.Errorf("for %s: %w", l, err))
			break
		}
	}
	return problems
}

// inside refuses a path that is absolute or leaves the project.
func inside(p string) error {
	if p == "" {
		return errors.New("empty path")
	}
	if path.IsAbs(p) || strings.Contains(p, `\`) || strings.Contains(p, ":") {
		return fmt.Errorf("%q: want a path below the project's folder, with / between its parts", p)
	}
	if clean := path.Clean(p); clean == ".." || strings.HasPrefix(clean, "../") {
		return fmt.Errorf("%q leaves the project's folder", p)
	}
	return nil
}

// PolicyFor is the publishing policy of one locale. Where none names a fallback,
// it is the nearest declared parent that the project builds.
func (c *Config) PolicyFor(locale string) (edition.Policy, error) {
	p := edition.Default()
	for _, r := range []PolicyRule{c.Policy.PolicyRule, c.Policy.Locale[locale]} {
		if r.Publish != "" {
			state, ok := bitext.ParseState(r.Publish)
			if !ok || state == bitext.Initial {
				return p, fmt.Errorf("publish = %q: want translated, reviewed or final", r.Publish)
			}
			p.State = state
		}
		for _, b := range []struct{ from, to *bool }{{r.MT, &p.MT}, {r.Fuzzy, &p.Fuzzy}, {r.Exact, &p.Exact}} {
			if b.from != nil {
				*b.to = *b.from
			}
		}
		if r.Missing != "" {
			p.Missing = edition.MissingPolicy(r.Missing)
		}
		if r.Fallback != "" {
			tag, err := locales.Canonical(r.Fallback)
			if err != nil {
				return p, fmt.Errorf("fallback: %w", err)
			}
			p.Fallback = tag
		}
	}
	if p.Fallback == "" {
		for _, parent := range locales.Parents(locale) {
			if slices.Contains(c.Project.Locales, parent) {
				p.Fallback = parent
				break
			}
		}
	}
	if p.Missing == edition.UseFallback && p.Fallback == "" {
		p.Missing = edition.UseSource
	}
	return p, p.Validate()
}

// EditionPath is where the edition of an article goes below a locale's folder:
// the article's path without the part of its glob pattern that has no wildcard.
func (c *Config) EditionPath(article string) string {
	for _, pattern := range c.Project.Articles {
		if ok, err := doublestar.Match(pattern, article); err == nil && ok {
			base, _ := doublestar.SplitPattern(pattern)
			if base == "." {
				return article
			}
			return strings.TrimPrefix(strings.TrimPrefix(article, base), "/")
		}
	}
	return article
}
