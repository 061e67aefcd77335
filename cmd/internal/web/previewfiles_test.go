package web

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	cdpnetwork "github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// dot is a picture of one pixel, in PNG.
const dot = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"

// withPictures is a project whose articles have images, styles and hostile addresses.
func withPictures(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	dir := filepath.Join(top, "project")
	for name, text := range map[string]string{
		"hexapla.toml":       "[project]\nlocales = [\"uk\"]\narticles = [\"articles/*\"]\nbase_url = \"https://news.example/{locale}/{path}\"\n",
		"articles/a.html":    `<html><head><title>A</title><link rel="stylesheet" href="/css/main.css"><link rel=icon href=dot.png></head><body><p id=p>Text.</p><img id=near src="dot.png?v=1" alt="A dot" srcset="dot.png 1x, ../img/dot.png 2x"><img id=root src=/img/dot.png /><img id=static src="/pic.svg"><img id=own src="https://news.example/img/dot.png"><img id=other src="https://evil.example/img/dot.png"><img src="../../secret.png"><img src="/hexapla.toml"><img src="/.git/dot.png"><img src="none.png"><script src="/img/x.js"></script></body></html>`,
		"articles/b.md":      "# B\n\n![A dot](../img/dot.png)\n",
		"articles/dot.png":   dot,
		"img/dot.png":        dot,
		"img/x.js":           "parent.stolen = 1",
		"static/pic.svg":     `<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><script>parent.stolen = 1</script></svg>`,
		"css/main.css":       "p { color: rgb(1, 2, 3); background: url(../img/dot.png) }",
		".git/dot.png":       dot,
		"../secret.png":      dot,
		"img/.hidden/x.png":  dot,
		"articles/page.html": "<p>Other.</p>",
	} {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	if err := os.Symlink(filepath.Join(top, "secret.png"), filepath.Join(dir, "img/out.png")); err != nil {
		t.Log(err)
	}
	return dir
}

// TestPreviewFiles: a preview has the images and styles of the project, and nothing else
// that is in it or outside of it.
func TestPreviewFiles(t *testing.T) {
	s := serveFolder(t, withPictures(t), nil).enter()
	page := s.get("/preview/uk/articles/a.html")
	prefix := regexp.MustCompile(`http://[^/"]+/preview-file/[A-Z0-9]+/`).FindString(page)
	if prefix == "" {
		t.Fatalf("no files:\n%s", page)
	}
	page = strings.ReplaceAll(page, prefix, "FILES/")
	contains(t, page, `href="FILES/css/main.css"`, `src="FILES/articles/dot.png"`, `srcset="FILES/articles/dot.png 1x, FILES/img/dot.png 2x"`, `<img id="root" src="FILES/img/dot.png"/>`, `src="FILES/static/pic.svg"`,
		`id="own" src="FILES/img/dot.png"`, `src="https://evil.example/img/dot.png"`, `src="../../secret.png"`, `src="/hexapla.toml"`, `src="/.git/dot.png"`, `src="none.png"`, `src="/img/x.js"`, `rel=icon href=dot.png`)
	contains(t, s.get("/preview/uk/articles/b.md"), "/img/dot.png")
	key := strings.TrimSuffix(strings.TrimPrefix(prefix, s.base), "/")
	anybody := s.another()
	for name, want := range map[string]int{
		"/img/dot.png": 200, "/css/main.css": 200, "/static/pic.svg": 200, "/articles/dot.png": 200,
		"/img/none.png": 404, "/img/x.js": 404, "/hexapla.toml": 404, "/articles/a.html": 404, "/.git/dot.png": 404, "/img/.hidden/x.png": 404, "/img/out.png": 404, "/img": 404, "/": 404,
		"/..%2Fsecret.png": 404, "/img/..%2F..%2Fsecret.png": 404, "/..%5Csecret.png": 404, "/%2Fetc%2Fx.png": 404, "/img%00.png": 404, "/img//dot.png": 404,
	} {
		anybody.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		code, body, h := anybody.do("GET", key+name, nil)
		if code == http.StatusMovedPermanently || code == http.StatusTemporaryRedirect { // a path that is not clean
			code = http.StatusNotFound
		}
		if code != want || code == 200 && (!strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff") {
			t.Errorf("%s: %d, want %d: %v %.80q", name, code, want, h, body)
		}
	}
	if code, _, _ := anybody.do("POST", key+"/img/dot.png", nil); code == 200 {
		t.Error("a file can be posted to")
	}
	for _, other := range []string{"/preview-file/x/img/dot.png", "/preview-file//img/dot.png", "/preview-file/" + s.csrf + "/img/dot.png"} {
		if code, _, _ := anybody.do("GET", other, nil); code == 200 {
			t.Errorf("%s is given to anybody", other)
		}
	}
	// The secret opens nothing else, and ends with its session.
	secret := strings.TrimPrefix(key, "/preview-file/")
	if code, _, _ := anybody.do("GET", "/api/v1/board", nil, "Authorization", "Bearer "+secret); code != 401 {
		t.Errorf("the secret of the files opens the API: %d", code)
	}
	if code, _, _ := anybody.do("GET", "/", nil, "Cookie", s.sessions.name+"="+secret); code != 403 {
		t.Errorf("the secret of the files is a session: %d", code)
	}
	s.post("/logout")
	if code, _, _ := anybody.do("GET", key+"/img/dot.png", nil); code != 404 {
		t.Errorf("after the end of the session: %d", code)
	}
}

// TestPreviewPictures: a browser shows them in the sandbox, and runs nothing of them.
func TestPreviewPictures(t *testing.T) {
	s := serveFolder(t, withPictures(t), nil)
	x := newTab(t, 1600, 900)
	x.open(s.Address())
	var mu sync.Mutex
	got := map[string]bool{}
	err := chromedp.Listen(x.ctx, func(ev any) {
		if e, ok := ev.(*cdpnetwork.EventResponseReceived); ok && e.Response.Status == 200 {
			_, name, _ := strings.Cut(e.Response.URL, "/preview-file/")
			_, name, _ = strings.Cut(name, "/")
			mu.Lock()
			got[name] = true
			mu.Unlock()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	// By itself the page is in the same sandbox as in the frame.
	x.run(chromedp.Navigate(s.base + "/preview/uk/articles/a.html"))
	eventually(t, "style sheet, its picture and all images arrive", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return got["css/main.css"] && got["img/dot.png"] && got["articles/dot.png"] && got["static/pic.svg"]
	})
	x.shot("preview-pictures")
}
