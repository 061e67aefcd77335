// Package catalogtest has sound catalogs with one defect at a time, for tests
// that ask what a checker finds.
package catalogtest

import (
	"crypto/sha1"
	"fmt"
	"strings"
)

// Source is the English catalog, active.en.toml, of every defect that does not
// have its own.
const Source = `[Plain]
description = "d"
other = "Read the news"

[Who]
other = "With reporting by {{list .Agencies}}"

[Cats]
one = "{{.PluralCount}} cat"
other = "{{.PluralCount}} cats"

[Link]
other = "See <b>all</b> at https://example.org/a."
`

// Code is a program that uses every message of Source.
const Code = `package app

import "github.com/nicksnyder/go-i18n/v2/i18n"

func all(l *i18n.Localizer) {
	T(l, "Plain")
	T(l, "Who")
	T(l, "Cats")
	T(l, "Link")
}
`

// order is that of the messages; sources are the texts that hashes are of.
var (
	order   = []string{"Plain", "Who", "Cats", "Link"}
	sources = map[string]string{"Plain": "dRead the news", "Who": "With reporting by {{list .Agencies}}", "Cats": "{{.PluralCount}} cats", "Link": "See <b>all</b> at https://example.org/a."}
	sound   = map[string]string{
		"Plain": `other = "Читать новости"`, "Who": `other = "По материалам {{list .Agencies}}"`, "Link": `other = "См. <b>всё</b> на https://example.org/a."`,
		"Cats": "one = \"{{.PluralCount}} кот\"\nfew = \"{{.PluralCount}} кота\"\nmany = \"{{.PluralCount}} котов\"\nother = \"{{.PluralCount}} кота\"",
	}
)

// A Defect is one thing wrong with the Russian catalog, or with a file beside it.
type Defect struct {
	Name string
	ID   string   // the message, "" for a file
	Want []string // ids of the findings

	body  string            // of the message, in place of the sound one; "" removes it
	files map[string]string // in place of others, by path
}

// Files are the catalogs, and the code in app.go.
func (d Defect) Files() map[string][]byte {
	var b strings.Builder
	ids := order
	if d.ID != "" && sound[d.ID] == "" {
		ids = append(ids[:len(ids):len(ids)], d.ID)
	}
	for _, id := range ids {
		body := sound[id]
		if id == d.ID {
			body = d.body
		}
		if body == "" {
			continue
		}
		fmt.Fprintf(&b, "[%s]\n", id)
		if sources[id] != "" && !strings.Contains(body, "hash") {
			fmt.Fprintf(&b, "hash = \"sha1-%x\"\n", sha1.Sum([]byte(sources[id])))
		}
		b.WriteString(body + "\n\n")
	}
	out := map[string][]byte{"active.en.toml": []byte(Source), "active.ru.toml": []byte(b.String()), "app.go": []byte(Code)}
	for name, text := range d.files {
		if text == "" {
			delete(out, name)
		} else {
			out[name] = []byte(strings.ReplaceAll(text, "{SOUND}", b.String()))
		}
	}
	return out
}

// Sound has no defect.
var Sound = Defect{Name: "none"}

// Defects are the defects, each with what a checker should find.
var Defects = []Defect{
	message("missing message", "Plain", "", "catalog.missing"),
	message("extra message", "Old", `other = "Старое"`, "catalog.extra"),
	message("empty message", "Plain", `other = ""`, "catalog.empty"),
	message("empty plural form", "Cats", sound["Cats"]+"\nzero = \"\"", "catalog.empty"),
	message("plural form missing", "Cats", "one = \"{{.PluralCount}} кот\"\nfew = \"{{.PluralCount}} кота\"\nother = \"{{.PluralCount}} кота\"", "catalog.plural-missing"),
	message("plural form superfluous", "Cats", sound["Cats"]+"\ntwo = \"{{.PluralCount}} кота\"", "catalog.plural-extra"),
	message("plural form without its count", "Cats", strings.Replace(sound["Cats"], "{{.PluralCount}} кот\"", "Кот\"", 1), "catalog.count"),
	message("variable renamed", "Who", `other = "По материалам {{list .Agency}}"`, "catalog.variable-extra", "catalog.variable-missing"),
	message("variable lost", "Who", `other = "По материалам агентств"`, "catalog.variable-missing"),
	message("variable added", "Plain", `other = "Читать новости {{.X}}"`, "catalog.variable-extra"),
	message("variable by another function", "Who", `other = "По материалам {{.Agencies}}"`, "catalog.function"),
	message("template does not parse", "Who", `other = "По материалам {{list .Agencies"`, "catalog.template"),
	message("separated braces", "Who", `other = "По материалам { {list .Agencies} }"`, "catalog.template", "catalog.variable-missing"),
	message("template loops", "Who", `other = "По материалам {{range .Agencies}}x{{end}}"`, "catalog.template-node"),
	added("verb of printf changed", "Files", "%d of %d files", "%d из %s файлов", "catalog.printf"),
	message("markup lost", "Link", `other = "См. всё на https://example.org/a."`, "catalog.markup"),
	message("markup not closed", "Link", `other = "См. <b>всё<b> на https://example.org/a."`, "catalog.markup"),
	message("address changed", "Link", `other = "См. <b>всё</b> на https://example.com/a."`, "catalog.url"),
	message("same as the source", "Plain", `other = "Read the news"`, "catalog.untranslated"),
	message("space at an end", "Plain", `other = "Читать новости "`, "catalog.space"),
	message("two spaces", "Plain", `other = "Читать  новости"`, "catalog.space"),
	message("end punctuation", "Plain", `other = "Читать новости."`, "catalog.end-punctuation"),
	message("Latin letter in a Cyrillic word", "Plain", `other = "Читать нoвости"`, "catalog.script"),
	message("word in a foreign alphabet", "Plain", `other = "Читать ամեն"`, "catalog.script"),
	message("bidi isolate not closed", "Plain", `other = "Читать \u2067новости"`, "catalog.bidi"),
	message("bidi override", "Plain", `other = "Читать \u202Eновости\u202C"`, "catalog.bidi"),
	message("control character", "Plain", `other = "Читать\u0007 новости"`, "catalog.control"),
	message("replacement character U+FFFD", "Plain", "other = \"Читать н\ufffdвости\"", "catalog.control"),
	message("text not in NFC", "Plain", "other = \"Читать новости\u0438\u0306\"", "catalog.nfc"),
	message("stale: the source has changed", "Plain", "hash = \"sha1-00\"\nother = \"Читать новости\"", "catalog.stale"),
	message("no hash of the source", "Plain", "# hash\nother = \"Читать новости\"", "catalog.hash"),
	file("message given twice, TOML", "active.ru.toml", "{SOUND}[Plain]\nother = \"Читать новости\"\n", "catalog.duplicate"),
	{Name: "message given twice, JSON", Want: []string{"catalog.duplicate"}, files: map[string]string{"active.ru.toml": "", "active.ru.json": soundJSON(`, "Plain": "Читать новости"`)}},
	{Name: "YAML key that is no string", Want: []string{"catalog.structure"}, files: map[string]string{"active.ru.toml": "", "active.ru.yaml": soundJSON(`, 404: "Нет"`)}},
	{Name: "byte order mark before JSON", Want: []string{"catalog.encoding"}, files: map[string]string{"active.ru.toml": "", "active.ru.json": "\ufeff" + soundJSON("")}},
	file("message of a parent locale", "active.ru-BY.toml", fmt.Sprintf("[Plain]\nhash = \"sha1-%x\"\n%s\n", sha1.Sum([]byte(sources["Plain"])), sound["Plain"]), "catalog.inherited"),
	file("locale that go-i18n does not know", "active.ba.toml", bashkir(), "catalog.go-i18n"),
	file("second file of a locale", "active.ru.yaml", "Plain: Читать новости\n", "catalog.two-files"),
	file("file name without a locale", "de/active.toml", "Plain = \"Nachrichten\"\n", "catalog.file-name"),
	file("file does not parse", "active.ru.toml", "{SOUND}[Last\n", "catalog.syntax"),
	file("merge conflict marker", "active.ru.toml", "<<<<<<< HEAD\n{SOUND}", "catalog.conflict"),
	file("file is not UTF-8", "active.ru.toml", "{SOUND}\n# \xff\n", "catalog.encoding"),
	file("message not used in the code", "app.go", strings.Replace(Code, "\tT(l, \"Link\")\n", "", 1), "catalog.unused"),
	file("message used and not there", "app.go", strings.Replace(Code, "\tT(l, \"Link\")\n", "\tT(l, \"Link\")\n\tT(l, \"Lynk\")\n", 1), "catalog.undefined"),
}

func message(name, id, body string, want ...string) Defect {
	return Defect{Name: name, ID: id, Want: want, body: body}
}

func file(name, path, text string, want ...string) Defect {
	return Defect{Name: name, Want: want, files: map[string]string{path: text}}
}

// added has one more message, with its defect in the translation.
func added(name, id, source, target string, want ...string) Defect {
	hash := fmt.Sprintf("sha1-%x", sha1.Sum([]byte(source)))
	return Defect{Name: name, ID: id, Want: want, body: fmt.Sprintf("hash = %q\nother = %q", hash, target), files: map[string]string{
		"active.en.toml": fmt.Sprintf("%s\n[%s]\nother = %q\n", Source, id, source),
		"app.go":         strings.Replace(Code, "}\n", fmt.Sprintf("\tT(l, %q)\n}\n", id), 1),
	}}
}

// bashkir is a sound catalog of Bashkir.
func bashkir() string {
	bodies := map[string]string{
		"Plain": `other = "Яңылыҡтарҙы уҡырға"`, "Who": `other = "{{list .Agencies}} материалдары буйынса"`, "Link": `other = "<b>Барыһын</b> https://example.org/a сайтында ҡарағыҙ."`,
		"Cats": "other = \"{{.PluralCount}} бесәй\"",
	}
	var b strings.Builder
	for _, id := range order {
		fmt.Fprintf(&b, "[%s]\nhash = \"sha1-%x\"\n%s\n\n", id, sha1.Sum([]byte(sources[id])), bodies[id])
	}
	return b.String()
}

// soundJSON is the sound Russian catalog as JSON, with more behind its messages.
func soundJSON(more string) string {
	var b strings.Builder
	b.WriteString("{")
	for i, id := range order {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n  %q: {\"hash\": \"sha1-%x\"", id, sha1.Sum([]byte(sources[id])))
		for line := range strings.SplitSeq(sound[id], "\n") {
			name, text, _ := strings.Cut(line, " = ")
			fmt.Fprintf(&b, ", %q: %s", name, text)
		}
		b.WriteString("}")
	}
	return b.String() + more + "}\n"
}
