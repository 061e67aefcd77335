package segment

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
)

// Export returns the rules that the given locales are cut by as one SRX 2.0
// document, for other tools or as a start for rules of one's own. Parse reads it
// back to the same rules. Locales that no rules of a user's file match are left out; it
// is an error if none is left.
func (r *Rules) Export(locales ...string) ([]byte, error) {
	var rules, maps bytes.Buffer
	handle, cascade := srxDefault, false
	rule := map[string]bool{}
	write := func(f *srxFile, m languageMap) {
		handle, cascade = f.handle, f.cascade
		fmt.Fprintf(&maps, "      <languagemap languagepattern=%s languagerulename=%s/>\n", quoted(m.source), quoted(m.rule))
		if rule[m.rule] {
			return
		}
		rule[m.rule] = true
		fmt.Fprintf(&rules, "      <languagerule languagerulename=%s>\n", quoted(m.rule))
		for _, r := range f.languages[m.rule].rules {
			if r.Comment != "" {
				fmt.Fprintf(&rules, "        <!-- %s -->\n", r.Comment)
			}
			fmt.Fprintf(&rules, "        <rule break=%s>\n          <beforebreak>%s</beforebreak>\n          <afterbreak>%s</afterbreak>\n        </rule>\n",
				yes(r.Break), escaped(r.Before), escaped(r.After))
		}
		rules.WriteString("      </languagerule>\n")
	}
	// The order of maps is the order of rules: what is for all languages comes
	// first and last, each language's own between.
	var files [3][]*srxFile
	known := map[string]bool{}
	for _, locale := range locales {
		of := r.filesFor(localeKey(locale))
		for i, f := range of {
			part := 1
			if i == 0 {
				part = 0
			} else if i == len(of)-1 {
				part = 2
			}
			if !known[f.path] {
				known[f.path] = true
				files[part] = append(files[part], f)
			}
		}
	}
	for _, f := range slices.Concat(files[:]...) {
		for _, m := range f.maps {
			if slices.ContainsFunc(locales, func(l string) bool { return m.pattern.MatchString(localeKey(l)) }) {
				write(f, m)
			}
		}
	}
	if maps.Len() == 0 {
		return nil, fmt.Errorf("no segmentation rules for %q", locales)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<?xml version="1.0" encoding="UTF-8"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0">
  <header segmentsubflows=%s cascade=%s>
    <formathandle type="start" include=%s/>
    <formathandle type="end" include=%s/>
    <formathandle type="isolated" include=%s/>
  </header>
  <body>
    <languagerules>
%s    </languagerules>
    <maprules>
%s    </maprules>
  </body>
</srx>
`, yes(r.SegmentSubflows()), yes(cascade), yes(handle.start), yes(handle.end), yes(handle.isolated), rules.Bytes(), maps.Bytes())
	return out.Bytes(), nil
}

func yes(b bool) string {
	if b {
		return `"yes"`
	}
	return `"no"`
}

func quoted(s string) string { return `"` + escaped(s) + `"` }

func escaped(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a bytes.Buffer does not fail
	}
	return b.String()
}
