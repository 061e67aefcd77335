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
	if err := os.CopyFS(dir, os.DirFS("../../testdata/newsroom")); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"editions", ".hexapla"} { // of a build in the sample itself
		if err := os.RemoveAll(filepath.Join(dir, left)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if code := run(context.Background(), []string{"hexapla", "--project", dir, "build"}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("build: exit %d\n%s", code, out.String())
	}
	shown := map[string][]byte{}
	var sums []string
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
		if slices.Contains(shownLocales, locale) {
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
}
