package quality

import (
	"hexapla/glossary"
	"hexapla/pipeline/diag"
)

// termFindings is what the glossary says of one segment, for the three checks
// that share it.
type termFindings []glossary.Finding

func findTerms(locale string, s *segment) termFindings {
	if len(s.target.Terms) == 0 {
		return nil
	}
	return glossary.Check(locale, s.target.Terms, s.target.Text.Chars)
}

func terms(s *segment, r *report) {
	for _, f := range s.findings {
		if f.Kind == glossary.Missing {
			mk := s.target.Terms[f.Mark]
			r.addFinding("", "%q is %q in the glossary, which the translation does not have", diag.Arg("source", mk.Source), diag.Arg("term", f.Term))
		}
	}
}

func keep(s *segment, r *report) {
	for _, f := range s.findings {
		if f.Kind == glossary.NotKept {
			r.addFinding("the glossary has it as do-not-translate", "%q is not in the translation as it is", diag.Arg("term", f.Term))
		}
	}
}

func forbidden(s *segment, r *report) {
	for _, f := range s.findings {
		if f.Kind == glossary.ForbiddenUsed {
			mk, hint := s.target.Terms[f.Mark], ""
			if len(mk.Targets) > 0 {
				hint = "the term is " + mk.Targets[0]
			}
			r.addFinding(hint, "%q is not to be used for %q", diag.Arg("text", s.target.Text.Chars[f.Start:f.End]), diag.Arg("source", mk.Source))
		}
	}
}
