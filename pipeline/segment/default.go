package segment

import (
	"embed"
	"strings"
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
}

// embeddedFiles are the parsed rule files that hold a locale's rules: its
// language's own and the one for all languages.
func embeddedFiles(locale string) []*srxFile {
	lang, _, _ := strings.Cut(locale, "-")
	if other, ok := fileOf[lang]; ok {
		lang = other
	}
	own := "rules/" + lang + ".srx"
	data, err := ruleFiles.ReadFile(own)
	if err != nil {
		return nil
	}
	var out []*srxFile
	for _, f := range []struct {
		path string
		data []byte
	}{{own, data}, {"rules/all.srx", mustRead("rules/all.srx")}} {
		parsed, ds := parseSRX(f.path, f.data)
		if parsed == nil {
			panic("segment: " + ds[0].Error()) // a test parses every embedded file
		}
		out = append(out, parsed)
	}
	return out
}

func mustRead(path string) []byte {
	data, err := ruleFiles.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return data
}
