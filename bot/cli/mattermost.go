package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
)

type mattermostCommand struct {
	Setup mattermostSetup `cmd:"" help:"Make a Mattermost server ready: the bot's account, its teams, and the slash commands. A second run changes nothing."`
}

type mattermostSetup struct {
	AdminToken string   `required:"" placeholder:"T" help:"A system administrator's access token; - reads it from standard input. It is used now and kept nowhere."`
	Team       []string `placeholder:"NAME" xor:"teams" help:"Make it ready in this team; more than one may be named. A team's name is the part after the server in its address."`
	AllTeams   bool     `xor:"teams" help:"Make it ready in all teams that there are now."`
	NewToken   bool     `help:"Make a new token for the bot's account."`
	Owner      string   `placeholder:"NAME" help:"Give the bot to this account: with its owner's account the server disables the bot too."`
	Write      bool     `help:"Put the settings into the file of --env-file (.env) in place, instead of printing them."`
	Announce   string   `placeholder:"TEAM/CHANNEL" help:"Let the bot present itself in this channel."`
	Text       string   `placeholder:"FILE" type:"existingfile" help:"What it says there, instead of the built-in words."`
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
	o := setup.Options{AdminToken: m.AdminToken, Teams: m.Team, AllTeams: m.AllTeams, NewToken: m.NewToken, Owner: m.Owner, Announce: m.Announce}
	if m.Text != "" {
		words, err := os.ReadFile(m.Text)
		if err != nil {
			return UsageError{fmt.Errorf("--text: %w", err)}
		}
		o.Text = string(words)
	}
	r, err := c.programs.MattermostSetup(c.ctx, s, o)
	return errors.Join(m.tell(c, r, current(s)), err)
}

// current are the settings as they stood, in the form of a set-up's.
func current(s settings.Settings) []string {
	tokens := make([]string, len(s.MattermostCommandTokens))
	for i, t := range s.MattermostCommandTokens {
		tokens[i] = t.Reveal()
	}
	return []string{"MATTERMOST_BOT_TOKEN=" + s.MattermostToken.Reveal(), "MATTERMOST_COMMAND_TOKENS=" + strings.Join(tokens, ",")}
}

// tell prints a set-up's result. What is to be kept stands alone on standard
// output, or goes into the file.
func (m *mattermostSetup) tell(c *call, r setup.Result, before []string) error {
	lines := r.Settings()
	var b strings.Builder
	for _, line := range r.Done {
		fmt.Fprintf(&b, "%s\n", line)
	}
	if len(r.Done) == 0 && len(lines) > 0 {
		b.WriteString("nothing had to be changed\n")
	}
	for _, line := range r.Advice {
		fmt.Fprintf(&b, "advice  %s\n", line)
	}
	for _, line := range r.Trouble {
		fmt.Fprintf(&b, "TO DO   %s\n", line)
	}
	if err := m.keep(c, &b, lines, before); err != nil {
		return err
	}
	if m.Announce == "" && len(r.Trouble) == 0 && r.Announcement != "" {
		fmt.Fprintf(&b, "to tell people of the bot: the same again with --announce TEAM/CHANNEL; it says there (other words: --text FILE):\n\n%s\n", strings.TrimSpace(r.Announcement))
	}
	if _, err := fmt.Fprint(c.env.Stderr, b.String()); err != nil {
		return err
	}
	if !m.Write {
		for _, line := range lines {
			if _, err := fmt.Fprintln(c.env.Stdout, line); err != nil {
				return err
			}
		}
	}
	if len(r.Trouble) > 0 {
		return errors.New("the server does not allow everything yet: see above")
	}
	return nil
}

// keep puts the settings into the file when that is wanted, and says what to do
// with them.
func (m *mattermostSetup) keep(c *call, b *strings.Builder, lines, before []string) error {
	if len(lines) == 0 {
		return nil
	}
	switch {
	case m.Write:
		if err := settings.Keep(c.env.Dotenv, lines); err != nil {
			return err
		}
		fmt.Fprintf(b, "wrote them into %s\n", c.env.Dotenv)
	default:
		fmt.Fprintf(b, "put this into %s, in the place of what stands there (--write does it):\n", c.env.Dotenv)
	}
	for _, line := range lines {
		if !slices.Contains(before, line) {
			b.WriteString("a bot that runs must be started anew: it reads its tokens when it starts\n")
			break
		}
	}
	return nil
}
