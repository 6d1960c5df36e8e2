// Command pinhuo is the whole of pinhuo in one binary: the server, the replay of
// recorded freight, the auditor and the administration of accounts.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"pinhuo/api"
)

// commit is set by the linker.
var commit = "unknown"

// streams is where a command talks to whoever started it.
type streams struct {
	out, err io.Writer
}

// commands are the subcommands; each is a file of its own.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Replay  replayCommand  `cmd:"" help:"Run recorded loads and trips through the exchange and report."`
	Sample  sampleCommand  `cmd:"" help:"Make up a day of loads and trips between towns, for a replay."`
	Solve   solveCommand   `cmd:"" help:"Find the best set of loads for every trip of an instance."`
	Roads   roadsCommand   `cmd:"" help:"Make road files and ask them."`
	Audit   auditCommand   `cmd:"" help:"Check every promise in a database."`
	Explain explainCommand `cmd:"" help:"Tell the whole story of a load."`
	Admin   adminCommand   `cmd:"" help:"Make markets, organizations, users, tokens and backups."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the OpenAPI document of the HTTP API."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// exit is an error that only carries an exit code: what is wrong has been said.
type exit int

// Error says nothing that the command has not said.
func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), streams{os.Stdout, os.Stderr}))
}

// run is main without the process: it returns the exit code, 2 for a command
// line that makes no sense.
func run(ctx context.Context, args, environ []string, io streams) int {
	var cli commands
	code := -1
	parser, err := kong.New(&cli,
		kong.Name("pinhuo"),
		kong.Description("拼货 pinhuo: small loads and part-empty trucks find each other."),
		kong.Writers(io.out, io.err),
		kong.NamedMapper("path", kong.MapperFunc(path)),
		kong.DefaultEnvars("PINHUO"), // every flag without a variable of its own
		kong.Exit(func(c int) { code = c }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(io),
	)
	if err != nil {
		fmt.Fprintln(io.err, "pinhuo:", err)
		return 2
	}
	if name := unknownSetting(parser.Model, environ); name != "" {
		fmt.Fprintf(io.err, "pinhuo: environment variable %s is not a setting of pinhuo; see `pinhuo serve --help`\n", name)
		return 2
	}
	if len(args) == 0 {
		fmt.Fprintln(io.err, "pinhuo: what is it to do? `pinhuo --help` lists the commands; `pinhuo serve --demo` is a market to look around in")
		return 2
	}
	parsed, err := parser.Parse(args)
	if code >= 0 {
		return code
	}
	if err != nil {
		fmt.Fprintln(io.err, "pinhuo:", err)
		return 2
	}
	return report(parsed.Run(), io.err)
}

// report turns a command's error into an exit code and says it once.
func report(err error, to io.Writer) int {
	var said exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &said):
		return int(said)
	}
	fmt.Fprintln(to, "pinhuo:", api.Say(err))
	return 1
}

// unknownSetting names the first PINHUO_ variable of the environment that no
// flag reads; PINHUO_TEST variables belong to the tests.
func unknownSetting(model *kong.Application, environ []string) string {
	known := map[string]bool{}
	collect(model.Node, known)
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "PINHUO_") && !strings.HasPrefix(name, "PINHUO_TEST") && !known[name] {
			return name
		}
	}
	return ""
}

func collect(node *kong.Node, known map[string]bool) {
	for _, flag := range node.Flags {
		for _, env := range flag.Envs {
			known[env] = true
		}
	}
	for _, child := range node.Children {
		collect(child, known)
	}
}
