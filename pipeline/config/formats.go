package config

import (
	"errors"
	"fmt"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/pipeline/format"
	"hexapla/pipeline/format/json"
)

// FormatFor returns the name of the format for a path: that of the table that names it
// in its files, else by its extension, empty if there is none.
func (c *Config) FormatFor(path string) string {
	if o := c.JSONOptions(); o.RuleFor(path) >= 0 {
		return "json"
	}
	return format.NameFor(path)
}

// JSONOptions returns the options of the format json.
func (c *Config) JSONOptions() json.Options {
	var o json.Options
	for _, j := range c.JSON {
		o.Rules = append(o.Rules, json.Rule(j))
	}
	return o
}

// validateFiles reports what is wrong with the globs of a table.
func validateFiles(key string, files []string) (problems []problem) {
	if len(files) == 0 {
		return []problem{{key, errors.New("files is missing: list globs of the files that the table is for")}}
	}
	for i, pattern := range files {
		err := inside(pattern)
		if err == nil && !doublestar.ValidatePattern(pattern) {
			err = fmt.Errorf("%q is not a glob pattern", pattern)
		}
		if err != nil {
			problems = append(problems, problem{fmt.Sprintf("%s.files[%d]", key, i), err})
		}
	}
	return problems
}

// validateJSON reports what is wrong with [[json]] tables.
func (c *Config) validateJSON() (problems []problem) {
	for i, j := range c.JSON {
		key := fmt.Sprintf("json[%d]", i)
		problems = append(problems, validateFiles(key, j.Files)...)
		if len(j.HTML)+len(j.Markdown)+len(j.Text) == 0 {
			problems = append(problems, problem{key, errors.New("no pointer to a text: list some in html, markdown or text")})
		}
		for _, list := range []struct {
			name     string
			pointers []string
		}{{"html", j.HTML}, {"markdown", j.Markdown}, {"text", j.Text}, {"title", j.Title}, {"language", j.Language}} {
			for n, p := range list.pointers {
				if _, err := json.ParsePointer(p); err != nil {
					problems = append(problems, problem{fmt.Sprintf("%s.%s[%d]", key, list.name, n), err})
				}
			}
		}
	}
	return problems
}
