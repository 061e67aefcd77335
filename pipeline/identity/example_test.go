package identity_test

import (
	"fmt"

	"hexapla/pipeline/format/plaintext"
	"hexapla/pipeline/identity"
)

// A paragraph that is edited keeps the identity that it had when the article was known
// last; the file of the register carries it from one run to the next.
func Example() {
	f := &plaintext.Format{}
	open := func(file []byte, article string) (unit string, after []byte) {
		r := identity.Parse(file)
		r.Record()
		d, _ := f.Split("a.txt", []byte(article))
		r.Apply(d)
		return d.Units[0].ID, r.Encode(func(string) bool { return true })
	}
	first, file := open(nil, "The museum opened in 1998.\n")
	second, _ := open(file, "The museum opened in 1999.\n")
	other, _ := open(nil, "The museum opened in 1999.\n")
	fmt.Println(first == second, first == other)
	// Output:
	// true false
}
