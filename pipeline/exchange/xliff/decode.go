package xliff

import (
	"io"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// decoder reads the units of a file of any version.
type decoder struct {
	*xmlscan.Scanner
	name   string
	yield  func(*exchange.Unit, error) bool
	core   string // the namespace of XLIFF's own elements in this file
	header *exchange.Header
	unit   *exchange.Unit // being read
	used   int            // bytes of it
	inUnit bool

	key     string         // the id that the unit being read has in the file
	skipped map[string]int // shared by all headers of the file

	rw        *rewriter  // nil when only reading
	generated bitext.IDs // of trans-units without id
	ours      bool       // the document was exported by us
	version   string
	xliff2
}

// stop ends reading: the receiver wants no more.
type stop struct{}

func (stop) Error() string { return "stop" }

// scanner returns a Scanner that passes over the document type that files of 1.0
// name, and refuses one that declares something.
func scanner(name string, r io.Reader) *xmlscan.Scanner {
	s := xmlscan.New(name, r)
	s.External = true
	return s
}

func newDecoder(name string, r io.Reader) *decoder {
	return &decoder{Scanner: scanner(name, r), name: name, skipped: map[string]int{}}
}

func (d *decoder) run(yield func(*exchange.Unit, error) bool) {
	d.yield = yield
	err := d.document()
	switch err.(type) {
	case nil, stop:
	default:
		yield(nil, err)
	}
}

func (d *decoder) document() error {
	for {
		t, err := d.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if t.Kind != xmlscan.Start {
			continue
		}
		if err := d.root(t); err != nil {
			return err
		}
	}
}

func (d *decoder) root(t *xmlscan.Token) error {
	if t.Name.Local != "xliff" {
		return d.Fail(t, "xliff.root", "is this an XLIFF file?", "the root element is <%s>, not <xliff>", diag.Arg("element", t.Name.Local))
	}
	d.core = t.Name.Space
	d.version = attr(t, "version")
	switch {
	case d.core == ns.V2 || d.core == ns.V22:
		return d.xliff2Root(t)
	case d.core == ns.V12 || d.core == "" || strings.HasPrefix(d.core, "urn:oasis:names:tc:xliff:document:1."):
		if strings.HasPrefix(d.version, "1.") || d.core != "" {
			return d.root12()
		}
	}
	return d.Fail(t, "xliff.version", "1.0 to 1.2 and 2.0 to 2.2 are", "XLIFF version %q in namespace %q is not read", diag.Arg("version", d.version), diag.Arg("core", d.core))
}

// scan is the next token of any kind.
func (d *decoder) scan() (*xmlscan.Token, error) {
	t, err := d.Scanner.Next()
	if err == nil && d.rw != nil {
		err = d.rw.copyToken(d, t)
	}
	return t, err
}

// next is the next token that is no comment or processing instruction.
func (d *decoder) next() (*xmlscan.Token, error) {
	for {
		t, err := d.scan()
		if err != nil {
			return nil, err
		}
		if d.inUnit {
			if d.used += len(t.Raw); d.used > ns.MaxUnit {
				return nil, d.Fail(t, "xliff.limit", "", "a unit of more than %d bytes", diag.Arg("limit", ns.MaxUnit))
			}
		}
		if t.Kind != xmlscan.Comment && t.Kind != xmlscan.Instruction {
			return t, nil
		}
	}
}

// children calls visit for each element inside the one that has just begun, up to
// its end. visit must read its element to the end.
func (d *decoder) children(visit func(*xmlscan.Token) error) error {
	for {
		t, err := d.next()
		if err != nil {
			return err
		}
		switch t.Kind {
		case xmlscan.Start:
			if err := visit(t); err != nil {
				return err
			}
		case xmlscan.End:
			return nil
		}
	}
}

// skipPart is skip for a part of the file that no field holds.
func (d *decoder) skipPart(name string) error {
	d.skipped[name]++
	return d.skip()
}

// skip reads the element that has just begun to its end.
func (d *decoder) skip() error {
	for depth := 1; depth > 0; {
		t, err := d.next()
		if err != nil {
			return err
		}
		switch t.Kind {
		case xmlscan.Start:
			depth++
		case xmlscan.End:
			depth--
		}
	}
	return nil
}

// content is all text inside the element that has just begun, up to its end.
// each is called for the elements in it, which may add text of their own.
func (d *decoder) content(each func(t *xmlscan.Token, b *strings.Builder)) (string, error) {
	var b strings.Builder
	for depth := 1; depth > 0; {
		t, err := d.next()
		if err != nil {
			return "", err
		}
		switch t.Kind {
		case xmlscan.Text:
			if b.Len()+len(t.Text) > ns.MaxUnit {
				return "", d.Fail(t, "xliff.limit", "", "a text of more than %d bytes", diag.Arg("limit", ns.MaxUnit))
			}
			b.Write(t.Text)
		case xmlscan.Start:
			depth++
			if each != nil {
				each(t, &b)
			}
		case xmlscan.End:
			depth--
		}
	}
	return b.String(), nil
}

// attr is the value of an attribute without namespace, empty if there is none.
func attr(t *xmlscan.Token, name string) string {
	v, _ := t.Attr("", name)
	return string(v)
}

// begin starts a unit whose element is t.
func (d *decoder) begin(t *xmlscan.Token) *exchange.Unit {
	u := &exchange.Unit{Header: d.header}
	u.Line, u.Column = t.Place()
	d.inUnit, d.used = true, 0
	d.unit = u
	if d.rw != nil {
		d.rw.begin()
	}
	return u
}

// flush hands on the unit that has been read.
func (d *decoder) flush() error {
	u := d.unit
	d.unit, d.inUnit = nil, false
	if u == nil {
		return nil
	}
	u.Header = d.header
	for i := doubled(u.Segments); i >= 0; i = doubled(u.Segments) { // an invalid file
		ids := map[string]bool{}
		for j := range u.Segments {
			id := u.Segments[j].ID
			for n := 2; ids[id]; n++ {
				id = u.Segments[j].ID + "." + strconv.Itoa(n)
			}
			ids[id] = true
			u.Segments[j].ID = id
		}
	}
	if len(u.Segments) > 0 || u.Source.IsEmpty() {
		exchange.SetSourceFromSegments(&u.Unit)
	}
	if d.rw != nil {
		return d.rw.unit(d, u)
	}
	if !d.yield(u, nil) {
		return stop{}
	}
	return nil
}

// report hands on an error after which reading goes on.
func (d *decoder) report(err diag.Diagnostic) error {
	if !d.yield(nil, err) {
		return stop{}
	}
	return nil
}

// addSegment puts a segment and its target into a unit.
func addSegment(u *exchange.Unit, s bitext.Segment, t bitext.Target) {
	if u.Segments == nil {
		u.Segments, u.Targets = make([]bitext.Segment, 0, 4), make([]bitext.Target, 0, 4)
	}
	u.Segments = append(u.Segments, s)
	u.Targets = append(u.Targets, t)
}

// textReader gathers a text's characters and codes.
type textReader struct {
	chars strings.Builder
	codes []bitext.Code
	raw   []string // beside codes, when rewriting: the elements or tags as they stood
	notes []annotation
}

// annotation is the tags of a mrk, or an sm and an em, as they stood; one of the
// two is empty where the other stands in another text.
type annotation struct{ id, open, shut string }

func (r *textReader) code(c bitext.Code) {
	c.Pos = r.chars.Len()
	if r.codes == nil {
		r.codes = make([]bitext.Code, 0, 2)
	}
	r.codes = append(r.codes, c)
	r.raw = append(r.raw, "")
}

func (r *textReader) cut() bitext.Boundary {
	return bitext.Boundary{Pos: r.chars.Len(), Code: len(r.codes)}
}

func (r *textReader) text() bitext.Text {
	return bitext.Text{Chars: r.chars.String(), Codes: r.codes}
}

// preserve reads xml:space on t, which is inherited.
func preserve(t *xmlscan.Token, inherited bool) bool {
	switch v, _ := t.Attr(xmlscan.XML, "space"); string(v) {
	case "preserve":
		return true
	case "default":
		return false
	}
	return inherited
}
