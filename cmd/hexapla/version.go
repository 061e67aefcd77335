package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version, the revision and the Go it was built with",
		Flags: []cli.Flag{jsonFlag()},
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
	return e.Println(fmt.Sprintf("hexapla %s (%s, %s)", v.Version, v.Revision, v.Go))
}

// versionInfo describes the build of the program.
type versionInfo struct {
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Go       string `json:"go"`
}

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
		if s.Key == "vcs.revision" {
			v.Revision = s.Value
		}
	}
	return v
}
