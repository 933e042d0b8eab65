package mattermost

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"resetpin/bot/mattermost/server"
	"slices"
	"strings"
	"sync"
	"time"
)

// teamsLife is how long the bot's teams are remembered.
const teamsLife = time.Minute

// commandToken is a slash command's token, and the id of the team that it is
// for; without one it counts while the bot is in one team only.
type commandToken struct {
	team string
	sum  [sha256.Size]byte
}

// readTokens reads tokens of the form TEAM_ID:TOKEN, or bare ones.
func readTokens(list []string) []commandToken {
	var out []commandToken
	for _, entry := range list {
		team, token, ok := strings.Cut(strings.TrimSpace(entry), ":")
		if !ok {
			team, token = "", team
		}
		if token != "" {
			out = append(out, commandToken{team: team, sum: sha256.Sum256([]byte(token))})
		}
	}
	return out
}

// knowsToken tells whether a token is one of the team's commands. It compares
// with every token in constant time.
func (a *Adapter) knowsToken(ctx context.Context, team, token string) bool {
	sum := sha256.Sum256([]byte(token))
	ofTeam, bare := 0, 0
	for _, t := range a.tokens {
		same := subtle.ConstantTimeCompare(sum[:], t.sum[:])
		if t.team == "" {
			bare |= same
		} else {
			ofTeam |= same & subtle.ConstantTimeCompare([]byte(t.team), []byte(team))
		}
	}
	if ofTeam == 1 {
		return true
	}
	return bare == 1 && slices.Equal(a.teams.get(ctx, a), []string{team})
}

// teams remembers which teams the bot is in, by id.
type teams struct {
	mu  sync.Mutex
	ids []string
	at  time.Time
}

// get gives the bot's teams; none while the server does not tell.
func (t *teams) get(ctx context.Context, a *Adapter) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ids != nil && a.c.Now().Sub(t.at).Abs() < teamsLife {
		return t.ids
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.c.Timing.Answer/2)
	defer cancel()
	all, r, err := a.api.GetTeamsForUser(ctx, "me", "")
	if err != nil {
		a.c.Logger.Warn("mattermost: the bot's teams could not be asked for", "error", server.Explain("list the bot's teams", r, err))
		return nil
	}
	t.ids, t.at = []string{}, a.c.Now()
	for _, one := range all {
		if one.DeleteAt == 0 {
			t.ids = append(t.ids, one.Id)
		}
	}
	return t.ids
}
