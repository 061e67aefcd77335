package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"hexapla/cmd/internal/arguments"
)

func TestArrange(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"split a.md --json", "split --json a.md"},
		{"split a.md --locale ru --json", "split --locale ru --json a.md"},
		{"split - --json", "split --json -"},
		{"build a.md -l ru,uk b.md", "build -l ru -l uk a.md b.md"},
		{"build --locale=ru,uk", "build --locale ru --locale uk"},
		{"build a.md --lang uk -n", "--lang uk build -n a.md"},
		{"--lang uk build a.md -n", "--lang uk build -n a.md"},
		{"-C news build a.md", "-C news build a.md"},
		{"build a.md -C news", "build -C news a.md"},
		{"memory search word --json", "memory search --json word"},
		{"memory search -- --json", "memory search -- --json"},
		{"memory search a -- --json", "memory search -- a --json"},
		{"catalog check --fail-under ru=100,*=80 --code a,b.go", "catalog check --fail-under ru=100,*=80 --code a,b.go"},
		{"build a.md --nonsense", "build --nonsense a.md"},
		{"build a.md --help", "build --help a.md"},
		{"build a.md --locale", "build --locale a.md"},
		{"catalog", "catalog"},
		{"bild a.md --json", "bild a.md --json"},
		{"build a.md --generate-bash-completion", "build a.md --generate-bash-completion"},
	} {
		app := newApp(strings.NewReader(""), io.Discard, io.Discard)
		got := arguments.Arrange(app, append([]string{"hexapla"}, strings.Fields(tt.in)...))
		if want := append([]string{"hexapla"}, strings.Fields(tt.want)...); !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", tt.in, got, want)
		}
	}
}
