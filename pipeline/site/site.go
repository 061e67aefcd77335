// Package site makes a site of the editions of a project: the address of each page,
// where its links lead, the clusters of pages that are each other's translations, and
// the files that list them: sitemaps, feeds, index pages, redirects. Its functions go
// from values to values; whoever calls them reads and writes the files.
package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"hexapla/pipeline/edition"
)

// Page is what a site knows of one edition that readers have or had. Path is its
// identity, that of the edition below the folder of its locale.
type Page struct {
	Path        string         `json:"path"`
	File        string         `json:"file,omitempty"`   // of the page below the folder of its locale, if it is not Path
	Former      []string       `json:"former,omitempty"` // earlier files, which lead to File; the oldest first
	Source      string         `json:"source"`           // path of the article
	SHA256      string         `json:"sourceSHA256"`     // of the article that the page was made of
	Text        string         `json:"text"`             // a hash of its texts
	Status      edition.Status `json:"status"`
	Title       string         `json:"title"`
	Description string         `json:"description,omitempty"`
	Section     string         `json:"section,omitempty"` // folder of the article
	Authors     []string       `json:"authors,omitempty"`
	Translators []string       `json:"translators,omitempty"`
	Correction  string         `json:"correction,omitempty"` // what the page tells its readers of its correction
	Date        time.Time      `json:"date,omitzero"`        // that the article declares
	First       time.Time      `json:"published"`            // since when readers have an edition in this locale
	Modified    time.Time      `json:"modified"`             // when its texts changed last
	Expires     time.Time      `json:"expires,omitzero"`     // when it is to be taken away
}

// Name returns the path of the page's file below the folder of its locale.
func (p *Page) Name() string {
	if p.File != "" {
		return p.File
	}
	return p.Path
}

// IsListed reports whether readers have the page.
func (p *Page) IsListed() bool { return p.Status.IsPublished() && !p.First.IsZero() }

// Published returns the time that a list of the newest pages goes by: that which the
// article declares, else that since when readers have the edition.
func (p *Page) Published() time.Time {
	if !p.Date.IsZero() {
		return p.Date
	}
	return p.First
}

// Updated returns the later one of Published and Modified.
func (p *Page) Updated() time.Time {
	if d := p.Published(); p.Modified.Before(d) {
		return d
	}
	return p.Modified
}

// isLocal reports whether a path stays below its folder.
func isLocal(name string) bool {
	return name != "" && !path.IsAbs(name) && !strings.ContainsAny(name, "\\\x00") && path.Clean(name) == name &&
		name != ".." && !strings.HasPrefix(name, "../")
}

// ParseBase reports what is wrong with the address of editions, base, with {locale}
// and {path} in it: search engines and feed readers need absolute addresses (RFC
// 3986, 4.3) of a web site.
func ParseBase(base string) error {
	address := edition.Address(base, "en", "a")
	u, err := url.Parse(address)
	var e *url.Error
	switch {
	case errors.As(err, &e):
		return fmt.Errorf("%q is not an address: %w", base, e.Err)
	case err != nil:
		return fmt.Errorf("%q is not an address: %w", base, err)
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%q must begin with https:// or http://", base)
	case u.Host == "" || strings.ContainsAny(u.Host, " {}<>\"'\\^`|"):
		return fmt.Errorf("%q has no valid host", base)
	case u.User != nil:
		return fmt.Errorf("%q has a user name in it, which readers must not see", base)
	case u.Fragment != "":
		return fmt.Errorf("%q has a fragment (#), which is no part of a page's address", base)
	case strings.ContainsAny(base, " \t\r\n"):
		return fmt.Errorf("%q has a space in it", base)
	}
	return nil
}

// ASCIIBase returns the address of editions as RFC 3986 has it, in ASCII: sitemaps and JSON
// Feed have no other ones. A host is written in Punycode (IDNA), other characters with
// escapes. What cannot be a host stays as it is.
func ASCIIBase(base string) string {
	if !strings.ContainsFunc(base, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return base
	}
	scheme, rest, ok := strings.Cut(base, "://")
	if !ok {
		return base
	}
	host, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, tail = rest[:i], rest[i:]
	}
	name, port, hasPort := strings.Cut(host, ":")
	labels := strings.Split(name, ".")
	for i, l := range labels {
		if ascii, err := idna.Lookup.ToASCII(l); err == nil && !strings.Contains(l, "{") {
			labels[i] = ascii
		}
	}
	if host = strings.Join(labels, "."); hasPort {
		host += ":" + port
	}
	var b strings.Builder
	for i := range len(tail) {
		if c := tail[i]; c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return scheme + "://" + host + b.String()
}

// Root returns the address of the folder above those of all locales, with a slash at
// its end; it is empty if there is none, as when each locale has a host of its own.
func Root(base string) string {
	at := strings.IndexByte(base, '{')
	if at < 0 {
		return ""
	}
	root := base[:strings.LastIndexByte(base[:at], '/')+1]
	if strings.HasSuffix(root, "://") {
		return ""
	}
	return root
}

// Section returns the section of an article by the path of its edition: its first
// folder, empty for none.
func Section(p string) string {
	section, _, ok := strings.Cut(p, "/")
	if !ok {
		return ""
	}
	return section
}

// ParseDate reads a date as articles declare it (RFC 3339, or a part of it: a day, or
// a day and a time). zone is that of dates without one; with nil they are of UTC. ok
// is false for any other text.
func ParseDate(text string, zone *time.Location) (t time.Time, ok bool) {
	t, _, _, ok = parseMoment(text, cmp.Or(zone, time.UTC))
	return t, ok
}

// ParseMoment reads a date at which something is to happen, in the forms of ParseDate.
// zone is that of dates without one; with nil such a date is an error, because nobody can
// tell when it is. Where the clocks of the zone are set back such a date is two moments, and
// where they are set forward it may be none: first and last are those by the time of before
// and after then, else they are equal.
func ParseMoment(text string, zone *time.Location) (first, last time.Time, err error) {
	first, last, zoned, ok := parseMoment(text, cmp.Or(zone, time.UTC))
	switch {
	case !ok:
		return first, last, fmt.Errorf("%q is not a date such as 2026-12-01T09:00:00+02:00", strings.TrimSpace(text[:min(len(text), 60)]))
	case !zoned && zone == nil:
		return first, last, fmt.Errorf("%q has no time zone", strings.TrimSpace(text))
	}
	return first, last, nil
}

// moments returns the first and the last moment at which the clocks of a zone show the time
// that t is in UTC. If they never do, these are the moments by the time of before and after
// the change that leaves it out.
func moments(t time.Time, zone *time.Location) (first, last time.Time) {
	var all, shown []time.Time
	for _, near := range [...]time.Duration{-25 * time.Hour, 25 * time.Hour} { // no zone is farther from UTC than 14 hours
		_, offset := t.Add(near).In(zone).Zone()
		m := t.Add(-time.Duration(offset) * time.Second)
		all = append(all, m)
		if l := m.In(zone); l.Hour() == t.Hour() && l.Minute() == t.Minute() && l.Second() == t.Second() && l.Day() == t.Day() {
			shown = append(shown, m)
		}
	}
	if len(shown) > 0 {
		all = shown
	}
	return slices.MinFunc(all, time.Time.Compare), slices.MaxFunc(all, time.Time.Compare)
}

// parseMoment is ParseMoment that also reports whether the text has a zone of its own.
func parseMoment(text string, zone *time.Location) (first, last time.Time, zoned, ok bool) {
	text = strings.TrimSpace(text)
	if len(text) > 40 {
		return first, last, false, false
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04 Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			t = t.UTC().Truncate(time.Second)
			return t, t, true, true
		}
	}
	for _, layout := range [...]string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			first, last = moments(t.Truncate(time.Second), zone)
			return first, last, false, true
		}
	}
	return first, last, false, false
}
