package inplace

import (
	"strings"
	"testing"
)

func TestSplice(t *testing.T) {
	for _, tt := range []struct{ extension, file, old, changed, want string }{
		{".xlf", "<xliff><trans-unit><source>A &amp; b</source>\n  <target state='x'>А  &amp; <g id=\"1\">б</g>  в </target></trans-unit></xliff>", "А  & б  в ", "А & б в", "<target state='x'>А &amp; <g id=\"1\">б</g> в</target>"},
		{".xlf", `<x><target>Он <ph id="1">"&lt;b></ph>сказал: &quot;Да&quot;</target></x>`, `Он сказал: "Да"`, "Он сказал: «Да»", `<target>Он <ph id="1">"&lt;b></ph>сказал: «Да»</target>`},
		{".xliff", "<x:target>a\r\nb</x:target>", "a\nb", "a\nc", "<x:target>a\r\nc</x:target>"},
		{".tmx", `<tu><tuv xml:lang="en"><seg>x y</seg></tuv><tuv xml:lang="ru"><seg>x  y</seg></tuv></tu>`, "x  y", "x y", `<tuv xml:lang="ru"><seg>x y</seg>`},
		{".po", "msgid \"a\"\nmsgstr \"\"\n\"Он \\\"\"\n\"да\\\"\\n\"\n\nmsgid \"b\"\n", "Он \"да\"\n", "Он «да»\n", "msgstr \"\"\n\"Он «\"\n\"да»\\n\"\n"},
		{".jsonl", `{"source":"a","target":"\u0414\u0430  \"нет\""}` + "\n", `Да  "нет"`, "Да «нет»", `"target":"\u0414\u0430 «нет»"}`},
		{".csv", "source,target\r\n\"a, b\",\"Да  \"\"x\"\"\"\r\n", `Да  "x"`, "Да «x»", "\"Да «x»\"\r\n"},
		{".csv", "a;b\nx;y  z\n", "y  z", "y z", "x;y z\n"},
		{".tsv", "\ufeffen\tru\na\tб  в", "б  в", "б в", "\ufeffen\tru\na\tб в"},
		{".tsv", "en\tru\na\t\"б\"  в", "\"б\"  в", "«б» в", "en\tru\na\t«б» в"},
	} {
		got, missing, err := Splice(tt.extension, []byte(tt.file), []Target{{"not there", "x"}, {tt.old, tt.changed}})
		if err != nil || len(missing) != 1 || !strings.Contains(string(got), tt.want) {
			t.Errorf("%s: %s, missing %v, %v; want %s", tt.extension, got, missing, err, tt.want)
		}
		if same, _, err := Splice(tt.extension, []byte(tt.file), []Target{{tt.old, tt.old}}); err != nil || string(same) != tt.file {
			t.Errorf("%s: unchanged targets: %s", tt.extension, same)
		}
	}
	for name, file := range map[string]string{".xlsx": "PK", ".xlf": "<?xml version='1.0' encoding='ISO-8859-1'?><target>a</target>"} {
		if _, _, err := Splice(name, []byte(file), []Target{{"a", "b"}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestSpliceOrder holds that equal targets are told apart by their order.
func TestSpliceOrder(t *testing.T) {
	file := "source,target\na,x  y\nb,x  y\nc,z\n"
	got, missing, err := Splice(".csv", []byte(file), []Target{{"x  y", "x  y"}, {"x  y", "x y"}, {"z", "z"}})
	if want := "source,target\na,x  y\nb,x y\nc,z\n"; string(got) != want || len(missing) != 0 || err != nil {
		t.Errorf("%q, %v, %v", got, missing, err)
	}
}

func FuzzSplice(f *testing.F) {
	f.Add(".xlf", "<target>a<ph/>&amp;b</target>", "a&b", "a b")
	f.Add(".po", "msgstr \"a\\\"b\"", "a\"b", "ab")
	f.Add(".jsonl", `{"a":"\ud83d\ude00"}`, "😀", "x")
	f.Add(".csv", "a,\"b\"\"c\"\n", "b\"c", "bc")
	f.Fuzz(func(t *testing.T, extension, file, old, changed string) {
		got, _, err := Splice(extension, []byte(file), []Target{{old, old}})
		if err == nil && string(got) != file {
			t.Fatalf("%q became %q", file, got)
		}
		Splice(extension, []byte(file), []Target{{old, changed}}) // must not panic
	})
}
