package libretranslate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/tag"
	"hexapla/pipeline/lazy"
)

// amend undoes what LibreTranslate does to the punctuation and the case of a translation
// (improve_translation_formatting in its libretranslate/locales and app; texts in HTML
// are spared by the server's current release, not by those before it):
//
//   - a question mark is added to «؟», or put in its place;
//   - the full stop at the end is dropped;
//   - Georgian words that begin a sentence get Mtavruli letters, which Georgian has for
//     whole words only (Unicode Standard, section 7.7);
//   - entities come back unescaped.
//
// source and answer are HTML.
func amend(source, answer, target string) string {
	answer = escapeAgain(source, answer)
	lang := tag.Language(target)
	if lang == "ka" && !isCapitals(source) {
		answer = strings.Map(mkhedruli, answer)
	}
	body, trail := cutTags(answer)
	last, n := utf8.DecodeLastRuneInString(body)
	switch sourceBody, sourceTrail := cutTags(source); {
	case last == '?' && arabicQuestionMark[lang]:
		body = strings.TrimRightFunc(body[:len(body)-n], unicode.IsSpace)
		body = strings.TrimSuffix(body, "؟") + "؟"
	case strings.HasSuffix(sourceBody, ".") && !strings.HasSuffix(sourceBody, "..") && (unicode.IsLetter(last) || unicode.IsDigit(last) || unicode.IsMark(last)):
		stop := "."
		if s, ok := fullStop[lang]; ok {
			stop = s
		}
		if sourceTrail == "" { // behind the tags there, too
			return body + trail + stop
		}
		body += stop
	}
	return body + trail
}

// arabicQuestionMark has the languages that write «؟» (CLDR, exemplar characters for
// punctuation).
var arabicQuestionMark = map[string]bool{"ar": true, "fa": true, "ur": true, "ps": true, "ckb": true, "sd": true, "ug": true, "pnb": true, "azb": true}

// fullStop has the full stops that are not ".".
var fullStop = map[string]string{"zh": "。", "ja": "。", "hi": "।", "bn": "।", "hy": "։", "am": "።", "ur": "۔", "th": "", "lo": ""}

// cutTags cuts the tags and the white space at the end off.
func cutTags(s string) (body, trail string) {
	at := len(s)
	for {
		rest := strings.TrimRightFunc(s[:at], unicode.IsSpace)
		if !strings.HasSuffix(rest, ">") {
			return rest, s[len(rest):]
		}
		open := strings.LastIndexByte(rest, '<')
		if open < 0 {
			return rest, s[len(rest):]
		}
		at = open
	}
}

// mkhedruli returns the letter of Georgian's usual alphabet for a capital.
func mkhedruli(r rune) rune {
	if r >= 0x1C90 && r <= 0x1CBF {
		return unicode.ToLower(r)
	}
	return r
}

var anyTag = lazy.Regexp(`<[^>]*>|&[#\w]+;`)

// isCapitals reports whether a text has capitals, and no small letters.
func isCapitals(html string) bool {
	s := anyTag().ReplaceAllString(html, "")
	return strings.ContainsFunc(s, unicode.IsUpper) && !strings.ContainsFunc(s, unicode.IsLower)
}

// ours matches the tags of hook.HTML.
var ours = lazy.Regexp(`^<(?:/span>|(?:span|img|br) id="[0-9]+")`)

// escapeAgain escapes each < that is none of our tags, where the source has one that is
// text.
func escapeAgain(source, answer string) string {
	if !strings.Contains(source, "&lt;") || !strings.Contains(answer, "<") {
		return answer
	}
	var b strings.Builder
	for i := range len(answer) {
		if answer[i] == '<' && !ours().MatchString(answer[i:min(len(answer), i+24)]) {
			b.WriteString("&lt;")
		} else {
			b.WriteByte(answer[i])
		}
	}
	return b.String()
}
