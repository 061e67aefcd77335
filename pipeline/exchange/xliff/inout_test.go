package xliff

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/validate"
)

func units(t *testing.T, data []byte) []*exchange.Unit {
	t.Helper()
	var out []*exchange.Unit
	for u, err := range Codec.Decode("f", bytes.NewReader(data)) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, u)
	}
	return out
}

// TestInOut reads the TC's files from before and after an operation of a tool: cut
// otherwise, joined, stripped or written again, a unit says the same. (In toJoin3
// and toJoin4 the tool has reordered the source, so it does not.)
func TestInOut(t *testing.T) {
	for _, name := range []string{"toJoin1", "toJoin2", "toSegment1", "toRewrite1", "toRewrite2", "toRemoveAnnotations", "toRemoveExtensions"} {
		in, out := units(t, read(t, filepath.Join("testdata/oasis/in-out", name+"_in.xlf"))), units(t, read(t, filepath.Join("testdata/oasis/in-out", name+"_out.xlf")))
		if len(in) != len(out) {
			t.Fatalf("%s: %d units and %d", name, len(in), len(out))
		}
		for i := range in {
			if a, b := in[i], out[i]; a.ID != b.ID || !a.Source.Equal(b.Source) {
				t.Errorf("%s: unit %s is %q before and %q after", name, a.ID, a.Source.Tagged(), b.Source.Tagged())
			}
			if name == "toRewrite2" || name == "toRewrite1" || name == "toRemoveAnnotations" {
				for j := range in[i].Targets {
					if a, b := in[i].Targets[j], out[i].Targets[j]; !a.Text.Equal(b.Text) || a.State != b.State {
						t.Errorf("%s: target %q before and %q after", name, a.Text.Tagged(), b.Text.Tagged())
					}
				}
			}
		}
	}
}

// bareXML is a file without the white space between elements and the XML declaration.
func bareXML(data []byte) string {
	s := string(data)
	s = s[strings.Index(s, "<xliff"):]
	var b strings.Builder
	for _, line := range strings.Split(s, "\n") {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

func TestRemoveAnnotations(t *testing.T) {
	const dir = "testdata/oasis/in-out/"
	var b bytes.Buffer
	if err := RemoveAnnotations("f", bytes.NewReader(read(t, dir+"toRemoveAnnotations_in.xlf")), &b); err != nil {
		t.Fatal(err)
	}
	if got, want := bareXML(b.Bytes()), bareXML(read(t, dir+"toRemoveAnnotations_out.xlf")); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, d := range []string{"valid", "modules-valid"} {
		for _, f := range oasis(t, d+"/*.xlf") {
			data := read(t, f)
			b.Reset()
			if err := RemoveAnnotations(f, bytes.NewReader(data), &b); err != nil {
				t.Fatal(err)
			}
			if found := validate.File(f, bytes.NewReader(b.Bytes())); failed(found) {
				t.Errorf("%s is no longer valid: %v\n%s", f, found, b.Bytes())
			}
			before, after := units(t, data), units(t, b.Bytes())
			for i := range before {
				if !before[i].Source.Equal(after[i].Source) {
					t.Errorf("%s: unit %s changed", f, before[i].ID)
				}
				for j := range before[i].Targets {
					if !before[i].Targets[j].Text.Equal(after[i].Targets[j].Text) {
						t.Errorf("%s: a target of unit %s changed", f, before[i].ID)
					}
				}
			}
		}
	}
	const in = `<xliff version="1.2"><file original="o" source-language="en" datatype="x-a"><body><trans-unit id="1"><source><mrk mtype="term">a</mrk><g id="1"><mrk mtype="x-y"/></g></source>` +
		`<seg-source><mrk mtype="seg" mid="1">a</mrk></seg-source></trans-unit></body></file></xliff>`
	b.Reset()
	if err := RemoveAnnotations("f", strings.NewReader(in), &b); err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(`<mrk mtype="term">a</mrk>`, "a", `<mrk mtype="x-y"/>`, "").Replace(in)
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if err := RemoveAnnotations("f", strings.NewReader("<a/>"), io.Discard); err == nil {
		t.Error("another file is taken for XLIFF")
	}
}
