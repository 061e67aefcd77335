package xliff

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
	"hexapla/pipeline/exchange/xliff/validate"
)

func seeds(f *testing.F) {
	for _, dir := range []string{"valid", "modules-valid", "invalid", "in-out"} {
		for _, name := range oasis(f, dir+"/*.xlf") {
			f.Add(read(f, name))
		}
	}
	for _, name := range fixtures(f) {
		f.Add(read(f, name))
	}
	for _, version := range versions {
		f.Add(encoded(f, exchange.Options{Version: version}, exchangetest.Generate(7)))
		f.Add(encoded(f, exchange.Options{Version: version}, odd(9)))
	}
	f.Add([]byte(`<xliff version="1.2"><file original="" source-language="en" datatype="x-x"><body><group id="a"><trans-unit id="a/"><source><g id="1"><ept rid="9"/></source></trans-unit></group></body></file></xliff>`))
	f.Add([]byte(`<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="de"><file id="f"><unit id="u"><segment><source><ec startRef="1"/><pc id="1"/><sm id="m"/></source><target order="9"/></segment></unit>`))
}

// FuzzDecode reads anything; what could be read can be written, is valid then, and
// reads the same; rewriting without change copies.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var units []*exchange.Unit
		for u, err := range Codec.Decode("fuzz", bytes.NewReader(data)) {
			if err != nil {
				break
			}
			if len(u.Targets) != len(u.Segments) {
				t.Fatalf("%d targets for %d segments", len(u.Targets), len(u.Segments))
			}
			units = append(units, u)
		}
		var copied bytes.Buffer
		if err := Rewrite("fuzz", bytes.NewReader(data), &copied, keep); err == nil && !bytes.HasPrefix(data, []byte("\xff\xfe")) &&
			!bytes.HasPrefix(data, []byte("\xfe\xff")) && !bytes.Contains(data[:min(len(data), 1024)], []byte("encoding")) && !bytes.Equal(copied.Bytes(), data) {
			t.Fatalf("rewritten:\n%q\nof\n%q", copied.Bytes(), data)
		}
		for _, version := range []string{"1.2", "2.1"} {
			var b bytes.Buffer
			e, err := Codec.Encode(&b, exchange.Options{Version: version})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, u := range units {
				if e.Write(u) != nil {
					break
				}
				n++
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			if n < len(units) {
				continue // such as another pair of languages
			}
			foreign := slices.ContainsFunc(units, func(u *exchange.Unit) bool { return len(u.Extensions) > 0 }) // as it came, valid or not
			if found := validate.File("fuzz", bytes.NewReader(b.Bytes())); failed(found) && !foreign {
				t.Fatalf("%s: %v\n%s", version, found, b.Bytes())
			}
			n = 0
			for u, err := range Codec.Decode("fuzz", bytes.NewReader(b.Bytes())) {
				if err != nil {
					t.Fatalf("%s: %v\n%s", version, err, b.Bytes())
				}
				if w := units[n]; u.ID != w.ID || len(u.Segments) != len(w.Segments) || u.Source.Chars != w.Source.Chars || len(u.Source.Codes) != len(w.Source.Codes) {
					t.Fatalf("%s: unit %d reads\n%+v\nwant\n%+v\n%s", version, n, u.Unit, w.Unit, b.Bytes())
				}
				n++
			}
			if n != len(units) {
				t.Fatalf("%s: %d units of %d\n%s", version, n, len(units), b.Bytes())
			}
		}
	})
}

// FuzzValidate checks anything.
func FuzzValidate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range validate.File("fuzz", io.MultiReader(bytes.NewReader(data))) {
			if d.ID == "" || d.Message == "" || d.Place.Line < 1 || d.Place.Column < 1 {
				t.Fatalf("%+v", d)
			}
		}
	})
}
