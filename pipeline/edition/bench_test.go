package edition

import (
	"testing"
	"time"

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

func BenchmarkProvenance(b *testing.B) {
	p := Provenance{
		Unit: "paragraph-3a27wqfg", Segment: "s1", State: bitext.Reviewed, Match: bitext.InContextMatch,
		Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "anna", Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
	}
	var data []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if data, err = appendProvenance(data[:0], &p, "    "); err != nil {
			b.Fatal(err)
		}
	}
}
