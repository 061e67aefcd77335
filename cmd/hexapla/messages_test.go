package main

import (
	"testing"

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
