package xlsx_test

import (
	"bytes"
	"fmt"

	"hexapla/pipeline/exchange/xlsx"
)

func Example() {
	var file bytes.Buffer
	w := xlsx.NewWriter(&file)
	if err := w.Add(xlsx.Sheet{Name: "Terms", Columns: []xlsx.Column{{Width: 20}, {Width: 20}}}); err != nil {
		fmt.Println(err)
	}
	for _, row := range [][]string{{"en", "uk"}, {"river", "річка"}} {
		if err := w.Row(row, func(int) xlsx.Style { return xlsx.StyleOpen }); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	book, err := xlsx.Open(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(book.Sheets())
	for row, err := range book.Rows(0) {
		fmt.Println(row.Number, row.Cells, err)
	}
	// Output:
	// [Terms]
	// 1 [en uk] <nil>
	// 2 [river річка] <nil>
}
