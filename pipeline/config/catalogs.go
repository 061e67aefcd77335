package config

import (
	"cmp"
	"fmt"
	"path"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/pelletier/go-toml/v2/unstable"

	"hexapla/locales"
	"hexapla/locales/message"
)

// Catalogs is a folder of message catalogs: [catalogs] for the only one, or [[catalogs]]
// for each of several.
type Catalogs struct {
	Name    string   `toml:"name"`    // what --catalog chooses it by
	Dir     string   `toml:"dir"`     // "locales" by default; it need not be there
	Source  string   `toml:"source"`  // canonical locale of the source messages; "" for project.source
	Exclude []string `toml:"exclude"` // globs of files in it that are no catalogs
	Code    []string `toml:"code"`    // globs of the code that uses the messages; nil for check.code
	Format  string   `toml:"format"`  // one of message.Formats
	Hugo    bool     `toml:"hugo"`    // those of a Hugo site: its folder and its code are the defaults
}

// defaultCatalogs is the folder of message catalogs of a project that names none. It
// need not be there.
const defaultCatalogs = "locales"

// SiteCatalogs returns the catalogs with the messages of the site that articles are
// recognized by: the first of go-i18n's format. ok is false if there is none.
func (c *Config) SiteCatalogs() (_ Catalogs, ok bool) {
	for _, one := range c.Catalogs {
		if one.Format == message.GoI18n {
			return one, true
		}
	}
	return Catalogs{}, false
}

// completeCatalogs checks the tables of catalogs and fills in what they leave out.
func (c *Config) completeCatalogs() (problems []problem) {
	if len(c.Catalogs) == 0 {
		c.Catalogs = []Catalogs{{}}
	}
	several := len(c.Catalogs) > 1
	names := map[string]int{}
	for i := range c.Catalogs {
		one := &c.Catalogs[i]
		bad := func(key string, err error) {
			if err != nil {
				problems = append(problems, problem{fmt.Sprintf("catalogs[%d]%s", i, key), err})
			}
		}
		if one.Hugo {
			one.Dir = cmp.Or(one.Dir, "i18n")
			if one.Code == nil {
				one.Code = hugoCode
			}
		}
		if one.Dir == "" {
			if several {
				bad("", fmt.Errorf("dir is required where there are several catalogs"))
				continue
			}
			one.Dir = defaultCatalogs
		}
		bad(".dir", inside(one.Dir))
		if one.Name == "" {
			one.Name = path.Clean(one.Dir)
		}
		bad(".name", inside(one.Name)) // exports have a folder of this name
		if first, ok := names[one.Name]; ok {
			bad(".name", fmt.Errorf("catalogs %d and %d are both named %q: give each a name", first+1, i+1, one.Name))
		}
		names[one.Name] = i
		if one.Source != "" {
			tag, err := locales.Canonical(one.Source)
			bad(".source", err)
			one.Source = tag
		}
		for _, list := range []struct {
			key   string
			globs []string
		}{{"exclude", one.Exclude}, {"code", one.Code}} {
			for n, pattern := range list.globs {
				if !doublestar.ValidatePattern(pattern) {
					bad(fmt.Sprintf(".%s[%d]", list.key, n), fmt.Errorf("%q is not a glob pattern", pattern))
				}
			}
		}
		if one.Format == "" {
			one.Format = message.GoI18n
		} else {
			bad(".format", message.CheckFormat(one.Format))
		}
	}
	return problems
}

// hugoCode are globs of the files of a Hugo site that use messages: templates and
// shortcodes, those in folders such as _default and those of themes too, and content.
var hugoCode = []string{"layouts/**/*.{html,xml,json,txt}", "themes/*/layouts/**/*.{html,xml,json,txt}", "content/**/*.{md,html}"}

// inlineConfig is a configuration whose catalogs are an inline table, which the TOML
// library does not decode into a list.
type inlineConfig struct {
	*Config
	Catalogs Catalogs `toml:"catalogs"`
}

// inlineCatalogs reports whether the catalogs are an inline table: catalogs = {…}.
func inlineCatalogs(data []byte) bool {
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.KeyValue {
			return false // a table: keys of the top level come first
		}
		if path, _ := keyPath("", e.Key()); path == "catalogs" {
			return e.Value().Kind == unstable.InlineTable
		}
	}
	return false
}
