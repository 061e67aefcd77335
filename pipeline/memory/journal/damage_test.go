package journal_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/journal"
)

// Damaged files lose only what is damaged, and say so.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "memory.db"))
	root := folder(t, filepath.Join(dir, "journal"))
	sync(t, root, s)
	add(t, s, "anna", entry("One", "Один"), entry("Two", "Два"), entry("Three", "Три"))
	sync(t, root, s)
	sound := files(t, filepath.Join(dir, "journal"))["en_ru.jsonl"]
	lines := strings.SplitAfter(sound, "\n")
	more := make([]string, 21)
	for i := range more[:20] {
		more[i] = fmt.Sprintf("en_ru.jsonl:%d: not a line", i+2)
	}
	more[20] = "980 more lines with findings"
	sum := "the line does not fit its checksum: it has been edited or damaged"
	for _, c := range []struct {
		name  string
		text  string
		texts string   // what is left, in order of its recording
		found []string // all findings
	}{
		{"cut off", sound[:len(sound)-20], "One Two", []string{"en_ru.jsonl:4: the last line is not complete"}},
		{"cut off in the first version", sound[:len(lines[0])+30], "", []string{"en_ru.jsonl:2: the last line is not complete"}},
		{"cut off in the header", sound[:20], "", []string{"en_ru.jsonl:1: the last line is not complete"}},
		{"without the last line feed", sound[:len(sound)-1], "One Two Three", nil},
		{"edited", strings.Replace(sound, "Один", "Одна", 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another state", strings.Replace(sound, `"state":"translated"`, `"state":"final"`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another time", strings.Replace(sound, `"at":"20`, `"at":"21`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another batch", strings.Replace(sound, `"batch":"`, `"batch":"x`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another author", strings.Replace(sound, `"name":"anna"`, `"name":"boris"`, 1), "Two Three", []string{"en_ru.jsonl:2: " + sum}},
		{"another pair of locales", strings.Replace(sound, `"target":"ru"`, `"target":"uk"`, 1), "", []string{":2: " + sum, ":3: " + sum, ":4: " + sum}},
		{"white space added", strings.Replace(sound, `,"state"`, ` , "state"`, 1), "One Two Three", nil},
		{"an unknown field", strings.Replace(sound, `,"state"`, `,"more":[1],"state"`, 1), "One Two Three", nil},
		{"a priority below all", strings.Replace(sound, `,"state"`, `,"priority":-1,"state"`, 1), "Two Three", []string{":2: " + sum}},
		{"a time that is none", strings.Replace(sound, `"at":"20`, `"at":"no`, 1), "Two Three", []string{`:2: not a line of a memory's journal: time`}},
		{"doubled", lines[0] + lines[1] + lines[1] + lines[2] + lines[3] + lines[0] + lines[1], "One Two Three", nil},
		{"out of order", lines[0] + lines[3] + lines[1] + lines[2], "One Two Three", nil},
		{"no header", lines[1] + lines[2] + lines[3], "", []string{"1: a version before", "2: a version before", "3: a version before"}},
		{"header in the middle", lines[1] + lines[0] + lines[2] + lines[3], "Two Three", []string{"1: a version before"}},
		{"merge markers", lines[0] + "<<<<<<< HEAD\n" + lines[1] + "=======\n" + lines[2] + ">>>>>>> other\n" + lines[3], "One Two Three",
			[]string{"2: a marker", "4: a marker", "6: a marker"}},
		{"merge markers with the base", lines[0] + "<<<<<<< HEAD\n" + lines[1] + "||||||| base\n" + lines[3] + "=======\n" + lines[2] + ">>>>>>> other\n", "One Two Three",
			[]string{"2: a marker", "4: a marker", "6: a marker", "8: a marker"}},
		{"an older version of the format", strings.Replace(sound, `"version":1`, `"version":0`, 1), "One Two Three", nil},
		{"another program's file", strings.Replace(sound, "hexapla memory", "another memory", 1), "", []string{"1: not a line", "2: a version before", "3: a version before", "4: a version before"}},
		{"rubbish", lines[0] + "\x00\xff\n[]\n{}\n{\"text\":1,\"translation\":2}\nnull\n" + strings.Join(lines[1:], ""), "One Two Three",
			[]string{"2: not a line", "3: not a line", "4: not a line", "5: not a line", "6: not a line"}},
		{"Windows line ends", "\ufeff" + strings.ReplaceAll(sound, "\n", "\r\n"), "One Two Three", nil},
		{"UTF-16", "\xff\xfe" + strings.Join(strings.Split(lines[0], ""), "\x00"), "", []string{"1: not a line"}},
		{"empty", "", "", nil},
		{"blank lines", "\n\n" + sound + "\n \n", "One Two Three", nil},
		{"codes out of range", lines[0] + strings.Replace(lines[1], `"state"`, `"translation_codes":[{"p":99,"i":"1"}],"state"`, 1) + lines[2], "Two", []string{"2: not a line"}},
		{"a deep line", lines[0] + strings.Repeat("{\"a\":", 20000) + "\n" + lines[1], "One", []string{"2: not a line"}},
		{"a deep version", lines[0] + `{"translation":` + strings.Repeat("[", 20000) + "\n" + lines[1], "One", []string{"2: not a line"}},
		{"many bad lines", lines[0] + strings.Repeat("x\n", 1000) + lines[1], "One", more},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			root := folder(t, filepath.Join(dir, "journal"))
			write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), c.text)
			s := open(t, filepath.Join(dir, "memory.db"))
			_, found := sync(t, root, s)
			var texts []string
			for v, err := range s.History(t.Context(), memory.Filter{}) {
				if err != nil {
					t.Fatal(err)
				}
				if texts = append(texts, v.Entry.Source.Chars); !v.Current || v.Entry.Target.Chars != map[string]string{"One": "Один", "Two": "Два", "Three": "Три"}[v.Entry.Source.Chars] {
					t.Errorf("version %+v", v)
				}
			}
			if got := strings.Join(texts, " "); got != c.texts {
				t.Errorf("texts %q, want %q", got, c.texts)
			}
			for i, f := range found {
				if i >= len(c.found) || !strings.Contains(f.Error(), c.found[i]) {
					t.Errorf("finding %v", f)
				}
			}
			if len(found) != len(c.found) {
				t.Errorf("%d findings, want %d", len(found), len(c.found))
			}
			if _, again, err := journal.Check(t.Context(), root, "journal", s); err != nil || cmp.Diff(found, again) != "" {
				t.Errorf("checked: %v, %s", err, cmp.Diff(found, again))
			}
			// New work is appended, and what is there stays.
			add(t, s, "boris", entry("Four", "Четыре"))
			if r, _ := sync(t, root, s); r.Written != 2 {
				t.Errorf("%+v", r)
			}
			after := files(t, filepath.Join(dir, "journal"))["en_ru.jsonl"]
			if !strings.HasPrefix(after, strings.TrimSuffix(c.text, "\n")) {
				t.Errorf("the file was %q, and is %q", c.text, after)
			}
			fresh := open(t, filepath.Join(dir, "fresh.db"))
			sync(t, root, fresh)
			if d := cmp.Diff(current(t, s), current(t, fresh)); d != "" {
				t.Errorf("rebuilt (-database +rebuilt):\n%s", d)
			}
		})
	}
}

// Lines that were removed from the files are found, and can be written again.
func TestRemovedLines(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "memory.db"))
	root := folder(t, filepath.Join(dir, "journal"))
	sync(t, root, s)
	batch := add(t, s, "anna", entry("One", "Один"), entry("Two", "Два"))
	add(t, s, "boris", entry("One", "Раз"), entry("Three", "Три"))
	if _, err := s.Undo(t.Context(), batch, memory.Batch{Author: "anna", Time: time.Unix(1.8e9, 0)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddNote(t.Context(), memory.Note{Place: "a.md", Text: "Which?", Time: time.Unix(1.8e9, 0)}); err != nil {
		t.Fatal(err)
	}
	sync(t, root, s)
	add(t, s, "anna", entry("Five", "Пять")) // pending: not missing
	before := files(t, filepath.Join(dir, "journal"))
	if lost, found, err := journal.Check(t.Context(), root, "journal", s); err != nil || lost.Len() > 0 || len(found) > 0 {
		t.Fatal(lost, found, err)
	}
	sorted := func(text string) []string {
		lines := strings.SplitAfter(text, "\n")
		slices.Sort(lines)
		return lines
	}
	for name, text := range before {
		lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
		for i := 1; i < len(lines); i++ {
			write(t, filepath.Join(dir, "journal", name), strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
			lost, found, err := journal.Check(t.Context(), root, "journal", s)
			if err != nil || lost.Len() != 1 || len(found) != 1 || found[0].ID != "journal.missing" || found[0].Place.Path != "journal/"+name {
				t.Fatalf("%s without line %d: %v, %v, %v", name, i+1, lost, found, err)
			}
			// On a copy, so that what is pending stays so.
			again := t.TempDir()
			for n, text := range files(t, filepath.Join(dir, "journal")) {
				write(t, filepath.Join(again, n), text)
			}
			c := open(t, filepath.Join(t.TempDir(), "copy.db"))
			if _, err := c.Merge(t.Context(), s.Records(t.Context()), nil); err != nil {
				t.Fatal(err)
			}
			copied := folder(t, again)
			sync(t, copied, c)
			if err := c.SetPending(t.Context(), lost); err != nil {
				t.Fatal(err)
			}
			if r, _ := sync(t, copied, c); r.Written > 1 {
				t.Errorf("%s without line %d: %+v", name, i+1, r)
			}
			if lost, found, err := journal.Check(t.Context(), copied, "journal", c); err != nil || lost.Len() > 0 || len(found) > 0 {
				t.Errorf("%s without line %d, restored: %v, %v, %v", name, i+1, lost, found, err)
			}
			// All lines are there again.
			now := files(t, again)
			for _, line := range sorted(text) {
				if !strings.Contains(now[name], strings.TrimSuffix(line, "\n")) {
					t.Errorf("%s without line %d: %q was not restored", name, i+1, line)
				}
			}
		}
		write(t, filepath.Join(dir, "journal", name), text)
	}
}

func TestRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"another version", `{"journal":"hexapla memory","version":2,"source":"en","target":"ru"}` + "\n", "newer Hexapla"},
	} {
		dir := t.TempDir()
		root := folder(t, filepath.Join(dir, "journal"))
		write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), c.text)
		s := open(t, filepath.Join(dir, "memory.db"))
		add(t, s, "anna", entry("One", "Один"))
		_, _, err := journal.Sync(t.Context(), root, "journal", s)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := files(t, filepath.Join(dir, "journal")); len(got) != 1 || got["en_ru.jsonl"] != c.text {
			t.Errorf("%s: files %q", c.name, got)
		}
	}
	dir := t.TempDir()
	root := folder(t, dir)
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "en_ru.jsonl")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := journal.Sync(t.Context(), root, "journal", open(t, filepath.Join(t.TempDir(), "memory.db"))); err == nil {
		t.Error("a link out of the folder was followed")
	}
}

// What a process had written when it was killed is there once.
func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "memory.db"))
	root := folder(t, filepath.Join(dir, "journal"))
	sync(t, root, s)
	add(t, s, "anna", entry("One", "Один"))
	sync(t, root, s)
	before := files(t, filepath.Join(dir, "journal"))
	add(t, s, "anna", entry("Two", "Два"), entry("Three", "Три"))
	data, err := os.ReadFile(filepath.Join(dir, "memory.db"))
	if err != nil {
		t.Fatal(err)
	}
	wal, _ := os.ReadFile(filepath.Join(dir, "memory.db-wal"))
	sync(t, root, s)
	after := files(t, filepath.Join(dir, "journal"))
	for _, cut := range []int{1, 30, len(after["en_ru.jsonl"]) - len(before["en_ru.jsonl"]) - 1} {
		for _, batches := range []bool{true, false} {
			dir := t.TempDir()
			root := folder(t, filepath.Join(dir, "journal"))
			write(t, filepath.Join(dir, "memory.db"), string(data))
			write(t, filepath.Join(dir, "memory.db-wal"), string(wal))
			write(t, filepath.Join(dir, "journal", "batches.jsonl"), map[bool]string{true: after["batches.jsonl"], false: before["batches.jsonl"]}[batches])
			write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), after["en_ru.jsonl"][:len(before["en_ru.jsonl"])+cut])
			s := open(t, filepath.Join(dir, "memory.db"))
			sync(t, root, s)
			got := files(t, filepath.Join(dir, "journal"))
			got["en_ru.jsonl"] = strings.TrimSuffix(got["en_ru.jsonl"], "\n") + "\n" // the last line feed may come with the next line
			if d := cmp.Diff(after, got); d != "" {
				t.Errorf("cut after %d bytes (-want +got):\n%s", cut, d)
			}
		}
	}
}

// FuzzJournal reads any file: no panic, and what it understood is written again and
// read again alike.
func FuzzJournal(f *testing.F) {
	dir := f.TempDir()
	s := open(f, filepath.Join(dir, "memory.db"))
	root := folder(f, filepath.Join(dir, "journal"))
	sync(f, root, s)
	e := entry("One <1>", "Один")
	e.Target.Codes = []bitext.Code{{Pos: 2, Kind: bitext.Placeholder, ID: "1", Data: "<br>"}}
	e.Props = []bitext.Prop{{Name: "a", Value: "b"}}
	b := add(f, s, "anna", e, entry("Two", "Два"))
	if _, err := s.Undo(f.Context(), b, memory.Batch{}); err != nil {
		f.Fatal(err)
	}
	sync(f, root, s)
	for _, text := range slices.Sorted(maps.Values(files(f, filepath.Join(dir, "journal")))) {
		f.Add([]byte(text))
		f.Add([]byte(text[:len(text)/2]))
	}
	f.Add([]byte("<<<<<<< a\n{}\n=======\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "journal"), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "journal", "en_ru.jsonl"), string(data))
		root := folder(t, filepath.Join(dir, "journal"))
		s := open(t, filepath.Join(dir, "a.db"))
		if _, _, err := journal.Sync(t.Context(), root, "journal", s); err != nil {
			return // another version
		}
		again := folder(t, filepath.Join(dir, "again"))
		if err := journal.Export(t.Context(), again, s.Records(t.Context())); err != nil {
			t.Fatal(err)
		}
		b := open(t, filepath.Join(dir, "b.db"))
		if _, found := sync(t, again, b); len(found) > 0 {
			t.Errorf("of what was written: %v", found)
		}
		if d := cmp.Diff(current(t, s), current(t, b)); d != "" {
			t.Errorf("-first +second:\n%s", d)
		}
	})
}
