//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// hostileExtensions are those of the formats that articles have by themselves.
var hostileExtensions = []string{"txt", "html", "md", "mdx", "srt", "vtt", "docx", "rss"}

// hostileTexts make articles that are malicious or malformed in one way each, of some
// hundred kilobytes at most.
var hostileTexts = []func() string{
	func() string { return "" },
	func() string { return "\x00\x00\x00" },
	func() string { return "\xff\xfe\x00\xd8a" },
	func() string { return "\xef\xbb\xbf\xef\xbb\xbf# a" },
	func() string { return strings.Repeat("a\n", 20000) },
	func() string { return strings.Repeat("`", 30000) },
	func() string { return strings.Repeat("`a``b```", 5000) },
	func() string { return strings.Repeat("[", 30000) },
	func() string { return strings.Repeat("[a](", 10000) },
	func() string { return strings.Repeat("*_", 20000) },
	func() string { return strings.Repeat("> ", 5000) + "a" },
	func() string { return strings.Repeat("- ", 5000) + "a" },
	func() string { return strings.Repeat("|a", 8000) + "|\n" + strings.Repeat("|-", 8000) + "|\n" },
	func() string {
		var b strings.Builder
		for i := range 4000 {
			fmt.Fprintf(&b, "a[^%d]\n\n[^%d]: b[^%d]\n\n", i, i, i)
		}
		return b.String()
	},
	func() string { return strings.Repeat("<div>", 20000) + "a" },
	func() string { return strings.Repeat("<p", 20000) },
	func() string { return "<p " + strings.Repeat("a=b ", 10000) + ">x" },
	func() string { return strings.Repeat("<!--", 20000) },
	func() string { return "<title>" + strings.Repeat("<script>", 10000) },
	func() string { return strings.Repeat("&", 30000) + strings.Repeat("&#x110000;", 2000) },
	func() string { return "---\n" + strings.Repeat("a: &a [*a, *a]\n", 3000) + "---\nb" },
	func() string { return "---\ntitle: " + strings.Repeat("[", 20000) + "\n---\na" },
	func() string {
		return "<script type=\"application/ld+json\">" + strings.Repeat(`{"a":`, 20000) + "</script><p>a"
	},
	func() string {
		return `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&b;&x;</title></channel></rss>`
	},
	func() string { return strings.Repeat("a\u0300", 20000) },
	func() string { return strings.Repeat("\u202e\u2066a", 5000) },
	func() string {
		return "1\n00:00:01,000 --> 99999999999:00:00,000\na\n\n" + strings.Repeat("1\n-->\n", 5000)
	},
	func() string {
		return "WEBVTT\n\n" + strings.Repeat("00:00.000 --> 00:00.000\n<c><v><ruby>a\n\n", 3000)
	},
	func() string { return strings.Repeat("{{< x >}}{% y %}<%= z %>{w}", 3000) },
	func() string { return "PK\x03\x04" + strings.Repeat("\x00", 2000) },
}

// hostileMutations is the number of articles that are made of a sound one by changes of
// random bytes.
const hostileMutations = 10

// soundArticle is what is changed at random.
const soundArticle = "---\ntitle: A title\n---\n# Head *one*\n\nText with [a link](x.html) and `code`.\n\n<p class=\"a\">Text <b>bold</b> &amp; more.</p>\n\n1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n| a | b |\n|---|---|\n| c | d[^1] |\n\n[^1]: Note.\n"

// mutated changes some bytes of data, or repeats or leaves out a part of it.
func mutated(random *rand.Rand, data []byte) []byte {
	out := bytes.Clone(data)
	for range 1 + random.IntN(8) {
		if len(out) < 2 {
			break
		}
		at := random.IntN(len(out))
		to := min(len(out), at+random.IntN(200))
		switch random.IntN(4) {
		case 0:
			out[at] = byte(random.IntN(256))
		case 1:
			out = append(out[:at:at], out[to:]...)
		case 2:
			out = append(out[:to:to], out[at:]...)
		case 3:
			const special = "<>&\"'`*_[](){}|\n\x00\x1b\xff"
			out[at] = special[random.IntN(len(special))]
		}
	}
	return out
}

// hostileArticles builds a project of hostile articles of one format beside the sound
// ones: these get the editions that they get alone.
func (f *fault) hostileArticles(ext string) {
	f.edit("hexapla.toml", func(s string) string { return s[:strings.Index(s, "[[hook]]")] })
	f.must(f.importArgs("Олени")...)
	f.must("build")
	alone := f.tree("editions")
	add := func(i int, data []byte) {
		if err := os.WriteFile(filepath.Join(f.dir, "articles", fmt.Sprintf("hostile%d.%s", i, ext)), data, 0o644); err != nil {
			f.Fatal(err)
		}
	}
	for i, text := range hostileTexts {
		add(i, []byte(text()))
	}
	for i := range hostileMutations {
		add(len(hostileTexts)+i, mutated(f.rand, []byte(soundArticle)))
	}
	f.edit("hexapla.toml", func(s string) string {
		return strings.Replace(s, `["articles/*.txt"]`, `["articles/*.txt", "articles/hostile*"]`, 1)
	})
	for _, args := range [][]string{{"build"}, {"status"}, {"check"}} {
		if code, out := f.small(args...); code > 1 {
			f.Errorf("%q ends with %d:\n%.1500s", args, code, out)
		}
	}
	got := f.tree("editions")
	for name, want := range alone {
		if strings.HasSuffix(name, ".txt") && got[name] != want {
			f.Errorf("%s is not as without the hostile articles", name)
		}
	}
	f.noStray()
}

// hostileFile imports files of translators that were damaged at random. None is lost of
// what the memory had, and nothing panics.
func (f *fault) hostileFile(format string) {
	f.must(f.importArgs("Олени")...)
	command := []string{"import", "--partial"}
	if format == "tmx" {
		command = []string{"memory", "import"}
		if err := os.Mkdir(filepath.Join(f.dir, "out"), 0o755); err != nil {
			f.Fatal(err)
		}
		f.must("memory", "export", "-o", "out/uk.tmx")
	} else {
		f.must("export", "--locale", "uk", "--format", format, "--by", "locale", "-o", "out")
	}
	var data []byte
	var name string
	entries, err := os.ReadDir(filepath.Join(f.dir, "out"))
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			name = filepath.Join(f.dir, "out", e.Name())
			data, err = os.ReadFile(name)
		}
	}
	if err != nil || len(data) == 0 {
		f.Fatalf("no file was exported as %s: %v", format, err)
	}
	for range 3 {
		if err := os.WriteFile(name, mutated(f.rand, data), 0o644); err != nil {
			f.Fatal(err)
		}
		f.small(append(command, name)...)
		f.small("check", name)
	}
	if out := f.must("memory", "verify"); !strings.Contains(out, "0 problems") {
		f.Errorf("%.800s", out)
	}
	f.acknowledged("Олени")
}

// hostileProjects are projects that attack whoever builds them. wanted is in the output of
// the build, and a file SECRET outside of the project in no edition.
var hostileProjects = []struct {
	name   string
	make   func(f *fault)
	wanted string
	code   int
}{
	{"25 pairs of braces in a glob", func(f *fault) {
		f.edit("hexapla.toml", func(s string) string { return strings.Replace(s, "articles/*.txt", strings.Repeat("{a,b}", 25), 1) })
	}, "more than 4096 patterns", 2},
	{"200,000 unknown keys", func(f *fault) {
		var b strings.Builder
		for i := range 200000 {
			fmt.Fprintf(&b, "key%d = 1\n", i)
		}
		f.edit("hexapla.toml", func(s string) string { return b.String() + s })
	}, "unknown key", 2},
	{"a file name of 255 bytes", func(f *fault) {
		name := filepath.Join(f.dir, "articles", strings.Repeat("a", 251)+".txt")
		if err := os.WriteFile(name, []byte("A text.\n"), 0o644); err != nil {
			f.Fatal(err)
		}
	}, "7 articles", 0},
	{"an article that links to the configuration", func(f *fault) { f.link("../hexapla.toml") }, "hexapla.toml", 1},
	{"an article that links out of the project", func(f *fault) { f.link("../../SECRET") }, "articles/x.txt", 1},
	{"a folder of editions that links out of the project", func(f *fault) {
		if err := os.Symlink(f.temp, filepath.Join(f.dir, "editions")); err != nil {
			f.Fatal(err)
		}
	}, "editions", 3},
	{"a key over plain http", func(f *fault) {
		f.edit("hexapla.toml", func(s string) string {
			return s + "\n[[hook]]\nname = \"lt\"\ntype = \"libretranslate\"\nurl = \"http://translate.example/\"\nkey_env = \"HOME\"\n"
		})
	}, "https", 2},
}

// link adds an article that is a symbolic link.
func (f *fault) link(to string) {
	if err := os.Symlink(to, filepath.Join(f.dir, "articles", "x.txt")); err != nil {
		f.Fatal(err)
	}
}

func (f *fault) hostileProject(h struct {
	name   string
	make   func(f *fault)
	wanted string
	code   int
}) {
	if err := os.WriteFile(filepath.Join(filepath.Dir(f.dir), "SECRET"), []byte("A secret.\n"), 0o644); err != nil {
		f.Fatal(err)
	}
	h.make(f)
	code, out := f.small("build", "--findings")
	if code != h.code || !strings.Contains(out, h.wanted) {
		f.Errorf("build ends with %d, want %d and %q:\n%.1500s", code, h.code, h.wanted, out)
	}
	if info, err := os.Stat(filepath.Join(f.dir, "editions")); err != nil || !info.IsDir() {
		return
	}
	for name, text := range f.tree("editions") {
		if strings.Contains(strings.ToLower(text), "a secret") || strings.Contains(strings.ToLower(text), "[memory]") {
			f.Errorf("%s has a text that is no article's", name)
		}
	}
	f.noStray()
}

// hostileTargets puts control characters and instructions of template languages into
// translations, names of files and notes. None reaches a terminal or an edition raw, even
// where the policy publishes errors.
func (f *fault) hostileTargets() {
	if err := errors.Join(os.RemoveAll(filepath.Join(f.dir, "articles")), os.Mkdir(filepath.Join(f.dir, "articles"), 0o755)); err != nil {
		f.Fatal(err)
	}
	parts := []string{"{{ .Site.Params.secret }}", "{{< figure >}}", "{% include secret %}", "<%= secret %>", "<?php secret ?>", "\x1b[31m", "\x00", "\u009b31m", "<script>", "<Component/>"}
	var text strings.Builder
	for i := range parts {
		fmt.Fprintf(&text, "Paragraph number %d.\n\n", i)
	}
	for i := range parts { // nothing is escaped in plain text: each page stands or falls alone
		if err := os.WriteFile(filepath.Join(f.dir, "articles", fmt.Sprintf("t%d.txt", i)), fmt.Appendf(nil, "Paragraph number %d.\n", i), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	name := "articles/a\x1b[31m\u009bb.md"
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text.String()), 0o644); err != nil {
		f.Fatal(err)
	}
	f.edit("hexapla.toml", func(s string) string {
		s = strings.Replace(s, `"articles/*.txt"`, `"articles/*.md", "articles/*.txt"`, 1)
		s = s[:strings.Index(s, "[[hook]]")]
		return strings.Replace(s, "mt = true", "errors = \"publish\"\nmissing = \"source\"\nthreshold = 1", 1)
	})
	f.must("export", "--locale", "uk", "--format", "jsonl", "--by", "locale", "-o", "out")
	data, err := os.ReadFile(filepath.Join(f.dir, "out", "uk.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	var rows []string
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			f.Fatal(err)
		}
		var n int
		if _, err := fmt.Sscanf(fmt.Sprint(row["source"]), "Paragraph number %d.", &n); err != nil {
			f.Fatalf("row %d: %v", i, err)
		}
		row["target"], row["state"] = fmt.Sprintf("Абзац %d %s.", n, parts[n]), "final"
		out, err := json.Marshal(row)
		if err != nil {
			f.Fatal(err)
		}
		rows = append(rows, string(out))
	}
	file := filepath.Join(f.dir, "x\x1b[31m\u009b.jsonl")
	if err := os.WriteFile(file, []byte(strings.Join(rows, "\n")+"\n"), 0o644); err != nil {
		f.Fatal(err)
	}
	for _, args := range [][]string{
		{"import", "--partial", "--force", "--author", "X\x1b[31m\u009b", file}, {"build", "--findings"}, {"status"}, {"status", "--json"}, {"status", "--details"},
		{"status", "--format", "html"}, {"status", "--format", "csv"}, {"check"}, {"check", "--format", "json"}, {"split", name}, {"split", "--json", name},
		{"note", "add", "--locale", "uk", name, "What is \x1b[31m\u009b?"}, {"note", "list"}, {"memory", "history"}, {"memory", "search", "Абзац"}, {"memory", "export"},
		{"memory", "history", "Paragraph number 5."}, {"hooks", "--try", "\x1b[31m\u009b"}, {"import", "no\x1b[31m\u009b"},
	} {
		_, out := f.exec(args...)
		if i := strings.IndexFunc(out, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 }); i >= 0 {
			f.Errorf("%q prints a control character: %q", args, out[max(0, i-60):min(len(out), i+20)])
		}
	}
	pages, texts := 0, 0
	for name, text := range f.tree("editions") {
		if strings.HasSuffix(name, ".txt") {
			texts++
			for _, p := range parts {
				if !strings.HasPrefix(p, "<script") && !strings.HasPrefix(p, "<Comp") && strings.Contains(text, p) { // tags are but characters there
					f.Errorf("%q is raw in %q", p, name)
				}
			}
			continue
		}
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		pages++
		text = strings.ReplaceAll(text, `\<`, "") // escaped
		for _, p := range parts {
			if strings.Contains(text, p) {
				f.Errorf("%q is raw in %q", p, name)
			}
		}
	}
	if pages == 0 || texts == 0 {
		f.Errorf("%d pages and %d texts were published", pages, texts)
	}
}
