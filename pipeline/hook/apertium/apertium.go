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
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/program"
	"hexapla/pipeline/hook/service"
	"hexapla/pipeline/lazy"
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
	if !isCyrillicHBS(job.Target, p.to) {
		return text
	}
	// Words that were not translated are not Serbian: they stay in Latin.
	return mapStream(text, func(s string) string {
		var b strings.Builder
		at := 0
		for _, m := range untranslated().FindAllStringIndex(s, -1) {
			b.WriteString(toCyrillic(s[at:m[0]]) + s[m[0]:m[1]])
			at = m[1]
		}
		return b.String() + toCyrillic(s[at:])
	})
}

// untranslated matches a word with the mark that Apertium gives it when it is
// not in the analyser's dictionary, or not in the bilingual one.
var untranslated = lazy.Regexp(`(?:\*|\\@)[^\s.,;:!?()\[\]*\\@#]+`)

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

func (e *Program) run(ctx context.Context, input string, args ...string) (output []byte, stderr string, err error) {
	c := e.command
	c.Args = append(append([]string(nil), c.Args...), args...)
	return program.Run(ctx, c, []byte(input), maxOutput)
}

// pairs lists the modes that are installed.
func (e *Program) pairs(ctx context.Context) ([]pair, error) {
	out, _, err := e.run(ctx, "", "-l")
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
// parted by the NUL characters on which it flushes. Not every program of it keeps
// those in step with the texts, and one that crashes takes texts away without a word:
// so each text ends with a blank that has its number, and answers are told apart by
// these. The blank also saves a full stop at the end of a text, which some analysers
// would otherwise drop. After a crash the run goes on behind the text that it
// was at.
func (e *Program) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	p, err := e.finder.find(ctx, job.Source, job.Target, e.pairs)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(job.Texts))
	for i, t := range job.Texts {
		if strings.Contains(t, "\x00") {
			return nil, errors.New("a text has a NUL character in it")
		}
		texts[i] = before(job, p, t)
	}
	answers := make([]string, 0, len(texts))
	errs := make([]error, len(texts))
	failed := 0
	for many := len(texts); len(answers) < len(texts); {
		i := len(answers)
		got, err := e.translate(ctx, p, texts[i:min(i+many, len(texts))])
		for _, t := range got {
			answers = append(answers, after(job, p, t))
		}
		switch {
		case err == nil, len(got) > 0:
			many = len(texts)
		case !errors.Is(err, hook.ErrAnswer):
			return nil, err
		case many > 1:
			many = 1 // is it this text, or one that was read ahead?
		default:
			errs[i] = fmt.Errorf("apertium did not survive the text: %w", err)
			answers = append(answers, "")
			failed++
			many = len(texts)
		}
	}
	if failed > 0 {
		return answers, &hook.Partial{Errs: errs}
	}
	return answers, nil
}

// translate is one run of the pipeline. With an error that wraps ErrAnswer it
// gives the answers up to where it went wrong.
func (e *Program) translate(ctx context.Context, p pair, texts []string) ([]string, error) {
	var input strings.Builder
	for i, t := range texts {
		input.WriteString(t + endBlank(i) + "\x00")
	}
	out, stderr, err := e.run(ctx, input.String(), "-f", "none", "-z", p.from+"-"+p.to)
	if err != nil {
		return nil, err
	}
	answers, err := cut(string(out), len(texts))
	if err != nil && stderr != "" {
		err = fmt.Errorf("%w (standard error: %s)", err, stderr)
	}
	return answers, err
}

// endBlank ends a text.
func endBlank(i int) string { return "[e" + strconv.Itoa(i) + "]" }

// cut parts what a pipeline wrote into its answers. When it fails it gives those
// before the place where it did.
func cut(out string, many int) ([]string, error) {
	if !utf8.ValidString(out) {
		return nil, fmt.Errorf("%w: not UTF-8", hook.ErrAnswer)
	}
	out = strings.ReplaceAll(out, "\x00", "")
	answers := make([]string, 0, many)
	for i := range many {
		text, rest, ok := strings.Cut(out, endBlank(i))
		if !ok || endOfAnother().MatchString(text) {
			return answers, fmt.Errorf("%w: %d for %d texts", hook.ErrAnswer, i, many)
		}
		answers, out = append(answers, text), rest
	}
	if strings.TrimSpace(out) != "" {
		return nil, fmt.Errorf("%w: more than was asked for", hook.ErrAnswer)
	}
	return answers, nil
}

var endOfAnother = lazy.Regexp(`\[e[0-9]+\]`)

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
			"langpair": {p.from + "|" + p.to}, "q": {before(job, p, t) + endBlank(0)}, "deformat": {"False"}, "markUnknown": {"yes"},
		}
		if e.key != "" {
			form.Set("key", e.key)
		}
		data, err := e.client.Post(ctx, "translateRaw", "application/x-www-form-urlencoded", []byte(form.Encode()))
		if err != nil {
			return nil, err
		}
		one, err := cut(string(data), 1)
		if err != nil {
			return nil, err
		}
		answers[i] = after(job, p, one[0])
	}
	return answers, nil
}
