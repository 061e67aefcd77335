package files

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaOf returns the file of a published schema: of the npm package "sitemap" or in the
// folder HEXAPLA_SCHEMAS, where .ci/run puts what the publishers' servers give it. A server
// may be away: then it is ours in testdata, written from the description of the form. A test
// of a schema that is not there either is skipped.
func schemaOf(t *testing.T, name string) string {
	t.Helper()
	for _, file := range []string{
		filepath.Join(os.Getenv("HEXAPLA_NODE_MODULES"), "sitemap", "schema", name), filepath.Join(os.Getenv("HEXAPLA_SCHEMAS"), name),
	} {
		if data, err := os.ReadFile(file); err == nil && filepath.IsAbs(file) && (path.Ext(name) != ".xsd" || bytes.Contains(data, []byte("XMLSchema"))) {
			return file
		}
	}
	if file := filepath.Join("testdata", name); exists(file) {
		return file
	}
	t.Skipf("the schema %s is not there: HEXAPLA_NODE_MODULES has no package sitemap, HEXAPLA_SCHEMAS no such file", name)
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// The schemas of what Google adds to sitemaps: the links of XHTML, and news if its own schema
// is not there.
const (
	wrapperXSD = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
<xsd:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="%SITEMAP%"/>
<xsd:import namespace="http://www.w3.org/1999/xhtml" schemaLocation="xhtml.xsd"/>
<xsd:import namespace="http://www.google.com/schemas/sitemap-news/0.9" schemaLocation="%NEWS%"/>
</xsd:schema>`
	xhtmlXSD = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xhtml" elementFormDefault="qualified">
<xsd:element name="link"><xsd:complexType>
<xsd:attribute name="rel" type="xsd:string" use="required" fixed="alternate"/>
<xsd:attribute name="hreflang" type="xsd:string" use="required"/><xsd:attribute name="href" type="xsd:anyURI" use="required"/>
</xsd:complexType></xsd:element></xsd:schema>`
	newsXSD = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="http://www.google.com/schemas/sitemap-news/0.9" targetNamespace="http://www.google.com/schemas/sitemap-news/0.9" elementFormDefault="qualified">
<xsd:element name="news"><xsd:complexType><xsd:sequence>
<xsd:element name="publication"><xsd:complexType><xsd:sequence><xsd:element name="name" type="xsd:string"/>
<xsd:element name="language"><xsd:simpleType><xsd:restriction base="xsd:string"><xsd:pattern value="zh-cn|zh-tw|[a-z]{2,3}"/></xsd:restriction></xsd:simpleType></xsd:element>
</xsd:sequence></xsd:complexType></xsd:element>
<xsd:element name="publication_date" type="xsd:dateTime"/><xsd:element name="title" type="xsd:string"/>
</xsd:sequence></xsd:complexType></xsd:element></xsd:schema>`
)

// madeFiles returns the files of a small site by their paths.
func madeFiles(t *testing.T) map[string][]byte {
	t.Helper()
	s := newSite(300, []string{"en", "ru", "fa-AF", "sr-Latn", "zh-Hant"})
	s.NINJS, s.Publisher = true, "Dispatch & <Co>"
	out := map[string][]byte{}
	for name, f := range made(t, s) {
		out[name] = f.Data
	}
	return out
}

// xmllint returns the validator of libxml2; a test without it is skipped.
func xmllint(t *testing.T) string {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
			t.Fatal("xmllint is not installed")
		}
		t.Skip("xmllint (Debian: libxml2-utils) is not installed")
	}
	return lint
}

// validateFiles holds the files in question against a schema of a kind of xmllint. It returns
// what is wrong, and how many files there are.
func validateFiles(t *testing.T, kind, schema string, all map[string][]byte, is func(name string) bool) (problems string, files int) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", kind, schema}
	for name, data := range all {
		if is(name) {
			file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
			files++
		}
	}
	if files == 0 {
		t.Error("there is no such file")
		return "", 0
	}
	if out, err := exec.Command(xmllint(t), args...).CombinedOutput(); err != nil {
		problems = fmt.Sprintf("%v\n%.2000s", err, out)
	}
	return problems, files
}

// Atom is as the grammar of RFC 4287 has it, and the validator does find what is not.
func TestAtomSchema(t *testing.T) {
	xmllint(t)
	all := madeFiles(t)
	isAtom := func(name string) bool { return path.Base(name) == "atom.xml" }
	if problems, n := validateFiles(t, "--relaxng", "testdata/atom.rng", all, isAtom); problems != "" || n < 10 {
		t.Errorf("%d feeds: %s", n, problems)
	}
	for _, wrong := range [][2]string{
		{"<updated>", "<updated>x"}, {"xml:lang=\"ru\"", "xml:lang=\"ru_RU\""}, {"<author><name>", "<author><label>x</label><name>"},
		{"</entry>", "<subtitle>x</subtitle></entry>"}, {"<category term=", "<category label="}, {"type=\"text/html\"", "type=\"html\""},
	} {
		broken := strings.Replace(string(all["ru/atom.xml"]), wrong[0], wrong[1], 1)
		if problems, _ := validateFiles(t, "--relaxng", "testdata/atom.rng", map[string][]byte{"atom.xml": []byte(broken)}, isAtom); problems == "" {
			t.Errorf("%s is valid", wrong[1])
		}
	}
}

// Sitemaps are as the schemas of sitemaps.org have them.
func TestSitemapSchema(t *testing.T) {
	xmllint(t)
	all := madeFiles(t)
	validate := func(t *testing.T, schema string, is func(name string) bool) {
		if problems, n := validateFiles(t, "--schema", schema, all, is); problems != "" {
			t.Errorf("%d files: %s", n, problems)
		}
	}
	t.Run("urlset", func(t *testing.T) {
		dir := t.TempDir()
		news := filepath.Join(os.Getenv("HEXAPLA_SCHEMAS"), "sitemap-news.xsd")
		if _, err := os.Stat(news); err != nil || !filepath.IsAbs(news) {
			news = "news.xsd"
		}
		wrapper := strings.NewReplacer("%SITEMAP%", schemaOf(t, "sitemap.xsd"), "%NEWS%", news).Replace(wrapperXSD)
		for name, text := range map[string]string{"all.xsd": wrapper, "xhtml.xsd": xhtmlXSD, "news.xsd": newsXSD} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		validate(t, filepath.Join(dir, "all.xsd"), func(name string) bool {
			return strings.Contains(name, "/sitemap") && !bytes.Contains(all[name], []byte("<sitemapindex"))
		})
	})
	t.Run("index", func(t *testing.T) {
		isIndex := func(name string) bool { return bytes.Contains(all[name], []byte("<sitemapindex")) }
		validate(t, schemaOf(t, "siteindex.xsd"), isIndex)
		for name, data := range all {
			if isIndex(name) {
				all[name] = bytes.ReplaceAll(data, []byte("loc>"), []byte("location>"))
			}
		}
		if problems, _ := validateFiles(t, "--schema", schemaOf(t, "siteindex.xsd"), all, isIndex); problems == "" {
			t.Error("an index without addresses is valid")
		}
	})
}

// JSON Feed and ninjs are as their schemas have them.
func TestJSONSchemas(t *testing.T) {
	all := madeFiles(t)
	for _, x := range []struct{ schema, suffix string }{{"feed.json", "/feed.json"}, {"ninjs-schema_1.3.json", ".ninjs.json"}} {
		t.Run(x.schema, func(t *testing.T) {
			compiler := jsonschema.NewCompiler()
			compiler.AssertFormat()
			published := !strings.HasPrefix(schemaOf(t, x.schema), "testdata")
			for _, name := range []string{x.schema, "feed-1.json"} {
				if name != x.schema && (x.schema != "feed.json" || !published) {
					continue
				}
				data, err := os.ReadFile(schemaOf(t, name))
				if err != nil {
					t.Fatal(err)
				}
				doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
				if err != nil {
					t.Skipf("%s is no schema (%v): the server gave something else", name, err)
				}
				for _, address := range []string{"https://json.schemastore.org/" + name, "https://json.schemastore.org/" + strings.TrimSuffix(name, ".json")} {
					if err := compiler.AddResource(address, doc); err != nil {
						t.Fatal(err)
					}
				}
			}
			schema, err := compiler.Compile("https://json.schemastore.org/" + x.schema)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for name, data := range all {
				if !strings.HasSuffix(name, x.suffix) {
					continue
				}
				n++
				var v any
				if err := json.Unmarshal(data, &v); err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("%s: %v\n%.600s", name, err, data)
					break
				}
			}
			if n == 0 {
				t.Error("there is no such file")
			}
			for name, data := range all {
				if strings.HasSuffix(name, x.suffix) && !published { // how strict that one is, is not ours
					for _, wrong := range [][2]string{{`"language": "`, `"language": 7, "x": "`}, {`T`, ` at `}, {`"https://`, `"no address `}} {
						var v any
						broken := strings.ReplaceAll(string(data), wrong[0], wrong[1])
						if err := json.Unmarshal([]byte(broken), &v); err == nil && schema.Validate(v) == nil {
							t.Errorf("%s with %s is valid", name, wrong[1])
						}
					}
					break
				}
			}
		})
	}
}

// readFeeds reads feeds, and prints for each what is wrong, or its version, language and
// entries.
const readFeeds = `
import sys, json, feedparser
out = {}
for name in sys.argv[1:]:
    f = feedparser.parse(name)
    problems = [str(f.get("bozo_exception"))] if f.bozo else []
    for e in f.entries:
        if not e.get("id") or not e.get("link") or not e.get("published_parsed") or "title" not in e:
            problems.append("entry without id, link, date or title: %r" % e)
    out[name] = {"version": f.version, "language": f.feed.get("language", ""), "title": f.feed.get("title", ""), "ids": [e.get("id") for e in f.entries], "problems": problems}
json.dump(out, sys.stdout)
`

// RSS and Atom are what Universal Feed Parser, which is strict about their XML and their
// dates, reads without a problem: RSS has no published schema.
func TestFeedReader(t *testing.T) {
	python := "/usr/bin/python3" // Debian's, whose packages another one does not have
	if err := exec.Command(python, "-c", "import feedparser").Run(); err != nil {
		if os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "1" {
			t.Fatal("feedparser is not installed")
		}
		t.Skip("feedparser (Debian: python3-feedparser) is not installed")
	}
	dir := t.TempDir()
	names := map[string]string{} // of the site's files
	args := []string{"-c", readFeeds}
	for name, data := range madeFiles(t) {
		if base := path.Base(name); base != "rss.xml" && base != "atom.xml" {
			continue
		}
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		names[file] = name
		args = append(args, file)
	}
	out, err := exec.Command(python, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var found map[string]struct {
		Version, Language, Title string
		IDs                      []string
		Problems                 []string
	}
	if err := json.Unmarshal(out, &found); err != nil || len(found) != len(names) || len(found) < 10 {
		t.Fatalf("%d of %d feeds: %v", len(found), len(names), err)
	}
	versions := map[string]string{"rss.xml": "rss20", "atom.xml": "atom10"}
	for file, f := range found {
		name := names[file]
		locale, _, _ := strings.Cut(name, "/")
		if len(f.Problems) > 0 {
			t.Errorf("%s: %.600q", name, f.Problems)
		}
		if f.Version != versions[path.Base(name)] || f.Language != locale || f.Title == "" || len(f.IDs) == 0 {
			t.Errorf("%s is read as %s in %q with the title %q and %d entries", name, f.Version, f.Language, f.Title, len(f.IDs))
		}
		if other, ok := found[filepath.Join(dir, strings.ReplaceAll(path.Join(path.Dir(name), "atom.xml"), "/", "_"))]; !ok || strings.Join(other.IDs, " ") != strings.Join(f.IDs, " ") {
			t.Errorf("%s has other ids than the Atom feed beside it", name)
		}
	}
}
