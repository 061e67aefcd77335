package subtitles

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "subtitles.header", Severity: diag.Error, Description: "a WebVTT file that does not begin with WEBVTT"},
		{ID: "subtitles.line", Severity: diag.Warning, Issue: "length", Description: "a line of a translated cue that is longer than the locale allows"},
		{ID: "subtitles.lines", Severity: diag.Warning, Issue: "length", Description: "a translated cue with more lines than the locale allows"},
		{ID: "subtitles.speed", Severity: diag.Warning, Issue: "length", Description: "a translated cue with more characters per second than can be read"},
		{ID: "subtitles.text", Severity: diag.Warning, Description: "text that is in no cue; it is not translated"},
		{ID: "subtitles.timing", Severity: diag.Warning, Description: "a cue whose times cannot be read or whose end is not after its beginning"},
		{ID: "subtitles.unmappable", Severity: diag.Error, Issue: "characters", Description: "an edition that its encoding cannot hold; it is written as UTF-8"},
	}
}
