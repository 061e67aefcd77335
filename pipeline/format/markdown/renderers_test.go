package markdown

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"hexapla/pipeline/format/formattest"
)

// A siteRenderer is a program that a site uses to make pages of Markdown. Its script
// reads a document as a JSON string a line and writes HTML the same way.
type siteRenderer struct {
	name    string
	command []string

	mdx bool
}

var renderers = []siteRenderer{
	{name: "kramdown", command: []string{"ruby", "kramdown.rb", "GFM"}},
	{name: "kramdown-plain", command: []string{"ruby", "kramdown.rb", "kramdown"}},
	{name: "python-markdown", command: []string{"/usr/bin/python3", "python-markdown.py"}},
	{name: "markdown-it", command: []string{"node", "markdown-it.mjs"}},
	{name: "remark", command: []string{"node", "remark.mjs"}},
	{name: "pandoc", command: []string{"/usr/bin/python3", "pandoc.py"}},
	{name: "mdx", command: []string{"node", "remark.mjs", "mdx"}, mdx: true},
}

var renderBy = flag.String("renderer", "", "the renderer to hold the corpus against instead of goldmark")

// start returns a function that renders one document with r, or skips the test
// where the program is not installed. HEXAPLA_REQUIRE_ENGINES=1 makes that a
// failure. Programs of npm are looked for in the folder HEXAPLA_NODE_MODULES.
func (r siteRenderer) start(t *testing.T) func(text string) string {
	t.Helper()
	if r.command[0] == "node" && os.Getenv("HEXAPLA_NODE_MODULES") == "" {
		absent(t, r.name, "HEXAPLA_NODE_MODULES names no folder of npm packages")
	}
	args := append([]string{filepath.Join("testdata", "renderers", r.command[1])}, r.command[2:]...)
	cmd := exec.Command(r.command[0], args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		absent(t, r.name, err.Error())
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	lines := bufio.NewReaderSize(out, 1<<20)
	render := func(text string) (string, error) {
		line, err := json.Marshal(text)
		if err != nil {
			return "", err
		}
		go in.Write(append(line, '\n')) // a long text fills the pipe while the program still writes
		answer, err := lines.ReadBytes('\n')
		if err != nil {
			return "", err
		}
		var page string
		err = json.Unmarshal(answer, &page)
		return page, err
	}
	if _, err := render("probe\n"); err != nil {
		if err == io.EOF {
			cmd.Wait()
		}
		absent(t, r.name, fmt.Sprintf("%v: %.300s", err, stderr.String()))
	}
	return func(text string) string {
		page, err := render(text)
		if err != nil {
			t.Fatalf("%s: %v: %s", r.name, err, stderr.String())
		}
		return page
	}
}

func absent(t *testing.T, name, why string) {
	t.Helper()
	if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
		t.Fatalf("%s does not run here, but HEXAPLA_REQUIRE_ENGINES=1 requires it: %s", name, why)
	}
	t.Skipf("%s does not run here: %s", name, why)
}

var (
	generated = regexp.MustCompile(`(?s)(<h[1-6][^>]*?) id="[^"]*"`)
	inTOC     = regexp.MustCompile(` id="markdown-toc-[^"]*"`)
	anchor    = regexp.MustCompile(` href="#[^"]*"`)
	liquid    = regexp.MustCompile(`(?s)\{\{.*?\}\}|\{%.*?%\}`) // gone before Markdown is read
	shown     = regexp.MustCompile(`\s(?:data-a-)?(alt|title|content|placeholder|aria-label|label|description|heading|subtitle|tip|tooltip)="[^"]*"`)
	jsxString = regexp.MustCompile(`\sdata-(?:value|a-\w+)="(?:'[^"]*'|&quot;[^"]*&quot;|\x60[^"]*\x60)"`)
	ourAnchor = regexp.MustCompile(`^<(?:a|mdxjsxtextelement data-name="a") (?:data-a-)?id="[^"]*">$`)
	quotation = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)
)

// rendered is what render makes of a document behind its front matter, without
// the words, like structure.
func rendered(render func(string) string, path string, data []byte) string {
	s := newSplitter(Options{}, path, data, newRoom())
	s.frontMatter()
	var out strings.Builder
	anchored := false // behind the anchor that a heading was given
	for _, part := range tagOrText.FindAllString(render(liquid.ReplaceAllString(string(data[s.start:]), "0")), -1) {
		if part[0] == '<' {
			if anchored && (part == "</a>" || part == "</mdxjsxtextelement>") {
				anchored = false
				continue
			}
			if anchored = ourAnchor.MatchString(part); anchored {
				continue
			}
			part = generated.ReplaceAllString(part, "$1")
			part = inTOC.ReplaceAllString(part, "")
			part = anchor.ReplaceAllString(part, "")
			part = jsxString.ReplaceAllString(part, " string")
			out.WriteString(shown.ReplaceAllString(part, " $1"))
			continue
		}
		part = quotation.Replace(html.UnescapeString(part))
		part = words.ReplaceAllString(part, "w")
		out.WriteString(strings.Join(strings.FieldsFunc(part, unicode.IsSpace), " "))
	}
	return out.String()
}

// TestRenderers holds that a translated document has the structure of its source
// in the eyes of the programs that render it, for a document of each dialect, and
// that the texts that the dialect's constructs carry are translated.
func TestRenderers(t *testing.T) {
	for _, r := range renderers {
		t.Run(r.name, func(t *testing.T) {
			render := r.start(t)
			documents, err := filepath.Glob(filepath.Join("testdata", "dialects", r.name, "*"))
			if err != nil || len(documents) == 0 {
				t.Fatalf("no documents: %v", err)
			}
			for _, path := range documents {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				d, _ := (&Format{Options: Options{Dialect: dialectOf(r.name)}}).Split(path, data)
				out := pseudoBy(d, Options{Dialect: dialectOf(r.name)})
				was, is := rendered(render, path, data), rendered(render, path, out)
				if at, same := differ(was, is); !same {
					t.Errorf("%s: structure differs:\n%s\n%s\nwritten:\n%s", path, around(was, at), around(is, at), out)
				}
				for _, word := range regexp.MustCompile(`\bKEEP\w*`).FindAll(data, -1) {
					if bytes.Count(data, word) != bytes.Count(out, word) {
						t.Errorf("%s: %s must not be translated", path, word)
					}
				}
				if left := regexp.MustCompile(`(?i)\btext\w*`).FindAllString(string(out), -1); len(left) > 0 {
					t.Errorf("%s: not translated: %q\n%s", path, left, out)
				}
			}
		})
	}
}

// TestRendererCorpus holds the same over a folder of real files, with -corpus and
// -renderer.
func TestRendererCorpus(t *testing.T) {
	if *corpus == "" || *renderBy == "" {
		t.Skip("no -corpus DIR and -renderer NAME given")
	}
	for _, r := range renderers {
		if r.name != *renderBy {
			continue
		}
		render := r.start(t)
		files, same := 0, 0
		formattest.Files(t, *corpus, extensions, func(path string, data []byte) {
			if r.mdx && !strings.HasSuffix(path, "x") {
				return
			}
			options := Options{Dialect: dialectOf(r.name)}
			d, _ := (&Format{Options: options}).Split(path, data)
			was := rendered(render, path, data)
			if strings.HasPrefix(was, "<!-- failed") {
				return
			}
			files++
			out := pseudoBy(d, options)
			is := rendered(render, path, out)
			at, equal := differ(was, is)
			if equal {
				same++
				return
			}
			t.Logf("%s: structure differs:\n%s\n%s", path, around(was, at), around(is, at))
			if *saveTo != "" {
				if err := os.WriteFile(filepath.Join(*saveTo, filepath.Base(path)), out, 0o644); err != nil {
					t.Error(err)
				}
			}
		})
		t.Logf("%s: %d of %d files keep their structure (%.2f %%)", r.name, same, files, 100*float64(same)/float64(max(files, 1)))
	}
}

// differ returns the first byte at which two texts differ.
func differ(a, b string) (at int, same bool) {
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return at, a == b
}

func around(s string, at int) string { return s[max(0, at-150):min(len(s), at+60)] }

// dialectOf returns the dialect in whose way a renderer reads.
func dialectOf(name string) Dialect {
	if name == "pandoc" {
		return DialectAuto // known by the names of files
	}
	name, _, _ = strings.Cut(name, "-plain")
	return Dialect(name)
}
