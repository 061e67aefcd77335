package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/locales"
	"hexapla/pipeline/format"
	"hexapla/pipeline/format/json"
	"hexapla/pipeline/format/subtitles"
	"hexapla/pipeline/format/xml"
)

// FormatFor returns the name of the format for a path: that of the table that names it
// in its files, else by its extension, empty if there is none.
func (c *Config) FormatFor(path string) string {
	if o := c.JSONOptions(); o.RuleFor(path) >= 0 {
		return "json"
	}
	if o := c.XMLOptions(); o.RuleFor(path) >= 0 {
		return "xml"
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

// XMLOptions returns the options of the format xml, without the rules files.
func (c *Config) XMLOptions() xml.Options {
	var o xml.Options
	for _, x := range c.XML {
		o.Rules = append(o.Rules, xml.Rule(x))
	}
	return o
}

// SubtitlesOptions returns the options of the formats srt and vtt.
func (c *Config) SubtitlesOptions() subtitles.Options {
	o := subtitles.Options{Encoding: c.Subtitles.Charset, Limits: map[string]subtitles.Limits{"": subtitles.Limits(c.Subtitles.SubtitleLimits)}}
	for l, limits := range c.Subtitles.Locale {
		o.Limits[l] = subtitles.Limits(limits)
	}
	return o
}

// completeSubtitles reports what is wrong with the limits of subtitles, and makes
// their locales canonical.
func (c *Config) completeSubtitles() (problems []problem) {
	check := func(key string, l SubtitleLimits) {
		for _, v := range []struct {
			name  string
			value float64
		}{{"line", float64(l.Line)}, {"lines", float64(l.Lines)}, {"speed", l.Speed}} {
			if v.value < 0 {
				problems = append(problems, problem{key + "." + v.name, fmt.Errorf("%v: must not be negative", v.value)})
			}
		}
	}
	check("subtitles", c.Subtitles.SubtitleLimits)
	locale := map[string]SubtitleLimits{}
	for _, l := range slices.Sorted(maps.Keys(c.Subtitles.Locale)) {
		key := "subtitles.locale." + l
		tag, err := locales.Canonical(l)
		if err != nil {
			problems = append(problems, problem{key, err})
			continue
		}
		locale[tag] = c.Subtitles.Locale[l]
		check(key, locale[tag])
	}
	c.Subtitles.Locale = locale
	return problems
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

// validateXML reports what is wrong with [[xml]] tables.
func (c *Config) validateXML() (problems []problem) {
	for i, x := range c.XML {
		key := fmt.Sprintf("xml[%d]", i)
		problems = append(problems, validateFiles(key, x.Files)...)
		rule := xml.Rule(x)
		for _, list := range []struct {
			name  string
			paths []string
		}{{"html", x.HTML}, {"markdown", x.Markdown}, {"text", x.Text}, {"title", x.Title}, {"language", x.Language}} {
			for n, p := range list.paths {
				if _, err := rule.Parse(p); err != nil {
					problems = append(problems, problem{fmt.Sprintf("%s.%s[%d]", key, list.name, n), err})
				}
			}
		}
		for n, name := range x.ITS {
			if err := inside(name); err != nil {
				problems = append(problems, problem{fmt.Sprintf("%s.its[%d]", key, n), err})
			}
		}
	}
	return problems
}
