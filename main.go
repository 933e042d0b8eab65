// Command resetpin leads Indonesian civil servants to a new PIN of their BSrE
// digital signature, on Telegram and Mattermost.
package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"resetpin/bot/app"
	"resetpin/bot/cli"
	"resetpin/bot/play"
	"resetpin/bot/settings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Environ: os.Environ(), Dotenv: ".env", Terminal: term.IsTerminal(int(os.Stderr.Fd())), Now: time.Now,
		Operator: cli.OperatorName(os.Getenv), Setenv: os.Setenv,
		Keyboard: term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stderr.Fd())),
	}, cli.Programs{Serve: serve, Sandbox: play.Sandbox(), Check: check, SendMail: app.SendTestMail, BSrELogin: app.BSrELogin, MattermostSetup: app.MattermostSetup})
	stop()
	os.Exit(code)
}

// serve runs the bot until it is stopped.
func serve(ctx context.Context, s settings.Settings, log *slog.Logger) error {
	bot, err := app.Build(ctx, s, app.Options{Logger: log})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // it was stopped while it waited for the database
	}
	if err != nil {
		return err
	}
	return bot.Run(ctx)
}

// check is the doctor.
func check(ctx context.Context, s settings.Settings, dotenv string, environ []string, out io.Writer) error {
	return app.Check(ctx, s, app.Surroundings{Dotenv: dotenv, Environ: environ}, out)
}
