package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
	"github.com/willabides/kongplete"

	"resetpin/bot/build"
	"resetpin/bot/settings"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints what the shell is told: to ask the program itself, which gets
// the line so far in COMP_LINE. Where the program tells nothing, files are
// meant.
func (k completionCommand) Run(c *call) error {
	script := "complete -o default -C resetpin resetpin\n"
	switch k.Shell {
	case "zsh":
		script = "#compdef resetpin\nautoload -U +X bashcompinit && bashcompinit\n" + script
	case "fish":
		script = "complete -c resetpin -a '(COMP_LINE=(commandline -cp) COMP_POINT= resetpin)'\n"
	}
	_, err := fmt.Fprint(c.env.Stdout, script)
	return err
}

// complete answers a shell that asks what may follow, and tells whether one
// did.
func complete(parser *kong.Kong, env Env) bool {
	for _, line := range env.Environ {
		if strings.HasPrefix(line, "COMP_LINE=") {
			kongplete.Complete(parser)
			return true
		}
	}
	return false
}

type manCommand struct{}

// Run prints the manual page, in the form that man reads.
func (manCommand) Run(c *call, app *kong.Kong) error {
	page := mangokong.NewManPage(1, app.Model).
		WithSection("Settings", "From the environment, and from .env in the folder it works in; the environment wins.\n\n"+settingsText()).
		WithSection("Exit codes", "0 done, 1 failed, 2 wrong usage or configuration")
	_, err := fmt.Fprint(c.env.Stdout, page.Build(dated{roff.NewDocument(), c.builtAt()}))
	return err
}

// dated is a manual page of the day on which the program was made, so that
// the same source makes the same page.
type dated struct {
	*roff.Document
	at time.Time
}

// Heading begins the page.
func (d dated) Heading(section uint, title, _ string, _ time.Time) {
	d.Document.Heading(section, title, "User Commands", d.at) // a description is too long for a page's head
}

// settingsText lists the settings, a paragraph each.
func settingsText() string {
	var b strings.Builder
	for _, d := range settings.List() {
		fmt.Fprintf(&b, "%s: %s", d.Name, d.Meaning)
		if d.Default != "" {
			fmt.Fprintf(&b, " (default %s)", d.Default)
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

// builtAt is the time of the program's source, or now.
func (c *call) builtAt() time.Time {
	if at := build.Read().At; !at.IsZero() {
		return at
	}
	return c.now()
}
