package charset

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
)

func TestDecode(t *testing.T) {
	html := Options{Declared: Declaration}
	late := Options{Declared: Declaration, Late: LateDeclaration}
	long := strings.Repeat("<!-- padding -->\n", 80)
	for _, tt := range []struct {
		name string
		in   string
		o    Options
		text string
		enc  string
		bom  bool
		diag string // "id line:column …"
	}{
		{"empty", "", html, "", "utf-8", false, ""},
		{"ascii", "plain\x00", html, "plain\x00", "utf-8", false, ""},
		{"utf-8", "сло́во", html, "сло́во", "utf-8", false, ""},
		{"utf-8 with mark", "\xEF\xBB\xBFx", html, "\xEF\xBB\xBFx", "utf-8", true, ""},
		{"doubt", "one\ntwo \xE9t\xE9", Options{}, "one\ntwo \xE9t\xE9", "utf-8", false, "charset.doubt 2:5"},
		{"declared utf-8, broken", "<meta charset=utf-8>\n\xE9", html, "<meta charset=utf-8>\n\xE9", "utf-8", false, "charset.invalid 2:1"},
		{"forced", "\xCF\xF0\xE8\xE2\xE5\xF2", Options{Encoding: "cp1251"}, "Привет", "windows-1251", false, ""},
		{"forced before declared", "<meta charset=utf-8>\xCF", Options{Encoding: "cp1251", Declared: Declaration}, "<meta charset=utf-8>П", "windows-1251", false, ""},
		{"mark before forced", "\xEF\xBB\xBFП", Options{Encoding: "cp1251"}, "\xEF\xBB\xBFП", "utf-8", true, ""},
		{"forced unknown", "a", Options{Encoding: "cp-none"}, "a", "utf-8", false, "charset.unknown 1:1"},
		{"forced replacement", "a", Options{Encoding: "iso-2022-kr"}, "a", "utf-8", false, "charset.unknown 1:1"},
		{"declared", "<META charset='windows-1251'>\xCF", html, "<META charset='windows-1251'>П", "windows-1251", false, ""},
		{"declared in content", `<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">` + "\xEB", html, `<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">К`, "koi8-r", false, ""},
		{"content without pragma", `<meta content="text/html; charset=koi8-r">` + "\xEB", html, `<meta content="text/html; charset=koi8-r">` + "\xEB", "utf-8", false, "charset.doubt 1:43"},
		{"declared in a comment", "<!-- <meta charset=koi8-r> -->\xEB", html, "<!-- <meta charset=koi8-r> -->\xEB", "utf-8", false, "charset.doubt 1:31"},
		{"declared in an attribute", "<p title='<meta charset=koi8-r>'>\xEB", html, "<p title='<meta charset=koi8-r>'>\xEB", "utf-8", false, "charset.doubt 1:34"},
		{"declared in a tag that does not end", "\xEB<meta charset=koi8-r", html, "\xEB<meta charset=koi8-r", "utf-8", false, "charset.doubt 1:1"},
		{"declared in XML", "<?xml version='1.0' encoding='iso-8859-2'?>\xB1", html, "<?xml version='1.0' encoding='iso-8859-2'?>ą", "iso-8859-2", false, ""},
		{"declared utf-16 is utf-8", "<meta charset=utf-16>ы", html, "<meta charset=utf-16>ы", "utf-8", false, ""},
		{"declared unknown", "<meta charset=klingon>", html, "<meta charset=klingon>", "utf-8", false, "charset.unknown 1:1"},
		{"byte that is not there", "\xE1\xAA\xE2", Options{Encoding: "windows-1253"}, "α\xAAβ", "windows-1253", false, "charset.invalid 1:2"},
		{"utf-16le", "\xFF\xFEa\x00\x10\x04", html, "aА", "utf-16le", true, ""},
		{"utf-16le, two marks", "\xFF\xFE\xFF\xFEa\x00", html, "\uFEFFa", "utf-16le", true, ""},
		{"utf-16be", "\xFE\xFF\x00a\x04\x10\xD8\x3D\xDE\x00", html, "aА😀", "utf-16be", true, ""},
		{"utf-16le guessed", "<\x00p\x00>\x00\x1F\x04", html, "<p>П", "utf-16le", false, "charset.guessed 1:1"},
		{"utf-16be guessed", "\x00<\x00p\x00>\x04\x1F", html, "<p>П", "utf-16be", false, "charset.guessed 1:1"},
		{"utf-16 half a pair", "\xFE\xFF\x00\n\xD8\x3D\x00b", html, "\n\xED\xA0\xBDb", "utf-16be", true, "charset.invalid 2:1"},
		{"shift_jis", "\x93\xFA\x96\x7B", Options{Encoding: "sjis"}, "日本", "shift_jis", false, ""},
		{"gbk by its larger set", "\x81\x30\x81\x30", Options{Encoding: "gb2312"}, "\u0080", "gb18030", false, ""},
		{"iso-2022-jp", "\x1B$BF|\x1B(B.", Options{Encoding: "iso-2022-jp"}, "日.", "iso-2022-jp", false, ""},
		{"mislabelled", "<meta charset=iso-8859-1>\nZürich – räumt", late, "<meta charset=iso-8859-1>\nZürich – räumt", "utf-8", false, "charset.mislabelled 2:2"},
		{"mislabelled, several bytes", "<meta charset=gb2312>你好", late, "<meta charset=gb2312>你好", "utf-8", false, "charset.mislabelled 1:22"},
		{"several bytes, by chance UTF-8", "<meta charset=gbk>\xC4\xA3", late, "<meta charset=gbk>模", "gbk", false, ""},
		{"forced though it is UTF-8", "é", Options{Encoding: "windows-1252"}, "Ã©", "windows-1252", false, ""},
		{"declared late", long + "<meta charset=windows-1251>\xCF", late, long + "<meta charset=windows-1251>П", "windows-1251", false, ""},
		{"declared late in a script", long + "<script>'<meta charset=koi8-r>'</script><META Charset=windows-1251>\xCF", late, long + "<script>'<meta charset=koi8-r>'</script><META Charset=windows-1251>П", "windows-1251", false, ""},
		{"declared late, but UTF-8", long + "<meta charset=windows-1251>П", late, long + "<meta charset=windows-1251>П", "utf-8", false, "charset.mislabelled 81:28"},
		{"declared late in a script that does not end", long + "\xCF<script><meta charset=koi8-r>", late, long + "\xCF<script><meta charset=koi8-r>", "utf-8", false, "charset.doubt 81:1"},
		{"damaged UTF-8", "Привет, м\xE9ир", Options{}, "Привет, м\xE9ир", "utf-8", false, "charset.invalid 1:10"},
		{"hebrew", "\xF9\xEC\xE5\xED", Options{Encoding: "iso-8859-8-i"}, "שלום", "iso-8859-8-i", false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ds := Decode("a.html", []byte(tt.in), tt.o)
			if string(got.Text) != tt.text || got.Encoding != tt.enc || got.BOM != tt.bom || !got.Exact {
				t.Errorf("got %q %s mark %v exact %v; want %q %s mark %v", got.Text, got.Encoding, got.BOM, got.Exact, tt.text, tt.enc, tt.bom)
			}
			var reported []string
			for _, d := range ds {
				reported = append(reported, fmt.Sprintf("%s %d:%d", d.ID, d.Place.Line, d.Place.Column))
			}
			if s := strings.Join(reported, " "); s != tt.diag {
				t.Errorf("reported %q, want %q", s, tt.diag)
			}
			back, err := Encode(got.Text, got.Encoding, got.BOM, nil)
			if err != nil || string(back) != tt.in {
				t.Errorf("back: %q, %v; want %q", back, err, tt.in)
			}
		})
	}
}

// What an encoding's tables do not lead back from is kept whole.
func TestLossy(t *testing.T) {
	for _, tt := range []struct{ name, enc, in, place string }{
		{"two codes for one character", "shift_jis", "ab\n\xFA\x4A", "2:1"},
		{"half a character", "shift_jis", "ab\x93", "1:3"},
		{"utf-16 of odd length", "utf-16le", "a\x00b", "1:2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ds := Decode("a", []byte(tt.in), Options{Encoding: tt.enc})
			if got.Exact || string(got.Text) != tt.in || len(ds) != 1 || ds[0].ID != "charset.lossy" {
				t.Fatalf("got %+v, %v", got, ds)
			}
			if s := fmt.Sprintf("%d:%d", ds[0].Place.Line, ds[0].Place.Column); s != tt.place {
				t.Errorf("at %s, want %s", s, tt.place)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	ncr := func(r rune) string { return fmt.Sprintf("&#%d;", r) }
	for _, tt := range []struct {
		name, text, enc string
		bom             bool
		unmappable      func(rune) string
		want, err       string
	}{
		{"unmappable", "é–ы", "latin1", false, ncr, "\xE9\x96&#1099;", ""},
		{"unmappable is an error", "ы", "latin1", false, nil, "", `windows-1252 has no character 'ы' (U+044B)`},
		{"unmappable in many bytes", "日😀本", "shift_jis", false, ncr, "\x93\xFA&#128512;\x96\x7B", ""},
		{"unmappable in states", "日😀.", "iso-2022-jp", false, ncr, "\x1B$BF|\x1B(B&#128512;.", ""},
		{"mark dropped", "\uFEFFa", "windows-1251", false, nil, "a", ""},
		{"mark asked", "a", "utf-8", true, nil, "\uFEFFa", ""},
		{"mark from text", "\uFEFFa", "utf-16be", false, nil, "\xFE\xFF\x00a", ""},
		{"raw byte", "a\x98", "windows-1251", false, nil, "a\x98", ""},
		{"mark kept in UTF-8", "\uFEFFa", "utf-8", true, nil, "\uFEFFa", ""},
		{"unknown", "a", "none", false, nil, "", `unknown encoding "none"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Encode([]byte(tt.text), tt.enc, tt.bom, tt.unmappable)
			if msg := fmt.Sprint(err); err != nil && msg != tt.err || err == nil && tt.err != "" {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Every encoding, over random bytes: what is called exact is, and the rest is
// kept as it was.
func TestDecodeEveryEncoding(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	labels := strings.Fields(`utf-8 ibm866 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8
		iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 koi8-r koi8-u macintosh windows-874
		windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257
		windows-1258 x-mac-cyrillic gbk gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr utf-16be utf-16le x-user-defined`)
	for _, label := range labels {
		if _, err := htmlindex.Get(label); err != nil || Name(label) == "" {
			t.Errorf("%s is not known: %v", label, err)
			continue
		}
		exact := 0
		for range 500 {
			data := make([]byte, r.IntN(12))
			for i := range data {
				data[i] = byte(r.IntN(256))
				if r.IntN(2) == 0 {
					data[i] = byte('a' + r.IntN(26))
				}
			}
			exact += law(t, data, label)
		}
		if exact == 0 {
			t.Errorf("%s: nothing was exact", label)
		}
	}
}

func law(t *testing.T, data []byte, label string) int {
	t.Helper()
	got, ds := Decode("x", data, Options{Encoding: label})
	if !got.Exact {
		if !bytes.Equal(got.Text, data) || len(ds) == 0 {
			t.Fatalf("%s % X: not exact, but %q and %v", label, data, got.Text, ds)
		}
		return 0
	}
	back, err := Encode(got.Text, got.Encoding, got.BOM, nil)
	if err != nil || !bytes.Equal(back, data) {
		t.Fatalf("%s % X → %q → % X, %v", label, data, got.Text, back, err)
	}
	return 1
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("<meta charset=windows-1251>\xCF\x98"), "")
	f.Add([]byte("\xFF\xFEa\x00\x00\xD8"), "")
	f.Add([]byte("\x93\xFA<"), "sjis")
	f.Add([]byte("<?xml encoding='"), "iso-2022-jp")
	f.Fuzz(func(t *testing.T, data []byte, label string) {
		law(t, data, label)
		got, _ := Decode("x", data, Options{Declared: Declaration})
		if got.Exact {
			back, err := Encode(got.Text, got.Encoding, got.BOM, nil)
			if err != nil || !bytes.Equal(back, data) {
				t.Fatalf("%q → %q → %q, %v", data, got.Text, back, err)
			}
		}
	})
}

func BenchmarkDecodeWindows1251(b *testing.B) {
	data, err := Encode([]byte(strings.Repeat("Съешь ещё этих мягких французских булок, <b>да</b>. ", 20_000)), "windows-1251", false, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Decode("x", data, Options{Encoding: "windows-1251"})
	}
}
