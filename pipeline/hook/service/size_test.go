package service

import "testing"

// An account that is used up is not a request that is too large: it must stop the build,
// not have each text asked for alone.
func TestIsTooLarge(t *testing.T) {
	for answer, want := range map[string]bool{
		`400: {"error":"Invalid request: request (9000) exceeds text limit (5000)"}`:             true,
		`400: {"error":{"code":400077,"message":"The maximum request size has been exceeded."}}`: true,
		`400: Text is too long`:                               true,
		`400: the request exceeds the available context size`: true,
		`400: This model's maximum context length is 4096 tokens. However, you requested 5000 tokens`: true,
		`400: too many texts`:                           true,
		`400: Rate exceeded`:                            false,
		`400: Daily limit exceeded`:                     false,
		`400: You exceeded your current quota`:          false,
		`422: too many requests`:                        false,
		`400: The characters of your plan are exceeded`: false,
		`400: no such language`:                         false,
	} {
		if got := isTooLarge(answer); got != want {
			t.Errorf("%s: %v", answer, got)
		}
	}
}
