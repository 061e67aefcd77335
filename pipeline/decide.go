package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/quality"
)

// decide checks the translation of an edition and applies the publishing policy to
// it. old is the manifest's entry of an earlier edition, nil if there is none;
// source and sha256 are those of the article.
func (p *Project) decide(e *Edition, fallback *bitext.Translation, old *edition.Article, source *quality.Source, sha256 string) {
	policy := p.Config.PolicyFor(e.Locale)
	e.Published = p.Publish(e.Translation, fallback)
	found := p.check(e.Translation, source)
	e.Diagnostics = append(e.Diagnostics, found...)
	if e.Published.Status == edition.Original {
		if e.pending = e.keepTime(p.datesOf(e.Translation.Document, e.Locale), p.Clock()); e.Published.Status == edition.Original {
			return
		}
		p.conclude(e, old, sha256)
		return
	}
	ids := p.errorsIn(found)
	if policy.PublishErrors {
		ids = dangers(ids, e.Published.Translation)
	}
	if len(ids) > 0 {
		e.Published.WithholdErrors(ids)
	}
	e.pending = e.keepTime(p.datesOf(e.Translation.Document, e.Locale), p.Clock())
	p.conclude(e, old, sha256)
}

// conclude decides whether an earlier page stays, and reports why an edition is not
// published. Of an edition that is withheld afterwards it is called again.
func (p *Project) conclude(e *Edition, old *edition.Article, sha256 string) {
	policy := p.Config.PolicyFor(e.Locale)
	if old != nil {
		e.Published.Keep(old, policy, e.Translation, sha256, p.Clock())
	}
	e.Diagnostics = append(e.Diagnostics, e.report(policy, p.Clock())...)
}

// errorsIn returns the ids of the findings that are errors, one for each: with the
// severities of the configuration, and without what it allows.
func (p *Project) errorsIn(ds []diag.Diagnostic) []string {
	var ids []string
	for _, d := range ds {
		if p.Config.Check.SeverityOf(d, p.Clock()) == diag.Error {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// rawFormats are formats without a way to write an instruction of a template language as
// mere characters.
var rawFormats = []string{"text", "srt", "vtt"}

// instructions begin what page generators run: output and tags of Go, Liquid, Jinja and
// Nunjucks, ERB, EJS and PHP.
var instructions = []string{"{{", "{%", "{#", "<%", "<?php", "<?="}

// dangers returns the ids of errors that withhold a page also where the policy publishes
// errors: what a page generator would run that the source does not have, or a terminal
// obey, in a format that knows no escape for it.
func dangers(ids []string, tr *bitext.Translation) []string {
	if !slices.Contains(rawFormats, tr.Document.Format) {
		return nil
	}
	var out []string
	if slices.Contains(ids, "quality.control") {
		out = append(out, "quality.control")
	}
	if slices.Contains(ids, "quality.template") { // another instruction in place of the source's
		return append(out, "quality.template")
	}
	for i, targets := range tr.Targets {
		var text strings.Builder // of the whole unit: two segments may make one instruction
		for _, t := range targets {
			text.WriteString(t.Text.Chars)
		}
		for _, in := range instructions {
			if n := strings.Count(text.String(), in); n > 0 && n > strings.Count(tr.Document.Units[i].Source.Chars, in) {
				return append(out, "quality.template")
			}
		}
	}
	return out
}

// report returns the diagnostics that say why an edition is not published, or why
// an earlier one is kept.
func (e *Edition) report(policy edition.Policy, now time.Time) []diag.Diagnostic {
	var reasons []string
	for _, r := range e.Published.Reasons {
		reasons = append(reasons, r.String())
	}
	d := diag.Diagnostic{Severity: diag.Warning, Place: diag.Place{Path: e.Translation.Document.Path, Locale: e.Locale}}
	switch pub := &e.Published; pub.Status {
	case edition.Withheld:
		d.ID = "edition.withheld"
		d.Message = "not published: " + strings.Join(reasons, "; ")
	case edition.Outdated:
		d.ID = "edition.outdated"
		d.Message = "the earlier page stays published: " + strings.Join(reasons, "; ")
		if pub.Kept.TooOld(policy, now) {
			d.Severity = diag.Error
			d.Message += fmt.Sprintf("; it is outdated since %s, longer than max_age allows", pub.Kept.Since.Format(time.DateOnly))
		}
	default:
		return nil
	}
	d.Hint = edition.NextStep(e.Published.Status, e.Published.Reasons, e.Translation.Document.Path, e.Locale).String()
	return []diag.Diagnostic{d}
}
