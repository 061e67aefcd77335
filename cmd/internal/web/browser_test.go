package web

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium returns the path of the browser, and skips the test where there is none.
func chromium(t *testing.T) string {
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

// tab is a window of a browser.
type tab struct {
	t      *testing.T
	ctx    context.Context
	errors *logBuffer // of the page's script
}

// newTab opens a browser that reaches no other host.
func newTab(t *testing.T, width, height int) *tab {
	t.Helper()
	path := chromium(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.WindowSize(width, height))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	x := &tab{t: t, ctx: ctx, errors: &logBuffer{}}
	x.begin(width, height)
	return x
}

func (x *tab) begin(width, height int) {
	x.t.Helper()
	if err := chromedp.Do(x.ctx); err != nil {
		x.t.Fatal(err)
	}
	err := chromedp.Listen(x.ctx, func(ev any) {
		switch e := ev.(type) {
		case *cdpruntime.EventExceptionThrown:
			x.errors.add("%+v", *e.ExceptionDetails)
		case *cdpruntime.EventConsoleAPICalled:
			if e.Type == "error" {
				x.errors.add("%v", e.Args)
			}
		}
	})
	if err != nil {
		x.t.Fatal(err)
	}
	x.run(chromedp.EmulateViewport(int64(width), int64(height)))
}

// another opens a window of the same browser, with the same cookies.
func (x *tab) another() *tab {
	x.t.Helper()
	ctx, cancel := chromedp.NewContext(x.ctx)
	x.t.Cleanup(cancel)
	y := &tab{t: x.t, ctx: ctx, errors: x.errors}
	y.begin(1280, 900)
	return y
}

func (x *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		x.shot("failed")
		x.t.Fatalf("%v\nscript: %s", err, x.errors)
	}
}

// open loads a page.
func (x *tab) open(address string) {
	x.t.Helper()
	x.run(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("#main")))
}

// eval returns the value of an expression, which may be a promise.
func eval[T any](x *tab, expression string) T {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		x.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until an expression is true. A page that is being loaded has none.
func (x *tab) wait(expression string) {
	x.t.Helper()
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var ok bool
		if ok, err = chromedp.Run(x.ctx, chromedp.Evaluate[bool]("!!("+expression+")")); ok {
			return
		}
	}
	x.shot("failed")
	x.t.Fatalf("never: %s (%v)\nscript: %s\n%.3000s", expression, err, x.errors, eval[string](x, "document.body.innerText"))
}

// shot keeps a picture of the window if HEXAPLA_SCREENSHOTS names a folder.
func (x *tab) shot(name string) {
	x.t.Helper()
	dir := os.Getenv("HEXAPLA_SCREENSHOTS")
	if dir == "" {
		return
	}
	data, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		x.t.Logf("screenshot %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		x.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o666); err != nil {
		x.t.Fatal(err)
	}
}

// phone gives the window the size of a phone.
func (x *tab) phone() {
	x.run(chromedp.EmulateViewport(375, 740, chromedp.EmulateScale(2), chromedp.EmulateMobile))
}

func (x *tab) dark() {
	_, err := chromedp.Call(x.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	if err != nil {
		x.t.Fatal(err)
	}
}

// noErrors checks that the script of the page had no error.
func (x *tab) noErrors() {
	x.t.Helper()
	if s := x.errors.String(); s != "" {
		x.t.Errorf("errors of the script: %s", s)
	}
}

func TestScreens(t *testing.T) {
	if os.Getenv("HEXAPLA_SCREENSHOTS") == "" {
		t.Skip("no HEXAPLA_SCREENSHOTS")
	}
	s := serveFolder(t, newsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	x.shot("board-1280")
	for _, page := range []struct{ name, path string }{
		{"article", "/a/uk/articles/2026/river-pact.html"}, {"article-ru", "/a/ru/articles/briefs/metro-line.md"}, {"article-fa", "/a/fa/articles/briefs/metro-line.md"},
		{"locale", "/?locale=uk"}, {"messages", "/messages?locale=uk"}, {"terms", "/terms?locale=uk"}, {"memory", "/memory?q=river"}, {"files", "/files"}, {"settings", "/settings"}, {"keys", "/keys"},
		{"approve", "/approve/uk/articles/2026/river-pact.html"}, {"changes", "/changes/uk/articles/2026/river-pact.html"},
	} {
		x.open(s.base + page.path)
		x.shot(page.name + "-1280")
	}
	x.open(s.base + "/a/uk/articles/2026/river-pact.html")
	x.run(chromedp.Click(chromedp.CSS(".segments > .row:nth-child(5) .target")))
	x.wait("document.querySelector('.row.open .editing')")
	time.Sleep(300 * time.Millisecond)
	x.shot("open-1280")
	x.dark()
	x.shot("open-dark-1280")
	x.phone()
	x.shot("open-375")
	x.open(s.base + "/")
	x.shot("board-375")
	x.open(s.base + "/?locale=uk")
	x.shot("locale-375")
	x.open(s.base + "/a/fa/articles/briefs/metro-line.md")
	x.shot("article-fa-375")
	x.noErrors()
}
