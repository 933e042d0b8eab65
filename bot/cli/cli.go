// Package cli is the command line.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"resetpin/bot"
	"resetpin/bot/build"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
	"resetpin/handlers"
	"resetpin/store"
)

// Exit codes.
const (
	ExitDone   = 0
	ExitFailed = 1
	ExitUsage  = 2 // wrong usage or configuration
)

// Env is the world around a command.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Environ        []string // NAME=value lines
	Dotenv         string   // the file .env; --env-file names another
	Terminal       bool     // somebody watches Stderr
	Keyboard       bool     // and types at Stdin
	Now            func() time.Time
	Setenv         func(name, value string) error // of this process
	Operator       string                         // the operating system's user, for the audit trail
	NewID          func() string                  // of the command, for the audit trail; nil: random
}

// newID gives the id under which the command does what it does.
func (e Env) newID() string {
	if e.NewID == nil {
		return bot.NewID()
	}
	return e.NewID()
}

// Programs are the commands that need the whole bot; the others are here.
type Programs struct {
	Serve     func(ctx context.Context, s settings.Settings, log *slog.Logger) error
	Sandbox   func(ctx context.Context, o SandboxOptions) error // nil: built without it
	Check     func(ctx context.Context, s settings.Settings, dotenv string, environ []string, out io.Writer) error
	SendMail  func(ctx context.Context, s settings.Settings, to string, out io.Writer) error
	BSrELogin func(ctx context.Context, s settings.Settings, db *store.Store, in io.Reader, out io.Writer) error

	MattermostSetup func(ctx context.Context, s settings.Settings, o setup.Options) (setup.Result, error)
}

// SandboxOptions are the sandbox's flags.
type SandboxOptions struct {
	Data   string // folder of the database; empty: a temporary one
	Listen string
	Out    io.Writer
	Log    *slog.Logger
}

// UsageError is an error that wants exit code 2.
type UsageError struct{ Err error }

// Error gives the cause's text.
func (u UsageError) Error() string { return u.Err.Error() }

// Unwrap gives the cause.
func (u UsageError) Unwrap() error { return u.Err }

// commands is the grammar of the command line.
type commands struct {
	Serve      serveCommand      `cmd:"" default:"1" help:"Connect every configured platform and work until stopped."`
	Sandbox    sandboxCommand    `cmd:"" help:"The whole system on this machine, with nothing configured: prints the address of a page with a pretend world around the real bot."`
	Check      checkCommand      `cmd:"" help:"Try every configured outside system, and say what is wrong and how to mend it."`
	Employees  employeesCommand  `cmd:"" help:"The employee directory."`
	Links      linksCommand      `cmd:"" help:"Links between chat accounts and employees."`
	Audit      auditCommand      `cmd:"" help:"The audit trail."`
	Report     reportCommand     `cmd:"" help:"For who answers for the service: people, resets and their success, guides, tickets, beside as long a time before."`
	Guides     guidesCommand     `cmd:"" help:"The guides that employees are walked through."`
	BSrE       bsreCommand       `cmd:"" name:"bsre" help:"BSrE's portal."`
	Mattermost mattermostCommand `cmd:"" help:"The Mattermost server."`
	Backup     backupCommand     `cmd:"" help:"Copy the SQLite database while the bot runs."`
	Restore    restoreCommand    `cmd:"" help:"Put a backup in the place of the SQLite database, while the bot is stopped."`
	Move       moveCommand       `cmd:"" help:"Copy everything from the SQLite database into an empty PostgreSQL one, while the bot is stopped."`
	Health     healthCommand     `cmd:"" help:"Tell whether the bot that runs on this machine with the same settings is ready; for containers."`
	Completion completionCommand `cmd:"" help:"Print what lets a shell complete the command line."`
	Man        manCommand        `cmd:"" hidden:"" help:"Print the manual page."`

	Directory kong.ChangeDirFlag `short:"C" placeholder:"DIR" help:"Work in this folder, as if the command were given there: .env and files that are named are looked for in it."`
	EnvFile   string             `placeholder:"FILE" help:"Read the settings from this file instead of .env; it must be there."`
	Version   kong.VersionFlag   `help:"Print the version."`
}

// call is what a command's Run is given.
type call struct {
	ctx      context.Context //nolint:containedctx // kong hands values to Run methods by type
	env      Env
	programs Programs
}

// Run runs a command line and gives the exit code.
func Run(ctx context.Context, args []string, env Env, programs Programs) int {
	var grammar commands
	exit := -1
	parser, err := kong.New(&grammar, kong.Name("resetpin"),
		kong.Description("Leads Indonesian civil servants to a new PIN of their BSrE digital signature, on Telegram and Mattermost."),
		kong.Writers(env.Stdout, env.Stderr), kong.Exit(func(code int) { exit = code }), kong.UsageOnError(),
		kong.Vars{"version": build.Read().String()}, kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return fail(env, err)
	}
	if complete(parser, env) {
		return ExitDone
	}
	k, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help or --version did its work
	}
	if err != nil {
		return fail(env, UsageError{fmt.Errorf("%w; see %s --help", err, meant(err))})
	}
	if grammar.EnvFile != "" {
		if env.Dotenv, err = filepath.Abs(grammar.EnvFile); err != nil {
			return fail(env, err)
		}
		if _, err := os.Stat(env.Dotenv); err != nil {
			return fail(env, UsageError{fmt.Errorf("--env-file: %w", err)})
		}
	}
	return fail(env, k.Run(&call{ctx: bot.WithID(ctx, env.newID()), env: env, programs: programs}, parser))
}

// meant is the command that a wrong command line was for, as far as it can be
// told.
func meant(err error) string {
	var wrong *kong.ParseError
	if !errors.As(err, &wrong) || wrong.Context == nil {
		return "resetpin"
	}
	words := []string{"resetpin"}
	for _, p := range wrong.Context.Path {
		if p.Command != nil && slices.Contains(wrong.Context.Args, p.Command.Name) { // not the one that stands for none
			words = append(words, p.Command.Name)
		}
	}
	return strings.Join(words, " ")
}

// fail writes an error in lines that say what to do, and gives the exit code.
func fail(env Env, err error) int {
	if err == nil {
		return ExitDone
	}
	for line := range strings.SplitSeq(strings.TrimSpace(err.Error()), "\n") {
		_, _ = fmt.Fprintln(env.Stderr, "resetpin:", line) // nobody is left to tell
	}
	var usage UsageError
	var wrong settings.Wrong
	if errors.As(err, &usage) || errors.As(err, &wrong) || errors.Is(err, store.ErrWrongKey) || errors.Is(err, store.ErrNetworkDisk) || errors.Is(err, store.ErrPooled) {
		return ExitUsage
	}
	return ExitFailed
}

// settings reads the configuration.
func (c *call) settings() (settings.Settings, error) {
	s, err := settings.Load(c.env.Environ, c.env.Dotenv)
	if err != nil {
		return s, UsageError{err}
	}
	if all := handlers.Languages(); !slices.Contains(all, s.DefaultLanguage) {
		return s, UsageError{fmt.Errorf("DEFAULT_LANGUAGE: want %s", strings.Join(all, " or "))}
	}
	file := filepath.Base(c.env.Dotenv)
	for _, t := range settings.Mistyped(c.env.Environ, c.env.Dotenv) {
		c.logger(s).Warn("a name is no setting: "+t.String(), "name", t.Name)
	}
	for _, d := range settings.Doubts(c.env.Dotenv) {
		c.logger(s).Warn(file+", "+d.String(), "name", d.Name, "line", d.Line)
	}
	return s, s.ExportProxy(c.env.Setenv)
}

// logger writes to standard error as the settings say.
func (c *call) logger(s settings.Settings) *slog.Logger {
	o := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(c.env.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(c.env.Stderr, o))
}

// withStore opens the configured database for a command.
func (c *call) withStore(f func(*store.Store) error) error {
	url, o, err := c.database()
	if err != nil {
		return err
	}
	db, err := store.Open(c.ctx, url, o)
	if err != nil {
		return err
	}
	return errors.Join(f(db), c.close(db))
}

// closeBound is how long a command waits for the database to take what is
// queued.
const closeBound = 30 * time.Second

// close closes a database, also when the command was told to end.
func (c *call) close(db *store.Store) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), closeBound)
	defer cancel()
	return db.Close(ctx)
}

// database gives the configured database's address, and how it is opened.
func (c *call) database() (url string, o store.Options, err error) {
	s, err := c.settings()
	if err != nil {
		return "", o, err
	}
	key, err := s.Key()
	if err != nil {
		return "", o, UsageError{err}
	}
	return s.DatabaseURL.Reveal(), store.Options{Key: key, Logger: c.logger(s), Now: c.env.Now, IDs: store.IDs{Of: bot.ID, With: bot.WithID}}, nil
}

type serveCommand struct{}

// Run runs the bot.
func (serveCommand) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.NeedServe(); err != nil {
		return UsageError{fmt.Errorf("%w\nto try the bot with nothing configured: %s", err, c.trial())}
	}
	return c.programs.Serve(c.ctx, s, c.logger(s))
}

type checkCommand struct {
	SendMail string `placeholder:"ADDRESS" help:"Send one real mail to this address, too: some servers refuse a sender only after a mail's text."`
}

// Run runs the doctor.
func (k checkCommand) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	err = c.programs.Check(c.ctx, s, c.env.Dotenv, c.env.Environ, c.env.Stdout)
	if k.SendMail == "" {
		return err
	}
	return cmp.Or(c.programs.SendMail(c.ctx, s, k.SendMail, c.env.Stdout), err)
}

type bsreCommand struct {
	Login bsreLogin `cmd:"" help:"Ask for the operator's authenticator code once and keep the portal's session, encrypted."`
}

type bsreLogin struct{}

// Run logs in to the portal.
func (bsreLogin) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.NeedLogin(); err != nil {
		return UsageError{err}
	}
	return c.withStore(func(db *store.Store) error {
		return c.programs.BSrELogin(c.ctx, s, db, c.env.Stdin, c.env.Stdout)
	})
}
