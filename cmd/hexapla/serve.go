package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/user"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/web"
	"hexapla/cmd/internal/workspace"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "serve the review page, where editors and translators work in the browser",
		Description: `Prints an address to open. The page has the board of all editions, each article side by
side with its translation and a preview, and what belongs to it: matches, terms, checks,
comments, history, approval, message catalogs, the glossary. It needs no JavaScript, and
asks no other server. What is saved goes into the memory by name, by the same decisions
as 'import' takes.

On a loopback address, who has the printed address may use the page. Any other address is
refused without --users. Passwords go over the network: use --cert and --key, or a proxy
with TLS in front and --url. A proxy that knows its users can name them in a header.
/healthz is 200 as long as the memory answers.

Examples:
  hexapla serve
  hexapla serve add-user --users users.toml --role translator --locale uk olena
  hexapla serve --users users.toml --listen 0.0.0.0:8443 --cert cert.pem --key key.pem
  hexapla serve --users users.toml --proxy-header X-Remote-User --trust-proxy 127.0.0.1/32 --url https://review.example`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Usage: "`HOST:PORT`; port 0 for any that is free", Value: "127.0.0.1:8080"},
			&cli.StringFlag{Name: "url", Usage: "the `URL` that people use, if a proxy is in front"},
			&cli.StringFlag{Name: "users", Usage: "`FILE` of users and roles"},
			&cli.StringFlag{Name: "proxy-header", Usage: "`HEADER` in which a trusted proxy names the user"},
			&cli.StringSliceFlag{Name: "trust-proxy", Usage: "`ADDRESS` or prefix of a proxy whose header counts; may be given again"},
			&cli.StringFlag{Name: "cert", Usage: "`FILE` with the certificate for TLS"},
			&cli.StringFlag{Name: "key", Usage: "`FILE` with its key"},
			&cli.BoolFlag{Name: "no-engines", Usage: "let nobody ask the engines of the project"},
			authorFlag(),
		},
		Subcommands: []*cli.Command{addUserCommand()},
		Action: func(c *cli.Context) error {
			o := web.Options{
				Listen: c.String("listen"), URL: c.String("url"), Author: c.String("author"), UsersFile: c.String("users"),
				ProxyHeader: c.String("proxy-header"), CertFile: c.String("cert"), KeyFile: c.String("key"),
				Workspace: workspace.Options{Engines: !c.Bool("no-engines")},
			}
			if (o.CertFile == "") != (o.KeyFile == "") {
				return exit.Usagef("serve: --cert and --key belong together")
			}
			for _, text := range c.StringSlice("trust-proxy") {
				prefix, err := parsePrefix(text)
				if err != nil {
					return exit.Usagef("--trust-proxy: %w", err)
				}
				o.TrustedProxies = append(o.TrustedProxies, prefix)
			}
			return runServe(c.Context, newEnvironment(c), o)
		},
	}
}

// parsePrefix reads an address, or a prefix of addresses.
func parsePrefix(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

func runServe(ctx context.Context, e *environment, o web.Options) error {
	folder, err := e.projectFolder()
	if err != nil {
		return err
	}
	o.Folder, o.Language = folder, e.Locale
	o.Workspace.Allow = e.Allow
	if o.Author == "" {
		o.Author = "editor"
		if u, err := user.Current(); err == nil && u.Username != "" {
			o.Author = u.Username
		}
	}
	o.Log = func(format string, args ...any) {
		fmt.Fprintln(e.Err, e.Visible(fmt.Sprintf(format, args...)))
	}
	s, err := web.New(ctx, o)
	if err != nil {
		return err
	}
	if err := s.NoEngines(); err != nil {
		fmt.Fprintln(e.Err, e.Text("ServeNoEngines", console.Args{"Error": err.Error()}))
	}
	if err := e.Println(e.Text("ServeAddress", console.Args{"Address": s.Address()})); err != nil {
		return err
	}
	return s.Serve(ctx)
}

func addUserCommand() *cli.Command {
	return &cli.Command{
		Name:      "add-user",
		Usage:     "add a user to a file, or change one",
		ArgsUsage: "NAME",
		Description: `Reads the password from the terminal, or from the first line of standard input. Only its
hash is written (Argon2id).

Example:  hexapla serve add-user --users users.toml --role reviewer --locale ru --locale uk olena`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "users", Usage: "`FILE` of users; created if there is none"},
			&cli.StringFlag{Name: "role", Usage: "`ROLE`: translator, reviewer or editor", Value: string(web.Translator)},
			&cli.StringSliceFlag{Name: "locale", Aliases: []string{"l"}, Usage: "a `LOCALE` that the user may change; none for all; may be given again"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 || c.String("users") == "" {
				return exit.Usagef("serve add-user: --users FILE and one NAME are required")
			}
			return runAddUser(newEnvironment(c), c.String("users"), web.User{Name: c.Args().First(), Role: web.Role(c.String("role")), Locales: c.StringSlice("locale")})
		},
	}
}

func runAddUser(e *environment, file string, u web.User) error {
	password, err := e.readPassword()
	if err != nil {
		return err
	}
	if err := web.AddUser(file, u, password); err != nil {
		return err
	}
	return e.Println(e.Text("ServeUserAdded", console.Args{"Name": u.Name, "File": file}))
}

// readPassword reads a password from the terminal without showing it, or else the first
// line of the input.
func (e *environment) readPassword() (string, error) {
	if in, ok := e.In.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(e.Err, e.Text("ServePassword")+" ")
		data, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(e.Err)
		return string(data), err
	}
	line, err := bufio.NewReader(io.LimitReader(e.In, 10_000)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
