package update

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/message"
)

func changes(r Result) string {
	var out []string
	for _, c := range r.Changes {
		out = append(out, c.Kind+" "+c.Locale+" "+c.ID)
	}
	return strings.Join(out, "; ")
}

// put applies a result, as its reader would.
func put(in catalog.Files, r Result) catalog.Files {
	out := maps.Clone(in)
	maps.Copy(out, r.Write)
	for _, d := range r.Delete {
		delete(out, d)
	}
	return out
}

const syncSource = `# The source.

[Hello]
description = "Greeting"
other = "Hello, {{.Name}}!"

[Bye]
other = "Bye"

[Cats]
one = "{{.PluralCount}} cat"
other = "{{.PluralCount}} cats"
`

const syncTarget = `# Kept: the head.

# Kept: above.
[Bye]
hash = "sha1-0000000000000000000000000000000000000000" # kept: behind
# kept: inside
other = "Пока" # kept: at the end

[Gone]
other = "Нет его"

# Kept: Cats.
[Cats]
one = "{{.PluralCount}} кот"
other = "{{.PluralCount}} кота"
`

func TestSync(t *testing.T) {
	in := catalog.Files{"l/active.en.toml": []byte(syncSource), "l/active.ru.toml": []byte(syncTarget)}
	r, ds := Sync(in, "en", SyncOptions{Locales: []string{"tt"}})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if got, want := changes(r), "new ru Hello; stale ru Bye; stamped ru Cats; partial ru Cats; extra ru Gone; new tt Hello; new tt Bye; new tt Cats"; got != want {
		t.Errorf("changes\n%s\nwant\n%s", got, want)
	}
	cats := Entry("", "{{.PluralCount}} cats")
	wantActive := strings.Replace(syncTarget, "[Cats]\n", "[Cats]\nhash = \""+cats.SourceHash()+"\"\n", 1)
	if got := string(r.Write["l/active.ru.toml"]); got != wantActive {
		t.Errorf("active.ru.toml:\n%s\nwant\n%s", got, wantActive)
	}
	hello, bye := Entry("Greeting", "Hello, {{.Name}}!"), Entry("", "Bye")
	wantWork := fmt.Sprintf(`[Hello]
description = "Greeting"
hash = %q
other = "Hello, {{.Name}}!"

[Bye]
hash = %q
other = "Bye"

[Cats]
hash = %q
few = "{{.PluralCount}} cats"
many = "{{.PluralCount}} cats"
`, hello.SourceHash(), bye.SourceHash(), cats.SourceHash())
	if got := string(r.Write["l/translate.ru.toml"]); got != wantWork {
		t.Errorf("translate.ru.toml:\n%s\nwant\n%s", got, wantWork)
	}
	next := put(in, r)
	if again, _ := Sync(next, "en", SyncOptions{}); len(again.Write)+len(again.Delete) > 0 {
		t.Errorf("a second run writes %v", again.Write)
	}

	// The translator fills in what was asked; Sync takes it over.
	work := strings.NewReplacer("other = \"Hello, {{.Name}}!\"", "other = \"Привет, {{.Name}}!\"", "other = \"Bye\"", "other = \"До встречи\"",
		"few = \"{{.PluralCount}} cats\"", "few = \"{{.PluralCount}} кота\"", "many = \"{{.PluralCount}} cats\"", "many = \"{{.PluralCount}} котов\"").Replace(wantWork)
	next["l/translate.ru.toml"] = []byte(work)
	r, ds = Sync(next, "en", SyncOptions{Prune: true})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if got, want := changes(r), "merged ru Hello; merged ru Bye; merged ru Cats; removed ru Gone; new tt Hello; new tt Bye; new tt Cats"; got != want {
		t.Errorf("changes\n%s\nwant\n%s", got, want)
	}
	want := fmt.Sprintf(`# Kept: the head.

# Kept: above.
[Bye]
hash = %q # kept: behind
# kept: inside
other = "До встречи" # kept: at the end

# Kept: Cats.
[Cats]
hash = %q
one = "{{.PluralCount}} кот"
few = "{{.PluralCount}} кота"
many = "{{.PluralCount}} котов"
other = "{{.PluralCount}} кота"

[Hello]
hash = %q
other = "Привет, {{.Name}}!"
`, bye.SourceHash(), cats.SourceHash(), hello.SourceHash())
	if got := string(r.Write["l/active.ru.toml"]); got != want {
		t.Errorf("active.ru.toml:\n%s\nwant\n%s", got, want)
	}
	if !slices.Equal(r.Delete, []string{"l/translate.ru.toml"}) {
		t.Errorf("deletes %v", r.Delete)
	}
	s, _ := catalog.Parse(put(next, r), "en")
	for _, d := range lint.Check(s, lint.Options{Locales: []string{"ru"}}) {
		t.Error(d)
	}
}

// Entry is a message with a description and one form.
func Entry(description, other string) (e message.Entry) {
	e.Description, e.Other = description, other
	return e
}

// TestSyncLaws: whatever the format, a second Sync writes nothing, and what Sync
// writes can be read.
func TestSyncLaws(t *testing.T) {
	files := catalog.Files{
		"active.en.toml": []byte(syncSource + "[\"with space\"]\nother = \"x\"\n"), "active.uk.json": []byte("{\n\t\"Bye\": \"Бувай\",\n\t\"Cats\": {\"one\": \"{{.PluralCount}} кіт\"},\n\t\"Old\": \"x\"\n}"),
		"active.be.yaml": []byte("# head\nBye: Бывай # behind\nHello:\n  hash: sha1-00\n  # inside\n  other: Вітаю, {{.Name}}!\n"),
		"active.ru.toml": []byte("Bye = \"Пока\"\nHello = {other = \"Привет, {{.Name}}!\"}\nCats.one = \"{{.PluralCount}} кот\"\nCats.few = \"{{.PluralCount}} кота\" # x\n"),
		"active.kk.toml": []byte("\xef\xbb\xbf[Bye]\r\nother = \"Сау бол\"\r\n"),
		"active.ka.toml": nil,
	}
	r, ds := Sync(files, "en", SyncOptions{Locales: []string{"tt", "ba"}})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	for name, data := range r.Write {
		if _, ds := message.Parse(name, data); len(ds) > 0 {
			t.Errorf("%s: %v\n%s", name, ds, data)
		}
	}
	next := put(files, r)
	if again, ds := Sync(next, "en", SyncOptions{}); len(again.Write)+len(again.Delete)+len(ds) > 0 {
		t.Errorf("a second run: %v %v", ds, again.Changes)
		for name, data := range again.Write {
			t.Errorf("%s:\n%s\nbefore:\n%s", name, data, next[name])
		}
	}
	// No translation is lost.
	s, _ := catalog.Parse(next, "en")
	for tag, want := range map[string]string{"uk": "Бувай", "be": "Бывай", "ru": "Пока", "kk": "Сау бол"} {
		if m := s.Catalogs[tag].Messages["Bye"]; m == nil || m.Other != want || m.Hash == "" {
			t.Errorf("%s: %+v", tag, m)
		}
	}
	if !strings.Contains(string(next["active.be.yaml"]), "# head") || !strings.Contains(string(next["active.be.yaml"]), "# behind") || !strings.Contains(string(next["active.be.yaml"]), "# inside") {
		t.Errorf("comments were lost:\n%s", next["active.be.yaml"])
	}
	if !strings.HasPrefix(string(next["active.kk.toml"]), "\xef\xbb\xbf") {
		t.Error("the byte order mark was lost")
	}
}

func TestSyncLeavesBrokenFilesAlone(t *testing.T) {
	files := catalog.Files{"active.en.toml": []byte(syncSource), "active.ru.toml": []byte("[Bye]\nother = \"x\n"), "active.uk.toml": []byte("Bye = \"Бувай\"\nBye = \"Бувай\"\n")}
	r, ds := Sync(files, "en", SyncOptions{})
	if len(r.Write) > 0 || len(ds) != 2 {
		t.Errorf("%v, %v", r.Write, ds)
	}
	r, ds = Sync(catalog.Files{"active.ru.toml": nil}, "en", SyncOptions{})
	if len(r.Write) > 0 || len(ds) != 1 {
		t.Errorf("without a source: %v, %v", r.Write, ds)
	}
}

func TestRenamePruneFormat(t *testing.T) {
	files := catalog.Files{
		"active.en.toml": []byte("# c\nA = \"a\" # d\n\n# e\n[B] # f\nother = \"b\"\n[n.m]\nx = \"y\"\n"),
		"active.ru.json": []byte(`{"A": "а", "n": {"m": {"x": "у"}}, "Z": "z"}`),
		"active.uk.yaml": []byte("# c\nA: а # d\nB: б\n"),
	}
	r, ds := Rename(files, "en", "A", "C d")
	if len(ds) > 0 || len(r.Changes) != 3 {
		t.Fatal(ds, r.Changes)
	}
	for name, want := range map[string]string{
		"active.en.toml": "# c\n\"C d\" = \"a\" # d\n\n# e\n[B] # f\nother = \"b\"\n[n.m]\nx = \"y\"\n",
		"active.ru.json": `{"C d": "а", "n": {"m": {"x": "у"}}, "Z": "z"}`,
		"active.uk.yaml": "# c\n\"C d\": а # d\nB: б\n",
	} {
		if got := string(r.Write[name]); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
	for _, id := range []string{"B", "n.m.x"} {
		r, ds = Rename(files, "en", id, "new.id")
		s, more := catalog.Parse(put(files, r), "en")
		if len(ds)+len(more) > 0 || s.Catalogs["en"].Messages["new.id"] == nil || s.Catalogs["en"].Messages[id] != nil {
			t.Errorf("%s: %v %v\n%s", id, ds, more, r.Write["active.en.toml"])
		}
	}
	if r, ds := Rename(files, "en", "A", "B"); len(ds) == 0 || len(r.Write) > 0 {
		t.Error("renamed to an id that is taken")
	}
	r, ds = Prune(files, "en", []string{"A"})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	s, _ := catalog.Parse(put(files, r), "en")
	for tag, want := range map[string]string{"en": "B n.m.x", "ru": "n.m.x", "uk": "B"} {
		if got := strings.Join(s.Catalogs[tag].IDs, " "); got != want {
			t.Errorf("%s after Prune: %s", tag, got)
		}
	}
	r, ds = Format(files, "en")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if got, want := string(r.Write["active.en.toml"]), "# c\n[A]\nother = \"a\" # d\n\n# e\n[B] # f\nother = \"b\"\n\n[n.m.x]\nother = \"y\"\n"; got != want {
		t.Errorf("formatted:\n%s\nwant\n%s", got, want)
	}
	if again, _ := Format(put(files, r), "en"); len(again.Write) > 0 {
		t.Errorf("formatting twice: %v", again.Write)
	}
	if r, _ := Format(own(t), "en"); len(r.Write) > 0 {
		t.Errorf("our own catalogs are not formatted: %v", slices.Sorted(maps.Keys(r.Write)))
	}
}

func TestPseudo(t *testing.T) {
	files := catalog.Files{"active.en.toml": []byte("A = \"See <b>all</b> {{date .D}}\"\n[B]\none = \"{{.PluralCount}} cat\"\nother = \"{{.PluralCount}} cats\"\n")}
	r, ds := Pseudo(files, "en", "en-XA")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	s, ds := catalog.Parse(r.Write, "en")
	if got := s.Catalogs["en-XA"].Messages["A"].Other; got != "[Šéé <b>áļļ</b> {{date .D}} óñé]" || len(ds) > 0 {
		t.Errorf("%q %v", got, ds)
	}
	if r, _ = Pseudo(files, "en", "en-XB"); !strings.Contains(string(r.Write["active.en-XB.toml"]), "{{date .D}}") {
		t.Errorf("%s", r.Write["active.en-XB.toml"])
	}
	if _, ds := Pseudo(files, "en", "fr"); len(ds) == 0 {
		t.Error("fr is no pseudo-locale")
	}
}

func TestStats(t *testing.T) {
	s, _ := catalog.Parse(own(t), "en")
	for _, c := range catalog.Stats(s) {
		if c.Done != c.Total || c.Stale != 0 || c.Total < 40 {
			t.Errorf("%+v", c)
		}
	}
	s, _ = catalog.Parse(catalog.Files{"active.en.toml": []byte(syncSource), "active.ru.toml": []byte(syncTarget), "active.ba.toml": []byte("# needs review\n[Cats]\nother = \"{{.PluralCount}} бесәй\"\n")}, "en")
	if got, want := fmt.Sprint(catalog.Stats(s)), "[{ba Bashkir 3 1 0 1 2 3} {en English 3 3 0 0 0 0} {ru Russian 3 1 1 0 2 4}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestSyncInherited: what a parent locale has is asked for by none of Sync, Check,
// Stats and Tasks, which have to agree.
func TestSyncInherited(t *testing.T) {
	in := catalog.Files{
		"active.en.toml": []byte("A = \"a text\"\nB = \"b text\"\nC = \"\"\n"), "active.en-AU.toml": []byte("A = \"another text\"\n"),
		"active.sr-Latn.toml": []byte("A = \"tekst\"\n"), "active.sr-ME.toml": []byte("B = \"b tekst\"\n"), "active.uz-Cyrl.toml": []byte("B = \"матн\"\n"), "active.uz.toml": []byte("A = \"matn\"\n"),
	}
	r, ds := Sync(in, "en", SyncOptions{})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	r.Changes = slices.DeleteFunc(r.Changes, func(c Change) bool { return c.Kind == Stamped })
	if got, want := changes(r), "new sr-Latn B; new uz B; new uz-Cyrl A"; got != want {
		t.Errorf("changes %s, want %s", got, want)
	}
	s, _ := catalog.Parse(in, "en")
	var got []string
	for _, d := range lint.Check(s, lint.Options{}) {
		if d.ID == "catalog.missing" || d.ID == "catalog.inherited" {
			got = append(got, d.ID+" "+d.Place.Locale+" "+d.Place.Unit)
		}
	}
	slices.Sort(got)
	want := []string{"catalog.inherited en-AU B", "catalog.inherited sr-ME A", "catalog.missing sr-Latn B", "catalog.missing uz B", "catalog.missing uz-Cyrl A"}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	for _, c := range catalog.Stats(s) {
		open := 0
		for _, task := range catalog.Pairs(s, c.Locale) {
			if !task.Done && c.Locale != "en" && (task.Target == nil || task.Target.IsEmpty()) {
				open++
			}
		}
		if open != c.Missing {
			t.Errorf("%s: %d tasks, %d missing", c.Locale, open, c.Missing)
		}
	}
}

// TestSyncWithoutHashes checks that plain texts stay plain texts.
func TestSyncWithoutHashes(t *testing.T) {
	in := catalog.Files{
		"active.en.json":    []byte("{\n  \"a\": \"One\",\n  \"b\": \"Two\",\n  \"c\": \"Three\"\n}\n"),
		"active.de.json":    []byte("{\n  \"a\": \"Eins\"\n}\n"),
		"translate.de.json": []byte("{\"b\": {\"hash\": \"" + sourceHash("Two") + "\", \"other\": \"Zwei\"}}"),
	}
	r, ds := Sync(in, "en", SyncOptions{NoHashes: true})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if got, want := string(r.Write["active.de.json"]), "{\n  \"a\": \"Eins\",\n  \"b\": \"Zwei\"\n}\n"; got != want {
		t.Errorf("got %s", got)
	}
	if got, want := changes(r), "merged de b; new de c"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r, _ = Sync(put(in, r), "en", SyncOptions{NoHashes: true}); len(r.Write) > 0 {
		t.Errorf("a second run writes %v", r.Write)
	}
}

func sourceHash(other string) string {
	e := message.Entry{}
	e.Other = other
	return e.SourceHash()
}
