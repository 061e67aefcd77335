package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:        "version",
		Usage:       "print the version, the revision, its date, and the Go it was built with",
		Description: "Example:  hexapla version --json",
		Flags:       []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			return runVersion(newEnvironment(c), c.Bool("json"))
		},
	}
}

func runVersion(e *environment, json bool) error {
	v := buildVersion()
	if json {
		return e.JSONLine(v)
	}
	details := v.Revision
	if v.Date != "" {
		details += ", " + v.Date
	}
	return e.Println(fmt.Sprintf("hexapla %s (%s, %s)", v.Version, details, v.Go))
}

// versionInfo describes the build of the program.
type versionInfo struct {
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Date     string `json:"date,omitempty"` // of the revision, RFC 3339
	Go       string `json:"go"`
}

// The linker sets these in a release (.ci/release): what it builds has no other trace
// of the repository, so that two builds are the same bytes.
var releaseVersion, releaseRevision, releaseDate string

// buildVersion returns what the Go linker recorded of the build.
func buildVersion() versionInfo {
	v := versionInfo{Version: "development", Revision: "revision unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if m := info.Main.Version; m != "" && m != "(devel)" {
		v.Version = m
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.time":
			v.Date = s.Value
		}
	}
	if releaseVersion != "" {
		v.Version, v.Revision, v.Date = releaseVersion, releaseRevision, releaseDate
	}
	return v
}
