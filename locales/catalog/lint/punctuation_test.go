package lint

import "testing"

func TestEnding(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Done.", "."}, {"Имя занято. :)", "."}, {"Done! 🎉", "!"}, {"Done :-D", ""}, {"Thanks <3", ""}, {"Wow!! ^_^", "!"}, {"Hm… :/", "…"}, {":)", ""},
		{"Name:", ":"}, {"(see below:)", ":"}, {"List (old):", ":"}, {"Ratio 1:3", ""}, {"Is it? ;)", "?"}, {"Good ✅", ""}, {"Yes.\u200d", "."}, {"f(x)=", ""},
		{"Look at this (now)", ""}, {"Look at this.)", "."}, {"8)", ""}, {"Version 8)", ""}, {"名前。😀", "."}, {"<b>Stop!</b> :(", "!"},
	} {
		if got := ending(tt.text, "Latn"); got != tt.want {
			t.Errorf("%q ends with %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestVerbs(t *testing.T) {
	for _, tt := range []struct {
		text   string
		spaced bool
		want   string
	}{
		{"%s renamed %s", false, "%[1]s %[2]s"}, {"% s renamed % s", true, "%[1]s %[2]s"}, {"% s", false, "nothing"},
		{"100 % sure, 20% off", false, "nothing"}, {"a %-based value", false, "nothing"}, {"%-5d|%ds", false, "%[1]d %[2]d"}, {"100%", true, "nothing"}, {"%", false, "nothing"}, {"% ", true, "nothing"},
	} {
		if got := verbList(verbsOf(tt.text, tt.spaced)); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
	}
}
