package notice

import (
	"regexp"
	"slices"
	"testing"

	"hexapla/cmd/internal/notice/modules"
)

// TestCurrent holds that the text names the modules that are linked today, in their
// versions.
func TestCurrent(t *testing.T) {
	text, err := Text()
	if err != nil {
		t.Fatal(err)
	}
	now, err := modules.Notice()
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(?m)^={80}\n(.+)$`)
	var got, want []string
	for _, m := range names.FindAllStringSubmatch(text, -1) {
		got = append(got, m[1])
	}
	for _, m := range names.FindAllStringSubmatch(now, -1) {
		want = append(want, m[1])
	}
	if !slices.Equal(got, want) {
		t.Errorf("run go generate ./cmd/internal/notice: it has\n%q\nand the program\n%q", got, want)
	}
}
