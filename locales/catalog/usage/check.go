package usage

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// Check compares the source catalog with the code: messages that are used
// and not there, and that are there and not used. A message that a call may
// mean whose id is partly known counts as used; where nothing at all is known
// of an id, one note names the messages that are not found.
func Check(s *catalog.Set, u *Usage) []diag.Diagnostic {
	src := s.Catalogs[s.Source]
	if s.SourceProblem() != "" {
		return nil // lint reports it: which messages there are is not known
	}
	if u.empty() {
		d := rule.Finding("catalog.code", diag.Place{}, "name the code, or its helpers with --call", "the code at hand uses no message: unused messages are not reported")
		d.Severity = diag.Warning
		return []diag.Diagnostic{d}
	}
	var ds []diag.Diagnostic
	idsAreTexts := areTexts(src.IDs)
	for id, places := range u.Used {
		if src.Messages[id] == nil && !hasForms(src, id) && s.Catalogs[id] == nil { // nor the tag of a locale
			d := rule.Finding("catalog.undefined", places[0], "", "message %.80q is not in the source catalog", diag.Arg("id", id))
			d.Hint = "'hexapla catalog extract' adds it"
			if idsAreTexts {
				d.Severity, d.Hint = diag.Info, "ids of this catalog are texts, which the program may show by themselves"
			}
			if slices.IndexFunc(places, func(p diag.Place) bool { return !isDocument(p.Path) }) < 0 {
				d.Severity, d.Hint = diag.Info, "a text about the program, or a template of one"
			}
			if u.hasFallback(id) {
				d.Severity, d.Hint = diag.Info, "the calls give its text: translators see it only when the source catalog has it"
			}
			ds = append(ds, d)
		}
	}
	has := func(id string) bool {
		return src.Messages[id] != nil || slices.ContainsFunc([]string{"_other", "_many", "_plural"}, func(form string) bool { return src.Messages[id+form] != nil })
	}
	if u.scriptIDs(has) {
		for id, places := range u.Script {
			if !has(id) && u.Used[id] == nil {
				d := rule.Finding("catalog.undefined", places[0], "", "message %.80q is not in the source catalog", diag.Arg("id", id))
				d.Hint = "add it to the source catalog"
				ds = append(ds, d)
			}
		}
	}
	ds = append(ds, checkArguments(src, u.Calls)...)
	unknown := slices.IndexFunc(u.Dynamic, func(d Dynamic) bool { return d.isUnknown() && !d.fromTexts })
	var unused []diag.Diagnostic
	for _, id := range src.IDs {
		if d, ok := u.defaultDiffers(src.Messages[id]); ok {
			ds = append(ds, d)
		}
		if u.mayUse(id) || u.formOfUsed(src, id) {
			continue
		}
		d := rule.Finding("catalog.unused", src.Messages[id].Place(s.Source), "", "message %q is not used in the code", diag.Arg("id", id))
		if len(u.Broken) > 0 {
			d.Severity, d.Hint = diag.Info, u.Broken[0].String()+" does not parse, and may use it"
		}
		if u.Theme != "" {
			d.Severity, d.Hint = diag.Info, "the theme "+u.Theme+", which is not among the files at hand, may use it"
		}
		if unknown >= 0 {
			d.Severity, d.Hint = diag.Info, "an id is made while the program runs at "+u.Dynamic[unknown].Place.String()
		}
		unused = append(unused, d)
	}
	if n := len(unused); unknown >= 0 && n > 1 {
		// Any of them may be the one that is made while the program runs.
		ids := make([]string, min(n, maxNamed))
		for i := range ids {
			ids[i] = unused[i].Place.Unit
		}
		if n > maxNamed {
			ids = append(ids, "…")
		}
		place := diag.Place{Path: unused[0].Place.Path, Locale: s.Source}
		d := rule.Finding("catalog.unused", place, "an id is made while the program runs at "+u.Dynamic[unknown].Place.String(),
			"messages that the code does not name: %d of %d: %s", diag.Arg("count", n), diag.Arg("total", len(src.IDs)), diag.Arg("ids", strings.Join(ids, ", ")))
		d.Severity = diag.Info
		unused = []diag.Diagnostic{d}
	}
	ds = append(ds, unused...)
	diag.Sort(ds)
	return ds
}

// hasForms reports whether a catalog has the forms of a plural as messages of their own,
// "days.one" and "days.other", for the id that the code gives.
func hasForms(c *catalog.Catalog, id string) bool {
	return slices.ContainsFunc([]string{".", "_"}, func(mark string) bool {
		return c.Messages[id+mark+"one"] != nil && c.Messages[id+mark+"other"] != nil
	})
}

// formOfUsed reports whether a message is such a form of an id that the code uses.
func (u *Usage) formOfUsed(c *catalog.Catalog, id string) bool {
	i := strings.LastIndexAny(id, "._")
	return i > 0 && slices.Contains(message.Categories, id[i+1:]) && u.Used[id[:i]] != nil && hasForms(c, id[:i])
}

// isDocument reports whether a file is a text that people read, in Markdown.
func isDocument(name string) bool {
	return slices.Contains([]string{".md", ".markdown"}, strings.ToLower(path.Ext(name)))
}

// maxNamed is the number of messages that a finding names.
const maxNamed = 20

// defaultDiffers compares the text of a message in the code with that of the source
// catalog, which readers see.
func (u *Usage) defaultDiffers(m *catalog.Message) (diag.Diagnostic, bool) {
	def := u.Defined[m.ID]
	if def == nil || def.Other == "" || m.IsEmpty() {
		return diag.Diagnostic{}, false
	}
	for _, c := range message.Categories {
		if in := def.Form(c); in != "" && in != m.Form(c) {
			return rule.Finding("catalog.default-text", def.Place, "'hexapla catalog extract' brings the catalog into line", "form %q of message %q is %.60q in the code, and %.60q in the source catalog", diag.Arg("form", c), diag.Arg("id", m.ID), diag.Arg("codeText", in), diag.Arg("catalogText", m.Form(c))), true
		}
	}
	return diag.Diagnostic{}, false
}

// empty says that the code was found to use nothing: it is the wrong code, or
// uses messages in a way that was not recognized.
func (u *Usage) empty() bool { return len(u.Used) == 0 && len(u.Script) == 0 && len(u.Dynamic) == 0 }

// areTexts reports whether most ids have words and spaces, as those of projects that
// began with go-i18n's version 1 or gettext.
func areTexts(ids []string) bool {
	n := 0
	for _, id := range ids {
		if strings.Contains(id, " ") {
			n++
		}
	}
	return n > 0 && n*2 >= len(ids)
}

// hasFallback reports whether every use of an id in the code gives the text of its message.
func (u *Usage) hasFallback(id string) bool {
	return u.Fallback[id] > 0 && u.Fallback[id] == len(u.Used[id])
}

// Explain returns the findings of package lint without those that the code explains:
// messages that the source catalog does not have and the code uses, which are no
// leftovers (Check reports those that it has to have), and calls of helpers in messages of
// the source locale. Other functions that the code gives to templates are a note there.
// What a translation calls and its source does not stays an error: translators do not
// choose what the program runs.
func (u *Usage) Explain(ds []diag.Diagnostic, source string) []diag.Diagnostic {
	for i := range ds {
		if d := &ds[i]; d.ID == "catalog.template-node" && d.Place.Locale == source && slices.Contains(u.Given, fmt.Sprint(d.Args["node"])) {
			d.Severity, d.Hint = diag.Info, "the code gives this function to templates; translations may have the same call, and no more"
		}
	}
	return slices.DeleteFunc(ds, func(d diag.Diagnostic) bool {
		switch d.ID {
		case "catalog.extra":
			id := d.Place.Unit
			return len(u.Used[id]) > 0 || len(u.Script[id]) > 0 || u.Maybe[id] || u.texts[id]
		case "catalog.template-node":
			return d.Place.Locale == source && slices.Contains(u.Functions, fmt.Sprint(d.Args["node"]))
		}
		return false
	})
}

// mayUse reports whether the code uses the message, or may.
func (u *Usage) mayUse(id string) bool {
	if base, ok := pluralID(id); ok && (len(u.Script[base]) > 0 || u.Maybe[base]) {
		return true
	}
	return len(u.Used[id]) > 0 || len(u.Script[id]) > 0 || u.Defined[id] != nil || u.Maybe[id] || u.texts[id] || slices.ContainsFunc(u.Dynamic, func(d Dynamic) bool { return d.mayUse(id) })
}

// Unused are the ids of the source messages that no code uses. It fails where
// an id is made while the program runs of which nothing is known: nobody can
// tell then. It also fails where the code uses nothing, where a file does not
// parse, and where the templates of a theme are not at hand.
func Unused(s *catalog.Set, u *Usage) ([]string, error) {
	if u.Theme != "" {
		return nil, fmt.Errorf("the theme %s is not among the files at hand, so that unused messages cannot be known", u.Theme)
	}
	if len(u.Broken) > 0 {
		return nil, fmt.Errorf("%s does not parse, so that unused messages cannot be known", u.Broken[0])
	}
	if u.empty() {
		return nil, errors.New("the code at hand uses no message at all: name the right code, or its helpers with --call")
	}
	for _, d := range u.Dynamic {
		if d.isUnknown() {
			return nil, fmt.Errorf("%s makes a message id while the program runs, so that unused messages cannot be known", d.Place)
		}
	}
	var out []string
	if src := s.Catalogs[s.Source]; src != nil {
		for _, id := range src.IDs {
			if !u.mayUse(id) && !u.formOfUsed(src, id) {
				out = append(out, id)
			}
		}
	}
	return out, nil
}
