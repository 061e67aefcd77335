package xmlscan_test

import (
	"fmt"
	"io"
	"strings"

	"hexapla/pipeline/exchange/xmlscan"
)

// A token has its decoded text, its bytes as they are in the file, and its place.
func Example() {
	s := xmlscan.New("a.xml", strings.NewReader("<note lang='en'>\n  R&amp;D\n</b>"))
	for {
		t, err := s.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			break
		}
		line, column := t.Place()
		fmt.Printf("%d:%d %q %q\n", line, column, t.Raw, t.Text)
	}
	// Output:
	// 1:1 "<note lang='en'>" ""
	// 1:17 "\n  R&amp;D\n" "\n  R&D\n"
	// a.xml:3:1: </b> stands where </note> must be
}
