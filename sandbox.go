//go:build !nosandbox

package main

import (
	"context"

	"resetpin/bot/cli"
	"resetpin/bot/sandbox"
)

// play gives what runs the sandbox until it is stopped.
func play() func(context.Context, cli.SandboxOptions) error {
	return func(ctx context.Context, o cli.SandboxOptions) error {
		return sandbox.Run(ctx, sandbox.Options{DataDir: o.Data, Listen: o.Listen, Stdout: o.Out, Logger: o.Log})
	}
}
