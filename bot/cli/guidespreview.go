package cli

import (
	"resetpin/bot/ownpage"
	"resetpin/bot/preview"
)

type guidesPreview struct {
	Listen string `help:"Where the page listens; this machine only." default:"127.0.0.1:0"`
	Dir    string `arg:"" optional:"" help:"The guides' folder, laid upon the built-in ones; without it these." type:"existingdir"`
}

// Validate refuses an address that other machines reach, as wrong usage.
func (g guidesPreview) Validate() error { return ownpage.Loopback(g.Listen) }

// Run shows the guides until it is stopped.
func (g guidesPreview) Run(c *call) error {
	return preview.Run(c.ctx, preview.Options{Dir: g.Dir, Listen: g.Listen, Out: c.env.Stdout})
}
