// Package notice has the licences of what the program is made of: the modules that
// are linked into it, the Go libraries, and the data that came from others.
package notice

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

// The text is compressed, for it would be a hundredth of the program.
//
//go:generate go run ./generate
//go:embed notice.txt.gz
var compressed []byte

// Text returns the names of all parts with their licences.
func Text() (string, error) {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), err
}
