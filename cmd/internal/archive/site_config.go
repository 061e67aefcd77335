package archive

import (
	"fmt"
	"strconv"
	"strings"
)

// Config returns the configuration of a project for the site, as TOML with comments.
func (s Site) Config() string {
	list := func(values []string) string {
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = strconv.Quote(v)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Hexapla project, made from what was found here: %s.\n# All paths are below this folder, with / between their parts.\n\n", s.Name)
	fmt.Fprintf(&b, "[project]\nsource = %q\nlocales = %s\narticles = %s\noutput = %q\n", s.Source, list(s.Locales), list(s.Articles), s.Output)
	b.WriteString("\n[memory]\njournal = true   # keeps the memory in memory/journal: commit that folder\n")
	if len(s.Memory) > 0 {
		fmt.Fprintf(&b, "import = %s\n", list(s.Memory))
	}
	if len(s.Glossaries) > 0 {
		fmt.Fprintf(&b, "\n[glossary]\nfiles = %s\n", list(s.Glossaries))
	}
	if s.Catalogs != "" {
		fmt.Fprintf(&b, "\n[catalogs]\ndir = %q\n", s.Catalogs)
	}
	b.WriteString("\n[policy]\naligned = false  # may pairs that were aligned and not reviewed be published?\n")
	if len(s.Files) > 0 {
		fmt.Fprintf(&b, "\n# PO files, whose translations are in the memory. 'hexapla memory import' takes newer ones.\n")
		for _, f := range s.Files[:min(len(s.Files), 20)] {
			fmt.Fprintf(&b, "#   %s\n", strconv.QuoteToASCII(f))
		}
	}
	return b.String()
}
