package lint

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/message"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// copied finds source text in place of a translation. Texts with fewer than
// three letters, in the source's own language, or listed are passed over, and so is
// what languages leave as it is: names, values, and labels that the makers of several
// finished translations left so.
func (ch *checker) copied(m *parsedMessage, category, text, from string) {
	if text != from || ch.sameLanguage || slices.Contains(ch.opt.SameAsSource, m.ID) {
		return
	}
	literal := literals(m.templates[slices.Index(message.Categories, category)], text)
	letters, word := 0, false
	for _, p := range literal {
		for _, r := range p {
			if unicode.IsLetter(r) {
				letters++
				word = word || unicode.IsLower(r) || !unicode.IsUpper(r)
			}
		}
	}
	if letters < 3 || !word {
		return
	}
	words := wordsOf(literal) // none in an address, a path, the name of a file
	separate := separateWords(literal)
	placeholders := len(placeholder().FindAllString(strings.Join(literal, " "), -1)) + max(len(literal)-1, 0)
	switch {
	case isValue(text, words), isFormula(text), usageLine().MatchString(text), isCommand(text), isDateLayout(text), ch.sources.languageNames()[strings.Join(words, " ")]:
		return // a name, a value
	case ch.keptNames()[strings.Join(words, " ")] && strings.Join(words, " ") == text:
		return // a name that translated texts keep, too
	case nameID().MatchString(m.ID) && isOwnName(words):
		return // the name of the program
	case len(words) > 1 && len(words) <= mostSharedWords && ch.script == ch.sourceScript && !slices.ContainsFunc(words, func(w string) bool { return !ch.ownWords()[w] || ch.lostWords()[strings.ToLower(w)] }):
		return // words that both languages have: "Region (optional)"
	case ch.sources.copied()[m.ID], ch.sources.kept(m.ID, words, placeholders > 1) && !strings.HasSuffix(text, "...") && !strings.ContainsAny(text, "…!?"):
		return
	case len(plainWords(words)) == 1 && len(plainWords(separate)) == 1 && ch.script == ch.sourceScript:
		return // a word that languages of one script may share: "Video"
	}
	d := ch.add("catalog.untranslated", m.FieldPlace(ch.locale, category), "form %q is the source text: %.80q", diag.Arg("form", category), diag.Arg("text", text))
	d.Hint = "translate it, or list the message as one that stays as it is"
	compound := oneWord(placeholder().ReplaceAllString(strings.Join(literal, " "), " ")) // "Sub-node", "🏠 my-application", "%d E-Cores"
	plain := plainWords(words)
	layout := placeholders > 1 && (len(plain) < placeholders || len(plain) == placeholders && !slices.ContainsFunc(plain, isSmall)) // "Total: %.1fW | CPU: %.1fW", "[In] %s [Out] %s"
	if len(separate) == 1 || compound || layout || isCopyright(text) || strings.Join(words, " ") == text && ch.brand(words) || ch.namedAfter(words) {
		d.Severity = diag.Info // perhaps a name
	}
}

// isCopyright reports whether a text is a notice of copyright, which many languages leave
// in English.
func isCopyright(text string) bool { return copyright().MatchString(text) }

// copyright matches the beginning of a notice: "© 2021", "Copyright (c)". An item of a list,
// "(c) The user", and a sentence about copyright are none.
var copyright = lazy.Regexp(`^(?:©|Copyright (?:©|\(c\)|\(C\)|[\d{%])|\([cC]\) [\d{%])`)

// isFormula reports whether a text is a formula: it has a sign of one, and at most one word
// that is neither a name with a low line nor a function.
func isFormula(text string) bool {
	if !strings.ContainsAny(text, "=×÷") {
		return false
	}
	plain := 0
	for rest := text; ; {
		from := strings.IndexFunc(rest, unicode.IsLetter)
		if from < 0 {
			return plain <= 1
		}
		rest = rest[from:]
		to := strings.IndexFunc(rest, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if to < 0 {
			to = len(rest)
		}
		name := rest[:to]
		if rest = rest[to:]; !strings.Contains(name, "_") && !strings.HasPrefix(rest, "(") && isPlainWord(name) {
			plain++
		}
	}
}

// mostSharedWords is the number of words of a text that two languages may have in common.
const mostSharedWords = 3

// translatedWords returns the words of texts that differ from their source.
func translatedWords(source, target *catalog.Catalog) map[string]bool {
	out := map[string]bool{}
	for id, m := range target.Messages {
		src := source.Messages[id]
		if src == nil || m.Other == src.Other {
			continue
		}
		for _, w := range splitWords(m.Other) {
			out[w] = true
		}
	}
	return out
}

// nameID matches the ids of messages that are the name of a program or a firm: "app_title",
// "Layout.AppName", "site.name".
var nameID = lazy.Regexp(`(?i)(?:^|[._-]|[a-z]\B)(?:app|application|site|product|brand|company|project|bot|plugin)[._-]?(?:name|title)$`)

// labelWords are the words of a label that asks for such a name: "Company Name".
var labelWords = []string{"app", "application", "site", "product", "brand", "company", "project", "bot", "plugin", "name", "title"}

// isOwnName reports whether the words of a message that should be a name are one, and not
// the label of a field in which somebody writes a name.
func isOwnName(words []string) bool {
	label := true
	for _, w := range words {
		folded := strings.ToLower(w)
		if !unicode.IsUpper(firstRune(w)) || folded == "name" || folded == "title" {
			return false
		}
		label = label && slices.Contains(labelWords, folded)
	}
	return !label && len(words) <= maxNameWords
}

// maxNameWords is the number of words that a name may have.
const maxNameWords = 4

// nameRuns are the runs of two or more words with capitals in a text, within which no mark
// stands between the words.
func nameRuns(text string) []string {
	var out []string
	words := strings.Fields(text)
	clean := make([]string, len(words))
	for i, w := range words {
		clean[i] = strings.Trim(w, ".,:;!?\"'“”„«»‘’()[]…")
	}
	for i := range words {
		for n := 2; n <= maxNameWords && i+n <= len(words); n++ {
			last := i + n - 1
			if clean[last] == "" || !unicode.IsUpper(firstRune(clean[last])) || clean[i] == "" || !unicode.IsUpper(firstRune(clean[i])) || !strings.HasSuffix(words[last-1], clean[last-1]) {
				break
			}
			out = append(out, strings.Join(clean[i:last+1], " "))
		}
	}
	return out
}

// namesKept returns the runs of words with capitals that translated texts have in common with
// their sources: "Welcome to Simply Shared Notes" leaves the name as it is. A run of words
// that are all translated elsewhere, as in "Click on Save Changes", is no name.
func namesKept(source, target *catalog.Catalog, lost map[string]bool) map[string]bool {
	out := map[string]bool{}
	for id, m := range target.Messages {
		src := source.Messages[id]
		if src == nil || m.Other == "" || m.Other == src.Other {
			continue
		}
		kept := nameRuns(m.Other)
		if len(kept) == 0 {
			continue
		}
		for _, name := range nameRuns(src.Other) {
			if slices.Contains(kept, name) {
				out[name] = true
			}
		}
	}
	maps.DeleteFunc(out, func(name string, _ bool) bool {
		return !slices.ContainsFunc(splitWords(strings.ToLower(name)), func(w string) bool { return !lost[w] })
	})
	return out
}

// wordsLost returns the words of sources, in lower case, that a translation of such a source
// does not have: the language has other words for them.
func wordsLost(source, target *catalog.Catalog) map[string]bool {
	out := map[string]bool{}
	for id, m := range target.Messages {
		src := source.Messages[id]
		if src == nil || m.Other == "" || m.Other == src.Other {
			continue
		}
		has := map[string]bool{}
		for _, w := range splitWords(strings.ToLower(m.Other)) {
			has[w] = true
		}
		for _, w := range splitWords(strings.ToLower(src.Other)) {
			if !has[w] {
				out[w] = true
			}
		}
	}
	return out
}

// oneWord reports whether only one part of a text between spaces has a letter.
func oneWord(text string) bool {
	n := 0
	for part := range strings.FieldsSeq(text) {
		if strings.IndexFunc(part, unicode.IsLetter) >= 0 {
			n++
		}
	}
	return n == 1
}

// isValue reports whether a text is a value for every reader: it has no word of a
// language, or is a term of technology.
func isValue(text string, words []string) bool {
	return !slices.ContainsFunc(words, isPlainWord) || technical(text, words)
}

// plainWords are the words that isPlainWord is true of.
func plainWords(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !isPlainWord(w) })
}

// isCommand reports whether a text is a command line: "./tool -t ./image.tar", "docker
// compose up -d".
func isCommand(text string) bool {
	if strings.HasPrefix(text, "./") || strings.HasPrefix(text, "$ ") && !strings.Contains(text, "\n") {
		return true
	}
	m := commandLine().FindStringSubmatch(text)
	if m == nil || !subcommands[m[1]] && strings.IndexFunc(m[1], func(r rune) bool { return !unicode.IsLetter(r) }) < 0 {
		return false
	}
	return !slices.ContainsFunc(strings.Fields(text), func(w string) bool { return sentenceWords[w] || beforeValue[w] })
}

// commandLine matches the command line of a program that is no English word, and in it the
// first word behind the program.
var commandLine = lazy.Regexp(`^(?:sudo )?(?:apt|apt-get|brew|cargo|chmod|curl|docker|docker-compose|git|kubectl|npm|npx|pip|pip3|pnpm|ssh|systemctl|wget|yarn|go (?:build|get|install|mod|run|test|vet|work)) ([-\w./:@=<>{}\[\]*$"']+)(?: [-\w./:@=<>{}\[\]*$"']+){0,7}$`)

// subcommands are words that may be behind the programs of commandLine; other words make a
// sentence about the program: "ssh connection failed".
var subcommands = map[string]bool{
	"add": true, "apply": true, "build": true, "check": true, "checkout": true, "ci": true, "clone": true, "commit": true, "compose": true, "config": true,
	"create": true, "delete": true, "describe": true, "down": true, "download": true, "enable": true, "exec": true, "fetch": true, "get": true,
	"init": true, "install": true, "list": true, "login": true, "logs": true, "merge": true, "ps": true, "publish": true,
	"pull": true, "push": true, "rebase": true, "reload": true, "remove": true, "reset": true, "restart": true, "rm": true,
	"run": true, "start": true, "status": true, "stop": true, "test": true, "tidy": true, "uninstall": true, "up": true,
	"update": true, "upgrade": true,
}

// sentenceWords are words that sentences have and command lines do not: "git push failed".
var sentenceWords = map[string]bool{"a": true, "an": true, "and": true, "are": true, "error": true, "failed": true, "is": true, "not": true, "was": true, "your": true}

// namedAfter reports whether words may be the name of a thing that has a proper name in
// it: "Telegram Bot". They are at most three, all with capitals.
func (ch *checker) namedAfter(words []string) bool {
	if len(words) == 0 || len(words) > 3 || slices.ContainsFunc(words, func(w string) bool { return !unicode.IsUpper(firstRune(w)) }) {
		return false
	}
	names := ch.sources.properNames()
	return slices.ContainsFunc(words, func(w string) bool { return names[w] })
}

// properNames returns the words that source texts have with a capital in the middle of a
// sentence, and none without: "Connect the Telegram bot".
func properNames(sources *sourceMessages) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, m := range sources.parsed {
			for i, category := range message.Categories {
				text := m.Form(category)
				if text == "" {
					continue
				}
				words := wordsOf(literals(m.templates[i], text))
				small := 0
				for _, w := range words {
					if unicode.IsLower(firstRune(w)) {
						small++
					}
				}
				if small == 0 || small*2 < len(words) {
					continue // a title, in which all words have capitals
				}
				for _, w := range words[1:] {
					if unicode.IsUpper(firstRune(w)) {
						out[w] = true
					}
				}
			}
		}
		common := sources.commonWords()
		maps.DeleteFunc(out, func(w string, _ bool) bool { return common[strings.ToLower(w)] })
		return out
	})
}

// isPlainWord reports whether a word is one of a language and not a name of
// technology: at least two letters, and no capital but the first.
func isPlainWord(w string) bool {
	return utf8.RuneCountInString(w) > 1 && strings.IndexFunc(w[utf8.RuneLen(firstRune(w)):], unicode.IsUpper) < 0
}

// technical reports whether a short text has an abbreviation or a number: "UDP over
// TCP", "ML-KEM-768 (native)". A longer one is a label if each word has a capital:
// "TURN Static Auth Secret".
func technical(s string, words []string) bool {
	const most, mostOfLabel = 3, 5 // words
	if len(words) > mostOfLabel || len(words) > most && strings.ContainsAny(s, ",;.!?") || len(words) > most && slices.ContainsFunc(words, func(w string) bool { return !unicode.IsUpper(firstRune(w)) }) {
		return false
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		capitals, digit := 0, false
		for _, r := range w {
			if unicode.IsUpper(r) {
				capitals++
			}
			digit = digit || unicode.IsDigit(r)
		}
		if capitals >= 2 || digit && capitals > 0 {
			return true
		}
	}
	return false
}

// usageLine matches how a command is used: "search [instance-type]".
var usageLine = lazy.Regexp(`^[a-z][a-z0-9-]*(?: (?:\[[^\]\s]+\]|<[^>\s]+>|--?[\w-]+))+$`)

// layoutWords are what stands for a part of a date or a time in a layout of package
// time, without its numbers.
var layoutWords = map[string]bool{"January": true, "Jan": true, "Monday": true, "Mon": true, "MST": true, "PM": true, "pm": true, "T": true, "Z": true}

// isDateLayout reports whether a text is a layout of package time: "Jan 2, 2006".
func isDateLayout(s string) bool {
	layout := false
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch w {
		case "1", "01", "2", "02", "002", "3", "03", "4", "04", "5", "05", "06", "15", "2006", "07", "0700", "07Z":
			layout = true
		default:
			if !layoutWords[w] {
				return false
			}
		}
	}
	return layout
}

// mostlyCopied returns the ids of messages whose text most of the translations leave
// as it is, of at least five: they are names or terms.
func mostlyCopied(s *catalog.Set) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		source := s.Catalogs[s.Source]
		if source == nil {
			return nil
		}
		out := map[string]bool{}
		for id, src := range source.Messages {
			translated, same := 0, 0
			for tag, c := range s.Catalogs {
				if m := c.Messages[id]; tag != s.Source && m != nil && m.Other != "" {
					translated++
					if m.Other == src.Other {
						same++
					}
				}
			}
			if translated >= 5 && same*10 >= translated*7 {
				out[id] = true
			}
		}
		return out
	})
}

// leftAsTheyAre returns a function that reports whether the translation of a message
// is left as its source by choice. The choice is known from other languages: at least
// three whose catalogs are else translated left the same label, or two of another
// script, or four whose catalogs are translated for the most part. Sentences are never
// left so; a layout, with several placeholders, may have words of a sentence ("[In] %s").
func leftAsTheyAre(s *catalog.Set) func(id string, words []string, layout bool) bool {
	const (
		mostWords     = 5  // of a label
		leastMessages = 10 // of a catalog that is a witness
		leastRatio    = 8  // of its messages to those that are as in the source
		leastLabels   = 3  // languages
		leastForeign  = 2  // languages, all of another script
		leastPartial  = 4  // ratio, of a catalog that is translated for the most part
		leastShared   = 4  // languages of such catalogs
		leastOfFew    = 3  // the same, where they are three of five languages or more
		mostOfShared  = 3  // words of a label that those share
	)
	english := langtag.Language(s.Source) == "en"
	witnesses := sync.OnceValue(func() map[string][3]map[string]bool {
		out := map[string][3]map[string]bool{} // languages by id: all, those of another script, and those of catalogs in part
		source := s.Catalogs[s.Source]
		if source == nil {
			return nil
		}
		script := locales.Script(s.Source)
		for tag, c := range s.Catalogs {
			if langtag.SameLanguage(tag, s.Source) || catalog.IsPseudo(tag) {
				continue
			}
			var same []string
			all := 0
			for id, m := range c.Messages {
				src := source.Messages[id]
				if src == nil || src.Other == "" || m.Other == "" {
					continue
				}
				if all++; m.Other == src.Other {
					same = append(same, id)
				}
			}
			if all < leastMessages || len(same)*leastPartial > all {
				continue
			}
			for _, id := range same {
				if out[id][0] == nil {
					out[id] = [3]map[string]bool{{}, {}, {}}
				}
				if out[id][2][langtag.Language(tag)] = true; len(same)*leastRatio > all {
					continue
				}
				out[id][0][langtag.Language(tag)] = true
				if locales.Script(tag) != script {
					out[id][1][langtag.Language(tag)] = true
				}
			}
		}
		return out
	})
	return func(id string, words []string, layout bool) bool {
		if len(words) > mostWords || english && !layout && slices.ContainsFunc(words, func(w string) bool { return functionWords[strings.ToLower(w)] }) {
			return false
		}
		w := witnesses()[id]
		shared := len(w[2]) >= leastShared || len(w[2]) >= leastOfFew && len(w[2])*5 >= (len(s.Catalogs)-1)*3
		return len(w[0]) >= leastLabels || len(w[1]) >= leastForeign || shared && len(words) <= mostOfShared
	}
}

// functionWords are English words that make a text more than a name or a term.
var functionWords = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields("a about after all an and any are as at be before but by can for from has have if in into is it its less more must my no not of on or our out over per please than that the this to under was we will with you your") {
		out[w] = true
	}
	return out
}()

// ownLanguageNames returns the names of the set's languages in themselves, which no
// translation changes: "日本語".
func ownLanguageNames(s *catalog.Set) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for tag := range s.Catalogs {
			for _, t := range []string{tag, langtag.Language(tag)} {
				out[strings.Join(splitWords(locales.Name(t)), " ")] = true
			}
		}
		delete(out, "")
		return out
	})
}

// isCode reports whether a text is a value for a program: in braces or brackets that
// are no template's.
func isCode(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") && !strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") && strings.ContainsAny(s, `",:`)
}

// placeholder matches what stands for a value: {n}, %s, %.1f, %(name)s.
var placeholder = lazy.Regexp(`\{[\w.-]+\}|%\(\w+\)[sd]|%[-+#0-9.]*[a-zA-Z]`)

// wordsOf are the words of literal text, without addresses, paths, names of
// files, codes such as "us-west-2", placeholders, and letters that number something
// ("Version A").
func wordsOf(literal []string) []string {
	var out []string
	for _, p := range literal {
		if mayHaveAddress(p) {
			p = address().ReplaceAllString(p, " ")
		}
		if strings.ContainsAny(p, "{%") {
			p = placeholder().ReplaceAllString(p, " ")
		}
		for _, w := range strings.Fields(p) {
			if isPath(w) || hasDigit(w) {
				continue
			}
			out = appendWords(out, w)
		}
	}
	return out
}

// hasDigit reports whether a word in ASCII has a digit.
func hasDigit(w string) bool {
	return strings.ContainsAny(w, "0123456789") && strings.IndexFunc(w, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// separateWords are the words of literal text, those of paths and addresses
// included, without codes and placeholders.
func separateWords(literal []string) []string {
	var out []string
	for w := range strings.FieldsSeq(placeholder().ReplaceAllString(strings.Join(literal, " "), " ")) {
		if hasDigit(w) {
			continue
		}
		out = appendWords(out, w)
	}
	return out
}

// appendWords appends the words of a text without spaces, but for a single capital
// behind other words: it numbers something ("Version A").
func appendWords(out []string, text string) []string {
	for _, w := range splitWords(text) {
		if len(out) == 0 || len(w) > 1 || !unicode.IsUpper(firstRune(w)) {
			out = append(out, w)
		}
	}
	return out
}

// splitWords cuts a text at what is no letter. The selectors of emoji are none, nor is
// the sign for information, which Unicode has among the letters.
func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x20e3 || r == 0x2139
	})
}

// isPath reports whether a word is the path or the name of a file: lib/x, ~/x,
// x.json.
func isPath(w string) bool {
	w = strings.Trim(w, "\"'`()[]<>,;:")
	w = strings.TrimRight(w, ".!?")
	if strings.IndexFunc(w, func(r rune) bool { return r >= 0x7f }) >= 0 {
		return false
	}
	if strings.HasPrefix(w, "/") || strings.HasPrefix(w, "~/") || strings.HasPrefix(w, "./") || strings.Count(w, "/") > 1 {
		return true
	}
	stem, extension, found := strings.Cut(w[strings.LastIndexByte(w, '/')+1:], ".")
	return found && len(extension) >= 2 && len(extension) <= 8 && letter(extension[0]) && !strings.Contains(stem, "(")
}

// brand reports whether words may be a name: two or three, all with capitals, and
// none that another text of the source has as a common word.
func (ch *checker) brand(words []string) bool {
	if len(words) > 3 {
		return false
	}
	for _, w := range words {
		if !unicode.IsUpper(firstRune(w)) {
			return false
		}
	}
	common := ch.sources.commonWords()
	return !slices.ContainsFunc(words, func(w string) bool { return common[strings.ToLower(w)] })
}

// commonWords returns the words of messages that are somewhere without a capital.
func commonWords(messages map[string]*parsedMessage) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, m := range messages {
			for i, category := range message.Categories {
				text := m.Form(category)
				if text == "" {
					continue
				}
				for _, w := range wordsOf(literals(m.templates[i], text)) {
					if unicode.IsLower(firstRune(w)) {
						out[w] = true
					}
				}
			}
		}
		return out
	})
}
