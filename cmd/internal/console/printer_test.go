package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"hexapla/cmd/internal/exit"
	"hexapla/locales"
)

func TestWords(t *testing.T) {
	if _, ds := locales.Load(messageFiles, "messages"); len(ds) > 0 {
		t.Error(ds)
	}
	for name, want := range map[string]string{
		"ru_RU.UTF-8": "2 файла записано", "uk": "2 файли записано", "C": "2 files written", "C.UTF-8": "2 files written", "POSIX": "2 files written",
		"fa_IR": "۲ پرونده نوشته شد", "ba_RU.UTF-8": "2 files written", "": "2 files written", "x!": "2 files written",
	} {
		if got := (words{posixLocale(name)}).Tr("FilesWritten", 2); got != want {
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
		if got := (words{tt.locale}).size(tt.bytes); got != tt.want {
			t.Errorf("%s: %d is %q, want %q", tt.locale, tt.bytes, got, tt.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for locale, want := range map[string]string{"en": "Persian", "en-GB": "Persian", "ru-RU": "персидский", "fa": "فارسی", "tk": "Persian", "": "Persian"} {
		if got := (words{locale}).language("fa"); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

// A run that is stopped says so in its user's language too.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	var out, errw bytes.Buffer
	if code := run(t.Context(), []string{"hexapla", "init", dir}, strings.NewReader(""), &out, &errw); code != exit.OK {
		t.Fatal(errw.String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code := run(ctx, []string{"hexapla", "--lang", "uk", "build", "--project", dir}, strings.NewReader(""), &out, &errw)
	if want := "hexapla: зупинено; готове збережено, і наступний запуск продовжить із цього місця\n"; code != exit.Failed || errw.String() != want {
		t.Errorf("exit %d, %q", code, errw.String())
	}
}
