//go:build nosandbox

// Package play leaves the sandbox out of the program.
package play

import (
	"context"

	"resetpin/bot/cli"
)

// Sandbox gives nothing: releases hold no pretend world, whose certificate
// authority and false BSrE have no place where the real ones are.
func Sandbox() func(context.Context, cli.SandboxOptions) error { return nil }
