package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"hexapla/pipeline/exchange/xmlscan"
)

// Limits of what is read. Only the parts that are needed are unpacked: a workbook's
// list, its shared strings and its sheets.
const (
	maxPacked   = 256 << 20 // bytes of the file
	maxUnpacked = 512 << 20 // bytes of all parts that are read
	maxStrings  = 256 << 20 // bytes of shared strings
	maxSheets   = 10_000    // sheets of a workbook
	maxColumn   = 1024      // columns that are read; those after them are passed over
	// maxRatio bounds how many times a part may grow when it is unpacked. Rows of one
	// and the same cell reach 100; what is more is made to be a burden.
	maxRatio = 400
	// freeRatio is how many bytes a part may unpack to whatever its ratio.
	freeRatio = 4 << 20
)

// errors of workbooks that are refused.
var (
	errSize  = fmt.Errorf("it unpacks to more than the limit of %d bytes", maxUnpacked)
	errRatio = fmt.Errorf("a part of it unpacks to more than the limit of %d times its size", maxRatio)
	errCell  = fmt.Errorf("a cell has more characters than the limit of %d", MaxCell)
)

// Workbook is a workbook that is being read.
type Workbook struct {
	files   map[string]*zip.File
	sheets  []sheetPart
	strings shared
	left    int64 // bytes that may still be unpacked
	ods     bool  // an OpenDocument spreadsheet
}

type sheetPart struct{ name, part string }

// shared are the shared strings, one after the other.
type shared struct {
	text []byte
	ends []int
}

func (s *shared) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.text[from:s.ends[i]]), true
}

// Open reads a workbook from r, or an OpenDocument spreadsheet (.ods). The rows are read
// by Rows.
func Open(r io.Reader) (*Workbook, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPacked+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxPacked {
		return nil, fmt.Errorf("it is larger than the limit of %d bytes", maxPacked)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("it is not a zip archive: %w", err)
	}
	b := &Workbook{files: map[string]*zip.File{}, left: maxUnpacked}
	for _, f := range archive.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := b.files[name]; !twice {
			b.files[name] = f
		}
	}
	if b.files[odsContent] != nil && b.files["[content_types].xml"] == nil {
		b.ods = true
		if err := b.listODS(); err != nil {
			return nil, err
		}
		return b, nil
	}
	main := "xl/workbook.xml"
	if rels, err := b.relations("_rels/.rels", ""); err == nil {
		for _, r := range rels {
			if strings.HasSuffix(r.kind, "/officeDocument") {
				main = r.target
			}
		}
	}
	if err := b.list(main); err != nil {
		return nil, err
	}
	return b, nil
}

type relation struct{ id, kind, target string }

// relations reads the relations of the part in a folder.
func (b *Workbook) relations(name, folder string) (rels []relation, err error) {
	err = b.scan(name, func(t *xmlscan.Token) error {
		if t.Kind != xmlscan.Start || t.Name.Local != "Relationship" {
			return nil
		}
		target := value(t, "Target")
		if mode := value(t, "TargetMode"); mode == "External" {
			return nil
		}
		if rooted, ok := strings.CutPrefix(target, "/"); ok {
			target = rooted
		} else {
			target = path.Join(folder, target)
		}
		rels = append(rels, relation{value(t, "Id"), value(t, "Type"), target})
		if len(rels) > 10_000 {
			return errors.New("it has more than 10000 relations")
		}
		return nil
	})
	return rels, err
}

// list reads the names of the sheets and the shared strings.
func (b *Workbook) list(main string) error {
	folder := path.Dir(main)
	rels, err := b.relations(path.Join(folder, "_rels", path.Base(main)+".rels"), folder)
	if err != nil {
		return err
	}
	parts := map[string]string{}
	for _, r := range rels {
		parts[r.id] = r.target
	}
	err = b.scan(main, func(t *xmlscan.Token) error {
		if t.Kind != xmlscan.Start || t.Name.Local != "sheet" {
			return nil
		}
		for _, a := range t.Attrs {
			if a.Local == "id" && a.Space != "" {
				if part, ok := parts[string(a.Value)]; ok {
					if err := b.addSheet(sheetPart{value(t, "name"), part}); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(b.sheets) == 0 {
		return errors.New("it has no sheet")
	}
	for _, r := range rels {
		if strings.HasSuffix(r.kind, "/sharedStrings") {
			return b.sharedStrings(r.target)
		}
	}
	return nil
}

// addSheet adds a sheet to the list.
func (b *Workbook) addSheet(s sheetPart) error {
	if len(b.sheets) == maxSheets {
		return fmt.Errorf("it has more sheets than the limit of %d", maxSheets)
	}
	b.sheets = append(b.sheets, s)
	return nil
}

// Sheets returns the names of the sheets in their order.
func (b *Workbook) Sheets() []string {
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.name
	}
	return names
}

func value(t *xmlscan.Token, name string) string {
	v, _ := t.Attr("", name)
	return string(v)
}

// unpacked reads a part within the limits.
type unpacked struct {
	r      io.Reader
	book   *Workbook
	packed int64
	read   int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.read += int64(n)
	if u.book.left -= int64(n); u.book.left < 0 {
		return 0, errSize
	}
	if u.read > freeRatio && u.read/maxRatio > u.packed {
		return 0, errRatio
	}
	return n, err
}

// stop ends a scan early.
var errStop = errors.New("stop")

// scan reads the tokens of a part.
func (b *Workbook) scan(name string, visit func(*xmlscan.Token) error) error {
	f := b.files[strings.ToLower(name)]
	if f == nil {
		return fmt.Errorf("it has no part %.80q", name)
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	in := &unpacked{r: r, book: b, packed: max(1, int64(f.CompressedSize64))}
	s := xmlscan.New(f.Name, in)
	for {
		t, err := s.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := visit(t); err != nil {
			return err
		}
	}
}

// text gathers the characters of t elements, but not those of phonetic runs.
type text struct {
	b        strings.Builder
	inside   bool
	phonetic int
}

func (x *text) token(t *xmlscan.Token) error {
	switch t.Kind {
	case xmlscan.Start:
		switch t.Name.Local {
		case "rPh":
			x.phonetic++
		case "t":
			x.inside = x.phonetic == 0
		}
	case xmlscan.End:
		switch t.Name.Local {
		case "rPh":
			x.phonetic--
		case "t":
			x.inside = false
		}
	case xmlscan.Text:
		if x.inside {
			return x.add(t.Text)
		}
	}
	return nil
}

// add appends characters. A cell's limit is in UTF-16 code units, of which a text has
// at least a third of its bytes.
func (x *text) add(b []byte) error {
	if x.b.Len()+len(b) > 4*MaxCell*len("_x0000_") {
		return errCell
	}
	x.b.Write(b)
	return nil
}

func (x *text) take() string {
	s := x.b.String()
	x.b.Reset()
	return s
}

func (b *Workbook) sharedStrings(name string) error {
	var x text
	return b.scan(name, func(t *xmlscan.Token) error {
		if err := x.token(t); err != nil {
			return err
		}
		if t.Kind == xmlscan.End && t.Name.Local == "si" {
			s := x.take()
			if len(b.strings.text)+len(s) > maxStrings {
				return fmt.Errorf("its shared strings have more than the limit of %d bytes", maxStrings)
			}
			b.strings.text = append(b.strings.text, s...)
			b.strings.ends = append(b.strings.ends, len(b.strings.text))
		}
		return nil
	})
}

// Row is one row. Number is its number in the sheet, from 1. Cells are good until the
// next row.
type Row struct {
	Number int
	Cells  []string
}

// Rows walks over the rows of a sheet that have a cell. A number is given as it is
// stored, a formula by its last value. An error ends the walk.
func (b *Workbook) Rows(sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := &odsRows{rows: rows{book: b, yield: yield}}
		visit := r.rows.token
		if b.ods {
			visit = r.token(sheet)
		}
		err := b.scan(b.sheets[sheet].part, visit)
		if err != nil && !errors.Is(err, errStop) {
			yield(Row{}, err)
		}
	}
}

// rows reads a sheet.
type rows struct {
	book   *Workbook
	yield  func(Row, error) bool
	row    Row
	column int // of the cell that is being read
	kind   string
	inCell bool
	value  text // of v
	inV    bool
	inline text // of is
	filled bool
}

func (r *rows) token(t *xmlscan.Token) error {
	switch name := t.Name.Local; {
	case t.Kind == xmlscan.Start && name == "row":
		r.row.Number++
		if n := number(value(t, "r")); n > 0 {
			r.row.Number = n
		}
		if r.row.Number > MaxRows {
			return fmt.Errorf("a sheet has more rows than the limit of %d", MaxRows)
		}
		r.row.Cells, r.column, r.filled = r.row.Cells[:0], -1, false
	case t.Kind == xmlscan.End && name == "row":
		if r.filled && !r.yield(r.row, nil) {
			return errStop
		}
	case t.Kind == xmlscan.Start && name == "c":
		r.column++
		if c := columnOf(value(t, "r")); c >= 0 {
			r.column = c
		}
		r.kind, r.inCell = value(t, "t"), true
	case t.Kind == xmlscan.End && name == "c":
		r.inCell = false
		return r.cell()
	case !r.inCell:
	case t.Kind == xmlscan.Start && name == "v":
		r.inV = true
	case t.Kind == xmlscan.End && name == "v":
		r.inV = false
	case t.Kind == xmlscan.Text && r.inV:
		return r.value.add(t.Text)
	default:
		return r.inline.token(t)
	}
	return nil
}

// cell puts the cell that has been read into its row.
func (r *rows) cell() error {
	s, inline := r.value.take(), r.inline.take()
	switch r.kind {
	case "s":
		var ok bool
		if s, ok = r.book.strings.at(number(s)); !ok {
			return errors.New("a cell names a shared string that is not there")
		}
	case "inlineStr":
		s = inline
	}
	if s == "" || r.column >= maxColumn {
		return nil
	}
	if s = unescape(s); len(s) > MaxCell && Length(s) > MaxCell {
		return errCell
	}
	for len(r.row.Cells) < r.column {
		r.row.Cells = append(r.row.Cells, "")
	}
	if len(r.row.Cells) > r.column {
		r.row.Cells[r.column] = s // cells out of order
	} else {
		r.row.Cells = append(r.row.Cells, s)
	}
	r.filled = true
	return nil
}

// number reads a whole number from 0, -1 if s is none.
func number(s string) int {
	if s == "" || len(s) > 9 {
		return -1
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// columnOf returns the column of a cell's place ("B7"), from 0; -1 if s is none.
func columnOf(s string) int {
	n := 0
	for i, c := range []byte(s) {
		switch {
		case c >= 'A' && c <= 'Z' && i < 3:
			n = n*26 + int(c-'A') + 1
		case c >= '0' && c <= '9' && i > 0:
			return n - 1
		default:
			return -1
		}
	}
	return -1
}
