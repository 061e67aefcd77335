package validate

import (
	"io"
	"strconv"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xmlscan"
)

// File checks a file of XLIFF 1.2, 2.0, 2.1 or 2.2 (core) against the rules of
// its version, the modules of 2.0 and 2.1 included: those of the schemas and those
// that only the specification's text has. Each diagnostic has the id of its rule and
// names the clause; a file without one of severity Error is valid. A file of 1.0 or
// 1.1 is checked by the rules of 1.2, and what breaks them is a warning. At most
// MaxFindings are given. Memory is bounded by the largest unit and 8 bytes or so
// for each id. A file that is not well-formed gives what was found up to there.
func File(name string, r io.Reader) []diag.Diagnostic {
	v := &validator{nodes: nodes{Scanner: xmlscan.New(name, r)}, name: name}
	v.External = true // files of 1.0 name a document type
	err := v.document()
	if err != nil && err != errEnough {
		v.found = append(v.found, diag.From(err, "xliff.read")...)
	}
	return v.found
}

// MaxFindings is how much File finds wrong before it stops.
const MaxFindings = 1000

// old begins the namespaces of 1.0 and 1.1.
const old = "urn:oasis:names:tc:xliff:document:1."

type enough struct{}

func (enough) Error() string { return "enough findings" }

var errEnough error = enough{}

type validator struct {
	nodes
	name    string
	found   []diag.Diagnostic
	core    string
	major   int
	version string
	schema  map[string]element
	lenient bool // a version older than 1.2, whose rules are not known here in full

	srcLang, trgLang string
	space            []inherited // of the elements around
	files, groups    ns.IDSet
	units            ns.IDSet
	flows            []flowRef // references to units that have not come yet
	path             []scopeID // the file and the groups around
	profile          sizeProfile
	sizeData         []map[string]bool // ids in slr:data, by element around
	resources        ns.IDSet
	unit             string
}

type inherited struct{ lang, space string }

type flowRef struct {
	id   string
	node *node
}

// scopeID is one step of the way to a unit.
type scopeID struct{ prefix, id string }

// sizeProfile says how the size restriction module's values are to be read.
type sizeProfile struct{ general, storage string }

func (v *validator) add(n *node, r rule, format string, args ...any) {
	v.addDiagnostic(n, r, diag.Error, format, args...)
}

func (v *validator) warn(n *node, r rule, format string, args ...any) {
	v.addDiagnostic(n, r, diag.Warning, format, args...)
}

func (v *validator) addDiagnostic(n *node, r rule, s diag.Severity, format string, args ...any) {
	if len(v.found) >= MaxFindings {
		return
	}
	if v.lenient {
		s = min(s, diag.Warning)
	}
	clause := "XLIFF " + v.version + ", " + r.clause
	switch {
	case strings.Contains(r.clause, ", "):
		clause = "XLIFF " + r.clause
	case v.major == 2:
		clause = "XLIFF 2.1, " + r.clause
	}
	v.found = append(v.found, diag.Diagnostic{
		ID: r.id, Severity: s, Place: diag.Place{Path: v.name, Line: n.line, Column: n.column, Unit: v.unit},
	}.Messagef(format+" (%s)", append(args[:len(args):len(args)], diag.Arg("clause", clause))...))
}

func (v *validator) document() error {
	t, err := v.root()
	if err != nil {
		return err
	}
	n := startElement(t)
	if n.Local != "xliff" {
		v.version, v.major = "2.1", 2
		v.add(n, ruleRoot, "the root element is <%s>, not <xliff>", diag.Arg("element", clipText(n.Local)))
		return nil
	}
	v.core, v.version = n.Space, n.get("version")
	switch {
	case v.core == ns.V2 && (v.version == "2.0" || v.version == "2.1"), v.core == ns.V22 && (v.version == "2.0" || v.version == "2.1" || v.version == "2.2"):
		v.major, v.schema = 2, schema2
		if v.core == ns.V22 {
			v.schema = schema22
		}
		err = v.document2(n)
	case v.core == ns.V12 && (v.version == "1.2" || v.version == "1.1" || v.version == "1.0"):
		v.major, v.schema = 1, schema12
		err = v.document12(n)
	case v.core == "" && v.version == "1.2":
		v.major, v.schema = 1, schema12
		v.add(n, ruleVersion, "<xliff> has no namespace; tools that check it refuse the file: write xmlns=%q", diag.Arg("namespace", ns.V12))
		v.lenient = true
		err = v.document12(n)
	case strings.HasPrefix(v.core, old) || v.core == "" && (v.version == "1.0" || v.version == "1.1"):
		if v.version == "" {
			v.version = "1." + strings.TrimPrefix(v.core, old)
		}
		v.major, v.schema, v.lenient = 1, schema12, true
		err = v.document12(n)
	default:
		found := v.version
		v.version, v.major = "2.1", 2
		v.add(n, ruleVersion, "version %q in the namespace %q is no version of XLIFF that is known here", diag.Arg("version", clipText(found)), diag.Arg("namespace", clipText(v.core)))
		return nil
	}
	if err != nil {
		return err
	}
	return v.readToEnd()
}

// kids reads the elements inside the one that has just begun and calls visit for
// each; text among them is an error. It gives the element's content to frame.
func (v *validator) kids(n *node, frame *frame, visit func(*xmlscan.Token, *node) (*node, error)) error {
	for {
		t, err := v.next()
		if err != nil {
			return err
		}
		switch t.Kind {
		case xmlscan.Text:
			if !n.text && !xmlscan.IsSpace(t.Text) {
				n.text = true
				v.add(n, ruleText, "%s has text in it, where only elements may be", diag.Arg("tag", n.tag()))
			}
		case xmlscan.Start:
			k, err := visit(t, n)
			if err != nil {
				return err
			}
			frame.see(v, n, k)
			if len(v.found) >= MaxFindings {
				return errEnough
			}
		case xmlscan.End:
			frame.end(v, n)
			return nil
		}
	}
}

// frame checks the order of elements as they come, for an element that is not held
// in memory.
type frame struct {
	e         element
	at, count int
}

func (f *frame) see(v *validator, n, k *node) {
	name := v.key(k.Name)
	i := f.at
	for i < len(f.e.content) && !f.e.content[i].takes(name) {
		i++
	}
	if i == len(f.e.content) {
		v.misplaced(n, k, &f.e, name)
		return
	}
	if i > f.at {
		v.missing(n, f.e.content[f.at:i], f.count)
		f.at, f.count = i, 0
	}
	f.count++
	if m := f.e.content[i].max; m > 0 && f.count > m {
		v.add(k, ruleElement, "%s stands more than once in %s", diag.Arg("tag", k.tag()), diag.Arg("otherTag", n.tag()))
	}
}

func (f *frame) end(v *validator, n *node) {
	if f.at < len(f.e.content) {
		v.missing(n, f.e.content[f.at:], f.count)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
