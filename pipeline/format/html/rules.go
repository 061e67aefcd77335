package html

import (
	"maps"
	"strings"
)

// rules is what Options asks for, in the form that the splitter looks it up in.
// All names are in lower case. A nil map stands for an empty one.
type rules struct {
	pre        bool
	attributes map[string]bool   // "data-caption", "img@data-caption"
	skip       map[string]bool   // "aside", ".byline"
	jsonLD     map[string]bool   // fields of JSON-LD and microdata
	meta       map[string]string // names of meta elements, with the ID of their unit
	links      []string          // what addresses of the source's editions begin with
	relative   bool              // relative links are looked for, too
}

func compile(o Options) *rules {
	r := &rules{pre: o.Pre, attributes: set(o.Attributes), skip: set(o.Skip), jsonLD: ldFields, meta: metaFields, links: o.Links, relative: o.RelativeLinks}
	if len(o.JSONLD) > 0 {
		r.jsonLD = maps.Clone(ldFields)
		for _, name := range o.JSONLD {
			name, remove := strings.CutPrefix(strings.ToLower(name), "!")
			r.jsonLD[name] = !remove
		}
	}
	if len(o.Meta) > 0 {
		r.meta = maps.Clone(metaFields)
		for _, name := range o.Meta {
			if name, remove := strings.CutPrefix(strings.ToLower(name), "!"); remove {
				delete(r.meta, name)
			} else if r.meta[name] == "" {
				r.meta[name] = metaID(name)
			}
		}
	}
	return r
}

// metaID returns the ID of the unit of a meta element.
func metaID(name string) string { return "meta." + strings.ReplaceAll(name, ":", ".") }

func set(words []string) map[string]bool {
	if len(words) == 0 {
		return nil
	}
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[strings.ToLower(w)] = true
	}
	return m
}
