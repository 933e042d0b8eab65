//go:build nosandbox

package main

import (
	"context"

	"resetpin/bot/cli"
)

// play gives nothing: releases hold no pretend world, whose certificate
// authority and false BSrE have no place where the real ones are.
func play() func(context.Context, cli.SandboxOptions) error { return nil }
