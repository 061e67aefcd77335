// Package guide has a page for each role: what somebody does with the program, in
// order, with commands that a test runs.
package guide

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed *.md
var pages embed.FS

// Roles are the names of the pages.
func Roles() []string { return []string{"translator", "editor", "ci", "developer"} }

// Page returns the page of a role, as Markdown.
func Page(role string) (string, error) {
	data, err := pages.ReadFile(role + ".md")
	if err != nil {
		return "", fmt.Errorf("no guide for %q: must be one of %s", role, strings.Join(Roles(), ", "))
	}
	return string(data), nil
}
