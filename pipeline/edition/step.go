package edition

import "strings"

// Step is what to do next about an edition. Code is one of the constants below,
// Command what to type for it, empty if there is nothing to do. Accept is the command
// for an article whose change does not touch the translation.
type Step struct {
	Code    string `json:"code"`
	Command string `json:"command,omitempty"`
	Accept  string `json:"accept,omitempty"`
}

// The codes of steps.
const (
	StepNone      = ""
	StepBuild     = "build"     // the edition is ready, and not built yet
	StepTranslate = "translate" // text is missing
	StepUpdate    = "update"    // the article changed, and an earlier page stays
	StepCorrect   = "correct"   // findings of severity error
	StepReview    = "review"    // raw machine translation
	StepAdopt     = "adopt"     // the page was changed by hand
	StepWait      = "wait"      // nothing: it is ready, and its time comes, or that of others
)

// NextStep returns what to do about an edition of an article, by its status and the
// reasons for which it is not published. Of a published one it returns none; whether
// it is built only the output folder knows.
func NextStep(status Status, reasons []Reason, article, locale string) Step {
	code := StepNone
	switch status {
	case Unfinished:
		code = StepTranslate
	case Machine:
		code = StepReview
	case Edited:
		code = StepAdopt
	case Withheld, Outdated:
		code = StepTranslate
		if status == Outdated {
			code = StepUpdate
		}
		for i, r := range reasons {
			switch r.Code {
			case ReasonErrors, ReasonDate:
				code = StepCorrect
			case ReasonScheduled, ReasonExpired, ReasonTogether:
				if i == 0 {
					code = StepWait
				}
			}
		}
	}
	return NewStep(code, article, locale)
}

// NewStep returns the step of a code for editions of an article. For StepAdopt
// article is the path of the page.
func NewStep(code, article string, locales ...string) Step {
	s := Step{Code: code}
	args := " --locale " + strings.Join(locales, " --locale ") + " " + quote(article)
	switch code {
	case StepBuild:
		s.Command = "hexapla build" + args
	case StepUpdate:
		s.Accept = "hexapla accept" + args
		fallthrough
	case StepTranslate, StepReview:
		s.Command = "hexapla export" + args
	case StepCorrect:
		s.Command = "hexapla check" + args
	case StepAdopt:
		s.Command = "hexapla adopt " + quote(article)
	}
	return s
}

// String returns the step as a clause in English, with its command.
func (s Step) String() string {
	text := ""
	switch s.Code {
	case StepBuild:
		text = "build the edition"
	case StepTranslate, StepUpdate:
		text = "translate the missing text"
	case StepCorrect:
		text = "correct what the checks found"
	case StepReview:
		text = "have the machine translation reviewed"
	case StepWait:
		text = "wait"
	case StepAdopt:
		text = "take the changes of the page into the memory"
	}
	if s.Command == "" {
		return text
	}
	text += ": " + s.Command
	if s.Accept != "" {
		text += "; if the change does not touch the translation: " + s.Accept
	}
	return text
}

// quote returns a path as one word of a shell command (POSIX.1-2017, XCU 2.2).
func quote(path string) string {
	safe := func(r rune) bool {
		return r >= 0x80 || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("./_-+:@%,=", r)
	}
	if path != "" && path[0] != '-' && !strings.ContainsFunc(path, func(r rune) bool { return !safe(r) }) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
