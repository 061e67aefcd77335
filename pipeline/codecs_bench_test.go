package pipeline

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"hexapla/pipeline/config"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/tmx"
)

// hostileFiles are bilingual files of n rows each, sound ones and ones that are all wrong,
// and files of one unit that is n times as long.
var hostileFiles = []struct {
	name, codec string
	make        func(n int) string
}{
	{"good rows", "csv", func(n int) string { return rows(n, "Текст") }},
	{"bad rows", "csv", func(n int) string { return rows(n, "Текст <9/>") }},
	{"good rows", "xlsx", func(n int) string { return rows(n, "Текст") }},
	{"bad rows", "xlsx", func(n int) string { return rows(n, soundTarget) }}, // spoiled in the workbook
	{"long texts", "xlsx", func(n int) string { return rows(n/64, strings.Repeat("Текст ", 64)) }},
	{"good rows", "jsonl", func(n int) string { return lines(n, `"Текст"`) }},
	{"bad rows", "jsonl", func(n int) string { return lines(n, `5`) }},
	{"continuation lines", "po", func(n int) string {
		return "msgid \"\"\n" + strings.Repeat("\"abcdefgh\"\n", n) + "msgstr \"\"\n"
	}},
	{"bad messages", "po", func(n int) string { return strings.Repeat("msgid \"a\nmsgstr\n\n", n) }},
	{"units", "xliff", func(n int) string {
		var b strings.Builder
		b.WriteString(`<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="uk"><file id="f">`)
		for i := range n {
			fmt.Fprintf(&b, `<unit id="u%d"><segment><source>a</source><target><ph id="%d"/></target></segment></unit>`, i, i)
		}
		return b.String() + "</file></xliff>"
	}},
}

func rows(n int, target string) string {
	var b strings.Builder
	b.WriteString("path,unit,segment,source,target,target locale\n")
	for i := range n {
		fmt.Fprintf(&b, "a.md,p%d,s1,Text,%s,uk\n", i, target)
	}
	return b.String()
}

func lines(n int, target string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{\"path\":\"a.md\",\"unit\":\"p%d\",\"segment\":\"s1\",\"source\":\"Text\",\"target\":%s}\n", i, target)
	}
	return b.String()
}

// BenchmarkHostileFiles reads files at n, 2n and 4n: the time for a byte must not grow.
func BenchmarkHostileFiles(b *testing.B) {
	for _, h := range hostileFiles {
		codec, ok := CodecNamed(h.codec)
		if !ok {
			b.Fatalf("no codec %q", h.codec)
		}
		for _, n := range []int{1 << 13, 1 << 14, 1 << 15} {
			data := []byte(h.make(n))
			if h.codec == "xlsx" {
				data = workbook(b, data)
				if h.name == "bad rows" {
					data = spoiled(b, codec, data, n)
				}
			}
			b.Run(fmt.Sprintf("%s/%s/%d", h.codec, strings.ReplaceAll(h.name, " ", "-"), n), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					for range codec.Decode("f", bytes.NewReader(data)) { // errors are part of it
					}
				}
			})
		}
	}
}

// workbook returns the rows of a CSV file as a workbook.
func workbook(b *testing.B, data []byte) []byte {
	b.Helper()
	from, _ := CodecNamed("csv")
	to, _ := CodecNamed("xlsx")
	var out bytes.Buffer
	if _, err := exchange.Convert(&out, to, func(yield func(*exchange.Unit, error) bool) {
		for u, err := range from.Decode("f", bytes.NewReader(data)) {
			if err == nil && !yield(u, nil) {
				return
			}
		}
	}, exchange.ConvertOptions{TargetLocale: "uk"}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// soundTarget is a text that spoiled finds in a workbook.
const soundTarget = "Текст"

// spoiled returns a workbook of n rows with a code in each target that its source does not
// have.
func spoiled(b *testing.B, codec exchange.Codec, data []byte, n int) []byte {
	b.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			b.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			b.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := to.Write(bytes.ReplaceAll(part, []byte(soundTarget), []byte(soundTarget+" &lt;9/&gt;"))); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	wrong := 0
	for _, err := range codec.Decode("f", bytes.NewReader(out.Bytes())) {
		if err != nil {
			wrong++
		}
	}
	if want := min(n, exchange.MaxFindings+1); wrong != want {
		b.Fatalf("%d errors are reported of %d bad rows, want %d", wrong, n, want)
	}
	return out.Bytes()
}

// BenchmarkTargets reads a TMX file with one source and n, 2n and 4n targets.
func BenchmarkTargets(b *testing.B) {
	for _, n := range []int{1 << 13, 1 << 14, 1 << 15} {
		var s strings.Builder
		s.WriteString(`<tmx version="1.4"><header srclang="en" adminlang="en" segtype="sentence" datatype="plaintext" o-tmf="x" creationtool="x" creationtoolversion="1"/><body>`)
		for i := range n {
			fmt.Fprintf(&s, `<tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="uk"><seg>a%d</seg></tuv></tu>`, i)
		}
		s.WriteString("</body></tmx>")
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(s.Len()))
			for b.Loop() {
				entries := 0
				for _, err := range tmx.Entries(tmx.Decode(strings.NewReader(s.String()), tmx.Options{}), "en") {
					if err != nil {
						b.Fatal(err)
					}
					entries++
				}
				if entries != n {
					b.Fatalf("%d entries, want %d", entries, n)
				}
			}
		})
	}
}

// BenchmarkUnknownKeys reads configurations of n, 2n and 4n keys that nobody knows.
func BenchmarkUnknownKeys(b *testing.B) {
	for _, n := range []int{1 << 14, 1 << 15, 1 << 16} {
		var s strings.Builder
		for i := range n {
			fmt.Fprintf(&s, "key%d = 1\n", i)
		}
		data := []byte(s.String())
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := config.Parse("hexapla.toml", data); err == nil {
					b.Fatal("no finding")
				}
			}
		})
	}
}
