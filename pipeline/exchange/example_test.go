package exchange_test

import (
	"fmt"
	"os"
	"strings"

	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/jsonl"
	"hexapla/pipeline/exchange/po"
)

// A PO file is written as JSON Lines, after a look at what that would lose.
func ExampleConvert() {
	const file = "msgid \"\"\nmsgstr \"Language: uk\\n\"\n\nmsgid \"Gate\"\nmsgstr \"Брама\"\n"
	units := po.Codec.Decode("gate.po", strings.NewReader(file))
	options := exchange.ConvertOptions{SourceLocale: "en"}

	survey := exchange.Inspect(jsonl.Codec, units, options)
	fmt.Println(survey.Segments, survey.Losses, survey.Findings)

	units = po.Codec.Decode("gate.po", strings.NewReader(file))
	if _, err := exchange.Convert(os.Stdout, jsonl.Codec, units, options); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 [] []
	// {"path":"gate.po","format":"po","sourceLocale":"en","targetLocale":"uk","unit":"msg-9j54kjjp","segment":"s1","source":"Gate","target":"Брама","state":"translated","fileProps":[{"name":"po:header","value":"Language: uk\n"}]}
}
