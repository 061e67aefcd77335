package deploy

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"hexapla/cmd/internal/deploy/deploytest"
)

// A manifest that is in the target never lists a page or a part that is not there, but for
// a page that is taken away.
func TestOrderOfManifest(t *testing.T) {
	s := deploytest.Start(t)
	address, err := url.Parse(s.Address)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var log []string
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(address)
		r.Out.Host = r.In.Host // as it is signed
		if m := r.In.Method; m == http.MethodPut || m == http.MethodDelete {
			mu.Lock()
			log = append(log, m+" "+strings.TrimPrefix(r.In.URL.Path, "/"+deploytest.Bucket+"/"))
			mu.Unlock()
		}
	}})
	defer proxy.Close()
	to := target(s)
	to.Host = strings.TrimPrefix(proxy.URL, "http://")
	m := newMachine(t, to)
	for name, text := range map[string]string{"ru/a.html": "a", "ru/b.html": "b", "ru/manifest.json": "0 1", "ru/manifest.parts/0.json": "b", "ru/manifest.parts/1.json": "a"} {
		m.write(name, text)
	}
	m.run(Upload, Options{})
	before := func(first, then string) {
		t.Helper()
		if i, k := slices.Index(log, first), slices.Index(log, then); i < 0 || k < 0 || i > k {
			t.Errorf("%s is not before %s:\n%s", first, then, strings.Join(log, "\n"))
		}
	}
	before("PUT ru/a.html", "PUT ru/manifest.json")
	before("PUT ru/manifest.parts/1.json", "PUT ru/manifest.json")
	log = nil
	for _, name := range []string{"ru/b.html", "ru/manifest.parts/0.json", "ru/manifest.parts/1.json"} {
		if err := m.dir.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	m.write("ru/manifest.json", "a")
	m.run(Upload, Options{})
	before("DELETE ru/b.html", "PUT ru/manifest.json")
	before("PUT ru/manifest.json", "DELETE ru/manifest.parts/0.json")
	before("PUT ru/manifest.json", "DELETE ru/manifest.parts/1.json")
	if got := slices.Sorted(maps.Keys(files(t, s.Folder))); slices.ContainsFunc(got, func(name string) bool { return strings.Contains(name, "manifest.parts/") }) {
		t.Errorf("left: %q", got)
	}
}
