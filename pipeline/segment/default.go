package segment

import (
	"embed"
	"strings"
	"sync"
)

//go:embed rules/*.srx
var ruleFiles embed.FS

// Default is Hexapla's own rules. They are parsed for a language when it is
// first asked for.
func Default() *Rules { return &Rules{embedded: true} }

// fileOf names the rule file of languages that share another's.
var fileOf = map[string]string{
	"cnr": "sr", "sh": "sr", "hr": "sr", "bs": "sr",
	"prs": "fa", "pes": "fa",
	"yue": "zh", "cmn": "zh",
	"as": "bn",
	"cy": "ga", "gd": "ga", "br": "ga",
	"ms": "id", "jv": "id", "su": "id", "min": "id", "zlm": "id",
	"nds": "lb", "gsw": "lb", "bar": "lb", "als": "lb",
	"mai": "ne", "bho": "ne", "sa": "ne", "kok": "ne", "doi": "ne", "awa": "ne",
	"nb": "no", "nn": "no",
	"fil": "tl",
}

// embeddedFiles returns the parsed rule files that hold a locale's rules, in the
// order in which they apply: what holds in every language first, the language's
// own if it has any, and what holds where neither decides.
func embeddedFiles(locale string) []*srxFile {
	lang, _, _ := strings.Cut(locale, "-")
	if other, ok := fileOf[lang]; ok {
		lang = other
	}
	files := []*srxFile{firstRules()}
	own := "rules/" + lang + ".srx"
	if f, err := ruleFiles.Open(own); err == nil && lang != "first" && lang != "all" {
		f.Close()
		files = append(files, mustParse(own))
	}
	return append(files, lastRules())
}

var (
	firstRules = sync.OnceValue(func() *srxFile { return mustParse("rules/first.srx") })
	lastRules  = sync.OnceValue(func() *srxFile { return mustParse("rules/all.srx") })
)

// mustParse parses an embedded rule file. A test parses every one of them.
func mustParse(path string) *srxFile {
	data, err := ruleFiles.ReadFile(path)
	if err != nil {
		panic(err)
	}
	f, ds := parseSRX(path, data)
	if f == nil {
		panic("segment: " + ds[0].Error())
	}
	return f
}
