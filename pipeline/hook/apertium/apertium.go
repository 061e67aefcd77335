// Package apertium has two engines that translate with Apertium
// (https://www.apertium.org/): Program runs the apertium command that is installed,
// APy asks a server of its HTTP interface, apertium-apy. Both find out which pairs
// there are, and speak the Apertium stream format with it, so that codes are blanks
// to its rules and no HTML is read and written in between.
//
// Apertium's pairs are named by ISO 639-3 codes and variants (eng-spa,
// eng-hbs_SR). Serbo-Croatian (hbs) stands for Bosnian, Croatian, Montenegrin and
// Serbian; it is written in Latin there, and converted from and to Cyrillic where
// the locale asks for it.
package apertium

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/program"
	"hexapla/pipeline/hook/service"
)

// pair is a pair of languages by Apertium's names.
type pair struct{ from, to string }

// finder knows the pairs there are once it has been told.
type finder struct {
	modes map[string]string // Apertium's names for locales, from the configuration
	mu    sync.Mutex
	known map[pair]bool
}

// find is the pair for two locales, with list to learn which there are.
func (f *finder) find(ctx context.Context, source, target string, list func(context.Context) ([]pair, error)) (pair, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil {
		pairs, err := list(ctx)
		if err != nil {
			return pair{}, err
		}
		f.known = map[pair]bool{}
		for _, p := range pairs {
			f.known[p] = true
		}
	}
	for _, to := range f.names(target) {
		for _, from := range f.names(source) {
			if p := (pair{from, to}); from != to && f.known[p] {
				return p, nil
			}
		}
	}
	return pair{}, fmt.Errorf("%w: %s to %s", hook.ErrUnsupported, source, target)
}

// names are Apertium's possible names for a locale, the best first.
func (f *finder) names(locale string) []string {
	if n, ok := f.modes[locale]; ok {
		return []string{n}
	}
	tag, err := language.Parse(locale)
	if err != nil {
		return nil
	}
	base, _ := tag.Base()
	region, _ := tag.Region()
	if region.IsPrivateUse() {
		return nil // a pseudo-locale
	}
	code := base.ISO3()
	// An explicit region is a variant; one that is only likely is the language itself.
	var names []string
	if _, r := tag.Region(); r == language.Exact {
		names = append(names, code+"_"+region.String())
	}
	names = append(names, code)
	switch code {
	case "srp":
		names = append(names, "hbs_"+region.String(), "hbs_SR", "hbs")
	case "bos":
		names = append(names, "hbs_BS", "hbs")
	case "hrv":
		names = append(names, "hbs_HR", "hbs")
	case "fas":
		names = append(names, "pes")
	case "nor":
		names = append(names, "nob")
	}
	return names
}

// isCyrillicHBS says of a locale whether text in it has to be converted, Apertium's
// Serbo-Croatian being Latin.
func isCyrillicHBS(locale, name string) bool {
	if !strings.HasPrefix(name, "hbs") {
		return false
	}
	tag, err := language.Parse(locale)
	script, _ := tag.Script()
	return err == nil && script.String() == "Cyrl"
}

// before and after convert scripts around a translation.
func before(job hook.Job, p pair, text string) string {
	if isCyrillicHBS(job.Source, p.from) {
		return mapStream(text, toLatin)
	}
	return text
}

func after(job hook.Job, p pair, text string) string {
	if isCyrillicHBS(job.Target, p.to) {
		return mapStream(text, toCyrillic)
	}
	return text
}

// ProgramOptions of a Program. Command is the apertium command with options of
// its own ("-d", "/opt/apertium"), or empty. Modes are Apertium's names for
// locales, where they are not to be found by the tag.
type ProgramOptions struct {
	Command program.Command
	Modes   map[string]string
}

// Program implements hook.Engine by the installed apertium command.
type Program struct {
	command program.Command
	finder  finder
}

// NewProgram makes a Program. The command is not run yet.
func NewProgram(opt ProgramOptions) *Program {
	if len(opt.Command.Args) == 0 {
		opt.Command.Args = []string{"apertium"}
	}
	return &Program{command: opt.Command, finder: finder{modes: opt.Modes}}
}

// Name is "apertium".
func (e *Program) Name() string { return "apertium" }

// Capabilities implements hook.Capable.
func (e *Program) Capabilities() hook.Capabilities {
	return hook.Capabilities{Markup: stream{wordblanks: true}}
}

// maxOutput bounds what one run may write.
const maxOutput = 64 << 20

func (e *Program) run(ctx context.Context, input string, args ...string) ([]byte, error) {
	c := e.command
	c.Args = append(append([]string(nil), c.Args...), args...)
	return program.Run(ctx, c, []byte(input), maxOutput)
}

// Pairs lists the modes that are installed.
func (e *Program) pairs(ctx context.Context) ([]pair, error) {
	out, err := e.run(ctx, "", "-l")
	if err != nil {
		return nil, fmt.Errorf("%w (is apertium installed, with a language pair?)", err)
	}
	var pairs []pair
	for _, name := range strings.Fields(string(out)) {
		if from, to, ok := strings.Cut(name, "-"); ok {
			pairs = append(pairs, pair{from, to})
		}
	}
	return pairs, nil
}

// Translate implements hook.Engine. A job is one run of the pipeline, its texts
// parted by the NUL characters on which it flushes.
func (e *Program) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	p, err := e.finder.find(ctx, job.Source, job.Target, e.pairs)
	if err != nil {
		return nil, err
	}
	var input strings.Builder
	for _, t := range job.Texts {
		if strings.Contains(t, "\x00") {
			return nil, errors.New("a text has a NUL character in it")
		}
		input.WriteString(before(job, p, t) + "\x00")
	}
	out, err := e.run(ctx, input.String(), "-f", "none", "-u", "-z", p.from+"-"+p.to)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(out) {
		return nil, fmt.Errorf("%w: not UTF-8", hook.ErrAnswer)
	}
	// Each program of the pipeline adds a NUL of its own at the end.
	texts := strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
	if len(texts) > len(job.Texts) || bytes.Count(out, []byte{0}) < len(job.Texts) {
		return nil, fmt.Errorf("%w: %d for %d texts", hook.ErrAnswer, len(texts), len(job.Texts))
	}
	answers := make([]string, len(job.Texts)) // those that are empty at the end were trimmed off
	for i, t := range texts {
		answers[i] = after(job, p, t)
	}
	return answers, nil
}

// APyOptions of an APy. URL is the server's address, Key its key, if it wants
// one. Modes are as those of a Program.
type APyOptions struct {
	URL   string
	Key   string
	Modes map[string]string
}

// APy implements hook.Engine by a server of apertium-apy.
type APy struct {
	client *service.Client
	key    string
	finder finder
}

// NewAPy makes an APy. It fails when the address is not one; the server is not
// asked yet.
func NewAPy(opt APyOptions) (*APy, error) {
	client, err := service.New(opt.URL, service.Options{Secrets: []string{opt.Key}})
	if err != nil {
		return nil, err
	}
	return &APy{client: client, key: opt.Key, finder: finder{modes: opt.Modes}}, nil
}

// Name is "apy".
func (e *APy) Name() string { return "apy" }

// Close drops idle connections.
func (e *APy) Close() error { return e.client.Close() }

// Capabilities implements hook.Capable. The server takes one text at a time, and
// cuts one of more than a thousand characters wherever it likes when it is busy. Its
// pipelines run without the programs that bind blanks to words.
func (e *APy) Capabilities() hook.Capabilities {
	return hook.Capabilities{Markup: stream{}, MaxTexts: 1, MaxChars: 1000}
}

func (e *APy) pairs(ctx context.Context) ([]pair, error) {
	data, err := e.client.Get(ctx, "listPairs")
	if err != nil {
		return nil, fmt.Errorf("asking for its pairs: %w", err)
	}
	var list struct {
		Pairs []struct {
			Source string `json:"sourceLanguage"`
			Target string `json:"targetLanguage"`
		} `json:"responseData"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("asking for its pairs: not the JSON of APy: %w", err)
	}
	var pairs []pair
	for _, p := range list.Pairs {
		pairs = append(pairs, pair{p.Source, p.Target})
	}
	return pairs, nil
}

// Translate implements hook.Engine.
func (e *APy) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	p, err := e.finder.find(ctx, job.Source, job.Target, e.pairs)
	if err != nil {
		return nil, err
	}
	answers := make([]string, len(job.Texts))
	for i, t := range job.Texts {
		// translateRaw without a deformatter takes and gives the stream format.
		form := url.Values{
			"langpair": {p.from + "|" + p.to}, "q": {before(job, p, t)}, "deformat": {"False"}, "markUnknown": {"no"},
		}
		if e.key != "" {
			form.Set("key", e.key)
		}
		data, err := e.client.Post(ctx, "translateRaw", "application/x-www-form-urlencoded", []byte(form.Encode()))
		if err != nil {
			return nil, err
		}
		if !utf8.Valid(data) {
			return nil, fmt.Errorf("%w: not UTF-8", hook.ErrAnswer)
		}
		answers[i] = after(job, p, string(data))
	}
	return answers, nil
}
