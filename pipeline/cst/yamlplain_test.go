package cst

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// FuzzPlainYAML holds that the reader of plain YAML reads what the library reads.
func FuzzPlainYAML(f *testing.F) {
	for _, s := range plainYAML {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := parsePlainYAML([]byte(text))
		if !ok {
			return
		}
		want, err := parseYAML([]byte(text))
		if err != nil {
			t.Fatalf("%q is read, but the library says: %v", text, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got\n%+v\nwant\n%+v", text, dump(got), dump(want))
		}
	})
}

// TestPlainYAML holds that the most usual YAML is not left to the library.
func TestPlainYAML(t *testing.T) {
	for _, text := range plainYAML {
		if _, ok := parsePlainYAML([]byte(text)); !ok {
			t.Errorf("%q is left to the library", text)
		}
	}
}

// plainYAML is what the reader of plain YAML reads.
var plainYAML = []string{
	"title: The river\n",
	"title: The river\ndate: 2026-11-30\ndraft_x: tru\nweight: 10\n",
	"title: \"The river\"  \nsummary: 'It rose'\n\nlast: a:b\n",
	"a:\nb:  \nc:",
	"a:\n  b: c\n  d:\n    e: f\n  g: h\nz: 1",
	"a:\n- b\n- c d\ne: f",
	"a:\n  - b: c\n    d: e\n  - f: g\n    h:\n      - i\nj: k\n",
	"a: []\nb: [ ]\nc: [d, e f, \"g, h\", 'i', 10]\nd: [río, 10]\n",
	"a: true\nb: no\nc: Null\nd: FALSE\ne: to\nf: 2013-05-06 02:12:52 +0200\ng: 0x1F\nh: 010\ni: 1.2.3\nj: 2001-12-14T21:59:43Z\nk: 12:30:45\nl: 1e3\n",
	"a: 1.5\nb: 3 men\nc: 2026-11-30\nd: 0\n",
	"a: río\nb: (x)\nc: /d/e\n",
	"params:\n  functions_and_methods:\n    aliases: [anchorize]\n    returnType: template.HTML\n    signatures: ['urls.Anchorize INPUT']\n",
}

// BenchmarkPlainList is the time in which a list of many values on one line is read.
func BenchmarkPlainList(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		data := []byte("a:\n- [" + strings.Repeat("b, ", n) + "b]\n")
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, ok := parsePlainYAML(data); !ok {
					b.Fatal("not read")
				}
			}
		})
	}
}

func dump(n *Node) string {
	var b strings.Builder
	var walk func(n *Node, depth int)
	walk = func(n *Node, depth int) {
		if n == nil {
			return
		}
		c := *n
		c.Elements = nil
		b.WriteString(strings.Repeat("  ", depth))
		b.WriteString(fmt.Sprintf("%+v", c))
		b.WriteByte('\n')
		for _, e := range n.Elements {
			walk(e.Key, depth+1)
			walk(e.Value, depth+1)
		}
	}
	walk(n, 0)
	return b.String()
}
