package locales

import (
	"strings"
	"testing"
)

func TestGettextCategories(t *testing.T) {
	for _, tt := range []struct{ tag, forms, want string }{
		{"ru", "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);", "one few many"},
		{"ru", "nplurals=3; plural=n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 0 : n%10==1 && n%100!=11 ? 1 : 2", "few one many"},
		{"uk", "nplurals=4; plural=n==1 ? 3 : n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;", "one few many -"},
		{"ru", "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14) ? 2 : 3);", "one few many -"},
		{"ru", "nplurals=2; plural=(n != 1);", "!few"},
		{"de", "nplurals=2; plural=(n != 1);", "one other"},
		{"fr", "nplurals=2; plural=n > 1;", "one other"},
		{"es", "nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;", "one many other"},
		{"lv", "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);", "one other zero"},
		{"ja", "nplurals=1; plural=0;", "other"},
		{"ja", "nplurals=2; plural=!(n==1);", "- other"},
		{"de", "nplurals=2; plural=n;", "!gives the number 2 the form 2, and the forms end at 1"},
		{"de", "nplurals=2; plural=1/0;", "!divides by zero"},
		{"de", "nplurals=2; plural=(n != 1", "!ends where \")\" is expected"},
		{"de", "nplurals=2; plural=" + strings.Repeat("(", 900), "!nested"},
		{"de", "nplurals=0; plural=0;", "!nplurals"},
		{"de", "INTEGER", "!nplurals"},
	} {
		got, err := GettextCategories(tt.tag, tt.forms)
		for i := range got {
			if got[i] == "" {
				got[i] = "-"
			}
		}
		want, fails := strings.CutPrefix(tt.want, "!")
		if fails && (err == nil || !strings.Contains(err.Error(), want)) || !fails && (err != nil || strings.Join(got, " ") != want) {
			t.Errorf("%s %.60s: %v, %v; want %s", tt.tag, tt.forms, got, err, tt.want)
		}
	}
	for _, tag := range strings.Fields("en sq hy az ba be bs bg ce crh-Latn fa-AF ka hu kk ky mk sr-ME ps fa ro ru sr tg tt tk uk uz ar ga lt lv pl sl cs mt cy") {
		forms, want := GettextPlural(tag)
		if got, err := GettextCategories(tag, forms); err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s %s: %v, %v; want %v", tag, forms, got, err, want)
		}
	}
}

func FuzzGettextCategories(f *testing.F) {
	f.Add("nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n/2 >= 2 ? 1-0 : !2*n);")
	f.Fuzz(func(t *testing.T, forms string) {
		if c, err := GettextCategories("ru", forms); (err == nil) != (len(c) > 0) {
			t.Fatal(c, err)
		}
	})
}
