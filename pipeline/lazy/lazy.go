// Package lazy makes values of packages at their first use: a command starts without
// what it does not need.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp returns a function that compiles a regular expression at its first call and
// returns the same one ever after. The function may be called by several goroutines
// at once. It panics at each call if the expression is not valid.
func Regexp(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
