package segment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Case is one expectation of a user's own test file: the sentences that a text
// of a language is to be cut into, white space around them aside.
type Case struct {
	Lang      string   `json:"lang"`
	Name      string   `json:"name"`
	Text      string   `json:"text"`
	Sentences []string `json:"sentences"`
}

// ParseCases reads a JSON array of cases. Fields it does not know are passed over.
func ParseCases(data []byte) ([]Case, error) {
	var cases []Case
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&cases); err != nil {
		at := dec.InputOffset()
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = syntax.Offset
		}
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			at, err = wrong.Offset, fmt.Errorf("a JSON %s has no place there; a case has lang, name, text and sentences", wrong.Value)
		}
		line := 1 + bytes.Count(data[:min(int(at), len(data))], []byte("\n"))
		return nil, fmt.Errorf("line %d: not a JSON array of segmentation cases: %w", line, err)
	}
	for i, c := range cases {
		if c.Lang == "" {
			return nil, fmt.Errorf("case %d (%q): no lang", i+1, c.Name)
		}
	}
	return cases, nil
}

// Result is the outcome of one case.
type Result struct {
	Case Case     `json:"case"`
	Got  []string `json:"got"`
	OK   bool     `json:"ok"`
}

// Test runs cases with the rules, in order.
func (r *Rules) Test(cases []Case) []Result {
	out := make([]Result, len(cases))
	for i, c := range cases {
		got := r.For(c.Lang).Sentences(c.Text)
		want := make([]string, 0, len(c.Sentences))
		for _, s := range c.Sentences {
			if s = strings.TrimSpace(s); s != "" {
				want = append(want, s)
			}
		}
		out[i] = Result{c, got, slices.Equal(got, want)}
	}
	return out
}
