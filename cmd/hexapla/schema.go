package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/archive"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/filecheck"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/queue"
	"hexapla/cmd/internal/schema"
	"hexapla/glossary"
	"hexapla/locales/catalog/preview"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
	"hexapla/pipeline/segment"
	"hexapla/pipeline/site/corrections"
)

// jsonOutputs has a value of the type that each command prints with --json. A command that
// prints one of several forms has a name for each, with what chooses it.
func jsonOutputs() map[string]any {
	return map[string]any{
		"accept":              decision[pipeline.MinorEdit]{},
		"adopt":               decision[pipeline.Adopted]{},
		"align":               archive.AlignResult{},
		"approve":             decision[pipeline.Reviewed]{},
		"build":               publish.Summary{},
		"catalog check":       report.Report{},
		"catalog show":        []preview.Row{},
		"catalog stats":       []report.Completeness{},
		"check":               report.Report{},
		"check --fix":         decision[pipeline.Fix]{},
		"check --fix FILE":    filecheck.Fixes{},
		"checks":              []diag.Rule{},
		"config":              []configSection{},
		"consistency":         []quality.Inconsistency{},
		"corrections":         []corrections.Entry{},
		"deploy":              deployReport{},
		"exchange validate":   []diag.Diagnostic{},
		"export":              exportReport{},
		"glossary check":      []diag.Diagnostic{},
		"glossary extract":    []glossary.Candidate{},
		"glossary impact":     impactReport{},
		"glossary mark":       []bitext.TermMark{},
		"hooks":               []hookJSON{},
		"hooks --try":         triedText{},
		"hooks estimate":      []hook.Estimate{},
		"hooks languages":     []languagesJSON{},
		"hooks quota":         []quotaJSON{},
		"hooks test":          []testJSON{},
		"import":              []importSummary{},
		"jobs":                []queue.Job{},
		"jobs show":           queue.Job{},
		"locale":              []console.LocaleFacts{},
		"memory copy":         copyReport{},
		"memory edit":         addReport{},
		"memory history":      []memory.BatchInfo{},
		"memory history TEXT": []versionReport{},
		"memory import":       addReport{},
		"memory rebuild":      repairReport{},
		"memory recover":      repairReport{},
		"memory search":       []foundTranslation{},
		"memory stats":        memory.Stats{},
		"memory verify":       []diag.Diagnostic{},
		"note add":            memory.Note{},
		"note list":           []memory.NoteThread{},
		"note reply":          memory.Note{},
		"note resolve":        memory.Note{},
		"segment test":        []segment.Result{},
		"site check":          report.Report{},
		"split":               console.SegmentRow{},
		"split --explain":     console.PlacedDecision{},
		"status":              status{},
		"submit":              submitted{},
		"submit --wait":       queue.Job{},
		"version":             versionInfo{},
	}
}

// outputSchema returns the schema of what a command prints, false for one that prints no
// JSON. A closed schema allows no member that it does not describe.
func outputSchema(name string, closed bool) ([]byte, bool) {
	v, ok := jsonOutputs()[name]
	if !ok {
		// Each kind of job prints the same, and a group does what its "list" does.
		if group, kind, found := strings.Cut(name, " "); found && (kind == "list" || group == "submit") {
			v, ok = jsonOutputs()[group]
		}
		if !ok {
			return nil, false
		}
	}
	version := console.JSONVersion
	if name == "status" {
		version = statusVersion
	}
	return schema.Output(name, v, version, closed), true
}

func schemaCommand() *cli.Command {
	var names strings.Builder
	for _, name := range slices.Sorted(maps.Keys(jsonOutputs())) {
		names.WriteString("  " + name + "\n")
	}
	return &cli.Command{
		Name:      "schema",
		Usage:     "describe the JSON output of a command, or hexapla.toml, in JSON Schema",
		ArgsUsage: "[COMMAND ...]",
		Description: `Prints the schema of what a command writes with --json (draft 2020-12). Every output is
an object with a "version", which grows when a member changes its meaning or goes; new
members may come at any time. A list is the member "items". Commands that work on
several files or units print such an object for each. Without COMMAND it prints the
schema of hexapla.toml (draft 7), for the completion of editors: name the file in the
first line of the configuration, as in  #:schema hexapla.schema.json

Example:  hexapla schema catalog stats

Outputs:
` + strings.TrimRight(names.String(), "\n"),
		Action: func(c *cli.Context) error {
			return runSchema(newEnvironment(c), c.Args().Slice())
		},
	}
}

func runSchema(e *environment, command []string) error {
	name := strings.Join(command, " ")
	if name == "" || name == "hexapla.toml" {
		_, err := e.Out.Write(schema.Config())
		return err
	}
	data, ok := outputSchema(name, false)
	if !ok {
		known := slices.Sorted(maps.Keys(jsonOutputs()))
		if near := diag.Nearest(name, known); near != "" {
			return exit.Usagef("no JSON output is named %q: did you mean %q?", name, near)
		}
		return exit.Usagef("no JSON output is named %q: there are %s", name, strings.Join(known, ", "))
	}
	_, err := fmt.Fprint(e.Out, string(data))
	return err
}
