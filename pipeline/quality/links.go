package quality

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

var (
	maskedSigns = newCharSet(".@%{$<~") // those of addresses and placeholders
	markupSigns = newCharSet("<&]*\\")  // those of markup
)

// blankTag stands for each byte of a tag in masked text: it is no part of a word.
const blankTag = '\x1f'

// mask blanks out addresses and placeholders with underscores, byte for byte,
// and lists them. Tags that stand in the text, as they do in PO files of
// documentation, it blanks out with blankTag.
func mask(text string) (masked string, links, vars []string) {
	if !maskedSigns.in(text) {
		return text, nil, nil
	}
	b := []byte(nil)
	blank := func(from, to int) {
		if b == nil {
			b = []byte(text)
		}
		for i := from; i < to; i++ {
			b[i] = '_'
		}
	}
	if strings.ContainsAny(text, ".@") {
		for _, at := range findLinks(text) {
			links = append(links, text[at[0]:at[1]])
			blank(at[0], at[1])
		}
	}
	if strings.ContainsAny(text, "%{$~") {
		rest := text
		if b != nil {
			rest = string(b)
		}
		for _, at := range variable().FindAllStringIndex(rest, -1) {
			// "20%d" is no directive: it is a percentage with its sign, as in "40 %-i".
			if rest[at[0]] == '%' && at[0] > 0 {
				if r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(rest[:at[0]], " \u00a0\u202f")); unicode.IsDigit(r) {
					continue
				}
			}
			vars = append(vars, rest[at[0]:at[1]])
			blank(at[0], at[1])
		}
	}
	for i := strings.IndexByte(text, '<'); i >= 0 && i < len(text); {
		if n := tagLength(text[i:]); n > 0 {
			blank(i, i+n)
			for k := i; k < i+n; k++ {
				b[k] = blankTag
			}
			i += n
		} else {
			i++
		}
		next := strings.IndexByte(text[i:], '<')
		if next < 0 {
			break
		}
		i += next
	}
	if b == nil {
		return text, nil, nil
	}
	return string(b), links, vars
}

// longestTag is the length in bytes of the longest tag that is read as one.
const longestTag = 2000

// tagLength returns the length of the tag of XML or HTML that a text begins with, 0 if it
// begins with none: </b>, <br/>, <a href="…">. What has no attributes is one in lower case
// only, or with a point or colon in it: <URL> and <Name> are for people to replace.
func tagLength(text string) int {
	if len(text) < 3 || text[1] < '/' || text[1] > 'z' {
		return 0
	}
	end := strings.IndexByte(text[:min(len(text), longestTag)], '>')
	if end < 2 {
		return 0
	}
	inside := strings.TrimSuffix(strings.TrimPrefix(text[1:end], "/"), "/")
	name, attributes, _ := strings.Cut(inside, " ")
	if name == "" || strings.IndexByte(inside, '<') >= 0 || attributes != "" && !strings.Contains(attributes, "=") {
		return 0
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c == '_' && i == 0, c == ':' && i > 0:
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.'):
		default:
			return 0
		}
	}
	return end + 1
}

// variable is what programs replace: printf directives, {name}, {{.Name}},
// ${name}, %NAME%, ~a of Lisp.
var variable = lazy.Regexp(`\{\{[^{}]*\}\}|\$\{[^{}]+\}|\{[A-Za-z0-9_.]*\}|%\([A-Za-z0-9_]+\)[a-z]|%(?:\d+\$)?[-+#0I]*\d*(?:\.\d+)?[sdifgexXocqvT@]\b|%[A-Z][A-Z_]+%|~[asd]\b`)

// topLevel are the domains by which an address without a scheme is known.
var topLevel = []string{
	"com", "org", "net", "info", "gov", "edu", "int", "eu", "io", "tv", "me", "am", "az", "ba", "bg", "by", "ge", "hu", "ir", "kg", "kz", "md", "mk",
	"al", "ro", "rs", "ru", "su", "tj", "tm", "ua", "uz", "uk", "us", "de", "fr", "es", "it", "pl", "cz", "ch", "at", "af", "pk", "tr", "example", "test", "news", "media", "рф", "укр", "бел", "қаз", "срб",
}

// findLinks gives the places of URLs, e-mail addresses, bare domains and handles. Each
// has a point, a colon or an @, see isLink.
func findLinks(text string) [][2]int {
	var out [][2]int
	for i, mark := 0, 0; mark < len(text); mark++ {
		switch text[mark] {
		case '.', ':':
			// Nothing but the end of a sentence.
			if mark+1 == len(text) || text[mark+1] == ' ' {
				continue
			}
		case '@':
		default:
			continue
		}
		start, end := mark, mark+1
		for start > i {
			r, size := utf8.DecodeLastRuneInString(text[i:start])
			if !linkRune(r) {
				break
			}
			start -= size
		}
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !linkRune(r) {
				break
			}
			end += size
		}
		from, to := trimLink(text, start, end)
		if rest := withoutPrefixOf(text[from:to]); len(rest) < to-from {
			from, to = trimLink(text, to-len(rest), to)
		}
		to = from + len(withoutEnding(text[from:to]))
		if from < to && isLink(text[from:to]) {
			out = append(out, [2]int{from, to})
		}
		i, mark = end, end
	}
	return out
}

// linkRune keeps to what stands in addresses; letters of any script do (IDN).
func linkRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r != 0x7f && strings.IndexByte(`"<>\^|{}`+"`", byte(r)) < 0
	}
	return r > 0xbf && r < 0x2e80 && !unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

// trimLink takes off the punctuation of the sentence around an address.
func trimLink(text string, from, to int) (int, int) {
	for from < to && (strings.IndexByte("('[*_,;:!?.", text[from]) >= 0 || text[from] == '/' && strings.HasPrefix(text[from+1:to], "http")) {
		from++
	}
	for from < to {
		c := text[to-1]
		if strings.IndexByte(".,;:!?'*_", c) < 0 {
			if c != ')' && c != ']' {
				break
			}
			open := byte('(')
			if c == ']' {
				open = '['
			}
			if strings.Count(text[from:to], string(open)) >= strings.Count(text[from:to], string(c)) {
				break // the bracket is the address's own
			}
		}
		to--
	}
	return from, to
}

// withoutPrefixOf returns an address without what is written close before it: a
// preposition in another script with a hyphen (ב-weather.com), or a word with a colon
// (GitHub:https://example.org).
func withoutPrefixOf(s string) string {
	if i := strings.Index(s, "://"); i > 0 {
		for _, scheme := range [...]string{"http", "https", "ftp"} {
			if head, ok := strings.CutSuffix(s[:i], scheme); ok && head != "" && !strings.ContainsAny(head, "/.") {
				if last := head[len(head)-1]; last == ':' || last == '(' || last == '-' {
					return s[len(head):]
				}
			}
		}
	}
	if head, rest, ok := strings.Cut(s, "-"); ok && rest != "" && rest[0] < utf8.RuneSelf && foreignLetters(head) {
		return rest
	}
	return s
}

// foreignLetters reports whether a text is of letters outside ASCII and nothing else.
func foreignLetters(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsMark(r)
	})
}

// withoutEnding returns a bare domain, an e-mail address or a handle without the ending of
// case that stands behind it: weather.com-ը, weather.com'un, @desk-ге.
func withoutEnding(s string) string {
	if strings.Contains(s, "/") { // a path has hyphens of its own
		if i := strings.LastIndexByte(s, '-'); i > 0 && foreignLetters(s[i+1:]) && !strings.ContainsFunc(s[:i], func(r rune) bool { return r >= utf8.RuneSelf }) {
			return s[:i]
		}
		return s
	}
	i := strings.LastIndexAny(s, "-'’ʻʼ‑֊")
	if i < 2 {
		return s
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	head, tail := s[:i], s[i+size:]
	if strings.ContainsFunc(tail, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) || utf8.RuneCountInString(tail) > 30 || !isLink(head) {
		return s
	}
	if dot := strings.LastIndexByte(head, '.'); head[0] != '@' && (dot < 0 || !slices.Contains(topLevel, strings.ToLower(head[dot+1:]))) {
		return s
	}
	return head
}

func isLink(s string) bool {
	l := strings.ToLower(s)
	for _, p := range []string{"http://", "https://", "ftp://", "mailto:", "tel:", "www."} {
		if strings.HasPrefix(l, p) && len(l) > len(p) {
			return true
		}
	}
	if name, host, ok := strings.Cut(s, "@"); ok {
		if name == "" { // a handle
			return len(host) > 1 && isName(host)
		}
		return strings.Contains(host, ".") && len(host) > 3 && !strings.Contains(host, "@")
	}
	host, _, _ := strings.Cut(s, "/")
	if l = strings.ToLower(host); len(l) != len(host) { // letters that grow, such as Ⱥ: the places in them differ
		return false
	}
	host = l
	dot := strings.LastIndexByte(host, '.')
	if dot < 1 || !slices.Contains(topLevel, host[dot+1:]) || strings.Contains(host, "..") {
		return false
	}
	if end := s[dot+1 : len(host)]; end[0] < 'a' && end[1] >= 'a' { // "this.It": a space is missing
		return false
	}
	// "U.S.in" and "т.me": a domain's labels are longer, or it has a path.
	capital := s[1:dot] == l[1:dot] && strings.IndexByte(host, '.') == dot && len(host) >= dot+4 && slices.Contains(topLevel[:6], host[dot+1:])
	return dot >= 3 && (s[:dot] == l[:dot] || capital) && !strings.ContainsAny(host, "'(),:;!?")
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}

// hostKey returns an address as it is compared: hosts and e-mail addresses have no
// case, paths have.
func hostKey(s string) string {
	scheme := ""
	if i := strings.Index(s, "://"); i >= 0 {
		scheme, s = s[:i+3], s[i+3:]
	}
	host, path, found := strings.Cut(s, "/")
	if found {
		path = strings.TrimSuffix("/"+path, "/")
	}
	if strings.HasPrefix(host, "@") {
		return scheme + s
	}
	return strings.ToLower(scheme+host) + path
}

// difference lists what a has more often than b, as key compares them.
func difference(a, b []string, key func(string) string) []string {
	if len(a) == 0 {
		return nil
	}
	n := map[string]int{}
	for _, s := range b {
		n[key(s)]++
	}
	var out []string
	for _, s := range a {
		k := key(s)
		if n[k]--; n[k] < 0 {
			out = append(out, s)
		}
	}
	return out
}

func links(s *segment, r *report) {
	if len(s.srcLinks)+len(s.tgtLinks) == 0 {
		return
	}
	spelled := sync.OnceValue(func() bool { return dotCom(s.tgt) })
	wide := sync.OnceValue(func() bool { return strings.Contains(s.tgt, "＠") })
	lost, added := difference(s.srcLinks, s.tgtLinks, hostKey), difference(s.tgtLinks, s.srcLinks, hostKey)
	if len(lost)+len(added) == 0 {
		return
	}
	given, there := map[string]bool{}, map[string]bool{} // the links of the source and of the target
	for _, l := range s.srcLinks {
		given[l] = true
	}
	for _, l := range s.tgtLinks {
		there[l] = true
	}
	for i, l := range lost {
		switch {
		case l[0] == '@' && wide() && len(s.tgt) < 10_000 && strings.Contains(s.tgt, "＠"+l[1:]): // as wide as the letters around it
		case i < len(added) && l[0] == '@' && strings.EqualFold(l, added[i]): // networks ignore the case
			r.addFindingWithSeverity(diag.Info, "copy it from the source", "%s has become %s", diag.Arg("locale", l), diag.Arg("added", added[i]))
		case i < len(added) && (isExample(l) || isLocalized(l, added[i], s.to.lang)):
			r.addFindingWithSeverity(diag.Info, "copy it from the source", "%s has become %s", diag.Arg("locale", l), diag.Arg("added", added[i]))
		case i < len(added) && otherHost(l, added[i]):
			r.addFindingWithSeverity(diag.Warning, "copy it from the source", "%s has become %s", diag.Arg("locale", l), diag.Arg("added", added[i]))
		case i < len(added):
			r.addFinding("copy it from the source", "%s has become %s", diag.Arg("locale", l), diag.Arg("added", added[i]))
		case there[l]: // less often
		case isExample(l):
			r.addFindingWithSeverity(diag.Info, "copy it from the source", "%s is missing", diag.Arg("locale", l))
		case s.to.written != latin && isDomain(l): // a name in running text, which may be written in the script of the language
			if !spelled() {
				r.addFindingWithSeverity(diag.Warning, "copy it from the source", "%s is missing", diag.Arg("locale", l))
			}
		default:
			r.addFinding("copy it from the source", "%s is missing", diag.Arg("locale", l))
		}
	}
	for _, l := range added[min(len(lost), len(added)):] {
		if !given[l] {
			r.addFinding("", "%s is not in the source", diag.Arg("locale", l))
		}
	}
}

// isLocalized reports whether two addresses are the same but for parts that are tags of
// languages: en.example.org and de.example.org, /en-US/ and /de/, or /docs and /de/docs
// for readers of German. Any two or three letters may have stood for the other language
// or country, none but its tag stands for that of the readers: bbc.com is not cnn.com.
func isLocalized(a, b, to string) bool {
	cut := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(withoutScheme(s)), func(r rune) bool { return r == '/' || r == '.' })
	}
	x, y := cut(a), cut(b)
	if len(y) == len(x)+1 {
		if i := slices.Index(y, to); i > 0 {
			y = slices.Delete(y, i, i+1)
		}
	}
	return len(x) == len(y) && slices.EqualFunc(x, y, func(p, q string) bool {
		return p == q || isTagLike(p) && isTagLike(q) && tag.Language(strings.ReplaceAll(q, "_", "-")) == to
	})
}

// isTagLike reports whether a part of an address has the form of a tag: de, en-us, zh_tw.
func isTagLike(s string) bool {
	lang, region, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	return len(lang) >= 2 && len(lang) <= 3 && len(region) <= 4 && !strings.ContainsFunc(lang+region, func(r rune) bool { return r < 'a' || r > 'z' })
}

// withoutScheme returns an address without http:// or the like.
func withoutScheme(s string) string {
	if i := strings.Index(s, "://"); i >= 0 {
		return s[i+3:]
	}
	return s
}

// hostOf returns the host of an address in lower case.
func hostOf(s string) string {
	s, _, _ = strings.Cut(withoutScheme(s), "/")
	return strings.ToLower(s)
}

// isExample reports whether an address is of one of the hosts that examples have (RFC
// 2606), which languages have words for.
func isExample(s string) bool {
	host := hostOf(s)
	host = host[strings.LastIndexByte(host, '@')+1:]
	return strings.HasSuffix("."+host, ".example.com")
}

// otherHost reports whether two addresses name hosts that no slip of the hand makes of each
// other: a translator chose another page, or that of another language.
func otherHost(a, b string) bool {
	x, y := hostOf(a), hostOf(b)
	if x == y {
		return false
	}
	p, restX, _ := strings.Cut(x, ".")
	q, restY, _ := strings.Cut(y, ".")
	if restX == restY && strings.Contains(restX, ".") && isTagLike(p) && isTagLike(q) {
		return true
	}
	start := 0
	for start < len(x) && start < len(y) && x[start] == y[start] {
		start++
	}
	end := 0
	for end < len(x)-start && end < len(y)-start && x[len(x)-1-end] == y[len(y)-1-end] {
		end++
	}
	return max(len(x), len(y))-start-end > 3
}

// isDomain reports whether an address is a domain and nothing else: weather.com.
func isDomain(s string) bool {
	return !strings.ContainsAny(s, "/@:") && !strings.HasPrefix(strings.ToLower(s), "www.")
}

// dotCom reports whether a text has ".com" as it sounds in a script that is not Latin.
func dotCom(text string) bool {
	for _, w := range [...]string{"ডটকম", "ডট কম", ".কম", "டாட்காம்", "டாட் காம்", ".காம்", "डॉट कॉम", "डॉटकॉम", ".कॉम", "ڈاٹ کام", "دات کام", "دات\u200cکام", "دوت كوم", "دوت كم", "ดอตคอม", "ดอทคอม", "닷컴", "ドットコム", "דוט קום", "точка ком", "дот ком", "дотком", ".ком", "крапка ком"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func identity(s string) string { return s }

// numbered matches a directive that names its argument: %2$s.
var numbered = lazy.Regexp(`^%(\d+)\$(.*)$`)

// unnumbered returns the directives of a target as they are in a source whose directives
// name no arguments: %2$s is the second one there. A directive that is not of the source
// stays.
func unnumbered(source, target []string) []string {
	for i, v := range target {
		if strings.HasPrefix(v, "%I") && !slices.Contains(source, v) { // the digits of the locale, in glibc
			target[i] = "%" + v[2:]
		}
	}
	if slices.ContainsFunc(source, numbered().MatchString) || !slices.ContainsFunc(target, numbered().MatchString) {
		return target
	}
	out := slices.Clone(target)
	for i, v := range out {
		if m := numbered().FindStringSubmatch(v); m != nil {
			if n, err := strconv.Atoi(m[1]); err == nil && n >= 1 && n <= len(source) && source[n-1] == "%"+m[2] {
				out[i] = source[n-1]
			}
		}
	}
	return out
}

func placeholders(s *segment, r *report) {
	targetVars := unnumbered(s.srcVars, s.tgtVars)
	for _, v := range difference(s.srcVars, targetVars, identity) {
		if s.id == "0" && s.pluralHas(v) { // the form for 1 may name no number
			continue
		}
		r.addFinding("copy it from the source", "the placeholder %s is missing", diag.Arg("placeholder", v))
	}
	for _, v := range difference(targetVars, s.srcVars, identity) {
		if s.pluralHas(v) {
			continue
		}
		r.addFinding("delete it", "the placeholder %s is not in the source", diag.Arg("placeholder", v))
	}
}

// pluralHas reports whether another form of a message that has forms for numbers, whose
// segments are named by numbers, has a placeholder: languages use the first form for more
// than 1.
func (s *segment) pluralHas(variable string) bool {
	if len(s.unit.Segments) < 2 || strings.Trim(s.id, "0123456789") != "" {
		return false
	}
	return slices.ContainsFunc(s.unit.Segments, func(o bitext.Segment) bool { return strings.Contains(o.Source.Chars, variable) })
}

// templateLike matches what Liquid, Jinja, Nunjucks, ERB, EJS and PHP run. What
// stands in {{ }} is a placeholder.
var templateLike = lazy.Regexp(`\{%[^%]*%\}|\{#[^#]*#\}|<%[^%]*%>|<\?(?:php|=)`)

// template reports instructions that a page generator would run. Only the source has
// the right to have them.
func template(s *segment, r *report) {
	if !strings.ContainsAny(s.tgt, "{<") {
		return
	}
	for _, m := range templateLike().FindAllString(s.tgt, -1) {
		if !strings.Contains(s.src, m) {
			r.addFinding("delete it", "the template instruction %s is not in the source", diag.Arg("text", diag.Excerpt(m)))
		}
	}
}

var markupLike = lazy.Regexp(`</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});|\]\(|\*\*|<!--|\\n`)

func markupText(s *segment, r *report) {
	src, tgt := s.source.Chars, s.target.Text.Chars // tags are masked
	if !markupSigns.in(tgt) {
		return
	}
	found := markupLike().FindAllString(tgt, -1)
	// As many as in the source are the source's own, <path> become <chemin>.
	if len(found) == 0 || len(found) <= len(markupLike().FindAllString(src, -1)) {
		return
	}
	for _, m := range found {
		if !strings.Contains(src, m) {
			r.addFinding("delete it, or make it an inline code", "%s stands in the text as characters", diag.Arg("text", diag.Excerpt(m)))
			return
		}
	}
}
