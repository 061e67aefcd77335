package handoff

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hexapla/cmd/internal/workspace"
)

const table = "target,source,unit,segment,path,target locale\nДа.,Yes.,p1,s1,a.html,ru\n"

// packed returns a zip file with the entries that fill adds.
func packed(t testing.TB, fill func(z *zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	fill(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// add adds an entry.
func add(t testing.TB, z *zip.Writer, h *zip.FileHeader, text string) {
	t.Helper()
	h.Method = zip.Deflate
	w, err := z.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

// files returns a zip file of pairs of names and texts.
func files(t testing.TB, pairs ...string) []byte {
	return packed(t, func(z *zip.Writer) {
		for i := 0; i < len(pairs); i += 2 {
			add(t, z, &zip.FileHeader{Name: pairs[i]}, pairs[i+1])
		}
	})
}

func TestReadPackage(t *testing.T) {
	data := files(t,
		"README.txt", "x", "sub/analysis.csv", "band,segments,words\nnew,1,1\n", "glossary/terms (1).csv", "source,target\na,b\n", "g.tbx", "<tbx/>",
		`moved\a.CSV`, table, "b.csv", "\ufeff"+strings.ReplaceAll(strings.ReplaceAll(table, ",", `";"`), "\n", "\r\n"),
		"c.xlf.txt", `<?xml version="1.0"?><xliff version="1.2"></xliff>`,
		"__MACOSX/._a.csv", table, ".b.csv", table, "notes.docx", "PK\x03\x04", "Thumbs.db", "x")
	got, err := readPackage("p.zip", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var bilingual []string
	for _, in := range got {
		if in.Units != nil {
			bilingual = append(bilingual, in.Name)
		}
	}
	if want := []string{"p.zip/b.csv", "p.zip/c.xlf.txt", "p.zip/moved/a.CSV"}; !slices.Equal(bilingual, want) || len(got) != 11 {
		t.Errorf("%d files, bilingual %v, want 11, %v", len(got), bilingual, want)
	}
	for _, in := range got {
		if in.Name != "p.zip/moved/a.CSV" {
			continue
		}
		n := 0
		for u, err := range in.Units(nil) {
			if err != nil || u.TargetLocale != "ru" {
				t.Error(u, err)
			}
			n++
		}
		if n != 1 {
			t.Errorf("%d units, want 1", n)
		}
	}
}

func TestReadPackageHostile(t *testing.T) {
	special := func(name string, mode fs.FileMode, flags uint16) []byte {
		return packed(t, func(z *zip.Writer) {
			add(t, z, &zip.FileHeader{Name: "a.csv"}, table)
			h := &zip.FileHeader{Name: name, Flags: flags}
			if mode != 0 {
				h.SetMode(mode)
			}
			add(t, z, h, "/etc/passwd")
		})
	}
	many := packed(t, func(z *zip.Writer) {
		for i := range maxPackageEntries + 1 {
			add(t, z, &zip.FileHeader{Name: fmt.Sprint(i, ".po")}, "")
		}
	})
	long := packed(t, func(z *zip.Writer) {
		for i := range 80 {
			add(t, z, &zip.FileHeader{Name: fmt.Sprint(strings.Repeat("x", 60_000), i, ".po")}, "")
		}
	})
	bomb := files(t, "a.csv", table+strings.Repeat("0", freePackageRatio*2))
	// The sizes in the list are lies: the entry unpacks to more than it declares.
	liar := bytes.Clone(files(t, "a.csv", strings.Repeat(table, 1000)))
	at := lastEntry(liar)
	copy(liar[at+24:], []byte{5, 0, 0, 0})
	damaged := bytes.Clone(files(t, "a.csv", strings.Repeat(table, 3)))
	damaged[lastEntry(damaged)+16] ^= 0xff // the checksum
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"parent":       {files(t, "a.csv", table, "../b.csv", table), "leads out"},
		"inner parent": {files(t, "a/../../b.csv", table), "leads out"},
		"backslash":    {files(t, `a\..\..\b.csv`, table), "leads out"},
		"absolute":     {files(t, "/tmp/b.csv", table), "absolute"},
		"drive":        {files(t, `C:\b.csv`, table), "absolute"},
		"share":        {files(t, `\\host\b.csv`, table), "absolute"},
		"control":      {files(t, "a\x1b[2J.csv", table), "control"},
		"twice":        {files(t, "a.csv", table, "./a.csv", table), "two files"},
		"link":         {special("b.csv", fs.ModeSymlink|0o777, 0), "link"},
		"device":       {special("b.csv", fs.ModeDevice|0o666, 0), "link or a device"},
		"encrypted":    {special("b.csv", 0, 1), "encrypted"},
		"nested":       {files(t, "a.csv", table, "b.ZIP", "x"), "archive"},
		"nested other": {files(t, "a.csv", table, "b.tar", "x"), "archive"},
		"disguised":    {files(t, "a.csv", table, "b.xlf", string(files(t, "a.csv", table))), "archive"},
		"bomb":         {bomb, "limit"},
		"many":         {many, "limit of 10000 files"},
		"long list":    {long, "longer than the limit"},
		"liar":         {liar, "zip"},
		"damaged":      {damaged, "checksum"},
		"no zip":       {[]byte("PK\x03\x04"), "cannot be read"},
		"empty":        {files(t), "no bilingual file"},
		"none":         {files(t, "README.txt", "x"), "no bilingual file"},
	} {
		got, err := readPackage("p.zip", bytes.NewReader(tt.data), int64(len(tt.data)))
		if err == nil || got != nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v; want an error with %q", name, got, err, tt.want)
		}
	}
}

// lastEntry returns where the last entry of the list of a zip file begins.
func lastEntry(data []byte) int { return bytes.LastIndex(data, []byte("PK\x01\x02")) }

// Equal content gives equal bytes, in whatever order it was written.
func TestWriteZip(t *testing.T) {
	entries := []packageEntry{dataEntry("b", []byte("1")), dataEntry("a/c", []byte("2")), dataEntry("README.txt", nil)}
	var first, second bytes.Buffer
	if err := writeZip(&first, entries); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(entries)
	if err := writeZip(&second, entries); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the bytes differ", err)
	}
}

func TestExportPackage(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hexapla.toml":  "[project]\nlocales = [\"ru\", \"fa\"]\narticles = [\"articles/*.md\"]\n[glossary]\nfiles = [\"*.csv\"]\n",
		"articles/a.md": "One sentence.\n", "g.csv": "concept,locale,term\n1,en,sentence\n1,ru,предложение\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Select: &workspace.Selection{}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	record, _, err := Export(t.Context(), w, Options{
		Format: "xliff", Version: "1.2", Flavor: "omegat", By: "locale", Package: true, Readme: func(l string) string { return "read " + l },
	}, func() {})
	if err != nil || !slices.Equal(slices.Sorted(slices.Values(record.Files)), []string{"fa.zip", "ru.zip"}) {
		t.Fatal(record, err)
	}
	z, err := zip.OpenReader(filepath.Join(dir, "exchange", "ru.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var names []string
	content := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		names, content[f.Name] = append(names, f.Name), string(data)
		if !f.Modified.Equal(packageTime) {
			t.Errorf("%s: time %v", f.Name, f.Modified)
		}
	}
	if want := []string{
		"README.txt", "analysis.csv", "dictionary/", "glossary/", "glossary/terms.utf8", "omegat.project", "omegat/", "preview/a.md.html", "source/ru.xlf", "target/", "tm/",
	}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
	for name, want := range map[string]string{
		"README.txt": "read ru", "analysis.csv": "\nnew,1,2\ntotal,1,2\n", "glossary/terms.utf8": "sentence\tпредложение", "source/ru.xlf": "One sentence.", "preview/a.md.html": `<td lang="en" dir="ltr">One sentence.</td>`,
	} {
		if !strings.Contains(content[name], want) {
			t.Errorf("%s: %q, want %q in it", name, content[name], want)
		}
	}
}

func FuzzReadPackage(f *testing.F) {
	f.Add(files(f, "a.csv", table, "README.txt", "x"))
	f.Add(files(f, "../a.csv", table))
	f.Add(files(f, "a.po", "msgid \"a\"\nmsgstr \"b\"\n", "b.xlf", "<xliff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		inputs, err := readPackage("p.zip", bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for _, in := range inputs {
			if strings.Contains("/"+in.Name+"/", "/../") {
				t.Errorf("%q leads out", in.Name)
			}
			if in.Units == nil {
				continue
			}
			for _, err := range in.Units(nil) {
				if err != nil {
					break
				}
			}
		}
	})
}

// A damaged memory of an OmegaT project refuses the package; a hostile one translates
// nothing that it should not.
func TestReadOmegaTProject(t *testing.T) {
	const source = `<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a.md" source-language="en" target-language="ru" datatype="html"><body>
<trans-unit id="1"><source>Read <bpt id="1">&lt;b&gt;</bpt>more<ept id="1">&lt;/b&gt;</ept>.</source><target state="new">Read <bpt id="1">&lt;b&gt;</bpt>more<ept id="1">&lt;/b&gt;</ept>.</target></trans-unit><trans-unit id="2"><source>Yes.</source><target state="new">Yes.</target></trans-unit><trans-unit id="3"><source>Yes.</source><target state="new">Yes.</target></trans-unit></body></file></xliff>`
	memory := func(tus ...string) string {
		return `<?xml version="1.0"?><tmx version="1.1"><header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="en" datatype="plaintext" creationtoolversion="3" segtype="sentence" srclang="en"/><body>` + strings.Join(tus, "") + `</body></tmx>`
	}
	tu := func(props, source, target string) string {
		return `<tu>` + props + `<tuv xml:lang="en"><seg>` + source + `</seg></tuv><tuv xml:lang="ru"><seg>` + target + `</seg></tuv></tu>`
	}
	for _, c := range []struct {
		name  string
		pairs []string
		want  []string // file: targets
	}{
		{"created files alone", []string{"omegat.project", "", "source/a.xlf", source, "target/a.xlf", strings.Replace(source, `state="new">Yes.`, `state="new">Да.`, 1)}, []string{"target/a.xlf:  Да. "}},
		{"nothing created", []string{"omegat.project", "", "source/a.xlf", source}, []string{"source/a.xlf:   "}},
		{"saved, in a folder", []string{"job/omegat.project", "", "job/source/a.xlf", source, "job/omegat/project_save.tmx", memory(tu("", "Yes.", "Да."), tu("", "Read &lt;b0&gt;more&lt;/b0&gt;.", "Ещё &lt;b0&gt;здесь&lt;/b0&gt;."))},
			[]string{"job/source/a.xlf: Ещё <1>здесь</1>. Да. Да."}},
		{"saved for one place", []string{"omegat.project", "", "source/a.xlf", source, "omegat/project_save.tmx",
			memory(tu("", "Yes.", "Да."), tu(`<prop type="file">a.xlf</prop><prop type="prev">Yes.</prop>`, "Yes.", "Ага."))}, []string{"source/a.xlf:  Да. Ага."}},
		{"older created files", []string{"omegat.project", "", "source/a.xlf", source, "target/a.xlf", strings.ReplaceAll(source, "Yes.", "Нет."), "omegat/project_save.tmx", memory(tu("", "Yes.", "Да."))},
			[]string{"source/a.xlf:  Да. Да."}},
		{"tags that the source does not have", []string{"omegat.project", "", "source/a.xlf", source, "omegat/project_save.tmx", memory(tu("", "Yes.", "&lt;b7&gt;Да.&lt;/x&gt;"))},
			[]string{`source/a.xlf:  <b7>Да.</x> <b7>Да.</x>`}},
		{"a memory of another language", []string{"omegat.project", "", "source/a.xlf", source, "omegat/project_save.tmx", strings.ReplaceAll(memory(tu("", "Yes.", "Да.")), `"en"`, `"fr"`)}, []string{"source/a.xlf:  Да. Да."}},
	} {
		data := files(t, c.pairs...)
		inputs, err := readPackage("p.zip", bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, in := range inputs {
			if in.Units == nil {
				continue
			}
			line := strings.TrimPrefix(in.Name, "p.zip/") + ":"
			for u, err := range in.Units(nil) {
				if err != nil {
					t.Fatal(err)
				}
				for i := range u.Targets {
					line += " " + u.Targets[i].Text.TaggedAs(u.Segments[i].Source)
				}
			}
			got = append(got, line)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	data := files(t, "omegat.project", "", "source/a.xlf", source, "omegat/project_save.tmx", "<tmx")
	if _, err := readPackage("p.zip", bytes.NewReader(data), int64(len(data))); err == nil {
		t.Error("a damaged memory was read")
	}
	var many []string
	for i := range maxProjects + 1 {
		many = append(many, fmt.Sprint(i, "/omegat.project"), "")
	}
	data = files(t, append(many, "a.csv", table)...)
	if _, err := readPackage("p.zip", bytes.NewReader(data), int64(len(data))); err == nil || !strings.Contains(err.Error(), "100 OmegaT projects") {
		t.Error(err)
	}
}
