package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"hexapla/pipeline/format/internal/xmltree"
)

// Limits of a package: what a file may make the reader do.
const (
	maxEntries = 10_000
	maxPart    = 128 << 20 // bytes of one part, unpacked
	maxParts   = 256 << 20 // bytes of all parts that are read
)

// archive is a package that is being read.
type archive struct {
	data  []byte
	zip   *zip.Reader
	left  int64 // bytes that may still be unpacked
	parts []part
	// styles is the part with the styles, nil if there is none.
	styles *zip.File
	signed bool
}

// part is a part with text.
type part struct {
	name string // short: "document", "header1"
	kind string // the last word of its content type: "main", "footnotes", "core"
	file *zip.File
}

// contentTypes are the parts with text, by content type (ECMA-376, part 1, annex A
// and 11.3).
var contentTypes = map[string]string{
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "main",
	"application/vnd.ms-word.document.macroEnabled.main+xml":                           "main",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml":        "header",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml":        "footer",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml":     "footnotes",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml":      "endnotes",
	"application/vnd.openxmlformats-package.core-properties+xml":                       "core",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml":        "styles",
	"application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml":        "signature",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "main",
	"application/vnd.ms-word.template.macroEnabledTemplate.main+xml":                   "main",
}

// order is the order in which kinds of parts are read.
var order = []string{"main", "footnotes", "endnotes", "header", "footer", "core"}

// open reads the directory of a package.
func open(data []byte) (*archive, error) {
	if bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}) {
		return nil, errors.New("it is encrypted, or a Word file from before 2007")
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("it is no zip file, or a damaged one: %w", err)
	}
	if len(r.File) > maxEntries {
		return nil, fmt.Errorf("it has %d entries, more than %d", len(r.File), maxEntries)
	}
	a := &archive{data: data, zip: r, left: maxParts}
	byName := make(map[string]*zip.File, len(r.File))
	var packed uint64
	for _, f := range r.File {
		name := strings.ToLower(f.Name) // part names differ in more than case (ECMA-376, part 2, 6.2.2.3)
		switch {
		case byName[name] != nil:
			return nil, fmt.Errorf("it has two entries of the name %q", f.Name)
		case f.Flags&1 != 0:
			return nil, fmt.Errorf("its entry %q is encrypted", f.Name)
		}
		byName[name] = f
		if packed += f.CompressedSize64; packed > uint64(len(data)) {
			return nil, errors.New("its entries overlap")
		}
	}
	types := byName["[content_types].xml"]
	if types == nil {
		return nil, errors.New("it has no [Content_Types].xml: it is no Office file")
	}
	text, err := a.read(types)
	if err != nil {
		return nil, err
	}
	tree, err := xmltree.Parse(types.Name, text, false)
	if err != nil {
		return nil, fmt.Errorf("[Content_Types].xml cannot be read: %w", err)
	}
	found := map[string][]part{}
	for _, o := range tree.Root.Children {
		name, typ := o.Attr("", "PartName"), o.Attr("", "ContentType")
		if o.Local != "Override" || name == nil || typ == nil {
			continue
		}
		kind := contentTypes[typ.Value]
		f := byName[strings.ToLower(strings.TrimPrefix(name.Value, "/"))]
		switch {
		case kind == "" || f == nil:
		case kind == "styles":
			a.styles = f
		case kind == "signature":
			a.signed = true
		default:
			base := path.Base(f.Name)
			found[kind] = append(found[kind], part{strings.TrimSuffix(base, path.Ext(base)), kind, f})
		}
	}
	if len(found["main"]) == 0 {
		return nil, errors.New("it has no document part: it is no Word file")
	}
	for _, kind := range order {
		a.parts = append(a.parts, found[kind]...)
	}
	return a, nil
}

// read unpacks a part.
func (a *archive) read(f *zip.File) ([]byte, error) {
	limit := min(a.left, maxPart)
	if f.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("%s is too large: %d bytes, unpacked", f.Name, f.UncompressedSize64)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", f.Name, err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", f.Name, err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%s is too large", f.Name)
	}
	a.left -= int64(len(text))
	return text, nil
}

// write returns the package with the parts of the given names replaced. All other
// entries keep their packed bytes.
func (a *archive) write(replaced map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(a.data))
	w := zip.NewWriter(&out)
	if err := w.SetComment(a.zip.Comment); err != nil {
		return nil, err
	}
	for _, f := range a.zip.File {
		text, ok := replaced[f.Name]
		if !ok {
			if err := w.Copy(f); err != nil {
				return nil, fmt.Errorf("%s cannot be copied: %w", f.Name, err)
			}
			continue
		}
		h := zip.FileHeader{Name: f.Name, Comment: f.Comment, NonUTF8: f.NonUTF8, Method: zip.Deflate, Modified: f.Modified, ExternalAttrs: f.ExternalAttrs, CreatorVersion: f.CreatorVersion}
		in, err := w.CreateHeader(&h)
		if err != nil {
			return nil, err
		}
		if _, err := in.Write(text); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
