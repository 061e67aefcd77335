package usage

import (
	"regexp"
	"sync"
)

// lazy returns a function that compiles a regular expression at its first call: most
// commands start and end without it.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
