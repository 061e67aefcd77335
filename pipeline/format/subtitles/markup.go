package subtitles

import "hexapla/pipeline/lazy"

// maxTag is the length in bytes up to which a tag is one.
const maxTag = 1000

// tags matches the tags that players read in SRT, and which are no text there. The
// names are those of HTML that players know.
var tags = lazy.Regexp(`(?i)</?(?:i|b|u|s|em|strong|span|font|ruby|rt|c|v|lang)(?:[ \t.][^<>]*)?>|<\d[\d:.]*>`)

// vttTag matches a tag of WebVTT: its tokenizer takes everything between < and > for
// one (section 6.4).
var vttTag = lazy.Regexp(`^<[^>]*>`)

// assTag matches an instruction of SSA and ASS files, which many players obey in SRT
// too: {\an8} puts the cue to the top.
var assTag = lazy.Regexp(`^\{\\[^{}\r\n]*\}`)

// vttTags and assTags match them anywhere.
var (
	vttTags = lazy.Regexp(`<[^>]*>`)
	assTags = lazy.Regexp(`\{\\[^{}\r\n]*\}`)
)
