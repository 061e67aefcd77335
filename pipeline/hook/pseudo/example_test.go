package pseudo_test

import (
	"context"
	"fmt"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/pseudo"
)

func Example() {
	texts, err := pseudo.New(pseudo.Options{}).Translate(context.Background(), hook.Job{Source: "en", Target: "en-XA", Texts: []string{"Read <1>more</1>"}})
	fmt.Println(texts, err)
	// Output:
	// [⟦Ŕéåð <1>ɱöŕé</1> öñé⟧] <nil>
}
