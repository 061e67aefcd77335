package segment

import (
	"embed"
	"io/fs"
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
	"first": "others", "all": "others", // the common files are no language's
}

// embeddedFiles returns the parsed rule files that hold a locale's rules, in the
// order in which they apply: what holds in every language first, the language's
// own, and what holds where neither decides. A language without a file of its own
// may have rules in others.srx; the remaining ones have the common rules alone.
func embeddedFiles(locale string) []*srxFile {
	lang, _, _ := strings.Cut(locale, "-")
	if other, ok := fileOf[lang]; ok {
		lang = other
	}
	own := "rules/others.srx"
	if _, err := ruleFiles.Open("rules/" + lang + ".srx"); err == nil && fs.ValidPath(lang) {
		own = "rules/" + lang + ".srx"
	}
	return []*srxFile{firstRules(), mustParse(own), lastRules()}
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
