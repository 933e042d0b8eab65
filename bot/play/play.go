//go:build !nosandbox

// Package play has the sandbox in the program, or leaves it out of releases.
package play

import (
	"context"

	"resetpin/bot/cli"
	"resetpin/bot/sandbox"
)

// Sandbox gives what runs the sandbox until it is stopped.
func Sandbox() func(context.Context, cli.SandboxOptions) error {
	return func(ctx context.Context, o cli.SandboxOptions) error {
		return sandbox.Run(ctx, sandbox.Options{DataDir: o.Data, Listen: o.Listen, Stdout: o.Out, Logger: o.Log})
	}
}
