package xml_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/xml"
)

// Paths lead to the texts of a file; its:translate holds one back.
func Example() {
	f := &xml.Format{Options: xml.Options{Rules: []xml.Rule{{
		Files: []string{"*.xml"}, Text: []string{"/news/item/title", "/news/item/@label"}, Title: []string{"/news/item/title"},
	}}}}
	d, found := f.Split("a.xml", []byte(`<news xmlns:its="http://www.w3.org/2005/11/its"><item label="Weather"><title>It rains</title></item><item><title its:translate="no">Le Monde</title></item></news>`))
	for i := range d.Units {
		fmt.Println(d.Units[i].Kind, d.Units[i].Source.Chars)
		d.Units[i].SegmentAt(nil, func(int, bitext.Text) bool { return false })
	}
	out, _ := f.Assemble(d, bitext.NewTranslation(d, "ru"), nil)
	fmt.Println(len(found), len(out))
	// Output:
	// attribute Weather
	// title It rains
	// 0 162
}
