package xliff

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/validate"
)

// news makes the units of an article of any length: three segments each, half of
// them translated, a pair of codes in each.
func news(n int) func(yield func(*exchange.Unit) bool) {
	h := &exchange.Header{Path: "articles/a.html", Format: "html", SHA256: strings.Repeat("ab", 32), SourceLocale: "en", TargetLocale: "uk", Batch: "b", Time: time.Unix(1793523600, 0).UTC()}
	return func(yield func(*exchange.Unit) bool) {
		for i := range n {
			u := &exchange.Unit{Header: h, Location: "under “Parliament votes on the budget”"}
			u.ID, u.Kind = fmt.Sprintf("paragraph-%07d", i), bitext.Paragraph
			for j := range 3 {
				if j > 0 {
					u.Segments = append(u.Segments, bitext.Segment{ID: fmt.Sprintf("i%d", j), Source: bitext.Plain(" "), Ignorable: true})
					u.Targets = append(u.Targets, bitext.Target{})
				}
				id := fmt.Sprint(j + 1)
				codes := []bitext.Code{
					{Pos: 4, Kind: bitext.Start, ID: id, Data: "<b>", Disp: "<b>", Type: "fmt", SubType: "xlf:b"},
					{Pos: 14, Kind: bitext.End, ID: id, Data: "</b>", Disp: "</b>", Type: "fmt", SubType: "xlf:b"},
				}
				s := bitext.Segment{ID: "s" + id, Source: bitext.Text{Chars: fmt.Sprintf("The parliament voted on Tuesday for the budget of %d, after a debate of nine hours & many words.", i), Codes: codes}}
				var t bitext.Target
				if (i+j)%2 == 0 {
					t = bitext.Target{Filled: true, State: bitext.Reviewed, Text: bitext.Text{Chars: fmt.Sprintf("Парламент проголосував у вівторок за бюджет %d року після дев'яти годин дебатів.", i), Codes: []bitext.Code{codes[0], codes[1]}}}
					t.Text.Codes[0].Pos, t.Text.Codes[1].Pos = 0, len("Парламент")
					t.Origin = bitext.Origin{Kind: bitext.FromHuman, Name: "Олена"}
				}
				u.Segments, u.Targets = append(u.Segments, s), append(u.Targets, t)
			}
			exchange.SetSourceFromSegments(&u.Unit)
			if !yield(u) {
				return
			}
		}
	}
}

func newsFile(b testing.TB, version string, n int) []byte {
	var out bytes.Buffer
	e, err := Codec.Encode(&out, exchange.Options{Version: version})
	if err != nil {
		b.Fatal(err)
	}
	for u := range news(n) {
		if err := e.Write(u); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkEncode(b *testing.B) {
	for _, version := range []string{"1.2", "2.1"} {
		b.Run(version, func(b *testing.B) {
			var units []*exchange.Unit
			for u := range news(1000) {
				units = append(units, u)
			}
			b.SetBytes(int64(len(newsFile(b, version, 1000))))
			for b.Loop() {
				e, err := Codec.Encode(io.Discard, exchange.Options{Version: version})
				if err != nil {
					b.Fatal(err)
				}
				for _, u := range units {
					if err := e.Write(u); err != nil {
						b.Fatal(err)
					}
				}
				if err := e.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchRead(b *testing.B, read func(data []byte) error) {
	for _, version := range []string{"1.2", "2.1"} {
		b.Run(version, func(b *testing.B) {
			data := newsFile(b, version, 1000)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if err := read(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	benchRead(b, func(data []byte) error {
		for _, err := range Codec.Decode("f", bytes.NewReader(data)) {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkValidate(b *testing.B) {
	benchRead(b, func(data []byte) error {
		if found := validate.File("f", bytes.NewReader(data)); len(found) > 0 {
			return found[0]
		}
		return nil
	})
}

func BenchmarkRewrite(b *testing.B) {
	benchRead(b, func(data []byte) error { return Rewrite("f", bytes.NewReader(data), io.Discard, keep) })
}

// TestMillion sends a million segments out and in and tells time and memory. It
// runs only when asked for, since it takes a while: HEXAPLA_MILLION=1.
func TestMillion(t *testing.T) {
	if os.Getenv("HEXAPLA_MILLION") == "" {
		t.Skip("set HEXAPLA_MILLION=1 to send a million segments out and in")
	}
	const units = 333_334
	for _, version := range []string{"1.2", "2.1"} {
		var peak uint64
		look := func(i int) {
			if i%20000 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse+m.StackInuse)
			}
		}
		r, w := io.Pipe()
		begun := time.Now()
		size := &counter{w: w}
		go func() {
			e, err := Codec.Encode(size, exchange.Options{Version: version})
			for u := range news(units) {
				if err == nil {
					err = e.Write(u)
				}
			}
			if err == nil {
				err = e.Close()
			}
			w.CloseWithError(err)
		}()
		n, segments := 0, 0
		for u, err := range Codec.Decode("f", r) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			for range u.Translatable() {
				segments++
			}
			look(n)
		}
		t.Logf("%s: %d segments, %d MB, out and in at once in %.1f s, heap at most %d MB", version, segments, size.n>>20, time.Since(begun).Seconds(), peak>>20)
		if segments != 3*units || peak > 200<<20 {
			t.Errorf("%d segments, %d bytes of heap", segments, peak)
		}
	}
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.w.Write(p)
}
