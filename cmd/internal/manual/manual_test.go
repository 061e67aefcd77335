package manual

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

func testApp() *cli.App {
	return &cli.App{
		Name: "prog", Usage: "do things", UsageText: "prog COMMAND", Description: "First line\nsecond.\n\n  an example",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "quiet", Usage: "print less"}},
		Commands: []*cli.Command{
			{Name: "build", Usage: "make it", ArgsUsage: "[FILE ...]", Description: ".dot first\n\\back", Flags: []cli.Flag{
				&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only this `LOCALE`", EnvVars: []string{"PROG_LOCALE"}},
			}},
			{Name: "memory", Usage: "keep it", Subcommands: []*cli.Command{{Name: "undo", Usage: "take it back", Description: "Undoes."}}},
			{Name: "secret", Hidden: true},
		},
	}
}

func TestPages(t *testing.T) {
	pages := Pages(testApp(), "v1", "2026-01-01")
	var names []string
	text := map[string]string{}
	for _, p := range pages {
		names = append(names, p.Name)
		text[p.Name] = p.Text
	}
	if got := strings.Join(names, " "); got != "prog prog-build prog-memory" {
		t.Fatalf("pages %s", got)
	}
	for _, tt := range []struct{ page, want string }{
		{"prog", ".TH \"PROG\" 1 \"2026-01-01\" \"v1\""},
		{"prog", "\\fBprog\\-build\\fR(1)\nmake it\n"},
		{"prog", ".nf\n  an example\n.fi\n"},
		{"prog-build", "\\&.dot first\n\\eback\n"},
		{"prog-build", "\\fB\\-\\-locale\\fR \\fILOCALE\\fR, \\fB\\-l\\fR \\fILOCALE\\fR\nonly this LOCALE [$PROG_LOCALE]\n"},
		{"prog-build", "prog build [FLAG ...] [FILE ...]\n"},
		{"prog-memory", ".SH PROG MEMORY UNDO\n"},
	} {
		if !strings.Contains(text[tt.page], tt.want) {
			t.Errorf("%s has no %q:\n%s", tt.page, tt.want, text[tt.page])
		}
	}
}

// TestGroff holds that groff finds nothing to warn of.
func TestGroff(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	for _, p := range Pages(testApp(), "v1", "2026-01-01") {
		cmd := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z")
		cmd.Stdin = strings.NewReader(p.Text)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", p.Name, err, out)
		}
	}
}
