package xliff

import (
	"io"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// RemoveAnnotations copies a file from r to w without the annotations in its
// sources and targets (mrk, sm and em in 2.x, mrk in 1.2), for tools that stumble
// over them. The text inside them stays, and so does every other byte, the encoding
// too. Kept are segments that 1.2 marks in seg-source, and annotations that a
// proposal or a term of the unit refers to.
func RemoveAnnotations(name string, r io.Reader, w io.Writer) error {
	s := scanner(name, r)
	rw := &rewriter{w: w}
	var (
		core   string
		text   int             // the depth of the source or target we are in, 0 outside
		unit   int             // likewise of the unit
		wanted map[string]bool // ids that the unit refers to
		gone   []bool          // the open mrk elements, whether they are left out
		half   bool            // an sm or em is being left out
	)
	for {
		t, err := s.Next()
		if err == io.EOF {
			return rw.close()
		}
		if err != nil {
			return err
		}
		if !rw.begun {
			rw.begun = true
			if err := rw.encode(s.Encoding()); err != nil {
				return err
			}
		}
		drop := false
		switch t.Kind {
		case xmlscan.Start:
			depth := s.Depth()
			switch {
			case depth == 1:
				if t.Name.Local != "xliff" {
					return s.Fail(t, "xliff.root", "", "the root element is <%s>, not <xliff>", diag.Arg("element", diag.Excerpt(t.Name.Local)))
				}
				core = t.Name.Space
			case t.Name.Space != core:
				if ref, ok := t.Attr("", "ref"); ok && unit > 0 && text == 0 {
					wanted[refID(string(ref))] = true
				}
			case t.Name.Local == "unit" || t.Name.Local == "trans-unit":
				unit, wanted = depth, map[string]bool{}
			case text == 0 && (t.Name.Local == "source" || t.Name.Local == "target" || t.Name.Local == "seg-source"):
				text = depth
			case text == 0:
			case t.Name.Local == "mrk":
				drop = attr(t, "mtype") != "seg" && !wanted[attr(t, "id")]
				gone = append(gone, drop)
			case t.Name.Local == "sm":
				drop = !wanted[attr(t, "id")]
				half = drop
			case t.Name.Local == "em":
				drop = !wanted[attr(t, "startRef")]
				half = drop
			}
		case xmlscan.End:
			depth := s.Depth() + 1
			switch {
			case depth == text:
				text = 0
			case depth == unit:
				unit = 0
			case text == 0 || t.Name.Space != core:
			case t.Name.Local == "mrk" && len(gone) > 0:
				drop = gone[len(gone)-1]
				gone = gone[:len(gone)-1]
			case t.Name.Local == "sm" || t.Name.Local == "em":
				drop, half = half, false
			}
		}
		if !drop {
			rw.write(t.Raw)
		}
		if rw.err != nil {
			return rw.err
		}
	}
}
