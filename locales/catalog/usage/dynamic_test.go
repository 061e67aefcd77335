package usage

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
)

// TestDynamicIDs checks what is known of ids that are not written where they are
// used: those used, those that may be, and the prefixes and suffixes of others.
func TestDynamicIDs(t *testing.T) {
	const head = "package a\nimport \"github.com/nicksnyder/go-i18n/v2/i18n\"\nvar l *i18n.Localizer\nfunc L(id string) string { return l.MustLocalize(&i18n.LocalizeConfig{MessageID: id}) }\n"
	for _, tt := range []struct{ name, code, used, maybe, dynamic string }{
		{"a function of a context", `func web() any { say := func(k string) string { return L(k) }; return map[string]any{"T": say} }
			func get(k string) any { return nil }
			func h() { get("T").(func(string) string)("A"); f, ok := get("T").(func(string) string); _ = ok; f("B") }`, "A B", "", ""},
		{"a declared function of a context", `type kind int
			func say(k kind, id string, args ...string) string { return L(id) }
			func set(string, any) {}
			func get(string) (any, bool) { return nil, false }
			func web() { set("I18n", say) }
			func I18n(id string, args ...string) string { v, _ := get("I18n"); f, _ := v.(func(kind, string, ...string) string); return f(1, id, args...) }
			func h() { I18n("A"); I18n("B", "x") }`, "A B", "", ""},
		{"another type is none", `func say(id string) string { return L(id) }
			func web() any { return say }
			func h(v any) { v.(func(int) string)(1); v.(func(string) bool)("no"); say("A") }`, "A", "", ""},
		{"a function of a context that is not known", `func say(id string, args ...string) string { return L(id) }
			func set(c *gin.Context) { c.Set("T", say) }
			func T(c *gin.Context, id string, args ...string) string { v, ok := c.Get("T"); if !ok { return "" }; f, _ := v.(func(id string, args ...string) string); return f(id, args...) }
			func h(c *gin.Context) { T(c, "A"); T(c, "B", "x") }`, "A B", "", ""},
		{"a function in a field", `type s struct{ t func(string) string }
			func say(id string) string { return L(id) }
			func h() { x := s{}; x.t = say; x.t("B"); say("A") }`, "A B", "", ""},
		{"a function that is a parameter", `func say(id string) string { return L(id) }
			func h(t func(string) string) { t("Maybe"); say("A") }
			func g() { h(say) }`, "A", "Maybe", ""},
		{"a function that returns ids", `func of(n int) string { switch { case n > 1: return "Many"; case n < 0: return "None" }; return "One" }
			func h(n int) { L(of(n)) }`, "Many None One", "", ""},
		{"a method", `type state int
			func (s state) ID() string { if s == 0 { return "Off" }; return "On" }
			func h(s state) { L(s.ID()) }`, "Off On", "", ""},
		{"an interface", `type failure interface{ MessageID() string }
			type a struct{}
			func (a) MessageID() string { return "ErrA" }
			type b struct{}
			func (*b) MessageID() string { return "ErrB" }
			type other struct{}
			func (other) MessageID() int { return 1 }
			func h(f failure) { L(f.MessageID()) }`, "ErrA ErrB", "", ""},
		{"a field of an error", `type e struct{ ID string; Args []any }
			func (x *e) Error() string { return x.ID }
			func one() error { return &e{ID: "ErrOne"} }
			func two() error { return &e{"ErrTwo", nil} }
			func h(err error) { var x *e; if errors.As(err, &x) { L(x.ID) } }`, "ErrOne ErrTwo", "", ""},
		{"the text of such an error", `type e struct{ ID string }
			func (x e) Error() string { return "err." + x.ID }
			func one() e { return e{"one"} }
			func h() { L(one().Error()) }`, "err.one", "", ""},
		{"Sprintf of constants", `const kind = "job"
			func h(b bool) { s := "on"; if b { s = "off" }; L(fmt.Sprintf("%s.%s", kind, s)); L(fmt.Sprintf("%d%%", 5)) }`, "5% job.off job.on", "", ""},
		{"Sprintf of something", `func h(s string, n int) { L(fmt.Sprintf("a.%s.title", s)); L(fmt.Sprintf("%s_%d", "day", n)); L(fmt.Sprintf("%5d", 3)) }`, "", "", "a.|.title day_| |"},
		{"Join and ToLower", `func h(s string) { L(strings.Join([]string{"a", "b"}, ".")); L(strings.Join([]string{"c", s}, ".")); L(strings.ToLower("ABC")) }`, "a.b abc", "", "c.|"},
		{"a function of a parameter", `func of(s string) string { return "err." + s + ".text" }
			func h(s string) { L(of(s)) }`, "", "", "err.|.text"},
		{"a function that returns a variable with a prefix", `func h(s string, b bool) { id := "x." + s; if b { id = "x.y" + s }; L(id) }`, "", "", "x.|"},
		{"functions that call each other", `func p(n int) string { if n > 0 { return q(n - 1) }; return "P" }
			func q(n int) string { return p(n) }
			func h(n int) { L(p(n)) }`, "", "", "|"},
		{"a named result", `func of() (id string) { id = "A"; return }
			func h() { L(of()) }`, "", "", "|"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, ds := Scan(catalog.Files{"m.go": []byte(head + tt.code)}, Options{})
			if len(ds) > 0 {
				t.Fatal(ds)
			}
			var dynamic []string
			for _, d := range u.Dynamic {
				dynamic = append(dynamic, d.Prefix+"|"+d.Suffix)
			}
			got := []string{strings.Join(slices.Sorted(maps.Keys(u.Used)), " "), strings.Join(slices.Sorted(maps.Keys(u.Maybe)), " "), strings.Join(dynamic, " ")}
			if want := []string{tt.used, tt.maybe, tt.dynamic}; !slices.Equal(got, want) {
				t.Errorf("used, maybe, dynamic %q\nwant %q", got, want)
			}
		})
	}
}
