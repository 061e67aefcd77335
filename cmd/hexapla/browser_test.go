package main

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// browser returns the path of Chromium, and skips the test where there is none.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
		t.Fatal("chromium is required here but not installed")
	}
	t.Skip("chromium is not installed")
	return ""
}

// wordsScript finds for each block of text where a browser puts its words, and
// leaves that as JSON in the page.
const wordsScript = `<script>
var blocks = [];
document.querySelectorAll("h1, h2, p, li, figcaption, caption, th").forEach(function (e) {
  var walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), words = [], node;
  while ((node = walker.nextNode())) {
    var re = /\S+/g, m;
    while ((m = re.exec(node.data))) {
      var range = document.createRange();
      range.setStart(node, m.index); range.setEnd(node, m.index + m[0].length);
      var box = range.getBoundingClientRect();
      var holder = node.parentElement.closest("[lang]");
      if (box.width > 0) { words.push({text: m[0], left: box.left, right: box.right, top: Math.round(box.top + box.height / 2), lang: holder.lang}); }
    }
  }
  var r = e.getBoundingClientRect();
  blocks.push({tag: e.tagName, lang: e.closest("[lang]").lang, direction: getComputedStyle(e).direction, left: r.left, right: r.right, words: words});
});
var out = document.createElement("pre");
out.id = "words";
out.textContent = JSON.stringify(blocks);
document.body.appendChild(out);
</script>`

type textBlock struct {
	Tag, Lang, Direction string
	Left, Right          float64
	Words                []struct {
		Text, Lang       string
		Left, Right, Top float64
	}
}

// layOut lays an HTML page out in a browser and returns its blocks. The browser
// gets no network.
func layOut(t *testing.T, page []byte) []textBlock {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "page.html")
	if err := os.WriteFile(name, bytes.Replace(page, []byte("</body>"), []byte(wordsScript+"</body>"), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, browser(t), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--window-size=700,900", "--virtual-time-budget=3000", "--dump-dom", "file://"+name)
	cmd.Stderr = &stderr
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	_, rest, found := strings.Cut(string(dom), `<pre id="words">`)
	text, _, _ := strings.Cut(rest, "</pre>")
	if !found {
		t.Fatalf("the browser did not run the script:\n%.2000s", dom)
	}
	var blocks []textBlock
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &blocks); err != nil {
		t.Fatal(err)
	}
	return blocks
}

// disorder returns the first word of a block that a reader meets at the wrong place:
// in a text from left to right, a word is right of the one before it in its line. It
// returns "" if there is none. Words of a line that are in the other script than the
// block run against it, and are left out.
func (b textBlock) disorder() string {
	for i := 1; i < len(b.Words); i++ {
		last, w := b.Words[i-1], b.Words[i]
		if b.Direction == "ltr" != isLatin(w.Text) || b.Direction == "ltr" != isLatin(last.Text) {
			continue
		}
		sameLine := w.Top-last.Top < 4 && last.Top-w.Top < 4
		switch {
		case !sameLine && w.Top < last.Top,
			sameLine && b.Direction == "ltr" && w.Left < last.Left,
			sameLine && b.Direction == "rtl" && w.Left > last.Left:
			return last.Text + " " + w.Text
		}
	}
	return ""
}

func isLatin(s string) bool {
	for _, r := range s {
		if r >= 'A' && r <= 'z' {
			return true
		}
	}
	return false
}

// TestRightToLeftPageWithHoles: in a Persian page of which a part is in English, a
// browser shows every block in its own order, and none in two directions.
func TestRightToLeftPageWithHoles(t *testing.T) {
	browser(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(newsroomDir)); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "hexapla.toml")
	data, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, append(data, "\n[policy.locale.fa]\nthreshold = 0\n"...), 0o666); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := run(context.Background(), []string{"hexapla", "build", "--project", dir, "--locale", "fa", "--output", filepath.Join(dir, "out"), "articles/2026/river-pact.html"}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("build: exit %d\n%s", code, out.String())
	}
	page, err := os.ReadFile(filepath.Join(dir, "out/fa/2026/river-pact.html"))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, b := range layOut(t, page) {
		if len(b.Words) < 3 || b.Lang != "fa" && b.Lang != "en" {
			continue
		}
		count[b.Lang]++
		if want := map[string]string{"fa": "rtl", "en": "ltr"}[b.Lang]; b.Direction != want {
			t.Errorf("<%s lang=%s> %q … is laid out %s", b.Tag, b.Lang, b.Words[0].Text, b.Direction)
		}
		if pair := b.disorder(); pair != "" {
			t.Errorf("<%s lang=%s>: %q is not in the order of reading", b.Tag, b.Lang, pair)
		}
		for _, w := range b.Words {
			if w.Lang != b.Lang && (w.Lang == "en" || w.Lang == "fa") {
				t.Errorf("<%s lang=%s> has %q in %s: a block is in one direction as a whole", b.Tag, b.Lang, w.Text, w.Lang)
				break
			}
		}
	}
	if count["fa"] < 3 || count["en"] < 5 {
		t.Errorf("%v blocks: the page does not show what it is to show", count)
	}
}

// TestLayoutFindsDisorder: what TestRightToLeftPageWithHoles looks for is found where
// it is: English sentences, each in an element of its own, in a Persian paragraph.
func TestLayoutFindsDisorder(t *testing.T) {
	browser(t)
	spans := `<span lang="en" dir="ltr">The offer comes amid reports.</span> <span lang="en" dir="ltr">It would be the first time.</span>`
	blocks := layOut(t, []byte(`<!DOCTYPE html><html lang="fa" dir="rtl"><body><p>`+spans+`</p></body></html>`))
	if len(blocks) != 1 || blocks[0].Direction != "rtl" {
		t.Fatalf("%+v", blocks)
	}
	blocks[0].Direction = "ltr" // as a reader of English reads it
	if blocks[0].disorder() == "" {
		t.Error("two isolated English sentences in a Persian paragraph are in the order of reading")
	}
}
