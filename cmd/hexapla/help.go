package main

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// commandGroups returns all commands. Each has the name of its group, under which the
// help lists it; the library sorts the groups by name.
func commandGroups() []*cli.Command {
	return slices.Concat(
		group("Articles and editions", initCommand(), buildCommand(), statusCommand(), serveCommand(), checkCommand(), consistencyCommand(), correctionsCommand(), siteCommand(), splitCommand(), segmentCommand()),
		group("Files for translators", exportCommand(), importCommand(), exchangeCommand(), noteCommand()),
		group("Message catalogs", catalogCommand()),
		group("Translation memory and glossary", acceptCommand(), adoptCommand(), approveCommand(), alignCommand(), memoryCommand(), glossaryCommand()),
		group("Many machines", workCommand(), submitCommand(), jobsCommand(), deployCommand()),
		group("Use and setup", hooksCommand(), trustCommand(), configCommand(), schemaCommand(), checksCommand(), localeCommand(), guideCommand(), completionCommand(), manCommand(), licensesCommand(), versionCommand()),
	)
}

func group(name string, commands ...*cli.Command) []*cli.Command {
	for _, c := range commands {
		c.Category = name
	}
	return commands
}

// printed returns what print writes, for a description.
func printed(print func(io.Writer) error) string {
	var b strings.Builder
	_ = print(&b) // a strings.Builder takes everything
	return strings.TrimSpace(b.String())
}
