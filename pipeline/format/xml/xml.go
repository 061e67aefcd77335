// Package xml splits XML files whose text a list of paths finds, and writes
// translations back. RSS, Atom, NITF and NewsML-G2 need no list. Every byte that is
// not a translated text stays as it is.
//
// The rules and the local attributes of ITS 2.0 (https://www.w3.org/TR/its20/) are
// obeyed: its:translate, its:withinText, its:locNote, xml:space and xml:lang, and the
// global rules for them, also those of rules files that the configuration names. A
// file for which there are only ITS rules is translated as ITS says: all elements, no
// attributes, and every element without withinText="yes" is a text of its own.
//
// An element of HTML or Markdown is a document of that format inside the file, be it
// written with references, in a CDATA section or, XHTML, as elements.
package xml

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/charset"
	"hexapla/pipeline/format/internal/xmltree"
)

// Embedded is a format of documents inside the file.
type Embedded interface {
	Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic)
	Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic)
}

// Rule is what is text in which files. Files are globs of paths. HTML, Markdown and
// Text are paths to elements and attributes with such content, Title to those of them
// that are titles, Language to the language of the file, which an edition changes;
// Namespaces are those of the prefixes, that of "" for names without one. All paths
// must be valid: see Rule.Check. ITS are rules files by name.
type Rule struct {
	Files                []string
	HTML, Markdown, Text []string
	Title, Language      []string
	Namespaces           map[string]string
	ITS                  []string
}

// namespace returns the namespace of a prefix in the paths of a rule.
func (r *Rule) namespace(prefix string) (string, bool) {
	if space, ok := r.Namespaces[prefix]; ok {
		return space, true
	}
	space, ok := wellKnown[prefix]
	return space, ok || prefix == ""
}

// Parse reads one of the rule's paths.
func (r *Rule) Parse(path string) (Path, error) { return ParsePath(path, r.namespace) }

// Options are the rules, of which the first one that has a file is used for it, and
// the content of rules files of ITS, by their paths.
//
// Links are the addresses that links to articles of the project begin with, for the links
// of feeds and news items; nil if they stay as they are.
type Options struct {
	Rules    []Rule
	ITSFiles map[string][]byte
	Links    []string
}

// RuleFor returns the number of the rule for a path, -1 if there is none.
func (o *Options) RuleFor(path string) int {
	return slices.IndexFunc(o.Rules, func(r Rule) bool {
		return slices.ContainsFunc(r.Files, func(pattern string) bool {
			ok, err := doublestar.Match(pattern, path)
			return err == nil && ok
		})
	})
}

// Format is XML for the pipeline. HTML and Markdown are the formats of its embedded
// documents. Its methods may be called from many goroutines at once; its Options must
// not change after the first call.
type Format struct {
	Options
	HTML, Markdown Embedded

	once     sync.Once
	compiled []compiled // of the rules
	known    []compiled // of the kinds of files that need none
}

// compiled is a rule with its paths read.
type compiled struct {
	paths []Path
	roles []role // by path
	its   itsRules
	all   bool // everything is text, unless ITS rules say otherwise
	diags []diag.Diagnostic
}

// role is what a path is for.
type role uint8

const (
	noRole role = iota
	textRole
	markdownRole
	htmlRole
	titleRole
	languageRole
)

func (o *Options) compile(r *Rule) compiled {
	c := compiled{all: len(r.HTML)+len(r.Markdown)+len(r.Text) == 0}
	for _, list := range []struct {
		role  role
		paths []string
	}{{textRole, r.Text}, {markdownRole, r.Markdown}, {htmlRole, r.HTML}, {titleRole, r.Title}, {languageRole, r.Language}} {
		for _, text := range list.paths {
			if p, err := r.Parse(text); err == nil {
				c.paths, c.roles = append(c.paths, p), append(c.roles, list.role)
			}
		}
	}
	for _, name := range r.ITS {
		if data, ok := o.ITSFiles[name]; ok {
			c.diags = append(c.diags, c.its.readFile(name, data, o.ITSFiles, []string{name})...)
		}
	}
	return c
}

// The slots: what an edition changes besides texts.
const (
	slotLanguageText      = "language.text"
	slotLanguageAttribute = "language.attribute"
	slotEncoding          = "encoding" // the label in the XML declaration
)

// Split cuts a file into units. A file that is not well-formed, or of a kind that is
// not known and that no rule is for, has none.
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	f.once.Do(func() {
		for i := range f.Rules {
			f.compiled = append(f.compiled, f.compile(&f.Rules[i]))
		}
		for i := range knownKinds {
			f.known = append(f.known, f.compile(&knownKinds[i].rule))
		}
	})
	dec, ds := charset.Decode(path, data, charset.Options{Declared: declaredEncoding})
	d := &bitext.Document{Path: path, Format: "xml", Meta: map[string]string{}}
	d.Skeleton = bitext.Skeleton{Data: dec.Text, Encoding: dec.Encoding, BOM: dec.BOM}
	fail := func(x ...diag.Diagnostic) (*bitext.Document, []diag.Diagnostic) {
		d.Skeleton = bitext.Skeleton{Data: data} // kept whole, never encoded
		return d, append(ds, x...)
	}
	if !dec.Exact || dec.Doubtful {
		return fail()
	}
	from, to, labelled := charset.InXMLDeclaration(string(dec.Text[:min(len(dec.Text), 1024)]))
	tree, err := parse(path, dec.Text, from, to, labelled)
	if x, ok := err.(diag.Diagnostic); ok {
		x.Hint = strings.TrimPrefix(x.Hint+"; the file is kept as it is", "; ")
		return fail(x)
	} else if err != nil {
		return fail(diag.Diagnostic{ID: "xml.size", Severity: diag.Error, Place: diag.Place{Path: path}}.Messagef("the file cannot be read: %v", diag.Arg("error", err)))
	}
	s := splitter{format: f, doc: d, tree: tree}
	if n := f.RuleFor(path); n >= 0 {
		s.rule = &f.compiled[n]
	} else if n := slices.IndexFunc(knownKinds, func(k knownKind) bool {
		return k.root == tree.Root.Local && (k.space == "*" || k.space == tree.Root.Space)
	}); n >= 0 {
		s.rule, s.links = &f.known[n], f.Links != nil
	} else if s.rule = localRules(tree); s.rule == nil {
		return fail(diag.Diagnostic{
			ID: "xml.rule", Severity: diag.Error, Place: tree.Place(path, tree.Root.Start), Hint: "add one with its path in files, and paths to its text",
		}.Messagef("the element %q is none of a known kind of file, and no [[xml]] table of the configuration is for this file", diag.Arg("element", tree.Root.Local)))
	}
	s.split()
	ds = append(append(ds, s.rule.diags...), s.diags...)
	if labelled {
		d.Skeleton.Slots = append(d.Skeleton.Slots, bitext.Slot{Name: slotEncoding, Start: from, End: to})
	}
	if len(d.Units) == 0 && len(ds) == 0 {
		ds = append(ds, diag.Diagnostic{
			ID: "xml.no-text", Severity: diag.Warning, Place: diag.Place{Path: path}, Hint: "compare the paths with the file, and their namespaces",
			Message: "the paths find no text in this file",
		})
	}
	return d, ds
}

// parse reads a file that is UTF-8 now, whatever encoding its declaration names.
func parse(path string, text []byte, from, to int, labelled bool) (*xmltree.Tree, error) {
	read := text
	if labelled {
		if at := bytes.LastIndex(text[:from], []byte("encoding")); at >= 0 && to < len(text) {
			read = bytes.Clone(text)
			for i := at; i <= to; i++ {
				read[i] = ' '
			}
		}
	}
	tree, err := xmltree.Parse(path, read, true)
	if err != nil {
		return nil, err
	}
	tree.Data = text
	return tree, nil
}

// declaredEncoding returns the label in the XML declaration.
func declaredEncoding(prefix []byte) string {
	if from, to, ok := charset.InXMLDeclaration(string(prefix)); ok {
		return string(prefix[from:to])
	}
	return ""
}

// localRules returns the rule for a file that has ITS rules or attributes of its own,
// nil if it has none.
func localRules(tree *xmltree.Tree) *compiled {
	found := false
	tree.Root.Walk(func(n *xmltree.Node) bool {
		found = found || n.Space == itsSpace || slices.ContainsFunc(n.Attrs, func(a xmltree.Attr) bool { return a.Space == itsSpace })
		return !found
	})
	if !found {
		return nil
	}
	return &compiled{all: true}
}

// embedded returns the format of a part.
func (f *Format) embedded(name string) Embedded {
	if name == "markdown" {
		return f.Markdown
	}
	return f.HTML
}

// The contexts of spans.
const (
	inText      = "text"
	inCDATA     = "cdata"
	inAttribute = "attribute"
)

// Assemble writes a translation into a file, and its language where a path leads to
// it. With meta nil the file comes back in the encoding it came in, else in
// meta.Encoding, by default UTF-8.
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	data := d.Skeleton.Data
	var edits []bitext.Edit
	var ds []diag.Diagnostic
	name := d.Skeleton.Encoding
	if meta != nil && name != "" {
		name = bitext.EditionEncoding(d, meta)
		edits = append(languageEdits(d, meta, name), f.linkEdits(d, meta)...)
	}
	for i := range d.Skeleton.Parts {
		if tr == nil {
			break
		}
		p := &d.Skeleton.Parts[i]
		out, more := f.embedded(p.Format).Assemble(d.Part(i), tr.Part(i), meta.Part())
		ds = append(ds, more...)
		if raw := data[p.Start:p.End]; !bytes.Equal(out, p.Skeleton.Data) {
			edits = append(edits, bitext.Edit{Start: p.Start, End: p.End, Text: encodePart(data, p, raw, out)})
		}
	}
	out := bitext.Splicer{Encode: func(dst []byte, span *bitext.UnitSpan, chars string) []byte {
		if span.Context == inCDATA {
			return append(dst, cdata(chars, len(dst) > 0 && dst[len(dst)-1] == ']')...)
		}
		return xmltree.Escape(dst, chars, span.Context == inAttribute)
	}}.Splice(d, tr, edits)
	if name == "" {
		return out, ds
	}
	encoded, err := charset.Encode(out, name, d.Skeleton.BOM, func(r rune) string { return string(appendReference(nil, r)) })
	if err != nil {
		return out, append(ds, charset.Unmappable("xml.unmappable", d.Path, err))
	}
	return encoded, ds
}

// languageEdits returns the edits that declare an edition's language and encoding.
func languageEdits(d *bitext.Document, meta *bitext.EditionMeta, encoding string) (edits []bitext.Edit) {
	for _, s := range d.Skeleton.Slots {
		if strings.HasPrefix(s.Name, slotLink) {
			continue
		}
		if s.Name == slotEncoding {
			if !strings.EqualFold(string(d.Skeleton.Data[s.Start:s.End]), encoding) && encoding != d.Skeleton.Encoding {
				edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: strings.ToUpper(encoding)})
			}
			continue
		}
		if value := strings.TrimSpace(string(d.Skeleton.Data[s.Start:s.End])); meta.Locale != d.Locale && (d.Locale == "" || tag.SameLanguage(strings.ReplaceAll(value, "_", "-"), d.Locale)) {
			edits = append(edits, bitext.Edit{Start: s.Start, End: s.End, Text: string(xmltree.Escape(nil, meta.Locale, true))})
		}
	}
	return edits
}

// encodePart returns a part as it is written in the place of raw: XHTML as it is,
// other text in a CDATA section or with references.
func encodePart(data []byte, p *bitext.Part, raw, out []byte) string {
	switch {
	case bytes.HasSuffix(data[:p.Start], []byte("<![CDATA[")) && bytes.HasPrefix(data[p.End:], []byte("]]>")):
		return cdata(string(out), false)
	case hasElement(raw):
		return string(out)
	}
	return string(xmltree.Escape(nil, string(out), data[p.Start-1] == '"' || data[p.Start-1] == '\''))
}

// hasElement reports whether there is an element in the bytes.
func hasElement(raw []byte) bool {
	for {
		i := bytes.IndexByte(raw, '<')
		if i < 0 || i+1 == len(raw) {
			return false
		}
		if c := raw[i+1]; c != '!' && c != '?' {
			return true
		}
		end := bytes.Index(raw[i:], []byte(">"))
		if bytes.HasPrefix(raw[i:], []byte("<![CDATA[")) {
			end = bytes.Index(raw[i:], []byte("]]>"))
		} else if bytes.HasPrefix(raw[i:], []byte("<!--")) {
			end = bytes.Index(raw[i:], []byte("-->"))
		}
		if end < 0 {
			return false
		}
		raw = raw[i+end+1:]
	}
}

// cdata returns characters as a CDATA section has them; bracket reports that a "]"
// stands before them.
func cdata(chars string, bracket bool) string {
	var b strings.Builder
	for _, r := range chars {
		if isChar(r) {
			b.WriteRune(r)
		}
	}
	chars = strings.ReplaceAll(b.String(), "]]>", "]]]]><![CDATA[>")
	if bracket && (strings.HasPrefix(chars, "]>") || strings.HasPrefix(chars, ">")) {
		chars = "]]><![CDATA[" + chars
	}
	return chars
}
