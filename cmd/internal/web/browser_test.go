package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdpnetwork "github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
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

	noScript bool // the browser runs none
}

// sharedBrowser is the browser of all tests; TestMain ends it.
var sharedBrowser struct {
	once sync.Once
	ctx  context.Context
	stop []context.CancelFunc
	err  error
}

// TestMain ends the browser that tests have started. In another process of a benchmark it
// builds a project instead.
func TestMain(m *testing.M) {
	if dir := os.Getenv(buildFolder); dir != "" {
		buildAgain(dir)
	}
	code := m.Run()
	for _, stop := range slices.Backward(sharedBrowser.stop) {
		stop()
	}
	os.Exit(code)
}

// newTab opens a window of a browser that reaches no other host. Every test has its own
// session: its server has its own token.
func newTab(t *testing.T, width, height int) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	path := chromium(t)
	b := &sharedBrowser
	b.once.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.WindowSize(1280, 900))
		ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
		b.stop = append(b.stop, stop)
		b.ctx, stop = chromedp.NewContext(ctx)
		b.stop = append(b.stop, stop)
		b.err = chromedp.Do(b.ctx)
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	ctx, stop := chromedp.NewContext(b.ctx)
	t.Cleanup(stop)
	x := &tab{t: t, ctx: ctx, errors: &logBuffer{}}
	x.begin(width, height)
	if _, err := chromedp.Call(ctx, cdpnetwork.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
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
	ctx, cancel := context.WithTimeout(x.ctx, patience)
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
	if !x.noScript {
		x.ready()
	}
}

// eval returns the value of an expression, which may be a promise.
func eval[T any](x *tab, expression string) T {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.ctx, patience)
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
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
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

func (x *tab) dark() { x.colors(true) }

// colors gives the window the colors of the night or of the day.
func (x *tab) colors(dark bool) {
	x.t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	_, err := chromedp.Call(x.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}})
	if err != nil {
		x.t.Fatal(err)
	}
}

// speak chooses the language of the page.
func (x *tab) speak(s *site, language string) {
	x.t.Helper()
	_, err := chromedp.Call(x.ctx, cdpnetwork.SetCookie, cdpnetwork.SetCookieParams{Name: languageCookie, Value: language, URL: s.base + "/"})
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

// publishedNewsroom is the newsroom with catalogs, whose editions were published before one
// of its articles was corrected.
func publishedNewsroom(t *testing.T) string {
	t.Helper()
	dir := newsroom(t)
	writeFile(t, filepath.Join(dir, "locales/active.en.toml"), "[Minutes]\ndescription = \"beside an article: how long reading takes\"\none = \"{{.PluralCount}} minute\"\nother = \"{{.PluralCount}} minutes\"\n[Live]\nother = \"Now on air\"\n")
	writeFile(t, filepath.Join(dir, "locales/active.uk.toml"), "[Live]\nother = \"У прямому ефірі\"\n")
	config, err := os.ReadFile(filepath.Join(dir, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "hexapla.toml"), string(config)+"\n[catalogs]\ndir = \"locales\"\n")
	build(t, dir)
	name := filepath.Join(dir, filepath.FromSlash(metro))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, strings.Replace(string(data), "opened its third", "has opened its third", 1)+"\nA fourth line is planned.\n")
	return dir
}

func TestScreens(t *testing.T) {
	if os.Getenv("HEXAPLA_SCREENSHOTS") == "" {
		t.Skip("no HEXAPLA_SCREENSHOTS")
	}
	s := serveFolder(t, publishedNewsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	x.shot("board-1280")
	for _, page := range []struct{ name, path string }{
		{"article", "/a/uk/articles/2026/river-pact.html"}, {"article-ru", "/a/ru/articles/briefs/metro-line.md"}, {"article-fa", "/a/fa/articles/briefs/metro-line.md"},
		{"locale", "/?locale=uk"}, {"messages", "/messages?locale=uk"}, {"terms", "/terms?locale=uk"}, {"term", "/terms?locale=uk&q=reservoir&concept=reservoir&old=водосховище"}, {"impact", "/terms?locale=uk&source=train&target=x"}, {"memory", "/memory?q=river"}, {"files", "/files"}, {"settings", "/settings"}, {"keys", "/keys"},
		{"approve", "/approve/uk/articles/2026/river-pact.html"}, {"changes", "/changes/uk/" + metro}, {"twin", "/a/sr-ME/" + metro},
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
	time.Sleep(300 * time.Millisecond) // until colors have changed
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

// key presses a key with modifiers.
func (x *tab) key(keys string, options ...chromedp.KeyOption) {
	x.t.Helper()
	x.run(chromedp.KeyEvent(keys, options...))
}

var ctrl, alt, shift = chromedp.KeyModifiers(kb.ModifierCtrl), chromedp.KeyModifiers(kb.ModifierAlt), chromedp.KeyModifiers(kb.ModifierShift)

// ready waits until the script of the page listens: what is typed before is lost.
func (x *tab) ready() {
	x.t.Helper()
	x.wait("document.readyState === 'complete' && document.documentElement.classList.contains('scripted')")
}

// openSegment opens the segment whose source has a text, as a click does.
func (x *tab) openSegment(part string) {
	x.t.Helper()
	x.ready()
	n := eval[int](x, "1 + [...document.querySelectorAll('.segments > .row')].findIndex(r => r.querySelector('.source').textContent.includes("+strconv.Quote(part)+"))")
	if n == 0 {
		x.t.Fatalf("no segment with %q", part)
	}
	row := fmt.Sprintf(".segments > .row:nth-child(%d)", n)
	x.run(chromedp.ScrollIntoView(chromedp.CSS(row+" .target")), chromedp.Click(chromedp.CSS(row+" .target")))
	x.wait("document.querySelector('" + row + ".open .editing') === document.activeElement")
}

const value = "document.querySelector('.row.open textarea').value"

// TestTranslatorsDay walks through what a translator and an editor do.
func TestTranslatorsDay(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	if eval[string](x, "location.search") != "" {
		t.Error("the token stays in the address")
	}
	x.shot("day-1-board")
	x.run(chromedp.Click(chromedp.CSS("a[href='/a/tt/" + metro + "']")))
	x.wait("document.querySelector('.segments')")

	// A translation with codes, placed by the keyboard around a selection.
	x.openSegment("11 stations")
	x.run(chromedp.KeyEvent("Яңа линиядә 11 станция"))
	x.key(kb.ArrowLeft, shift, ctrl)
	x.key(kb.ArrowLeft, shift, ctrl)
	x.key("t", alt)
	x.wait(value + " === 'Яңа линиядә <1>11 станция</1>'")
	// A finding while it is typed: a number of the source is missing.
	x.wait("document.querySelector('.row.open .live').textContent.includes('22')")
	x.shot("day-2-codes-and-finding")
	x.key(kb.End, ctrl)
	x.run(chromedp.KeyEvent(" бар, һәм ул аэропортны 22 минутта тоташтыра."))
	x.wait("!document.querySelector('.row.open .live .error')")
	// A chip is removed as one thing, and undo brings it back.
	x.key(kb.Home, ctrl)
	for range 13 {
		x.key(kb.Delete)
	}
	x.wait("!" + value + ".includes('<1>')")
	x.key("z", ctrl)
	x.wait(value + ".includes('<1>11')")
	for range 20 {
		if strings.HasPrefix(eval[string](x, value), "Яңа") {
			break
		}
		x.key("z", ctrl)
	}
	x.wait(value + ".startsWith('Яңа линиядә <1>11 станция</1> бар')")
	x.key(kb.Enter, ctrl)
	x.wait("document.querySelector('#toast.shown')")
	x.wait("document.querySelector('.row.open .source').textContent.includes('nine years')")
	contains(t, eval[string](x, "document.querySelector('#progress').textContent"), "1 of 7")
	if seg := s.enter().article("tt", metro).find(t, "11 stations"); seg.Target != "Яңа линиядә <1>11 станция</1> бар, һәм ул аэропортны 22 минутта тоташтыра." || seg.Origin.Name != "Anna" {
		t.Errorf("%+v", seg)
	}

	// Leaving a segment saves it.
	x.run(chromedp.KeyEvent("«Бу поездны тугыз ел көттек», диде Ана Сорел."))
	x.openSegment("single ticket")
	if seg := s.article("tt", metro).find(t, "nine years"); !strings.Contains(seg.Target, "тугыз ел") {
		t.Errorf("%+v", seg)
	}
	x.key("c", alt) // the source, with its codes
	x.wait(value + " === 'A single ticket costs 40 cents; see the <1>timetable</1>.'")
	x.key("s", ctrl) // refused: it is not translated
	x.wait("document.querySelector('.row.open .alert.error')")
	x.shot("day-3-refused")
	x.run(chromedp.Evaluate[chromedp.Void]("document.querySelector('.row.open').dataset.old = 1"))
	x.key(kb.Escape)
	x.wait("document.querySelector('.row.open:not([data-old]) .alert.error')") // a text that cannot be saved stays
	x.run(chromedp.Evaluate[chromedp.Void]("document.querySelector('.row.open .editing').focus()"))
	x.key("a", ctrl)
	x.run(chromedp.KeyEvent("Бер билет 40 цент тора, "))
	x.key("t", alt)
	x.run(chromedp.KeyEvent("җәдвәл"))
	x.key("t", alt)
	x.key("s", ctrl)
	x.wait("document.querySelector('#toast.shown') && !document.querySelector('.row.open .alert.error')")

	// Undo by the button.
	x.run(chromedp.Click(chromedp.CSS("#toast button")))
	x.wait("document.querySelector('.row.open textarea')?.value === ''")

	// A comment, and its answer.
	x.run(chromedp.Click(chromedp.CSS(".row.open .newnote > summary")), chromedp.SendKeys(chromedp.CSS(".row.open .newnote textarea"), "Which cents?"), chromedp.Click(chromedp.CSS(".row.open .newnote form > button")))
	x.wait("document.querySelector('.row.open .thread')?.textContent.includes('Which cents?')")
	x.run(chromedp.Click(chromedp.CSS(".row.open .thread summary")), chromedp.SendKeys(chromedp.CSS(".row.open .thread textarea"), "Of the crown."), chromedp.Click(chromedp.CSS(".row.open .thread [name=resolve]")))
	x.wait("document.querySelector('.row.open .thread.resolved .answer')?.textContent.includes('Of the crown.')")
	x.shot("day-4-comment")
	x.noErrors()

	// The editor: a reviewed page, its preview, approval of many.
	x.open(s.base + "/a/uk/" + river)
	x.run(chromedp.Click(chromedp.CSS(".buttons [data-preview-toggle]")))
	x.openSegment("The offer comes")
	x.wait("document.querySelector('.preview iframe').src.endsWith('#s13')")
	time.Sleep(500 * time.Millisecond)
	x.shot("day-5-preview")
	x.key(kb.End, ctrl)
	x.run(chromedp.KeyEvent(" Докладно нижче."))
	x.key(kb.Enter, ctrl, chromedp.KeyModifiers(kb.ModifierShift))
	x.wait("document.querySelector('#toast.shown')")
	x.wait("document.querySelector('.preview iframe').src.includes('at=')")
	contains(t, s.get("/preview/uk/"+river), "Докладно нижче.")
	if seg := s.article("uk", river).find(t, "The offer comes"); seg.State != "reviewed" || !strings.HasSuffix(seg.Target, "Докладно нижче.") {
		t.Errorf("%+v", seg)
	}
	x.open(s.base + "/approve/uk/" + metro + "?state=final")
	x.shot("day-6-approve")
	x.run(chromedp.Click(chromedp.CSS("form .actions .primary")))
	x.wait("document.querySelector('.articlehead .alert.ok')")
	if seg := s.article("uk", metro).find(t, "11 stations"); seg.State != "final" {
		t.Errorf("%+v", seg)
	}
	x.noErrors()
}

// TestTwoWindows: the second of two people on one segment is told and loses nothing.
func TestTwoWindows(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	y := x.another()
	for _, w := range []*tab{x, y} {
		w.open(s.base + "/a/tt/" + metro)
		w.openSegment("opened its third")
	}
	y.run(chromedp.KeyEvent("Икенче текст 24."))
	x.run(chromedp.KeyEvent("Беренче текст 24."))
	x.key("s", ctrl)
	x.wait("document.querySelector('#toast.shown')")
	y.wait("document.querySelector('#toast.shown')?.textContent.includes('Somebody else')") // as it happens
	y.key("s", ctrl)
	y.wait("document.querySelector('.row.open .alert.conflict')")
	y.shot("conflict")
	if text := eval[string](y, "document.querySelector('.row.open .theirs').textContent"); text != "Беренче текст 24." {
		t.Errorf("theirs: %q", text)
	}
	if text := eval[string](y, value); text != "Икенче текст 24." {
		t.Errorf("what was typed: %q", text)
	}
	if seg := s.enter().article("tt", metro).find(t, "opened its third"); seg.Target != "Беренче текст 24." {
		t.Errorf("overwritten: %+v", seg)
	}
	y.key("s", ctrl) // a decision
	y.wait("!document.querySelector('.row.open .alert.conflict')")
	x.wait(value + " === 'Икенче текст 24.'") // nothing was typed there: it follows
	x.noErrors()
}

// TestKeyboardOnly edits and approves without a mouse.
func TestKeyboardOnly(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	x.key("/")
	x.wait("document.activeElement.name === 'q'")
	x.run(chromedp.KeyEvent("metro\r"))
	x.wait("document.querySelectorAll('tbody tr').length === 1")
	x.open(s.base + "/a/tt/" + metro)
	x.key("?")
	x.wait("document.querySelector('dialog[open]')")
	x.shot("keys-dialog")
	x.key(kb.Escape)
	x.wait("!document.querySelector('dialog[open]')")
	x.key("j")
	x.key("j")
	x.wait("document.querySelector('#s2.cursor')")
	x.key(kb.Enter)
	x.wait("document.querySelector('#s2.open .editing') === document.activeElement")
	x.run(chromedp.KeyEvent("Яңа линия 22 минут."))
	x.key(kb.ArrowDown, alt)
	x.wait("document.querySelector('#s3.open .editing') === document.activeElement")
	if seg := s.enter().article("tt", metro).Segments[1]; seg.Target != "Яңа линия 22 минут." {
		t.Errorf("%+v", seg)
	}
	x.key(kb.Escape)
	x.wait("!document.querySelector('.row.open') && document.activeElement.closest('#s3')")
	// Every control can be reached by Tab, in the order of the page.
	x.open(s.base + "/a/tt/" + metro)
	seen := map[string]bool{}
	for range 40 {
		x.key(kb.Tab)
		seen[eval[string](x, "document.activeElement.className + ' ' + (document.activeElement.getAttribute('href') ?? '')")] = true
	}
	if len(seen) < 25 {
		t.Errorf("Tab reaches %d things: %v", len(seen), seen)
	}
	x.noErrors()
}

// TestRightToLeft: the whole page is a mirror, and chips stand in the order of the text.
func TestRightToLeft(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	x.open(s.base + "/settings")
	x.run(chromedp.Evaluate[chromedp.Void]("document.querySelector('[name=language]').value = 'fa'"), chromedp.Click(chromedp.CSS("main form .primary")))
	x.wait("document.documentElement.dir === 'rtl'")
	x.open(s.base + "/a/fa/" + metro)
	x.openSegment("11 stations")
	x.shot("rtl")
	if eval[bool](x, "document.querySelector('.brand').getBoundingClientRect().left < document.querySelector('.me').getBoundingClientRect().left") {
		t.Error("the head is not mirrored")
	}
	if eval[bool](x, "document.querySelector('.row.open .source').getBoundingClientRect().left < document.querySelector('.row.open .editing').getBoundingClientRect().left") {
		t.Error("the columns are not mirrored")
	}
	if !eval[bool](x, "((c) => c.length === 2 && c[0].getBoundingClientRect().left > c[1].getBoundingClientRect().left)([...document.querySelectorAll('.row.open .editing .code')])") {
		t.Error("the chips of a Persian text do not stand from right to left")
	}
	if eval[bool](x, "document.documentElement.scrollWidth > innerWidth") {
		t.Error("the page is wider than the window")
	}
	x.phone()
	x.open(s.base + "/a/fa/" + metro)
	x.shot("rtl-375")
	x.noErrors()
}

// TestWidths: no page is wider than a phone, and what is touched is large enough (WCAG
// 2.2, 2.5.8).
func TestWidths(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	x.phone()
	for _, path := range []string{"/", "/?locale=uk", "/a/uk/" + river, "/a/uk/" + metro + "?unit=title&segment=s1", "/approve/uk/" + metro, "/changes/uk/" + metro, "/messages?locale=uk", "/terms?locale=uk", "/memory?q=river", "/files", "/settings", "/keys"} {
		x.open(s.base + path)
		if w := eval[int](x, "document.documentElement.scrollWidth"); w > 375 {
			t.Errorf("%s is %d pixels wide: %s", path, w, eval[string](x, "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 376 && !e.closest('.scroll, .site')).slice(0, 5).map(e => e.outerHTML.slice(0, 80)).join('\\n')"))
		}
		if small := eval[string](x, "[...document.querySelectorAll('button, .button, select, input:not([type=hidden]), .site a, .tabs a')].filter(e => e.checkVisibility() && !e.closest('.vh') && !e.matches('[data-auto] > button') && !e.classList.contains('vh')).filter(e => e.getBoundingClientRect().height < 24 && e.type !== 'checkbox').map(e => e.outerHTML.slice(0, 80)).join('\\n')"); small != "" {
			t.Errorf("%s: too small to touch: %s", path, small)
		}
	}
	x.noErrors()
}

// TestNoScript: the forms work in a browser without JavaScript.
func TestNoScript(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	if _, err := chromedp.Call(x.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	x.noScript = true
	x.open(s.base + "/a/tt/" + metro)
	x.run(chromedp.Click(chromedp.CSS("#s3 .number")), chromedp.WaitVisible(chromedp.CSS("#s3.open textarea")))
	x.shot("noscript")
	x.run(chromedp.SendKeys(chromedp.CSS("#s3 textarea[name=text]"), "Велин 24 сентябрьдә."), chromedp.Click(chromedp.CSS("#s3 .actions .primary")), chromedp.WaitVisible(chromedp.CSS(".articlehead .alert.ok")))
	if seg := s.enter().article("tt", metro).Segments[2]; seg.Target != "Велин 24 сентябрьдә." {
		t.Errorf("%+v", seg)
	}
	x.run(chromedp.Click(chromedp.CSS(".articlehead .alert.ok button")), chromedp.WaitNotPresent(chromedp.CSS(".articlehead .alert.ok")))
	if seg := s.article("tt", metro).Segments[2]; seg.Filled {
		t.Errorf("not undone: %+v", seg)
	}
}

// TestTwinScripts: the edition of the same language in another script is edited beside
// this one, with and without JavaScript.
func TestTwinScripts(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	seg := s.article("sr", metro).find(t, "single ticket")
	at := url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode()
	contains(t, s.get("/a/sr-ME/"+metro+"?"+at), `data-twin="sr"`, `name="base" value="`+seg.Base+`"`)
	text := seg.Target + " Да."
	code, page := s.post("/save/sr/"+metro, "unit", seg.Unit, "segment", seg.Segment, "base", seg.Base, "text", text, "back", "/a/sr-ME/"+metro+"?"+at)
	if code != 200 || !strings.Contains(page, `data-locale="sr-ME"`) || strings.Contains(page, `name="batch"`) {
		t.Errorf("%d: not the page that the form was on", code)
	}
	if got := s.article("sr", metro).find(t, "single ticket"); got.Target != text {
		t.Errorf("%+v", got)
	}
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	x.open(s.base + "/a/sr-ME/" + metro)
	x.openSegment("11 stations")
	x.shot("twin-open")
	before := s.article("sr", metro).find(t, "11 stations").Target
	x.run(chromedp.SendKeys(chromedp.CSS(".twin textarea"), " Да."), chromedp.Click(chromedp.CSS(".twin button")))
	x.wait("document.querySelector('#toast.shown')")
	if got := s.article("sr", metro).find(t, "11 stations").Target; got != before+" Да." && got != " Да."+before {
		t.Errorf("%q, then %q", before, got)
	}
	// A second save is based on the first.
	x.run(chromedp.SendKeys(chromedp.CSS(".twin textarea"), " Да."))
	x.wait("document.querySelector('.twin [name=base]').value === '" + s.article("sr", metro).find(t, "11 stations").Base + "'")
	x.run(chromedp.Click(chromedp.CSS(".twin button")))
	x.wait("document.querySelector('#toast.shown:not(.bad)')")
	x.noErrors()
}

// TestPreviewScript: an article whose own script tries to reach the API from the preview
// does not run, and reaches nothing.
func TestPreviewScript(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), "[project]\nlocales = [\"uk\"]\narticles = [\"articles/*\"]\n")
	writeFile(t, filepath.Join(dir, "articles/a.html"), `<html><head><title>A</title><script>parent.stolen = 1; fetch("/api/v1/board").then(r => { parent.postMessage(r.status, "*") });</script></head>
<body onload="top.location='/settings'"><p>Text.</p><img src=x onerror="fetch('/api/v1/board')"><form action="/settings" method="post" id=f><input name=name value=Mallory></form><script>f.submit()</script><meta http-equiv=refresh content="0;url=/logout"></body></html>`)
	s := serveFolder(t, dir, nil)
	x := newTab(t, 1600, 900)
	x.open(s.Address())
	x.open(s.base + "/a/uk/articles/a.html")
	x.run(chromedp.Evaluate[chromedp.Void]("window.got = []; addEventListener('message', e => got.push(e.data))"))
	x.wait("document.querySelector('.preview iframe').offsetParent")
	time.Sleep(700 * time.Millisecond)
	if eval[bool](x, "window.stolen !== undefined || got.length > 0 || !location.pathname.startsWith('/a/')") {
		t.Error("the script of the article ran")
	}
	// The same document, opened by itself, is closed in the same way.
	x.run(chromedp.Navigate(s.base + "/preview/uk/articles/a.html"))
	time.Sleep(300 * time.Millisecond)
	if page := s.enter().get("/settings"); strings.Contains(page, "Mallory") {
		t.Error("the form of the article was sent")
	}
}

// TestAccessibility runs axe-core over all pages: the rules of WCAG 2.0 to 2.2, A and
// AA. .ci/run installs it from npm.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join(os.Getenv("HEXAPLA_NODE_MODULES"), "axe-core/axe.min.js"))
	if err != nil && os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
		t.Fatalf("axe-core is required here: %v", err)
	}
	if err != nil {
		t.Skip("axe-core is not installed in HEXAPLA_NODE_MODULES")
	}
	s := serveFolder(t, publishedNewsroom(t), nil).waitBoard()
	x := newTab(t, 1280, 900)
	x.open(s.Address())
	check := func(name string) {
		t.Helper()
		x.run(chromedp.Evaluate[chromedp.Void](string(axe)))
		found := eval[string](x, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], iframes: false}).then(r => r.violations.map(v => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 4).map(n => "  " + n.html.slice(0, 160) + "\n    " + (n.any[0]?.message ?? n.all[0]?.message ?? "")).join("\n")).join("\n"))`)
		if found != "" {
			t.Errorf("%s: %s", name, found)
		}
	}
	// What axe-core is to find is found.
	x.run(chromedp.Evaluate[chromedp.Void](string(axe)), chromedp.Evaluate[chromedp.Void]("document.querySelector('h1').style.color = '#ccc'; document.querySelector('main').append(document.createElement('img'))"))
	if ids := eval[string](x, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa"]}).then(r => r.violations.map(v => v.id).sort().join(" "))`); ids != "color-contrast image-alt" {
		t.Fatalf("axe-core finds %q in a page with two faults", ids)
	}
	paths := []string{"/", "/?locale=uk", "/a/uk/" + river, "/a/fa/" + metro + "?unit=title&segment=s1", "/a/uk/" + river + "?show=findings", "/approve/uk/" + metro, "/changes/uk/" + metro, "/messages?locale=uk", "/terms?locale=uk&source=train&target=x", "/terms?locale=uk&q=reservoir&concept=reservoir&old=водосховище", "/memory?q=river", "/files", "/settings", "/keys", "/nowhere"}
	// Each pair of language, colors and width is looked at; with HEXAPLA_ALL_PAGES all eight
	// combinations.
	for _, mode := range []struct {
		language    string
		dark, phone bool
		extra       bool
	}{
		{"en", false, false, false}, {"en", true, true, false}, {"fa", true, false, false}, {"fa", false, true, false},
		{"en", false, true, true}, {"en", true, false, true}, {"fa", false, false, true}, {"fa", true, true, true},
	} {
		if mode.extra && os.Getenv("HEXAPLA_ALL_PAGES") == "" {
			continue
		}
		x.colors(mode.dark)
		if mode.phone {
			x.phone()
		} else {
			x.run(chromedp.EmulateViewport(1280, 900))
		}
		x.speak(s, mode.language)
		for _, path := range paths {
			x.open(s.base + path)
			check(fmt.Sprintf("%s, %+v", path, mode))
		}
		x.open(s.base + "/a/uk/" + river)
		x.openSegment("before the next dry season")
		check(fmt.Sprintf("an open segment, %+v", mode))
		x.key(kb.Escape)
		if lang := eval[string](x, "document.documentElement.lang"); lang != mode.language {
			t.Fatalf("the page is in %s, not in %s", lang, mode.language)
		}
	}
	// Those who are not let in see a page too.
	if _, err := chromedp.Call(x.ctx, cdpnetwork.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	x.open(s.base + "/")
	check("the log-in")
}
