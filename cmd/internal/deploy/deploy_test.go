package deploy

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/cmd/internal/deploy/deploytest"
	"hexapla/cmd/internal/rootfs"
)

func TestParseTarget(t *testing.T) {
	for _, test := range []struct {
		address string
		want    Target
		err     string
	}{
		{"s3://pages", Target{"pages", "", "us-east-1", "s3.amazonaws.com", true}, ""},
		{"s3://pages/a/b/?region=eu-central-1", Target{"pages", "a/b/", "eu-central-1", "s3.amazonaws.com", true}, ""},
		{"s3://pages?endpoint=https://storage.example:9000", Target{"pages", "", "us-east-1", "storage.example:9000", true}, ""},
		{"s3://pages?endpoint=http://127.0.0.1:9000/", Target{"pages", "", "us-east-1", "127.0.0.1:9000", false}, ""},
		{"s3://pages?endpoint=http://storage.example", Target{}, "unencrypted"},
		{"s3://pages?endpoint=https://storage.example/path", Target{}, "https://HOST"},
		{"s3://key:secret@pages", Target{}, "must not have a key"},
		{"s3:pages", Target{}, "s3://BUCKET"},
		{"https://pages", Target{}, "s3://BUCKET"},
		{"s3://pages#a", Target{}, "#"},
		{"s3://pages?retries=9", Target{}, "one of endpoint, region"},
		{"s3://pa ges", Target{}, "s3://BUCKET"},
	} {
		got, err := ParseTarget(test.address)
		if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("%s: error %v, want %q", test.address, err, test.err)
		}
		if err == nil && got != test.want {
			t.Errorf("%s: %+v", test.address, got)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error has the key: %v", test.address, err)
		}
	}
}

func TestContentType(t *testing.T) {
	for name, want := range map[string]string{
		"a.html": "text/html; charset=utf-8", "a.md": "text/markdown; charset=utf-8", "ru/rss.xml": "application/rss+xml", "sitemap.xml": "application/xml",
		"feed.json": "application/feed+json", "manifest.json": "application/json", "a.JPG": "image/jpeg", "a": "application/octet-stream", "a.xyz": "application/octet-stream",
	} {
		if got := contentType(name, []byte("ї")); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := contentType("a.html", []byte("\xe9")); got != "text/html" {
		t.Errorf("a page in another encoding: %s", got)
	}
}

func TestDeployable(t *testing.T) {
	for name, want := range map[string]bool{"a/b.html": true, "…/ї.md": true, "../a": false, "/a": false, "a/../b": false, ".a": false, "a/.b/c": false, "a//b": false, "": false, "a\\b": false, "a\x00": false} {
		if deployable(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

// machine is a folder with pages, and what is known of the target there.
type machine struct {
	t      testing.TB
	folder string
	dir    *rootfs.Dir
	known  map[string]string
	target Target
}

func newMachine(t testing.TB, target Target) *machine {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", deploytest.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", deploytest.SecretKey)
	m := &machine{t: t, folder: t.TempDir(), target: target}
	var err error
	if m.dir, err = rootfs.Open(m.folder); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.dir.Close)
	return m
}

func (m *machine) write(name, text string) {
	if _, err := m.dir.WriteFile(name, []byte(text)); err != nil {
		m.t.Fatal(err)
	}
}

// try uploads or fetches, and returns the findings by path.
func (m *machine) try(ctx context.Context, f func(context.Context, *rootfs.Dir, Target, Options) (*Result, error), o Options) (*Result, map[string]string, error) {
	o.Known, o.Owner, o.Now = maps.Clone(m.known), m.folder, time.Now()
	r, err := f(ctx, m.dir, m.target, o)
	if r == nil {
		return nil, nil, err
	}
	if !o.DryRun {
		m.known = r.Known
	}
	found := map[string]string{}
	for _, d := range r.Diagnostics {
		found[strings.TrimPrefix(d.Place.Path, m.target.String())] = d.ID
	}
	return r, found, err
}

func (m *machine) run(f func(context.Context, *rootfs.Dir, Target, Options) (*Result, error), o Options) (*Result, map[string]string) {
	m.t.Helper()
	r, found, err := m.try(context.Background(), f, o)
	if err != nil {
		m.t.Fatal(err)
	}
	return r, found
}

// files returns the files below a folder that are not hidden.
func files(t testing.TB, folder string) map[string]string {
	t.Helper()
	dir, err := rootfs.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	out := map[string]string{}
	names, err := dir.Glob([]string{"**"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if data, err := dir.ReadFile(name); err == nil && deployable(name) {
			out[name] = string(data)
		}
	}
	return out
}

func target(s *deploytest.Server) Target {
	return Target{Bucket: deploytest.Bucket, Region: "us-east-1", Host: strings.TrimPrefix(s.Address, "http://")}
}

// Two machines deploy to one target, and another program writes to it.
func TestTwoMachines(t *testing.T) {
	s := deploytest.Start(t)
	a, b := newMachine(t, target(s)), newMachine(t, target(s))
	equal := func(m *machine) {
		t.Helper()
		if d := cmp.Diff(files(t, m.folder), files(t, s.Folder)); d != "" {
			t.Errorf("folder and target differ:\n%s", d)
		}
	}
	if _, _, err := a.try(context.Background(), Upload, Options{}); err == nil {
		t.Error("an empty folder was deployed")
	}
	for _, name := range []string{"uk/a.html", "uk/b.html", "uk/manifest.json", "sitemap.xml", "uk/.hidden", ".git/config"} {
		a.write(name, name)
	}
	if r, _ := a.run(Upload, Options{DryRun: true}); len(r.Written) != 4 || len(files(t, s.Folder)) != 0 {
		t.Errorf("dry run: %+v", r)
	}
	a.run(Upload, Options{})
	equal(a)
	if r, _ := a.run(Upload, Options{}); r.Unchanged != 4 || len(r.Written) != 0 {
		t.Errorf("nothing changed: %+v", r)
	}
	// A machine that has seen nothing of the target overwrites nothing.
	b.write("uk/a.html", "another")
	b.write("uk/new.html", "new")
	r, found := b.run(Upload, Options{})
	if d := cmp.Diff(map[string]string{"uk/a.html": "deploy.conflict", "uk/b.html": "deploy.conflict", "uk/manifest.json": "deploy.conflict", "sitemap.xml": "deploy.conflict"}, found); d != "" || !slices.Equal(r.Written, []string{"uk/new.html"}) {
		t.Errorf("written %q; findings:\n%s", r.Written, d)
	}
	if _, found := b.run(Fetch, Options{}); !maps.Equal(found, map[string]string{"uk/a.html": "deploy.conflict"}) {
		t.Errorf("fetch: %v", found)
	}
	b.run(Fetch, Options{Overwrite: true})
	equal(b)
	b.write("uk/a.html", "of b")
	if err := b.dir.Remove("uk/b.html"); err != nil {
		t.Fatal(err)
	}
	if r, found := b.run(Upload, Options{}); len(found) != 0 || !slices.Equal(r.Removed, []string{"uk/b.html"}) || !slices.Equal(r.Written, []string{"uk/a.html"}) {
		t.Errorf("%+v %v", r, found)
	}
	equal(b)
	// The first machine is out of date: nothing of the second one is undone.
	if r, found := a.run(Upload, Options{}); len(r.Written) != 0 || found["uk/a.html"] == "" || found["uk/b.html"] == "" {
		t.Errorf("%+v %v", r, found)
	}
	a.run(Fetch, Options{})
	equal(a)
	// What another program has written stays.
	if err := os.WriteFile(filepath.Join(s.Folder, "foreign.html"), []byte("foreign"), 0o666); err != nil {
		t.Fatal(err)
	}
	a.write("foreign.html", "ours")
	if _, found := a.run(Upload, Options{}); found["foreign.html"] != "deploy.foreign" {
		t.Errorf("%v", found)
	}
	if got := files(t, s.Folder)["foreign.html"]; got != "foreign" {
		t.Errorf("the file of another program is %q", got)
	}
	a.run(Upload, Options{Overwrite: true})
	equal(a)
}

// A folder that was not built does not take the site away.
func TestRemovesFew(t *testing.T) {
	s := deploytest.Start(t)
	m := newMachine(t, target(s))
	for i := range 30 {
		m.write(fmt.Sprintf("uk/%d.html", i), "page")
	}
	m.run(Upload, Options{})
	for i := range 20 {
		if err := m.dir.Remove(fmt.Sprintf("uk/%d.html", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := m.try(context.Background(), Upload, Options{}); err == nil || !strings.Contains(err.Error(), "20 of the 30 files") {
		t.Errorf("error %v", err)
	}
	if r, _ := m.run(Upload, Options{Overwrite: true}); len(r.Removed) != 20 {
		t.Errorf("%+v", r)
	}
}

// An index is data of somebody else: no path in it leaves the folder.
func TestHostileIndex(t *testing.T) {
	s := deploytest.Start(t)
	m := newMachine(t, target(s))
	b, err := open(m.target, "test")
	if err != nil {
		t.Fatal(err)
	}
	idx := &index{indexVersion, map[string]file{}}
	for _, name := range []string{"../out.html", "/etc/out", ".hidden", "a/../../out", "page.html"} {
		idx.Files[name] = file{SHA256: hash([]byte("x")), ETag: "x"}
	}
	tag, err := b.writeIndex(context.Background(), idx, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.write(context.Background(), "page.html", []byte("changed"), ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.try(context.Background(), Fetch, Options{}); err == nil || !strings.Contains(err.Error(), "not that of the index") {
		t.Errorf("a page that is not that of the index: %v", err)
	}
	if got := files(t, m.folder); len(got) != 0 {
		t.Errorf("fetched %v", got)
	}
	for _, bad := range []string{"", "{", `{"version":9,"files":{}}`, `{"version":1}`, strings.Repeat("[", 1<<20)} {
		if tag, err = b.write(context.Background(), indexName, []byte(bad), tag); err != nil {
			t.Fatal(err)
		}
		m.write("a.html", "a")
		if _, _, err := m.try(context.Background(), Upload, Options{}); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("index %.20q: %v", bad, err)
		}
	}
}

// Random changes by two machines, uploads that are interrupted after any request, and
// uploads at the same time. The laws: what a machine uploads without a finding is in the
// target as it is in its folder; and nothing is overwritten that no machine has seen.
func TestInterrupted(t *testing.T) {
	s := deploytest.Start(t)
	origin, err := url.Parse(s.Address)
	if err != nil {
		t.Fatal(err)
	}
	var left atomic.Int64
	var stop atomic.Pointer[context.CancelFunc]
	proxy := httputil.NewSingleHostReverseProxy(origin)
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) {}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if left.Add(-1) == 0 {
			if rand.IntN(2) == 0 { // the request arrives, its answer does not
				r2 := r.Clone(context.WithoutCancel(r.Context()))
				proxy.ServeHTTP(httptest.NewRecorder(), r2)
			}
			(*stop.Load())()
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	defer front.Close()
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	a, b := newMachine(t, target(s)), newMachine(t, target(s))
	through := target(s)
	through.Host = strings.TrimPrefix(front.URL, "http://")
	random := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		for i, m := range []*machine{a, b} {
			name := fmt.Sprintf("%d/%d.html", i, random.IntN(6)) // each has files of its own
			if random.IntN(4) == 0 {
				_ = m.dir.Remove(name)
			} else {
				m.write(name, fmt.Sprint(round))
			}
			m.write("keep.html", "kept")
		}
		ctx, cancel := context.WithCancel(context.Background())
		stop.Store(&cancel)
		left.Store(1 + random.Int64N(14))
		a.target = through
		_, _, _ = a.try(ctx, Upload, Options{})
		cancel()
		a.target = target(s)
		left.Store(1 << 40)
		var group sync.WaitGroup
		for i, m := range []*machine{a, b} {
			group.Go(func() {
				_, found, err := m.try(context.Background(), Upload, Options{})
				if err != nil {
					t.Errorf("round %d: %v", round, err)
				}
				for name, id := range found {
					if strings.HasPrefix(name, fmt.Sprint(i)) {
						t.Errorf("round %d: %s: %s", round, name, id)
					}
				}
			})
		}
		group.Wait()
		there := files(t, s.Folder)
		for i, m := range []*machine{a, b} {
			here := files(t, m.folder)
			for name, text := range here {
				if strings.HasPrefix(name, fmt.Sprint(i)) && there[name] != text {
					t.Errorf("round %d: %s is %q in the target, not %q", round, name, there[name], text)
				}
			}
			for name := range there {
				if _, ok := here[name]; !ok && strings.HasPrefix(name, fmt.Sprint(i)) {
					t.Errorf("round %d: %s was removed here and is in the target", round, name)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}
