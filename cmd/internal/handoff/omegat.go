package handoff

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/tmx"
)

// Names in an OmegaT project (OmegaT's manual, "Project folder").
const (
	omegatProject  = "omegat.project"
	omegatSource   = "source"
	omegatTarget   = "target"
	omegatSave     = "omegat/project_save.tmx"
	omegatProposed = "tm/proposals.tmx"
	omegatDrafts   = "tm/mt/drafts.tmx"
)

// xliff12 is the version of XLIFF that OmegaT reads.
const xliff12 = "1.2"

// omegatMemory has the translations of one locale's package. OmegaT takes the target of
// an XLIFF file for its source: so the files have none, and the translations are in the
// memories of the project, where translators can change them.
type omegatMemory struct {
	done      []bitext.Entry // what need not be translated
	proposals []bitext.Entry // what the memory offers
	drafts    []bitext.Entry // what engines offer
}

// move returns a unit without its targets, which the memory has from now on.
func (m *omegatMemory) move(u *exchange.Unit) *exchange.Unit {
	bare := *u
	bare.Targets = make([]bitext.Target, len(u.Targets))
	for i := range u.Targets {
		s, t := &u.Segments[i], &u.Targets[i]
		if s.Ignorable {
			continue
		}
		e := bitext.Entry{SourceLocale: u.SourceLocale, TargetLocale: u.TargetLocale, Source: s.Source, Target: t.Text, State: t.State, Origin: t.Origin}
		switch {
		case !t.Filled || t.Text.IsBlank():
		case t.SubState == bitext.SubStateMT:
			m.drafts = append(m.drafts, e)
		case t.SubState == "" && t.State >= bitext.Translated:
			m.done = append(m.done, e)
		default:
			m.proposals = append(m.proposals, e)
		}
		for _, p := range t.Matches {
			e := bitext.Entry{SourceLocale: u.SourceLocale, TargetLocale: u.TargetLocale, Source: p.Source, Target: p.Target, State: p.State, Origin: p.Origin}
			if p.Origin.Kind == bitext.FromEngine {
				m.drafts = append(m.drafts, e)
			} else {
				m.proposals = append(m.proposals, e)
			}
		}
	}
	return &bare
}

// entries returns the files of the OmegaT project but for the bilingual ones and the
// glossary.
func (m *omegatMemory) entries(source, target string) ([]packageEntry, error) {
	out := []packageEntry{dataEntry(omegatProject, omegatProperties(source, target))}
	for _, folder := range []string{"dictionary/", "glossary/", "omegat/", "target/", "tm/"} {
		out = append(out, packageEntry{name: folder})
	}
	done, ambiguous := m.unambiguous()
	for _, f := range []struct {
		name    string
		entries []bitext.Entry
	}{{omegatSave, done}, {omegatProposed, distinct(append(ambiguous, m.proposals...))}, {omegatDrafts, distinct(m.drafts)}} {
		if len(f.entries) == 0 {
			continue
		}
		var b bytes.Buffer
		e, err := tmx.NewEncoder(&b, tmx.Header{SourceLocale: omegatTag(source), Flavor: tmx.OmegaT})
		if err != nil {
			return nil, err
		}
		for _, n := range f.entries {
			n.SourceLocale, n.TargetLocale = omegatTag(n.SourceLocale), omegatTag(n.TargetLocale)
			if err := e.Write(n); err != nil {
				return nil, err
			}
		}
		if err := e.Close(); err != nil {
			return nil, err
		}
		out = append(out, dataEntry(f.name, b.Bytes()))
	}
	return out, nil
}

// unambiguous returns the translations of texts that have one translation, and those of
// texts that have several: OmegaT would use one for all places.
func (m *omegatMemory) unambiguous() (one, several []bitext.Entry) {
	targets := map[string]string{}
	ambiguous := map[string]bool{}
	for _, e := range m.done {
		form, target := tmx.OmegaTForm(e.Source), e.Target.TaggedAs(e.Source)
		if before, ok := targets[form]; ok && before != target {
			ambiguous[form] = true
		}
		targets[form] = target
	}
	for _, e := range m.done {
		if ambiguous[tmx.OmegaTForm(e.Source)] {
			several = append(several, e)
		} else {
			one = append(one, e)
		}
	}
	return distinct(one), several
}

// distinct returns the entries without those whose texts another one has.
func distinct(entries []bitext.Entry) []bitext.Entry {
	seen := map[[2]string]bool{}
	var out []bitext.Entry
	for _, e := range entries {
		key := [2]string{tmx.OmegaTForm(e.Source), e.Target.TaggedAs(e.Source)}
		if key[0] != "" && !seen[key] {
			seen[key] = true
			out = append(out, e)
		}
	}
	return out
}

// omegatTag returns a BCP 47 tag as OmegaT reads one: two subtags at most.
func omegatTag(tag string) string {
	parts := strings.Split(tag, "-")
	return strings.Join(parts[:min(len(parts), 2)], "-")
}

// omegatProperties returns the file omegat.project. Sentences are those of the files.
func omegatProperties(source, target string) []byte {
	var b bytes.Buffer
	text := func(s string) string {
		var t bytes.Buffer
		_ = xml.EscapeText(&t, []byte(s)) // a Buffer has no error
		return t.String()
	}
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
    <project version="1.0">
        <source_dir>__DEFAULT__</source_dir>
        <target_dir>__DEFAULT__</target_dir>
        <tm_dir>__DEFAULT__</tm_dir>
        <glossary_dir>__DEFAULT__</glossary_dir>
        <glossary_file>__DEFAULT__</glossary_file>
        <dictionary_dir>__DEFAULT__</dictionary_dir>
        <source_lang>%s</source_lang>
        <target_lang>%s</target_lang>
        <sentence_seg>false</sentence_seg>
        <support_default_translations>true</support_default_translations>
        <remove_tags>false</remove_tags>
    </project>
</omegat>
`, text(omegatTag(source)), text(omegatTag(target)))
	return b.Bytes()
}
