package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
)

// PolicyRule is a policy all of whose parts are optional. A locale inherits what
// its rule leaves out.
type PolicyRule struct {
	Publish  string `toml:"publish"`
	MT       *bool  `toml:"mt"`
	Fuzzy    *bool  `toml:"fuzzy"`
	Exact    *bool  `toml:"exact"`
	Aligned  *bool  `toml:"aligned"` // pairs that align found
	Missing  string `toml:"missing"`
	Fallback string `toml:"fallback"`

	Threshold *int      `toml:"threshold"` // percent
	Require   *[]string `toml:"require"`
	Errors    string    `toml:"errors"`   // "withhold" or "publish"
	Outdated  string    `toml:"outdated"` // "keep" or "replace"
	MaxAge    string    `toml:"max_age"`  // "14d", "36h"
	Notice    string    `toml:"mt_notice"`
}

// completePolicies checks the policy rules and sets the policy of each locale.
func (c *Config) completePolicies() (problems []problem) {
	rules := map[string]PolicyRule{}
	keys := map[string]string{}
	for _, l := range slices.Sorted(maps.Keys(c.Policy.Locale)) {
		key := "policy.locale." + l
		tag, err := locales.Canonical(l)
		if err != nil {
			problems = append(problems, problem{key, err})
			continue
		}
		if !slices.Contains(c.Project.Locales, tag) {
			problems = append(problems, problem{key, fmt.Errorf("the project does not build locale %s; it builds %s", tag, strings.Join(c.Project.Locales, ", "))})
			continue
		}
		rules[tag], keys[tag] = c.Policy.Locale[l], key
	}
	c.Policy.Locale = rules
	general := c.Policy.PolicyRule.validate("policy")
	problems = append(problems, general...)
	for _, tag := range slices.Sorted(maps.Keys(rules)) {
		problems = append(problems, rules[tag].validate(keys[tag])...)
	}
	if len(problems) > 0 {
		return problems
	}
	c.policies = make(map[string]edition.Policy, len(c.Project.Locales))
	for _, l := range c.Project.Locales {
		c.policies[l] = c.policyFor(l)
	}
	return nil
}

// validate reports what is wrong with the values of a rule.
func (r PolicyRule) validate(key string) (problems []problem) {
	if state, ok := bitext.ParseState(r.Publish); r.Publish != "" && (!ok || state == bitext.Initial) {
		problems = append(problems, problem{key + ".publish", fmt.Errorf("publish = %q: must be translated, reviewed or final", r.Publish)})
	}
	switch missing := edition.MissingPolicy(r.Missing); missing {
	case "", edition.UseSource, edition.UseFallback, edition.Withhold:
	default:
		problems = append(problems, problem{key + ".missing", fmt.Errorf("missing = %q: must be %s, %s or %s", r.Missing, edition.UseSource, edition.UseFallback, edition.Withhold)})
	}
	if _, err := locales.Canonical(r.Fallback); r.Fallback != "" && err != nil {
		problems = append(problems, problem{key + ".fallback", err})
	}
	if t := r.Threshold; t != nil && (*t < 0 || *t > 100) {
		problems = append(problems, problem{key + ".threshold", fmt.Errorf("%d: must be a percentage from 0 to 100", *t)})
	}
	if t := r.Threshold; t != nil && *t < 100 && edition.MissingPolicy(r.Missing) == edition.Withhold {
		problems = append(problems, problem{key + ".threshold", fmt.Errorf("%d allows missing text, but missing = %q withholds every edition with missing text: change one of them", *t, r.Missing)})
	}
	if r.Require != nil {
		for i, name := range *r.Require {
			if !slices.Contains(edition.Requirements(), name) {
				problems = append(problems, problem{fmt.Sprintf("%s.require[%d]", key, i), fmt.Errorf("%q: must be one of %s", name, strings.Join(edition.Requirements(), ", "))})
			}
		}
	}
	for _, v := range []struct {
		key, value string
		known      []string
	}{
		{"errors", r.Errors, []string{"withhold", "publish"}},
		{"outdated", r.Outdated, []string{string(edition.KeepOutdated), string(edition.ReplaceOutdated)}},
		{"mt_notice", r.Notice, []string{string(bitext.NoticeAfterHeadline), string(bitext.NoticeTop), string(bitext.NoticeEnd), string(bitext.NoticeOff)}},
	} {
		if v.value != "" && !slices.Contains(v.known, v.value) {
			problems = append(problems, problem{key + "." + v.key, fmt.Errorf("%q: must be one of %s", v.value, strings.Join(v.known, ", "))})
		}
	}
	if _, err := parseAge(r.MaxAge); err != nil {
		problems = append(problems, problem{key + ".max_age", err})
	}
	return problems
}

// parseAge returns the duration that s writes: a number and a unit, d for days, h
// for hours or m for minutes. The empty string is 0.
func parseAge(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	number, days := strings.CutSuffix(s, "d")
	if days {
		n, err := strconv.ParseFloat(number, 64)
		if err == nil && n > 0 && n < 36525 {
			return time.Duration(n * 24 * float64(time.Hour)), nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return d, nil
	}
	return 0, fmt.Errorf("%q: must be a number of days or hours such as 14d or 36h", s)
}

// PolicyFor returns the publishing policy of a locale, computed once for those
// of the project.
func (c *Config) PolicyFor(locale string) edition.Policy {
	if p, ok := c.policies[locale]; ok {
		return p
	}
	return c.policyFor(locale)
}

// policyFor merges the general rule with the locale's own. If none names a
// fallback, it is the nearest declared parent that the project builds. The rules
// must be valid.
func (c *Config) policyFor(locale string) edition.Policy {
	p := edition.Default()
	for _, r := range []PolicyRule{c.Policy.PolicyRule, c.Policy.Locale[locale]} {
		if state, ok := bitext.ParseState(r.Publish); ok {
			p.State = state
		}
		for _, b := range []struct{ from, to *bool }{{r.MT, &p.MT}, {r.Fuzzy, &p.Fuzzy}, {r.Exact, &p.Exact}, {r.Aligned, &p.Aligned}} {
			if b.from != nil {
				*b.to = *b.from
			}
		}
		p.Missing = cmp.Or(edition.MissingPolicy(r.Missing), p.Missing)
		if tag, err := locales.Canonical(r.Fallback); r.Fallback != "" && err == nil {
			p.Fallback = tag
		}
		if r.Threshold != nil {
			p.Threshold = *r.Threshold
		}
		if r.Require != nil {
			p.Require = *r.Require
		}
		if r.Errors != "" {
			p.PublishErrors = r.Errors == "publish"
		}
		p.Outdated = cmp.Or(edition.OutdatedPolicy(r.Outdated), p.Outdated)
		p.Notice = cmp.Or(bitext.NoticePlace(r.Notice), p.Notice)
		if age, err := parseAge(r.MaxAge); err == nil && age > 0 {
			p.MaxAge = age
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
	return p
}
