package html

import "golang.org/x/net/html"

// longestUnended is the length of the longest name of a character reference
// that needs no semicolon.
const longestUnended = 6

// reference decodes the character reference that s, which begins with "&",
// begins with (HTML standard, 13.2.5.72). n is its length, 0 if there is none.
func reference(s string, attribute bool) (chars string, n int) {
	n = 1
	if n < len(s) && s[n] == '#' {
		n++
		if n < len(s) && s[n]|0x20 == 'x' {
			n++
			for n < len(s) && (s[n]-'0' < 10 || s[n]|0x20-'a' < 6) {
				n++
			}
		} else {
			for n < len(s) && s[n]-'0' < 10 {
				n++
			}
		}
	} else {
		for n < len(s) && n < 40 && (s[n]|0x20-'a' < 26 || s[n]-'0' < 10) {
			n++
		}
		if n == 1 {
			return "", 0
		}
	}
	ended := n < len(s) && s[n] == ';'
	if ended {
		n++
		switch s[1 : n-1] {
		case "amp":
			return "&", n
		case "lt":
			return "<", n
		case "gt":
			return ">", n
		case "quot":
			return `"`, n
		case "nbsp", "#160":
			return "\u00A0", n
		case "#39", "apos":
			return "'", n
		case "mdash":
			return "—", n
		case "ndash":
			return "–", n
		case "hellip":
			return "…", n
		case "lsquo":
			return "‘", n
		case "rsquo":
			return "’", n
		case "ldquo":
			return "“", n
		case "rdquo":
			return "”", n
		case "para":
			return "¶", n
		}
	}
	ref := s[:n]
	out := html.UnescapeString(ref)
	if out == ref {
		return "", 0
	}
	if s[1] == '#' || ended && out[len(out)-1] != ';' { // of a known name nothing is left
		return out, n
	}
	// The standard takes the longest name there is; what is left stands behind.
	// No name that needs no semicolon begins with another.
	for k := 3; k < n && k <= longestUnended+1; k++ {
		if head := html.UnescapeString(ref[:k]); head != ref[:k] && head+ref[k:] == out {
			if attribute {
				return "", 0
			}
			return head, k
		}
	}
	if attribute && !ended && n < len(s) && (s[n] == '=' || s[n]-'0' < 10 || s[n]|0x20-'a' < 26) {
		return "", 0
	}
	return out, n
}
