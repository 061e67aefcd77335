//go:build unix

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	ghtml "github.com/yuin/goldmark/renderer/html"
)

// hostileAnswers are what a hostile engine adds to its answers. None of it may be in an
// edition as anything but text, and no control character at all.
var hostileAnswers = []string{
	"<script>secret()</script>", "</p></div><img src=x onerror=secret()>", `"><svg onload=secret()>`, "<!-- secret", "]]>secret", "<?php secret ?>",
	"{{ .Site.Params.secret }}", "{{< secret >}}", "{{% secret %}}", "{% include secret %}", "<%= secret %>", "{secret}", "<Component secret/>",
	"[x](javascript:secret)", "![x](https://secret.example/x.png)", "\n\n# secret\n\n", "\n---\nsecret: x\n---\n", "\n\nimport secret from 'x'\n", "&lt;script&gt;secret",
	"\x00secret", "\x1b[31msecret", "\u009b31msecret", "\u202esecret", "\u2066secret", "\u2028secret", "\ufeffsecret", strings.Repeat("secret ", 3000), strings.Repeat("<b>", 500),
	strings.Repeat("s\u0301\u0308", 2000), "\n\n1\n00:00:09,000 --> 00:00:09,500\nsecret\n",
}

// hostileEngine is the program "hostile": its answers are the questions, with something
// hostile behind, before or in them.
func hostileEngine() {
	for n, q := range questions {
		text, extra := strings.ToUpper(q.Text), hostileAnswers[n%len(hostileAnswers)]
		switch n / len(hostileAnswers) % 4 {
		case 0:
			text += " " + extra
		case 1:
			text = extra + " " + text
		case 2:
			text = extra
		} // one in four is sound
		fmt.Println(string(q.answer(text)))
	}
}

// hostileEngine builds 250 articles, most of them hostile themselves, with an engine that
// is. Under the usual policy and under one that publishes errors, no edition has a control
// character, a template's instruction or markup that its article does not have.
func (f *fault) hostileEngine() {
	f.useEngine("hostile", "")
	exts := []string{"html", "md", "txt", "mdx", "srt", "vtt", "rss"}
	sound := map[string]string{
		"html": "<!DOCTYPE html><html lang=\"en\"><head><title>Head %d</title></head><body><p>Text <b>bold</b> of %[1]d.</p><p title=\"Tip %[1]d\">More.</p>%s</body></html>\n",
		"md":   "---\ntitle: Head %d\n---\n# Head *one* %[1]d\n\nText with [a link](x.html \"tip\") of %[1]d.\n\n| a %[1]d | b |\n|---|---|\n| c | d |\n\n%s\n",
		"txt":  "Text of %d.\n\n%s\n", "mdx": "# Head %d\n\nText of <b>%[1]d</b>.\n\n%s\n",
		"srt": "1\n00:00:01,000 --> 00:00:02,000\nHello of %d.\n\n%s\n", "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello of %d.\n\n%s\n",
		"rss": "<rss version=\"2.0\"><channel><title>Head %d</title><item><title>Item %[1]d</title><description>&lt;p&gt;Text %[1]d&lt;/p&gt;</description></item>%s</channel></rss>\n",
	}
	fragments := []string{"", "<b><i><b></i>", "a\x00b", "a\x1b[31mb", "a\u009bb", "{{x}} {% y %} <%= z %>", "<p " + strings.Repeat("a=b ", 500) + ">x", "&#x110000; &#0; &nosuch;", "\u202eabc\u2066", strings.Repeat("<div>", 300), strings.Repeat("*_", 300)}
	for i := range 250 {
		ext := exts[i%len(exts)]
		data := fmt.Appendf(nil, sound[ext], i, fragments[i/len(exts)%len(fragments)])
		if i%5 == 4 {
			data = mutated(f.rand, data)
		}
		if err := os.WriteFile(filepath.Join(f.dir, "articles", fmt.Sprintf("h%d.%s", i, ext)), data, 0o644); err != nil {
			f.Fatal(err)
		}
	}
	f.edit("hexapla.toml", func(s string) string {
		return strings.Replace(s, `["articles/*.txt"]`, `["articles/*.txt", "articles/h*"]`, 1)
	})
	for _, policy := range []string{"", "errors = \"publish\"\nmissing = \"source\"\nthreshold = 1\n"} {
		f.edit("hexapla.toml", func(s string) string { return strings.Replace(s, "mt = true\n", "mt = true\n"+policy, 1) })
		for _, args := range [][]string{{"build", "--findings"}, {"status"}, {"check"}} {
			code, out := f.small(args...)
			if code > 1 && (args[0] != "build" || !strings.Contains(out, "hook.failed")) { // answers that are of no use are a failure of the engine
				f.Errorf("%q ends with %d:\n%.1500s", args, code, out)
			}
			if i := strings.IndexFunc(out, isRawControl); i >= 0 {
				f.Errorf("%q prints a control character: %q", args, out[max(0, i-60):min(len(out), i+20)])
			}
		}
		pages := 0
		for name, text := range f.tree("editions") {
			rel := strings.SplitN(name, "/", 3)
			source, err := os.ReadFile(filepath.Join(f.dir, "articles", filepath.Base(name)))
			if err != nil || len(rel) < 3 {
				continue // a manifest
			}
			pages++
			f.notInjected(name, text, string(source), policy == "")
		}
		if pages < 100 {
			f.Errorf("only %d pages are published", pages)
		}
	}
	f.noStray()
}

func isRawControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0
}

// notInjected checks an edition of an article against what a hostile engine may have put
// into it.
func (f *fault) notInjected(name, text, source string, strict bool) {
	f.Helper()
	for i, r := range text {
		if isRawControl(r) && !strings.ContainsRune(source, r) {
			f.Errorf("%s has U+%04X: %q", name, r, text[max(0, i-40):min(len(text), i+20)])
			return
		}
		if strict && (r == 0x202e || r == 0x2066) && !strings.ContainsRune(source, r) {
			f.Errorf("%s has U+%04X", name, r)
			return
		}
	}
	templates := []string{"{{ .Site", "{{< secret", "{{% secret", "{% include secret", "<%= secret", "<?php secret"}
	var bad []string
	switch filepath.Ext(name) {
	case ".html", ".rss":
		bad = []string{"<script>secret", "<img src=x onerror", "<svg onload", "<!-- secret", "]]>secret", "<Component", "<?php secret", "<%= secret"}
		if strict { // a finding withholds the page; where errors are published, braces are text
			bad = append(bad, templates...)
		}
	case ".md", ".mdx":
		bad = append(templates, "<script>secret", "<img src=x onerror", "<svg onload", "<!-- secret", "<Component", "\n\n# secret\n")
		if parts := strings.SplitN(text, "\n---\n", 2); len(parts) == 2 && strings.HasPrefix(text, "---\n") { // values are quoted there
			if strings.Contains(parts[0], "\nsecret: x") {
				f.Errorf("%s has a field of the engine:\n%s", name, parts[0])
			}
			text = parts[1]
		}
		var page bytes.Buffer // what looks like a link in a link's title or in code is text
		if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(ghtml.WithUnsafe())).Convert([]byte(text), &page); err != nil {
			f.Fatal(err)
		}
		for _, address := range []string{`href="javascript:secret`, `src="https://secret`} {
			if strings.Contains(page.String(), address) {
				f.Errorf("%s has %s", name, address)
				return
			}
		}
		if filepath.Ext(name) == ".mdx" {
			bad = append(bad, "\nimport secret", "\n{secret}")
		}
		if strings.Contains(text, "a=b ") || strings.Contains(text, "<div><div>") { // a block of HTML
			bad = templates
		}
		for _, escaped := range []string{`\<`, `\[`, `\]`, `\{`, `\!`, `\#`} {
			text = strings.ReplaceAll(text, escaped, "§")
		}
	case ".srt", ".vtt":
		bad = append(templates, "--> 00:00:09,500")
	default:
		bad = templates
	}
	for _, s := range bad {
		if i := strings.Index(text, s); i >= 0 {
			f.Errorf("%s has %q: %q", name, s, text[max(0, i-60):min(len(text), i+40)])
			return
		}
	}
}

// catalogHandEdit edits the text in use by hand while a draft of it waits: sync and merge
// leave the text in use, and name the other one.
func (f *fault) catalogHandEdit() {
	if err := os.Mkdir(filepath.Join(f.dir, "locales"), 0o755); err != nil {
		f.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(f.dir, "locales", name), []byte(text), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	write("active.en.toml", "[hello]\nother = \"Hello world\"\n")
	write("active.uk.toml", "")
	f.exec("catalog", "sync", "--dir", "locales", "--locale", "uk")
	draft, err := os.ReadFile(filepath.Join(f.dir, "locales/translate.uk.toml"))
	if err != nil {
		f.Fatal(err)
	}
	write("translate.uk.toml", strings.Replace(string(draft), "Hello world", "Привіт (чернетка)", 1))
	write("active.uk.toml", strings.Replace(string(draft), "Hello world", "Привіт, рука", 1))
	for _, args := range [][]string{{"catalog", "sync", "--dir", "locales", "--locale", "uk"}, {"catalog", "merge", "--dir", "locales"}, {"catalog", "sync", "--dir", "locales", "--locale", "uk"}} {
		_, out := f.exec(args...)
		text, err := os.ReadFile(filepath.Join(f.dir, "locales/active.uk.toml"))
		if err != nil || !strings.Contains(string(text), "Привіт, рука") || strings.Contains(string(text), "чернетка") {
			f.Fatalf("%q: the text in use is\n%s", args, text)
		}
		if !strings.Contains(out, "kept") || !strings.Contains(out, "чернетка") {
			f.Errorf("%q does not name the other text:\n%.800s", args, out)
		}
	}
}

// pivotOnce builds two locales through a third: the way into it is asked for once a text.
func (f *fault) pivotOnce() {
	count := filepath.Join(f.temp, "count")
	f.edit("hexapla.toml", func(s string) string {
		return s[:strings.Index(s, "[[hook]]")] + fmt.Sprintf(`[[hook]]
name = "first"
type = "exec"
command = ["counting"]
env = { COUNT = %q }
locales = ["pl"]

[[hook]]
name = "second"
type = "exec"
command = ["upper"]
pivot = "pl"
locales = ["uk", "ru"]
`, count)
	})
	for range 2 {
		f.must("build")
		texts := f.asked(count)
		if len(texts) != faultArticles*faultSentences {
			f.Fatalf("asked for %d texts, want %d", len(texts), faultArticles*faultSentences)
		}
		for text, n := range texts {
			if n != 1 {
				f.Errorf("%q is asked for %d times", text, n)
			}
		}
	}
	f.drafts()
}

// refusedOnce builds twice with an engine that refuses some texts: they are asked for again
// with --retry-refused alone.
func (f *fault) refusedOnce() {
	count := f.useEngine("faulty", "one text refused")
	f.exec("build")
	before := f.asked(count)
	if len(before) == 0 {
		f.Fatal("the engine was not asked")
	}
	f.exec("build")
	for text, n := range f.asked(count) {
		if n > before[text] {
			f.Errorf("%q is asked for again", text)
		}
	}
	f.exec("build", "--retry-refused")
	again := 0
	for text, n := range f.asked(count) {
		again += n - before[text]
	}
	if again == 0 {
		f.Error("nothing is asked for with --retry-refused")
	}
}

// importAgain imports what another process has just stored: it is there, and no batch is
// named that does not exist.
func (f *fault) importAgain() {
	args := f.importArgs("Олени")
	codes := f.atOnce(args, args)
	for _, code := range append(codes, func() int { code, _ := f.exec(args...); return code }()) {
		if code != 0 {
			f.Errorf("exit status %d", code)
		}
	}
	if out := f.must(args...); strings.Contains(out, "batch 0") || !strings.Contains(out, "0 accepted, 150 unchanged") && !strings.Contains(out, "nothing to store") {
		f.Errorf("of what is there already: %s", out)
	}
	f.acknowledged("Олени")
}

// strayFiles kills builds, exports and imports, some of them while they write, and plants
// what a killed process of any folder leaves: the next run of each removes it.
func (f *fault) strayFiles() {
	commands := [][]string{{"build"}, {"export", "--locale", "uk", "--format", "xliff"}, f.importArgs("Олени")}
	for range 2 {
		for _, args := range commands {
			f.killed(syscall.SIGKILL, f.s.buildTime, args...)
		}
	}
	f.must("build")
	for _, dir := range []string{"editions/uk", "memory/units", "exchange/uk"} {
		path := filepath.Join(f.dir, dir)
		if err := os.MkdirAll(path, 0o755); err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, ".hexapla-ABCDEFGH.tmp"), []byte("half"), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	f.edit("articles/a0.txt", func(s string) string { return s + "\nOne more freight.\n" })
	f.must(commands[1]...)
	f.must(commands[2]...)
	f.must("build")
	f.noStray()
	f.met = true
}

// silentPipe reads from a pipe that nobody writes to. A signal ends that, though nothing can
// be read.
func (f *fault) silentPipe(sig syscall.Signal) {
	path := filepath.Join(f.temp, "silent.csv")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		f.Skip(err)
	}
	commands := [][]string{{"import", path}, {"glossary", "check", path}, {"check", path}, {"memory", "import", path}, {"split", path}}
	cmd, out := f.start(commands[rand.IntN(len(commands))]...)
	time.Sleep(f.s.importTime)
	if err := cmd.Process.Signal(sig); err != nil {
		f.Fatal(err)
	}
	if code := f.end(cmd, out); code == 0 {
		f.Errorf("%q ends with success", cmd.Args)
	}
	f.met = true
}
