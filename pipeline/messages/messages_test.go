package messages_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/messages"
)

const source = `[Live]
description = "Above the video"
other = "Now on air"

[By]
other = "By {{.Name}}"

[Cats]
one = "{{.PluralCount}} cat"
other = "{{.PluralCount}} cats"
`

// export encodes the messages of a catalog for a locale.
func export(t *testing.T, files catalog.Files, locale, codec string) []byte {
	t.Helper()
	set, ds := catalog.Parse(files, "en")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	c, _ := pipeline.CodecNamed(codec)
	units := messages.Units(set, messages.Export{Locale: locale, Files: files, Marked: messages.Marked(c), Time: time.Unix(1e9, 0).UTC()})
	var b bytes.Buffer
	if codec == messages.TMX {
		if err := messages.WritePairs(&b, "en", units); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	o := exchange.Options{}
	o.Plural.Forms, o.Plural.Categories = locales.GettextPlural(locale)
	e, err := c.Encode(&b, o)
	for _, u := range units {
		if err == nil {
			err = e.Write(u)
		}
	}
	if err == nil {
		err = e.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// imported returns the catalogs after the import of a file, and what the import
// reports: changes, and the ids of diagnostics.
func imported(files catalog.Files, locale, codec string, data []byte) (catalog.Files, string) {
	set, _ := catalog.Parse(files, "en")
	c, _ := pipeline.CodecNamed(codec)
	im := messages.NewImporter(set, messages.ImportOptions{Locale: locale, Marked: messages.Marked(c), Numbered: c.PluralForms})
	units := messages.ReadPairs(bytes.NewReader(data), "x", set, locale)
	if codec != messages.TMX {
		units = c.Decode("x", bytes.NewReader(data))
	}
	for u, err := range units {
		if err != nil {
			im.Fail(err)
			continue
		}
		im.Add("x", u)
	}
	out := maps.Clone(files)
	var did []string
	for _, l := range slices.Sorted(maps.Keys(im.Translations)) {
		r, ds := update.ApplyTranslations(out, "en", l, im.Translations[l])
		im.Diagnostics = append(im.Diagnostics, ds...)
		maps.Copy(out, r.Write)
		for _, c := range r.Changes {
			did = append(did, c.Kind+" "+c.ID)
		}
	}
	for _, d := range im.Diagnostics {
		did = append(did, d.ID)
	}
	return out, strings.Join(did, "; ")
}

var codecs = []string{"xliff", "po", "csv", "jsonl", messages.TMX}

// TestUntouched checks that a file that comes back as it was sent out changes
// nothing: above all, a stale translation stays stale.
func TestUntouched(t *testing.T) {
	const old = "sha1-0000000000000000000000000000000000000000"
	for _, codec := range codecs {
		for name, target := range map[string]string{
			"active.ru.toml": "[Live]\nhash = \"" + old + "\"\nother = \"В эфире\"\n\n# needs review\n[By]\nhash = \"" + old + "\"\nother = \"Автор: {{.Name}}\"\n\n[Cats]\nhash = \"" + old + "\"\none = \"{{.PluralCount}} кот\"\nfew = \"{{.PluralCount}} кота\"\nmany = \"{{.PluralCount}} котов\"\nother = \"{{.PluralCount}} кота\"\n",
			"active.ru.json": `{"Live": {"hash": "` + old + `", "other": "В эфире"}, "By": "Автор: {{.Name}}"}`,
			"active.ru.yaml": "Live:\n  hash: " + old + "\n  other: В эфире\n# needs review\nBy: \"Автор: {{.Name}}\"\n",
		} {
			files := catalog.Files{"active.en.toml": []byte(source), name: []byte(target)}
			after, did := imported(files, "ru", codec, export(t, files, "ru", codec))
			if string(after[name]) != target {
				t.Errorf("%s, %s: %s\n%s", codec, name, did, after[name])
			}
		}
	}
}

// TestSignedOff checks that a stale text that came back unchanged is fresh if a
// translator has confirmed it.
func TestSignedOff(t *testing.T) {
	target := "[Live]\nhash = \"sha1-0000000000000000000000000000000000000000\"\nother = \"В эфире\"\n"
	files := catalog.Files{"active.en.toml": []byte(source), "active.ru.toml": []byte(target)}
	po := export(t, files, "ru", "po")
	if !bytes.Contains(po, []byte("#, fuzzy\n")) {
		t.Fatalf("nothing is marked:\n%s", po)
	}
	after, did := imported(files, "ru", "po", bytes.ReplaceAll(po, []byte("#, fuzzy\n"), nil))
	set, _ := catalog.Parse(after, "en")
	if m := set.Catalogs["ru"].Messages["Live"]; m.Hash != set.Catalogs["en"].Messages["Live"].SourceHash() || did != "accepted Live" {
		t.Errorf("%s\n%s", did, after["active.ru.toml"])
	}
	// A new text that is still fuzzy is used, marked, and stays stale.
	after, _ = imported(files, "ru", "po", bytes.Replace(po, []byte("msgstr \"В эфире\""), []byte("msgstr \"Сейчас в эфире\""), 1))
	if got := string(after["active.ru.toml"]); !strings.Contains(got, "# needs review\n[Live]\nhash = \"sha1-0000000000000000000000000000000000000000\"\nother = \"Сейчас в эфире\"") {
		t.Errorf("%s", got)
	}
}

// TestPluralForms checks that numbered forms are read by the Plural-Forms of the
// file.
func TestPluralForms(t *testing.T) {
	const entry = "msgctxt \"active.en.toml#Cats\"\nmsgid \"{{.PluralCount}} cat\"\nmsgid_plural \"{{.PluralCount}} cats\"\n"
	for _, tt := range []struct{ name, forms, strings, want, did string }{
		{"ours", "", "кот кота котов", "one=кот few=кота many=котов other=кота", "accepted Cats; import.form"},
		{"another order", "nplurals=3; plural=n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 0 : n%10==1 && n%100!=11 ? 1 : 2;", "кота кот котов", "one=кот few=кота many=котов other=кота", "accepted Cats; import.form"},
		{"one form more", "nplurals=4; plural=n==1 ? 3 : n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;", "кот кота котов единственный", "one=кот few=кота many=котов other=кота", "accepted Cats; import.form; import.form"},
		{"too few", "nplurals=2; plural=n != 1;", "кот котов", "", "import.unknown-segment"},
		{"no expression", "nplurals=3; plural=(n;", "кот кота котов", "", "import.unknown-segment"},
	} {
		var po strings.Builder
		po.WriteString("msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Language: ru\\n\"\n\"X-Source-Language: en\\n\"\n\"X-Hexapla-Time: 2001-09-09T01:46:40Z\\n\"\n")
		if tt.forms != "" {
			fmt.Fprintf(&po, "%q\n", "Plural-Forms: "+tt.forms+"\n")
		}
		po.WriteString("\n" + entry)
		for i, s := range strings.Fields(tt.strings) {
			fmt.Fprintf(&po, "msgstr[%d] \"{{.PluralCount}} %s\"\n", i, s)
		}
		after, did := imported(catalog.Files{"active.en.toml": []byte(source)}, "", "po", []byte(po.String()))
		set, _ := catalog.Parse(after, "en")
		var got []string
		if c := set.Catalogs["ru"]; c != nil {
			for _, category := range []string{"one", "few", "many", "other"} {
				got = append(got, category+"="+strings.TrimPrefix(c.Messages["Cats"].Form(category), "{{.PluralCount}} "))
			}
			for _, d := range lint.Check(set, lint.Options{Locales: []string{"ru"}}) {
				if d.Place.Unit == "Cats" {
					t.Errorf("%s: %v", tt.name, d)
				}
			}
		}
		if strings.Join(got, " ") != tt.want || did != tt.did {
			t.Errorf("%s: %v, %s\nwant %s, %s", tt.name, got, did, tt.want, tt.did)
		}
	}
}

// TestRejected checks what an import refuses.
func TestRejected(t *testing.T) {
	files := catalog.Files{"active.en.toml": []byte(source)}
	po := string(export(t, files, "ru", "po"))
	for name, tt := range map[string]struct{ old, new, want string }{
		"a copy":             {"msgid \"Now on air\"\nmsgstr \"\"", "msgid \"Now on air\"\nmsgstr \"Now on air\"", "import.copied"},
		"an old source":      {"msgid \"Now on air\"\nmsgstr \"\"", "msgid \"On air\"\nmsgstr \"В эфире\"", "import.source-changed"},
		"an unknown message": {"#Live/other\"\nmsgid \"Now on air\"\nmsgstr \"\"", "#Dead/other\"\nmsgid \"Now on air\"\nmsgstr \"В эфире\"", "import.unknown-unit"},
		"a variable renamed": {"msgid \"By {{.Name}}\"\nmsgstr \"\"", "msgid \"By {{.Name}}\"\nmsgstr \"Автор: {{.Nmae}}\"", "rejected By; catalog.variable-extra; catalog.variable-missing"},
		"a message twice":    {"msgid \"By {{.Name}}\"\nmsgstr \"\"", "msgid \"By {{.Name}}\"\nmsgstr \"Автор: {{.Name}}\"\n\nmsgctxt \"active.en.toml#Cats\"\nmsgid \"x\"\nmsgstr \"y\"\n\nmsgctxt \"active.en.toml#By/other\"\nmsgid \"By {{.Name}}\"\nmsgstr \"{{.Name}}\"", ""},
		"letters of Latin":   {"msgid \"Now on air\"\nmsgstr \"\"", "msgid \"Now on air\"\nmsgstr \"B эфиpe\"", "rejected Live; catalog.script"},
	} {
		changed := strings.Replace(po, tt.old, tt.new, 1)
		if changed == po {
			t.Fatalf("%s: %q is not in\n%s", name, tt.old, po)
		}
		_, did := imported(files, "", "po", []byte(changed))
		if tt.want != "" && did != tt.want || tt.want == "" && !strings.Contains(did, "import.twice") {
			t.Errorf("%s: %s, want %s", name, did, tt.want)
		}
	}
}

// TestUnitIDs checks that two messages never have the same unit id.
func TestUnitIDs(t *testing.T) {
	seen := map[string]string{}
	for _, id := range []string{"a b", "a_b", "a.b", "a/b", "a#b", "ä", "ö", "", " ", "_", "a b "} {
		u := messages.UnitID(id)
		if other, ok := seen[u]; ok {
			t.Errorf("%q and %q are both %q", id, other, u)
		}
		seen[u] = id
	}
}
