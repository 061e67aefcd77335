//go:build unix

package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// faultyModes are ways in which a program that translates misbehaves. Where sound is set,
// every text has a sound answer: all must be kept, and none asked for again.
var faultyModes = []struct {
	name  string
	sound bool
}{
	{"banner on standard output", true},
	{"byte order mark", true},
	{"log lines between the answers", true},
	{"one answer twice", true},
	{"exit status 9 after all answers", true},
	{"late exit", true},
	{"answers only at the end", true},
	{"last line without its end", true},
	{"answers in another order", true},
	{"an empty line after each answer", true},
	{"an empty line in place of an answer", false},
	{"empty lines in place of all answers", false},
	{"one line is cut", false},
	{"one text refused", false},
	{"no answer at all", false},
	{"answers that nobody can see", false},
	{"answers of another size", false},
	{"a megabyte of rubbish", false},
	{"secrets on standard error", false},
}

// faultyEngine is the program "faulty": it translates as "counting" does, and misbehaves
// as FAULT says.
func faultyEngine() {
	mode := os.Getenv("FAULT")
	log, err := os.OpenFile(os.Getenv("COUNT"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		os.Exit(1)
	}
	var out []string
	late := mode == "answers only at the end" || mode == "answers in another order" || mode == "last line without its end"
	say := func(line string) {
		if out = append(out, line+"\n"); !late {
			_, _ = io.WriteString(os.Stdout, line+"\n")
		}
	}
	switch mode {
	case "banner on standard output":
		say("Welcome to the translator, version 1.0")
	case "byte order mark":
		_, _ = io.WriteString(os.Stdout, "\ufeff")
	case "a megabyte of rubbish":
		say(strings.Repeat("\x00{[", 1<<20/3))
	case "secrets on standard error":
		key := os.Getenv("FAULTY_KEY")
		fmt.Fprintln(os.Stderr, "cannot log in with", key, strings.ToUpper(key), fmt.Sprintf("%x", key), base64.StdEncoding.EncodeToString([]byte("user:"+key)))
		os.Exit(1)
	}
	for n, q := range questions {
		fmt.Fprintln(log, q.Text)
		text := strings.ToUpper(q.Text)
		switch mode {
		case "no answer at all":
			continue
		case "answers that nobody can see":
			text = "\u00a0\u200b"
		case "log lines between the answers":
			say("2026-11-30 INFO translated a text")
		case "answers of another size":
			text = ""
		}
		line := q.answer(text)
		switch {
		case n == 3 && mode == "one line is cut":
			line = line[:len(line)/2]
		case n == 3 && mode == "one text refused":
			line = fmt.Appendf(nil, `{"id":%d,"error":"unsupported"}`, q.ID)
		case n == 3 && mode == "one answer twice":
			say(string(line))
		}
		if mode == "empty lines in place of all answers" || n == 3 && mode == "an empty line in place of an answer" {
			say("")
			continue
		}
		say(string(line))
		if mode == "an empty line after each answer" {
			say("")
		}
	}
	if late {
		if mode == "answers in another order" {
			for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
				out[i], out[j] = out[j], out[i]
			}
		}
		all := strings.Join(out, "")
		if mode == "last line without its end" {
			all = strings.TrimSuffix(all, "\n")
		}
		_, _ = io.WriteString(os.Stdout, all)
	}
	switch mode {
	case "exit status 9 after all answers":
		os.Exit(9)
	case "late exit":
		time.Sleep(2 * time.Second)
	}
}

// useEngine makes the project's engine another program, which lists what it is asked for
// in a file.
func (f *fault) useEngine(program, mode string) (count string) {
	f.Helper()
	count = filepath.Join(f.temp, "count")
	once := ""
	if mode == "no answer at all" {
		once = "timeout = \"1s\"\ndeadline = \"2s\"\n"
	}
	if strings.Contains(mode, "end") || strings.Contains(mode, "exit") || strings.Contains(mode, "order") {
		once += "once = true\n" // the program waits for the end of its input
	}
	f.edit("hexapla.toml", func(s string) string {
		return strings.Replace(s, `command = ["upper"]`, fmt.Sprintf(once+"command = [%q]\nenv = { COUNT = %q, FAULT = %q}\nenv_from = [\"FAULTY_KEY\"]", program, count, mode), 1)
	})
	f.Setenv("FAULTY_KEY", "hunter2-geheim")
	return count
}

// asked returns how often the engine was asked for each text.
func (f *fault) asked(count string) map[string]int {
	f.Helper()
	data, err := os.ReadFile(count)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.Fatal(err)
	}
	out := map[string]int{}
	for line := range strings.Lines(string(data)) {
		out[line]++
	}
	return out
}

// faultyEngine builds twice with an engine that misbehaves.
func (f *fault) faultyEngine(mode struct {
	name  string
	sound bool
}) {
	count := f.useEngine("faulty", mode.name)
	_, first := f.exec("build", "--findings")
	if mode.name == "secrets on standard error" && !strings.Contains(first, "cannot log in with [key]") {
		f.Errorf("standard error is not shown:\n%.800s", first)
	}
	if strings.Contains(strings.ToLower(first), "hunter2") || strings.Contains(first, "68756e74657232") || strings.Contains(first, "h1bnRlcj") || strings.Contains(first, "odW50ZXIy") {
		f.Errorf("the secret is printed:\n%.800s", first)
	}
	if mode.sound {
		f.drafts()
		f.same(f.tree("editions"), f.s.editions)
	} else if got := f.tree("editions"); strings.Contains(fmt.Sprint(got), "\u200b") {
		f.Error("an answer that nobody can see is in an edition")
	}
	before := f.asked(count)
	f.exec("build")
	after := f.asked(count)
	if !mode.sound {
		f.useSound()
		f.must("build", "--retry-refused")
		f.drafts()
		return
	}
	for text, n := range after {
		if n > before[text] {
			f.Errorf("%q is asked for again, though it has an answer", text)
		}
	}
	f.noStray()
}

// useSound gives the project its own engine back.
func (f *fault) useSound() {
	f.edit("hexapla.toml", func(s string) string {
		return s[:strings.Index(s, "[[hook]]")] + faultConfig[strings.Index(faultConfig, "[[hook]]"):]
	})
}

// paidOnce runs two builds at once: the engine is asked for each text once for each
// locale.
func (f *fault) paidOnce() {
	count := f.useEngine("counting", "")
	f.atOnce([]string{"build"}, []string{"build"})
	texts := f.asked(count)
	if len(texts) != faultArticles*faultSentences {
		f.Errorf("asked for %d texts, want %d", len(texts), faultArticles*faultSentences)
	}
	for text, n := range texts {
		if n > 2 { // two locales
			f.Errorf("%q is asked for %d times", text, n)
		}
	}
	f.whole()
}
