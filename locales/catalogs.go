package locales

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"hexapla/locales/message"
	langtag "hexapla/locales/tag"
	"hexapla/pipeline/diag"
)

//go:embed active.*.toml
var shipped embed.FS

// Catalogs are the message catalogs of several locales. They do not change
// after they were loaded; many goroutines may use them at once.
type Catalogs struct {
	layers   []map[string]*catalog // by canonical tag; the first layer that has a message wins
	matchers sync.Map              // source tag to *matcher
}

// A catalog is one locale's messages, read when first asked for.
type catalog struct {
	read     func() (map[string]*Message, []diag.Diagnostic)
	once     sync.Once
	messages map[string]*Message
	found    []diag.Diagnostic
}

func (c *catalog) load() map[string]*Message {
	c.once.Do(func() { c.messages, c.found = c.read() })
	return c.messages
}

// A Message is one go-i18n message with its place in the catalog file.
type Message struct {
	i18n.Message
	Locale string // canonical tag of its catalog
	Place  diag.Place

	forms map[string]*message.Template // by plural category; nil for a message without any
}

// Form is the text of a plural category, "" where the message has none.
func (m *Message) Form(category string) string { return message.Form(&m.Message, category) }

// Parts are the parts of a plural category's text, nil where the message has none.
func (m *Message) Parts(category string) []message.Part {
	if t := m.forms[category]; t != nil {
		return t.Parts
	}
	return nil
}

// Plural reports whether the message has other forms than "other".
func (m *Message) Plural() bool {
	for _, c := range message.Categories {
		if c != "other" && m.Form(c) != "" {
			return true
		}
	}
	return false
}

// Load reads the catalogs active.LOCALE.toml, .json and .yaml of a folder. What
// cannot be used is left out and said: a name without a real locale, a second
// file for a locale, a file that does not parse, a message whose template does
// not parse or may do more than name its variables. The catalogs are never nil.
func Load(fsys fs.FS, dir string) (*Catalogs, []diag.Diagnostic) {
	layer := map[string]*catalog{}
	c := &Catalogs{layers: []map[string]*catalog{layer}}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return c, []diag.Diagnostic{{ID: "catalog.unreadable", Severity: diag.Error, Place: diag.Place{Path: dir}, Message: err.Error()}}
	}
	var ds []diag.Diagnostic
	from := map[string]string{}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.IsDir() || !strings.HasPrefix(e.Name(), "active.") || !slices.Contains([]string{".toml", ".json", ".yaml", ".yml"}, path.Ext(name)) {
			continue
		}
		fail := func(id, text, hint string) {
			ds = append(ds, diag.Diagnostic{ID: id, Severity: diag.Error, Place: diag.Place{Path: name}, Message: text, Hint: hint})
		}
		tag, err := FileLocale(name)
		if err != nil {
			fail("catalog.file-name", err.Error(), "name it active.LOCALE"+path.Ext(name)+" with a BCP 47 tag")
			continue
		}
		if first, ok := from[tag]; ok {
			fail("catalog.two-files", fmt.Sprintf("locale %s has a second file; %s is used", tag, first), "merge them into one")
			continue
		}
		from[tag] = name
		cat := &catalog{read: reader(fsys, name, tag)}
		cat.load()
		ds = append(ds, cat.found...)
		layer[tag] = cat
	}
	diag.Sort(ds)
	return c, ds
}

// New makes catalogs of messages by locale, as they were read by somebody else.
// Those that cannot be used are left out and said.
func New(messages map[string][]message.Entry) (*Catalogs, []diag.Diagnostic) {
	layer := map[string]*catalog{}
	var ds []diag.Diagnostic
	for tag, entries := range messages {
		compiled := make(map[string]*Message, len(entries))
		for _, e := range entries {
			m, bad := compile("", tag, e)
			if ds = append(ds, bad...); m != nil {
				compiled[m.ID] = m
			}
		}
		layer[exact(tag)] = &catalog{read: func() (map[string]*Message, []diag.Diagnostic) { return compiled, nil }}
	}
	diag.Sort(ds)
	return &Catalogs{layers: []map[string]*catalog{layer}}, ds
}

// FileLocale is the canonical locale that the name of a message file says.
func FileLocale(name string) (string, error) {
	_, locale, _, err := message.SplitName(name)
	if err != nil {
		return "", err
	}
	tag, err := Canonical(locale)
	if err != nil {
		return "", err
	}
	if t, _ := langtag.Parse(tag); t.Language == root || t.Language == "mul" || t.Language == "zxx" {
		return "", fmt.Errorf("%q names no language", locale)
	}
	return tag, nil
}

func reader(fsys fs.FS, name, tag string) func() (map[string]*Message, []diag.Diagnostic) {
	return func() (map[string]*Message, []diag.Diagnostic) {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, []diag.Diagnostic{{ID: "catalog.unreadable", Severity: diag.Error, Place: diag.Place{Path: name, Locale: tag}, Message: err.Error()}}
		}
		file, ds := message.Parse(name, data)
		messages := make(map[string]*Message, len(file.Entries))
		for _, e := range file.Entries {
			m, bad := compile(name, tag, e)
			ds = append(ds, bad...)
			if m != nil {
				messages[m.ID] = m
			}
		}
		for i := range ds {
			ds[i].Place.Locale = tag
		}
		return messages, ds
	}
}

// compile parses the templates of a message. One that cannot be used is nil;
// so is an empty one, which is as good as missing.
func compile(name, tag string, e message.Entry) (*Message, []diag.Diagnostic) {
	m := &Message{Message: e.Message, Locale: tag, forms: map[string]*message.Template{},
		Place: diag.Place{Path: name, Line: e.Line, Column: e.Column, Locale: tag, Unit: e.ID}}
	var ds []diag.Diagnostic
	for _, c := range message.Categories {
		text := m.Form(c)
		if text == "" {
			continue
		}
		place := m.Place
		if f, ok := e.Field(c); ok {
			place.Line, place.Column = f.Line, f.Column
		}
		t, err := message.ParseTemplate(text, m.LeftDelim, m.RightDelim)
		if err != nil {
			ds = append(ds, diag.Diagnostic{ID: "catalog.template", Severity: diag.Error, Place: place}.
				Messagef("form %q does not parse: %v", diag.Arg("form", c), diag.Arg("error", err)))
			continue
		}
		for _, r := range t.Refused {
			ds = append(ds, diag.Diagnostic{ID: "catalog.template-node", Severity: diag.Error, Place: place,
				Hint: "a message may only name variables, {{.Name}}, and call " + strings.Join(message.Functions, ", ")}.
				Messagef("form %q has %s, which messages may not: %s", diag.Arg("form", c), diag.Arg("node", r.Node), diag.Arg("text", r.Text)))
		}
		if len(t.Refused) == 0 {
			m.forms[c] = t
		}
	}
	switch {
	case len(ds) > 0:
		return nil, ds
	case len(m.forms) == 0:
		return nil, []diag.Diagnostic{{ID: "catalog.empty", Severity: diag.Warning, Place: m.Place, Message: "message has no text"}}
	}
	return m, nil
}

// Embedded gives the catalogs of the newsroom's chrome that come with the
// program. Each locale is parsed when it is first asked for.
func Embedded() *Catalogs { return embedded() }

var embedded = sync.OnceValue(func() *Catalogs {
	layer := map[string]*catalog{}
	entries, err := shipped.ReadDir(".")
	if err != nil {
		return &Catalogs{layers: []map[string]*catalog{layer}}
	}
	for _, e := range entries {
		if tag, err := FileLocale(e.Name()); err == nil {
			layer[tag] = &catalog{read: reader(shipped, e.Name(), tag)}
		}
	}
	return &Catalogs{layers: []map[string]*catalog{layer}}
})

// Merge gives catalogs in which over's messages stand before c's. Neither is
// changed.
func (c *Catalogs) Merge(over *Catalogs) *Catalogs {
	return &Catalogs{layers: slices.Concat(over.layers, c.layers)}
}

// Locales are the canonical tags that have a catalog, sorted.
func (c *Catalogs) Locales() []string {
	var out []string
	for _, layer := range c.layers {
		for tag := range layer {
			out = append(out, tag)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// IDs are the ids of the messages in the catalog of exactly this tag, sorted.
func (c *Catalogs) IDs(tag string) []string {
	var out []string
	for _, layer := range c.layers {
		if cat := layer[exact(tag)]; cat != nil {
			for id := range cat.load() {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Message finds a message in the catalog of exactly this tag.
func (c *Catalogs) Message(tag, id string) (*Message, bool) {
	return c.message(exact(tag), id)
}

func (c *Catalogs) message(canonical, id string) (*Message, bool) {
	for _, layer := range c.layers {
		if cat := layer[canonical]; cat != nil {
			if m, ok := cat.load()[id]; ok {
				return m, true
			}
		}
	}
	return nil, false
}

func exact(tag string) string {
	c, err := Canonical(tag)
	if err != nil {
		return tag
	}
	return c
}

// Errors of Localize; test with errors.Is.
var (
	ErrNotFound    = errors.New("no such message")            // in the locale and its parents
	ErrMissingArg  = errors.New("a value is missing")         // for a variable, or for the count
	ErrBadArg      = errors.New("a value cannot be written")  // of a type that the variable does not take
	ErrMissingForm = errors.New("the plural form is missing") // the message has others
	ErrLocale      = errors.New("not a BCP 47 language tag")  // the tag asked for
)
