package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/catalog"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// A suspect is a form of a translation that may be in another language.
type suspect struct {
	message  *parsedMessage
	category string
	words    []textWord
}

// suspect keeps a form for otherLanguages, if it has enough words.
func (ch *checker) suspect(m, src *parsedMessage, category string, words []textWord) {
	const leastWords = 3
	if ch.opt.SeemsIn == nil || len(words) < leastWords || m.Form(category) == src.SourceForm(category) {
		return
	}
	ch.suspects = append(ch.suspects, suspect{m, category, words})
}

// otherLanguages finds translations in another language of the locale's script: Russian in
// Ukrainian, Spanish in Portuguese. Most texts of a catalog are told from their words,
// which its other messages have, too. What a few words seem to be is not certain: it is
// reported where a second thing shows it: that the set's catalog of that language has the
// same text, that another text of the catalog seems to be in that language, or that it is
// the one that translators start from, the source's or Russian.
func (ch *checker) otherLanguages(set map[string]*catalog.Catalog) {
	const (
		sureWords = 4 // from which a text by itself is sure
		ownShare  = 2 // one of so many words that other messages have makes a text one of the locale
		ownSure   = 3 // the same for what else is surely foreign
	)
	type verdict struct {
		suspect
		language string
		sure     bool
	}
	if len(ch.suspects) == 0 {
		return
	}
	known := wordMessages(ch.suspects)
	var verdicts []verdict
	texts := map[string]map[string]bool{} // that seem to be in a language
	for i, s := range ch.suspects {
		own := 0
		for _, w := range s.words {
			if by := known[w.text]; by != 0 && by != i+1 {
				own++
			}
		}
		if own*ownShare >= len(s.words) {
			continue
		}
		source := ch.sources.parsed[s.message.ID].SourceForm(s.category)
		language, sure := ch.opt.SeemsIn(ch.locale, source, joinWords(s.words))
		if language == "" {
			continue
		}
		verdicts = append(verdicts, verdict{s, language, sure && len(s.words) >= sureWords && own*ownSure < len(s.words)})
		if texts[language] == nil {
			texts[language] = map[string]bool{}
		}
		if len(s.words) >= sureWords {
			texts[language][s.message.Form(s.category)] = true
		}
	}
	for _, v := range verdicts {
		text := v.message.Form(v.category)
		usual := len(v.words) >= sureWords && (v.language == "ru" || langtag.SameLanguage(v.language, ch.source.Locale))
		if !v.sure && !usual && !sameElsewhere(set, v.language, v.message.ID, text) && !(texts[v.language][text] && len(texts[v.language]) > 1) {
			continue
		}
		ch.addForeign(v.message, v.category, v.language)
	}
}

// addForeign reports a text that is in another language than the locale's.
func (ch *checker) addForeign(m *parsedMessage, category, language string) {
	d := ch.add("catalog.language", m.FieldPlace(ch.locale, category), "form %q seems to be in %s, not in %s: %.60q", diag.Arg("form", category), diag.Arg("language", locales.EnglishName(language)), diag.Arg("otherLanguage", locales.EnglishName(ch.locale)), diag.Arg("text", m.Form(category)))
	d.Hint = "translate it, or list the message as one that stays as it is"
}

// sameElsewhere reports whether a catalog in a language has a text for a message.
func sameElsewhere(set map[string]*catalog.Catalog, language, id, text string) bool {
	for tag, c := range set {
		if m := c.Messages[id]; m != nil && m.Other == text && langtag.SameLanguage(tag, language) {
			return true
		}
	}
	return false
}

// mostVocabulary is the number of texts that the words of a catalog are taken from.
const mostVocabulary = 2000

// wordMessages returns the number of the text that has a word, from 1; -1 for a word that
// several have. Of many texts it reads a part.
func wordMessages(texts []suspect) map[string]int {
	out := map[string]int{}
	step := max(1, len(texts)/mostVocabulary)
	for i := 0; i < len(texts); i += step {
		for _, w := range texts[i].words {
			switch by := out[w.text]; by {
			case 0:
				out[w.text] = i + 1
			case i + 1, -1:
			default:
				out[w.text] = -1
			}
		}
	}
	return out
}

// joinWords is a text of words with a space between them.
func joinWords(words []textWord) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// chineseOnly are characters of the commonest words of Chinese that Japanese does not
// write: you, they, this, please, what, not, questions.
const chineseOnly = "你您们們这這吗嗎呢哪怎么没请"

// traditionalToo are characters that Big5 has in another form only, and that traditional
// texts have nevertheless, above all those of Hong Kong: 税務局 is the name of its tax office.
const traditionalToo = "着温説衞綫裏粧裡群峰床啓税脱悦兑蜕卧蕴踪煊"

// simplifiedToo are characters that simplified texts have and GB 2312 does not: most of them
// are in the list of the characters of general use of 2013.
const simplifiedToo = "囧昇瞭囍玥珮瑀璟翀韡祂妳"

// ownChineseName matches the names that the two kinds of Chinese have in themselves, which
// menus of languages show.
var ownChineseName = lazy.Regexp(`^(?:中文 ?[(（])?(?:简体|繁體)(?:中文)?[)）]?$`)

// otherHan finds Chinese text in Japanese, simplified characters in traditional Chinese and
// traditional ones in simplified Chinese. The characters are told by the standards that
// have them: JIS X 0208, GB 2312 and Big5.
func (ch *checker) otherHan(m, src *parsedMessage, category, text string) {
	const (
		leastHan     = 5 // of a text without kana that is not Japanese
		leastForeign = 2 // different characters that the locale does not have
		ratio        = 8 // of all Han characters to those
		mostOfLabel  = 4 // of a label, for which one such character is enough
	)
	script := ch.script
	if script != "Jpan" && script != "Hans" && script != "Hant" || ownChineseName().MatchString(text) {
		return
	}
	han, foreign, chinese, simplified := 0, 0, false, false
	first := rune(0)
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			continue
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return // Japanese, or catalog.script reports it
		case !unicode.Is(unicode.Han, r):
			continue
		}
		han++
		sets := hanSets(r)
		switch script {
		case "Jpan":
			chinese = chinese || strings.ContainsRune(chineseOnly, r)
			if sets&inJIS != 0 || sets&(inGB|inBig5) == 0 {
				continue
			}
			simplified = simplified || sets == inGB
		case "Hans":
			if sets&inGB != 0 || sets&inBig5 == 0 || strings.ContainsRune(simplifiedToo, r) {
				continue
			}
		case "Hant":
			if sets&inBig5 != 0 || sets&inGB == 0 || strings.ContainsRune(traditionalToo, r) {
				continue
			}
		}
		if foreign == 0 {
			first = r
		}
		if foreign == 0 || r != first {
			foreign++
		}
	}
	found := foreign >= leastForeign && foreign*ratio >= han || foreign > 0 && han <= mostOfLabel
	language := "zh"
	switch script {
	case "Jpan":
		found = han >= leastHan && (found || chinese) || han > 1 && han <= mostOfLabel && simplified
	case "Hans":
		language = "zh-Hant"
	case "Hant":
		language = "zh-Hans"
	}
	if found && !src.contains(text) {
		ch.addForeign(m, category, language)
	}
}
