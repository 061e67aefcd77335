package handoff

import (
	"archive/zip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tables "hexapla/pipeline/exchange/table"
)

// odsTable is the table of package_test.go as an OpenDocument spreadsheet.
const odsTable = `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Segments">` +
	`<table:table-row><table:table-cell><text:p>target</text:p></table:table-cell><table:table-cell><text:p>source</text:p></table:table-cell><table:table-cell><text:p>unit</text:p></table:table-cell><table:table-cell><text:p>segment</text:p></table:table-cell><table:table-cell><text:p>path</text:p></table:table-cell><table:table-cell><text:p>target locale</text:p></table:table-cell></table:table-row>` +
	`<table:table-row><table:table-cell><text:p>Да.</text:p></table:table-cell><table:table-cell><text:p>Yes.</text:p></table:table-cell><table:table-cell><text:p>p1</text:p></table:table-cell><table:table-cell><text:p>s1</text:p></table:table-cell><table:table-cell><text:p>a.html</text:p></table:table-cell><table:table-cell><text:p>ru</text:p></table:table-cell></table:table-row>` +
	`</table:table></office:spreadsheet></office:body></office:document-content>`

// TestImportODS: a workbook that a translator has saved as an OpenDocument spreadsheet
// comes back as a file, and in a package.
func TestImportODS(t *testing.T) {
	ods := packed(t, func(z *zip.Writer) { add(t, z, &zip.FileHeader{Name: "content.xml"}, odsTable) })
	dir := t.TempDir()
	for name, data := range map[string][]byte{"back.ODS": ods, "back.zip": files(t, "uk/back.ods", string(ods))} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		inputs, closeInputs, err := OpenInputs(t.Context(), []string{file}, "", nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, in := range inputs {
			if in.Units == nil {
				t.Errorf("%s is ignored", in.Name)
				continue
			}
			n := 0
			for u, err := range in.Units(nil) {
				if err != nil || u.TargetLocale != "ru" || u.Path != "a.html" || u.Targets[0].Text.Chars != "Да." {
					t.Errorf("%s: %+v, %v", in.Name, u, err)
				}
				n++
			}
			if n != 1 {
				t.Errorf("%s: %d units, want 1", in.Name, n)
			}
		}
		closeInputs()
	}
	if !IsBilingual("a.ods") {
		t.Error("a spreadsheet is not bilingual")
	}
	units, err := ReadAnyPairs(t.Context(), "../../../pipeline/exchange/xlsx/testdata/libreoffice.ods", tables.PairOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for u, err := range units { // columns key, en, uk
		if n++; err != nil || u.SourceLocale != "en" || u.TargetLocale != "uk" {
			t.Error(u, err)
		}
	}
	if n != 3 {
		t.Errorf("%d pairs of a spreadsheet, want 3", n)
	}
}

// TestJSONPairs: what a conversion makes of objects without a source or a translation.
func TestJSONPairs(t *testing.T) {
	var got []string
	for u, err := range jsonPairs("a.jsonl", strings.NewReader(`{"en":"Read","uk":"Читати"}
{"uk":"так"}
{"en":" ","uk":""}
{"en":"Go"}
`)) {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, u.Source.Chars+"="+u.Targets[0].Text.Chars)
	}
	want := []string{"Read=Читати", "a.jsonl:2: the object has a translation and no source", "Go="}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
