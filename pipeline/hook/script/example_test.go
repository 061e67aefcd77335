package script_test

import (
	"context"
	"fmt"

	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/script"
)

func Example() {
	texts, err := script.New(script.Options{}).Translate(context.Background(), hook.Job{Source: "sr", Target: "sr-Latn", Texts: []string{"Љубав и мир"}})
	fmt.Println(texts, err)
	_, err = script.New(script.Options{}).Translate(context.Background(), hook.Job{Source: "sr", Target: "ru", Texts: []string{"Љубав и мир"}})
	fmt.Println(err)
	// Output:
	// [Ljubav i mir] <nil>
	// language pair not served: sr to ru
}
