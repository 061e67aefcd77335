package locales

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	jalaali "github.com/jalaali/go-jalaali"

	langtag "hexapla/locales/tag"
)

// DateStyle is one of CLDR's four lengths of a date. The zero value is Long.
type DateStyle uint8

const (
	Long   DateStyle = iota // September 25, 2020
	Full                    // Friday, September 25, 2020
	Medium                  // Sep 25, 2020
	Short                   // 9/25/20
)

func (s DateStyle) key() string {
	switch s {
	case Full:
		return "df"
	case Medium:
		return "dm"
	case Short:
		return "ds"
	}
	return "dl"
}

// calendarOf is the prefix of the facts about a locale's calendar: "p." for
// the Persian one, where the tag's region (its own or the likely one) prefers
// it and the language has names for it, "b." for the Buddhist one of Thailand,
// "" for the Gregorian one. A tag's -u-ca- decides first.
func calendarOf(tag string, l *localeFacts) string {
	return calendars.Get(tag, func(tag string) string { return findCalendar(tag, l) })
}

var calendars langtag.Memo[string]

func findCalendar(tag string, l *localeFacts) string {
	preferred := extension(tag, "ca")
	if preferred == "" {
		preferred, _ = supplementalLine("calendars", langtag.Region(tag))
	}
	switch {
	case preferred == "persian" && l.get("p.dl") != "":
		return "p."
	case preferred == "buddhist" && l.get("b.dl") != "":
		return "b."
	}
	return ""
}

// FormatDate writes the day of t, as t's own location has it, in the locale's
// calendar and digits: the Persian calendar for Iran and Afghanistan.
func FormatDate(tag string, t time.Time, style DateStyle) string {
	l := localeOf(tag)
	calendar := calendarOf(tag, l)
	pattern := l.get(calendar + style.key())
	f := numbersOf(tag)
	return formatPattern(l, &f, calendar, pattern, t)
}

// FormatTime writes the hour and minute of t in the locale's way.
func FormatTime(tag string, t time.Time) string {
	l := localeOf(tag)
	f := numbersOf(tag)
	return formatPattern(l, &f, "", l.get("ts"), t)
}

// day is a date in some calendar.
type day struct{ year, month, day int }

func dayIn(calendar string, t time.Time) day {
	y, m, d := t.Date()
	switch calendar {
	case "p.":
		if jy, jm, jd, err := jalaali.ToJalaali(y, m, d); err == nil {
			return day{jy, int(jm), jd}
		}
	case "b.":
		return day{y + 543, int(m), d}
	}
	return day{y, int(m), d}
}

func formatPattern(l *localeFacts, f *numberFormat, calendar, pattern string, t time.Time) string {
	var b strings.Builder
	date := dayIn(calendar, t)
	for tok := range patternTokens(pattern) {
		switch {
		case tok.field == 0:
			b.WriteString(tok.literal)
		case tok.width >= 3 && strings.IndexByte("MLEc", tok.field) >= 0:
			names, index := names(l, calendar, tok), date.month-1
			if tok.field == 'E' || tok.field == 'c' {
				index = int(t.Weekday())
			}
			if index < len(names) {
				b.WriteString(names[index])
			}
		case tok.field == 'a':
			names := l.list("ap")
			if i := t.Hour() / 12; i < len(names) {
				b.WriteString(names[i])
			}
		default:
			b.WriteString(f.write(pad(number(tok, date, t), tok)))
		}
	}
	return b.String()
}

// names is the list of names that a field is written with.
func names(l *localeFacts, calendar string, tok patternToken) []string {
	width := "w"
	if tok.width == 3 {
		width = "a"
	}
	if tok.field == 'E' || tok.field == 'c' {
		return l.list(string(tok.field) + width)
	}
	if calendar == "p." {
		return l.list("p." + string(tok.field) + width)
	}
	return l.list(string(tok.field) + width)
}

func number(tok patternToken, date day, t time.Time) int {
	switch tok.field {
	case 'y', 'Y', 'u':
		if tok.width == 2 {
			return ((date.year % 100) + 100) % 100
		}
		return date.year
	case 'M', 'L':
		return date.month
	case 'd':
		return date.day
	case 'H':
		return t.Hour()
	case 'h':
		if h := t.Hour() % 12; h != 0 {
			return h
		}
		return 12
	case 'K':
		return t.Hour() % 12
	case 'k':
		if h := t.Hour(); h != 0 {
			return h
		}
		return 24
	case 'm':
		return t.Minute()
	case 's':
		return t.Second()
	}
	return 0
}

func pad(n int, tok patternToken) string {
	s := strconv.Itoa(n)
	for len(s) < tok.width {
		s = "0" + s
	}
	return s
}

// A patternToken is a field of a date pattern (UTS 35 Part 4), repeated width
// times, or a literal.
type patternToken struct {
	field   byte
	width   int
	literal string
}

func patternTokens(pattern string) func(yield func(patternToken) bool) {
	return func(yield func(patternToken) bool) {
		for i := 0; i < len(pattern); {
			c := pattern[i]
			switch {
			case c == '\'':
				end := strings.IndexByte(pattern[i+1:], '\'')
				if end < 0 {
					end = len(pattern) - i - 1
				}
				text := pattern[i+1 : i+1+end]
				if end == 0 {
					text = "'"
				}
				if !yield(patternToken{literal: text}) {
					return
				}
				i += end + 2
			case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
				n := 1
				for i+n < len(pattern) && pattern[i+n] == c {
					n++
				}
				if !yield(patternToken{field: c, width: n}) {
					return
				}
				i += n
			default:
				_, n := utf8.DecodeRuneInString(pattern[i:])
				if !yield(patternToken{literal: pattern[i : i+n]}) {
					return
				}
				i += n
			}
		}
	}
}

// ParseDate reads a date that FormatDate wrote, in any style with a full year,
// or with its month abbreviated as newsrooms do ("Sept. 25, 2020"). White space
// does not count. The day is given at midnight UTC.
func ParseDate(tag, text string) (time.Time, bool) {
	if len(text) > 200 || !hasDigits(text, 5) {
		return time.Time{}, false // every form has its day and its four-digit year in figures
	}
	text = normal(text)
	l := localeOf(tag)
	f := numbersOf(tag)
	calendars := []string{calendarOf(tag, l)}
	if calendars[0] != "" {
		calendars = append(calendars, "")
	}
	for _, calendar := range calendars {
		for _, style := range []DateStyle{Long, Full, Medium, Short} {
			pattern := l.get(calendar + style.key())
			if strings.Contains(pattern, "yy") && !strings.Contains(pattern, "yyyy") {
				continue // two digits name no year
			}
			if t, ok := parsePattern(l, &f, calendar, pattern, text); ok {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// hasDigits reports whether a text has at least n digits.
func hasDigits(text string, n int) bool {
	for _, r := range text {
		if unicode.IsDigit(r) {
			if n--; n == 0 {
				return true
			}
		}
	}
	return false
}

func parsePattern(l *localeFacts, f *numberFormat, calendar, pattern, text string) (time.Time, bool) {
	var date day
	weekday, dotted := -1, false
	for tok := range patternTokens(pattern) {
		var ok bool
		switch {
		case tok.field == 0 && tok.literal == "." && dotted:
			dotted = false // it was taken with the abbreviation
		case tok.field == 0:
			if text, ok = cutSpacedPrefix(text, tok.literal); !ok {
				return time.Time{}, false
			}
			dotted = false
		case tok.width >= 3 && strings.IndexByte("MLEc", tok.field) >= 0:
			var index int
			before := text
			if index, text, ok = cutName(l, calendar, tok, text); !ok {
				return time.Time{}, false
			}
			dotted = strings.HasSuffix(strings.TrimSuffix(before, text), ".")
			if tok.field == 'E' || tok.field == 'c' {
				weekday = index
			} else {
				date.month = index + 1
			}
		default:
			n, digits := 0, 0
			for text != "" && digits < 4 {
				d, size := f.digit(text)
				if size == 0 {
					break
				}
				n, text = n*10+d, text[size:]
				if digits++; tok.field != 'y' && digits == 2 {
					break
				}
			}
			if digits == 0 || tok.field == 'y' && digits != 4 {
				return time.Time{}, false
			}
			switch tok.field {
			case 'y':
				date.year = n
			case 'M', 'L':
				date.month = n
			case 'd':
				date.day = n
			default:
				return time.Time{}, false
			}
		}
	}
	if text != "" || date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31 {
		return time.Time{}, false
	}
	t, ok := date.in(calendar)
	return t, ok && (weekday < 0 || int(t.Weekday()) == weekday)
}

// cutName reads a name of a month or weekday, wide or abbreviated, or a longer
// abbreviation of it with a dot.
func cutName(l *localeFacts, calendar string, tok patternToken, text string) (int, string, bool) {
	best, size := -1, 0
	for _, width := range []int{4, 3} {
		for i, name := range names(l, calendar, patternToken{field: tok.field, width: width}) {
			name = foldSpace(name)
			if len(name) > size && strings.HasPrefix(text, name) {
				best, size = i, len(name)
			}
		}
	}
	word, _, dotted := strings.Cut(text, ".")
	if dotted && utf8.RuneCountInString(word) >= 3 && len(word) >= size {
		found := -1
		for i, name := range names(l, calendar, patternToken{field: tok.field, width: 4}) {
			if strings.HasPrefix(name, word) {
				if found >= 0 {
					found = -1
					break
				}
				found = i
			}
		}
		if found >= 0 {
			return found, text[len(word)+1:], true
		}
	}
	if best < 0 {
		return 0, text, false
	}
	return best, text[size:], true
}

// in gives the day at midnight UTC; a day that the calendar does not have is
// not ok.
func (d day) in(calendar string) (time.Time, bool) {
	y, m, n := d.year, time.Month(d.month), d.day
	switch calendar {
	case "p.":
		var err error
		if y, m, n, err = jalaali.ToGregorian(d.year, jalaali.Month(d.month), d.day); err != nil {
			return time.Time{}, false
		}
	case "b.":
		y -= 543
	}
	t := time.Date(y, m, n, 0, 0, 0, 0, time.UTC)
	return t, dayIn(calendar, t) == d
}

// MonthNames returns the names of the twelve months of the Gregorian calendar in a
// locale, January first: the wide and the abbreviated forms, as in dates and standing
// alone (CLDR). A month without names has an empty list.
func MonthNames(tag string) [12][]string {
	var out [12][]string
	l := localeOf(tag)
	for _, key := range []string{"Mw", "Lw", "Ma", "La"} {
		for i, name := range l.list(key) {
			if i < 12 && name != "" {
				out[i] = append(out[i], name)
			}
		}
	}
	return out
}

// SolarHijri returns the day of the Solar Hijri calendar, of Iran and Afghanistan,
// for a day of the Gregorian one; it is not ok for a day that does not exist.
func SolarHijri(year, month, dayOfMonth int) (y, m, d int, ok bool) {
	t := time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, time.UTC)
	if t.Day() != dayOfMonth {
		return 0, 0, 0, false
	}
	x := dayIn("p.", t)
	return x.year, x.month, x.day, true
}
