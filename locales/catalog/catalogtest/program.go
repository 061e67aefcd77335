package catalogtest

// Program is code that defines and uses messages in many ways; one of its files does
// not parse.
var Program = map[string][]byte{
	"a/main.go": []byte(`package a

import (
	"fmt"
	loc "github.com/nicksnyder/go-i18n/v2/i18n"
)

const prefix = "Menu"
const Open = prefix + "Open"

var hello = &loc.Message{ID: "Hello", Description: "Greeting", Other: "Hello, <<.Name>>!", LeftDelim: "<<", RightDelim: ">>"}

var list = []loc.Message{{ID: "One", Other: "1"}, {ID: other, One: "{{.PluralCount}} x", Other: "{{.PluralCount}} xs"}}
var byKey = map[string]*loc.Message{"k": {ID: "Key", Other: "k"}}

func f(l *loc.Localizer) {
	id := read()
	l.Localize(&loc.LocalizeConfig{MessageID: Open}); T(l, id)
	l.MustLocalize(&loc.LocalizeConfig{DefaultMessage: &loc.Message{ID: "Inline", Other: "in" + "line"}})
	T(l, "Helper")
	x.T("Method", 3)
	c.Localize("en", "Ours", nil)
	fmt.Println("not an id")
}

func T(l *loc.Localizer, id string) string {
	return l.MustLocalize(&loc.LocalizeConfig{MessageID: id})
}
`),
	"a/more.go":      []byte("package a\nconst other = \"Two\"\n"),
	"a/main_test.go": []byte("package a\nvar _ = T(\"InTest\")\n"),
	"t/page.html":    []byte("<p>{{ T \"Page\" }} {{if (t `Raw`)}}{{.X | printf \"no\"}}{{end}} T \"outside\"</p>\n<a data-i18n=\"Attr\">"), "b/bad.go": []byte("package b\nfunc {"),
}
