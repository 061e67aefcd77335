package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/goldentest"
)

// shownLocales are the locales whose editions are kept whole, so that a change
// can be read: Cyrillic, right-to-left, a language with two scripts, and the
// source language. Of the others there are checksums.
var shownLocales = []string{"en", "fa", "ru", "sr-ME"}

// TestNewsroomEditions builds the editions of the sample newsroom and compares
// them with those of the last accepted build, byte for byte.
func TestNewsroomEditions(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(newsroomDir)); err != nil {
		t.Fatal(err)
	}
	keepCommittedEditions(t, dir)
	var out bytes.Buffer
	if code := run(context.Background(), []string{"hexapla", "--project", dir, "build"}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("build: exit %d\n%s", code, out.String())
	}
	shown := map[string][]byte{}
	var sums []string
	committed := map[string][]byte{}
	root := os.DirFS(filepath.Join(dir, "editions"))
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		locale, _, _ := strings.Cut(name, "/")
		if locale == committedLocale {
			committed[strings.TrimPrefix(name, locale+"/")] = data
		} else if slices.Contains(shownLocales, locale) {
			shown[name] = data
		} else {
			sums = append(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	shown["others.sha256"] = []byte(strings.Join(sums, ""))
	goldentest.CheckDir(t, filepath.Join("testdata", "newsroom"), shown)
	// A build of the sample itself leaves its committed editions as they are.
	goldentest.CheckDir(t, filepath.Join(newsroomDir, "editions", committedLocale), committed)
	if !bytes.Contains(committed["manifest.json"], []byte(`"status": "outdated"`)) {
		t.Error("the sample has no outdated page that is kept")
	}
}

// newsroomDir is the sample newsroom. The editions of committedLocale are committed
// with it: one of them is of an earlier state of its article.
const (
	newsroomDir     = "../../testdata/newsroom"
	committedLocale = "uk"
)

// keepCommittedEditions removes from a copy of the sample newsroom what a build in the
// sample itself left.
func keepCommittedEditions(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, ".hexapla")); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "editions"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if e.Name() != committedLocale {
			if err := os.RemoveAll(filepath.Join(dir, "editions", e.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
}
