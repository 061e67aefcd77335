package handoff

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSpreadsheets: an OpenDocument spreadsheet is read where a workbook is, and never
// copied as one.
func TestSpreadsheets(t *testing.T) {
	const ods = "../../../pipeline/exchange/xlsx/testdata/libreoffice.ods"
	dir := t.TempDir()
	for _, name := range []string{"a.csv", "b.xlsx"} {
		out := filepath.Join(dir, name)
		c, err := NewConversion(t.Context(), ConvertOptions{From: ods, To: out})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := c.Write(nil); err != nil || n != 3 || c.Copies {
			t.Fatalf("%s: %d segments, copied %v, %v", name, n, c.Copies, err)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if name == "a.csv" && !strings.Contains(string(data), "Читати") || name == "b.xlsx" && !bytes.Contains(data, []byte("xl/workbook.xml")) {
			t.Errorf("%s: %.200q", name, data)
		}
	}
	if ds, err := Validate(t.Context(), ods, "", nil); err != nil || len(ds) > 0 {
		t.Error(ds, err)
	}
	if _, err := NewConversion(t.Context(), ConvertOptions{From: ods, To: filepath.Join(dir, "c.ods")}); err == nil {
		t.Error("a spreadsheet of OpenDocument is written")
	}
}
