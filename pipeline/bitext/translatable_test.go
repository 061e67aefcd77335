package bitext

import "testing"

func TestIsTranslatable(t *testing.T) {
	for chars, want := range map[string]bool{
		"":                                    false,
		"2024":                                false,
		"12:00 – 14:30":                       false,
		"https://nyti.ms/2iqtp74":             false,
		"(https://example.org/a?b=c#d).":      false,
		"www.example.org/x":                   false,
		"example.org":                         false,
		"news.example.co.uk/path":             false,
		"desk@example.org":                    false,
		"<desk@example.org>, +1 555 0100":     false,
		"почта@пример.рф":                     false,
		"@dispatch":                           false,
		"@dispatch@social.example":            false,
		"mailto:desk@example.org":             false,
		"v1.2.3":                              false,
		"--force":                             false,
		"/usr/local/bin":                      false,
		"$HOME":                               false,
		"snake_case()":                        false,
		"render_page(x);":                     false,
		"https://a.example https://b.example": false,
		"BBC":                                 true,
		"See https://example.org":             true,
		"and/or":                              true,
		"COVID-19":                            true,
		"e.g.":                                true,
		"Hello.":                              true,
		"U.S.":                                true,
		"日本":                                  true,
		"Mr. Smith":                           true,
		"Version 2":                           true,
		"10 km":                               true,
		"-":                                   false,
	} {
		if got := IsTranslatable(chars); got != want {
			t.Errorf("IsTranslatable(%q) = %v", chars, got)
		}
	}
}
