// Command generate writes notice.txt.gz from the licence files of the modules that
// the program is built from, on all platforms that it is released for. Run it with
// "go generate ./cmd/internal/notice" when the modules change.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"

	"hexapla/cmd/internal/notice/modules"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	text, err := modules.Notice()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(text)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile("notice.txt.gz", b.Bytes(), 0o644)
}
