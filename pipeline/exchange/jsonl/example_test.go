package jsonl_test

import (
	"fmt"
	"strings"

	"hexapla/pipeline/exchange/jsonl"
)

func Example() {
	const file = `{"path":"a.html","sourceLocale":"en","targetLocale":"ru","unit":"u1","segment":"s1","source":"It <1>rains</1>.","codes":[{"id":"1","kind":"start","data":"<b>"},{"id":"1","kind":"end","data":"</b>"}],"target":"Идёт <1>дождь</1>."}`
	for u, err := range jsonl.Codec.Decode("a.jsonl", strings.NewReader(file)) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(u.Path, u.TargetLocale, u.Targets[0].Text.Chars, len(u.Targets[0].Text.Codes))
	}
	// Output:
	// a.html ru Идёт дождь. 2
}
