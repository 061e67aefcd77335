package docx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/docx"
)

// A paragraph whose runs have one format is one text without codes; a run in bold is a
// pair of codes.
func Example() {
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>The bri</w:t></w:r><w:r><w:t>dge opens.</w:t></w:r></w:p><w:p><w:r><w:t xml:space="preserve">It is </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>new</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p></w:body></w:document>`},
	} {
		f, err := w.Create(part[0])
		if err != nil {
			panic(err)
		}
		if _, err := io.WriteString(f, part[1]); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	f := &docx.Format{}
	d, found := f.Split("a.docx", file.Bytes())
	for i := range d.Units {
		fmt.Println(d.Units[i].Kind, d.Units[i].Source.Tagged())
		d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	}
	out, _ := f.Assemble(d, bitext.NewTranslation(d, "ru"), nil)
	fmt.Println(len(found), bytes.Equal(out, file.Bytes()))
	// Output:
	// paragraph The bridge opens.
	// paragraph It is <1>new</1>.
	// 0 true
}
