package config

import (
	"errors"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // time zones where the system has none, as on Windows

	"github.com/bmatcuk/doublestar/v4"
	"github.com/pelletier/go-toml/v2"

	"hexapla/locales"
	"hexapla/pipeline/site"
)

// Schedule is when editions are published and taken away. Dates without a time zone are
// of TimeZone, a name of the IANA time zone database.
type Schedule struct {
	TimeZone string             `toml:"time_zone"`
	Articles []ScheduledArticle `toml:"article"`
	Together []Together         `toml:"together"`

	zone *time.Location
}

// ScheduledArticle has the dates of editions: of the articles that one of the globs
// matches, in all locales or in some.
type ScheduledArticle struct {
	Articles  []string `toml:"articles"`
	Locales   []string `toml:"locales"`
	PublishAt any      `toml:"publish_at"` // a string or a date of TOML; a string once parsed
	ExpireAt  any      `toml:"expire_at"`
}

// Together are locales whose editions are published at the same time or not at all, of
// all articles or of those that one of the globs matches.
type Together struct {
	Articles []string `toml:"articles"`
	Locales  []string `toml:"locales"`
}

// Dates returns the dates of a rule as articles write them, empty for none.
func (s *ScheduledArticle) Dates() (publishAt, expireAt string) {
	return momentText(s.PublishAt), momentText(s.ExpireAt)
}

// momentText returns a date, a string or one of TOML, as a string.
func momentText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		return v.Format(time.RFC3339)
	case toml.LocalDateTime, toml.LocalDate:
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("%v", v)
}

// Zone returns the time zone of dates that have none, nil if such dates are not
// accepted.
func (s *Schedule) Zone() *time.Location {
	if s == nil {
		return nil
	}
	return s.zone
}

// HasSchedule reports whether articles may say when they are published.
func (c *Config) HasSchedule() bool { return c.Schedule != nil || c.Site != nil }

// Covers reports whether the rule is for the edition of an article in a locale.
func (s *ScheduledArticle) Covers(article, locale string) bool {
	return matchesAny(s.Articles, article) && (len(s.Locales) == 0 || slices.Contains(s.Locales, locale))
}

// Covers reports whether the rule is for an article.
func (t *Together) Covers(article string) bool {
	return len(t.Articles) == 0 || matchesAny(t.Articles, article)
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := doublestar.Match(p, name)
		return ok && err == nil
	})
}

// completeSchedule checks the values of [schedule].
func (c *Config) completeSchedule() (problems []problem) {
	s := c.Schedule
	if s == nil {
		return nil
	}
	bad := func(key string, err error) {
		if err != nil {
			problems = append(problems, problem{key, err})
		}
	}
	if s.TimeZone != "" {
		zone, err := time.LoadLocation(s.TimeZone)
		if err == nil && s.TimeZone == "Local" {
			err = errors.New("the zone of this computer is another one elsewhere")
		}
		if err != nil {
			bad("schedule.time_zone", fmt.Errorf("%q: must be a name of the IANA time zone database, such as Europe/Kyiv (%w)", s.TimeZone, err))
		}
		s.zone = zone
	}
	check := func(key string, globs, tags []string) {
		for i, g := range globs {
			if !doublestar.ValidatePattern(g) {
				bad(fmt.Sprintf("%s.articles[%d]", key, i), fmt.Errorf("%q is not a glob pattern", g))
			}
		}
		for i, l := range tags {
			tag, err := locales.Canonical(l)
			if err == nil && !slices.Contains(c.Project.Locales, tag) {
				err = fmt.Errorf("the project does not build locale %s", tag)
			}
			bad(fmt.Sprintf("%s.locales[%d]", key, i), err)
			tags[i] = tag
		}
	}
	for i := range s.Articles {
		a, key := &s.Articles[i], fmt.Sprintf("schedule.article[%d]", i)
		check(key, a.Articles, a.Locales)
		if len(a.Articles) == 0 {
			bad(key, errors.New("articles must be given"))
		}
		publish, expire := a.Dates()
		if publish == "" && expire == "" {
			bad(key, errors.New("publish_at or expire_at must be given"))
		}
		for _, m := range []struct{ key, text string }{{".publish_at", publish}, {".expire_at", expire}} {
			if m.text != "" {
				_, _, err := site.ParseMoment(m.text, s.zone)
				bad(key+m.key, err)
			}
		}
	}
	for i := range s.Together {
		t, key := &s.Together[i], fmt.Sprintf("schedule.together[%d]", i)
		check(key, t.Articles, t.Locales)
		if len(t.Locales) < 2 {
			bad(key, errors.New("two locales at least must be given"))
		}
	}
	return problems
}
