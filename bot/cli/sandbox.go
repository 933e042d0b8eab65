package cli

import (
	"errors"
	"log/slog"

	"resetpin/bot/ownpage"
)

type sandboxCommand struct {
	Data   string `help:"Keep the database in this folder instead of a temporary one." type:"path" placeholder:"DIR"`
	Listen string `help:"Where the page listens." default:"127.0.0.1:8090"`
}

// Validate refuses an address that other machines reach, as wrong usage.
func (s sandboxCommand) Validate() error { return ownpage.Loopback(s.Listen) }

// Run runs the sandbox.
func (s sandboxCommand) Run(c *call) error {
	if c.programs.Sandbox == nil {
		return UsageError{errors.New("this program was built for production, without the pretend world; to see that: " + c.trial())}
	}
	log := slog.New(slog.NewTextHandler(c.env.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return c.programs.Sandbox(c.ctx, SandboxOptions{Data: s.Data, Listen: s.Listen, Out: c.env.Stdout, Log: log})
}

// trial is the command that shows the bot with nothing configured. What is
// built for production has no pretend world: there it is the source's.
func (c *call) trial() string {
	if c.programs.Sandbox == nil {
		return "go run . sandbox (in the folder of its source)"
	}
	return "resetpin sandbox"
}
