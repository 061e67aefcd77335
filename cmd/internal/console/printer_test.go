package console

import (
	"strings"
	"testing"
	"unicode"

	"hexapla/locales"
	"hexapla/pipeline/diag"
)

func TestMessages(t *testing.T) {
	if _, ds := locales.Load(messageFiles, "messages"); len(ds) > 0 {
		t.Error(ds)
	}
	for name, want := range map[string]string{
		"ru_RU.UTF-8": "2 файла записано", "uk": "2 файли записано", "C": "2 files written", "C.UTF-8": "2 files written", "POSIX": "2 files written",
		"fa_IR": "۲ پرونده نوشته شد", "ba_RU.UTF-8": "2 files written", "": "2 files written", "x!": "2 files written",
	} {
		if got := (Printer{Locale: posixLocale(name)}).Count("FilesWritten", 2); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"sr_RS@latin": "sr-Latn-RS", "sr_RS@cyrillic": "sr-Cyrl-RS", "de_AT@euro": "de-AT"} {
		if got := posixLocale(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for _, tt := range []struct {
		locale string
		bytes  int64
		want   string
	}{
		{"en", 0, "0 bytes"}, {"en", 1, "1 byte"}, {"en", 1023, "1,023 bytes"}, {"en", 1024, "1.0 KiB"}, {"en", 5 << 19, "2.5 MiB"}, {"en", 3 << 30, "3.0 GiB"},
		{"ru", 5, "5 байт"}, {"ru", 1536, "1,5 КиБ"}, {"fa", 1536, "۱٫۵ کیبی\u200cبایت"},
	} {
		if got := (Printer{Locale: tt.locale}).Size(tt.bytes); got != tt.want {
			t.Errorf("%s: %d is %q, want %q", tt.locale, tt.bytes, got, tt.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for locale, want := range map[string]string{"en": "Persian", "en-GB": "Persian", "ru-RU": "персидский", "fa": "فارسی", "tk": "Persian", "": "Persian"} {
		if got := (Printer{Locale: locale}).Language("fa"); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

// Names of files and quoted texts do not control the terminal.
func TestControlCharacters(t *testing.T) {
	p := Printer{Locale: "en"}
	if got, want := p.Text("FileWrote", Args{"File": "a\x1b[2Jb\u009bc"}), "wrote a<U+001B>[2Jb<U+009B>c"; got != want {
		t.Errorf("message: %q, want %q", got, want)
	}
	table := NewTable("text")
	table.Row("a\x1b]0;title\x07\nb")
	var b strings.Builder
	if err := table.Print(&b); err != nil || strings.ContainsFunc(b.String(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
		t.Errorf("table: %q, %v", b.String(), err)
	}
	b.Reset()
	Printer{Locale: "en"}.Finding(&b, diag.Diagnostic{ID: "x", Message: "\x1b[1m", Hint: "\x07", Place: diag.Place{Path: "\x1bc"}})
	if strings.ContainsAny(b.String(), "\x1b\x07") {
		t.Errorf("finding: %q", b.String())
	}
}

// TestJSONVersion checks that objects say which form they have.
func TestJSONVersion(t *testing.T) {
	for _, tt := range []struct {
		value any
		want  string
	}{
		{struct {
			A string `json:"a"`
		}{"<b>"}, "{\n  \"version\": 1,\n  \"a\": \"<b>\"\n}\n"},
		{struct{}{}, "{\n  \"version\": 1\n}\n"},
		{struct {
			Version int `json:"version"`
		}{7}, "{\n  \"version\": 7\n}\n"},
		{[]int{1}, "{\n  \"version\": 1,\n  \"items\": [\n    1\n  ]\n}\n"},
		{[]int(nil), "{\n  \"version\": 1,\n  \"items\": []\n}\n"},
		{"text", "\"text\"\n"},
	} {
		var b strings.Builder
		if err := (Printer{Out: &b}).JSON(tt.value); err != nil || b.String() != tt.want {
			t.Errorf("%v: got %q, %v, want %q", tt.value, b.String(), err, tt.want)
		}
	}
}

// The output of another program keeps its lines, and does not control the terminal.
func TestVisibleLines(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"a\tb\n\nc":               "a\tb\n\nc",
		"x\x1b[2Jy\nз\u009bг\r\n": "x<U+001B>[2Jy\nз<U+009B>г \n",
	} {
		if got := (Printer{}).VisibleLines(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
