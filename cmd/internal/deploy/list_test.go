package deploy

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"testing"

	"hexapla/cmd/internal/deploy/deploytest"
)

// Of the objects of a target only those are kept that are not as in the index, and not
// those of others.
func TestTags(t *testing.T) {
	server := deploytest.Start(t)
	t.Setenv("AWS_ACCESS_KEY_ID", deploytest.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", deploytest.SecretKey)
	target, err := ParseTarget("s3://" + deploytest.Bucket + "/desk?endpoint=" + server.Address)
	if err != nil {
		t.Fatal(err)
	}
	b, err := open(target, "")
	if err != nil {
		t.Fatal(err)
	}
	idx := &index{Files: map[string]file{"gone.html": {ETag: "x"}}}
	put := func(name string) string {
		t.Helper()
		etag, err := b.write(t.Context(), name, []byte(name), "")
		if err != nil {
			t.Fatal(err)
		}
		return etag
	}
	same := put("uk/same.html")
	idx.Files["uk/same.html"] = file{ETag: same}
	put("uk/changed.html")
	idx.Files["uk/changed.html"] = file{ETag: "another"}
	put("foreign.html")
	put("here.html")
	tags, err := b.tags(t.Context(), idx, map[string]string{"here.html": "", "uk/same.html": ""})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := tags.other["uk/changed.html"]; len(tags.other) != 2 || !ok {
		t.Errorf("kept: %v", tags.other)
	}
	for name, want := range map[string]bool{"uk/same.html": true, "uk/changed.html": true, "here.html": true, "gone.html": false, "foreign.html": false} {
		if etag, ok := tags.of(name); ok != want || name == "uk/same.html" && etag != same {
			t.Errorf("%s: %q, %v", name, etag, ok)
		}
	}
}

// BenchmarkTags lists a million objects, and reports the memory that is in use afterwards.
func BenchmarkTags(b *testing.B) {
	const n, page = 1_000_000, 1000
	b.Setenv("AWS_ACCESS_KEY_ID", "key")
	b.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	name := func(i int) string { return fmt.Sprintf("ru/day-%06d/page-%d.html", i/100, i) }
	etag := func(i int) string { return fmt.Sprintf("%032x", i) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		type object struct{ Key, ETag string }
		var list struct {
			XMLName               xml.Name `xml:"ListBucketResult"`
			IsTruncated           bool
			NextContinuationToken string
			Contents              []object
		}
		from, _ := strconv.Atoi(r.URL.Query().Get("continuation-token"))
		for i := from; i < min(n, from+page); i++ {
			list.Contents = append(list.Contents, object{name(i), etag(i)})
		}
		list.IsTruncated, list.NextContinuationToken = from+page < n, fmt.Sprint(from+page)
		_ = xml.NewEncoder(w).Encode(list)
	}))
	defer server.Close()
	target, err := ParseTarget("s3://bucket?endpoint=" + server.URL)
	if err != nil {
		b.Fatal(err)
	}
	bucket, err := open(target, "")
	if err != nil {
		b.Fatal(err)
	}
	idx := &index{Files: make(map[string]file, n)}
	for i := range n {
		idx.Files[name(i)] = file{ETag: etag(i)}
	}
	heap := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	before := heap()
	var tags objectTags
	for b.Loop() {
		tags, err = bucket.tags(b.Context(), idx, nil)
		if err != nil || len(tags.other) > 0 {
			b.Fatal(len(tags.other), err)
		}
		if _, ok := tags.of(name(n - 1)); !ok {
			b.Fatal("the last object was not listed")
		}
	}
	b.ReportMetric((heap()-before)/n, "B/object")
	runtime.KeepAlive(tags)
}
