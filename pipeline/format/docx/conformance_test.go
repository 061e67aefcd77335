package docx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/formattest"
)

const (
	ns = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml"`

	head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n"
)

func document(body string) string {
	return head + `<w:document ` + ns + `><w:body>` + body + `<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/><w:docGrid w:linePitch="360"/></w:sectPr></w:body></w:document>`
}

const body = `<w:p><w:pPr><w:pStyle w:val="Ttl"/></w:pPr><w:r><w:t>Bridge over the Sarna</w:t></w:r></w:p>` +
	`<w:p><w:pPr><w:pStyle w:val="H1"/><w:jc w:val="left"/></w:pPr><w:bookmarkStart w:id="0" w:name="_Toc1"/><w:r w:rsidR="00A1"><w:t xml:space="preserve">Traffic </w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:lang w:val="en-US"/></w:rPr><w:t>returns</w:t></w:r><w:proofErr w:type="spellEnd"/><w:bookmarkEnd w:id="0"/></w:p>` +
	`<w:p><w:r><w:t xml:space="preserve">The bridge is </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>open</w:t></w:r><w:r><w:t xml:space="preserve"> again,</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t xml:space="preserve"> says </w:t></w:r>` +
	`<w:hyperlink r:id="rId9"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr><w:t>A &amp; B</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r></w:p>` +
	`<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:tab/><w:t>An item</w:t><w:br/><w:t>of two lines</w:t></w:r></w:p>` +
	`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="4000"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>A cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
	`<w:p><w:r><w:t xml:space="preserve">See </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> HYPERLINK "https://example.org" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>the page</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> on page </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>.</w:t></w:r></w:p>` +
	`<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1000000" cy="500000"/><wp:docPr id="1" name="Box 1" descr="A &quot;drawing&quot; of the bridge"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1000000" cy="500000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r><w:t>Around the box.</w:t></w:r></w:p>` +
	`<w:p><w:pPr/><w:commentRangeStart w:id="5"/><w:r><w:t xml:space="preserve">It was </w:t></w:r><w:ins w:id="6" w:author="Ann"><w:r><w:t>really</w:t></w:r></w:ins><w:del w:id="7" w:author="Ann"><w:r><w:delText>secretly</w:delText></w:r></w:del><w:r><w:t xml:space="preserve"> closed.</w:t></w:r><w:commentRangeEnd w:id="5"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="5"/></w:r></w:p>` +
	`<w:p><w:r><w:t>2026</w:t></w:r></w:p><w:p/>`

const stylesXML = head + `<w:styles ` + ns + `><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Ttl"><w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>` +
	`<w:style w:type="character" w:styleId="Code"><w:name w:val="Code"/><w:rPr><w:lang w:val="la"/></w:rPr></w:style></w:styles>`

// files returns the parts of a document with the given body.
func files(documentXML string) map[string]string {
	types := head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>`
	for _, x := range [][2]string{{"document", "document.main"}, {"styles", "styles"}, {"header1", "header"}, {"footnotes", "footnotes"}, {"comments", "comments"}} {
		types += `<Override PartName="/word/` + x[0] + `.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.` + x[1] + `+xml"/>`
	}
	types += `<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return map[string]string{
		"[Content_Types].xml":          types,
		"_rels/.rels":                  head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
		"word/_rels/document.xml.rels": head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rel + `header" Target="header1.xml"/><Relationship Id="rId2" Type="` + rel + `styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + rel + `footnotes" Target="footnotes.xml"/><Relationship Id="rId4" Type="` + rel + `comments" Target="comments.xml"/><Relationship Id="rId9" Type="` + rel + `hyperlink" Target="https://example.org/" TargetMode="External"/></Relationships>`,
		"word/document.xml":            documentXML,
		"word/styles.xml":              stylesXML,
		"word/header1.xml":             head + `<w:hdr ` + ns + `><w:p><w:r><w:t>The header</w:t></w:r></w:p></w:hdr>`,
		"word/footnotes.xml":           head + `<w:footnotes ` + ns + `><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> A note.</w:t></w:r></w:p></w:footnote></w:footnotes>`,
		"word/comments.xml":            head + `<w:comments ` + ns + `><w:comment w:id="5" w:author="Ann"><w:p><w:r><w:t>A comment stays.</w:t></w:r></w:p></w:comment></w:comments>`,
		"docProps/core.xml":            head + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The title</dc:title><dc:creator>Ann</dc:creator><cp:keywords>bridge, river</cp:keywords><dc:language>en</dc:language></cp:coreProperties>`,
		"word/media/image1.png":        "\x89PNG not really",
	}
}

func pack(t testing.TB, files map[string]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		method := zip.Store // packing takes most of the time of these tests
		if name == "word/comments.xml" || len(files[name]) > 1<<16 {
			method = zip.Deflate
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), Comment: "c"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(t testing.TB, data []byte) map[string]string {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

// packed is the format for document parts that are not packed: it packs them first and
// unpacks them behind.
type packed struct {
	Format
	t testing.TB
}

func (f *packed) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	return f.Format.Split(path, pack(f.t, files(string(data))))
}

func (f *packed) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	out, ds := f.Format.Assemble(d, tr, meta)
	return []byte(unpack(f.t, out)["word/document.xml"]), ds
}

func TestConformance(t *testing.T) {
	sample := string(pack(t, files(document(body))))
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return new(Format) },
		Documents: map[string]string{
			"sample.docx": sample, "empty.docx": "", "text.docx": "no zip", "zip.docx": string(pack(t, map[string]string{"a.txt": "A"})),
		},
		Path: "paragraphs.docx", Before: sample, Paragraphs: nil,
	})
	formattest.Run(t, formattest.Suite{
		New:       func() formattest.Format { return &packed{t: t} },
		Documents: map[string]string{"body.xml": document(body)},
		Path:      "paragraphs.xml",
		Before:    head + `<w:document ` + ns + `><w:body>`,
		Paragraphs: []string{
			`<w:p><w:r><w:t>The first one.</w:t></w:r></w:p>`, `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Bold</w:t></w:r><w:r><w:t xml:space="preserve"> and not bold.</w:t></w:r></w:p>`,
			`<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:r><w:t>A heading</w:t></w:r></w:p>`, `<w:p><w:r><w:t>The last one.</w:t></w:r></w:p>`,
		},
		After: `</w:body></w:document>`,
	})
}

func TestSplit(t *testing.T) {
	d, ds := new(Format).Split("a.docx", pack(t, files(document(body))))
	var b strings.Builder
	for _, u := range d.Units {
		fmt.Fprintf(&b, "%s %s\n", u.Kind, u.Source.Tagged())
	}
	want := `title Bridge over the Sarna
heading Traffic returns
paragraph The bridge is <1>open</1> again,<2/> says <3>A & B</3>.
item <1/>An item<2/>of two lines
cell A cell
paragraph See <1>the page</1> on page <2/>.
paragraph Around the box.
attribute A "drawing" of the bridge
paragraph In a box
paragraph It was really closed.
footnote  A note.
paragraph The header
title The title
field bridge, river
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if d.Meta["title"] != "The title" || len(ds) != 1 || ds[0].ID != "docx.tracked" || !strings.Contains(ds[0].Message, "2 tracked") {
		t.Errorf("%v %v", d.Meta, ds)
	}
}

func TestAssemble(t *testing.T) {
	f := new(Format)
	source := pack(t, files(document(body)))
	d, _ := f.Split("a.docx", source)
	d.Locale = "en"
	formattest.Segment(d, nil)
	tr := formattest.Fill(d, formattest.Upper)
	out, ds := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "de", Dir: "ltr"})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	before, after := unpack(t, source), unpack(t, out)
	for _, name := range []string{"word/comments.xml", "word/media/image1.png", "_rels/.rels", "[Content_Types].xml"} {
		if before[name] != after[name] {
			t.Errorf("%s has changed", name)
		}
	}
	got := after["word/document.xml"]
	for _, want := range []string{
		`<w:pPr><w:pStyle w:val="H1"/><w:jc w:val="left"/></w:pPr><w:bookmarkStart w:id="0" w:name="_Toc1"/><w:r><w:t xml:space="preserve">TRAFFIC RETURNS</w:t></w:r><w:proofErr w:type="spellEnd"/><w:bookmarkEnd w:id="0"/></w:p>`,
		`<w:r><w:t xml:space="preserve">THE BRIDGE IS </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">OPEN</w:t></w:r><w:r><w:t xml:space="preserve"> AGAIN,</w:t><w:footnoteReference w:id="2"/><w:t xml:space="preserve"> SAYS </w:t></w:r>`,
		`<w:hyperlink r:id="rId9"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr><w:t xml:space="preserve">A &amp; B</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve">.</w:t></w:r></w:p>`,
		`<w:r><w:tab/><w:t xml:space="preserve">AN ITEM</w:t><w:br/><w:t xml:space="preserve">OF TWO LINES</w:t></w:r>`,
		`HYPERLINK "https://example.org" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">THE PAGE</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`,
		`descr="A &quot;DRAWING&quot; OF THE BRIDGE"`, `<w:txbxContent><w:p><w:r><w:t xml:space="preserve">IN A BOX</w:t></w:r></w:p></w:txbxContent>`,
		`<w:p><w:pPr/><w:commentRangeStart w:id="5"/><w:r><w:t xml:space="preserve">IT WAS REALLY CLOSED.</w:t></w:r><w:commentRangeEnd w:id="5"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="5"/></w:r></w:p>`,
		`<w:p><w:r><w:t>2026</w:t></w:r></w:p><w:p/>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s\nin %s", want, got)
		}
	}
	if strings.Contains(got, "secretly") {
		t.Error("a deleted text is in the edition")
	}
	for _, c := range []struct{ name, want string }{
		{"word/styles.xml", `<w:sz w:val="22"/><w:lang w:val="de" w:eastAsia="en-US" w:bidi="ar-SA"/>`}, {"word/styles.xml", `<w:lang w:val="la"/>`},
		{"docProps/core.xml", `<dc:title>THE TITLE</dc:title><dc:creator>Ann</dc:creator><cp:keywords>BRIDGE, RIVER</cp:keywords><dc:language>de</dc:language>`},
		{"word/header1.xml", `THE HEADER`}, {"word/footnotes.xml", `<w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> A NOTE.</w:t></w:r>`},
	} {
		if !strings.Contains(after[c.name], c.want) {
			t.Errorf("%s: no %s in %s", c.name, c.want, after[c.name])
		}
	}
	// The packed bytes of other entries are the same.
	rawOf := func(data []byte, name string) []byte {
		r, _ := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		for _, f := range r.File {
			if f.Name == name {
				at, _ := f.DataOffset()
				return data[at : at+int64(f.CompressedSize64)]
			}
		}
		return nil
	}
	if !bytes.Equal(rawOf(source, "word/comments.xml"), rawOf(out, "word/comments.xml")) {
		t.Error("an entry without a change was packed again")
	}
	// What an edition is split into is what was put into it.
	e, _ := f.Split("a.docx", out)
	for i := range d.Units {
		if got, want := e.Units[i].Source.Tagged(), formattest.Upper(d.Units[i].Source).Tagged(); got != want {
			t.Errorf("unit %d: %s, want %s", i, got, want)
		}
	}
}

func TestRightToLeft(t *testing.T) {
	f := new(Format)
	d, _ := f.Split("a.docx", pack(t, files(document(body))))
	d.Locale = "en"
	formattest.Segment(d, nil)
	tr := formattest.Fill(d, formattest.Upper)
	tr.Targets[5][0] = bitext.Target{Text: d.Units[5].Source, Filled: true, Locale: "en"}
	out, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "fa", Dir: "rtl"})
	parts := unpack(t, out)
	for _, want := range []string{
		`<w:pPr><w:pStyle w:val="H1"/><w:bidi/><w:jc w:val="left"/></w:pPr>`, `<w:p><w:pPr><w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve">THE BRIDGE`,
		`<w:b/><w:bCs/><w:rtl/>`, `<w:tblStyle w:val="Grid"/><w:bidiVisual/><w:tblW`, `<w:bidi/><w:docGrid`, `<w:pPr><w:bidi/></w:pPr><w:commentRangeStart`,
	} {
		if !strings.Contains(parts["word/document.xml"], want) {
			t.Errorf("no %s in %s", want, parts["word/document.xml"])
		}
	}
	if want := `<w:lang w:val="fa" w:eastAsia="en-US" w:bidi="fa"/>`; !strings.Contains(parts["word/styles.xml"], want) {
		t.Error(parts["word/styles.xml"])
	}
	// And back again: nothing of it stays.
	d, _ = f.Split("a.docx", out)
	d.Locale = "fa"
	formattest.Segment(d, nil)
	out, _ = f.Assemble(d, formattest.Fill(d, func(x bitext.Text) bitext.Text { x.Chars += "."; return x }), &bitext.EditionMeta{Locale: "en", Dir: "ltr"})
	if text := unpack(t, out)["word/document.xml"]; strings.Contains(text, "<w:bidi/>") || strings.Contains(text, "<w:rtl/>") || strings.Contains(text, "bidiVisual") {
		t.Error(text)
	}
}

func TestNotice(t *testing.T) {
	f := new(Format)
	d, _ := f.Split("a.docx", pack(t, files(document(body))))
	d.Locale = "en"
	formattest.Segment(d, nil)
	for _, c := range []struct {
		place bitext.NoticePlace
		dir   string
		want  string
	}{
		{bitext.NoticeAfterHeadline, "ltr", `Sarna</w:t></w:r></w:p><w:p><w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">By &lt;MT&gt;</w:t></w:r></w:p><w:p>`},
		{bitext.NoticeTop, "rtl", `<w:body><w:p><w:pPr><w:bidi/></w:pPr><w:r><w:rPr><w:i/><w:iCs/><w:rtl/></w:rPr><w:t xml:space="preserve">By &lt;MT&gt;</w:t></w:r></w:p><w:p>`},
		{bitext.NoticeEnd, "ltr", `<w:t xml:space="preserve">By &lt;MT&gt;</w:t></w:r></w:p><w:sectPr>`},
	} {
		out, _ := f.Assemble(d, nil, &bitext.EditionMeta{Locale: "fa", Dir: c.dir, Machine: &bitext.Notice{Text: "By <MT>", Place: c.place}})
		if text := unpack(t, out)["word/document.xml"]; !strings.Contains(text, c.want) {
			t.Errorf("%s: no %s in %s", c.place, c.want, text)
		}
	}
}

// Whatever a translation does with codes, the part stays well-formed.
func TestCodesInDisorder(t *testing.T) {
	f := new(Format)
	d, _ := f.Split("a.docx", pack(t, files(document(body))))
	formattest.Segment(d, nil)
	for _, codes := range []string{"<3>a<1>b</3>c</1>", "</3>a<2/><2/>", "<3>a<3>b", "<1>a", "</1></1><3/>"} {
		text, err := bitext.ParseTagged(codes, d.Units[2].Source)
		if err != nil {
			text = bitext.Plain(codes)
		}
		tr := bitext.NewTranslation(d, "de")
		tr.Targets[2][0] = bitext.Target{Text: text, Filled: true}
		out, _ := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "de"})
		if e, ds := f.Split("a.docx", out); len(e.Units) < len(d.Units)-1 {
			t.Errorf("%s: %d units, %v", codes, len(e.Units), ds)
		}
	}
}

func TestHostile(t *testing.T) {
	good := files(document(body))
	with := func(name, text string) []byte {
		f := maps.Clone(good)
		f[name] = text
		return pack(t, f)
	}
	bomb := pack(t, good)
	// The directory says that the document is of 3 GB.
	at := bytes.LastIndex(bomb, []byte("word/document.xml"))
	binary.LittleEndian.PutUint32(bomb[at-46+24:], 3<<30)
	twice := append([]byte(nil), pack(t, map[string]string{"[Content_Types].xml": "a", "a.xml": "b", "A.xml": "c"})...)
	encrypted := pack(t, good)
	at = bytes.LastIndex(encrypted, []byte("word/styles.xml"))
	encrypted[at-46+8] |= 1
	large := ""
	if !testing.Short() {
		large = strings.Repeat(" ", maxPart+1)
	}
	for _, c := range []struct {
		name     string
		data     []byte
		id, text string
	}{
		{"no zip", []byte("PK\x03\x04 no"), "docx.package", "no zip file"},
		{"old Word", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "docx.package", "before 2007"},
		{"half", pack(t, good)[:2000], "docx.package", "no zip file"},
		{"bomb by its directory", bomb, "docx.part", "too large"},
		{"bomb", with("word/document.xml", large), "docx.part", "too large"},
		{"twice", twice, "docx.package", "two entries"},
		{"encrypted", encrypted, "docx.package", "encrypted"},
		{"spreadsheet", pack(t, map[string]string{"[Content_Types].xml": `<Types xmlns="x"/>`}), "docx.package", "no Word file"},
		{"no types", pack(t, map[string]string{"a": "b"}), "docx.package", "no Office file"},
		{"entities", with("word/document.xml", `<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document `+ns+`><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>`), "docx.part", "document type"},
		{"external entity", with("word/header1.xml", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`), "docx.part", "document type"},
		{"deep", with("word/header1.xml", strings.Repeat("<a>", 100_000)), "docx.part", "inside each other"},
		{"not well-formed", with("word/document.xml", `<w:document `+ns+`><w:body>`), "docx.part", "ends before"},
		{"undeclared prefix", with("word/document.xml", `<w:document/>`), "docx.part", "prefix"},
	} {
		if c.name == "bomb" && testing.Short() {
			continue
		}
		d, ds := new(Format).Split("a.docx", c.data)
		found := false
		for _, x := range ds {
			found = found || x.ID == c.id && strings.Contains(x.Message, c.text)
		}
		if !found {
			t.Errorf("%s: %v", c.name, ds)
		}
		formattest.Segment(d, nil)
		if out, _ := new(Format).Assemble(d, nil, nil); !bytes.Equal(out, c.data) {
			t.Errorf("%s: not the same bytes", c.name)
		}
		new(Format).Assemble(d, formattest.Fill(d, formattest.Upper), &bitext.EditionMeta{Locale: "fa", Dir: "rtl"})
	}
}

// TestLibreOffice opens editions in LibreOffice, whose text must be that of their units.
func TestLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	program, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
			t.Fatal("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
		}
		t.Skip("LibreOffice is not installed")
	}
	f := new(Format)
	d, _ := f.Split("a.docx", pack(t, files(document(body))))
	d.Locale = "en"
	formattest.Segment(d, nil)
	dir := t.TempDir()
	for _, meta := range []*bitext.EditionMeta{{Locale: "de", Dir: "ltr"}, {Locale: "fa", Dir: "rtl"}} {
		out, _ := f.Assemble(d, formattest.Fill(d, formattest.Upper), meta)
		name := filepath.Join(dir, meta.Locale+".docx")
		if err := os.WriteFile(name, out, 0o644); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, name)
		if message, err := c.CombinedOutput(); err != nil || bytes.Contains(message, []byte("Error:")) {
			if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
				t.Fatalf("%v %s", err, message)
			}
			t.Skipf("LibreOffice cannot convert: %v %s", err, message)
		}
		text, err := os.ReadFile(filepath.Join(dir, meta.Locale+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimPrefix(strings.ReplaceAll(string(text), "\r", ""), "\ufeff"), "\n")
		for _, want := range []string{"BRIDGE OVER THE SARNA", "TRAFFIC RETURNS", "OF TWO LINES", "A CELL", "AROUND THE BOX.", "IT WAS REALLY CLOSED.", "2026"} {
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) == want }) {
				t.Errorf("%s: no line %q in %q", meta.Locale, want, lines)
			}
		}
		if !strings.Contains(string(text), "SAYS A & B.") || !strings.Contains(string(text), "SEE THE PAGE ON PAGE ") {
			t.Errorf("%s: %q", meta.Locale, text)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte(document(body)), uint64(1))
	f.Add([]byte(files("")["word/footnotes.xml"]), uint64(2))
	f.Add([]byte(document(`<w:p><w:r><w:t>a<![CDATA[b]]><!--c-->&#100;</w:t><w:delText>x</w:delText></w:r><w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t> y</w:t></w:r></w:sdtContent></w:sdt><w:fldSimple w:instr="HYPERLINK x"><w:r><w:rPr><w:i/></w:rPr><w:t>z</w:t></w:r></w:fldSimple></w:p>`)), uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		format := new(Format)
		d, err := formattest.Check(format, "a.docx", pack(t, files(string(data))), formattest.Random(seed))
		if err != nil {
			t.Fatal(err)
		}
		d.Locale = "en"
		out, _ := format.Assemble(d, formattest.Fill(d, formattest.Upper), &bitext.EditionMeta{Locale: "fa", Dir: "rtl"})
		if e, ds := format.Split("a.docx", out); slices.ContainsFunc(ds, func(x diag.Diagnostic) bool { return x.ID == "docx.part" }) && len(d.Units) > 6 {
			t.Fatalf("%d units became %d: %v", len(d.Units), len(e.Units), ds)
		}
	})
}
