// Command jingwei is the grid map of a county: import, draw, verify, serve. This package wires the rooms
// together and prints what they report; one file a command.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// globals are the flags that every command takes.
type globals struct {
	DataDir     string `help:"Where the program keeps its own database cluster (default: /var/lib/jingwei as root, otherwise ~/.local/share/jingwei)." placeholder:"DIR"`
	DatabaseURL string `help:"Use this PostgreSQL database instead of a cluster of the program's own." env:"DATABASE_URL" placeholder:"URL"`
	KeysFile    string `help:"The keys that personal data is sealed with (default: keys in the data directory; JINGWEI_KEYS in the environment goes before it). Back it up apart from the database." placeholder:"FILE"`
	JSON        bool   `help:"Print the result as JSON on standard output, messages on standard error."`
	Verbose     bool   `short:"v" help:"Log what happens, with details."`
}

type commands struct {
	globals

	Import    importCommand    `cmd:"" help:"Bring divisions or ground into the database."`
	Export    exportCommand    `cmd:"" help:"Write a version of a layout to a file: grids, blocks, lineage, block assignment, maps, a comparison."`
	Draw      drawCommand      `cmd:"" help:"Draw grids: of a division in the database, or from a file of blocks to a file of grids."`
	Split     splitCommand     `cmd:"" help:"Split one live grid into several, and publish."`
	Merge     mergeCommand     `cmd:"" help:"Merge live grids into one, or cut their ground afresh into another number, and publish."`
	Rebalance rebalanceCommand `cmd:"" help:"Even out live grids among themselves with few people moved, and publish."`
	Micro     microCommand     `cmd:"" help:"Cut live grids into micro-grids of 30 to 50 households, of whole entrances and buildings."`

	Locate  locateCommand  `cmd:"" help:"Say of every point of a CSV file which grid it lies in."`
	Account accountCommand `cmd:"" help:"Look after accounts, roles, tokens and keys."`
	Rule    ruleCommand    `cmd:"" help:"Show or set what a county asks for before a draft of grids is published."`
	Verify  verifyCommand  `cmd:"" help:"Prove the invariants of what is live, independently of the code that keeps them; or, with --audit, that the audit trail is whole."`
	Audit   auditCommand   `cmd:"" help:"Look after the audit trail."`
	Serve   serveCommand   `cmd:"" help:"Serve the map."`
	Demo    demoCommand    `cmd:"" help:"Make an invented town, draw its grids and serve the map."`
	City    cityCommand    `cmd:"" help:"Write an invented town as import files."`

	Responder responderCommand `cmd:"" help:"Look after those who handle what happens: who they are and which grid they work in."`

	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it parses args, runs the command and gives the exit status. 1 is a
// failure that the message explains, 2 a command line that makes no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("jingwei"),
		kong.Description("经纬 Jingwei: the grid map of a county (网格图)."),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(plainText{stderr}, "jingwei: 命令行有误：%v（用法见 jingwei --help）\njingwei: the command line makes no sense: %v (see jingwei --help)\n", err, err)
		return 2
	}
	s := &console{globals: c.globals, stdout: stdout, stderr: stderr, terminal: isTerminal(stderr)}
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.Bind(s)
	if err := parsed.Run(); err != nil {
		s.fail(err)
		return 1
	}
	return 0
}

// console is what a command works with: the global flags and where to write.
type console struct {
	globals
	stdout, stderr io.Writer
	terminal       bool // stderr is a terminal: progress may be drawn over
}

// errFailed ends a command whose report said already what is wrong.
var errFailed = errors.New("failed")

func (s *console) logger() *slog.Logger {
	level := slog.LevelWarn
	if s.Verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(s.stderr, &slog.HandlerOptions{Level: level}))
}

// open opens the database, its schema brought up to date. The caller closes it.
func (s *console) open(ctx context.Context) (*postgres.DB, error) { return s.openAs(ctx, false) }

// openExisting is open for commands that have nothing to do in an empty database: a directory without one is a typing error.
func (s *console) openExisting(ctx context.Context) (*postgres.DB, error) { return s.openAs(ctx, true) }

func (s *console) openAs(ctx context.Context, existing bool) (*postgres.DB, error) {
	db, err := postgres.Open(ctx, postgres.Config{URL: s.DatabaseURL, DataDir: s.DataDir, Existing: existing, Logger: s.logger()})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// fail prints an error for a person, in both languages, or as JSON.
func (s *console) fail(err error) {
	if errors.Is(err, errFailed) {
		return
	}
	var f *fault.Error
	switch {
	case s.JSON && errors.As(err, &f):
		_ = json.NewEncoder(s.stderr).Encode(map[string]string{"code": string(f.Code), "zh": f.ZH, "en": f.EN})
	case s.JSON:
		_ = json.NewEncoder(s.stderr).Encode(map[string]string{"code": string(fault.Internal), "en": err.Error()})
	case errors.As(err, &f):
		fmt.Fprintf(plainText{s.stderr}, "jingwei: %s\njingwei: %s\n", f.ZH, f.EN)
		if f.Err != nil && s.Verbose {
			fmt.Fprintf(s.stderr, "  because: %v\n", f.Err)
		}
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.stderr, "jingwei: stopped / 已中止")
	default:
		fmt.Fprintf(s.stderr, "jingwei: %v\n", err)
	}
}

// result prints what a command found: v as JSON with --json, the text otherwise.
func (s *console) result(v any, text func(io.Writer)) error {
	if s.JSON {
		enc := json.NewEncoder(s.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	text(plainText{s.stdout})
	return nil
}

type migrateCommand struct{}

func (c *migrateCommand) Run(ctx context.Context, s *console) error {
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	db.Close()
	return s.result(map[string]bool{"migrated": true}, func(w io.Writer) {
		fmt.Fprintln(w, "the schema is up to date / 数据库结构已是最新")
	})
}

type versionCommand struct{}

func (c *versionCommand) Run(s *console) error {
	return s.result(map[string]string{"version": version()}, func(w io.Writer) { fmt.Fprintln(w, "jingwei", version()) })
}

// version is the module's version as the build recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}
