package html

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// Tags of template engines that the source has are written as they stand; others, and those
// that are changed, are text.
func TestTemplateTags(t *testing.T) {
	for _, tt := range []struct{ name, page, from, to, want string }{
		{"condition", `<p>{% if a > b %}Yes{% endif %}</p>`, "Yes", "Так", `<p>{% if a > b %}Так{% endif %}</p>`},
		{"filter", `<p>Hi {{ x.y("z") & w }}!</p>`, "Hi", "Вітаю", `<p>Вітаю {{ x.y("z") & w }}!</p>`},
		{"smaller", `<p>{% if a < b %}Yes{% endif %}</p>`, "Yes", "Так", `<p>{% if a < b %}Так{% endif %}</p>`},
		{"references", `<p>{% if a &lt; b %}Yes{% endif %}</p>`, "Yes", "Так", `<p>{% if a &lt; b %}Так{% endif %}</p>`},
		{"changed", `<p>{% if a > b %}Yes{% endif %}</p>`, "a > b", "b > a", `<p>{% if b &gt; a %}Yes{% endif %}</p>`},
		{"added", `<p>Yes</p>`, "Yes", "{{ <b> }}", `<p>{{ &lt;b&gt; }}</p>`},
		{"markup in an attribute", `<p>A <a title="{{ <img src=x> }}">B</a></p>`, "A", "{{ <img src=x> }}", `<p>{{ &lt;img src=x&gt; }}`},
		{"open", `<p>a > b {% x</p>`, "x", "> y", `<p>a &gt; b {% &gt; y</p>`},
		{"attribute", `<p title='{{ t["a"] }} of'>T</p>`, "of", "з", `<p title='{{ t["a"] }} з'>T</p>`},
		{"from right to left", `<p>{% if C++ > C-5 %}Yes{% endif %}</p>`, "Yes", "بله", `<p>{% if C++ > C-5 %}بله{% endif %}</p>`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &Format{}
			d, _ := f.Split("a.html", []byte(tt.page))
			wholeUnits(d)
			tr := bitext.NewTranslation(d, "xx")
			chars := strings.Replace(d.Units[0].Source.Chars, tt.from, tt.to, 1)
			tr.Targets[0][0] = bitext.Target{Filled: true, Text: bitext.Text{Chars: chars}}
			meta := &bitext.EditionMeta{Locale: "xx"}
			if tt.to == "بله" {
				meta.Locale, meta.Dir = "fa", "rtl"
			}
			got, _ := f.Assemble(d, tr, meta)
			if !strings.Contains(string(got), strings.TrimPrefix(tt.want, "<p")) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
