package memory

import (
	"strings"
	"testing"
)

func TestCheckURL(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://db.example/news":                         "",
		"postgresql://anna@db.example:5433/news?a=b":         "",
		"postgres:///news?host=/run/postgresql":              "",
		"postgres://?service=news":                           "",
		"postgres://anna:secret@db.example/news":             "has a password",
		"postgres://anna@db.example/news?password=secret":    "has a password",
		"postgres://anna@db.example/news?sslpassword=secret": "has a password",
		"postgres://anna:sec/ret@db.example/news":            "not a valid address",
		"mysql://db.example/news":                            "postgres://",
		"postgres://db.example:port/news":                    "not a valid address",
	} {
		err := CheckURL(url)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the password is in the error %v", url, err)
		}
	}
}
