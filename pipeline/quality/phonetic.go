package quality

import (
	"strings"
	"unicode/utf8"
)

// sound is a class of consonants that transliterations take for each other.
type sound byte

// The classes. W, J and H come and go in transliterations; 0 is a vowel or silent.
const (
	soundP sound = iota + 1
	soundB
	soundF
	soundV
	soundW
	soundT
	soundD
	soundK
	soundG
	soundH
	soundS
	soundZ
	soundC // affricates: ts, ch, j
	soundJ // y as in "yes"
	soundL
	soundR
	soundM
	soundN
	sounds
)

// soundLetters has the letters of each class in the scripts that are compared. A letter
// that stands for several sounds is in the class of the commonest.
var soundLetters = [sounds]string{
	soundP: "pпպփპფπפףپ",
	soundB: "bбբბבب",
	soundF: "fфֆφف",
	soundV: "vвվვβ",
	soundW: "wўւוو",
	soundT: "tťтթտთტτθטתتطټةثٹ",
	soundD: "dďđдդდδדدډڈ",
	soundK: "kqкқҡќკყქկքκכךקکكق",
	soundG: "gğґгғѓգღგღղγגغگګ",
	soundH: "hхҳһხჰհխχהחحخهہھ",
	soundS: "sśšşșßсҫшщსშսշσςסשسشصښ",
	soundZ: "zźžżзжѕҙზჟզժζזزذضظژږ",
	soundC: "cčćçцчћђџҷҗћცჩძწჭჯծձճչջցצץچجځڅ",
	soundJ: "jyýйјյיیيىېۍئ",
	soundL: "lłльљლլλלل",
	soundR: "rřрრռրρרرړڑ",
	soundM: "mмმմμמםم",
	soundN: "nńňñнңҥњნնνנןنڼں",
}

// soundsOf gives the sound of a letter in lower case that is below U+0700; letters from
// there on, as the Georgian ones, are in moreSounds.
var soundsOf, moreSounds = func() (t [0x700]sound, m map[rune]sound) {
	m = map[rune]sound{}
	for s, letters := range soundLetters {
		for _, r := range letters {
			switch {
			case r == 'ь':
			case int(r) < len(t):
				t[r] = sound(s)
			default:
				m[r] = sound(s)
			}
		}
	}
	return t, m
}()

func soundOf(r rune) sound {
	if int(r) < len(soundsOf) {
		return soundsOf[r]
	}
	return moreSounds[r]
}

// begins has the letters that digraphs begin with.
var begins = func() (s runeSet) {
	for _, d := range digraphs {
		r, _ := utf8.DecodeRuneInString(d.text)
		s.add(r)
	}
	return s
}()

// digraphsBy has the digraphs by their first byte, in the order of digraphs.
var digraphsBy = func() (t [256][]digraph) {
	for _, d := range digraphs {
		t[d.text[0]] = append(t[d.text[0]], d)
	}
	return t
}()

type digraph struct {
	text string
	is   sound
}

// digraphs are letters that make one sound together, in lower case.
var digraphs = []digraph{
	{"sch", soundS}, {"sh", soundS}, {"ch", soundC}, {"zh", soundZ}, {"kh", soundH}, {"th", soundT}, {"ph", soundF}, {"ck", soundK},
	{"ts", soundC}, {"tz", soundC}, {"cz", soundC}, {"cs", soundC}, {"sz", soundS}, {"zs", soundZ}, {"rz", soundZ}, {"dž", soundC}, {"dj", soundC}, {"dz", soundC},
	{"оу", soundW}, {"ау", soundW}, {"ოუ", soundW}, {"აუ", soundW}, {"дж", soundC}, {"дз", soundC}, {"тс", soundC}, {"ցս", soundC}, {"μπ", soundB}, {"ντ", soundD}, {"γκ", soundG}, {"γου", soundW}, {"τζ", soundC}, {"τσ", soundC}, {"ου", soundW}, {"دژ", soundC}, {"تس", soundC},
}

// spokenLatin returns a word in lower case with its letters as English names have them, in
// languages of the Latin script in which c is "j" and x "kh".
func (l *language) spokenLatin(low string) string {
	switch l.lang {
	case "az", "tr", "crh", "uz", "kaa":
	default:
		return low
	}
	if !strings.ContainsAny(low, "cx") {
		return low
	}
	var b strings.Builder
	for i, r := range low {
		switch {
		case r == 'c' && l.lang != "uz" && !strings.HasPrefix(low[i:], "ch"):
			r = 'ç'
		case r == 'x' && l.lang != "tr":
			r = 'h'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// maxSounds is the number of sounds of a word that are compared.
const maxSounds = 16

// appendSounds appends the consonants of a word in lower case, doubled ones once.
func appendSounds(dst []sound, word string) []sound {
	start := len(dst)
	last := sound(0) // of the letter before; 0 behind a vowel
	add := func(s sound) {
		if n := len(dst); s != 0 && n-start < maxSounds && (n == start || last != s) {
			dst = append(dst, s)
		}
		last = s
	}
next:
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRuneInString(word[i:])
		if c := word[i]; c == 'x' {
			add(soundK)
			add(soundS)
			i++
			continue
		} else if c == 'c' && i+1 < len(word) && (word[i+1] == 'a' || word[i+1] == 'o' || word[i+1] == 'u' || word[i+1] == 'l' || word[i+1] == 'r') {
			add(soundK)
			i++
			continue
		}
		if begins.has(r) {
			for _, d := range digraphsBy[word[i]] {
				if len(word)-i >= len(d.text) && word[i:i+len(d.text)] == d.text {
					add(d.is)
					i += len(d.text)
					continue next
				}
			}
		}
		add(soundOf(r))
		i += size
	}
	return dst
}

// soundCost is how unlike two sounds are, from 0 to 1; with the second 0, what the
// first costs if it is left out.
var soundCost = func() (t [sounds][sounds]float32) {
	for a := range t {
		for b := range t[a] {
			if a != b {
				t[a][b] = 1
			}
		}
	}
	set := func(cost float32, pairs ...[2]sound) {
		for _, p := range pairs {
			t[p[0]][p[1]], t[p[1]][p[0]] = cost, cost
		}
	}
	set(0.1, [2]sound{soundV, soundW})
	set(0.15, [2]sound{soundJ, soundC}) // Jones
	set(0.25, [2]sound{soundT, soundD}, [2]sound{soundF, soundV}, [2]sound{soundS, soundZ}, [2]sound{soundK, soundG}, [2]sound{soundG, soundH})
	set(0.35, [2]sound{soundP, soundB}, [2]sound{soundP, soundF}, [2]sound{soundB, soundV}, [2]sound{soundK, soundH}, [2]sound{soundS, soundC}, [2]sound{soundZ, soundC},
		[2]sound{soundJ, soundZ}, [2]sound{soundJ, soundG}, [2]sound{soundB, soundW}, [2]sound{soundF, soundW}, [2]sound{soundH, soundJ})
	set(0.5, [2]sound{soundC, soundK}, [2]sound{soundC, soundT}, [2]sound{soundC, soundD}, [2]sound{soundC, soundG}, [2]sound{soundM, soundN}, [2]sound{soundS, soundT})
	set(0.7, [2]sound{soundL, soundR}, [2]sound{soundF, soundT}, [2]sound{soundF, soundH})
	set(0.25, [2]sound{soundW, 0}, [2]sound{soundJ, 0}, [2]sound{soundH, 0})
	return t
}()

// weight is how much there is to compare in a row of sounds.
func weight(a []sound) (w float32) {
	for _, s := range a {
		w += soundCost[s][0]
	}
	return w
}

// soundDistance compares the sounds of a name with those of a word that may be a form of
// it with an ending. It is an edit distance over the weight of the name: 0 is the same,
// 1 and more nothing in common.
func soundDistance(name, word []sound) float32 {
	var rows [2][maxSounds + 1]float32
	prev, row := &rows[0], &rows[1]
	n, m := len(name), len(word)
	for j := 1; j <= m; j++ {
		prev[j] = prev[j-1] + soundCost[word[j-1]][0]
	}
	for i := 1; i <= n; i++ {
		row[0] = prev[0] + soundCost[name[i-1]][0]
		for j := 1; j <= m; j++ {
			row[j] = min(prev[j-1]+soundCost[name[i-1]][word[j-1]], prev[j]+soundCost[name[i-1]][0], row[j-1]+soundCost[word[j-1]][0])
		}
		prev, row = row, prev
	}
	best := prev[m]
	for j := max(1, m-4); j < m; j++ { // what is left is an ending
		best = min(best, prev[j]+0.1*float32(m-j))
	}
	return best / max(1, weight(name))
}
