package config_test

import (
	"fmt"

	"hexapla/pipeline/config"
)

func ExampleParse() {
	_, err := config.Parse("hexapla.toml", []byte("[project]\nlocales = [\"ru\", \"fa_af\"]\n\n[memory]\npath = \"../memory.db\"\n"))
	fmt.Println(err)
	// Output: hexapla.toml:5:8: memory.path: "../memory.db" leaves the project's folder ('hexapla help config' lists the keys)
}
