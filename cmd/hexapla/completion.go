package main

import (
	"fmt"
	"io"

	"hexapla/cmd/internal/exit"

	"github.com/urfave/cli/v2"
)

// The scripts ask the program itself for what may come next: urfave/cli answers
// to --generate-bash-completion.
const (
	bashCompletion = `_hexapla() {
	local cur=${COMP_WORDS[COMP_CWORD]}
	local words=("${COMP_WORDS[@]:0:COMP_CWORD}")
	[[ $cur == -* ]] && words+=("$cur")
	COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$cur"))
}
complete -o bashdefault -o default -F _hexapla hexapla
`
	zshCompletion = `#compdef hexapla
_hexapla() {
	local -a found
	found=("${(@f)$(_CLI_ZSH_AUTOCOMPLETE_HACK=1 ${words[1,CURRENT-1]} --generate-bash-completion 2>/dev/null)}")
	if [[ -n ${found[1]} ]]; then _describe 'values' found; else _files; fi
}
compdef _hexapla hexapla
`
	powershellCompletion = `Register-ArgumentCompleter -Native -CommandName hexapla, hexapla.exe -ScriptBlock {
	param($wordToComplete, $commandAst, $cursorPosition)
	$words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
	$rest = @($words | Select-Object -Skip 1)
	if ($wordToComplete.StartsWith('-')) { $rest += $wordToComplete }
	& $words[0] @rest --generate-bash-completion 2>$null |
		Where-Object { $_ -like "$wordToComplete*" } |
		ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`
	// fishValues follows what the library makes for fish: values of flags and arguments.
	fishValues = `function __hexapla_values
	set -l words (commandline -opc)
	$words --generate-bash-completion 2>/dev/null
end
complete -c hexapla -n 'not __fish_seen_subcommand_from help' -a '(__hexapla_values)'
`
)

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a script that completes commands, flags and values in a shell",
		ArgsUsage: "bash|zsh|fish|powershell",
		Description: `Examples, for the shell's start-up file:
  source <(hexapla completion bash)
  source <(hexapla completion zsh)
  hexapla completion fish | source
  hexapla completion powershell | Out-String | Invoke-Expression`,
		Action: func(c *cli.Context) error {
			return runCompletion(newEnvironment(c), c.Args().First(), c.App.ToFishCompletion)
		},
	}
}

// runCompletion prints the script for a shell. fish makes that of fish.
func runCompletion(e *environment, shell string, fish func() (string, error)) error {
	var script string
	switch shell {
	case "bash":
		script = bashCompletion
	case "zsh":
		script = zshCompletion
	case "powershell", "pwsh":
		script = powershellCompletion
	case "fish":
		var err error
		if script, err = fish(); err != nil {
			return fmt.Errorf("fish completion: %w", err)
		}
		script += fishValues
	case "":
		return exit.Usagef("completion: a shell is required: bash, zsh, fish or powershell")
	default:
		return exit.Usagef("unknown shell %q: must be bash, zsh, fish or powershell", shell)
	}
	_, err := io.WriteString(e.Out, script)
	return err
}
