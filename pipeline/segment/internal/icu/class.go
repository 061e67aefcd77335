package icu

import (
	"strings"
	"sync"
	"unicode"
)

// class reads a set in square brackets, with ICU's nested sets, && and --.
func (p *parser) class() runeSet {
	if p.depth++; p.depth > maxDepth {
		p.fail("sets are nested too deeply", "")
	}
	defer func() { p.depth-- }()
	at := p.pos
	if strings.HasPrefix(p.src[p.pos:], "[:") {
		if s, ok := p.posix(); ok {
			return s
		}
	}
	p.pos++
	negative := p.eat("^")
	var set runeSet
	for first := true; ; first = false {
		if p.pos >= len(p.src) {
			p.failAt(at, "[ without ]", `write \[ for a bracket`)
		}
		switch {
		case p.peek() == ']' && !first:
			p.pos++
			if negative {
				set = set.not()
			}
			return set
		case p.eat("&&"):
			set = set.and(p.operand(at))
		case p.eat("--"):
			set = set.minus(p.operand(at))
		default:
			set = union(set, p.item(at))
		}
	}
}

// operand is what stands behind && or --: a set, or all items up to the next
// operator, as ICU and Java read it.
func (p *parser) operand(at int) runeSet {
	var set runeSet
	for p.pos < len(p.src) && p.peek() != ']' &&
		!strings.HasPrefix(p.src[p.pos:], "&&") && !strings.HasPrefix(p.src[p.pos:], "--") {
		set = union(set, p.item(at))
	}
	return set
}

// item reads one member of a set: a nested set, an escape, a character or a range.
func (p *parser) item(at int) runeSet {
	if p.peek() == '[' {
		return p.class()
	}
	lo, one := p.member()
	if !one || p.peek() != '-' || p.pos+1 >= len(p.src) || p.src[p.pos+1] == ']' ||
		p.src[p.pos+1] == '-' || p.src[p.pos+1] == '[' {
		return lo
	}
	start := p.pos
	p.pos++
	hi, one := p.member()
	if !one || hi[0].lo < lo[0].lo {
		p.failAt(start, "range without an end, or with the end before the beginning", `write \- for a hyphen`)
	}
	return runeSet{{lo[0].lo, hi[0].lo}}
}

func (p *parser) member() (runeSet, bool) {
	if p.peek() == '\\' {
		if p.pos+1 < len(p.src) && p.src[p.pos+1] == 'b' {
			p.fail(`\b stands for nothing inside [ ]`, "")
		}
		return p.escapedSet()
	}
	return single(p.rune()), true
}

// posix reads [:alpha:] and [:^Lu:].
func (p *parser) posix() (runeSet, bool) {
	end := strings.Index(p.src[p.pos:], ":]")
	if end < 0 {
		return nil, false
	}
	name := p.src[p.pos+2 : p.pos+end]
	negative := strings.HasPrefix(name, "^")
	set, ok := property(strings.TrimPrefix(name, "^"))
	if !ok {
		p.fail("unknown set [:"+name+":]", "")
	}
	p.pos += end + 2
	if negative {
		set = set.not()
	}
	return set, true
}

// property reads what follows \p or \P.
func (p *parser) property(at int, negative bool) runeSet {
	var name string
	if p.eat("{") {
		end := strings.IndexByte(p.src[p.pos:], '}')
		if end < 0 {
			p.failAt(at, `\p{ without }`, "")
		}
		name = p.src[p.pos : p.pos+end]
		p.pos += end + 1
	} else {
		name = string(p.rune())
	}
	if rest, ok := strings.CutPrefix(name, "^"); ok {
		name, negative = rest, !negative
	}
	set, ok := property(name)
	if !ok {
		p.failAt(at, `unknown Unicode property \p{`+name+"}", "known are general categories, scripts, and the binary properties of Go's package unicode")
	}
	if negative {
		set = set.not()
	}
	return set
}

// property finds a Unicode property by name, loosely as UAX #44 has it: case,
// spaces, hyphens and underlines do not matter.
func property(name string) (runeSet, bool) {
	if i := strings.IndexAny(name, "=:"); i >= 0 {
		switch loose(name[:i]) {
		case "gc", "generalcategory", "sc", "script", "scx", "scriptextensions":
			name = name[i+1:]
		default:
			return nil, false
		}
	}
	key := loose(name)
	if long, ok := categoryNames[key]; ok {
		return table(unicode.Categories[long]), true
	}
	switch key {
	case "any", "assigned":
		return anyRune, true
	case "alphabetic", "alpha", "isalphabetic":
		return alphabetic(), true
	case "uppercase", "upper", "isuppercase":
		return table(unicode.Lu, unicode.Other_Uppercase), true
	case "lowercase", "lower", "islowercase":
		return table(unicode.Ll, unicode.Other_Lowercase), true
	case "whitespace", "space", "blank":
		return spaceSet(), true
	case "alnum":
		return union(alphabetic(), digitSet()), true
	case "word":
		return wordSet(), true
	case "xdigit":
		return table(unicode.ASCII_Hex_Digit), true
	}
	if t, ok := tablesByName()[strings.TrimPrefix(strings.TrimPrefix(key, "is"), "in")]; ok {
		return table(t), true
	}
	if t, ok := tablesByName()[key]; ok {
		return table(t), true
	}
	return nil, false
}

// tablesByName has the categories, scripts and properties that package unicode
// knows, categories first.
var tablesByName = sync.OnceValue(func() map[string]*unicode.RangeTable {
	out := map[string]*unicode.RangeTable{}
	for _, tabs := range []map[string]*unicode.RangeTable{unicode.Properties, unicode.Scripts, unicode.Categories} {
		for n, t := range tabs {
			out[loose(n)] = t
		}
	}
	return out
})

func loose(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '_':
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// categoryNames are the long names of UCD's PropertyValueAliases.
var categoryNames = map[string]string{
	"letter": "L", "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt",
	"modifierletter": "Lm", "otherletter": "Lo", "mark": "M", "nonspacingmark": "Mn",
	"spacingmark": "Mc", "enclosingmark": "Me", "number": "N", "decimalnumber": "Nd", "digit": "Nd",
	"letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P",
	"connectorpunctuation": "Pc", "dashpunctuation": "Pd", "openpunctuation": "Ps",
	"closepunctuation": "Pe", "initialpunctuation": "Pi", "finalpunctuation": "Pf",
	"otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm", "currencysymbol": "Sc",
	"modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs",
	"lineseparator": "Zl", "paragraphseparator": "Zp", "other": "C", "control": "Cc", "cntrl": "Cc",
	"format": "Cf", "surrogate": "Cs", "privateuse": "Co",
}
