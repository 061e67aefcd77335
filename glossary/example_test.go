package glossary_test

import (
	"fmt"

	"hexapla/glossary"
)

func ExampleParseTable() {
	g, ds := glossary.ParseTable("terms.csv", []byte("concept,locale,term,status\nmuseum,en,museum,preferred\nmuseum,ru,музей,preferred\nmuseum,ru,,\n"), glossary.TableOptions{})
	for _, c := range g.Concepts {
		for _, t := range c.Terms {
			fmt.Println(c.ID, t.Locale, t.Text, t.Status)
		}
	}
	for _, d := range ds {
		fmt.Println(d)
	}
	// Output:
	// museum en museum preferred
	// museum ru музей preferred
	// terms.csv:4:11: row skipped: no term given
}
