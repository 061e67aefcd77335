package console

import (
	"testing"

	"hexapla/locales"
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
