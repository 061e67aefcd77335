package quality

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

//go:embed given_names.txt
var givenNamesText string

// givenNames are given names that begin a person's name in English news, in lower case.
var givenNames = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(givenNamesText) {
		if !strings.HasPrefix(line, "#") {
			maps.Copy(m, wordSet(line))
		}
	}
	return m
})

// notSurnames are words behind a given name that make the name of a thing, or a rank,
// and are translated.
var notSurnames = sync.OnceValue(func() map[string]bool {
	return wordSet(`airport avenue award bay bridge castle cathedral cemetery center centre church city clinic college county day foundation garden gardens hall hill hospital house institute island islands lake library
cross medal memorial monument mosque mountain museum opera palace park peninsula plaza port prize river road school square stadium station street temple theater theatre tower university valley village
will take takes wins hits goes gets under over after
jr junior sr senior the great king queen prince princess pope saint and of in on at for to i ii iii iv v vi vii viii ix x xi xii xiv xvi`)
})

// surnameEndings are the endings of surnames that no common words of English have, and
// what they become in the scripts that are compared, with endings of case behind them.
var surnameEndings = map[script][]string{
	latin:    {"ov", "ev", "ova", "eva", "yev", "ov'", "enko", "enka", "yan", "dze", "shvili", "švili", "sky", "ski", "skii", "skyi", "skaya", "sky'", "ić", "ović", "ovic", "evic", "oğlu", "oglu", "zade", "zadə", "zadeh", "zoda", "bayev", "bekov", "baev", "escu", "yants"},
	cyrillic: {"ов", "ев", "ёв", "єв", "їв", "ова", "ева", "єва", "енко", "енка", "енку", "янц", "дзе", "швили", "швілі", "швили", "ский", "ського", "ский", "ський", "ская", "ська", "ић", "ича", "овић", "овић", "зода", "оглы", "овым", "евым", "ову", "еву", "овой", "евой", "ової", "євої", "овті", "евті", "овтың", "евтің", "овқа"},
	arabic:   {"وف", "یف", "يف", "ووا", "یوا", "وفا", "نکو", "زاده", "زی", "پور", "دزه", "شویلی"},
	armenian: {"ով", "և", "ևը", "ովը", "ովին", "ևին", "ովի", "ովա", "ևա", "ովան", "ովն", "ևն", "յան", "յանը", "յանի", "ենկո", "ենկոն", "ձե", "շվիլի"},
	georgian: {"ოვი", "ევი", "ოვა", "ევა", "ოვმა", "ევმა", "ოვამ", "ევამ", "ოვს", "ევს", "შვილი", "შვილმა", "ძე", "ძემ", "იანი", "ენკო", "სკი"},
}

// surname reports whether a word has the ending of a surname; it is in lower case.
func surname(low string, s script) bool {
	if s == armenian && strings.Contains(low, "ությ") { // the ending of abstract nouns
		return false
	}
	for _, e := range surnameEndings[s] {
		if n := len(e); len(low) > n && strings.HasSuffix(low, e) && utf8.RuneCountInString(low[:len(low)-n]) >= 2 {
			return true
		}
	}
	return false
}

// soundedWord is a word with its sounds.
type soundedWord struct {
	*word
	at     int // index among the words of the text
	sounds []sound
	other  []sound // of another reading of the letters, nil if there is none
	given  bool
}

// withSounds returns a word with its sounds, which are put into room.
func withSounds(w *word, at int, room []sound) (soundedWord, []sound) {
	low := strings.TrimSuffix(strings.TrimSuffix(w.lower(), "'s"), "’s")
	n := len(room)
	room = appendSounds(room, low)
	return soundedWord{word: w, at: at, sounds: room[n:len(room):len(room)], given: givenNames()[low]}, room
}

// personNames finds the words of a source in English, or in another language of the
// Latin script, that are surely parts of names of people: what stands behind a given
// name, and what has the ending of a surname. seq tells the names apart.
func personNames(src string, ws []word, l *language) (names []soundedWord, seq []int) {
	if l.script != "Latn" {
		return nil, nil
	}
	var room []sound
	n := 0
	for i := 0; i < len(ws); i++ {
		w := &ws[i]
		if w.script != latin || !capitalized(w.text) || camelCase(w.text) {
			continue
		}
		low := strings.TrimSuffix(strings.TrimSuffix(w.lower(), "'s"), "’s")
		given := l.lang == "en" && givenNames()[low]
		if !given {
			if len(low) >= 5 && surname(low, latin) && !likeSurnames()[low] {
				var s soundedWord
				s, room = withSounds(w, i, room)
				names, seq = append(names, s), append(seq, n)
				n++
			}
			continue
		}
		k := i + 1
		for k < len(ws) && k-i <= 3 && ws[k].start-ws[k-1].end == 1 && src[ws[k-1].end] == ' ' && ws[k].script == latin && capitalized(ws[k].text) && !possessive(ws[k-1].text) {
			if notSurnames()[ws[k].lower()] || len(ws[k].text) >= 9 && strings.HasSuffix(ws[k].text, "ing") { // of a headline: "Hurricane Rosa Threatening"
				break
			}
			k++
		}
		if k == i+1 || k < len(ws) && notSurnames()[ws[k].lower()] && capitalized(ws[k].text) && len(ws[k].text) > 4 {
			continue // "Daniel", "John Hopkins University"
		}
		for j := i; j < k; j++ {
			if utf8.RuneCountInString(ws[j].text) < 3 {
				continue
			}
			var s soundedWord
			s, room = withSounds(&ws[j], j, room)
			s.given = s.given && j < k-1
			names, seq = append(names, s), append(seq, n)
		}
		n++
		i = k - 1
	}
	return names, seq
}

// camelCase reports whether a word has a capital inside, as names of companies have: YouGov.
// McDonald and O'Brien have one, too.
func camelCase(w string) bool {
	i := strings.IndexFunc(w[1:], unicode.IsUpper) + 1
	if i < 3 || allUpper(w) || strings.ContainsAny(w[:i], "'’-") {
		return false
	}
	switch w[:i] {
	case "Mac", "Van", "Von", "Del", "San", "Fitz", "Dela", "Ter":
		return false
	}
	return strings.ContainsFunc(w[i:], unicode.IsLower)
}

// likeSurnames are names of places that end like surnames.
var likeSurnames = sync.OnceValue(func() map[string]bool {
	return wordSet("geneva genova moldova kiev lvov rostov saratov tambov azov pskov kirov kharkov kishinev mogilev villanova casanova terranova nova krakov")
})

// possessive reports whether a word ends in 's, behind which another name begins.
func possessive(w string) bool {
	return strings.HasSuffix(w, "'s") || strings.HasSuffix(w, "’s") || strings.HasSuffix(w, "s'") || strings.HasSuffix(w, "s’")
}

func capitalized(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r)
}

// alike reports whether a word may be a form of a name.
func alike(name, word []sound) bool {
	limit := float32(0.36)
	if weight(name) < 2.5 {
		limit = 0.3
	}
	return soundDistance(name, word) <= limit
}

// cased reports whether names begin with capitals in a language.
func (l *language) cased() bool {
	switch l.script {
	case "Latn", "Cyrl", "Grek", "Armn":
		return true
	}
	return false
}

// maxNamePairs is the number of pairs of a word of the source and one of the target up to
// which their sounds are compared: paragraphs of a thousand words.
const maxNamePairs = 1 << 20

// tooLongForNames reports whether a segment has more pairs of words than maxNamePairs.
func (s *segment) tooLongForNames() bool {
	return len(s.srcWords) > maxNamePairs/max(1, len(s.tgtWords))
}

// replacedName reports a person's name of the source that the target does not have in
// any transliteration, while it has another name in its place: behind or before another
// part of the same name, or with the look of a name of its own.
func replacedName(s *segment, r *report) bool {
	want := s.to.written
	if len(s.tgtWords) == 0 || want == other && !s.to.spaceless {
		return false
	}
	names, seq := s.persons, s.personOf
	if len(names) == 0 || s.tooLongForNames() {
		return false
	}
	cased := s.to.cased()
	targets := make([]soundedWord, 0, len(s.tgtWords))
	var room []sound
	for i := range s.tgtWords {
		var t soundedWord
		if w := &s.tgtWords[i]; w.script != none && (!s.to.spaceless || w.script == latin && capitalized(w.text)) { // of a text without spaces, names in Latin letters only
			t, room = withSounds(&s.tgtWords[i], i, room)
			if spoken := s.to.spokenLatin(w.low); spoken != w.low {
				n := len(room)
				room = appendSounds(room, spoken)
				t.sounds = room[n:len(room):len(room)]
			}
			if w.script == greek && strings.Contains(w.low, "ντ") { // "d", or "nt"
				n := len(room)
				room = appendSounds(room, strings.ReplaceAll(w.low, "ντ", "ν-τ"))
				t.other = room[n:len(room):len(room)]
			}
		}
		targets = append(targets, t)
	}
	matched := make([]int, len(targets)) // 1 + the name that a word may be
	lost := make([]bool, len(names))
	for k := range names {
		lost[k] = weight(names[k].sounds) >= 1.9 && !(patronymic(names[k].low) && len(s.tgtWords) > 0 && seqLength(seq, k) > 2)
		for i := range targets {
			if targets[i].word == nil || cased && !capitalized(targets[i].text) {
				continue
			}
			if alike(names[k].sounds, targets[i].sounds) || targets[i].other != nil && alike(names[k].sounds, targets[i].other) || strings.EqualFold(names[k].text, targets[i].text) {
				lost[k] = false
				if matched[i] == 0 {
					matched[i] = k + 1
				}
			}
		}
	}
	isForeign := func(i int) bool { // a word that is none of the source's
		t := &targets[i]
		if t.word == nil || matched[i] != 0 || utf8.RuneCountInString(t.text) < 3 || weight(t.sounds) < 1.9 || cased && !capitalized(t.text) || identifierOf().words[t.lower()] != nil {
			return false
		}
		var room [maxSounds]sound
		for k := range s.srcWords {
			if w := &s.srcWords[k]; w.script != none && capitalized(w.text) {
				if got := appendSounds(room[:0], w.lower()); weight(got) >= 1.9 && alike(got, t.sounds) || weight(got) >= 1 && soundDistance(got, t.sounds) < 0.1 {
					return false
				}
			}
		}
		return true
	}
	known := make([]struct{ asked, foreign bool }, len(targets))
	foreign := func(i int) bool {
		if i < 0 || i >= len(known) {
			return false
		}
		if k := &known[i]; !k.asked {
			k.asked, k.foreign = true, isForeign(i)
		}
		return known[i].foreign
	}
	adjacent := func(i, k int) bool {
		return k >= 0 && k < len(targets) && strings.TrimSpace(s.tgt[min(s.tgtWords[i].end, s.tgtWords[k].end):max(s.tgtWords[i].start, s.tgtWords[k].start)]) == ""
	}
	unknown, gone := 0, 0 // names of the target and of the source that the other one does not have
	if cased {
		for i := 1; i < len(targets); i++ {
			if foreign(i) {
				unknown++
			}
		}
		for k := range names {
			if lost[k] && !names[k].given {
				gone++
			}
		}
	}
	for k := range names {
		if !lost[k] || names[k].given {
			continue
		}
		for i := range targets {
			if !foreign(i) {
				continue
			}
			t := &targets[i]
			looks := looksLikeSurname(t)
			found := looks && (i > 0 && cased || !cased)
			nextToRest := false                        // the rest of the name stands there
			weak := unknown == 1 && gone == 1 && i > 0 // one for one
			for _, n := range [...]int{i - 1, i + 1} {
				if n < 0 || n >= len(targets) || targets[n].word == nil || !adjacent(min(i, n), max(i, n)) {
					continue
				}
				if at := names[k].at + n - i; cased && at >= 0 && at < len(s.srcWords) && (i > 0 || looks) && s.adjacentInSource(at, names[k].at) && capitalized(targets[n].text) {
					got := appendSounds(room[:0:0], s.srcWords[at].lower())
					found = found || strings.EqualFold(s.srcWords[at].text, targets[n].text) || len(got) > 0 && soundDistance(got, targets[n].sounds) <= 0.3
				}
				switch m := matched[n]; {
				case m != 0 && seq[m-1] == seq[k]:
					nextToRest = true
					found = found || cased && (i > 0 || looks) || looks || n == i-1 // the rest of the name stands next to it
				case m == 0 && cased && n == i-1 && foreign(n) && (looks || isGiven(&targets[n])):
					found = true
				case m == 0 && cased && n == i-1 && i > 1 && foreign(n) && names[k].at > 0 && s.adjacentInSource(names[k].at-1, names[k].at):
					weak = true // two unknown names for two of the source
				}
			}
			if found || weak || looks {
				r.place(names[k].start, names[k].end, t.start, t.end)
				sev := r.check.Severity
				if !cased && !(looks && nextToRest) || !found { // any word may stand there
					sev = diag.Info
				}
				r.addFindingWithSeverity(sev, "use the name of the source", "the source has the name %q, the translation %q", diag.Arg("source", names[k].text), diag.Arg("target", t.text))
				return true
			}
		}
	}
	// A part of a name that seems to be in the target is not where the rest of the name is.
	for k := range names {
		for i := range targets {
			m := matched[i] - 1
			if m < 0 || m == k || seq[m] != seq[k] || names[m].at+1 != names[k].at && names[k].at+1 != names[m].at {
				continue
			}
			n := i + names[k].at - names[m].at
			if n < 0 || n >= len(targets) || !adjacent(min(i, n), max(i, n)) || !foreign(n) || alike(names[k].sounds, targets[n].sounds) && (!looksLikeSurname(&targets[n]) || soundDistance(names[k].sounds, targets[n].sounds) <= 0.25) {
				continue
			}
			if t := &targets[n]; names[k].given && looksLikeSurname(t) || !names[k].given && (cased || looksLikeSurname(t)) && !nearby(targets, i, names[k].sounds) {
				r.place(names[k].start, names[k].end, t.start, t.end)
				r.addFindingWithSeverity(diag.Info, "use the name of the source", "the source has the name %q, the translation %q", diag.Arg("source", names[k].text), diag.Arg("target", t.text))
				return true
			}
		}
	}
	return false
}

// patronymic reports whether a word is a name after the father, which translations drop.
func patronymic(low string) bool {
	for _, e := range [...]string{"evich", "ovich", "evic", "ovic", "evna", "ovna", "yevich", "uly", "ugli"} {
		if strings.HasSuffix(low, e) {
			return true
		}
	}
	return false
}

// seqLength returns the number of parts of the name that part k belongs to, which stand
// together.
func seqLength(seq []int, k int) int {
	from, to := k, k+1
	for from > 0 && seq[from-1] == seq[k] {
		from--
	}
	for to < len(seq) && seq[to] == seq[k] {
		to++
	}
	return to - from
}

// nearby reports whether a name may be one of the two words before and behind a place.
func nearby(targets []soundedWord, at int, name []sound) bool {
	for i := max(0, at-2); i < min(len(targets), at+3); i++ {
		if i != at && targets[i].word != nil && alike(name, targets[i].sounds) {
			return true
		}
	}
	return false
}

// looksLikeSurname reports whether a word has the ending of a surname, with or without an
// ending of case behind a hyphen or an apostrophe.
func looksLikeSurname(w *soundedWord) bool {
	low := w.lower()
	if i := strings.IndexAny(low, "-'’\u058a"); i > 0 {
		low = low[:i]
	}
	return surname(low, w.script)
}

// adjacentInSource reports whether two words of the source stand next to each other, with a
// space between them, and both begin with capitals.
func (s *segment) adjacentInSource(a, b int) bool {
	first, second := &s.srcWords[min(a, b)], &s.srcWords[max(a, b)]
	return s.src[first.end:second.start] == " " && capitalized(first.text) && capitalized(second.text)
}

// givenSounds are the sounds of the given names.
var givenSounds = sync.OnceValue(func() [][]sound {
	var out [][]sound
	for n := range givenNames() {
		out = append(out, appendSounds(nil, n))
	}
	return out
})

// lostNames counts the persons' names of the source that the target has in no
// transliteration.
func lostNames(s *segment) (n int) {
	if want := s.to.written; want == other || s.to.spaceless || s.tooLongForNames() {
		return 0
	}
	names := s.persons
	for k := range names {
		if weight(names[k].sounds) < 1.9 || names[k].given {
			continue
		}
		var room [maxSounds]sound
		found := false
		for i := range s.tgtWords {
			found = found || alike(names[k].sounds, appendSounds(room[:0], s.to.spokenLatin(s.tgtWords[i].lower())))
		}
		if !found {
			n++
		}
	}
	return n
}

// isGiven reports whether a word sounds like one of the given names.
func isGiven(w *soundedWord) bool {
	if w.script == latin {
		return w.given
	}
	return slices.ContainsFunc(givenSounds(), func(g []sound) bool { return len(g) >= 2 && soundDistance(g, w.sounds) <= 0.1 })
}
