package pipeline

import (
	"slices"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/site"
)

// dates are when an edition is published and taken away; zero times are never.
type dates struct {
	publish, expire time.Time
	wrong           []diag.Diagnostic // dates that cannot be understood: then nothing is published
}

// datesOf returns the dates of the edition of an article in a locale. Of several dates of
// its publication the latest counts, of its end the earliest, and so do the moments of a
// date that the clocks show twice: it is never published too early, nor too long.
func (p *Project) datesOf(d *bitext.Document, locale string) dates {
	var out dates
	if !p.Config.HasSchedule() {
		return out
	}
	zone := p.Config.Schedule.Zone()
	read := func(name, text string, set func(first, last time.Time)) {
		if text = strings.TrimSpace(text); text == "" {
			return
		}
		first, last, err := site.ParseMoment(text, zone)
		if err != nil {
			out.wrong = append(out.wrong, diag.Diagnostic{
				ID: "schedule.date", Severity: diag.Error, Place: diag.Place{Path: d.Path, Locale: locale},
				Hint: "write 2026-12-01T09:00:00+02:00, or set time_zone in [schedule]; until then nothing is published",
			}.Messagef("%s: %v", diag.Arg("field", name), diag.Arg("error", err)))
			return
		}
		set(first, last)
	}
	publish := func(_, last time.Time) {
		if last.After(out.publish) {
			out.publish = last
		}
	}
	expire := func(first, _ time.Time) {
		if out.expire.IsZero() || first.Before(out.expire) {
			out.expire = first
		}
	}
	for _, suffix := range [...]string{"", ":" + strings.ToLower(locale)} {
		read("publish_at", d.Meta["publish_at"+suffix], publish)
		read("expire_at", d.Meta["expire_at"+suffix], expire)
	}
	if s := p.Config.Schedule; s != nil {
		for i := range s.Articles {
			if a := &s.Articles[i]; a.Covers(d.Path, locale) {
				publishAt, expireAt := a.Dates()
				read("publish_at", publishAt, publish)
				read("expire_at", expireAt, expire)
			}
		}
	}
	return out
}

// keepTime applies the dates of an edition to it. It reports whether the time alone can
// change what becomes of it.
func (e *Edition) keepTime(t dates, now time.Time) (pending bool) {
	switch {
	case len(t.wrong) > 0:
		e.Diagnostics = append(e.Diagnostics, t.wrong...)
		e.Published.Schedule(edition.Reason{Code: edition.ReasonDate})
	case !t.expire.IsZero() && !now.Before(t.expire):
		e.Published.Schedule(edition.Reason{Code: edition.ReasonExpired, Units: []string{t.expire.UTC().Format(time.RFC3339)}})
	case now.Before(t.publish):
		e.Published.Schedule(edition.Reason{Code: edition.ReasonScheduled, Units: []string{t.publish.UTC().Format(time.RFC3339)}})
	}
	return now.Before(t.publish) || now.Before(t.expire)
}

// publishTogether withholds the editions of an article that must be published together
// with others which are not ready. old returns the manifest's entry of an earlier edition.
func (p *Project) publishTogether(article string, prepared map[string]*Edition, targets []string, exists func(locale string) bool, withhold func(*Edition)) {
	if p.Config.Schedule == nil {
		return
	}
	for i := range p.Config.Schedule.Together {
		t := &p.Config.Schedule.Together[i]
		if !t.Covers(article) {
			continue
		}
		var missing []string
		for _, l := range t.Locales {
			ready := exists(l)
			if slices.Contains(targets, l) {
				s := prepared[l].Published.Status
				ready = s != edition.Withheld && s != edition.Outdated
			}
			if !ready {
				missing = append(missing, l)
			}
		}
		if len(missing) == 0 {
			continue
		}
		for _, l := range t.Locales {
			if slices.Contains(targets, l) && !slices.Contains(missing, l) {
				prepared[l].Published.Schedule(edition.Reason{Code: edition.ReasonTogether, Number: len(missing), Units: missing})
				withhold(prepared[l])
			}
		}
	}
}
