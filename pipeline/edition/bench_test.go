package edition

import (
	"testing"

	"hexapla/pipeline/bitext"
)

// BenchmarkMeta is the metadata of one edition among those of 27 locales.
func BenchmarkMeta(b *testing.B) {
	all := []string{"en", "az", "ba", "be", "bg", "bs", "ce", "crh-Latn", "es", "fa", "fa-AF", "hu", "hy", "ka", "kk", "ky", "mk", "ps", "ro", "ru",
		"sq", "sr", "sr-Latn", "sr-ME", "tg", "uk", "uz"}
	d := &bitext.Document{Path: "a.html", Locale: "en", Meta: map[string]string{"lang": "en-GB"}}
	for b.Loop() {
		Meta(d, "https://example.org/{locale}/{path}", "2026/flood.html", "fa", all)
	}
}
