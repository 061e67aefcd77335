package table_test

import (
	"fmt"
	"strings"

	"hexapla/pipeline/exchange/table"
)

func Example() {
	const file = "path,source locale,target locale,unit,segment,source,target\na.html,en,kk,u1,s1,It rains.,Жауын жауып тұр.\n"
	for u, err := range table.CSV.Decode("kk.csv", strings.NewReader(file)) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(u.TargetLocale, u.ID, u.Segments[0].Source.Chars, "→", u.Targets[0].Text.Chars)
	}
	// Output:
	// kk u1 It rains. → Жауын жауып тұр.
}
