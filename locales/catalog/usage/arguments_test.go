package usage

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/locales/catalog"
)

// TestArguments checks what calls give their messages, one finding for each fault.
func TestArguments(t *testing.T) {
	in := catalog.Files{"active.en.json": []byte(`{"hi": "Hello {{.Name}}", "who": "By {{.User.Name}}", "plain": "Hi",
		"n": {"one": "{{.Count}} file", "other": "{{.Count}} files"}, "p": {"one": "{{.PluralCount}} file", "other": "{{.PluralCount}} files"}}`)}
	set, _ := catalog.Parse(in, "en")
	const head = `package x
import "github.com/nicksnyder/go-i18n/v2/i18n"
type data struct{ Name string }
type embedded struct{ data }
func (d *data) Count() int { return 1 }
type number int
func f(l *i18n.Localizer, values map[string]any, count any, u uint8, d *data, k number) {
	`
	for _, c := range []struct{ code, want string }{
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "hi", TemplateData: map[string]any{"Name": 1}})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "hi", TemplateData: map[string]any{"Nmae": 1}})`, "no value for the variable Name: Nmae"},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "hi"})`, "no value for the variable Name: no values"},
		{`l.MustLocalize(&i18n.LocalizeConfig{MessageID: "hi", TemplateData: nil})`, "no value for the variable Name: no values"},
		{`l.Localize(&i18n.LocalizeConfig{DefaultMessage: &i18n.Message{ID: "hi", Other: "Hello {{.Name}}"}})`, "no value for the variable Name: no values"},
		{`l.LocalizeMessage(&i18n.Message{ID: "hi"})`, "no value for the variable Name: no values"},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "hi", TemplateData: values})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "hi", TemplateData: d})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "who", TemplateData: d})`, "no value for the variable User: Count, Name"},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "who", TemplateData: embedded{}})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "who", TemplateData: struct{ User data }{}})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "plain"})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "unknown"})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "n", TemplateData: map[string]any{"Count": 2}, PluralCount: 2})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "n", TemplateData: map[string]any{"Count": 2}})`, "gives no PluralCount"},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "n", PluralCount: 2})`, "no value for the variable Count: PluralCount"},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "p", PluralCount: 2})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "p", PluralCount: "1.5"})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "p", PluralCount: count})`, ""},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "p", PluralCount: 1.5})`, "PluralCount is a float64"},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "p", PluralCount: u})`, "PluralCount is a uint8"},
		{`l.Localize(&i18n.LocalizeConfig{MessageID: "p", PluralCount: k})`, "PluralCount is a x.number"},
		{`c := &i18n.LocalizeConfig{MessageID: "hi"}; c.TemplateData = values; l.Localize(c)`, ""},
	} {
		u, ds := Scan(catalog.Files{"x.go": []byte(head + c.code + "\n}\n")}, Options{})
		if len(ds) > 0 {
			t.Fatal(c.code, ds)
		}
		var got []string
		for _, d := range Check(set, u) {
			if d.ID == "catalog.arguments" {
				got = append(got, fmt.Sprintf("%s: %s", d.Message, d.Hint))
			}
		}
		words := strings.Split(c.want, ": ")
		if len(got) > 1 || (len(got) == 0) != (c.want == "") || len(got) == 1 && !(strings.Contains(got[0], words[0]) && strings.Contains(got[0], words[len(words)-1])) {
			t.Errorf("%s\ngot %q, want %q", c.code, got, c.want)
		}
	}
}
