package update

import (
	"slices"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/edit"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// touched reports whether a message in the file of work is other than what was
// asked for: its hash is that of the source text.
func touched(e *message.Entry) bool {
	return slices.ContainsFunc(message.Categories, func(c string) bool {
		asked := message.Entry{}
		asked.Description, asked.Other = e.Description, e.Form(c)
		return asked.Other != "" && asked.SourceHash() != e.Hash
	})
}

// merge returns the message as it is to be in use: the present one, with what the
// file of work has translated. Kind is the change, "" for none.
//
// A text in use gives way only if it is a translation of an older source than that
// of the file of work, or if it lacked plural forms that the file of work has: goi18n
// asks for all forms of such a message anew. Any other text may have been edited
// since: it stays, and the finding says that the two differ.
func (y *syncer) merge(now message.Entry, src *catalog.Message, done *message.Entry) (next message.Entry, kind string, differs *diag.Diagnostic) {
	next = now
	next.ID = src.ID
	hash := y.hashOf(src)
	if done != nil {
		outdated := now.Hash != "" && now.Hash != hash && now.Hash != done.Hash || y.completes(now, src, done)
		for _, category := range message.Categories {
			text, used := message.Form(&done.Message, category), message.Form(&now.Message, category)
			from := src.SourceForm(category)
			if text == "" || text == used || text == from && !y.opt.AcceptCopies {
				continue
			}
			if used != "" && !outdated {
				if f, ok := done.Field(category); ok && differs == nil {
					d := rule.Finding("catalog.translate-differs", diag.Place{Path: y.work, Line: f.Line, Column: f.Column, Locale: y.locale, Unit: src.ID},
						"keep the right one in the catalog and remove the message from this file", "form %q differs from the text in use, which is not older: %.80q, in use %.80q; the text in use stays", diag.Arg("form", category), diag.Arg("text", text), diag.Arg("textInUse", used))
					differs = &d
				}
				continue
			}
			next.Set(category, text)
			kind = Merged
		}
		if kind == Merged {
			if next.Hash = done.Hash; next.Hash == "" {
				next.Hash = hash
			}
			if y.opt.NoHashes && now.Hash == "" {
				next.Hash = ""
			}
			next.LeftDelim, next.RightDelim = done.LeftDelim, done.RightDelim
		}
	}
	if kind == "" && next.Hash == "" && (next.Other != "" || next.One != "") && y.asks && !y.opt.NoHashes {
		next.Hash, kind = hash, Stamped
	}
	return next, kind, differs
}

// open is what is left to translate of a message, nil for nothing.
func (y *syncer) open(m *message.Entry, src *catalog.Message) ([]edit.Field, string) {
	categories := []string{"other"}
	if src.IsPlural() {
		categories = y.categories
	}
	hash := y.hashOf(src)
	empty := m.Other == "" && !(&catalog.Message{Entry: *m}).IsPlural()
	stale := !empty && m.Hash != "" && m.Hash != hash
	if !slices.ContainsFunc(categories, func(c string) bool { return empty || stale || message.Form(&m.Message, c) == "" }) {
		return nil, ""
	}
	fields := []edit.Field{{Name: "hash", Text: hash}}
	if src.Description != "" {
		fields = append([]edit.Field{{Name: "description", Text: src.Description}}, fields...)
	}
	if src.LeftDelim != "" {
		fields = append(fields, edit.Field{Name: "leftDelim", Text: src.LeftDelim}, edit.Field{Name: "rightDelim", Text: src.RightDelim})
	}
	for _, c := range categories {
		if !empty && !stale && message.Form(&m.Message, c) != "" {
			continue
		}
		from := src.SourceForm(c)
		fields = append(fields, edit.Field{Name: c, Text: from})
	}
	switch {
	case empty:
		return fields, New
	case stale:
		return fields, Stale
	}
	return fields, Partial
}

// hashOf returns the hash of a source message. Every locale asks for it.
func (y *syncer) hashOf(src *catalog.Message) string {
	h := y.hashes[src]
	if h == "" {
		h = src.SourceHash()
		y.hashes[src] = h
	}
	return h
}

// completes reports whether the file of work has a translated plural form that the
// message in use lacks.
func (y *syncer) completes(now message.Entry, src *catalog.Message, done *message.Entry) bool {
	return slices.ContainsFunc(y.categories, func(c string) bool {
		text := message.Form(&done.Message, c)
		return src.IsPlural() && message.Form(&now.Message, c) == "" && text != "" && (text != src.SourceForm(c) || y.opt.AcceptCopies)
	})
}
