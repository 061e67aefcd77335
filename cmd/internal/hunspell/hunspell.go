// Package hunspell asks the program Hunspell (http://hunspell.github.io), where it is
// installed, which words are in its dictionaries.
package hunspell

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"hexapla/locales/tag"
)

// Speller is the program with the dictionaries of this machine. It may be used by many
// goroutines at once. Make it with New.
type Speller struct {
	program      string
	dictionaries map[string]string // name, as ru_RU → path without extension
	mu           sync.Mutex
	known        map[string]map[string]string // dictionary → word → suggestion, or right
}

// right stands for the suggestion of a word that the dictionary has.
const right = "\x00"

// New looks for the program and its dictionaries: in the folders of the environment
// variable DICPATH, and where systems have them.
func New() (*Speller, error) {
	program, err := exec.LookPath("hunspell")
	if err != nil {
		return nil, errors.New("the program hunspell is not installed")
	}
	s := &Speller{program: program, dictionaries: map[string]string{}, known: map[string]map[string]string{}}
	for _, dir := range folders() {
		found, err := filepath.Glob(filepath.Join(dir, "*.dic"))
		if err != nil {
			continue // a folder's name with a bracket
		}
		for _, f := range found {
			base := strings.TrimSuffix(f, ".dic")
			if _, err := os.Stat(base + ".aff"); err != nil {
				continue
			}
			if name := filepath.Base(base); s.dictionaries[name] == "" {
				s.dictionaries[name] = base
			}
		}
	}
	return s, nil
}

func folders() []string {
	out := filepath.SplitList(os.Getenv("DICPATH"))
	if home, err := os.UserHomeDir(); err == nil && runtime.GOOS == "darwin" {
		out = append(out, filepath.Join(home, "Library", "Spelling"))
	}
	return append(out, "/usr/share/hunspell", "/usr/share/myspell", "/usr/share/myspell/dicts", "/usr/local/share/hunspell", "/opt/homebrew/share/hunspell", "/Library/Spelling")
}

// Dictionary returns the name of the dictionary for a locale, "" if there is none: that of
// its region, or of its language alone, or else the first of its language. The script has
// to be the locale's.
func (s *Speller) Dictionary(locale string) string {
	lang, region := tag.Language(locale), tag.Region(locale)
	var of []string
	for name := range s.dictionaries {
		l, rest, _ := strings.Cut(strings.ReplaceAll(name, "-", "_"), "_")
		if l == lang && !strings.Contains(strings.ToLower(rest), "med") && scriptOf(lang, rest) == tag.Script(locale) {
			of = append(of, name)
		}
	}
	slices.Sort(of)
	for _, want := range [...]string{lang + "_" + region, lang, lang + "_" + strings.ToUpper(lang)} {
		if slices.Contains(of, want) {
			return want
		}
	}
	if len(of) > 0 {
		return of[0]
	}
	return ""
}

// scriptOf returns the script of a dictionary by what its name has behind the language.
func scriptOf(lang, rest string) string {
	for part := range strings.SplitSeq(rest, "_") {
		switch strings.ToLower(part) {
		case "latn", "latin":
			return "Latn"
		case "cyrl":
			return "Cyrl"
		}
	}
	return tag.Script(lang)
}

// timeout bounds one call of the program. It reads a dictionary in a second or less.
const timeout = 2 * time.Minute

// Unknown returns those words that the dictionary of a locale does not have, with its
// first suggestion or "". Without a dictionary it returns none.
func (s *Speller) Unknown(locale string, words []string) (map[string]string, error) {
	name := s.Dictionary(locale)
	if name == "" || len(words) == 0 {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.known[name]
	if known == nil {
		known = map[string]string{}
		s.known[name] = known
	}
	var ask []string
	for _, w := range words {
		if _, ok := known[w]; !ok && w != "" && !strings.ContainsAny(w, "\r\n") {
			known[w] = right
			ask = append(ask, w)
		}
	}
	if len(ask) > 0 {
		if err := s.ask(s.dictionaries[name], ask, known); err != nil {
			for _, w := range ask {
				delete(known, w)
			}
			return nil, err
		}
	}
	out := map[string]string{}
	for _, w := range words {
		if suggestion, ok := known[w]; ok && suggestion != right {
			out[w] = suggestion
		}
	}
	return out, nil
}

// ask runs the program over words by the protocol of Ispell (hunspell(1), option -a): for
// each line of input there are lines of output and an empty one. Those that begin with &
// or # are of words that are not in the dictionary.
func (s *Speller) ask(dictionary string, words []string, into map[string]string) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program, "-a", "-i", "UTF-8", "-d", dictionary)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	var in bytes.Buffer
	for _, w := range words {
		fmt.Fprintf(&in, "^%s\n", w) // ^: the line is no command
	}
	cmd.Stdin = &in
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("hunspell -d %s: %w: %s", dictionary, err, strings.TrimSpace(stderr.String()))
	}
	n := 0
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		line := sc.Text()
		switch {
		case line == "":
			n++
		case n < len(words) && line[0] == '&':
			_, list, _ := strings.Cut(line, ": ")
			first, _, _ := strings.Cut(list, ",")
			into[words[n]] = first
		case n < len(words) && line[0] == '#':
			into[words[n]] = ""
		}
	}
	if n < len(words) {
		return fmt.Errorf("hunspell -d %s: answers for %d of %d words", dictionary, n, len(words))
	}
	return nil
}
