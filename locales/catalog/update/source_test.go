package update

import (
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/usage"
	"hexapla/pipeline/diag"
)

// operations are all that write catalogs.
var operations = map[string]func(catalog.Files) (Result, []diag.Diagnostic){
	"sync":           func(in catalog.Files) (Result, []diag.Diagnostic) { return Sync(in, "en", SyncOptions{}) },
	"sync and prune": func(in catalog.Files) (Result, []diag.Diagnostic) { return Sync(in, "en", SyncOptions{Prune: true}) },
	"merge":          func(in catalog.Files) (Result, []diag.Diagnostic) { return Merge(in, "en", SyncOptions{}) },
	"prune":          func(in catalog.Files) (Result, []diag.Diagnostic) { return Prune(in, "en", nil) },
	"prune one":      func(in catalog.Files) (Result, []diag.Diagnostic) { return Prune(in, "en", []string{"Bye"}) },
	"rename":         func(in catalog.Files) (Result, []diag.Diagnostic) { return Rename(in, "en", "Bye", "So long") },
	"format":         func(in catalog.Files) (Result, []diag.Diagnostic) { return Format(in, "en") },
	"pseudo":         func(in catalog.Files) (Result, []diag.Diagnostic) { return Pseudo(in, "en", "en-XA") },
	"apply": func(in catalog.Files) (Result, []diag.Diagnostic) {
		return ApplyTranslations(in, "en", "nl", []Translation{{ID: "Bye", Forms: map[string]string{"other": "Doei"}}})
	},
	"extract": func(in catalog.Files) (Result, []diag.Diagnostic) {
		return Extract(in, "en", "active.en.toml", &usage.Usage{Used: map[string][]diag.Place{"New": {{}}}})
	},
}

// TestUnsoundSource checks that no operation writes or deletes a file while the
// source does not load, and that an error says so.
func TestUnsoundSource(t *testing.T) {
	const good = "[Hello]\nother = \"Hello\"\n\n[Bye]\nother = \"Bye\"\n"
	for _, tt := range []struct {
		name    string
		files   map[string]string
		writers string // operations that may write all the same
	}{
		{"a reserved key beside another", map[string]string{"active.en.toml": good + "[card]\ndescription = \"Card\"\ntitle = \"Card\"\n"}, ""},
		{"syntax", map[string]string{"active.en.toml": good + "[card\n"}, ""},
		{"syntax at the start", map[string]string{"active.en.json": "{"}, ""},
		{"merge conflict", map[string]string{"active.en.toml": good + "<<<<<<< HEAD\n"}, ""},
		{"not UTF-8", map[string]string{"active.en.toml": good + "[c]\nother = \"\xff\"\n"}, ""},
		{"a second file of the locale", map[string]string{"active.en.toml": "[Hello]\nother = \"Hello\"\n", "active.en.json": `{"Bye": "Bye"}`}, ""},
		{"one of two files does not parse", map[string]string{"active.en.toml": "[Hello]\nother = \"Hello\"\n", "errors.en.toml": "[Bye\n"}, ""},
		{"an ending in capitals", map[string]string{"active.en.toml": "[Hello]\nother = \"Hello\"\n", "errors.en.JSON": `{"Bye": "Bye"}`}, ""},
		{"a message that is there twice", map[string]string{"active.en.toml": "[Hello]\nother = \"Hello\"\n", "errors.en.toml": good}, ""},
		{"0 bytes", map[string]string{"active.en.toml": ""}, "extract"},
		{"comments only", map[string]string{"active.en.yaml": "# nothing\n"}, "extract"},
		{"a second YAML document", map[string]string{"active.en.yaml": "Hello: Hello\n---\nBye: Bye\n"}, "sync merge rename format pseudo apply extract"},
		{"no source", map[string]string{}, "rename format extract"},
	} {
		for name, do := range operations {
			in := catalog.Files{
				"active.nl.toml":    []byte("# Dutch, by hand\n\nHello = 'Hallo'\n\n[Bye]\nother = \"Dag\"\n"),
				"translate.nl.toml": []byte("[Bye]\nother = \"Dahag\"\n"),
			}
			for path, text := range tt.files {
				in[path] = []byte(text)
			}
			r, ds := do(in)
			may := false
			for _, w := range strings.Fields(tt.writers) {
				may = may || strings.HasPrefix(name, w)
			}
			if strings.HasPrefix(name, "sync and prune") && tt.writers != "extract" && !strings.HasPrefix(tt.writers, "rename") {
				may = false
			}
			if (len(r.Write) > 0 || len(r.Delete) > 0) && !may {
				t.Errorf("%s: %s writes %q and deletes %q", tt.name, name, r.Write, r.Delete)
			}
			if m, _ := diag.MaxSeverity(ds); !may && m != diag.Error {
				t.Errorf("%s: %s reports %v, which is no error", tt.name, name, ds)
			}
		}
	}
}

// TestSyncKeepsHandEdits checks that a text of translate.LOCALE replaces only a
// translation of an older source.
func TestSyncKeepsHandEdits(t *testing.T) {
	now, then := Entry("", "Live"), Entry("", "On air")
	fresh, old, older := now.SourceHash(), then.SourceHash(), "sha1-0000000000000000000000000000000000000000"
	for _, tt := range []struct {
		name, active, work string
		want               string // the text in use after it
		kept               bool   // the other text stays in translate.LOCALE, with a finding
	}{
		{"stale, and translated anew", "hash = \"" + old + "\"\nother = \"В эфире\"", "hash = \"" + fresh + "\"\nother = \"Эфир\"", "Эфир", false},
		{"edited by hand since", "hash = \"" + fresh + "\"\nother = \"Прямой эфир\"", "hash = \"" + fresh + "\"\nother = \"Эфир\"", "Прямой эфир", true},
		{"edited by hand, the work is of an older source", "hash = \"" + fresh + "\"\nother = \"Прямой эфир\"", "hash = \"" + old + "\"\nother = \"Эфир\"", "Прямой эфир", true},
		{"both of one older source", "hash = \"" + old + "\"\nother = \"Прямой эфир\"", "hash = \"" + old + "\"\nother = \"Эфир\"", "Прямой эфир", true},
		{"without a hash", "other = \"Прямой эфир\"", "hash = \"" + fresh + "\"\nother = \"Эфир\"", "Прямой эфир", true},
		{"the work is newer, and stale itself", "hash = \"" + older + "\"\nother = \"Прямой эфир\"", "hash = \"" + old + "\"\nother = \"Эфир\"", "Эфир", false},
		{"the same text", "hash = \"" + fresh + "\"\nother = \"Эфир\"", "hash = \"" + fresh + "\"\nother = \"Эфир\"", "Эфир", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := catalog.Files{"active.en.toml": []byte("[Live]\nother = \"Live\"\n"), "active.ru.toml": []byte("[Live]\n" + tt.active + "\n"), "translate.ru.toml": []byte("[Live]\n" + tt.work + "\n")}
			for _, do := range []string{"merge", "sync", "sync"} { // the second sync changes nothing more
				r, ds := operations[do](in)
				in = put(in, r)
				found := false
				for _, d := range ds {
					found = found || d.ID == "catalog.translate-differs" && d.Severity == diag.Warning && d.Place.Path == "translate.ru.toml" && d.Place.Line == 3
				}
				s, _ := catalog.Parse(in, "en")
				if got := s.Catalogs["ru"].Messages["Live"].Other; got != tt.want {
					t.Errorf("%s: %q is in use, want %q", do, got, tt.want)
				}
				if kept := strings.Contains(string(in["translate.ru.toml"]), "other = \"Эфир\""); (found || kept) != tt.kept && !(do == "merge" && kept) {
					t.Errorf("%s: finding %v, kept %v: %v\n%s", do, found, kept, ds, in["translate.ru.toml"])
				}
			}
		})
	}
}
