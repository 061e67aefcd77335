package locales

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// form evaluates a Plural-Forms field for n. Its conditions are Go expressions
// as well as C ones.
func form(t *testing.T, forms string, n uint64) int {
	t.Helper()
	_, plural, _ := strings.Cut(forms, "plural=")
	plural = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(plural, "("), ";"), ")")
	for {
		condition, rest, ok := strings.Cut(plural, " ? ")
		if !ok {
			i, err := strconv.Atoi(plural)
			if err != nil {
				t.Fatalf("%s: %v", forms, err)
			}
			return i
		}
		value, err := types.Eval(token.NewFileSet(), nil, token.NoPos, strings.ReplaceAll(condition, "n", strconv.FormatUint(n, 10)))
		if err != nil {
			t.Fatalf("%s: %v", forms, err)
		}
		then, otherwise, _ := strings.Cut(rest, " : ")
		if constant.BoolVal(value.Value) {
			i, err := strconv.Atoi(then)
			if err != nil {
				t.Fatalf("%s: %v", forms, err)
			}
			return i
		}
		plural = otherwise
	}
}

func TestGettextPlural(t *testing.T) {
	for tag, want := range map[string]string{
		"ru": "one few many", "uk": "one few many", "be": "one few many", "pl": "one few many", "sr": "one few other", "bs": "one few other",
		"ro": "one few other", "cs": "one few other", "ar": "zero one two few many other", "en": "one other", "tt": "other", "ja": "other",
		"crh-Latn": "one other", "fa": "one other", "sr-ME": "one few other", "es": "one many other", "mk": "one other", "xx": "other",
	} {
		if _, got := GettextPlural(tag); strings.Join(got, " ") != want {
			t.Errorf("%s has the forms %v; want %s", tag, got, want)
		}
	}
	if forms, _ := GettextPlural("en"); forms != "nplurals=2; plural=(n==1 ? 0 : 1);" {
		t.Errorf("en: %s", forms)
	}
	tags := []string{"sl", "lt", "lv", "ga", "he", "mt", "br", "cy"}
	tags = append(tags, Embedded().Locales()...)
	for l := range cardinalRules() {
		tags = append(tags, l)
	}
	slices.Sort(tags)
	for _, tag := range slices.Compact(tags) {
		forms, categories := GettextPlural(tag)
		if !strings.HasPrefix(forms, fmt.Sprintf("nplurals=%d; ", len(categories))) {
			t.Fatalf("%s: %s with %v", tag, forms, categories)
		}
		for n := uint64(0); n < 2_100_000; n += 1 + n/60 {
			if got, want := categories[form(t, forms, n)], Plural(tag, n); got != want {
				t.Fatalf("%s: %s gives %s for %d; want %s", tag, forms, got, n, want)
			}
		}
	}
}

// TestGettextReads gives every formula to msgfmt, which refuses those that it
// cannot read, and those that give a form that is not there.
func TestGettextReads(t *testing.T) {
	msgfmt, err := exec.LookPath("msgfmt")
	if err != nil {
		t.Skip("msgfmt is not installed")
	}
	for _, tag := range Embedded().Locales() {
		forms, categories := GettextPlural(tag)
		var b strings.Builder
		fmt.Fprintf(&b, "msgid \"\"\nmsgstr \"\"\n\"Language: %s\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Plural-Forms: %s\\n\"\n\nmsgid \"a\"\nmsgid_plural \"b\"\n", strings.ReplaceAll(tag, "-", "_"), forms)
		for i := range categories {
			fmt.Fprintf(&b, "msgstr[%d] \"c\"\n", i)
		}
		name := filepath.Join(t.TempDir(), tag+".po")
		if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(msgfmt, "--check-header", "--check-format", "-o", os.DevNull, name).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s%s", tag, err, out, &b)
		}
	}
}
