package locales

import (
	"math/rand"
	"strings"
	"testing"
	"time"
)

// TestParseDate: a date that FormatDate wrote is read back, in every style that
// names the whole year, in every locale that has facts.
func TestParseDate(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for tag := range facts().locales {
		l := localeOf(tag)
		calendar := calendarOf(tag, l)
		for _, style := range []DateStyle{Long, Full, Medium, Short} {
			pattern := l.get(calendar + style.key())
			if strings.Contains(pattern, "yy") && !strings.Contains(pattern, "yyyy") || strings.Contains(pattern, "G") {
				continue
			}
			for range 6 {
				want := date(1930+r.Intn(150), time.Month(1+r.Intn(12)), 1+r.Intn(28))
				text := FormatDate(tag, want, style)
				if got, ok := ParseDate(tag, text); !ok || !got.Equal(want) {
					t.Errorf("%s: ParseDate(%q) = %v %v, want %v", tag, text, got, ok, want)
					break
				}
			}
		}
	}
	for _, tt := range []struct{ tag, text string }{
		{"en", "February 30, 2020"}, {"en", "Monday, September 25, 2020"}, {"en", "September 25"}, {"en", "September 25, 20"}, {"en", "9/25/20"}, {"en", ""}, {"en", "25 September 2020"},
		{"fa", "۳۱ مهر ۱۳۹۹"}, {"en", "Ju. 5, 2020"}, {"en", strings.Repeat("9", 1000)},
	} {
		if got, ok := ParseDate(tt.tag, tt.text); ok {
			t.Errorf("ParseDate(%s, %q) = %v", tt.tag, tt.text, got)
		}
	}
	for text, want := range map[string]time.Time{"Sept. 25, 2020": date(2020, 9, 25), "Nov. 3,  2020": date(2020, 11, 3), "Aug. 1, 2020": date(2020, 8, 1), "May 1, 2020": date(2020, 5, 1)} {
		if got, ok := ParseDate("en", text); !ok || !got.Equal(want) {
			t.Errorf("ParseDate(%q) = %v %v", text, got, ok)
		}
	}
}

// TestParseNumber: a number that FormatNumber wrote is read back.
func TestParseNumber(t *testing.T) {
	for tag := range facts().locales {
		f := numbersOf(tag)
		for _, n := range []string{"0", "7", "-42", "999", "1234", "12345", "1234567.5", "0.25"} {
			if got, ok := f.parseNumber(FormatNumber(tag, n)); !ok || got != n {
				t.Errorf("%s: parseNumber(%q) = %q %v", tag, FormatNumber(tag, n), got, ok)
			}
		}
		for _, bad := range []string{"", "-", "1,,2", "007", "1e5", "12,34,5", "a"} {
			if got, ok := f.parseNumber(bad); ok && bad != got {
				if bad == "1,,2" || bad == "12,34,5" {
					continue // a comma may be the decimal point
				}
				t.Errorf("%s: parseNumber(%q) = %q", tag, bad, got)
			}
		}
	}
}
