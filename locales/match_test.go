package locales

import (
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// newsroomTags are the locales whose catalogs come with the program.
var newsroomTags = strings.Fields(`az ba be bg bs ce crh-Latn en es fa fa-AF hu hy ka kk ky mk ps ro ru sq sr sr-Latn sr-ME tg tk tt uk uz`)

func TestMatch(t *testing.T) {
	tests := []struct {
		text, id string
		args     Args
	}{
		{"Accessibility links", "AccessibilityLinks", Args{}},
		{"Breaking News", "BreakingNews", Args{}},
		{" Breaking\u00a0 News\n", "BreakingNews", Args{}},
		{"With reporting by Interfax and Reuters", "WithReportingBy", Args{"Agencies": []string{"Interfax", "Reuters"}}},
		{"With reporting by AP, dpa, and RFE/RL", "WithReportingBy", Args{"Agencies": []string{"AP", "dpa", "RFE/RL"}}},
		{"With reporting by Reuters", "WithReportingBy", Args{"Agencies": []string{"Reuters"}}},
		{"16x9 Image", "Image16x9", Args{}},
		{"RFE/RL journalists report the news in 27 languages in 23 countries where a free press is banned by the government or not fully established. We provide what many people cannot get locally: uncensored news, responsible discussion, and open debate.",
			"RFERLMission", Args{"Languages": 27, "Countries": 23}},
		{"RFE/RL has been declared an \"undesirable organization\" by the Russian government.", "RFERLUndesirable", Args{}},
		{"RFE/RL has been declared an “undesirable organization” by the Russian government.", "RFERLUndesirable", Args{}},
		{"If you are in Russia or the Russia-controlled parts of Ukraine and hold a Russian passport or are a stateless person residing permanently in Russia or the Russia-controlled parts of Ukraine, please note that you could face fines or imprisonment for sharing, liking, commenting on, or saving our content, or for contacting us.",
			"UndesirableNotice", Args{}},
		{"To find out more, click here.", "FindOutMore", Args{}},
		{"The Meridian Dispatch reports the news in 27 languages. We provide what many people cannot get locally: uncensored news, responsible discussion, and open debate.",
			"AboutUs", Args{"Newsroom": "The Meridian Dispatch", "Languages": 27}},
		{"3 comments", "CommentCount", Args{PluralCount: 3}},
		{"1 comment", "CommentCount", Args{PluralCount: 1}},
		{"1,234 comments", "CommentCount", Args{PluralCount: 1234}},
		{"Reading time: 1 minute", "MinutesToRead", Args{PluralCount: 1}},
		{"Updated September 25, 2020", "Updated", Args{"Date": date(2020, 9, 25)}},
		{"Updated Sept. 25, 2020", "Updated", Args{"Date": date(2020, 9, 25)}},
		{"Published Friday, September 25, 2020", "Published", Args{"Date": date(2020, 9, 25)}},
		{"By Mira Sand", "By", Args{"Authors": []string{"Mira Sand"}}},
		{"By Mira Sand and Jan van der Berg", "By", Args{"Authors": []string{"Mira Sand", "Jan van der Berg"}}},
		{"Photo: Mira Sand, AFP", "PhotoCredit", Args{"Credit": "Mira Sand, AFP"}},
		{"Original language: Crimean Tatar", "OriginalLanguage", Args{"Language": "crh"}},
		{"Original language: Montenegrin", "OriginalLanguage", Args{"Language": "sr-ME"}},
		{"© 2026 The Meridian Dispatch. All rights reserved.", "AllRightsReserved", Args{"Year": 2026, "Newsroom": "The Meridian Dispatch"}},
		// No chrome:
		{text: ""},
		{text: "1 comments"},
		{text: "3 comment"},
		{text: "comments"},
		{text: "By the time the votes were counted, the square was empty."},
		{text: "By 2020 the river was dry"},
		{text: "September 25, 2020"},
		{text: "Updated yesterday"},
		{text: "Updated February 30, 2020"},
		{text: "Published Monday, September 25, 2020"},
		{text: "With reporting by\nInterfax and Reuters"},
		{text: "With reporting by Interfax and Reuters. The Kremlin denies it."},
		{text: "With reporting by "},
		{text: "Russian President Vladimir Putin"},
		{text: "\xff\xfe"},
		{text: strings.Repeat("With reporting by ", 1000)},
	}
	c := Embedded()
	for _, tt := range tests {
		id, args, ok := c.Match("en", tt.text)
		if ok != (tt.id != "") || id != tt.id || ok && !reflect.DeepEqual(args, tt.args) {
			t.Errorf("Match(%.60q) = %q %v %v, want %q %v", tt.text, id, args, ok, tt.id, tt.args)
		}
	}
}

func TestMatchThenLocalize(t *testing.T) {
	tests := []struct{ text, tag, want string }{
		{"With reporting by Interfax and Reuters", "ru", "По материалам Interfax и Reuters"},
		{"With reporting by AP, dpa, and AFP", "fa-AF", "با استفاده از گزارش\u200cهای AP،\u200f dpa، و AFP"},
		{"21 comments", "ru", "21 комментарий"},
		{"5 comments", "uk", "5 коментарів"},
		{"22 comments", "sr-ME", "22 komentara"},
		{"20 comments", "ro", "20 de comentarii"},
		{"3 comments", "tt", "3 фикер"},
		{"Updated September 25, 2020", "fa", "به\u200cروزرسانی: ۴ مهر ۱۳۹۹"},
		{"Updated September 25, 2020", "fa-AF", "تجدید شده: ۴ میزان ۱۳۹۹"},
		{"Updated September 25, 2020", "hu", "Frissítve: 2020. szeptember 25."},
		{"Updated September 25, 2020", "crh-Latn", "Yañartıldı: 25 sentâbr 2020"},
		{"Original language: Dari", "sr-Latn", "Jezik originala: dari"},
		{"© 2026 The Meridian Dispatch. All rights reserved.", "ps", "© ۲۰۲۶ The Meridian Dispatch. ټول حقوق خوندي دي."},
	}
	c := Embedded()
	for _, tt := range tests {
		id, args, ok := c.Match("en", tt.text)
		if !ok {
			t.Errorf("%q does not match", tt.text)
			continue
		}
		got, err := c.Localize(tt.tag, id, args)
		if err != nil || foldSpace(got.Text) != foldSpace(tt.want) {
			t.Errorf("%q in %s = %q, %v; want %q", tt.text, tt.tag, got.Text, err, tt.want)
		}
	}
}

// TestMatchRoundTrip checks the law Match(Localize(source, id, args)) = id, args
// for every message of every shipped catalog with drawn values.
func TestMatchRoundTrip(t *testing.T) {
	r := rand.New(rand.NewSource(27))
	c := Embedded()
	for _, tag := range c.Locales() {
		for _, id := range c.IDs(tag) {
			msg, _ := c.Message(tag, id)
			for range 25 {
				args := drawArgs(r, tag, msg)
				text, err := c.Localize(tag, id, args)
				if err != nil {
					t.Fatalf("%s %s %v: %v", tag, id, args, err)
				}
				gotID, got, ok := c.Match(tag, text.Text)
				if !ok || gotID != id || !sameArgs(tag, got, args) {
					t.Errorf("%s: Match(%q) = %s %v %v, want %s %v", tag, text.Text, gotID, got, ok, id, args)
					break
				}
			}
		}
	}
}

// drawArgs draws a value for each variable of a message.
func drawArgs(r *rand.Rand, tag string, m *Message) Args {
	args := Args{}
	if m.Plural() || strings.Contains(m.Other, PluralCount) {
		args[PluralCount] = r.Intn(130)
	}
	for _, tmpl := range m.forms {
		for _, p := range tmpl.Parts {
			if p.Field == "" {
				continue
			}
			if _, ok := args[p.Field]; ok {
				continue
			}
			switch p.Func {
			case "date":
				args[p.Field] = date(1960+r.Intn(90), time.Month(1+r.Intn(12)), 1+r.Intn(28))
			case "number":
				args[p.Field] = r.Intn(3_000_000)
			case "digits":
				args[p.Field] = 1900 + r.Intn(200)
			case "list":
				all := []string{"Interfax", "Reuters", "AP", "AFP", "dpa", "TASS", "RIA Novosti"}
				args[p.Field] = draw(r, all, 1+r.Intn(4))
			case "names":
				args[p.Field] = draw(r, []string{"Mira Sand", "Jan van der Berg", "Ana O’Neil", "Lev Tarrow", "Élise D. Roy"}, 1+r.Intn(3))
			case "language":
				all := slices.DeleteFunc(slices.Clone(newsroomTags), func(l string) bool {
					got, ok := (&matcher{tag: tag}).language(normal(LanguageName(tag, l)))
					return !ok || got != l
				})
				args[p.Field] = all[r.Intn(len(all))]
			default:
				args[p.Field] = draw(r, []string{"The Meridian Dispatch", "Mira Sand", "AFP"}, 1)[0]
			}
		}
	}
	return args
}

func draw(r *rand.Rand, all []string, n int) []string {
	all = slices.Clone(all)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:n]
}

func sameArgs(tag string, a, b Args) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if !reflect.DeepEqual(v, b[k]) {
			return false
		}
	}
	return true
}

// Two of a kind: the message with more literal text wins, an exact one first.
func TestMatchPrefersLongest(t *testing.T) {
	c, ds := Load(fstest.MapFS{"active.en.toml": {Data: []byte(`
A = "Photo: {{.Who}}"
B = "Photo: {{.Who}}, courtesy of the museum"
C = "Photo: nobody"
D = "{{.X}}"
E = "{{.X}}{{.Y}} things"
F = "{{.X}} and {{.X}} again"
G = "From {{.A}} to {{.B}}"
[H]
one = "One guest"
other = "{{.PluralCount}} guests"
`)}}, ".")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	for text, want := range map[string]string{
		"Photo: Mira Sand":                            "A map[Who:Mira Sand]",
		"Photo: Mira Sand, courtesy of the museum":    "B map[Who:Mira Sand]",
		"Photo: nobody":                               "C map[]",
		"anything":                                    " map[]",
		"12 things":                                   " map[]",
		"Reuters and Reuters again":                   "F map[X:Reuters]",
		"Reuters and AFP again":                       " map[]",
		"From May 1, 2020 to June 2, 2020":            "G map[A:2020-05-01 00:00:00 +0000 UTC B:2020-06-02 00:00:00 +0000 UTC]",
		"From Berlin to Paris":                        "G map[A:Berlin B:Paris]",
		"From September 1, 2020 to September 2, 2020": "G map[A:2020-09-01 00:00:00 +0000 UTC B:2020-09-02 00:00:00 +0000 UTC]",
		"One guest":                                   "H map[PluralCount:1]",
		"2 guests":                                    "H map[PluralCount:2]",
		"1 guests":                                    " map[]",
	} {
		id, args, _ := c.Match("en", text)
		if got := fmt.Sprint(id, " ", map[string]any(args)); got != want {
			t.Errorf("Match(%q) = %s, want %s", text, got, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"With reporting by Interfax and Reuters", "3 comments", "Updated September 25, 2020", "From a to b to c", "© 2026 X. All rights reserved.", "Home", "Live ", "Me nu", "“Next”"} {
		f.Add(s)
	}
	c := Embedded()
	f.Fuzz(func(t *testing.T, text string) {
		id, args, ok := c.Match("en", text)
		if !ok {
			m, loaded := c.matchers.Load("en")
			if loaded && text != "" && len(text) <= maxMatchText {
				if id, _, ok := m.(*matcher).matchFolded(text); ok {
					t.Fatalf("%q is message %s, which the filter does not let pass", text, id)
				}
			}
			return
		}
		// What was read back writes the same text again, up to how newsrooms spell dates and quotes.
		got, err := c.Localize("en", id, args)
		if err != nil {
			t.Fatalf("Match(%q) = %s %v, which does not write: %v", text, id, args, err)
		}
		id2, args2, ok := c.Match("en", got.Text)
		if !ok || id2 != id || !reflect.DeepEqual(args, args2) {
			t.Fatalf("Match(%q) = %s %v, but %q = %s %v", text, id, args, got.Text, id2, args2)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	c := Embedded()
	texts := []string{
		"With reporting by Interfax and Reuters",
		"Trump is currently campaigning for reelection against Democrat Joe Biden, and Russia has denied it is attempting to interfere in the campaign, despite evidence to the contrary.",
		"Breaking News",
		"By the time the votes were counted, the square was empty.",
	}
	c.Match("en", texts[0])
	for i, text := range texts {
		b.Run(fmt.Sprint(i), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Match("en", text)
			}
		})
	}
}

// TestIsNormal holds that normal changes no text that isNormal knows.
func TestIsNormal(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		c := string(r)
		for _, s := range []string{c, "x" + c + "y", c + " " + c, "가" + c + c} {
			if isNormal(s) && foldSpace(norm.NFC.String(s)) != s {
				t.Fatalf("%q is not kept", s)
			}
		}
	}
	for _, s := range []string{"Read more", "“Да”, — сказал он…", "東京 2020"} {
		if !isNormal(s) {
			t.Errorf("%q takes the long way", s)
		}
	}
}
