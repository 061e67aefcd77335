package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// fingerprint returns a name of a finding that stays the same when lines move, and
// when texts that its message quotes change: its id, file, locale, unit and segment;
// n distinguishes findings that have all of these in common.
func fingerprint(d diag.Diagnostic, n int) string {
	return digest(d.ID, d.Place.Path, d.Place.Locale, d.Place.Unit, d.Place.Segment, strconv.Itoa(n))
}

// wordFingerprint is fingerprint as baselines of version 1 have it, with the message.
func wordFingerprint(d diag.Diagnostic, n int) string {
	return digest(d.ID, d.Place.Path, d.Place.Locale, d.Place.Unit, d.Place.Segment, d.Message, strconv.Itoa(n))
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// fingerprints returns one for each diagnostic, no two alike.
func fingerprints(ds []diag.Diagnostic, fingerprint func(diag.Diagnostic, int) string) []string {
	seen := map[string]int{}
	out := make([]string, len(ds))
	for i, d := range ds {
		base := fingerprint(d, 0)
		out[i] = fingerprint(d, seen[base])
		seen[base]++
	}
	return out
}

// JUnit writes a test suite per locale with a test case per kind of finding, whose
// errors are failures, and one for what the policy fails the run for. CI systems
// show it as test results. It keeps to the strict schema of Jenkins' xUnit plugin
// (junit-10.xsd), which knows no attribute for a file: the places are in the text.
func (r *Report) JUnit(w io.Writer) error {
	type failure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	type testCase struct {
		Name    string   `xml:"name,attr"`
		Class   string   `xml:"classname,attr"`
		Failure *failure `xml:"failure"`
		Out     string   `xml:"system-out,omitempty"`
	}
	type suite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"` // required; a run with errors has no report
		Cases    []testCase `xml:"testcase"`
	}
	type suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Suites   []suite  `xml:"testsuite"`
	}
	all := suites{Name: cmp.Or(r.Title, r.Tool)}
	names := map[string]bool{}
	for _, c := range r.Locales {
		names[c.Locale] = true
	}
	for _, d := range r.Diagnostics {
		names[d.Place.Locale] = true
	}
	for _, locale := range sortedKeys(names) {
		s := suite{Name: cmp.Or(locale, "project")}
		byID := map[string][]diag.Diagnostic{}
		for _, d := range r.Diagnostics {
			if d.Place.Locale == locale {
				byID[d.ID] = append(byID[d.ID], d)
			}
		}
		ids := map[string]bool{}
		for _, rule := range r.Rules {
			ids[rule.ID] = true
		}
		for id := range byID {
			ids[id] = true
		}
		for _, id := range sortedKeys(ids) {
			tc := testCase{Name: id, Class: s.Name}
			var lines []string
			worst, failed := diag.Info, 0
			for _, d := range byID[id] {
				lines = append(lines, d.Severity.String()+": "+Visible(d.Error()))
				for _, e := range excerptsOf(d) {
					lines = append(lines, "    "+e.String())
				}
				worst = max(worst, d.Severity)
				if d.Severity == diag.Error {
					failed++
				}
			}
			text := xmlText(strings.Join(lines, "\n"))
			if failed > 0 {
				tc.Failure = &failure{Message: fmt.Sprintf("%d × %s", failed, id), Type: worst.String(), Text: text}
				s.Failures++
			} else {
				tc.Out = text
			}
			s.Cases = append(s.Cases, tc)
		}
		s.Tests = len(s.Cases)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Suites = append(all.Suites, s)
	}
	// Shares and limits fail a run, too.
	policy := suite{Name: "policy", Tests: 1, Cases: []testCase{{Name: "policy", Class: "policy"}}}
	if len(r.Failures) > 0 {
		policy.Failures = 1
		policy.Cases[0].Failure = &failure{Message: xmlText(r.Failures[0]), Type: "policy", Text: xmlText(strings.Join(r.Failures, "\n"))}
	}
	all.Tests += policy.Tests
	all.Failures += policy.Failures
	all.Suites = append(all.Suites, policy)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlText leaves out what XML 1.0 cannot say.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError || r&0xfffe == 0xfffe {
			return '?'
		}
		return r
	}, s)
}

func sortedKeys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Limits of GitHub: results of a SARIF run that are kept, annotations of one
// severity in a step.
const (
	maxSARIF       = 25000
	maxAnnotations = 10
)

// GitHub writes workflow commands, which become annotations on the lines of a
// pull request, and one that says why the run fails. GitHub shows ten of a
// severity in a step; where there are more, the last one says how many were left
// out.
func (r *Report) GitHub(w io.Writer) error {
	var b strings.Builder
	if len(r.Failures) > 0 {
		// One annotation says why the run fails, whatever else there is no room for.
		fmt.Fprintf(&b, "::error title=%s::%s\n", property.Replace(r.Tool), data.Replace(Visible(strings.Join(r.Failures, "; "))))
	}
	for _, severity := range []diag.Severity{diag.Error, diag.Warning, diag.Info} {
		var ds []diag.Diagnostic
		for _, d := range r.Diagnostics {
			if d.Severity == severity {
				ds = append(ds, d)
			}
		}
		command := map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "notice"}[severity]
		most := maxAnnotations
		if severity == diag.Error && len(r.Failures) > 0 {
			most--
		}
		show := len(ds)
		if show > most {
			show = most - 1
		}
		for _, d := range ds[:show] {
			var props []string
			prop := func(k, v string) {
				if v != "" && v != "0" {
					lines := strings.Split(v, "\n") // which GitHub's escapes have a place for
					for i, line := range lines {
						lines[i] = Visible(line)
					}
					props = append(props, k+"="+property.Replace(strings.Join(lines, "\n")))
				}
			}
			prop("file", d.Place.Path)
			prop("line", strconv.Itoa(d.Place.Line))
			prop("endLine", strconv.Itoa(d.Place.EndLine))
			prop("col", strconv.Itoa(d.Place.Column))
			if d.Place.EndLine <= d.Place.Line {
				prop("endColumn", strconv.Itoa(d.Place.EndColumn)) // GitHub refuses columns of several lines
			}
			title := d.ID
			if d.Place.Locale != "" {
				title += " " + d.Place.Locale
			}
			prop("title", title)
			unit := d.Place
			unit.Locale = ""
			text := subject(unit) + d.Message
			if d.Hint != "" {
				text += " (" + d.Hint + ")"
			}
			text = Visible(text)
			for _, e := range excerptsOf(d) {
				text += "\n" + e.String()
			}
			fmt.Fprintf(&b, "::%s %s::%s\n", command, strings.Join(props, ","), data.Replace(text))
		}
		if show < len(ds) {
			fmt.Fprintf(&b, "::%s title=%s::%d more of this severity\n", command, property.Replace(r.Tool), len(ds)-show)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Escapes of GitHub's workflow commands.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// GitLab writes a code quality report.
func (r *Report) GitLab(w io.Writer) error {
	type lines struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		Check       string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	out := []issue{}
	prints := fingerprints(r.Diagnostics, fingerprint)
	for i, d := range r.Diagnostics {
		everything := d.Place
		everything.Path = ""
		text := Visible(subject(everything) + d.Message)
		for _, e := range excerptsOf(d) {
			text += "\n" + e.String()
		}
		out = append(out, issue{text, d.ID, prints[i], map[diag.Severity]string{diag.Error: "major", diag.Warning: "minor", diag.Info: "info"}[d.Severity],
			location{cmp.Or(d.Place.Path, "."), lines{max(d.Place.Line, 1)}}})
	}
	return writeJSON(w, out)
}

// SARIF writes a log of version 2.1.0 (OASIS). The values of a finding's message are
// in the property bag of its result (section 3.8). Findings beyond what GitHub
// takes in one run are counted in a notification.
func (r *Report) SARIF(w io.Writer) error {
	type text struct {
		Text string `json:"text"`
	}
	type config struct {
		Level string `json:"level"`
	}
	type rule struct {
		ID      string `json:"id"`
		Short   text   `json:"shortDescription"`
		Default config `json:"defaultConfiguration"`
	}
	type driver struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
		Rules   []rule `json:"rules"`
	}
	type artifact struct {
		URI string `json:"uri"`
	}
	type region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	type physical struct {
		Artifact artifact `json:"artifactLocation"`
		Region   *region  `json:"region,omitempty"`
	}
	type logical struct {
		Name string `json:"fullyQualifiedName"`
	}
	type location struct {
		Physical *physical `json:"physicalLocation,omitempty"`
		Logical  []logical `json:"logicalLocations,omitempty"`
		Message  *text     `json:"message,omitempty"`
	}
	type properties struct {
		Args map[string]any `json:"args"`
	}
	type result struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      text              `json:"message"`
		Locations    []location        `json:"locations,omitempty"`
		Related      []location        `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Properties   *properties       `json:"properties,omitempty"`
	}
	type notification struct {
		Level   string `json:"level"`
		Message text   `json:"message"`
	}
	type invocation struct {
		Successful    bool           `json:"executionSuccessful"`
		Notifications []notification `json:"toolExecutionNotifications,omitempty"`
	}
	type run struct {
		Tool struct {
			Driver driver `json:"driver"`
		} `json:"tool"`
		ColumnKind  string       `json:"columnKind"`
		Invocations []invocation `json:"invocations"`
		Results     []result     `json:"results"`
	}
	level := func(s diag.Severity) string {
		return map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "note"}[s]
	}
	var one run
	one.ColumnKind = "unicodeCodePoints"
	one.Results = []result{}
	one.Tool.Driver = driver{Name: r.Tool, Version: r.Version, Rules: []rule{}}
	index := map[string]int{}
	declare := func(id, title string, s diag.Severity) {
		if _, ok := index[id]; !ok {
			index[id] = len(one.Tool.Driver.Rules)
			one.Tool.Driver.Rules = append(one.Tool.Driver.Rules, rule{id, text{cmp.Or(title, id)}, config{level(s)}})
		}
	}
	for _, rule := range r.Rules {
		declare(rule.ID, rule.Description, rule.Severity)
	}
	locate := func(p diag.Place) (loc location) {
		if p.Path != "" {
			loc.Physical = &physical{Artifact: artifact{uri(p.Path)}}
			if p.Line > 0 {
				loc.Physical.Region = &region{p.Line, p.Column, p.EndLine, p.EndColumn}
			}
		}
		if name := strings.Trim(p.Locale+"/"+p.Unit, "/"); name != "" {
			loc.Logical = []logical{{Visible(name)}}
		}
		return loc
	}
	prints := fingerprints(r.Diagnostics, fingerprint)
	for i, d := range r.Diagnostics[:min(len(r.Diagnostics), maxSARIF)] {
		declare(d.ID, "", d.Severity)
		message := subject(d.Place) + d.Message
		if d.Hint != "" {
			message += " (" + d.Hint + ")"
		}
		loc := locate(d.Place)
		res := result{RuleID: d.ID, RuleIndex: index[d.ID], Level: level(d.Severity), Message: text{Visible(message)}, Fingerprints: map[string]string{"hexapla/v2": prints[i]}}
		if len(d.Args) > 0 {
			res.Properties = &properties{d.Args}
		}
		if loc.Physical != nil || loc.Logical != nil {
			res.Locations = []location{loc}
		}
		for _, r := range d.Related {
			other := locate(r.Place)
			other.Message = &text{Visible(r.Message)}
			res.Related = append(res.Related, other)
		}
		one.Results = append(one.Results, res)
	}
	one.Invocations = []invocation{{Successful: true}}
	if n := len(r.Diagnostics) - maxSARIF; n > 0 {
		one.Invocations[0].Notifications = []notification{{"warning", text{fmt.Sprintf("%d more findings were left out", n)}}}
	}
	return writeJSON(w, struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []run{one}})
}

// uri escapes a relative path (RFC 3986).
func uri(path string) string {
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/@!$&'()*+,;=", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
