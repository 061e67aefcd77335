package charset_test

import (
	"fmt"

	"hexapla/pipeline/format/charset"
)

func ExampleDecode() {
	d, ds := charset.Decode("a.txt", []byte("\xcf\xf0\xe8\xe2\xe5\xf2"), charset.Options{Encoding: "windows-1251"})
	fmt.Printf("%s %s %v %d\n", d.Text, d.Encoding, d.Exact, len(ds))
	// Output: Привет windows-1251 true 0
}
