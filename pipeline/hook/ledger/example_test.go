package ledger_test

import (
	"context"
	"fmt"
	"os"

	"hexapla/pipeline/hook/ledger"
)

// Of two processes one asks the engine; the other gets its answer.
func Example() {
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	open := func() *ledger.Ledger {
		l, err := ledger.Open(ctx, dir)
		if err != nil {
			panic(err)
		}
		return l
	}
	one, other := open(), open()
	defer one.Close()
	defer other.Close()
	mine, _, _ := one.Claim(ctx, "one", []string{"It rains."})
	others, _, _ := other.Claim(ctx, "other", []string{"It rains."})
	fmt.Println(mine, others)
	if err := one.Answer(ctx, map[string]string{"It rains.": "Йде дощ."}); err != nil {
		panic(err)
	}
	_, answers, _ := other.Claim(ctx, "other", []string{"It rains."})
	fmt.Println(answers)
	// Output:
	// map[It rains.:true] map[]
	// map[It rains.:Йде дощ.]
}
