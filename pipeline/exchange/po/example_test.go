package po_test

import (
	"fmt"
	"strings"

	"hexapla/pipeline/exchange/po"
)

func Example() {
	file := "msgid \"\"\nmsgstr \"Language: ru\\n\"\n\nmsgctxt \"menu\"\nmsgid \"Open\"\nmsgstr \"Открыть\"\n"
	for u, err := range po.Codec.Decode("ru.po", strings.NewReader(file)) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(u.TargetLocale, u.Source.Chars, u.Targets[0].Text.Chars)
	}
	// Output: ru Open Открыть
}
