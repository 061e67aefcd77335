package markdown

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mayBeginAddress reports whether what follows before could be a link by its look
// alone (GFM 6.9): after white space and some marks, or after a code.
func mayBeginAddress(before []byte) bool {
	r, _ := utf8.DecodeLastRune(before)
	return len(before) == 0 || isWhite(r) || strings.ContainsRune("*_~(<>])`\"'", r)
}

func isAddress(r rune) bool {
	return r < utf8.RuneSelf && (isAlpha(byte(r)) || r >= '0' && r <= '9' || strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r))
}

// mayBeDomain reports whether what begins at byte k of piece i may be the domain of an
// address of e-mail that is a link by its look (GFM 6.9): letters of ASCII with a stop
// between them, or what a code may go on.
func (w *writer) mayBeDomain(i, k int) bool {
	s := w.upcoming(i, k)
	n := prefixOf([]byte(s), isNameByte)
	dot := strings.IndexByte(s[:n], '.')
	return dot >= 0 && dot+1 < n || k+n >= len(w.pieces[i].text)
}

// endsAddress reports whether kept characters could go on an address that begins in
// characters of ours, right before them.
func (w *writer) endsAddress(t string) bool {
	if w.last.seg < 0 || len(w.tail) == 0 || isWhite(w.before()) {
		return false
	}
	word := t[:wordEnd(t)]
	return strings.Contains(word, "@") || strings.HasPrefix(word, ":") || strings.HasPrefix(word, ".") && bytes.HasSuffix(w.tail, []byte("www"))
}

// isQuoted reports whether the source has the same address in quotation marks, too, as
// the one whose first bytes were written and that goes on with rest. Whether it is a link
// there depends on the renderer, and nothing may change that.
func (w *writer) isQuoted(rest string) bool {
	tail := w.tail[max(0, len(w.tail)-maxLook):]
	at := bytes.LastIndexFunc(tail, isQuotationMark)
	if at < 0 {
		return false
	}
	_, n := utf8.DecodeRune(tail[at:])
	if w.quoted == nil {
		w.quoted = quotedWords(w.doc.Skeleton.Data[w.span.Start:w.span.End])
	}
	return w.quoted[string(tail[at+n:])+rest[:wordEnd(rest)]]
}

// quotedWords returns the words of source that begin behind a quotation mark, each up to
// the next mark or white space.
func quotedWords(source []byte) map[string]bool {
	out := map[string]bool{}
	for at := 0; ; {
		n := bytes.IndexFunc(source[at:], isQuotationMark)
		if n < 0 {
			return out
		}
		_, size := utf8.DecodeRune(source[at+n:])
		at += n + size
		word := string(source[at : at+wordEnd(string(source[at:min(len(source), at+2*maxLook)]))])
		out[word] = true
	}
}

func wordEnd(s string) int {
	s = s[:min(len(s), maxLook)]
	if n := strings.IndexFunc(s, func(r rune) bool { return isWhite(r) || isQuotationMark(r) || r == '<' || r == '>' }); n >= 0 {
		return n
	}
	return len(s)
}

func isQuotationMark(r rune) bool {
	return r == '"' || r == '\'' || unicode.Is(unicode.Quotation_Mark, r)
}
