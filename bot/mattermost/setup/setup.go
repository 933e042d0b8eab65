// Package setup makes a Mattermost server ready for the bot, with a system
// administrator's token.
package setup

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"resetpin/bot/mattermost/server"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// Command is a slash command as the server is to offer it.
type Command struct {
	Trigger     string // without the slash
	DisplayName string // at most 64 bytes
	Description string // shown while typing, at most 128 bytes
	Hint        string // the words that may follow, shown while typing
}

// Options are what whoever sets a server up asks for.
type Options struct {
	AdminToken string   // a system administrator's; it is used and not kept
	Teams      []string // their names in addresses
	AllTeams   bool     // all that there are now
	NewToken   bool     // make a token although the bot's account exists
	Owner      string   // username of the account that the bot shall belong to; empty: as it is
	Announce   string   // TEAM/CHANNEL in which the bot presents itself; empty: nowhere
	Text       string   // what it says there, in Markdown; empty: the usual words
}

// Config is what Run needs.
type Config struct {
	Options

	URL         string // the server, as the bot reaches it
	PublicURL   string // how the server reaches the bot
	BotToken    string // the bot account's; empty: an account is made when there is none
	BotUsername string // of the account to make
	BotName     string // its display name
	BotAbout    string
	Commands    []Command
	ResetSites  []string       // hosts whose links the server must not open by itself
	Words       string         // the usual ones, in which the bot presents itself; Markdown
	CA          *x509.CertPool // whom to trust; nil: the system's
	HTTPClient  *http.Client   // nil: an own one

	Wrap func(http.RoundTripper) http.RoundTripper // put around the own client's way; nil: nothing
}

// Result is what Run found and did.
type Result struct {
	Bot           string   // the account's username
	BotToken      string   // a new one; empty: the given one stays good
	CommandTokens []string // TEAM_ID:TOKEN of the commands in all teams that have them, in a fixed order
	Done          []string // what was made or changed; empty: all was right before
	Trouble       []string // what the server's administrator must still allow, and how
	Advice        []string // what would be nicer
	Announcement  string   // the usual words, to present the bot with
}

// Settings gives what is to be kept, as lines NAME=value of .env.
func (r Result) Settings() []string {
	var lines []string
	if r.BotToken != "" {
		lines = append(lines, "MATTERMOST_BOT_TOKEN="+r.BotToken)
	}
	if len(r.CommandTokens) > 0 {
		lines = append(lines, "MATTERMOST_COMMAND_TOKENS="+strings.Join(r.CommandTokens, ","))
	}
	return lines
}

// callBound bounds one call.
const callBound = 20 * time.Second

// run is one run of it.
type run struct {
	c      Config
	admin  *model.Client4
	config *model.Config
	me     *model.User // the administrator
	bot    *model.User
	out    Result
}

// Run makes a server ready for the bot: the bot's account, its membership
// in the teams, and the slash commands in each, all brought up to date. What
// is right stays untouched: a second run changes nothing. The result is good
// also beside an error, as far as it came. No error holds a token.
func Run(ctx context.Context, c Config) (Result, error) {
	if err := errors.Join(server.CheckAddress("MATTERMOST_URL", c.URL), server.CheckAddress("PUBLIC_URL", c.PublicURL)); err != nil {
		return Result{Announcement: c.Words}, err
	}
	if c.HTTPClient == nil {
		transport := server.Transport(c.CA)
		defer transport.CloseIdleConnections()
		way := http.RoundTripper(transport)
		if c.Wrap != nil {
			way = c.Wrap(way)
		}
		c.HTTPClient = &http.Client{Timeout: callBound, Transport: paced{RoundTripper: way, most: 10, pause: time.Second}}
	}
	s := &run{c: c, out: Result{Announcement: c.Words}, admin: server.NewClient(c.URL, c.AdminToken, c.HTTPClient)}
	err := s.all(ctx)
	slices.Sort(s.out.CommandTokens)
	return s.out, err
}

func (s *run) all(ctx context.Context) error {
	if err := s.checkAdmin(ctx); err != nil {
		return err
	}
	if err := s.checkServer(ctx); err != nil {
		return err
	}
	teams, others, err := s.teams(ctx) // before anything is made
	if err != nil {
		return err
	}
	if err := s.account(ctx); err != nil {
		return err
	}
	if err := errors.Join(s.owner(ctx), s.face(ctx)); err != nil {
		return err
	}
	for _, t := range teams {
		if err := errors.Join(s.join(ctx, t), s.commands(ctx, t)); err != nil {
			return err
		}
	}
	var without []*model.Team
	for _, t := range others {
		before := len(s.out.CommandTokens)
		if err := s.keepTokens(ctx, t); err != nil {
			return err
		}
		if len(s.out.CommandTokens) == before {
			without = append(without, t)
		}
	}
	if len(without) > 0 {
		s.advise("teams without the bot: " + server.NamesOf(without))
	}
	return s.announce(ctx)
}

// did notes what was made or changed.
func (s *run) did(format string, args ...any) {
	s.out.Done = append(s.out.Done, fmt.Sprintf(format, args...))
}

// trouble notes what the administrator must still do.
func (s *run) trouble(format string, args ...any) {
	s.out.Trouble = append(s.out.Trouble, fmt.Sprintf(format, args...))
}

// advise notes what would be nicer.
func (s *run) advise(words string) { s.out.Advice = append(s.out.Advice, words) }

// checkAdmin makes sure that the token is a system administrator's.
func (s *run) checkAdmin(ctx context.Context) error {
	u, r, err := s.admin.GetMe(ctx, "")
	if err != nil {
		e := server.Explain("log in with the administrator's token", r, err)
		if e.Status == http.StatusUnauthorized {
			return errors.New("mattermost: the server refuses the administrator's token: it is none, it has expired, or personal access tokens were switched off again; make one under Profile > Security > Personal Access Tokens, which is there once they are allowed under System Console > Integrations > Integration Management > Enable Personal Access Tokens")
		}
		return e
	}
	if !slices.Contains(strings.Fields(u.Roles), model.SystemAdminRoleId) {
		return fmt.Errorf("mattermost: the token is @%s's, who is no system administrator; slash commands for all teams need one", u.Username)
	}
	s.me = u
	return nil
}

// teams gives the teams to work on, and the others.
func (s *run) teams(ctx context.Context) (named, others []*model.Team, err error) {
	var all []*model.Team
	for page, size := 0, 200; ; page++ {
		part, r, err := s.admin.GetAllTeams(ctx, "", page, size)
		if err != nil {
			return nil, nil, server.Explain("list the teams", r, err)
		}
		all = append(all, part...)
		if len(part) < size {
			break
		}
	}
	all = slices.DeleteFunc(all, func(t *model.Team) bool { return t.DeleteAt != 0 })
	switch {
	case len(all) == 0:
		return nil, nil, errors.New("mattermost: the server has no team yet; make one first")
	case s.c.AllTeams:
		return all, nil, nil
	case len(s.c.Teams) == 0:
		return nil, nil, fmt.Errorf("mattermost: name the teams that the bot is to serve (--team NAME, more than once), or take all (--all-teams: any user may be allowed to make a team, and who manages its commands can read their tokens); the server has %s", server.NamesOf(all))
	}
	for _, name := range s.c.Teams {
		i := slices.IndexFunc(all, func(t *model.Team) bool { return strings.EqualFold(t.Name, name) })
		if i < 0 {
			return nil, nil, fmt.Errorf("mattermost: there is no team %q; a team's name is the part after the server in its address", name)
		}
		named = append(named, all[i])
	}
	others = slices.DeleteFunc(all, func(t *model.Team) bool { return slices.Contains(named, t) })
	return named, others, nil
}
