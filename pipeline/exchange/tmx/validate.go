package tmx

import (
	"errors"
	"io"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// maxFindings is how many findings of one file are listed.
const maxFindings = 1000

// required are the attributes that the document type definition of TMX 1.4 requires.
var required = map[string][]string{
	"tmx":    {"version"},
	"header": {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"},
	"prop":   {"type"},
	"bpt":    {"i"},
	"ept":    {"i"},
	"it":     {"pos"},
}

// parents are the elements of TMX 1.4 and where each may stand.
var parents = map[string]string{
	"header": "tmx", "body": "tmx", "tu": "body", "tuv": "tu", "seg": "tuv", "ude": "header", "map": "ude",
	"prop": "header tu tuv", "note": "header tu tuv",
	"bpt": inlines, "ept": inlines, "it": inlines, "ph": inlines, "ut": inlines, "hi": inlines, "sub": "bpt ept it ph ut",
}

const inlines = "seg sub hi"

// Validate reports where a file does not keep to the document type definition of TMX
// 1.4: the header and its attributes, the language of each tuv, one seg in each tuv,
// and the elements and their places.
func Validate(name string, r io.Reader) []diag.Diagnostic {
	v := &validator{scan: xmlscan.New(name, r)}
	v.scan.External = true
	if err := v.document(); err != nil {
		v.ds = append(v.ds, diag.From(err, "tmx.read")...)
	}
	if v.more > 0 {
		v.ds = append(v.ds, diag.Diagnostic{ID: "tmx.more", Severity: diag.Error, Place: diag.Place{Path: name}}.Messagef("%d more findings are not listed", diag.Arg("more", v.more)))
	}
	return v.ds
}

type validator struct {
	scan *xmlscan.Scanner
	ds   []diag.Diagnostic
	more int
}

func (v *validator) add(t *xmlscan.Token, id, hint, format string, args ...any) {
	if len(v.ds) == maxFindings {
		v.more++
		return
	}
	v.ds = append(v.ds, diag.From(v.scan.Fail(t, id, hint, format, args...), id)...)
}

func (v *validator) document() error {
	var path []string
	header, root, segs, tuvs := false, false, 0, 0
	for {
		t, err := v.scan.Next()
		if errors.Is(err, io.EOF) {
			if !root {
				return errors.New("the file has no element: it is no TMX file")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t.Kind {
		case xmlscan.Start:
			name := t.Name.Local
			parent := ""
			if len(path) > 0 {
				parent = path[len(path)-1]
			}
			path = append(path, name)
			switch {
			case !root:
				root = true
				if name != "tmx" {
					return v.scan.Fail(t, "tmx.root", "give a TMX file", "the root element is %s, not tmx", diag.Arg("name", name))
				}
			case parents[name] == "":
				v.add(t, "tmx.element", "", "TMX has no element %q", diag.Arg("name", diag.Excerpt(name)))
			case !containsWord(parents[name], parent) && parents[parent] != "":
				v.add(t, "tmx.element", "", "<%s> must stand in %s, not in <%s>", diag.Arg("name", name), diag.Arg("expected", strings.ReplaceAll(parents[name], " ", " or ")), diag.Arg("parent", parent))
			}
			for _, a := range required[name] {
				if _, ok := t.Attr("", a); !ok {
					v.add(t, "tmx.attribute", "", "<%s> has no attribute %s", diag.Arg("name", name), diag.Arg("attribute", a))
				}
			}
			switch name {
			case "header":
				header = true
			case "body":
				if !header {
					header = true
					v.add(t, "tmx.header", "add a header with srclang and adminlang before the body", "the file has no header")
				}
			case "tu":
				tuvs = 0
			case "tuv":
				tuvs++
				segs = 0
				if lang, ok := t.Attr(xmlscan.XML, "lang"); !ok || len(lang) == 0 {
					if old, ok := t.Attr("", "lang"); !ok || len(old) == 0 {
						v.add(t, "tmx.language", "", "<tuv> has no attribute xml:lang: its text belongs to no language")
					}
				}
			case "seg":
				segs++
			}
		case xmlscan.End:
			name := path[len(path)-1]
			path = path[:len(path)-1]
			switch {
			case name == "tuv" && segs != 1:
				v.add(t, "tmx.seg", "", "<tuv> has %d elements <seg>, it must have one", diag.Arg("segments", segs))
			case name == "tu" && tuvs == 0:
				v.add(t, "tmx.tuv", "", "<tu> has no <tuv>")
			}
		}
	}
}

func containsWord(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}
