package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// pagesVersion is the version of the form that WritePages writes.
const pagesVersion = 1

// ReadPages reads the list of the pages of a locale that WritePages wrote, and calls add
// with each. The error says why it is not one: it is damaged, of a later version, or of
// another locale. It takes the memory of a page at a time.
func ReadPages(locale string, r io.Reader, add func(*Page)) error {
	if err := readPages(locale, json.NewDecoder(r), add); err != nil {
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file is not complete")
		}
		return fmt.Errorf("list of pages: %w", err)
	}
	return nil
}

func readPages(locale string, d *json.Decoder, add func(*Page)) error {
	if err := expect(d, json.Delim('{')); err != nil {
		return err
	}
	version, of, checked := 0, "", false
	check := func() error {
		switch {
		case version != pagesVersion:
			return fmt.Errorf("version %d; this release reads %d", version, pagesVersion)
		case of != locale:
			return fmt.Errorf("it is of locale %q", of)
		}
		checked = true
		return nil
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		switch key {
		case "version":
			err = d.Decode(&version)
		case "locale":
			err = d.Decode(&of)
		case "pages":
			if err = check(); err == nil {
				err = readEach(d, add)
			}
		default:
			var other json.RawMessage
			err = d.Decode(&other)
		}
		if err != nil {
			return err
		}
	}
	if err := expect(d, json.Delim('}')); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows its end")
	}
	if !checked {
		return check()
	}
	return nil
}

// readEach reads the pages of a list.
func readEach(d *json.Decoder, add func(*Page)) error {
	if err := expect(d, json.Delim('[')); err != nil {
		return err
	}
	last := ""
	for n := 1; d.More(); n++ {
		p := new(Page)
		if err := d.Decode(p); err != nil {
			return err
		}
		if p.Path == "" || p.Path <= last {
			return fmt.Errorf("page %d is without a path or out of order", n)
		}
		for _, name := range append([]string{p.Path, p.File}, p.Former...) {
			if name != "" && !isLocal(name) {
				return fmt.Errorf("%q is not a path below the folder of the locale", name)
			}
		}
		last = p.Path
		add(p)
	}
	return expect(d, json.Delim(']'))
}

// expect reads a token that must be there.
func expect(d *json.Decoder, want json.Token) error {
	got, err := d.Token()
	if err == nil && got != want {
		err = fmt.Errorf("%v in place of %v at byte %d", got, want, d.InputOffset())
	}
	return err
}

// WritePages writes the pages of a locale, which come in the order of their paths, as
// indented JSON with one page a line, so that a change of a page is a change of a line. The
// same pages are the same bytes.
func WritePages(w io.Writer, locale string, pages iter.Seq[*Page]) error {
	name, err := json.Marshal(locale)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "{\n  \"version\": %d,\n  \"locale\": %s,\n  \"pages\": [", pagesVersion, name); err != nil {
		return err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	end := "]\n}\n"
	for p := range pages {
		if b.Reset(); end[0] == '\n' {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		if err := e.Encode(p); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1)
		if _, err := w.Write(b.Bytes()); err != nil {
			return err
		}
		end = "\n  ]\n}\n"
	}
	_, err = io.WriteString(w, end)
	return err
}
