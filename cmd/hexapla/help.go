package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
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

// addLists adds to the descriptions of the named commands the lists that they end with.
// To make them takes longer than all else before a command begins, so they are made
// where somebody reads them: names are the arguments of the program.
func addLists(app *cli.App, names ...string) {
	for _, c := range app.Commands {
		if !slices.Contains(names, c.Name) {
			continue
		}
		var list strings.Builder // takes everything
		switch c.Name {
		case "checks":
			list.WriteString("The ids are:\n\n")
			_ = listDiagnostics(&list, checks.AllDiagnostics())
		case "config":
			_ = printConfig(&list, configSections())
		default:
			continue
		}
		end := strings.TrimSpace(list.String()) + "\n\n" + exit.Help
		if !strings.HasSuffix(c.Description, end) {
			c.Description = strings.TrimSuffix(c.Description, exit.Help) + end
		}
	}
}
