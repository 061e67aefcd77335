package checks

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

// policy returns the policy of the configuration's check section, with the
// options over it.
func policy(o Options, cfg config.Check) (*report.Policy, error) {
	p := &report.Policy{FailUnder: map[string]float64{}, Limits: map[diag.Severity]int{diag.Error: 0}, Severity: cfg.Severity}
	for _, list := range []struct {
		to   *[]string
		from string
		tags []string
	}{
		{&p.Required, "check.required", cfg.Required}, {&p.Required, "--require", o.Required},
		{&p.Optional, "check.optional", cfg.Optional}, {&p.Optional, "--optional", o.Optional},
	} {
		tags, err := CanonicalTags(list.from, list.tags)
		if err != nil {
			return nil, err
		}
		*list.to = append(*list.to, tags...)
	}
	for _, l := range slices.Sorted(maps.Keys(cfg.FailUnder)) {
		if err := failUnder(p, "check.fail_under", l, cfg.FailUnder[l]); err != nil {
			return nil, err
		}
	}
	if o.FailUnder != nil {
		for _, part := range strings.Split(*o.FailUnder, ",") {
			l, share, ok := strings.Cut(strings.TrimSpace(part), "=")
			if !ok {
				l, share = "*", l
			}
			n, err := strconv.ParseFloat(strings.TrimSuffix(share, "%"), 64)
			if err != nil {
				n = -1
			}
			if err := failUnder(p, fmt.Sprintf("--fail-under %q", part), l, n); err != nil {
				return nil, err
			}
		}
	}
	limit(p, diag.Error, cfg.MaxErrors, o.MaxErrors)
	limit(p, diag.Warning, cfg.MaxWarnings, o.MaxWarnings)
	limit(p, diag.Info, cfg.MaxNotes, o.MaxNotes)
	for i, a := range cfg.Allow {
		allowance, err := allowance(a, fmt.Sprintf("check.allow %d", i+1))
		if err != nil {
			return nil, err
		}
		p.Allow = append(p.Allow, allowance)
	}
	return p, nil
}

// failUnder sets the least share in percent of a locale, or of all others for *.
func failUnder(p *report.Policy, from, locale string, share float64) error {
	if !(share >= 0 && share <= 100) { // NaN is neither
		return exit.Usagef("%s: must be a share from 0 to 100, as in ru=100", from)
	}
	if locale != "*" {
		tags, err := CanonicalTags(from, []string{locale})
		if err != nil {
			return err
		}
		locale = tags[0]
	}
	p.FailUnder[locale] = share
	return nil
}

// limit sets how many findings of a severity are allowed: by the option, else by
// the configuration. Nil is not set, and a negative number is no limit.
func limit(p *report.Policy, s diag.Severity, configured, option *int) {
	n := option
	if n == nil {
		n = configured
	}
	switch {
	case n == nil:
	case *n < 0:
		delete(p.Limits, s)
	default:
		p.Limits[s] = *n
	}
}

func allowance(a config.Allow, from string) (report.Allowance, error) {
	out := report.Allowance{ID: a.ID, Path: a.Path, Unit: a.Unit, Reason: a.Reason}
	if a.Locale != "" {
		tags, err := CanonicalTags(from, []string{a.Locale})
		if err != nil {
			return out, err
		}
		out.Locale = tags[0]
	}
	if a.Expires != "" {
		t, err := time.Parse(time.DateOnly, a.Expires)
		if err != nil {
			return out, exit.Usagef("%s: expires %q: must be a date such as 2027-01-31", from, a.Expires)
		}
		out.Expires = t
	}
	return out, nil
}

// CanonicalTags returns the canonical forms of locales. A usage error begins with
// from, the name of the flag or key that has them.
func CanonicalTags(from string, tags []string) ([]string, error) {
	var out []string
	for _, t := range tags {
		tag, err := locales.Canonical(t)
		if err != nil {
			return nil, exit.Usagef("%s: %w%s", from, err, LocaleHint(t, locales.Embedded().Locales()))
		}
		out = append(out, tag)
	}
	return out, nil
}

// LocaleHint returns a question with the one of the known locales that a user most
// likely meant by s: the locale of the language with that name or tag, else the tag that
// is spelled most alike. It returns "" if there is none.
func LocaleHint(s string, known []string) string {
	names := map[string]string{} // a tag or name in small letters: the tag
	for _, k := range slices.Backward(known) {
		for _, name := range []string{k, locales.EnglishName(k), locales.Name(k)} {
			names[strings.ToLower(name)] = k
		}
	}
	given := strings.ToLower(strings.ReplaceAll(s, "_", "-"))
	found := names[given]
	if c, err := locales.Canonical(s); err == nil && found == "" {
		for _, k := range known {
			if tag.SameLanguage(c, k) {
				found = k
				break
			}
		}
	}
	if found == "" {
		found = names[diag.Nearest(given, slices.Collect(maps.Keys(names)))]
	}
	if language, _, ok := strings.Cut(given, "-"); found == "" && ok {
		found = names[language]
	}
	if found == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", found)
}
