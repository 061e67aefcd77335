package tag

import (
	_ "embed" // for the tables below
	"strings"
	"sync"

	"hexapla/locales/internal/sections"
)

//go:embed cldr.txt
var generatedFacts string

//go:embed own.txt
var ownFacts string

// tables are the sections of the two embedded files by name, not yet parsed. They
// are immutable.
type tables struct{ generated, own map[string]string }

var facts = sync.OnceValue(func() *tables {
	t := &tables{generated: map[string]string{}, own: map[string]string{}}
	sections.Each(generatedFacts, func(_ byte, name, body string) { t.generated[name] = body })
	sections.Each(ownFacts, func(_ byte, name, body string) { t.own[name] = body })
	return t
})

// fact returns the value of a key in a section; the section that is written by
// hand comes first.
func fact(section, key string) (string, bool) {
	if v, ok := sections.Scan(facts().own[section], key); ok {
		return v, true
	}
	return sections.Find(facts().generated[section], key)
}

// rightToLeft returns the set of scripts that are written from right to left.
var rightToLeft = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, body := range []string{facts().generated["rtl"], facts().own["rtl"]} {
		for line := range strings.Lines(body) {
			if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") {
				out[line] = true
			}
		}
	}
	return out
})
