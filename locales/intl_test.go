package locales

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	langtag "hexapla/locales/tag"
)

type intlVectors struct {
	ICU, CLDR                     string
	Days, Times, Numbers, Plurals []string
	Names                         []string
	Ratios                        []float64
	Lists                         [][]string
	Canonical, Likely             map[string]string
	Locales                       map[string]intlLocale
}

type intlLocale struct {
	Dates                                    map[string][]string
	Times, Numbers, Percents, And, Or, Names []string
	Plurals, Ordinals, Self, Direction       string
}

func loadVectors(t *testing.T) intlVectors {
	t.Helper()
	data, err := os.ReadFile("testdata/intl/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v intlVectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Locales) < 50 {
		t.Fatalf("only %d locales in the vectors", len(v.Locales))
	}
	return v
}

// differences from Intl, each on purpose: "locale what" to the reason.
var intlDifferences = map[string]string{
	"ba plural": noRules, "tt plural": noRules, "tg plural": "CLDR 49's rule, which ICU 78 does not have yet",
	"ba ordinal": noRules, "tt ordinal": noRules, "tg ordinal": noRules,
	"ce and":          "CLDR has no Chechen list patterns; Intl falls back to root's, which are English",
	"ko time":         "CLDR 48.2 has 오전/오후; ICU 78.2 does not find them for this skeleton",
	"zh-Hant time":    "no flexible day periods",
	"ps full date":    noEra,
	"ps long date":    noEra,
	"ps medium date":  noEra,
	"ps short date":   noEra,
	"sr-Cyrl-ME self": montenegrin, "sr-Latn-ME self": montenegrin, "sr-ME self": montenegrin,
	"ce name of fa-AF": dari, "lt name of fa-AF": dari, "tg name of fa-AF": dari, "tt name of fa-AF": dari,
	"uz-Cyrl name of fa-AF": dari, "zh-Hant name of fa-AF": dari,
	"canonical aa-saaho":    "the variant saaho is no longer registered",
	"canonical en-GB-oed":   grandfathered,
	"canonical i-klingon":   grandfathered,
	"canonical no-bok":      grandfathered,
	"canonical zh-cmn-Hans": grandfathered,
	"canonical zh-min-nan":  grandfathered,
}

// Reasons that several differences share.
const (
	noRules       = "CLDR has no rules; Intl counts as in English"
	noEra         = "CLDR's Pashto names the Persian era with root's Latin AP; own.txt leaves the era out"
	montenegrin   = "the newsroom's own name"
	dari          = "CLDR has no word for Dari and says Persian (Afghanistan)"
	grandfathered = "valid in BCP 47, not in ECMA-402"
)

// TestIntl compares with the committed vectors of Node's Intl.
func TestIntl(t *testing.T) {
	v := loadVectors(t)
	used := map[string]bool{}
	for locale, want := range v.Locales {
		check := func(what, got, want string) {
			t.Helper()
			// V8 puts a plain space where CLDR and ICU have U+202F in dates and times.
			if got == want || strings.ReplaceAll(got, "\u202f", " ") == want {
				return
			}
			key := locale + " " + what
			if _, ok := intlDifferences[key]; ok {
				used[key] = true
				return
			}
			t.Errorf("%s: got %q, Intl %q", key, got, want)
		}
		for style, dates := range want.Dates {
			s := map[string]DateStyle{"full": Full, "long": Long, "medium": Medium, "short": Short}[style]
			for i, d := range v.Days {
				day, err := time.Parse(time.DateOnly, d)
				if err != nil {
					t.Fatal(err)
				}
				check(style+" date", FormatDate(locale, day, s), dates[i])
			}
		}
		for i, c := range v.Times {
			clock, err := time.Parse("15:04", c)
			if err != nil {
				t.Fatal(err)
			}
			check("time", FormatTime(locale, clock), want.Times[i])
		}
		for i, n := range v.Numbers {
			check("number", FormatNumber(locale, n), want.Numbers[i])
		}
		for i, r := range v.Ratios {
			check("percent", FormatPercent(locale, r), want.Percents[i])
		}
		for i, l := range v.Lists {
			check("and", FormatList(locale, l), want.And[i])
			check("or", FormatAlternatives(locale, l), want.Or[i])
		}
		var plurals, ordinals []string
		for _, p := range v.Plurals {
			plurals = append(plurals, Plural(locale, p))
			if !strings.Contains(p, ".") {
				ordinals = append(ordinals, Ordinal(locale, p))
			}
		}
		check("plural", strings.Join(plurals, " "), want.Plurals)
		check("ordinal", strings.Join(ordinals, " "), want.Ordinals)
		for i, n := range v.Names {
			if want.Names[i] != "" {
				check("name of "+n, LanguageName(locale, n), want.Names[i])
			}
		}
		check("self", Name(locale), want.Self)
		if want.Direction != "" {
			check("direction", Direction(locale), want.Direction)
		}
	}
	for tag, want := range v.Canonical {
		got, err := Canonical(tag)
		if err != nil {
			got = ""
		}
		if key := "canonical " + tag; got != want && intlDifferences[key] == "" {
			t.Errorf("Canonical(%s) = %q, Intl %q", tag, got, want)
		} else if got != want {
			used[key] = true
		}
	}
	for tag, want := range v.Likely {
		p, _ := langtag.Parse(tag)
		if got := p.Base().Maximal().String(); got != want {
			t.Errorf("likely subtags of %s = %q, Intl %q", tag, got, want)
		}
	}
	for key := range intlDifferences {
		if !used[key] {
			t.Errorf("%s is listed as a difference from Intl but is none", key)
		}
	}
}

// TestIntlLive asks the Node of this machine again, where it has the ICU that
// the vectors were made with.
func TestIntlLive(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node on this machine")
	}
	v := loadVectors(t)
	if icu, err := exec.Command(node, "-p", "process.versions.icu").Output(); err != nil || strings.TrimSpace(string(icu)) != v.ICU {
		t.Skipf("node has ICU %q, the vectors are of %s", strings.TrimSpace(string(icu)), v.ICU)
	}
	got, err := exec.Command(node, "testdata/intl/vectors.mjs").Output()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/intl/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("line %d of the vectors is no longer what node says", i+1)
			}
		}
		t.Fatal("the vectors are no longer what node says")
	}
}
