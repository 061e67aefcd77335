package redirect

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func ExampleFile() {
	fmt.Print(string(File(Netlify, []Rule{{"https://x.example/ru/old.html", "https://x.example/ru/new.html"}})))
	// Output: /ru/old.html /ru/new.html 301
}

func TestResolve(t *testing.T) {
	for _, x := range []struct{ rules, resolved, circular []Rule }{
		{nil, nil, nil},
		{[]Rule{{"a", "b"}, {"b", "c"}, {"x", "c"}}, []Rule{{"a", "c"}, {"b", "c"}, {"x", "c"}}, nil},
		{[]Rule{{"a", "b"}, {"b", "a"}, {"x", "a"}, {"y", "z"}}, []Rule{{"y", "z"}}, []Rule{{"a", "b"}, {"b", "a"}, {"x", "a"}}},
		{[]Rule{{"a", "a"}, {"b", "c"}}, []Rule{{"b", "c"}}, []Rule{{"a", "a"}}},
	} {
		resolved, circular := Resolve(x.rules)
		if !reflect.DeepEqual(resolved, x.resolved) || !reflect.DeepEqual(circular, x.circular) {
			t.Errorf("%v: %v and %v", x.rules, resolved, circular)
		}
	}
	// A long chain takes linear time.
	var chain []Rule
	for i := range 100_000 {
		chain = append(chain, Rule{fmt.Sprint(i), fmt.Sprint(i + 1)})
	}
	if resolved, circular := Resolve(chain); len(resolved) != len(chain) || len(circular) != 0 || resolved[7].To != "100000" {
		t.Error(len(resolved), len(circular))
	}
}

// What an address holds never becomes part of a server's configuration.
func TestFileEscapes(t *testing.T) {
	rules := []Rule{
		{"https://x.example/ru/%22;%20return%20200;%20%23%20%7Ba%7D%20*.html", "https://x.example/ru/a$b.html"},
		{"https://x.example/ru/%D0%B6.html", "https://y.example/%D0%B6.html"},
		{"https://x.example/ru/line%0Abreak.html", "https://x.example/ru/a.html"},
		{"https://x.example/?lang=ru", "https://x.example/ru/a.html"}, {":", "https://x.example/"},
	}
	for kind, want := range map[string]string{
		Netlify: "/ru/%22;%20return%20200;%20%23%20%7Ba%7D%20%2A.html /ru/a$b.html 301\n/ru/%D0%B6.html https://y.example/%D0%B6.html 301\n",
		Nginx:   "location = \"/ru/\\\"; return 200; # {a} *.html\" { return 301 \"/ru/a%24b.html\"; }\nlocation = \"/ru/ж.html\" { return 301 \"https://y.example/%D0%B6.html\"; }\n",
		Apache:  "RedirectMatch 301 \"^/ru/\\\"; return 200; # \\\\{a\\\\} \\\\*\\\\.html$\" \"/ru/a\\\\$b.html\"\nRedirectMatch 301 \"^/ru/ж\\\\.html$\" \"https://y.example/ж.html\"\n",
		Caddy:   "@former1 path_regexp \"^/ru/\\x22; return 200; # \\{a\\} \\*\\.html$\"\nredir @former1 \"/ru/a$b.html\" 301\nredir \"/ru/ж.html\" \"https://y.example/%D0%B6.html\" 301\n",
	} {
		if got := string(File(kind, rules)); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", kind, got, want)
		}
	}
	page := string(Page("fa", "rtl", "</title><script>\x00", `https://x.example/"><b>`))
	if strings.Contains(page, "<script>") || strings.Contains(page, `"><b>`) || strings.Contains(page, "\x00") {
		t.Error(page)
	}
}
