package xliff

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// run runs a program with a home of its own.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir)
	b, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, b)
	}
	return string(b)
}

func write(t *testing.T, data []byte, elem ...string) string {
	t.Helper()
	name := filepath.Join(elem...)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// compareBack checks that a file which a tool has written has every unit and
// segment of ours, and the targets that the tool was to make.
func compareBack(t *testing.T, data []byte, want func(u *exchange.Unit, i int, got *bitext.Target)) {
	t.Helper()
	ours := sample()
	n := 0
	for u, err := range Codec.Decode("back", bytes.NewReader(data)) {
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if n == len(ours) {
			t.Fatalf("more units than were sent: %s", u.ID)
		}
		w := ours[n]
		n++
		if u.ID != w.ID || u.Kind != w.Kind || len(u.Segments) != len(w.Segments) || u.Path != w.Path || u.Batch != w.Batch || u.SHA256 != w.SHA256 {
			t.Fatalf("unit %s (%s, %d segments), want %s (%s, %d)\n%s", u.ID, u.Kind, len(u.Segments), w.ID, w.Kind, len(w.Segments), data)
		}
		for i := range u.Segments {
			if u.Segments[i].ID != w.Segments[i].ID || !u.Segments[i].Source.Equal(w.Segments[i].Source) {
				t.Errorf("unit %s: segment %+v, want %+v", u.ID, u.Segments[i], w.Segments[i])
			}
			want(w, i, &u.Targets[i])
		}
	}
	if n != len(ours) {
		t.Errorf("%d units of %d came back\n%s", n, len(ours), data)
	}
}

const omegatProject = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0"><source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>` +
	`<glossary_dir>__DEFAULT__</glossary_dir><dictionary_dir>__DEFAULT__</dictionary_dir><source_lang>EN</source_lang><target_lang>UK</target_lang>` +
	`<sentence_seg>false</sentence_seg></project></omegat>
`

// TestOmegaT lets OmegaT list the segments of an export, translate them from a
// memory, and reads what it wrote.
func TestOmegaT(t *testing.T) {
	omegat := needTool(t, "omegat")
	dir := t.TempDir()
	write(t, []byte(omegatProject), dir, "omegat.project")
	write(t, encoded(t, exchange.Options{Flavor: FlavorOmegaT}, sample()), dir, "source", "harbour.xlf")
	for _, d := range []string{"target", "omegat", "glossary", "tm", "dictionary"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	tmx := filepath.Join(dir, "all.tmx")
	run(t, dir, omegat, dir, "--mode=console-createpseudotranslatetmx", "--pseudotranslatetmx="+tmx, "--pseudotranslatetype=equal")
	list := string(read(t, tmx))
	for _, want := range []string{"Гавань знову відкрито", "Kite відплив.", "&lt;a1&gt;back&lt;/a1&gt;bell&lt;f2/&gt;", "A kite"} {
		if !strings.Contains(list, want) {
			t.Errorf("OmegaT does not list %q:\n%s", want, list)
		}
	}
	// Each target gets a word before it.
	second := regexp.MustCompile(`(<tuv lang="UK">\s*<seg>)`)
	write(t, []byte(second.ReplaceAllString(list, "${1}Ж ")), dir, "omegat", "project_save.tmx")
	run(t, dir, omegat, dir, "--mode=console-translate")
	compareBack(t, read(t, filepath.Join(dir, "target", "harbour.xlf")), func(u *exchange.Unit, i int, got *bitext.Target) {
		if u.Segments[i].Ignorable {
			return
		}
		from := u.Segments[i].Source
		if u.Targets[i].Filled {
			from = u.Targets[i].Text
		}
		if !got.Filled || got.Text.Chars != "Ж "+from.Chars || len(bitext.CompareCodes(u.Segments[i].Source, got.Text)) > 0 {
			t.Errorf("unit %s, segment %s: target %+v", u.ID, u.Segments[i].ID, got.Text)
		}
	})
}

// TestTranslateToolkit lets the Translate Toolkit fill targets, codes included, as
// Virtaal, Pootle and Weblate do with it.
func TestTranslateToolkit(t *testing.T) {
	needTool(t, "xliff2po")
	python := needTool(t, "/usr/bin/python3")
	dir := t.TempDir()
	in := write(t, encoded(t, exchange.Options{}, sample()), dir, "in.xlf")
	script := write(t, []byte(`
import sys
from translate.storage import xliff
from translate.storage.placeables import StringElem
s = xliff.xlifffile.parsefile(sys.argv[1])
for u in s.units:
    if u.istranslatable() and not u.target:
        u.rich_target = [StringElem(["Ж "] + u.rich_source)]
        u.markapproved(True)
s.savefile(sys.argv[2])
`), dir, "fill.py")
	outFile := filepath.Join(dir, "out.xlf")
	run(t, dir, python, script, in, outFile)
	compareBack(t, read(t, outFile), func(u *exchange.Unit, i int, got *bitext.Target) {
		switch want := u.Targets[i]; {
		case u.Segments[i].Ignorable:
		case want.Filled:
			if !got.Text.Equal(want.Text) || got.State != want.State || got.SubState != want.SubState {
				t.Errorf("unit %s: target %+v, want %+v", u.ID, got, want)
			}
		case !got.Filled || !strings.HasPrefix(got.Text.Chars, "Ж ") || got.State != bitext.Reviewed || len(bitext.CompareCodes(u.Segments[i].Source, got.Text)) > 0:
			t.Errorf("unit %s: target %+v", u.ID, got)
		}
	})
}

// TestTranslateToolkitPO goes to PO: what is approved is no fuzzy there, and bare
// space is no message. (The way back, po2xliff with a template, appends units of
// version 1.1 instead of filling those of 1.2; it is no way for any 1.2 file.)
func TestTranslateToolkitPO(t *testing.T) {
	xliff2po := needTool(t, "xliff2po")
	dir := t.TempDir()
	in := write(t, encoded(t, exchange.Options{}, sample()), dir, "in.xlf")
	po := filepath.Join(dir, "a.po")
	run(t, dir, xliff2po, in, po)
	text := string(read(t, po))
	entry := func(source string) string {
		i := strings.Index(text, "msgid \""+source)
		if i < 0 {
			t.Fatalf("%q is not in the PO file:\n%s", source, text)
		}
		return text[strings.LastIndex(text[:i], "\n\n"):i]
	}
	if strings.Contains(entry("The harbour"), "fuzzy") || !strings.Contains(entry("The <b>Kite"), "fuzzy") {
		t.Errorf("fuzzy where it should not be, or not where it should:\n%s", text)
	}
	if strings.Contains(text, "msgid \" \"") {
		t.Errorf("bare space is to be translated:\n%s", text)
	}
	for _, want := range []string{"msgid \"A kite\"\nmsgstr \"\"", "msgid \"The harbour opens again\"\nmsgstr \"Гавань знову відкрито\""} {
		if !strings.Contains(text, want) {
			t.Errorf("the PO file lacks %q:\n%s", want, text)
		}
	}
}
