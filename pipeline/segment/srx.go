package segment

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/segment/internal/icu"
)

// Rule is one rule of an SRX file: whether a place between text that Before
// matches and text that After matches is a break.
type Rule struct {
	Language string `json:"language"` // the languagerulename it belongs to
	Break    bool   `json:"break"`
	Before   string `json:"before"`
	After    string `json:"after"`
	Comment  string `json:"comment,omitempty"` // the XML comment before it
	Path     string `json:"path,omitempty"`
	Line     int    `json:"line,omitempty"`
}

// String shows the rule as one line: its place, its language and its patterns.
func (r Rule) String() string {
	kind := "no break"
	if r.Break {
		kind = "break"
	}
	s := fmt.Sprintf("%s %s: %q | %q", r.Language, kind, r.Before, r.After)
	if r.Line > 0 {
		s = fmt.Sprintf("%s:%d: %s", r.Path, r.Line, s)
	}
	return s
}

// Rules is a set of segmentation rules for any number of languages, as an SRX
// 2.0 file holds it. It is safe for use by several goroutines.
type Rules struct {
	files    []*srxFile
	embedded bool

	mu   sync.Mutex
	made map[string]*Segmenter
}

// srxFile is one parsed SRX document.
type srxFile struct {
	path      string
	cascade   bool
	subflows  bool
	handle    formatHandle
	languages map[string]*languageRule
	maps      []languageMap
}

type languageRule struct {
	rules  []Rule
	parsed []icu.Rule
}

type languageMap struct {
	pattern *regexp.Regexp
	source  string
	rule    string
}

// formatHandle says for each kind of code whether it belongs to the segment
// before a break that it stands at (SRX 2.0, formathandle).
type formatHandle struct{ start, end, isolated bool }

// srxDefault is what SRX 2.0 takes when a file does not say.
var srxDefault = formatHandle{start: false, end: true, isolated: false}

// Limits for files that are not ours.
const (
	maxRuleSize  = 50_000    // instructions of one pattern
	maxFileSize  = 2_000_000 // instructions of all patterns of a file
	maxFileBytes = 64 << 20
)

// Parse reads an SRX 2.0 document (also 1.0, whose rules are the same). The path
// is used in diagnostics only. Every problem is a Diagnostic with line and
// column, and names the rule; if any is an Error the Rules are nil.
func Parse(path string, data []byte) (*Rules, []diag.Diagnostic) {
	f, ds := parseSRX(path, data)
	if f == nil {
		return nil, ds
	}
	return &Rules{files: []*srxFile{f}}, ds
}

// SegmentSubflows reports whether text inside codes, such as an image's
// alternative text, is cut into sentences too.
func (r *Rules) SegmentSubflows() bool {
	return r.embedded || len(r.files) == 0 || r.files[0].subflows
}

type srxReader struct {
	path    string
	data    []byte
	dec     *xml.Decoder
	file    *srxFile
	diags   []diag.Diagnostic
	total   int
	uses    []mapUse
	comment string // the last one that no rule has yet
}

type mapUse struct {
	name string
	at   int64
}

func (r *srxReader) report(severity diag.Severity, at int64, id, hint, format string, args ...any) {
	line, column := diag.At(r.data, int(at))
	r.diags = append(r.diags, diag.Diagnostic{ID: id, Severity: severity,
		Place: diag.Place{Path: r.path, Line: line, Column: column}, Hint: hint}.Messagef(format, args...))
}

func (r *srxReader) fail(at int64, id, hint, format string, args ...any) {
	r.report(diag.Error, at, id, hint, format, args...)
}

func parseSRX(path string, data []byte) (*srxFile, []diag.Diagnostic) {
	r := &srxReader{path: path, file: &srxFile{path: path, handle: srxDefault, subflows: true, languages: map[string]*languageRule{}}}
	if len(data) > maxFileBytes {
		r.fail(0, "srx.size", "", "the file is too large to hold segmentation rules")
		return nil, r.diags
	}
	r.data = utf8Bytes(data)
	r.dec = xml.NewDecoder(bytes.NewReader(r.data))
	r.dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "utf-16", "utf-16le", "utf-16be", "us-ascii":
			return in, nil
		}
		return nil, fmt.Errorf("encoding %q is not supported: save the file as UTF-8", label)
	}
	if err := r.document(); err != nil {
		at, hint := r.dec.InputOffset(), ""
		var syntax *xml.SyntaxError
		msg := err.Error()
		if errors.As(err, &syntax) {
			msg = syntax.Msg
		}
		r.fail(at, "srx.xml", hint, "not well-formed XML: %s", diag.Arg("problem", msg))
	}
	if len(r.diags) == 0 {
		r.check()
	}
	for _, d := range r.diags {
		if d.Severity == diag.Error {
			return nil, r.diags
		}
	}
	return r.file, r.diags
}

// utf8Bytes turns UTF-16 with a byte order mark into UTF-8 and takes UTF-8's mark off.
func utf8Bytes(data []byte) []byte {
	big := bytes.HasPrefix(data, []byte{0xFE, 0xFF})
	if !big && !bytes.HasPrefix(data, []byte{0xFF, 0xFE}) {
		return bytes.TrimPrefix(data, []byte("\uFEFF"))
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		u := uint16(data[i]) | uint16(data[i+1])<<8
		if big {
			u = u<<8 | u>>8
		}
		units = append(units, u)
	}
	return []byte(string(utf16.Decode(units)))
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// next is the next element's start within the current one; nil at its end.
func (r *srxReader) next() (*xml.StartElement, int64, error) {
	for {
		at := r.dec.InputOffset()
		tok, err := r.dec.Token()
		if err != nil {
			if err == io.EOF {
				return nil, at, nil
			}
			return nil, at, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			return &t, at, nil
		case xml.EndElement:
			return nil, at, nil
		case xml.Comment:
			r.comment = strings.Join(strings.Fields(string(t)), " ")
		}
	}
}

// each calls f for every child element; children it does not read are skipped.
func (r *srxReader) each(f func(e xml.StartElement, at int64) (read bool, err error)) error {
	for {
		e, at, err := r.next()
		if e == nil || err != nil {
			return err
		}
		read, err := f(*e, at)
		if err == nil && !read {
			err = r.dec.Skip()
		}
		if err != nil {
			return err
		}
	}
}

func (r *srxReader) document() error {
	e, at, err := r.next()
	if err != nil {
		return err
	}
	if e == nil || e.Name.Local != "srx" {
		r.fail(at, "srx.root", "", "not an SRX file: the root element is not srx")
		return nil
	}
	if v := attr(*e, "version"); v != "2.0" && v != "1.0" {
		r.fail(at, "srx.version", "known are 2.0 and 1.0", "SRX version %q is not known", diag.Arg("version", v))
		return nil
	}
	return r.each(func(e xml.StartElement, at int64) (bool, error) {
		switch e.Name.Local {
		case "header":
			return true, r.header(e, at)
		case "body":
			return true, r.body()
		}
		return false, nil
	})
}

func (r *srxReader) yesNo(e xml.StartElement, at int64, name string, missing bool) bool {
	switch v := attr(e, name); v {
	case "yes":
		return true
	case "no":
		return false
	case "":
	default:
		r.fail(at, "srx.attribute", "", "%s=%q of %s is neither yes nor no", diag.Arg("name", name), diag.Arg("value", v), diag.Arg("element", e.Name.Local))
	}
	return missing
}

func (r *srxReader) header(e xml.StartElement, at int64) error {
	r.file.subflows = r.yesNo(e, at, "segmentsubflows", true)
	r.file.cascade = r.yesNo(e, at, "cascade", false)
	return r.each(func(e xml.StartElement, at int64) (bool, error) {
		if e.Name.Local != "formathandle" {
			return false, nil
		}
		h := &r.file.handle
		switch t := attr(e, "type"); t {
		case "start":
			h.start = r.yesNo(e, at, "include", h.start)
		case "end":
			h.end = r.yesNo(e, at, "include", h.end)
		case "isolated":
			h.isolated = r.yesNo(e, at, "include", h.isolated)
		default:
			r.fail(at, "srx.attribute", "known are start, end and isolated", "formathandle of unknown type %q", diag.Arg("term", t))
		}
		return false, nil
	})
}

func (r *srxReader) body() error {
	return r.each(func(e xml.StartElement, _ int64) (bool, error) {
		switch e.Name.Local {
		case "languagerules":
			return true, r.each(func(e xml.StartElement, at int64) (bool, error) {
				if e.Name.Local != "languagerule" {
					return false, nil
				}
				return true, r.languageRule(attr(e, "languagerulename"), at)
			})
		case "maprules", "maprule": // SRX 1.0 has one more level
			return true, r.maps()
		}
		return false, nil
	})
}

func (r *srxReader) maps() error {
	return r.each(func(e xml.StartElement, at int64) (bool, error) {
		switch e.Name.Local {
		case "maprule":
			return true, r.maps()
		case "languagemap":
			name, pattern := attr(e, "languagerulename"), attr(e, "languagepattern")
			re, err := regexp.Compile(`^(?i:` + pattern + `)$`)
			if err != nil {
				r.fail(at, "srx.regexp", "", "languagemap to %q: pattern %q cannot be used: %v", diag.Arg("name", name), diag.Arg("pattern", pattern), diag.Arg("error", err))
				return false, nil
			}
			r.file.maps = append(r.file.maps, languageMap{re, pattern, name})
			r.uses = append(r.uses, mapUse{name, at})
		}
		return false, nil
	})
}

func (r *srxReader) languageRule(name string, at int64) error {
	if _, ok := r.file.languages[name]; ok {
		r.fail(at, "srx.duplicate", "give one of them another name", "languagerule %q is there twice", diag.Arg("name", name))
	}
	l := &languageRule{}
	r.file.languages[name] = l
	r.comment = "" // one above the language is not the first rule's
	return r.each(func(e xml.StartElement, at int64) (bool, error) {
		if e.Name.Local != "rule" {
			return false, nil
		}
		line, _ := diag.At(r.data, int(at))
		rule := Rule{Language: name, Break: r.yesNo(e, at, "break", true), Comment: r.comment, Path: r.path, Line: line}
		r.comment = ""
		var beforeAt, afterAt int64
		err := r.each(func(e xml.StartElement, _ int64) (bool, error) {
			from := r.dec.InputOffset()
			switch e.Name.Local {
			case "beforebreak":
				beforeAt = from
				return true, r.text(&rule.Before)
			case "afterbreak":
				afterAt = from
				return true, r.text(&rule.After)
			}
			return false, nil
		})
		if err != nil {
			return true, err
		}
		r.rule(l, rule, at, beforeAt, afterAt)
		return true, nil
	})
}

// text reads the characters of the current element up to its end.
func (r *srxReader) text(to *string) error {
	var b strings.Builder
	for depth := 0; ; {
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth < 0 {
				*to = b.String()
				return nil
			}
		}
	}
}

// rule parses a rule's patterns and adds it to its language.
func (r *srxReader) rule(l *languageRule, rule Rule, at, beforeAt, afterAt int64) {
	name := fmt.Sprintf("rule %d of %q", len(l.rules)+1, rule.Language)
	fail := func(which, pattern string, from int64, err error) {
		var se *icu.SyntaxError
		if !errors.As(err, &se) {
			se = &icu.SyntaxError{Msg: err.Error()}
		}
		// The place is exact where the file writes the pattern without escapes.
		if bytes.HasPrefix(r.data[from:], []byte(pattern)) {
			from += int64(se.At)
		}
		r.fail(from, "srx.regexp", se.Hint, "%s: %s %q: %s at %q", diag.Arg("name", name), diag.Arg("which", which), diag.Arg("pattern", pattern), diag.Arg("problem", se.Msg), diag.Arg("otherPattern", diag.Truncate(pattern[min(se.At, len(pattern)):], 12)))
	}
	parsed, beforeErr, afterErr := icu.ParseRule(rule.Break, rule.Before, rule.After)
	if beforeErr != nil {
		fail("beforebreak", rule.Before, beforeAt, beforeErr)
	}
	if afterErr != nil {
		fail("afterbreak", rule.After, afterAt, afterErr)
	}
	n := parsed.Size(maxRuleSize)
	if r.total += n; n >= maxRuleSize || r.total > maxFileSize {
		r.fail(at, "srx.size", "use smaller repeat counts", "%s: the patterns are too large", diag.Arg("name", name))
		parsed = icu.Rule{}
	}
	l.rules = append(l.rules, rule)
	l.parsed = append(l.parsed, parsed)
}

// check looks at what only the whole file can show.
func (r *srxReader) check() {
	if len(r.file.maps) == 0 {
		r.fail(r.dec.InputOffset(), "srx.map", "add a languagemap to maprules", "no languagemap: the rules apply to no language")
	}
	for _, u := range r.uses {
		if _, ok := r.file.languages[u.name]; !ok {
			known := make([]string, 0, len(r.file.languages))
			for n := range r.file.languages {
				known = append(known, fmt.Sprintf("%q", n))
			}
			slices.Sort(known)
			r.fail(u.at, "srx.map", "there are: "+strings.Join(known, ", "), "languagemap names a languagerule %q that is not there", diag.Arg("name", u.name))
		}
	}
}

// rulesFor collects the rules that a locale's maps lead to.
func (f *srxFile) rulesFor(locale string, l *languageRule) {
	for _, m := range f.maps {
		if m.pattern.MatchString(locale) {
			from := f.languages[m.rule]
			l.rules = append(l.rules, from.rules...)
			l.parsed = append(l.parsed, from.parsed...)
			if !f.cascade {
				return
			}
		}
	}
}
