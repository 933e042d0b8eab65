package cli

import (
	"errors"
	"fmt"
	"strings"
)

type mattermostCommand struct {
	Setup mattermostSetup `cmd:"" help:"Make a Mattermost server ready: the bot's account, its teams, and the slash commands. A second run changes nothing."`
}

type mattermostSetup struct {
	AdminToken string   `required:"" placeholder:"T" help:"A system administrator's access token; - reads it from standard input. It is used now and kept nowhere."`
	Team       []string `placeholder:"NAME" help:"Only these teams; a team's name is the part after the server in its address."`
	NewToken   bool     `help:"Make a new token for the bot's account."`
}

// MattermostOptions are the set-up's flags.
type MattermostOptions struct {
	AdminToken string
	Teams      []string
	NewToken   bool
}

// MattermostResult is what a set-up found and did.
type MattermostResult struct {
	Settings []string // NAME=value lines for .env
	Done     []string
	Trouble  []string // what keeps the bot from working until somebody mends it
	Advice   []string // what would be nicer
}

// Run sets the server up and prints what to keep.
func (m *mattermostSetup) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	var missing []string
	if s.MattermostURL == "" {
		missing = append(missing, "MATTERMOST_URL")
	}
	if s.PublicURL == "" {
		missing = append(missing, "PUBLIC_URL")
	}
	if len(missing) > 0 {
		return UsageError{fmt.Errorf("set %s first", strings.Join(missing, " and "))}
	}
	if m.AdminToken == "-" {
		if _, err := fmt.Fscan(c.env.Stdin, &m.AdminToken); err != nil {
			return UsageError{errors.New("--admin-token -: no token came on standard input")}
		}
	}
	r, err := c.programs.MattermostSetup(c.ctx, s, MattermostOptions{AdminToken: m.AdminToken, Teams: m.Team, NewToken: m.NewToken})
	return errors.Join(c.tell(r), err)
}

// tell prints a set-up's result. What is to be kept stands alone on standard
// output, so that it can be appended to .env.
func (c *call) tell(r MattermostResult) error {
	var b strings.Builder
	for _, line := range r.Done {
		fmt.Fprintf(&b, "%s\n", line)
	}
	if len(r.Done) == 0 && len(r.Settings) > 0 {
		b.WriteString("nothing had to be changed\n")
	}
	for _, line := range r.Advice {
		fmt.Fprintf(&b, "advice  %s\n", line)
	}
	for _, line := range r.Trouble {
		fmt.Fprintf(&b, "TO DO   %s\n", line)
	}
	if len(r.Settings) > 0 {
		b.WriteString("put this into .env:\n")
	}
	if _, err := fmt.Fprint(c.env.Stderr, b.String()); err != nil {
		return err
	}
	for _, line := range r.Settings {
		if _, err := fmt.Fprintln(c.env.Stdout, line); err != nil {
			return err
		}
	}
	if len(r.Trouble) > 0 {
		return errors.New("the server does not allow everything yet: see above")
	}
	return nil
}
