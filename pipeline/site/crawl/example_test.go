package crawl_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"hexapla/pipeline/site/crawl"
)

func ExampleCheck() {
	folder := fstest.MapFS{
		"en/a.html": {Data: []byte(`<html lang="en"><link rel="canonical" href="https://x.example/en/a.html"><a href="b.html">b</a>`)},
	}
	r, err := crawl.Check(context.Background(), folder, crawl.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Pages, "page;", r.Diagnostics[0].Message)
	// Output: 1 page; a link leads to b.html, which is not there
}
