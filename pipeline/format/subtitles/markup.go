package subtitles

import "regexp"

// maxTag is the length in bytes up to which a tag is one.
const maxTag = 1000

// tags matches the tags that players read in SRT, and which are no text there. The
// names are those of HTML that players know.
var tags = regexp.MustCompile(`(?i)</?(?:i|b|u|s|em|strong|span|font|ruby|rt|c|v|lang)(?:[ \t.][^<>]*)?>|<\d[\d:.]*>`)

// vttTag matches a tag of WebVTT: its tokenizer takes everything between < and > for
// one (section 6.4).
var vttTag = regexp.MustCompile(`^<[^>]*>`)

// assTag matches an instruction of SSA and ASS files, which many players obey in SRT
// too: {\an8} puts the cue to the top.
var assTag = regexp.MustCompile(`^\{\\[^{}\r\n]*\}`)

// vttTags and assTags match them anywhere.
var (
	vttTags = regexp.MustCompile(`<[^>]*>`)
	assTags = regexp.MustCompile(`\{\\[^{}\r\n]*\}`)
)
