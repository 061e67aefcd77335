package usage

import (
	"path"
	"slices"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// scriptExtensions are the names' ends of JavaScript, TypeScript and of what has
// them inside.
var scriptExtensions = []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro"}

func isScript(name string) bool { return slices.Contains(scriptExtensions, path.Ext(name)) }

// Calls of JavaScript that take a message id, and attributes and properties that are
// one, as i18next, vue-i18n, svelte-i18n and FormatJS have them. The group before the
// last is the quotation mark.
const (
	scriptFunctions  = `(?:^|[^\w$.]|\b(?:i18n|i18next|intl|this|props|globalThis|window)\.|\.global\.)\$?(?:t|tc|te|translate|i18n|_t)\(\s*`
	scriptAttributes = `\b(?:i18nKey|data-i18n|v-t)=\{?\s*|<FormattedMessage\s[^>]*?\bid=\{?\s*`
	scriptMessages   = `\b(?:formatMessage|defineMessage)\(\s*\{\s*id:\s*`
)

var (
	scriptUse = lazy.Regexp(`(?m)(?:` + scriptFunctions + `|` + scriptAttributes + `|` + scriptMessages + `)(["'` + "`" + `])((?:[^"'` + "`" + `\\\n]|\\.)*)`)

	// scriptText is any text that a script has; a template literal may be of several
	// parts. The quotation mark that ends it is not looked at: what is between the end
	// of one text and the beginning of the next is no id either.
	scriptText = lazy.Regexp(`["'` + "`" + `]((?:[^"'` + "`" + `\\\n]|\\.){1,200})`)

	// scriptHole is what a program fills in.
	scriptHole = lazy.Regexp(`\$\{[^}]*\}?`)

	// scriptVariable is a call whose id is a variable.
	scriptVariable = lazy.Regexp(`(?m)` + scriptFunctions + `[\w$.\[\]?]+\s*[,)]`)
)

// script finds the uses of a JavaScript file, or of one that has JavaScript inside.
// It reads no grammar: calls are known by their look, and every text that is the id
// of a message may be a use, for scripts keep ids in tables.
func (u *Usage) script(name string, data []byte) {
	lines := diag.NewLines(data)
	at := func(offset int) diag.Place {
		line, column := lines.At(offset)
		return diag.Place{Path: name, Line: line, Column: column}
	}
	for _, m := range scriptUse().FindAllSubmatchIndex(data, -1) {
		id, end := string(data[m[4]:m[5]]), m[5]
		if end < len(data) && data[end] == data[m[2]] {
			end++
		}
		behind := strings.TrimLeft(string(data[end:min(len(data), end+maxGap)]), " \t\r\n")
		joined := strings.HasPrefix(behind, "+")
		holes := data[m[2]] == '`' && strings.Contains(id, "${")
		switch {
		case id == "" || strings.Contains(id, `\`):
		case holes:
			u.addParts(id, at(m[4]))
		case joined:
			u.Dynamic = append(u.Dynamic, Dynamic{Place: at(m[4]), Prefix: id})
		case hasDefault(behind):
			u.Maybe[id] = true // it need not be in the catalog
		default:
			place := at(m[4])
			place.Unit = id
			u.Script[id] = append(u.Script[id], place)
		}
	}
	for _, m := range scriptText().FindAllSubmatchIndex(data, -1) {
		text := string(data[m[2]:m[3]])
		if strings.ContainsAny(text, " \t\\") && !strings.Contains(text, "${") {
			continue
		}
		if strings.Contains(text, "${") {
			if data[m[0]] == '`' && strings.ContainsAny(scriptHole().ReplaceAllString(text, ""), "._") {
				u.addParts(text, at(m[2]))
			}
			continue
		}
		u.Maybe[text] = true
	}
	if m := scriptVariable().FindIndex(data); m != nil {
		u.Dynamic = append(u.Dynamic, Dynamic{Place: at(m[0]), fromTexts: true})
	}
}

// hasDefault reports whether a call goes on with a text that is shown where the message
// is missing: t("id", "Text").
func hasDefault(behind string) bool {
	rest, found := strings.CutPrefix(behind, ",")
	rest = strings.TrimLeft(rest, " \t\r\n")
	return found && rest != "" && strings.IndexByte("\"'`", rest[0]) >= 0
}

// maxGap is how far behind a text a plus sign is looked for, in bytes.
const maxGap = 64

// addParts notes an id of which only the beginning and the end are known.
func (u *Usage) addParts(text string, place diag.Place) {
	holes := scriptHole().FindAllStringIndex(text, -1)
	d := Dynamic{Place: place, Prefix: text[:holes[0][0]], Suffix: text[holes[len(holes)-1][1]:]}
	if d.Prefix+d.Suffix == "" {
		d.fromTexts = true
	}
	u.Dynamic = append(u.Dynamic, d)
}

// scriptIDs reports whether the ids that scripts use are of a catalog: a front end
// may have catalogs of its own, of which nothing is known.
func (u *Usage) scriptIDs(has func(id string) bool) bool {
	known := 0
	for id := range u.Script {
		if has(id) {
			known++
		}
	}
	return known > 0 && known*2 >= len(u.Script)
}

// pluralID returns the id that scripts use for a message of i18next that is a plural
// form: "files_other" is one of "files".
func pluralID(id string) (string, bool) {
	i := strings.LastIndexByte(id, '_')
	if i < 1 || !slices.Contains([]string{"zero", "one", "two", "few", "many", "other", "plural"}, id[i+1:]) {
		return "", false
	}
	return strings.TrimSuffix(id[:i], "_ordinal"), true
}

// usesHint is a comment that names the ids that code uses in a way that nothing can
// know: // hexapla:uses errors.* page.title
var usesHint = lazy.Regexp(`\bhexapla:uses[ \t]+([^\r\n]*)`)

// hints notes the ids that comments of a file name. A star is any text.
func (u *Usage) hints(name string, data []byte) {
	if !strings.Contains(string(data), "hexapla:uses") {
		return
	}
	lines := diag.NewLines(data)
	for _, m := range usesHint().FindAllSubmatchIndex(data, -1) {
		line, column := lines.At(m[2])
		place := diag.Place{Path: name, Line: line, Column: column}
		for word := range strings.FieldsFuncSeq(string(data[m[2]:m[3]]), func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
			if strings.HasPrefix(word, "*/") || strings.HasPrefix(word, "-->") || strings.HasPrefix(word, "}}") {
				break // the comment's end
			}
			prefix, suffix, star := strings.Cut(word, "*")
			switch {
			case !star:
				u.use(word, place)
			case prefix+suffix != "" && !strings.Contains(suffix, "*"):
				u.Dynamic = append(u.Dynamic, Dynamic{Place: place, Prefix: prefix, Suffix: suffix})
			}
		}
	}
}
