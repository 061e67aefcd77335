package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/diag"
)

// TestHTMLKeepsErrors checks that an error is listed, and listed before the notes of
// other locales, however many notes come first.
func TestHTMLKeepsErrors(t *testing.T) {
	r := &Report{Tool: "hexapla", Failures: []string{"1 error"}}
	for i := range maxListed + 100 {
		r.Diagnostics = append(r.Diagnostics, diag.Diagnostic{ID: "catalog.hash", Severity: diag.Info, Place: diag.Place{Locale: "de", Unit: fmt.Sprint("u", i)}, Message: "no hash"})
	}
	const errors = 3
	for i := range errors {
		r.Diagnostics = append(r.Diagnostics, diag.Diagnostic{ID: "catalog.variable-missing", Severity: diag.Error, Place: diag.Place{Locale: "it", Unit: fmt.Sprint("v", i)}, Message: "variable <b>"})
	}
	var b bytes.Buffer
	if err := r.HTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if n := strings.Count(page, `data-severity="error"`); n != errors {
		t.Errorf("%d errors are listed, want %d", n, errors)
	}
	if n := strings.Count(page, `class="finding"`); n != maxListed {
		t.Errorf("%d findings are listed, want %d", n, maxListed)
	}
	if !strings.Contains(page, fmt.Sprintf("%d more warnings and notes", 100+errors)) {
		t.Error("what is left out is not counted")
	}
	if strings.Index(page, `data-locale="it"`) > strings.Index(page, `data-locale="de"`) {
		t.Error("the locale with errors is not first")
	}
	if strings.Contains(page, "variable <b>") {
		t.Error("a message is not escaped")
	}
}

// TestHTMLScript checks that the script in the page is the one that its policy allows.
func TestHTMLScript(t *testing.T) {
	var b bytes.Buffer
	if err := sample().HTML(&b); err != nil {
		t.Fatal(err)
	}
	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(b.String(), -1)
	if len(scripts) != 1 {
		t.Fatalf("%d scripts", len(scripts))
	}
	sum := sha256.Sum256([]byte(scripts[0][1]))
	hash := strings.NewReplacer("+", "&#43;").Replace(base64.StdEncoding.EncodeToString(sum[:]))
	if !strings.Contains(b.String(), hash) {
		t.Errorf("the policy does not have the hash %s of the script", hash)
	}
}

// element is what the schema of JUnit reports says of one of its elements.
type element struct {
	required, optional, children []string
}

// strictJUnit are the elements that our reports have, from the schema junit-10.xsd of
// Jenkins' xUnit plugin (src/main/resources/org/jenkinsci/plugins/xunit/types).
var strictJUnit = map[string]element{
	"testsuites": {optional: []string{"name", "time", "tests", "failures", "errors"}, children: []string{"testsuite"}},
	"testsuite": {required: []string{"name", "tests", "failures", "errors"}, optional: []string{"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url", "version"},
		children: []string{"testsuite", "properties", "testcase", "system-out", "system-err"}},
	"testcase": {required: []string{"name"}, optional: []string{"classname", "time", "group"},
		children: []string{"skipped", "error", "failure", "rerunFailure", "rerunError", "flakyFailure", "flakyError", "system-out", "system-err"}},
	"failure":    {optional: []string{"type", "message"}},
	"system-out": {},
}

// TestJUnitStrict holds reports against the facts of the strict schema.
func TestJUnitStrict(t *testing.T) {
	for _, r := range []*Report{sample(), {Tool: "hexapla"}} {
		var b bytes.Buffer
		if err := r.JUnit(&b); err != nil {
			t.Fatal(err)
		}
		if err := validJUnit(b.Bytes()); err != nil {
			t.Error(err)
		}
	}
	// The test itself finds what older reports had wrong.
	for _, bad := range []string{
		`<testsuites><testsuite name="a" tests="0" failures="0"></testsuite></testsuites>`,
		`<testsuites><testsuite name="a" tests="1" failures="0" errors="0"><testcase name="a" classname="b" file="c"></testcase></testsuite></testsuites>`,
	} {
		if validJUnit([]byte(bad)) == nil {
			t.Errorf("accepted: %s", bad)
		}
	}
}

func validJUnit(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	var stack []string
	for {
		token, err := d.Token()
		if token == nil {
			if len(stack) > 0 {
				return err
			}
			return nil
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			e, ok := strictJUnit[name]
			if !ok || len(stack) == 0 && name != "testsuites" || len(stack) > 0 && !slices.Contains(strictJUnit[stack[len(stack)-1]].children, name) {
				return fmt.Errorf("element %s in %v", name, stack)
			}
			var has []string
			for _, a := range token.Attr {
				has = append(has, a.Name.Local)
				if !slices.Contains(e.required, a.Name.Local) && !slices.Contains(e.optional, a.Name.Local) {
					return fmt.Errorf("attribute %s of %s", a.Name.Local, name)
				}
			}
			for _, a := range e.required {
				if !slices.Contains(has, a) {
					return fmt.Errorf("%s has no attribute %s", name, a)
				}
			}
			stack = append(stack, name)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
}
