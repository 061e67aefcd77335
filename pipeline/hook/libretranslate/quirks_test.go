package libretranslate

import (
	"fmt"
	"net/http"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
)

func TestAmend(t *testing.T) {
	for _, tt := range []struct{ target, source, answer, want string }{
		{"fa", "Who is it?", "او کیست؟?", "او کیست؟"},
		{"ar", "Who is it?", "من هو؟ ?", "من هو؟"},
		{"ur", "Who is it?", "وہ کون ہے?", "وہ کون ہے؟"},
		{"ar", `<span id="1">Who is it?</span>`, `<span id="1">من هو؟?</span>`, `<span id="1">من هو؟</span>`},
		{"uk", "Who is it?", "Хто це?", "Хто це?"},
		{"uk", "The end.", "Кінець", "Кінець."},
		{"uk", "The end.", "Кінець.", "Кінець."},
		{"uk", "The end…", "Кінець…", "Кінець…"},
		{"uk", "The end", "Кінець", "Кінець"},
		{"uk", `The <span id="1">end</span>.`, `<span id="1">Кінець</span>`, `<span id="1">Кінець</span>.`},
		{"uk", `The <span id="1">end.</span>`, `<span id="1">Кінець</span>`, `<span id="1">Кінець.</span>`},
		{"hi", "The end.", "अंत", "अंत।"},
		{"th", "The end.", "จบ", "จบ"},
		{"ka", "Georgia is here.", "Საქართველო აქ არის.", "საქართველო აქ არის."},
		{"ka", "GEORGIA", "ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ", "ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ"},
		{"uk", "a &lt;b&gt; c", "а <b> ц", "а &lt;b> ц"},
		{"uk", `<span id="1">a &lt; b</span>`, `<span id="1">а < б</span>`, `<span id="1">а &lt; б</span>`},
		{"uk", "a", "<script>x</script>", "<script>x</script>"}, // is refused
	} {
		if got := amend(tt.source, tt.answer, tt.target); got != tt.want {
			t.Errorf("%s: %q answered %q: got %q, want %q", tt.target, tt.source, tt.answer, got, tt.want)
		}
	}
}

// TestQuirks has a server do all of it, and checks what comes out of a chain.
func TestQuirks(t *testing.T) {
	s := newServer(t, "", func(w http.ResponseWriter, _ int) bool {
		fmt.Fprint(w, `{"translatedText":["Хто <b>там</b>","Кінець","a <script>alert(1)</script>"]}`)
		return true
	})
	c := hook.New([]hook.EngineConfig{{Engine: open(t, s, Options{})}}, hook.Options{})
	answers, _ := c.Translate(t.Context(), hook.Request{Source: "en", Target: "uk", Items: []hook.Item{
		{Text: bitext.Plain("Who <b>there</b>")}, {Text: bitext.Plain("The end.")}, {Text: bitext.Plain("a script")},
	}})
	for i, want := range []string{"Хто <b>там</b>", "Кінець.", ""} {
		if got := answers[i].Text.Chars; got != want {
			t.Errorf("answer %d: %q, %v; want %q", i, got, answers[i].Err, want)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add("Who is it?", "من هو؟ ?", "ar")
	f.Add(`<span id="1">The end.</span>`, `<span id="1">Кінець</span>`, "uk")
	f.Add("a &lt; b", "<<<>>", "ka")
	f.Fuzz(func(t *testing.T, source, answer, target string) {
		once := amend(source, answer, target)
		if len(once) > 5*len(answer)+4 {
			t.Errorf("%q becomes %q", answer, once)
		}
		_, _ = hook.HTML().Decode(once, bitext.Plain("a"))
	})
}
